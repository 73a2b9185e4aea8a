/** REST-hook triggers: one for each event type. */
import type { Bundle, PlainOutputField, Trigger, ZObject } from 'zapier-platform-core';
import { InvalidInput } from '../../core/errors.ts';
import { without } from '../../core/json.ts';
import { findOperation, run } from '../../core/operation.ts';
import type { EventType, Field, JsonObject, Proof, Provider, Values } from '../../core/provider.ts';
import { receive } from '../../core/receive.ts';
import type { Secret } from '../../core/signature.ts';
import type { Lifecycle, SubscriptionState } from '../../core/subscription-plan.ts';
import { storedSecrets } from '../../core/subscription.ts';
import { canCall, webhookSecrets } from './connection.mts';
import { secretsOf } from './secrets.mts';
import { guarded } from './errors.mts';
import { inputFieldsOf } from './fields.mts';
import { itemsOf, itemsOfPayload, sampleOf, type Item } from './items.mts';
import { keyOf, titleCase } from './names.mts';
import { deliveryOf, isTimed, proofOf, unhurried } from './receiving.mts';
import { outputFieldsOf } from './outputs.mts';
import { isRepeated } from './repeats.mts';
import type { AppSettings } from './settings.mts';
import { optionsOf, type Source } from './source.mts';
import { stateOf, subscribe, subscriptionId, unsubscribe } from './subscribing.mts';
import { forZapier, triggerDescription, triggerWords, type TriggerWords } from './texts.mts';
import { sender } from './transport.mts';

/** How many recent records the editor is offered. */
const RECENT_RECORDS = 3;

/** The trigger for an event type. A service whose webhooks are registered manually gets a static hook. */
export function triggerOf(provider: Provider, event: EventType, settings: AppSettings = {}): Trigger {
	return trigger(
		{ provider, event, fields: fieldsFor(provider, event, settings), unsure: settings.unsure ?? [] },
		settings.triggers?.[event.name] ?? triggerWords(event),
	);
}

/**
 * Triggers for the proofs that carry another service's events, whatever their type: Stripe's, for one (`stripe_event`). The triggers of
 * the provider's own event types take such an event only where its type is theirs.
 */
export function passedOnTriggersOf(provider: Provider): Record<string, Trigger> {
	const passedOn = provider.receiving.proofs.filter(({ anyEvent }) => anyEvent === true);
	return Object.fromEntries(
		passedOn.map((proof) => {
			const sender = titleCase(proof.name);
			const event: EventType = {
				name: `${proof.name}_event`,
				label: `${sender} Event`,
				description: `An event of any type is sent by ${sender}`,
				grade: proof.grade,
				sample: PASSED_ON_SAMPLE,
				sampleGrade: 'documented',
			};
			const source = { provider, event, fields: [typesField(proof.name, sender)], unsure: [], proof };
			return [event.name, trigger(source, { label: `New ${sender} Event`, noun: `${sender} Event` })];
		}),
	);
}

/** An event of Stripe's. https://docs.stripe.com/api/events/object */
const PASSED_ON_SAMPLE: JsonObject = {
	id: 'evt_1234567890',
	object: 'event',
	type: 'charge.succeeded',
	livemode: false,
	data: { object: { id: 'ch_1234567890', object: 'charge', amount: 9999, currency: 'usd', status: 'succeeded' } },
};

/** The fields of the provider's trigger that affect this event type. */
function fieldsFor(
	{ triggerFields = [] }: Provider,
	{ name }: EventType,
	{ triggerFields: of = {} }: AppSettings,
): Field[] {
	return triggerFields.flatMap((field) => {
		// A trigger takes whichever signature a delivery carries; the one for Stripe's events has fields of its own.
		if (field.showIf?.['signature'] !== undefined) return [];
		const { events, ...showIf } = field.showIf ?? {};
		const affected = of[field.name] ?? events;
		if (affected !== undefined && !affected.includes(name)) return [];
		if (events === undefined) return [field];
		return [Object.keys(showIf).length > 0 ? { ...field, showIf } : without(field, 'showIf')];
	});
}

