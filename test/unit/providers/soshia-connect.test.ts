import { describe, expect, test } from '@jest/globals';
import { InvalidInput } from '../../../core/errors.ts';
import type { Json, JsonObject, Values } from '../../../core/provider.ts';
import { dataItems, readError } from '../../../providers/soshia-connect/answers.ts';
import { soshiaConnect } from '../../../providers/soshia-connect/provider.ts';
import { answer, delivered, hmac, page, ran, request, told } from './calling.ts';

const { api, events, receiving } = soshiaConnect;
const [soshia, stripe] = receiving.proofs;
const SECRET = 'a made-up secret';
const NOW = 1_770_000_000;
const secrets = [{ value: 'the new secret' }, { value: SECRET }];

describe('events', () => {
	test('there are the nine documented event types, in the documented envelope', () => {
		expect(events.map(({ name }) => name)).toEqual([
			...['payment.succeeded', 'payment.failed', 'payment.refunded'],
			...['subscription.created', 'subscription.renewed', 'subscription.expired', 'subscription.cancelled'],
			...['account.updated', 'account.verified'],
		]);
		for (const { sample } of events) {
			expect(Object.keys(sample as JsonObject)).toEqual(['id', 'type', 'created', 'data']);
			expect((sample as { data: { object: JsonObject } }).data.object).not.toEqual({});
		}
		const documented = events.filter(({ sampleGrade }) => sampleGrade === 'documented');
		expect(documented.map(({ name }) => name)).toEqual(['payment.succeeded']);
	});

	test.each(events.map(({ name, sample }) => [name, sample] as const))(
		"%s arrives unchanged under SoshiaConnect's signature",
		(event, sample) => {
			const body = JSON.stringify(sample, null, 2);
			const accepted = { outcome: 'accepted', event, items: [sample], warnings: [] };
			const signed = (message: string) => ({ headers: { 'x-soshia-signature': hmac(SECRET, message) } });
			expect(delivered(soshiaConnect, body, signed(body), { secrets })).toMatchObject(accepted);
			// The documented check hashes JSON.stringify of the body.
			expect(delivered(soshiaConnect, body, signed(JSON.stringify(sample)), { secrets })).toMatchObject(accepted);
			expect(delivered(soshiaConnect, body, signed(`${body} `), { secrets })).toMatchObject({
				reason: 'signature_mismatch',
			});
			expect(delivered(soshiaConnect, body, {}, { secrets })).toMatchObject({
				reason: 'signature_missing',
				status: 401,
			});
		},
	);

	test("Stripe's signature passes on any event under Stripe's name", () => {
		const payload = { id: 'evt_1', type: 'invoice.paid', created: NOW, data: { object: { id: 'in_1' } } };
		const body = JSON.stringify(payload);
		const at = (seconds: number, secret = SECRET) => ({
			headers: { 'stripe-signature': `t=${seconds},v1=${hmac(secret, `${seconds}.${body}`)}` },
		});
		const decide = (how: ReturnType<typeof at>, proof = stripe!) =>
			delivered(soshiaConnect, body, how, { proof, secrets, now: NOW * 1000 });
		expect(stripe!.name).toBe('stripe');
		expect(decide(at(NOW))).toMatchObject({
			outcome: 'accepted',
			event: 'invoice.paid',
			items: [payload],
			warnings: [],
		});
		expect(decide(at(NOW - 300))).toMatchObject({ outcome: 'accepted' });
		expect(decide(at(NOW - 301))).toMatchObject({ reason: 'timestamp_stale' });
		expect(decide(at(NOW, 'another secret'))).toMatchObject({ reason: 'signature_mismatch' });
		// Neither signature replaces the other.
		expect(decide(at(NOW), soshia)).toMatchObject({ reason: 'signature_missing' });
	});

	test('are registered manually, with the secret as all that is needed to receive', () => {
		const [registration, ...others] = soshiaConnect.registrations;
		expect(others).toEqual([]);
		expect(registration).toMatchObject({ kind: 'manual', grade: 'inferred' });
		expect(registration.kind === 'manual' && registration.steps.join(' ')).toMatch(
			/support@soshiaconnect\.com.*Stripe/,
		);
		expect(
			soshiaConnect.webhook!.fields.map(({ name, required, secret }) => [name, required ?? false, secret]),
		).toEqual([
			['webhookSecret', true, true],
			['previousWebhookSecret', false, true],
		]);
	});
});

