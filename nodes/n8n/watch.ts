/**
 * What the triggers do between events. A trigger that also has `poll()` is asked about its subscription at every start
 * (docs/n8n-behaviour.md), and its ticks look after it while n8n runs. Most ticks look at the clock and do nothing.
 *
 * Rules that n8n sets: the first poll of an activation returns null and never throws; a tick writes nothing to static data;
 * a tick that throws becomes a failed execution with that message, and the workflow stays published.
 */
import { hash } from 'node:crypto';
import type { INodeExecutionData, INodeProperties, IPollFunctions } from 'n8n-workflow';
import { messageOf, ServiceRefused } from '../../core/errors.ts';
import type { Provider } from '../../core/provider.ts';
import { inspect, repair, type Flaw } from '../../core/subscription.ts';
import { open, storeForTick, type Opened } from './opened.ts';
import { remembered, type Remembered } from './remembered.ts';
import { errorOf, failures, PERIODS, rejections, type Report } from './reports.ts';
import { choosesSecret, modeOf, ownerOf, readSettings, type TriggerSettings } from './settings.ts';

/**
 * How often n8n polls. It must be a parameter, and a person has nothing to choose here: ticks are cheap, and when something is
 * due is another matter. `everyX` lets n8n draw the second, so that the ticks of many triggers are spread.
 */
export const POLL_TIMES: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'hidden',
	default: { item: [{ mode: 'everyX', value: 5, unit: 'minutes' }] },
};

/** How far back failed deliveries are of interest to the first look of a process, in milliseconds. */
const FIRST_LOOK_BACK = 86_400_000;

/** One context serves the first poll of an activation and all its ticks. */
const seen = new WeakSet<IPollFunctions>();

/** One poll of a trigger. */
export async function pollTrigger(this: IPollFunctions, provider: Provider): Promise<INodeExecutionData[][] | null> {
	const memory = remembered(ownerOf(this), modeOf(this));
	// The rest may throw, and a first poll that throws ends the publication.
	if (isFirst(this, memory) || memory.active !== true || memory.working > 0 || memory.tick !== undefined) return null;
	const reports: Report[] = [];
	const work = tick(this, provider, memory, reports);
	memory.tick = work.catch(() => undefined);
	try {
		await work;
	} finally {
		delete memory.tick;
	}
	const error = errorOf(this, reports);
	if (error !== undefined) throw error;
	return null;
}

/**
 * Whether this is the first poll of an activation. With n8n's scheduler every poll has a context of its own and says `update`;
 * there, the first one after `checkExists` may be a tick, which then waits for the next.
 */
function isFirst(context: IPollFunctions, memory: Remembered): boolean {
	if (seen.has(context)) return false;
	seen.add(context);
	const first = context.getActivationMode() !== 'update' || memory.fresh === true;
	delete memory.fresh;
	return first;
}

async function tick(context: IPollFunctions, provider: Provider, memory: Remembered, reports: Report[]): Promise<void> {
	const now = Date.now();
	const settings = readSettings(context, provider);
	for (const sentence of memory.notices.splice(0)) reports.push({ sentence });
	reports.push(...rejections(provider, settings, memory, now));
	if (settings.registration.kind !== 'api' || memory.url === undefined || now < (memory.notBefore ?? 0)) return;
	if (!isDue(context, memory, settings, now) && memory.unchecked !== true) return;
	const { url } = memory;
	let clean = (text: string) => text;
	try {
		const opened = await open(context, provider, settings, { url, store: storeForTick(context) });
		clean = opened.clean;
		reports.push(...(await looked(context, provider, settings, opened, memory, now)));
		memory.reported.delete('service');
	} catch (cause) {
		const message = clean(messageOf(cause));
		// What is due stays due.
		memory.unchecked = true;
		if (cause instanceof ServiceRefused && cause.retryAfterSeconds !== undefined) {
			memory.notBefore = now + cause.retryAfterSeconds * 1000;
		}
		context.logger.warn(`${provider.name}: the subscription could not be looked at. ${message}`);
		// An outage ends by itself; a credential that is refused does not.
		const refused = cause instanceof ServiceRefused && (cause.status === 401 || cause.status === 403);
		if (refused) reports.push(...once(memory, 'service', { sentence: message }));
	}
}

