/** SoshiaConnect in the sandbox: https://docs.soshianest.ai/guides/authentication and /guides/concepts/webhooks */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../core/provider.ts';
import { call, eventually, hmacHex, list, object, string, useSandbox } from './helpers.mts';
import type { CallOptions } from './helpers.mts';

const KEY = { 'x-api-key': 'sandbox-soshia-connect-key', 'x-username': 'demo' };
const LOGIN = { email: 'demo@example.com', password: 'sandbox-password' };

describe('SoshiaConnect', () => {
	const sandbox = useSandbox({ speed: 100_000 });
	const soshia = (path: string, options: CallOptions = {}) => call(sandbox.url(`/soshia-connect/api${path}`), options);
	const login = async () => {
		const { json } = await soshia('/auth/login', { json: LOGIN });
		return { authorization: `Bearer ${string(json.access_token)}` };
	};
	const byHand = async (more: JsonObject = {}) => {
		const json = { provider: 'soshia-connect', url: `${sandbox.receiver.url}/hook`, secret: 'shh', ...more };
		const answer = await sandbox.control('subscriptions', json);
		assert.equal(answer.status, 200, answer.text);
	};
	const got = (count: number) =>
		eventually(() => {
			assert.equal(sandbox.receiver.received.length, count);
			return sandbox.receiver.received;
		});

	it('logs in by JSON and by form, and refuses with its envelope', async () => {
		const json = await soshia('/auth/login', { json: LOGIN });
		assert.equal(json.json.token_type, 'Bearer');
		assert.equal(object(json.json.user).email, 'demo@example.com');
		const form = new FormData();
		form.set('email', LOGIN.email);
		form.set('password', LOGIN.password);
		assert.equal((await soshia('/auth/login', { body: form })).status, 200);
		const wrong = await soshia('/auth/login', { json: { ...LOGIN, password: 'no' } });
		assert.deepEqual([wrong.status, wrong.json], [401, { success: false, message: 'Invalid credentials' }]);
		const empty = await soshia('/auth/login', { json: { email: 'x@example.com' } });
		assert.equal(empty.status, 422);
		assert.deepEqual(Object.keys(object(empty.json.errors)), ['password']);
	});

	it('takes a session for the profile, and an expired one no longer', async () => {
		const headers = await login();
		const profile = await soshia('/auth/profile', { headers });
		assert.deepEqual([profile.status, object(profile.json.data).email], [200, 'demo@example.com']);
		assert.equal((await soshia('/auth/profile', { headers: KEY })).status, 401, 'an API key is not a session');
		const refreshed = await soshia('/auth/refresh', { method: 'POST', headers });
		assert.equal((await soshia('/auth/profile', { headers })).status, 401);
		const next = { authorization: `Bearer ${string(refreshed.json.access_token)}` };
		assert.deepEqual((await sandbox.control('tokens/expire', {})).json, { expired: 1 });
		const expired = await soshia('/auth/profile', { headers: next });
		assert.deepEqual([expired.status, expired.json.message], [401, 'Token has expired']);
		assert.equal((await soshia('/auth/profile', { headers: await login() })).status, 200);
	});

	it('takes key and user name, or a session, for routes', async () => {
		const data = await soshia('/api-routes-data?id=1', { headers: KEY });
		assert.equal(object(data.json.data).name, 'Singapore - Rotterdam');
		assert.equal((await soshia('/route-access/routes-data?id=1', { headers: await login() })).status, 200);
		assert.equal((await soshia('/api-routes-data?id=1', { headers: { ...KEY, 'x-username': 'no' } })).status, 401);
		assert.equal((await soshia('/api-routes-data?id=1')).status, 401);
		assert.equal((await soshia('/api-routes-data', { headers: KEY })).status, 422);
		assert.equal((await soshia('/api-routes-data?id=99', { headers: KEY })).status, 404);
		assert.equal((await soshia('/api-routes-data?id=3', { headers: KEY })).status, 403, 'not paid for');
		assert.equal(list((await soshia('/route-access/all-routes', { headers: KEY })).json.data).length, 3);
		const access = await soshia('/route-access/check-access', { headers: KEY, json: { route_id: 3 } });
		assert.deepEqual(access.json.data, { route_id: 3, has_access: false });
	});

	it('makes API keys that work, and registers users', async () => {
		const headers = await login();
		const key = await soshia('/api-keys/generate', { headers, json: { api_key_name: 'k', user: 'me' } });
		const made = { 'x-api-key': string(key.json.api_key), 'x-username': 'me' };
		assert.equal((await soshia('/api-routes-data?id=1', { headers: made })).status, 200);
		const user = { email: 'new@example.com', password: 'sandbox-password' };
		assert.equal((await soshia('/auth/register', { json: user })).status, 201);
		assert.equal((await soshia('/auth/register', { json: user })).status, 422);
		assert.equal((await soshia('/auth/login', { json: user })).status, 200);
	});

	it('answers 429 with Retry-After when told to limit the rate', async () => {
		await sandbox.fault({ provider: 'soshia-connect', behaviour: { rateLimit: 0 } });
		const over = await soshia('/api-routes-data?id=1', { headers: KEY });
		assert.deepEqual([over.status, over.json.message], [429, 'Too many requests - Rate limit exceeded']);
		assert.ok(Number(over.headers.get('retry-after')) >= 1);
	});

	it('signs with its own header', async () => {
		await byHand({ signature: 'soshia', events: ['payment.succeeded'] });
		const raised = await sandbox.raise({ provider: 'soshia-connect', event: 'payment.succeeded', data: { amount: 1 } });
		await sandbox.raise({ provider: 'soshia-connect', event: 'payment.failed' });
		const [delivery] = await got(1);
		assert.equal(delivery?.headers['x-soshia-signature'], hmacHex('shh', delivery?.body ?? ''));
		assert.equal(delivery?.headers['stripe-signature'], undefined);
		assert.deepEqual(delivery?.json, raised.payload);
		assert.equal(object(object(delivery?.json.data).object).amount, 1);
	});

	it('signs as Stripe does, with Stripe’s own event types', async () => {
		const refused = await sandbox.control('events', { provider: 'soshia-connect', event: 'payment_intent.succeeded' });
		assert.equal(refused.status, 400, 'without a webhook of Stripe, it is an unknown type');
		await byHand({ signature: 'stripe' });
		await sandbox.raise({ provider: 'soshia-connect', event: 'payment_intent.succeeded', data: { amount: 1 } });
		const [delivery] = await got(1);
		const [, time = '', v1 = ''] =
			/^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(delivery?.headers['stripe-signature'])) ?? [];
		assert.equal(v1, createHmac('sha256', 'shh').update(`${time}.${delivery?.body}`).digest('hex'));
		assert.ok(Math.abs(Number(time) - Date.now() / 1000) < 5);
		assert.equal(delivery?.headers['x-soshia-signature'], undefined);
		assert.equal(delivery?.json.type, 'payment_intent.succeeded');
		await sandbox.fault({ provider: 'soshia-connect', deliveries: { staleTimestamp: 1000 } });
		await sandbox.raise({ provider: 'soshia-connect', event: 'payment_intent.succeeded' });
		const [, stale] = await got(2);
		const [, old = '', signed = ''] = /^t=(\d+),v1=(.*)$/.exec(String(stale?.headers['stripe-signature'])) ?? [];
		assert.ok(Date.now() / 1000 - Number(old) > 990);
		assert.equal(
			signed,
			createHmac('sha256', 'shh').update(`${old}.${stale?.body}`).digest('hex'),
			'old, but well signed',
		);
	});

	it('raises account.updated when the profile changes', async () => {
		await byHand();
		const changed = await soshia('/auth/profile', {
			method: 'PUT',
			headers: await login(),
			json: { firstName: 'Eve' },
		});
		assert.equal(object(changed.json.data).firstName, 'Eve');
		const [delivery] = await got(1);
		assert.equal(delivery?.json.type, 'account.updated');
	});

	it('checks what is registered manually', async () => {
		const says = async (json: JsonObject) => {
			const answer = await sandbox.control('subscriptions', {
				provider: 'soshia-connect',
				url: 'http://localhost/x',
				...json,
			});
			assert.equal(answer.status, 400);
			return String(answer.json.error);
		};
		assert.match(await says({ url: 'nowhere' }), /url must be/);
		assert.match(await says({ signature: 'other' }), /signature must be one of: soshia, stripe/);
		assert.match(await says({ events: ['payment.lost'] }), /no event type "payment.lost"/);
		assert.match(await says({ provider: 'solar-proof' }), /registered through its own API/);
		assert.match(await says({ secret: '' }), /secret/);
	});
});
