/** What a person changes around a published trigger, at each service that it subscribes at: the subscriptions follow. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Provider } from '../../core/provider.ts';
import { apiCredential, nodeName } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import { ACCOUNTS, demoCredentials, type ProviderId } from '../../sandbox/accounts.mts';
import type { Workflow } from '../../harness/client.mts';
import { N8n, webhookUrlVariable } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { webhookUrl, workflowWith } from '../../harness/workflow.mts';

const subscribing = providers.filter(({ registrations }) => registrations.some(({ kind }) => kind === 'api'));

describe('what is changed around a published trigger', { timeout: 300_000 }, () => {
	let n8n: N8n;
	let sandbox: SandboxControl;
	before(async () => {
		sandbox = await SandboxControl.start('solatis', 20_000);
		n8n = await N8n.start();
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await sandbox?.close();
	});

	/** A credential for one of the two accounts of a service. */
	async function credentialFor(provider: Provider, account: 0 | 1) {
		const id = provider.id as ProviderId;
		const data = { ...demoCredentials(id, sandbox.sandbox.url), ...ACCOUNTS[id][account].credentials };
		return await n8n.client.createCredential(apiCredential(provider), `${provider.name} ${account}`, data);
	}

	async function published(provider: Provider, credential: { id: string; name: string }): Promise<Workflow> {
		const registration = provider.registrations.find(({ kind }) => kind === 'api')!;
		const workflow = await n8n.client.createWorkflow(
			workflowWith({
				type: `n8n-nodes-${provider.id}.${nodeName(provider)}Trigger`,
				parameters: {
					events: [provider.events[0].name],
					...(provider.registrations.length > 1 ? { registration: registration.name } : {}),
				},
				credentials: { [apiCredential(provider)]: credential },
			}),
		);
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		return workflow;
	}

	const pathsOf = (subscriptions: ReadonlyArray<{ url: string }>) =>
		subscriptions.map(({ url }) => new URL(url).pathname).sort();
	const pathOf = (workflow: Workflow) => new URL(webhookUrl(n8n.url, workflow)).pathname;

	for (const provider of subscribing) {
		it(`${provider.name}: two workflows on one account each have their own subscription`, async () => {
			const service = sandbox.of(provider.id as ProviderId);
			const credential = await credentialFor(provider, 0);
			const [one, two] = [await published(provider, credential), await published(provider, credential)];
			assert.deepEqual(pathsOf(await service.subscriptions()), [pathOf(one), pathOf(two)].sort());
			const { deliveries } = await service.raise(provider.events[0].name);
			const answers = await service.answered(deliveries);
			assert.deepEqual(answers, Array(2).fill({ status: 200, verdict: 'accepted', reason: undefined }));
			await n8n.client.deleteWorkflow(one);
			assert.deepEqual(pathsOf(await service.subscriptions()), [pathOf(two)]);
			await n8n.client.deleteWorkflow(two);
			assert.deepEqual(await service.subscriptions(), []);
		});

		it(`${provider.name}: another account's credential moves the subscription there`, async () => {
			const service = sandbox.of(provider.id as ProviderId);
			const workflow = await published(provider, await credentialFor(provider, 0));
			const [before] = await service.subscriptions();
			const edited = await n8n.client.getWorkflow(workflow.id);
			edited.nodes[0]!.credentials = { [apiCredential(provider)]: await credentialFor(provider, 1) };
			await n8n.client.saveWorkflow(edited);
			assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
			const subscriptions = await service.subscriptions();
			assert.equal(subscriptions.length, 1);
			assert.notEqual(subscriptions[0]?.account, before?.account);
			await n8n.client.deleteWorkflow(workflow);
			assert.deepEqual(await service.subscriptions(), []);
		});
	}

	it("all services: another address of n8n's gets subscriptions of its own, and those of the old one are left alone", async () => {
		const workflows: Workflow[] = [];
		for (const provider of subscribing) workflows.push(await published(provider, await credentialFor(provider, 0)));
		// Another origin that leads to the same n8n: Solid# is asked for a test event there.
		const url = n8n.url.replace('127.0.0.1', 'localhost');
		await n8n.restart({ [webhookUrlVariable()]: `${url}/` });
		await n8n.client.login();
		for (const workflow of workflows) {
			// Publishing alone does not ask a trigger that was not edited: n8n keeps it as it is.
			await n8n.client.unpublish(workflow);
			assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		}
		for (const [index, provider] of subscribing.entries()) {
			const service = sandbox.of(provider.id as ProviderId);
			const found = (await service.subscriptions()).map(({ url }) => url.replace(/\?.*/, ''));
			// A copy of the database would look the same: what is under another origin may be somebody's.
			const old = webhookUrl(n8n.url, workflows[index]!);
			assert.deepEqual(found.sort(), [old, webhookUrl(url, workflows[index]!)].sort(), provider.name);
			await n8n.client.deleteWorkflow(workflows[index]!);
			const left = (await service.subscriptions()).map((one) => one.url.replace(/\?.*/, ''));
			assert.deepEqual(left, [old], provider.name);
		}
	});
});
