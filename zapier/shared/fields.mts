/** What a person fills in, as Zapier's input fields. */
import type { Bundle, InputFieldFunction, InputFields, PlainInputField, ZObject } from 'zapier-platform-core';
import { listFor } from '../../core/choices.ts';
import type { Field } from '../../core/provider.ts';
import { shownFields, valuesOf } from './form.mts';
import { dynamicOf, type Form } from './lists.mts';
import { forZapier } from './texts.mts';

/** How many fields of a form are in the definition itself. The others come from a function. */
const IN_DEFINITION = 8;

/**
 * Input fields for a form. Fields that are shown only sometimes come from a function, which Zapier asks again whenever
 * a field that they depend on changes. So do the later ones of a long form: core copies and freezes the whole definition for each event,
 * and what is not in it costs nothing.
 */
export function inputFieldsOf(form: Form, fields: readonly Field[]): InputFields {
	const deciding = new Set(fields.flatMap(({ showIf }) => Object.keys(showIf ?? {})));
	const plain = (field: Field) => plainField(form, field, deciding.has(field.name));
	const first = fields
		.filter(({ showIf }) => showIf === undefined)
		.filter((field, index) => index < IN_DEFINITION || field.required || deciding.has(field.name));
	if (first.length === fields.length) return first.map(plain);
	const others = ((_z: ZObject, bundle: Bundle) =>
		shownFields(fields, valuesOf(fields, bundle.inputData ?? {}))
			.filter((field) => !first.includes(field))
			.map(plain)) satisfies InputFieldFunction;
	return [...first.map(plain), others];
}

function plainField(form: Form, field: Field, decides: boolean): PlainInputField {
	const { name, placeholder } = field;
	const helpText = helpOf(form, field);
	if (field.type === 'rows') {
		return {
			key: name,
			label: field.label,
			// Zapier takes no help text for line items themselves, only for what is in them.
			children: (field.fields ?? []).map((child) => plainField(form, child, false)),
		};
	}
	const plain = {
		key: name,
		label: labelOf(form, field),
		required: field.required ?? false,
		...typeOf(field),
		helpText,
		...(placeholder === undefined ? {} : { placeholder }),
		...(decides ? { altersDynamicFields: true } : {}),
		...choicesOf(form, field),
		...searchFor(form, field),
	};
	return plain;
}

/** Zapier wants no field to be labeled as an ID: a person picks a record from a list, or finds it in a step before. */
function labelOf(form: Form, { name, label, ...field }: Field): string {
	const picked = dynamicOf(form, { name, label, ...field }) !== undefined;
	return picked ? label.replace(/ (ID|ID or \w+)$/, '').replace(/^ID$/, 'Record') : label;
}

/** Every input has a help text. Where the provider has none, the label says what it is and the resource of what. */
function helpOf({ provider, resource }: Form, { label, description, type }: Field): string {
	const of = provider.resources.find(({ name }) => name === resource)?.label.toLowerCase();
	const said = description ?? `${sentenceCase(label)}${of === undefined ? '' : ` of the ${of}`}.`;
	return forZapier(
		type === 'list' || type === 'choices' ? `${said} One in each box, or several with commas between them.` : said,
	);
}

/** `Job Title` -> `Job title`; words in capitals stay. */
function sentenceCase(label: string): string {
	return label.replace(/ ([A-Z])(?=[a-z])/g, (_all, letter: string) => ` ${letter.toLowerCase()}`);
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

/** The search that finds what the field takes: Zapier offers to add it as a step before. It needs a list as well (D014). */
function searchFor(form: Form, field: Field): Partial<PlainInputField> {
	const list = listFor(form.provider, form.resource, field);
	const search = list === undefined ? undefined : form.connectors?.[list];
	return search === undefined ? {} : { search };
}

function choicesOf(form: Form, field: Field): Partial<PlainInputField> {
	const dynamic = dynamicOf(form, field);
	if (dynamic !== undefined) return { dynamic };
	if (field.options === undefined) return {};
	return { choices: Object.fromEntries(field.options.map(({ value, label }) => [value, label])) };
}
