/** Products and inventory, as the vendor's command line calls them. Inventory is the one resource without `/api/v1`. */
import { InvalidInput } from '../../../core/errors.ts';
import { isObject, path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { API, changes, get, idField, idIn, IN_UNITS, send } from '../calls.ts';

const PRODUCT: JsonObject = { id: 42, name: 'Premium Widget', sku: 'WIDGET-1', price: 49.5, cost: 20 };
const STOCK: JsonObject = { id: 'WIDGET-1', sku: 'WIDGET-1', name: 'Premium Widget', on_hand: 12, price: 49.5 };

const price: Field = {
	name: 'price',
	label: 'Price (Currency Units)',
	type: 'number',
	placeholder: 'e.g. 49.50',
	description: `What it is sold for. ${IN_UNITS}`,
};

const cost: Field = {
	name: 'cost',
	label: 'Cost (Currency Units)',
	type: 'number',
	placeholder: 'e.g. 20',
	description: `What it costs to buy. ${IN_UNITS}`,
};

const others: Field = {
	name: 'fields',
	label: 'Other Fields',
	type: 'pairs',
	description: "Further fields by the API's names. Sent as they are.",
};

const productFields: readonly Field[] = [
	{
		name: 'name',
		label: 'Name',
		type: 'string',
		placeholder: 'e.g. Premium Widget',
		description: 'What it is called.',
	},
	{ name: 'sku', label: 'SKU', type: 'string', placeholder: 'e.g. WIDGET-1', description: 'The stock keeping unit.' },
	price,
	others,
];

function productBody(input: Values): Parameters<typeof changes>[0] {
	return {
		...(isObject(input['fields']) ? input['fields'] : {}),
		name: input['name'],
		sku: input['sku'],
		price: input['price'],
	};
}

function required(fields: readonly Field[], name: string): Field[] {
	return fields.map((field) => (field.name === name ? { ...field, required: true } : field));
}

const NOT_DOCUMENTED = 'Which fields a product has is not documented beyond its price and cost.';

const products: readonly Operation[] = [
	{
		resource: 'product',
		name: 'create',
		label: 'Create',
		action: 'Create product',
		description: 'Create a product.',
		fields: required(productFields, 'name'),
		request: (input) => send('POST', `${API}/products/`, productBody(input)),
		items: (response) => recordItem(response, 'product'),
		sample: PRODUCT,
		grade: 'client',
		note: NOT_DOCUMENTED,
		zapier: 'create',
	},
	{
		resource: 'product',
		name: 'delete',
		label: 'Delete',
		action: 'Delete product',
		description: 'Delete a product.',
		fields: [idField('Product', 'product')],
		request: (input) => ({ method: 'DELETE', path: path`/api/v1/products/${idIn(input, 'Product ID')}` }),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '42', deleted: true },
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'product',
		name: 'get',
		label: 'Get',
		action: 'Get product',
		description: 'Get a product.',
		fields: [idField('Product', 'product')],
		request: (input) => get(path`/api/v1/products/${idIn(input, 'Product ID')}`),
		items: (response) => recordItem(response, 'product'),
		sample: PRODUCT,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'product',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many products',
		description: 'Get products.',
		fields: [],
		request: () => get(`${API}/products/`),
		items: (response) => listItems(response, 'products'),
		paging,
		sample: PRODUCT,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'product',
		name: 'update',
		label: 'Update',
		action: 'Update product',
		description: 'Change a product; what is left empty stays as it is.',
		fields: [idField('Product', 'product'), ...productFields],
		request: (input) => send('PATCH', path`/api/v1/products/${idIn(input, 'Product ID')}`, changes(productBody(input))),
		items: (response) => recordItem(response, 'product'),
		sample: PRODUCT,
		grade: 'client',
		note: NOT_DOCUMENTED,
		zapier: 'create',
	},
	{
		resource: 'product',
		name: 'updatePricing',
		label: 'Update Pricing',
		action: 'Update pricing of product',
		description: 'Change the price and the cost of a product.',
		fields: [idField('Product', 'product'), price, cost],
		request: (input) =>
			send(
				'PATCH',
				path`/api/v1/products/${idIn(input, 'Product ID')}/pricing`,
				changes({ price: input['price'], cost: input['cost'] }),
			),
		items: (response) => recordItem(response, 'product'),
		sample: PRODUCT,
		grade: 'client',
		zapier: 'create',
	},
];

