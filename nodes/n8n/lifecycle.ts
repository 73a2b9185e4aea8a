/**
 * The three methods that n8n calls on publishing, unpublishing and listening. What n8n makes of their answers decides how
 * they are written: `create` throws rather than returning false (n8n ignores false), and can run again after its own
 * failure (n8n calls `delete` and then `create` again, five times); `delete` throws for what it could not remove (n8n tries three times).
 */
import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { parseRanges } from '../../core/address.ts';
import { messageOf } from '../../core/errors.ts';
import type { Provider, Send } from '../../core/provider.ts';
import { check, create, remove, webhookUrlProblem, type Lifecycle } from '../../core/subscription.ts';
import { apiCredential, webhookCredential } from './credentials.ts';
import { ownerOf, readSettings, storeOf, tokenFor, type TriggerSettings } from './settings.ts';
import { connect, type Connection } from './transport.ts';

/**
 * Triggers whose `delete` has begun and not ended well, by URL: a test has another than production. n8n does not wait longer than its lease for a service that does
 * not answer, and then saves nothing of what `delete` has stored.
 */
const leaving = new Set<string>();

/** What a person does about a webhook URL that a service cannot reach. */
const SET_WEBHOOK_URL =
	'Set WEBHOOK_URL (N8N_WEBHOOK_URL in newer versions) to the https address under which n8n is reached from the internet, restart n8n, and publish again.';

type Method = (this: IHookFunctions) => Promise<boolean>;

/** The webhook methods of a provider's trigger node. */
export function webhookMethods(provider: Provider): { checkExists: Method; create: Method; delete: Method } {
	return {
		/** Only looks. n8n calls it on publishing only, not on a restart. */
		async checkExists() {
			return await activating(this, async () => {
				const settings = readSettings(this, provider);
				checkSettings(settings);
				if (settings.registration.kind === 'manual') return await readyToReceive(this, provider, settings);
				const { lifecycle, clean } = await open(this, provider, settings);
				// Where the service cannot be asked, what is stored says nothing then: `create` makes it anew.
				if (lifecycle.api.list === undefined && leaving.has(lifecycle.subscriber.url)) return false;
				return await cleaned(clean, check(lifecycle));
			});
		},

		async create() {
			return await activating(this, async () => {
				const settings = readSettings(this, provider);
				checkSettings(settings);
				if (settings.registration.kind === 'manual') return true;
				const { lifecycle, baseUrl, clean } = await open(this, provider, settings);
				const { subscriber, store } = lifecycle;
				const problem = webhookUrlProblem(provider, subscriber.url, baseUrl);
				if (problem !== undefined) throw new Error(`${problem} ${SET_WEBHOOK_URL}`);
				await cleaned(clean, create(lifecycle), (message) => {
					// n8n shows the sentence beside the trigger, but not when its own patience was over before.
					if ((store.read()?.subscriptions.length ?? 0) > 0) this.logger.warn(message);
				});
				leaving.delete(subscriber.url);
				const ids = store.read()?.subscriptions.flatMap(({ id }) => id ?? []) ?? [];
				// In the line itself: n8n's text log leaves out what is beside it.
				const named = ids.length > 0 ? ` (webhook ${ids.join(', ')})` : '';
				this.logger.info(`${provider.name}: subscribed to ${subscriber.events.join(', ')}${named}`);
				return true;
			});
		},

		async delete() {
			return await inPlainWords(this, async () => {
				const settings = readSettings(this, provider);
				if (endsActivation(this) || settings.registration.kind === 'manual') return true;
				const { lifecycle, clean } = await open(this, provider, settings).catch((cause: unknown) => {
					throw notRemovable(this, provider, cause);
				});
				leaving.add(lifecycle.subscriber.url);
				await cleaned(clean, remove(lifecycle));
				leaving.delete(lifecycle.subscriber.url);
				return true;
			});
		},
	};
}

/**
 * Runs `checkExists` or `create`, and notes while it runs that an activation is under way. When one of them throws, n8n calls
 * `delete` on the same static data and then tries again. If that `delete` threw as well, n8n would neither save the static
 * data nor remove the route, and a later publish, finding the route, would never call `create` again (n8n 2.41,
 * webhook-trigger-registrar.js). So that `delete` does nothing: `create` has rolled back, and what it could not remove is stored.
 */
async function activating(context: IHookFunctions, method: () => Promise<boolean>): Promise<boolean> {
	const data = context.getWorkflowStaticData('node');
	data.activating = true;
	const result = await inPlainWords(context, method);
	delete data.activating;
	return result;
}

/** Whether `delete` is called only because an activation has just thrown. */
function endsActivation(context: IHookFunctions): boolean {
	const data = context.getWorkflowStaticData('node');
	const ends = data.activating === true;
	delete data.activating;
	return ends;
}

interface Opened extends Pick<Connection, 'baseUrl' | 'clean'> {
	lifecycle: Lifecycle;
}

async function open(context: IHookFunctions, provider: Provider, settings: TriggerSettings): Promise<Opened> {
	const { send, baseUrl, clean } = await connect(context, provider);
	return { baseUrl, clean, lifecycle: await lifecycleOf(context, provider, settings, send) };
}

/** Without its credential nothing can be removed: the person must at least learn what is left. */
function notRemovable(context: IHookFunctions, provider: Provider, cause: unknown): Error {
	const left = (storeOf(context).read()?.subscriptions ?? []).map(({ id, events }) => id ?? events.join(', '));
	const named = left.length > 0 ? `Not removed at ${provider.name}: ${left.join(', ')}. ` : '';
	return new Error(`${named}${messageOf(cause)}`);
}

/** Blanks out the credential's secrets in what goes wrong. `note` gets the sentence first. */
async function cleaned<T>(
	clean: (text: string) => string,
	result: Promise<T>,
	note: (message: string) => void = () => undefined,
): Promise<T> {
	return await result.catch((cause: unknown) => {
		const message = clean(messageOf(cause));
		note(message);
		throw new Error(message);
	});
}

/** Whatever goes wrong becomes one clear sentence beside the node. */
async function inPlainWords(context: IHookFunctions, method: () => Promise<boolean>): Promise<boolean> {
	try {
		return await method();
	} catch (cause) {
		throw new NodeOperationError(context.getNode(), messageOf(cause));
	}
}

async function lifecycleOf(
	context: IHookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	send: Send,
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
