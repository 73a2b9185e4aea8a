/** What a person fills in and gets out: input fields, output fields, items. */
import type { Bundle, InputFieldFunction, PlainInputField, ZObject } from 'zapier-platform-core';
import type { Field, JsonObject, Operation } from '../../../core/provider.ts';
import { InvalidInput } from '../../../core/errors.ts';
import { inputFieldsOf } from '../../../zapier/shared/fields.mts';
import { isSince } from '../../../zapier/shared/finds.mts';
import { shownFields, valuesOf } from '../../../zapier/shared/form.mts';
import { itemsOf, itemsOfPayload, sampleOf, withId, withoutLocalTimes } from '../../../zapier/shared/items.mts';
import { limitOf } from '../../../zapier/shared/limit.mts';
import { outputFieldsOf, outputsOf } from '../../../zapier/shared/outputs.mts';
import { isRemoval } from '../../../zapier/shared/readback.mts';
import { isSameText } from '../../../zapier/shared/settings.mts';
import { acme } from '../support/acme.ts';

const form = { provider: acme(), resource: 'thing' };
const field = (more: Partial<Field>): Field => ({ name: 'x', label: 'X', type: 'string', ...more });
const plain = (more: Partial<Field>): PlainInputField => inputFieldsOf(form, [field(more)])[0] as PlainInputField;

describe('an input field', () => {
	it.each<[Partial<Field>, Partial<PlainInputField>]>([
		[{ type: 'string' }, { type: 'string' }],
		[
			{ type: 'email', default: 'a@example.com' },
			{ type: 'string', default: 'a@example.com' },
		],
		[{ type: 'text' }, { type: 'text' }],
		[{ type: 'json' }, { type: 'text' }],
		[
			{ type: 'number', default: 5 },
			{ type: 'number', default: '5' },
		],
		[
			{ type: 'boolean', default: false },
			{ type: 'boolean', default: 'false' },
		],
		[{ type: 'date' }, { type: 'datetime' }],
		[{ type: 'dateTime' }, { type: 'datetime' }],
		[{ type: 'file' }, { type: 'file' }],
		[{ type: 'list' }, { type: 'string', list: true }],
		[{ type: 'pairs' }, { dict: true }],
	])('of %j has %j', (given, expected) => {
		expect(plain(given)).toEqual({ key: 'x', label: 'X', required: false, helpText: expect.any(String), ...expected });
	});

	it('is asked for, and has an example, where the provider says so', () => {
		expect(plain({ required: true, placeholder: 'e.g. 7' })).toMatchObject({ required: true, placeholder: 'e.g. 7' });
		expect(plain({})).not.toHaveProperty('placeholder');
	});

	it('has choices by value, with their labels', () => {
		const options = [
			{ value: 'a', label: 'One' },
			{ value: 'b', label: 'Two' },
		];
		expect(plain({ type: 'choice', options })).toMatchObject({ choices: { a: 'One', b: 'Two' } });
	});

	it('has a help text: its own in the words of Zapier, or what its label says', () => {
		expect(plain({ description: 'Publish the workflow.' }).helpText).toBe('Switch the Zap on.');
		expect(plain({ label: 'Job Title' }).helpText).toBe('Job title of the thing.');
		expect(plain({ label: 'Tax ID' }).helpText).toBe('Tax ID of the thing.');
		const nowhere = inputFieldsOf({ provider: acme() }, [field({ label: 'Job Title' })])[0] as PlainInputField;
		expect(nowhere.helpText).toBe('Job title.');
		for (const type of ['list', 'choices'] as const)
			expect(plain({ type, description: 'Tags.' }).helpText).toBe(
				'Tags. One in each box, or several with commas between them.',
			);
	});

	it('of rows has what is in a row, and no help text of its own', () => {
		expect(plain({ type: 'rows', fields: [field({ name: 'sku', label: 'SKU' })] })).toEqual({
			...{ key: 'x', label: 'X' },
			children: [{ key: 'sku', label: 'SKU', type: 'string', required: false, helpText: 'SKU of the thing.' }],
		});
	});
});

