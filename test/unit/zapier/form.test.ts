/** What a person wrote is read in one place: what Zapier's boxes hold, and what n8n's parameters hold, is the same input. */
import { cleanInput } from '../../../core/operation.ts';
import type { Field, Json, Values } from '../../../core/provider.ts';
import { providers } from '../../../providers/index.ts';
import { valuesOf } from '../../../zapier/shared/form.mts';

function allOf(fields: readonly Field[]): Field[] {
	return fields.flatMap((field) => [field, ...allOf(field.fields ?? [])]);
}

/** What people write, by the type of field. */
function written({ type, options = [], fields = [] }: Field): Json[] {
	const [first] = options;
	const choices = first === undefined ? [] : [first.label.toUpperCase(), ` ${first.value} `];
	switch (type) {
		case 'list':
			return ['Lead, 53966', ['Lead, 53966', '', 'x'], '["Smith, Jane"]', 'a\nb', []];
		case 'choices':
			return options.length > 0 ? [...choices, [choices.join(', ')]] : ['Lead, 53966', ['Lead, 53966']];
		case 'choice':
			return options.length > 0 ? choices : [' 53966 '];
		case 'pairs':
			return [{ kept: 'x', empty: '', ' spaced ': 'y' }, '{"a":1}', { empty: ' ' }];
		case 'rows':
			return [[Object.fromEntries(fields.map(({ name }) => [name, ''])), {}]];
		default:
			return [];
	}
}

const cases = providers.flatMap(({ name, operations, triggerFields = [] }) =>
	allOf([...triggerFields, ...operations.flatMap(({ fields }) => fields)]).flatMap((field) =>
		written(field).map((given) => [name, field.name, given, field] as const),
	),
);

test('there are fields of every type that people write several things into', () => {
	const types = new Set(cases.map(([, , , { type }]) => type));
	expect([...types].sort()).toEqual(['choice', 'choices', 'list', 'pairs', 'rows']);
});

test.each(cases)('%s, %s: %j is the same from a box of Zapier as from anywhere', (_service, name, given, field) => {
	const alone = { ...field, required: false, default: undefined, showIf: undefined } as unknown as Field;
	const expected = cleanInput([alone], { [name]: given });
	expect(cleanInput([alone], valuesOf([alone], { [name]: given }))).toEqual(expected);
});

test('rows that were added and left empty are none, whatever is required in them', () => {
	const row: Field = { name: 'sku', label: 'SKU', type: 'string', required: true };
	const rows: Field = { name: 'rows', label: 'Rows', type: 'rows', fields: [row] };
	const filled: Values = { rows: [{ sku: ' ' }, { sku: 'A' }, {}, { sku: null }] };
	expect(cleanInput([rows], filled)).toEqual({ rows: [{ sku: 'A' }] });
	expect(cleanInput([rows], { rows: [{ sku: '' }] })).toEqual({});
	expect(() => cleanInput([rows], { rows: [{ sku: '', other: 'x' }] })).toThrow('"SKU" is empty');
});
