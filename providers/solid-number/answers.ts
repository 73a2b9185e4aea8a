/** How Solid# answers: lists in several envelopes, errors in five shapes. */
import { isObject, text } from '../../core/json.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Operation, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/**
 * Records per page: what the vendor's client asks for. The documentation allows 200, but where a list is a bare array and
 * the service gives 100 at most, a page of 100 would look like the last one.
 */
export const PAGE_SIZE = 100;

/** What a list gives that was asked for no number, as documented: a page this long may not be the last one. */
const DEFAULT_PAGE = 50;

/**
 * What an answer says went wrong. Undefined when nothing did. The shapes, as the vendor's client reads them (error-codes.ts):
 *
 * 1. `{detail}`: a text, a list of `{loc, msg}`, or an object with `code`, `message` and more
 * 2. `{code, message, details}`
 * 3. `{error: {code, message}}` or `{error: 'code', message}`
 * 4. `{ok: false, error}` or `{ok: false, result: {error, detail}}`, under any status
 * 5. `{status: 'error', summary}`, under any status
 */
export function readError({ body, status }: HttpResponse): ServiceError | undefined {
	if (!isObject(body)) return undefined;
	const { error, result } = body;
	if (isObject(error) && Object.keys(error).length > 0) return errorFrom(error, body);
	if (body['ok'] === false) {
		const inner = isObject(result) ? result : {};
		return errorFrom(inner, body) ?? { message: 'it was not done' };
	}
	if (typeof error === 'string' && error !== '') return errorFrom({ message: error, ...body, code: error });
	const failed = /^(error|invalid)$/i.test(words(body['status']) ?? '') && body['id'] === undefined;
	if (failed && words(body['summary'])) return errorFrom({ message: body['summary'] ?? null });
	if (status < 400) return undefined;
	const { detail } = body;
	if (Array.isArray(detail)) return errorFrom({ message: 'the input is not valid', details: detail });
	return isObject(detail) ? errorFrom(detail, body) : errorFrom({ message: detail ?? null, ...body });
}

/**
 * @param said The object that describes the error.
 * @param around The answer that it is part of: what is missing inside may be there.
 */
function errorFrom(said: JsonObject, around: JsonObject = {}): ServiceError | undefined {
	const first = (...names: readonly string[]): string | undefined =>
		[said, around].flatMap((object) => names.map((name) => words(object[name]))).find((one) => one !== undefined);
	const code = first('code', 'reason');
	const message = words(said['message']) ?? words(said['detail']) ?? words(said['error']) ?? words(around['message']);
	if (message === undefined && code === undefined) return undefined;
	const { details } = said;
	const lines = Array.isArray(details) ? details.flatMap((entry) => detailOf(entry) ?? []) : [];
	// What the person can do about a 403: it is one of a missing scope, a plan without the feature, and an open approval.
	const scope = first('scope', 'required_scope');
	const feature = first('feature');
	const plan = first('upgrade_to');
	const approval = first('approval_url');
	if (scope !== undefined && !message?.includes(scope)) lines.push(`the API key needs the scope ${scope}`);
	if (feature !== undefined && !message?.includes(feature)) lines.push(`your plan does not include ${feature}`);
	if (plan !== undefined && !message?.includes(plan)) lines.push(`it needs the plan ${plan}`);
	if (approval !== undefined) lines.push(`open ${approval} to approve it; trying again does not help`);
	return {
		message: message ?? code ?? '',
		...(code !== undefined && { code }),
		...(lines.length > 0 && { details: lines }),
	};
}

/** `{field, error}` or `{loc: ['body', 'email'], msg}` as `email: ...`. */
function detailOf(detail: Json): string | undefined {
	if (!isObject(detail)) return text(detail);
	const place = Array.isArray(detail['loc'])
		? detail['loc'].filter((part) => part !== 'body').join('.')
		: text(detail['field']);
	const what = text(detail['msg']) ?? text(detail['error']) ?? text(detail['message']);
	return what === undefined ? undefined : place ? `${place}: ${what}` : what;
}

