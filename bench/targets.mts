/** What takes deliveries in a real n8n: our triggers, and the peers that they are held against. */
import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject, Provider } from '../core/provider.ts';
import { sign } from '../core/signature.ts';
import { apiCredential, nodeName, webhookCredential } from '../nodes/n8n/credentials.ts';
import type { ProviderId } from '../sandbox/accounts.mts';
import { webhookUrl, workflowWith } from '../harness/workflow.mts';
import type { Client, Workflow, WorkflowData } from '../harness/client.mts';
import type { SandboxControl } from '../harness/sandbox.mts';
import { enlarged, largest } from './bodies.mts';
import type { Shot, Target } from './load.mts';

const SECRET = 'made-up secret of a benchmark';
/** Bytes of a delivery, about. */
const SIZE = 1024;

/** A target with the workflow behind it. */
export interface Receiver extends Target {
	workflow: Workflow;
	/** The same delivery each time, and one whose signature is wrong: what ours makes of them costs no execution. */
	again?: Target;
	forged?: Target;
}

const accepts = (status: number, body: string) => status === 200 && (body === '' || !/repeated|ignored/.test(body));

/** Publishes a workflow and says where it receives. */
async function publish(client: Client, data: WorkflowData): Promise<Workflow> {
	const workflow = await client.createWorkflow(data);
	const { status, messages } = await client.publish(workflow);
	if (status !== 'published') throw new Error(`${data.name} was not published: ${messages.join('; ')}`);
	return workflow;
}

function pathOf(url: string): string {
	const { pathname, search } = new URL(url);
	return pathname + search;
}

/** A payload that no other one equals. */
function fresh(sample: Json, number: number): Json {
	const one = (element: Json): JsonObject => ({
		...(element as JsonObject),
		id: `evt_${number}`,
		objectid: number,
		sequence: number,
	});
	return Array.isArray(sample) ? sample.map(one) : one(sample);
}

function jsonShot(path: string, payload: Json, headers: (body: Buffer) => Record<string, string>): Shot {
	const body = Buffer.from(JSON.stringify(payload));
	return { path, body, headers: { 'content-type': 'application/json', ...headers(body) } };
}

/** One of our triggers, subscribed at the sandbox or registered manually. */
export async function ours(
	client: Client,
	sandbox: SandboxControl,
	provider: Provider,
	name = provider.name,
): Promise<Receiver> {
	const byHand = provider.registrations[0].kind === 'manual';
	const service = sandbox.of(provider.id as ProviderId);
	const { name: event, sample } = largest(provider);
	const type = byHand ? webhookCredential(provider) : apiCredential(provider);
	const data = byHand ? { webhookSecret: SECRET, previousWebhookSecret: '' } : { ...service.credentials };
	const workflow = await publish(
		client,
		workflowWith({
			type: `n8n-nodes-${provider.id}.${nodeName(provider)}Trigger`,
			parameters: { events: [event] },
			credentials: { [type]: await client.createCredential(type, name, data) },
			name,
		}),
	);
	const url = webhookUrl(client.url, workflow);
	// In queue mode deliveries go to another address than main's.
	const atOurPath = (other: string) => new URL(other).pathname === new URL(url).pathname;
	const subscription = byHand ? undefined : (await service.subscriptions()).find((one) => atOurPath(one.url));
	if (!byHand && subscription === undefined) throw new Error(`${name} has no subscription`);
	const path = pathOf(subscription?.url ?? url);
	const secret = subscription?.secret ?? SECRET;
	const { scheme } = provider.receiving.proofs[0];
	const whole = enlarged(sample, SIZE);
	const shot = (payload: Json, key = secret): Shot =>
		// A token is in the URL already.
		jsonShot(path, payload, (body) => (scheme.kind === 'url-token' ? {} : sign(scheme, { body, secret: key }).headers));
	const receiver: Receiver = { name, workflow, shot: (number) => shot(fresh(whole, number)), expects: accepts };
	const first = shot(fresh(whole, 0));
	receiver.again = {
		name: `${name}, repeated`,
		shot: () => first,
		expects: (status, body) => status === 200 && /repeated|accepted/.test(body),
	};
	const wrong = scheme.kind === 'url-token' ? { ...first, path: path.replace(/token=./, 'token=-') } : undefined;
	receiver.forged = {
		name: `${name}, forged`,
		shot: (number) => wrong ?? shot(fresh(whole, number), 'another secret'),
		expects: (status) => status === 401,
	};
	return receiver;
}

/** n8n's own Webhook node: it verifies nothing. */
export async function bareWebhook(client: Client, sample: Json): Promise<Receiver> {
	const path = randomUUID();
	const data = workflowWith({
		type: 'n8n-nodes-base.webhook',
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
		name: "n8n's Webhook",
	});
	const workflow = await publish(client, data);
	const whole = enlarged(sample, SIZE);
	return {
		name: data.name,
		workflow,
		shot: (number) => jsonShot(`/webhook/${path}`, fresh(whole, number), () => ({})),
		expects: accepts,
	};
}

