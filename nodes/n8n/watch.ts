/**
 * What the triggers do between events. A trigger that also has `poll()` is asked about its subscription at every start
 * (docs/n8n-behaviour.md), and its ticks look after it while n8n runs. Most ticks look at the clock and do nothing.
 *
 * Rules that n8n sets: the first poll of an activation returns null and never throws; a tick writes nothing to static data;
 * a tick that throws becomes a failed execution with that message, and the workflow stays published.
 */
import { hash } from 'node:crypto';
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { messageOf, ServiceRefused } from '../../core/errors.ts';
import { findMissed, windowStart, type Occurrence } from '../../core/history.ts';
import type { Provider } from '../../core/provider.ts';
import { inspect, repair, type Flaw } from '../../core/subscription.ts';
import { open, storeForTick, type Opened } from './opened.ts';
import { remembered, type Remembered, type Report } from './remembered.ts';
import { noteOccurrence, marksOfFound } from './repeats.ts';
import { errorOf, failures, HOUR, PERIODS, rejections } from './reports.ts';
import { choosesSecret, modeOf, ownerOf, readSettings, type TriggerSettings } from './settings.ts';
import { connect } from './transport.ts';

/** How far back failed deliveries are of interest to the first look of a process, in milliseconds. */
const FIRST_LOOK_BACK = 86_400_000;

/** One context serves the first poll of an activation and all its ticks. */
const seen = new WeakSet<IPollFunctions>();

/** One poll of a trigger. */
export async function pollTrigger(this: IPollFunctions, provider: Provider): Promise<INodeExecutionData[][] | null> {
	const memory = remembered(ownerOf(this), modeOf(this));
	// The rest may throw, and a first poll that throws ends the publication.
	if (isFirst(this, memory) || memory.active !== true || memory.working > 0 || memory.tick !== undefined) return null;
	const work = tick(this, provider, memory);
	memory.tick = work.catch(() => undefined);
	let done: Done;
	try {
		done = await work;
	} finally {
		delete memory.tick;
	}
	if (done.items.length === 0) {
		const error = errorOf(this, done.reports);
		if (error !== undefined) throw error;
		return null;
	}
	// What is thrown would take the events with it: the next tick tells.
	memory.untold.push(...done.reports);
	return [done.items];
}

