/**
 * What counts as a service's answer, and what went wrong at it: one clear sentence with what to do. Decided here for every
 * call, on every platform: operations and their pages, subscriptions, logins, tests of a credential, drop-down lists.
 */
import { ServiceRefused, Unreachable } from './errors.ts';
import { isObject, parsed, text } from './json.ts';
import { presentable } from './redaction.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Provider, Send, ServiceError } from './provider.ts';

/** What is known about a call when its answer is judged. */
export interface Asked {
	/** The call itself: what its documented answer looks like depends on it (`Provider.isAnswer`). */
	request?: HttpRequest;
	/** `true`: it only reads, and an empty answer is none. `false`: it changes something, which may be done although the answer is bad. */
	reads?: boolean;
	/** Whether an empty answer is one. Default: yes, unless the call only reads. */
	mayBeEmpty?: boolean;
	/** What is assumed about this call because it is not documented: it may be the reason. */
	assumed?: string | undefined;
	/** The one record that the call names, e.g. `contact`: there may be none with this ID. */
	record?: string | undefined;
	/** Whether the answer is one record or the result of a change: a list without any record is none. */
	one?: boolean;
	/** What the call carries that must not be shown, besides what authentication added. */
	secrets?: readonly string[];
}

/** An answer as the core reads it, from what a platform's client gives. */
export function toResponse(
	status: number,
	headers: { readonly [name: string]: unknown } | undefined,
	text: string,
): HttpResponse {
	const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
	// PHP files saved with a byte order mark answer with one.
	const body = parsed(text.replace(/^\ufeff/, ''));
	return { status, headers: Object.fromEntries(lower), body, text };
}

/**
 * Asks a service, and judges its answer.
 * @param what What is asked, as it follows "did not accept", e.g. `"Get contact"`.
 * @throws ServiceRefused for anything but the service's own direct answer; Unreachable when none came.
 */
export async function ask(
	provider: Provider,
	send: Send,
	request: HttpRequest,
	what: string,
	asked: Asked = {},
): Promise<HttpResponse> {
	let response: HttpResponse;
	try {
		response = await send(request);
	} catch (cause) {
		throw cause instanceof Unreachable && cause.sent && asked.reads === false
			? new Unreachable(cause.what, mayBeDone(provider, what))
			: cause;
	}
	const refused = refusal(provider, response, what, { request, ...asked });
	if (refused) throw refused;
	return response;
}

/**
 * Reads an answer for what went wrong. Undefined when nothing did.
 * @param what What was asked, as it follows "did not accept", e.g. `the subscription to document.analyzed`.
 */
export function refusal(
	provider: Provider,
	response: HttpResponse,
	what: string,
	asked: Asked = {},
): ServiceRefused | undefined {
	const { status } = response;
	const secrets = [...(response.secrets ?? []), ...(asked.secrets ?? [])];
	if (status >= 300 && status < 400) return redirected(provider, response, what, secrets);
	const said = provider.readError(response) ?? unanswered(provider, response, asked);
	if (said === undefined && status >= 200 && status < 300) return undefined;
	const retryAfterSeconds =
		status === 429 ? Math.max(1, Math.ceil((retryAfter(response) ?? 60_000) / 1000)) : undefined;
	const show = (words: string) => presentable(words, secrets);
	const code = said?.code === undefined ? undefined : show(said.code);
	const message = said ? withoutStop(show(said.message)) : `it answered with status ${status}`;
	const details = said?.details?.length ? `: ${show(said.details.join('; '))}` : '';
	const named = code === undefined || message.includes(code) ? '' : ` (${code})`;
	const advice = [
		asked.assumed !== undefined && [400, 404, 405, 422].includes(status)
			? asked.assumed
			: adviceFor(provider, status, retryAfterSeconds, said),
		asked.reads === false && doubtful(status, said) ? mayBeDone(provider, what) : '',
	]
		.filter((sentence) => sentence !== '')
		.join(' ');
	const notFound = (provider.isNotFound?.(response) ?? false) && !isFromBetween(response);
	const sentence =
		notFound && asked.record !== undefined
			? `${provider.name} found no ${asked.record} with this ID`
			: `${provider.name} did not accept ${what}: ${message}${named}${details}`;
	return new ServiceRefused(`${sentence}. ${advice}`.trim(), {
		status,
		code,
		retryAfterSeconds,
		advice,
		notFound,
	});
}

