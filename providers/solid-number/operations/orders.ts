/** Orders, as solid-cli calls them (orders.ts). The path of the list ends in a slash. */
import { InvalidInput } from '../../../core/errors.ts';
import { isObject, path, text } from '../../../core/json.ts';
import type { Field, HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem, withId } from '../answers.ts';
import { get, send } from '../connection.ts';
import { SAMPLES } from '../events.ts';
import { idField, idIn, idValue, matching, money, positiveIn, wholeIn } from './fields.ts';

/** Asks for the email address of whoever pays. */
export const customerEmail: Field = {
	name: 'customerEmail',
	label: 'Customer Email',
	type: 'email',
	placeholder: 'e.g. ada@example.com',
	description: "The customer's email address.",
};

const productId: Field = {
	name: 'productId',
	label: 'Product ID',
	type: 'choice',
	choicesFrom: 'product',
	required: true,
	placeholder: 'e.g. 42',
	description: 'The ID of the product.',
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

const REFUND: Field = {
	...money('amount', 'Amount', 'How much to refund. Leave it out to refund the whole order.'),
	notBlank: true,
};

const orderId = idField('order', 'Order');

/** An order, whatever the call calls its id. What a step answers with is not known: the id that was asked for is kept. */
function order(response: HttpResponse, input: Values): JsonObject[] {
	return recordItem(response, 'order', 'refund').map((item) => {
		const known = withId(item, 'order_id');
		return known['id'] === undefined && input['id'] !== undefined ? { ...{ id: input['id'] }, ...known } : known;
	});
}

/** A step in the life of an order. It takes no body. */
function step(name: string, segment: string, label: string, description: string, status: string): Operation {
	return {
		resource: 'order',
		name,
		label,
		action: `${label} order`,
		description,
		fields: [orderId],
		request: (input) => send('POST', `${path`/orders/${idIn(input, 'Order ID')}`}/${segment}`),
		items: order,
		sample: { ...SAMPLES.order, status },
		grade: 'client',
		effect: 'change',
		repeatable: true,
	};
}

function orderLines(input: Values): Json[] {
	const rows = Array.isArray(input['items']) ? input['items'].filter(isObject) : [];
	if (rows.length === 0) throw new InvalidInput('"Items" is empty. Add at least one product.');
	return rows.map((row) => ({
		product_id: idValue(row, 'productId') ?? '',
		quantity: wholeIn(row, 'quantity', 'Quantity', 1) ?? 1,
	}));
}

export const orderOperations: readonly Operation[] = [
	step('cancel', 'cancel', 'Cancel', 'Cancel an order and release its stock.', 'canceled'),
	step('confirm', 'confirm', 'Confirm', 'Confirm an order.', 'confirmed'),
	{
		resource: 'order',
		name: 'create',
		label: 'Create',
		action: 'Create order',
		description: 'Create an order. This charges nothing.',
		fields: [
			{
				name: 'items',
				label: 'Items',
				type: 'rows',
				required: true,
				fields: [productId, quantity],
				description: 'The products to order.',
			},
			customerEmail,
			locationId,
		],
		request: (input) => ({
			...send('POST', '/orders/', { items: orderLines(input), customer_email: input['customerEmail'] }),
			query: { location_id: text(input['locationId']) },
		}),
		items: order,
		sample: SAMPLES.order,
		grade: 'client',
		effect: 'create',
	},
	step('fulfill', 'fulfill', 'Fulfill', 'Mark an order as fulfilled.', 'fulfilled'),
	{
		resource: 'order',
		name: 'get',
		label: 'Get',
		action: 'Get order',
		description: 'Get an order.',
		fields: [orderId],
		request: (input) => get(path`/orders/${idIn(input, 'Order ID')}`),
		items: order,
		sample: SAMPLES.order,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'order',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many orders',
		description: 'Get orders, all or those with one status.',
		fields: [
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. paid',
				description: 'Only orders with this status.',
			},
		],
		request: (input) => get('/orders/', { status: text(input['status']) }),
		keep: (input) => matching(input, { status: 'status' }),
		items: (response) => listItems(response, 'orders'),
		paging,
		sample: SAMPLES.order,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'order',
		name: 'quickSale',
		label: 'Quick Sale',
		action: 'Make quick sale',
		description: 'Sell one product in a single step.',
		fields: [productId, quantity, customerEmail],
		request: (input) =>
			send('POST', '/orders/quick-sale', {
				product_id: idValue(input, 'productId'),
				quantity: wholeIn(input, 'quantity', 'Quantity', 1),
				customer_email: input['customerEmail'],
			}),
		items: order,
		sample: SAMPLES.order,
		grade: 'client',
		effect: 'money',
	},
	{
		resource: 'order',
		name: 'refund',
		label: 'Refund',
		action: 'Refund order',
		description: 'Refund an order, in full or in part.',
		fields: [
			orderId,
			REFUND,
			{
				name: 'reason',
				label: 'Reason',
				type: 'string',
				placeholder: 'e.g. Damaged on arrival',
				description: 'Why the order is refunded.',
			},
		],
		request: (input) =>
			send('POST', path`/orders/${idIn(input, 'Order ID')}/refund`, {
				amount: positiveIn(input, 'amount', REFUND.label),
				reason: input['reason'],
			}),
		items: order,
		sample: { ...SAMPLES.order, status: 'refunded' },
		grade: 'client',
		effect: 'money',
	},
];
