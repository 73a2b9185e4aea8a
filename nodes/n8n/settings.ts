/** The parameters of a trigger node, read in one place for all its methods. */
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Proof, Provider, Registration, Values } from '../../core/provider.ts';
import { derivedToken } from '../../core/signature.ts';
import type { SubscriptionState, SubscriptionStore } from '../../core/subscription.ts';
import { secretsIn } from './credentials.ts';
import { valuesOf } from './fields.ts';

type TriggerContext = IHookFunctions | IWebhookFunctions;

export interface TriggerSettings {
	registration: Registration;
	proof: Proof;
	events: string[];
	/** The provider's own trigger fields. */
	options: Values;
	skipRepeats: boolean;
	acceptUnverified: boolean;
	includeDelivery: boolean;
	/** As typed: IP addresses and CIDR ranges, separated by commas. */
	allowedSources: string;
	tokenVersion: number;
}

/** Reads a trigger's parameters. Nothing is checked here: a node must be removable however it is filled in. */
export function readSettings(context: TriggerContext, provider: Provider): TriggerSettings {
	const { registrations, receiving, triggerFields = [] } = provider;
	const named = (name: string) => (hasChoice(provider, name) ? context.getNodeParameter(name, '') : undefined);
	const registration = registrations.find(({ name }) => name === named('registration')) ?? registrations[0];
	const proof = receiving.proofs.find(({ name }) => name === named('signature')) ?? receiving.proofs[0];
	const extra: IDataObject = Object.fromEntries(
		triggerFields.map(({ name, default: byDefault }) => [name, context.getNodeParameter(name, byDefault ?? '')]),
	);
	const events = context.getNodeParameter('events', []);
	const chosen = context.getNodeParameter('options', {}) as IDataObject;
	return {
		registration,
		proof,
		events: Array.isArray(events) ? events.map(String) : [],
		options: valuesOf(triggerFields, extra),
		skipRepeats: chosen.skipRepeats !== false,
		acceptUnverified: chosen.acceptUnverified === true,
		includeDelivery: chosen.includeDelivery === true,
		allowedSources: String(chosen.allowedSources ?? ''),
		tokenVersion: Number(chosen.tokenVersion ?? 1),
	};
}

function hasChoice(provider: Provider, name: string): boolean {
	return name === 'registration' ? provider.registrations.length > 1 : provider.receiving.proofs.length > 1;
}

/** Who a trigger node is: its workflow and its webhook. A copied workflow has neither of these in common with its original. */
export function ownerOf(context: TriggerContext): string {
	const node = context.getNode();
	return `${context.getWorkflow().id ?? ''}/${node.webhookId ?? node.id}`;
}

/**
 * Where n8n keeps the subscriptions of a trigger node: its static data. n8n saves it after `create` and `delete`, also
 * when they throw. Nothing is written to it while a delivery is received: n8n would lose that.
 */
export function storeOf(context: TriggerContext): SubscriptionStore {
	const data = context.getWorkflowStaticData('node');
	return {
		read: () =>
			typeof data.owner === 'string' && Array.isArray(data.subscriptions)
				? { owner: data.owner, subscriptions: data.subscriptions as SubscriptionState['subscriptions'] }
				: undefined,
		write: (state) => {
			data.owner = state.owner;
			data.subscriptions = state.subscriptions.map((subscription) => ({ ...subscription }));
		},
	};
}

/**
 * The token in the URL of an event type. It is derived, so that an interrupted activation finds the same URL again; from
 * the API key, so that nobody else can; and from the mode, so that testing never touches the published URL.
 */
export function tokenFor(
	context: TriggerContext,
	provider: Provider,
	credentials: IDataObject,
	tokenVersion: number,
): (event: string) => string {
	const key = secretsIn(provider, credentials as never).join('\n');
	const { id: workflowId = '' } = context.getWorkflow();
	const { id, webhookId = id } = context.getNode();
	const mode = context.getMode() === 'manual' ? 'test' : 'production';
	return (event) =>
		derivedToken(key, [`hookline ${provider.id} url token`, workflowId, webhookId, event, mode, String(tokenVersion)]);
}
