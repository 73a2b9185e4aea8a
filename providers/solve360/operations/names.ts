/** Names for IDs: people know fields, tags and users by what they are called on the screen, Solve360 takes keys and IDs. */
import { InvalidInput } from '../../../core/errors.ts';
import { isObject, text } from '../../../core/json.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { bodyOf, listItems, listOf } from '../answers.ts';
import { call } from '../connection.ts';

/** Something that can be named: what the API takes, and what people call it. */
export type Named = { key: string; label: string };

/** A list of names that has to be fetched before a request can be built. */
export interface LookUp {
	/** Where `prepared` keeps it. */
	list: string;
	request: HttpRequest;
	read: (response: HttpResponse) => readonly Named[];
}

const KEY = /^[a-z][a-z0-9_]*$/;

/** `prepare` and `prepared` of an operation whose input may have names in it. */
export function withNames(
	lookUps: (input: Values) => readonly LookUp[],
): Required<Pick<Operation, 'prepare' | 'prepared'>> {
	return {
		prepare: (input) => lookUps(input).map(({ request }) => request),
		prepared: (responses, input) =>
			Object.fromEntries(
				lookUps(input).map(({ list, read }, index) => [list, responses[index] ? [...read(responses[index])] : []]),
			),
	};
}

/** A list in what `prepared` made. */
export function namesIn(prepared: JsonObject | undefined, list: string): readonly Named[] {
	return (prepared?.[list] ?? []) as Named[];
}

/** Whether any of these is not an ID. */
export function hasNames(values: Json | undefined): boolean {
	return [values ?? []].flat().some((value) => !isId(text(value) ?? ''));
}

function isId(name: string): boolean {
	return /^\d+$/.test(name.trim());
}

// ------------------------------------------------------------------------------------------------- fields

/**
 * The fields in an answer to `GET /{segment}/fields/`: entries with a name and a label, in arrays or keyed by name or ID,
 * and plain `{"custom123": "Label"}`.
 */
export function fieldsIn(response: HttpResponse): (Named & JsonObject)[] {
	const found = new Map<string, Named & JsonObject>();
	collect(Array.isArray(response.body) ? response.body : bodyOf(response), '', found);
	return [...found.values()];
}

function collect(value: Json | undefined, under: string, found: Map<string, Named & JsonObject>): void {
	if (Array.isArray(value)) return value.forEach((entry) => collect(entry, '', found));
	if (typeof value === 'string' && /^custom\d+$/.test(under)) found.set(under, { key: under, label: value || under });
	if (!isObject(value)) return;
	const name = text(value['name']) ?? text(value['field']) ?? text(value['key']);
	const key = [name, under].find((candidate) => candidate !== undefined && KEY.test(candidate));
	const label = text(value['label']) ?? text(value['title']) ?? text(value['caption']) ?? name;
	if (key !== undefined && label !== undefined) found.set(key, { ...value, key, label });
	else for (const [inner, entry] of Object.entries(value)) collect(entry, inner, found);
}

/** The fields of a type of record, to be fetched where a name is not a key. */
export function fieldNames(segment: string, names: readonly string[], ownKeys: readonly string[]): LookUp[] {
	const isKey = (name: string) => /^custom\d+$/.test(name) || ownKeys.includes(name) || RELATIONS.has(comparable(name));
	if (names.every(isKey)) return [];
	return [
		{
			list: 'fields',
			request: call('GET', `/${segment}/fields/`),
			read: (response) => fieldsIn(response).map(({ key, label }) => ({ key, label })),
		},
	];
}

/** Set as fields, these would be taken for something else than the relation that is meant. */
const RELATIONS: ReadonlySet<string> = new Set(['company', 'relatedto']);

/** A field's key in the API. Throws `InvalidInput` for a name that none or several have, and for a relation. */
export function fieldKey(name: string, known: readonly Named[], record: string): string {
	const key = keyFor(name, known, record);
	refuseRelation(key, name);
	return key;
}

/** Throws `InvalidInput` for a key that is a relation, not a field. */
export function refuseRelation(key: string, name = key): void {
	if (!RELATIONS.has(comparable(key)) && !RELATIONS.has(comparable(name))) return;
	throw new InvalidInput(`"${name}" can't be set as a field. To link two records, use the operation Relate.`);
}

