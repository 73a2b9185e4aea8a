import { InvalidInput } from '../../../core/errors.ts';
import {
	choiceIn,
	cleanBaseUrl,
	cleanCredentials,
	cleanLimit,
	cleanSeconds,
	entriesOf,
	listIn,
} from '../../../core/input.ts';
import { path } from '../../../core/json.ts';
import { cleanInput } from '../../../core/operation.ts';
import type { Field, Json } from '../../../core/provider.ts';
import { acme } from '../support/acme.ts';

const BASE = 'https://api.acme.example.com';

describe('the base URL', () => {
	it.each([undefined, null, '', '  ', '\n'])('%p is the documented one', (given) => {
		expect(cleanBaseUrl(acme(), given)).toBe(BASE);
	});

	it.each([
		[' https://x.example.com/v2/ \n', 'https://x.example.com/v2'],
		['\ufeffhttps://x.example.com//', 'https://x.example.com'],
		['HTTP://X.example.com:8080/a', 'http://x.example.com:8080/a'],
		['https://x.example.com/apidata.php', 'https://x.example.com/apidata.php'],
	])('%j is %s', (given, expected) => expect(cleanBaseUrl(acme(), given)).toBe(expected));

	it.each([
		'api.example.com',
		'localhost:4010',
		'ftp://x.example.com',
		'file:///etc/passwd',
		'https://',
		'https://u:p@x.example.com',
		'https://u@x.example.com',
		'https://x.example.com?a=1',
		'https://x.example.com/?',
		'https://x.example.com/#a',
		'https://x.exa mple.com',
		'https://x.example.com\n/v2',
		...[5, false, {}, ['https://x.example.com']],
	])('%j is refused with a sentence', (given) => {
		expect(() => cleanBaseUrl(acme(), given)).toThrow(InvalidInput);
		expect(() => cleanBaseUrl(acme(), given)).toThrow(/"Base URL" must/);
	});
});

describe('credentials', () => {
	const { fields } = acme().api;

	it('lose what is around them', () => {
		for (const around of [' ', '\n', '\r\n', '\t', '\u00a0', '\u200b', '\ufeff']) {
			expect(cleanCredentials(fields, { apiKey: `${around}key${around}`, other: ' x ' })).toEqual({
				apiKey: 'key',
				other: ' x ',
			});
		}
	});

	it('may not have a line break inside, and are not repeated in the message', () => {
		expect(() => cleanCredentials(fields, { apiKey: 'k3y\nmore' })).toThrow(/"API Key" contains a line break/);
		expect(() => cleanCredentials(fields, { apiKey: 'k3y\nmore' })).not.toThrow(/k3y/);
		for (const inside of ['\t', '\r', '\u0000', '\u200b', '\ufeff', '\u2028', '\u00ad', '\u202e']) {
			expect(() => cleanCredentials(fields, { apiKey: `k3y${inside}more` })).toThrow('cannot be seen. Paste it again.');
		}
	});
});

it.each([
	[undefined, 50],
	[null, 50],
	['', 50],
	[' ', 50],
	['7', 7],
	[7, 7],
])('a limit of %p is %i', (given, expected) => expect(cleanLimit(given, 50)).toBe(expected));

it.each(['ten', 0, '0', -1, 2.5, '1e999', Number.NaN, Number.POSITIVE_INFINITY, true, [], {}])(
	'a limit of %p is refused',
	(given) => {
		expect(() => cleanLimit(given, 50)).toThrow('"Limit" must be a whole number above 0.');
	},
);

it('takes seconds to wait from a part of one to an hour', () => {
	expect([
		cleanSeconds('', 'Timeout', 30),
		cleanSeconds('0.5', 'Timeout', 30),
		cleanSeconds(3600, 'Timeout', 30),
	]).toEqual([30, 0.5, 3600]);
	for (const given of [0, -1, 3601, 'long', Number.NaN, {}])
		expect(() => cleanSeconds(given, 'Timeout', 30)).toThrow('"Timeout" must');
});

describe('a list', () => {
	it.each<[Json, string[]]>([
		['Lead, 53966', ['Lead', '53966']],
		['Lead\n53966\r\n', ['Lead', '53966']],
		[['Lead, 53966'], ['Lead', '53966']],
		[
			['Lead', ' 53966 ', ''],
			['Lead', '53966'],
		],
		['["Lead", "53966"]', ['Lead', '53966']],
		['["Smith, Jane", 7]', ['Smith, Jane', '7']],
		[
			['["Smith, Jane"]', 'x'],
			['Smith, Jane', 'x'],
		],
		[
			[1, 2],
			['1', '2'],
		],
		[53966, ['53966']],
		[
			[['Lead'], ['53966, x', [7]]],
			['Lead', '53966', 'x', '7'],
		],
		[' , ', []],
		['[half', ['[half']],
	])('is read from %j', (given, expected) => expect(listIn(given)).toEqual(expected));

	it.each<Json>([{ a: 1 }, true, [{ a: 1 }], '[{"a":1}]', [[{ a: 1 }]], [1e21], Number('12345678901234567890')])(
		'is not %j',
		(given) => expect(listIn(given)).toBeUndefined(),
	);
});

