/** What triggers do between events, in a real n8n whose ticks come every minute: tell what was rejected, and catch up. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, webhookUrl } from '../../harness/workflow.mts';
import { createContact, publishedTrigger } from './support/solve360.mts';

describe('between events, in a real n8n', { timeout: 900_000 }, () => {
	let n8n: N8n;
	let solve360: SandboxControl;

	before(async () => {
		solve360 = await SandboxControl.start('solve360', 100_000);
		n8n = await N8n.start();
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await solve360?.close();
	});

	const published = async (options: object) => await publishedTrigger(n8n.client, solve360, options);

	it('tells what was rejected: one failed execution with one sentence, and the workflow stays published', async () => {
		const workflow = await published({});
		for (let count = 0; count < 3; count++) {
			const response = await fetch(webhookUrl(n8n.url, workflow), { method: 'POST', body: '{}' });
			assert.equal(response.status, 401);
		}
		const [failed] = await n8n.client.waitForExecutions(workflow, 1, 150_000);
		assert.equal(failed?.status, 'error');
		const sentence = 'Solve360: 3 requests were rejected and did not start the workflow: signature_missing (3).';
		assert.equal(failed.error, sentence);
		const { data } = await n8n.client.call<{ data: string }>('GET', `/rest/executions/${failed.id}`);
		assert.match(data, /They were not signed/);
		assert.equal((await n8n.client.settled(workflow.id)).status, 'published');
		await n8n.client.deleteWorkflow(workflow);
		assert.deepEqual(await solve360.subscriptions(), []);
	});

	it('finds what did not arrive while n8n was down, once, also after another start', async () => {
		const workflow = await published({ catchUp: 24 });
		await createContact(solve360, 'Pushed');
		await n8n.client.waitForExecutions(workflow, 1, 30_000);
		await n8n.kill();
		await createContact(solve360, 'Missed');
		await until('the service to give up', 60_000, async () => {
			const last = (await solve360.deliveries()).find(({ state }) => state !== 'delivered');
			return last?.state === 'failed' || last?.state === 'abandoned' || undefined;
		});
		const names = async () => {
			const executions = await n8n.client.executions(workflow);
			const items = executions.flatMap(({ items }) => items[ARRIVED] ?? []);
			return items.map((item) => (item as { content: { item: { name: string } } }).content.item.name).sort();
		};
		for (let start = 0; start < 2; start++) {
			await n8n.restart();
			await n8n.client.login();
			await until('the contact that was missed to arrive', 180_000, async () => {
				return (await names()).includes('Missed Example') || undefined;
			});
			const seen = (await n8n.client.executions(workflow)).length;
			// After another start the process knows nothing: n8n's list says what was passed on.
			if (start > 0)
				await until(
					'a search',
					180_000,
					async () => (await n8n.client.executions(workflow)).length > seen - 1 || undefined,
				);
		}
		await new Promise((resolve) => setTimeout(resolve, 70_000));
		assert.deepEqual(await names(), ['Missed Example', 'Pushed Example']);
		await n8n.client.deleteWorkflow(workflow);
	});
});
