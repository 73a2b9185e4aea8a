/**
 * The three methods that n8n calls on publishing, on unpublishing, when a person listens, and (because the triggers also have
 * `poll`) at every start. What n8n makes of their answers decides how they are written (docs/n8n-behaviour.md): `create`
 * throws rather than returning false (n8n ignores false), and can run again after its own failure; `delete` throws for what it
 * could not remove (n8n tries three times). At a start nothing that is live is removed because the service is out of order.
 */
import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { parseRanges } from '../../core/address.ts';
import { asCaught, messageOf } from '../../core/errors.ts';
import type { Provider, Values } from '../../core/provider.ts';
import { signingFields, signingSecrets } from '../../core/secrets.ts';
import { addressOf } from '../../core/subscription-plan.ts';
import { remove } from '../../core/subscription-removal.ts';
import { tryOut } from '../../core/subscription-trial.ts';
import { check, create, inspect, isStored, repair, webhookUrlProblem } from '../../core/subscription.ts';
import { atMost } from './time.ts';
import { webhookCredential } from './credentials.ts';
import { copyOf, open, storeFor, type Opened } from './opened.ts';
import { forget, remembered, type Remembered } from './remembered.ts';
import { choosesSecret, modeOf, ownerOf, readSettings, type TriggerSettings } from './settings.ts';

/** What a person does about a webhook URL that a service cannot reach. */
const SET_WEBHOOK_URL =
	'Set WEBHOOK_URL (N8N_WEBHOOK_URL in newer versions) to the https address under which n8n is reached from the internet, restart n8n, and publish again.';

/** Milliseconds in which reading calls of a person who publishes are made again. */
const PATIENCE = 10_000;

type Method = (this: IHookFunctions) => Promise<boolean>;

/** How long a webhook method waits for a tick that runs. Milliseconds. */
const TICK_PATIENCE = 60_000;

/** Publishing within this time after unpublishing is going on. Milliseconds. */
const PUBLISHED_AGAIN_WITHIN = 5 * 60_000;

/** How long after a failed activation n8n's `delete` still belongs to it. Milliseconds; it comes at once. */
const ENDS_ACTIVATION_WITHIN = 60_000;

/** The webhook methods of a provider's trigger node. */
export function webhookMethods(provider: Provider): { checkExists: Method; create: Method; delete: Method } {
	return {
		/** Only looks. At a start "no" means: make it (again). */
		async checkExists() {
			return await activating(this, async (memory) => {
				memory.fresh = true;
				memory.reported.clear();
				const settings = readSettings(this, provider);
				checkSettings(this, settings);
				const there =
					settings.registration.kind === 'manual'
						? await readyToReceive(this, provider, settings)
						: await looked(this, provider, settings, memory);
				live(this, memory, there);
				return there;
			});
		},

		async create() {
			return await activating(this, async (memory) => {
				const settings = readSettings(this, provider);
				checkSettings(this, settings);
				noteStart(this);
				if (settings.registration.kind === 'manual') return true;
				const opened = await openFor(this, provider, settings);
				const { lifecycle, baseUrl, clean } = opened;
				const { subscriber, store } = lifecycle;
				const problem = webhookUrlProblem(provider, subscriber.url, baseUrl);
				if (problem !== undefined) throw new Error(`${problem} ${SET_WEBHOOK_URL}`);
				if (starting(this) && isOursStored(this)) await repairAtStart(this, provider, opened, memory);
				else {
					try {
						const leftAlone = await cleaned(clean, create(lifecycle), (message) => {
							// n8n shows the sentence next to the trigger, but not when its own patience was over before.
							if ((store.read()?.subscriptions.length ?? 0) > 0) this.logger.warn(message);
						});
						for (const sentence of leftAlone) this.logger.warn(sentence);
						memory.notices.push(...leftAlone);
						delete memory.unchecked;
					} catch (cause) {
						if (!starting(this) || !choosesSecret(settings.registration)) throw asCaught(cause);
						later(this, provider, memory, cause);
					}
				}
				delete memory.leaving;
				live(this, memory, true);
				const ids = store.read()?.subscriptions.flatMap(({ id }) => id ?? []) ?? [];
				// In the line itself: n8n's text log leaves out what is next to it.
				const named = ids.length > 0 ? ` (webhook ${ids.join(', ')})` : '';
				this.logger.info(`${provider.name}: subscribed to ${subscriber.events.join(', ')}${named}`);
				if (modeOf(this) === 'production' && !starting(this)) await triedOut(this, opened, memory);
				return true;
			});
		},

		async delete() {
			return await inPlainWords(this, async () => {
				const settings = readSettings(this, provider);
				const memory = memoryOf(this);
				if (endsActivation(memory)) return true;
				this.getWorkflowStaticData('node').stoppedAt = Date.now();
				memory.active = false;
				if (settings.registration.kind === 'manual') return true;
				memory.leaving = true;
				await afterTick(memory, async () => {
					const { lifecycle, clean } = await openFor(this, provider, settings).catch((cause: unknown) => {
						throw notRemovable(this, provider, cause);
					});
					const leftAlone = await cleaned(clean, remove(lifecycle));
					for (const sentence of leftAlone) this.logger.warn(sentence);
				});
				forget(ownerOf(this), modeOf(this));
				return true;
			});
		},
	};
}

