/**
 * Solid# (SolidNumber): contacts, deals, tasks, messages, orders, payment links, products and inventory at `/solid-number`.
 * https://solidnumber.com/docs/webhooks, /docs/api, /docs/authentication; the vendor's command line (solid-cli) for the rest
 *
 * Documented: Bearer keys, rate-limit headers, paging, the 422 envelope, the first calls of contacts, deals, SMS and chat, the
 * envelope of events and their list, retries after 5 min, 30 min and 2 h, never switched off. Seen in the vendor's client:
 * the other paths, the other two error envelopes, `/developer/webhooks`. Assumed: which call raises which event and with
 * what data, which error comes in which envelope, the states of an order.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { defined, isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { BASE_PATHS, accountWith } from '../accounts.mts';
import { eventNames, sampleOf } from '../catalogue.mts';
import { freshId, freshNumber, instant, merge } from '../fresh.mts';
import { RateWindow, Refusal, bearerOf, bodyOf, isHttpUrl, pageOf, partOf, queryOf, withRecord } from '../service.mts';
import type { ErrorAnswer, Service, World } from '../service.mts';
import type { Subscription } from '../subscriptions.mts';
import { firstRecords, newRecord } from './solid-number-records.mts';
import type { Kept, Records } from './solid-number-records.mts';

const ID = 'solid-number';
const BASE = BASE_PATHS[ID];
/** The Professional plan's requests per minute. */
const RATE_LIMIT = 300;
const MAX_PAGE = 200;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface Call {
	account: string;
	request: FastifyRequest;
	reply: FastifyReply;
	records: Records;
	body: JsonObject;
	/** Raises an event about this account. */
	raise: (event: string, data: JsonObject, metadata?: JsonObject) => void;
}

type Handler = (call: Call) => Json | Promise<Json>;