function typesField(proof: string, sender: string): Field {
	return {
		name: `${proof}Events`,
		label: 'Event Types',
		type: 'list',
		placeholder: 'e.g. charge.succeeded',
		description: `Only these types of event, one in each box. Leave it empty for every type that ${sender} sends to the URL.`,
	};
}

function trigger(source: Source, { label, noun }: TriggerWords): Trigger {
	const { provider, event, fields } = source;
	const [registration] = provider.registrations;
	const sample = surePart(source, sampleOf(provider, event));
	return {
		key: keyOf(event.name),
		noun,
		display: {
			label,
			description: triggerDescription(event),
			...(registration.kind === 'manual' ? { directions: directionsOf(source) } : {}),
		},
		operation: {
			type: 'hook',
			inputFields: inputFieldsOf({ provider }, fields),
			...(registration.kind === 'api'
				? {
						performSubscribe: (z: ZObject, bundle: Bundle) => subscribe(source, registration, z, bundle),
						performUnsubscribe: (z: ZObject, bundle: Bundle) => unsubscribe(source, registration, z, bundle),
					}
				: {}),
			perform: (z: ZObject, bundle: Bundle) => perform(source, z, bundle),
			performList: (z: ZObject, bundle: Bundle) => performList(source, z, bundle),
			sample,
			// A function (which core's types have forgotten): core copies and freezes the whole definition for each event, so what is not in it costs nothing.
			outputFields: [(() => outputFieldsOf(sample)) as unknown as PlainOutputField],
		},
	};
}

/** An item without what is not sure to be in every event. */
function surePart({ unsure }: Source, item: Item): Item {
	return Object.fromEntries(Object.entries(item).filter(([key]) => !unsure.includes(key))) as Item;
}

/** What a person does with the URL of a static hook. */
function directionsOf({ provider: { name, webhook }, event, proof }: Source): string {
	const where = proof === undefined ? `${name} for the event \`${event.name}\`` : `${titleCase(proof.name)}`;
	return (
		`1. Copy the webhook URL. 2. Register it in ${where}. 3. Copy the signing secret and add it to the **Webhook Secret** of your ` +
		`${name} connection, with a space between it and any others. ${forZapier(webhook?.hint ?? '')} [Learn more](${webhook?.help ?? ''})`
	);
}

/**
 * Verifies a delivery and passes its items on. Zapier has answered the service by now, whatever comes out here. What is rejected is
 * ignored, with the reason in the log, so that nobody who finds the URL can switch a Zap off with errors. A missing secret is different:
 * nothing could ever arrive, and the person who set the Zap up has to know.
 */
async function perform(source: Source, z: ZObject, bundle: Bundle): Promise<Item[]> {
	const { provider, event } = source;
	return guarded(
		z,
		provider,
		() => secretsOf(provider, bundle.authData),
		async () => {
			const delivery = deliveryOf(bundle);
			if (delivery === undefined) {
				z.console.log('Dropped a delivery: it came without its raw request.');
				return [];
			}
			const state = stateOf(bundle);
			const proof = unhurried(source.proof ?? withoutAnyEvent(proofOf(provider, delivery)));
			const settings = { proof, events: [event.name], options: optionsOf(source, bundle) };
			const secrets = secretsFor(provider, state, proof.scheme, bundle.authData);
			const verdict = receive(provider, delivery, { ...settings, secrets });
			if (verdict.outcome !== 'accepted') {
				if (verdict.outcome === 'rejected' && verdict.reason === 'secret_not_configured') throw noSecret(provider);
				z.console.log(`Dropped a delivery: ${'reason' in verdict ? verdict.reason : verdict.outcome}`);
				return [];
			}
			if (!isChosenType(source, verdict.event, settings.options)) {
				z.console.log('Dropped a delivery: event_not_subscribed');
				return [];
			}
			for (const warning of verdict.warnings) z.console.log(`Unexpected in a delivery: ${warning}`);

			const items = itemsOf(verdict);
			const provedBy = (secret: Secret) =>
				receive(provider, delivery, { ...settings, secrets: [secret] }).outcome === 'accepted';
			const subscription =
				subscriptionId(state?.subscriptions[0]) ??
				(proof.anyEvent || isTimed(proof) ? endpointOf(event, secrets, provedBy) : undefined);
			// Last of all: a throw after the claim would make the service's next attempt look like a repeat.
			if (subscription !== undefined && (await isRepeated(z, { subscription, ...verdict }))) {
				z.console.log('Dropped a delivery: repeated');
				return [];
			}
			return items;
		},
	);
}

