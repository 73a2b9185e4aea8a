/** Repeats in n8n: a first line in the memory of this process, a second in n8n's own list of processed data. */
import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { messageOf } from '../../core/errors.ts';
import { without } from '../../core/json.ts';
import type { Accepted } from '../../core/receive.ts';
import { Batches } from './batches.ts';
import { Claims, Recent, type Claim } from './claims.ts';
import { pause } from './time.ts';

/** First line: what this process has handed on within the last minutes. A quick retry costs no execution. */
const claims = new Claims({ max: 10_000, ttl: 5 * 60_000 });

/**
 * Second line: how many delivery ids n8n's database keeps for a trigger node. It is one row that is read and written for each
 * event; when more events than this come in between, a late retry of an old one can pass.
 */
const REMEMBERED_DELIVERIES = 2_000;

/**
 * Room for what does not count as an event: copies of a delivery that come to the list at once are on it, and push out as many
 * old ids, until they are taken off again.
 */
const HEADROOM = 500;

/** Two entries for a delivery. */
const LIST = { mode: 'entries', maxEntries: 2 * (REMEMBERED_DELIVERIES + HEADROOM) } as const;

/**
 * n8n reads and writes that row without a lock and at some cost: within this process one after the other, and those executions
 * together that come to it meanwhile.
 */
const handingOn = new Batches({ patience: 10_000, work: areFirst });

/**
 * What this process has handed on last. With several workers one's write can undo another's, so each writes its last ones again
 * with the next. Two entries for a delivery.
 */
const handedOn = new Recent({ each: 2 * 64, keys: 1_000 });

/**
 * A service closed the connection before n8n answered: it did not want to wait longer. Its event may still be on its way through a
 * busy n8n, e.g. wait for a free place under a concurrency limit. So a repeat waits until n8n has answered into the void, or the
 * execution runs, and takes over after so many milliseconds. Less than the time of a claim.
 */
const UNANSWERED_MS = 4 * 60_000;

/** How often is looked for that answer, in milliseconds. */
const LOOK_MS = 500;

/**
 * The keys beside `json` under which travel from `webhook()` to `execute()`: the delivery id, and an id of this one receipt of it,
 * where the second line is to remember it. They never reach the next node.
 */
const DELIVERY_ID = 'hooklineDeliveryId';
const RECEIPT = 'hooklineReceipt';

/** Claims a delivery for this node: the first line. See `Claims.claim` for what comes back. */
export function claimOf(
	context: IWebhookFunctions,
	deliveryId: string,
): Claim | undefined | Promise<Claim | undefined> {
	return claims.claim(repeatKey(context, deliveryId));
}

/**
 * n8n answers after it has stored or queued the execution, so the answer's status tells whether the event is safe. Where the
 * connection was closed before, the second line decides. For what can look alike there is none: then the answer that n8n
 * gives nobody decides, or the execution itself, which confirms the claim when it runs in this process.
 */
export function settleWithAnswer(context: IWebhookFunctions, claim: Claim, { lookAlike }: Accepted): void {
	const response = context.getResponseObject();
	const answered = () => (isSuccess(response.statusCode) ? claim.done() : claim.drop());
	const unanswered = () => {
		if (response.writableFinished) return;
		if (lookAlike) void afterClosing(response, claim, answered);
		else claim.drop();
	};
	response.once('finish', answered);
	response.once('close', unanswered);
	if (response.closed) unanswered();
}

async function afterClosing(
	response: ReturnType<IWebhookFunctions['getResponseObject']>,
	claim: Claim,
	answered: () => void,
): Promise<void> {
	for (let waited = 0; waited < UNANSWERED_MS; waited += LOOK_MS) {
		if (response.headersSent) return answered();
		await pause(LOOK_MS);
	}
	claim.drop();
}

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

/** What an item carries from `webhook()` to `execute()`, next to its `json`, so that the second line can recognize a repeat. */
export function marksOf({ deliveryId, lookAlike }: Accepted): { readonly [name: string]: string } {
	if (lookAlike) return { [DELIVERY_ID]: deliveryId };
	return { [DELIVERY_ID]: deliveryId, [RECEIPT]: randomBytes(8).toString('hex') };
}

