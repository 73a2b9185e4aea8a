/** The life of a Zap's subscription: made when the Zap is switched on, removed when it is switched off. */
import type { Bundle, ZObject } from 'zapier-platform-core';
import { retryAfter } from '../../core/answer.ts';
import { ServiceRefused, SubscriptionFailed } from '../../core/errors.ts';
import type { HttpResponse, Registration } from '../../core/provider.ts';
import { newSecret } from '../../core/signature.ts';
import type { Lifecycle, StoredSubscription, SubscriptionState } from '../../core/subscription-plan.ts';
import { remove } from '../../core/subscription-removal.ts';
import { create } from '../../core/subscription.ts';
import { guarded } from './errors.mts';
import { keepSecret, secretsOf } from './secrets.mts';
import { optionsOf, type Source } from './source.mts';
import { sender } from './transport.mts';

type ApiRegistration = Extract<Registration, { kind: 'api' }>;

/** What `performSubscribe` returns and Zapier keeps with the Zap. The name makes Zapier's log scrubber treat it as a secret. */
interface SubscribeData {
	id: string;
	secretState: SubscriptionState;
}

/** Subscribes to the event type, at the URL that Zapier made for the Zap. Throws what `create` of the core throws. */
export async function subscribe(
	source: Source,
	registration: ApiRegistration,
	z: ZObject,
	bundle: Bundle,
): Promise<SubscribeData> {
	const { provider } = source;
	return guarded(
		z,
		provider,
		() => secretsOf(provider, bundle.authData),
		async () => {
			const lifecycle = lifecycleOf(source, registration, z, bundle);
			await limitsShown(lifecycle, () => create(lifecycle));
			const state = lifecycle.store.read() ?? { owner: lifecycle.subscriber.owner, subscriptions: [] };
			return { id: subscriptionId(state.subscriptions[0]) ?? state.owner, secretState: state };
		},
	);
}

/** Removes what `subscribe` made, and nothing else. Throws what `remove` of the core throws. */
export async function unsubscribe(
	source: Source,
	registration: ApiRegistration,
	z: ZObject,
	bundle: Bundle,
): Promise<Record<string, never>> {
	const { provider } = source;
	return guarded(
		z,
		provider,
		() => secretsOf(provider, bundle.authData),
		async () => {
			const lifecycle = lifecycleOf(source, registration, z, bundle);
			await limitsShown(lifecycle, () => remove(lifecycle));
			return {};
		},
	);
}

function lifecycleOf(source: Source, registration: ApiRegistration, z: ZObject, bundle: Bundle): Lifecycle {
	const { provider, event } = source;
	const { scheme } = provider.receiving.proofs[0];
	let state = stateOf(bundle);
	// The URL that was subscribed is stored as the owner: Zapier may not tell it again, or tell that of another subscription.
	const url = state?.owner || bundle.targetUrl || '';
	const stored = state?.subscriptions.find((one) => one.events.includes(event.name))?.secret;
	// A new one for each subscription: Zapier keeps it, and one of two under the same URL can be removed without the other.
	const token = stored ?? newSecret();
	for (const secret of [token, ...(state?.subscriptions ?? []).map((one) => one.secret)])
		keepSecret(bundle.authData, secret);
	return {
		provider,
		api: {
			...registration.api,
			subscribe: (wanted) => {
				keepSecret(bundle.authData, wanted.secret);
				return registration.api.subscribe(wanted);
			},
		},
		scheme,
		shared: true,
		subscriber: {
			owner: url,
			url,
			events: [event.name],
			options: optionsOf(source, bundle),
			title: `Zapier: ${event.label}`,
			token: () => token,
		},
		store: {
			read: () => state,
			write: (next) => {
				state = next;
			},
		},
		send: sender(provider, z, bundle.authData),
	};
}

/** A service that limits calls is one: Zapier waits as long as it says, and tries again, when switching on and off as well. */
async function limitsShown<Result>(lifecycle: Lifecycle, work: () => Promise<Result>): Promise<Result> {
	const { send } = lifecycle;
	let limited: HttpResponse | undefined;
	lifecycle.send = async (request) => {
		const response = await send(request);
		if (response.status === 429) limited = response;
		return response;
	};
	try {
		return await work();
	} catch (cause) {
		if (limited === undefined || !(cause instanceof SubscriptionFailed)) throw cause;
		const seconds = Math.ceil((retryAfter(limited) ?? 60_000) / 1000);
		throw new ServiceRefused(cause.message, { status: 429, retryAfterSeconds: seconds, advice: '' });
	}
}

/** What was stored of the subscription that a bundle is about. Undefined for static hooks. */
export function stateOf(bundle: Bundle): SubscriptionState | undefined {
	const data = bundle.subscribeData as Partial<SubscribeData> | undefined;
	return data?.secretState;
}

/** What a claim on a delivery is keyed by. Undefined for static hooks: nothing tells two Zaps apart, so nothing is claimed. */
export function subscriptionId(subscription: StoredSubscription | undefined): string | undefined {
	return subscription && (subscription.id ?? subscription.url);
}
