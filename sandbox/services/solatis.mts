/**
 * Solatis: documents, transcriptions and webhooks at `/solatis/v2`.
 * https://docs.solatis.team/api/webhooks.html, /api/rest-api-reference.html, /api/rate-limiting.html, /developer/api-overview.html
 *
 * Documented: authentication, error envelope, rate-limit headers, creating a webhook (the request), deliveries, the retry
 * schedule, analyze (request and answer), transcribe (request). Assumed, as no page that was read shows it: every answer
 * to a webhook call but the deliveries, listing and deleting webhooks, the body of chat, the shape of the document list.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { defined, isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { BASE_PATHS, accountWith } from '../accounts.mts';
import type { Account } from '../accounts.mts';
import { eventNames, sampleOf } from '../catalogue.mts';
import { freshId, instant } from '../fresh.mts';
import { RateWindow, Refusal, bearerOf, bodyOf, isHttpUrl, partOf, withRecord } from '../service.mts';
import type { ErrorAnswer, Service, World } from '../service.mts';
import type { Subscription } from '../subscriptions.mts';

const ID = 'solatis';
const BASE = BASE_PATHS[ID];
/** The Team plan's requests per minute. */
const RATE_LIMIT = 300;
/** How long an analysis or a transcription takes here. */
const WORK_MS = 300;
const ANALYSES = ['contract_review', 'financial_analysis', 'legal_review'];

interface Records {
	documents: JsonObject[];
	transcriptions: JsonObject[];
}

