/** How calls to SoshiaConnect are authenticated. https://docs.soshianest.ai/guides/authentication, /guides/concepts/api-keys */
import { isObject, text } from '../../core/json.ts';
import type { ApiConnection, HttpResponse, Values, WebhookConnection } from '../../core/provider.ts';
import { readError } from './answers.ts';
import { previousWebhookSecret } from '../words.ts';

const byApiKey = { authentication: ['apiKey'] } as const;
const byLogin = { authentication: ['login'] } as const;

export const api: ApiConnection = {
	fields: [
		{
			name: 'authentication',
			label: 'Authentication',
			type: 'choice',
			required: true,
			default: 'apiKey',
			options: [
				{ value: 'apiKey', label: 'API Key', description: 'For the data of routes. Does not expire.' },
				{ value: 'login', label: 'Login', description: 'For the profile. Logs in again after 24 hours.' },
			],
			description: 'How calls say who is asking. It depends on the call which of the two SoshiaConnect accepts.',
		},
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'Your SoshiaConnect API key.',
			showIf: byApiKey,
		},
		{
			name: 'username',
			label: 'Username',
			type: 'string',
			required: true,
			description: 'The user to whom the API key belongs.',
			showIf: byApiKey,
		},
		{
			name: 'email',
			label: 'Email',
			type: 'email',
			required: true,
			placeholder: 'e.g. jane@example.com',
			description: 'The email address you log in to SoshiaConnect with.',
			showIf: byLogin,
		},
		{
			name: 'password',
			label: 'Password',
			type: 'string',
			required: true,
			secret: true,
			description: 'The password you log in to SoshiaConnect with.',
			showIf: byLogin,
		},
	],
	baseUrl: 'https://api.soshiaconnect.com/api',
	authenticate: (request, credentials) => ({
		...request,
		headers: { ...request.headers, ...(logsIn(credentials) ? bearer(credentials) : apiKey(credentials)) },
	}),
	// The one call that is documented with an API key. There is no route 0: nothing is fetched.
	test: { method: 'GET', path: '/api-routes-data', query: { id: 0 } },
	readTest,
	session: {
		needed: logsIn,
		// An older page has a form instead of JSON.
		request: ({ email, password }) => ({
			method: 'POST',
			path: '/auth/login',
			json: { email: text(email)?.trim() ?? '', password: text(password) ?? '' },
		}),
		token: tokenIn,
	},
	help: 'https://docs.soshianest.ai/guides/authentication',
	hint: 'You can create a new API key in the SoshiaConnect portal. Enter its username, too. To get the profile, log in instead.',
};

/** The secret that signs deliveries. */
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
	help: 'https://docs.soshianest.ai/guides/concepts/webhooks',
	hint: 'You get the secret from whoever registered the URL: SoshiaConnect support, or Stripe under Developers > Webhooks.',
};

/** Whether the person chose email and password. Their token lasts 24 hours. */
function logsIn({ authentication }: Values): boolean {
	return authentication === 'login';
}

function bearer(credentials: Values): { readonly [name: string]: string } {
	const token = text(credentials.sessionToken);
	return token ? { authorization: `Bearer ${token}` } : {};
}

function apiKey(credentials: Values): { readonly [name: string]: string } {
	return {
		'x-api-key': text(credentials.apiKey)?.trim() ?? '',
		'x-username': text(credentials.username)?.trim() ?? '',
	};
}

/** The token of a login: `{"access_token", "token_type", "user"}`, at the top or in the success envelope. */
function tokenIn({ status, body }: HttpResponse): string | undefined {
	if (status >= 400 || !isObject(body) || body.success === false) return undefined;
	const inner = isObject(body.data) ? body.data : {};
	return text(body.access_token) || text(inner.access_token) || undefined;
}

/**
 * Whether the credentials work, by the answer to a call for a route that is not there. 401 is a wrong key; that the route is
 * not there (400, 404, 422) or not paid for (403) says that the key was accepted. A login has proved itself by its token.
 */
function readTest(response: HttpResponse, credentials: Values): string | undefined {
	const { status } = response;
	const reason = readError(response)?.message ?? `it answered with status ${status}`;
	if (status === 401 && logsIn(credentials) && text(credentials.sessionToken)) return undefined;
	if (status === 401) {
		const what = logsIn(credentials) ? 'the email address and password' : 'the API key and username';
		return `SoshiaConnect did not accept ${what}: ${reason}`;
	}
	if (status === 403 && /suspend|revoked/i.test(reason))
		return `SoshiaConnect did not accept the credentials: ${reason}`;
	// In its own envelope only: a proxy refuses, too, and knows nothing about keys.
	const { body } = response;
	if ([400, 403, 404, 422].includes(status) && isObject(body) && body.success === false) return undefined;
	if (status < 300 && (!isObject(body) || body.success === true || body.data !== undefined)) return undefined;
	return `SoshiaConnect could not check the credentials: ${status < 300 ? 'it answered with something other than what it documents' : reason}`;
}