/** n8n's own GitHub Trigger, subscribed at a GitHub that knows two calls. */
export async function githubTrigger(client: Client, sample: Json): Promise<Receiver & { close: () => Promise<void> }> {
	const github = await startGithub();
	const name = "n8n's GitHub Trigger";
	const { port } = github.server.address() as AddressInfo;
	const credential = await client.createCredential('githubApi', name, {
		server: `http://127.0.0.1:${port}`,
		user: 'sam',
		accessToken: 'made-up',
	});
	const data = workflowWith({
		type: 'n8n-nodes-base.githubTrigger',
		parameters: {
			authentication: 'accessToken',
			owner: { __rl: true, mode: 'name', value: 'example' },
			repository: { __rl: true, mode: 'name', value: 'example' },
			events: ['push'],
			options: {},
		},
		credentials: { githubApi: credential },
		name,
	});
	data.nodes[0]!.typeVersion = 1;
	const workflow = await publish(client, data);
	const hook = github.hooks.at(-1);
	if (hook === undefined) throw new Error('the GitHub Trigger did not subscribe');
	const whole = enlarged(sample, SIZE);
	const shot = (number: number, secret: string) =>
		jsonShot(pathOf(hook.url), fresh(whole, number), (body) => ({
			'x-github-event': 'push',
			'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
		}));
	return {
		name,
		workflow,
		shot: (number) => shot(number, hook.secret),
		expects: accepts,
		forged: {
			name: `${name}, forged`,
			shot: (number) => shot(number, 'another secret'),
			expects: (status) => status === 401,
		},
		close: () => new Promise((resolve) => github.server.close(() => resolve())),
	};
}

interface Hook {
	url: string;
	secret: string;
}

async function startGithub(): Promise<{ server: Server; hooks: Hook[] }> {
	const hooks: Hook[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { config } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { config?: Hook };
			if (request.method === 'POST' && config !== undefined) hooks.push(config);
			const answer = { id: hooks.length, active: true, events: ['push'] };
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { server, hooks };
}

/**
 * A package with a trigger that verifies nothing: what any node of a package costs. With `remember` it keeps so many ids by the same
 * helper of n8n that ours use.
 */
const LEAN = `
class LeanTrigger {
	constructor() {
		this.description = {
			displayName: 'Lean Trigger', name: 'leanTrigger', group: ['trigger'], version: 2, description: 'Passes on what comes',
			defaults: { name: 'Lean Trigger' }, inputs: [], outputs: ['main'],
			webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook' }],
			credentials: [{ name: 'leanApi', required: false }],
			properties: [{ displayName: 'Remember', name: 'remember', type: 'number', default: 0, noDataExpression: true }],
		};
	}
	async webhook() {
		return { workflowData: [[{ json: this.getBodyData() }]], webhookResponse: { received: true } };
	}
	async execute() {
		const items = this.getInputData();
		const maxEntries = this.getNodeParameter('remember', 0, 0);
		if (maxEntries > 0) {
			await this.helpers.checkProcessedAndRecord([items[0].json.id], 'node', { mode: 'entries', maxEntries });
		}
		return [items];
	}
}
exports.LeanTrigger = LeanTrigger;
`;
const LEAN_CREDENTIAL = `
class LeanApi {
	name = 'leanApi';
	displayName = 'Lean API';
	properties = [{ displayName: 'API Key', name: 'apiKey', type: 'string', typeOptions: { password: true }, default: '' }];
}
exports.LeanApi = LeanApi;
`;

/** Writes that package to a temporary folder. */
export async function leanPackage(): Promise<{ folder: string; remove: () => Promise<void> }> {
	const folder = await mkdtemp(join(tmpdir(), 'hookline-lean-'));
	await mkdir(join(folder, 'dist'));
	const manifest = {
		name: 'n8n-nodes-lean',
		version: '1.0.0',
		n8n: {
			n8nNodesApiVersion: 1,
			nodes: ['dist/LeanTrigger.node.js'],
			credentials: ['dist/LeanApi.credentials.js'],
		},
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
	await writeFile(join(folder, 'dist/LeanTrigger.node.js'), LEAN);
	await writeFile(join(folder, 'dist/LeanApi.credentials.js'), LEAN_CREDENTIAL);
	return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A workflow with that trigger. `credential`: the node has one that it never reads, as a trigger has that subscribes by an API. */
export async function leanTrigger(
	client: Client,
	sample: Json,
	{ remember = 0, credential = false } = {},
): Promise<Receiver> {
	const does = remember === 0 ? 'does nothing' : `remembers ${remember} ids`;
	const name = `a trigger that ${does}${credential ? ', with a credential' : ''}`;
	const trigger = { type: 'n8n-nodes-lean.leanTrigger', parameters: { remember }, name };
	const workflow = await publish(
		client,
		workflowWith(
			credential
				? {
						...trigger,
						credentials: { leanApi: await client.createCredential('leanApi', name, { apiKey: 'made-up' }) },
					}
				: trigger,
		),
	);
	const path = pathOf(webhookUrl(client.url, workflow));
	const whole = enlarged(sample, SIZE);
	return { name, workflow, shot: (number) => jsonShot(path, fresh(whole, number), () => ({})), expects: accepts };
}
