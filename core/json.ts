/** The few helpers for JSON values, in one place. */
import type { Json, JsonObject } from './provider.ts';

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a string or number, else undefined: ids come as either. */
export function text(value: Json | undefined): string | undefined {
	if (typeof value === 'string') return value;
	return typeof value === 'number' ? String(value) : undefined;
}

/** The entries of a list of texts, or of one text: each may itself be several, with commas or on lines. Trimmed, without empty ones. */
export function entriesOf(value: Json | undefined): string[] {
	const texts = (Array.isArray(value) ? value : [value]).map((entry) => text(entry) ?? '');
	return texts
		.flatMap((entry) => entry.split(/[,\n]/))
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/** A path with every variable part percent-encoded: path`/hooks/${id}/`. */
export function path(literals: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
	return literals.reduce((all, literal, index) => all + encodeURIComponent(String(parts[index - 1])) + literal);
}

/** The object without its undefined values: what was left empty is not sent. */
export function defined(values: { readonly [name: string]: Json | undefined }): JsonObject {
	return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined));
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