/**
 * Second line against repeats: hands on what `webhook()` made, unless n8n's database says that this delivery was handed on
 * before. That holds across restarts, webhook processors and workers. It fails open: an event is never lost to its own bookkeeping.
 *
 * An execution that runs again (n8n or a person takes up one that was interrupted) passes when it was this receipt that was handed
 * on, or none was. When n8n was killed before it answered, the service sent the event again, and another execution may have done so.
 */
export async function passOnce(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const input = this.getInputData();
	const items = input.map((item) => without(without(item, DELIVERY_ID), RECEIPT) as INodeExecutionData);
	const deliveryId = input[0]?.[DELIVERY_ID];
	const mode = this.getMode();
	// A test run must pass.
	if (typeof deliveryId !== 'string' || (mode !== 'webhook' && mode !== 'retry')) return [items];
	const receipt = input[0]?.[RECEIPT];
	if (typeof receipt === 'string') {
		const pair = [deliveryId, `${deliveryId}#${receipt}`] as const;
		if (!(await handingOn.run(nodeKey(this), { context: this, pair }))) return [[]];
	}
	claims.confirm(repeatKey(this, deliveryId));
	return [items];
}

/** A delivery that has come to its execution. */
interface Arrival {
	context: IExecuteFunctions;
	/** The delivery id, and the id of this receipt of it. */
	pair: readonly [id: string, own: string];
}

/** Of each: whether no other receipt of its delivery was handed on before. Records them. */
async function areFirst(key: string, arrivals: readonly Arrival[]): Promise<boolean[]> {
	const { context } = arrivals[0]!;
	const pairs = arrivals.map(({ pair }) => pair);
	// All at once: if n8n is killed right after, the next run finds either none of a pair or both.
	const known = new Set(await recorded(context, handedOn.of(key), pairs.flat()));
	const passed = new Set<string>();
	const verdicts = pairs.map((pair) => {
		const [id, own] = pair;
		if (passed.has(id) || (known.has(id) && !known.has(own))) return false;
		for (const one of pair) passed.add(one);
		handedOn.add(key, pair);
		return true;
	});
	await forget(
		context,
		pairs.flatMap(([, own], index) => (verdicts[index] || passed.has(own) ? [] : [own])),
	);
	return verdicts;
}

/**
 * Takes receipts that were not handed on off the list, which recorded them when it was asked: one whose execution n8n shows as
 * crashed would else pass when a person retries it.
 */
async function forget({ helpers, logger }: IExecuteFunctions, receipts: readonly string[]): Promise<void> {
	if (receipts.length === 0) return;
	try {
		await helpers.removeProcessed([...receipts], 'node', LIST);
	} catch (cause) {
		logger.debug(`The list of handed-on deliveries keeps a repeat: ${messageOf(cause)}`);
	}
}

/** Records these ids, and again those before them. Returns what was known; when the database fails, what this process knows. */
async function recorded(
	{ helpers, logger }: IExecuteFunctions,
	before: readonly string[],
	ids: readonly string[],
): Promise<readonly string[]> {
	const record = async () => {
		const all = [...new Set([...before, ...ids])];
		const { processed } = await helpers.checkProcessedAndRecord(all, 'node', LIST);
		return [...before, ...processed.map(String)];
	};
	try {
		return await record();
	} catch {
		// Two workers that record their first event at once collide on the new row; the second time it is there.
		logger.debug('The list of handed-on deliveries could not be used; trying once more');
	}
	try {
		return await record();
	} catch (cause) {
		logger.warn(
			`The list of handed-on deliveries could not be used, only the memory of this process: ${messageOf(cause)}`,
		);
		return before;
	}
}

/** Who receives: the workflow and its node. */
export function nodeKey(context: IWebhookFunctions | IExecuteFunctions): string {
	return `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
}

function repeatKey(context: IWebhookFunctions | IExecuteFunctions, deliveryId: string): string {
	return `${nodeKey(context)}:${deliveryId}`;
}
