/** A delivery in n8n: from the request to workflow items, with two lines of defence against repeats. */
import { randomBytes } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { parseRanges, type AddressRange } from '../../core/address.ts';
import { without } from '../../core/json.ts';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject, Provider } from '../../core/provider.ts';
import { storedSecrets } from '../../core/subscription.ts';
import { answer, receive, type Accepted, type ReceiveSettings, type Verdict } from '../../core/receive.ts';
import { Batches, Claims, Recent, type Claim } from '../../core/repeats.ts';
import type { Delivery, Secret } from '../../core/signature.ts';
import { apiCredential, webhookCredential } from './credentials.ts';
import { readSettings, storeOf, tokenFor, type TriggerSettings } from './settings.ts';

/** First line: what this process has handed on within the last minutes. A quick retry costs no execution. */
const claims = new Claims({ max: 10_000, ttl: 5 * 60_000 });

/**
 * Second line: how many delivery ids n8n's database keeps for a trigger node. It is one row that is read and written for each
 * event; when more events than this come in between, a late retry of an old one can pass.
 */
const REMEMBERED_DELIVERIES = 2_000;

/** Two entries for a delivery. */
const LIST = { mode: 'entries', maxEntries: 2 * REMEMBERED_DELIVERIES } as const;

/**
 * n8n reads and writes that row without a lock and at some cost: within this process one after the other, and those executions
 * together that come to it meanwhile.
 */
const handingOn = new Batches({ patience: 10_000, work: areFirst });

/**
 * What this process has handed on last. With several workers one's write can undo another's, so each writes its last ones again
 * with the next. Two entries for a delivery.
 */
const handedOn = new Recent({ each: 2 * 64, keys: 1_000 });

/**
 * A service closed the connection before n8n answered: it did not want to wait longer. Its event may still be on its way through a
 * busy n8n, so a repeat waits so many milliseconds for the execution to run before it takes over.
 */
const UNANSWERED_MS = 20_000;

/**
 * The keys beside `json` under which travel from `webhook()` to `execute()`: the delivery id, and an id of this one receipt of it,
 * where the second line is to remember it. They never reach the next node.
 */
const DELIVERY_ID = 'hooklineDeliveryId';
const RECEIPT = 'hooklineReceipt';

