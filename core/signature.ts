/**
 * The closed set of schemes by which a delivery proves where it comes from. Each has `sign` and `verify` side by side,
 * so that a test (and the sandbox) can make what the receiver must accept.
 *
 * Rules that hold for all: the raw bytes count, whole digests are compared in constant time, the form of what was sent is
 * checked first (exact length, exact alphabet, prefix where the scheme has one, exactly one value), several secrets
 * can be valid at once, and an empty secret proves nothing.
 */
import { createHmac, randomBytes, timingSafeEqual, type Hmac } from 'node:crypto';
import type { HmacScheme, Scheme } from './provider.ts';

/** One HTTP request that may carry an event, as every adapter hands it over. */
export interface Delivery {
	/** The bytes that came over the wire (after content decoding). */
	body: Uint8Array;
	/** Lower-case names. */
	headers: { readonly [name: string]: string | readonly string[] | undefined };
	query: { readonly [name: string]: unknown };
	/** Upper case. Default: POST. */
	method?: string;
	/** The URL as the service calls it, with its query string. Needed only where it is signed. */
	url?: string;
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
const BASE64_KEY = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const UNIX_SECONDS = /^[0-9]{1,12}$/;
const UNIX_MILLISECONDS = /^[0-9]{1,15}$/;
const MESSAGE_ID = /^[\x21-\x7e]{1,200}$/;

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

/** What a signer knows of a request. */
export interface ToSign {
	body: Uint8Array | string;
	secret: string;
	/** Seconds since 1970, for schemes with a time stamp. Default: now. */
	at?: number;
	/** The message's id, for schemes that sign it. Default: a new one. */
	id?: string;
	/** Default: POST. */
	method?: string;
	/** The URL that is called, for schemes that sign it. */
	url?: string;
}

/** Signs a body as the service does. */
export function sign(scheme: Scheme, input: ToSign): Signed {
	switch (scheme.kind) {
		case 'hmac':
			return { headers: signHmac(scheme, input), query: {} };
		case 'header-token':
			return { headers: { [scheme.header]: input.secret }, query: {} };
		case 'url-token':
			return { headers: {}, query: { [scheme.tokenParameter]: input.secret } };
	}
}

function signHmac(scheme: HmacScheme, { body, secret, method, url, ...input }: ToSign): Record<string, string> {
	const { header, encoding, prefix = '', separator = ',', timestamp, idHeader } = scheme;
	const headers: Record<string, string> = {};
	const seconds = input.at ?? Math.floor(Date.now() / 1000);
	const at = String(timestamp?.unit === 'milliseconds' ? Math.round(seconds * 1000) : seconds);
	const id = input.id ?? `msg_${randomBytes(12).toString('hex')}`;
	if (idHeader !== undefined) headers[idHeader] = id;
	const key = keyOf(scheme)(secret);
	if (key === undefined) throw new Error('The secret cannot be a key of this scheme.');
	const hmac = createHmac('sha256', key);
	for (const feed of feedsOf(scheme)) feed(hmac, body, { method, url }, { at, id });
	const signature = prefix + hmac.digest(encoding);
	if (timestamp !== undefined && 'header' in timestamp) headers[timestamp.header] = at;
	const stamped = timestamp !== undefined && 'entry' in timestamp;
	headers[header] = stamped ? timestamp.entry + at + separator + signature : signature;
	return headers;
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
	let check = checks.get(scheme);
	if (check === undefined) {
		check = checkOf(scheme);
		checks.set(scheme, check);
	}
	return check(delivery, secrets, now);
}

/** Whether a scheme signs the URL: an adapter then has to say it. */
export function signsUrl(scheme: Scheme): boolean {
	return scheme.kind === 'hmac' && scheme.signed !== undefined && scheme.signed.includes('url');
}

/** HMAC-SHA256 of a text with a scheme's key, as hexadecimal digits. Undefined: the secret cannot be a key. */
export function hmacOf(scheme: Scheme, secret: string, text: string): string | undefined {
	const key = scheme.kind === 'hmac' ? keyOf(scheme)(secret) : secret;
	return key === undefined ? undefined : createHmac('sha256', key).update(text).digest('hex');
}

/** Whether a text is one of the secrets, in constant time. An empty secret is none. */
export function isOneOf(text: string, secrets: readonly Secret[]): boolean {
	let known = false;
	for (const secret of secrets) if (isUsable(secret) && sameText(text, secret.value)) known = true;
	return known;
}

type Check = (delivery: Delivery, secrets: readonly Secret[], now: number) => Verification;

/** What a scheme's data comes to is worked out once: nothing but the hashing is left for each delivery. */
const checks = new WeakMap<Scheme, Check>();

function checkOf(scheme: Scheme): Check {
	const check =
		scheme.kind === 'hmac'
			? hmacCheck(scheme)
			: scheme.kind === 'header-token'
				? headerTokenCheck(scheme)
				: urlTokenCheck(scheme);
	return (delivery, secrets, now) => {
		const usable = secrets.every(isUsable) ? secrets : secrets.filter(isUsable);
		return usable.length === 0 ? refuse('secret_not_configured') : check(delivery, usable, now);
	};
}

function isUsable({ value }: Secret): boolean {
	return value.trim() !== '';
}

/** The key that a secret is. Undefined: it is none, and proves nothing. */
function keyOf({ key }: HmacScheme): (secret: string) => string | Uint8Array | undefined {
	if (key === undefined) return (secret) => secret;
	const { prefix = '' } = key;
	return (secret) => {
		const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
		return text !== '' && BASE64_KEY.test(text) ? Buffer.from(text, 'base64') : undefined;
	};
}

/** The time stamp and the message's id, as they were sent. */
interface Stamp {
	at: string;
	id: string;
}

type Feed = (hmac: Hmac, body: Uint8Array | string, request: Pick<Delivery, 'method' | 'url'>, stamp: Stamp) => void;

/** What feeds the parts of the signed content to the hash, in their order. Nothing is put together before. */
function feedsOf({ signed = ['body'] }: HmacScheme): Feed[] {
	return signed.map((part): Feed => {
		switch (part) {
			case 'body':
				return (hmac, body) => hmac.update(body);
			case 'timestamp':
				return (hmac, _body, _request, { at }) => hmac.update(at);
			case 'id':
				return (hmac, _body, _request, { id }) => hmac.update(id);
			case 'method':
				return (hmac, _body, { method = 'POST' }) => hmac.update(method);
			case 'url':
				return (hmac, _body, { url = '' }) => hmac.update(url);
			default: {
				const { text } = part;
				return (hmac) => hmac.update(text);
			}
		}
	});
}

function hmacCheck(scheme: HmacScheme): Check {
	const { header, encoding, reserialised, timestamp } = scheme;
	const read = headerReader(scheme);
	const namesUrl = signsUrl(scheme);
	const decodes = scheme.key !== undefined;
	const key = keyOf(scheme);
	const matches = matcher(scheme);
	const tolerance = timestamp?.toleranceSeconds;
	const perSecond = timestamp?.unit === 'milliseconds' ? 1000 : 1;
	const whole: Check = (delivery, secrets, now) => {
		const found = read(delivery);
		if (typeof found === 'string') return refuse(found);
		if (decodes && secrets.every(({ value }) => key(value) === undefined)) return refuse('secret_not_configured');
		if (namesUrl && delivery.url === undefined) return refuse('signature_mismatch');
		let verifiedBy = header;
		if (!matches(delivery.body, delivery, found, secrets)) {
			// Solid# and SoshiaConnect document a signature over JSON.stringify(body), so that exact text is tried too, and nothing else.
			const isTried = reserialised && delivery.body.byteLength <= MAX_RESERIALISED_BYTES;
			const again = isTried ? reserialise(delivery.body) : undefined;
			if (again === undefined || !matches(again, delivery, found, secrets)) return refuse('signature_mismatch');
			verifiedBy = `${header} (re-serialised)`;
		}
		if (tolerance !== undefined) {
			const sent = Number(found.at) / perSecond;
			if (Math.abs(now / 1000 - sent) > tolerance) return refuse('timestamp_stale');
		}
		return { ok: true, verifiedBy };
	};
	if (scheme.signed !== undefined || scheme.separator !== undefined || timestamp !== undefined || decodes) return whole;
	// One signature over the raw body, which most services have: nothing is taken apart for what is genuine.
	const digestIn = digestReader(scheme);
	return (delivery, secrets, now) => {
		const given = delivery.headers[header];
		const digest = typeof given === 'string' ? digestIn(given) : undefined;
		if (digest !== undefined) {
			for (const { value } of secrets) {
				const expected = createHmac('sha256', value).update(delivery.body).digest(encoding);
				if (sameDigest(digest, expected)) return { ok: true, verifiedBy: header };
			}
			if (!reserialised) return refuse('signature_mismatch');
		}
		return whole(delivery, secrets, now);
	};
}

type Matcher = (body: Uint8Array | string, delivery: Delivery, found: Found, secrets: readonly Secret[]) => boolean;

/** Whether one of the signatures found is that of one of the secrets. */
function matcher(scheme: HmacScheme): Matcher {
	const { encoding } = scheme;
	const [first, ...rest] = feedsOf(scheme);
	const key = keyOf(scheme);
	return (body, delivery, found, secrets) => {
		for (const { value } of secrets) {
			const made = key(value);
			if (made === undefined || first === undefined) continue;
			const hmac = createHmac('sha256', made);
			first(hmac, body, delivery, found);
			for (const feed of rest) feed(hmac, body, delivery, found);
			const expected = hmac.digest(encoding);
			for (const signature of found.signatures) if (sameDigest(signature, expected)) return true;
		}
		return false;
	};
}

/** Reads the digest in an entry of the header; undefined where its form is not right. */
function digestReader({ encoding, prefix = '' }: HmacScheme): (entry: string) => string | undefined {
	const form = encoding === 'hex' ? HEX_DIGEST : BASE64_DIGEST;
	if (prefix === '') return (entry) => (form.test(entry) ? entry : undefined);
	return (entry) => {
		if (!entry.startsWith(prefix)) return undefined;
		const digest = entry.slice(prefix.length);
		return form.test(digest) ? digest : undefined;
	};
}

/** What the headers of a delivery say: signatures whose form is right, and what was signed with the body. */
interface Found extends Stamp {
	signatures: string[];
}

/** Reads what a scheme needs from the headers. A reason: it is not there, or not in the only form that counts. */
function headerReader(scheme: HmacScheme): (delivery: Delivery) => Found | SignatureReason {
	const { header, separator, timestamp, idHeader } = scheme;
	const time = timestamp?.unit === 'milliseconds' ? UNIX_MILLISECONDS : UNIX_SECONDS;
	const entry = timestamp !== undefined && 'entry' in timestamp ? timestamp.entry : undefined;
	const timeHeader = timestamp !== undefined && 'header' in timestamp ? timestamp.header : undefined;
	const isPlain = timestamp === undefined && idHeader === undefined;
	const digestIn = digestReader(scheme);
	return ({ headers }) => {
		const given = headers[header];
		if (given === undefined || given === '') return 'signature_missing';
		if (typeof given !== 'string') return 'signature_malformed';
		const found: Found = { signatures: [], at: '', id: '' };
		let times: string[] | undefined;
		if (separator === undefined) {
			const digest = digestIn(given);
			if (digest === undefined) return 'signature_malformed';
			found.signatures.push(digest);
			if (isPlain) return found;
		} else {
			times = [];
			for (const one of given.split(separator)) {
				const digest = digestIn(one);
				if (digest !== undefined) found.signatures.push(digest);
				else if (entry !== undefined && one.startsWith(entry)) times.push(one.slice(entry.length));
			}
			if (found.signatures.length === 0) return 'signature_malformed';
		}
		if (timestamp !== undefined) {
			const at = timeHeader === undefined ? times?.[0] : headers[timeHeader];
			if (timeHeader !== undefined && (at === undefined || at === '')) return 'signature_missing';
			if (typeof at !== 'string' || (times !== undefined && times.length > 1) || !time.test(at))
				return 'signature_malformed';
			found.at = at;
		}
		if (idHeader !== undefined) {
			const id = headers[idHeader];
			if (id === undefined || id === '') return 'signature_missing';
			if (typeof id !== 'string' || !MESSAGE_ID.test(id)) return 'signature_malformed';
			found.id = id;
		}
		return found;
	};
}

function headerTokenCheck({ header }: Extract<Scheme, { kind: 'header-token' }>): Check {
	return ({ headers }, secrets) => {
		const token = headers[header];
		if (token === undefined || token === '') return refuse('token_missing');
		if (typeof token !== 'string' || !isOneOf(token, secrets)) return refuse('token_mismatch');
		return { ok: true, verifiedBy: header };
	};
}

function urlTokenCheck(scheme: Extract<Scheme, { kind: 'url-token' }>): Check {
	return ({ query }, secrets) => {
		const token = query[scheme.tokenParameter];
		const event = query[scheme.eventParameter];
		if (token === undefined || token === '') return refuse('token_missing');
		// A token proves its own event type only: who knows one URL must not be able to speak for another.
		if (typeof token !== 'string' || typeof event !== 'string') return refuse('token_mismatch');
		let known = false;
		for (const secret of secrets) {
			const speaksFor = secret.events === undefined || secret.events.includes(event);
			if (sameText(token, secret.value) && speaksFor) known = true;
		}
		return known ? { ok: true, verifiedBy: `${scheme.tokenParameter} in the URL` } : refuse('token_mismatch');
	};
}

function refuse(reason: SignatureReason): Verification {
	return { ok: false, reason };
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
