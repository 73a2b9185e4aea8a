/** A trigger's life-cycle, opened with its credential: for the webhook methods and for the ticks of `poll`. */
import type { IHookFunctions, IPollFunctions } from 'n8n-workflow';
import type { Provider } from '../../core/provider.ts';
import type { Lifecycle, SubscriptionState, SubscriptionStore } from '../../core/subscription-plan.ts';
import { apiCredential } from './credentials.ts';
import { remembered } from './remembered.ts';
import { choosesSecret, derivationFor, modeOf, ownerOf, storeOf, type TriggerSettings } from './settings.ts';
import { connect, type Connection } from './transport.ts';

export interface Opened extends Pick<Connection, 'baseUrl' | 'clean'> {
	lifecycle: Lifecycle;
}

/**
 * Opens the life-cycle of a trigger whose webhook has this URL, and whose subscriptions are kept there.
 * @throws when the credential is missing or has no key.
 */
export async function open(
	context: IHookFunctions | IPollFunctions,
	provider: Provider,
	settings: TriggerSettings,
	{ url, store, patience = 0 }: { url: string; store: SubscriptionStore; patience?: number },
): Promise<Opened> {
	const { registration, proof, events, options, tokenVersion } = settings;
	if (registration.kind !== 'api') throw new Error(`${provider.name} is registered manually.`);
	const { send, baseUrl, clean } = await connect(context, provider, { patience });
	const lifecycle: Lifecycle = {
		provider,
		api: registration.api,
		scheme: proof.scheme,
		store,
		send,
		subscriber: {
			owner: ownerOf(context),
			url,
			events,
			options,
			title: `n8n: ${context.getWorkflow().name ?? 'workflow'}`,
		},
	};
	if (choosesSecret(settings.registration)) {
		const credentials = await context.getCredentials(apiCredential(provider));
		const { token, secret } = derivationFor(context, provider, credentials, tokenVersion);
		if (registration.api.secret === 'ours') lifecycle.subscriber.secret = secret();
		else lifecycle.subscriber.token = token;
	}
	return { baseUrl, clean, lifecycle };
}

/**
 * Where the subscriptions of a trigger are kept: in static data, which n8n saves after `create` and `delete`. What a tick has
 * made counts before that.
 */
export function storeFor(context: IHookFunctions): SubscriptionStore {
	const saved = storeOf(context);
	const memory = remembered(ownerOf(context), modeOf(context));
	return {
		read: () => memory.made ?? saved.read(),
		write: (state) => {
			delete memory.made;
			saved.write(state);
		},
	};
}

/** As `storeFor`, for a tick: n8n does not save what a tick writes to static data, and can roll back what is there. */
export function storeForTick(context: IPollFunctions): SubscriptionStore {
	const saved = storeOf(context);
	const memory = remembered(ownerOf(context), modeOf(context));
	return {
		read: () => memory.made ?? memory.known ?? saved.read(),
		write: (state) => {
			memory.made = copyOf(state);
		},
	};
}

export function copyOf({ owner, subscriptions }: SubscriptionState): SubscriptionState {
	return { owner, subscriptions: subscriptions.map((one) => ({ ...one })) };
}
