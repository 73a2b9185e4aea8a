/** What the calls of Solid# have in common. */
import { InvalidInput } from '../../core/errors.ts';
import { defined, text } from '../../core/json.ts';
import type { Field, HttpRequest, JsonObject, Values } from '../../core/provider.ts';

/** The prefix of all documented paths. Only `/Inventory` has none, in the vendor's client. */
export const API = '/api/v1';

/** A call with a JSON body, without what was left empty. */
export function send(method: 'POST' | 'PATCH', path: string, body: Parameters<typeof defined>[0] = {}): HttpRequest {
	return { method, path, json: defined(body) };
}

/** A call that only reads. */
export function get(path: string, query: NonNullable<HttpRequest['query']> = {}): HttpRequest {
	const given = Object.entries(query).filter(([, value]) => value !== undefined);
	return { method: 'GET', path, ...(given.length > 0 && { query: Object.fromEntries(given) }) };
}

/** Asks for the id of a record. */
export function idField(label: string, one: string): Field {
	return {
		name: 'id',
		label: `${label} ID`,
		type: 'string',
		required: true,
		placeholder: 'e.g. 42',
		description: `The id of the ${one}.`,
	};
}

/** An id that can only be one part of a path. Throws `InvalidInput`. */
export function idIn(input: Values, label: string, name = 'id'): string {
	const id = text(input[name]) ?? '';
	if (!/^[\w-]+$/.test(id)) throw new InvalidInput(`"${label}" must be an id: letters, digits, - and _.`);
	return id;
}

/** An id inside a body: a number where it is one, as the documentation has it. */
export function idValue(input: Values, name: string): string | number | undefined {
	const id = text(input[name]);
	return id !== undefined && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id;
}

/** Throws `InvalidInput` when nothing is to be changed. */
export function changes(body: Parameters<typeof defined>[0]): JsonObject {
	const changed = defined(body);
	if (Object.keys(changed).length === 0)
		throw new InvalidInput('Nothing is to be changed. Fill in at least one field.');
	return changed;
}

/**
 * Amounts are sent as they are given, never converted: the documentation counts in cents, the vendor's command line in
 * currency units, and no page says which holds where both could.
 */
export const IN_CENTS =
	'In cents, a whole number, as the documentation has it: 1200000 means 12,000.00. Sent as it is.';
export const IN_UNITS =
	"In currency units, not cents, as the vendor's command line has it: 49.5 means 49.50. Sent as it is.";

/** Throws `InvalidInput` for cents that are not whole. */
export function centsIn(input: Values, name: string, label: string): number | undefined {
	const amount = input[name];
	if (amount === undefined) return undefined;
	if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) {
		throw new InvalidInput(`"${label}" counts in cents and must be a whole number: 1200000 means 12,000.00.`);
	}
	return amount;
}

/** Throws `InvalidInput` for an amount of money that is not above zero. */
export function positiveIn(input: Values, name: string, label: string): number | undefined {
	const amount = input[name];
	if (amount === undefined) return undefined;
	if (typeof amount !== 'number' || !(amount > 0)) throw new InvalidInput(`"${label}" must be above 0.`);
	return amount;
}

/** Why an operation stays out of Zapier. */
export const MOVES_MONEY = 'This moves or requests money; in Zapier it is left out, as the rules there ask.';
