/**
 * Removing subscriptions. Three cases: the service knows them by their URL; it lists them; or stored ids are all there is.
 * Nothing that could not be removed is forgotten, and nothing that is not ours is touched.
 */
import { messageOf, SubscriptionFailed } from './errors.ts';
import type { RemoteSubscription } from './provider.ts';
import {
	isOurs,
	isProven,
	leftAlone,
	look,
	nameOf,
	plan,
	sortStored,
	unsubscribe,
	type Lifecycle,
	type Removable,
	type StoredSubscription,
} from './subscription-plan.ts';

/** What a removal did: shared by its three cases. */
interface Removal {
	/** What is still stored. */
	kept: StoredSubscription[];
	failures: Array<{ what: string; why: string }>;
	/** Ids or URLs. */
	removed: Set<string>;
	/** Stored, but not ours as far as can be seen. */
	foreign: StoredSubscription[];
}

/**
 * Removes everything of ours, and forgets nothing that could not be removed. Already gone is done.
 * @returns A sentence for each stored subscription that was left alone because it is not ours.
 * @throws SubscriptionFailed naming what is left.
 */
export async function remove(lifecycle: Lifecycle): Promise<string[]> {
	const { provider, api, subscriber, store } = lifecycle;
	const { ours, foreign } = sortStored(lifecycle);
	const removal: Removal = { kept: ours, failures: [], removed: new Set(), foreign };
	if (api.identifiedBy === 'url') await removeByUrl(lifecycle, removal);
	else if (lifecycle.shared && ours.some(({ id }) => id !== undefined)) await removeStored(lifecycle, removal);
	else await removeListed(lifecycle, removal);

	const { kept, failures } = removal;
	const state = store.read();
	if (state !== undefined && (state.owner !== subscriber.owner || state.subscriptions.length !== kept.length)) {
		store.write({ owner: subscriber.owner, subscriptions: kept });
	}
	if (failures.length > 0) {
		const what = failures.map((failure) => failure.what);
		throw new SubscriptionFailed(
			`Not removed at ${provider.name}: ${what.join(', ')}. ${failures[0]?.why ?? ''} ` +
				`If this lasts, remove it in ${provider.name}; until then it keeps sending events here, and they are not accepted.`,
			what,
		);
	}
	return removal.foreign.map((one) => leftAlone(lifecycle, one));
}

/** The service knows a subscription by its URL: those stored, and what an interrupted activation left at exactly our URLs. */
async function removeByUrl(lifecycle: Lifecycle, removal: Removal): Promise<void> {
	for (const subscription of removal.kept) await removeOne(lifecycle, removal, subscription);
	for (const { url, events } of plan(lifecycle)) {
		if (removal.removed.has(url) || removal.kept.some((one) => one.url === url)) continue;
		if (await attempt(lifecycle, removal, { url, events })) continue;
		// Nothing is known to be there, so nothing is known to be left: the reason says enough, and the rest would say it again.
		if (lifecycle.store.read() === undefined) throw new SubscriptionFailed(removal.failures[0]?.why ?? '');
		break;
	}
}

/** The service lists its subscriptions: the list says which of them are ours. What is stored alone could have been planted. */
async function removeListed(lifecycle: Lifecycle, removal: Removal): Promise<void> {
	let remote: RemoteSubscription[] | undefined;
	let unseen: string | undefined;
	try {
		remote = await look(lifecycle);
	} catch (cause) {
		unseen = messageOf(cause);
	}
	if (remote === undefined) {
		const { ours } = sortStored(lifecycle);
		await removeStored(lifecycle, removal);
		if (unseen === undefined) return;
		// Nothing is known to be there, so nothing is known to be left: the reason says enough.
		if (ours.length === 0) throw new SubscriptionFailed(unseen);
		removal.failures.push({ what: 'subscriptions of an interrupted activation, if there are any', why: unseen });
		return;
	}
	const urls = new Set(plan(lifecycle).map((one) => one.url));
	for (const subscription of removal.kept) {
		const found = remote.find(({ id }) => id === subscription.id);
		if (found !== undefined && !isOurs(lifecycle, found, urls)) {
			forget(lifecycle, removal, subscription);
			removal.foreign.push({ ...subscription, url: found.url });
			continue;
		}
		// What is not listed is gone; but a list may leave something out, so one that is proven to be ours is removed by its ID.
		const removable = subscription.id !== undefined && (found !== undefined || isProven(lifecycle, subscription));
		if (removable) await removeOne(lifecycle, removal, subscription);
		else forget(lifecycle, removal, subscription);
	}
	for (const one of remote) {
		const known = removal.removed.has(one.id) || removal.kept.some((other) => other.id === one.id);
		if (urls.has(one.url) && !known) await attempt(lifecycle, removal, one);
	}
}

/** There is no list: stored ids are all there is, where they are proven to be ours. */
async function removeStored(lifecycle: Lifecycle, removal: Removal): Promise<void> {
	for (const subscription of removal.kept) {
		if (subscription.id === undefined) {
			const why = `${lifecycle.provider.name} gave no ID for it.`;
			removal.failures.push({ what: nameOf(subscription), why });
		} else if (isProven(lifecycle, subscription)) await removeOne(lifecycle, removal, subscription);
		else {
			forget(lifecycle, removal, subscription);
			removal.foreign.push(subscription);
		}
	}
}

/** Removes a stored subscription; stores at once whether that was done, or only asked for. */
async function removeOne(lifecycle: Lifecycle, removal: Removal, subscription: StoredSubscription): Promise<void> {
	const done = await attempt(lifecycle, removal, subscription);
	if (done) forget(lifecycle, removal, subscription);
	else keep(lifecycle, removal, subscription, { ...subscription, leaving: true });
}

async function attempt(lifecycle: Lifecycle, removal: Removal, subscription: Removable): Promise<boolean> {
	try {
		await unsubscribe(lifecycle, subscription);
		const key = lifecycle.api.identifiedBy === 'id' ? subscription.id : subscription.url;
		removal.removed.add(key ?? '');
		return true;
	} catch (cause) {
		removal.failures.push({ what: nameOf(subscription), why: messageOf(cause) });
		return false;
	}
}

function forget(lifecycle: Lifecycle, removal: Removal, subscription: StoredSubscription): void {
	keep(lifecycle, removal, subscription);
}

/** Stores what is kept, with another in place of a subscription, or with nothing in its place. */
function keep(
	{ store, subscriber }: Lifecycle,
	removal: Removal,
	subscription: StoredSubscription,
	instead?: StoredSubscription,
): void {
	removal.kept = removal.kept.flatMap((one) => (one !== subscription ? [one] : instead === undefined ? [] : [instead]));
	store.write({ owner: subscriber.owner, subscriptions: removal.kept });
}
