/** Custom fields by name: Solve360 knows them as `custom` and a number, people by what they are called on the screen. */
import { InvalidInput } from '../../core/errors.ts';
import { isObject, text } from '../../core/json.ts';
import type { HttpResponse, Json, JsonObject } from '../../core/provider.ts';
import { bodyOf } from './answers.ts';

/** A field of a record type: the key that the API takes, and what people call it. */
export type RecordField = { key: string; label: string };

const KEY = /^[a-z][a-z0-9_]*$/;

/**
 * The fields in an answer to `GET /{segment}/fields/`. The call is documented, its answer is not: read are entries with a
 * name and a label, in arrays or keyed by name or id, and plain `{"custom123": "Label"}`.
 */
export function fieldsIn(response: HttpResponse): (RecordField & JsonObject)[] {
	const found = new Map<string, RecordField & JsonObject>();
	collect(Array.isArray(response.body) ? response.body : bodyOf(response), '', found);
	return [...found.values()];
}

function collect(value: Json | undefined, under: string, found: Map<string, RecordField & JsonObject>): void {
	if (Array.isArray(value)) return value.forEach((entry) => collect(entry, '', found));
	if (typeof value === 'string' && /^custom\d+$/.test(under)) found.set(under, { key: under, label: value || under });
	if (!isObject(value)) return;
	const name = text(value['name']) ?? text(value['field']) ?? text(value['key']);
	const key = [name, under].find((candidate) => candidate !== undefined && KEY.test(candidate));
	const label = text(value['label']) ?? text(value['title']) ?? text(value['caption']) ?? name;
	if (key !== undefined && label !== undefined) found.set(key, { ...value, key, label });
	else for (const [inner, entry] of Object.entries(value)) collect(entry, inner, found);
}

/** Whether setting these fields needs the list of fields first: keys such as `custom123` do not. */
export function needsFieldList(named: JsonObject | undefined): boolean {
	return Object.keys(named ?? {}).some((name) => !/^custom\d+$/.test(name));
}

/**
 * The same values under the keys that the API takes.
 * @param known The record type's fields. Empty: the list could not be read, and only keys are taken.
 * @param record What the record type is called, for the message.
 * @throws InvalidInput for a name that no field has, naming near ones, and for a name that several have.
 */
export function byKey(named: JsonObject, known: readonly RecordField[], record: string): JsonObject {
	return Object.fromEntries(Object.entries(named).map(([name, value]) => [keyOf(name, known, record), value]));
}

function keyOf(name: string, known: readonly RecordField[], record: string): string {
	const wanted = comparable(name);
	if (/^custom\d+$/.test(wanted) || known.some((field) => field.key === wanted)) return wanted;
	const labelled = known.filter((field) => comparable(field.label) === wanted);
	if (labelled.length === 1) return (labelled[0] as RecordField).key;
	if (labelled.length > 1) {
		throw new InvalidInput(`Several ${record} fields are named "${name}": use one of ${named(labelled)}.`);
	}
	if (known.length === 0) {
		if (KEY.test(wanted)) return wanted;
		throw new InvalidInput(`The names of ${record} fields are not known: use the key of "${name}", e.g. custom123.`);
	}
	const near = known
		.map((field) => ({
			field,
			distance: Math.min(distance(wanted, comparable(field.label)), distance(wanted, field.key)),
		}))
		.filter((candidate) => candidate.distance <= Math.max(2, wanted.length / 3))
		.sort((one, other) => one.distance - other.distance)
		.slice(0, 3)
		.map(({ field }) => field);
	const hint = near.length > 0 ? `Did you mean ${named(near)}?` : 'The operation Field: Get Many lists them.';
	throw new InvalidInput(`No ${record} field is named "${name}". ${hint}`);
}

function named(fields: readonly RecordField[]): string {
	return fields.map((field) => `"${field.label}" (${field.key})`).join(', ');
}

function comparable(name: string): string {
	return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Levenshtein's distance, of the first 60 characters. */
function distance(one: string, other: string): number {
	const [a, b] = [one.slice(0, 60), other.slice(0, 60)];
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