/**
 * Milliseconds until a limited request may be made again, at most a day: from `Retry-After-Ms`, `Retry-After` (seconds or a
 * date) or `X-RateLimit-Reset` (seconds from now, or a time in seconds or milliseconds). Undefined where none can be read.
 */
export function retryAfter({ headers }: HttpResponse, now: number = Date.now()): number | undefined {
	const numberIn = (name: string): number | undefined => {
		const value = headers[name]?.trim() ?? '';
		return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
	};
	const seconds = numberIn('retry-after');
	const date = Date.parse(headers['retry-after'] ?? '');
	const reset = numberIn('x-ratelimit-reset');
	const wait =
		numberIn('retry-after-ms') ??
		(seconds !== undefined ? seconds * 1000 : Number.isNaN(date) ? resetIn(reset, now) : date - now);
	return wait === undefined ? undefined : Math.min(Math.max(0, wait), LONGEST_WAIT);
}

const LONGEST_WAIT = 86_400_000;

function resetIn(reset: number | undefined, now: number): number | undefined {
	if (reset === undefined) return undefined;
	if (reset < 1e9) return reset * 1000;
	return (reset < 1e12 ? reset * 1000 : reset) - now;
}

/** A redirect is never followed: it would carry the key to another host, and turn a POST into a GET. */
function redirected(
	provider: Provider,
	response: HttpResponse,
	what: string,
	secrets: readonly string[],
): ServiceRefused {
	const { status, headers } = response;
	const host = hostIn(headers['location']);
	const moved =
		host === undefined
			? `${provider.name} did not accept ${what}: it answered with a redirect (status ${status}).`
			: `${provider.name} did not accept ${what}: it moved to ${presentable(host, secrets)} (status ${status}).`;
	const advice =
		host === undefined
			? 'Redirects are not followed. Check Base URL.'
			: `Put the new address into Base URL, if it belongs to ${provider.name}: redirects are not followed.`;
	return new ServiceRefused(`${moved} ${advice}`, { status, advice });
}

