/** Products, as solid-cli calls them (products.ts). The path of the list ends in a slash; prices have a call of their own. */
import { path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation } from '../../../core/provider.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { get, send } from '../connection.ts';
import { changes, idField, idIn, matching, money } from './fields.ts';

const PRODUCT: JsonObject = {
	id: 42,
	name: 'Premium Widget',
	product_type: 'physical',
	sku: 'WIDGET-1',
	price: 49.5,
	cost: 20,
	description: 'A widget that lasts',
	is_active: true,
};

const name: Field = {
	name: 'name',
	label: 'Name',
	type: 'string',
	placeholder: 'e.g. Premium Widget',
	description: 'The name of the product.',
};

const sku: Field = {
	name: 'sku',
	label: 'SKU',
	type: 'string',
	placeholder: 'e.g. WIDGET-1',
	description: 'The stock keeping unit.',
};

const description: Field = {
	name: 'description',
	label: 'Description',
	type: 'text',
	placeholder: 'e.g. A widget that lasts',
	description: 'A description of the product.',
};

const price = money('price', 'Price', 'What the product is sold for.');
const cost = money('cost', 'Cost', 'What the product costs to buy.', '20');

const productId = idField('product', 'Product');

/** What the service says of a product that it changed, under the id that was asked for. */
const changed: NonNullable<Operation['items']> = (response, input) =>
	recordItem(response, 'product').map((product) => ({ ...{ id: input['id'] ?? '' }, ...product }));

export const productOperations: readonly Operation[] = [
	{
		resource: 'product',
		name: 'create',
		label: 'Create',
		action: 'Create product',
		description: 'Create a product.',
		fields: [
			{ ...name, required: true },
			price,
			sku,
			cost,
			description,
			{
				name: 'productType',
				label: 'Product Type',
				type: 'string',
				default: 'physical',
				placeholder: 'e.g. physical',
				description: 'The type of the product.',
			},
		],
		request: (input) =>
			send('POST', '/products/', {
				name: input['name'],
				product_type: input['productType'],
				price: input['price'],
				cost: input['cost'],
				sku: input['sku'],
				description: input['description'],
			}),
		items: (response) => recordItem(response, 'product'),
		sample: PRODUCT,
		grade: 'client',
		effect: 'create',
	},
	{
		resource: 'product',
		name: 'delete',
		label: 'Delete',
		action: 'Delete product',
		description: 'Delete a product.',
		fields: [productId],
		request: (input) => send('DELETE', path`/products/${idIn(input, 'Product ID')}`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '42', deleted: true },
		grade: 'client',
		effect: 'remove',
		repeatable: true,
	},
	{
		resource: 'product',
		name: 'get',
		label: 'Get',
		action: 'Get product',
		description: 'Get a product.',
		fields: [productId],
		request: (input) => get(path`/products/${idIn(input, 'Product ID')}`),
		items: (response) => recordItem(response, 'product'),
		sample: PRODUCT,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'product',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many products',
		description: 'Get products, all or those of one type.',
		fields: [
			{
				name: 'productType',
				label: 'Product Type',
				type: 'string',
				placeholder: 'e.g. physical',
				description: 'Only products of this type.',
			},
		],
		request: (input) => get('/products/', { product_type: text(input['productType']) }),
		keep: (input) => matching(input, { productType: 'product_type' }),
		items: (response) => listItems(response, 'products'),
		paging,
		sample: PRODUCT,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'product',
		name: 'update',
		label: 'Update',
		action: 'Update product',
		description: 'Update a product. Empty fields are left unchanged. To change the price, use Update Pricing.',
		fields: [
			productId,
			name,
			sku,
			description,
			{
				name: 'isActive',
				label: 'Active',
				type: 'boolean',
				description: 'Whether the product is active.',
			},
		],
		request: (input) =>
			send(
				'PATCH',
				path`/products/${idIn(input, 'Product ID')}`,
				changes({
					name: input['name'],
					sku: input['sku'],
					description: input['description'],
					is_active: input['isActive'],
				}),
			),
		items: changed,
		sample: PRODUCT,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
	{
		resource: 'product',
		name: 'updatePricing',
		label: 'Update Pricing',
		action: 'Update pricing of product',
		description: 'Update the price or the cost of a product. Empty fields are left unchanged.',
		fields: [productId, price, cost],
		request: (input) =>
			send(
				'PATCH',
				path`/products/${idIn(input, 'Product ID')}/pricing`,
				changes({ price: input['price'], cost: input['cost'] }),
			),
		items: changed,
		sample: PRODUCT,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
];
