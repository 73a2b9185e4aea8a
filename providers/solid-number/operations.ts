/** The operations of Solid#, its resources in the order in which they are shown, and the lists to choose records from. */
import { only } from '../../core/json.ts';
import type { JsonObject, Lookup, Operation, Resource } from '../../core/provider.ts';
import { checked } from '../checked.ts';
import { words } from '../words.ts';
import { contactOperations } from './operations/contacts.ts';
import { dealOperations } from './operations/deals.ts';
import { inventoryOperations } from './operations/inventory.ts';
import { messageOperations } from './operations/messages.ts';
import { orderOperations } from './operations/orders.ts';
import { paymentLinkOperations } from './operations/payment-links.ts';
import { productOperations } from './operations/products.ts';
import { taskOperations } from './operations/tasks.ts';
import { webhookOperations } from './operations/webhooks.ts';

/** The first is what a new node shows. */
export const resources: readonly Resource[] = [
	{ name: 'contact', label: 'Contact' },
	{ name: 'deal', label: 'Deal' },
	{ name: 'task', label: 'Task' },
	{ name: 'order', label: 'Order' },
	{ name: 'paymentLink', label: 'Payment Link' },
	{ name: 'product', label: 'Product' },
	{ name: 'inventory', label: 'Inventory' },
	{ name: 'email', label: 'Email' },
	{ name: 'sms', label: 'Text Message' },
	{ name: 'message', label: 'Message' },
	{ name: 'chat', label: 'Chat' },
	{ name: 'webhook', label: 'Webhook' },
];

/** Of a contact's fields: those that most people need. */
const SIMPLE_CONTACT = [
	'id',
	'first_name',
	'last_name',
	'email',
	'phone',
	'company_name',
	'status',
	'contact_type',
	'source',
	'created_at',
];

export const operations: readonly Operation[] = [
	...contactOperations,
	...dealOperations,
	...taskOperations,
	...orderOperations,
	...paymentLinkOperations,
	...productOperations,
	...inventoryOperations,
	...messageOperations,
	...webhookOperations,
]
	.map(checked)
	.map((operation) =>
		operation.resource === 'contact' && 'last_name' in operation.sample
			? { ...operation, simplify: (contact: JsonObject) => only(contact, SIMPLE_CONTACT) }
			: operation,
	);

/** The records of a resource, by what a person knows them by. */
function list(resource: string, ...names: readonly string[]): Lookup {
	const idOf = (item: JsonObject) => words(item['id']) ?? '';
	return {
		operation: `${resource}.getMany`,
		value: idOf,
		label: (item) => names.flatMap((name) => words(item[name]) ?? []).join(' ') || idOf(item),
	};
}

export const lookups: { readonly [resource: string]: Lookup } = {
	contact: { ...list('contact', 'first_name', 'last_name', 'email'), search: 'search' },
	deal: list('deal', 'title', 'name'),
	email: list('email', 'subject'),
	inventory: list('inventory', 'name', 'sku'),
	order: list('order', 'id', 'customer_name', 'status'),
	paymentLink: list('paymentLink', 'description', 'amount', 'status'),
	product: list('product', 'name', 'title'),
	task: list('task', 'title'),
	webhook: list('webhook', 'name', 'url'),
};