describe('a form', () => {
	const kind = field({ name: 'kind', type: 'choice', options: [{ value: 'a', label: 'A' }] });
	const later = field({ name: 'later', showIf: { kind: ['a'] } });
	const asked = (fields: readonly Field[], inputData?: object) => {
		const last = inputFieldsOf(form, fields).at(-1) as InputFieldFunction;
		return (last as (z: ZObject, bundle: Bundle) => PlainInputField[])({} as ZObject, { inputData } as Bundle);
	};

	it('asks again when a field changes that decides about others, and shows those', () => {
		const [first] = inputFieldsOf(form, [kind, later]) as PlainInputField[];
		expect(first).toMatchObject({ key: 'kind', altersDynamicFields: true });
		expect(asked([kind, later], { kind: 'a' }).map(({ key }) => key)).toEqual(['later']);
		expect(asked([kind, later], { kind: 'b' })).toEqual([]);
		expect(asked([kind, later])).toEqual([]);
		expect(shownFields([kind, later], { kind: 'a' })).toEqual([kind, later]);
	});

	it('keeps eight fields in the definition, and those that are required', () => {
		const many = Array.from({ length: 10 }, (_, index) => field({ name: `f${index}`, required: index === 9 }));
		const fields = inputFieldsOf(form, many);
		expect(fields.slice(0, -1).map((one) => (one as PlainInputField).key)).toEqual(
			[0, 1, 2, 3, 4, 5, 6, 7, 9].map((index) => `f${index}`),
		);
		expect(asked(many, {}).map(({ key }) => key)).toEqual(['f8']);
		expect(inputFieldsOf(form, many.slice(0, 8))).toHaveLength(8);
	});

	it('leaves out lines of a dictionary that were not used', () => {
		const pairs = field({ name: 'pairs', type: 'pairs' });
		expect(valuesOf([pairs], { pairs: { a: 1, b: null, c: undefined }, other: { d: null } })).toEqual({
			...{ pairs: { a: 1 }, other: { d: null } },
		});
	});
});

describe('an output field', () => {
	it('has the type and a name for each value, nested ones too', () => {
		const sample = { id: 1, is_ok: true, name: 'x', data: { customer_id: 'c', at: '2026-02-02T10:30:00Z' }, list: [] };
		expect(outputFieldsOf(sample, { id: 'integer' })).toEqual([
			{ key: 'id', label: 'ID', type: 'integer' },
			{ key: 'is_ok', label: 'Is Ok', type: 'boolean' },
			{ key: 'name', label: 'Name', type: 'string' },
			{ key: 'data__customer_id', label: 'Data Customer ID', type: 'string' },
			{ key: 'data__at', label: 'Data At', type: 'datetime' },
		]);
	});

	it.each([
		['2026-02-02', 'datetime'],
		['2026-02-02T10:30Z', 'datetime'],
		['2026-02-02T10:30:00.5+01:00', 'datetime'],
		['2026-02-02T10:30:00', 'string'],
		['2026-02-02 10:30', 'string'],
		['on 2026-02-02', 'string'],
		['2026-02-02 or so', 'string'],
	])('of %s is a %s', (value, type) => expect(outputFieldsOf({ value })).toMatchObject([{ type }]));

	it('is what the value is, where the contract says otherwise', () => {
		expect(outputFieldsOf({ a: 1.5, b: 1 }, { a: 'integer', b: 'string' })).toMatchObject([
			{ type: 'number' },
			{ type: 'number' },
		]);
		expect(outputFieldsOf({ a: null, theName: 'x' })).toEqual([{ key: 'theName', label: 'The Name', type: 'string' }]);
	});

	it('comes from a function: what is not in the definition costs nothing', () => {
		const operation = { resource: 'thing', name: 'get' } as Operation;
		const [fields] = outputsOf(operation, { a: 1 }) as unknown as [() => unknown];
		expect(fields()).toEqual([{ key: 'a', label: 'A', type: 'number' }]);
	});
});

