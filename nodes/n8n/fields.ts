/** Fields of the vocabulary as n8n parameters, and what a person filled into those parameters as values again. */
import type {
	INodeProperties,
	INodePropertyMode,
	INodePropertyTypeOptions,
	IDataObject,
	NodePropertyTypes,
} from 'n8n-workflow';
import { isObject } from '../../core/json.ts';
import type { Field, FieldType, Json, Values } from '../../core/provider.ts';

const TYPES: { readonly [type in FieldType]: NodePropertyTypes } = {
	string: 'string',
	text: 'string',
	email: 'string',
	number: 'number',
	boolean: 'boolean',
	dateTime: 'dateTime',
	date: 'dateTime',
	file: 'string',
	choice: 'options',
	choices: 'multiOptions',
	list: 'string',
	pairs: 'fixedCollection',
	rows: 'fixedCollection',
	json: 'json',
};

/** In an empty field; on the button that adds to a list (n8n's own word there is "Choose..."). */
const PLACEHOLDERS: { readonly [type in FieldType]?: string } = {
	email: 'name@email.com',
	file: 'e.g. data',
	pairs: 'Add field',
	rows: 'Add entry',
};

/** The name of the list that fills a field; undefined where there is none. See `core/choices.ts`. */
export type ListOf = (field: Field) => string | undefined;

const NO_LIST: ListOf = () => undefined;

/** A field as an n8n parameter. One that takes a single entry of a list becomes a resource locator: from the list, or by ID. */
export function toProperty(field: Field, listOf: ListOf = NO_LIST): INodeProperties {
	const list = listOf(field);
	const single = list !== undefined && field.type !== 'choices';
	const property: INodeProperties = {
		displayName: labelOf(field, single),
		name: field.name,
		type: single ? 'resourceLocator' : TYPES[field.type],
		default: single
			? { mode: 'list', value: '' }
			: ((field.default ?? emptyDefault(field)) as INodeProperties['default']),
	};
	if (single) property.modes = modesOf(field, list);
	const description = descriptionOf(field, list);
	if (description !== undefined) property.description = description;
	const placeholder = field.placeholder ?? PLACEHOLDERS[field.type];
	if (placeholder !== undefined && !single) property.placeholder = placeholder;
	if (field.required) property.required = true;
	if (field.showIf) property.displayOptions = { show: mutable(field.showIf) };
	if (field.options) {
		property.options = field.options.map(({ value, label, description: about }) => ({
			name: label,
			value,
			...(about === undefined ? {} : { description: about }),
		}));
	}
	const typeOptions = single ? undefined : typeOptionsOf(field, list);
	if (typeOptions !== undefined) property.typeOptions = typeOptions;
	if (field.type === 'pairs') property.options = [{ name: 'pair', displayName: 'Field', values: PAIR }];
	if (field.type === 'rows') {
		property.options = [
			{ name: 'row', displayName: field.label, values: (field.fields ?? []).map((one) => toProperty(one, listOf)) },
		];
	}
	return property;
}

function labelOf({ type, label }: Field, single: boolean): string {
	if (type === 'file') return 'Input Binary Field';
	return single ? label.replace(/ ID$/, '') : label;
}

function modesOf(field: Field, list: string): INodePropertyMode[] {
	return [
		{
			// Apart, or n8n's lint takes a mode for a parameter and wants a default of it.
			...{ displayName: 'From List', name: 'list' },
			type: 'list',
			typeOptions: { searchListMethod: list, searchable: true },
		},
		{
			...{ displayName: 'By ID', name: 'id' },
			type: 'string',
			...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
		},
	];
}

const PAIR: INodeProperties[] = [
	{ displayName: 'Name', name: 'name', type: 'string', default: '', description: 'Name of the field' },
	{ displayName: 'Value', name: 'value', type: 'string', default: '', description: 'What to set it to' },
];

/**
 * What n8n holds for a field, as the value that the core expects: fixed collections become objects and arrays.
 * Anything else is left to the core, which checks it.
 */
export function fromParameter(field: Field, parameter: unknown): Json | undefined {
	if (parameter === undefined || parameter === null) return undefined;
	if (isLocator(parameter)) return fromParameter(field, parameter.value);
	if (field.type === 'date' || field.type === 'dateTime') return timeOf(parameter);
	if (field.type === 'pairs' && isObject(parameter) && 'pair' in parameter) {
		const pairs = Array.isArray(parameter.pair) ? parameter.pair.filter(isObject) : [];
		return Object.fromEntries(
			pairs.filter((pair) => String(pair.name ?? '') !== '').map((pair) => [String(pair.name), pair.value ?? '']),
		);
	}
	if (field.type === 'rows' && isObject(parameter) && 'row' in parameter) {
		const rows = Array.isArray(parameter.row) ? parameter.row.filter(isObject) : [];
		return rows.map((row) => Object.fromEntries((field.fields ?? []).map((one) => [one.name, row[one.name] ?? null])));
	}
	return parameter as Json;
}

/** An expression such as `{{ $now }}` gives an object of its own, which knows the time zone that it is written in. */
function timeOf(parameter: unknown): Json {
	const { toISO, toISOString } = parameter as { toISO?: unknown; toISOString?: unknown };
	const write = typeof toISO === 'function' ? toISO : toISOString;
	return (typeof write === 'function' ? write.call(parameter) : parameter) as Json;
}

/** The value of a resource locator, which n8n keeps with the mode that it was chosen in. */
function isLocator(parameter: unknown): parameter is { value: unknown } {
	return isObject(parameter) && parameter.__rl === true && 'value' in parameter;
}

/** The values of fields, from the parameters of a node or the data of a credential. */
export function valuesOf(fields: readonly Field[], parameters: IDataObject): Values {
	return Object.fromEntries(fields.map((field) => [field.name, fromParameter(field, parameters[field.name])]));
}

function emptyDefault(field: Field): INodeProperties['default'] {
	switch (field.type) {
		case 'number':
			return 0;
		case 'boolean':
			return false;
		case 'choices':
			return [];
		case 'file':
			return 'data';
		case 'pairs':
		case 'rows':
			return {};
		case 'choice':
			return field.choicesFrom ? '' : (field.options?.[0]?.value ?? '');
		default:
			return '';
	}
}

function descriptionOf(field: Field, list: string | undefined): string | undefined {
	if (list !== undefined && field.type === 'choices') {
		const fromList =
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';
		return field.description ? `${withStop(field.description)} ${fromList}.` : fromList;
	}
	if (field.type === 'list')
		return field.description ? `${withStop(field.description)} Separate several with commas.` : undefined;
	if (field.type === 'file') return 'The name of the input field that contains the file';
	return withoutStop(field.description);
}

/** n8n's descriptions of one sentence end without a full stop. */
export function withoutStop(description: string | undefined): string | undefined {
	return description === undefined || /[.!?]\s/.test(description) ? description : description.replace(/\.$/, '');
}

function withStop(sentence: string): string {
	return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function typeOptionsOf(field: Field, list: string | undefined): INodePropertyTypeOptions | undefined {
	if (field.secret) return { password: true };
	if (list !== undefined) return { loadOptionsMethod: list };
	if (field.type === 'text') return { rows: 4 };
	if (field.type === 'date') return { dateOnly: true };
	if (field.type === 'pairs' || field.type === 'rows') return { multipleValues: true };
	return undefined;
}

function mutable(show: NonNullable<Field['showIf']>): { [name: string]: Array<string | boolean> } {
	return Object.fromEntries(Object.entries(show).map(([name, values]) => [name, [...values]]));
}
