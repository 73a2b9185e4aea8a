import { ask, refusal, retryAfter, saysGone, toResponse, type Asked } from '../../../core/answer.ts';
import { Unreachable } from '../../../core/errors.ts';
import type { HttpResponse, Send } from '../../../core/provider.ts';
import { acme, response } from '../support/acme.ts';

const said = (answer: HttpResponse, asked?: Asked) => refusal(acme(), answer, 'the order', asked)?.message;
const text = (status: number, body: string, headers = {}) => toResponse(status, headers, body);

describe('a redirect', () => {
	it.each([301, 302, 303, 307, 308])(
		'%i is a refusal that names the new host, and nothing more of its address',
		(status) => {
			const message = said(text(status, '', { Location: 'https://user:pw@other.example.com:8443/path?key=abc' }));
			expect(message).toContain(`it moved to https://other.example.com:8443 (status ${status})`);
			expect(message).toContain('Put the new address into Base URL');
			expect(message).not.toMatch(/path|abc|pw/);
		},
	);

	it.each(['/login', '', 'javascript:alert(1)', 'http://', '%%%'])('to %p names no host', (location) => {
		expect(said(text(302, '', { location }))).toContain('it answered with a redirect (status 302)');
	});

	it('is none of the service, whatever its body says', () => {
		expect(said(text(302, '{"success": true, "id": "1"}', { location: '//other.example.com/x' }))).toContain(
			'moved to https://other.example.com',
		);
	});
});

describe('what counts as an answer', () => {
	it.each(['<html>', 'OK', '{"half":', 'null}'])('is not %j', (body) => {
		expect(said(text(200, body))).toContain('something other than JSON');
		expect(said(text(200, body), { reads: false })).toContain('look in Acme before you try again');
	});

	it.each(['', ' \n', '\ufeff', 'null'])(
		'is %j to a call that changes something, and not to one that reads',
		(body) => {
			expect(said(text(200, body), { reads: false })).toBeUndefined();
			expect(said(text(204, body), { reads: false })).toBeUndefined();
			expect(said(text(200, body), { reads: true })).toContain('it answered with nothing');
		},
	);

	it('may begin with a byte order mark', () => {
		expect(toResponse(200, {}, '\ufeff{"a":1}').body).toEqual({ a: 1 });
		expect(said(text(200, '\ufeff{"a":1}'), { reads: true })).toBeUndefined();
	});

	it('is what the service documents, where it documents something', () => {
		const provider = acme({
			isAnswer: ({ body }, { path }) => (path === '/hooks' ? (body as { ok?: true }).ok === true : undefined),
		});
		const judged = (path: string, body: object) =>
			refusal(provider, response(200, body as never), 'it', { request: { method: 'POST', path } })?.message;
		expect(judged('/hooks', { ok: true })).toBeUndefined();
		expect(judged('/hooks', { anything: 1 })).toContain('something other than what it documents');
		expect(judged('/other', { anything: 1 })).toBeUndefined();
	});

	it('is no bare text, number or truth value', () => {
		for (const body of ['"done"', '1', 'true']) {
			expect(said(text(200, body), { request: { method: 'GET', path: '' } })).toContain('something other than');
		}
	});
});

describe('a call that changes something and got no answer', () => {
	const failing =
		(sent: boolean): Send =>
		async () => {
			throw new Unreachable('No answer came from Acme (acme.example.com): it took too long.', 'Try again.', { sent });
		};
	const sentence = async (reads: boolean, sent = true) =>
		await ask(acme(), failing(sent), { method: 'POST', path: '' }, '"Make a thing"', { reads }).catch(
			(cause: Error) => cause.message,
		);

	it('may have been done', async () => {
		expect(await sentence(false)).toBe(
			'No answer came from Acme (acme.example.com): it took too long. "Make a thing" may have been done: look in Acme before you try again.',
		);
	});

	it('was not done when no connection was made; one that reads can be tried again', async () => {
		expect(await sentence(false, false)).toContain('Try again.');
		expect(await sentence(true)).toContain('Try again.');
	});

	it('may have been done after an error of a server in between, too', () => {
		for (const status of [500, 502, 504])
			expect(said(response(status), { reads: false })).toContain('may have been done');
		for (const status of [400, 404, 429, 501, 503]) {
			expect(said(response(status), { reads: false })).not.toContain('may have been done');
		}
		expect(said(response(502), { reads: true })).not.toContain('may have been done');
	});
});

describe("a service's own message", () => {
	it('is cut at 500 characters, on one line', () => {
		const message =
			said(response(400, { message: `first\r\nWARN forged\u0000\u001b[31m\u2028${'x'.repeat(5_000_000)}` })) ?? '';
		expect(message).toContain('first WARN forged [31m xxx');
		expect(message.length).toBeLessThan(600);
		expect(message).toContain('…');
	});

	it('has no secret of the request left, also where it is cut', () => {
		const secret = 'k3y-of-the-account';
		for (let before = 470; before < 505; before++) {
			const answer = { ...response(400, { message: `${'x'.repeat(before)}${secret} tail` }), secrets: [secret] };
			expect(said(answer)).not.toMatch(/k3y/);
		}
		expect(said(response(400, { message: `your body: ${secret}` }), { secrets: [secret] })).toContain('your body: ***');
	});
});

it('reads when to try again in every form, a day at most', () => {
	const now = Date.parse('2026-01-01T00:00:00Z');
	const after = (headers: object) => retryAfter(text(429, '', headers), now);
	expect(after({ 'Retry-After': '2' })).toBe(2000);
	expect(after({ 'Retry-After': '0.5' })).toBe(500);
	expect(after({ 'Retry-After-Ms': '250', 'Retry-After': '2' })).toBe(250);
	expect(after({ 'Retry-After': 'Thu, 01 Jan 2026 00:00:03 GMT' })).toBe(3000);
	expect(after({ 'Retry-After': 'Thu, 01 Jan 2025 00:00:03 GMT' })).toBe(0);
	expect(after({ 'Retry-After': '99999999999' })).toBe(86_400_000);
	expect(after({ 'X-RateLimit-Reset': String(now / 1000 + 4) })).toBe(4000);
	expect(after({ 'X-RateLimit-Reset': String(now + 4500) })).toBe(4500);
	expect(after({ 'Retry-After': 'soon' })).toBeUndefined();
	expect(refusal(acme(), text(429, '', { 'retry-after': '99999999999' }), 'it')?.retryAfterSeconds).toBe(86_400);
});

it.each<[string, HttpResponse, boolean]>([
	['with nothing', text(404, ''), true],
	['in the words of the service', response(404, { error: { message: 'no webhook has this ID' } }), true],
	['in words that anybody may use', response(404, { error: 'Not found' }), true],
	['with a status in the body', response(404, { statusCode: 404, message: 'Not Found' }), true],
	['by 410', response(410, { message: 'gone' }), true],
	['by a page', text(404, '<html>404</html>'), false],
	['by a gateway that knows no such path', response(404, { message: 'no Route matched with those values' }), false],
	['by a framework that knows no such path', response(404, { message: 'Cannot DELETE /hooks/1' }), false],
	['by a success', response(200, { error: 'Not found' }), false],
])('a removal that is answered %s: gone, or not', (_how, answer, gone) => expect(saysGone(answer)).toBe(gone));
