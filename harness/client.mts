/** A person at n8n's own HTTP API: the calls its editor makes. */
import { randomBytes } from 'node:crypto';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { parse } from 'flatted';
import type { INodeTypeDescription } from 'n8n-workflow';
import { until } from './until.mts';

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	webhookId?: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	/** Shown under the node where `notesInFlow` is true. */
	notes?: string;
	notesInFlow?: boolean;
	/** What happens to an item that fails. Default: the execution ends. */
	onError?: 'continueRegularOutput' | 'continueErrorOutput';
}

export interface WorkflowData {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	/** What nodes put out without being run, by node name. */
	pinData?: Record<string, Array<{ json: unknown }>>;
}

export interface Workflow extends WorkflowData {
	id: string;
	versionId: string;
	staticData?: Record<string, unknown> | null;
	active?: boolean;
	isArchived?: boolean;
}

export interface Publication {
	status: string;
	/** What each trigger that could not be published says. */
	messages: string[];
}

/** An execution as n8n stores it. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	/** What each node put out last, by node name: the `json` of its items. Empty for a node that put out nothing. */
	items: Record<string, unknown[]>;
	error: string | undefined;
}

interface RunData {
	resultData?: {
		error?: { message?: string };
		runData?: Record<string, Array<{ data?: { main?: Array<Array<{ json: unknown }> | null> } }>>;
	};
}

/** The person who sets up an n8n and logs in to it. */
export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

/** An owner with a random password, which has what n8n asks of one: eight characters or more, a capital letter and a digit. */
export function newOwner(): Owner {
	const password = `A1-${randomBytes(18).toString('base64url')}`;
	return { email: 'owner@example.com', firstName: 'Demo', lastName: 'Owner', password };
}

/** The owner of every n8n that this process sets up with a folder that does not outlive it. */
export const OWNER: Owner = newOwner();

/** States in which an execution may still change. */
export const UNFINISHED: readonly string[] = ['new', 'running', 'waiting'];

/** n8n refused a call of its API. */
export class Refused extends Error {
	readonly status: number;
	/** n8n's own sentence, where it gave one. */
	readonly sentence: string | undefined;

	constructor(call: string, status: number, answer: unknown) {
		super(`n8n answered ${call} with ${status}: ${JSON.stringify(answer).slice(0, 500)}`);
		this.status = status;
		const { message } = (answer ?? {}) as { message?: unknown };
		this.sentence = typeof message === 'string' ? message : undefined;
	}
}

export class Client {
	readonly url: string;
	private readonly http: AxiosInstance;
	private cookie = '';

	constructor(url: string) {
		this.url = url;
		this.http = axios.create({ baseURL: url, validateStatus: () => true, timeout: 30_000, proxy: false });
	}

	/** A call to the internal API with the owner's login. Throws `Refused` on any status but 2xx. */
	async call<T>(method: string, path: string, data?: unknown, headers: Record<string, string> = {}): Promise<T> {
		const response: AxiosResponse<{ data?: T } & T> = await this.http.request({
			method,
			url: path,
			data,
			headers: { ...headers, ...(this.cookie ? { cookie: this.cookie } : {}) },
		});
		const cookie = response.headers['set-cookie']?.find((one) => one.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0] ?? '';
		if (response.status >= 300) throw new Refused(`${method} ${path}`, response.status, response.data);
		return response.data?.data ?? response.data;
	}

	/** Makes the owner of a fresh n8n, or logs in where there is one already. */
	async login(owner = OWNER): Promise<void> {
		const { email, password } = owner;
		const existing = await this.http.post('/rest/login', { emailOrLdapLoginId: email, password });
		if (existing.status === 200) {
			await this.call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
			return;
		}
		await this.call('POST', '/rest/owner/setup', owner);
	}

	async createCredential(
		type: string,
		name: string,
		data: Record<string, unknown>,
	): Promise<{ id: string; name: string }> {
		const { id } = await this.call<{ id: string }>('POST', '/rest/credentials', { name, type, data });
		return { id, name };
	}

	async listCredentials(): Promise<Array<{ id: string; name: string; type: string }>> {
		return await this.call('GET', '/rest/credentials');
	}

