/** A delivery in n8n: from the request to workflow items. */
import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { parseRanges, type AddressRange } from '../../core/address.ts';
import { messageOf } from '../../core/errors.ts';
import { occurrenceKey } from '../../core/history.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject, Provider, Scheme } from '../../core/provider.ts';
import {
	answer,
	receive,
	type Accepted,
	type ReceiveSettings,
	type RejectedReason,
	type Verdict,
} from '../../core/receive.ts';
import { signsUrl, type Delivery } from '../../core/signature.ts';
import { remembered } from './remembered.ts';
import { claimOf, marksOf, settleWithAnswer } from './repeats.ts';
import { challengeTokensFor, secretsFor, secretsToTryAgain } from './secrets.ts';
import { modeOf, ownerOf, readSettings, storeOf, type TriggerSettings } from './settings.ts';

/** Handles one delivery. Every branch answers; nothing that came in appears in an answer or the log. */
export async function receiveWebhook(this: IWebhookFunctions, provider: Provider): Promise<IWebhookResponseData> {
	const settings = readSettings(this, provider);
	const delivery = await deliveryOf(this, settings.proof.scheme);
	const listening = this.getMode() === 'manual';
	const receiving = await receiveSettings(this, provider, settings, delivery, listening);
	if (delivery.method === 'GET') receiving.challengeTokens = await challengeTokensFor(this, provider, settings);
	let verdict = receive(provider, delivery, receiving);
	if (verdict.outcome === 'rejected') {
		const tried = { verdict, tried: receiving.secrets };
		const secrets = await secretsToTryAgain(this, provider, settings, delivery, tried);
		if (secrets.length > 0) verdict = receive(provider, delivery, { ...receiving, secrets });
		if (verdict.outcome === 'rejected') noteRejected(this, verdict.reason);
	}

	const compared = isCompared(verdict, settings, listening) ? verdict : undefined;
	const claim = compared && (await claimOf(this, compared.deliveryId));
	if (compared !== undefined && claim === undefined) {
		const { event, deliveryId } = compared;
		return respond(this, provider, delivery, { outcome: 'repeated', event, deliveryId });
	}
	if (compared !== undefined && claim !== undefined) settleWithAnswer(this, claim, compared);
	const response = respond(this, provider, delivery, verdict);
	if (verdict.outcome === 'accepted') {
		response.workflowData = [toItems(provider, verdict, settings, delivery, this, compared !== undefined)];
	}
	return response;
}

/** Counts it for the next tick, which tells the person. */
function noteRejected(context: IWebhookFunctions, reason: RejectedReason): void {
	const { rejected } = remembered(ownerOf(context), modeOf(context));
	rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
}

/** The raw bytes and what surrounds them. n8n reads the body itself only for the content types it parses. */
async function deliveryOf(context: IWebhookFunctions, scheme: Scheme): Promise<Delivery> {
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
		method: request.method,
	};
	if (signsUrl(scheme)) delivery.url = urlOf(context, request.originalUrl);
	if (request.ip !== undefined) delivery.source = request.ip;
	return delivery;
}

/** The URL as the service calls it: n8n knows the address that it has from outside, the request knows the query string. */
function urlOf(context: IWebhookFunctions, asked: string): string | undefined {
	const url = context.getNodeWebhookUrl('default');
	const query = asked.indexOf('?');
	return url === undefined || query < 0 ? url : url + asked.slice(query);
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
	if (verdict.outcome === 'challenged') return answerChallenge(context, body);
	if (status === 200) return { webhookResponse: body };
	context.getResponseObject().status(status).json(body);
	return { noWebhookResponse: true };
}

/** What a challenge asked for, as it is: text stays text, and no browser may take it for a page. */
function answerChallenge(context: IWebhookFunctions, answer: unknown): IWebhookResponseData {
	const response = context.getResponseObject().status(200).set('X-Content-Type-Options', 'nosniff');
	if (typeof answer === 'string') response.type('text/plain').send(answer);
	else response.json(answer);
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
		case 'challenged':
			logger.info(`${provider.name}: confirmed the webhook URL`);
			return;
		case 'repeated':
			logger.debug(`${provider.name}: repeated delivery dropped`);
			return;
		case 'accepted':
			for (const warning of verdict.warnings) logger.warn(`${provider.name}: unexpected delivery: ${warning}`);
	}
}

function toItems(
	provider: Provider,
	verdict: Accepted,
	settings: TriggerSettings,
	delivery: Delivery,
	context: IWebhookFunctions,
	compared: boolean,
): INodeExecutionData[] {
	const about = settings.includeDelivery ? { delivery: describeDelivery(verdict, delivery, context) } : {};
	const occurrence = isObject(verdict.payload) ? occurrenceKey(provider, verdict.event, verdict.payload) : undefined;
	const ids = compared ? marksOf(verdict, occurrence) : {};
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
