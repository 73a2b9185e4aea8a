/** Nothing lost, nothing doubled, in a real n8n: repeats, restarts, crashes, and a database that will not write. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Workflow } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, TRIGGER, workflowWith } from '../../harness/workflow.mts';

const EVENT = 'task.created';

describe('Solatis in a real n8n', { timeout: 900_000 }, () => {
	let n8n: N8n;
	let solatis: SandboxControl;
	let credential: { id: string; name: string };

	before(async () => {
		solatis = await SandboxControl.start('solatis');
		n8n = await N8n.start();
		await n8n.client.login();
		credential = await n8n.client.createCredential('solatisApi', 'Solatis', solatis.credentials);
	});
	after(async () => {
		await n8n?.stop();
		await solatis?.close();
	});
	beforeEach(async () => await solatis.reset());

	async function published(
		change: (workflow: ReturnType<typeof workflowWith>) => void = () => undefined,
	): Promise<Workflow> {
		const data = workflowWith({
			type: 'n8n-nodes-solatis.solatisTrigger',
			parameters: { events: [EVENT] },
			credentials: { solatisApi: credential },
		});
		change(data);
		const workflow = await n8n.client.createWorkflow(data);
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		return workflow;
	}
	const retired = async (workflow: Workflow) => {
		await n8n.client.unpublish(workflow);
		assert.deepEqual(await solatis.subscriptions(), []);
	};
	/** The ids of the events that reached the node after the trigger, over all executions. */
	const arrived = async (workflow: Workflow) =>
		(await n8n.client.executions(workflow))
			.flatMap(({ items }) => (items[ARRIVED] ?? []) as Array<{ id: string }>)
			.map(({ id }) => id);
	const idOf = (payload: unknown) => (payload as { id: string }).id;

	it('runs once for twenty identical deliveries at once, and answers all of them 200', async () => {
		const workflow = await published();
		await solatis.faults({ deliveries: { duplicate: 19, count: 1 } });
		const { payload, deliveries } = await solatis.raise(EVENT);
		await n8n.client.waitForExecutions(workflow, 1);
		const all = await until('all copies to be answered', 15_000, async () => {
			const copies = (await solatis.deliveries()).filter(({ id, copyOf }) => deliveries.includes(copyOf ?? id));
			const answered = copies.flatMap(({ attempts }) => attempts).filter(({ status }) => status !== undefined);
			return answered.length >= 20 ? answered : undefined;
		});
		assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]));
		assert.deepEqual(await arrived(workflow), [idOf(payload)]);
		assert.equal((await n8n.client.listExecutions(workflow)).length, 1);
		await retired(workflow);
	});

	it('passes on each of the first events of a fresh workflow, all at once', async () => {
		const workflow = await published();
		const { payloads } = await solatis.raise(EVENT, { count: 12 });
		await n8n.client.waitForExecutions(workflow, 12);
		assert.deepEqual((await arrived(workflow)).sort(), payloads.map(idOf).sort());
		await retired(workflow);
	});

	it('drops a repeat that comes after a restart', async () => {
		const workflow = await published();
		const { payload } = await solatis.raise(EVENT);
		await n8n.client.waitForExecutions(workflow, 1);
		await n8n.restart();
		await n8n.client.login();
		const again = await solatis.raise(EVENT, { payload });
		assert.deepEqual(await solatis.answered(again.deliveries), [
			{ status: 200, verdict: 'accepted', reason: undefined },
		]);
		const executions = await n8n.client.waitForExecutions(workflow, 2);
		assert.deepEqual(executions[1]?.items, { [TRIGGER]: [] }, 'the second execution ends at the trigger');
		assert.deepEqual(await arrived(workflow), [idOf(payload)]);
		await retired(workflow);
	});

	it('passes on the repeat of an event that could not be stored', async () => {
		const workflow = await published();
		const lock = new DatabaseSync(join(n8n.folder, '.n8n/database.sqlite'));
		let payload: unknown;
		try {
			lock.exec('BEGIN EXCLUSIVE');
			await solatis.faults({ deliveries: { duplicate: 2, count: 1 } });
			({ payload } = await solatis.raise(EVENT));
			await new Promise((resolve) => setTimeout(resolve, 3000));
			assert.deepEqual(
				await solatis.deliveries().then((all) => all.at(-1)?.state),
				'pending',
				'nothing was acknowledged',
			);
		} finally {
			lock.exec('ROLLBACK');
			lock.close();
		}
		await n8n.client.waitForExecutions(workflow, 1, 60_000);
		await until(
			'the delivery to be acknowledged',
			30_000,
			async () => (await solatis.deliveries()).at(-1)?.state === 'delivered' || undefined,
		);
		await new Promise((resolve) => setTimeout(resolve, 1000));
		assert.deepEqual(await arrived(workflow), [idOf(payload)]);
		await retired(workflow);
	});

	it('emits a crashed execution once when a person retries it, and drops the later repeat', async () => {
		const workflow = await published((data) => {
			data.nodes.push({
				id: 'wait',
				name: 'Wait',
				type: 'n8n-nodes-base.wait',
				typeVersion: 1.1,
				position: [110, 0],
				parameters: { amount: 8 },
			});
			data.connections = {
				[TRIGGER]: { main: [[{ node: 'Wait', type: 'main', index: 0 }]] },
				Wait: { main: [[{ node: ARRIVED, type: 'main', index: 0 }]] },
			};
		});
		const { payload, deliveries } = await solatis.raise(EVENT);
		await solatis.answered(deliveries);
		await until('the execution to run', 10_000, async () =>
			(await n8n.client.listExecutions(workflow)).find(({ status }) => status === 'running'),
		);
		await new Promise((resolve) => setTimeout(resolve, 500));
		await n8n.kill();
		await n8n.restart();
		await n8n.client.login();
		const crashed = await until('the execution to show as crashed', 20_000, async () =>
			(await n8n.client.listExecutions(workflow)).find(({ status }) => status === 'crashed'),
		);
		assert.deepEqual(await arrived(workflow), []);
		await n8n.client.retry(crashed.id);
		await until('the retry to end', 30_000, async () => (await arrived(workflow)).length > 0 || undefined);
		const again = await solatis.raise(EVENT, { payload });
		await solatis.answered(again.deliveries);
		await until(
			'all executions to end',
			30_000,
			async () => (await n8n.client.executions(workflow)).length >= 3 || undefined,
		);
		assert.deepEqual(await arrived(workflow), [idOf(payload)]);
		await retired(workflow);
	});

	it('forgets nothing and repeats nothing while the service loses its answers', async () => {
		const workflow = await published();
		await solatis.faults({ deliveries: { drop: 'answer', count: 3 } });
		const { payloads } = await solatis.raise(EVENT, { count: 3 });
		await until(
			'all to be delivered',
			30_000,
			async () => (await solatis.deliveries()).slice(-3).every(({ state }) => state === 'delivered') || undefined,
		);
		await n8n.client.waitForExecutions(workflow, 3);
		assert.deepEqual((await arrived(workflow)).sort(), payloads.map(idOf).sort());
		await retired(workflow);
	});
});
