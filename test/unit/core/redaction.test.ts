import { createHash } from 'node:crypto';
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
	['in hex', Buffer.from(SECRET).toString('hex')],
	['in hex in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
	['in base64', Buffer.from(SECRET).toString('base64')],
	['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
	['in base64, percent-encoded', encodeURIComponent(Buffer.from(SECRET).toString('base64'))],
	[
		'in base64, in lines',
		Buffer.from(SECRET)
			.toString('base64')
			.replace(/(.{6})(?=.)/g, '$1\r\n'),
	],
	['in lines', `${SECRET.slice(0, 5)}\r\n${SECRET.slice(5, 9)}\u2028${SECRET.slice(9)}`],
	['in lines, as JSON', `${SECRET.slice(0, 5)}\\n${SECRET.slice(5)}`],
	['with characters in it that have no width', [...SECRET].join('\u200b')],
	['with a blank that does not break', SECRET.replace(' ', '\u00a0')],
])('blanks a secret %s', (_, form) => {
	expect(blank(`Key [${form}] is unknown`, [SECRET])).toBe('Key [***] is unknown');
});

it('blanks the longest first, every time, and nothing that is too short', () => {
	expect(blank('Basic c2VjcmV0 and c2VjcmV0', ['c2VjcmV0', 'Basic c2VjcmV0'])).toBe('*** and ***');
	expect(blank('a.b? a.b', ['a.b?'])).toBe('*** a.b');
	expect(blank('axbc a+b', ['a.bc', 'a+b+'])).toBe('axbc a+b');
	expect(blank('it is', ['it', 'i', ''])).toBe('it is');
});

it('blanks a secret that is part of another text, in base64 too, wherever it begins there', () => {
	expect(blank(`old-${SECRET}-new`, [SECRET])).toBe('old-***-new');
	for (const before of ['', 'a', 'ab', 'abc', 'user:', 'user2:']) {
		const shown = blank(`Basic ${Buffer.from(`${before}${SECRET}:more`).toString('base64')} is unknown`, [SECRET]);
		expect(shown).toMatch(/^Basic [A-Za-z0-9]{0,9}\*\*\* is unknown$/);
	}
});

it('blanks tokens of any length, and any number of them', () => {
	const token = (seed: number) =>
		Array.from({ length: 60 }, (_, index) => createHash('sha256').update(`${seed}/${index}`).digest('base64url')).join(
			'.',
		);
	const tokens = Array.from({ length: 3 }, (_, index) => token(index));
	expect(blank(`a ${tokens[2]} b`, tokens)).toBe('a *** b');
	expect(blank(`a ${encodeURIComponent(`=${tokens[1]}`)} b`, tokens)).toMatch(/^a %3D(\*\*\*)+ b$/);
});

it('reads no more of a message than it must', () => {
	expect(presentable('ä'.repeat(5_000_000), [SECRET])).toHaveLength(500);
	expect(presentable(`${SECRET} `.repeat(300_000), [SECRET])).not.toContain('sk live');
	// What is left may be half of a secret.
	expect(presentable(SECRET.repeat(1 + Math.ceil(65_536 / SECRET.length)), [SECRET])).not.toContain('sk l');
});

it('shows nothing that forges a line, hides a text or turns it round', () => {
	const shown = presentable('a\r\nb\u001b[31mc\u2028d\u2029e\u202ef\u061cg\u2060h\u00adi\ud800j\u{e0041}k\u0085l', []);
	expect(shown).toBe('a b [31mc d e f g h i j k l');
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
