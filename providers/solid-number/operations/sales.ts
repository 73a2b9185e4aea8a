/** Orders and payment links, as the vendor's command line calls them. */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, path, text } from '../../../core/json.ts';
import type { Field, Json, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { API, get, idField, idIn, idValue, IN_UNITS, MOVES_MONEY, positiveIn, send } from '../calls.ts';
import { SAMPLES } from '../events.ts';

const customerEmail: Field = {
	name: 'customerEmail',
	label: 'Customer Email',
	type: 'email',
	placeholder: 'e.g. ada@example.com',
	description: 'The e-mail address of the customer.',
};

const productId: Field = {
	name: 'productId',
	label: 'Product ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 42',
	description: 'The id of the product.',
};

const quantity: Field = {
	name: 'quantity',
	label: 'Quantity',
	type: 'number',
	required: true,
	default: 1,
	description: 'How many.',
};

const locationId: Field = {
	name: 'locationId',
	label: 'Location ID',
	type: 'string',
	placeholder: 'e.g. 1',
	description: 'The location whose stock is used.',
};

/** A step in the life of an order. */
function step(name: string, segment: string, label: string, description: string, status: string): Operation {
	return {
		resource: 'order',
		name,
		label,
		action: `${label} order`,
		description,
		fields: [idField('Order', 'order')],
		request: (input) => send('POST', `${path`/api/v1/orders/${idIn(input, 'Order ID')}`}/${segment}`),
		items: (response) => recordItem(response, 'order'),
		sample: { ...SAMPLES.order, status },
		grade: 'client',
		zapier: 'create',
	};
}

function orderLines(input: Values): Json[] {
	const rows = Array.isArray(input['items']) ? input['items'].filter(isObject) : [];
	if (rows.length === 0) throw new InvalidInput('"Items" is empty. Add at least one product.');
	return rows.map((row) => ({
		product_id: idValue(row, 'productId') ?? '',
		quantity: positiveIn(row, 'quantity', 'Quantity') ?? 1,
	}));
}

const orders: readonly Operation[] = [
	step('cancel', 'cancel', 'Cancel', 'Cancel an order, which releases its stock.', 'canceled'),
	step('confirm', 'confirm', 'Confirm', 'Confirm an order.', 'confirmed'),
	{
		resource: 'order',
		name: 'create',
		label: 'Create',
		action: 'Create order',
		description: 'Create an order. Nothing is charged by this.',
		fields: [
			{
				name: 'items',
				label: 'Items',
				type: 'rows',
				required: true,
				fields: [productId, quantity],
				description: 'What is ordered.',
			},
			customerEmail,
			locationId,
		],
		request: (input) => ({
			...send('POST', `${API}/orders/`, { items: orderLines(input), customer_email: input['customerEmail'] }),
			query: { location_id: text(input['locationId']) },
		}),
		items: (response) => recordItem(response, 'order'),
		sample: SAMPLES.order,
		grade: 'client',
		note: 'That creating an order charges nothing is inferred: quick sale, refund and payment links are calls of their own.',
		zapier: 'create',
	},
	step('fulfill', 'fulfill', 'Fulfill', 'Mark an order as fulfilled.', 'fulfilled'),
	{
		resource: 'order',
		name: 'get',
		label: 'Get',
		action: 'Get order',
		description: 'Get an order.',
		fields: [idField('Order', 'order')],
		request: (input) => get(path`/api/v1/orders/${idIn(input, 'Order ID')}`),
		items: (response) => recordItem(response, 'order'),
		sample: SAMPLES.order,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'order',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many orders',
		description: 'Get orders, all or those with a status.',
		fields: [
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. pending',
				description: 'Only orders with this status.',
			},
		],
		request: (input) => get(`${API}/orders/`, { status: text(input['status']) }),
		items: (response) => listItems(response, 'orders'),
		paging,
		sample: SAMPLES.order,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'order',
		name: 'quickSale',
		label: 'Quick Sale',
		action: 'Make quick sale',
		description: 'Sell one product at once.',
		fields: [productId, quantity, customerEmail],
		request: (input) =>
			send('POST', `${API}/orders/quick-sale`, {
				product_id: idValue(input, 'productId'),
				quantity: positiveIn(input, 'quantity', 'Quantity'),
				customer_email: input['customerEmail'],
			}),
		items: (response) => recordItem(response, 'order'),
		sample: SAMPLES.order,
		grade: 'client',
		note: MOVES_MONEY,
		zapier: false,
	},
	{
		resource: 'order',
		name: 'refund',
		label: 'Refund',
		action: 'Refund order',
		description: 'Pay back an order, in part or as a whole.',
		fields: [
			idField('Order', 'order'),
			{
				name: 'amount',
				label: 'Amount (Currency Units)',
				type: 'number',
				required: true,
				placeholder: 'e.g. 49.50',
				description: IN_UNITS,
			},
			{
				name: 'reason',
				label: 'Reason',
				type: 'string',
				placeholder: 'e.g. Damaged on arrival',
				description: 'Why it is paid back.',
			},
		],
		request: (input) =>
			send('POST', path`/api/v1/orders/${idIn(input, 'Order ID')}/refund`, {
				amount: positiveIn(input, 'amount', 'Amount (Currency Units)'),
				reason: input['reason'],
			}),
		items: (response) => recordItem(response, 'order', 'refund'),
		sample: { ...SAMPLES.order, status: 'refunded' },
		grade: 'client',
		note: MOVES_MONEY,
		zapier: false,
	},
];

