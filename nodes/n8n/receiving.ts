/** A delivery in n8n: from the request to workflow items. */
import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { parseRanges, type AddressRange } from '../../core/address.ts';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject, Provider } from '../../core/provider.ts';
import { answer, receive, type Accepted, type ReceiveSettings, type Verdict } from '../../core/receive.ts';
import type { Delivery, Secret } from '../../core/signature.ts';
import { storedSecrets } from '../../core/subscription.ts';
import { Batches } from './batches.ts';
import { apiCredential, webhookCredential } from './credentials.ts';
import { claimOf, marksOf, nodeKey, settleWithAnswer } from './repeats.ts';
import { readSettings, storeOf, tokenFor, type TriggerSettings } from './settings.ts';

/** Handles one delivery. Every branch answers; nothing that came in stands in an answer or the log. */
export async function receiveWebhook(this: IWebhookFunctions, provider: Provider): Promise<IWebhookResponseData> {
	const settings = readSettings(this, provider);
	const delivery = await deliveryOf(this);
	const listening = this.getMode() === 'manual';
	const verdict = receive(provider, delivery, await receiveSettings(this, provider, settings, delivery, listening));

	const compared = isCompared(verdict, settings, listening) ? verdict : undefined;
	const claim = compared && (await claimOf(this, compared.deliveryId));
	if (compared !== undefined && claim === undefined) {
		const { event, deliveryId } = compared;
		return respond(this, provider, delivery, { outcome: 'repeated', event, deliveryId });
	}
	if (compared !== undefined && claim !== undefined) settleWithAnswer(this, claim, compared);
	const response = respond(this, provider, delivery, verdict);
	if (verdict.outcome === 'accepted') {
		response.workflowData = [toItems(verdict, settings, delivery, this, compared !== undefined)];
	}
	return response;
}

/** The raw bytes and what surrounds them. n8n reads the body itself only for the content types it parses. */
async function deliveryOf(context: IWebhookFunctions): Promise<Delivery> {
	const request = context.getRequestObject();
	if (!request.rawBody) {
		try {
			await request.readRawBody();
		} catch {
			// A multipart body was consumed by n8n: there are no bytes to verify, so verification refuses it below.
			context.logger.debug('The raw body of a delivery is not available');
		}
	}
	const delivery: Delivery = {
		body: request.rawBody ?? new Uint8Array(),
		headers: request.headers,
		query: request.query,
	};
	if (request.ip !== undefined) delivery.source = request.ip;
	return delivery;
}

async function receiveSettings(
	context: IWebhookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	delivery: Delivery,
	listening: boolean,
): Promise<ReceiveSettings> {
	return {
		proof: settings.proof,
		secrets: await secretsFor(context, provider, settings, delivery),
		events: settings.events,
		options: settings.options,
		anyEvent: listening,
		acceptUnverified: settings.acceptUnverified,
		allowedSources: sourcesOf(context, settings),
	};
}

/** A list that cannot be read allows nothing. Publishing refuses it, so this is a node that was changed from outside. */
function sourcesOf(context: IWebhookFunctions, { allowedSources }: TriggerSettings): AddressRange[] {
	if (allowedSources === '') return [];
	try {
		return parseRanges(allowedSources);
	} catch (cause) {
		context.logger.warn(`Allowed Sources: ${messageOf(cause)}`);
		return [{ bytes: [], bits: 129 }];
	}
}