/** The service. */
export function solatis(world: World): Service {
	const rates = new RateWindow();
	let records = new Map<string, Records>();

	const recordsOf = (account: string): Records => {
		const kept = records.get(account) ?? { documents: firstDocuments(), transcriptions: [] };
		records.set(account, kept);
		return kept;
	};

	const enter = (request: FastifyRequest, reply: FastifyReply): string => {
		const account = callerOf(request);
		const limit = world.faults.behaviour(ID, 'rateLimit');
		const rate = rates.count(account.name, typeof limit === 'number' ? limit : RATE_LIMIT);
		reply.headers(rate.headers);
		if (typeof limit === 'number' && rate.remaining < 0) {
			throw refusal(429, 'rate_limit_exceeded', 'Rate limit exceeded. Try again later.');
		}
		return account.name;
	};

	const webhookOf = (account: string, request: FastifyRequest): Subscription => {
		const webhook = world.subscriptions.find(ID, account, partOf(request, 'id'));
		if (!webhook) throw refusal(404, 'not_found', 'Webhook not found');
		return webhook;
	};

	const webhooks = (app: FastifyInstance) => {
		app.post(`${BASE}/webhooks`, async (request, reply) => {
			const account = enter(request, reply);
			const { url, events, secret } = bodyOf(request);
			for (const [field, value] of Object.entries({ url, events, secret })) {
				if (value === undefined || value === null || value === '') throw missing(field);
			}
			if (!isHttpUrl(url)) throw invalid('url', 'Invalid webhook URL');
			if (!Array.isArray(events) || events.length === 0)
				throw invalid('events', 'events must be a list with at least one event type');
			const unknown = events.find((event) => !eventNames(ID).includes(String(event)));
			if (unknown !== undefined) throw invalid('events', `Unknown event type: ${String(unknown)}`);
			if (typeof secret !== 'string') throw invalid('secret', 'secret must be a string');
			const webhook = world.subscriptions.add({
				...{ id: freshId('wh_'), provider: ID, account, url, secret },
				events: events.map(String),
			});
			reply.code(201);
			const created = shown(webhook);
			const shape = world.faults.behaviour(ID, 'createdShape');
			if (shape === 'data') return { data: created };
			return shape === 'webhook' ? { webhook: created } : created;
		});

		app.get(`${BASE}/webhooks`, async (request, reply) => {
			const account = enter(request, reply);
			return { webhooks: world.subscriptions.of(ID, account).map(shown) };
		});

		app.get(`${BASE}/webhooks/:id`, async (request, reply) => shown(webhookOf(enter(request, reply), request)));

		app.delete(`${BASE}/webhooks/:id`, async (request, reply) => {
			const webhook = webhookOf(enter(request, reply), request);
			world.subscriptions.remove(webhook);
			world.deliveries.abandon(webhook);
			return reply.code(204).send();
		});

		app.get(`${BASE}/webhooks/:id/deliveries`, async (request, reply) => {
			const webhook = webhookOf(enter(request, reply), request);
			return { deliveries: world.deliveries.all.filter((one) => one.subscription === webhook.id).map(shownDelivery) };
		});

		app.get(`${BASE}/webhooks/:id/health`, async (request, reply) => {
			const webhook = webhookOf(enter(request, reply), request);
			return health(world, webhook);
		});
	};

	const documents = (app: FastifyInstance) => {
		app.get(`${BASE}/documents`, async (request, reply) => {
			const account = enter(request, reply);
			return { documents: [...recordsOf(account).documents].reverse() };
		});

		app.post(`${BASE}/documents/analyze`, async (request, reply) => {
			const account = enter(request, reply);
			const { document_url, analysis_type, extract_fields, include_summary, webhook_url } = bodyOf(request);
			if (!document_url) throw missing('document_url');
			if (!isHttpUrl(document_url)) throw invalid('document_url', 'document_url must be a URL');
			if (!analysis_type) throw missing('analysis_type');
			if (!ANALYSES.includes(String(analysis_type)))
				throw invalid('analysis_type', `analysis_type must be one of: ${ANALYSES.join(', ')}`);
			if (extract_fields !== undefined && !Array.isArray(extract_fields))
				throw invalid('extract_fields', 'extract_fields must be a list');
			checkCallback(webhook_url);
			const document: JsonObject = {
				id: freshId('doc_'),
				name: new URL(document_url).pathname.split('/').pop() || 'document',
				document_url,
				analysis_type: String(analysis_type),
				status: 'processing',
				created_at: instant(),
			};
			recordsOf(account).documents.push(document);
			world.later(WORK_MS, () => {
				const data = analysis(document, extract_fields, include_summary !== false);
				Object.assign(document, { status: 'completed', ...data });
				finished(account, 'document.analyzed', data, webhook_url, { id: document.id ?? null });
			});
			reply.code(202);
			return started(document, webhook_url);
		});

		app.post(`${BASE}/documents/:id/chat`, async (request, reply) => {
			const account = enter(request, reply);
			const document = recordsOf(account).documents.find((one) => one.id === partOf(request, 'id'));
			if (!document) throw refusal(404, 'not_found', 'Document not found');
			const message = text(bodyOf(request).message);
			if (!message) throw missing('message');
			return {
				id: freshId('chat_'),
				document_id: document.id,
				status: 'completed',
				created_at: instant(),
				data: { message, answer: `The sandbox has read "${String(document.name)}" and has no opinion on: ${message}` },
			};
		});
	};

	const transcriptions = (app: FastifyInstance) => {
		app.post(`${BASE}/transcribe`, async (request, reply) => {
			const account = enter(request, reply);
			const { audio_url, language, speaker_labels, webhook_url } = bodyOf(request);
			if (!audio_url) throw missing('audio_url');
			if (!isHttpUrl(audio_url)) throw invalid('audio_url', 'audio_url must be a URL');
			if (speaker_labels !== undefined && typeof speaker_labels !== 'boolean') {
				throw invalid('speaker_labels', 'speaker_labels must be true or false');
			}
			checkCallback(webhook_url);
			const transcription: JsonObject = {
				...{ id: freshId('trans_'), status: 'processing', created_at: instant(), audio_url },
				language: text(language) ?? 'en',
			};
			recordsOf(account).transcriptions.push(transcription);
			finished(account, 'transcription.started', { transcription_id: transcription.id ?? null, status: 'processing' });
			world.later(WORK_MS, () => {
				const result: JsonObject = {
					status: 'completed',
					transcript: 'Good morning. Let us begin with the roof plan.',
					speakers: speaker_labels === true ? [{ speaker: 'Speaker 1', segments: [] }] : [],
					duration_seconds: 1800,
					confidence: 0.95,
				};
				Object.assign(transcription, result);
				const data = { transcription_id: transcription.id ?? null, ...result };
				finished(account, 'transcription.completed', data, webhook_url, { id: transcription.id ?? null, ...result });
			});
			reply.code(202);
			return started(transcription, webhook_url);
		});

		app.get(`${BASE}/transcribe/:id`, async (request, reply) => {
			const account = enter(request, reply);
			const found = recordsOf(account).transcriptions.find((one) => one.id === partOf(request, 'id'));
			if (!found) throw refusal(404, 'not_found', 'Transcription not found');
			return found;
		});
	};

	/** Tells the webhooks, and the call's own `webhook_url`, which gets a flat body without an envelope or signature. */
	const finished = (account: string, event: string, data: JsonObject, callbackUrl?: Json, flat: JsonObject = {}) => {
		const payload = { ...envelope(event, sampleOf(ID, event)), data };
		world.raise({ provider: ID, event, payload, account });
		if (typeof callbackUrl === 'string') {
			world.deliveries.callback(
				{ provider: ID, account, url: callbackUrl },
				event,
				JSON.stringify({ ...data, ...flat }),
			);
		}
	};

	return {
		id: ID,
		name: 'Solatis',
		root: '/solatis',
		behaviours: {
			rateLimit: { values: 'number', description: 'calls per minute and account, above which 429 is answered' },
			createdShape: {
				values: ['flat', 'data', 'webhook'],
				description: 'where the answer to creating a webhook carries it: at the top, under "data" or under "webhook"',
			},
		},
		admit: (request) => void callerOf(request),
		routes: (app) => {
			webhooks(app);
			documents(app);
			transcriptions(app);
		},
		reset: () => {
			records = new Map();
			rates.clear();
		},
		compose: (event, sample, data) => withRecord(envelope(event, sample), 'data', data),
		error: (kind, message) => {
			if (kind === 'not_found') return errorAnswer(404, 'not_found', message);
			if (kind === 'malformed_body') return errorAnswer(400, 'invalid_request', message);
			if (typeof kind === 'number') return errorAnswer(kind, codeOf(kind), message);
			return errorAnswer(500, 'internal_error', message);
		},
	};
}

