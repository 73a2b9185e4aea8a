/**
 * The 19 event types of Solid#. https://solidnumber.com/docs/webhooks
 *
 * The envelope and one sample, `inventory.low_stock`, are documented. What `data` holds for the others is not: their samples
 * are put together from the objects that the vendor's command line documents.
 */
import { text } from '../../core/json.ts';
import type { EventType, JsonObject } from '../../core/provider.ts';

const CONTACT: JsonObject = {
	id: 42,
	first_name: 'Ada',
	last_name: 'Example',
	email: 'ada@example.com',
	phone: '+15550100',
	company_name: 'Example Solar',
	status: 'active',
	source: 'web',
	contact_type: 'customer',
	created_at: '2026-02-02T10:30:00Z',
	updated_at: '2026-02-02T10:30:00Z',
};

const DEAL: JsonObject = {
	id: 7,
	title: 'Kitchen Remodel',
	stage: 'New',
	value: 12000,
	contact_id: 42,
	contact_name: 'Ada Example',
	outcome: null,
	closed_at: null,
};

const ORDER: JsonObject = {
	id: 9001,
	customer_name: 'Ada Example',
	customer_email: 'ada@example.com',
	total: 99,
	status: 'pending',
	items: [{ product_id: 42, quantity: 2 }],
	created_at: '2026-02-02T10:30:00Z',
};

const PAYMENT_LINK: JsonObject = {
	id: 311,
	amount: 250,
	description: 'Deposit',
	status: 'paid',
	url: 'https://example.com/pay/311',
};

const RESERVATION: JsonObject = {
	product_id: 42,
	product_name: 'Premium Widget',
	quantity: 2,
	order_id: 9001,
	location_id: 1,
};

const AFFILIATE: JsonObject = { affiliate_id: 5, affiliate_name: 'Bea Example', amount: 12.5, order_id: 9001 };

function event(
	name: string,
	label: string,
	description: string,
	data: JsonObject,
	more: Partial<EventType> = {},
): EventType {
	return {
		name,
		label,
		description,
		group: GROUPS[name.split('.')[0] ?? ''] ?? '',
		grade: 'documented',
		sample: { event_type: name, company_id: 1, timestamp: '2026-02-02T10:30:00Z', data, metadata: {} },
		sampleGrade: 'inferred',
		...more,
	};
}

const GROUPS: { readonly [prefix: string]: string } = {
	inventory: 'Inventory',
	order: 'Orders',
	payment_link: 'Payment Links',
	affiliate: 'Affiliates',
	crm: 'CRM',
};

/** Real records in the shape of an event. The list has no documented order. */
function recent(type: string, operation: string): Pick<EventType, 'recent'> {
	return {
		recent: {
			operation,
			payload: (record) => ({
				event_type: type,
				...(record['company_id'] !== undefined && { company_id: record['company_id'] }),
				timestamp: text(record['created_at']) ?? text(record['updated_at']) ?? '',
				data: record,
				metadata: {},
			}),
		},
	};
}

export const events: readonly [EventType, ...EventType[]] = [
	event('inventory.reserved', 'Stock Reserved', 'Stock is reserved for an order', RESERVATION),
	event(
		'inventory.confirmed',
		'Reservation Confirmed',
		'A payment is confirmed and its reservation locked',
		RESERVATION,
	),
	event('inventory.released', 'Stock Released', 'An order is canceled and its stock released', RESERVATION),
	event('inventory.expired', 'Reservation Expired', 'A reservation runs out of time', RESERVATION),
	event(
		'inventory.backorder_created',
		'Backorder Created',
		'Something is out of stock and a backorder is created',
		RESERVATION,
	),
	event(
		'inventory.low_stock',
		'Low Stock',
		'Stock falls below its threshold',
		{},
		{
			// The sample of the documentation, as it is.
			sample: {
				event_type: 'inventory.low_stock',
				company_id: 1,
				timestamp: '2025-01-23T14:30:00Z',
				data: {
					product_id: 42,
					product_name: 'Premium Widget',
					quantity_available: 5,
					threshold: 10,
					location_id: 1,
					ai_action: 'Jake AI auto-reorder triggered',
				},
				metadata: { agent: 'jake', auto_reorder_placed: true, reorder_quantity: 50 },
			},
			sampleGrade: 'documented',
		},
	),
	event('order.created', 'Order Created', 'A new order is placed', ORDER, recent('order.created', 'order.getMany')),
	event('order.paid', 'Order Paid', 'The payment of an order is confirmed', { ...ORDER, status: 'paid' }),
	event('order.canceled', 'Order Canceled', 'An order is canceled by the customer or the system', {
		...ORDER,
		status: 'canceled',
	}),
	event('order.fulfilled', 'Order Fulfilled', 'An order is shipped with a tracking number', {
		...ORDER,
		status: 'fulfilled',
		tracking_number: 'EXAMPLE-1',
	}),
	event('payment_link.paid', 'Payment Link Paid', 'A payment link is paid', PAYMENT_LINK),
	event('payment_link.expired', 'Payment Link Expired', 'A payment link expires without payment', {
		...PAYMENT_LINK,
		status: 'expired',
	}),
	event('affiliate.commission_triggered', 'Commission Earned', 'An affiliate earns a commission', AFFILIATE),
	event('affiliate.payout_completed', 'Payout Completed', 'A commission is paid to an affiliate', AFFILIATE),
	event(
		'crm.contact.created',
		'Contact Created',
		'A contact is added',
		CONTACT,
		recent('crm.contact.created', 'contact.getMany'),
	),
	event('crm.contact.updated', 'Contact Updated', 'The information of a contact is changed', CONTACT),
	event(
		'crm.deal.created',
		'Deal Created',
		'A sales deal is created',
		DEAL,
		recent('crm.deal.created', 'deal.getMany'),
	),
	event('crm.deal.stage_changed', 'Deal Stage Changed', 'A deal moves to another stage of the pipeline', {
		...DEAL,
		stage: 'Proposal',
	}),
	event('crm.deal.closed', 'Deal Closed', 'A deal is won or lost', {
		...DEAL,
		outcome: 'won',
		closed_at: '2026-02-02T10:30:00Z',
	}),
];

/** The objects of the samples: what the calls of `operations.ts` answer with. */
export const SAMPLES = { contact: CONTACT, deal: DEAL, order: ORDER, paymentLink: PAYMENT_LINK } as const;
