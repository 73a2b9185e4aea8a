/** The follow-up calls of Solid#. */
import type { Operation, Resource } from '../../core/provider.ts';
import { checked } from '../checked.ts';
import { crmOperations } from './operations/crm.ts';
import { messageOperations } from './operations/messages.ts';
import { salesOperations } from './operations/sales.ts';
import { stockOperations } from './operations/stock.ts';

export const resources: readonly Resource[] = [
	{ name: 'chat', label: 'Chat' },
	{ name: 'contact', label: 'Contact' },
	{ name: 'deal', label: 'Deal' },
	{ name: 'email', label: 'Email' },
	{ name: 'inventory', label: 'Inventory' },
	{ name: 'order', label: 'Order' },
	{ name: 'paymentLink', label: 'Payment Link' },
	{ name: 'product', label: 'Product' },
	{ name: 'sms', label: 'SMS' },
	{ name: 'task', label: 'Task' },
];

export const operations: readonly Operation[] = [
	...crmOperations,
	...salesOperations,
	...stockOperations,
	...messageOperations,
].map(checked);