	async updateCredential(id: string, type: string, name: string, data: Record<string, unknown>): Promise<void> {
		await this.call('PATCH', `/rest/credentials/${id}`, { name, type, data });
	}

	/** Tests a credential as the editor does. */
	async testCredential(
		id: string,
		type: string,
		name: string,
		data: Record<string, unknown>,
	): Promise<{ status: string; message?: string }> {
		return await this.call('POST', '/rest/credentials/test', { credentials: { id, name, type, data } });
	}

	async createWorkflow(data: WorkflowData): Promise<Workflow> {
		return await this.call('POST', '/rest/workflows', { settings: {}, ...data, active: false });
	}

	async getWorkflow(id: string): Promise<Workflow> {
		return await this.call('GET', `/rest/workflows/${id}`);
	}

	/** Saves a workflow without publishing it. */
	async saveWorkflow(workflow: Workflow): Promise<Workflow> {
		const { id, name, nodes, connections, settings, versionId } = workflow;
		return await this.call('PATCH', `/rest/workflows/${id}`, { name, nodes, connections, settings, versionId });
	}

	/**
	 * Publishes the saved version and waits until n8n is done with it. What n8n refuses at once is a failed publication, too: without
	 * its publication service (before 2.40, and where that is switched off) it says in this answer what the trigger said.
	 */
	async publish({ id }: { id: string }): Promise<Publication> {
		const { versionId } = await this.getWorkflow(id);
		try {
			await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
		} catch (cause) {
			if (!(cause instanceof Refused) || cause.status !== 400) throw cause;
			return { status: 'failed', messages: [cause.sentence ?? cause.message] };
		}
		return await this.settled(id);
	}

	async unpublish({ id }: { id: string }): Promise<Publication> {
		await this.call('POST', `/rest/workflows/${id}/deactivate`, {});
		return await this.settled(id);
	}

	/** Publishes or unpublishes without waiting for anything: n8n may be killed meanwhile, and then gives no answer. */
	async begin(what: 'publish' | 'unpublish', { id }: { id: string }): Promise<void> {
		const { versionId } = await this.getWorkflow(id);
		const [path, body] = what === 'publish' ? ['activate', { versionId }] : ['deactivate', {}];
		void this.call('POST', `/rest/workflows/${id}/${path}`, body).catch(() => undefined);
	}

	/** The state of a workflow's publication, once n8n is done with it. Without its publication service n8n is done when it answers. */
	async settled(id: string): Promise<Publication> {
		return await until(`the publication of workflow ${id}`, 120_000, async () => {
			const found = await this.call<{ status: string; triggers?: Array<{ errorMessage: string | null }> }>(
				'GET',
				`/rest/workflows/${id}/publication-status`,
			).catch((cause: unknown) => {
				if (cause instanceof Refused && cause.status === 404) return undefined;
				throw cause;
			});
			if (found === undefined) {
				const { active } = await this.getWorkflow(id);
				return { status: active === true ? 'published' : 'not_published', messages: [] };
			}
			if (found.status === 'in_progress') return undefined;
			return {
				status: found.status,
				messages: (found.triggers ?? []).flatMap(({ errorMessage }) => errorMessage ?? []),
			};
		});
	}

	/** Archives and deletes a workflow, as a person would. Unpublishes it on the way. */
	async deleteWorkflow({ id }: { id: string }): Promise<void> {
		await this.call('POST', `/rest/workflows/${id}/archive`, {});
		await this.settled(id);
		await this.call('DELETE', `/rest/workflows/${id}`);
	}

	/** Listens for a test event, as the editor's button does. */
	async listen(workflow: Workflow, trigger: string): Promise<void> {
		const { waitingForWebhook } = await this.call<{ waitingForWebhook?: boolean }>(
			'POST',
			`/rest/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
			{ 'push-ref': 'hookline-test' },
		);
		if (!waitingForWebhook) throw new Error('n8n does not wait for a test event');
	}

	/** Runs a workflow from a trigger that waits for nothing, as the editor's button does. Returns the finished execution. */
	async run(workflow: Workflow, trigger: string): Promise<Execution> {
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`/rest/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
			{ 'push-ref': 'hookline-test' },
		);
		return await until(`execution ${executionId}`, 20_000, async () => {
			const execution = await this.getExecution(executionId).catch(() => undefined);
			return execution && !UNFINISHED.includes(execution.status) ? execution : undefined;
		});
	}

