/**
 * Queue mode in short: a main process, a webhook processor and a worker. test/faults/queue-mode.test.mts is the long form, with two of
 * each, killed under load.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { UNFINISHED, type Workflow } from '../../harness/client.mts';
import { missingForQueue, Queue, queueServers } from '../../harness/queue.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, workflowWith } from '../../harness/workflow.mts';
import { createContact, publishedTrigger } from './support/solve360.mts';

const missing = await missingForQueue();

describe('queue mode, in short', { skip: missing ?? false, timeout: 600_000 }, () => {
	let queue: Queue;
	let solatis: SandboxControl;
	let solve360: SandboxControl;
	let workflow: Workflow;

	before(async () => {
		solatis = await SandboxControl.start('solatis', 400);
		solve360 = await SandboxControl.start('solve360', 100_000);
		queue = await Queue.start(await queueServers(), { processors: 1, workers: 1 });
		const { client } = queue.main;
		const credential = await client.createCredential('solatisApi', 'Solatis', solatis.credentials);
		workflow = await client.createWorkflow(
			workflowWith({
				type: 'n8n-nodes-solatis.solatisTrigger',
				parameters: { events: ['task.created'] },
				credentials: { solatisApi: credential },
			}),
		);
		assert.deepEqual(await client.publish(workflow), { status: 'published', messages: [] });
	});
	after(async () => {
		await queue?.stop();
		await Promise.all([solatis?.close(), solve360?.close()]);
	});
	beforeEach(async () => await solatis.faults());

	/** The IDs of the events that the workflow has passed on, those that came twice twice. */
	const arrived = async (): Promise<string[]> => {
		const executions = await queue.main.client.executions(workflow);
		return executions.flatMap(({ items }) => (items[ARRIVED] ?? []).map((item) => (item as { id: string }).id));
	};
	const arrives = async (payload: unknown): Promise<string> => {
		const { id } = payload as { id: string };
		await until(`${id} to arrive`, 60_000, async () => (await arrived()).includes(id) || undefined);
		return id;
	};
	const times = async (id: string): Promise<number> => (await arrived()).filter((one) => one === id).length;

	it('subscribes from the main process, at the address of the processors', async () => {
		const [subscription, ...more] = await solatis.subscriptions();
		assert.deepEqual(more, []);
		assert.ok(subscription?.url.startsWith(`${queue.balancer.url}/webhook/`));
	});

	it('verifies in the processor, and runs in the worker', async () => {
		const { payload, deliveries } = await solatis.raise('task.created');
		assert.deepEqual(await solatis.answered(deliveries), [{ status: 200, verdict: 'accepted', reason: undefined }]);
		assert.equal(await times(await arrives(payload)), 1);
		await solatis.faults({ deliveries: { wrongSignature: true, count: 1 } });
		const forged = await solatis.raise('task.created');
		const [answer] = await solatis.answered(forged.deliveries);
		assert.ok(answer?.reason === 'signature_mismatch' || answer?.verdict === 'accepted', 'refused, then sent again');
		await arrives(forged.payload);
	});

	it('drops a repeat: in the processor that knows it, and in the worker when the processor is another', async () => {
		const { payload, deliveries } = await solatis.raise('task.created');
		await solatis.answered(deliveries);
		const id = await arrives(payload);
		const again = await solatis.raise('task.created', { payload });
		assert.deepEqual(await solatis.answered(again.deliveries), [
			{ status: 200, verdict: 'repeated', reason: 'already_received' },
		]);
		await queue.processors[0]!.restart();
		const third = await solatis.raise('task.created', { payload });
		assert.equal((await solatis.answered(third.deliveries))[0]?.status, 200);
		// What comes after it has arrived, so it has been through.
		const { payload: next } = await solatis.raise('task.created');
		await arrives(next);
		assert.equal(await times(id), 1);
	});

	it('goes on without the main process, and mends at its start what was taken away meanwhile', async () => {
		const [before] = await solatis.subscriptions();
		assert.ok(before);
		await queue.main.kill();
		const without = await solatis.raise('task.created');
		assert.deepEqual(await solatis.answered(without.deliveries), [
			{ status: 200, verdict: 'accepted', reason: undefined },
		]);
		await solatis.removeSubscription(before.id);
		await queue.main.restart();
		await queue.main.client.login();
		await arrives(without.payload);
		const [mended, ...more] = await until('the webhook to be made again', 60_000, async () => {
			const now = await solatis.subscriptions();
			return now.length > 0 ? now : undefined;
		});
		assert.deepEqual([mended?.url, mended?.events, more], [before.url, before.events, []]);
		const { payload } = await solatis.raise('task.created');
		assert.equal(await times(await arrives(payload)), 1);
	});

	it('passes on once what came while the worker, or the processor, was killed', async () => {
		await queue.workers[0]!.kill();
		const queued = await solatis.raise('task.created');
		assert.equal((await solatis.answered(queued.deliveries))[0]?.verdict, 'accepted');
		await queue.workers[0]!.restart();
		assert.equal(await times(await arrives(queued.payload)), 1);
		await queue.processors[0]!.kill();
		const refused = await solatis.raise('task.created');
		await queue.processors[0]!.restart();
		assert.equal(await times(await arrives(refused.payload)), 1);
	});

	it('catches up in the main process, through a worker that comes later', async () => {
		const { client } = queue.main;
		const catching = await publishedTrigger(client, solve360, { catchUp: 24 });
		await Promise.all([queue.main.kill(), queue.workers[0]!.kill()]);
		for (const { id } of await solve360.subscriptions()) await solve360.removeSubscription(id);
		// Solve360 tells times in whole seconds, and what is as old as the publication is not missed.
		await wait(1100);
		await createContact(solve360, 'Missed');
		assert.deepEqual(await solve360.deliveries(), [], 'no push says so');
		await queue.main.restart();
		await client.login();
		await until('the webhook to be made again', 60_000, async () => {
			return (await solve360.subscriptions()).length === 1 || undefined;
		});
		await until('the search to be queued', 150_000, async () => {
			const waiting = await client.listExecutions(catching, UNFINISHED);
			return waiting.length > 0 || undefined;
		});
		await queue.workers[0]!.restart();
		const [execution] = await client.waitForExecutions(catching, 1, 60_000);
		const names = (execution?.items[ARRIVED] ?? []).map(
			(item) => (item as { content: { item: { name: string } } }).content.item.name,
		);
		assert.deepEqual(names, ['Missed Example']);
	});
});
