/** A service of its own with a workflow that listens to it: what subscribing and unsubscribing is tried with. */
import assert from 'node:assert/strict';
import type { Provider } from '../core/provider.ts';
import { apiCredential, nodeName } from '../nodes/n8n/credentials.ts';
import { providers } from '../providers/index.ts';
import type { ProviderId } from '../sandbox/accounts.mts';
import type { Client, Workflow } from './client.mts';
import { SandboxControl } from './sandbox.mts';
import { workflowWith } from './workflow.mts';

/** The services at which a trigger subscribes by itself. */
export const subscribing = providers.filter(({ registrations }) => registrations.some(({ kind }) => kind === 'api'));

export interface Stage {
	provider: Provider;
	service: SandboxControl;
	/** Listens to two of its events; not published yet. */
	workflow: Workflow;
	/** How many subscriptions it has while it is published. */
	wanted: number;
}

/**
 * Starts the service, and makes the workflow.
 * @param speed The service's retry delays are divided by it.
 */
export async function stage(provider: Provider, client: Client, speed?: number): Promise<Stage> {
	const service = await SandboxControl.start(provider.id as ProviderId, speed);
	const credential = await client.createCredential(apiCredential(provider), provider.name, service.credentials);
	const registration = provider.registrations.find(({ kind }) => kind === 'api')!;
	const workflow = await client.createWorkflow(
		workflowWith({
			type: `n8n-nodes-${provider.id}.${nodeName(provider)}Trigger`,
			parameters: {
				events: provider.events.slice(0, 2).map(({ name }) => name),
				...(provider.registrations.length > 1 ? { registration: registration.name } : {}),
			},
			credentials: { [apiCredential(provider)]: credential },
		}),
	);
	const perEvent = registration.kind === 'api' && registration.api.per === 'event';
	return { provider, service, workflow, wanted: perEvent ? 2 : 1 };
}

/** The published workflow has its subscriptions, each once, and what the service sends is verified. */
export async function works({ provider, service, wanted }: Stage): Promise<void> {
	const subscriptions = await service.subscriptions();
	assert.equal(subscriptions.length, wanted);
	assert.ok(subscriptions.every(({ active }) => active));
	const { deliveries } = await service.raise(provider.events[0].name);
	const [answer] = await service.answered(deliveries, 30_000);
	assert.deepEqual(answer, { status: 200, verdict: 'accepted', reason: undefined });
}

/** How many calls the service gets when the workflow is published, and when it is unpublished. */
export async function callsOf(provider: Provider, client: Client): Promise<{ publish: number; unpublish: number }> {
	const { service, workflow } = await stage(provider, client);
	await client.publish(workflow);
	const publish = (await service.requests()).length;
	await client.unpublish(workflow);
	const unpublish = (await service.requests()).length - publish;
	await client.deleteWorkflow(workflow);
	await service.close();
	return { publish, unpublish };
}
