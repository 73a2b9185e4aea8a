import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBody } from '../../../core/body.ts';
import { isObject } from '../../../core/json.ts';
import type { Format, Json, JsonObject } from '../../../core/provider.ts';
import { MAX_DEPTH, put } from '../../../core/untrusted.ts';
import { MAX_NAME_PARTS, MAX_PAIRS } from '../../../core/form.ts';
import { MAX_NODES } from '../../../core/xml.ts';

const ALL: readonly Format[] = ['json', 'xml', 'form'];
const TYPES = { json: 'application/json', xml: 'application/xml', form: 'application/x-www-form-urlencoded' };
const bytes = (body: string): Uint8Array => new TextEncoder().encode(body);
const read = (body: string, format: Format) => readBody(bytes(body), TYPES[format], [format]);

/** What a body says; fails the test when it cannot be read. */
function payload(body: string, format: Format): Json {
	const result = read(body, format);
	if (!result.ok) throw new Error(result.reason);
	return result.payload;
}

/** Why a body cannot be read; fails the test when it can. */
function reason(body: string, format: Format): string {
	const result = read(body, format);
	if (result.ok) throw new Error(`read as ${JSON.stringify(result.payload)}`);
	return result.reason;
}

describe('which format a body is read in', () => {
	test.each<[string, string | undefined, readonly Format[], Format]>([
		['{"a":1}', 'application/json; charset=utf-8', ALL, 'json'],
		['{"a":1}', 'application/vnd.example+json', ALL, 'json'],
		['<r>1</r>', 'text/xml', ALL, 'xml'],
		['<r>1</r>', 'application/soap+xml', ALL, 'xml'],
		['a=1', 'Application/X-WWW-Form-Urlencoded', ALL, 'form'],
		['1', 'application/json', ALL, 'json'],
		// No content type, or one that says nothing: by the first character.
		['  {"a":1}', undefined, ALL, 'json'],
		['[1]', 'text/plain', ALL, 'json'],
		['\n<r>1</r>', undefined, ALL, 'xml'],
		['a=1', '', ALL, 'form'],
		['5', undefined, ['json'], 'json'],
		// A content type that the first character proves wrong, or that the provider does not send.
		['{"a":1}', TYPES.form, ALL, 'json'],
		['<r>1</r>', TYPES.json, ALL, 'xml'],
		['{"a":1}', TYPES.xml, ['json'], 'json'],
		['\uFEFF{"a":1}', undefined, ALL, 'json'],
	])('%j sent as %s', (body, contentType, formats, format) => {
		expect(readBody(bytes(body), contentType, formats)).toMatchObject({ ok: true, format });
	});

	test('an empty body, bytes that are not UTF-8, and a provider without formats are refused', () => {
		expect(readBody(bytes(''), TYPES.json, ALL)).toEqual({ ok: false, reason: 'the body is empty' });
		expect(readBody(bytes(' \n\t'), undefined, ALL)).toEqual({ ok: false, reason: 'the body is empty' });
		expect(readBody(Uint8Array.of(0x7b, 0xff, 0x7d), TYPES.json, ALL)).toEqual({
			ok: false,
			reason: 'the body is not UTF-8',
		});
		expect(readBody(bytes('a'), TYPES.json, []).ok).toBe(false);
	});
});

describe('JSON', () => {
	test('any JSON value comes out as it went in', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) =>
				expect(payload(JSON.stringify(value), 'json')).toEqual(JSON.parse(JSON.stringify(value))),
			),
		);
	});

	test('a byte order mark is dropped', () => expect(payload('\uFEFF{"a":"\uFEFF"}', 'json')).toEqual({ a: '\uFEFF' }));

	test('a refusal quotes nothing of the body', () => {
		expect(reason('{"password": hunter2}', 'json')).toBe('the body cannot be read as JSON: it is malformed');
	});

	test('nesting is bounded; brackets in strings are not nesting', () => {
		const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
		expect(read(nested(MAX_DEPTH), 'json').ok).toBe(true);
		expect(reason(nested(MAX_DEPTH + 1), 'json')).toContain('256 levels');
		expect(reason('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 'json')).toContain('256 levels');
		expect(payload(JSON.stringify('[{'.repeat(1000)), 'json')).toBe('[{'.repeat(1000));
		expect(payload(`[${'[],'.repeat(1000)}[]]`, 'json')).toHaveLength(1001);
	});
});

