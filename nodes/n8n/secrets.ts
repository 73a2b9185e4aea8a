/** The secrets by which a delivery is verified: those stored, those of a credential, or those that can be derived again. */
import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import { asCaught, messageOf } from '../../core/errors.ts';
import type { Provider, Values } from '../../core/provider.ts';
import type { Verdict } from '../../core/receive.ts';
import { challengeTokens, signingSecrets } from '../../core/secrets.ts';
import type { Delivery, Secret } from '../../core/signature.ts';
import { storedSecrets } from '../../core/subscription.ts';
import { Batches } from './batches.ts';
import { remembered } from './remembered.ts';
import { apiCredential, webhookCredential } from './credentials.ts';
import { nodeKey } from './repeats.ts';
import { choosesSecret, derivationFor, modeOf, ownerOf, storeOf, type TriggerSettings } from './settings.ts';

/** Milliseconds for which a derived secret is remembered: strangers must not be able to have a credential read for each request. */
const DERIVED_FOR = 60_000;

/** The derived secrets of this many triggers and event types are remembered. */
const MOST_DERIVED = 1_000;

const derivedBefore = new Map<string, { at: number; secret: Promise<string> }>();

/**
 * The secrets that are valid now: of the stored subscriptions, or of the credential of a webhook that was registered manually.
 * When nothing is stored that belongs to this trigger (n8n was stopped before it could save, a workflow was imported without
 * it), those that are derived. None when they cannot be had: then nothing can be verified, and nothing is accepted.
 */
export async function secretsFor(
	context: IWebhookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	delivery: Delivery,
): Promise<Secret[]> {
	try {
		if (settings.registration.kind === 'manual') {
			return signingSecrets(provider, (await readCredential(context, webhookCredential(provider))) as Values);
		}
		const { scheme } = settings.proof;
		const state = storeOf(context).read();
		// What another stored came with a copy of its workflow: it proves nothing here.
		const saved = state?.owner === ownerOf(context) ? storedSecrets(scheme, state) : [];
		// n8n saves what `create` stores after it: a test event that the service sends meanwhile is verified by what is remembered.
		const stored =
			saved.length > 0 ? saved : storedSecrets(scheme, remembered(ownerOf(context), modeOf(context)).known);
		const event = scheme.kind === 'url-token' ? delivery.query[scheme.eventParameter] : undefined;
		const covered = event === undefined || stored.some(({ events }) => events?.includes(String(event)));
		if ((stored.length > 0 && covered) || !choosesSecret(settings.registration)) return stored;
		return [...stored, ...(await derive(context, provider, settings, delivery))];
	} catch (cause) {
		context.logger.warn(`${provider.name}: the secret is not available: ${messageOf(cause)}`);
		return [];
	}
}

/** The tokens that a challenge by GET may carry, where they are not the secrets of deliveries. */
export async function challengeTokensFor(
	context: IWebhookFunctions,
	provider: Provider,
	{ registration }: TriggerSettings,
): Promise<Secret[] | undefined> {
	const { challenge } = provider.receiving;
	if (challenge?.method !== 'get' || challenge.tokenField === undefined || registration.kind !== 'manual')
		return undefined;
	try {
		return challengeTokens(provider, (await readCredential(context, webhookCredential(provider))) as Values);
	} catch (cause) {
		context.logger.warn(`${provider.name}: the token is not available: ${messageOf(cause)}`);
		return [];
	}
}

/**
 * The derived secrets with which to look at a delivery once more that the stored ones do not verify: what is stored may be
 * older than the subscription (a backup was restored). Empty when there is nothing else to try.
 */
export async function secretsToTryAgain(
	context: IWebhookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	delivery: Delivery,
	{ verdict, tried }: { verdict: Verdict; tried: readonly Secret[] },
): Promise<Secret[]> {
	if (verdict.outcome !== 'rejected' || tried.length === 0 || !choosesSecret(settings.registration)) return [];
	if (verdict.reason !== 'signature_mismatch' && verdict.reason !== 'token_mismatch') return [];
	try {
		const derived = await derive(context, provider, settings, delivery);
		return derived.filter(({ value }) => !tried.some((one) => one.value === value));
	} catch (cause) {
		context.logger.debug(`${provider.name}: the secret cannot be derived: ${messageOf(cause)}`);
		return [];
	}
}

async function derive(
	context: IWebhookFunctions,
	provider: Provider,
	{ proof: { scheme }, events, tokenVersion }: TriggerSettings,
	delivery: Delivery,
): Promise<Secret[]> {
	const named = scheme.kind === 'url-token' ? delivery.query[scheme.eventParameter] : undefined;
	// A listening trigger gets the chosen event types too: each has a URL of its own.
	if (scheme.kind === 'url-token' && (typeof named !== 'string' || !events.includes(named))) return [];
	const event = typeof named === 'string' ? named : undefined;
	const name = apiCredential(provider);
	const { id = '' } = context.getNode().credentials?.[name] ?? {};
	const key = [nodeKey(context), modeOf(context), id ?? '', tokenVersion, event ?? ''].join('\n');
	const before = derivedBefore.get(key);
	if (before !== undefined && Date.now() - before.at < DERIVED_FOR) return [secretOf(await before.secret, event)];
	const secret = readCredential(context, name).then((credentials) => {
		const derivation = derivationFor(context, provider, credentials, tokenVersion);
		return event === undefined ? derivation.secret() : derivation.token(event);
	});
	derivedBefore.delete(key);
	derivedBefore.set(key, { at: Date.now(), secret });
	const [oldest] = derivedBefore.keys();
	if (derivedBefore.size > MOST_DERIVED && oldest !== undefined) derivedBefore.delete(oldest);
	try {
		return [secretOf(await secret, event)];
	} catch (cause) {
		derivedBefore.delete(key);
		throw asCaught(cause);
	}
}

function secretOf(value: string, event: string | undefined): Secret {
	return event === undefined ? { value } : { value, events: [event] };
}

/**
 * n8n takes up to tens of milliseconds to read a credential, so the deliveries to a node that come during one reading share the
 * next. None gets what was read before it came: a secret that was taken away counts no more from that moment.
 */
const credentialReadings = new Batches({
	patience: 2_000,
	async work(_key, asked: ReadonlyArray<{ context: IWebhookFunctions; name: string }>) {
		const { context, name } = asked[0]!;
		const credential = await context.getCredentials(name);
		return asked.map(() => credential);
	},
});

async function readCredential(context: IWebhookFunctions, name: string): Promise<ICredentialDataDecryptedObject> {
	// Two versions of a workflow may be set to two credentials.
	const { id, name: title } = context.getNode().credentials?.[name] ?? { id: null, name: '' };
	return await credentialReadings.run([nodeKey(context), name, id ?? title].join(':'), { context, name });
}
