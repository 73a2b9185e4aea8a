/** Solid#'s developer API in a real n8n: the trigger registers itself, and a test event shows whether that works. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { ARRIVED, workflowWith } from '../../harness/workflow.mts';
import { until } from '../../harness/until.mts';

describe('the developer API of Solid# in a real n8n', { timeout: 300_000 }, () => {
	let n8n: N8n;
	let solid: SandboxControl;
	let credential: { id: string; name: string };

	before(async () => {
		solid = await SandboxControl.start('solid-number', 20_000);
		n8n = await N8n.start();
		await n8n.client.login();
		credential = await n8n.client.createCredential('solidNumberApi', 'Solid#', solid.credentials);
	});
	after(async () => {
		await n8n?.stop();
		await solid?.close();
	});
	beforeEach(async () => await solid.reset());

	const create = () =>
		n8n.client.createWorkflow(
			workflowWith({
				type: 'n8n-nodes-solid-number.solidNumberTrigger',
				parameters: { registration: 'developerApi', events: ['order.paid'] },
				credentials: { solidNumberApi: credential },
			}),
		);
	const said = (about: string) => n8n.log.split('\n').filter((line) => line.includes(about));

	it('registers itself, is sent a test event that it can verify, and starts with real events alone', async () => {
		const workflow = await create();
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		const [subscription] = await solid.subscriptions();
		assert.match(
			said('sent a test event').at(-1) ?? '',
			new RegExp(`Solid# sent a test event to webhook ${subscription?.id}: delivered in \\d+ ms\\.`),
		);
		const { deliveries } = await solid.raise('order.paid');
		const [answered] = await solid.answered(deliveries);
		assert.deepEqual([answered?.status, answered?.verdict], [200, 'accepted']);
		await until('the execution', 30_000, async () => {
			const [execution] = await n8n.client.listExecutions(workflow);
			return execution?.status === 'success' ? execution : undefined;
		});
		const executions = await n8n.client.listExecutions(workflow);
		assert.equal(executions.length, 1, 'the test event started nothing');
		const { items } = await n8n.client.getExecution(executions[0]?.id ?? '');
		assert.equal((items[ARRIVED]?.[0] as { event_type?: string })?.event_type, 'order.paid');
		await n8n.client.deleteWorkflow(workflow);
		assert.deepEqual(await solid.subscriptions(), []);
	});

	it('is not published when Solid# says that it got no answer, and leaves nothing behind', async () => {
		await solid.faults({ deliveries: { drop: 'connection' } });
		const workflow = await create();
		const { status, messages } = await n8n.client.publish(workflow);
		assert.equal(status, 'failed');
		assert.match(messages.join(' '), /Solid# could not deliver a test event to http:\S+\. Set WEBHOOK_URL /);
		assert.deepEqual(await solid.subscriptions(), []);
		await n8n.client.deleteWorkflow(workflow);
	});

	it('is published when Solid# sends no test event', async () => {
		await solid.faults({ calls: [{ method: 'POST', path: '/test$', kind: 'status', status: 404 }] });
		const workflow = await create();
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		assert.match(said('sent no test event').at(-1) ?? '', /Solid# sent no test event\. /);
		assert.equal((await solid.subscriptions()).length, 1);
		await n8n.client.deleteWorkflow(workflow);
	});
});
