/**
 * Reads the body of a delivery, once the delivery is proved: JSON, XML or form, as the provider sends it.
 *
 * What comes out is plain data. A key such as `__proto__` stays an own key, in all three formats: it is never assigned,
 * so reading a body cannot change a prototype. (Whoever copies such an object key by key must not use plain assignment
 * either; object spread and `Object.fromEntries` are safe.)
 */
import { readForm } from './form.ts';
import type { Format, Json } from './provider.ts';
import { MAX_DEPTH, Unreadable } from './untrusted.ts';
import { readXml } from './xml.ts';

/** What a body says and in which format, or why it cannot be read: one clause that quotes nothing of the body. */
export type ReadBody = { ok: true; payload: Json; format: Format } | { ok: false; reason: string };

const READERS: { readonly [format in Format]: (text: string) => Json } = {
	json: readJson,
	xml: readXml,
	form: readForm,
};

/** Refuses bytes that are not UTF-8 and drops a byte order mark. Keeps no state between calls. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body in one of the formats that a provider sends.
 *
 * The format is the one that the content type names, where the provider sends that; without a usable content type, or
 * where the first character makes that format impossible, it is told from the first character. Never throws.
 * The caller has already capped the size of `raw`.
 */
export function readBody(raw: Uint8Array, contentType: string | undefined, formats: readonly Format[]): ReadBody {
	let text: string;
	try {
		text = UTF8.decode(raw);
	} catch {
		return { ok: false, reason: 'the body is not UTF-8' };
	}
	const first = text.trimStart().charAt(0);
	if (first === '') return { ok: false, reason: 'the body is empty' };
	const format = formatOf(first, contentType, formats);
	if (format === undefined) return { ok: false, reason: 'no format to read the body in' };
	try {
		return { ok: true, payload: READERS[format](text), format };
	} catch (error) {
		const why = error instanceof Unreadable ? error.message : 'it is malformed';
		return { ok: false, reason: `the body cannot be read as ${NAMES[format]}: ${why}` };
	}
}

const NAMES: { readonly [format in Format]: string } = { json: 'JSON', xml: 'XML', form: 'a form' };

function formatOf(first: string, contentType: string | undefined, formats: readonly Format[]): Format | undefined {
	// XML begins with `<`, JSON objects and lists with `{` and `[`. Nothing else does: encoding a form escapes all three.
	const certain = first === '<' ? 'xml' : first === '{' || first === '[' ? 'json' : undefined;
	if (certain !== undefined && formats.includes(certain)) return certain;
	const named = formatNamed(contentType);
	if (named !== undefined && formats.includes(named)) return named;
	return certain === undefined && formats.includes('form') ? 'form' : formats[0];
}

function formatNamed(contentType: string | undefined): Format | undefined {
	const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
	if (/^(application|text)\/json$|\+json$/.test(type)) return 'json';
	if (/^(application|text)\/xml$|\+xml$/.test(type)) return 'xml';
	return type === 'application/x-www-form-urlencoded' ? 'form' : undefined;
}

function readJson(text: string): Json {
	const value = parseJson(text);
	// The engine's own message would quote the body.
	if (value === undefined) throw new Unreadable('it is malformed');
	// Only a body with that many brackets can be that deep: most are never walked.
	if (hasMoreBrackets(text, MAX_DEPTH) && isDeeper(value, MAX_DEPTH)) {
		throw new Unreadable(`it is nested more than ${MAX_DEPTH} levels deep`);
	}
	return value;
}

function parseJson(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

function hasMoreBrackets(text: string, limit: number): boolean {
	let count = 0;
	for (const bracket of ['{', '[']) {
		for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
			if (++count > limit) return true;
		}
	}
	return false;
}

/** Whether objects and lists are nested more than `levels` deep. Recurses that deep and no deeper. */
function isDeeper(value: Json, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (levels === 0) return true;
	for (const child of Object.values(value)) if (isDeeper(child, levels - 1)) return true;
	return false;
}
