/**
 * Solid# (SolidNumber): contacts, deals, tasks, messages, orders, payment links, products and inventory at `/solid-number`.
 * https://solidnumber.com/docs/webhooks, /docs/api, /docs/authentication; the vendor's command line (solid-cli) for the rest
 *
 * Documented: Bearer keys, rate-limit headers, paging, the 422 envelope, the first calls of contacts, deals, SMS and chat, the
 * envelope of events and their list, retries after 5 min, 30 min and 2 h, never switched off. Seen in the vendor's client:
 * the other paths, the other error envelopes, `/developer/webhooks`. Assumed: which call raises which event and with what
 * data, which error comes in which envelope, the states of an order. Only what `contracts/` declares is read of a call.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { defined, isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { BASE_PATHS, accountWith } from '../accounts.mts';
import { eventNames, sampleOf } from '../catalogue.mts';
import { freshId, instant, merge } from '../fresh.mts';
import { RateWindow, Refusal, bearerOf, bodyOf, isHttpUrl, pageOf, partOf, withRecord } from '../service.mts';
import type { Service, World } from '../service.mts';
import type { Subscription } from '../subscriptions.mts';
import { contacts, messages, work } from './solid-number-crm.mts';
import { firstRecords, newRecord } from './solid-number-records.mts';
import type { Kept, Records } from './solid-number-records.mts';
import { inventory, orders, paymentLinks, products } from './solid-number-sales.mts';
import { ID, MAX_PAGE, toolsOf } from './solid-number-tools.mts';
import type { Call, On } from './solid-number-tools.mts';

const BASE = BASE_PATHS[ID];
/** The Professional plan's requests per minute. */
const RATE_LIMIT = 300;
/** Some of those that the vendor's clients name. */
const SCOPES = ['contacts:read', 'contacts:write', 'kb:read', 'pages:read'];

