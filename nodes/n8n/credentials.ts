/** Credentials of n8n from a provider's connection. */
import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	ICredentialTestRequest,
	IDataObject,
	IN8nHttpFullResponse,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeCredentialTestResult,
	INodeProperties,
} from 'n8n-workflow';
import { redact, refusal } from '../../core/answer.ts';
import { parsed } from '../../core/json.ts';
import type { HttpRequest, Json, Provider, Values } from '../../core/provider.ts';
import { signingFields, signingSecrets } from '../../core/secrets.ts';
import { toProperty } from './fields.ts';
import { toN8nRequest, toResponse } from './http.ts';

/** Name of the credential for calls, e.g. `solarProofApi`. */
export function apiCredential(provider: Provider): string {
	return `${nodeName(provider)}Api`;
}

/** Name of the credential for deliveries of a webhook that was registered by hand, e.g. `solidNumberWebhookApi`. */
export function webhookCredential(provider: Provider): string {
	return `${nodeName(provider)}WebhookApi`;
}

/** The stem of every n8n name of a provider, e.g. `solarProof`. */
export function nodeName(provider: Provider): string {
	return provider.id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What a person fills in to call the service. */
export function apiProperties(provider: Provider): INodeProperties[] {
	const properties = [
		...provider.api.fields.map((field) => toProperty(field)),
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string' as const,
			default: provider.api.baseUrl,
			description: `Where the API of ${provider.name} is found. Change it only if ${provider.name} told you to.`,
		},
	];
	// n8n keeps the token of a login in a hidden field that it clears when the login ran out.
	const session: INodeProperties = {
		displayName: 'Session Token',
		name: 'sessionToken',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	};
	return provider.api.session ? [session, ...properties] : properties;
}

/** What a person fills in to receive deliveries of a webhook that was registered by hand. */
export function webhookProperties(provider: Provider): INodeProperties[] {
	return (provider.webhook?.fields ?? []).map((field) => toProperty(field));
}

/** Adds the credential to a request of n8n, also to those of the HTTP Request node. */
export function authenticate(provider: Provider): IAuthenticate {
	return async (
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const request = fromN8nRequest(options);
		const { headers, query, json, form } = provider.api.authenticate(request, credentials as Values);
		const signed = { ...options, headers: { ...options.headers, ...headers }, qs: { ...options.qs, ...query } };
		if (json !== request.json) signed.body = JSON.stringify(json);
		if (form !== request.form) signed.body = new URLSearchParams(form);
		return signed;
	};
}

/** Logs in, where a service wants that. n8n calls it when there is no token and when a call was answered 401. */
export function logIn(provider: Provider) {
	return async function (this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const { session, baseUrl } = provider.api;
		if (!session?.needed(credentials as Values)) return {};
		const request = toN8nRequest(
			session.request(credentials as Values),
			String(credentials.baseUrl || baseUrl).replace(/\/+$/, ''),
		);
		const answer = (await this.helpers.httpRequest({
			...request,
			ignoreHttpStatusErrors: true,
		})) as IN8nHttpFullResponse;
		const response = toResponse(answer.statusCode, answer.headers, answer.body);
		const sessionToken = session.token(response);
		if (sessionToken !== undefined) return { sessionToken };
		const said = refusal(provider, response, 'the login')?.message ?? `${provider.name} gave no token for the login.`;
		// As the exception of a call that was answered 401: whoever made it reads the answer from there.
		const secrets = secretsIn(provider, credentials);
		throw Object.assign(new Error(redact(said, secrets)), {
			response: { status: 401, data: { message: redact(said, secrets) } },
		});
	};
}

/** The call by which n8n tells whether a credential works. n8n takes any status but 2xx for a no; a service may mean yes by one. */
export function credentialTest(provider: Provider): ICredentialTestRequest {
	const { test, readTest } = provider.api;
	const { method, path, query } = test;
	const refusals = Array.from({ length: 200 }, (_, index) => 400 + index).filter(
		(status) => readTest?.({ status, headers: {}, body: undefined, text: '' }, {}) !== undefined,
	);
	return {
		request: {
			method,
			baseURL: '={{$credentials.baseUrl}}',
			url: path,
			headers: { Accept: 'application/json' },
			...(query ? { qs: query } : {}),
			...(readTest ? { ignoreHttpStatusErrors: { ignore: true, except: refusals } } : {}),
		},
	};
}

/**
 * Looks at the secrets of a webhook registered by hand. There is no call that could tell whether a secret is the right one: that
 * shows with the first delivery.
 */
export function webhookSecrets(provider: Provider) {
	return async function (
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		const [field] = signingFields(provider);
		const secrets = signingSecrets(provider, (credential.data ?? {}) as Values).map(({ value }) => value);
		const filled = secrets.filter((value) => value !== '');
		if (field === undefined || secrets[0] === '') {
			return { status: 'Error', message: `Fill in "${field?.label}": without it no event can be verified` };
		}
		if (new Set(filled).size < filled.length) {
			const message = 'Two secrets are the same: leave the previous one empty unless you are changing it';
			return { status: 'Error', message };
		}
		return { status: 'OK', message: 'A secret is set. The first event shows whether it is the right one' };
	};
}

/** The values of a credential that must never be shown. */
export function secretsIn(provider: Provider, credentials: ICredentialDataDecryptedObject): string[] {
	const names = provider.api.fields.filter((field) => field.secret).map((field) => field.name);
	return [...names, 'sessionToken'].map((name) => String(credentials[name] ?? '')).filter((value) => value !== '');
}

/** The parts of a request of n8n that a provider's authentication may look at or change. */
function fromN8nRequest(options: IHttpRequestOptions): HttpRequest {
	const request: HttpRequest = { method: (options.method ?? 'GET') as HttpRequest['method'], path: '' };
	if (options.qs) request.query = options.qs as HttpRequest['query'];
	const { body } = options;
	if (body instanceof URLSearchParams) request.form = Object.fromEntries(body);
	else if (typeof body === 'string') request.json = parsed(body);
	else if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) request.json = body as Json;
	return request;
}