const KEY: Values = { authentication: 'apiKey', apiKey: ' a-key ', username: 'jane' };
const LOGIN: Values = { authentication: 'login', email: ' jane@example.com', password: ' a pass ' };
const LOGGED_IN: Values = { ...LOGIN, sessionToken: 'a-token' };

describe('connection', () => {
	const signed = (credentials: Values) =>
		api.authenticate({ method: 'GET', path: '/x', headers: { accept: 'y' } }, credentials);

	test('an API key goes with its user name', () => {
		expect(signed(KEY).headers).toEqual({ accept: 'y', 'x-api-key': 'a-key', 'x-username': 'jane' });
		expect(api.session!.needed(KEY)).toBe(false);
		// What was typed in before the choice was changed is not sent.
		expect(JSON.stringify(signed({ ...KEY, ...LOGGED_IN, authentication: 'apiKey' }))).not.toMatch(/a-token|jane@/);
	});

	test('a login sends its token and nothing of the key', () => {
		expect(api.session!.needed(LOGIN)).toBe(true);
		expect(api.session!.request(LOGIN)).toEqual({
			method: 'POST',
			path: '/auth/login',
			json: { email: 'jane@example.com', password: ' a pass ' },
		});
		expect(signed({ ...KEY, ...LOGGED_IN }).headers).toEqual({ accept: 'y', authorization: 'Bearer a-token' });
		expect(signed(LOGIN).headers).toEqual({ accept: 'y' });
	});

	test.each<[Json, number, string | undefined]>([
		[{ access_token: 'a-token', token_type: 'Bearer', user: {} }, 200, 'a-token'],
		[{ success: true, data: { access_token: 'a-token' } }, 200, 'a-token'],
		[{ success: false, message: 'Invalid credentials', access_token: 'x' }, 200, undefined],
		[{ access_token: 'x' }, 401, undefined],
		[{ access_token: '' }, 200, undefined],
		[{ data: 'x' }, 200, undefined],
		[[], 200, undefined],
		[null, 200, undefined],
	])('the login answer %j (%i) gives %j', (body, status, token) => {
		expect(api.session!.token(answer(body, status))).toBe(token);
	});

	test.each<[number, Values, RegExp | undefined]>([
		[200, KEY, undefined],
		[401, KEY, /did not accept the API key and username: No/],
		[400, KEY, undefined],
		[403, KEY, undefined],
		[404, KEY, undefined],
		[422, KEY, undefined],
		[429, KEY, /could not check.*No/],
		[500, KEY, /could not check.*No/],
		[200, LOGGED_IN, undefined],
		[404, LOGGED_IN, undefined],
		// The login worked, or there were no token: the call may be one for API keys only.
		[401, LOGGED_IN, undefined],
		[401, LOGIN, /did not accept the email address and password: No/],
		[500, LOGGED_IN, /could not check/],
	])('the test answered %i', (status, credentials, expected) => {
		const body: JsonObject = status === 200 ? { success: true, data: [] } : { success: false, message: 'No' };
		const reason = api.readTest!(answer(body, status), credentials);
		if (expected === undefined) expect(reason).toBeUndefined();
		else expect(reason).toMatch(expected);
	});

	test('a suspended key is not an accepted one', () => {
		const suspended = answer({ success: false, message: 'API key suspended' }, 403);
		expect(api.readTest!(suspended, KEY)).toMatch(/API key suspended/);
		expect(api.readTest!(page('<html>', 502), KEY)).toMatch(/status 502/);
	});
});

