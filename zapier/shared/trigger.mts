/** REST-hook triggers: one for each event type. */
import type { Bundle, PlainOutputField, Trigger, ZObject } from 'zapier-platform-core';
import { cleanInput, findOperation, run } from '../../core/operation.ts';
import type { EventType, Provider, Registration, Values } from '../../core/provider.ts';
import { receive } from '../../core/receive.ts';
import { newSecret, type Secret } from '../../core/signature.ts';
import type { Lifecycle, StoredSubscription, SubscriptionState } from '../../core/subscription-plan.ts';
import { remove } from '../../core/subscription-removal.ts';
import { create, storedSecrets } from '../../core/subscription.ts';
import { canCall, secretsOf, webhookSecrets } from './connection.mts';
import { deliveryOf, proofOf } from './receiving.mts';
import { guarded } from './errors.mts';
import { inputFieldsOf } from './fields.mts';
import { valuesOf } from './form.mts';
import { itemsOf, itemsOfPayload, outputFieldsOf, sampleOf, type Item } from './items.mts';
import { keyOf } from './names.mts';
import { isRepeated } from './repeats.mts';
import { sender } from './transport.mts';

type ApiRegistration = Extract<Registration, { kind: 'api' }>;

/** What `performSubscribe` returns and Zapier keeps with the Zap. The name makes Zapier's log scrubber treat it as a secret. */
interface SubscribeData {
	id: string;
	secretState: SubscriptionState;
}

/** How many recent records the editor is offered. */
const RECENT_RECORDS = 3;

/** The trigger for an event type. A service whose webhooks are registered by hand gets a static hook. */
export function triggerOf(provider: Provider, event: EventType): Trigger {
	const [registration] = provider.registrations;
	const sample = sampleOf(provider, event);
	return {
		key: keyOf(event.name),
		noun: event.group ?? event.label,
		display: {
			label: event.label,
			description: `Triggers when ${event.description.charAt(0).toLowerCase()}${event.description.slice(1)}.`,
			...(registration.kind === 'manual' ? { directions: directionsOf(provider, event) } : {}),
		},
		operation: {
			type: 'hook',
			inputFields: inputFieldsOf({ provider }, provider.triggerFields ?? []),
			...(registration.kind === 'api'
				? {
						performSubscribe: (z: ZObject, bundle: Bundle) => subscribe(provider, event, registration, z, bundle),
						performUnsubscribe: (z: ZObject, bundle: Bundle) => unsubscribe(provider, event, registration, z, bundle),
					}
				: {}),
			perform: (z: ZObject, bundle: Bundle) => perform(provider, event, z, bundle),
			performList: (z: ZObject, bundle: Bundle) => performList(provider, event, z, bundle),
			sample,
			// A function (which core's types have forgotten): core copies and freezes the whole definition for each event, so what is not in it costs nothing.
			outputFields: [(() => outputFieldsOf(sample)) as unknown as PlainOutputField],
		},
	};
}

/** What a person does with the URL of a static hook. */
function directionsOf({ name, webhook }: Provider, event: EventType): string {
	return (
		`Have the webhook URL registered at ${name} for the event \`${event.name}\`. ${webhook?.hint ?? ''} ` +
		`Put the secret into the connection, beside others that are there, with a space between them. [More](${webhook?.help ?? ''})`
	);
}

async function subscribe(
	provider: Provider,
	event: EventType,
	registration: ApiRegistration,
	z: ZObject,
	bundle: Bundle,
): Promise<SubscribeData> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const lifecycle = lifecycleOf(provider, event, registration, z, bundle);
		await create(lifecycle);
		const state = lifecycle.store.read() ?? { owner: lifecycle.subscriber.owner, subscriptions: [] };
		return { id: subscriptionId(state.subscriptions[0]) ?? state.owner, secretState: state };
	});
}

async function unsubscribe(
	provider: Provider,
	event: EventType,
	registration: ApiRegistration,
	z: ZObject,
	bundle: Bundle,
): Promise<Record<string, never>> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		await remove(lifecycleOf(provider, event, registration, z, bundle));
		return {};
	});
}

/**
 * Verifies a delivery and hands its items on. Zapier has answered the service by now, whatever comes out here; so what is
 * rejected is dropped in silence, with the reason in the log, and nobody who finds the URL can switch a Zap off with errors.
 */
