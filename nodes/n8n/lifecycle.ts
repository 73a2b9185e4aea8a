/**
 * The three methods that n8n calls on publishing, unpublishing and listening. What n8n makes of their answers decides how
 * they are written: `create` throws rather than returning false (n8n ignores false), and can run again after its own
 * failure (n8n calls `delete` and then `create` again, five times); `delete` throws for what it could not remove (n8n tries three times).
 */
import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { parseRanges } from '../../core/address.ts';
import type { Provider } from '../../core/provider.ts';
import { check, create, remove, webhookUrlProblem, type Lifecycle } from '../../core/subscription.ts';
import { apiCredential, webhookCredential } from './credentials.ts';
import { ownerOf, readSettings, storeOf, tokenFor, type TriggerSettings } from './settings.ts';
import { connect, type Connection } from './transport.ts';

type Method = (this: IHookFunctions) => Promise<boolean>;

/** The webhook methods of a provider's trigger node. */
export function webhookMethods(provider: Provider): { checkExists: Method; create: Method; delete: Method } {
	return {
		/** Only looks. n8n calls it on publishing only, not on a restart. */
		async checkExists() {
			return await inPlainWords(this, provider, async (opened, settings) => {
				checkSettings(settings);
				if (opened === undefined) return await readyToReceive(this, provider, settings);
				return await check(opened.lifecycle);
			});
		},

		async create() {
			return await inPlainWords(this, provider, async (opened, settings) => {
				checkSettings(settings);
				if (opened === undefined) return true;
				const { lifecycle, connection } = opened;
				const problem = webhookUrlProblem(provider, lifecycle.subscriber.url, connection.baseUrl);
				if (problem !== undefined) throw new NodeOperationError(this.getNode(), problem);
				await create(lifecycle);
				const ids = lifecycle.store.read()?.subscriptions.flatMap(({ id }) => id ?? []) ?? [];
				this.logger.info(`${provider.name}: subscribed to ${lifecycle.subscriber.events.join(', ')}`, {
					webhookIds: ids,
				});
				return true;
			});
		},

		async delete() {
			return await inPlainWords(this, provider, async (opened) => {
				if (opened !== undefined) await remove(opened.lifecycle);
				return true;
			});
		},
	};
}

interface Opened {
	lifecycle: Lifecycle;
	connection: Connection;
}

/** Runs a method with the life-cycle opened; undefined where a person registers the webhook. Its failures become one clear sentence. */
async function inPlainWords(
	context: IHookFunctions,
	provider: Provider,
	method: (opened: Opened | undefined, settings: TriggerSettings) => Promise<boolean>,
): Promise<boolean> {
	let connection: Connection | undefined;
	try {
		const settings = readSettings(context, provider);
		if (settings.registration.kind === 'manual') return await method(undefined, settings);
		connection = await connect(context, provider);
		return await method(
			{ connection, lifecycle: await lifecycleOf(context, provider, settings, connection) },
			settings,
		);
	} catch (cause) {
		if (cause instanceof NodeOperationError) throw cause;
		const message = cause instanceof Error ? cause.message : String(cause);
		throw new NodeOperationError(context.getNode(), connection ? connection.clean(message) : message);
	}
}

async function lifecycleOf(
	context: IHookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	{ send }: Connection,
): Promise<Lifecycle> {
	const { registration, proof, events, options, tokenVersion } = settings;
	if (registration.kind !== 'api') throw new Error(`${provider.name} is registered by hand.`);
	const url = context.getNodeWebhookUrl('default');
	if (url === undefined) throw new Error('n8n gave this node no webhook URL. Save the workflow and try again.');
	const lifecycle: Lifecycle = {
		provider,
		api: registration.api,
		scheme: proof.scheme,
		store: storeOf(context),
		send,
		subscriber: {
			owner: ownerOf(context),
			url,
			events,
			options,
			title: `n8n: ${context.getWorkflow().name ?? 'workflow'}`,
		},
	};
	if (proof.scheme.kind === 'url-token') {
		const credentials = await context.getCredentials(apiCredential(provider));
		lifecycle.subscriber.token = tokenFor(context, provider, credentials, tokenVersion);
	}
	return lifecycle;
}

/** What must be right before anything is subscribed. */
function checkSettings({ events, proof, allowedSources }: TriggerSettings): void {
	if (events.length === 0 && !proof.anyEvent) {
		throw new Error('No event is chosen. Choose at least one under "Events", then publish again.');
	}
	parseRanges(allowedSources);
}

/** A webhook that a person registers needs its secret before it is published: without one every delivery would be refused. */
async function readyToReceive(
	context: IHookFunctions,
	provider: Provider,
	settings: TriggerSettings,
): Promise<boolean> {
	if (settings.acceptUnverified) return true;
	const { webhookSecret } = await context.getCredentials(webhookCredential(provider));
	if (String(webhookSecret ?? '').trim() === '') {
		throw new Error(
			`The credential holds no webhook secret, so no delivery of ${provider.name} could be verified. Fill it in.`,
		);
	}
	return true;
}
