import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { findOperation, handlingOf, operationId, run } from '../../../core/operation.ts';
import { InvalidInput, Unreachable } from '../../../core/errors.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import type { Lifecycle, SubscriptionState } from '../../../core/subscription-plan.ts';
import { check, create } from '../../../core/subscription.ts';
import { receive } from '../../../core/receive.ts';
import { listItems } from '../../../providers/solid-number/answers.ts';
import { solidNumber } from '../../../providers/solid-number/provider.ts';

function answer(body: Json | undefined, status = 200): HttpResponse {
	return { status, headers: {}, body, text: body === undefined ? '' : JSON.stringify(body) };
}

function operation(id: string): Operation {
	const found = findOperation(solidNumber, id);
	if (found === undefined) throw new Error(`no operation ${id}`);
	return found;
}

const request = (id: string, input: Values): HttpRequest => operation(id).request(input);

/** What is sent, as it goes over the wire: without undefined query values. */
const wire = (asked: HttpRequest): JsonObject => JSON.parse(JSON.stringify(asked)) as JsonObject;

async function ran(id: string, input: Values, answers: readonly HttpResponse[], limit?: number) {
	const sent: HttpRequest[] = [];
	const send = async (asked: HttpRequest) => {
		sent.push(asked);
		return answers[sent.length - 1] ?? answer({ items: [], total: 0 });
	};
	const items = await run(solidNumber, operation(id), input, send, limit === undefined ? {} : { limit });
	return { items, sent };
}

// ------------------------------------------------------------------------------------------- deliveries

describe('events', () => {
	test('there are the 19 documented event types, each with a sample in the documented envelope', () => {
		expect(solidNumber.events.map(({ name }) => name)).toEqual([
			...['reserved', 'confirmed', 'released', 'expired', 'backorder_created', 'low_stock'].map(
				(one) => `inventory.${one}`,
			),
			...['created', 'paid', 'canceled', 'fulfilled'].map((one) => `order.${one}`),
			...['payment_link.paid', 'payment_link.expired'],
			...['affiliate.commission_triggered', 'affiliate.payout_completed'],
			...['contact.created', 'contact.updated', 'deal.created', 'deal.stage_changed', 'deal.closed'].map(
				(one) => `crm.${one}`,
			),
		]);
		for (const { name, sample, group } of solidNumber.events) {
			expect(Object.keys(sample as JsonObject)).toEqual(['event_type', 'company_id', 'timestamp', 'data', 'metadata']);
			expect(solidNumber.receiving.eventOf!(sample as JsonObject)).toBe(name);
			expect((sample as { data: JsonObject }).data).not.toEqual({});
			expect(group).not.toBe('');
		}
		expect(
			solidNumber.events.filter(({ sampleGrade }) => sampleGrade === 'documented').map(({ name }) => name),
		).toEqual(['inventory.low_stock']);
	});

	const [proof] = solidNumber.receiving.proofs;
	const deliver = (body: string, signed: string, secrets = ['a made-up secret']) =>
		receive(
			solidNumber,
			{
				body: Buffer.from(body),
				headers: {
					'content-type': 'application/json',
					'x-solid-signature': createHmac('sha256', 'a made-up secret').update(signed).digest('hex'),
				},
				query: {},
			},
			{ proof, secrets: secrets.map((value) => ({ value })), events: ['inventory.low_stock'], options: {} },
		);

	test('a signature over the bytes or over JSON.stringify of the body is accepted, and nothing else', () => {
		const payload = solidNumber.events.find(({ name }) => name === 'inventory.low_stock')!.sample;
		const spaced = JSON.stringify(payload, null, 2);
		const accepted = {
			outcome: 'accepted',
			event: 'inventory.low_stock',
			items: [payload],
			verifiedBy: expect.anything(),
		};
		expect(deliver(spaced, spaced)).toMatchObject(accepted);
		expect(deliver(spaced, JSON.stringify(payload))).toMatchObject(accepted);
		expect(deliver(spaced, JSON.stringify(payload), ['the new secret', 'a made-up secret'])).toMatchObject(accepted);
		expect(deliver(spaced.replace('42', '43'), spaced)).toEqual({
			outcome: 'rejected',
			reason: 'signature_mismatch',
			status: 401,
		});
		expect(deliver(spaced, spaced, ['another secret'])).toMatchObject({ outcome: 'rejected' });
		expect(deliver(spaced, spaced, [])).toMatchObject({ outcome: 'rejected', reason: 'secret_not_configured' });
	});

	test('recent records take the shape of an event', () => {
		const created = solidNumber.events.find(({ name }) => name === 'crm.contact.created')!;
		const record = { id: 42, first_name: 'Ada', created_at: '2026-02-02T10:30:00Z' };
		expect(created.recent!.payload(record)).toEqual({
			event_type: 'crm.contact.created',
			timestamp: '2026-02-02T10:30:00Z',
			data: record,
			metadata: {},
		});
		for (const { recent } of solidNumber.events) if (recent) expect(() => request(recent.operation, {})).not.toThrow();
	});
});

