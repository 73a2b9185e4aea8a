/** Repeats in n8n: a first line in the memory of this process, a second in n8n's own list of processed data. */
import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { messageOf } from '../../core/errors.ts';
import type { Accepted } from '../../core/receive.ts';
import { Batches } from './batches.ts';
import { Claims, Recent, type Claim } from './claims.ts';
import { remembered } from './remembered.ts';
import { ownerOf } from './settings.ts';
import { pause } from './time.ts';

/** First line: what this process has passed on within the last minutes. A quick retry costs no execution. */
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

type List = { readonly mode: 'entries'; readonly maxEntries: number };

/** A third one for an event that catching up could find, too. */
const LONG_LIST = { mode: 'entries', maxEntries: 3 * (REMEMBERED_DELIVERIES + HEADROOM) } as const;

/**
 * n8n reads and writes that row without a lock and at some cost: within this process one after the other, and those executions
 * together that come to it meanwhile.
 */
const handingOn = new Batches({ patience: 10_000, work: areFirst });

/**
 * What this process has passed on last. With several workers one's write can undo another's, so each writes its last ones again
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
 * The keys next to `json` under which travel from `webhook()` to `execute()`: the delivery id, and an id of this one receipt of it,
 * where the second line is to remember it. They never reach the next node.
 */
const DELIVERY_ID = 'hooklineDeliveryId';
const RECEIPT = 'hooklineReceipt';

/** As these, which occurrence it is: pushed, or found by catching up. */
const PUSHED = 'hooklinePushed';
const FOUND = 'hooklineFound';

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

/**
 * What an item carries from `webhook()` to `execute()`, next to its `json`, so that the second line can recognize a repeat.
 * @param occurrence See `occurrenceKey`: the event could be found by catching up, too.
 */
export function marksOf({ deliveryId, lookAlike }: Accepted, occurrence?: string): { readonly [name: string]: string } {
	if (lookAlike) return { [DELIVERY_ID]: deliveryId };
	const marks = { [DELIVERY_ID]: deliveryId, [RECEIPT]: newReceipt() };
	return occurrence === undefined ? marks : { ...marks, [PUSHED]: occurrence };
}

/** As `marksOf`, for what `poll()` found. */
export function marksOfFound(occurrence: string): { readonly [name: string]: string } {
	return { [FOUND]: occurrence, [RECEIPT]: newReceipt() };
}

function newReceipt(): string {
	return randomBytes(8).toString('hex');
}

/**
 * Second line against repeats: passes on what `webhook()` or `poll()` made, unless n8n's database says that this was passed on
 * before. That holds across restarts, webhook processors and workers. It fails open: an event is never lost to its own bookkeeping.
 *
 * A push is compared with pushes by its delivery id, and with what catching up found by its occurrence; what was found is compared
 * with both by its occurrence. Two pushes of one occurrence are two events: a service may tell the time in whole seconds.
 *
 * An execution that runs again (n8n or a person takes up one that was interrupted) passes when it was this receipt that was handed
 * on, or none was. When n8n was killed before it answered, the service sent the event again, and another execution may have done so.
 */
export async function passOnce(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const input = this.getInputData();
	const mode = this.getMode();
	// A test run must pass.
	const isCompared = (item: INodeExecutionData) =>
		mode === 'retry' || mode === (item[FOUND] === undefined ? 'webhook' : 'trigger');
	const [first, ...others] = input;
	if (first === undefined) return [[]];
	// The items of one delivery share its fate; what was found is one item each.
	const verdicts =
		first[FOUND] === undefined
			? [!isCompared(first) || (await passes(this, first))]
			: await Promise.all(input.map(async (item) => !isCompared(item) || (await passes(this, item))));
	if (first[FOUND] === undefined) others.forEach(() => verdicts.push(verdicts[0]!));
	return [input.filter((_, index) => verdicts[index]).map(plain)];
}

async function passes(context: IExecuteFunctions, item: INodeExecutionData): Promise<boolean> {
	const { [DELIVERY_ID]: deliveryId, [RECEIPT]: receipt, [PUSHED]: pushed, [FOUND]: found } = item;
	const occurrence = [found, pushed].find((key) => typeof key === 'string');
	const id = typeof found === 'string' ? foundId(found) : deliveryId;
	if (typeof id !== 'string') return true;
	if (typeof receipt === 'string') {
		const pair = [id, `${id}#${receipt}`] as const;
		const arrival = { context, pair, occurrence, isFound: typeof found === 'string' };
		if (!(await handingOn.run(nodeKey(context), arrival))) return false;
		if (occurrence !== undefined) noteOccurrence(context, occurrence);
	}
	if (typeof deliveryId === 'string') claims.confirm(repeatKey(context, deliveryId));
	return true;
}

/** What is recorded of every occurrence that was passed on, and of those that catching up found. */
const occurrenceId = (occurrence: string): string => `occurrence:${occurrence}`;
const foundId = (occurrence: string): string => `found:${occurrence}`;

/** So many occurrences of a trigger are remembered by this process, so that a quiet tick makes no execution. */
const MOST_OCCURRENCES = 5_000;