describe('no body changes a prototype', () => {
	test.each<[Format, string, JsonObject]>([
		['json', '{"__proto__":{"polluted":"yes"}}', { polluted: 'yes' }],
		['xml', '<r><__proto__><polluted>yes</polluted></__proto__></r>', { polluted: 'yes' }],
		['form', '__proto__[polluted]=yes', { polluted: 'yes' }],
	])('%s', (format, body, value) => {
		const object = payload(body, format) as JsonObject;
		expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
		expect(Object.entries(object)).toEqual([['__proto__', value]]);
		expect(object['polluted']).toBeUndefined();
		expect({}).not.toHaveProperty('polluted');
	});

	test('names that objects inherit are ordinary names', () => {
		const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'prototype'];
		const form = payload(names.map((name) => `${name}[${name}]=1&${name}[${name}]=2`).join('&'), 'form') as JsonObject;
		const xml = payload(
			`<r>${names.map((name) => `<${name}>1</${name}><${name}>2</${name}>`).join('')}</r>`,
			'xml',
		) as JsonObject;
		expect(Object.keys(form)).toEqual(names);
		expect(Object.keys(xml)).toEqual(names);
		expect(new Map(Object.entries(xml)).get('__proto__')).toEqual(['1', '2']);
	});
});

describe('form', () => {
	test.each<[string, Json]>([
		['a=1&b=two+words&c=%C3%A9', { a: '1', b: 'two words', c: 'é' }],
		['a', { a: '' }],
		['&&a=1&', { a: '1' }],
		['content[item][id]=7&content[item][name]=Ada', { content: { item: { id: '7', name: 'Ada' } } }],
		['content%5Bitem%5D%5Bid%5D=7', { content: { item: { id: '7' } } }],
		['a[]=1&a[]=2', { a: ['1', '2'] }],
		['a[0]=x&a[1]=y', { a: ['x', 'y'] }],
		['a[1]=y&a[0]=x', { a: ['x', 'y'] }],
		['a[][id]=1&a[][id]=2', { a: [{ id: '1' }, { id: '2' }] }],
		['a[5]=x&a[]=y', { a: { 5: 'x', 6: 'y' } }],
		['a[01]=x', { a: { '01': 'x' } }],
		['a=1&a=2', { a: ['1', '2'] }],
		// Odd names are kept as they are spelled.
		['a[b=1&c]=2&[d]=3&a[b]c=4&a[[b]]=5', { 'a[b': '1', 'c]': '2', '[d]': '3', 'a[b]c': '4', 'a[[b]]': '5' }],
		// Nothing is lost when a name is a value and a group.
		['a=1&a[b]=2', { a: '1', 'a[b]': '2' }],
		['a[b]=1&a=2&a=3', { a: { b: '1', '': ['2', '3'] } }],
		['a[b]=1&a[b][c]=2', { a: { b: '1' }, 'a[b][c]': '2' }],
	])('%s', (body, value) => expect(payload(body, 'form')).toEqual(value));

	test('pairs and nesting are bounded', () => {
		expect(read(Array.from({ length: MAX_PAIRS }, (_, i) => `k${i}=1`).join('&'), 'form').ok).toBe(true);
		expect(reason('&'.repeat(MAX_PAIRS), 'form')).toContain('10000 pairs');
		expect(reason(`a${'[b]'.repeat(MAX_DEPTH)}=1`, 'form')).toContain('256 levels');
		const deep = (pairs: number) => Array.from({ length: pairs }, (_, i) => `k${i}${'[b]'.repeat(199)}=1`).join('&');
		expect(read(deep(MAX_NAME_PARTS / 200), 'form').ok).toBe(true);
		expect(reason(deep(MAX_NAME_PARTS / 200 + 1), 'form')).toContain('100000 parts');
	});

	test('what is written with brackets is read back', () => {
		const key = fc.stringMatching(/^[a-z_]{1,8}$/);
		const tree = fc.letrec<{ node: Json }>((tie) => ({
			node: fc.oneof(
				{ maxDepth: 4 },
				fc.string({ unit: 'binary' }),
				fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
				fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
			),
		})).node;
		const write = (name: string, value: Json): [string, string][] =>
			Array.isArray(value)
				? value.flatMap((item, index) => write(`${name}[${index}]`, item))
				: isObject(value)
					? Object.entries(value).flatMap(([inner, item]) => write(`${name}[${inner}]`, item))
					: [[name, String(value)]];
		fc.assert(
			fc.property(fc.dictionary(key, tree, { minKeys: 1, noNullPrototype: true }), (object) => {
				const body = new URLSearchParams(
					Object.entries(object).flatMap(([name, value]) => write(name, value)),
				).toString();
				expect(payload(body, 'form')).toEqual(object);
			}),
		);
	});
});

