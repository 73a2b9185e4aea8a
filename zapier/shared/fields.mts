/** What a person fills in, as Zapier's input fields. */
import type { Bundle, InputFieldFunction, InputFields, PlainInputField, ZObject } from 'zapier-platform-core';
import type { Field } from '../../core/provider.ts';
import { shownFields, valuesOf } from './form.mts';
import { dynamicOf, type Form } from './lists.mts';

/**
 * Input fields for a form. Fields that are shown only sometimes come from a function, which Zapier asks again whenever
 * a field that they depend on changes.
 */
export function inputFieldsOf(form: Form, fields: readonly Field[]): InputFields {
	const deciding = new Set(fields.flatMap(({ showIf }) => Object.keys(showIf ?? {})));
	const always = fields
		.filter(({ showIf }) => showIf === undefined)
		.map((field) => plainField(form, field, deciding.has(field.name)));
	if (always.length === fields.length) return always;
	const shown = ((_z: ZObject, bundle: Bundle) => {
		const given = valuesOf(fields, bundle.inputData);
		return shownFields(fields, given)
			.filter(({ showIf }) => showIf !== undefined)
			.map((field) => plainField(form, field, deciding.has(field.name)));
	}) satisfies InputFieldFunction;
	return [...always, shown];
}

function plainField(form: Form, field: Field, decides: boolean): PlainInputField {
	const { name, label, description, placeholder } = field;
	if (field.type === 'rows') {
		return {
			key: name,
			label,
			children: (field.fields ?? []).map((child) => plainField(form, child, false)),
		};
	}
	const plain = {
		key: name,
		label,
		required: field.required ?? false,
		...typeOf(field),
		...(description === undefined ? {} : { helpText: description }),
		...(placeholder === undefined ? {} : { placeholder }),
		...(decides ? { altersDynamicFields: true } : {}),
		...choicesOf(form, field),
	};
	return plain;
}

/** The type, and a default in the form that the type has. */
function typeOf({ type, default: value }: Field): Partial<PlainInputField> {
	const fallback = value === undefined || value === null || typeof value === 'object' ? {} : { default: String(value) };
	switch (type) {
		case 'string':
		case 'email':
		case 'choice':
			return { type: 'string', ...fallback };
		case 'text':
		case 'json':
			return { type: 'text', ...fallback };
		case 'number':
			return { type: 'number', ...fallback };
		case 'boolean':
			return { type: 'boolean', ...fallback };
		case 'file':
			return { type: 'file' };
		case 'dateTime':
		case 'date':
			return { type: 'datetime', ...fallback };
		case 'choices':
		case 'list':
			return { type: 'string', list: true };
		case 'pairs':
			return { dict: true };
		case 'rows':
			return {};
	}
}

function choicesOf(form: Form, field: Field): Partial<PlainInputField> {
	const dynamic = dynamicOf(form, field);
	if (dynamic !== undefined) return { dynamic };
	if (field.options === undefined) return {};
	return { choices: Object.fromEntries(field.options.map(({ value, label }) => [value, label])) };
}