interface Done {
	items: INodeExecutionData[];
	reports: Report[];
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

async function tick(context: IPollFunctions, provider: Provider, memory: Remembered): Promise<Done> {
	const now = Date.now();
	const settings = readSettings(context, provider);
	const reports = [...memory.untold.splice(0), ...rejections(provider, settings, memory, now)];
	for (const sentence of memory.notices.splice(0)) reports.push({ sentence });
	if (now < (memory.notBefore ?? 0)) return { items: [], reports };
	const isWatching = isDue(context, memory, settings, now) || memory.unchecked === true;
	if (isWatching && settings.registration.kind === 'api' && memory.url !== undefined) {
		const { url } = memory;
		await attempt(context, provider, memory, reports, async () => {
			// What is due stays due until it is done.
			const isUnchecked = memory.unchecked === true;
			memory.unchecked = true;
			const opened = await open(context, provider, settings, { url, store: storeForTick(context) });
			if (opened.lifecycle.api.list === undefined) {
				// Nobody can be asked what there is. What could not be subscribed at the start is tried until it succeeds.
				if (isUnchecked) await cleaned(opened.clean, repair(opened.lifecycle));
			} else reports.push(...(await cleaned(opened.clean, looked(context, provider, settings, opened, memory, now))));
			delete memory.unchecked;
			memory.reported.delete('service');
		});
	}
	const items: INodeExecutionData[] = [];
	if (now >= (memory.notBefore ?? 0) && isSearchDue(context, memory, settings, now)) {
		await attempt(context, provider, memory, reports, async () => {
			const found = await caughtUp(context, provider, settings, memory);
			items.push(...found.items);
			for (const sentence of found.cutOff) reports.push(...once(memory, sentence, { sentence }));
		});
	}
	return { items, reports };
}

/** Does what can fail because of the service: that is tried again, and told where a person must do something. */
async function attempt(
	context: IPollFunctions,
	provider: Provider,
	memory: Remembered,
	reports: Report[],
	work: () => Promise<void>,
): Promise<void> {
	try {
		await work();
	} catch (cause) {
		const sentence = messageOf(cause);
		const refused = cause instanceof ServiceRefused ? cause : undefined;
		if (refused?.retryAfterSeconds !== undefined) memory.notBefore = Date.now() + refused.retryAfterSeconds * 1000;
		context.logger.warn(`${provider.name}: ${sentence}`);
		// An outage ends by itself; a credential that is refused does not.
		if (refused?.status === 401 || refused?.status === 403) reports.push(...once(memory, 'service', { sentence }));
	}
}

/** Blanks out the credential's secrets in what goes wrong; the rest of what is known about it stays. */
async function cleaned<T>(clean: (text: string) => string, result: Promise<T>): Promise<T> {
	return await result.catch((cause: unknown) => {
		if (cause instanceof Error) cause.message = clean(cause.message);
		throw cause;
	});
}

/** How many missed events one tick passes on. The rest follows with the next. */
const AT_ONCE = 50;

/** Reads the service's history, and makes items of what was missed. */
async function caughtUp(
	context: IPollFunctions,
	provider: Provider,
	settings: TriggerSettings,
	memory: Remembered,
): Promise<{ items: INodeExecutionData[]; cutOff: string[] }> {
	const began = Date.now();
	// Due until it is done.
	memory.searchTurn = undefined;
	const { send, clean } = await connect(context, provider);
	const { occurrences, more, cutOff } = await cleaned(
		clean,
		findMissed(provider, {
			events: settings.events,
			options: settings.options,
			from: windowStart(began, settings.catchUp, memory.since ?? began, memory.searched),
			send,
			isKnown: (key) => memory.occurrences.has(key),
			limit: AT_ONCE,
		}),
	);
	if (!more) {
		memory.searched = began;
		memory.searchTurn = turnOf(context, settings, began);
	}
	const items = occurrences.flatMap((occurrence) => itemsOf(context, provider, settings, occurrence));
	for (const { key } of occurrences) noteOccurrence(context, key);
	if (occurrences.length > 0) context.logger.info(`${provider.name}: ${occurrences.length} missed events were found`);
	return { items, cutOff };
}

/** As the push of the occurrence would have been passed on. */
function itemsOf(
	context: IPollFunctions,
	provider: Provider,
	settings: TriggerSettings,
	{ event, key, payload }: Occurrence,
): INodeExecutionData[] {
	const { receiving } = provider;
	if (receiving.wanted?.(payload, event, settings.options) === false) {
		noteOccurrence(context, key);
		return [];
	}
	const json = receiving.item ? receiving.item(payload, event) : payload;
	const about = settings.includeDelivery
		? { delivery: { id: key, event, receivedAt: new Date().toISOString(), verifiedBy: 'catch-up' } }
		: {};
	return [{ json: { ...json, ...about }, ...marksOfFound(key) }];
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
	const flaw = await inspect(lifecycle);
	// Before a subscription is replaced: the list of its deliveries goes with it.
	const reports = await failedDeliveries(provider, lifecycle, memory, now);
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

/** Whether another turn of the watch has begun. */
function isDue(context: IPollFunctions, memory: Remembered, settings: TriggerSettings, now: number): boolean {
	if (PERIODS[settings.watch] === undefined) return false;
	const turn = turnOf(context, settings, now);
	const before = memory.turn;
	memory.turn = turn;
	// At a start n8n has just asked.
	return before !== undefined && turn !== before;
}

/** Whether the service's history is to be read: at the first tick after a start, with each turn, and until a search is done. */
function isSearchDue(context: IPollFunctions, memory: Remembered, settings: TriggerSettings, now: number): boolean {
	return settings.catchUp > 0 && memory.searchTurn !== turnOf(context, settings, now);
}

/** The number of a turn. The turns of triggers begin at different times, and those of one always at the same. */
function turnOf(context: IPollFunctions, { watch }: TriggerSettings, now: number): number {
	const period = PERIODS[watch] ?? HOUR;
	return Math.floor((now + spread(ownerOf(context), period)) / period);
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
