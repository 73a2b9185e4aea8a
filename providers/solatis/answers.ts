/** How Solatis answers: what went wrong, and the records in an answer. */
import { isObject, text } from '../../core/json.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/**
 * What an answer says went wrong, e.g. `{"error": {"code": "invalid_request", "message": "...", "details": {"field": "...",
 * "type": "required"}, "request_id": "req_..."}}`. https://docs.solatis.team/api/error-handling.html
 *
 * Only with a status of 400 or more: under 2xx an `error` belongs to the record, e.g. to a transcription that failed.
 */
export function readError({ status, body }: HttpResponse): ServiceError | undefined {
	if (status < 400 || !isObject(body)) return undefined;
	const error = isObject(body.error) ? body.error : undefined;
	const message = words(error?.message) ?? words(body.error) ?? words(body.message);
	const code = words(error?.code);
	if (message === undefined && code === undefined) return undefined;
	const details = [...detailsOf(error?.details), ...requestOf(error?.request_id)];
	return { message: message ?? 'it gave no reason', ...(code && { code }), ...(details.length > 0 && { details }) };
}

/** The id in the answer to a new webhook. Its place is not documented: at the top, in `data` or in `webhook`. */
export function webhookIdIn(body: Json | undefined): string | undefined {
	if (!isObject(body)) return undefined;
	return [body, body.data, body.webhook]
		.map((place) => (isObject(place) ? words(place.id) : undefined))
		.find((id) => id !== undefined);
}

/** One record: the answer, or what is in its `data` where the answer has no ID of its own. */
export function recordIn(body: Json | undefined): JsonObject[] {
	if (!isObject(body)) return [];
	return [body.id === undefined && isObject(body.data) ? body.data : body];
}

/** The records of a list: a bare array, or the one under the list's name or `data`. Undefined: there is no list. */
export function listIn(body: Json | undefined, name: string): JsonObject[] | undefined {
	const lists = isObject(body) ? [body[name], body.data] : [body];
	return lists.find((list) => Array.isArray(list))?.filter(isObject);
}

function detailsOf(details: Json | undefined): string[] {
	if (!isObject(details)) return typeof details === 'string' ? [details] : [];
	const { field, type } = details;
	if (text(field) !== undefined && text(type) !== undefined) return [`${text(field)}: ${text(type)}`];
	return Object.entries(details).map(([name, value]) => `${name}: ${text(value) ?? JSON.stringify(value)}`);
}

function requestOf(id: Json | undefined): string[] {
	return text(id) === undefined ? [] : [`request ${text(id)}`];
}

/** Whether an answer says that there is no such record: 404 with the documented envelope. */
export function isNotFound({ status, body }: HttpResponse): boolean {
	return status === 404 && isObject(body) && isObject(body.error);
}

/** Whether an answer has what is documented for the call, or what every use of it needs. */
export function isAnswer({ body }: HttpResponse, { method, path }: HttpRequest): boolean | undefined {
	if (method === 'GET' && path === '/webhooks') return listIn(body, 'webhooks') !== undefined;
	if (method === 'GET' && path.endsWith('/deliveries')) return listIn(body, 'deliveries') !== undefined;
	if (path === '/documents/analyze' || path === '/transcribe') return isObject(body) && words(body.id) !== undefined;
	return undefined;
}
