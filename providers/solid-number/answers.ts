/** How Solid# answers: lists in several envelopes, errors in three shapes. */
import { isObject, text } from '../../core/json.ts';
import type { HttpResponse, Json, JsonObject, Operation, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/** The largest page. https://solidnumber.com/docs/api */
export const MAX_PAGE = 200;

/**
 * What an answer says went wrong, in any of three shapes: `{code, message, details}` (documented), `{error: {code, message}}`
 * (the vendor's Python SDK) and `{detail}` (its framework's, seen in the vendor's client). Undefined when nothing did.
 */
export function readError(response: HttpResponse): ServiceError | undefined {
	const { body, status } = response;
	if (!isObject(body)) return undefined;
	const { error } = body;
	if (isObject(error)) return errorFrom(error['message'], error['code'], error['details']);
	if (typeof error === 'string' && error !== '') return errorFrom(body['message'] ?? error, error, undefined);
	if (status < 400) return undefined;
	const { detail } = body;
	if (Array.isArray(detail)) return errorFrom('the input was not accepted', undefined, detail);
	return errorFrom(body['message'] ?? detail, body['code'], body['details']);
}

function errorFrom(
	message: Json | undefined,
	code: Json | undefined,
	details: Json | undefined,
): ServiceError | undefined {
	const said = words(message) ?? words(code);
	if (said === undefined) return undefined;
	const lines = Array.isArray(details) ? details.flatMap((entry) => detailOf(entry) ?? []) : [];
	const codeText = words(code);
	return {
		message: said,
		...(codeText !== undefined && { code: codeText }),
		...(lines.length > 0 && { details: lines }),
	};
}

/** `{field, error}` or `{loc: ['body', 'email'], msg}` as `email: ...`. */
function detailOf(detail: Json): string | undefined {
	if (!isObject(detail)) return text(detail);
	const place = Array.isArray(detail['loc'])
		? detail['loc'].filter((part) => part !== 'body').join('.')
		: detail['field'];
	const what = text(detail['msg']) ?? text(detail['error']) ?? text(detail['message']);
	return what === undefined ? undefined : place ? `${text(place) ?? ''}: ${what}` : what;
}

/**
 * The entries of a list: `items` as documented, or under the resource's own name, or a bare array, as the vendor's client
 * takes them. An answer that is none of these is one item, so that it is seen.
 * @param names What the list can be called, beside `items`.
 */
export function listItems(response: HttpResponse, ...names: readonly string[]): JsonObject[] {
	const { body } = response;
	if (Array.isArray(body)) return body.filter(isObject);
	if (!isObject(body)) return [];
	const list = listUnder(body, names) ?? (isObject(body['data']) ? listUnder(body['data'], names) : undefined);
	if (list !== undefined) return list.filter(isObject);
	return Object.keys(body).length === 0 || body['total'] === 0 ? [] : [body];
}

function listUnder(body: JsonObject, names: readonly string[]): Json[] | undefined {
	for (const name of ['items', ...names, 'data', 'results']) {
		const list = body[name];
		if (Array.isArray(list)) return list;
	}
	return undefined;
}

/** One record, bare or under the resource's own name. */
export function recordItem(response: HttpResponse, ...names: readonly string[]): JsonObject[] {
	const { body } = response;
	if (!isObject(body)) return Array.isArray(body) ? body.filter(isObject) : [];
	const inner = [...names, 'data'].map((name) => body[name]).find(isObject);
	return [inner ?? body];
}

/** Pages by `limit` and `offset`, up to 200 entries each. https://solidnumber.com/docs/api */
export const paging: NonNullable<Operation['paging']> = {
	pageSize: MAX_PAGE,
	page: (request, { offset, size }) => ({ ...request, query: { ...request.query, limit: size, offset } }),
	more(response, got) {
		const body = isObject(response.body) ? response.body : {};
		const { has_more: hasMore, total, offset } = body;
		if (typeof hasMore === 'boolean') return hasMore;
		if (typeof total === 'number' && typeof offset === 'number') return offset + got < total;
		return got >= MAX_PAGE;
	},
};
