/** What is raised: streams of events, each with a service of its own and a workflow that listens to it. */
import { randomUUID } from 'node:crypto';
import { apiCredential, nodeName } from '../nodes/n8n/credentials.ts';
import { isObject } from '../core/json.ts';
import { providers } from '../providers/index.ts';
import type { ProviderId } from '../sandbox/accounts.mts';
import type { Client, Workflow, WorkflowData } from './client.mts';
import { SandboxControl, type Attempt } from './sandbox.mts';
import { ARRIVED, TRIGGER, workflowWith } from './workflow.mts';

export interface StreamKind {
	name: string;
	provider: ProviderId;
	event: string;
	/** When its service retries for the fourth time (Solar Proof: the third and last): seconds after the attempt before. */
	lateRetry: number;
	/** What tells its events apart, in the payload and in an item. */
	idOf: (payload: unknown) => string | undefined;
	/** Two of its events can look the same: repeats are dropped for five minutes and by one process only. */
	lookAlike?: true;
	/** Its workflow waits so many seconds before the node that counts, so that a kill finds executions at work. */
	waits?: number;
}

/** Reads what distinguishes events: a property of the payload, or of its first element. */
export const idOf =
	(...path: string[]) =>
	(payload: unknown): string | undefined => {
		let value: unknown = Array.isArray(payload) ? payload[0] : payload;
		for (const name of path) value = isObject(value) ? (value as Record<string, unknown>)[name] : undefined;
		return value === undefined ? undefined : String(value);
	};

export const STREAMS: readonly StreamKind[] = [
	{ name: 'Solatis', provider: 'solatis', event: 'task.created', lateRetry: 7200, idOf: idOf('id') },
	{ name: 'Solve360', provider: 'solve360', event: 'items.create', lateRetry: 7200, idOf: idOf('objectid') },
	{
		name: 'Solar Proof',
		provider: 'solar-proof',
		event: 'customer_created',
		lateRetry: 1800,
		idOf: idOf('customer_id'),
	},
	{
		name: 'Solar Proof, look-alikes',
		provider: 'solar-proof',
		event: 'customer_status_change',
		lateRetry: 1800,
		idOf: idOf('pkcustomerid'),
		lookAlike: true,
	},
	{
		name: 'Solatis, slow workflow',
		provider: 'solatis',
		event: 'task.completed',
		lateRetry: 7200,
		idOf: idOf('id'),
		waits: 2,
	},
];

/** A stream at work. */
export interface Stream extends StreamKind {
	service: SandboxControl;
	workflow: Workflow;
	/** The ids of the events raised so far. */
	raised: string[];
}

/**
 * Starts the service, and publishes a workflow that listens to it.
 * @param seconds How long the wait for a late retry is made: so much that n8n can start meanwhile. All the service's waits are
 * shortened alike, so an outage of this length is as one of hours at the documented pace.
 */
export async function startStream(kind: StreamKind, client: Client, seconds: number): Promise<Stream> {
	const provider = providers.find(({ id }) => id === kind.provider)!;
	const service = await SandboxControl.start(kind.provider, kind.lateRetry / seconds);
	const credential = await client.createCredential(apiCredential(provider), kind.name, service.credentials);
	const data = workflowWith({
		name: kind.name,
		type: `n8n-nodes-${provider.id}.${nodeName(provider)}Trigger`,
		parameters: { events: [kind.event] },
		credentials: { [apiCredential(provider)]: credential },
	});
	const workflow = await client.createWorkflow(kind.waits === undefined ? data : waiting(data, kind.waits));
	const { status, messages } = await client.publish(workflow);
	if (status !== 'published') throw new Error(`${kind.name}: ${status}: ${messages.join(' ')}`);
	return { ...kind, service, workflow, raised: [] };
}

/** The same workflow with a wait between trigger and the node that counts. */
function waiting(data: WorkflowData, seconds: number): WorkflowData {
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		...data,
		nodes: [
			...data.nodes,
			{
				id: randomUUID(),
				name: 'Wait',
				type: 'n8n-nodes-base.wait',
				typeVersion: 1.1,
				position: [110, 100],
				parameters: { amount: seconds },
			},
		],
		connections: { [TRIGGER]: to('Wait'), Wait: to(ARRIVED) },
	};
}

/** Raises so many events at once, each with so many bytes that mean nothing. */
export async function raise(stream: Stream, count: number, filler = 0): Promise<void> {
	const data = filler > 0 ? { data: { filler: 'x'.repeat(filler) } } : {};
	const { payloads } = await stream.service.raise(stream.event, { count, ...data });
	for (const payload of payloads) {
		const id = stream.idOf(payload);
		if (id === undefined) throw new Error(`${stream.name}: an event without an id`);
		stream.raised.push(id);
	}
}

/** What the service did with these events: how often it sent them, copies and retries counted, and how many deliveries it gave up on. */
export async function sendings(
	stream: Stream,
	events: ReadonlySet<string>,
): Promise<{ sent: number; givenUp: number }> {
	const answer = await fetch(`${stream.service.sandbox.url}/control/deliveries?provider=${stream.provider}`);
	const { deliveries } = (await answer.json()) as { deliveries: Array<{ state: string; attempts: Attempt[] }> };
	const of = ({ request }: Attempt) => events.has(stream.idOf(JSON.parse(request.body)) ?? '');
	return {
		sent: deliveries.flatMap(({ attempts }) => attempts).filter(of).length,
		givenUp: deliveries.filter(({ state, attempts }) => state === 'failed' && attempts.some(of)).length,
	};
}

/** How many deliveries a stream's service has still to send, or to send again. */
export async function pendingOf(stream: Stream): Promise<number> {
	const query = new URLSearchParams({ provider: stream.provider, state: 'pending', limit: '1' });
	const answer = await fetch(`${stream.service.sandbox.url}/control/deliveries?${query.toString()}`);
	return ((await answer.json()) as { total: number }).total;
}
