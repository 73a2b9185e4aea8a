/** What the delivery engine promises: schedule, time limit, faults, log. Shown with Solatis, whose webhooks take one call. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../core/provider.ts';
import { isNear } from '../../sandbox/transport.mts';
import { call, eventually, hmacHex, object, string, useSandbox } from './helpers.mts';

describe('deliveries', () => {
	// One second stands for 1,000: the first retry is due after 60 ms, the second after 300 ms.
	const sandbox = useSandbox({ speed: 1000, timeoutMs: 400 });
	const subscribe = async (path = '/hook') => {
		const json = { url: sandbox.receiver.url + path, events: ['task.created'], secret: 'shh' };
		const headers = { authorization: 'Bearer sandbox-solatis-key' };
		return (await call(sandbox.url('/solatis/v2/webhooks'), { headers, json })).json;
	};
	const raise = (more: JsonObject = {}) => sandbox.raise({ provider: 'solatis', event: 'task.created', ...more });
	const faulty = (deliveries: JsonObject) => sandbox.fault({ provider: 'solatis', deliveries });
	const settled = (state: string, count: number) =>
		eventually(async () => {
			const found = await sandbox.deliveries(`?state=${state}`);
			assert.equal(found.length, count);
			return found;
		});
	const received = (count: number) =>
		eventually(() => {
			assert.equal(sandbox.receiver.received.length, count);
			return sandbox.receiver.received;
		});

	it('logs every attempt with its request, answer, time and next retry', async () => {
		await subscribe();
		sandbox.receiver.answers.set('/hook', 500);
		await raise();
		const waiting = await eventually(async () => {
			const [delivery] = await sandbox.deliveries('?state=pending');
			assert.equal(delivery?.attempts.length, 2);
			assert.ok(delivery.nextRetryAt);
			return delivery;
		});
		const [first, second] = waiting.attempts;
		assert.deepEqual(
			[first?.status, first?.error, first?.response?.body],
			[500, 'answered with status 500', '{"received":true}'],
		);
		const gap = Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '');
		assert.ok(gap >= 55 && gap < 280, `the first retry comes after 60 s / 1000, came after ${gap} ms`);
		const next = Date.parse(waiting.nextRetryAt ?? '') - Date.parse(second?.at ?? '');
		assert.ok(next >= 295 && next < 500, `the second is due after 300 s / 1000, is due after ${next} ms`);
		sandbox.receiver.answers.clear();
		const [done] = await settled('delivered', 1);
		assert.equal(done?.attempts.length, 3);
		assert.equal(done?.nextRetryAt, undefined);
		assert.equal(
			done?.attempts[2]?.request.headers['x-solatis-signature'],
			hmacHex('shh', done?.attempts[2]?.request.body ?? ''),
		);
	});

	it('takes an answer that comes too late, a redirect and a closed door for failures', async () => {
		await subscribe();
		sandbox.receiver.waits.set('/hook', 600);
		await raise();
		await eventually(async () =>
			assert.equal((await sandbox.deliveries())[0]?.attempts[0]?.error, 'no answer within 400 ms'),
		);
		await sandbox.control('reset', {});
		sandbox.receiver.clear();
		await subscribe();
		sandbox.receiver.answers.set('/hook', 302);
		await raise();
		await eventually(async () =>
			assert.equal((await sandbox.deliveries())[0]?.attempts[0]?.error, 'answered with status 302'),
		);
		await sandbox.control('reset', {});
		const json = { url: 'http://127.0.0.1:9/', events: ['task.created'], secret: 's' };
		await call(sandbox.url('/solatis/v2/webhooks'), { headers: { authorization: 'Bearer sandbox-solatis-key' }, json });
		await raise();
		await eventually(async () =>
			assert.match((await sandbox.deliveries())[0]?.attempts[0]?.error ?? '', /ECONNREFUSED/),
		);
	});

	it('gives up what is due when the subscription is switched off or removed', async () => {
		const { id } = await subscribe();
		sandbox.receiver.answers.set('/hook', 500);
		await raise();
		await received(1);
		const off = await sandbox.control(`subscriptions/${string(id)}`, { active: false });
		assert.equal(off.json.active, false);
		await settled('abandoned', 1);
		await sandbox.control(`subscriptions/${string(id)}`, { active: true });
		await raise();
		await received(2);
		await sandbox.control(`subscriptions/${string(id)}`, undefined, 'DELETE');
		await settled('abandoned', 2);
		await sleep(400);
		assert.ok(sandbox.receiver.received.length <= 3, 'and sends no more');
	});

	it('sends nothing to a subscription that was removed before its turn came', async () => {
		const { id } = await subscribe();
		await faulty({ delay: 100 });
		await raise();
		await sandbox.control(`subscriptions/${string(id)}`, undefined, 'DELETE');
		await settled('abandoned', 1);
		assert.deepEqual(sandbox.receiver.received, []);
	});

	it('duplicates: the same bytes at the same moment', async () => {
		await subscribe();
		await faulty({ duplicate: 19, count: 1 });
		const raised = await raise();
		assert.equal((raised.deliveries as string[]).length, 20);
		const all = await received(20);
		assert.equal(new Set(all.map((one) => one.body)).size, 1);
		assert.equal(new Set(all.map((one) => one.headers['x-solatis-signature'])).size, 1);
		assert.equal(
			(await sandbox.deliveries()).filter((one) => one.copyOf === (raised.deliveries as string[])[0]).length,
			19,
		);
		await raise();
		await received(21);
	});

	it('reorders: the last of a group comes first', async () => {
		await subscribe();
		await faulty({ reorder: 3 });
		for (const number of [1, 2, 3]) await raise({ data: { number } });
		const all = await received(3);
		assert.deepEqual(
			all.map((one) => object(one.json.data).number),
			[3, 2, 1],
		);
	});

	it('forges: wrong signature, none, and one byte altered', async () => {
		await subscribe();
		await faulty({ wrongSignature: true, count: 1 });
		await raise();
		const [wrong] = await received(1);
		assert.match(String(wrong?.headers['x-solatis-signature']), /^[0-9a-f]{64}$/);
		assert.notEqual(wrong?.headers['x-solatis-signature'], hmacHex('shh', wrong?.body ?? ''));
		await faulty({ unsigned: true, count: 1 });
		await raise();
		const [, unsigned] = await received(2);
		assert.equal(unsigned?.headers['x-solatis-signature'], undefined);
		await faulty({ alteredByte: true, count: 1 });
		const raised = await raise();
		const [, , altered] = await received(3);
		const original = JSON.stringify(raised.payload);
		assert.equal(altered?.headers['x-solatis-signature'], hmacHex('shh', original), 'the signature is of the original');
		const sent = altered?.body ?? '';
		assert.equal(sent.length, original.length);
		assert.equal([...sent].filter((letter, index) => letter !== original[index]).length, 1);
		await raise();
		const [, , , good] = await received(4);
		assert.equal(good?.headers['x-solatis-signature'], hmacHex('shh', good?.body ?? ''), 'count has run out');
	});

	it('reformats: white space that was not signed', async () => {
		await subscribe();
		await faulty({ reformatted: true });
		const raised = await raise();
		const [got] = await received(1);
		assert.deepEqual(got?.json, raised.payload);
		assert.equal(got?.headers['x-solatis-signature'], hmacHex('shh', JSON.stringify(raised.payload)));
		assert.notEqual(got?.headers['x-solatis-signature'], hmacHex('shh', got?.body ?? ''));
	});

	it('drops the answer: received, and retried all the same', async () => {
		await subscribe();
		await faulty({ drop: 'answer', count: 1 });
		await raise();
		const [done] = await settled('delivered', 1);
		assert.deepEqual(
			done?.attempts.map((attempt) => attempt.error),
			['fault: the answer came and was lost', undefined],
		);
		assert.equal(sandbox.receiver.received.length, 2);
	});

	it('drops the connection once the request is sent, and in the middle of the body', async () => {
		await subscribe();
		sandbox.receiver.waits.set('/hook', 100);
		await faulty({ drop: 'connection', count: 1 });
		await raise();
		const [whole] = await settled('delivered', 1);
		assert.equal(whole?.attempts.length, 2);
		assert.match(whole?.attempts[0]?.error ?? '', /closed before the answer/);
		assert.deepEqual(
			sandbox.receiver.received.map((one) => one.cut),
			[false, false],
			'the whole body had arrived',
		);
		sandbox.receiver.clear();
		await faulty({ drop: 'body', count: 1 });
		await raise();
		await settled('delivered', 2);
		assert.deepEqual(
			sandbox.receiver.received.map((one) => one.cut),
			[true, false],
		);
	});

	it('is slow: waits before it sends, or between the halves of the body', async () => {
		await subscribe();
		await faulty({ delay: 150, count: 1 });
		const start = Date.now();
		await raise();
		await received(1);
		assert.ok(Date.now() - start >= 140);
		await faulty({ slow: 150, count: 1 });
		await raise();
		await settled('delivered', 2);
		const [, slow] = await sandbox.deliveries();
		assert.ok((slow?.attempts[0]?.ms ?? 0) >= 140);
		const got = sandbox.receiver.received[1];
		assert.equal(got?.headers['x-solatis-signature'], hmacHex('shh', got?.body ?? ''));
	});

	it('replays: the same bytes as a new delivery', async () => {
		await subscribe();
		const raised = await raise();
		await settled('delivered', 1);
		const [id] = raised.deliveries as string[];
		const copy = await sandbox.control(`deliveries/${id}/replay`, {});
		assert.equal(copy.json.copyOf, id);
		const [first, second] = await received(2);
		assert.equal(first?.body, second?.body);
		assert.equal((await sandbox.control('deliveries/del_none/replay', {})).status, 404);
	});

	it('sends a body as it was given, and a payload', async () => {
		await subscribe();
		await raise({ body: '{"half":' });
		await raise({ payload: ['anything'] });
		const [raw, payload] = await received(2);
		assert.equal(raw?.body, '{"half":');
		assert.equal(raw?.headers['x-solatis-signature'], hmacHex('shh', '{"half":'));
		assert.equal(payload?.body, '["anything"]');
	});

	it('sends a test event of a type outside the list to every subscription', async () => {
		await subscribe();
		await raise({ event: 'webhook.ping', test: true });
		const [got] = await received(1);
		assert.equal(got?.json.event, 'webhook.ping');
	});

	it('calls no address beyond this machine and its private network', async () => {
		const json = { url: 'https://example.com/hook', events: ['task.created'], secret: 's' };
		await call(sandbox.url('/solatis/v2/webhooks'), { headers: { authorization: 'Bearer sandbox-solatis-key' }, json });
		await raise();
		await eventually(async () => assert.match((await sandbox.deliveries())[0]?.attempts[0]?.error ?? '', /^not sent/));
		for (const url of [
			'http://localhost:1',
			'http://127.0.0.1',
			'http://[::1]:80',
			'http://192.168.1.4',
			'http://n8n:5678',
		]) {
			assert.ok(isNear(url), url);
		}
		for (const url of ['https://example.com', 'http://8.8.8.8', 'http://[2001:db8::1]', 'http://172.32.0.1']) {
			assert.ok(!isNear(url), url);
		}
	});

	it('forgets everything on reset, and sends nothing afterwards', async () => {
		await subscribe();
		sandbox.receiver.answers.set('/hook', 500);
		await raise();
		await received(1);
		await sandbox.control('reset', {});
		await sleep(450);
		assert.deepEqual(
			[await sandbox.deliveries(), await sandbox.subscriptions(), await sandbox.requests()],
			[[], [], []],
		);
		assert.ok(sandbox.receiver.received.length <= 2);
	});
});

describe('many deliveries', () => {
	const sandbox = useSandbox();

	it('go out without running into the time limit of their own', async () => {
		const json = { url: sandbox.receiver.url, events: ['task.created'], secret: 'shh' };
		await call(sandbox.url('/solatis/v2/webhooks'), { headers: { authorization: 'Bearer sandbox-solatis-key' }, json });
		await sandbox.raise({ provider: 'solatis', event: 'task.created', count: 6000 });
		await eventually(() => assert.ok(sandbox.receiver.received.length >= 6000), 30_000);
		await eventually(async () => assert.equal((await sandbox.deliveries('?state=delivered')).length, 6000));
		assert.equal(new Set(sandbox.receiver.received.map((one) => one.json.id)).size, 6000);
		assert.equal(sandbox.receiver.received.length, 6000);
	});
});
