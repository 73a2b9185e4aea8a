/**
 * The closed set of schemes by which a delivery proves where it comes from. Each has `sign` and `verify` side by side,
 * so that a test (and the sandbox) can make what the receiver must accept.
 *
 * Rules that hold for all: the raw bytes count, whole digests are compared in constant time, the form of what was sent is
 * checked first (exact length, exact alphabet, prefix where the scheme has one, exactly one value), several secrets
 * can be valid at once, and an empty secret proves nothing.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Scheme } from './provider.ts';

/** One HTTP request that may carry an event, as every adapter hands it over. */
export interface Delivery {
	/** The bytes that came over the wire (after content decoding). */
	body: Uint8Array;
	/** Lower-case names. */
	headers: { readonly [name: string]: string | readonly string[] | undefined };
	query: { readonly [name: string]: unknown };
	/** The address the request came from. */
	source?: string;
}

/** A secret that may have signed a delivery. */
export interface Secret {
	value: string;
	/** It proves deliveries of these event types only (a token in a URL). Undefined: of all. */
	events?: readonly string[];
}

export type SignatureReason =
	| 'signature_missing'
	| 'signature_malformed'
	| 'signature_mismatch'
	| 'token_missing'
	| 'token_mismatch'
	| 'timestamp_stale'
	| 'secret_not_configured';

export type Verification = { ok: true; verifiedBy: string } | { ok: false; reason: SignatureReason };

/** What a signer adds to a request. */
export interface Signed {
	headers: Record<string, string>;
	query: Record<string, string>;
}

const HEX_DIGEST = /^[0-9a-f]{64}$/;
const BASE64_DIGEST = /^[A-Za-z0-9+/]{43}=$/;
/** Events are kilobytes. A stranger must not buy seconds of work with a body of megabytes that proves nothing. */
const MAX_RESERIALISED_BYTES = 64 * 1024;
const UNIX_SECONDS = /^[0-9]{1,12}$/;

/** A new secret: 32 random bytes, as 64 hexadecimal digits. */
export function newSecret(): string {
	return randomBytes(32).toString('hex');
}

/**
 * A token that is found again from the same parts: HMAC-SHA256 with `key`, as 64 hexadecimal digits.
 * The parts are length-prefixed, so that no two lists of parts give the same token.
 */