describe('what a person fills in', () => {
	const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
		name: 'f',
		label: 'The Field',
		type,
		...more,
	});
	const options = [
		{ value: 'won', label: 'Closed Won' },
		{ value: 'LOST', label: 'Closed Lost' },
	];
	const clean = (one: Field, f: Json) => cleanInput([one], { f }).f;

	it('is one of the choices by value or label, in any case', () => {
		for (const given of ['won', 'WON', 'closed won', ' Closed Won '])
			expect(clean(field('choice', { options }), given)).toBe('won');
		expect(clean(field('choices', { options }), 'Closed Lost, won')).toEqual(['LOST', 'won']);
		expect(() => clean(field('choices', { options }), ['won', 'maybe'])).toThrow('must be one of won, LOST');
		// A value goes before a label that is spelled the same.
		expect(
			choiceIn(
				field('choice', {
					options: [
						{ value: 'b', label: 'a' },
						{ value: 'a', label: 'x' },
					],
				}),
				'a',
			),
		).toBe('a');
	});

	it('shows the fields of a choice that was made by its label', () => {
		const fields = [
			{ ...field('choice', { options }), name: 'how' },
			{ ...field('string', { showIf: { how: ['won'] } }), name: 'why' },
		];
		expect(cleanInput(fields, { how: 'Closed Won', why: 'x' })).toEqual({ how: 'won', why: 'x' });
		expect(cleanInput(fields, { how: 'lost', why: 'x' })).toEqual({ how: 'LOST' });
	});

	it('has no empty value among names and values', () => {
		expect(clean(field('pairs'), { a: '1', b: '', c: ' ', d: null, ' e ': 0, ' ': 'x' })).toEqual({
			a: '1',
			d: null,
			e: 0,
		});
		expect(clean(field('pairs'), '{"a": 1}')).toEqual({ a: 1 });
		expect(clean(field('pairs'), { a: '' })).toBeUndefined();
		expect(() => clean(field('pairs'), 'a=1')).toThrow('names and values');
	});
});

describe('an ID that is given', () => {
	const given = (id: unknown, type: Field['type'] = 'string') =>
		cleanInput([{ name: 'contactId', label: 'Contact ID', type, required: true }], { contactId: id as Json });

	it.each([0, 42, -1, '42', ' 42\n', '\u00a042\u200b', 'x'.repeat(300)])('may be %j', (id) => {
		expect(given(id)).toEqual({ contactId: String(id).replace(/^[\s\u200b]+|[\s\u200b]+$/g, '') });
	});

	it.each(['', ' ', '\u200b', null, undefined])('must not be empty: %j', (id) =>
		expect(() => given(id)).toThrow('"Contact ID" is empty. Fill it in.'),
	);

	it.each([
		...[true, false, [], ['42'], {}, { id: 42 }],
		...[Number.NaN, Number.POSITIVE_INFINITY, Number('12345678901234567890'), -1e21],
	])('must be text, and name the record that is meant: %p', (id) => {
		for (const type of ['string', 'choice'] as const)
			expect(() => given(id, type)).toThrow('"Contact ID" must be text');
	});
});

describe('an ID in a path', () => {
	it('is one part of it', () => {
		expect(path`/a/${'x/y?z#ü'}/${7}`).toBe('/a/x%2Fy%3Fz%23%C3%BC/7');
		expect(path`/hooks/${'a b'}/x`).toBe('/hooks/a%20b/x');
		expect(path`/hooks`).toBe('/hooks');
	});

	it.each(['', ' ', '\t'])('%j is refused: it is empty', (id) => {
		expect(() => path`/documents/${id}/chat`).toThrow(new InvalidInput('An ID is empty. Fill it in.'));
	});

	it.each([
		...['.', '..', ' .. ', '../x', 'x/..', 'a/..', '..\\a', 'x\\..\\y'],
		...['%2e', '%2e%2e', '%2E%2e', '%2E.', '%252e%252e', '..%2fx', 'a%2f..', 'a%5c..'],
		...['\ud800', 'a\udc00b', '\ud83d', '\ude00'],
	])('%j is refused, and not repeated', (id) => {
		expect(() => path`/documents/${id}/chat`).toThrow(
			new InvalidInput('An ID must not be "." or "..", nor contain half a character. Check it.'),
		);
	});

	it.each(['...', 'a.b', 'a..b', '..a', 'a..', '%', '%41', '100%'])('%j is an ID like any other', (id) => {
		expect(path`/${id}`).toBe(`/${encodeURIComponent(id)}`);
	});
});

describe('entries of a list', () => {
	it.each<[Json | undefined, string[]]>([
		[undefined, []],
		['', []],
		['a, b', ['a', 'b']],
		[
			['a', 'b,c'],
			['a', 'b', 'c'],
		],
		['["a","b,c"]', ['a', 'b,c']],
		[' ["a"]', ['a']],
		['a["b"]', ['a["b"]']],
		['x [1,2]', ['x [1', '2]']],
		['7', ['7']],
		['{"a":1}', ['{"a":1}']],
		['null', ['null']],
		[7, ['7']],
		[{ a: 1 }, []],
		[true, []],
	])('of %j are %j', (given, expected) => expect(entriesOf(given)).toEqual(expected));
});
