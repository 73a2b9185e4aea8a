/**
 * Lists to choose from: the records behind a field that takes an ID or a name. Both platforms show the same lists, from the same
 * definition: the ones that a provider names (`lookups`), and for an ID the records of the resource that it belongs to.
 */
import { text } from './json.ts';
import { findOperation, run } from './operation.ts';
import type { Field, Json, JsonObject, Lookup, Operation, Provider, Send, Values } from './provider.ts';

/** One entry of a list. */
export interface Choice {
	/** What is sent to the service, e.g. an ID. Never empty. */
	value: string;
	/** What a person recognizes it by. */
	label: string;
}

/** A part of a list. */
export interface Choices {
	choices: readonly Choice[];
	/** How many records come before the next part; undefined: this is the last one. */
	next: number | undefined;
}

/** How many records of a list are looked through for a search text, where the service cannot search itself. */
const SEARCHED = 1000;

/** The list of a name: one of the provider's own, or the records of the resource that it names. Undefined: there is none. */
export function lookupOf(provider: Provider, name: string): Lookup | undefined {
	const own = provider.lookups?.[name];
	if (own !== undefined) return own;
	const operation = findOperation(provider, `${name}.getMany`);
	if (operation === undefined || operation.fields.some(isNeeded)) return undefined;
	return { operation: `${name}.getMany`, value: (item) => idOf(name, item), label: (item) => nameOf(name, item) };
}

function isNeeded({ required, default: byDefault, showIf }: Field): boolean {
	return required === true && byDefault === undefined && showIf === undefined;
}

/**
 * The name of the list that fills a field; undefined where there is none.
 * @param resource The resource of the operation that the field belongs to; undefined for a trigger's own fields.
 */
export function listFor(provider: Provider, resource: string | undefined, field: Field): string | undefined {
	if (field.options !== undefined) return undefined;
	// `id` is one of the form's own resource, `customerId` of the resource `customer`.
	const of = field.choicesFrom ?? (field.name === 'id' ? resource : /^(\w+)Id$/.exec(field.name)?.[1]);
	return of !== undefined && lookupOf(provider, of) !== undefined ? of : undefined;
}

/** The names of all lists that the fields of a provider's operations and triggers use, rows included. */
export function listsOf(provider: Provider, operations: readonly Operation[] = provider.operations): string[] {
	const names = new Set<string>();
	const collect = (resource: string | undefined, fields: readonly Field[]): void => {
		for (const field of fields) {
			const name = listFor(provider, resource, field);
			if (name !== undefined) names.add(name);
			collect(resource, field.fields ?? []);
		}
	};
	collect(undefined, provider.triggerFields ?? []);
	for (const { resource, fields } of operations) collect(resource, fields);
	return [...names];
}

/**
 * A part of a list, from the service.
 * @param asked `search`: only entries that contain this text. `offset`: how many records to skip (`Choices.next`). `size`: how many to read.
 * `form`: what the rest of the form has now, for lists that depend on it (`Lookup.needs`).
 * @throws What `run` throws.
 */
export async function choices(
	provider: Provider,
	name: string,
	send: Send,
	asked: { search?: string; offset?: number; size: number; form?: Values },
): Promise<Choices> {
	const lookup = lookupOf(provider, name);
	const form = asked.form ?? {};
	const id = typeof lookup?.operation === 'function' ? lookup.operation(form) : lookup?.operation;
	const operation = id === undefined ? undefined : findOperation(provider, id);
	if (lookup === undefined || operation === undefined) return { choices: [], next: undefined };
	const search = asked.search?.trim() ?? '';
	const searched = search !== '' && lookup.search !== undefined ? { [lookup.search]: search } : {};
	const looksThrough = search !== '' && lookup.search === undefined;
	const offset = looksThrough ? 0 : (asked.offset ?? 0);
	const limit = looksThrough ? SEARCHED : offset + asked.size;
	const given = typeof lookup.input === 'function' ? lookup.input(form) : lookup.input;
	const inputs = isSeveral(given) ? given : [given ?? {}];
	const records: Array<[JsonObject, Values]> = [];
	for (const input of inputs) {
		const found = await run(provider, operation, { ...input, ...searched }, send, { limit });
		records.push(...found.map((item): [JsonObject, Values] => [item, input]));
	}
	const entries = distinct(
		records
			.slice(offset)
			.flatMap(([item, input]) => (lookup.of?.(item) ?? [item]).map((one) => [one, input] as const))
			.map(([item, input]) => ({ value: lookup.value(item), label: lookup.label(item, input, inputs.length) })),
	);
	const goesOn = !looksThrough && operation.paging !== undefined && inputs.length === 1 && records.length === limit;
	return {
		choices: looksThrough ? entries.filter((entry) => contains(entry, search)) : entries,
		next: goesOn ? limit : undefined,
	};
}

function isSeveral(given: Values | readonly Values[] | undefined): given is readonly Values[] {
	return Array.isArray(given);
}

/** Entries with a value, the first of each. */
function distinct(entries: readonly Choice[]): Choice[] {
	const seen = new Set(['']);
	return entries.filter(({ value }) => !seen.has(value) && seen.add(value));
}

function contains({ value, label }: Choice, search: string): boolean {
	return [value, label].some((one) => one.toLowerCase().includes(search.toLowerCase()));
}

/** The ID of a record: `id`, or `customer_id` of a customer. Empty when it has neither. */
export function idOf(resource: string, item: JsonObject): string {
	const named = `${resource.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_id`;
	return text(item['id']) ?? text(item[named]) ?? '';
}

const NAMES = /(^|_)(name|title|label|subject|nickname)$/i;
const OTHERS_NAMES = /company|user|owner/i;

/** What a person knows a record by: its names, otherwise its email or other address, otherwise its ID. */
function nameOf(resource: string, item: JsonObject): string {
	const texts = Object.entries(item).filter((entry): entry is [string, string] => isText(entry[1]));
	const named = texts.filter(([key]) => NAMES.test(key) && !OTHERS_NAMES.test(key)).map(([, value]) => value);
	if (named.length > 0) return [...new Set(named)].slice(0, 2).join(' ');
	return texts.find(([key]) => /email|address|url/i.test(key))?.[1] ?? idOf(resource, item);
}

function isText(value: Json | undefined): value is string {
	return typeof value === 'string' && value !== '';
}
