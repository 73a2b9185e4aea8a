/** The inventory, as solid-cli calls it (inventory.ts). Its items are named by SKU, and written by POST alone. */
import type { Field, HttpResponse, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem, withId } from '../answers.ts';
import { get, send } from '../connection.ts';
import { changes, money, wholeIn } from './fields.ts';

const STOCK: JsonObject = {
	id: 'WIDGET-1',
	sku: 'WIDGET-1',
	name: 'Premium Widget',
	on_hand: 12,
	price: 49.5,
	cost: 20,
	category: 'Widgets',
	updated_at: '2026-02-02T10:30:00Z',
};

const newSku: Field = {
	name: 'sku',
	label: 'SKU',
	type: 'string',
	required: true,
	placeholder: 'e.g. WIDGET-1',
	description: 'The stock keeping unit.',
};

const sku: Field = { ...newSku, type: 'choice', choicesFrom: 'inventory' };

const name: Field = {
	name: 'name',
	label: 'Name',
	type: 'string',
	placeholder: 'e.g. Premium Widget',
	description: 'The name of the item.',
};

const price = money('price', 'Price', 'What the item is sold for.');

/** An item, with its SKU as its id. */
function stock(response: HttpResponse, input: Values): JsonObject[] {
	return recordItem(response, 'item', 'inventory').map((item) =>
		withId(item['sku'] === undefined && input['sku'] !== undefined ? { sku: input['sku'], ...item } : item, 'sku'),
	);
}

/** The fields of an update besides the SKU, which is how the service finds the item. */
function stockChanges(input: Values): JsonObject {
	return { sku: input['sku'] ?? '', ...changes({ name: input['name'], price: input['price'] }) };
}

export const inventoryOperations: readonly Operation[] = [
	{
		resource: 'inventory',
		name: 'adjust',
		label: 'Adjust',
		action: 'Adjust stock',
		description: 'Add to the stock of an item, or take from it.',
		fields: [
			sku,
			{
				name: 'quantity',
				label: 'Quantity',
				type: 'number',
				required: true,
				placeholder: 'e.g. -3',
				description: 'How many to add. Use a number below zero to take from the stock.',
			},
			{
				name: 'reason',
				label: 'Reason',
				type: 'string',
				placeholder: 'e.g. Stocktaking',
				description: 'Why the stock changes.',
			},
		],
		request: (input) =>
			send('POST', '/Inventory/adjust', {
				sku: input['sku'],
				quantity: wholeIn(input, 'quantity', 'Quantity'),
				reason: input['reason'],
			}),
		items: stock,
		sample: STOCK,
		grade: 'client',
		effect: 'change',
	},
	{
		resource: 'inventory',
		name: 'archive',
		label: 'Archive',
		action: 'Archive stock item',
		description: 'Archive an inventory item. It can be restored in Solid#.',
		fields: [sku],
		request: (input) => send('POST', '/Inventory/archive', { sku: input['sku'] }),
		items: stock,
		sample: STOCK,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
	{
		resource: 'inventory',
		name: 'create',
		label: 'Create',
		action: 'Create stock item',
		description: 'Create an inventory item.',
		fields: [
			newSku,
			{ ...name, required: true },
			{
				name: 'onHand',
				label: 'On Hand',
				type: 'number',
				default: 0,
				description: 'How many are in stock.',
			},
			price,
		],
		request: (input) =>
			send('POST', '/Inventory/create', {
				sku: input['sku'],
				name: input['name'],
				on_hand: wholeIn(input, 'onHand', 'On Hand'),
				price: input['price'],
			}),
		items: stock,
		sample: STOCK,
		grade: 'client',
		effect: 'create',
	},
	{
		resource: 'inventory',
		name: 'get',
		label: 'Get',
		action: 'Get stock item',
		description: 'Get an inventory item.',
		fields: [sku],
		request: (input) => get('/Inventory/get', { sku: String(input['sku'] ?? '') }),
		items: stock,
		sample: STOCK,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'inventory',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many stock items',
		description: 'Get inventory items.',
		fields: [],
		request: () => get('/Inventory/list'),
		items: (response) => listItems(response, 'inventory').map((item) => withId(item, 'sku')),
		paging,
		sample: STOCK,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'inventory',
		name: 'update',
		label: 'Update',
		action: 'Update stock item',
		description: 'Update the name or the price of an inventory item. To change the stock, use Adjust.',
		fields: [sku, name, price],
		request: (input) => send('POST', '/Inventory/update', stockChanges(input)),
		items: stock,
		sample: STOCK,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
];