describe('XML', () => {
	test.each<[string, Json]>([
		['<r/>', ''],
		['<r></r>', ''],
		['<r> text </r>', ' text '],
		['<?xml version="1.0"?><r>1</r>', '1'],
		["<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<r>1</r>\n", '1'],
		['\n<?xml version="1.0"?><r>1</r>', '1'],
		['<!-- a --><?pi data?><r>1</r><!-- b --><?pi?>', '1'],
		['<r><a>1</a><b>2</b></r>', { a: '1', b: '2' }],
		['<r>\n  <a>1</a>\n  <a/>\n  <a><b>2</b></a>\n</r>', { a: ['1', '', { b: '2' }] }],
		['<r><a>1</a><b>2</b><a>3</a></r>', { a: ['1', '3'], b: '2' }],
		['<r id="7" kind=\'x "y"\'>t</r>', { '@id': '7', '@kind': 'x "y"', '#text': 't' }],
		['<r a="1\n2&#10;&lt;"/>', { '@a': '1 2\n<' }],
		['<r>one<b>two</b>three</r>', { b: 'two', '#text': 'onethree' }],
		['<r>a<!-- x -->b<![CDATA[<c>&amp;]]]]><![CDATA[>]]></r>', 'ab<c>&amp;]]>'],
		['<r>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</r>', '<>&"\'A\u{1F600}'],
		['<r>&amp;lt;</r>', '&lt;'],
		['<r>a\r\nb\rc</r>', 'a\nb\nc'],
		['<ns:r xmlns:ns="urn:x"><ns:a-b.c>1</ns:a-b.c></ns:r>', { '@xmlns:ns': 'urn:x', 'ns:a-b.c': '1' }],
		['<r><é>1</é></r>', { é: '1' }],
		['<r><a >1</a\n></r >', { a: '1' }],
	])('%j', (body, value) => expect(payload(body, 'xml')).toEqual(value));

	test.each<[string, string]>([
		['<!DOCTYPE r><r/>', 'document types'],
		['<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>', 'document types'],
		['<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>', 'document types'],
		['<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', 'document types'],
		['<r><!ENTITY x "y"></r>', 'declarations'],
		['<r>&x;</r>', 'entity'],
		['<r>&nbsp;</r>', 'entity'],
		['<r a="&x;"/>', 'entity'],
		['<r>&__proto__;</r>', 'entity'],
		['<r>fish & chips</r>', 'begins no reference'],
		['<r>&#;</r>', 'begins no reference'],
		['<r>&#xZZ;</r>', 'begins no reference'],
		['<r>&#0;</r>', 'XML forbids'],
		['<r>&#x110000;</r>', 'XML forbids'],
		['<r>&#xD800;</r>', 'XML forbids'],
		['<r>&#99999999999999999999999;</r>', 'XML forbids'],
		['<r>\u0001</r>', 'XML forbids'],
		['<r>', 'not closed'],
		['<r><a></r>', 'does not match'],
		['<r></a></r>', 'does not match'],
		['<r></R>', 'does not match'],
		['<r/></r>', 'does not match'],
		['<r/><s/>', 'more than one root'],
		['<r/>text', 'outside the root'],
		['<!-- only -->', 'no root element'],
		['<r/><![CDATA[x]]>', 'outside the root'],
		['<r', 'a tag is malformed'],
		['<r a></r>', 'a tag is malformed'],
		['<r a=1></r>', 'a tag is malformed'],
		['<r a="1></r>', 'a tag is malformed'],
		['<r a="<"/>', 'a tag is malformed'],
		['<r a="1"b="2"/>', 'a tag is malformed'],
		['<r a="1" a="2"/>', 'same attribute'],
		['<1r/>', 'a tag is malformed'],
		['< r/>', 'a tag is malformed'],
		['<r>a < b</r>', 'a tag is malformed'],
		['<r/ >', 'a tag is malformed'],
		['<r></r', 'closing tag is malformed'],
		['<r></ r>', 'closing tag is malformed'],
		['<r>]]></r>', ']]>'],
		['<r><!-- x</r>', 'comment is not closed'],
		['<r><!-- a -- b --></r>', 'comment holds'],
		['<r><![CDATA[x</r>', 'CDATA section is not closed'],
		['<r><?pi </r>', 'processing instruction is not closed'],
		['<r><?xml version="1.0"?></r>', 'processing instruction is malformed'],
		['<?xml version="1.0" encoding="ISO-8859-1"?><r/>', 'encoding other than UTF-8'],
		['<?xml encoding="utf-8"?><r/>', 'declaration is malformed'],
		['<?xml?><r/>', 'declaration is malformed'],
		['plain text', 'outside the root'],
	])('%j is refused', (body, why) => expect(reason(body, 'xml')).toContain(why));

	test('depth and count are bounded', () => {
		const nested = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
		expect(read(nested(MAX_DEPTH), 'xml').ok).toBe(true);
		expect(reason(nested(MAX_DEPTH + 1), 'xml')).toContain('256 levels');
		expect(reason('<a>'.repeat(1_000_000), 'xml')).toContain('256 levels');
		expect(reason(`<r>${'<a/>'.repeat(MAX_NODES)}</r>`, 'xml')).toContain('100000 elements');
	});

	test('time grows with the length alone', () => {
		const size = 200_000;
		const bodies = [
			`<r>${'<![CDATA[x]]>'.repeat(size / 10)}</r>`,
			`<r>${'&amp;'.repeat(size)}</r>`,
			`<r>${'&a'.repeat(size)}</r>`,
			`<r ${' '.repeat(size)}`,
			`<r a${' '.repeat(size)}`,
			`<${'a'.repeat(size)}`,
			`<r a="${'x'.repeat(size)}`,
			`<r>${'<!---->'.repeat(size / 10)}</r>`,
			`<r>${']]'.repeat(size)}</r>`,
			`<r></r${' '.repeat(size)}`,
			`<?xml version="1.0"${' '.repeat(size)}`,
		];
		const begun = performance.now();
		for (const body of bodies) read(body, 'xml');
		// Together a few milliseconds each; anything quadratic in 200,000 would take minutes.
		expect(performance.now() - begun).toBeLessThan(5000);
	});

	test('what is written is read back', () => {
		const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
		// eslint-disable-next-line no-control-regex
		const text = fc.string({ unit: 'binary' }).filter((value) => !/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/.test(value));
		const tree = fc.letrec<{ node: Json }>((tie) => ({
			node: fc.oneof(
				{ maxDepth: 4 },
				text,
				fc.dictionary(name, fc.oneof(tie('node'), fc.array(tie('node'), { minLength: 2, maxLength: 3 })), {
					minKeys: 1,
					maxKeys: 4,
					noNullPrototype: true,
				}),
			),
		})).node;
		const escaped = (value: string) => value.replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);
		const write = (tag: string, value: Json): string =>
			Array.isArray(value)
				? value.map((item) => write(tag, item)).join('\n')
				: `<${tag}>${
						isObject(value)
							? Object.entries(value)
									.map(([inner, item]) => write(inner, item))
									.join('')
							: escaped(String(value))
					}</${tag}>`;
		// Arrays directly in arrays have no XML: flatten what the generator nests.
		const flat = (value: Json): Json => {
			if (Array.isArray(value)) return value.map(flat).flat();
			if (!isObject(value)) return value;
			const object: JsonObject = {};
			for (const [key, item] of Object.entries(value)) put(object, key, flat(item));
			return object;
		};
		fc.assert(fc.property(tree, (value) => expect(payload(write('r', flat(value)), 'xml')).toEqual(flat(value))));
	});
});

