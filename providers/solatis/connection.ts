/** How calls to Solatis are authenticated. */
import { text } from '../../core/json.ts';
import type { ApiConnection, WebhookConnection } from '../../core/provider.ts';
import { previousWebhookSecret } from '../words.ts';

/** A bearer key, whose prefix is not checked: two are documented. https://docs.solatis.team/api/authentication.html */
export const api: ApiConnection = {
	fields: [
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'Your Solatis API key.',
		},
	],
	baseUrl: 'https://api.solatis.team/v2',
	authenticate: (request, credentials) => ({
		...request,
		headers: { ...request.headers, authorization: `Bearer ${text(credentials.apiKey)?.trim() ?? ''}` },
	}),
	test: { method: 'GET', path: '/documents' },
	help: 'https://docs.solatis.team/api/authentication.html',
	hint: 'You can create a new API key in Solatis under Settings > API Keys (in some accounts: Settings > Developer > API Keys). It is shown only once.',
};

/** To receive events of a webhook that was added manually. */
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
	help: 'https://docs.solatis.team/api/webhooks.html',
	hint: 'Solatis shows the secret when you add the webhook under Settings > Developer > Webhooks.',
};
