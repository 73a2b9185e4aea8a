/**
 * n8n with a concurrency limit of one and a slow workflow: the answer to a delivery waits for a free place, the service gives up
 * and sends again. What can look alike has no second line, so the first line must wait for the first execution to decide.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, TRIGGER, workflowWith } from '../../harness/workflow.mts';

const EVENT = 'project_email_sent';
/** How long one execution takes, in seconds. */
const SLOW = 3;

describe('Solar Proof in an n8n with one place for executions', { timeout: 300_000 }, () => {
	let n8n: N8n;
	let solarProof: SandboxControl;

	before(async () => {
		solarProof = await SandboxControl.start('solar-proof');
		n8n = await N8n.start({ env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } });
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await solarProof?.close();
	});

	it('runs once for each of three events, each sent three times by a service that does not wait', async () => {
		const credential = await n8n.client.createCredential('solarProofApi', 'Solar Proof', solarProof.credentials);
		const data = workflowWith({
			type: 'n8n-nodes-solar-proof.solarProofTrigger',
			parameters: { events: [EVENT] },
			credentials: { solarProofApi: credential },
		});
		data.nodes.push({
			id: randomUUID(),
			name: 'Slow',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			position: [440, 0],
			parameters: { resume: 'timeInterval', amount: SLOW, unit: 'seconds' },
		});
		data.connections[ARRIVED] = { main: [[{ node: 'Slow', type: 'main', index: 0 }]] };
		const workflow = await n8n.client.createWorkflow(data);
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		const [subscription] = await solarProof.subscriptions();
		assert.ok(subscription, `${TRIGGER} is subscribed`);

		// All the same but for a number, as Solar Proof's events are: nothing in them says which is which.
		const send = async (number: number): Promise<number | undefined> => {
			const body = JSON.stringify([{ project_id: number, email: 'jane@example.com' }]);
			const headers = { 'content-type': 'application/json' };
			const signal = AbortSignal.timeout(1500);
			return await fetch(subscription.url, { method: 'POST', body, headers, signal }).then(
				({ status }) => status,
				() => undefined,
			);
		};
		for (let attempt = 0; attempt < 3; attempt++) await Promise.all([1, 2, 3].map(send));
		const executions = await until('all executions to end', 90_000, async () => {
			const all = await n8n.client.listExecutions(workflow);
			return all.length >= 3 && all.every(({ status }) => status === 'success') ? all : undefined;
		});
		// A copy that still waits would be let through by now.
		await new Promise((resolve) => setTimeout(resolve, 2 * SLOW * 1000));
		const items = (await n8n.client.executions(workflow)).flatMap(({ items: arrived }) => arrived[ARRIVED] ?? []);
		assert.deepEqual(items.map((item) => (item as { project_id: number }).project_id).sort(), [1, 2, 3]);
		assert.equal(executions.length, 3);
		await n8n.client.unpublish(workflow);
		assert.deepEqual(await solarProof.subscriptions(), []);
	});
});