	/** What n8n knows about types of nodes. */
	async nodeTypes(nodes: ReadonlyArray<{ type: string; typeVersion: number }>): Promise<INodeTypeDescription[]> {
		const nodeInfos = nodes.map(({ type, typeVersion }) => ({ name: type, version: typeVersion }));
		return await this.call('POST', '/rest/node-types', { nodeInfos });
	}

	async stopListening({ id }: { id: string }): Promise<void> {
		await this.call('DELETE', `/rest/test-webhook/${id}`);
	}

	/** The executions of a workflow, newest first, without their data; all, or those in some states. */
	async listExecutions(
		{ id }: { id: string },
		status?: readonly string[],
	): Promise<Array<{ id: string; status: string; mode: string }>> {
		const filter = JSON.stringify({ workflowId: id, ...(status ? { status } : {}) });
		// What runs is on the first page, and may have ended by the next.
		const all = new Map<string, { id: string; status: string; mode: string }>();
		let cursor: string | null | undefined;
		do {
			const query = new URLSearchParams({ filter, limit: '100', ...(cursor ? { cursor } : {}) });
			const page = await this.call<{
				results: Array<{ id: string; status: string; mode: string }>;
				nextCursor?: string | null;
			}>('GET', `/rest/executions?${query.toString()}`);
			for (const one of page.results) all.set(one.id, one);
			cursor = page.nextCursor;
		} while (cursor);
		return [...all.values()];
	}

	async getExecution(id: string): Promise<Execution> {
		const { status, mode, data } = await this.call<{ status: string; mode: string; data: string }>(
			'GET',
			`/rest/executions/${id}`,
		);
		const run = parse(data) as RunData;
		const items = Object.entries(run.resultData?.runData ?? {}).map(([node, runs]) => [
			node,
			(runs.at(-1)?.data?.main ?? []).flatMap((output) => (output ?? []).map(({ json }) => json)),
		]);
		return {
			id,
			status,
			mode,
			items: Object.fromEntries(items) as Record<string, unknown[]>,
			error: run.resultData?.error?.message,
		};
	}

	/** The newest executions of all workflows, newest first. */
	async recentExecutions(limit = 50): Promise<Array<{ id: string; workflowId: string; status: string }>> {
		const { results } = await this.call<{ results: Array<{ id: string; workflowId: string; status: string }> }>(
			'GET',
			`/rest/executions?limit=${limit}`,
		);
		return results;
	}

	/** The finished executions of a workflow, oldest first, with their data. */
	async executions(workflow: { id: string }): Promise<Execution[]> {
		const list = await this.listExecutions(workflow);
		const finished = list.filter(({ status }) => !UNFINISHED.includes(status));
		return await Promise.all(finished.reverse().map(({ id }) => this.getExecution(id)));
	}

	/** Waits until a workflow has so many finished executions. */
	async waitForExecutions(workflow: { id: string }, count: number, milliseconds = 20_000): Promise<Execution[]> {
		return await until(`${count} executions`, milliseconds, async () => {
			const all = await this.executions(workflow);
			return all.length >= count ? all : undefined;
		});
	}

	/** Retries an execution with the saved workflow, as the button in the executions list does. */
	async retry(id: string): Promise<void> {
		await this.call('POST', `/rest/executions/${id}/retry`, { loadWorkflow: false });
	}
}

/** The address under which n8n receives deliveries for a workflow's trigger. */
export function webhookUrl(n8nUrl: string, workflow: { nodes: WorkflowNode[] }, test = false): string {
	const trigger = workflow.nodes.find(({ webhookId }) => webhookId !== undefined);
	return `${n8nUrl}/${test ? 'webhook-test' : 'webhook'}/${trigger?.webhookId}/webhook`;
}
