/**
 * The life of a subscription: look, create, repair (removing is in `subscription-removal.ts`). Written so that it can be
 * interrupted at any point and run again.
 *
 * - What the service answered is stored before anything else can throw.
 * - A subscription that is already there is kept only when URL, events and state match and its secret is known.
 * - A partly created set is rolled back; what cannot be removed stays stored and is named.
 * - Nothing that is not ours is touched: ours is what has exactly our URL, or was stored by us and has our address.
 */
import { isInternalUrl, unreachableFromInternet } from './address.ts';
import { refusal } from './answer.ts';
import { messageOf, ServiceRefused, SubscriptionFailed, Unreachable } from './errors.ts';
import type { Provider, RemoteSubscription, Scheme, WantedSubscription } from './provider.ts';
import { newSecret, type Secret } from './signature.ts';
import {
	expectedSecret,
	isOurs,
	isProven,
	isSame,
	type Lifecycle,
	look,
	plan,
	secretsSent,
	sortStored,
	type StoredSubscription,
	type SubscriptionState,
	unsubscribe,
	withoutQuery,
} from './subscription-plan.ts';
import { remove } from './subscription-removal.ts';

/** What is wrong with a subscription, as far as a look can show. */
export type Flaw =
	| 'not_stored' // nothing, or something else, is stored of it
	| 'unseen' // the service has no list
	| 'leaving' // its removal was asked for and not confirmed
	| 'gone'
	| 'off' // the service has switched it off
	| 'changed' // it is for other events, or set up in another way
	| 'doubled'; // there are more than one

/**
 * Why the service could not call a webhook URL, as a sentence; undefined when it could. What to set is the platform's to say. A
 * service on a private network or this machine may call anything.
 */
export function webhookUrlProblem(provider: Provider, webhookUrl: string, baseUrl: string): string | undefined {
	if (isInternalUrl(baseUrl)) return undefined;
	const why = unreachableFromInternet(webhookUrl);
	return why && `${provider.name} cannot reach the webhook URL ${withoutQuery(webhookUrl)}: ${why}.`;
}

/** Whether everything wanted is there and works. Only looks. */
export async function check(lifecycle: Lifecycle): Promise<boolean> {
	const flaw = await inspect(lifecycle);
	// Where the service has no way to look at all, what is stored is taken at its word.
	return flaw === undefined || (flaw === 'unseen' && lifecycle.api.list === undefined);
}

/**
 * What is wrong with what is wanted; undefined when it is there and works. Only looks, and reads no more of a list than it must.
 * @throws when the service cannot be asked.
 */
export async function inspect(lifecycle: Lifecycle): Promise<Flaw | undefined> {
	const pairs = pairsOf(lifecycle);
	if (pairs === undefined) return 'not_stored';
	const urls = new Set(pairs.map(({ wanted }) => wanted.url));
	const flawsIn = (remote: readonly RemoteSubscription[]): Flaw[] => {
		const flaws = pairs.flatMap((pair) => flawOf(lifecycle, pair, remote) ?? []);
		const tooMany = remote.filter(({ url }) => urls.has(url)).length > pairs.length;
		return tooMany ? [...flaws, 'doubled'] : flaws;
	};
	// Only what is missing so far could still be on a later page.
	const remote = await look(lifecycle, (found) => !flawsIn(found).includes('gone'));
	if (remote !== undefined) return flawsIn(remote)[0];
	return pairs.some(({ stored }) => stored.leaving) ? 'leaving' : 'unseen';
}

/** Whether what is wanted is stored, as ours and with what proves its deliveries. Asks nobody. */
export function isStored(lifecycle: Lifecycle): boolean {
	return pairsOf(lifecycle)?.every(({ stored }) => !stored.leaving) ?? false;
}

/**
 * Makes what is wanted, in place of whatever of ours is there.
 * @returns A sentence for each stored subscription that was left alone because it is not ours.
 * @throws SubscriptionFailed, after everything made was removed again, or with what could not be.
 */
