/** What a trigger wants at a service, what is stored of it, what the service lists, and which of that is ours. */
import { refusal, saysGone } from './answer.ts';
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
	/** The signing secret where we choose it, always the same one. Undefined: a random one, for a platform that cannot lose it. */
	secret?: string;
}

export interface Lifecycle {
	provider: Provider;
	api: SubscriptionApi;
	scheme: Scheme;
	subscriber: Subscriber;
	store: SubscriptionStore;
	send: Send;
	/** Others may have subscribed under exactly our URL: where an id is stored, only that one is removed. */
	shared?: true;
}

/** Enough of a subscription to remove it, and to tell a person which one it is. */
export interface Removable {
	id?: string;
	url: string;
	events?: readonly string[];
}

/** More pages than any account has webhooks: a list that never ends must not be read for ever. */
const MOST_PAGES = 500;

/** The subscriptions that the service should have: one for all events, or one for each. */
export function plan(lifecycle: Lifecycle, secret = lifecycle.subscriber.secret): WantedSubscription[] {
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

/** What deliveries of a subscription must prove, where we choose it and can find it again. */
export function expectedSecret(
	{ api, scheme, subscriber }: Lifecycle,
	{ events }: { events: readonly string[] },
): string | undefined {
	if (api.secret === 'theirs') return undefined;
	const [event] = events;
	if (scheme.kind === 'url-token') return event === undefined ? undefined : subscriber.token?.(event);
	return subscriber.secret;
}

/** Stored subscriptions, sorted into those under our own address, and those that a copy or a changed address left here. */
export function sortStored({ store, subscriber }: Lifecycle): {
	ours: StoredSubscription[];
	foreign: StoredSubscription[];
} {
	const state = store.read();
	const all = state?.subscriptions ?? [];
	const here = addressOf(subscriber.url);
	const ours = all.filter(
		// A copied workflow has another webhook id, and that is in the path.
		({ url }) => addressOf(url) === here && (state?.owner === subscriber.owner || url === subscriber.url),
	);
	return { ours, foreign: all.filter((one) => !ours.includes(one)) };
}

/** Whether a subscription in a service's list is ours: it has exactly our URL, or our address and an id that we stored. */
export function isOurs(lifecycle: Lifecycle, remote: RemoteSubscription, urls: ReadonlySet<string>): boolean {
	if (urls.has(remote.url)) return true;
	const { ours } = sortStored(lifecycle);
	return addressOf(remote.url) === addressOf(lifecycle.subscriber.url) && ours.some(({ id }) => id === remote.id);
}

/**
 * Whether what is stored could only be stored by us: it has the secret that nobody without the API key can derive. Where
 * there is nothing to derive, what is stored is taken at its word.
 */
export function isProven(lifecycle: Lifecycle, stored: StoredSubscription): boolean {
	const expected = expectedSecret(lifecycle, stored);
	return expected === undefined || stored.secret === expected;
}

/**
 * What the service has; undefined when there is no way to look. A list that comes in pages is read until a page brings
 * nothing new: how large a page is, is not documented everywhere, and a service may give less than was asked for.
 * @param enough Ends the reading early: nothing is missing. Without it, everything is read.
 */
export async function look(
	{ provider, api, send }: Lifecycle,
	enough: (found: readonly RemoteSubscription[]) => boolean = () => false,
): Promise<RemoteSubscription[] | undefined> {
	if (api.list === undefined) return undefined;
	const found = new Map<string, RemoteSubscription>();
	let response: HttpResponse | undefined;
	for (let page = 0; page < MOST_PAGES; page++) {
		const request = api.list.request(found.size, response);
		response = await send(request);
		// A list that is not documented may not exist: then stored ids are all we have.
		if (api.list.grade !== 'documented' && [403, 404, 405, 501].includes(response.status)) return undefined;
		const refused = refusal(provider, response, 'the request for its webhooks', { request, reads: true });
		if (refused) throw refused;
		const before = found.size;
		for (const one of api.list.read(response)) found.set(one.id, one);
		const all = [...found.values()];
		if (found.size === before || enough(all)) return all;
	}
	throw new Error(`${provider.name} lists webhooks without an end.`);
}

/** Asks the service to remove a subscription. Already gone is done. Throws when it is not. */
export async function unsubscribe(lifecycle: Lifecycle, subscription: Removable): Promise<void> {
	const { provider, api, send } = lifecycle;
	const requests = api.unsubscribe(subscription);
	const secrets = secretsSent(lifecycle, subscription);
	for (const request of requests) {
		const response = await send(request);
		if (saysGone(response) || api.gone?.(response)) return;
		if (response.status === 405 && request !== requests[requests.length - 1]) continue;
		const refused = refusal(provider, response, `the removal of webhook ${nameOf(subscription)}`, { request, secrets });
		if (refused) throw refused;
		return;
	}
}

/** What a call about a subscription carries that must not be shown: the service may repeat the call. */
export function secretsSent({ scheme }: Lifecycle, { url, secret }: { url: string; secret?: string }): string[] {
	const token = scheme.kind === 'url-token' ? new URL(url).searchParams.get(scheme.tokenParameter) : null;
	return [secret, token ?? undefined].filter((value) => value !== undefined);
}

export function isSame(one: { url: string; events: readonly string[] }, other: WantedSubscription): boolean {
	return (
		one.url === other.url &&
		one.events.length === other.events.length &&
		other.events.every((event) => one.events.includes(event))
	);
}

/** How a person is shown a subscription: by ID, otherwise by its events and its URL without the token in the query. */
export function nameOf({ id, url, events = [] }: Removable): string {
	return id ?? [...(events.length > 0 ? [`${events.join(', ')} at`] : []), withoutQuery(url)].join(' ');
}

/** What a person does about a subscription that is stored here, and is not ours to remove. */
export function leftAlone({ provider }: Lifecycle, subscription: StoredSubscription): string {
	const deletable = provider.operations.some(({ resource, name }) => resource === 'webhook' && name === 'delete');
	const how = deletable
		? `use the operation "Webhook: Delete" with the ID ${nameOf(subscription)}`
		: `remove it in ${provider.name}`;
	return (
		`${provider.name}: webhook ${nameOf(subscription)} (${withoutQuery(subscription.url)}) is stored in this workflow but belongs to ` +
		`another address, so it was left alone: it may be the one of another n8n. If nobody needs it, ${how}.`
	);
}

/** Origin and path of a URL. The query may differ: it has the token. */
export function addressOf(url: string): string {
	try {
		const { origin, pathname } = new URL(url);
		return `${origin}${pathname}`;
	} catch {
		return url;
	}
}

export function withoutQuery(url: string): string {
	return url.replace(/[?#].*$/, '');
}
