/** The few helpers for JSON values, in one place. */
import { InvalidInput } from './errors.ts';
import type { Json, JsonObject } from './provider.ts';

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a string or number, otherwise undefined: ids come as either. */
export function text(value: Json | undefined): string | undefined {
	if (typeof value === 'string') return value;
	return typeof value === 'number' ? String(value) : undefined;
}

/**
 * A path with every variable part percent-encoded: path`/hooks/${id}/`.
 * @throws InvalidInput for a part that would lead somewhere else: empty, `.` or `..` (encoded too), or half a character.
 */
export function path(literals: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
	return literals.reduce((all, literal, index) => all + partOf(parts[index - 1] ?? '') + literal);
}

function partOf(part: string | number): string {
	const text = String(part);
	if (text.trim() === '') throw new InvalidInput('An ID is empty. Fill it in.');
	try {
		// A proxy may decode once more than the service expects.
		for (let decoded = text, again = 0; again < 4; again++) {
			if (decoded.split(/[/\\]/).some((one) => /^\s*\.{1,2}\s*$/.test(one))) throw new RangeError();
			decoded = decoded.replace(/%(2e|2f|5c|25)/gi, (code) => decodeURIComponent(code));
		}
		return encodeURIComponent(text);
	} catch {
		// Never the ID itself: it may hold anything.
		throw oddId();
	}
}

function oddId(): InvalidInput {
	return new InvalidInput('An ID must not be "." or "..", nor contain half a character. Check it.');
}

/** The object without its undefined values: what was left empty is not sent. */
export function defined(values: { readonly [name: string]: Json | undefined }): JsonObject {
	return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** The object with these of its properties, as far as it has them. */
export function only(object: JsonObject, names: readonly string[]): JsonObject {
	return Object.fromEntries(names.flatMap((name) => (object[name] === undefined ? [] : [[name, object[name]]])));
}

/** The object without one of its properties. */
export function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
	const rest = { ...object };
	delete rest[key];
	return rest;
}

/** The value that a text holds as JSON; undefined where it is none. */
export function parsed(json: string): Json | undefined {
	try {
		return JSON.parse(json) as Json;
	} catch {
		return undefined;
	}
}

/** Entries that belong into the object at a path: the names that lead to it. */
export interface Entries {
	path: readonly string[];
	entries: JsonObject;
}

/** The entries that objects of `after` have and those at the same places of `before` have not. */
export function addedEntries(
	before: Json | undefined,
	after: Json | undefined,
	path: readonly string[] = [],
): Entries[] {
	if (!isObject(before) || !isObject(after)) return [];
	const fresh = Object.entries(after).filter(([name]) => !(name in before));
	const deeper = Object.entries(after).flatMap(([name, value]) => addedEntries(before[name], value, [...path, name]));
	return fresh.length > 0 ? [{ path, entries: Object.fromEntries(fresh) }, ...deeper] : deeper;
}

/** A JSON text with entries put into one of its objects, and everything else as it was written. */
export function withEntries(json: string, { path, entries }: Entries): string {
	const at = openingOf(json, path);
	if (at === undefined) return json;
	const inserted = JSON.stringify(entries).slice(1, -1);
	return `${json.slice(0, at)}${inserted}${/^\s*\}/.test(json.slice(at)) ? '' : ','}${json.slice(at)}`;
}

/** Where the object at a path opens: behind its brace. Of several with one name the last counts, as for a reader. */
function openingOf(json: string, path: readonly string[]): number | undefined {
	const open: Array<string | undefined> = [];
	let name: string | undefined;
	let found: number | undefined;
	for (const match of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs)) {
		const [token, colon] = match;
		if (token === '}' || token === ']') open.pop();
		else if (token === '{' || token === '[') {
			open.push(name);
			const here = open.slice(1);
			if (token === '{' && here.length === path.length && here.every((one, index) => one === path[index])) {
				found = match.index + 1;
			}
			name = undefined;
		} else name = colon === undefined ? undefined : (parsed(token.slice(0, -colon.length)) as string);
	}
	return found;
}
