/** What Solid# keeps, and what is there at the start. */
import type { JsonObject } from '../../core/provider.ts';
import { freshNumber, instant } from '../fresh.mts';

/** A record: always with an id. */
export type Kept = JsonObject & { id: number | string };

export interface Records {
	contacts: Kept[];
	deals: Kept[];
	tasks: Kept[];
	orders: Kept[];
	products: Kept[];
	links: Kept[];
	/** Their id is the SKU. Those that were archived have `archived: true`. */
	inventory: Kept[];
	emails: Kept[];
	conversations: Kept[];
	/** Key records; the key itself is shown once, in the answer to creating it. */
	keys: Kept[];
}

/** A new record with the times that all have. */
export function newRecord(values: JsonObject, id: number | string = freshNumber()): Kept {
	const now = instant();
	return { ...values, id, created_at: now, updated_at: now };
}

/** 60 contacts, so that there is a second page, of whom five are inactive; and a few of the rest. */
export function firstRecords(): Records {
	const contacts = Array.from({ length: 60 }, (_, index) =>
		newRecord(
			{
				...{ first_name: 'Ada', last_name: `Example ${index + 1}`, email: `ada.${index + 1}@example.com` },
				...{ phone: '+15550100', company_name: 'Example Inc', source: 'web' },
				...{ status: index % 12 === 11 ? 'inactive' : 'active', contact_type: index < 50 ? 'customer' : 'lead' },
			},
			index + 1,
		),
	);
	const products = [
		newRecord({ ...PHYSICAL, name: 'Premium Widget', sku: 'WIDGET-1', price: 49.5, cost: 20 }, 42),
		newRecord({ ...PHYSICAL, name: 'Plain Widget', sku: 'WIDGET-2', price: 19, cost: 8 }, 43),
		newRecord({ ...PHYSICAL, product_type: 'service', name: 'Installation', sku: 'WORK-1', price: 250, cost: 0 }, 44),
	];
	const stocked = products.filter((product) => product.product_type === 'physical');
	return {
		contacts,
		products,
		deals: [
			newRecord({ ...OPEN, title: 'Kitchen Remodel', stage: 'New', value: 12_000 }, 7),
			newRecord({ ...OPEN, title: 'Bathroom Remodel', stage: 'Qualified', value: 8500.5 }, 8),
		],
		tasks: [],
		orders: [],
		links: [],
		inventory: stocked.map((product, index) =>
			newRecord(
				{
					...{ sku: product.sku ?? '', name: product.name ?? '', product_id: product.id, price: product.price ?? 0 },
					...{ cost: product.cost ?? 0, category: 'Widgets' },
					...{ on_hand: index === 0 ? 12 : 100, threshold: 10, location_id: 1 },
				},
				String(product.sku),
			),
		),
		emails: [
			newRecord(
				{
					...{ direction: 'inbound', from_email: 'ada.1@example.com', to_email: 'office@example.com' },
					...{ subject: 'Your quote', body: 'When can you start?', thread_id: 'thread_1', contact_id: 1 },
				},
				77,
			),
		],
		conversations: [],
		keys: [],
	};
}

const PHYSICAL: JsonObject = { product_type: 'physical', description: null, is_active: true };

const OPEN: JsonObject = { contact_id: 1, contact_name: 'Ada Example 1', closed_at: null, outcome: null };
