/** What a person sees of a form, and what they filled in. */
import { isObject } from '../../core/json.ts';
import { isShown } from '../../core/input.ts';
import type { Field, Json, JsonObject, Values } from '../../core/provider.ts';

/** The fields that are shown with what is filled in so far: by the same rule as everywhere. */
export function shownFields(fields: readonly Field[], given: Values): Field[] {
	return fields.filter((field) => isShown(field, fields, given));
}

/**
 * What a person filled in, as `core` takes it. Zapier hands over what is in the boxes, and people write what they see: "Lead, 53966" in
 * one box of a list is two entries, a choice is known by its label as well as by its value, and an empty value of a dictionary is
 * a line that was not used.
 */
export function valuesOf(fields: readonly Field[], inputData: Record<string, unknown>): Values {
	const given = inputData as Record<string, Json>;
	return Object.fromEntries(
		Object.entries(given).map(([name, value]) => {
			const field = fields.find((one) => one.name === name);
			return [name, field === undefined ? value : valueOf(field, value)];
		}),
	);
}

function valueOf(field: Field, value: Json): Json {
	switch (field.type) {
		case 'list':
		case 'choices':
			return entriesOf(value).map((entry) => choiceOf(field, entry));
		case 'choice':
			return typeof value === 'string' ? choiceOf(field, value.trim()) : value;
		case 'pairs':
			return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one))) : value;
		case 'rows':
			return Array.isArray(value)
				? value.map((row) => (isObject(row) ? (valuesOf(field.fields ?? [], row) as JsonObject) : row)).filter(isFilled)
				: value;
		default:
			return value;
	}
}

/** The entries of a list: one for each box, and for each part between commas or line breaks within one. */
function entriesOf(value: Json): string[] {
	const boxes = Array.isArray(value) ? value : [value];
	return boxes
		.flatMap((box) => (isEmpty(box) || typeof box === 'object' ? [] : String(box).split(/[,\n]/)))
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/** The value of a choice that was written as its value or its label, in any case. What is neither stays, and is refused by name. */
function choiceOf({ options = [] }: Field, written: string): string {
	const wanted = written.toLowerCase();
	const found =
		options.find(({ value }) => value === written) ??
		options.find(({ value }) => value.toLowerCase() === wanted) ??
		options.find(({ label }) => label.toLowerCase() === wanted);
	return found?.value ?? written;
}

function isEmpty(value: Json | undefined): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function isFilled(row: Json): boolean {
	return !isObject(row) || Object.values(row).some((value) => !isEmpty(value));
}