/** Looks at the subscription, makes again what can be made again, and tells the rest. */
async function looked(
	context: IPollFunctions,
	provider: Provider,
	settings: TriggerSettings,
	{ lifecycle }: Opened,
	memory: Remembered,
	now: number,
): Promise<Report[]> {
	const { api } = lifecycle;
	if (api.list === undefined) {
		// Nobody can be asked what there is. What could not be subscribed at the start is tried until it succeeds.
		if (memory.unchecked) await repair(lifecycle);
		delete memory.unchecked;
		return [];
	}
	const flaw = await inspect(lifecycle);
	// Before a subscription is replaced: the list of its deliveries goes with it.
	const reports = await failedDeliveries(provider, lifecycle, memory, now);
	delete memory.unchecked;
	if (flaw === undefined || flaw === 'unseen') {
		memory.reported.delete('flaw');
		return reports;
	}
	const what = `${provider.name}: the subscription of this trigger ${WORDS[flaw]}`;
	if (choosesSecret(settings.registration)) {
		await repair(lifecycle);
		context.logger.info(`${what}. It was made again.`);
		return reports;
	}
	// The service chooses the secret, and a tick has no place to store it.
	const advice = 'Unpublish the workflow and publish it again.';
	return [...reports, ...once(memory, 'flaw', { sentence: `${what}, so no events arrive.`, advice })];
}

const WORDS: { readonly [flaw in Exclude<Flaw, 'unseen'>]: string } = {
	not_stored: 'is not known',
	leaving: 'was being removed',
	gone: 'is gone',
	off: 'was switched off',
	changed: 'was changed',
	doubled: 'is there more than once',
};

/** The deliveries that failed since the last look. */
async function failedDeliveries(
	provider: Provider,
	{ api, send, store }: Opened['lifecycle'],
	memory: Remembered,
	now: number,
): Promise<Report[]> {
	if (api.attempts === undefined) return [];
	const failed = [];
	for (const { id } of store.read()?.subscriptions ?? []) {
		if (id === undefined) continue;
		// This is only about its deliveries: whether the subscription is there, the list of subscriptions says.
		const response = await send(api.attempts.request(id)).catch(() => undefined);
		if (response?.status === 200) failed.push(...api.attempts.failed(response));
	}
	const fresh = failed.filter(({ id, at }) => {
		if (memory.failed.has(id)) return false;
		memory.failed.add(id);
		return at === undefined || !(Date.parse(at) < now - FIRST_LOOK_BACK);
	});
	// The service lists the last ones only, and so need we.
	for (const id of memory.failed) if (!failed.some((one) => one.id === id)) memory.failed.delete(id);
	return failures(provider, fresh);
}

/** Whether another turn of the watch has begun. The turns of triggers begin at different times, and those of one always at the same. */
function isDue(context: IPollFunctions, memory: Remembered, { watch }: TriggerSettings, now: number): boolean {
	const period = PERIODS[watch];
	if (period === undefined) return false;
	const turn = Math.floor((now + spread(ownerOf(context), period)) / period);
	const before = memory.turn;
	memory.turn = turn;
	// At a start n8n has just asked.
	return before !== undefined && turn !== before;
}

/** A number below `below`, always the same for an owner. */
function spread(owner: string, below: number): number {
	return Number.parseInt(hash('sha256', owner, 'hex').slice(0, 8), 16) % below;
}

/** A report, unless it was made before and still holds. */
function once({ reported }: Remembered, key: string, report: Report): Report[] {
	if (reported.has(key)) return [];
	reported.add(key);
	return [report];
}
