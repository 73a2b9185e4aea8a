/**
 * The life of a subscription: look, create, remove. Written so that it can be interrupted at any point and run again.
 *
 * - What the service answered is stored before anything else can throw.
 * - A subscription that is already there is kept only when URL, events and state match and its secret is known.
 * - A partly created set is rolled back; what cannot be removed stays stored and is named.
 * - Nothing that is not ours is touched: ours is what was stored by this owner, or has exactly our URL.
 */
import { isInternalUrl, unreachableFromInternet } from './address.ts';
import { refusal } from './answer.ts';
import { ServiceRefused, SubscriptionFailed, messageOf, Unreachable } from './errors.ts';
import type {
	HttpResponse,
	Provider,
	RemoteSubscription,
	Scheme,
	Send,
	SubscriptionApi,
	Values,
	WantedSubscription,
} from './provider.ts';
import { newSecret, type Secret } from './signature.ts';

/** A subscription that we made, as it is stored between activations. A type, not an interface, so that it is also JSON. */
export type StoredSubscription = {
	/** Undefined where the service gives none. */
	id?: string;
	url: string;
	events: string[];
	/** What its deliveries prove: the signing secret, or the token in the URL. */
	secret?: string;
	/** Its removal was asked for and not confirmed: only the service knows whether it is still there. */
	leaving?: true;
};

/** What is stored for one trigger. */
export type SubscriptionState = {
	/** Who made these. A copied workflow carries a copy of another's state, which is not its own. */
	owner: string;
	subscriptions: StoredSubscription[];
};

/** Where a platform keeps the state. `write` must take effect at once, so that an exception after it loses nothing. */
export interface SubscriptionStore {
	read(): SubscriptionState | undefined;
	write(state: SubscriptionState): void;
}

/** What is to be subscribed. */
export interface Subscriber {
	/** Identifies workflow and trigger, e.g. `<workflow id>/<webhook id>`. */
	owner: string;
	/** The URL that deliveries reach us under, without event or token. */
	url: string;
	events: readonly string[];
	options: Values;
	/** A name that a person recognises in the service's own list. */
	title: string;
	/** The token for the URL of an event type, always the same one. Needed where the proof is a token in the URL. */
	token?: (event: string) => string;
}

/** Enough of a subscription to remove it, and to tell a person which one it is. */
interface Removable {
	id?: string;
	url: string;
	events?: readonly string[];
}

export interface Lifecycle {
	provider: Provider;
	api: SubscriptionApi;
	scheme: Scheme;
	subscriber: Subscriber;
	store: SubscriptionStore;
	send: Send;
}

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
	const { api, subscriber, store } = lifecycle;
	const wanted = plan(lifecycle);
	const stored = ours(lifecycle);
	if (stored.length !== wanted.length || store.read()?.owner !== subscriber.owner) return false;
	const pairs = wanted.map((one) => ({ wanted: one, stored: stored.find((other) => isSame(other, one)) }));
	if (pairs.some((pair) => !isKnown(api, pair.stored))) return false;
	const remote = await look(lifecycle);
	if (remote === undefined) return api.list === undefined && stored.every(({ leaving }) => leaving !== true);
	const atOurUrls = remote.filter((one) => wanted.some((other) => other.url === one.url));
	return (
		atOurUrls.length === wanted.length &&
		pairs.every((pair) => {
			const found = atOurUrls.find((one) => one.id === pair.stored?.id);
			return (
				found !== undefined && found.active && isSame(found, pair.wanted) && (api.matches?.(found, pair.wanted) ?? true)
			);
		})
	);
}

/**
 * Makes what is wanted, in place of whatever of ours is there.
 * @throws SubscriptionFailed, after everything made was removed again, or with what could not be.
 */
