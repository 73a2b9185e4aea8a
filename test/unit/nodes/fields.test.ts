import { fromParameter, toProperty } from '../../../nodes/n8n/fields.ts';
import { actionProperties } from '../../../nodes/n8n/action.ts';
import { apiCredential, apiProperties, authenticate } from '../../../nodes/n8n/credentials.ts';
import { triggerProperties } from '../../../nodes/n8n/trigger.ts';
import { providers } from '../../../providers/index.ts';
import type { Field } from '../../../core/provider.ts';

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({ name: 'f', label: 'F', type, ...more });

it('hides secrets as they are typed', () => {
	expect(toProperty(field('string', { secret: true })).typeOptions).toEqual({ password: true });
	for (const provider of providers) {
		const open = apiProperties(provider).filter(
			({ name, typeOptions }) => /key|token|password|secret/i.test(name) && !typeOptions?.password,
		);
		expect([provider.id, open.map(({ name }) => name)]).toEqual([provider.id, []]);
	}
});

it("turns n8n's fixed collections into values, and leaves the rest to the core", () => {
	const pairs = {
		pair: [
			{ name: 'a', value: '1' },
			{ name: '', value: 'x' },
			{ name: 'b', value: '' },
		],
	};
	expect(fromParameter(field('pairs'), pairs)).toEqual({ a: '1', b: '' });
	const rows = field('rows', { fields: [field('string', { name: 'sku' }), field('number', { name: 'n' })] });
	expect(fromParameter(rows, { row: [{ sku: 'x', n: 2, other: 1 }, { sku: 'y' }] })).toEqual([
		{ sku: 'x', n: 2 },
		{ sku: 'y', n: null },
	]);
	expect(fromParameter(field('pairs'), {})).toEqual({});
	expect(fromParameter(field('string'), null)).toBeUndefined();
});

describe('a field with a list', () => {
	const listOf = () => 'things';

	it('that takes one entry is chosen from the list or by ID', () => {
		for (const type of ['string', 'number', 'choice'] as const) {
			const property = toProperty(field(type, { label: 'Thing ID', placeholder: 'e.g. 7', required: true }), listOf);
			expect(property).toMatchObject({
				displayName: 'Thing',
				type: 'resourceLocator',
				required: true,
				default: { mode: 'list', value: '' },
			});
			expect(property.modes).toMatchObject([
				{ name: 'list', typeOptions: { searchListMethod: 'things', searchable: true } },
				{ name: 'id', placeholder: 'e.g. 7' },
			]);
			expect(property.typeOptions).toBeUndefined();
		}
	});

	it('that takes several entries is a list to choose from', () => {
		expect(toProperty(field('choices'), listOf)).toMatchObject({
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'things' },
		});
	});

	it('gives the ID that was chosen, in whatever way', () => {
		for (const [parameter, value] of [
			[{ __rl: true, mode: 'list', value: 7, cachedResultName: 'Seven' }, 7],
			[{ __rl: true, mode: 'id', value: '7' }, '7'],
			[{ __rl: true, mode: 'id', value: '' }, ''],
			[{ __rl: true, mode: 'list', value: null }, undefined],
			['7', '7'],
		] as const) {
			expect(fromParameter(field('string'), parameter)).toBe(value);
		}
		// What is no locator stays what it is.
		expect(fromParameter(field('json'), { value: 1 })).toEqual({ value: 1 });
	});
});

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) => {
	const properties = [...actionProperties(provider), ...triggerProperties(provider)];
	const every = properties.flatMap((property) => [
		property,
		...((property.options ?? []) as typeof properties).filter((option) => 'displayName' in option),
	]);

	it('asks in the words of n8n: booleans begin with "Whether", placeholders with "e.g."', () => {
		const wrong = every.filter(
			({ type, description, placeholder, name }) =>
				(type === 'boolean' && !description?.startsWith('Whether')) ||
				(placeholder !== undefined && !/^(e\.g\. |Add |name@email\.com)/.test(placeholder) && name !== 'options'),
		);
		expect(wrong.map(({ name, description, placeholder }) => [name, description, placeholder])).toEqual([]);
	});

	it('has no expression in what the receiving path reads', () => {
		const expressions = triggerProperties(provider).filter(
			({ type, noDataExpression }) => type !== 'notice' && !noDataExpression,
		);
		expect(expressions.map(({ name }) => name)).toEqual([]);
	});

	it('never shows two parameters of one name at once', () => {
		const shown = actionProperties(provider).map(({ name, displayOptions }) =>
			JSON.stringify([name, displayOptions?.show ?? null]),
		);
		expect(shown.length).toBe(new Set(shown).size);
	});

	it('signs requests without changing what else they contain', async () => {
		const sign = authenticate(provider) as (
			credentials: object,
			options: object,
		) => Promise<{ headers?: object; qs?: object; body?: unknown }>;
		const credentials = Object.fromEntries(provider.api.fields.map(({ name }) => [name, `value of ${name}`]));
		const signed = await sign(credentials, {
			url: 'https://x',
			method: 'POST',
			headers: { Accept: 'text/plain' },
			qs: { a: 1 },
			body: '{"b":2}',
		});
		expect(signed).toMatchObject({ headers: { Accept: 'text/plain' }, qs: { a: 1 } });
		expect(JSON.parse(String(signed.body))).toMatchObject({ b: 2 });
		expect(JSON.stringify([signed.headers, signed.qs])).not.toBe(JSON.stringify([{ Accept: 'text/plain' }, { a: 1 }]));
		expect(apiCredential(provider)).toMatch(/^[a-z][A-Za-z0-9]+Api$/);
	});
});
