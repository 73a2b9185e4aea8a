/** What a person might fill in: made from the fields of an operation, without knowing the operation. */
import type { Field, Json, Operation, Values } from '../core/provider.ts';

/** One way to fill in an operation, with a name for the test. */
export interface Filled {
	name: string;
	input: Values;
}

/**
 * The required fields alone, all of them, each optional one with the required ones, and each option of each choice. What a choice
 * hides is left out by the operation itself.
 */
export function fillings({ fields }: Operation): Filled[] {
	const required = valuesOf(fields.filter((field) => field.required === true));
	const all = valuesOf(fields);
	return [
		{ name: 'the required fields', input: required },
		{ name: 'all fields', input: all },
		...fields.flatMap((field): Filled[] => {
			const options = field.type === 'choice' && field.options ? field.options : [];
			return options.map(({ value }) => ({ name: `${field.name} ${value}`, input: { ...all, [field.name]: value } }));
		}),
		...fields
			.filter((field) => field.required !== true)
			.map((field) => ({
				name: `the required fields and ${field.name}`,
				input: { ...required, ...valuesOf([field]) },
			})),
	];
}

function valuesOf(fields: readonly Field[]): { [name: string]: Json } {
	return Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
}

function valueOf(field: Field): Json {
	const example = exampleIn(field);
	switch (field.type) {
		case 'email':
			return 'jane@example.com';
		case 'number':
			return Number.isFinite(Number(example)) && example !== undefined ? Number(example) : (field.default ?? 1);
		case 'boolean':
			return true;
		case 'dateTime':
			return '2026-02-25T10:00:00Z';
		case 'date':
			return '2026-02-25';
		case 'choice':
			return field.options?.[0]?.value ?? example ?? '1';
		case 'choices':
			return field.options?.map(({ value }) => value) ?? [example ?? '1'];
		case 'list':
			return (example ?? 'one, two').split(',').map((entry) => entry.trim());
		case 'pairs':
			return { custom1: 'a text' };
		case 'rows':
			return [valuesOf(field.fields ?? [])];
		case 'json':
			return { custom1: 'a text' };
		case 'file':
			return { fileName: 'plan.pdf', contentType: 'application/pdf', base64: 'JVBERg==' };
		case 'string':
		case 'text':
			return example ?? 'a text';
	}
}

/** The example in a placeholder, e.g. `doc_xyz789`. */
function exampleIn({ placeholder }: Field): string | undefined {
	return placeholder?.replace(/^e\.g\. /, '');
}
