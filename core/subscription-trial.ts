/**
 * A test event after a subscription was made, for services whose API sends one: it shows whether the service reaches the webhook, and
 * whether what it signs can be verified. A trial never decides about a subscription by itself, with one exception: when the service
 * says that it got no answer from the webhook at all.
 */
import { refusal } from './answer.ts';
import { asCaught, messageOf, SubscriptionFailed } from './errors.ts';
import type { HttpRequest, HttpResponse } from './provider.ts';
import { nameOf, withoutQuery, type Lifecycle } from './subscription-plan.ts';

/** How a service is asked for a test event. */
export interface Trial {
	request: (subscription: { id?: string; url: string }) => HttpRequest;
	/**
	 * Reads a successful answer. `delivered`: whether the webhook took it. `status`: what the webhook returned; without one the
	 * service did not reach it. Undefined: the answer says neither.
	 */
	read: (response: HttpResponse) => { delivered: boolean; status?: number; milliseconds?: number } | undefined;
}

/** What a trial showed, as a sentence for the log. */
export interface Tried {
	/** False: a person should read it. */
	fine: boolean;
	sentence: string;
}

/**
 * Has the service send a test event to each stored subscription. Nothing where the service has no such call.
 * @throws SubscriptionFailed when the service says that it did not reach the webhook. Nothing is removed.
 */
export async function tryOut({ provider, api: { trial }, store, send }: Lifecycle): Promise<Tried[]> {
	if (trial === undefined) return [];
	const results: Tried[] = [];
	for (const subscription of store.read()?.subscriptions ?? []) {
		const what = `a test event to webhook ${nameOf(subscription)}`;
		try {
			const response = await send(trial.request(subscription));
			const refused = refusal(provider, response, what);
			if (refused) throw refused;
			const result = trial.read(response);
			if (result?.delivered === false && result.status === undefined) throw unreached(provider.name, subscription.url);
			results.push({ fine: result?.delivered !== false, sentence: saying(provider.name, what, result) });
		} catch (cause) {
			if (cause instanceof SubscriptionFailed) throw asCaught(cause);
			// Whether a test can be sent says nothing about events: the call may be missing, or not allowed to this key.
			results.push({ fine: true, sentence: `${provider.name} sent no test event. ${messageOf(cause)}` });
		}
	}
	return results;
}

function saying(service: string, what: string, result: ReturnType<Trial['read']>): string {
	if (result === undefined) return `${service} sent ${what}, and does not say how that went.`;
	const { delivered, status, milliseconds } = result;
	const took = milliseconds === undefined ? '' : ` in ${Math.round(milliseconds)} ms`;
	if (delivered) return `${service} sent ${what}: delivered${took}.`;
	return `${service} sent ${what}, which returned ${status}. If real events are rejected too, they are not signed as expected.`;
}

function unreached(service: string, url: string): SubscriptionFailed {
	return new SubscriptionFailed(`${service} could not deliver a test event to ${withoutQuery(url)}.`);
}
