import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { findOperation, handlingOf, operationId, run } from '../../../core/operation.ts';
import { InvalidInput, Unreachable } from '../../../core/errors.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import type { Lifecycle, SubscriptionState } from '../../../core/subscription-plan.ts';
import { check, create } from '../../../core/subscription.ts';
import { receive } from '../../../core/receive.ts';
import { listItems } from '../../../providers/solid-number/answers.ts';
import type { Trial } from '../../../core/subscription-trial.ts';
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
	const [manual, developer] = solidNumber.registrations;

	test('manual is the default, with steps', () => {
		expect(manual).toMatchObject({ name: 'manual', kind: 'manual', grade: 'documented' });
		expect(manual.kind === 'manual' && manual.steps.length).toBe(5);
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
			query: { limit: 100, offset: 200 },
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
		[
			{ webhook_id: 5, secret: 's' },
			{ id: '5', secret: 's' },
		],
		[{ id: 'wh_1', secret: '' }, { id: 'wh_1' }],
		[null, {}],
	])('id and secret in %j', (body, expected) => expect(api.subscribed(answer(body))).toEqual(expected));

	test.each<[Json]>([
		[{ webhooks: [{ id: 5, name: 'n8n', url, events: ['order.paid'], is_active: false }] }],
		[{ items: [{ id: '5', url, events: ['order.paid'], is_active: false }] }],
		[[{ id: '5', url, events: ['order.paid'], is_active: false }]],
		[{ webhooks: [{ webhook_id: 5, url, events: ['order.paid'], is_active: false }] }],
	])('a list %j', (body) => {
		expect(api.list!.read(answer(body))).toEqual([{ id: '5', url, events: ['order.paid'], active: false }]);
	});

	test('its test event, and what comes back', () => {
		expect(api.trial!.request({ id: 'wh_1', url })).toEqual({
			method: 'POST',
			path: '/api/v1/developer/webhooks/wh_1/test',
			json: { event_type: 'webhook.test' },
		});
	});

	test.each<[Json | undefined, ReturnType<Trial['read']>]>([
		[
			{ delivery_status: 'delivered', response_code: 200, latency_ms: 41 },
			{ delivered: true, status: 200, milliseconds: 41 },
		],
		[
			{ status: 'failed', response_code: 401 },
			{ delivered: false, status: 401 },
		],
		[
			{ delivery_status: 'sent', response_code: '204' },
			{ delivered: true, status: 204 },
		],
		[{ delivery_status: 'failed', response_code: null }, { delivered: false }],
		[
			{ status: 'Timeout', response_code: 0, latency_ms: 5000 },
			{ delivered: false, milliseconds: 5000 },
		],
		[{ status: 'success' }, { delivered: true }],
		[{ status: 'queued' }, undefined],
		[{}, undefined],
		[undefined, undefined],
	])('%j of a test is read as %j', (body, expected) => {
		expect(api.trial!.read(answer(body))).toEqual(expected);
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
	])('a refusal (%s) says what was said, and to register manually', async (_, refused, said) => {
		const { life, sent, state } = lifecycle({ GET: answer(undefined, 404), POST: refused, DELETE: answer({}, 200) });
		const failure = await create(life).then(
			() => new Error('nothing failed'),
			(cause: Error) => cause,
		);
		expect(failure.message).toContain(said);
		expect(failure.message).toMatch(
			/select "Manual" under Registration and add the URL in Solid# under Settings > Webhooks\.$/,
		);
		expect(state()?.subscriptions ?? []).toEqual([]);
		if (said === 'gave no secret') expect(sent).toContain('DELETE /api/v1/developer/webhooks/wh_1');
	});

	test('a connection that failed is not a reason to register manually', async () => {
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
			{ message: 'the input is not valid', details: ['customer.email: value is not a valid email'] },
		],
		['under 200', answer({ error: { code: 'x', message: 'No' } }), { code: 'x', message: 'No' }],
		[
			'as a code',
			answer({ error: 'not_found', message: 'No such order' }, 404),
			{ code: 'not_found', message: 'No such order' },
		],
		[
			'of a missing scope, in detail',
			answer({ detail: { code: 'SCOPE_MISSING', message: 'Missing scope', scope: 'contacts:write' } }, 403),
			{
				code: 'SCOPE_MISSING',
				message: 'Missing scope',
				details: ['the API key needs the scope contacts:write'],
			},
		],
		[
			'of a missing scope, at the top',
			answer({ code: 'SCOPE_MISSING', message: 'No access', scope: 'contacts:write' }, 403),
			{ code: 'SCOPE_MISSING', message: 'No access', details: ['the API key needs the scope contacts:write'] },
		],
		[
			'of a missing scope, in error',
			answer({ error: { code: 'SCOPE_MISSING', scope: 'contacts:write' } }, 403),
			{ code: 'SCOPE_MISSING', message: 'SCOPE_MISSING', details: ['the API key needs the scope contacts:write'] },
		],
		[
			'of a missing scope, of older servers',
			answer({ detail: 'Missing scope: contacts:write' }, 403),
			{ message: 'Missing scope: contacts:write' },
		],
		[
			'of a plan',
			answer({ detail: { code: 'FEATURE_GATED', reason: 'x', feature: 'api', upgrade_to: 'Professional' } }, 403),
			{
				code: 'FEATURE_GATED',
				message: 'FEATURE_GATED',
				details: ['your plan does not include api', 'it needs the plan Professional'],
			},
		],
		[
			'with a reason in detail',
			answer({ detail: { reason: 'closed', detail: 'Closed' } }, 409),
			{ code: 'closed', message: 'Closed' },
		],
		[
			'of a verb, under 200',
			answer({
				ok: false,
				verb: 'order.milestone',
				error: { reason: 'approval_required', message: 'Needs approval', approval_url: 'https://example.com/a' },
			}),
			{
				code: 'approval_required',
				message: 'Needs approval',
				details: ['open https://example.com/a to approve it; trying again does not help'],
			},
		],
		[
			'of a verb, in its result',
			answer({ ok: false, result: { status: 'ERROR', error: 'no_order', detail: 'There is no such order' } }),
			{ message: 'There is no such order' },
		],
		['of a verb that says no more', answer({ ok: false }), { message: 'it was not done' }],
		['by status, under 200', answer({ status: 'error', summary: 'Not sent' }), { message: 'Not sent' }],
		['by status, invalid', answer({ status: 'invalid', summary: 'No URL' }, 400), { message: 'No URL' }],
		['with an empty error', answer({ error: {}, message: 'Sent' }), undefined],
		['of a record whose status is error', answer({ id: 1, status: 'error', summary: 'A quote' }), undefined],
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
		['null', { items: null, has_more: null }, []],
		['null by name', { contacts: null }, []],
		['in result', { ok: true, result: { items: [{ id: 1 }] } }, [{ id: 1 }]],
		['under another name, as the only array', { people: [{ id: 1 }], errors: [] }, [{ id: 1 }]],
		['of two arrays: it is seen', { people: [], places: [] }, [{ people: [], places: [] }]],
		['of none but errors: it is seen', { errors: [{ id: 1 }] }, [{ errors: [{ id: 1 }] }]],
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
			{ limit: 100, offset: 0 },
			{ limit: 100, offset: 50 },
		]);
		const byTotal = await ran('paymentLink.getMany', {}, [
			answer({ items: many(100), total: 150, offset: 0, has_more: null }),
			answer({ items: many(50), total: 150, offset: 100, has_more: null }),
		]);
		expect(byTotal.items).toHaveLength(150);
		expect(byTotal.sent[1]).toEqual({
			method: 'GET',
			path: '/api/v1/payment-links/',
			query: { limit: 100, offset: 100 },
		});
		const bare = await ran('inventory.getMany', {}, [answer(many(100)), answer(many(1))]);
		expect(bare.items).toHaveLength(101);
		// A bare array as long as the documented default is not taken for the last page.
		const capped = await ran('product.getMany', {}, [answer(many(50)), answer(many(20))]);
		expect(capped.items).toHaveLength(70);
		const few = await ran('product.getMany', {}, [answer({ items: many(5), has_more: true })], 5);
		expect(few.sent.map(({ query }) => query?.['limit'])).toEqual([5]);
	});
});