/**
 * Notes in static data when the trigger was published: catching up finds nothing from before. Publishing again at once (n8n
 * unpublishes and publishes when a trigger was edited) is no new beginning.
 */
function noteStart(context: IHookFunctions): void {
	if (starting(context)) return;
	const data = context.getWorkflowStaticData('node');
	const now = Date.now();
	const isAgain = typeof data.stoppedAt !== 'number' || now - data.stoppedAt < PUBLISHED_AGAIN_WITHIN;
	if (typeof data.since !== 'number' || !isAgain) data.since = now;
	delete data.stoppedAt;
}

/**
 * Says in the log how a test event went, where the service sends one. A webhook that the service does not reach is removed
 * again, and publishing fails; anything else leaves it as it is.
 */
async function triedOut(context: IHookFunctions, { lifecycle, clean }: Opened, memory: Remembered): Promise<void> {
	try {
		for (const { fine, sentence } of await cleaned(clean, tryOut(lifecycle))) {
			if (fine) context.logger.info(clean(sentence));
			else context.logger.warn(clean(sentence));
		}
	} catch (cause) {
		await cleaned(clean, remove(lifecycle));
		live(context, memory, false);
		throw unreached(cause);
	}
}

/** Notes whether the trigger is published, and what is stored of it: a tick may be given static data that is older. */
function live(context: IHookFunctions, memory: Remembered, active: boolean): void {
	memory.active = active;
	const { since } = context.getWorkflowStaticData('node');
	memory.since = typeof since === 'number' ? since : (memory.since ?? Date.now());
	const state = storeFor(context).read();
	if (state === undefined) delete memory.known;
	else memory.known = copyOf(state);
}

/** n8n starts, or this process has become the leader: nobody has published or unpublished anything. */
function starting(context: IHookFunctions): boolean {
	const mode = context.getActivationMode();
	return mode === 'init' || mode === 'leadershipChange';
}

/**
 * Whether everything is there. When the service cannot be asked at a start, what is stored is taken at its word: n8n would
 * make of an exception that it must remove the subscription (before 2.40), or give up (since), and of a "no" that it must be
 * made again. A tick looks again.
 */
async function looked(
	context: IHookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	memory: Remembered,
): Promise<boolean> {
	const atStart = starting(context);
	try {
		const { lifecycle, clean } = await openFor(context, provider, settings);
		if (lifecycle.api.list === undefined) {
			// Where the service cannot be asked what it has, a start subscribes again, and so does an interrupted removal.
			return !atStart && memory.leaving !== true && (await check(lifecycle));
		}
		if (!atStart) return await cleaned(clean, check(lifecycle));
		const flaw = await cleaned(clean, inspect(lifecycle));
		return flaw === undefined || (flaw === 'unseen' && isStored(lifecycle));
	} catch (cause) {
		if (!atStart || !(isOursStored(context) || choosesSecret(settings.registration))) throw asCaught(cause);
		memory.unchecked = true;
		context.logger.warn(
			`${provider.name}: the subscription could not be looked at. It is left as it is, and looked at again in a few minutes. ${messageOf(cause)}`,
		);
		return true;
	}
}

/** Makes again what is missing, and keeps what works. What fails is tried again at the next tick: an exception would end the publication. */
async function repairAtStart(
	context: IHookFunctions,
	provider: Provider,
	{ lifecycle, clean }: Opened,
	memory: Remembered,
): Promise<void> {
	try {
		await cleaned(clean, repair(lifecycle));
		delete memory.unchecked;
	} catch (cause) {
		later(context, provider, memory, cause);
	}
}

/** Leaves it to the ticks, which need to store nothing: an exception would end the publication, and nobody would try again. */
function later(context: IHookFunctions, provider: Provider, memory: Remembered, cause: unknown): void {
	memory.unchecked = true;
	context.logger.warn(`${provider.name}: ${messageOf(cause)} It is tried again in a few minutes.`);
}

/** Whether a subscription is stored that is this trigger's own, under its own address. Needs no credential. */
function isOursStored(context: IHookFunctions): boolean {
	const state = storeFor(context).read();
	const url = context.getNodeWebhookUrl('default');
	if (state === undefined || url === undefined || state.owner !== ownerOf(context)) return false;
	return state.subscriptions.some((one) => addressOf(one.url) === addressOf(url));
}

async function openFor(context: IHookFunctions, provider: Provider, settings: TriggerSettings): Promise<Opened> {
	const url = context.getNodeWebhookUrl('default');
	if (url === undefined) throw new Error('n8n gave this node no webhook URL. Save the workflow and try again.');
	memoryOf(context).url = url;
	// A start opens many triggers, one after the other: what cannot be asked then is looked at by a later tick.
	const patience = starting(context) ? 0 : PATIENCE;
	return await open(context, provider, settings, { url, store: storeFor(context), patience });
}

