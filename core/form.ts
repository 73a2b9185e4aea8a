/** Reads form-encoded bodies, with the bracket nesting that PHP writes and reads (`content[item][name]`, `tags[]`). */
import type { Json, JsonObject } from './provider.ts';
import { MAX_DEPTH, put, Unreadable } from './untrusted.ts';

/** How many pairs a body may hold. (PHP itself reads 1,000.) */
export const MAX_PAIRS = 10_000;

/** How many parts all names together may have: `a[b][c]` has three. Each becomes an object. */
export const MAX_NAME_PARTS = 100_000;

/** The values given for one name: more than one when the name is repeated. */
type Leaf = string[];

/** A group of names. Maps have no inherited keys, so no name means anything special. */
interface Group {
	entries: Map<string, Leaf | Group>;
	/** The number that the next `[]` stands for. */
	next: number;
}

/**
 * Reads `name=value` pairs. Every value is a string.
 *
 * `a[b][c]=1` nests; `a[]=1&a[]=2` and `a[0]=1&a[1]=2` make a list, as does a repeated plain name, so that no value is
 * lost. A name whose brackets are odd is kept as it is spelled, and so is `a[b]` where `a` already has a value; a value
 * for `a` where `a[b]` already is goes under the empty name within `a`.
 * Throws `Unreadable` above `MAX_PAIRS` pairs, `MAX_NAME_PARTS` parts of names or `MAX_DEPTH` levels.
 */
export function readForm(text: string): JsonObject {
	if (hasMoreThan(text, '&', MAX_PAIRS - 1)) throw new Unreadable(`it has more than ${MAX_PAIRS} pairs`);
	const root = newGroup();
	let parts = 0;
	for (const [name, value] of new URLSearchParams(text.trim())) {
		const segments = segmentsOf(name);
		parts += segments.length;
		if (parts > MAX_NAME_PARTS) throw new Unreadable(`its names have more than ${MAX_NAME_PARTS} parts`);
		if (!add(root, segments, value)) add(root, [name], value);
	}
	return objectOf(root);
}

function hasMoreThan(text: string, separator: string, limit: number): boolean {
	let at = -1;
	for (let count = 0; count <= limit; count++) {
		at = text.indexOf(separator, at + 1);
		if (at === -1) return false;
	}
	return true;
}

function newGroup(): Group {
	return { entries: new Map(), next: 0 };
}

/** `a[b][]` -> `a`, `b`, ''. Names with odd brackets are one literal segment. */
function segmentsOf(name: string): string[] {
	const open = name.indexOf('[');
	if (open <= 0 || !name.endsWith(']')) return [name];
	const segments = [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
	if (segments.length > MAX_DEPTH) throw new Unreadable(`it is nested more than ${MAX_DEPTH} levels deep`);
	return segments.some((segment) => /[[\]]/.test(segment)) ? [name] : segments;
}

/** Files a value. False, and nothing done, when a name on the way already has a value. */
function add(root: Group, segments: readonly string[], value: string): boolean {
	let group = root;
	const last = segments.length - 1;
	for (const [depth, segment] of segments.entries()) {
		const key = depth > 0 && segment === '' ? String(group.next) : segment;
		const known = group.entries.get(key);
		if (depth === last) {
			if (known === undefined) setEntry(group, key, [value]);
			else if (Array.isArray(known)) known.push(value);
			else add(known, [''], value);
			return true;
		}
		if (Array.isArray(known)) return false;
		group = known ?? setEntry(group, key, newGroup());
	}
	return false;
}

function setEntry<Entry extends Leaf | Group>(group: Group, key: string, entry: Entry): Entry {
	group.entries.set(key, entry);
	if (/^\d{1,9}$/.test(key)) group.next = Math.max(group.next, Number(key) + 1);
	return entry;
}

function objectOf(group: Group): JsonObject {
	const object: JsonObject = {};
	for (const [key, entry] of group.entries) put(object, key, valueOf(entry));
	return object;
}

function valueOf(entry: Leaf | Group): Json {
	if (Array.isArray(entry)) return entry.length === 1 ? (entry[0] as string) : entry;
	const isList =
		entry.next === entry.entries.size && [...entry.entries.keys()].every((key) => /^(0|[1-9]\d*)$/.test(key));
	if (!isList) return objectOf(entry);
	return Array.from({ length: entry.next }, (_, index) => valueOf(entry.entries.get(String(index)) as Leaf | Group));
}
