/** How Solve360 answers: what went wrong, the records in its lists, and whether a change was made. */
import { isObject, text } from '../../core/json.ts';
import type { HttpResponse, Json, JsonObject, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/**
 * What an answer says went wrong: `{"errors": {"incorrectfield": "Incorrect field specified"}, "status": "failed"}`, which
 * also comes under HTTP 200 (seen in a published client). Undefined when nothing did.
 */
export function readError(response: HttpResponse): ServiceError | undefined {
	const body = bodyOf(response);
	if (body === undefined) return undefined;
	const failed = /^(fail|error)/i.test(text(body['status']) ?? '');
	const errors = messagesIn(body['errors'] ?? body['error']);
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

function messagesIn(errors: Json | undefined): [string, string][] {
	if (typeof errors === 'string' && errors !== '') return [['', errors]];
	if (typeof errors !== 'object' || errors === null) return [];
	return Object.entries(errors).map(([key, value]) => [
		key,
		text(value) ?? (isObject(value) ? text(value['message']) : undefined) ?? JSON.stringify(value),
	]);
}

/** The elements that XML repeats for the entries of a list. In JSON, a single entry is the object under that name. */
const ELEMENTS: ReadonlySet<string> = new Set([
	...['activity', 'category', 'event', 'field', 'followup', 'group', 'hook', 'nextaction', 'opportunity'],
	...['record', 'relatedto', 'timerecord', 'user', 'workgroup'],
]);

/**
 * The records of a list, in every shape that published clients have met: keyed by ID next to `status` and `count`; an
 * array; one or several under an element (`{"timerecords": {"timerecord": [...]}}`); keyed by ID inside a container; null.
 * A record without an `id` gets the key that it is under, without the letters `id` that XML puts before it.
 */
export function listOf(value: Json | undefined): JsonObject[] {
	if (Array.isArray(value)) return value.filter(isObject);
	if (!isObject(value)) return [];
	if (text(value['id']) !== undefined) return [value];
	const entries = Object.entries(value).filter(([key]) => key !== 'errors');
	const keyed = entries.flatMap(([key, entry]) => {
		const id = /^(?:id)?(\d+)$/.exec(key)?.[1];
		return id !== undefined && isObject(entry) ? [entry['id'] === undefined ? { id, ...entry } : entry] : [];
	});
	// What is next to records that are keyed by ID is no record.
	if (keyed.length > 0) return keyed;
	return entries.flatMap(([key, entry]) => {
		const inside = listOf(entry);
		return inside.length === 0 && isObject(entry) && ELEMENTS.has(key) ? [entry] : inside;
	});
}

/** `listOf` for a whole answer. */
export function listItems(response: HttpResponse): JsonObject[] {
	return listOf(Array.isArray(response.body) ? response.body : bodyOf(response));
}

/** How many records match in all, where an answer says so: a number, or a text in older answers. */
export function countOf(response: HttpResponse): number | undefined {
	const count = text(bodyOf(response)?.['count']);
	return count !== undefined && /^\d+$/.test(count) ? Number(count) : undefined;
}

const LISTS = ['categories', 'relateditems', 'activities'] as const;

/** One record of an answer, with its ID at the top, and its lists as arrays whatever shape they came in. */
export function recordItem(response: HttpResponse, id?: Json): JsonObject {
	const body = bodyOf(response) ?? {};
	const found = (isObject(body['item']) ? body['item']['id'] : undefined) ?? body['id'] ?? id;
	const lists = LISTS.filter((list) => body[list] !== undefined && !Array.isArray(body[list]));
	const record = { ...body, ...Object.fromEntries(lists.map((list) => [list, listOf(body[list])])) };
	return found === undefined ? record : { id: found, ...record };
}

/**
 * Whether a record's list in an answer has an entry with this ID. Undefined where the answer does not show it: the list is
 * left out, or its entries have no IDs.
 */
export function hasEntry(response: HttpResponse, list: 'categories' | 'relateditems', id: string): boolean | undefined {
	const shown = bodyOf(response)?.[list];
	if (shown === undefined) return undefined;
	const entries = Array.isArray(shown) ? shown : listOf(shown);
	const ids = entries.flatMap((entry) => text(isObject(entry) ? entry['id'] : entry) ?? []);
	return ids.includes(id) || (ids.length < entries.length ? undefined : false);
}

/** Whether an answer says that there is no such record: 404 in the form of its errors. */
export function isNotFound(response: HttpResponse): boolean {
	return response.status === 404 && bodyOf(response) !== undefined && readError(response) !== undefined;
}

/** Whether an answer is one of Solve360: it says `"status": "success"`, or has a record, a list or a count. */
export function isAnswer(response: HttpResponse): boolean {
	const body = bodyOf(response);
	if (body === undefined) return Array.isArray(response.body);
	if (/^success/i.test(text(body['status']) ?? '') || ['item', 'id', 'count'].some((name) => name in body)) return true;
	return Object.values(body).some((value) => typeof value === 'object');
}
