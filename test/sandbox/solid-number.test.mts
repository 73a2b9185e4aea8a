/** Solid# in the sandbox: https://solidnumber.com/docs/webhooks and /docs/api, and the vendor's own command line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../core/provider.ts';
import { call, eventually, hmacHex, list, object, string, useSandbox } from './helpers.mts';
import type { CallOptions } from './helpers.mts';

describe('Solid#', () => {
	const sandbox = useSandbox({ speed: 100_000 });
	const solid = (path: string, options: CallOptions = {}, key = 'sandbox-solid-number-key') =>
		call(sandbox.url(`/solid-number/api/v1${path}`), {
			...options,
			headers: { authorization: `Bearer ${key}`, ...options.headers },
		});
	/** The elements of an answer that is a bare array. */
	const bare = async (path: string): Promise<JsonObject[]> => {
		const { text } = await solid(path);
		const body = JSON.parse(text) as JsonObject[];
		assert.ok(Array.isArray(body), `${path} is a bare array: ${text.slice(0, 100)}`);
		return body;
	};
	const byHand = async (more: JsonObject = {}) => {
		const json = { provider: 'solid-number', url: `${sandbox.receiver.url}/hook`, secret: 'shh', ...more };
		const answer = await sandbox.control('subscriptions', json);
		assert.equal(answer.status, 200, answer.text);
		return answer.json;
	};
	const types = () => sandbox.receiver.received.map((one) => one.json.event_type);

	it('asks for a key, sends rate-limit headers and a request id, and 429 when told', async () => {
		const wrong = await solid('/crm/contacts', {}, 'no');
		assert.equal(wrong.status, 401);
		assert.equal(object(wrong.json.error).code, 'auth.invalid_token');
		const right = await solid('/crm/contacts?limit=1');
		assert.equal(right.status, 200);
		assert.match(right.headers.get('x-request-id') ?? '', /^req_/);
		assert.equal(right.headers.get('x-ratelimit-limit'), '300');
		await sandbox.fault({ provider: 'solid-number', behaviour: { rateLimit: 0 } });
		const over = await solid('/crm/contacts');
		assert.equal(over.status, 429);
		assert.ok(Number(over.headers.get('retry-after')) >= 1);
	});

	it('has three error shapes, and can be told which', async () => {
		const documented = await solid('/crm/deals', { json: { title: 'x', amount: -5 } });
		assert.equal(documented.status, 422);
		assert.equal(documented.json.message, "Field 'amount' must be a positive integer (cents)");
		assert.deepEqual(documented.json.details, [{ field: 'amount', error: 'must_be_positive' }]);
		assert.deepEqual((await solid('/crm/contacts/999999')).json, { detail: 'Contact not found' });
		assert.deepEqual((await solid('/nothing')).json, { detail: 'Not Found' });
		assert.deepEqual(sandbox.takeViolations(), ['solid-number path GET /api/v1/nothing']);
		await sandbox.fault({ provider: 'solid-number', behaviour: { errorShape: 'fastapi' } });
		const fastapi = await solid('/crm/deals', { json: { title: 'x', amount: -5 } });
		assert.deepEqual(object(list(fastapi.json.detail)[0]).loc, ['body', 'amount']);
		await sandbox.fault({ provider: 'solid-number', behaviour: { errorShape: 'sdk' } });
		assert.equal(object((await solid('/crm/contacts/999999')).json.error).code, 'not_found');
	});

	it('pages lists as documented', async () => {
		const first = (await solid('/crm/contacts')).json;
		assert.deepEqual(
			[list(first.items).length, first.total, first.limit, first.offset, first.has_more],
			[50, 60, 50, 0, true],
		);
		const last = (await solid('/crm/contacts?limit=50&offset=50')).json;
		assert.deepEqual([list(last.items).length, last.has_more], [10, false]);
		assert.equal((await solid('/crm/contacts?limit=201')).status, 422);
		assert.equal((await solid('/crm/contacts?search=ada.7@example.com')).json.total, 1);
		for (const path of ['/orders/', '/payment-links/', '/products/']) await bare(path);
	});

	it('is held to its contract: other methods, slashes and missing fields are refused as the service does', async () => {
		const moved = await fetch(sandbox.url('/solid-number/api/v1/orders'), {
			headers: { authorization: 'Bearer sandbox-solid-number-key' },
			redirect: 'manual',
		});
		assert.equal(moved.status, 307);
		assert.match(moved.headers.get('location') ?? '', /\/api\/v1\/orders\/$/);
		const wrong = await solid('/crm/tasks/1/complete', { method: 'PATCH', json: {} });
		assert.deepEqual([wrong.status, wrong.json], [405, { detail: 'Method Not Allowed' }]);
		const old = await solid('/crm/emails/send', { json: { to: 'a@example.com', subject: 's', body: 'b' } });
		assert.equal(old.status, 422);
		assert.deepEqual(object(list(old.json.detail)[0]).loc, ['body', 'to_email']);
		assert.equal((await solid('/crm/emails/send', { json: {} }, 'no')).status, 401, 'the caller comes first');
		assert.deepEqual(sandbox.takeViolations(), [
			...['solid-number slash GET /api/v1/orders', 'solid-number method PATCH'],
			...['solid-number body to', 'solid-number body body'],
		]);
	});

	it('drops status and contact type of contacts in silence, as the service does', async () => {
		const all = (await solid('/crm/contacts?limit=100')).json;
		assert.equal(list(all.items).filter((one) => object(one).status === 'inactive').length, 5);
		for (const query of ['status=inactive', 'contact_type=lead']) {
			assert.equal((await solid(`/crm/contacts?${query}`)).json.total, 60, query);
		}
		assert.deepEqual(sandbox.takeViolations(), ['solid-number query status', 'solid-number query contact_type']);
		assert.equal((await bare('/products/?product_type=service')).length, 1);
		assert.equal((await solid('/crm/deals?stage=Qualified')).json.total, 1);
	});

	it('keeps contacts, deals and tasks, and raises their events', async () => {
		await byHand();
		const contact = await solid('/crm/contacts', { json: { first_name: 'Eve', email: 'eve@example.com' } });
		assert.equal(contact.status, 201);
		const path = `/crm/contacts/${Number(contact.json.id)}`;
		assert.equal((await solid(path, { method: 'PATCH', json: { phone: '+1555' } })).json.phone, '+1555');
		const deal = await solid('/crm/deals', {
			json: { title: 'Kitchen', stage: 'New', amount: 1200000, contact_id: contact.json.id ?? 0 },
		});
		const dealPath = `/crm/deals/${Number(deal.json.id)}`;
		await solid(dealPath, { method: 'PATCH', json: { stage: 'Won?' } });
		assert.equal((await solid(`${dealPath}/close`, { json: { outcome: 'maybe' } })).status, 422);
		assert.equal((await solid(`${dealPath}/close`, { json: { outcome: 'won' } })).json.outcome, 'won');
		await eventually(() => assert.equal(sandbox.receiver.received.length, 5));
		const events = [
			'crm.contact.created',
			'crm.contact.updated',
			'crm.deal.created',
			'crm.deal.stage_changed',
			'crm.deal.closed',
		];
		assert.deepEqual(types().map(String).sort(), [...events].sort());
		const created = sandbox.receiver.received.find((one) => one.json.event_type === 'crm.contact.created');
		assert.equal(object(created?.json.data).email, 'eve@example.com');
		assert.equal(created?.json.company_id, 1);
		const task = await solid('/crm/tasks', { json: { title: 'Call', priority: 'high', due_date: '2020-01-01' } });
		assert.equal(task.json.status, 'pending');
		const taskPath = `/crm/tasks/${Number(task.json.id)}`;
		const moved = await solid(taskPath, { method: 'PUT', json: { due_date: '2020-01-02' } });
		assert.equal(moved.json.due_date, '2020-01-02');
		assert.equal(
			(await solid('/crm/tasks', { json: { title: 'Call', due_date: '2020-01-01T10:00:00Z' } })).status,
			422,
		);
		assert.equal((await solid('/crm/tasks?overdue=true')).json.total, 1);
		await solid(`${taskPath}/complete`, { method: 'PUT' });
		assert.equal((await solid('/crm/tasks?overdue=true')).json.total, 0);
		assert.equal((await solid(taskPath, { method: 'DELETE' })).status, 200);
		assert.equal((await solid('/crm/tasks')).json.total, 0);
		const [entry] = list((await solid(`${path}/timeline`)).json.items);
		assert.equal(object(entry).description, 'Kitchen');
		assert.equal(list((await solid('/crm/contacts/search/typeahead?q=eve@')).json.items).length, 1);
		assert.equal((await solid(path, { method: 'DELETE' })).status, 200);
		assert.equal((await solid(path)).status, 404);
	});

	it('sells: orders, payment links, products and inventory', async () => {
		await byHand();
		const order = await solid('/orders/', {
			json: { items: [{ product_id: 42, quantity: 2 }], customer_email: 'eve@example.com' },
		});
		assert.deepEqual([order.status, order.json.total], [201, 99]);
		const path = `/orders/${Number(order.json.id)}`;
		await solid(`${path}/allocate`, { json: { location_id: 1 } });
		assert.equal((await solid(`${path}/confirm`, { method: 'POST' })).json.status, 'confirmed');
		assert.equal((await solid(`${path}/fulfill`, { method: 'POST' })).json.status, 'fulfilled');
		assert.equal((await solid(`${path}/cancel`, { method: 'POST' })).status, 409);
		assert.equal((await solid(`${path}/refund`, { json: { amount: 5, reason: 'x' } })).json.status, 'refunded');
		assert.equal((await solid('/orders/', { json: { items: [] } })).status, 422);
		const sold = await solid('/orders/quick-sale', { json: { product_id: 43, quantity: 1 } });
		assert.equal((await solid(`/orders/${Number(sold.json.order_id)}/refund`, { json: {} })).json.refunded_amount, 19);
		assert.deepEqual(
			(await bare('/orders/?status=refunded')).map((one) => one.refunded_amount),
			[5, 19],
		);
		const link = await solid('/payment-links/create', { json: { amount: 20, description: 'x' } });
		assert.match(string(link.json.url), /^https:\/\/pay.example.com\//);
		const link_id = Number(link.json.id);
		assert.ok(Number.isInteger(link_id), 'ids of payment links are numbers');
		const paid = await solid('/payment-links/mark-paid', { json: { link_id } });
		assert.deepEqual([paid.json.status, paid.json.amount], ['paid', 20]);
		assert.equal((await solid(`/payment-links/${link_id}`, { method: 'DELETE' })).json.deleted, true);
		const product = await solid('/products/', { json: { name: 'Thing', price: 1, product_type: 'physical' } });
		const renamed = await solid(`/products/${Number(product.json.id)}`, { method: 'PATCH', json: { name: 'Other' } });
		assert.deepEqual([renamed.json.name, renamed.json.price], ['Other', 1]);
		assert.equal(
			(await solid(`/products/${Number(product.json.id)}/pricing`, { method: 'PATCH', json: { price: 2 } })).json.price,
			2,
		);
		await eventually(() => assert.equal(sandbox.receiver.received.length, 6));
		assert.deepEqual(types().map(String).sort(), [
			...['inventory.reserved', 'order.created', 'order.created', 'order.fulfilled', 'order.paid'],
			'payment_link.paid',
		]);
	});

	it('keeps an inventory under /api/v1, by SKU, written by POST alone', async () => {
		await byHand();
		assert.equal((await solid('/Inventory/get?sku=WIDGET-1')).json.on_hand, 12);
		const adjusted = await solid('/Inventory/adjust', { json: { sku: 'WIDGET-1', quantity: -7, reason: 'sold' } });
		assert.equal(adjusted.json.on_hand, 5);
		assert.equal((await solid('/Inventory/adjust', { json: { sku: 'WIDGET-1', quantity: -7 } })).status, 422);
		const made = await solid('/Inventory/create', { json: { sku: 'WIDGET-3', name: 'New', on_hand: 0 } });
		assert.equal(made.status, 201);
		const updated = await solid('/Inventory/update', { json: { sku: 'WIDGET-3', price: 3 } });
		assert.deepEqual([updated.json.price, updated.json.on_hand], [3, 0]);
		assert.equal((await solid('/Inventory/list')).json.total, 3);
		await solid('/Inventory/archive', { json: { sku: 'WIDGET-3' } });
		assert.equal((await solid('/Inventory/list')).json.total, 2);
		await eventually(() => assert.deepEqual(types(), ['inventory.low_stock']));
	});

	it('sends messages', async () => {
		assert.equal((await solid('/sms/send', { json: { to_phone: '+15550100', message: 'x' } })).json.status, 'queued');
		assert.equal((await solid('/sms/send', { json: { to_phone: '0400', message: 'x' } })).status, 422);
		const chat = await solid('/chat/message', { json: { message: 'Hello' } });
		const again = await solid('/chat/message', {
			json: { message: 'Hello', conversation_id: chat.json.conversation_id ?? '' },
		});
		assert.equal(again.json.conversation_id, chat.json.conversation_id);
		const send = (path: string, more: JsonObject = {}) =>
			solid(path, { json: { to_email: 'eve@example.com', subject: 's', text_content: 'b', ...more } });
		const email = await send('/crm/emails/send');
		assert.deepEqual([email.json.to_email, email.json.body], ['eve@example.com', 'b']);
		const path = `/crm/emails/${Number(email.json.id)}`;
		assert.equal((await solid(path)).json.direction, 'outbound');
		assert.equal((await send(`${path}/reply`)).json.in_reply_to, email.json.id);
		assert.equal((await send('/crm/emails/send', { text_content: '' })).status, 422);
		assert.equal(list((await solid('/crm/emails?direction=inbound')).json.items).length, 1);
		assert.equal(list((await solid('/crm/emails?page=2&page_size=2')).json.items).length, 1);
		const message = (json: JsonObject) => solid('/communications/send', { json: { message: 'x', ...json } });
		assert.equal((await message({ contact_id: 1 })).json.channel, 'email');
		assert.equal((await message({ contact_id: 1, channel: 'sms' })).json.channel, 'sms');
		assert.equal((await message({ contact_id: 99999 })).status, 404);
		assert.equal((await message({})).status, 422);
	});

	it('delivers to a webhook registered manually, signed, and retries three times without switching off', async () => {
		const { id } = await byHand({ events: ['inventory.low_stock'] });
		const raised = await sandbox.raise({
			provider: 'solid-number',
			event: 'inventory.low_stock',
			data: { product_id: 7 },
		});
		await sandbox.raise({ provider: 'solid-number', event: 'order.paid' });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 1));
		const [got] = sandbox.receiver.received;
		assert.equal(got?.headers['x-solid-signature'], hmacHex('shh', got?.body ?? ''));
		assert.deepEqual(got?.json, raised.payload);
		assert.equal(object(got?.json.data).product_id, 7);
		sandbox.receiver.answers.set('/hook', 500);
		await sandbox.raise({ provider: 'solid-number', event: 'inventory.low_stock' });
		await eventually(async () => assert.equal((await sandbox.deliveries('?state=failed')).length, 1));
		assert.equal(sandbox.receiver.received.length, 5);
		assert.equal((await sandbox.subscriptions())[0]?.active, true);
		assert.equal((await sandbox.control(`subscriptions/${string(id)}`, undefined, 'DELETE')).status, 200);
		assert.equal((await sandbox.subscriptions()).length, 0);
	});

	it('has the webhooks of the developer API, whose secret it chooses', async () => {
		const json = { url: `${sandbox.receiver.url}/api`, name: 'Mine', events: ['order.paid'] };
		const made = (await solid('/developer/webhooks', { json })).json;
		const path = `/developer/webhooks/${string(made.id)}`;
		const listed = (await solid('/developer/webhooks')).json;
		assert.deepEqual(listed.webhooks, [
			{ id: made.id, name: 'Mine', url: json.url, events: ['order.paid'], is_active: true },
		]);
		assert.deepEqual((await solid('/developer/webhooks', {}, 'sandbox-solid-number-key-2')).json.webhooks, []);
		const test = await solid(`${path}/test`, { json: { event_type: 'webhook.test', custom_data: { a: 1 } } });
		assert.deepEqual([test.json.delivery_status, test.json.response_code], ['delivered', 200]);
		const [got] = sandbox.receiver.received;
		assert.equal(got?.headers['x-solid-signature'], hmacHex(string(made.secret), got?.body ?? ''));
		assert.deepEqual([got?.json.event_type, object(got?.json.data).a], ['webhook.test', 1]);
		assert.equal((await solid('/developer/webhooks', { json: { ...json, events: ['key.created'] } })).status, 422);
		assert.equal((await solid(path, { method: 'DELETE' })).status, 200);
		assert.equal((await solid(path, { method: 'DELETE' })).status, 404);
		await sandbox.fault({ provider: 'solid-number', behaviour: { withholdSecret: true } });
		assert.equal((await solid('/developer/webhooks', { json })).json.secret, undefined);
	});

	it('makes API keys that work until they are removed', async () => {
		const made = (await solid('/cli/api-keys/', { json: { name: 'k', scopes: ['contacts:read'] } })).json;
		const [key, { id }] = [string(made.key), object(made.api_key)];
		assert.equal((await solid('/auth/me', {}, key)).json.company_id, 1);
		const listed = (await solid('/cli/api-keys/')).text;
		assert.ok(!listed.includes(key), 'the key is shown once');
		await solid(`/cli/api-keys/${Number(id)}`, { method: 'DELETE' });
		assert.equal((await solid('/auth/me', {}, key)).status, 401);
	});

	it('gives each raised event a time stamp of its own, as nothing else distinguishes two', async () => {
		const raised = await sandbox.raise({ provider: 'solid-number', event: 'order.paid', count: 50 });
		assert.equal(new Set(list(raised.payloads).map((payload) => object(payload).timestamp)).size, 50);
	});
});