export async function create(lifecycle: Lifecycle): Promise<void> {
	const { provider, api, subscriber, store, send } = lifecycle;
	await remove(lifecycle);
	const made: StoredSubscription[] = [];
	const secret = api.secret === 'ours' ? newSecret() : undefined;
	for (const one of plan(lifecycle, secret)) {
		const asked = `the subscription to ${one.events.join(', ')}`;
		try {
			const response = await send(api.subscribe(one));
			const refused = refusal(provider, response, asked);
			if (refused) throw refused;
			const answered = api.subscribed(response);
			const subscription: StoredSubscription = { url: one.url, events: [...one.events] };
			if (answered.id !== undefined) subscription.id = answered.id;
			const proof = api.secret === 'theirs' ? answered.secret : (secret ?? tokenOf(lifecycle, one));
			if (proof !== undefined) subscription.secret = proof;
			made.push(subscription);
			store.write({ owner: subscriber.owner, subscriptions: [...made] });
			if (api.identifiedBy === 'id' && answered.id === undefined) {
				throw new SubscriptionFailed(
					`${provider.name} accepted ${asked} but gave no id, so it could not be removed later.`,
				);
			}
			if (proof === undefined) {
				throw new SubscriptionFailed(
					`${provider.name} accepted ${asked} but gave no secret, so its deliveries could not be verified.`,
				);
			}
		} catch (cause) {
			throw await rolledBack(lifecycle, cause, one);
		}
	}
}

/**
 * Removes everything of ours, and forgets nothing that could not be removed. Already gone is done.
 * @throws SubscriptionFailed naming what is left.
 */
export async function remove(lifecycle: Lifecycle): Promise<void> {
	const { provider, api, subscriber, store } = lifecycle;
	const failures: Array<{ what: string; why: string }> = [];
	const removed = new Set<string>();
	const attempt = async (subscription: Removable): Promise<boolean> => {
		try {
			await unsubscribe(lifecycle, subscription);
			removed.add(keyOf(api, subscription));
			return true;
		} catch (cause) {
			failures.push({ what: nameOf(subscription), why: messageOf(cause) });
			return false;
		}
	};

	let kept = ours(lifecycle);
	for (const subscription of kept) {
		// An answer without an id was stored too: such a one can be found by its URL only, below.
		if (api.identifiedBy === 'id' && subscription.id === undefined) continue;
		kept = (await attempt(subscription))
			? kept.filter((one) => one !== subscription)
			: kept.map((one) => (one === subscription ? { ...one, leaving: true } : one));
		store.write({ owner: subscriber.owner, subscriptions: kept });
	}
	// An interrupted activation leaves what was never stored: it has exactly our URL.
	if (api.identifiedBy === 'url') {
		for (const { url, events } of plan(lifecycle)) {
			if (removed.has(url) || kept.some((one) => one.url === url)) continue;
			if (await attempt({ url, events })) continue;
			// Nothing is known to be there, so nothing is known to be left: the reason says enough, and the rest would say it again.
			if (store.read() === undefined) throw new SubscriptionFailed(failures[0]?.why ?? '');
			break;
		}
	} else {
		let unseen: string | undefined;
		try {
			const urls = new Set([...plan(lifecycle), ...kept].map((one) => one.url));
			const remote = await look(lifecycle);
			for (const one of remote ?? []) {
				const known = removed.has(one.id) || kept.some((other) => other.id === one.id);
				if (urls.has(one.url) && !known) await attempt(one);
			}
			if (remote !== undefined) kept = kept.filter((one) => one.id !== undefined);
			for (const one of kept) {
				if (one.id === undefined) failures.push({ what: nameOf(one), why: `${provider.name} gave no id for it.` });
			}
		} catch (cause) {
			unseen = messageOf(cause);
		}
		if (unseen !== undefined) {
			// Nothing is known to be there, so nothing is known to be left: the reason says enough.
			if (removed.size === 0 && kept.length === 0) throw new SubscriptionFailed(unseen);
			failures.push({ what: 'subscriptions of an interrupted activation, if there are any', why: unseen });
		}
	}
	const state = store.read();
	if (state !== undefined && (state.owner !== subscriber.owner || state.subscriptions.length !== kept.length)) {
		store.write({ owner: subscriber.owner, subscriptions: kept });
	}
	if (failures.length > 0) {
		const what = failures.map((failure) => failure.what);
		throw new SubscriptionFailed(
			`Not removed at ${provider.name}: ${what.join(', ')}. ${failures[0]?.why ?? ''} ` +
				`If this lasts, remove it in ${provider.name} by hand; until then it keeps sending events here, and they are not accepted.`,
			what,
		);
	}
}

/** The secrets that prove deliveries of stored subscriptions. */
export function storedSecrets(scheme: Scheme, state: SubscriptionState | undefined): Secret[] {
	return (state?.subscriptions ?? []).flatMap(({ secret, events }) => {
		if (secret === undefined) return [];
		return scheme.kind === 'url-token' ? [{ value: secret, events }] : [{ value: secret }];
	});
}