/** Lists in an answer that are not its records, in the vendor's own reading of lists (list-envelope.ts). */
const NOT_RECORDS = new Set(['errors', 'warnings', 'messages', 'hints', 'notices', 'validation_errors', 'matches']);

/**
 * The entries of a list: a bare array, under `items`, under the resource's own name, or in the only array of the answer. An
 * answer that is none of these is one item, so that it is seen.
 * @param names What the list can be called, in addition to `items` and `results`.
 */
export function listItems({ body }: HttpResponse, ...names: readonly string[]): JsonObject[] {
	if (Array.isArray(body)) return body.filter(isObject);
	if (!isObject(body)) return [];
	const inner = [body['data'], body['result']].filter(isObject);
	for (const object of [body, ...inner]) {
		const list = listIn(object, names);
		if (list !== undefined) return list.filter(isObject);
	}
	const empty = Object.keys(body).length === 0 || body['total'] === 0 || names.some((name) => body[name] === null);
	return empty || body['items'] === null ? [] : [body];
}

function listIn(object: JsonObject, names: readonly string[]): Json[] | undefined {
	for (const name of ['items', ...names, 'results', 'data']) {
		const list = object[name];
		if (Array.isArray(list)) return list;
	}
	const arrays = Object.entries(object).filter(([name, value]) => Array.isArray(value) && !NOT_RECORDS.has(name));
	return arrays.length === 1 ? (arrays[0]?.[1] as Json[]) : undefined;
}

/**
 * One record: bare, or inside the resource's own name, `data` or `result`.
 * @param names What the record can be called.
 */
export function recordItem({ body }: HttpResponse, ...names: readonly string[]): JsonObject[] {
	if (!isObject(body)) return Array.isArray(body) ? body.filter(isObject) : [];
	const inner = [...names, 'data', 'result'].map((name) => body[name]).find(isObject);
	return [inner ?? body];
}

/** The record with an `id`: its own, else what the call calls it. */
export function withId(record: JsonObject, ...names: readonly string[]): JsonObject {
	if (record['id'] !== undefined && record['id'] !== null) return record;
	const name = names.find((one) => words(record[one]) !== undefined);
	return name === undefined ? record : Object.assign({ id: null }, record, { id: record[name] ?? null });
}

/** Pages by `limit` and `offset`. https://solidnumber.com/docs/api */
export const paging: NonNullable<Operation['paging']> = {
	pageSize: PAGE_SIZE,
	page: (request, { offset, size }) => ({ ...request, query: { ...request.query, limit: size, offset } }),
	more({ body }, got) {
		const { has_more: hasMore, total, offset } = isObject(body) ? body : {};
		if (typeof hasMore === 'boolean') return hasMore;
		if (typeof total === 'number' && typeof offset === 'number') return offset + got < total;
		return got >= DEFAULT_PAGE;
	},
};

/** Whether an answer says that there is no such record. `{"detail": "Not Found"}` is its framework's: there is no such path. */
export function isNotFound(response: HttpResponse): boolean {
	const { status, body } = response;
	return status === 404 && isObject(body) && body['detail'] !== 'Not Found' && readError(response) !== undefined;
}

/** Whether an answer is what is documented: what comes in pages is a list, whatever it is called. */
export function isAnswer({ body }: HttpResponse, { method, path, query }: HttpRequest): boolean | undefined {
	if (method !== 'GET' || (query?.limit === undefined && !path.endsWith('/crm/contacts'))) return undefined;
	if (!isObject(body)) return Array.isArray(body);
	const places = [...Object.values(body), ...Object.values(isObject(body['data']) ? body['data'] : {})];
	return places.some(Array.isArray) || body['total'] === 0 || body['items'] === null;
}
