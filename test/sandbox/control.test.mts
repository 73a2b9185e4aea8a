/** The control calls: what they refuse and how, faults of API calls, and the log of requests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { providers } from '../../providers/index.ts';
import { PROVIDER_IDS } from '../../sandbox/accounts.mts';
import type { Json } from '../../core/provider.ts';
import { call, list, object, useSandbox } from './helpers.mts';

describe('control', () => {
	const sandbox = useSandbox({ speed: 1000 });
	const documents = (path = '/documents') =>
		call(sandbox.url(`/solatis/v2${path}`), { headers: { authorization: 'Bearer sandbox-solatis-key' } });
	const refuses = async (path: string, json: Json, expected: RegExp) => {
		const answer = await sandbox.control(path, json);
		assert.equal(answer.status, 400, answer.text);
		assert.match(String(answer.json.error), expected);
	};
	const calls = (...faults: Json[]) => sandbox.fault({ provider: 'solatis', calls: faults });

	it('says what is served: every service', async () => {
		const { json } = await sandbox.control('status');
		assert.deepEqual([...PROVIDER_IDS].sort(), providers.map(({ id }) => id).sort());
		assert.deepEqual(
			list(json.providers)
				.map((one) => object(one).id)
				.sort(),
			[...PROVIDER_IDS].sort(),
		);
		assert.equal(json.speed, 1000);
		assert.equal(Number(json.port), Number(new URL(sandbox.url()).port));
		const page = await call(sandbox.url('/'));
		assert.match(page.headers.get('content-type') ?? '', /text\/html/);
		for (const { name } of providers) assert.ok(page.text.includes(name));
	});

	it('refuses bad input with a sentence that names it', async () => {
		await refuses('events', {}, /needs the field "provider"/);
		await refuses('events', { provider: 'solats', event: 'x' }, /provider must be one of: solar-proof, solatis/);
		await refuses('events', { provider: 'solatis', event: 'task.made' }, /no event type "task.made".*task.created/);
		await refuses('events', { provider: 'solatis', event: 'task.created', amount: 1 }, /no field "amount"/);
		await refuses('events', { provider: 'solatis', event: 'task.created', data: 'x' }, /data must be/);
		await refuses('events', { provider: 'solatis', event: 'task.created', subscription: 'x' }, /no subscription "x"/);
		await refuses(
			'events',
			{ provider: 'solatis', event: 'task.created', account: '3' },
			/account must be one of: 1, 2/,
		);
		await refuses('faults', { provider: 'solatis', deliveries: { slowly: 1 } }, /deliveries has no field "slowly"/);
		await refuses('faults', { provider: 'solatis', deliveries: { drop: 'all' } }, /deliveries.drop must be one of/);
		await refuses('faults', { provider: 'solatis', calls: [{ kind: 'status' }] }, /needs a status/);
		await refuses('faults', { provider: 'solatis', calls: [{ kind: 'hang', path: '(' }] }, /calls.0.path/);
		await refuses('faults', { provider: 'solatis', behaviour: { mood: 'bad' } }, /no behaviour "mood"/);
		await refuses(
			'faults',
			{ provider: 'solatis', behaviour: { createdShape: 'odd' } },
			/must be one of: flat, data, webhook/,
		);
		const malformed = await call(sandbox.url('/control/events'), {
			body: '{',
			headers: { 'content-type': 'application/json' },
		});
		assert.equal(malformed.status, 400);
		assert.match(String(malformed.json.error), /not valid JSON/);
		const query = await sandbox.control('deliveries?provider=nobody');
		assert.equal(query.status, 400);
		assert.equal((await sandbox.control('deliveries?limit=0')).status, 400);
		assert.equal((await sandbox.control('subscriptions/none', { active: true })).status, 404);
		assert.equal((await sandbox.control('nothing')).status, 404);
	});

	it('logs the requests of a service, with their bodies', async () => {
		const json = { url: 'https://example.com/', events: ['task.created'], secret: 's' };
		const headers = { authorization: 'Bearer sandbox-solatis-key' };
		await call(sandbox.url('/solatis/v2/webhooks?x=1'), { headers, json });
		const [entry, ...rest] = await sandbox.requests('?provider=solatis');
		assert.deepEqual(rest, []);
		assert.deepEqual(
			[entry?.method, entry?.path, entry?.query, entry?.body, entry?.rawBody, entry?.status],
			['POST', '/solatis/v2/webhooks', { x: '1' }, json, JSON.stringify(json), 201],
		);
		assert.equal(entry?.headers.authorization, headers.authorization);
		assert.deepEqual(await sandbox.requests('?provider=solve360'), []);
		assert.deepEqual(sandbox.takeViolations(), ['solatis query x']);
	});

	it('answers with a status, a body and Retry-After, as often as told, and only where it matches', async () => {
		await calls({ kind: 'status', status: 429, retryAfter: 7, method: 'GET', path: '/documents$', after: 1, count: 1 });
		assert.equal((await documents()).status, 200, 'the first passes');
		assert.equal((await documents('/webhooks')).status, 200, 'another path passes');
		const struck = await documents();
		assert.deepEqual([struck.status, struck.headers.get('retry-after')], [429, '7']);
		assert.equal(object(struck.json.error).code, 'rate_limit_exceeded');
		assert.equal((await documents()).status, 200, 'the count has run out');
		await calls({ kind: 'status', status: 503, body: { maintenance: true }, headers: { 'x-why': 'because' } });
		const own = await documents();
		assert.deepEqual([own.status, own.json, own.headers.get('x-why')], [503, { maintenance: true }, 'because']);
		await calls({ kind: 'status', status: 502, body: '<html>Bad Gateway</html>' });
		assert.equal((await documents()).text, '<html>Bad Gateway</html>');
		assert.deepEqual((await sandbox.requests()).map((entry) => entry.fault).filter(Boolean), [
			'status',
			'status',
			'status',
		]);
	});

	it('resets the connection, hangs, is slow, and loses or holds the answer of work that is done', async () => {
		await calls({ kind: 'refuse', count: 1 });
		await assert.rejects(documents());
		await calls({ kind: 'hang', count: 1 });
		const headers = { authorization: 'Bearer sandbox-solatis-key' };
		const url = sandbox.url('/solatis/v2/documents');
		await assert.rejects(fetch(url, { headers, signal: AbortSignal.timeout(200) }), /timeout/);
		await calls({ kind: 'slow', ms: 150, count: 1 });
		const start = Date.now();
		assert.equal((await documents()).status, 200);
		assert.ok(Date.now() - start >= 140);
		await calls({ kind: 'answer-lost', method: 'POST', count: 1 });
		const json = { url: 'https://example.com/', events: ['task.created'], secret: 's' };
		await assert.rejects(call(sandbox.url('/solatis/v2/webhooks'), { headers, json }));
		assert.equal((await sandbox.subscriptions('?provider=solatis')).length, 1, 'the webhook was made all the same');
		await calls({ kind: 'answer-held', method: 'POST', count: 1 });
		const held = fetch(sandbox.url('/solatis/v2/webhooks'), {
			method: 'POST',
			headers: { ...headers, 'content-type': 'application/json' },
			body: JSON.stringify(json),
			signal: AbortSignal.timeout(300),
		});
		await assert.rejects(held, /timeout/);
		assert.equal((await sandbox.subscriptions('?provider=solatis')).length, 2, 'this one, too');
	});

	it('keeps the faults of providers apart, shows them, and replaces them as a whole', async () => {
		await calls({ kind: 'status', status: 500 });
		await sandbox.fault({ provider: 'solve360', deliveries: { duplicate: 2 } });
		const shown = object((await sandbox.control('faults')).json.faults);
		assert.equal(list(object(shown.solatis).calls).length, 1);
		assert.deepEqual(object(shown.solve360).deliveries, { duplicate: 2 });
		await sandbox.fault({ provider: 'solatis' });
		assert.equal((await documents()).status, 200);
		const after = object((await sandbox.control('faults')).json.faults);
		assert.deepEqual(object(after.solve360).deliveries, { duplicate: 2 });
	});
});
