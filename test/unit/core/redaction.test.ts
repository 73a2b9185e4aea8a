import { addedTo, blank, presentable, secretValues } from '../../../core/redaction.ts';
import type { HttpRequest } from '../../../core/provider.ts';

const SECRET = 'sk live/ü"+&=.Äx';

const everyByte = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

it.each([
	['as it is', SECRET],
	['as JSON', JSON.stringify(SECRET).slice(1, -1)],
	['as JSON with escaped slashes', JSON.stringify(SECRET).slice(1, -1).replace(/\//g, '\\/')],
	[
		'as JSON in ASCII',
		JSON.stringify(SECRET)
			.slice(1, -1)
			.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
	],
	['percent-encoded', encodeURIComponent(SECRET)],
	['in lower case', encodeURIComponent(SECRET).toLowerCase().replace('%c3%84', '%c3%84')],
	['as in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
	['in part', encodeURI(SECRET)],
	['twice', encodeURIComponent(encodeURIComponent(SECRET))],
	['three times', encodeURIComponent(encodeURIComponent(encodeURIComponent(SECRET)))],
	['every byte of it', everyByte(SECRET)],
	['as HTML', SECRET.replace(/&/g, '&amp;').replace(/"/g, '&quot;')],
	['as HTML in numbers', [...SECRET].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join('')],
	['as HTML in decimals', [...SECRET].map((one) => `&#${one.codePointAt(0)};`).join('')],
])('blanks a secret %s', (_, form) => {
	expect(blank(`Key [${form}] is unknown`, [SECRET])).toBe('Key [***] is unknown');
});

it('blanks the longest first, every time, and nothing that is too short', () => {
	expect(blank('Basic c2VjcmV0 and c2VjcmV0', ['c2VjcmV0', 'Basic c2VjcmV0'])).toBe('*** and ***');
	expect(blank('a.b? a.b', ['a.b?'])).toBe('*** a.b');
	expect(blank('axbc a+b', ['a.bc', 'a+b+'])).toBe('axbc a+b');
	expect(blank('it is', ['it', 'i', ''])).toBe('it is');
});

it('cuts after it has blanked, never through a character', () => {
	expect(presentable(`${'x'.repeat(498)}😀😀`, [])).toBe(`${'x'.repeat(498)}…`);
	expect(presentable(`${'x'.repeat(495)}secret-key`, ['secret-key'])).toBe(`${'x'.repeat(495)}***`);
});

describe('what authentication added', () => {
	const before: HttpRequest = {
		method: 'POST',
		path: '',
		headers: { accept: 'x' },
		query: { action: 'a' },
		json: { data: { id: 1 } },
	};

	it('is in headers, with and without their scheme, and decoded', () => {
		const basic = Buffer.from('sam@example.com:t0ken:x').toString('base64');
		const after = { ...before, headers: { accept: 'x', authorization: `Basic ${basic}`, 'x-api-key': 'k3y!' } };
		expect(addedTo(before, after).sort()).toEqual(
			['k3y!', `Basic ${basic}`, basic, 'sam@example.com', 'sam@example.com:t0ken:x', 't0ken:x'].sort(),
		);
		expect(addedTo(before, { ...before, headers: { authorization: 'Bearer t0ken' } })).toEqual([
			'Bearer t0ken',
			't0ken',
		]);
	});

	it('is in the query, in JSON and in a form', () => {
		expect(addedTo(before, { ...before, query: { action: 'a', api_key: 'k3y!' } })).toEqual(['k3y!']);
		expect(addedTo(before, { ...before, json: { data: { id: 1, apikey: 'k3y!' }, deep: [{ x: 'm0re' }] } })).toEqual([
			'k3y!',
			'm0re',
		]);
		const form: HttpRequest = { method: 'POST', path: '', form: { action: 'a', data: '{"id":1}' } };
		expect(addedTo(form, { ...form, form: { ...form.form, data: '{"apikey":"k3y!","id":1}' } })).toContain('k3y!');
	});

	it('is nothing where nothing was added', () => expect(addedTo(before, { ...before })).toEqual([]));
});

it('takes what is declared a secret, whole and in its parts', () => {
	const fields = [
		{ name: 'secrets', label: 'S', type: 'string' as const, secret: true },
		{ name: 'email', label: 'E', type: 'email' as const },
	];
	const values = secretValues(fields, {
		secrets: ' whsec_one1\nwhsec_two2 or ',
		email: 'a@example.com',
		sessionToken: 'tok',
	});
	expect([...new Set(values)].sort()).toEqual(
		[' whsec_one1\nwhsec_two2 or ', 'whsec_one1', 'whsec_one1\nwhsec_two2 or', 'tok', 'whsec_two2'].sort(),
	);
});