export async function create(lifecycle: Lifecycle): Promise<string[]> {
	const leftAlone = await remove(lifecycle);
	const made: StoredSubscription[] = [];
	for (const one of plan(lifecycle, chosenSecret(lifecycle))) {
		try {
			await subscribe(lifecycle, one, made);
		} catch (cause) {
			throw await rolledBack(lifecycle, cause, one);
		}
	}
	return leftAlone;
}

/**
 * Makes again what is missing or does not work, and leaves alone what works: for a trigger that is live, so that a service
 * that is out of order half-way costs nothing that was there. Where the service has no list, each subscription is removed
 * and made again, at once. Can be run again after its own failure.
 * @throws SubscriptionFailed with what could not be done, after everything else was.
 */
export async function repair(lifecycle: Lifecycle): Promise<void> {
	const { api, store, subscriber } = lifecycle;
	const remote = await look(lifecycle);
	const wanted = plan(lifecycle, chosenSecret(lifecycle));
	const { ours } = sortStored(lifecycle);
	const pairs = wanted.map((one) => ({ one, known: ours.find((other) => isSame(other, one)) }));
	const isSound = ({ one, known }: (typeof pairs)[number]) =>
		remote !== undefined && isKnown(lifecycle, known) && !flawOf(lifecycle, { wanted: one, stored: known }, remote);
	const kept = pairs.filter(isSound).map(({ known }) => known!);
	const failures: string[] = [];
	const attempt = async (work: () => Promise<void>): Promise<boolean> => {
		try {
			await work();
			return true;
		} catch (cause) {
			failures.push(messageOf(cause));
			return false;
		}
	};
	// Before anything new is made: what of ours the service has, and is not to be kept.
	const urls = new Set(wanted.map(({ url }) => url));
	for (const one of remote ?? []) {
		const inUse = kept.some(({ id }) => id === one.id);
		if (!inUse && isOurs(lifecycle, one, urls)) await attempt(() => unsubscribe(lifecycle, one));
	}
	for (const { one, known } of pairs.filter((pair) => !isSound(pair))) {
		const listless = api.identifiedBy === 'url' ? { url: one.url, events: one.events } : known;
		const free =
			remote !== undefined || listless === undefined || (await attempt(() => unsubscribe(lifecycle, listless)));
		const made: StoredSubscription[] = [];
		if (free) await attempt(() => subscribe(lifecycle, one, made, kept));
		// Where the service knows a subscription by its URL, what is stored remains true: the URL and its token are the same.
		if (made.length === 0 && known !== undefined && (!free || api.identifiedBy === 'url')) kept.push(known);
		kept.push(...made);
	}
	store.write({ owner: subscriber.owner, subscriptions: kept });
	if (failures.length > 0) throw new SubscriptionFailed([...new Set(failures)].join(' '));
}

/** The secrets that prove deliveries of stored subscriptions, each once: every one that is tried costs a delivery an HMAC. */
export function storedSecrets(scheme: Scheme, state: SubscriptionState | undefined): Secret[] {
	const secrets: Secret[] = [];
	for (const { secret, events } of state?.subscriptions ?? []) {
		if (secret === undefined) continue;
		if (scheme.kind === 'url-token') secrets.push({ value: secret, events });
		else if (!secrets.some(({ value }) => value === secret)) secrets.push({ value: secret });
	}
	return secrets;
}

/** One secret for all subscriptions of a trigger: a second one would cost each delivery a second HMAC. */
function chosenSecret({ api, subscriber }: Lifecycle): string | undefined {
	return api.secret === 'ours' ? (subscriber.secret ?? newSecret()) : undefined;
}

/**
 * Makes one subscription, adds it to `made`, and stores it with those and the others.
 * @throws when the service refuses, or gives too little for what it made to be used.
 */
