/** Every event raised against every item that the node after the trigger got. */
import { UNFINISHED, type Client } from './client.mts';
import { until } from './until.mts';
import { ARRIVED } from './workflow.mts';
import { inParallel } from './parallel.mts';
import { pendingOf, sendings, type Stream } from './streams.mts';

export interface Count {
	raised: number;
	/** How often the service sent them, copies and retries counted. */
	sent: number;
	/** Events that arrived once. */
	once: number;
	/** Events that arrived nowhere, and that no execution shows as crashed, failed or unfinished. */
	lost: string[];
	/** Events that arrived more than once. */
	doubled: string[];
	/**
	 * Events that arrived nowhere, but n8n shows an execution with them as crashed or failed, for a person to retry; or as running
	 * where it could not save the end: those it shows as crashed from its next start on.
	 */
	interrupted: string[];
	/** Deliveries that the service gave up on: it retried to the end of its schedule. */
	givenUp: number;
	/** The executions that n8n shows as crashed or failed before they handed their event on. */
	crashed: string[];
	/** Executions that n8n shows as unfinished, though nothing works on them any more. */
	stuck: number;
}

/** Waits until the services have nothing left to deliver, and n8n nothing left to do. */
export async function quiet(streams: readonly Stream[], client: Client, milliseconds: number): Promise<void> {
	await until('every delivery to be settled', milliseconds, async () => {
		for (const stream of streams) if ((await pendingOf(stream)) > 0) return undefined;
		return true;
	});
	// What n8n cannot finish (it shows such an execution as running for good) is counted, and not waited for longer than this.
	let unfinished = Number.POSITIVE_INFINITY;
	let since = Date.now();
	for (;;) {
		const left = (await Promise.all(streams.map(({ workflow }) => client.listExecutions(workflow, UNFINISHED)))).flat()
			.length;
		if (left === 0 || (left === unfinished && Date.now() - since > 15_000)) return;
		if (left !== unfinished) since = Date.now();
		unfinished = left;
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
}

/** Counts what became of the events of a stream, from `from` on (an index in `raised`). */
export async function count(stream: Stream, client: Client, from = 0): Promise<Count> {
	const raised = stream.raised.slice(from);
	const known = new Set(raised);
	const arrived = new Map<string, number>();
	const held = new Set<string>();
	const crashed: string[] = [];
	const list = await client.listExecutions(stream.workflow);
	const look = async ({ id, status }: { id: string; status: string }): Promise<void> => {
		const unfinished = UNFINISHED.includes(status);
		const { items } = unfinished ? { items: {} as Record<string, unknown[]> } : await client.getExecution(id);
		const handedOn = new Set((items[ARRIVED] ?? []).map((item) => stream.idOf(item)));
		for (const event of handedOn) {
			if (event !== undefined && known.has(event)) arrived.set(event, (arrived.get(event) ?? 0) + 1);
		}
		if (status === 'crashed' || status === 'error' || unfinished) {
			const { data } = await client.call<{ data: string }>('GET', `/rest/executions/${id}`);
			const events = raised.filter((event) => data.includes(event));
			for (const event of events) held.add(event);
			// One that got to its last node and failed afterwards is no case for a retry, as anybody can see who looks at it.
			if (!unfinished && events.some((event) => !handedOn.has(event))) crashed.push(id);
		}
	};
	await inParallel(list, 8, look);
	const missing = () => raised.some((event) => !arrived.has(event) && !held.has(event));
	if (missing()) await inParallel(await unlisted(stream, client, list), 8, look);
	const never = raised.filter((event) => !arrived.has(event));
	const lost = never.filter((event) => !held.has(event));
	for (const event of lost.slice(0, 5)) console.log(`${stream.name} ${event}: ${await trace(stream, client, event)}`);
	return {
		raised: raised.length,
		...(await sendings(stream, known)),
		once: raised.filter((event) => arrived.get(event) === 1).length,
		lost,
		doubled: raised.filter((event) => (arrived.get(event) ?? 0) > 1),
		interrupted: never.filter((event) => held.has(event)),
		crashed,
		stuck: list.filter(({ status }) => UNFINISHED.includes(status)).length,
	};
}

/** n8n orders its pages by when executions started; in queue mode it leaves out some that started at the same time. */
async function unlisted(
	{ workflow }: Stream,
	client: Client,
	list: ReadonlyArray<{ id: string }>,
): Promise<Array<{ id: string; status: string }>> {
	const listed = new Set(list.map(({ id }) => Number(id)));
	const first = Math.min(...listed);
	const between = Array.from({ length: Math.max(...listed) - first }, (_, index) => first + index);
	const found = await inParallel(
		between.filter((id) => !listed.has(id)),
		8,
		async (id) =>
			await client
				.call<{ status: string; workflowId: string }>('GET', `/rest/executions/${id}`)
				.then(({ status, workflowId }) => (workflowId === workflow.id ? [{ id: String(id), status }] : []))
				.catch(() => []),
	);
	return found.flat();
}

/** What is known of an event that arrived nowhere: what the service was answered, and which executions hold it. */
async function trace(stream: Stream, client: Client, event: string): Promise<string> {
	const answers = (await stream.service.deliveries())
		.flatMap(({ attempts }) => attempts)
		.filter(({ request }) => request.body.includes(event))
		.map(({ status, response }) => `${status ?? 'no answer'} ${response?.body ?? ''}`);
	const shown: string[] = [];
	for (const { id, status, mode } of await client.listExecutions(stream.workflow)) {
		const { data } = await client.call<{ data: string }>('GET', `/rest/executions/${id}`);
		if (data.includes(event)) shown.push(`execution ${id}: ${mode}, ${status}`);
	}
	return [...answers, ...shown].join('; ');
}

/** A count as a line of a table. */
export function row(scenario: string, stream: Stream, found: Count): Record<string, string | number> {
	const { raised, sent, once, lost, doubled, interrupted, givenUp, crashed, stuck } = found;
	return {
		scenario,
		stream: stream.name,
		raised,
		sent,
		once,
		lost: lost.length,
		doubled: doubled.length,
		interrupted: interrupted.length,
		'given up': givenUp,
		crashed: crashed.length,
		stuck,
	};
}