// ------------------------------------------------------------------------------------------- operations

describe('calls', () => {
	const post = (path: string, json?: Json) => ({ method: 'POST', path: `/api/v1${path}`, ...(json && { json }) });
	const remove = (path: string) => ({ method: 'DELETE', path: `/api/v1${path}` });
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
		['contact.delete', { id: 42 }, remove('/crm/contacts/42')],
		['contact.get', { id: 42 }, get('/crm/contacts/42')],
		['contact.getMany', {}, get('/crm/contacts')],
		[
			'contact.getMany',
			{
				...{ search: 'john', source: 'web', tags: 'vip, new', companyId: 3, hasAi: false, sort: 'created_at' },
				// Dropped by the service in silence, so not sent.
				...{ status: 'active', contactType: 'lead' },
			},
			get('/crm/contacts', {
				...{ search: 'john', source: 'web', tags: 'vip, new', crm_company_id: '3', has_ai: false, sort: 'created_at' },
			}),
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
			{ title: 'Kitchen Remodel', stage: 'New', value: '12000.5', contactId: '42' },
			post('/crm/deals', { title: 'Kitchen Remodel', stage: 'New', value: 12000.5, contact_id: 42 }),
		],
		['deal.get', { id: '7' }, get('/crm/deals/7')],
		['deal.getMany', { stage: 'New' }, get('/crm/deals', { stage: 'New' })],
		['deal.update', { id: '7', contactId: 'c-1' }, patch('/crm/deals/7', { contact_id: 'c-1' })],
		['task.complete', { id: '15' }, { method: 'PUT', path: '/api/v1/crm/tasks/15/complete' }],
		[
			'task.create',
			{ title: 'Call', contactId: 42, priority: 'high', dueDate: '2026-02-09' },
			post('/crm/tasks', { title: 'Call', contact_id: 42, priority: 'high', due_date: '2026-02-09' }),
		],
		// The calendar day as it is written, in whatever time zone.
		...['2026-02-09T23:30:00-08:00', '2026-02-09T00:00:00.000+11:00', '2026-02-09T10:00:00Z', '2026-02-09 10:00'].map(
			(dueDate): [string, Values, object] => [
				'task.create',
				{ title: 'Call', dueDate },
				post('/crm/tasks', { title: 'Call', due_date: '2026-02-09' }),
			],
		),
		['task.delete', { id: '15' }, remove('/crm/tasks/15')],
		['task.getMany', { overdue: true, priority: 'low' }, get('/crm/tasks', { priority: 'low', overdue: true })],
		['task.getMany', { overdue: false, status: 'pending' }, get('/crm/tasks', { status: 'pending' })],
		[
			'task.update',
			{ id: '15', status: 'pending', dueDate: '2026-02-10T09:00:00+01:00' },
			{ method: 'PUT', path: '/api/v1/crm/tasks/15', json: { status: 'pending', due_date: '2026-02-10' } },
		],
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
		['order.getMany', { status: 'paid' }, get('/orders/', { status: 'paid' })],
		[
			'order.quickSale',
			{ productId: '42', customerEmail: 'ada@example.com' },
			post('/orders/quick-sale', { product_id: 42, quantity: 1, customer_email: 'ada@example.com' }),
		],
		['order.refund', { id: '9001' }, post('/orders/9001/refund', {})],
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
		['paymentLink.delete', { id: '311' }, remove('/payment-links/311')],
		['paymentLink.get', { id: '311' }, get('/payment-links/311')],
		['paymentLink.getMany', {}, get('/payment-links/')],
		['paymentLink.markPaid', { id: '311' }, post('/payment-links/mark-paid', { link_id: 311 })],
		[
			'paymentLink.markPaid',
			{ id: '311', amount: 250 },
			post('/payment-links/mark-paid', { link_id: 311, amount: 250 }),
		],
		[
			'paymentLink.sendTextToPay',
			{ phone: '+1 (555) 010-0100', amount: 250 },
			post('/payment-links/send-text2pay', { phone: '+15550100100', amount: 250 }),
		],
		['product.create', { name: 'W' }, post('/products/', { name: 'W', product_type: 'physical' })],
		[
			'product.create',
			{ name: 'W', price: 49.5, cost: 20, sku: 'W-1', description: 'Lasts', productType: 'service' },
			post('/products/', {
				...{ name: 'W', product_type: 'service', price: 49.5, cost: 20, sku: 'W-1', description: 'Lasts' },
			}),
		],
		['product.delete', { id: '42' }, remove('/products/42')],
		['product.get', { id: '42' }, get('/products/42')],
		['product.getMany', {}, get('/products/')],
		['product.getMany', { productType: 'physical' }, get('/products/', { product_type: 'physical' })],
		[
			'product.update',
			{ id: '42', name: 'W', description: 'Lasts', sku: 'W-1', isActive: false },
			patch('/products/42', { name: 'W', description: 'Lasts', sku: 'W-1', is_active: false }),
		],
		['product.updatePricing', { id: '42', price: 0, cost: 1 }, patch('/products/42/pricing', { price: 0, cost: 1 })],
		[
			'inventory.adjust',
			{ sku: 'W-1', quantity: -3, reason: 'Stocktaking' },
			post('/Inventory/adjust', { sku: 'W-1', quantity: -3, reason: 'Stocktaking' }),
		],
		['inventory.archive', { sku: 'W-1' }, post('/Inventory/archive', { sku: 'W-1' })],
		['inventory.create', { sku: 'W-1', name: 'W' }, post('/Inventory/create', { sku: 'W-1', name: 'W', on_hand: 0 })],
		['inventory.get', { sku: 'W 1/a' }, get('/Inventory/get', { sku: 'W 1/a' })],
		['inventory.getMany', {}, get('/Inventory/list')],
		['inventory.update', { sku: 'W-1', price: 4 }, post('/Inventory/update', { sku: 'W-1', price: 4 })],
		[
			'sms.send',
			{ toPhone: '+15550100', message: 'Hello' },
			post('/sms/send', { to_phone: '+15550100', message: 'Hello' }),
		],
		['email.get', { id: '77' }, get('/crm/emails/77')],
		['email.getMany', {}, get('/crm/emails')],
		['email.getMany', { direction: 'inbound' }, get('/crm/emails', { direction: 'inbound' })],
		[
			'email.send',
			{ to: 'ada@example.com', subject: 'Quote', body: 'Hello' },
			post('/crm/emails/send', { to_email: 'ada@example.com', subject: 'Quote', text_content: 'Hello' }),
		],
		[
			'message.send',
			{ contactId: '42', message: 'Hello' },
			post('/communications/send', { contact_id: 42, message: 'Hello' }),
		],
		[
			'message.send',
			{ contactId: '42', message: 'Hello', channel: 'sms' },
			post('/communications/send', { contact_id: 42, message: 'Hello', channel: 'sms' }),
		],
		[
			'chat.sendMessage',
			{ message: 'Hello', conversationId: 'conv_1' },
			post('/chat/message', { message: 'Hello', conversation_id: 'conv_1' }),
		],
		['webhook.delete', { id: '5' }, remove('/developer/webhooks/5')],
		['webhook.getMany', {}, get('/developer/webhooks')],
		['webhook.test', { id: '5' }, post('/developer/webhooks/5/test', { event_type: 'webhook.test' })],
	];

	test.each(CALLS)('%s with %j', (id, input, expected) => expect(wire(request(id, input))).toEqual(expected));

	test('that is every operation, and replying to an email', () => {
		const ids = [...CALLS.map(([id]) => id), 'email.reply'];
		expect(new Set(ids)).toEqual(new Set(solidNumber.operations.map(operationId)));
	});

	test.each<[string, JsonObject, JsonObject]>([
		[
			'one that was received: to its sender',
			{ id: 77, direction: 'inbound', from_email: 'ada@example.com', to_email: 'me@example.com', subject: 'Quote' },
			{ to_email: 'ada@example.com', subject: 'Re: Quote' },
		],
		[
			'one that was sent: to its recipient',
			{
				id: 77,
				direction: 'outbound',
				from_email: 'me@example.com',
				to_email: 'ada@example.com',
				subject: 'RE: Quote',
			},
			{ to_email: 'ada@example.com', subject: 'RE: Quote' },
		],
		[
			'one with the other names and no subject',
			{ email: { direction: 'Inbound', from_address: 'ada@example.com', to_address: 'me@example.com' } },
			{ to_email: 'ada@example.com', subject: 'Re:' },
		],
	])('a reply to %s', async (_, email, expected) => {
		const { sent } = await ran('email.reply', { id: '77', body: 'Thanks' }, [answer(email), answer({ id: 78 })]);
		expect(sent).toEqual([
			get('/crm/emails/77'),
			post('/crm/emails/77/reply', { ...expected, text_content: 'Thanks' }),
		]);
	});

	test('a reply to an email without an address is refused, and nothing is sent', async () => {
		const sent = ran('email.reply', { id: '77', body: 'Thanks' }, [answer({ id: 77, direction: 'inbound' })]);
		await expect(sent).rejects.toThrow('This email has no address to reply to. Use "Send" instead.');
	});

	test('emails are asked for by page and by offset', async () => {
		const page = Array.from({ length: 100 }, (__, id) => ({ id, direction: 'inbound' }));
		const { sent } = await ran('email.getMany', {}, [answer(page), answer([])]);
		expect(sent.map(({ query }) => query)).toEqual([
			{ page: 1, page_size: 100, limit: 100, offset: 0 },
			{ page: 2, page_size: 100, limit: 100, offset: 100 },
		]);
	});

	test.each<[string, Values, string]>([
		['contact.get', {}, '"Contact ID" is empty. Fill it in.'],
		['contact.get', { id: '..' }, '"Contact ID" must be an ID: letters, digits, - and _.'],
		['product.delete', { id: '42/pricing' }, '"Product ID" must be an ID: letters, digits, - and _.'],
		['webhook.delete', { id: '5/test' }, '"Webhook ID" must be an ID: letters, digits, - and _.'],
		[
			'contact.create',
			{ email: '' },
			'The contact is empty. Fill in at least one of "First Name", "Email" and the other fields.',
		],
		['contact.create', { email: 'nobody' }, '"Email" must be '],
		['contact.update', { id: '42' }, 'There is nothing to update. Fill in at least one field.'],
		['deal.create', { stage: 'New' }, '"Title" is empty. Fill it in.'],
		['deal.create', { title: 'T', value: 'ten' }, '"Amount" must be a number.'],
		['deal.close', { id: '7', outcome: 'draw' }, '"Outcome" must be one of won, lost.'],
		['task.create', { title: 'T', dueDate: 'tomorrow' }, '"Due Date" must be a date, e.g. 2026-02-28.'],
		['task.update', { id: '15' }, 'There is nothing to update. Fill in at least one field.'],
		['order.create', { items: [] }, '"Items" is empty. Fill it in.'],
		['order.create', { items: [{ quantity: 1 }] }, '"Product ID" is empty. Fill it in.'],
		['order.create', { items: [{ productId: '1', quantity: 0 }] }, '"Quantity" must be a whole number from 1.'],
		['order.create', { items: [{ productId: '1', quantity: 1.5 }] }, '"Quantity" must be a whole number from 1.'],
		['order.refund', { id: '1', amount: -5 }, '"Amount" must be above 0.'],
		['order.refund', { id: '1', amount: 0 }, '"Amount" must be above 0.'],
		// Left out is the whole order. An expression that found nothing must not be.
		['order.refund', { id: '1', amount: '' }, '"Amount" is empty. Fill it in or remove it.'],
		['order.refund', { id: '1', amount: null }, '"Amount" is empty. Fill it in or remove it.'],
		['paymentLink.markPaid', { id: '1', amount: ' ' }, '"Amount" is empty. Fill it in or remove it.'],
		['paymentLink.create', { amount: 'ten' }, '"Amount" must be a number.'],
		['paymentLink.create', { description: 'Deposit' }, '"Amount" is empty. Fill it in.'],
		['paymentLink.markPaid', { id: '1', amount: 0 }, '"Amount" must be above 0.'],
		['product.update', { id: '42' }, 'There is nothing to update. Fill in at least one field.'],
		['inventory.get', { sku: ' ' }, '"SKU" is empty. Fill it in.'],
		['inventory.adjust', { sku: 'W-1', quantity: 1.5 }, '"Quantity" must be a whole number.'],
		['inventory.update', { sku: 'W-1' }, 'There is nothing to update. Fill in at least one field.'],
		['sms.send', { toPhone: '+15550100' }, '"Message" is empty. Fill it in.'],
		[
			'sms.send',
			{ toPhone: '0400 123 456', message: 'Hello' },
			'"To" must be a phone number with + and the country code, e.g. +15550100.',
		],
		['email.send', { to: 'ada@example.com', subject: 'Quote' }, '"Body" is empty. Fill it in.'],
		['message.send', { message: 'Hello' }, '"Contact ID" is empty. Fill it in.'],
	])('%s with %j: %s', (id, input, message) => {
		expect(() => request(id, input)).toThrow(InvalidInput);
		expect(() => request(id, input)).toThrow(message);
	});

	/** The filters whose effect on the server is not known, against a server that ignores them, and the records that are right. */
	test.each<[string, Values, JsonObject[], (number | string)[]]>([
		[
			'contact.getMany',
			{ status: 'Inactive', contactType: 'lead' },
			[
				{ id: 1, status: 'active', contact_type: 'lead' },
				{ id: 2, status: 'inactive', contact_type: 'Lead' },
				{ id: 3, status: 'inactive', contact_type: null },
				{ id: 4, contact_type: 'lead' },
			],
			[2],
		],
		['deal.getMany', { stage: 'new' }, [{ id: 1, stage: 'New' }, { id: 2, stage: 'Won' }, { id: 3 }], [1]],
		[
			'task.getMany',
			{ status: 'pending', priority: 'high' },
			[
				{ id: 1, status: 'pending', priority: 'low' },
				{ id: 2, status: 'Pending', priority: 'high' },
				{ id: 3, status: 'completed', priority: 'high' },
			],
			[2],
		],
		[
			'task.getMany',
			{ overdue: true },
			[
				{ id: 1, status: 'pending', due_date: '2020-01-01' },
				{ id: 2, status: 'completed', due_date: '2020-01-01' },
				{ id: 3, status: 'pending', due_date: '2999-01-01' },
				{ id: 4, status: 'pending' },
			],
			[1],
		],
		[
			'order.getMany',
			{ status: 'PAID' },
			[
				{ id: 1, status: 'paid' },
				{ id: 2, status: 'pending' },
			],
			[1],
		],
		[
			'product.getMany',
			{ productType: 'physical' },
			[
				{ id: 1, product_type: 'physical' },
				{ id: 2, product_type: 'service' },
			],
			[1],
		],
		[
			'email.getMany',
			{ direction: 'inbound' },
			[
				{ id: 1, direction: 'inbound' },
				{ id: 2, direction: 'outbound' },
			],
			[1],
		],
	])('%s with %j is right although the server ignores it', async (id, input, records, right) => {
		const { items } = await ran(id, input, [answer(records)]);
		expect(items.map((item) => item['id'])).toEqual(right);
	});

	test('a filter on our side pages on until the limit is filled', async () => {
		const page = (from: number, status: string) =>
			Array.from({ length: 100 }, (_, index) => ({ id: from + index, status: index === 99 ? 'inactive' : status }));
		const asked = await ran(
			'contact.getMany',
			{ status: 'inactive' },
			[
				answer({ contacts: page(0, 'active'), total: 300, offset: 0 }),
				answer({ contacts: page(100, 'active'), total: 300, offset: 100 }),
				answer({ contacts: page(200, 'inactive'), total: 300, offset: 200 }),
			],
			3,
		);
		expect(asked.items.map(({ id }) => id)).toEqual([99, 199, 200]);
		expect(asked.sent.map(({ query }) => query)).toEqual([
			{ limit: 100, offset: 0 },
			{ limit: 100, offset: 100 },
			{ limit: 100, offset: 200 },
		]);
	});

	test.each<[string, Values, Json | undefined, JsonObject]>([
		['contact.get', { id: '1' }, { contact: { id: 1 } }, { id: 1 }],
		['contact.get', { id: '1' }, { id: 1 }, { id: 1 }],
		['contact.get', { id: '1' }, { ok: true, result: { id: 1 } }, { id: 1 }],
		[
			'contact.update',
			{ id: '1', email: 'a@example.com' },
			{ email: 'a@example.com' },
			{ id: '1', email: 'a@example.com' },
		],
		['paymentLink.sendTextToPay', { phone: '+15550100', amount: 1 }, { link_id: 5 }, { id: 5, link_id: 5 }],
		['order.quickSale', { productId: '1' }, { order_id: 9 }, { id: 9, order_id: 9 }],
		['order.confirm', { id: '9' }, { status: 'confirmed' }, { id: '9', status: 'confirmed' }],
		['order.refund', { id: '9' }, { refund: { order_id: 9, amount: 5 } }, { id: 9, order_id: 9, amount: 5 }],
		['task.complete', { id: '15' }, { status: 'completed' }, { id: '15', status: 'completed' }],
		['inventory.get', { sku: 'W-1' }, { sku: 'W-1' }, { id: 'W-1', sku: 'W-1' }],
		['inventory.adjust', { sku: 'W-1', quantity: 1 }, { on_hand: 3 }, { id: 'W-1', sku: 'W-1', on_hand: 3 }],
		['sms.send', { toPhone: '+15550100', message: 'Hi' }, { message_id: 'm1' }, { id: 'm1', message_id: 'm1' }],
		['sms.send', { toPhone: '+15550100', message: 'Hi' }, { id: 'm1', message: 'Hi' }, { id: 'm1', message: 'Hi' }],
		['product.delete', { id: '42' }, undefined, { success: true, id: '42', deleted: true }],
		['contact.delete', { id: '42' }, { message: 'Deleted' }, { id: '42', deleted: true }],
		['webhook.getMany', {}, { webhooks: [{ webhook_id: 5 }] }, { id: '5', webhook_id: 5 }],
		['webhook.test', { id: '5' }, { delivery_status: 'failed' }, { id: '5', delivery_status: 'failed' }],
	])('%s with %j: %j is read as %j', async (id, input, body, item) => {
		expect((await ran(id, input, [answer(body, body === undefined ? 204 : 200)])).items).toEqual([item]);
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
		const [clean, kept] = [true, false].map((removes) =>
			solidNumber.operations.filter(
				(one) => handlingOf(one).kind === undefined && (one.administrative !== undefined) === removes,
			),
		) as [Operation[], Operation[]];
		expect(clean.map(operationId)).toEqual(['webhook.delete']);
		expect(kept.map(operationId)).toEqual([
			...['order.quickSale', 'order.refund'],
			...['paymentLink.create', 'paymentLink.markPaid', 'paymentLink.sendTextToPay'],
		]);
		for (const one of kept) expect(handlingOf(one).leftOut).toContain('money');
	});

	test('every amount says its unit, and there is one', () => {
		const amounts = solidNumber.operations.flatMap(({ fields }) =>
			fields.filter(({ name }) => /^(amount|value|price|cost)$/.test(name)),
		);
		expect(amounts.length).toBeGreaterThan(5);
		for (const { label, description } of amounts) {
			expect(label).toMatch(/^(Amount|Price|Cost)$/);
			expect(description).toMatch(/ In currency units, e\.g\. [0-9.]+ \(not in cents\)\.$/);
		}
	});

	test('the fields that most people fill in are at the top of a form', () => {
		const top = (id: string) =>
			operation(id).fields.flatMap(({ name, top: isTop, required }) => (isTop || required ? [name] : []));
		expect(top('contact.create')).toEqual(['firstName', 'lastName', 'email']);
		expect(top('product.create')).toEqual(['name']);
		expect(top('inventory.create')).toEqual(['sku', 'name']);
		expect(solidNumber.resources[0]?.name).toBe('contact');
	});

	test('a record that the service lists is chosen from a list', () => {
		const ids = (fields: Operation['fields']): Operation['fields'] =>
			fields.flatMap((field) => (field.fields ? ids(field.fields) : /^id$|Id$|^sku$/.test(field.name) ? [field] : []));
		const without = solidNumber.operations.flatMap((one) =>
			ids(one.fields).flatMap(({ name, choicesFrom }) => (choicesFrom ? [] : [`${operationId(one)} ${name}`])),
		);
		// Solid# lists no companies, locations or conversations, and an item or product that is being made has its SKU still to come.
		expect(without).toEqual([
			...['contact.getMany companyId', 'order.create locationId', 'product.create sku', 'product.update sku'],
			...['inventory.create sku', 'chat.sendMessage conversationId'],
		]);
	});

	test('operations have a known resource, a name of their own, and a sample with an id', () => {
		const resources = solidNumber.resources.map(({ name }) => name);
		const ids = solidNumber.operations.map(operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const one of solidNumber.operations) {
			expect(resources).toContain(one.resource);
			// Entries of a timeline have none.
			if (one.name !== 'getTimeline') expect(one.sample).toHaveProperty('id');
			expect(new Set(one.fields.map(({ name }) => name)).size).toBe(one.fields.length);
		}
	});
});
