/** Catching up reads what the services push: the same record, version and shape. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findMissed, occurrenceKey, type Occurrence } from '../../core/history.ts';
import type { JsonObject, Provider, Send, Values } from '../../core/provider.ts';
import { solarProof } from '../../providers/solar-proof/provider.ts';
import { solve360 } from '../../providers/solve360/provider.ts';
import { demoCredentials, type ProviderId } from '../../sandbox/accounts.mts';
import { call, eventually, useSandbox } from './helpers.mts';

describe('what was missed', () => {
	const sandbox = useSandbox({ speed: 100_000 });

	function senderFor(provider: Provider): Send {
		const credentials: Values = demoCredentials(provider.id as ProviderId, new URL(sandbox.url('/')).origin);
		return async (request) => {
			const signed = provider.api.authenticate(request, credentials);
			const query = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
				value === undefined ? [] : [[name, String(value)] as [string, string]],
			);
			const path = `${String(credentials['baseUrl'])}${signed.path}?${new URLSearchParams(query).toString()}`;
			const { status, text, headers } = await call(path, {
				method: signed.method,
				headers: { accept: 'application/json', ...signed.headers },
				...(signed.json === undefined ? {} : { json: signed.json }),
			});
			const body = ((): JsonObject | undefined => {
				try {
					return JSON.parse(text) as JsonObject;
				} catch {
					return undefined;
				}
			})();
			return { status, headers: Object.fromEntries(headers), body, text };
		};
	}

	const search = async (
		provider: Provider,
		events: readonly string[],
		from: number,
	): Promise<readonly Occurrence[]> => {
		const send = senderFor(provider);
		const { occurrences, cutOff } = await findMissed(provider, {
			...{ events, options: {}, from, send, limit: 100 },
			isKnown: () => false,
		});
		assert.deepEqual(cutOff, []);
		return occurrences;
	};

	it('of Solve360 is found in the shape in which it was pushed', async () => {
		const send = senderFor(solve360);
		const events = ['items.create', 'items.update', 'activities.create', 'activities.update'];
		for (const event of events) {
			const hook = { type: 'web', title: 'A hook', active: 1, event, contenttype: 'json', secret: 'shh' };
			const json = { ...hook, constrainttype: 'all', url: `${sandbox.receiver.url}/${event}` };
			assert.equal((await send({ method: 'POST', path: '/hooks/', json })).status, 200);
		}
		const from = Date.now() - 60_000;
		const made = await send({ method: 'POST', path: '/contacts/', json: { firstname: 'Ann', lastname: 'Example' } });
		const item = (made.body as { item: { id: number } }).item;
		const task = { parent: String(item.id), data: { title: 'Call back' } };
		const added = await send({ method: 'POST', path: '/contacts/task/', json: task });
		await new Promise((resolve) => setTimeout(resolve, 1100));
		const { id } = added.body as { id: number };
		await send({ method: 'PUT', path: `/contacts/task/${id}`, json: { data: { completed: '1' } } });
		await send({ method: 'PUT', path: `/contacts/${item.id}`, json: { jobtitle: 'Manager' } });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 4));
		const found = await search(solve360, events, from);
		for (const event of events) {
			const pushed = sandbox.receiver.received.find(({ path }) => path === `/${event}`)!.json;
			const missed = found.find((one) => one.event === event);
			assert.ok(missed !== undefined, event);
			assert.equal(missed.key, occurrenceKey(solve360, event, pushed), event);
			assert.deepEqual(Object.keys(missed.payload).sort(), Object.keys(pushed).sort());
			const keys = (payload: JsonObject) => Object.keys(payload['content'] as JsonObject);
			for (const key of keys(pushed)) assert.ok(keys(missed.payload).includes(key), `${event}: ${key}`);
			// A record that was changed since shows as it is now.
			if (event === 'items.update') assert.deepEqual(missed.payload['content'], pushed['content']);
		}
		assert.equal(found.length, 4, JSON.stringify(found.map(({ key }) => key)));
	});

	it('of Solar Proof is found with the id that was pushed', async () => {
		const send = senderFor(solarProof);
		const data = {
			action: 'createcustomer',
			firstname: 'Ann',
			surname: 'Example',
			email: 'ann@example.com',
			phone1: '1',
		};
		const made = await send({
			method: 'POST',
			path: '',
			query: { action: 'createcustomer' },
			json: { data: { ...data, type: 'RESIDENTIAL' } },
		});
		const { id } = made.body as { id: string };
		const found = await search(solarProof, ['customer_created'], Date.now() - 60_000);
		const pushed = { customer_id: Number(id) };
		assert.ok(found.some(({ key }) => key === occurrenceKey(solarProof, 'customer_created', pushed)));
		const before = await search(solarProof, ['customer_created'], Date.now() + 2 * 86_400_000);
		assert.deepEqual(before, []);
	});
});