export function derivedToken(key: string, parts: readonly string[]): string {
	const hmac = createHmac('sha256', key);
	for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part};`);
	return hmac.digest('hex');
}

/**
 * Signs a body as the service does.
 * @param input `at`: seconds since 1970, for schemes with a time stamp (default: now).
 */
export function sign(scheme: Scheme, input: { body: Uint8Array | string; secret: string; at?: number }): Signed {
	switch (scheme.kind) {
		case 'hmac':
			return {
				headers: { [scheme.header]: (scheme.prefix ?? '') + digest(scheme.encoding, input.secret, input.body) },
				query: {},
			};
		case 'url-token':
			return { headers: {}, query: { [scheme.tokenParameter]: input.secret } };
		case 'stripe': {
			const at = String(input.at ?? Math.floor(Date.now() / 1000));
			return {
				headers: { [scheme.header]: `t=${at},v1=${digest('hex', input.secret, `${at}.`, input.body)}` },
				query: {},
			};
		}
	}
}

/**
 * Whether a delivery proves that it comes from someone who knows one of the secrets. Never throws.
 * @param now Milliseconds since 1970, for schemes with a time stamp.
 */
export function verify(
	scheme: Scheme,
	delivery: Delivery,
	secrets: readonly Secret[],
	now: number = Date.now(),
): Verification {
	const usable = secrets.every(isUsable) ? secrets : secrets.filter(isUsable);
	if (usable.length === 0) return refuse('secret_not_configured');
	switch (scheme.kind) {
		case 'hmac':
			return verifyHmac(scheme, delivery, usable);
		case 'url-token':
			return verifyUrlToken(scheme, delivery, usable);
		case 'stripe':
			return verifyStripe(scheme, delivery, usable, now);
	}
}

function isUsable({ value }: Secret): boolean {
	return value.trim() !== '';
}

function verifyHmac(
	scheme: Extract<Scheme, { kind: 'hmac' }>,
	delivery: Delivery,
	secrets: readonly Secret[],
): Verification {
	const given = delivery.headers[scheme.header];
	if (given === undefined || given === '') return refuse('signature_missing');
	const prefix = scheme.prefix ?? '';
	const form = scheme.encoding === 'hex' ? HEX_DIGEST : BASE64_DIGEST;
	if (typeof given !== 'string' || !given.startsWith(prefix)) return refuse('signature_malformed');
	const signature = prefix === '' ? given : given.slice(prefix.length);
	if (!form.test(signature)) return refuse('signature_malformed');
	for (const { value } of secrets) {
		if (sameDigest(signature, digest(scheme.encoding, value, delivery.body)))
			return { ok: true, verifiedBy: scheme.header };
	}
	// Solid# and SoshiaConnect document a signature over JSON.stringify(body), so that exact text is tried too, and nothing else.
	const isTried = scheme.reserialised && delivery.body.byteLength <= MAX_RESERIALISED_BYTES;
	const again = isTried ? reserialise(delivery.body) : undefined;
	if (again !== undefined) {
		for (const { value } of secrets) {
			if (sameDigest(signature, digest(scheme.encoding, value, again))) {
				return { ok: true, verifiedBy: `${scheme.header} (re-serialised)` };
			}
		}
	}
	return refuse('signature_mismatch');
}

function verifyUrlToken(
	scheme: Extract<Scheme, { kind: 'url-token' }>,
	delivery: Delivery,
	secrets: readonly Secret[],
): Verification {
	const token = delivery.query[scheme.tokenParameter];
	const event = delivery.query[scheme.eventParameter];
	if (token === undefined || token === '') return refuse('token_missing');
	// A token proves its own event type only: who knows one URL must not be able to speak for another.
	if (typeof token !== 'string' || typeof event !== 'string') return refuse('token_mismatch');
	let known = false;
	for (const secret of secrets) {
		const speaksFor = secret.events === undefined || secret.events.includes(event);
		if (sameText(token, secret.value) && speaksFor) known = true;
	}
	return known ? { ok: true, verifiedBy: `${scheme.tokenParameter} in the URL` } : refuse('token_mismatch');
}

/** Stripe's documented scheme: https://docs.stripe.com/webhooks#verify-manually */
function verifyStripe(
	scheme: Extract<Scheme, { kind: 'stripe' }>,
	delivery: Delivery,
	secrets: readonly Secret[],
	now: number,
): Verification {
	const given = delivery.headers[scheme.header];
	if (given === undefined || given === '') return refuse('signature_missing');
	if (typeof given !== 'string') return refuse('signature_malformed');
	const times: string[] = [];
	const signatures: string[] = [];
	for (const part of given.split(',')) {
		if (part.startsWith('t=')) times.push(part.slice(2));
		else if (part.startsWith('v1=')) signatures.push(part.slice(3));
	}
	const [time] = times;
	const wellFormed = signatures.filter((signature) => HEX_DIGEST.test(signature));
	if (time === undefined || times.length > 1 || !UNIX_SECONDS.test(time) || wellFormed.length === 0) {
		return refuse('signature_malformed');
	}
	let known = false;
	for (const { value } of secrets) {
		const expected = digest('hex', value, `${time}.`, delivery.body);
		for (const signature of wellFormed) if (sameDigest(signature, expected)) known = true;
	}
	if (!known) return refuse('signature_mismatch');
	if (Math.abs(now / 1000 - Number(time)) > scheme.toleranceSeconds) return refuse('timestamp_stale');
	return { ok: true, verifiedBy: scheme.header };
}

function refuse(reason: SignatureReason): Verification {
	return { ok: false, reason };
}

function digest(encoding: 'hex' | 'base64', secret: string, ...parts: ReadonlyArray<Uint8Array | string>): string {
	const hmac = createHmac('sha256', secret);
	for (const part of parts) hmac.update(part);
	return hmac.digest(encoding);
}

/** Constant time for digests as text, whose form was checked before: ASCII, and as long as each other. */
function sameDigest(given: string, expected: string): boolean {
	return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'));
}

/**
 * Constant time for texts of equal length; the length of a digest or token is no secret.
 * As UTF-16, in which no two texts are the same bytes: UTF-8 has one replacement for every half of a surrogate pair.
 */
function sameText(given: string, expected: string): boolean {
	const a = Buffer.from(given, 'utf16le');
	const b = Buffer.from(expected, 'utf16le');
	return a.length === b.length && timingSafeEqual(a, b);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `JSON.stringify` of the parsed body; undefined when the body is not JSON. */
function reserialise(body: Uint8Array): string | undefined {
	try {
		return JSON.stringify(JSON.parse(utf8.decode(body)));
	} catch {
		return undefined;
	}
}
