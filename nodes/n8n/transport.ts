/** Calls to a service from n8n: its credential signs them, every status comes back as a response, and no address or key leaks into errors. */
import type {
	IAllExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { redact } from '../../core/answer.ts';
import { Unreachable } from '../../core/errors.ts';
import type { HttpResponse, Provider, Send } from '../../core/provider.ts';
import { apiCredential, secretsIn } from './credentials.ts';
import { toN8nRequest, toResponse } from './http.ts';

/** The contexts of n8n in which a node can call a service. */
export type CallingContext =
	| IAllExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions
	| IWebhookFunctions;

/** Milliseconds. A service that has not answered by then will not. */
const TIMEOUT = 30_000;

/** A connection to a service with the node's credential. */
export interface Connection {
	baseUrl: string;
	send: Send;
	/** Blanks out the credential's secrets in a text that a person will see. */
	clean: (text: string) => string;
}

/**
 * Opens the connection of a node.
 * @throws NodeOperationError of n8n when the node has no credential.
 */
export async function connect(context: CallingContext, provider: Provider): Promise<Connection> {
	const type = apiCredential(provider);
	const credentials = await context.getCredentials(type);
	const baseUrl = String(credentials.baseUrl || provider.api.baseUrl).replace(/\/+$/, '');
	const secrets = secretsIn(provider, credentials);
	const send: Send = async (request) => {
		const options = toN8nRequest(request, baseUrl);
		options.timeout = TIMEOUT;
		// A login that ran out shows as 401: n8n logs in again when it sees that status as an exception.
		options.ignoreHttpStatusErrors = provider.api.session ? { ignore: true, except: [401] } : true;
		try {
			const answer = (await context.helpers.httpRequestWithAuthentication.call(
				context,
				type,
				options,
			)) as IN8nHttpFullResponse;
			return toResponse(answer.statusCode, answer.headers, answer.body);
		} catch (cause) {
			const response = responseIn(cause);
			if (response) return response;
			throw unreachable(provider, baseUrl, cause);
		}
	};
	return { baseUrl, send, clean: (text) => redact(text, secrets) };
}

function unreachable(provider: Provider, baseUrl: string, cause: unknown): Unreachable {
	return new Unreachable(
		`No answer came from ${provider.name} (${hostOf(baseUrl)}): ${reasonOf(cause)}. Check the base URL in the credential and the network, then try again.`,
	);
}

/** The answer inside an exception of n8n's request helper, where there is one. */
function responseIn(cause: unknown): HttpResponse | undefined {
	for (let error = cause; isRecord(error); error = error.cause) {
		const { response } = error;
		if (isRecord(response) && typeof response.status === 'number') {
			return toResponse(response.status, {}, response.data);
		}
	}
	if (!isRecord(cause)) return undefined;
	const status = Number(cause.httpCode);
	if (!Number.isInteger(status) || status < 100) return undefined;
	return toResponse(status, {}, isRecord(cause.context) ? cause.context.data : undefined);
}

const REASONS: { readonly [code: string]: string } = {
	ECONNREFUSED: 'the connection was refused',
	ECONNRESET: 'the connection was cut',
	ECONNABORTED: 'it took longer than 30 s',
	ETIMEDOUT: 'it took longer than 30 s',
	ENOTFOUND: 'there is no such host',
	EAI_AGAIN: 'the name of the host could not be looked up',
	EPROTO: 'no secure connection could be made',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
};

/** Why no answer came, without the text of the exception: it may hold the address with its query. */
function reasonOf(cause: unknown): string {
	for (let error = cause; isRecord(error); error = error.cause) {
		const code = typeof error.code === 'string' ? error.code : typeof error.httpCode === 'string' ? error.httpCode : '';
		if (REASONS[code]) return REASONS[code];
	}
	return 'the connection could not be made';
}

function hostOf(url: string): string {
	try {
		return new URL(url).host;
	} catch {
		return 'the base URL is not a URL';
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