const linkAmount: Field = {
	name: 'amount',
	label: 'Amount (Currency Units)',
	type: 'number',
	required: true,
	placeholder: 'e.g. 250',
	description: IN_UNITS,
};

const linkDescription: Field = {
	name: 'description',
	label: 'Description',
	type: 'string',
	placeholder: 'e.g. Deposit',
	description: 'What is to be paid for.',
};

const paymentLinks: readonly Operation[] = [
	{
		resource: 'paymentLink',
		name: 'create',
		label: 'Create',
		action: 'Create payment link',
		description: 'Create a link under which an amount can be paid.',
		fields: [linkAmount, linkDescription, customerEmail],
		request: (input) =>
			send('POST', `${API}/payment-links/create`, {
				amount: positiveIn(input, 'amount', linkAmount.label),
				description: input['description'],
				customer_email: input['customerEmail'],
			}),
		items: (response) => recordItem(response, 'payment_link', 'link'),
		sample: { ...SAMPLES.paymentLink, status: 'pending' },
		grade: 'client',
		note: MOVES_MONEY,
		zapier: false,
	},
	{
		resource: 'paymentLink',
		name: 'delete',
		label: 'Delete',
		action: 'Delete payment link',
		description: 'Delete a payment link.',
		fields: [idField('Payment Link', 'payment link')],
		request: (input) => ({ method: 'DELETE', path: path`/api/v1/payment-links/${idIn(input, 'Payment Link ID')}` }),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '311', deleted: true },
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'paymentLink',
		name: 'get',
		label: 'Get',
		action: 'Get payment link',
		description: 'Get a payment link.',
		fields: [idField('Payment Link', 'payment link')],
		request: (input) => get(path`/api/v1/payment-links/${idIn(input, 'Payment Link ID')}`),
		items: (response) => recordItem(response, 'payment_link', 'link'),
		sample: SAMPLES.paymentLink,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'paymentLink',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many payment links',
		description: 'Get payment links.',
		fields: [],
		request: () => get(`${API}/payment-links/`),
		items: (response) => listItems(response, 'links', 'payment_links'),
		paging,
		sample: SAMPLES.paymentLink,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'paymentLink',
		name: 'markPaid',
		label: 'Mark as Paid',
		action: 'Mark payment link as paid',
		description: 'Record that the amount of a payment link was paid in another way.',
		fields: [idField('Payment Link', 'payment link'), linkAmount],
		request: (input) =>
			send('POST', `${API}/payment-links/mark-paid`, {
				link_id: idValue({ id: idIn(input, 'Payment Link ID') }, 'id'),
				amount: positiveIn(input, 'amount', linkAmount.label),
			}),
		items: (response) => recordItem(response, 'payment_link', 'link'),
		sample: SAMPLES.paymentLink,
		grade: 'client',
		note: MOVES_MONEY,
		zapier: false,
	},
	{
		resource: 'paymentLink',
		name: 'sendTextToPay',
		label: 'Send Text to Pay',
		action: 'Send payment link by text message',
		description: 'Create a payment link and send it by text message.',
		fields: [
			{
				name: 'phone',
				label: 'Phone',
				type: 'string',
				required: true,
				placeholder: 'e.g. +15550100',
				description: 'The number that gets the message.',
			},
			linkAmount,
			linkDescription,
		],
		request: (input) =>
			send('POST', `${API}/payment-links/send-text2pay`, {
				phone: input['phone'],
				amount: positiveIn(input, 'amount', linkAmount.label),
				description: input['description'],
			}),
		// This answer calls the id of the link `link_id`.
		items: (response) =>
			recordItem(response, 'payment_link', 'link').map((link) => ({ ...defined({ id: link['link_id'] }), ...link })),
		sample: { id: 311, link_id: 311, status: 'sent' },
		grade: 'client',
		note: MOVES_MONEY,
		zapier: false,
	},
];

export const salesOperations: readonly Operation[] = [...orders, ...paymentLinks];
