import { run } from '../../../core/operation.ts';
import { byCursor, byLink, byOffset, byPage } from '../../../core/paging.ts';
import type { HttpRequest, HttpResponse, Json, Operation } from '../../../core/provider.ts';
import { acme, response } from '../support/acme.ts';

/** Runs a list that comes in pages of two, and notes the queries. */
async function list(
	paging: Operation['paging'],
	answer: (query: NonNullable<HttpRequest['query']>, page: number) => HttpResponse,
	limit?: number,
) {
	const asked: Array<HttpRequest['query']> = [];
	const operation = {
		...{ resource: 'thing', name: 'getMany', label: 'Get Many', action: 'Get things', description: 'Get things.' },
		...{ fields: [], sample: {}, grade: 'documented', effect: 'read', paging },
		request: () => ({ method: 'GET', path: '/things', query: { kept: 1 } }),
		items: ({ body }: HttpResponse) => (body as { list: Array<{ id: number }> }).list,
	} as unknown as Operation;
	const send = async ({ query = {} }: HttpRequest) => {
		asked.push(query);
		return answer(query, asked.length);
	};
	const items = await run(acme(), operation, {}, send, limit === undefined ? {} : { limit });
	return { ids: items.map(({ id }) => id), asked };
}
const page = (ids: number[], more: { [name: string]: Json } = {}, headers: HttpResponse['headers'] = {}) =>
	response(200, { list: ids.map((id) => ({ id })), ...more }, headers);
const PAGES = [[1, 2], [3, 4], [5]];

it('counts pages from 1 or 0, and records from 0', async () => {
	const bySize = (_: unknown, count: number) => page(PAGES[count - 1] ?? []);
	const one = await list(byPage({ pageSize: 2, size: 'per', page: 'page' }), bySize);
	expect(one.ids).toEqual([1, 2, 3, 4, 5]);
	expect(one.asked).toEqual([1, 2, 3].map((number) => ({ kept: 1, page: number, per: 2 })));
	const zero = await list(byPage({ pageSize: 2, page: 'page', first: 0 }), bySize);
	expect(zero.asked).toEqual([0, 1, 2].map((number) => ({ kept: 1, page: number })));
	const offset = await list(byOffset({ pageSize: 2, size: 'limit', offset: 'skip' }), bySize);
	expect(offset.asked).toEqual([0, 2, 4].map((number) => ({ kept: 1, skip: number, limit: 2 })));
});

describe('a cursor', () => {
	const cursor = byCursor({ pageSize: 2, size: 'limit', cursor: 'after', next: ['paging', 'after'] });
	const names = (after: Json) => ({ paging: { after } });

	it('goes on as long as an answer names another page, full or not', async () => {
		const { ids, asked } = await list(
			cursor,
			(_, count) => [page([1], names('a')), page([2, 3], names(7)), page([4])][count - 1]!,
		);
		expect(ids).toEqual([1, 2, 3, 4]);
		expect(asked).toEqual([
			{ kept: 1, limit: 2 },
			{ kept: 1, limit: 2, after: 'a' },
			{ kept: 1, limit: 2, after: '7' },
		]);
	});

	it('goes on after an empty page that names another', async () => {
		const { ids } = await list(
			cursor,
			(_, count) => [page([1], names('a')), page([], names('b')), page([2])][count - 1]!,
		);
		expect(ids).toEqual([1, 2]);
	});

	it.each<[string, (count: number) => HttpResponse]>([
		['the same page again', () => page([1, 2], names('a'))],
		['empty pages for ever', () => page([], names('a'))],
		['two empty pages by turns', (count) => page([], names(count % 2 ? 'a' : 'b'))],
	])('ends at %s', async (_, answer) => {
		const { asked } = await list(cursor, (_query, count) => answer(count));
		expect(asked.length).toBeLessThanOrEqual(3);
	});

	it('asks for no more pages than the limit needs', async () => {
		const { ids, asked } = await list(cursor, (_, count) => page([count * 2, count * 2 + 1], names(`${count}`)), 3);
		expect([ids, asked.length]).toEqual([[2, 3, 4], 2]);
	});
});

it('takes nothing but the cursor from a link', async () => {
	const link = (to: string) => ({ link: `<https://elsewhere.example.com/x>; rel="previous", <${to}>; rel="next"` });
	const { ids, asked } = await list(
		byLink({ pageSize: 2, size: 'limit', cursor: 'page_info' }),
		(_, count) =>
			[page([1, 2], {}, link('https://elsewhere.example.com/y?page_info=ab%3D&admin=1')), page([3])][count - 1]!,
	);
	expect(ids).toEqual([1, 2, 3]);
	expect(asked[1]).toEqual({ kept: 1, limit: 2, page_info: 'ab=' });
});