function keyFor(name: string, known: readonly Named[], record: string): string {
	const wanted = comparable(name);
	if (/^custom\d+$/.test(wanted) || RELATIONS.has(wanted) || known.some((field) => field.key === wanted)) return wanted;
	if (known.length === 0) {
		if (KEY.test(wanted)) return wanted;
		throw new InvalidInput(`The names of ${record} fields are not known: use the key of "${name}", e.g. custom123.`);
	}
	return only(name, known, `${record} field`, 'Field: Get Many');
}

// ------------------------------------------------------------------------------------------- tags and users

/** The category tags of a type of record, to be fetched where one is given by name. */
export function tagNames(segment: string, tags: Json | undefined, list = 'tags'): LookUp[] {
	if (!hasNames(tags)) return [];
	return [{ list, request: call('GET', `/${segment}/categories/`), read: (response) => named(listItems(response)) }];
}

/** The ID of a category tag. Throws `InvalidInput` for a name that none or several have. */
export function tagId(name: string, known: readonly Named[], record: string): string {
	return isId(name) ? name.trim() : only(name, known, `${record} tag`, 'Category Tag: Get Many');
}

/** Users and groups, to be fetched where one is given by name or by email address. */
export function ownerNames(...owners: readonly (Json | undefined)[]): LookUp[] {
	if (!owners.some(hasNames)) return [];
	return [
		{
			list: 'owners',
			request: call('GET', '/ownership/'),
			read: (response) => {
				const owners = ownersIn(response);
				const byEmail = owners.map((owner) => ({ ...owner, name: owner['email'] ?? '' }));
				return named([...owners, ...byEmail]);
			},
		},
	];
}

/** The ID of a user or group. Throws `InvalidInput` for a name that none or several have. */
export function ownerId(name: string, known: readonly Named[]): string {
	return isId(name) ? name.trim() : only(name, known, 'user or group', 'User or Group: Get Many');
}

/** `{"users": [...], "groups": [...]}`: each entry gets the kind that it is. */
export function ownersIn(response: HttpResponse): JsonObject[] {
	const lists = Object.entries(bodyOf(response) ?? {}).filter(([key]) => /^(users?|groups?|workgroups?)$/.test(key));
	if (lists.length === 0) return listItems(response);
	return lists.flatMap(([key, value]) =>
		listOf(value).map((owner) => ({ ...owner, kind: key.startsWith('user') ? 'user' : 'group' })),
	);
}

function named(entries: readonly JsonObject[]): Named[] {
	return entries.flatMap((entry) => {
		const key = text(entry['id']);
		const label = text(entry['name']) ?? text(entry['label']) ?? '';
		return key === undefined || label === '' ? [] : [{ key, label }];
	});
}

// --------------------------------------------------------------------------------------------------- names

/** The key of the only one with this name. Throws `InvalidInput` where there is none, with near names, or several. */
function only(name: string, known: readonly Named[], what: string, operation: string): string {
	const wanted = comparable(name);
	const matching = known.filter(({ label }) => comparable(label) === wanted);
	const keys = new Set(matching.map(({ key }) => key));
	if (keys.size === 1) return (matching[0] as Named).key;
	if (keys.size > 1) throw new InvalidInput(`Several ${what}s are named "${name}": use one of ${quoted(matching)}.`);
	const near = known
		.map((one) => ({ one, distance: Math.min(away(wanted, comparable(one.label)), away(wanted, one.key)) }))
		.filter(({ distance }) => distance <= Math.max(2, wanted.length / 3))
		.sort((a, b) => a.distance - b.distance)
		.slice(0, 3)
		.map(({ one }) => one);
	const hint = near.length > 0 ? `Did you mean ${quoted(near)}?` : `The operation ${operation} lists them.`;
	throw new InvalidInput(`No ${what} is named "${name}". ${hint}`);
}

function quoted(many: readonly Named[]): string {
	return many.map(({ label, key }) => `"${label}" (${key})`).join(', ');
}

function comparable(name: string): string {
	return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Levenshtein's distance, of the first 60 characters. A part of a name is near, too. */
function away(one: string, other: string): number {
	const [a, b] = [one.slice(0, 60), other.slice(0, 60)];
	if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1;
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}
