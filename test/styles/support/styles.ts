/** Services of the world, each by its style: how it signs, names its events, repeats itself, asks before it delivers, and pages. */
import { isObject, text } from '../../../core/json.ts';
import { byCursor, byLink, byPage } from '../../../core/paging.ts';
import type { HttpResponse, JsonObject, Provider } from '../../../core/provider.ts';
import { serviceOf } from './service.ts';

/** The records of an answer, under a name. */
const under =
	(name: string) =>
	({ body }: HttpResponse): JsonObject[] => {
		const list = isObject(body) ? body[name] : undefined;
		return Array.isArray(list) ? list.filter(isObject) : [];
	};

export const github: Provider = serviceOf({
	id: 'github',
	name: 'GitHub',
	documentation: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
	scheme: { kind: 'hmac', header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' },
	receiving: { eventHeader: 'x-github-event', eventIdHeader: 'x-github-delivery' },
	event: 'issues',
	sample: { action: 'opened', issue: { number: 1, title: 'An example' } },
	list: { path: '/repos/example/example/issues', paging: byPage({ pageSize: 100, size: 'per_page', page: 'page' }) },
});

export const shopify: Provider = serviceOf({
	id: 'shopify',
	name: 'Shopify',
	documentation: 'https://shopify.dev/docs/apps/build/webhooks/subscribe/https',
	scheme: { kind: 'hmac', header: 'x-shopify-hmac-sha256', encoding: 'base64' },
	receiving: { eventHeader: 'x-shopify-topic', eventIdHeader: 'x-shopify-webhook-id' },
	event: 'orders/create',
	sample: { id: 820982911946154500, email: 'jane@example.com', total_price: '10.00' },
	list: {
		path: '/admin/api/orders.json',
		paging: byLink({ pageSize: 250, size: 'limit', cursor: 'page_info' }),
		items: under('orders'),
	},
});

export const slack: Provider = serviceOf({
	id: 'slack',
	name: 'Slack',
	documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
	scheme: {
		...{ kind: 'hmac', header: 'x-slack-signature', encoding: 'hex', prefix: 'v0=' },
		timestamp: { header: 'x-slack-request-timestamp', toleranceSeconds: 300 },
		signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
	},
	receiving: {
		eventOf: ({ event }) => (isObject(event) ? text(event.type) : undefined),
		eventId: ({ event_id }) => [event_id],
		challenge: { method: 'post', when: ['type'], is: 'url_verification', text: ['challenge'], echo: 'challenge' },
	},
	event: 'message',
	sample: { type: 'event_callback', event_id: 'Ev0EXAMPLE', event: { type: 'message', text: 'Hello' } },
	list: {
		path: '/conversations.list',
		paging: byCursor({ pageSize: 200, size: 'limit', cursor: 'cursor', next: ['response_metadata', 'next_cursor'] }),
		items: under('channels'),
	},
});

export const standardWebhooks: Provider = serviceOf({
	id: 'standard-webhooks',
	name: 'Standard Webhooks',
	documentation: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
	scheme: {
		...{ kind: 'hmac', header: 'webhook-signature', encoding: 'base64', prefix: 'v1,', separator: ' ' },
		timestamp: { header: 'webhook-timestamp', toleranceSeconds: 300 },
		idHeader: 'webhook-id',
		key: { encoding: 'base64', prefix: 'whsec_' },
		signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
	},
	receiving: { eventOf: ({ type }) => text(type), eventIdHeader: 'webhook-id' },
	event: 'user.created',
	sample: { type: 'user.created', timestamp: '2026-02-02T10:30:00Z', data: { id: 'user_1' } },
	list: {
		path: '/api/v1/app',
		paging: byCursor({ pageSize: 250, size: 'limit', cursor: 'iterator', next: ['iterator'] }),
		items: under('data'),
	},
});

export const square: Provider = serviceOf({
	id: 'square',
	name: 'Square',
	documentation: 'https://developer.squareup.com/docs/webhooks/step3validate',
	scheme: {
		...{ kind: 'hmac', header: 'x-square-hmacsha256-signature', encoding: 'base64' },
		signed: ['url', 'body'],
	},
	receiving: { eventOf: ({ type }) => text(type), eventId: ({ event_id }) => [event_id] },
	event: 'payment.created',
	sample: { type: 'payment.created', event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124', data: { type: 'payment' } },
	list: {
		path: '/v2/payments',
		paging: byCursor({ pageSize: 100, size: 'limit', cursor: 'cursor', next: ['cursor'] }),
		items: under('payments'),
	},
});

export const hubspot: Provider = serviceOf({
	id: 'hubspot',
	name: 'HubSpot',
	documentation: 'https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests',
	scheme: {
		...{ kind: 'hmac', header: 'x-hubspot-signature-v3', encoding: 'base64' },
		timestamp: { header: 'x-hubspot-request-timestamp', toleranceSeconds: 300, unit: 'milliseconds' },
		signed: ['method', 'url', 'body', 'timestamp'],
	},
	// Several events come in one body, so that no id is theirs in common.
	receiving: { eventOf: ({ subscriptionType }) => text(subscriptionType) },
	event: 'contact.creation',
	sample: [{ eventId: 1, subscriptionType: 'contact.creation', objectId: 123, attemptNumber: 0 }],
	list: {
		path: '/crm/v3/objects/contacts',
		paging: byCursor({ pageSize: 100, size: 'limit', cursor: 'after', next: ['paging', 'next', 'after'] }),
		items: under('results'),
	},
});

export const zoom: Provider = serviceOf({
	id: 'zoom',
	name: 'Zoom',
	documentation: 'https://developers.zoom.us/docs/api/webhooks/',
	scheme: {
		...{ kind: 'hmac', header: 'x-zm-signature', encoding: 'hex', prefix: 'v0=' },
		timestamp: { header: 'x-zm-request-timestamp', toleranceSeconds: 300 },
		signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
	},
	receiving: {
		eventOf: ({ event }) => text(event),
		challenge: {
			...{ method: 'post', when: ['event'], is: 'endpoint.url_validation' },
			...{ text: ['payload', 'plainToken'], echo: 'plainToken', hmac: 'encryptedToken' },
		},
	},
	event: 'meeting.started',
	sample: { event: 'meeting.started', event_ts: 1626230691572, payload: { object: { id: '1234567890' } } },
	list: {
		path: '/users',
		paging: byCursor({ pageSize: 300, size: 'page_size', cursor: 'next_page_token', next: ['next_page_token'] }),
		items: under('users'),
	},
});

export const meta: Provider = serviceOf({
	id: 'meta',
	name: 'Meta',
	documentation: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
	scheme: { kind: 'hmac', header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' },
	receiving: {
		eventOf: ({ object }) => text(object),
		challenge: {
			...{ method: 'get', parameter: 'hub.challenge' },
			...{ tokenParameter: 'hub.verify_token', tokenField: 'verifyToken' },
		},
	},
	fields: [{ name: 'verifyToken', label: 'Verify Token', type: 'string', required: true, secret: true }],
	event: 'page',
	sample: { object: 'page', entry: [{ id: '1', time: 1770028200, changes: [{ field: 'feed' }] }] },
	list: {
		path: '/me/accounts',
		paging: byCursor({ pageSize: 100, size: 'limit', cursor: 'after', next: ['paging', 'cursors', 'after'] }),
		items: under('data'),
	},
});

export const gitlab: Provider = serviceOf({
	id: 'gitlab',
	name: 'GitLab',
	documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
	scheme: { kind: 'header-token', header: 'x-gitlab-token' },
	receiving: { eventHeader: 'x-gitlab-event', eventIdHeader: 'idempotency-key' },
	event: 'Push Hook',
	sample: { object_kind: 'push', ref: 'refs/heads/main', total_commits_count: 1 },
	list: { path: '/api/v4/projects', paging: byPage({ pageSize: 100, size: 'per_page', page: 'page' }) },
});

export const styles: readonly Provider[] = [
	...[github, shopify, slack, standardWebhooks, square],
	...[hubspot, zoom, meta, gitlab],
];
