/** What only Zapier has of Solid#. */
import { text } from '../../../core/json.ts';
import type { Field, JsonObject } from '../../../core/provider.ts';
import { recentFind } from '../../shared/finds.mts';
import { isSameText, type AppSettings } from '../../shared/settings.mts';

const EMAIL: Field = {
	name: 'email',
	label: 'Email',
	type: 'email',
	required: true,
	placeholder: 'e.g. ada@example.com',
	description: 'The email address of the contact.',
};

const SKU: Field = {
	name: 'sku',
	label: 'SKU',
	type: 'string',
	required: true,
	placeholder: 'e.g. WIDGET-1',
	description: 'The stock keeping unit of the product, as it is in Solid#.',
};

const created = (record: JsonObject): string | undefined => text(record['created_at']);

/** Lists have no documented order. */
const LOOKED_THROUGH = 500;

export const settings: AppSettings = {
	triggers: { 'inventory.low_stock': { label: 'New Low Stock Alert', noun: 'Low Stock Alert' } },
	labels: { 'contact.search': 'Find Contacts by Text', 'contact.getTimeline': 'Find Contact Timeline' },
	finds: [
		{
			key: 'contact_find_by_email',
			label: 'Find Contact by Email',
			description: 'Finds a contact by email address.',
			operation: 'contact.getMany',
			fields: [EMAIL],
			// A free-text search: it finds more, and a server that ignores it gives everybody.
			input: ({ email }) => ({ search: email ?? null }),
			looksThrough: LOOKED_THROUGH,
			matches: (contact, { email }) => isSameText(contact['email'], email),
		},
		{
			key: 'product_find_by_sku',
			label: 'Find Product by SKU',
			description: 'Finds a product by its stock keeping unit (SKU).',
			operation: 'product.getMany',
			fields: [SKU],
			input: () => ({}),
			looksThrough: 1000,
			matches: (product, { sku }) => isSameText(product['sku'], sku),
		},
		recentFind({
			key: 'contact_find_recent',
			label: 'Find Recent Contacts',
			description: 'Finds contacts that were created since a time.',
			operation: 'contact.getMany',
			looksThrough: LOOKED_THROUGH,
			time: created,
		}),
		recentFind({
			key: 'order_find_recent',
			label: 'Find Recent Orders',
			description: 'Finds orders that were placed since a time.',
			operation: 'order.getMany',
			looksThrough: LOOKED_THROUGH,
			time: created,
		}),
	],
	pairs: [
		{
			search: 'contact_find_by_email',
			create: 'contact.create',
			label: 'Find or Create Contact',
			description: 'Finds a contact by email address, or creates one when there is none.',
		},
		{
			search: 'product_find_by_sku',
			create: 'product.create',
			label: 'Find or Create Product',
			description: 'Finds a product by its SKU, or creates one when there is none.',
		},
	],
	connectors: {
		contact: 'contact_find_by_email.id',
		product: 'product_find_by_sku.id',
		deal: 'deal_get_many.id',
		order: 'order_get_many.id',
		task: 'task_get_many.id',
	},
	// The smallest plan: 60 requests a minute. https://solidnumber.com/docs/api
	throttle: { window: 60, limit: 60 },
};