function memoryOf(context: IHookFunctions): Remembered {
	return remembered(ownerOf(context), modeOf(context));
}

/** Not while a tick works on the same subscription: one must not be made while it is removed. */
async function afterTick<T>(memory: Remembered, work: () => Promise<T>): Promise<T> {
	memory.working++;
	try {
		if (memory.tick !== undefined) await atMost(memory.tick, TICK_PATIENCE);
		return await work();
	} finally {
		memory.working--;
	}
}

/**
 * Runs `checkExists` or `create`, and remembers when it fails. n8n then calls `delete`: on the same static data, or (before
 * 2.40) on what is saved; and then tries again. If that `delete` threw as well, n8n would neither save the static data nor
 * remove the route, and a later publish, finding the route, would never call `create` again (n8n 2.41,
 * webhook-trigger-registrar.js). So that `delete` does nothing: `create` has rolled back, and what it could not remove is stored.
 */
async function activating(context: IHookFunctions, method: (memory: Remembered) => Promise<boolean>): Promise<boolean> {
	const memory = memoryOf(context);
	delete memory.failedAt;
	try {
		return await inPlainWords(context, () => afterTick(memory, () => method(memory)));
	} catch (cause) {
		memory.failedAt = Date.now();
		throw asCaught(cause);
	}
}

/** Whether `delete` is called only because an activation has just failed. */
function endsActivation(memory: Remembered): boolean {
	const { failedAt } = memory;
	delete memory.failedAt;
	return failedAt !== undefined && Date.now() - failedAt < ENDS_ACTIVATION_WITHIN;
}

/** Without its credential nothing can be removed: the person must at least learn what is left. */
function notRemovable(context: IHookFunctions, provider: Provider, cause: unknown): Error {
	const left = (storeFor(context).read()?.subscriptions ?? []).map(({ id, events }) => id ?? events.join(', '));
	const named = left.length > 0 ? `Not removed at ${provider.name}: ${left.join(', ')}. ` : '';
	return new Error(`${named}${messageOf(cause)}`);
}

/** Blanks out the credential's secrets in what goes wrong. `note` gets the sentence first. */
async function cleaned<T>(
	clean: (text: string) => string,
	result: Promise<T>,
	note: (message: string) => void = () => undefined,
): Promise<T> {
	return await result.catch((cause: unknown) => {
		const message = clean(messageOf(cause));
		note(message);
		throw new Error(message);
	});
}

/** Whatever goes wrong becomes one clear sentence next to the node. */
async function inPlainWords(context: IHookFunctions, method: () => Promise<boolean>): Promise<boolean> {
	try {
		return await method();
	} catch (cause) {
		throw new NodeOperationError(context.getNode(), messageOf(cause));
	}
}

/** A setting of n8n's own, on the node's second tab, that breaks what the trigger promises: a sentence. */
function nodeSettingsProblem(context: IHookFunctions, skipRepeats: boolean): string | undefined {
	const { alwaysOutputData, executeOnce } = context.getNode();
	if (alwaysOutputData && skipRepeats) {
		return 'A repeated event would start the workflow with an empty item. Switch off "Always Output Data" in the Settings of this node.';
	}
	if (executeOnce) {
		return 'Only the first of several events in one delivery would arrive. Switch off "Execute Once" in the Settings of this node.';
	}
	return undefined;
}

/** What must be right before anything is subscribed. */
function checkSettings(
	context: IHookFunctions,
	{ events, proof, allowedSources, catchUp, skipRepeats }: TriggerSettings,
): void {
	const problem = nodeSettingsProblem(context, skipRepeats);
	// A start must not switch off what is live: it is said there, and refused when a person publishes.
	if (problem !== undefined && starting(context)) context.logger.warn(problem);
	else if (problem !== undefined) throw new Error(problem);
	if (events.length === 0 && !proof.anyEvent) {
		throw new Error('No event is chosen. Choose at least one under "Events", then publish again.');
	}
	if (catchUp > 0 && !skipRepeats) {
		throw new Error('"Catch Up" needs "Skip Repeats": without it events would arrive twice. Switch one of them.');
	}
	parseRanges(allowedSources);
}

/** A webhook that a person registers needs its secret before it is published: without one every delivery would be refused. */
async function readyToReceive(
	context: IHookFunctions,
	provider: Provider,
	settings: TriggerSettings,
): Promise<boolean> {
	// What is registered manually is there already: n8n does not call `create`.
	noteStart(context);
	if (settings.acceptUnverified) return true;
	const credentials = await context.getCredentials(webhookCredential(provider));
	const [field] = signingFields(provider);
	const [secret] = signingSecrets(provider, credentials as Values);
	if (secret === undefined || secret.value === '') {
		throw new Error(
			`"${field?.label}" of the credential is empty, so no delivery of ${provider.name} could be verified. Fill it in.`,
		);
	}
	return true;
}

function unreached(cause: unknown): Error {
	return new Error(`${messageOf(cause)} ${SET_WEBHOOK_URL}`);
}
