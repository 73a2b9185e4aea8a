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
	/** Their id is the SKU. */
	inventory: Kept[];
	emails: Kept[];
	conversations: Kept[];
	/** Key records; the key itself shows once, in the answer to creating it. */
	keys: Kept[];
}

/** A new record with the times that all have. */
export function newRecord(values: JsonObject, id: number | string = freshNumber()): Kept {
	const now = instant();
	return { ...values, id, created_at: now, updated_at: now };
}

/** 60 contacts, so that there is a second page, and a few of the rest. */
export function firstRecords(): Records {
	const contacts = Array.from({ length: 60 }, (_, index) =>
		newRecord(
			{
				...{ first_name: 'Ada', last_name: `Example ${index + 1}`, email: `ada.${index + 1}@example.com` },
				...{
					phone: '+15550100',
					company_name: 'Example Inc',
					status: 'active',
					source: 'web',
					contact_type: 'customer',
				},
			},
			index + 1,
		),
	);
	const products = [
		newRecord({ name: 'Premium Widget', sku: 'WIDGET-1', price: 49.5, cost: 20 }, 42),
		newRecord({ name: 'Plain Widget', sku: 'WIDGET-2', price: 19, cost: 8 }, 43),
	];
	return {
		contacts,
		products,
		deals: [newRecord({ title: 'Kitchen Remodel', stage: 'New', amount: 1_200_000, contact_id: 1, outcome: null }, 7)],
		tasks: [],
		orders: [],
		links: [],
		inventory: products.map((product, index) =>
			newRecord(
				{
					...{ sku: product.sku ?? '', name: product.name ?? '', product_id: product.id, price: product.price ?? 0 },
					...{ on_hand: index === 0 ? 12 : 100, threshold: 10, location_id: 1 },
				},
				String(product.sku),
			),
		),
		emails: [],
		conversations: [],
		keys: [],
	};
}
