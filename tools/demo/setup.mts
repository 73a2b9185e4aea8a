/** Brings an n8n to where the demo wants it: credentials for the sandbox, and the example workflows, published. */
import { createHash } from 'node:crypto';
import { isObject } from '../../core/json.ts';
import { apiCredential, webhookCredential } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import { demoCredentials, HAND_SECRETS, type ProviderId } from '../../sandbox/accounts.mts';
import { webhookUrl, type Client, type Workflow, type WorkflowData } from '../../harness/client.mts';
import type { SandboxControl } from '../../harness/sandbox.mts';
import { isOurTrigger, prepare, readExamples, type Credentials } from './examples.mts';
import type { Memory } from './place.mts';

/** An example workflow in the demo's n8n. */
export interface Imported {
	file: string;
	workflow: Workflow;
	standIns: ReadonlyMap<string, string>;
}

/** Makes the credentials of all services, or points those of an earlier start at this sandbox. */
export async function setUpCredentials(client: Client, sandboxUrl: string): Promise<Credentials> {
	const existing = await client.listCredentials();
	const made: Record<string, { id: string; name: string }> = {};
	for (const { type, name, data } of wantedCredentials(sandboxUrl)) {
		const known = existing.find((one) => one.type === type && one.name === name);
		if (known) await client.updateCredential(known.id, type, name, data);
		made[type] = known ? { id: known.id, name } : await client.createCredential(type, name, data);
	}
	return made;
}

interface WantedCredential {
	type: string;
	name: string;
	data: Record<string, string>;
}

function wantedCredentials(sandboxUrl: string): WantedCredential[] {
	return providers.flatMap((provider) => {
		const id = provider.id as ProviderId;
		const wanted: WantedCredential[] = [
			{
				type: apiCredential(provider),
				name: `${provider.name} (sandbox)`,
				data: { ...demoCredentials(id, sandboxUrl) },
			},
		];
		if (id in HAND_SECRETS) {
			wanted.push({
				type: webhookCredential(provider),
				name: `${provider.name} webhook (sandbox)`,
				data: { webhookSecret: HAND_SECRETS[id as keyof typeof HAND_SECRETS] },
			});
		}
		return wanted;
	});
}

/** Imports the examples. What an earlier start imported is kept as it is, unless the example has changed since. */
export async function importExamples(client: Client, credentials: Credentials, memory: Memory): Promise<Imported[]> {
	const imported: Imported[] = [];
	for (const { file, workflow: example } of await readExamples()) {
		const { workflow: data, standIns } = prepare(example, credentials);
		const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex');
		const workflow = await importOne(client, data, hash, memory.workflows[file]);
		memory.workflows[file] = { id: workflow.id, hash };
		imported.push({ file, workflow, standIns });
	}
	return imported;
}

async function importOne(
	client: Client,
	data: WorkflowData,
	hash: string,
	known: Memory['workflows'][string] | undefined,
): Promise<Workflow> {
	const there = known && (await client.getWorkflow(known.id).catch(() => undefined));
	if (there === undefined || there.isArchived === true) {
		const { id } = await client.createWorkflow(data);
		return await client.getWorkflow(id);
	}
	if (known?.hash === hash) return there;
	// The trigger keeps its webhook URL.
	const nodes = data.nodes.map((node) => {
		const webhookId = there.nodes.find(({ name }) => name === node.name)?.webhookId;
		return { ...node, ...(webhookId === undefined ? {} : { webhookId }) };
	});
	await client.saveWorkflow({ ...there, ...data, nodes });
	return await client.getWorkflow(there.id);
}

/** Does what a person does in the dashboards of the services that have no API for it: registers the trigger's URL. */
export async function registerByHand(sandbox: SandboxControl, n8nUrl: string, imported: Imported[]): Promise<void> {
	for (const { workflow } of imported) {
		const trigger = workflow.nodes.find(isOurTrigger);
		const provider = providers.find(({ id }) => trigger?.type.startsWith(`n8n-nodes-${id}.`));
		if (trigger === undefined || !provider || !(provider.id in HAND_SECRETS)) continue;
		await sandbox
			.of(provider.id as ProviderId)
			.register({ url: webhookUrl(n8nUrl, workflow), events: trigger.parameters['events'] });
	}
}

/** The node of `watch-a-solatis-webhook.json` that is told which webhook to watch. */
const WATCHED = 'Which Webhook';

/** Fills the id of a webhook into the workflow that watches one. */
export async function watch(client: Client, { workflow }: Imported, webhookId: string): Promise<void> {
	const { nodes } = workflow;
	const assignments = nodes.find(({ name }) => name === WATCHED)?.parameters['assignments'];
	const [assignment] =
		isObject(assignments) && Array.isArray(assignments['assignments']) ? assignments['assignments'] : [];
	if (!isObject(assignment)) throw new Error(`The workflow "${workflow.name}" has no node "${WATCHED}" any more.`);
	assignment['value'] = webhookId;
	await client.saveWorkflow(workflow);
}