/** Remembers that an occurrence was passed on, or found: catching up need not look at it again. */
export function noteOccurrence(context: IExecuteFunctions | IPollFunctions, occurrence: string): void {
	const { occurrences } = remembered(ownerOf(context), 'production');
	occurrences.add(occurrence);
	const [oldest] = occurrences;
	if (occurrences.size > MOST_OCCURRENCES && oldest !== undefined) occurrences.delete(oldest);
}

/** An item without what only this node needs. */
function plain(item: INodeExecutionData): INodeExecutionData {
	return Object.fromEntries(
		Object.entries(item).filter(([name]) => ![DELIVERY_ID, RECEIPT, PUSHED, FOUND].includes(name)),
	) as unknown as INodeExecutionData;
}

/** A delivery, or something found, that has come to its execution. */
interface Arrival {
	context: IExecuteFunctions;
	/** The id, and the id of this one receipt. */
	pair: readonly [id: string, own: string];
	/** Which occurrence it is, where catching up could find it. */
	occurrence: string | undefined;
	isFound: boolean;
}

/** Of each: whether no other receipt of it was passed on before. Records them. */
async function areFirst(key: string, arrivals: readonly Arrival[]): Promise<boolean[]> {
	const { context } = arrivals[0]!;
	const idsOf = ({ pair, occurrence }: Arrival) =>
		occurrence === undefined ? pair : [...pair, occurrenceId(occurrence)];
	const list = arrivals.some(({ occurrence }) => occurrence !== undefined) ? LONG_LIST : LIST;
	// All at once: if n8n is killed right after, the next run finds either none of them or all.
	const known = new Set(await recorded(context, handedOn.of(key), arrivals.flatMap(idsOf), list));
	const found = await foundBefore(context, arrivals, known, list);
	const passed = new Set<string>();
	const isKnown = (id: string) => known.has(id) || passed.has(id);
	const unused: string[] = [];
	const verdicts = arrivals.map((arrival) => {
		const { pair, occurrence, isFound } = arrival;
		const [id, own] = pair;
		const isHandedOn =
			occurrence !== undefined &&
			(isFound ? isKnown(occurrenceId(occurrence)) : found.has(occurrence) || passed.has(foundId(occurrence)));
		const isRepeat = passed.has(id) || ((known.has(id) || isHandedOn) && !known.has(own));
		if (isRepeat) {
			if (!passed.has(own)) unused.push(own);
			// Recorded by the question only: it was pushed, not found, and another push of the same second is another event.
			if (isFound && !isKnown(id)) unused.push(id);
			return false;
		}
		for (const one of idsOf(arrival)) passed.add(one);
		handedOn.add(key, idsOf(arrival));
		return true;
	});
	await forget(context, unused, list);
	return verdicts;
}

/**
 * The occurrences of pushes that catching up has passed on before. Asked only for those that were passed on in some way: to ask is
 * to record, so what is new is taken off the list again.
 */
async function foundBefore(
	context: IExecuteFunctions,
	arrivals: readonly Arrival[],
	known: ReadonlySet<string>,
	list: List,
): Promise<Set<string>> {
	const asked = arrivals.flatMap(({ occurrence, isFound }) =>
		occurrence !== undefined && !isFound && known.has(occurrenceId(occurrence)) ? [occurrence] : [],
	);
	if (asked.length === 0) return new Set();
	const ids = [...new Set(asked.map(foundId))];
	try {
		const { new: fresh, processed } = await context.helpers.checkProcessedAndRecord(ids, 'node', list);
		await forget(context, fresh.map(String), list);
		const before = new Set(processed.map(String));
		return new Set(asked.filter((occurrence) => before.has(foundId(occurrence)) || known.has(foundId(occurrence))));
	} catch (cause) {
		context.logger.debug(`The list of processed deliveries could not be asked: ${messageOf(cause)}`);
		return new Set(asked.filter((occurrence) => known.has(foundId(occurrence))));
	}
}

/**
 * Takes receipts that were not passed on off the list, which recorded them when it was asked: one whose execution n8n shows as
 * crashed would otherwise pass when a person retries it.
 */
async function forget({ helpers, logger }: IExecuteFunctions, receipts: readonly string[], list: List): Promise<void> {
	if (receipts.length === 0) return;
	try {
		await helpers.removeProcessed([...receipts], 'node', list);
	} catch (cause) {
		logger.debug(`The list of processed deliveries keeps a repeat: ${messageOf(cause)}`);
	}
}

/** Records these ids, and again those before them. Returns what was known; when the database fails, what this process knows. */
async function recorded(
	{ helpers, logger }: IExecuteFunctions,
	before: readonly string[],
	ids: readonly string[],
	list: List,
): Promise<readonly string[]> {
	const record = async () => {
		const all = [...new Set([...before, ...ids])];
		const { processed } = await helpers.checkProcessedAndRecord(all, 'node', list);
		return [...before, ...processed.map(String)];
	};
	try {
		return await record();
	} catch {
		// Two workers that record their first event at once collide on the new row; the second time it is there.
		logger.debug('The list of processed deliveries could not be used; trying once more');
	}
	try {
		return await record();
	} catch (cause) {
		logger.warn(
			`The list of processed deliveries could not be used, only the memory of this process: ${messageOf(cause)}`,
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