async function subscribe(
	lifecycle: Lifecycle,
	wanted: WantedSubscription,
	made: StoredSubscription[],
	others: readonly StoredSubscription[] = [],
): Promise<void> {
	const { provider, api, subscriber, store, send } = lifecycle;
	const asked = `the subscription to ${wanted.events.join(', ')}`;
	const request = api.subscribe(wanted);
	const response = await send(request);
	const secrets = secretsSent(lifecycle, wanted);
	const refused = refusal(provider, response, asked, { request, secrets, mayBeEmpty: false });
	if (refused) throw refused;
	const answered = api.subscribed(response);
	const subscription: StoredSubscription = { url: wanted.url, events: [...wanted.events] };
	if (answered.id !== undefined) subscription.id = answered.id;
	const proof =
		api.secret === 'theirs' ? answered.secret : (wanted.secret ?? expectedSecret(lifecycle, wanted) ?? undefined);
	if (proof !== undefined) subscription.secret = proof;
	made.push(subscription);
	store.write({ owner: subscriber.owner, subscriptions: [...others, ...made] });
	if (api.identifiedBy === 'id' && answered.id === undefined) {
		throw new SubscriptionFailed(
			`${provider.name} accepted ${asked} but gave no ID, so it could not be removed later.`,
		);
	}
	if (proof === undefined) {
		throw new SubscriptionFailed(
			`${provider.name} accepted ${asked} but gave no secret, so its deliveries could not be verified.`,
		);
	}
}

interface Pair {
	wanted: WantedSubscription;
	stored: StoredSubscription;
}

/** Each wanted subscription with what is stored of it; undefined when that is not all, or more. */
function pairsOf(lifecycle: Lifecycle): Pair[] | undefined {
	const wanted = plan(lifecycle);
	const { ours } = sortStored(lifecycle);
	if (ours.length !== wanted.length || lifecycle.store.read()?.owner !== lifecycle.subscriber.owner) return undefined;
	const pairs = wanted.flatMap((one) => {
		const stored = ours.find((other) => isSame(other, one));
		return isKnown(lifecycle, stored) ? [{ wanted: one, stored }] : [];
	});
	return pairs.length === wanted.length ? pairs : undefined;
}

/** Whether enough is stored to verify deliveries of a subscription and to remove it. */
function isKnown(lifecycle: Lifecycle, stored: StoredSubscription | undefined): stored is StoredSubscription {
	if (stored?.secret === undefined || !isProven(lifecycle, stored)) return false;
	return lifecycle.api.identifiedBy === 'url' || stored.id !== undefined;
}

/** What is wrong with a subscription that is stored, by what the service lists. */
function flawOf({ api }: Lifecycle, pair: Pair, remote: readonly RemoteSubscription[]): Flaw | undefined {
	const { wanted, stored } = pair;
	const found = remote.find(({ id, url }) => id === stored.id && url === wanted.url);
	if (found === undefined) return 'gone';
	if (!found.active) return 'off';
	return isSame(found, wanted) && (api.matches?.(found, wanted) ?? true) ? undefined : 'changed';
}

/** Removes what was made; tells what could not be, and what may be there although its making failed. */
async function rolledBack(
	lifecycle: Lifecycle,
	cause: unknown,
	failed: WantedSubscription,
): Promise<SubscriptionFailed> {
	const { provider, api } = lifecycle;
	const { otherwise } = api;
	const why =
		otherwise === undefined || cause instanceof Unreachable ? messageOf(cause) : `${messageOf(cause)} ${otherwise}`;
	try {
		await remove(lifecycle);
		return new SubscriptionFailed(why);
	} catch (failure) {
		const left = failure instanceof SubscriptionFailed ? failure.leftBehind : [];
		const sentences = [why];
		if (messageOf(failure) !== why) sentences.push(messageOf(failure));
		const unanswered = cause instanceof Unreachable || (cause instanceof ServiceRefused && cause.status >= 500);
		if (unanswered && left.length === 0) {
			sentences.push(
				`${provider.name} may have made the webhook all the same: if this stays off, look there for one to ` +
					`${withoutQuery(failed.url)} and remove it.`,
			);
		}
		return new SubscriptionFailed(sentences.join(' '), left);
	}
}
