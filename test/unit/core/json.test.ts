/** The helpers for JSON values, and what errors say. */
import {
	asCaught,
	InvalidInput,
	messageOf,
	ServiceRefused,
	SubscriptionFailed,
	Unreachable,
} from '../../../core/errors.ts';
import { addedEntries, defined, isObject, only, parsed, text, withEntries, without } from '../../../core/json.ts';
import type { Json } from '../../../core/provider.ts';

test.each<[unknown, boolean]>([
	[{}, true],
	[[], false],
	[null, false],
	['a', false],
	[undefined, false],
])('%j is an object: %s', (value, expected) => expect(isObject(value)).toBe(expected));

test.each<[Json | undefined, string | undefined]>([
	['a', 'a'],
	['', ''],
	[0, '0'],
	[true, undefined],
	[null, undefined],
	[undefined, undefined],
	[{}, undefined],
])('the text of %j is %j', (value, expected) => expect(text(value)).toBe(expected));

it('leaves out what is not there', () => {
	expect(defined({ a: undefined, b: null, c: 0 })).toEqual({ b: null, c: 0 });
	expect(Object.keys(defined({ a: undefined }))).toEqual([]);
	expect(Object.entries(only({ a: 1, b: 2 }, ['a', 'c']))).toEqual([['a', 1]]);
	const object = { a: 1, b: 2 };
	expect(without(object, 'a')).toEqual({ b: 2 });
	expect(object).toEqual({ a: 1, b: 2 });
});

it('reads JSON, or nothing', () => {
	expect(parsed('{"a":1}')).toEqual({ a: 1 });
	expect(parsed('null')).toBeNull();
	for (const none of ['', '{', 'undefined']) expect(parsed(none)).toBeUndefined();
});

describe('entries that were added', () => {
	it.each<[Json | undefined, Json | undefined, object[]]>([
		[{ a: 1 }, { a: 2 }, []],
		[{ a: 1 }, { a: 1, b: 2 }, [{ path: [], entries: { b: 2 } }]],
		[{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, [{ path: ['a'], entries: { c: 2 } }]],
		[
			{ a: {} },
			{ a: { c: 2 }, d: 3 },
			[
				{ path: [], entries: { d: 3 } },
				{ path: ['a'], entries: { c: 2 } },
			],
		],
		[undefined, { a: 1 }, []],
		[{ a: 1 }, [1], []],
		[{ a: [1] }, { a: { b: 1 } }, []],
	])('between %j and %j are %j', (before, after, expected) => expect(addedEntries(before, after)).toEqual(expected));

	it.each<[string, readonly string[], string]>([
		['{"a":1}', [], '{"new":7,"a":1}'],
		['{}', [], '{"new":7}'],
		['{ }', [], '{"new":7 }'],
		['{"a":{"b":1.0}}', ['a'], '{"a":{"new":7,"b":1.0}}'],
		['{"x":{"a":{}},"a":{}}', ['a'], '{"x":{"a":{}},"a":{"new":7}}'],
		['{"a":{},"a":{}}', ['a'], '{"a":{},"a":{"new":7}}'],
		['{"a":[{}]}', ['a'], '{"a":[{}]}'],
		['{"s":"{\\"a\\":{","a":{}}', ['a'], '{"s":"{\\"a\\":{","a":{"new":7}}'],
		['{"\\u0061":{}}', ['a'], '{"\\u0061":{"new":7}}'],
		['{"a" : {"b":1}}', ['a'], '{"a" : {"new":7,"b":1}}'],
		['{"v":"a","b":{}}', ['a'], '{"v":"a","b":{}}'],
		['[1]', [], '[1]'],
	])('are put into %s at %j, and the rest stays as it was written', (json, at, expected) => {
		expect(withEntries(json, { path: at, entries: { new: 7 } })).toBe(expected);
	});
});

describe('an error', () => {
	it('of a call that had no answer says what to do, where that is known', () => {
		expect(new Unreachable('No answer.').message).toBe('No answer.');
		const error = new Unreachable('No answer.', 'Try again.', { sent: false, lasting: true });
		expect(error).toMatchObject({ message: 'No answer. Try again.', what: 'No answer.', sent: false, lasting: true });
		expect(new Unreachable('No answer.')).toMatchObject({ sent: true, lasting: false });
	});

	it('has a name, by which n8n and Zapier show it', () => {
		const errors = [
			new InvalidInput('a'),
			new Unreachable('a'),
			new ServiceRefused('a', { status: 400, advice: '' }),
			new SubscriptionFailed('a'),
		];
		expect(errors.map(({ name }) => name)).toEqual([
			...['InvalidInput', 'Unreachable', 'ServiceRefused', 'SubscriptionFailed'],
		]);
		expect(errors[2]).toMatchObject({ notFound: false });
		expect(errors[3]).toMatchObject({ leftBehind: [] });
	});

	it('is what was thrown, or made of it', () => {
		const error = new Error('a');
		expect(asCaught(error)).toBe(error);
		expect(asCaught('b')).toEqual(new Error('b'));
		expect([messageOf(error), messageOf('b'), messageOf(undefined)]).toEqual(['a', 'b', 'undefined']);
	});
});
