/** Solid# (SolidNumber). Sources and grades: README.md. */
import type { Provider } from '../../core/provider.ts';
import { isAnswer, isNotFound, readError } from './answers.ts';
import { api, webhook } from './connection.ts';
import { receiving } from './deliveries.ts';
import { events } from './events.ts';
import { lookups, operations, resources } from './operations.ts';
import { registrations } from './subscriptions.ts';

export const solidNumber: Provider = {
	id: 'solid-number',
	name: 'Solid#',
	description: 'A business platform with CRM, orders, inventory and payments, run with AI agents.',
	homepage: 'https://solidnumber.com',
	documentation: 'https://solidnumber.com/docs/webhooks',
	api,
	webhook,
	events,
	receiving,
	registrations,
	resources,
	operations,
	lookups,
	readError,
	isNotFound,
	isAnswer,
	assumptions: [
		'The data of events is documented for inventory.low_stock only. Items are passed on as they are.',
		'The secret that Solid# signs with is shown under Settings > Webhooks. The page does not say who makes it, nor whether each endpoint has its own. You can enter several.',
		"/api/v1/developer/webhooks registers webhooks: the vendor's command line calls it, no page documents it. If it is refused, publishing fails and says to select Manual.",
		'The event types that the command line registers (company, key, subscription, invoice, oauth, webhook.test) share none with the 19 of the documentation. Whether the developer API sends those 19 is open; if it refuses them, publishing fails.',
		'Webhooks made by /developer/webhooks are signed like those of the dashboard, with the secret in the answer. If not, their deliveries are rejected.',
		"Calls that no page documents are as the vendor's newest command line makes them (June to October 2026). A call that is not there returns 404, which is shown.",
		'Lists come bare, as items, under the name of the resource, or as the only array of the answer. Any other answer becomes one item, so that you see it.',
		'Lists take limit and offset. Emails also get page and page_size, which is what the command line sends there.',
		'Filters that only the command line is known to send are applied to the answer once more. A record that lacks the field does not match.',
		'A task is overdue when its due day began before now (UTC) and its status is not completed or done.',
		'Amounts are in currency units, as in the command line. The documentation shows one other unit: amount of a deal, in cents. It is not sent; value is.',
		'Creating, confirming and cancelling an order moves no money.',
	],
};