/** The secrets that are valid now: of the stored subscriptions, or of the credential of a webhook registered by hand. */
async function secretsFor(
	context: IWebhookFunctions,
	provider: Provider,
	settings: TriggerSettings,
	delivery: Delivery,
): Promise<Secret[]> {
	try {
		if (settings.registration.kind === 'manual') {
			const { webhookSecret, previousWebhookSecret } = await readCredential(context, webhookCredential(provider));
			return [webhookSecret, previousWebhookSecret].map((secret) => ({ value: String(secret ?? '').trim() }));
		}
		const { scheme } = settings.proof;
		const stored = storedSecrets(scheme, storeOf(context).read());
		if (stored.length > 0 || scheme.kind !== 'url-token') return stored;
		// n8n was stopped between subscribing and saving: a derived token can be found again.
		const event = delivery.query[scheme.eventParameter];
		if (typeof event !== 'string' || !settings.events.includes(event)) return [];
		const credentials = await context.getCredentials(apiCredential(provider));
		return [{ value: tokenFor(context, provider, credentials, settings.tokenVersion)(event), events: [event] }];
	} catch (cause) {
		context.logger.warn(`${provider.name}: the secret is not available: ${messageOf(cause)}`);
		return [];
	}
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

/** Unverified deliveries neither look up nor claim: anyone could claim the id of a genuine one with them. */
function isCompared(verdict: Verdict, { skipRepeats }: TriggerSettings, listening: boolean): verdict is Accepted {
	return verdict.outcome === 'accepted' && verdict.verifiedBy !== undefined && skipRepeats && !listening;
}

function respond(
	context: IWebhookFunctions,
	provider: Provider,
	delivery: Delivery,
	verdict: Verdict,
): IWebhookResponseData {
	const { status, body } = answer(verdict);
	log(context, provider, delivery, verdict);
	if (status === 200) return { webhookResponse: body };
	context.getResponseObject().status(status).json(body);
	return { noWebhookResponse: true };
}

function log({ logger }: IWebhookFunctions, provider: Provider, delivery: Delivery, verdict: Verdict): void {
	switch (verdict.outcome) {
		case 'rejected': {
			const proxied = delivery.headers['x-forwarded-for'] !== undefined || delivery.headers.forwarded !== undefined;
			const from =
				verdict.reason === 'source_not_allowed'
					? ` It came from ${delivery.source ?? 'an unknown address'}.` +
						(proxied ? ' It passed a proxy: set N8N_PROXY_HOPS so that n8n sees the address before it.' : '')
					: '';
			logger.warn(`${provider.name}: delivery rejected: ${verdict.reason}.${from}`);
			return;
		}
		case 'ignored':
			if (verdict.reason === 'malformed') logger.warn(`${provider.name}: verified delivery dropped: ${verdict.detail}`);
			else logger.debug(`${provider.name}: delivery ignored: ${verdict.detail}`);
			return;
		case 'repeated':
			logger.debug(`${provider.name}: repeated delivery dropped`);
			return;
		case 'accepted':
			for (const warning of verdict.warnings) logger.warn(`${provider.name}: unexpected delivery: ${warning}`);
	}
}

function toItems(
	verdict: Accepted,
	settings: TriggerSettings,
	delivery: Delivery,
	context: IWebhookFunctions,
	compared: boolean,
): INodeExecutionData[] {
	const about = settings.includeDelivery ? { delivery: describeDelivery(verdict, delivery, context) } : {};
	const ids = compared ? marksOf(verdict) : {};
	return verdict.items.map((json) => ({ json: { ...json, ...about }, ...ids }));
}

/** What the option "Include Delivery" adds to an item. */
function describeDelivery(verdict: Accepted, delivery: Delivery, context: IWebhookFunctions): JsonObject {
	const ids =
		storeOf(context)
			.read()
			?.subscriptions.flatMap(({ id }) => id ?? []) ?? [];
	return {
		id: verdict.deliveryId,
		event: verdict.event ?? null,
		receivedAt: new Date().toISOString(),
		verifiedBy: verdict.verifiedBy ?? null,
		...(ids.length > 0 ? { webhookIds: ids } : {}),
		headers: Object.fromEntries(
			Object.entries(delivery.headers)
				.filter(([name]) => !SECRET_HEADER.test(name))
				.map(([name, value]) => [name, String(value)]),
		),
	};
}

const SECRET_HEADER = /authorization|cookie|signature|hmac|token|secret|api-?key|password/i;