function envelope(event: string, sample: Json | undefined): JsonObject {
	const base = isObject(sample) ? structuredClone(sample) : { data: {} };
	return { ...base, id: freshId('evt_'), event, created_at: instant() };
}

function firstDocuments(): JsonObject[] {
	return ['Service agreement', 'Lease', 'Balance sheet 2025'].map((name, index) => ({
		id: `doc_first${index + 1}`,
		name,
		status: 'completed',
		created_at: `2026-01-0${index + 1}T09:00:00Z`,
	}));
}

function analysis(document: JsonObject, fields: Json | undefined, summary: boolean): JsonObject {
	const names = Array.isArray(fields) ? fields.map(String) : ['parties', 'start_date'];
	return defined({
		document_id: document.id ?? null,
		status: 'completed',
		summary: summary ? `A summary of "${String(document.name)}", made up by the sandbox.` : undefined,
		extracted_fields: Object.fromEntries(names.map((name) => [name, `made up: ${name}`])),
		confidence: 0.92,
	});
}

function started(record: JsonObject, callbackUrl: Json | undefined): JsonObject {
	return defined({
		id: record.id,
		status: 'processing',
		created_at: record.created_at,
		estimated_completion: new Date(Date.now() + WORK_MS).toISOString(),
		webhook_url: callbackUrl,
	});
}