/** The service. */
export function solidNumber(world: World): Service {
	const rates = new RateWindow();
	const tools = toolsOf(world);
	const { errorAnswer, invalid, named, page, refuse, required } = tools;
	let records = new Map<string, Records>();

	const recordsOf = (account: string): Records => {
		const kept = records.get(account) ?? firstRecords();
		records.set(account, kept);
		return kept;
	};

	/** The account of a key: a demo key, or one made through the API. */
	const accountOf = (key: string | undefined): string | undefined => {
		const made = [...records].find(([, kept]) => kept.keys.some((one) => one.api_key === key));
		return accountWith(ID, 'apiKey', key)?.name ?? made?.[0];
	};

	/** The account of whoever calls. Refuses a key that it does not know. */
	const admitted = (request: FastifyRequest): string => {
		const account = accountOf(bearerOf(request));
		if (account === undefined) throw refuse(401, 'auth.invalid_token', 'Invalid or missing API key');
		return account;
	};

	const enter = (request: FastifyRequest, reply: FastifyReply): string => {
		reply.header('x-request-id', freshId('req_'));
		const account = admitted(request);
		const limit = world.faults.behaviour(ID, 'rateLimit');
		const rate = rates.count(account, typeof limit === 'number' ? limit : RATE_LIMIT);
		reply.headers(rate.headers);
		if (typeof limit === 'number' && rate.remaining < 0) {
			const seconds = Math.max(1, rate.resetsAt - Math.floor(Date.now() / 1000));
			const { status, body } = errorAnswer(429, 'rate_limited', 'Rate limit exceeded');
			throw new Refusal(status, body, { 'retry-after': String(seconds) });
		}
		return account;
	};

	// ----------------------------------------------------------------------------------- webhooks and the rest

	/** Seen in the vendor's own command line, and documented nowhere. */
	const webhooks = (on: On) => {
		const path = '/api/v1/developer/webhooks';
		const webhookOf = ({ account, request }: Call): Subscription => {
			const found = world.subscriptions.find(ID, account, partOf(request, 'id'));
			if (!found) throw refuse(404, 'not_found', 'Webhook not found');
			return found;
		};
		on('GET', path, ({ account, request }) => {
			const { items, ...rest } = pageOf(world.subscriptions.of(ID, account), request, 50, MAX_PAGE);
			return { webhooks: items.map(shownWebhook), ...rest };
		});
		on('POST', path, ({ account, body, reply }) => {
			required(body, 'url', 'events');
			if (!isHttpUrl(body.url)) throw invalid('url', "Field 'url' must be a URL");
			const { events } = body;
			if (!Array.isArray(events)) throw invalid('events', "Field 'events' must be a list");
			const unknown = events.find((event) => !eventNames(ID).includes(String(event)));
			if (unknown !== undefined) throw invalid('events', `Unknown event type '${String(unknown)}'`, 'unknown_event');
			const webhook = world.subscriptions.add({
				...{ id: freshId('wh_'), provider: ID, account, url: body.url, events: events.map(String) },
				...{ title: text(body.name) ?? '', secret: freshId('solid_') + freshId('') },
			});
			reply.code(201);
			const withheld = world.faults.behaviour(ID, 'withholdSecret') === true;
			return { ...shownWebhook(webhook), ...(withheld ? {} : { secret: webhook.secret ?? '' }) };
		});
		on('DELETE', `${path}/:id`, (call) => {
			const webhook = webhookOf(call);
			world.subscriptions.remove(webhook);
			world.deliveries.abandon(webhook);
			return { id: webhook.id, deleted: true };
		});
		on('POST', `${path}/:id/test`, async (call) => {
			const subscription = webhookOf(call);
			const event = text(call.body.event_type) ?? 'webhook.test';
			const payload = compose(event, sampleOf(ID, event), call.body.custom_data);
			const body = JSON.stringify(payload);
			const delivery = await world.deliveries.sendAndWait({
				subscription,
				event,
				body,
				contentType: 'application/json',
			});
			const [first] = delivery.attempts;
			return defined({
				delivery_status: delivery.state === 'delivered' ? 'delivered' : 'failed',
				response_code: first?.status,
				latency_ms: first?.ms,
			});
		});
	};

	const meta = (on: On) => {
		on('GET', '/api/v1/auth/me', ({ account }) => ({ company_id: Number(account), email: 'demo@example.com' }));
		on('GET', '/api/v1/health', () => ({ status: 'ok' }));
		on('GET', '/api/v1/cli/api-keys/', ({ request, records: kept }) => {
			const shown = kept.keys.map(({ api_key: _key, ...rest }): Kept => rest);
			const { items, total } = page(shown, request);
			return { api_keys: items, count: total, available_scopes: SCOPES };
		});
		on('POST', '/api/v1/cli/api-keys/', ({ records: kept, body, reply }) => {
			required(body, 'name', 'scopes');
			const key = freshId('sandbox-key-');
			const told = { name: body.name ?? '', key_prefix: key.slice(0, 14), scopes: body.scopes ?? [], is_active: true };
			const record = newRecord({ ...told, last_used_at: null, api_key: key });
			kept.keys.push(record);
			reply.code(201);
			const { id, name = '', key_prefix = '', scopes = [] } = record;
			return { status: 'created', key, warning: 'It is shown once.', api_key: { id, name, key_prefix, scopes } };
		});
		on('DELETE', '/api/v1/cli/api-keys/:id', ({ request, records: kept }) => {
			const key = named(kept.keys, 'API key', partOf(request, 'id'));
			kept.keys = kept.keys.filter((one) => one !== key);
			return { status: 'deleted', id: key.id };
		});
	};

	return {
		id: ID,
		name: 'Solid#',
		root: '/solid-number',
		behaviours: {
			rateLimit: { values: 'number', description: 'calls per minute and account, above which 429 is answered' },
			errorShape: { values: ['documented', 'sdk', 'fastapi'], description: 'the envelope of every error' },
			withholdSecret: { values: 'boolean', description: 'creating a webhook answers without its secret' },
		},
		admit: (request) => void admitted(request),
		routes: (app: FastifyInstance) => {
			const on: On = (method, path, handler) => {
				app.route({
					method,
					url: BASE + path,
					handler: async (request, reply) => {
						const account = enter(request, reply);
						const raise: Call['raise'] = (event, data, metadata = {}) => {
							const payload = {
								event_type: event,
								company_id: Number(account),
								timestamp: instant(),
								data: merge(data, {}),
								metadata,
							};
							world.raise({ provider: ID, event, payload, account });
						};
						return handler({ account, request, reply, records: recordsOf(account), body: bodyOf(request), raise });
					},
				});
			};
			const parts = [contacts, work, messages, orders, paymentLinks, products, inventory, webhooks, meta];
			for (const part of parts) part(on, tools);
		},
		reset: () => {
			records = new Map();
			rates.clear();
		},
		compose,
		error: (kind, message) => {
			if (kind === 'not_found') return errorAnswer(404, 'not_found', 'Not Found');
			if (kind === 'malformed_body')
				return errorAnswer(422, 'validation_error', message, [{ field: 'body', error: 'json_invalid' }]);
			const status = typeof kind === 'number' ? kind : 500;
			return errorAnswer(
				status,
				status === 401 ? 'auth.invalid_token' : status === 429 ? 'rate_limited' : 'error',
				message,
			);
		},
	};
}

/** The sample with a time stamp of its own, and the caller's values merged over `data`. */
function compose(event: string, sample: Json | undefined, data: Json | undefined): Json {
	const base = isObject(sample) ? structuredClone(sample) : { company_id: 1, data: {}, metadata: {} };
	const fresh: JsonObject = { ...base, event_type: event, timestamp: instant() };
	if (text(fresh.id) !== undefined) fresh.id = freshId('evt_');
	return withRecord(fresh, 'data', data);
}

function shownWebhook({ id, title, url, events, active }: Subscription): JsonObject {
	return { id, name: title, url, events, is_active: active };
}
