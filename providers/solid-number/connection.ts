/** How calls to Solid# are made and authenticated, and where a person finds the keys. */
import { defined, text } from '../../core/json.ts';
import type { ApiConnection, HttpRequest, Json, WebhookConnection } from '../../core/provider.ts';
import { previousWebhookSecret } from '../words.ts';

/** The prefix of all paths, those of the inventory included. */
const API = '/api/v1';

/**
 * A call that only reads.
 * @param path What follows `/api/v1`, with its slash at the end where the service wants one: Solid# takes paths as they are.
 * @param query What is undefined is left out.
 */
export function get(path: string, query: NonNullable<HttpRequest['query']> = {}): HttpRequest {
	const given = Object.entries(query).filter(([, value]) => value !== undefined);
	return { method: 'GET', path: API + path, ...(given.length > 0 && { query: Object.fromEntries(given) }) };
}

/**
 * A call that writes.
 * @param path What follows `/api/v1`.
 * @param body Sent as JSON without what is undefined. Undefined: no body, for calls that take none.
 */
export function send(
	method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
	path: string,
	body?: { readonly [name: string]: Json | undefined },
): HttpRequest {
	return { method, path: API + path, ...(body !== undefined && { json: defined(body) }) };
}

/** https://solidnumber.com/docs/authentication */
export const api: ApiConnection = {
	fields: [
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'Your Solid# API key.',
		},
	],
	baseUrl: 'https://api.solidnumber.com',
	authenticate: (request, credentials) => ({
		...request,
		headers: { ...request.headers, authorization: `Bearer ${text(credentials['apiKey']) ?? ''}` },
	}),
	test: get('/crm/contacts', { limit: 1 }),
	help: 'https://solidnumber.com/docs/authentication',
	hint: 'You can create a new API key in Solid# under Settings > API Keys. Give it the scopes that your calls need. It is shown only once.',
};

/** https://solidnumber.com/docs/webhooks */
export const webhook: WebhookConnection = {
	fields: [
		{
			name: 'webhookSecret',
			label: 'Webhook Secret',
			type: 'string',
			required: true,
			secret: true,
			description: 'The secret that signs the events of this webhook.',
		},
		previousWebhookSecret,
	],
	help: 'https://solidnumber.com/docs/webhooks',
	hint: 'Solid# shows the signing secret under Settings > Webhooks.',
};
