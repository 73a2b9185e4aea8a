/**
 * Queue mode in short: a main process, a webhook processor and a worker. test/faults/queue-mode.test.mts is the long form, with two of
 * each, killed under load.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Workflow } from '../../harness/client.mts';
import { missingForQueue, Queue, queueServers } from '../../harness/queue.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, workflowWith } from '../../harness/workflow.mts';

const missing = await missingForQueue();

describe('queue mode, in short', { skip: missing ?? false, timeout: 600_000 }, () => {
	let queue: Queue;
	let solatis: SandboxControl;
	let workflow: Workflow;

	before(async () => {
		solatis = await SandboxControl.start('solatis', 1000);
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
		await solatis?.close();
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

	it('goes on without the main process, and when that is back', async () => {
		const before = await solatis.subscriptions();
		await queue.main.kill();
		const without = await solatis.raise('task.created');
		assert.deepEqual(await solatis.answered(without.deliveries), [
			{ status: 200, verdict: 'accepted', reason: undefined },
		]);
		await queue.main.restart();
		await queue.main.client.login();
		await arrives(without.payload);
		const { payload } = await solatis.raise('task.created');
		assert.equal(await times(await arrives(payload)), 1);
		assert.equal((await solatis.subscriptions()).length, before.length);
	});
});