describe('operations', () => {
	test.each<[string, JsonObject, JsonObject]>([
		['profile.get', {}, { method: 'GET', path: '/auth/profile' }],
		['route.getMany', {}, { method: 'GET', path: '/route-access/all-routes' }],
		['route.getData', { routeId: 123 }, { method: 'GET', path: '/api-routes-data', query: { id: '123' } }],
		[
			'route.getData',
			{ routeId: '123', endpoint: 'route-access/routes-data' },
			{ method: 'GET', path: '/route-access/routes-data', query: { id: '123' } },
		],
		[
			'access.check',
			{ routeId: '123' },
			{ method: 'POST', path: '/route-access/check-access', json: { route_id: '123' } },
		],
		[
			'access.check',
			{ routeId: '123', otherFields: { user_id: '7' } },
			{ method: 'POST', path: '/route-access/check-access', json: { user_id: '7', route_id: '123' } },
		],
	])('%s of %j is sent as documented', (id, input, expected) => {
		expect(request(soshiaConnect, id, input)).toEqual(expected);
	});

	test.each(['route.getData', 'access.check'])('%s needs a route', (id) => {
		expect(() => request(soshiaConnect, id, { routeId: ' ' })).toThrow(InvalidInput);
		expect(() => request(soshiaConnect, id, {})).toThrow('"Route ID" is empty');
		expect(() => request(soshiaConnect, id, { routeId: {} })).toThrow('"Route ID" must be text');
	});

	test.each<[Json, JsonObject[]]>([
		[{ success: true, message: 'ok', data: [{ id: 1 }, 'x', { id: 2 }] }, [{ id: 1 }, { id: 2 }]],
		[{ success: true, data: { id: 1 } }, [{ id: 1 }]],
		[{ success: true, data: [] }, []],
		[[{ id: 1 }], [{ id: 1 }]],
		[{ id: 1 }, [{ id: 1 }]],
		[{ success: true, data: null }, [{ success: true, data: null }]],
		[null, []],
		['words', []],
	])('the answer %j becomes %j', (body, expected) => {
		expect(dataItems(answer(body))).toEqual(expected);
	});

	test('a call that wants a login says so when it is asked with an API key', async () => {
		const refused = answer({ success: false, message: 'Bearer token required' }, 401);
		await expect(ran(soshiaConnect, 'profile.get', {}, [refused])).rejects.toThrow(
			/Bearer token required\. Check the API key or password in your SoshiaConnect credential\. .*To get the profile, log in instead/,
		);
	});
});

describe('errors', () => {
	test.each<[number, Json, unknown]>([
		[
			422,
			{ success: false, message: 'Validation failed', errors: { id: ['is required', 'is odd'], a: 'b', c: { d: 1 } } },
			{ message: 'Validation failed', details: ['id: is required, is odd', 'a: b', 'c: {"d":1}'] },
		],
		[200, { success: false, message: 'No' }, { message: 'No' }],
		[200, { success: false }, { message: 'it gave no reason' }],
		[404, { message: 'Not Found' }, { message: 'Not Found' }],
		[400, { success: false, errors: ['x'] }, { message: 'it gave no reason' }],
		[500, {}, undefined],
		[500, 'Down', undefined],
		[200, { success: true, message: 'ok' }, undefined],
		[200, [], undefined],
	])('%i %j', (status, body, expected) => {
		expect(readError(answer(body, status))).toEqual(expected);
	});

	test('too many calls end in when to try again', () => {
		const limited = answer({ success: false, message: 'Too many requests - Rate limit exceeded' }, 429);
		expect(told(soshiaConnect, { ...limited, headers: { 'retry-after': '40' } })).toContain('Try again in 40 s');
	});
});
