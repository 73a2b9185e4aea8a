/** docs/security.md, "Changing a secret with nothing lost", for the services whose secret the trigger makes: events come all the while. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { apiCredential, nodeName } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import type { ProviderId } from '../../sandbox/accounts.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, workflowWith } from '../../harness/workflow.mts';

describe('changing a secret while events come', { timeout: 300_000 }, () => {
	let n8n: N8n;
	let sandbox: SandboxControl;

	before(async () => {
		sandbox = await SandboxControl.start('solatis', 1);
		// Without it n8n makes a V8 isolate for each delivery, and on a busy machine falls behind for good, with gigabytes of them.
		n8n = await N8n.start({ env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' } });
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await sandbox?.close();
	});

	for (const provider of providers.filter(({ registrations }) => registrations[0]?.kind === 'api')) {
		it(`${provider.name}: a copy is published, then the original unpublished, and no event is lost`, async () => {
			const service = sandbox.of(provider.id as ProviderId);
			const [event] = provider.events;
			assert.ok(event);
			const type = apiCredential(provider);
			const credential = await n8n.client.createCredential(type, provider.name, service.credentials);
			const make = async () =>
				await n8n.client.createWorkflow(
					workflowWith({
						type: `n8n-nodes-${provider.id}.${nodeName(provider)}Trigger`,
						parameters: { events: [event.name] },
						credentials: { [type]: credential },
					}),
				);
			const [original, copy] = [await make(), await make()];
			assert.equal((await n8n.client.publish(original)).status, 'published');
			const [first] = await service.subscriptions();

			const raised: unknown[] = [];
			const ids: string[] = [];
			let raising = true;
			const events = (async () => {
				while (raising) {
					const { payload, deliveries } = await service.raise(event.name);
					raised.push(payload);
					ids.push(...deliveries);
					await new Promise((resolve) => setTimeout(resolve, 250));
				}
			})();
			const three = async () => {
				const before = raised.length;
				await until('three more events', 30_000, async () => raised.length >= before + 3 || undefined);
			};
			try {
				await three();
				assert.equal((await n8n.client.publish(copy)).status, 'published');
				await n8n.client.unpublish(original);
				await three();
			} finally {
				raising = false;
				await events;
			}

			const [second, ...more] = await service.subscriptions();
			assert.deepEqual(more, []);
			assert.notEqual(second?.url, first?.url);
			if (first?.secret !== undefined) assert.notEqual(second?.secret, first.secret);
			// While n8n unpublishes, the original may be answered 404: the copy has the same event.
			const accepted = (await service.answered(ids)).filter(({ verdict }) => verdict === 'accepted');
			const executions = await until('the executions', 30_000, async () => {
				const all = [...(await n8n.client.executions(original)), ...(await n8n.client.executions(copy))];
				return all.filter(({ status }) => status === 'success').length >= accepted.length ? all : undefined;
			});
			// Solar Proof's items get their event from us.
			const text = (item: unknown) => JSON.stringify({ ...(item as object), event: undefined });
			const arrived = new Set(executions.flatMap(({ items }) => items[ARRIVED] ?? []).map(text));
			const lost = raised
				.flatMap((payload) => (Array.isArray(payload) ? payload : [payload]))
				.filter((one) => !arrived.has(text(one)));
			assert.deepEqual(lost, []);
		});
	}
});
