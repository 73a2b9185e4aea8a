/** How calls to Solatis are authenticated. */
import { text } from '../../core/json.ts';
import type { ApiConnection } from '../../core/provider.ts';

/** A bearer key, whose prefix is not checked: two are documented. https://docs.solatis.team/api/authentication.html */
export const api: ApiConnection = {
	fields: [
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'An API key of Solatis.',
		},
	],
	baseUrl: 'https://api.solatis.team/v2',
	authenticate: (request, credentials) => ({
		...request,
		headers: { ...request.headers, authorization: `Bearer ${text(credentials.apiKey)?.trim() ?? ''}` },
	}),
	test: { method: 'GET', path: '/documents' },
	help: 'https://docs.solatis.team/api/authentication.html',
	hint: 'A key is created in Solatis under Settings > API Keys (in some accounts Settings > Developer > API Keys) and is shown once.',
};