/** Of another service's events a trigger takes those of its own type alone: `charge.failed` is no verified account. */
function withoutAnyEvent(proof: Proof): Proof {
	return proof.anyEvent === undefined ? proof : without(proof, 'anyEvent');
}

/** Whether an event that is passed on is of a type that the person chose. */
function isChosenType({ proof }: Source, type: string | undefined, options: Values): boolean {
	const chosen = options[`${proof?.name}Events`];
	return proof === undefined || !Array.isArray(chosen) || chosen.includes(type ?? '');
}

/**
 * What tells the endpoints of a static hook apart where each has a secret of its own, as in Stripe: the secret that proved the delivery.
 * With it, the event's id guards against repeats and replays, since the time stamp cannot (see `unhurried`).
 */
function endpointOf(
	event: EventType,
	secrets: readonly Secret[],
	proves: (secret: Secret) => boolean,
): string | undefined {
	const used = secrets.length === 1 ? secrets[0] : secrets.find(proves);
	return used && `${event.name} ${used.value}`;
}

/** Nothing can be verified. It is the set-up that is wrong, so it is shown. */
function noSecret({ name, webhook, registrations }: Provider): InvalidInput {
	return new InvalidInput(
		registrations[0].kind === 'manual'
			? `Your ${name} connection has no webhook secret, so events can't be verified. Add the signing secret of the webhook to ` +
				`"Webhook Secret" in the connection. ${forZapier(webhook?.hint ?? '')}`.trim()
			: `This Zap has no signing secret, so events from ${name} can't be verified. Switch the Zap off and on again.`,
	);
}

/**
 * Recent records in the shape of the event, where the service can list them. Nothing else: what is not there is not made up, and Zapier
 * offers the static sample by itself.
 * @throws InvalidInput where the Zap could never receive anything.
 */
async function performList(source: Source, z: ZObject, bundle: Bundle): Promise<Item[]> {
	const { provider, event } = source;
	return guarded(
		z,
		provider,
		() => secretsOf(provider, bundle.authData),
		async () => {
			const isManual = provider.registrations[0].kind === 'manual';
			if (isManual && webhookSecrets(provider, bundle.authData).length === 0) throw noSecret(provider);
			const { recent } = event;
			const options = optionsOf(source, bundle);
			const operation = recent && findOperation(provider, recent.operationFor?.(options) ?? recent.operation);
			if (recent === undefined || operation === undefined || !canCall(provider, bundle.authData)) return [];
			const send = sender(provider, z, bundle.authData);
			const records = await run(provider, operation, recent.input ?? {}, send, { limit: RECENT_RECORDS });
			const items = records.slice(0, RECENT_RECORDS).flatMap((record) => {
				const payload = recent.payload(record, options);
				return payload === undefined ? [] : itemsOfPayload(provider, event, payload);
			});
			// Zapier wants one structure (D006): what a record does not have, but an event does, is there and empty.
			const empty = Object.fromEntries(Object.keys(sampleOf(provider, event)).map((key) => [key, null]));
			return items.map((item) => surePart(source, { ...empty, ...item }));
		},
	);
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