async function perform(provider: Provider, event: EventType, z: ZObject, bundle: Bundle): Promise<Item[]> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const delivery = deliveryOf(bundle);
		if (delivery === undefined) {
			z.console.log('Dropped a delivery: it came without its raw request.');
			return [];
		}
		const state = stateOf(bundle);
		const proof = proofOf(provider, delivery);
		const verdict = receive(provider, delivery, {
			proof,
			secrets: secretsFor(provider, state, proof.scheme, bundle.authData),
			events: [event.name],
			options: optionsOf(provider, bundle),
		});
		if (verdict.outcome !== 'accepted') {
			z.console.log(`Dropped a delivery: ${verdict.outcome === 'repeated' ? 'repeated' : verdict.reason}`);
			return [];
		}
		for (const warning of verdict.warnings) z.console.log(`Unexpected in a delivery: ${warning}`);

		const items = itemsOf(verdict);
		const subscription = subscriptionId(state?.subscriptions[0]);
		// Last of all: a throw after the claim would make the service's next attempt look like a repeat.
		if (subscription !== undefined && (await isRepeated(z, { subscription, ...verdict }))) {
			z.console.log('Dropped a delivery: repeated');
			return [];
		}
		return items;
	});
}

/** Recent records in the shape of the event where the service has them, else the documented sample. */
async function performList(provider: Provider, event: EventType, z: ZObject, bundle: Bundle): Promise<Item[]> {
	const { recent } = event;
	const operation = recent && findOperation(provider, recent.operation);
	if (recent === undefined || operation === undefined || !canCall(provider, bundle.authData))
		return [sampleOf(provider, event)];
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const send = sender(provider, z, bundle.authData);
		const records = await run(provider, operation, recent.input ?? {}, send, { limit: RECENT_RECORDS });
		const items = records.slice(0, RECENT_RECORDS).flatMap((record) => {
			const payload = recent.payload(record);
			return payload === undefined ? [] : itemsOfPayload(provider, event, payload);
		});
		const sample = sampleOf(provider, event);
		// Zapier wants one structure (D006): what a record does not tell, but an event does, is there and empty.
		const empty = Object.fromEntries(Object.keys(sample).map((key) => [key, null]));
		return items.length > 0 ? items.map((item): Item => ({ ...empty, ...item })) : [sample];
	});
}

function lifecycleOf(
	provider: Provider,
	event: EventType,
	registration: ApiRegistration,
	z: ZObject,
	bundle: Bundle,
): Lifecycle {
	const { scheme } = provider.receiving.proofs[0];
	let state = stateOf(bundle);
	// The URL that was subscribed is stored as the owner: Zapier may not tell it again, or tell that of another subscription.
	const url = state?.owner || bundle.targetUrl || '';
	const stored = state?.subscriptions.find((one) => one.events.includes(event.name))?.secret;
	// A new one for each subscription: Zapier keeps it, and one of two under the same URL can be removed without the other.
	const token = stored ?? newSecret();
	return {
		provider,
		api: {
			...registration.api,
			subscribe: (wanted) => {
				// Core's log blanks all of `authData`, and of a body only what stands under a name that sounds secret to it.
				if (wanted.secret !== undefined) bundle.authData['subscriptionSecret'] = wanted.secret;
				return registration.api.subscribe(wanted);
			},
		},
		scheme,
		shared: true,
		subscriber: {
			owner: url,
			url,
			events: [event.name],
			options: optionsOf(provider, bundle),
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

function stateOf(bundle: Bundle): SubscriptionState | undefined {
	const data = bundle.subscribeData as Partial<SubscribeData> | undefined;
	return data?.secretState;
}

/** What a claim on a delivery is keyed by. Undefined for static hooks: nothing tells two Zaps apart, so nothing is claimed. */
function subscriptionId(subscription: StoredSubscription | undefined): string | undefined {
	return subscription && (subscription.id ?? subscription.url);
}

function secretsFor(
	provider: Provider,
	state: SubscriptionState | undefined,
	scheme: Lifecycle['scheme'],
	authData: Values,
): Secret[] {
	return provider.registrations[0].kind === 'manual'
		? webhookSecrets(provider, authData)
		: storedSecrets(scheme, state);
}

function optionsOf(provider: Provider, bundle: Bundle): Values {
	return cleanInput(provider.triggerFields ?? [], valuesOf(bundle.inputData ?? {}));
}
