/** HTTP requests and responses of the core, as n8n's request helpers want and give them. */
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { toResponse } from '../../core/answer.ts';
import { InvalidInput, ServiceRefused, Unreachable } from '../../core/errors.ts';
import { encodeMultipart } from '../../core/multipart.ts';
import type { HttpRequest, HttpResponse, Provider } from '../../core/provider.ts';

/** Milliseconds that a service may take to answer, where nothing else is chosen. */
export const TIMEOUT = 30_000;

/**
 * A request of the core as n8n wants it. The body comes back as text, every status as an answer, and no redirect is
 * followed: it would carry a key to another host.
 * @param timeout Milliseconds.
 */
export function toN8nRequest(request: HttpRequest, baseUrl: string, timeout: number): IHttpRequestOptions {
	const options: IHttpRequestOptions = {
		method: request.method,
		url: baseUrl + request.path,
		headers: { accept: 'application/json', ...lowerCase(request.headers) },
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout,
	};
	if (request.query) {
		options.qs = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== undefined));
	}
	if (request.json !== undefined) {
		options.body = JSON.stringify(request.json);
		options.headers = { ...options.headers, 'content-type': 'application/json' };
	} else if (request.form) {
		options.body = new URLSearchParams(request.form);
	} else if (request.multipart) {
		const { contentType, body } = encodeMultipart(request.multipart);
		options.body = body;
		options.headers = { ...options.headers, 'content-type': contentType };
	}
	return options;
}

/** An answer of n8n's helpers as the core reads it. */
export function fromN8nResponse({ statusCode, headers, body }: Partial<IN8nHttpFullResponse>): HttpResponse {
	const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
	return toResponse(Number(statusCode), headers, text);
}

/** The answer inside an exception of n8n's request helpers, where there is one. */
export function responseIn(cause: unknown): HttpResponse | undefined {
	for (let error = cause; isRecord(error); error = error.cause) {
		const { response } = error;
		if (isRecord(response) && typeof response.status === 'number') {
			const headers = isRecord(response.headers) ? (response.headers as IN8nHttpFullResponse['headers']) : {};
			return fromN8nResponse({ statusCode: response.status, headers: { ...headers }, body: response.data as never });
		}
	}
	if (!isRecord(cause)) return undefined;
	const status = Number(cause.httpCode);
	if (!Number.isInteger(status) || status < 100) return undefined;
	return fromN8nResponse({
		statusCode: status,
		headers: {},
		body: (isRecord(cause.context) ? cause.context.data : undefined) as never,
	});
}

/** Whether a value is an object whose properties may be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function lowerCase(headers: HttpRequest['headers']): { [name: string]: string } {
	return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What authentication added to a request that is under way, by the request that n8n was given. */
const additions = new WeakMap<object, string[]>();

/** Has everything that authentication adds to a request put into `added`. */
export function watchAdditions(options: IHttpRequestOptions, added: string[]): void {
	additions.set(options, added);
}

/** Notes what a credential added to a request of n8n, so that whoever made the request can blank it out. */
export function noteAdded(options: object, signed: object, values: readonly string[]): void {
	const added = additions.get(options);
	if (added === undefined) return;
	added.push(...values);
	// A second login signs the request that the first has signed.
	additions.set(signed, added);
}

/**
 * The answer to a request of n8n, which may be inside an exception.
 * @throws ServiceRefused when the login that came first was refused; Unreachable when there is no answer.
 */
export async function answerTo(
	provider: Provider,
	baseUrl: string,
	timeout: number,
	request: () => Promise<unknown>,
): Promise<HttpResponse> {
	try {
		return fromN8nResponse((await request()) as IN8nHttpFullResponse);
	} catch (cause) {
		for (let error = cause; isRecord(error); error = error.cause) {
			if (error instanceof ServiceRefused || error instanceof Unreachable || error instanceof InvalidInput) throw error;
		}
		const response = responseIn(cause);
		// A success inside an exception was cut off: its body is not whole, and may even be missing.
		if (response && !(response.status >= 200 && response.status < 300)) return response;
		throw unreachable(provider, baseUrl, timeout, cause);
	}
}

/** Codes of connections that were never made: nothing was sent. */
const NOT_SENT: { readonly [code: string]: string } = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'there is no such host',
	EAI_AGAIN: 'the name of the host could not be looked up',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	EPROTO: 'no secure connection could be made',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate could not be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
	ERR_INVALID_URL: 'the base URL is not a URL',
	ERR_INVALID_CHAR: 'the credential has a character that cannot be sent',
};

/** Of these, the ones that may pass in a moment. */
const PASSING: readonly string[] = ['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Why no answer came, without the text of the exception: it may hold the address with its query. */
function unreachable(provider: Provider, baseUrl: string, timeout: number, cause: unknown): Unreachable {
	const codes: string[] = [];
	for (let error = cause; isRecord(error); error = error.cause) {
		codes.push(...[error.code, error.httpCode].filter((code) => typeof code === 'string'));
	}
	const notSent = codes.find((code) => NOT_SENT[code] !== undefined);
	const tooLong = codes.some((code) => code === 'ECONNABORTED' || code === 'ETIMEDOUT');
	const why =
		(notSent === undefined ? undefined : NOT_SENT[notSent]) ??
		(tooLong ? `it took longer than ${timeout / 1000} s` : undefined) ??
		(codes.includes('ECONNRESET') ? 'the connection was cut' : 'the connection failed');
	return new Unreachable(
		`No answer came from ${provider.name} (${new URL(baseUrl).host}): ${why}.`,
		'Check the base URL in the credential and the network, then try again.',
		{ sent: notSent === undefined, lasting: notSent !== undefined && !PASSING.includes(notSent) },
	);
}
