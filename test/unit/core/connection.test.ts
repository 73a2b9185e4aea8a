/** Logging in, and finding out whether credentials work. */
import { helpOf, logIn, requireFilled, testConnection } from '../../../core/connection.ts';
import { InvalidInput, ServiceRefused } from '../../../core/errors.ts';
import type { ApiConnection, Field, HttpRequest, HttpResponse, Provider } from '../../../core/provider.ts';
import { acme, response } from '../support/acme.ts';

const KEY = 'the key of ours';
const session: NonNullable<ApiConnection['session']> = {
	needed: ({ apiKey }) => apiKey !== undefined,
	request: ({ apiKey }) => ({ method: 'POST', path: '/login', json: { key: String(apiKey) } }),
	token: ({ body }) => (body as { token?: string } | undefined)?.token,
};

function withApi(more: Partial<ApiConnection>): Provider {
	const provider = acme();
	return { ...provider, api: { ...provider.api, ...more } };
}
const refusal = async (work: Promise<unknown>): Promise<ServiceRefused> =>
	await work.then(
		() => Promise.reject(new Error('nothing was refused')),
		(cause: unknown) => {
			expect(cause).toBeInstanceOf(ServiceRefused);
			return cause as ServiceRefused;
		},
	);

describe('a login', () => {
	const logging = async (answer: HttpResponse, credentials = { apiKey: KEY }) => {
		const asked: HttpRequest[] = [];
		const token = await logIn(withApi({ session }), credentials, async (request) => {
			asked.push(request);
			return answer;
		});
		return { token, asked };
	};

	it('gives the token', async () => {
		const { token, asked } = await logging(response(200, { token: 'tok_1' }));
		expect(token).toBe('tok_1');
		expect(asked).toEqual([{ method: 'POST', path: '/login', json: { key: KEY } }]);
	});

	it('is not made where none is needed', async () => {
		const none = async () => await Promise.reject(new Error('nobody is asked'));
		expect(await logIn(acme(), { apiKey: KEY }, none)).toBeUndefined();
		expect(await logIn(withApi({ session }), {}, none)).toBeUndefined();
	});

	it.each<[HttpResponse, string]>([
		[response(401, { message: 'Wrong.' }), 'Acme did not accept the login: Wrong. Check what you filled in.'],
		[response(401), 'Acme did not accept the login. Check what you filled in.'],
		[response(401, { message: `No ${KEY}` }), 'Acme did not accept the login: No ***. Check what you filled in.'],
		[
			{ ...response(401, { message: 'No xyzxyzxyz' }), secrets: ['xyzxyzxyz'] },
			'Acme did not accept the login: No ***. Check what you filled in.',
		],
	])('that is refused says why, without a secret: %#', async (answer, sentence) => {
		expect(await refusal(logging(answer))).toMatchObject({
			...{ message: sentence, status: 401, advice: 'Check what you filled in.' },
		});
	});

	it('that is refused in another way says what is said of every call', async () => {
		const refused = await refusal(logging(response(503, { message: 'Down.' })));
		expect(refused.status).toBe(503);
		expect(refused.message).toBe(
			'Acme did not accept the login: Down. Acme is having problems. Try again in a few minutes.',
		);
	});

	it('without a token is none', async () => {
		expect(await refusal(logging(response(200, {})))).toMatchObject({
			message: 'Acme accepted the login but gave no token. Check Base URL, and what you filled in.',
			status: 502,
			advice: 'Check Base URL, and what you filled in.',
		});
	});
});

describe('a test of the credentials', () => {
	const testing = async (answer: HttpResponse, more: Partial<ApiConnection> = {}) =>
		await testConnection(withApi(more), { apiKey: KEY }, async (request) => {
			expect(request).toEqual({ method: 'GET', path: '/me' });
			return answer;
		});
	const readTest = ({ body }: HttpResponse) => {
		const { why } = (body ?? {}) as { why?: string };
		return why;
	};

	it('is good with an answer', async () => {
		await expect(testing(response(200, { id: 1 }))).resolves.toBeUndefined();
		await expect(testing(response(200, { id: 1 }), { readTest })).resolves.toBeUndefined();
	});

	it('is not good with a refusal, a redirect or a page', async () => {
		const page = { ...response(200), text: '<html>', headers: { 'content-type': 'text/html' } };
		for (const answer of [response(401, { message: 'No.' }), response(500), page]) await refusal(testing(answer));
		for (const more of [{}, { readTest }])
			await refusal(testing(response(302, { why: 'elsewhere' }, { location: 'https://other.example.com' }), more));
	});

	it('says what the service says of them, without a secret, and what to do after a 401', async () => {
		const first = await refusal(testing(response(401, { why: `No ${KEY}.` }), { readTest }));
		expect(first.message).toMatch(/^No \*\*\*\. \S/);
		expect(first.advice).not.toBe('');
		expect(first.status).toBe(401);
		expect(await refusal(testing(response(200, { why: 'Not this one.' }), { readTest }))).toMatchObject({
			...{ message: 'Not this one.', status: 200, advice: '' },
		});
		const added = { ...response(403, { why: 'No xyzxyzxyz' }), secrets: ['xyzxyzxyz'] };
		expect((await refusal(testing(added, { readTest }))).message).toBe('No ***.');
	});

	it('is good with a refusal only in the own words of the service', async () => {
		await expect(testing(response(403, { ok: true }), { readTest })).resolves.toBeUndefined();
		await expect(testing(response(400, { ok: true }), { readTest })).resolves.toBeUndefined();
		await refusal(testing(response(403), { readTest }));
		await refusal(testing(response(403, { ok: true })));
	});
});

describe('fields of a connection', () => {
	const [key] = acme().api.fields;
	const field = (more: Partial<Field>): Field => ({ name: 'x', label: 'X', type: 'string', required: true, ...more });

	it('have a help text: the key also where it is found', () => {
		const connection = { fields: [key!, field({ description: 'Your name.' })], hint: 'Settings > API Keys.' };
		expect(helpOf(connection, key!)).toBe('Settings > API Keys.');
		const described = { ...key!, description: 'A key.' };
		expect(helpOf({ ...connection, fields: [described] }, described)).toBe('A key. Settings > API Keys.');
		expect(helpOf(connection, connection.fields[1]!)).toBe('Your name.');
		expect(helpOf(connection, field({}))).toBeUndefined();
	});

	it.each<[Field, object, boolean]>([
		[field({}), {}, false],
		[field({}), { x: '' }, false],
		[field({}), { x: null }, false],
		[field({}), { x: 'a' }, true],
		[field({}), { x: 0 }, true],
		[field({ default: 'a' }), {}, true],
		[field({ default: 'a' }), { x: '' }, false],
		[field({ required: false }), {}, true],
		[field({ showIf: { kind: ['a'] } }), { kind: 'b' }, true],
		[field({ showIf: { kind: ['a'] } }), { kind: 'a' }, false],
	])('are filled in: %j with %j is %s', (one, credentials, good) => {
		const kind: Field = { name: 'kind', label: 'Kind', type: 'string' };
		const work = () => requireFilled(withApi({ fields: [kind, one] }), credentials as never);
		if (good) expect(work).not.toThrow();
		else expect(work).toThrow(new InvalidInput('"X" is empty. Fill it in.'));
	});
});