describe('whatever comes', () => {
	const noise = fc.oneof(
		fc.uint8Array({ maxLength: 300 }),
		fc.string({ unit: 'binary' }).map(bytes),
		fc
			.array(
				fc.constantFrom(
					'<',
					'</',
					'/>',
					'>',
					'<a',
					'<a>',
					'</a>',
					'<!--',
					'-->',
					'<![CDATA[',
					']]>',
					'&',
					';',
					'&#',
					'"',
					'=',
					' a="1"',
					'<?',
					'?>',
					'<!',
					'xml',
					'é',
				),
			)
			.map((parts) => bytes(parts.join(''))),
		fc
			.array(fc.constantFrom('a', '[', ']', '[]', '=', '&', '%', '%5B', '+', '__proto__', '0'))
			.map((parts) => bytes(parts.join(''))),
	);

	test('it never throws, and what it reads is JSON', () => {
		fc.assert(
			fc.property(
				noise,
				fc.option(fc.constantFrom(...Object.values(TYPES), 'text/plain', ';;;'), { nil: undefined }),
				(raw, type) => {
					const result = readBody(raw, type, ALL);
					if (result.ok) expect(JSON.parse(JSON.stringify(result.payload))).toEqual(result.payload);
					else expect(result.reason).toMatch(/^[^<{[]{10,120}$/);
				},
			),
			{ numRuns: 2000 },
		);
	});
});