/** Handles one delivery. Every branch answers; nothing that came in stands in an answer or the log. */
export async function receiveWebhook(this: IWebhookFunctions, provider: Provider): Promise<IWebhookResponseData> {
	const settings = readSettings(this, provider);
	const delivery = await deliveryOf(this);
	const listening = this.getMode() === 'manual';
	const verdict = receive(provider, delivery, await receiveSettings(this, provider, settings, delivery, listening));

	const compared = isCompared(verdict, settings, listening) ? verdict : undefined;
	const claim = compared && (await claims.claim(repeatKey(this, compared.deliveryId)));
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

/**
 * Second line against repeats: hands on what `webhook()` made, unless n8n's database says that this delivery was handed on
 * before. That holds across restarts, webhook processors and workers. It fails open: an event is never lost to its own bookkeeping.
 *
 * An execution that runs again (n8n or a person takes up one that was interrupted) passes when it was this receipt that was handed
 * on, or none was. When n8n was killed before it answered, the service sent the event again, and another execution may have done so.
 */
export async function passOnce(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const input = this.getInputData();
	const items = input.map((item) => without(without(item, DELIVERY_ID), RECEIPT) as INodeExecutionData);
	const deliveryId = input[0]?.[DELIVERY_ID];
	const mode = this.getMode();
	// A test run must pass.
	if (typeof deliveryId !== 'string' || (mode !== 'webhook' && mode !== 'retry')) return [items];
	const receipt = input[0]?.[RECEIPT];
	if (typeof receipt === 'string') {
		const pair = [deliveryId, `${deliveryId}#${receipt}`] as const;
		if (!(await handingOn.run(nodeKey(this), { context: this, pair }))) return [[]];
	}
	claims.confirm(repeatKey(this, deliveryId));
	return [items];
}

/** A delivery that has come to its execution. */
interface Arrival {
	context: IExecuteFunctions;
	/** The delivery id, and the id of this receipt of it. */
	pair: readonly [id: string, own: string];
}

/** Of each: whether no other receipt of its delivery was handed on before. Records them. */
async function areFirst(key: string, arrivals: readonly Arrival[]): Promise<boolean[]> {
	const { context } = arrivals[0]!;
	const pairs = arrivals.map(({ pair }) => pair);
	// All at once: if n8n is killed right after, the next run finds either none of a pair or both.
	const known = new Set(await recorded(context, handedOn.of(key), pairs.flat()));
	const passed = new Set<string>();
	const verdicts = pairs.map((pair) => {
		const [id, own] = pair;
		if (passed.has(id) || (known.has(id) && !known.has(own))) return false;
		for (const one of pair) passed.add(one);
		handedOn.add(key, pair);
		return true;
	});
	await forget(
		context,
		pairs.flatMap(([, own], index) => (verdicts[index] || passed.has(own) ? [] : [own])),
	);
	return verdicts;
}

/**
 * Takes receipts that were not handed on off the list, which recorded them when it was asked: one whose execution n8n shows as
 * crashed would else pass when a person retries it.
 */
async function forget({ helpers, logger }: IExecuteFunctions, receipts: readonly string[]): Promise<void> {
	if (receipts.length === 0) return;
	try {
		await helpers.removeProcessed([...receipts], 'node', LIST);
	} catch (cause) {
		logger.debug(`The list of handed-on deliveries keeps a repeat: ${messageOf(cause)}`);
	}
}

/** Records these ids, and again those before them. Returns what was known; when the database fails, what this process knows. */
async function recorded(
	{ helpers, logger }: IExecuteFunctions,
	before: readonly string[],
	ids: readonly string[],
): Promise<readonly string[]> {
	const record = async () => {
		const all = [...new Set([...before, ...ids])];
		const { processed } = await helpers.checkProcessedAndRecord(all, 'node', LIST);
		return [...before, ...processed.map(String)];
	};
	try {
		return await record();
	} catch {
		// Two workers that record their first event at once collide on the new row; the second time it is there.
		logger.debug('The list of handed-on deliveries could not be used; trying once more');
	}
	try {
		return await record();
	} catch (cause) {
		logger.warn(
			`The list of handed-on deliveries could not be used, only the memory of this process: ${messageOf(cause)}`,
		);
		return before;
	}
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

/** Who receives: the workflow and its node. */
function nodeKey(context: IWebhookFunctions | IExecuteFunctions): string {
	return `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
}

function repeatKey(context: IWebhookFunctions | IExecuteFunctions, deliveryId: string): string {
	return `${nodeKey(context)}:${deliveryId}`;
}

/**
 * n8n answers after it has stored or queued the execution, so the answer's status tells whether the event is safe. Where the
 * connection was closed before, the second line decides; for what can look alike there is none, but the execution itself confirms
 * the claim when it runs in this process.
 */
function settleWithAnswer(context: IWebhookFunctions, claim: Claim, { lookAlike }: Accepted): void {
	const response = context.getResponseObject();
	const unanswered = () => {
		if (response.writableFinished) return;
		if (lookAlike) AbortSignal.timeout(UNANSWERED_MS).addEventListener('abort', () => claim.drop());
		else claim.drop();
	};
	response.once('finish', () =>
		response.statusCode >= 200 && response.statusCode < 300 ? claim.done() : claim.drop(),
	);
	response.once('close', unanswered);
	if (response.closed) unanswered();
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
	const receipt = verdict.lookAlike ? {} : { [RECEIPT]: randomBytes(8).toString('hex') };
	const ids = compared ? { [DELIVERY_ID]: verdict.deliveryId, ...receipt } : {};
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
