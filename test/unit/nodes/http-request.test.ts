/** Our credentials in n8n's HTTP Request node: they add the authentication and change nothing else, whatever the body is. */
import { sign } from './support/n8n.mts';
import { bodies } from './support/bodies.mts';
import { SERVICES } from './support/services.mts';

const solarProof = SERVICES.find(({ provider }) => provider.id === 'solar-proof')!;

describe.each(SERVICES.map((one) => [one.provider.name, one] as const))(
	'%s',
	(_, { credential, credentials, provider }) => {
		it.each(bodies().map(({ name }) => [name]))('leaves a body as it is: %s', async (name) => {
			const { body, options = {} } = bodies().find((one) => one.name === name)!;
			const given = {
				method: 'POST',
				url: 'https://x.example.com',
				headers: { 'X-Mine': 'y', 'Content-Type': 'text/mine' },
				...options,
				body,
			};
			const before = { ...given, headers: { ...given.headers } };
			const signed = await sign(credential, { ...credentials }, given);
			const { headers, qs, body: after, ...rest } = signed;
			expect(after).toBe(body);
			const { headers: _h, body: _b, qs: queryBefore, ...expected } = before as Record<string, unknown>;
			expect(rest).toEqual(expected);
			expect(headers).toMatchObject({ 'X-Mine': 'y', 'Content-Type': 'text/mine' });
			const added = [...Object.keys(headers as object), ...Object.keys(qs ?? {})].filter(
				(one) => !['X-Mine', 'Content-Type', ...Object.keys(queryBefore ?? {})].includes(one),
			);
			expect(added.length).toBeGreaterThan(0);
			// What was given is not changed either: n8n signs it again after a login.
			expect(given).toEqual(before);
		});

		it('takes the place of a header of its own, in whatever spelling', async () => {
			const plain = (await sign(credential, { ...credentials }, { url: 'https://x.example.com', headers: {} })) as {
				headers?: Record<string, string>;
			};
			for (const [name, value] of Object.entries(plain.headers ?? {})) {
				const spelled = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
				const { headers } = (await sign(
					credential,
					{ ...credentials },
					{ url: 'https://x.example.com', headers: { [spelled]: 'mine' } },
				)) as { headers: Record<string, string> };
				expect(Object.entries(headers).filter(([one]) => one.toLowerCase() === name)).toEqual([[name, value]]);
			}
		});

		it('is trimmed', async () => {
			const padded = Object.fromEntries(
				Object.entries(credentials).map(([name, value]) => [name, value === '' ? '' : ` ${String(value)}\n`]),
			);
			const options = () => ({ url: 'https://x.example.com', headers: {}, qs: {} });
			expect(await sign(credential, padded, options())).toEqual(await sign(credential, { ...credentials }, options()));
			expect(provider.api.fields.length).toBeGreaterThan(0);
		});
	},
);

describe('Solar Proof, which wants its key inside the data as well', () => {
	const put = async (body: unknown) =>
		(await sign(solarProof.credential, { apiKey: 'k3y-made-up' }, { url: 'https://x.example.com', body })).body;

	it.each([
		[
			'{"data":{"id":12345678901234567890,"a":1.0}}',
			'{"data":{"apikey":"k3y-made-up","id":12345678901234567890,"a":1.0}}',
		],
		['{ "x": {"data": {}}, "data" : { } }', '{ "x": {"data": {}}, "data" : {"apikey":"k3y-made-up" } }'],
		['{"data":{"apikey":"mine"}}', '{"data":{"apikey":"mine"}}'],
		[
			'{"text":"\\"data\\":{","data":{"b":[{"data":{}}]}}',
			'{"text":"\\"data\\":{","data":{"apikey":"k3y-made-up","b":[{"data":{}}]}}',
		],
		['[{"data":{}}]', '[{"data":{}}]'],
	])('a JSON text keeps every other character: %s', async (body, expected) => expect(await put(body)).toBe(expected));

	it('an object stays an object', async () => {
		expect(await put({ data: { id: 1 }, more: 2 })).toEqual({ data: { apikey: 'k3y-made-up', id: 1 }, more: 2 });
	});

	it('a form keeps names that come more than once', async () => {
		const form = new URLSearchParams([
			['tag', 'a'],
			['tag', 'b'],
			['data', '{"id":1}'],
		]);
		const after = (await put(form)) as URLSearchParams;
		expect([...after]).toEqual([
			['tag', 'a'],
			['tag', 'b'],
			['data', '{"apikey":"k3y-made-up","id":1}'],
		]);
	});
});