describe('an item', () => {
	it.each<[JsonObject, string | number]>([
		[{ id: 'own' }, 'own'],
		[{ id: 0 }, 0],
		[{ id: '' }, 'other'],
		[{ id: null }, 'other'],
		[{}, 'other'],
	])('of %j has the id %j', (item, id) => expect(withId(item, 'other').id).toBe(id));

	it('without an id gets the one of its delivery, and its place in it', () => {
		expect(itemsOf({ items: [{}, { id: 7 }, {}], deliveryId: 'd' })).toEqual([{ id: 'd-0' }, { id: 7 }, { id: 'd-2' }]);
	});

	it('is made of a record as of a delivery, and of a sample', () => {
		const provider = acme();
		const [event] = provider.events;
		expect(itemsOfPayload(provider, event, { id: 'a', n: 1 })).toEqual([{ id: 'a', n: 1 }]);
		expect(itemsOfPayload(provider, event, [{ id: 'a' }, { id: 'b' }])).toEqual([{ id: 'a' }, { id: 'b' }]);
		expect(itemsOfPayload(provider, event, 'no object')).toEqual([]);
		expect(sampleOf(provider, { ...event, sample: { id: 'a' } })).toEqual({ id: 'a' });
		expect(() => sampleOf(provider, { ...event, sample: [] })).toThrow('acme thing.made');
	});

	it('as a sample has no time without a time zone, at any depth', () => {
		const local = '2026-02-02 10:30:00';
		const zoned = '2026-02-02T10:30:00Z';
		expect(
			withoutLocalTimes({ a: local, b: zoned, c: { d: local, e: 1 }, f: [{ g: local }, 'x'], h: '2026-02-02' }),
		).toEqual({ b: zoned, c: { e: 1 }, f: [{}, 'x'], h: '2026-02-02' });
	});
});

describe('what a person wrote', () => {
	it.each<[unknown, number]>([
		[undefined, 50],
		['', 50],
		['7', 7],
		[200, 200],
	])('as a limit, %j, is %d', (limit, expected) => expect(limitOf({ limit })).toBe(expected));

	it.each(['many', '0', '-1', '1.5'])('as a limit, %s, is refused', (limit) => {
		expect(() => limitOf({ limit })).toThrow(InvalidInput);
	});

	it.each<[string | undefined, string, boolean]>([
		['2026-02-02', '2026-02-02T23:00:00Z', true],
		['2026-02-01', '2026-02-02T00:00:00Z', false],
		['2026-02-02T10:00:00Z', '2026-02-02', true],
		['2026-02-02T10:00:00Z', '2026-02-02T10:00:00Z', true],
		['2026-02-02T09:59:59Z', '2026-02-02T10:00:00Z', false],
		['2026-02-02T11:00:00+02:00', '2026-02-02T10:00:00Z', false],
		['never', '2026-02-02', false],
		[undefined, '2026-02-02', false],
	])('a record of %s is since %s: %s', (time, since, expected) => expect(isSince(time, since)).toBe(expected));

	it('as a time, is refused when it is none', () => {
		expect(() => isSince('2026-02-02', 'yesterday')).toThrow('"Since" must be a date');
		expect(() => isSince(undefined, 'yesterday')).toThrow(InvalidInput);
	});

	it.each<[string | number | null, string | undefined, boolean]>([
		[' A@Example.com', 'a@example.com ', true],
		[7, '7', true],
		['', '', false],
		[null, undefined, false],
		['a', 'b', false],
	])('%j and %j are the same text: %s', (one, other, same) => expect(isSameText(one, other)).toBe(same));
});

test.each<[Partial<Operation>, boolean]>([
	[{ name: 'delete' }, true],
	[{ name: 'remove' }, true],
	[{ name: 'undelete' }, false],
	[{ name: 'archive', effect: 'remove' }, true],
	[{ name: 'delete', effect: 'change' }, false],
])('after %j there is nothing left to read: %s', (operation, removed) => {
	expect(isRemoval(operation as Operation)).toBe(removed);
});
