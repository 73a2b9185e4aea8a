/** What the forms of Solid# have in common: fields, ids, amounts, days and phone numbers, and the filter on our side. */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, text } from '../../../core/json.ts';
import type { Field, Json, JsonObject, Values } from '../../../core/provider.ts';
import { words } from '../../words.ts';

/** Asks for a record. Its choices are the records that the service lists. */
export function idField(list: string, label: string): Field {
	return {
		name: 'id',
		label: `${label} ID`,
		type: 'choice',
		choicesFrom: list,
		required: true,
		placeholder: 'e.g. 42',
		description: `The ID of the ${label.toLowerCase()}.`,
	};
}

/** An id that can only be one part of a path. Throws `InvalidInput`. */
export function idIn(input: Values, label: string, name = 'id'): string {
	const id = text(input[name]) ?? '';
	if (!/^[\w-]+$/.test(id)) throw new InvalidInput(`"${label}" must be an ID: letters, digits, - and _.`);
	return id;
}

/** An id inside a body: a number where it is one, as the vendor's client sends it. */
export function idValue(input: Values, name: string): string | number | undefined {
	const id = text(input[name]);
	return id !== undefined && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id;
}

/** The fields of an update. Throws `InvalidInput` when there are none. */
export function changes(body: { readonly [name: string]: Json | undefined }): JsonObject {
	const changed = defined(body);
	if (Object.keys(changed).length === 0)
		throw new InvalidInput('There is nothing to update. Fill in at least one field.');
	return changed;
}

/** The fields, the named ones required. */
export function required(fields: readonly Field[], ...names: readonly string[]): Field[] {
	return fields.map((field) => (names.includes(field.name) ? { ...field, required: true } : field));
}

/**
 * An amount of money. One unit everywhere, that of the vendor's client: the documentation counts deals in cents, but every
 * client of the vendor sends and shows currency units. Nothing is converted.
 */
export function money(name: string, label: string, what: string, example = '49.50'): Field {
	return {
		name,
		label,
		type: 'number',
		placeholder: `e.g. ${example}`,
		description: `${what} In currency units, e.g. ${example} (not in cents).`,
	};
}

/** Throws `InvalidInput` for an amount of money that is not above zero. */
export function positiveIn(input: Values, name: string, label: string): number | undefined {
	const amount = input[name];
	if (amount === undefined) return undefined;
	if (typeof amount !== 'number' || !(amount > 0)) throw new InvalidInput(`"${label}" must be above 0.`);
	return amount;
}

/** Throws `InvalidInput` for a number that has a fraction, or is not in these bounds. */
export function wholeIn(input: Values, name: string, label: string, least = Number.NEGATIVE_INFINITY) {
	const number = input[name];
	if (number === undefined) return undefined;
	if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < least) {
		throw new InvalidInput(`"${label}" must be a whole number${least > 0 ? ` from ${least}` : ''}.`);
	}
	return number;
}

/** A phone number in the form that Solid# takes (E.164). Spaces, dashes, dots and brackets go. Throws `InvalidInput`. */
export function phoneIn(input: Values, name: string, label: string): string {
	const number = (text(input[name]) ?? '').replace(/[\s().-]/g, '');
	if (!/^\+[1-9]\d{6,14}$/.test(number)) {
		throw new InvalidInput(`"${label}" must be a phone number with + and the country code, e.g. +15550100.`);
	}
	return number;
}

/**
 * Filters on our side. Solid# drops query parameters that it does not know in silence and answers with everything. So
 * what only its client is known to send is compared once more with what came back, ignoring case.
 * @param keys The name of each filter's field in a record, by the name of the filter.
 * @returns Whether a record matches, or undefined when no filter is filled in. A record without the field does not match.
 */
export function matching(
	input: Values,
	keys: { readonly [filter: string]: string },
): ((record: JsonObject) => boolean) | undefined {
	const wanted = Object.entries(keys).flatMap(([filter, key]): Array<[string, string]> => {
		const value = words(input[filter]);
		return value === undefined ? [] : [[key, value.toLowerCase()]];
	});
	if (wanted.length === 0) return undefined;
	return (record) => wanted.every(([key, value]) => words(record[key])?.toLowerCase() === value);
}
