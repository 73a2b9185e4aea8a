/** The parameters of a trigger node, read in one place for all its methods. */
import type { IDataObject, IExecuteFunctions, IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { entriesOf, trimmed } from '../../core/input.ts';
import type { Field, Json, Proof, Provider, Registration, Values } from '../../core/provider.ts';
import { derivedToken } from '../../core/signature.ts';
import type { SubscriptionState, SubscriptionStore } from '../../core/subscription-plan.ts';
import { valuesOf } from './fields.ts';

export type TriggerContext = IExecuteFunctions | IHookFunctions | IPollFunctions | IWebhookFunctions;

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
	/** How often the subscription is looked at while n8n runs. */
	watch: string;
	/** So many hours back missed events are looked for; 0: not at all. */
	catchUp: number;
	/** Whether what is rejected is reported. */
	reportRejected: boolean;
}

/** The longest time in which missed events are looked for. Hours. */
export const MOST_HOURS = 168;

/** Reads a trigger's parameters. Nothing is checked here: a node must be removable however it is filled in. */
export function readSettings(context: TriggerContext, provider: Provider): TriggerSettings {
	const { registrations, receiving, triggerFields = [] } = provider;
	const named = (name: string) => (hasChoice(provider, name) ? context.getNodeParameter(name, '') : undefined);
	const registration = registrations.find(({ name }) => name === named('registration')) ?? registrations[0];
	const proof = receiving.proofs.find(({ name }) => name === named('signature')) ?? receiving.proofs[0];
	const events = context.getNodeParameter('events', []);
	const chosen = context.getNodeParameter('options', {}) as IDataObject;
	const extra: IDataObject = Object.fromEntries(
		triggerFields.map(({ name, type, choicesFrom, default: byDefault, advanced }) => {
			const direct = (advanced && chosen[name]) || context.getNodeParameter(name, byDefault ?? '');
			if (type === 'list' && choicesFrom !== undefined) {
				const listed = entriesOf(context.getNodeParameter(fromListName({ name }), []) as Json);
				// As JSON: it is read as a list once more, and a name may have a comma.
				if (listed.length > 0) return [name, JSON.stringify([...entriesOf(direct as Json), ...listed])];
			}
			return [name, direct === '' ? (byDefault ?? '') : direct];
		}),
	);
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
		watch: String(chosen.watch ?? 'hourly'),
		catchUp: Math.min(Math.max(Number(chosen.catchUp ?? 0) || 0, 0), MOST_HOURS),
		reportRejected: chosen.reportRejected !== false,
	};
}

/** The parameter of what was chosen from the list of a trigger's field, next to the one for what was typed. */
export function fromListName({ name }: Pick<Field, 'name'>): string {
	return `${name}FromList`;
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

/** Whether a person listens for a test event, or the workflow is published. */
export function modeOf(context: TriggerContext): 'test' | 'production' {
	return context.getMode() === 'manual' ? 'test' : 'production';
}

/** What proves the deliveries of a trigger, where we choose it: always the same for the same trigger, credential and version. */
export interface Derivation {
	/** The token in the URL of an event type. */
	token: (event: string) => string;
	/** The signing secret. One for all event types of a trigger: a second one would cost each delivery a second HMAC. */
	secret: () => string;
}

/**
 * Derives what we choose, so that it can be found again when n8n has lost what was stored; from the API key, so that nobody
 * else can; and from the mode, so that testing never touches what is published.
 * @throws when the credential has no key: what everybody could derive is no secret.
 */
export function derivationFor(
	context: TriggerContext,
	provider: Provider,
	credentials: IDataObject,
	tokenVersion: number,
): Derivation {
	const secretFields = provider.api.fields.filter(({ secret }) => secret);
	const keys = secretFields.map(({ name }) => trimmed(String(credentials[name] ?? ''))).filter((key) => key !== '');
	if (keys.length === 0) throw new Error(`The ${provider.name} credential has no key. Fill it in.`);
	const key = keys.join('\n');
	const { id: workflowId = '' } = context.getWorkflow();
	const { id, webhookId = id } = context.getNode();
	const [mode, version] = [modeOf(context), String(tokenVersion)];
	return {
		token: (event) =>
			derivedToken(key, [`hookline ${provider.id} url token`, workflowId, webhookId, event, mode, version]),
		secret: () => derivedToken(key, [`hookline ${provider.id} signing secret`, workflowId, webhookId, mode, version]),
	};
}

/** Whether we choose the secret of a webhook that is registered in this way, so that it can be derived, and changed by its version. */
export function choosesSecret(registration: Registration): boolean {
	return registration.kind === 'api' && registration.api.secret !== 'theirs';
}
