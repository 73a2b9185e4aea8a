import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { pollTrigger } from '../../../nodes/n8n/watch.ts';
import { remembered } from '../../../nodes/n8n/remembered.ts';
import { providers } from '../../../providers/index.ts';
import { solatis } from '../../../providers/solatis/provider.ts';
import { Solatis, solatisTrigger, type Activation } from '../support/solatis-in-n8n.ts';

const HOUR = 3_600_000;
let now = Date.UTC(2026, 0, 15, 12);
beforeEach(() => {
	now += 30 * 24 * HOUR;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const poll = (context: IPollFunctions): Promise<INodeExecutionData[][] | null> => pollTrigger.call(context, solatis);

/** A published trigger whose first poll is over. */
async function published(parameters = {}, activation: Activation = 'activate') {
	const service = new Solatis();
	const trigger = solatisTrigger(service, parameters);
	await trigger.start(activation);
	const context = trigger.pollContext(activation);
	expect(await poll(context)).toBeNull();
	expect(await poll(context)).toBeNull();
	service.asked.splice(0);
	const memory = remembered(`w/${trigger.webhookId}`, 'production');
	return { service, trigger, context, memory };
}
const outOfOrder = { statusCode: 500, body: { error: { message: 'out of order' } } };

describe('the first poll of an activation', () => {
	it.each(['activate', 'update', 'init', 'leadershipChange'] as const)(
		'does nothing, and never throws (%s)',
		async (mode) => {
			const service = new Solatis();
			const trigger = solatisTrigger(service);
			await trigger.start(mode);
			const asked = service.asked.length;
			remembered(`w/${trigger.webhookId}`, 'production').rejected.set('signature_mismatch', 1);
			trigger.credentials = {};
			service.before = () => outOfOrder;
			expect(await poll(trigger.pollContext(mode))).toBeNull();
			expect(service.asked).toHaveLength(asked);
		},
	);

	it('can come before anything is subscribed, as n8n runs it at the same time', async () => {
		const trigger = solatisTrigger(new Solatis());
		expect(await poll(trigger.pollContext('init'))).toBeNull();
	});
});

describe('a tick', () => {
	it('costs nothing until it is due, and then one look at the list and one at the deliveries', async () => {
		const { service, context } = await published();
		const counts = [];
		for (let tick = 0; tick < 36; tick++) {
			now += 5 * 60_000;
			const before = service.asked.length;
			expect(await poll(context)).toBeNull();
			counts.push(service.asked.length - before);
		}
		expect(counts.filter((count) => count > 0)).toEqual([2, 2, 2]);
		expect(service.asked.filter((one) => one === 'GET /v2/webhooks')).toHaveLength(3);
	});

	it('of many triggers is due at many times', async () => {
		const triggers = [];
		for (let count = 0; count < 60; count++) triggers.push(await published());
		const due: number[] = [];
		for (let minute = 0; minute < 60; minute++) {
			now += 60_000;
			let asked = 0;
			for (const { service, context } of triggers) {
				await poll(context);
				asked += service.asked.splice(0).length > 0 ? 1 : 0;
			}
			due.push(asked);
		}
		expect(due.reduce((sum, count) => sum + count)).toBe(60);
		expect(Math.max(...due)).toBeLessThan(12);
	});

	it.each([
		['hourly', 24],
		['daily', 1],
		['off', 0],
	])('looks as often as chosen: %s', async (watch, times) => {
		const { service, context } = await published({ options: { watch } });
		for (let tick = 0; tick < 24 * 12; tick++) {
			now += 5 * 60_000;
			await poll(context);
		}
		expect(service.asked.filter((one) => one === 'GET /v2/webhooks')).toHaveLength(times);
	});

	it.each([
		['gone', (service: Solatis) => service.hooks.splice(0)],
		['switched off', (service: Solatis) => (service.hooks[0]!.status = 'disabled')],
		['changed', (service: Solatis) => (service.hooks[0]!.events = ['task.created'])],
	])('makes again what is %s, with the same secret, and writes nothing to static data', async (_, happened) => {
		const { service, trigger, context } = await published();
		const { secret } = service.hooks[0]!;
		const saved = structuredClone(trigger.saved);
		happened(service);
		now += HOUR;
		expect(await poll(context)).toBeNull();
		expect(service.hooks).toMatchObject([{ secret, status: 'active', events: ['task.created', 'task.deleted'] }]);
		expect(context.getWorkflowStaticData('node')).toEqual(saved);
		// The next look finds it well, and unpublishing removes it although its ID was never saved.
		service.asked.splice(0);
		now += HOUR;
		await poll(context);
		expect(service.asked).not.toContain('POST /v2/webhooks');
		await trigger.call('delete');
		expect(service.hooks).toEqual([]);
		now += HOUR;
		await poll(context);
		expect(service.hooks).toEqual([]);
	});

	it('after which n8n was restarted leaves one subscription, and it is stored', async () => {
		const { service, trigger, context } = await published();
		service.hooks.splice(0);
		now += HOUR;
		await poll(context);
		remembered(`w/${trigger.webhookId}`, 'production').made = undefined as never;
		await trigger.start('init');
		expect(service.hooks).toHaveLength(1);
		expect(trigger.saved).toMatchObject({ subscriptions: [{ id: service.hooks[0]!.id }] });
	});

	it('goes on until it succeeds', async () => {
		const { service, context } = await published();
		service.hooks.splice(0);
		service.before = ({ method }) => (method === 'POST' ? outOfOrder : undefined);
		now += HOUR;
		expect(await poll(context)).toBeNull();
		service.before = () => undefined;
		now += 5 * 60_000;
		expect(await poll(context)).toBeNull();
		expect(service.hooks).toHaveLength(1);
	});

	it('waits as long as the service asks it to', async () => {
		const { service, context } = await published();
		service.before = () => ({ statusCode: 429, body: { error: { message: 'slow down' } } });
		now += HOUR;
		await poll(context);
		const asked = service.asked.length;
		now += 30_000;
		await poll(context);
		expect(service.asked).toHaveLength(asked);
		now += 40_000;
		await poll(context);
		expect(service.asked.length).toBeGreaterThan(asked);
	});

	it('is no alarm while the service is out of order, and one when the credential is refused', async () => {
		const { service, context } = await published();
		service.before = () => outOfOrder;
		now += HOUR;
		expect(await poll(context)).toBeNull();
		service.before = () => ({ statusCode: 401, body: { error: { message: 'no such key' } } });
		now += HOUR;
		await expect(poll(context)).rejects.toThrow(/no such key.*Check the API key|no such key/);
		now += HOUR;
		expect(await poll(context)).toBeNull();
	});

	it('does nothing while n8n publishes or unpublishes', async () => {
		const { service, context, memory } = await published();
		memory.working++;
		now += HOUR;
		await poll(context);
		expect(service.asked).toEqual([]);
		memory.working--;
	});

	it('with the scheduler of n8n has a context of its own each time', async () => {
		const { service, trigger } = await published({}, 'init');
		service.hooks.splice(0);
		await poll(trigger.pollContext('update'));
		now += HOUR;
		await poll(trigger.pollContext('update'));
		expect(service.hooks).toHaveLength(1);
	});
});

describe('what was kept at a start because the service could not be asked', () => {
	it('is looked at by the next tick', async () => {
		const { service, trigger } = await published();
		service.hooks.splice(0);
		service.before = () => outOfOrder;
		await trigger.start('init');
		const context = trigger.pollContext('init');
		await poll(context);
		service.before = () => undefined;
		now += 5 * 60_000;
		await poll(context);
		expect(service.hooks).toHaveLength(1);
	});
});

describe('a start at which nothing is stored, and the service is out of order', () => {
	it.each(['GET', 'POST'])('does not end the publication: the next tick subscribes (%s)', async (method) => {
		const service = new Solatis();
		const trigger = solatisTrigger(service);
		service.before = (request) => (request.method === method ? outOfOrder : undefined);
		await trigger.start('init');
		const context = trigger.pollContext('init');
		await poll(context);
		expect(service.hooks).toEqual([]);
		service.before = () => undefined;
		now += 5 * 60_000;
		expect(await poll(context)).toBeNull();
		expect(service.hooks).toHaveLength(1);
		await trigger.call('delete');
		expect(service.hooks).toEqual([]);
	});
});

describe('deliveries that the service could not make', () => {
	it('are reported once, by type and time', async () => {
		const { service, context } = await published();
		const at = new Date(now).toISOString();
		service.deliveries = [
			{ id: 'd1', event: 'task.created', status: 'failed', created_at: at },
			{ id: 'd2', event: 'task.deleted', status: 'failed' },
			{ id: 'd3', event: 'task.created', status: 'success' },
			{ id: 'd4', event: 'task.created', status: 'failed', created_at: '2026-01-01T00:00:00Z' },
		];
		now += HOUR;
		await expect(poll(context)).rejects.toMatchObject({
			message: `Solatis could not deliver 2 events: task.created (${at}), task.deleted (no time given).`,
		});
		now += HOUR;
		expect(await poll(context)).toBeNull();
		service.deliveries.push({ id: 'd5', event: 'task.created', status: 'failed' });
		now += HOUR;
		await expect(poll(context)).rejects.toThrow('could not deliver an event: task.created');
	});

	it('are reported although the webhook that they belong to is replaced in the same tick', async () => {
		const { service, context } = await published();
		service.hooks[0]!.status = 'disabled';
		service.deliveries = [{ id: 'd1', event: 'task.created', status: 'failed' }];
		now += HOUR;
		await expect(poll(context)).rejects.toThrow('could not deliver an event');
		expect(service.hooks).toMatchObject([{ status: 'active' }]);
	});
});

describe('what this process rejected', () => {
	it('is reported by the next tick, by reason and with what to do', async () => {
		const { context, memory } = await published();
		memory.rejected.set('signature_mismatch', 2).set('signature_missing', 1);
		now += 5 * 60_000;
		await expect(poll(context)).rejects.toMatchObject({
			message:
				'Solatis: 3 requests were rejected and did not start the workflow: signature_mismatch (2), signature_missing (1).',
			description: expect.stringContaining('unpublish the workflow and publish it again'),
		});
	});

	it('by a stranger who goes on makes one report in each turn of the watch, whatever else is new', async () => {
		const { context, memory } = await published();
		let reports = 0;
		for (let tick = 0; tick < 24; tick++) {
			memory.rejected.set('signature_missing', 1000);
			now += 5 * 60_000;
			await poll(context).catch(() => reports++);
		}
		expect(reports).toBe(2);
		memory.rejected.set('timestamp_stale', 1);
		await expect(poll(context)).rejects.toThrow('timestamp_stale');
	});

	it('is not reported when the person does not want that', async () => {
		const { context, memory } = await published({ options: { reportRejected: false } });
		memory.rejected.set('signature_missing', 1);
		now += 5 * 60_000;
		expect(await poll(context)).toBeNull();
	});
});

it('a copied subscription that was left alone is reported, too', async () => {
	const { context, memory } = await published();
	memory.notices.push('Webhook wh_9 was left alone.');
	await expect(poll(context)).rejects.toThrow('wh_9');
	expect(await poll(context)).toBeNull();
});

it.each(providers.map((provider) => [provider.name, provider] as const))(
	'%s: an unknown reason is never without advice',
	async (_, provider) => {
		const trigger = solatisTrigger(new Solatis());
		const memory = remembered(`w/${trigger.webhookId}`, 'production');
		memory.active = true;
		const context = trigger.pollContext('activate');
		await pollTrigger.call(context, provider);
		const reasons = [
			...([
				'too_large',
				'source_not_allowed',
				'signature_missing',
				'signature_malformed',
				'signature_mismatch',
			] as const),
			...(['token_missing', 'token_mismatch', 'timestamp_stale', 'secret_not_configured'] as const),
		];
		for (const reason of reasons) memory.rejected.set(reason, 1);
		const failure = (await pollTrigger.call(context, provider).catch((cause: unknown) => cause)) as {
			description: string;
		};
		for (const reason of reasons) expect(failure.description).toMatch(new RegExp(`${reason}: [A-Z]`));
		expect(failure.description).not.toContain('undefined');
	},
);