const sku: Field = {
	name: 'sku',
	label: 'SKU',
	type: 'string',
	required: true,
	placeholder: 'e.g. WIDGET-1',
	description: 'The stock keeping unit.',
};

/** A SKU can hold almost anything: it must only stay one part of a path. */
function skuIn(input: Values): string {
	const given = text(input['sku']) ?? '';
	if (/^\.{0,2}$/.test(given)) throw new InvalidInput('"SKU" must be a stock keeping unit, e.g. WIDGET-1.');
	return given;
}

const stockFields: readonly Field[] = [
	{
		name: 'name',
		label: 'Name',
		type: 'string',
		placeholder: 'e.g. Premium Widget',
		description: 'What it is called.',
	},
	{ name: 'onHand', label: 'On Hand', type: 'number', placeholder: 'e.g. 12', description: 'How many there are.' },
	price,
];

function stockBody(input: Values): Parameters<typeof changes>[0] {
	return { name: input['name'], on_hand: input['onHand'], price: input['price'] };
}

const withId = (item: JsonObject): JsonObject => (item['id'] === undefined ? { id: item['sku'] ?? '', ...item } : item);

const inventory: readonly Operation[] = [
	{
		resource: 'inventory',
		name: 'adjust',
		label: 'Adjust',
		action: 'Adjust stock',
		description: 'Add to a stock, or take from it.',
		fields: [
			sku,
			{
				name: 'quantity',
				label: 'Quantity',
				type: 'number',
				required: true,
				placeholder: 'e.g. -3',
				description: 'How many to add; below zero to take away.',
			},
			{
				name: 'reason',
				label: 'Reason',
				type: 'string',
				placeholder: 'e.g. Stocktaking',
				description: 'Why it changes.',
			},
		],
		request: (input) =>
			send('POST', '/Inventory/adjust', { sku: skuIn(input), quantity: input['quantity'], reason: input['reason'] }),
		items: (response) => recordItem(response, 'item', 'inventory').map(withId),
		sample: STOCK,
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'inventory',
		name: 'create',
		label: 'Create',
		action: 'Create stock item',
		description: 'Create an item of the inventory.',
		fields: [sku, ...required(stockFields, 'name')],
		request: (input) => send('POST', '/Inventory/', { sku: skuIn(input), ...stockBody(input) }),
		items: (response) => recordItem(response, 'item', 'inventory').map(withId),
		sample: STOCK,
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'inventory',
		name: 'get',
		label: 'Get',
		action: 'Get stock item',
		description: 'Get an item of the inventory.',
		fields: [sku],
		request: (input) => get(path`/Inventory/${skuIn(input)}`),
		items: (response) => recordItem(response, 'item', 'inventory').map(withId),
		sample: STOCK,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'inventory',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many stock items',
		description: 'Get the items of the inventory.',
		fields: [],
		request: () => get('/Inventory/'),
		items: (response) => listItems(response, 'inventory').map(withId),
		paging,
		sample: STOCK,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'inventory',
		name: 'update',
		label: 'Update',
		action: 'Update stock item',
		description: 'Change an item of the inventory; what is left empty stays as it is.',
		fields: [sku, ...stockFields],
		request: (input) => send('PATCH', path`/Inventory/${skuIn(input)}`, changes(stockBody(input))),
		items: (response) => recordItem(response, 'item', 'inventory').map(withId),
		sample: STOCK,
		grade: 'client',
		zapier: 'create',
	},
];

export const stockOperations: readonly Operation[] = [...products, ...inventory];
