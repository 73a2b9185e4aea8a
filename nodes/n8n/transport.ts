/** Calls to a service from n8n: its credential signs them, every status comes back as a response, and no address or key leaks into errors. */
import {
	NodeOperationError,
	sleep,
	type IAllExecuteFunctions,
	type IDataObject,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type IPollFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { cleanBaseUrl, cleanCredentials } from '../../core/input.ts';
import { patiently } from '../../core/patience.ts';
import { addedTo, blank, secretValues } from '../../core/redaction.ts';
import type { HttpRequest, HttpResponse, Provider, Send, Values } from '../../core/provider.ts';
import { apiCredential } from './credentials.ts';
import { answerTo, TIMEOUT, toN8nRequest, watchAdditions } from './http.ts';

/** The contexts of n8n in which a node can call a service. */
export type CallingContext =
	| IAllExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions
	| IWebhookFunctions;

/** How long a caller waits, in milliseconds. */
export interface Waiting {
	/** For each answer. */
	timeout?: number;
	/** In all, while calls that only read are made again. Default: they are not. */
	patience?: number;
}

/** A connection to a service with the node's credential. */
export interface Connection {
	baseUrl: string;
	send: Send;
	/** Blanks out, in a text that a person will see, the credential's secrets and whatever authentication added to the calls so far. */
	clean: (text: string) => string;
}

/**
 * Opens the connection of a node.
 * @throws NodeOperationError when the node has no credential, or one that cannot be used.
 */
export async function connect(
	context: CallingContext,
	provider: Provider,
	{ timeout = TIMEOUT, patience = 0 }: Waiting = {},
): Promise<Connection> {
	const type = apiCredential(provider);
	const given = await context.getCredentials(type);
	const { credentials, baseUrl } = usable(context, provider, given);
	const seen = new Set(secretValues(provider.api.fields, credentials));
	let loggedInAgain = false;

	const once = async (request: HttpRequest, every = true): Promise<HttpResponse> => {
		const sent = { ...toN8nRequest(request, baseUrl, timeout), ignoreHttpStatusErrors: every };
		// n8n has its own copy of the credential, with the token of a login that it renews: then it adds to these.
		const added = addedTo(request, provider.api.authenticate(request, credentials));
		watchAdditions(sent, added);
		try {
			const response = await answerTo(provider, baseUrl, timeout, () =>
				context.helpers.httpRequestWithAuthentication.call(context, type, sent),
			);
			return { ...response, secrets: [...seen, ...added] };
		} finally {
			for (const value of added) seen.add(value);
		}
	};
	const send: Send = async (request) => {
		const response = await once(request);
		if (response.status !== 401 || loggedInAgain || !provider.api.session?.needed(credentials)) return response;
		// n8n logs in again only when it sees 401 as an exception; before 2.11 it can make exceptions of all refusals or of none.
		loggedInAgain = true;
		return await once(request, false);
	};
	return {
		baseUrl,
		send: patience === 0 ? send : patiently(send, { wait: sleep, budget: patience }),
		clean: (text) => blank(text, [...seen]),
	};
}

function usable(
	context: CallingContext,
	provider: Provider,
	given: IDataObject,
): { credentials: Values; baseUrl: string } {
	try {
		return {
			credentials: cleanCredentials(provider.api.fields, given as Values),
			baseUrl: cleanBaseUrl(provider, given.baseUrl),
		};
	} catch (cause) {
		throw new NodeOperationError(context.getNode(), cause instanceof Error ? cause.message : String(cause));
	}
}
