import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { solidNumber } from '../../providers/solid-number/provider.ts';
import { describeActions, describeConnection, describeErrors, describeFindOrCreate } from './support/cases.mts';
import { describeStaticHooks } from './support/static-hooks.mts';
import { describeApp } from './support/suite.mts';

const ORDER = { items: [{ productId: '42', quantity: 1 }], customerEmail: 'jane@example.com' };

describeApp(solidNumber, (stage) => {
	describeConnection(stage, { secret: 'apiKey', label: /^API Key #[0-9a-f]{6}$/ });
	describeStaticHooks(stage);
	describeErrors(stage, {
		action: 'creates.sms_send',
		input: { toPhone: '+15550100', message: 'Hello' },
		text: 'message',
	});
	describeActions(stage, {
		'creates.contact_create': { firstName: 'Jane', lastName: 'Example', email: 'jane@example.com' },
		'creates.contact_update': async (first) => ({ id: await first('list_contact'), phone: '+15550101' }),
		'searches.contact_get': async (first) => ({ id: await first('list_contact') }),
		'creates.contact_delete': async () => ({ id: await act('contact_create', { email: 'gone@example.com' }) }),
		'searches.contact_get_many': { search: 'Ada', status: 'Inactive', limit: 3 },
		'searches.contact_get_timeline': async (first) => ({ id: await first('list_contact') }),
		'searches.contact_search': { query: 'Ada' },
		'searches.contact_find_by_email': { email: 'JANE@example.com' },
		'searches.contact_find_recent': { since: '2000-01-01' },
		'searches.order_find_recent': async () => ({ since: (await act('order_create', ORDER)) && '2000-01-01' }),
		'searches.product_find_by_sku': { sku: 'WIDGET-1' },
		'creates.deal_create': { title: 'Kitchen', stage: 'New', value: 1200 },
		'creates.deal_update': async (first) => ({ id: await first('list_deal'), stage: 'Proposal' }),
		'creates.deal_close': async (first) => ({ id: await first('list_deal'), outcome: 'won' }),
		'searches.deal_get': async (first) => ({ id: await first('list_deal') }),
		'searches.deal_get_many': { limit: 3 },
		'creates.task_create': { title: 'Call back', priority: 'high', dueDate: '2026-02-09T10:00:00Z' },
		'creates.task_update': async (first) => ({ id: await first('list_task'), dueDate: '2026-02-10T10:00:00Z' }),
		'creates.task_complete': async (first) => ({ id: await first('list_task') }),
		'creates.task_delete': async () => ({ id: await act('task_create', { title: 'Passing' }) }),
		'searches.task_get_many': { limit: 3 },
		'creates.order_create': ORDER,
		'creates.order_confirm': async (first) => ({ id: await first('list_order') }),
		'creates.order_fulfill': async (first) => ({ id: await first('list_order') }),
		'creates.order_cancel': async () => ({ id: await act('order_create', ORDER) }),
		'searches.order_get': async (first) => ({ id: await first('list_order') }),
		'searches.order_get_many': { limit: 3 },
		'searches.payment_link_get': async () => ({ id: await paymentLink() }),
		'searches.payment_link_get_many': async () => ((await paymentLink()) === '' ? {} : { limit: 3 }),
		'creates.payment_link_delete': async () => ({ id: await paymentLink() }),
		'creates.product_create': { name: 'Odd Widget', sku: 'WIDGET-9', price: 12.5 },
		'creates.product_update': async (first) => ({ id: await first('list_product'), name: 'Better Widget' }),
		'creates.product_update_pricing': async (first) => ({ id: await first('list_product'), price: 13 }),
		'creates.product_delete': async () => ({ id: await act('product_create', { name: 'Passing Widget' }) }),
		'searches.product_get': async (first) => ({ id: await first('list_product') }),
		'searches.product_get_many': { limit: 3 },
		'creates.inventory_create': { sku: 'WIDGET-8', name: 'Rare Widget', onHand: 2 },
		'creates.inventory_update': { sku: 'WIDGET-1', price: 11 },
		'creates.inventory_archive': async () => {
			await act('inventory_create', { sku: 'WIDGET-7', name: 'Passing Widget' });
			return { sku: 'WIDGET-7' };
		},
		'creates.inventory_adjust': { sku: 'WIDGET-1', quantity: -1, reason: 'broken' },
		'searches.inventory_get': { sku: 'WIDGET-1' },
		'searches.inventory_get_many': { limit: 3 },
		'creates.sms_send': { toPhone: '+15550100', message: 'Hello' },
		'creates.email_send': { to: 'jane@example.com', subject: 'Hello', body: 'Good day' },
		'creates.email_reply': async () => {
			return { id: await act('email_send', { to: 'jane@example.com', subject: 'Hello', body: 'Hi' }), body: 'Again' };
		},
		'searches.email_get': async (first) => ({ id: await first('list_email') }),
		'searches.email_get_many': { direction: 'inbound', limit: 3 },
		'creates.message_send': async (first) => ({ contactId: await first('list_contact'), message: 'Hello' }),
		'creates.chat_send_message': { message: 'Is it in stock?' },
		'creates.webhook_test': async () => ({ id: await webhook() }),
		'searches.webhook_get_many': async () => ((await webhook()) === '' ? {} : { limit: 3 }),
	});

	describeFindOrCreate(stage, {
		contact_find_by_email: {
			search: { email: 'new@example.com' },
			create: { lastName: 'New', email: 'new@example.com' },
			id: 'id',
			label: /^Find or Create Contact$/,
		},
		product_find_by_sku: {
			search: { sku: 'widget-77' },
			create: { name: 'New Widget', sku: 'WIDGET-77' },
			id: 'id',
			label: /^Find or Create Product$/,
		},
	});

	/** Made without Zapier: making payment links is kept out of it. */
	const paymentLink = () => made('/payment-links/create', { amount: 12, description: 'Deposit' });

	/** Made without Zapier, whose webhooks are added manually. */
	const webhook = () => made('/developer/webhooks', { url: 'http://127.0.0.1:9/hook', events: ['order.paid'] });

	async function made(path: string, body: object): Promise<string> {
		const response = await fetch(`${stage.service.baseUrl}/api/v1${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${stage.connection.authData.apiKey}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		const { id } = (await response.json()) as { id: string | number };
		return String(id);
	}

	async function act(key: string, input: Record<string, unknown>): Promise<string> {
		const made = (await stage.zapier.act(stage.connection, 'creates', key, input)) as { id: string | number };
		return String(made.id);
	}

	describe('Solid#', () => {
		it('offers nothing that moves money: Zapier forbids it', async () => {
			const { creates } = await stage.zapier.definition();
			assert.doesNotMatch(
				Object.keys(creates).join(' '),
				/refund|charge|paid|quick_sale|text_to_pay|payment_link_create/,
			);
		});
	});
});