// ----------------------------------------------------------------------------------------- registrations

describe('registrations', () => {
	const [byHand, developer] = solidNumber.registrations;

	test('by hand is the default, with steps', () => {
		expect(byHand).toMatchObject({ name: 'manual', kind: 'manual', grade: 'documented' });
		expect(byHand.kind === 'manual' && byHand.steps.length).toBe(5);
		expect(solidNumber.webhook?.fields.map(({ name, secret }) => [name, secret])).toEqual([
			['webhookSecret', true],
			['previousWebhookSecret', true],
		]);
	});

	test('the developer API is experimental and undocumented', () => {
		expect(developer).toMatchObject({ name: 'developerApi', kind: 'api', experimental: true, grade: 'client' });
	});

	if (developer?.kind !== 'api') throw new Error('expected an API registration');
	const { api } = developer;
	const url = 'https://n8n.example.com/webhook/1';

	test('its calls', () => {
		expect(api).toMatchObject({ per: 'set', secret: 'theirs', identifiedBy: 'id' });
		expect(api.subscribe({ url, events: ['order.paid', 'order.created'], title: 'n8n', options: {} })).toEqual({
			method: 'POST',
			path: '/api/v1/developer/webhooks',
			json: { url, name: 'n8n', events: ['order.paid', 'order.created'] },
		});
		expect(api.unsubscribe({ id: 'wh_1', url })).toEqual([
			{ method: 'DELETE', path: '/api/v1/developer/webhooks/wh_1' },
		]);
		expect(api.list!.request(200)).toEqual({
			method: 'GET',
			path: '/api/v1/developer/webhooks',
			query: { limit: 200, offset: 200 },
		});
	});

	test.each<[Json, object]>([
		[
			{ id: 5, secret: 's' },
			{ id: '5', secret: 's' },
		],
		[
			{ webhook: { id: 'wh_1' }, secret: 's' },
			{ id: 'wh_1', secret: 's' },
		],
		[{ data: { id: 'wh_1', secret: 's' } }, { id: 'wh_1', secret: 's' }],
		[{ id: 'wh_1', secret: '' }, { id: 'wh_1' }],
		[null, {}],
	])('id and secret in %j', (body, expected) => expect(api.subscribed(answer(body))).toEqual(expected));

	test.each<[Json]>([
		[{ webhooks: [{ id: 5, name: 'n8n', url, events: ['order.paid'], is_active: false }] }],
		[{ items: [{ id: '5', url, events: ['order.paid'], is_active: false }] }],
		[[{ id: '5', url, events: ['order.paid'], is_active: false }]],
	])('a list %j', (body) => {
		expect(api.list!.read(answer(body))).toEqual([{ id: '5', url, events: ['order.paid'], active: false }]);
	});

	/** A trigger's life against answers by method. */
	function lifecycle(answers: { [method: string]: HttpResponse | Error }) {
		let state: SubscriptionState | undefined;
		const sent: string[] = [];
		const life: Lifecycle = {
			provider: solidNumber,
			api,
			scheme: solidNumber.receiving.proofs[0].scheme,
			subscriber: { owner: 'w/n', url, events: ['order.paid'], options: {}, title: 'n8n' },
			store: { read: () => state, write: (next) => void (state = next) },
			send: async ({ method, path }) => {
				sent.push(`${method} ${path}`);
				const given = answers[method] ?? answer({ webhooks: [] });
				if (given instanceof Error) throw given;
				return given;
			},
		};
		return { life, sent, state: () => state };
	}

	test('the secret that the service gives is stored, and used', async () => {
		const { life, state } = lifecycle({ POST: answer({ id: 'wh_1', secret: 'theirs' }, 201) });
		await create(life);
		expect(state()?.subscriptions).toEqual([{ id: 'wh_1', url, events: ['order.paid'], secret: 'theirs' }]);
		const kept = lifecycle({
			GET: answer({ webhooks: [{ id: 'wh_1', url, events: ['order.paid'], is_active: true }] }),
		});
		kept.life.store.write(state()!);
		expect(await check(kept.life)).toBe(true);
	});

	test.each([
		['404', answer({ detail: 'Not Found' }, 404), 'Not Found'],
		[
			'422',
			answer({ code: 'validation_error', message: "Unknown event type 'order.paid'", details: [] }, 422),
			"Unknown event type 'order.paid'",
		],
		['403', answer({ error: { code: 'auth.forbidden', message: 'Missing scope' } }, 403), 'Missing scope'],
		['no secret', answer({ id: 'wh_1' }, 201), 'gave no secret'],
	])('a refusal (%s) says what was said, and to register by hand', async (_, refused, said) => {
		const { life, sent, state } = lifecycle({ GET: answer(undefined, 404), POST: refused, DELETE: answer({}, 200) });
		const failure = await create(life).then(
			() => new Error('nothing failed'),
			(cause: Error) => cause,
		);
		expect(failure.message).toContain(said);
		expect(failure.message).toMatch(/register the URL in Solid# under Settings > Webhooks\.$/);
		expect(state()?.subscriptions ?? []).toEqual([]);
		if (said === 'gave no secret') expect(sent).toContain('DELETE /api/v1/developer/webhooks/wh_1');
	});

	test('a connection that failed is not a reason to register by hand', async () => {
		const { life } = lifecycle({ POST: new Unreachable('Solid# could not be reached') });
		await expect(create(life)).rejects.toThrow(/^Solid# could not be reached$/);
	});
});

// ---------------------------------------------------------------------------------------------- answers

describe('answers', () => {
	test.each<[string, HttpResponse, object | undefined]>([
		[
			'documented',
			answer(
				{
					code: 'validation_error',
					message: "Field 'amount' must be a positive integer (cents)",
					details: [{ field: 'amount', error: 'must_be_positive' }],
				},
				422,
			),
			{
				code: 'validation_error',
				message: "Field 'amount' must be a positive integer (cents)",
				details: ['amount: must_be_positive'],
			},
		],
		[
			'of the SDK',
			answer({ error: { code: 'auth.invalid_token', message: 'Invalid token', details: {} } }, 401),
			{ code: 'auth.invalid_token', message: 'Invalid token' },
		],
		['of the framework', answer({ detail: 'Not Found' }, 404), { message: 'Not Found' }],
		[
			'of the framework, by field',
			answer(
				{ detail: [{ loc: ['body', 'customer', 'email'], msg: 'value is not a valid email', type: 'value_error' }] },
				422,
			),
			{ message: 'the input was not accepted', details: ['customer.email: value is not a valid email'] },
		],
		['under 200', answer({ error: { code: 'x', message: 'No' } }), { code: 'x', message: 'No' }],
		['without a message', answer({ code: 'conflict' }, 409), { code: 'conflict', message: 'conflict' }],
		['empty', answer(undefined, 500), undefined],
		['unknown', answer({ oops: 1 }, 500), undefined],
		['a success', answer({ message: 'Hello', code: 'ok', detail: 'fine', error: null }), undefined],
	])('an error %s', (_, response, expected) => expect(solidNumber.readError(response)).toEqual(expected));

	test('what a person reads', async () => {
		const refused = answer(
			{ code: 'validation_error', message: 'No', details: [{ field: 'email', error: 'taken' }] },
			422,
		);
		await expect(ran('contact.create', { email: 'ada@example.com' }, [refused])).rejects.toThrow(
			'Solid# did not accept "Create contact": No (validation_error): email: taken.',
		);
	});

	test.each<[string, Json, Json[]]>([
		['documented', { items: [{ id: 1 }], total: 1, limit: 50, offset: 0, has_more: false }, [{ id: 1 }]],
		['by name', { contacts: [{ id: 1 }] }, [{ id: 1 }]],
		['bare', [{ id: 1 }, 'x'], [{ id: 1 }]],
		['in data', { data: [{ id: 1 }] }, [{ id: 1 }]],
		['deeper in data', { data: { items: [{ id: 1 }] } }, [{ id: 1 }]],
		['empty', { items: [], total: 0 }, []],
		['nothing', {}, []],
		['none', { total: 0 }, []],
		['unknown: it is seen', { people: [{ id: 1 }] }, [{ people: [{ id: 1 }] }]],
		['no JSON', 'x', []],
	])('a list: %s', (_, body, items) => expect(listItems(answer(body), 'contacts')).toEqual(items));

	test('pages follow has_more, then total, then full pages', async () => {
		const many = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
		const byFlag = await ran('deal.getMany', {}, [
			answer({ items: many(50), has_more: true }),
			answer({ items: many(3), has_more: false }),
		]);
		expect(byFlag.items).toHaveLength(53);
		expect(byFlag.sent.map(({ query }) => query)).toEqual([
			{ limit: 200, offset: 0 },
			{ limit: 200, offset: 50 },
		]);
		const byTotal = await ran('order.getMany', { status: 'paid' }, [
			answer({ items: many(100), total: 150, offset: 0 }),
			answer({ items: many(50), total: 150, offset: 100 }),
		]);
		expect(byTotal.items).toHaveLength(150);
		expect(byTotal.sent[1]).toEqual({
			method: 'GET',
			path: '/api/v1/orders/',
			query: { status: 'paid', limit: 200, offset: 100 },
		});
		const bare = await ran('inventory.getMany', {}, [answer(many(200)), answer(many(1))]);
		expect(bare.items).toHaveLength(201);
		const few = await ran('product.getMany', {}, [answer({ items: many(5), has_more: true })], 5);
		expect(few.sent.map(({ query }) => query?.['limit'])).toEqual([5]);
	});
});

// ------------------------------------------------------------------------------------------- operations

describe('calls', () => {
	const post = (path: string, json: Json = {}) => ({ method: 'POST', path: `/api/v1${path}`, json });
	const patch = (path: string, json: Json = {}) => ({ method: 'PATCH', path: `/api/v1${path}`, json });
	const get = (path: string, query?: JsonObject) => ({
		method: 'GET',
		path: `/api/v1${path}`,
		...(query && { query }),
	});

	const CALLS: [string, Values, object][] = [
		[
			'contact.create',
			{ firstName: 'Ada', email: 'ada@example.com', phone: '' },
			post('/crm/contacts', { first_name: 'Ada', email: 'ada@example.com' }),
		],
		['contact.get', { id: 42 }, get('/crm/contacts/42')],
		['contact.getMany', {}, get('/crm/contacts')],
		[
			'contact.getMany',
			{ search: 'john', contactType: 'lead' },
			get('/crm/contacts', { search: 'john', contact_type: 'lead' }),
		],
		['contact.getTimeline', { id: '42' }, get('/crm/contacts/42/timeline')],
		['contact.search', { query: 'a b' }, get('/crm/contacts/search/typeahead', { q: 'a b' })],
		[
			'contact.update',
			{ id: '42', companyName: 'Example Solar' },
			patch('/crm/contacts/42', { company_name: 'Example Solar' }),
		],
		['deal.close', { id: '7', outcome: 'lost' }, post('/crm/deals/7/close', { outcome: 'lost' })],
		[
			'deal.create',
			{ title: 'Kitchen Remodel', stage: 'New', amount: 1200000, contactId: '42' },
			post('/crm/deals', { title: 'Kitchen Remodel', stage: 'New', amount: 1200000, contact_id: 42 }),
		],
		['deal.create', { title: 'T', value: '12000.5' }, post('/crm/deals', { title: 'T', value: 12000.5 })],
		['deal.get', { id: '7' }, get('/crm/deals/7')],
		['deal.getMany', { stage: 'New' }, get('/crm/deals', { stage: 'New' })],
		['deal.update', { id: '7', contactId: 'c-1' }, patch('/crm/deals/7', { contact_id: 'c-1' })],
		['task.complete', { id: '15' }, patch('/crm/tasks/15/complete')],
		[
			'task.create',
			{ title: 'Call', contactId: 42, priority: 'high', dueDate: '2026-02-09' },
			post('/crm/tasks', { title: 'Call', contact_id: 42, priority: 'high', due_date: '2026-02-09' }),
		],
		['task.getMany', { overdue: true, priority: 'low' }, get('/crm/tasks', { priority: 'low', overdue: true })],
		['task.getMany', { overdue: false }, get('/crm/tasks')],
		['order.cancel', { id: '9001' }, post('/orders/9001/cancel')],
		['order.confirm', { id: '9001' }, post('/orders/9001/confirm')],
		['order.fulfill', { id: '9001' }, post('/orders/9001/fulfill')],
		[
			'order.create',
			{
				items: [{ productId: '42', quantity: '2' }, { productId: 'p-7' }],
				customerEmail: 'ada@example.com',
				locationId: '1',
			},
			{
				...post('/orders/', {
					items: [
						{ product_id: 42, quantity: 2 },
						{ product_id: 'p-7', quantity: 1 },
					],
					customer_email: 'ada@example.com',
				}),
				query: { location_id: '1' },
			},
		],
		['order.get', { id: '9001' }, get('/orders/9001')],
		['order.getMany', {}, get('/orders/')],
		[
			'order.quickSale',
			{ productId: '42', customerEmail: 'ada@example.com' },
			post('/orders/quick-sale', { product_id: 42, quantity: 1, customer_email: 'ada@example.com' }),
		],
		[
			'order.refund',
			{ id: '9001', amount: 49.5, reason: 'Damaged' },
			post('/orders/9001/refund', { amount: 49.5, reason: 'Damaged' }),
		],
		[
			'paymentLink.create',
			{ amount: 250, description: 'Deposit' },
			post('/payment-links/create', { amount: 250, description: 'Deposit' }),
		],
		['paymentLink.delete', { id: '311' }, { method: 'DELETE', path: '/api/v1/payment-links/311' }],
		['paymentLink.get', { id: '311' }, get('/payment-links/311')],
		['paymentLink.getMany', {}, get('/payment-links/')],
		[
			'paymentLink.markPaid',
			{ id: '311', amount: 250 },
			post('/payment-links/mark-paid', { link_id: 311, amount: 250 }),
		],
		[
			'paymentLink.sendTextToPay',
			{ phone: '+15550100', amount: 250 },
			post('/payment-links/send-text2pay', { phone: '+15550100', amount: 250 }),
		],
		[
			'product.create',
			{ name: 'W', price: 49.5, fields: { colour: 'red' } },
			post('/products/', { colour: 'red', name: 'W', price: 49.5 }),
		],
		['product.delete', { id: '42' }, { method: 'DELETE', path: '/api/v1/products/42' }],
		['product.get', { id: '42' }, get('/products/42')],
		['product.getMany', {}, get('/products/')],
		['product.update', { id: '42', name: 'W' }, patch('/products/42', { name: 'W' })],
		['product.updatePricing', { id: '42', price: 0, cost: 1 }, patch('/products/42/pricing', { price: 0, cost: 1 })],
		// Inventory has no prefix.
		[
			'inventory.adjust',
			{ sku: 'W-1', quantity: -3, reason: 'Stocktaking' },
			{ method: 'POST', path: '/Inventory/adjust', json: { sku: 'W-1', quantity: -3, reason: 'Stocktaking' } },
		],
		[
			'inventory.create',
			{ sku: 'W-1', name: 'W', onHand: 0 },
			{ method: 'POST', path: '/Inventory/', json: { sku: 'W-1', name: 'W', on_hand: 0 } },
		],
		['inventory.get', { sku: 'W 1/a' }, { method: 'GET', path: '/Inventory/W%201%2Fa' }],
		['inventory.getMany', {}, { method: 'GET', path: '/Inventory/' }],
		['inventory.update', { sku: 'W-1', onHand: 4 }, { method: 'PATCH', path: '/Inventory/W-1', json: { on_hand: 4 } }],
		[
			'sms.send',
			{ toPhone: '+15550100', message: 'Hello' },
			post('/sms/send', { to_phone: '+15550100', message: 'Hello' }),
		],
		['email.reply', { id: '77', body: 'Thanks' }, post('/crm/emails/77/reply', { body: 'Thanks' })],
		[
			'email.send',
			{ to: 'ada@example.com', subject: 'Quote', body: 'Hello' },
			post('/crm/emails/send', { to: 'ada@example.com', subject: 'Quote', body: 'Hello' }),
		],
		['chat.sendMessage', { message: 'Hello' }, post('/chat/message', { message: 'Hello' })],
	];

	test.each(CALLS)('%s with %j', (id, input, expected) => expect(wire(request(id, input))).toEqual(expected));

	test('that is every operation', () => {
		expect(new Set(CALLS.map(([id]) => id))).toEqual(new Set(solidNumber.operations.map(operationId)));
	});

	test.each<[string, Values, string]>([
		['contact.get', {}, '"Contact ID" is empty. Fill it in.'],
		['contact.get', { id: '..' }, '"Contact ID" must be an id: letters, digits, - and _.'],
		['product.delete', { id: '42/pricing' }, '"Product ID" must be an id: letters, digits, - and _.'],
		[
			'contact.create',
			{ email: '' },
			'The contact is empty. Fill in at least one of "First Name", "Email" and the other fields.',
		],
		['contact.create', { email: 'nobody' }, '"Email" must be an e-mail address.'],
		['contact.update', { id: '42' }, 'Nothing is to be changed. Fill in at least one field.'],
		['deal.create', { stage: 'New' }, '"Title" is empty. Fill it in.'],
		[
			'deal.create',
			{ title: 'T', amount: 12.5 },
			'"Amount (Cents)" counts in cents and must be a whole number: 1200000 means 12,000.00.',
		],
		[
			'deal.update',
			{ id: '7', amount: 1, value: 1 },
			'"Amount (Cents)" and "Value (Currency Units)" are both filled in. Fill in one.',
		],
		['deal.close', { id: '7', outcome: 'draw' }, '"Outcome" must be one of won, lost.'],
		['order.create', { items: [] }, '"Items" is empty. Fill it in.'],
		['order.create', { items: [{ quantity: 1 }] }, '"Product ID" is empty. Fill it in.'],
		['order.create', { items: [{ productId: '1', quantity: 0 }] }, '"Quantity" must be above 0.'],
		['order.refund', { id: '1', amount: -5 }, '"Amount (Currency Units)" must be above 0.'],
		['order.refund', { id: '1' }, '"Amount (Currency Units)" is empty. Fill it in.'],
		['paymentLink.create', { amount: 'ten' }, '"Amount (Currency Units)" must be a number.'],
		['inventory.get', { sku: '..' }, '"SKU" must be a stock keeping unit, e.g. WIDGET-1.'],
		['inventory.update', { sku: 'W-1' }, 'Nothing is to be changed. Fill in at least one field.'],
		['sms.send', { toPhone: '+15550100' }, '"Message" is empty. Fill it in.'],
		['email.send', { to: 'ada@example.com', subject: 'Quote' }, '"Body" is empty. Fill it in.'],
	])('%s with %j: %s', (id, input, message) => expect(() => request(id, input)).toThrow(new InvalidInput(message)));

	test('records come bare or under their name, and have an id', async () => {
		const link = await ran('paymentLink.sendTextToPay', { phone: '+1', amount: 1 }, [answer({ link_id: 'l1' })]);
		expect(link.items).toEqual([{ id: 'l1', link_id: 'l1' }]);
		expect((await ran('contact.get', { id: '1' }, [answer({ contact: { id: 1 } })])).items).toEqual([{ id: 1 }]);
		expect((await ran('contact.get', { id: '1' }, [answer({ id: 1 })])).items).toEqual([{ id: 1 }]);
		expect((await ran('inventory.get', { sku: 'W-1' }, [answer({ sku: 'W-1' })])).items).toEqual([
			{ id: 'W-1', sku: 'W-1' },
		]);
		expect((await ran('sms.send', { toPhone: '+1', message: 'Hi' }, [answer({ message_id: 'm1' })])).items).toEqual([
			{ id: 'm1', message_id: 'm1' },
		]);
		expect(
			(await ran('sms.send', { toPhone: '+1', message: 'Hi' }, [answer({ id: 'm1', message: 'Hi' })])).items,
		).toEqual([{ id: 'm1', message: 'Hi' }]);
		expect((await ran('product.delete', { id: '42' }, [answer(undefined, 204)])).items).toEqual([
			{ id: '42', deleted: true },
		]);
	});
});

describe('the provider as a whole', () => {
	test('calls carry the key as Bearer, and the test asks for one contact', () => {
		expect(solidNumber.api.authenticate(solidNumber.api.test, { apiKey: 'made-up' })).toEqual({
			method: 'GET',
			path: '/api/v1/crm/contacts',
			query: { limit: 1 },
			headers: { authorization: 'Bearer made-up' },
		});
	});

	test('what moves or requests money stays out of Zapier, and says why', () => {
		const kept = solidNumber.operations.filter((one) => handlingOf(one).kind === undefined);
		expect(kept.map(operationId)).toEqual([
			...['order.quickSale', 'order.refund'],
			...['paymentLink.create', 'paymentLink.markPaid', 'paymentLink.sendTextToPay'],
		]);
		for (const one of kept) expect(handlingOf(one).leftOut).toContain('money');
	});

	test('every amount says its unit', () => {
		const amounts = solidNumber.operations.flatMap(({ fields }) =>
			fields.filter(({ name }) => /^(amount|value|price|cost)$/.test(name)),
		);
		expect(amounts.length).toBeGreaterThan(5);
		for (const { label, description } of amounts) {
			expect(label).toMatch(/\((Cents|Currency Units)\)$/);
			expect(description).toContain('Sent as it is');
		}
	});

	test('operations have a known resource, a name of their own, and a sample with an id', () => {
		const resources = solidNumber.resources.map(({ name }) => name);
		const ids = solidNumber.operations.map(operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const one of solidNumber.operations) {
			expect(resources).toContain(one.resource);
			expect(one.sample).toHaveProperty('id');
			expect(new Set(one.fields.map(({ name }) => name)).size).toBe(one.fields.length);
		}
	});
});
