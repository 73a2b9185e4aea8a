/**
 * An independent opinion on whether a delivery is proved. It shares no code with `core/signature.ts`: for each secret it
 * makes the few texts that a genuine sender could have sent, with node:crypto alone, and looks whether one of them came.
 */
import { createHmac } from 'node:crypto';
import type { HmacScheme, Scheme } from '../../../core/provider.ts';

/** A delivery as the receiving side holds it. */
export interface Came {
	body: Buffer;
	/** The value under the header's name, whatever it is; undefined where there is none. */
	header: (name: string) => unknown;
	query: { readonly [name: string]: unknown };
}

export interface Key {
	value: string;
	/** The event types that a token in a URL speaks for. */
	events?: readonly string[];
}

/** Whether the delivery carries a valid proof under one of the keys. `now` in milliseconds since 1970. */
export function isProven(scheme: Scheme, came: Came, keys: readonly Key[], now: number): boolean {
	return keys.some((key) => /\S/.test(key.value) && isProvenBy(scheme, came, key, now));
}

function isProvenBy(scheme: Scheme, came: Came, key: Key, now: number): boolean {
	switch (scheme.kind) {
		case 'hmac':
			return isSigned(scheme, came, key, now);
		case 'header-token':
			return came.header(scheme.header) === key.value;
		case 'url-token': {
			const event = came.query[scheme.eventParameter];
			if (typeof event !== 'string') return false;
			return came.query[scheme.tokenParameter] === key.value && (key.events ?? [event]).some((own) => own === event);
		}
	}
}

function isSigned(scheme: HmacScheme, came: Came, key: Key, now: number): boolean {
	const { encoding, prefix = '', separator, timestamp, signed = ['body'] } = scheme;
	const value = came.header(scheme.header);
	if (typeof value !== 'string') return false;
	let time: unknown = '';
	if (timestamp !== undefined) {
		const entries = value
			.split(separator ?? ',')
			.filter((entry) => 'entry' in timestamp && entry.startsWith(timestamp.entry));
		time = 'entry' in timestamp ? entries[0]?.slice(timestamp.entry.length) : came.header(timestamp.header);
		if (typeof time !== 'string' || entries.length > 1 || !/^[0-9]{1,12}$/.test(time)) return false;
		if (Math.abs(now / 1000 - Number(time)) > timestamp.toleranceSeconds) return false;
	}
	const bodies = [came.body, ...(scheme.reserialised && came.body.length <= 65_536 ? stringified(came.body) : [])];
	return bodies.some((body) => {
		const parts = signed.map((part) =>
			part === 'body'
				? Buffer.from(body)
				: Buffer.from(typeof part === 'object' ? part.text : String(part === 'timestamp' ? time : '')),
		);
		const genuine = prefix + hmac(key.value, Buffer.concat(parts)).toString(encoding);
		return separator === undefined ? value === genuine : value.split(separator).includes(genuine);
	});
}

/** Whether a scheme signs when it signed. */
export function isTimed(scheme: Scheme): boolean {
	return scheme.kind === 'hmac' && scheme.timestamp !== undefined;
}

/** HMAC-SHA256. */
export function hmac(key: string, text: string | Uint8Array): Buffer {
	return createHmac('sha256', key).update(text).digest();
}

/** What `JSON.stringify(JSON.parse(body))` gives; nothing where the body is not JSON in UTF-8. */
function stringified(body: Buffer): string[] {
	try {
		return [JSON.stringify(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))];
	} catch {
		return [];
	}
}
