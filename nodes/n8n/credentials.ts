/** Credentials of n8n from a provider's connection. */
import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeCredentialTestResult,
	INodeProperties,
} from 'n8n-workflow';
import { helpOf, logIn, requireFilled, testConnection } from '../../core/connection.ts';
import { messageOf } from '../../core/errors.ts';
import { cleanBaseUrl, cleanCredentials } from '../../core/input.ts';
import { addedEntries, parsed, withEntries } from '../../core/json.ts';
import { addedTo, blank, secretValues } from '../../core/redaction.ts';
import type { HttpRequest, Json, Provider, Send, Values, WebhookConnection } from '../../core/provider.ts';
import { signingFields, signingSecrets } from '../../core/secrets.ts';
import { toProperty } from './fields.ts';
import { answerTo, noteAdded, TIMEOUT, toN8nRequest } from './http.ts';

/** Name of the credential for calls, e.g. `solarProofApi`. */
export function apiCredential(provider: Provider): string {
	return `${nodeName(provider)}Api`;
}

/** Name of the credential for deliveries of a webhook that was registered manually, e.g. `solidNumberWebhookApi`. */
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
		...fieldsOf(provider.api),
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

/** What a person fills in to receive deliveries of a webhook that was registered manually. */
export function webhookProperties(provider: Provider): INodeProperties[] {
	return provider.webhook === undefined ? [] : fieldsOf(provider.webhook);
}

function fieldsOf(connection: WebhookConnection): INodeProperties[] {
	return connection.fields.map((field) => {
		const description = helpOf(connection, field);
		return toProperty(description === undefined ? field : { ...field, description });
	});
}

/**
 * Adds the credential to a request of n8n, also to those of the HTTP Request node. Nothing else of the request changes: a
 * body stays what it is (text, object, form, file or stream), apart from what authentication puts into it.
 */
export function authenticate(provider: Provider): IAuthenticate {
	return async (
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const clean = cleanCredentials(provider.api.fields, credentials as Values);
		const request = fromN8nRequest(options);
		const after = provider.api.authenticate(request, clean);
		const signed = { ...options, ...headersOf(options, request, after), ...bodyOf(options, request, after) };
		if (after.query !== request.query) signed.qs = { ...options.qs, ...after.query };
		noteAdded(options, signed, addedTo(request, after));
		return signed;
	};
}

/** Logs in, where a service wants that. n8n calls it when there is no token and when a call was answered 401. */
export function logInFirst(provider: Provider) {
	return async function (this: IHttpRequestHelper, given: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const credentials = cleanCredentials(provider.api.fields, given as Values);
		const baseUrl = cleanBaseUrl(provider, given.baseUrl);
		const token = await logIn(provider, credentials, (request) =>
			answerTo(provider, baseUrl, TIMEOUT, () => this.helpers.httpRequest(toN8nRequest(request, baseUrl, TIMEOUT))),
		);
		return token === undefined ? {} : { sessionToken: token };
	};
}

/**
 * The function by which n8n finds out whether a credential works: `testedBy` of the action node. n8n's declarative tests follow
 * redirects, take a page of HTML for a yes, and show no more than the words of a status.
 */
export function connectionTest(provider: Provider) {
	return async function (
		this: ICredentialTestFunctions,
		{ data = {} }: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		const secrets = new Set<string>();
		try {
			const clean = cleanCredentials(provider.api.fields, data as Values);
			const baseUrl = cleanBaseUrl(provider, data.baseUrl);
			for (const value of secretValues(provider.api.fields, clean)) secrets.add(value);
			requireFilled(provider, clean);
			const { helpers } = this;
			const send =
				(credentials?: Values): Send =>
				async (request) => {
					const signed = credentials === undefined ? request : provider.api.authenticate(request, credentials);
					for (const value of addedTo(request, signed)) secrets.add(value);
					const response = await answerTo(provider, baseUrl, TIMEOUT, () =>
						helpers.request(toOldRequest(toN8nRequest(signed, baseUrl, TIMEOUT))),
					);
					return { ...response, secrets: [...secrets] };
				};
			const sessionToken = await logIn(provider, clean, send());
			const credentials = sessionToken === undefined ? clean : { ...clean, sessionToken };
			await testConnection(provider, credentials, send(credentials));
			return { status: 'OK', message: 'Connection successful!' };
		} catch (cause) {
			return { status: 'Error', message: blank(messageOf(cause), [...secrets]) };
		}
	};
}

/**
 * Looks at the secrets of a webhook registered manually. There is no call that could tell whether a secret is the right one: that
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

/** The parts of a request of n8n that a provider's authentication may look at or change. */
function fromN8nRequest(options: IHttpRequestOptions): HttpRequest {
	const request: HttpRequest = { method: (options.method ?? 'GET') as HttpRequest['method'], path: '' };
	if (options.qs) request.query = options.qs as HttpRequest['query'];
	const { body } = options as { body?: unknown };
	if (body instanceof URLSearchParams) request.form = Object.fromEntries(body);
	else if (typeof body === 'string') request.json = parsed(body);
	else if (isPlain(body)) request.json = body as Json;
	return request;
}

/** An object that is nothing but data: no form, file, stream or buffer. */
function isPlain(body: unknown): boolean {
	if (typeof body !== 'object' || body === null) return false;
	const prototype: unknown = Object.getPrototypeOf(body);
	return prototype === Object.prototype || prototype === null;
}

/** The headers with those that authentication added, in place of any of the same name in another spelling. */
function headersOf(
	options: IHttpRequestOptions,
	before: HttpRequest,
	after: HttpRequest,
): Pick<IHttpRequestOptions, 'headers'> {
	if (after.headers === before.headers) return {};
	const added = Object.keys(after.headers ?? {}).map((name) => name.toLowerCase());
	const kept = Object.entries(options.headers ?? {}).filter(([name]) => !added.includes(name.toLowerCase()));
	return { headers: { ...Object.fromEntries(kept), ...after.headers } };
}

/** The body with what authentication put into it, in the form that it had. */
function bodyOf(
	{ body }: IHttpRequestOptions,
	before: HttpRequest,
	after: HttpRequest,
): Pick<IHttpRequestOptions, 'body'> {
	if (after.form !== before.form && body instanceof URLSearchParams) {
		const form = new URLSearchParams(body);
		for (const [name, value] of Object.entries(after.form ?? {})) {
			if (before.form?.[name] !== value) form.set(name, value);
		}
		return { body: form };
	}
	if (after.json === before.json) return {};
	if (typeof body !== 'string') return { body: after.json };
	// As it was typed, with a few words more: a number may have more digits than JavaScript keeps.
	return { body: addedEntries(before.json, after.json).reduce(withEntries, body) };
}

/** A request in the older form, the only one that n8n gives the test of a credential. */
function toOldRequest({ qs, url, ...options }: IHttpRequestOptions): object {
	return {
		...options,
		...(qs === undefined ? {} : { qs }),
		uri: url,
		body: options.body instanceof URLSearchParams ? options.body.toString() : options.body,
		headers: {
			...(options.body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
			...options.headers,
		},
		simple: false,
		resolveWithFullResponse: true,
		followRedirect: false,
		followAllRedirects: false,
	};
}
