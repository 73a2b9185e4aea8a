/** Webhooks of the developer API, as solid-cli calls them (webhooks.ts): to look at them, try them, and clean up. */
import type { JsonObject, Operation } from '../../../core/provider.ts';
import { paging, recordItem } from '../answers.ts';
import { deleteWebhook, listWebhooks, TEST_EVENT, testWebhook, webhooksIn } from '../subscriptions.ts';
import { idField, idIn } from './fields.ts';

const WEBHOOK: JsonObject = {
	id: 5,
	name: 'Orders',
	url: 'https://hooks.example.com/webhook/1',
	events: ['order.paid'],
	is_active: true,
};

const webhookId = idField('webhook', 'Webhook');

export const webhookOperations: readonly Operation[] = [
	{
		resource: 'webhook',
		name: 'delete',
		label: 'Delete',
		action: 'Delete webhook',
		description: 'Delete a webhook of the developer API. A trigger that uses it stops receiving events.',
		fields: [webhookId],
		request: (input) => deleteWebhook(idIn(input, 'Webhook ID')),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '5', deleted: true },
		grade: 'client',
		effect: 'remove',
		repeatable: true,
		administrative: 'It is for cleaning up webhooks that are no longer used.',
	},
	{
		resource: 'webhook',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many webhooks',
		description: 'Get the webhooks of the developer API.',
		fields: [],
		request: () => listWebhooks(),
		items: webhooksIn,
		paging,
		sample: WEBHOOK,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'webhook',
		name: 'test',
		label: 'Test',
		action: 'Test webhook',
		description: 'Send a test event to a webhook of the developer API.',
		fields: [
			webhookId,
			{
				name: 'eventType',
				label: 'Event Type',
				type: 'string',
				required: true,
				default: TEST_EVENT,
				placeholder: `e.g. ${TEST_EVENT}`,
				description: 'The type of the event to send.',
			},
		],
		request: (input) => testWebhook(idIn(input, 'Webhook ID'), String(input['eventType'] ?? '')),
		items: (response, input) => recordItem(response).map((item) => ({ ...{ id: input['id'] ?? '' }, ...item })),
		sample: { id: '5', delivery_status: 'delivered', response_code: 200, latency_ms: 41 },
		grade: 'client',
		effect: 'create',
	},
];