/** The subscriptions that the service is to hold: one for all events, or one each. */
function plan(lifecycle: Lifecycle, secret?: string): WantedSubscription[] {
	const { api, subscriber } = lifecycle;
	const { url, title, options } = subscriber;
	const events = [...new Set(subscriber.events)];
	const common = { title, options, ...(secret === undefined ? {} : { secret }) };
	if (api.per === 'set') return [{ ...common, url, events }];
	return events.map((event) => ({ ...common, url: urlFor(lifecycle, event), events: [event] }));
}

function urlFor({ scheme, subscriber }: Lifecycle, event: string): string {
	if (scheme.kind !== 'url-token') return subscriber.url;
	const url = new URL(subscriber.url);
	url.searchParams.set(scheme.eventParameter, event);
	url.searchParams.set(scheme.tokenParameter, subscriber.token?.(event) ?? '');
	return url.toString();
}

function tokenOf({ scheme, subscriber }: Lifecycle, one: WantedSubscription): string | undefined {
	const [event] = one.events;
	return scheme.kind === 'url-token' && event !== undefined ? subscriber.token?.(event) : undefined;
}

/** Stored subscriptions that are ours: stored by this owner (perhaps under an earlier address), or under exactly our URL. */
function ours(lifecycle: Lifecycle): StoredSubscription[] {
	const state = lifecycle.store.read();
	if (state === undefined) return [];
	if (state.owner === lifecycle.subscriber.owner) return state.subscriptions;
	const urls = new Set(plan(lifecycle).map((one) => one.url));
	return state.subscriptions.filter((one) => urls.has(one.url));
}

/** What the service holds; undefined when there is no way to look. */
async function look({ provider, api, send }: Lifecycle): Promise<RemoteSubscription[] | undefined> {
	if (api.list === undefined) return undefined;
	const found: RemoteSubscription[] = [];
	for (;;) {
		const response = await send(api.list.request(found.length));
		// A list that is not documented may not exist: then stored ids are all we have.
		if (api.list.grade !== 'documented' && [403, 404, 405, 501].includes(response.status)) return undefined;
		const refused = refusal(provider, response, 'the request for its webhooks');
		if (refused) throw refused;
		const page = api.list.read(response);
		const fresh = page.filter((one) => !found.some((other) => other.id === one.id));
		found.push(...fresh);
		if (api.list.pageSize === undefined || page.length < api.list.pageSize || fresh.length === 0) return found;
	}
}

async function unsubscribe({ provider, api, send }: Lifecycle, subscription: Removable): Promise<void> {
	let response: HttpResponse | undefined;
	for (const request of api.unsubscribe(subscription)) {
		response = await send(request);
		if (response.status !== 405) break;
	}
	if (response === undefined || response.status === 404 || response.status === 410 || api.gone?.(response)) return;
	const refused = refusal(provider, response, `the removal of webhook ${nameOf(subscription)}`);
	if (refused) throw refused;
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
					`${withoutQuery(failed.url)} and remove it by hand.`,
			);
		}
		return new SubscriptionFailed(sentences.join(' '), left);
	}
}

function isSame(one: { url: string; events: readonly string[] }, other: WantedSubscription): boolean {
	return (
		one.url === other.url &&
		one.events.length === other.events.length &&
		other.events.every((event) => one.events.includes(event))
	);
}

/** Whether enough is stored to verify deliveries of a subscription and to remove it. */
function isKnown(api: SubscriptionApi, stored: StoredSubscription | undefined): boolean {
	return stored?.secret !== undefined && (api.identifiedBy === 'url' || stored.id !== undefined);
}

function keyOf(api: SubscriptionApi, subscription: { id?: string; url: string }): string {
	return api.identifiedBy === 'id' ? (subscription.id ?? '') : subscription.url;
}

/** How a person is told of a subscription: by id, else by its events and its URL without the token in the query. */
function nameOf({ id, url, events = [] }: Removable): string {
	return id ?? [...(events.length > 0 ? [`${events.join(', ')} at`] : []), withoutQuery(url)].join(' ');
}

function withoutQuery(url: string): string {
	return url.replace(/[?#].*$/, '');
}