/** Scheme and host of an absolute URL: a path or query may hold anything. */
function hostIn(location: string | undefined): string | undefined {
	try {
		const { protocol, host } = new URL((location ?? '').trim().replace(/^\/\//, 'https://'));
		return /^https?:$/.test(protocol) && host !== '' ? `${protocol}//${host}` : undefined;
	} catch {
		return undefined;
	}
}

const NOT_JSON: ServiceError = { message: 'it answered with something other than JSON' };
const NOTHING: ServiceError = { message: 'it answered with nothing' };
const UNEXPECTED: ServiceError = { message: 'it answered with something other than what it documents' };

/** Why a 2xx answer is none of the service's own, or none that says it was done. */
function unanswered(
	provider: Provider,
	response: HttpResponse,
	{ request, reads, one, mayBeEmpty = reads !== true }: Asked,
): ServiceError | undefined {
	if (response.status < 200 || response.status >= 300) return undefined;
	if (isEmpty(response)) return mayBeEmpty ? undefined : NOTHING;
	const { body } = response;
	if (body === undefined) return NOT_JSON;
	if (request === undefined) return undefined;
	if (Array.isArray(body)) {
		if (!body.some(isObject) && (one === true || body.length > 0)) return UNEXPECTED;
	} else if (!isObject(body)) return UNEXPECTED;
	else {
		const failure = failureIn(body);
		if (failure !== undefined) return failure;
	}
	return provider.isAnswer?.(response, request) === false ? UNEXPECTED : undefined;
}

/** What a body may have that is nothing but an error. With anything else in it, `error` may belong to a record, e.g. a job that failed. */
const OF_ERRORS: ReadonlySet<string> = new Set([
	...['code', 'detail', 'details', 'error', 'error_code', 'error_description', 'errorCode', 'errors', 'message', 'ok'],
	...['path', 'request_id', 'requestId', 'status', 'statusCode', 'success', 'timestamp', 'title', 'trace_id', 'type'],
]);

/** What a body under 2xx says went wrong that is nothing but an error, in the forms that APIs and what is before them use. */
function failureIn(body: JsonObject): ServiceError | undefined {
	if (!Object.keys(body).every((name) => OF_ERRORS.has(name))) return undefined;
	const { error, errors, success, ok, status, statusCode } = body;
	const isNo = [success, ok].some((value) => value === false || value === 'false' || value === 0);
	const isFailed = typeof status === 'string' && /^(error|fail(ed|ure)?|invalid)$/i.test(status.trim());
	const isStatus = [status, statusCode].some((value) => typeof value === 'number' && value >= 400);
	if (!isNo && !isFailed && !isStatus && !saysMuch(error) && !saysMuch(errors)) return undefined;
	const inner = isObject(error) ? error : {};
	const said = [inner['message'], body['message'], body['error_description'], error, body['detail'], body['title']];
	const message = said.map((one) => text(one)?.trim()).find((one) => one !== undefined && one !== '');
	const code = [inner['code'], body['code']].map((one) => text(one)?.trim()).find((one) => one);
	const listed = saysMuch(errors) ? [typeof errors === 'string' ? errors : JSON.stringify(errors)] : [];
	return {
		message: message ?? listed.shift() ?? 'it gave no reason',
		...(code === undefined ? {} : { code }),
		...(listed.length > 0 ? { details: listed } : {}),
	};
}

function saysMuch(value: Json | undefined): boolean {
	if (typeof value === 'string') return value.trim() !== '';
	return value === true || (typeof value === 'object' && value !== null && Object.keys(value).length > 0);
}

/** Whether a refusal is that of a framework, a gateway or a proxy, which knows paths and nothing about records. */
function isFromBetween(response: HttpResponse): boolean {
	const { body } = response;
	if (!isObject(body)) return false;
	if ([body['status'], body['statusCode']].some((value) => typeof value === 'number')) return true;
	return isUnknownPath(response) || saidIn(body).some((said) => /^not found\.?$/i.test(said));
}

/** Whether a refusal is about the path of a call, in the words of frameworks and gateways, and so about no record at all. */
function isUnknownPath({ body }: HttpResponse): boolean {
	return isObject(body) && saidIn(body).some((said) => /^(no route matched.*|cannot [a-z]+ \/.*)$/i.test(said));
}

function saidIn({ error, message, detail, title }: JsonObject): string[] {
	return [error, message, detail, title].flatMap((value) => (typeof value === 'string' ? [value.trim()] : []));
}

/** Whether the answer to a removal says that there was nothing to remove. A page with status 404 may come from anywhere. */
export function saysGone(response: HttpResponse): boolean {
	if (![404, 410].includes(response.status)) return false;
	// What is removed by its ID and "not found" is gone, whoever words it.
	return isEmpty(response) || (response.body !== undefined && !isUnknownPath(response));
}

/** Whether an answer has no content: no body, white space, or JSON's null. */
export function isEmpty({ body, text }: HttpResponse): boolean {
	return body === null || text.replace(/^\ufeff/, '').trim() === '';
}

function adviceFor(
	provider: Provider,
	status: number,
	retryAfterSeconds: number | undefined,
	said: ServiceError | undefined,
): string {
	if (status >= 200 && status < 300 && (said === NOT_JSON || said === NOTHING || said === UNEXPECTED))
		return 'Check Base URL, and whether something between answers in its place.';
	if (status === 401) return checkCredential(provider);
	if (status === 403)
		return `This credential doesn't have permission to do that. Check its permissions in ${provider.name}.`;
	if (status === 429) return `${provider.name} limits the number of requests. Try again in ${retryAfterSeconds} s.`;
	if (status >= 500) return `${provider.name} is having problems. Try again in a few minutes.`;
	return '';
}

/** What to do when a service doesn't know the credential: which field to check, and where a new value comes from. */
export function checkCredential({ name, api }: Provider): string {
	const labels = api.fields
		.filter(({ secret }) => secret)
		.map(({ label }) => label.replace(/\b[A-Z](?=[a-z])/g, (one) => one.toLowerCase()));
	return `Check the ${labels.join(' or ')} in your ${name} credential. ${api.hint}`;
}

/** Whether a refused call that changes something may have been done all the same. */
function doubtful(status: number, said: ServiceError | undefined): boolean {
	if (status >= 500) return ![501, 503, 505].includes(status);
	return status < 300 && (said === NOT_JSON || said === UNEXPECTED);
}

function mayBeDone(provider: Provider, what: string): string {
	return `${what.charAt(0).toUpperCase()}${what.slice(1)} may have been done: look in ${provider.name} before you try again.`;
}

function withoutStop(sentence: string): string {
	return sentence.replace(/\.\s*$/, '');
}