/** A webhook as its API shows it: never the secret. */
function shown(webhook: Subscription): JsonObject {
	return {
		id: webhook.id,
		url: webhook.url,
		events: webhook.events,
		status: webhook.active ? 'active' : 'disabled',
		created_at: webhook.createdAt,
	};
}

function shownDelivery(delivery: World['deliveries']['all'][number]): JsonObject {
	const last = delivery.attempts.at(-1);
	const common = { id: delivery.id, event: delivery.event };
	if (!last) return { ...common, status: 'pending' };
	const delivered = delivery.state === 'delivered';
	return defined({
		...common,
		status: delivered ? 'success' : 'failed',
		status_code: last.status,
		delivered_at: delivered ? last.at : undefined,
		response_time_ms: delivered ? last.ms : undefined,
		error: delivered ? undefined : failureText(last),
		retry_count: delivered ? undefined : delivery.attempts.length - 1,
		next_retry_at: delivery.nextRetryAt,
	});
}

/** Why an attempt failed, in the words of the documentation's sample: "Internal server error" for a 500. */
function failureText({ status, error }: { status?: number; error?: string }): string | undefined {
	const words = status === undefined ? undefined : STATUS_CODES[status];
	return words === undefined ? error : words.charAt(0) + words.slice(1).toLowerCase();
}

function health(world: World, webhook: Subscription): JsonObject {
	const tried = world.deliveries.all.filter((one) => one.subscription === webhook.id && one.attempts.length > 0);
	const good = tried.filter((one) => one.state === 'delivered');
	const last = tried.at(-1);
	const attempts = tried.flatMap((one) => one.attempts).sort((a, b) => a.at.localeCompare(b.at));
	const failures = attempts.length - 1 - attempts.findLastIndex((attempt) => attempt.error === undefined);
	return defined({
		webhook_id: webhook.id,
		url: webhook.url,
		status: webhook.active ? (failures > 0 ? 'failing' : 'healthy') : 'disabled',
		enabled: webhook.active,
		consecutive_failures: failures,
		total_deliveries: tried.length,
		success_rate: tried.length === 0 ? 1 : good.length / tried.length,
		last_delivery_at: last?.attempts.at(-1)?.at,
		last_error: failures > 0 ? failureText(attempts.at(-1) ?? {}) : undefined,
		disabled_at: webhook.disabledAt,
		disabled_reason: webhook.disabledReason,
	});
}

function callerOf(request: FastifyRequest): Account {
	const key = bearerOf(request);
	if (key === undefined) throw refusal(401, 'missing_authorization', 'Missing Authorization header');
	const account = accountWith(ID, 'apiKey', key);
	if (!account) throw refusal(401, 'invalid_api_key', 'The API key is invalid or has been revoked');
	return account;
}

function checkCallback(url: Json | undefined): void {
	if (url !== undefined && !isHttpUrl(url)) throw invalid('webhook_url', 'webhook_url must be a URL');
}

function missing(field: string): Refusal {
	return refusal(400, 'invalid_request', `Missing required field: ${field}`, { field, type: 'required' });
}

function invalid(field: string, message: string): Refusal {
	return refusal(400, 'invalid_request', message, { field, type: 'invalid' });
}

function refusal(status: number, code: string, message: string, details?: JsonObject): Refusal {
	const answer = errorAnswer(status, code, message, details);
	return new Refusal(answer.status, answer.body);
}

function errorAnswer(status: number, code: string, message: string, details?: JsonObject): ErrorAnswer {
	return { status, body: { error: defined({ code, message, details, request_id: freshId('req_') }) } };
}

function codeOf(status: number): string {
	if (status === 401) return 'invalid_api_key';
	if (status === 403) return 'insufficient_permissions';
	if (status === 404) return 'not_found';
	if (status === 429) return 'rate_limit_exceeded';
	return status < 500 ? 'invalid_request' : 'internal_error';
}