/** The service. */
export function solidNumber(world: World): Service {
	const rates = new RateWindow();
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

	const enter = (request: FastifyRequest, reply: FastifyReply): string => {
		reply.header('x-request-id', freshId('req_'));
		const account = accountOf(bearerOf(request));
		if (account === undefined) throw refuse(401, 'auth.invalid_token', 'Invalid or missing API key');
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

	/** The three shapes an error can have: all three occur by themselves, and one can be forced. */
	const errorAnswer = (status: number, code: string, message: string, details: JsonObject[] = []): ErrorAnswer => {
		const natural =
			status === 422 || status === 429 ? 'documented' : status === 401 || status === 403 ? 'sdk' : 'fastapi';
		const shape = world.faults.behaviour(ID, 'errorShape') ?? natural;
		if (shape === 'documented') return { status, body: { code, message, details } };
		if (shape === 'sdk')
			return { status, body: { error: { code, message, details: {}, request_id: freshId('req_') } } };
		const list = details.map((one) => ({
			loc: ['body', one.field ?? ''],
			msg: message,
			type: one.error ?? 'value_error',
		}));
		return { status, body: { detail: list.length > 0 ? list : message } };
	};
	const refuse = (status: number, code: string, message: string, details?: JsonObject[]): Refusal => {
		const answer = errorAnswer(status, code, message, details);
		return new Refusal(answer.status, answer.body);
	};
	const invalid = (field: string, message: string, error = 'invalid') =>
		refuse(422, 'validation_error', message, [{ field, error }]);
	const required = (body: JsonObject, ...fields: string[]) => {
		for (const field of fields) {
			const value = body[field];
			if (value === undefined || value === null || value === '')
				throw invalid(field, `Field '${field}' is required`, 'required');
		}
	};

	/** The record that the path names. */
	const named = <K extends Kept>(all: K[], what: string, id: string): K => {
		const found = all.find((one) => String(one.id) === id);
		if (!found) throw refuse(404, 'not_found', `${what} not found`);
		return found;
	};
	const contactOf = (kept: Records, id: Json | undefined): Kept => named(kept.contacts, 'Contact', text(id) ?? '');

	/** A documented page. `page_size` is what the vendor's client sends instead of `limit`. */
	const page = (all: readonly Kept[], request: FastifyRequest, ...filters: string[]): Json => {
		const asked = queryOf(request, 'limit') ?? queryOf(request, 'page_size') ?? '50';
		if (!/^\d+$/.test(asked) || Number(asked) < 1 || Number(asked) > MAX_PAGE) {
			throw invalid('limit', `Field 'limit' must be between 1 and ${MAX_PAGE}`, 'out_of_range');
		}
		const search = queryOf(request, 'search')?.toLowerCase();
		const found = all.filter((one) => {
			if (search !== undefined && !JSON.stringify(Object.values(one)).toLowerCase().includes(search)) return false;
			return filters.every((name) => {
				const wanted = queryOf(request, name);
				return wanted === undefined || String(one[name]) === wanted;
			});
		});
		return pageOf(found, request, Number(asked), MAX_PAGE);
	};

	const change = (record: Kept, body: JsonObject): Kept => {
		const { id: _id, created_at: _at, ...changes } = body;
		return Object.assign(record, changes, { updated_at: instant() });
	};

	// ---------------------------------------------------------------------------------------------------- CRM

	const checkContact = (body: JsonObject) => {
		const email = body.email;
		if (email !== undefined && email !== '' && !/^\S+@\S+$/.test(String(email))) {
			throw invalid('email', "Field 'email' must be a valid e-mail address");
		}
	};
	const createContact: Handler = ({ records: kept, body, raise, reply }) => {
		if (!text(body.first_name) && !text(body.last_name) && !text(body.email)) {
			throw invalid('first_name', "Field 'first_name' is required", 'required');
		}
		checkContact(body);
		const contact = newRecord({ status: 'active', source: 'api', contact_type: 'lead', ...body });
		kept.contacts.push(contact);
		raise('crm.contact.created', contact);
		reply.code(201);
		return contact;
	};
	const updateContact: Handler = ({ request, records: kept, body, raise }) => {
		const contact = contactOf(kept, partOf(request, 'id'));
		checkContact(body);
		change(contact, body);
		raise('crm.contact.updated', contact);
		return contact;
	};

	const checkMoney = (body: JsonObject) => {
		const { amount, value } = body;
		if (amount !== undefined && !(Number.isInteger(amount) && Number(amount) > 0)) {
			throw invalid('amount', "Field 'amount' must be a positive integer (cents)", 'must_be_positive');
		}
		if (value !== undefined && !(typeof value === 'number' && value >= 0))
			throw invalid('value', "Field 'value' must be a number");
	};
	const createDeal: Handler = ({ records: kept, body, raise, reply }) => {
		required(body, 'title');
		checkMoney(body);
		const contact = body.contact_id === undefined ? undefined : contactOf(kept, body.contact_id);
		const contactName = contact ? `${text(contact.first_name) ?? ''} ${text(contact.last_name) ?? ''}`.trim() : null;
		const deal = newRecord({ stage: 'New', ...body, contact_name: contactName, closed_at: null, outcome: null });
		kept.deals.push(deal);
		raise('crm.deal.created', deal);
		reply.code(201);
		return deal;
	};
	const updateDeal: Handler = ({ request, records: kept, body, raise }) => {
		const deal = named(kept.deals, 'Deal', partOf(request, 'id'));
		checkMoney(body);
		const before = deal.stage ?? null;
		change(deal, body);
		if (body.stage !== undefined && body.stage !== before)
			raise('crm.deal.stage_changed', { ...deal, previous_stage: before });
		return deal;
	};
	const closeDeal: Handler = ({ request, records: kept, body, raise }) => {
		const deal = named(kept.deals, 'Deal', partOf(request, 'id'));
		if (body.outcome !== 'won' && body.outcome !== 'lost')
			throw invalid('outcome', "Field 'outcome' must be 'won' or 'lost'");
		change(deal, { outcome: body.outcome, closed_at: instant() });
		raise('crm.deal.closed', deal);
		return deal;
	};

	const createTask: Handler = ({ records: kept, body, reply }) => {
		required(body, 'title');
		const priority = body.priority ?? 'medium';
		if (!['low', 'medium', 'high'].includes(String(priority)))
			throw invalid('priority', "Field 'priority' must be low, medium or high");
		if (body.contact_id !== undefined) contactOf(kept, body.contact_id);
		const task = newRecord({ status: 'open', ...body, priority });
		kept.tasks.push(task);
		reply.code(201);
		return task;
	};
	const listTasks: Handler = ({ request, records: kept }) => {
		const now = instant();
		const overdue = queryOf(request, 'overdue') === 'true';
		const tasks = kept.tasks.filter(
			(task) => !overdue || (task.status === 'open' && String(task.due_date ?? '9999') < now),
		);
		return page(tasks, request, 'status', 'priority');
	};

	const crm = (on: On) => {
		on('GET', '/api/v1/crm/contacts', ({ request, records: kept }) =>
			page(kept.contacts, request, 'status', 'source', 'contact_type'),
		);
		on('POST', '/api/v1/crm/contacts', createContact);
		on('GET', '/api/v1/crm/contacts/search/typeahead', ({ request, records: kept }) => {
			const wanted = (queryOf(request, 'q') ?? '').toLowerCase();
			return kept.contacts.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted)).slice(0, 10);
		});
		on('GET', '/api/v1/crm/contacts/:id', ({ request, records: kept }) => contactOf(kept, partOf(request, 'id')));
		on('PATCH', '/api/v1/crm/contacts/:id', updateContact);
		on('GET', '/api/v1/crm/contacts/:id/timeline', ({ request, records: kept }) => {
			const contact = contactOf(kept, partOf(request, 'id'));
			const about = [...kept.deals, ...kept.tasks, ...kept.emails].filter((one) => one.contact_id === contact.id);
			return page(about, request);
		});
		on('GET', '/api/v1/crm/deals', ({ request, records: kept }) => page(kept.deals, request, 'stage'));
		on('POST', '/api/v1/crm/deals', createDeal);
		on('GET', '/api/v1/crm/deals/:id', ({ request, records: kept }) =>
			named(kept.deals, 'Deal', partOf(request, 'id')),
		);
		on('PATCH', '/api/v1/crm/deals/:id', updateDeal);
		on('POST', '/api/v1/crm/deals/:id/close', closeDeal);
		on('GET', '/api/v1/crm/tasks', listTasks);
		on('POST', '/api/v1/crm/tasks', createTask);
		on('PATCH', '/api/v1/crm/tasks/:id/complete', ({ request, records: kept }) =>
			change(named(kept.tasks, 'Task', partOf(request, 'id')), { status: 'completed' }),
		);
		on('GET', '/api/v1/crm/dashboard/summary', ({ records: kept }) => ({
			...{ contacts: kept.contacts.length, deals: kept.deals.length },
			open_tasks: kept.tasks.filter((task) => task.status === 'open').length,
		}));
	};

	// ----------------------------------------------------------------------------------------------- messages

	const messages = (on: On) => {
		on('POST', '/api/v1/sms/send', ({ body }) => {
			required(body, 'to_phone', 'message');
			if (!/^\+\d{6,15}$/.test(String(body.to_phone)))
				throw invalid('to_phone', "Field 'to_phone' must be in E.164 form");
			return { id: freshId('sms_'), status: 'queued', to_phone: body.to_phone ?? '', message: body.message ?? '' };
		});
		on('POST', '/api/v1/chat/message', ({ records: kept, body }) => {
			required(body, 'message');
			const known =
				body.conversation_id === undefined
					? undefined
					: named(kept.conversations, 'Conversation', text(body.conversation_id) ?? '');
			const conversation = known ?? newRecord({}, freshId('conv_'));
			if (!known) kept.conversations.push(conversation);
			return { conversation_id: conversation.id, message: `The sandbox heard: ${text(body.message) ?? ''}` };
		});
		on('POST', '/api/v1/crm/emails/send', ({ records: kept, body }) => {
			required(body, 'to', 'subject', 'body');
			if (!/^\S+@\S+$/.test(String(body.to))) throw invalid('to', "Field 'to' must be a valid e-mail address");
			const email = newRecord({ ...body, status: 'sent' });
			kept.emails.push(email);
			return email;
		});
		on('POST', '/api/v1/crm/emails/:id/reply', ({ request, records: kept, body }) => {
			required(body, 'body');
			const email = named(kept.emails, 'Email', partOf(request, 'id'));
			const reply = newRecord({ ...body, to: email.to ?? '', in_reply_to: email.id, status: 'sent' });
			kept.emails.push(reply);
			return reply;
		});
		on('POST', '/api/v1/communications/send', ({ records: kept, body }) => {
			required(body, 'contact_id', 'message');
			contactOf(kept, body.contact_id);
			return { id: freshId('msg_'), status: 'queued', contact_id: body.contact_id ?? 0, message: body.message ?? '' };
		});
	};

	// --------------------------------------------------------------------------------- orders, links, products

	const order = ({ records: kept, request }: Call) => named(kept.orders, 'Order', partOf(request, 'id'));
	const placeOrder = (call: Call, items: { product: Kept; quantity: number }[]): Kept => {
		const total = items.reduce((sum, { product, quantity }) => sum + Number(product.price ?? 0) * quantity, 0);
		const placed = newRecord({
			...{ status: 'pending', customer_name: '', customer_email: text(call.body.customer_email) ?? '', total },
			items: items.map(({ product, quantity }) => ({ product_id: product.id, name: product.name ?? '', quantity })),
			...(queryOf(call.request, 'location_id') ? { location_id: queryOf(call.request, 'location_id') ?? '' } : {}),
		});
		call.records.orders.push(placed);
		call.raise('order.created', placed);
		call.reply.code(201);
		return placed;
	};
	const lineOf = (kept: Records, line: Json | undefined) => {
		const { product_id, quantity } = isObject(line) ? line : {};
		if (!(typeof quantity === 'number' && Number.isInteger(quantity) && quantity > 0)) {
			throw invalid('quantity', "Field 'quantity' must be a positive integer", 'must_be_positive');
		}
		return { product: named(kept.products, 'Product', text(product_id) ?? ''), quantity };
	};
	/** An order moves from some states only. */
	const move = (call: Call, from: readonly string[], changes: JsonObject, event?: string): Kept => {
		const moved = order(call);
		if (!from.includes(String(moved.status))) {
			throw refuse(
				409,
				'invalid_state',
				`An order that is ${String(moved.status)} cannot be ${String(changes.status)}`,
			);
		}
		change(moved, changes);
		if (event) call.raise(event, moved);
		return moved;
	};

	const sales = (on: On) => {
		on('GET', '/api/v1/orders', ({ request, records: kept }) => page(kept.orders, request, 'status'));
		on('POST', '/api/v1/orders', (call) => {
			const { items } = call.body;
			if (!Array.isArray(items) || items.length === 0) throw invalid('items', "Field 'items' is required", 'required');
			return placeOrder(
				call,
				items.map((line) => lineOf(call.records, line)),
			);
		});
		on('POST', '/api/v1/orders/quick-sale', (call) => {
			const sold = placeOrder(call, [lineOf(call.records, call.body)]);
			change(sold, { status: 'paid' });
			call.raise('order.paid', sold);
			return sold;
		});
		on('GET', '/api/v1/orders/:id', order);
		on('POST', '/api/v1/orders/:id/confirm', (call) => move(call, ['pending'], { status: 'confirmed' }));
		on('POST', '/api/v1/orders/:id/cancel', (call) =>
			move(call, ['pending', 'confirmed', 'paid'], { status: 'canceled' }, 'order.canceled'),
		);
		on('POST', '/api/v1/orders/:id/fulfill', (call) =>
			move(call, ['pending', 'confirmed', 'paid'], { status: 'fulfilled' }, 'order.fulfilled'),
		);
		on('POST', '/api/v1/orders/:id/refund', (call) => {
			const { amount, reason } = call.body;
			if (amount !== undefined && !(typeof amount === 'number' && amount > 0))
				throw invalid('amount', "Field 'amount' must be above 0");
			const changes = defined({
				status: 'refunded',
				refunded_amount: amount ?? order(call).total,
				refund_reason: reason,
			});
			return move(call, ['confirmed', 'paid', 'fulfilled'], changes);
		});
		on('POST', '/api/v1/orders/:id/allocate', (call) => {
			required(call.body, 'location_id');
			const allocated = change(order(call), { location_id: call.body.location_id ?? null });
			for (const line of Array.isArray(allocated.items) ? allocated.items.filter(isObject) : []) {
				const { product_id = null, name = '', quantity = 0 } = line;
				const where = { order_id: allocated.id, location_id: allocated.location_id ?? null };
				call.raise('inventory.reserved', { product_id, product_name: name, quantity, ...where });
			}
			return allocated;
		});

		const newLink = (call: Call): Kept => {
			const { amount } = call.body;
			if (!(typeof amount === 'number' && amount > 0))
				throw invalid('amount', "Field 'amount' must be above 0", 'must_be_positive');
			const id = freshId('plink_');
			const link = newRecord({ ...call.body, status: 'open', url: `https://pay.example.com/${id}` }, id);
			call.records.links.push(link);
			call.reply.code(201);
			return link;
		};
		const linkOf = ({ records: kept }: Call, id: Json | undefined) => named(kept.links, 'Payment link', text(id) ?? '');
		on('GET', '/api/v1/payment-links', ({ request, records: kept }) => page(kept.links, request, 'status'));
		on('POST', '/api/v1/payment-links/create', (call) => newLink(call));
		on('POST', '/api/v1/payment-links/send-text2pay', (call) => {
			required(call.body, 'phone');
			return { link_id: newLink(call).id, status: 'sent' };
		});
		on('POST', '/api/v1/payment-links/mark-paid', (call) => {
			required(call.body, 'link_id');
			const link = change(linkOf(call, call.body.link_id), { status: 'paid' });
			call.raise('payment_link.paid', link);
			return link;
		});
		on('GET', '/api/v1/payment-links/:id', (call) => linkOf(call, partOf(call.request, 'id')));
		on('DELETE', '/api/v1/payment-links/:id', (call) => {
			const link = linkOf(call, partOf(call.request, 'id'));
			call.records.links = call.records.links.filter((one) => one !== link);
			return { id: link.id, deleted: true };
		});
	};

	const stock = (on: On) => {
		const product = ({ records: kept, request }: Call) => named(kept.products, 'Product', partOf(request, 'id'));
		on('GET', '/api/v1/products', ({ request, records: kept }) => page(kept.products, request));
		on('GET', '/api/v1/products/catalog', ({ request, records: kept }) => page(kept.products, request));
		on('POST', '/api/v1/products', ({ records: kept, body, reply }) => {
			required(body, 'name');
			const made = newRecord(body);
			kept.products.push(made);
			reply.code(201);
			return made;
		});
		on('GET', '/api/v1/products/:id', product);
		on('PATCH', '/api/v1/products/:id', (call) => change(product(call), call.body));
		on('PATCH', '/api/v1/products/:id/pricing', (call) => {
			for (const field of ['price', 'cost']) {
				const value = call.body[field];
				if (value !== undefined && !(typeof value === 'number' && value >= 0))
					throw invalid(field, `Field '${field}' must not be negative`);
			}
			return change(product(call), defined({ price: call.body.price, cost: call.body.cost }));
		});
		on('GET', '/api/v1/products/:id/components', (call) => ({ product_id: product(call).id, items: [], total: 0 }));
		on('DELETE', '/api/v1/products/:id', (call) => {
			const gone = product(call);
			call.records.products = call.records.products.filter((one) => one !== gone);
			return { id: gone.id, deleted: true };
		});

		// Inventory has no /api/v1 before it.
		on('GET', '/Inventory', ({ request, records: kept }) => page(kept.inventory, request));
		on('POST', '/Inventory', ({ records: kept, body, reply }) => {
			required(body, 'sku', 'name');
			const sku = text(body.sku) ?? '';
			if (kept.inventory.some((one) => one.id === sku)) throw refuse(409, 'conflict', `SKU ${sku} exists`);
			const entry = newRecord({ on_hand: 0, threshold: 10, location_id: 1, product_id: freshNumber(), ...body }, sku);
			kept.inventory.push(entry);
			reply.code(201);
			return entry;
		});
		on('POST', '/Inventory/adjust', ({ records: kept, body, raise }) => {
			required(body, 'sku', 'quantity');
			const entry = named(kept.inventory, 'SKU', text(body.sku) ?? '');
			if (!Number.isInteger(body.quantity)) throw invalid('quantity', "Field 'quantity' must be an integer");
			const before = Number(entry.on_hand ?? 0);
			const after = before + Number(body.quantity);
			if (after < 0) throw invalid('quantity', `Only ${before} on hand`, 'insufficient_stock');
			change(entry, { on_hand: after });
			const threshold = Number(entry.threshold ?? 10);
			if (before >= threshold && after < threshold)
				raise('inventory.low_stock', lowStock(entry), { reason: text(body.reason) ?? '' });
			return entry;
		});
		on('GET', '/Inventory/:sku', ({ request, records: kept }) => named(kept.inventory, 'SKU', partOf(request, 'sku')));
		on('PATCH', '/Inventory/:sku', ({ request, records: kept, body }) =>
			change(named(kept.inventory, 'SKU', partOf(request, 'sku')), body),
		);
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
			if (!Array.isArray(events) || events.length === 0)
				throw invalid('events', "Field 'events' must not be empty", 'required');
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
		on('GET', `${path}/:id`, (call) => shownWebhook(webhookOf(call)));
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
		on('GET', '/api/v1/cli/api-keys', ({ request, records: kept }) => {
			const shown = kept.keys.map(({ api_key: _key, ...rest }): Kept => rest);
			return page(shown, request);
		});
		on('POST', '/api/v1/cli/api-keys', ({ records: kept, body, reply }) => {
			required(body, 'name');
			const key = newRecord({ name: body.name ?? '', api_key: freshId('sandbox-key-') });
			kept.keys.push(key);
			reply.code(201);
			return key;
		});
		on('DELETE', '/api/v1/cli/api-keys/:id', ({ request, records: kept }) => {
			const key = named(kept.keys, 'API key', partOf(request, 'id'));
			kept.keys = kept.keys.filter((one) => one !== key);
			return { id: key.id, deleted: true };
		});
	};

	return {
		id: ID,
		name: 'Solid#',
		root: '/solid-number',
		delivery: {
			retryAfterSeconds: [300, 1800, 7200],
			afterLastRetry: 'keep',
			succeeded: (status) => status >= 200 && status < 300,
		},
		behaviours: {
			rateLimit: { values: 'number', description: 'calls per minute and account, above which 429 is answered' },
			errorShape: { values: ['documented', 'sdk', 'fastapi'], description: 'the envelope of every error' },
			withholdSecret: { values: 'boolean', description: 'creating a webhook answers without its secret' },
		},
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
			for (const part of [crm, messages, sales, stock, webhooks, meta]) part(on);
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

type On = (method: Method, path: string, handler: Handler) => void;

/** The sample with a time stamp of its own, and the caller's values merged over `data`. */
function compose(event: string, sample: Json | undefined, data: Json | undefined): Json {
	const base = isObject(sample) ? structuredClone(sample) : { company_id: 1, data: {}, metadata: {} };
	const fresh: JsonObject = { ...base, event_type: event, timestamp: instant() };
	if (text(fresh.id) !== undefined) fresh.id = freshId('evt_');
	return withRecord(fresh, 'data', data);
}

/** `data` of `inventory.low_stock`, as documented. */
function lowStock(entry: Kept): JsonObject {
	return {
		...{ product_id: entry.product_id ?? null, product_name: entry.name ?? '', quantity_available: entry.on_hand ?? 0 },
		...{ threshold: entry.threshold ?? 10, location_id: entry.location_id ?? 1, ai_action: '' },
	};
}

function shownWebhook({ id, title, url, events, active }: Subscription): JsonObject {
	return { id, name: title, url, events, is_active: active };
}
