/** Orders, payment links, products and the inventory of Solid#. */
import { defined, isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { freshNumber } from '../fresh.mts';
import { partOf, queryOf } from '../service.mts';
import { newRecord } from './solid-number-records.mts';
import type { Kept, Records } from './solid-number-records.mts';
import { change, filtered, only } from './solid-number-tools.mts';
import type { Call, On, Tools } from './solid-number-tools.mts';

/** Adds the calls of orders. Their list is a bare array. */
export function orders(on: On, { invalid, named, page, refuse }: Tools): void {
	const orderOf = ({ records, request }: Call) => named(records.orders, 'Order', partOf(request, 'id'));
	const lineOf = (records: Records, line: Json | undefined) => {
		const { product_id, quantity } = isObject(line) ? line : {};
		if (!(typeof quantity === 'number' && Number.isInteger(quantity) && quantity > 0)) {
			throw invalid('quantity', "Field 'quantity' must be a positive integer", 'must_be_positive');
		}
		return { product: named(records.products, 'Product', text(product_id) ?? ''), quantity };
	};
	const placeOrder = (call: Call, items: { product: Kept; quantity: number }[]): Kept => {
		const total = items.reduce((sum, { product, quantity }) => sum + Number(product.price ?? 0) * quantity, 0);
		const location = queryOf(call.request, 'location_id');
		const placed = newRecord({
			...{ status: 'pending', customer_name: '', customer_email: text(call.body.customer_email) ?? '', total },
			items: items.map(({ product, quantity }) => ({ product_id: product.id, name: product.name ?? '', quantity })),
			...(location === undefined ? {} : { location_id: Number(location) }),
		});
		call.records.orders.push(placed);
		call.raise('order.created', placed);
		call.reply.code(201);
		return placed;
	};
	/** An order moves from some states only. */
	const move = (call: Call, from: readonly string[], changes: JsonObject, event?: string): Kept => {
		const moved = orderOf(call);
		if (!from.includes(String(moved.status))) {
			const message = `An order that is ${String(moved.status)} cannot be ${String(changes.status)}`;
			throw refuse(409, 'invalid_state', message);
		}
		change(moved, changes, ...Object.keys(changes));
		if (event) call.raise(event, moved);
		return moved;
	};

	on(
		'GET',
		'/api/v1/orders/',
		({ request, records }) => page(filtered(records.orders, request, 'status'), request).items,
	);
	on('POST', '/api/v1/orders/', (call) => {
		const { items } = call.body;
		if (!Array.isArray(items) || items.length === 0) throw invalid('items', "Field 'items' is required", 'required');
		return placeOrder(
			call,
			items.map((line) => lineOf(call.records, line)),
		);
	});
	on('POST', '/api/v1/orders/quick-sale', (call) => {
		const sold = placeOrder(call, [lineOf(call.records, call.body)]);
		change(sold, { status: 'paid' }, 'status');
		call.raise('order.paid', sold);
		return { order_id: sold.id, total: sold.total ?? 0, status: 'paid' };
	});
	on('GET', '/api/v1/orders/:id', orderOf);
	on('POST', '/api/v1/orders/:id/confirm', (call) => move(call, ['pending'], { status: 'confirmed' }));
	on('POST', '/api/v1/orders/:id/cancel', (call) =>
		move(call, ['pending', 'confirmed', 'paid'], { status: 'canceled' }, 'order.canceled'),
	);
	on('POST', '/api/v1/orders/:id/fulfill', (call) =>
		move(call, ['pending', 'confirmed', 'paid'], { status: 'fulfilled' }, 'order.fulfilled'),
	);
	on('POST', '/api/v1/orders/:id/refund', (call) => {
		const { amount, reason } = call.body;
		if (amount !== undefined && !(typeof amount === 'number' && amount > 0))
			throw invalid('amount', "Field 'amount' must be above 0");
		const refunded = { refunded_amount: amount ?? orderOf(call).total, refund_reason: reason };
		return move(call, ['confirmed', 'paid', 'fulfilled'], defined({ status: 'refunded', ...refunded }));
	});
	on('POST', '/api/v1/orders/:id/allocate', (call) => {
		const allocated = change(orderOf(call), call.body, 'location_id');
		for (const line of Array.isArray(allocated.items) ? allocated.items.filter(isObject) : []) {
			const { product_id = null, name = '', quantity = 0 } = line;
			const where = { order_id: allocated.id, location_id: allocated.location_id ?? null };
			call.raise('inventory.reserved', { product_id, product_name: name, quantity, ...where });
		}
		return allocated;
	});
}

/** Adds the calls of payment links. Their list is a bare array, their ids are numbers. */
export function paymentLinks(on: On, { invalid, named, page, required }: Tools): void {
	const newLink = (call: Call): Kept => {
		const { amount } = call.body;
		if (!(typeof amount === 'number' && amount > 0))
			throw invalid('amount', "Field 'amount' must be above 0", 'must_be_positive');
		const id = freshNumber();
		const told = only(call.body, 'amount', 'description', 'customer_email');
		const link = newRecord({ ...told, status: 'pending', url: `https://pay.example.com/${id}` }, id);
		call.records.links.push(link);
		call.reply.code(201);
		return link;
	};
	const linkOf = ({ records }: Call, id: Json | undefined) => named(records.links, 'Payment link', text(id) ?? '');
	on('GET', '/api/v1/payment-links/', ({ request, records }) => page(records.links, request).items);
	on('POST', '/api/v1/payment-links/create', (call) => newLink(call));
	on('POST', '/api/v1/payment-links/send-text2pay', (call) => {
		required(call.body, 'phone');
		return { link_id: newLink(call).id, status: 'sent' };
	});
	on('POST', '/api/v1/payment-links/mark-paid', (call) => {
		const { link_id, amount } = call.body;
		required(call.body, 'link_id');
		if (typeof link_id !== 'number') throw invalid('link_id', "Field 'link_id' must be an integer");
		const link = linkOf(call, link_id);
		change(link, { status: 'paid', amount: amount ?? link.amount ?? 0 }, 'status', 'amount');
		call.raise('payment_link.paid', link);
		return link;
	});
	on('GET', '/api/v1/payment-links/:id', (call) => linkOf(call, partOf(call.request, 'id')));
	on('DELETE', '/api/v1/payment-links/:id', (call) => {
		const link = linkOf(call, partOf(call.request, 'id'));
		call.records.links = call.records.links.filter((one) => one !== link);
		return { id: link.id, deleted: true };
	});
}

const PRODUCT = ['name', 'product_type', 'price', 'cost', 'sku', 'description'];

/** Adds the calls of products. Their list is a bare array. */
export function products(on: On, { invalid, named, page, required }: Tools): void {
	const productOf = ({ records, request }: Call) => named(records.products, 'Product', partOf(request, 'id'));
	const checkPrices = (body: JsonObject) => {
		for (const field of ['price', 'cost']) {
			const value = body[field];
			if (value !== undefined && !(typeof value === 'number' && value >= 0))
				throw invalid(field, `Field '${field}' must not be negative`);
		}
	};
	on(
		'GET',
		'/api/v1/products/',
		({ request, records }) => page(filtered(records.products, request, 'product_type'), request).items,
	);
	on('GET', '/api/v1/products/catalog', ({ request, records }) => page(records.products, request));
	on('POST', '/api/v1/products/', ({ records, body, reply }) => {
		required(body, 'name');
		checkPrices(body);
		const made = newRecord({ product_type: 'physical', is_active: true, ...only(body, ...PRODUCT) });
		records.products.push(made);
		reply.code(201);
		return made;
	});
	on('GET', '/api/v1/products/:id', productOf);
	on('PATCH', '/api/v1/products/:id', (call) =>
		change(productOf(call), call.body, 'name', 'description', 'sku', 'is_active'),
	);
	on('PATCH', '/api/v1/products/:id/pricing', (call) => {
		checkPrices(call.body);
		return change(productOf(call), call.body, 'price', 'cost');
	});
	on('GET', '/api/v1/products/:id/components', (call) => ({ product_id: productOf(call).id, components: [] }));
	on('DELETE', '/api/v1/products/:id', (call) => {
		const gone = productOf(call);
		call.records.products = call.records.products.filter((one) => one !== gone);
		return { id: gone.id, deleted: true };
	});
}

/** Adds the calls of the inventory. Its items are named by SKU, and written by POST alone. */
export function inventory(on: On, { invalid, named, page, refuse, required }: Tools): void {
	const entryOf = ({ records }: Call, sku: string) => named(records.inventory, 'SKU', sku);
	const itemOf = (call: Call): Kept => {
		required(call.body, 'sku');
		return entryOf(call, text(call.body.sku) ?? '');
	};
	on('GET', '/api/v1/Inventory/list', ({ request, records }) =>
		page(
			records.inventory.filter((one) => one.archived !== true),
			request,
		),
	);
	on('GET', '/api/v1/Inventory/get', (call) => {
		const sku = queryOf(call.request, 'sku');
		if (!sku) throw invalid('sku', "Field 'sku' is required", 'required');
		return entryOf(call, sku);
	});
	on('POST', '/api/v1/Inventory/create', ({ records, body, reply }) => {
		required(body, 'sku', 'name', 'on_hand');
		const sku = text(body.sku) ?? '';
		if (records.inventory.some((one) => one.id === sku)) throw refuse(409, 'conflict', `SKU ${sku} exists`);
		const told = only(body, 'sku', 'name', 'on_hand', 'price');
		const entry = newRecord({ threshold: 10, location_id: 1, product_id: freshNumber(), ...told }, sku);
		records.inventory.push(entry);
		reply.code(201);
		return entry;
	});
	on('POST', '/api/v1/Inventory/update', (call) => change(itemOf(call), call.body, 'name', 'price'));
	on('POST', '/api/v1/Inventory/adjust', (call) => {
		const { body, raise } = call;
		required(body, 'sku', 'quantity');
		const entry = itemOf(call);
		if (!Number.isInteger(body.quantity)) throw invalid('quantity', "Field 'quantity' must be an integer");
		const before = Number(entry.on_hand ?? 0);
		const after = before + Number(body.quantity);
		if (after < 0) throw invalid('quantity', `Only ${before} on hand`, 'insufficient_stock');
		change(entry, { on_hand: after }, 'on_hand');
		const threshold = Number(entry.threshold ?? 10);
		if (before >= threshold && after < threshold)
			raise('inventory.low_stock', lowStock(entry), { reason: text(body.reason) ?? '' });
		return entry;
	});
	for (const [segment, archived] of [
		['archive', true],
		['unarchive', false],
	] as const) {
		on('POST', `/api/v1/Inventory/${segment}`, (call) => change(itemOf(call), { archived }, 'archived'));
	}
}

/** `data` of `inventory.low_stock`, as documented. */
function lowStock(entry: Kept): JsonObject {
	return {
		...{ product_id: entry.product_id ?? null, product_name: entry.name ?? '', quantity_available: entry.on_hand ?? 0 },
		...{ threshold: entry.threshold ?? 10, location_id: entry.location_id ?? 1, ai_action: '' },
	};
}
