/** How SoshiaConnect answers: what went wrong, and what is inside its success envelope. */
import { isObject, text } from '../../core/json.ts';
import type { HttpResponse, Json, JsonObject, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/**
 * What an answer says went wrong: `{"success": false, "message": "...", "errors": {"field": ["..."]}}`, under whatever status.
 * https://docs.soshianest.ai/guides/errors
 */
export function readError({ status, body }: HttpResponse): ServiceError | undefined {
	if (!isObject(body)) return undefined;
	if (status < 400 && body.success !== false) return undefined;
	const details = isObject(body.errors) ? Object.entries(body.errors).map(detail) : [];
	const message = words(body.message) ?? words(body.error);
	if (message === undefined && details.length === 0 && body.success !== false) return undefined;
	return { message: message ?? 'it gave no reason', ...(details.length > 0 && { details }) };
}

function detail([field, messages]: readonly [string, Json]): string {
	const all = Array.isArray(messages) ? messages : [messages];
	return `${field}: ${all.map((message) => text(message) ?? JSON.stringify(message)).join(', ')}`;
}

/** The items of an answer: what is under `data` in `{"success": true, "message": "...", "data": ...}`, else all of it. */
export function dataItems({ body }: HttpResponse): readonly JsonObject[] {
	const data = isObject(body) && (isObject(body.data) || Array.isArray(body.data)) ? body.data : body;
	if (Array.isArray(data)) return data.filter(isObject);
	return isObject(data) ? [data] : [];
}

/** Whether an answer says that there is no such record: 404 with the documented envelope. */
export function isNotFound({ status, body }: HttpResponse): boolean {
	return status === 404 && isObject(body) && body.success === false;
}
