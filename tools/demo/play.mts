/** Raises the demo's events, and finds out the result of each: in n8n, and at the service of the follow-up call. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { UNFINISHED, type Client, type Execution } from '../../harness/client.mts';
import type { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { isOurTrigger } from './examples.mts';
import type { Scene } from './scenes.mts';
import type { Imported } from './setup.mts';

/** The result of an event. */
export interface Outcome {
	scene: Scene;
	/** What is missing, in a sentence; undefined when all is as it should be. */
	problem?: string;
	executionId?: string;
	workflowId: string;
	/** The item that the workflow got, without its delivery. */
	item?: JsonObject;
	/** What proved the delivery, e.g. `x-solatis-signature`. */
	verifiedBy?: string;
	/** What Solatis and others call the subscription, where they have an id for it. */
	webhookIds: string[];
	/** What the workflow did then, in words. */
	followUps: string[];
}

/** Milliseconds for an event to become a finished execution. */
const PATIENCE = 30_000;

/** Raises the event of a scene and waits for the result. */
export async function play(
	scene: Scene,
	{ workflow, standIns }: Imported,
	client: Client,
	sandbox: SandboxControl,
): Promise<Outcome> {
	const outcome: Outcome = { scene, workflowId: workflow.id, webhookIds: [], followUps: [] };
	const trigger = workflow.nodes.find(isOurTrigger)?.name ?? '';
	const [newest] = await client.listExecutions(workflow);
	const raised = await sandbox.of(scene.provider).raise(scene.event, scene.data ? { data: scene.data } : {});
	// An array becomes an item for each of its elements: the first is looked for.
	const payload = [raised.payload].flat()[0] as JsonObject;
	if (raised.deliveries.length === 0)
		return { ...outcome, problem: 'no webhook is subscribed to this event at the service' };

	const execution = await until('the event', PATIENCE, async () => {
		const found = await arrival(client, workflow, Number(newest?.id ?? 0), trigger, payload);
		return found ?? ((await areRefused(sandbox, scene, raised.deliveries)) ? 'refused' : undefined);
	}).catch(() => 'late' as const);
	if (typeof execution === 'string') {
		return { ...outcome, problem: `no execution shows it; ${await answers(sandbox, scene, raised.deliveries)}` };
	}
	outcome.executionId = execution.id;
	const { delivery, ...item } = itemOf(execution, trigger);
	outcome.item = item;
	if (isObject(delivery)) {
		if (typeof delivery['verifiedBy'] === 'string') outcome.verifiedBy = delivery['verifiedBy'];
		if (Array.isArray(delivery['webhookIds'])) outcome.webhookIds = delivery['webhookIds'].map(String);
	}
	if (execution.status !== 'success')
		outcome.problem = `the execution ended with: ${execution.error ?? execution.status}`;
	else if (outcome.verifiedBy === undefined) outcome.problem = 'the delivery was not verified';
	else await lookFurther(outcome, execution, standIns, sandbox.sandbox.url, payload);
	return outcome;
}

/** What the workflow did with the event. */
async function lookFurther(
	outcome: Outcome,
	execution: Execution,
	standIns: ReadonlyMap<string, string>,
	sandboxUrl: string,
	payload: JsonObject,
): Promise<void> {
	const { followUp } = outcome.scene;
	if (followUp !== undefined) {
		const found = await followUp(sandboxUrl, payload);
		if (found === undefined) outcome.problem = 'the record that the workflow was to make is not there';
		else outcome.followUps.push(found);
	}
	for (const [node, service] of standIns) {
		for (const item of execution.items[node] ?? []) {
			if (isObject(item)) outcome.followUps.push(`${service} (shown, not sent): ${String(item['text'])}`);
		}
	}
	if (outcome.followUps.length === 0) outcome.problem ??= 'the workflow did nothing with it';
}

/** The finished execution, after the given one, whose item is the payload. */
async function arrival(
	client: Client,
	workflow: { id: string },
	after: number,
	trigger: string,
	payload: JsonObject,
): Promise<Execution | undefined> {
	const list = await client.listExecutions(workflow);
	const finished = list.filter(({ id, status }) => Number(id) > after && !UNFINISHED.includes(status));
	for (const { id } of finished) {
		const execution = await client.getExecution(id);
		if (isAbout(itemOf(execution, trigger), payload)) return execution;
	}
	return undefined;
}

function itemOf(execution: Execution, trigger: string): JsonObject {
	const [item] = execution.items[trigger] ?? [];
	return isObject(item) ? item : {};
}

/** Whether an item is the payload: it may have more (`event`, `delivery`), and nothing else. */
function isAbout(item: JsonObject, payload: JsonObject): boolean {
	return Object.entries(payload).every(([name, value]) => isDeepStrictEqual(plain(item[name]), plain(value)));
}

function plain(value: Json | undefined): unknown {
	return JSON.parse(JSON.stringify(value ?? null));
}

/** What the receiver answered, from the service's delivery log. */
async function answers(sandbox: SandboxControl, scene: Scene, ids: readonly string[]): Promise<string> {
	const attempts = (await deliveriesOf(sandbox, scene, ids)).flatMap((delivery) => delivery.attempts);
	const said = attempts.map(({ status, response }) => `${status ?? 'no answer'} ${response?.body ?? ''}`.trim());
	return said.length === 0 ? 'the service has not delivered it' : `the delivery was answered: ${said.join('; ')}`;
}

/** Whether every delivery was answered, and none taken. The service's next try comes later than anybody waits here. */
async function areRefused(sandbox: SandboxControl, scene: Scene, ids: readonly string[]): Promise<boolean> {
	const deliveries = await deliveriesOf(sandbox, scene, ids);
	return deliveries.every(({ attempts }) => (attempts.at(-1)?.status ?? 200) >= 300);
}

async function deliveriesOf(sandbox: SandboxControl, { provider }: Scene, ids: readonly string[]) {
	return (await sandbox.of(provider).deliveries()).filter(({ id }) => ids.includes(id));
}
