/** How Solve360 answers: what went wrong, and the records in its lists. */
import { isObject, text } from '../../core/json.ts';
import type { HttpResponse, Json, JsonObject, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/**
 * What an answer says went wrong: `{"errors": {"incorrectfield": "Incorrect field specified"}, "status": "failed"}`, which
 * also comes under HTTP 200 (seen in a published client). Undefined when nothing did.
 */
export function readError(response: HttpResponse): ServiceError | undefined {
	const body = bodyOf(response);
	if (body === undefined) return notJson(response);
	const failed = /^(fail|error)/i.test(text(body['status']) ?? '');
	const errors = entriesOf(body['errors'] ?? body['error']);
	if (errors.length === 0 && !failed) return undefined;
	const code = errors.find(([key]) => !/^\d*$/.test(key))?.[0];
	return {
		message:
			words(errors.map(([, message]) => message).join('; ')) ?? words(body['message']) ?? 'it failed without a reason',
		...(code !== undefined && { code }),
	};
}

/** The answer's object. Older answers, made from XML, wrap it in `response`. */
export function bodyOf(response: HttpResponse): JsonObject | undefined {
	const { body } = response;
	if (!isObject(body)) return undefined;
	return isObject(body['response']) ? body['response'] : body;
}

/** Solve360 answers in XML unless it is asked for JSON: a proxy that drops `Accept` shows up here. */
function notJson(response: HttpResponse): ServiceError | undefined {
	const succeeded = response.status >= 200 && response.status < 300;
	if (!succeeded || Array.isArray(response.body) || response.text.trim() === '') return undefined;
	return { message: 'it answered with something other than JSON' };
}

function entriesOf(errors: Json | undefined): [string, string][] {
	if (typeof errors === 'string' && errors !== '') return [['', errors]];
	if (typeof errors !== 'object' || errors === null) return [];
	return Object.entries(errors).map(([key, value]) => [
		key,
		text(value) ?? (isObject(value) ? text(value['message']) : undefined) ?? JSON.stringify(value),
	]);
}

/** Names under which a list can stand inside an answer, in the shapes that XML and JSON give it. */
const CONTAINERS: ReadonlySet<string> = new Set([
	...['categories', 'category', 'fields', 'field', 'hooks', 'hook', 'items', 'activities', 'activity'],
	...['relateditems', 'relatedto', 'users', 'user', 'groups', 'group'],
]);

/**
 * The records of a list, whatever shape it has. A JSON list is an object keyed by record id, beside `status` and `count`
 * (seen in three published clients); arrays and lists inside a container are read as well. A record without an `id` gets
 * the key it stands under, without the letters `id` that XML puts before it.
 */
export function listOf(value: Json | undefined): JsonObject[] {
	if (Array.isArray(value)) return value.filter(isObject);
	if (!isObject(value)) return [];
	if (value['id'] !== undefined && !isObject(value['id'])) return [value];
	return Object.entries(value).flatMap(([key, entry]) => {
		if (CONTAINERS.has(key) || Array.isArray(entry)) return listOf(entry);
		if (!isObject(entry) || key === 'errors') return [];
		const id = /^(?:id)?(\d+)$/.exec(key)?.[1];
		return [entry['id'] === undefined && id !== undefined ? { id, ...entry } : entry];
	});
}

/** `listOf` for a whole answer. */
export function listItems(response: HttpResponse): JsonObject[] {
	return listOf(Array.isArray(response.body) ? response.body : bodyOf(response));
}

/** One record of an answer, with its id at the top, so that a next step finds it in one place. */
export function recordItem(response: HttpResponse, id?: Json): JsonObject {
	const body = bodyOf(response) ?? {};
	const found = (isObject(body['item']) ? body['item']['id'] : undefined) ?? body['id'] ?? id;
	return found === undefined ? body : { id: found, ...body };
}
