/** The usual ways in which a list comes in pages, as data. Each gives what `Operation.paging` needs. */
import { isObject, text } from './json.ts';
import type { HttpRequest, HttpResponse, Json, Operation } from './provider.ts';

type Paging = NonNullable<Operation['paging']>;

interface Sized {
	/** The largest page the service gives. */
	pageSize: number;
	/** The query parameter for the size of a page, where there is one. */
	size?: string;
}

/** Pages with numbers, e.g. `page=2`. */
export function byPage({
	pageSize,
	size,
	page: parameter,
	first = 1,
}: Sized & { page: string; first?: 0 | 1 }): Paging {
	return {
		pageSize,
		page: (request, { page, size: count }) => asking(request, { [parameter]: page + first, ...sized(size, count) }),
	};
}

/** Pages that begin after so many records, e.g. `offset=50`. */
export function byOffset({ pageSize, size, offset: parameter }: Sized & { offset: string }): Paging {
	return {
		pageSize,
		page: (request, { offset, size: count }) => asking(request, { [parameter]: offset, ...sized(size, count) }),
	};
}

/**
 * Pages of which each names the next: by a text in the answer (`next`, a path such as `['paging', 'next', 'after']`), which goes into
 * the query parameter `cursor`. No such text: it was the last page.
 */
export function byCursor({
	pageSize,
	size,
	cursor,
	next,
}: Sized & { cursor: string; next: readonly string[] }): Paging {
	return following({ pageSize, size }, cursor, ({ body }) => {
		let value: Json | undefined = body;
		for (const name of next) value = isObject(value) ? value[name] : undefined;
		return text(value);
	});
}

/** Pages of which each names the next in a `Link` header (RFC 8288, `rel="next"`), by the query parameter `cursor` of that link. */
export function byLink({ pageSize, size, cursor }: Sized & { cursor: string }): Paging {
	return following({ pageSize, size }, cursor, ({ headers }) => {
		const link = /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(headers['link'] ?? '')?.[1];
		// Only the cursor is taken from it: where a list is asked for is not for an answer to say.
		return new URLSearchParams(link?.split('?')[1] ?? '').get(cursor) ?? undefined;
	});
}

function following(
	{ pageSize, size }: Sized,
	cursor: string,
	next: (response: HttpResponse) => string | undefined,
): Paging {
	return {
		pageSize,
		page: (request, { size: count, previous }) =>
			asking(request, { ...sized(size, count), ...(previous && { [cursor]: next(previous) }) }),
		more: (response) => Boolean(next(response)),
	};
}

function sized(parameter: string | undefined, count: number): { [name: string]: number } {
	return parameter === undefined ? {} : { [parameter]: count };
}

function asking(request: HttpRequest, query: NonNullable<HttpRequest['query']>): HttpRequest {
	return { ...request, query: { ...request.query, ...query } };
}
