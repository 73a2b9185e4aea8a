/** Solid# (SolidNumber). Sources and grades: README.md. */
import { text } from '../../core/json.ts';
import type { ApiConnection, Provider, WebhookConnection } from '../../core/provider.ts';
import { readError } from './answers.ts';
import { API, get } from './calls.ts';
import { events } from './events.ts';
import { operations, resources } from './operations.ts';
import { registrations } from './registrations.ts';

/** https://solidnumber.com/docs/authentication */
const api: ApiConnection = {
	fields: [
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'A key from Settings > API Keys. Its scopes decide what it may do.',
		},
	],
	baseUrl: 'https://api.solidnumber.com',
	authenticate: (request, credentials) => ({
		...request,
		headers: { ...request.headers, authorization: `Bearer ${text(credentials['apiKey']) ?? ''}` },
	}),
	test: get(`${API}/crm/contacts`, { limit: 1 }),
	help: 'https://solidnumber.com/docs/authentication',
	hint: 'it takes an API key from Settings > API Keys with the scope that the call needs.',
};

/** https://solidnumber.com/docs/webhooks */
const webhook: WebhookConnection = {
	fields: [
		{
			name: 'webhookSecret',
			label: 'Webhook Secret',
			type: 'string',
			required: true,
			secret: true,
			description: 'The signing secret of the webhook.',
		},
		{
			name: 'previousWebhookSecret',
			label: 'Previous Webhook Secret',
			type: 'string',
			secret: true,
			description: 'The secret before the current one: accepted as well, so that nothing is lost while it is changed.',
		},
	],
	help: 'https://solidnumber.com/docs/webhooks',
	hint: 'Solid# shows the signing secret under Settings > Webhooks.',
};

export const solidNumber: Provider = {
	id: 'solid-number',
	name: 'Solid#',
	description: 'A business platform with CRM, orders, inventory and payments, run with AI agents.',
	homepage: 'https://solidnumber.com',
	documentation: 'https://solidnumber.com/docs/webhooks',
	api,
	webhook,
	events,
	receiving: {
		proofs: [
			{
				name: 'hmac',
				label: 'X-Solid-Signature',
				description: 'HMAC-SHA256 of the body, hexadecimal.',
				// The documented check hashes JSON.stringify(body), not the bytes that came.
				scheme: { kind: 'hmac', header: 'x-solid-signature', encoding: 'hex', reserialised: true },
				grade: 'documented',
			},
		],
		formats: ['json'],
		eventOf: (payload) => text(payload['event_type']),
		answerWithinSeconds: 5,
	},
	registrations,
	resources,
	operations,
	readError,
	assumptions: [
		'What data holds is documented for inventory.low_stock only. Items are handed on as they come, whatever they hold.',
		'An event without id and event_id is recognised by its whole payload, which bears a time stamp.',
		'The secret that Solid# signs with is shown under Settings > Webhooks: the page says neither who makes it nor whether each endpoint has its own. Several can be entered.',
		"/api/v1/developer/webhooks registers webhooks (the vendor's command line calls it, no page documents it). If it is refused, publishing fails and says to register by hand.",
		'Webhooks made by /developer/webhooks are signed like those of the dashboard, with the secret that the call returns. If not, their deliveries are rejected.',
		"Calls that no page documents are as the vendor's command line makes them. One that is not there is answered 404, which is shown.",
		"Lists take limit and offset everywhere, as documented for all, though the vendor's command line sends page_size for contacts.",
		'Lists come as items, under the name of the resource, or bare. Any other answer becomes one item, so that it is seen.',
		"Inventory has no /api/v1 before its path, as in the vendor's command line.",
		'amount of a deal is in cents (documented), value in currency units (command line); payment links, refunds and prices are in currency units (command line). Nothing is converted.',
		'Creating, confirming and cancelling an order moves no money.',
	],
};
