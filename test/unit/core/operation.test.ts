import { refusal, retryAfter } from '../../../core/answer.ts';
import { ServiceRefused, InvalidInput } from '../../../core/errors.ts';
import type { Field, HttpRequest, HttpResponse, Operation } from '../../../core/provider.ts';
import { cleanInput, findOperation, handlingOf, operationId, run } from '../../../core/operation.ts';
import { acme, response } from '../support/acme.ts';

const base: Operation = {
	resource: 'thing',
	name: 'getMany',
	label: 'Get Many',
	action: 'Get many things',
	description: 'Gets many things.',
	fields: [],
	request: () => ({ method: 'GET', path: '/things' }),
	sample: {},
	grade: 'documented',
	effect: 'read',
};
const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
	name: 'f',
	label: 'The Field',
	type,
	...more,
});

function sender(answers: (request: HttpRequest) => HttpResponse) {
	const sent: HttpRequest[] = [];
	return { sent, send: async (request: HttpRequest) => (sent.push(request), answers(request)) };
}

describe('running', () => {
	it('gives an array as items and an object as one', async () => {
		const list = sender(() => response(200, [{ a: 1 }, { a: 2 }]));
		expect(await run(acme(), base, {}, list.send)).toEqual([{ a: 1 }, { a: 2 }]);
		const one = sender(() => response(200, { a: 1 }));
		expect(await run(acme(), base, {}, one.send)).toEqual([{ a: 1 }]);
		const none = sender(() => response(200, []));
		expect(await run(acme(), base, {}, none.send)).toEqual([]);
	});

	it('sends nothing when the input is wrong', async () => {
		const { sent, send } = sender(() => response(200, {}));
		const operation = { ...base, fields: [field('email', { required: true })] };
		await expect(run(acme(), operation, {}, send)).rejects.toThrow(InvalidInput);
		await expect(run(acme(), operation, { f: 'nobody' }, send)).rejects.toThrow(
			'"The Field" must be an email address.',
		);
		expect(sent).toEqual([]);
	});

	it('prepares where an operation asks for it', async () => {
		const { sent, send } = sender(({ path }) => response(200, path === '/find' ? { id: 7 } : { ok: true }));
		const operation: Operation = {
			...base,
			prepare: () => [{ method: 'GET', path: '/find' }],
			prepared: ([found]) => ({ id: (found?.body as { id: number }).id }),
			request: (_input, prepared) => ({ method: 'PUT', path: `/things/${String(prepared?.id)}` }),
		};
		await run(acme(), operation, {}, send);
		expect(sent.map(({ path }) => path)).toEqual(['/find', '/things/7']);
	});
});

describe('pages', () => {
	const paged: Operation = {
		...base,
		paging: {
			pageSize: 10,
			page: (request, { page, offset, size }) => ({ ...request, query: { page, offset, size } }),
		},
	};
	const service = (total: number) =>
		sender(({ query }) => {
			const { offset = 0, size = 0 } = query as { offset: number; size: number };
			return response(
				200,
				Array.from({ length: Math.max(0, Math.min(size, total - offset)) }, (_, index) => ({ n: offset + index })),
			);
		});

	it.each([
		[25, undefined, 25, 3],
		[20, undefined, 20, 3],
		[25, 12, 12, 2],
		[25, 5, 5, 1],
		[25, 10, 10, 1],
		[0, undefined, 0, 1],
	])('%i there, limit %s: %i items in %i calls', async (total, limit, items, calls) => {
		const { sent, send } = service(total);
		const got = await run(acme(), paged, {}, send, limit === undefined ? {} : { limit });
		expect(got.map(({ n }) => n)).toEqual(Array.from({ length: items }, (_, index) => index));
		expect(sent).toHaveLength(calls);
	});

	/** Of 100 records every fifth is wanted; the service ignores what it was asked for, and gives 10 at most. */
	const filtered = (more: Partial<Operation> = {}): Operation => ({
		...paged,
		fields: [field('string')],
		keep: ({ f }) => (f === undefined ? undefined : ({ n }) => Number(n) % 5 === Number(f)),
		...more,
	});

	it.each([
		['all that match', undefined, 20, 11],
		['a limit that one page does not fill', 3, 3, 2],
		['a limit that one page fills', 2, 2, 1],
		['a limit above what matches', 50, 20, 11],
	])('filtered on our side: %s', async (_, limit, items, calls) => {
		const { sent, send } = service(100);
		const got = await run(acme(), filtered(), { f: '1' }, send, limit === undefined ? {} : { limit });
		expect(got.map(({ n }) => n)).toEqual(Array.from({ length: items }, (__, index) => index * 5 + 1));
		expect(sent.map(({ query }) => query)).toEqual(
			Array.from({ length: calls }, (__, page) => ({ page, offset: page * 10, size: 10 })),
		);
	});

	it('go on past a page of which nothing is wanted', async () => {
		const { send } = service(100);
		const late = filtered({
			keep:
				() =>
				({ n }) =>
					Number(n) >= 35,
		});
		expect((await run(acme(), late, {}, send, { limit: 2 })).map(({ n }) => n)).toEqual([35, 36]);
	});

	it('without a filter filled in ask for no more than the limit', async () => {
		const { sent, send } = service(100);
		expect(await run(acme(), filtered(), {}, send, { limit: 3 })).toHaveLength(3);
		expect(sent.map(({ query }) => query?.['size'])).toEqual([3]);
	});

	it('end when a service gives the same page for ever', async () => {
		const { sent, send } = sender(() =>
			response(
				200,
				Array.from({ length: 10 }, (_, n) => ({ n })),
			),
		);
		expect(await run(acme(), paged, {}, send)).toHaveLength(10);
		expect(sent).toHaveLength(2);
	});
});

describe('pages of records that can be distinguished', () => {
	/** A list that counts from `first`, gives at most `cap` records a page, and may say how many there are. */
	const service = (all: readonly number[], { first = 0, cap = 1000, total = true }) =>
		sender(({ query }) => {
			const { start, limit } = query as { start?: number; limit: number };
			const from = start === undefined ? 0 : Math.max(0, start - first);
			const page = all.slice(from, from + Math.min(cap, limit));
			return response(200, { ...(total && { count: all.length }), rows: page.map((id) => ({ id })) });
		});
	const paged: Operation = {
		...base,
		items: ({ body }) => (body as { rows: { id: number }[] }).rows,
		paging: {
			pageSize: 10,
			page: (request, { offset, size }) => ({
				...request,
				query: { limit: size, start: offset === 0 ? undefined : offset },
			}),
			identify: ({ id }) => String(id),
			total: ({ body }) => (body as { count?: number }).count,
		},
	};
	const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

	it.each([
		[25, { first: 0 }],
		[25, { first: 1 }],
		[20, { first: 0 }],
		[20, { first: 1 }],
		[25, { first: 0, cap: 4 }],
		[25, { first: 1, cap: 4 }],
		[25, { first: 1, total: false }],
		[0, { first: 1 }],
		[1, { first: 0 }],
	])('%i there, %j: all of them, once', async (count, how) => {
		const { sent, send } = service(ids(count), how);
		expect((await run(acme(), paged, {}, send)).map(({ id }) => id)).toEqual(ids(count));
		expect(sent[0]?.query).toEqual({ limit: 10, start: undefined });
	});

	it('end at the total without one more call, and at a page with nothing new', async () => {
		const whole = service(ids(20), {});
		await run(acme(), paged, {}, whole.send);
		expect(whole.sent).toHaveLength(2);
		const stuck = sender(() => response(200, { count: 99, rows: [{ id: 1 }, { id: 2 }] }));
		expect(await run(acme(), paged, {}, stuck.send)).toEqual([{ id: 1 }, { id: 2 }]);
		expect(stuck.sent).toHaveLength(2);
	});

	it('stop at the limit', async () => {
		const { send } = service(ids(25), { first: 1, cap: 4 });
		expect(await run(acme(), paged, {}, send, { limit: 7 })).toHaveLength(7);
	});
});

describe('a call that was accepted and not done', () => {
	const operation: Operation = {
		...base,
		undone: ({ body }, { f }, prepared) =>
			(body as { done?: boolean }).done ? undefined : `did not set "${String(f)}" (${String(prepared?.why)})`,
		prepared: () => ({ why: 'it never does' }),
		fields: [field('string')],
	};

	it('is an error that says what is missing', async () => {
		const { send } = sender(() => response(200, { done: false }));
		const failed = run(acme(), operation, { f: 'Lead' }, send);
		await expect(failed).rejects.toThrow(ServiceRefused);
		await expect(failed).rejects.toThrow('Acme accepted the call but did not set "Lead" (it never does)');
	});

	it('is none where the answer shows it done', async () => {
		const { send } = sender(() => response(200, { done: true }));
		expect(await run(acme(), operation, { f: 'Lead' }, send)).toEqual([{ done: true }]);
	});
});

describe('input', () => {
	it.each([
		['2026-02-25', '2026-02-25'],
		[' 2026-02-25 ', '2026-02-25'],
		// Midnight in Sydney is still the 24th in UTC.
		['2026-02-25T00:00:00+11:00', '2026-02-25'],
		['2026-02-25T00:00:00.000+11:00', '2026-02-25'],
		['2026-02-25T23:30:00-08:00', '2026-02-25'],
		['2026-02-25T00:00:00', '2026-02-25'],
		['2026-02-25 09:00', '2026-02-25'],
		['2024-02-29', '2024-02-29'],
	])('the date %j is sent as %j: the day that was written', (given, sent) => {
		expect(cleanInput([field('date')], { f: given })).toEqual({ f: sent });
	});

	it.each(['tomorrow', '25.02.2026', '2026-02-30', '2026-13-01', '2026-2-5', 20260225, true])(
		'refuses %j as a date',
		(given) => {
			expect(() => cleanInput([field('date')], { f: given })).toThrow('"The Field" must be a date, e.g. 2026-02-28.');
		},
	);

	it('takes a file as its name, type and content, and nothing else', () => {
		const file = { fileName: 'roof.txt', contentType: 'text/plain', base64: 'cm9vZg==' };
		expect(cleanInput([field('file')], { f: file })).toEqual({ f: file });
		for (const wrong of ['roof.txt', {}, { fileName: 'roof.txt' }, []])
			expect(() => cleanInput([field('file')], { f: wrong as never })).toThrow('"The Field" must be a file.');
	});

	it.each([
		['string', ' a ', 'a'],
		['string', 5, '5'],
		['text', ' two\nlines ', ' two\nlines '],
		['number', '5', 5],
		['number', 0, 0],
		['boolean', 'false', false],
		['boolean', ' FALSE ', false],
		['boolean', 'No', false],
		['boolean', 0, false],
		['boolean', '0', false],
		['boolean', 'TRUE', true],
		['boolean', 'yes', true],
		['boolean', 1, true],
		['list', 'a, b,,c ', ['a', 'b', 'c']],
		['list', ['a', 'b'], ['a', 'b']],
		['json', '{"a":1}', { a: 1 }],
		['pairs', { a: '1' }, { a: '1' }],
	] as const)('of type %s: %j is sent as %j', (type, given, sent) => {
		expect(cleanInput([field(type)], { f: given as never })).toEqual({ f: sent });
	});

	it.each(['', '  ', null, undefined])('leaves %j out', (given) => {
		for (const type of ['string', 'number', 'boolean', 'json', 'list'] as const) {
			expect(cleanInput([field(type)], { f: given })).toEqual({});
		}
	});

	it.each([
		['number', 'five', 'a number'],
		['number', true, 'a number'],
		['boolean', 'maybe', 'true or false'],
		['boolean', 2, 'true or false'],
		['boolean', [], 'true or false'],
		['boolean', ['true'], 'true or false'],
		['choice', { id: 1 }, 'text'],
		['choice', ['1', '2'], 'text'],
		['json', '{', 'JSON'],
		['email', 'a b@example.com', 'an email address'],
		['string', { a: 1 }, 'text'],
		['rows', 'x', 'a list of rows'],
	] as const)('of type %s refuses %j: must be %s', (type, given, expected) => {
		expect(() => cleanInput([field(type)], { f: given as never })).toThrow(`"The Field" must be ${expected}`);
	});

	it('wants what is required, takes defaults, one of the choices, and nothing hidden', () => {
		expect(() => cleanInput([field('string', { required: true })], {})).toThrow('"The Field" is empty');
		expect(cleanInput([field('number', { default: 3 })], {})).toEqual({ f: 3 });
		const choice = field('choice', { options: [{ value: 'a', label: 'A' }] });
		expect(() => cleanInput([choice], { f: 'b' })).toThrow('one of a');
		expect(cleanInput([field('string', { required: true, showIf: { kind: ['x'] } })], { kind: 'y', f: 'z' })).toEqual(
			{},
		);
	});
});

describe('refusals', () => {
	const sentence = (answer: HttpResponse) => refusal(acme(), answer, 'the order')?.message;

	it('are none when all is well', () => expect(sentence(response(200, { message: 'done' }))).toBeUndefined());

	it('say what the service said and what to do', () => {
		expect(sentence(response(422, { message: 'No such thing.' }))).toBe(
			'Acme did not accept the order: No such thing.',
		);
		expect(sentence(response(401, { message: 'who are you' }))).toContain(
			'Check the API key in your Acme credential. Settings > API Keys.',
		);
		expect(sentence(response(500))).toBe(
			'Acme did not accept the order: it answered with status 500. Acme is having problems. Try again in a few minutes.',
		);
	});

	it('are found under HTTP 200 too', () => {
		const provider = acme({
			readError: ({ body }) =>
				(body as { ok?: boolean })?.ok === false ? { message: 'no', code: 'E1', details: ['a: bad'] } : undefined,
		});
		expect(refusal(provider, response(200, { ok: false }), 'it')).toMatchObject({
			message: 'Acme did not accept it: no (E1): a: bad.',
			code: 'E1',
		});
	});

	it('say what was assumed where a call is not documented', async () => {
		const operation: Operation = { ...base, grade: 'inferred', note: 'The path is assumed.' };
		const send = (status: number) =>
			run(acme(), operation, {}, async () => response(status, { message: 'no such page' }));
		await expect(send(404)).rejects.toThrow('no such page. The path is assumed.');
		await expect(send(401)).rejects.not.toThrow('not documented');
		await expect(run(acme(), { ...operation, grade: 'documented' }, {}, async () => response(404))).rejects.not.toThrow(
			'assumed',
		);
	});

	it('say when to try again', async () => {
		const limited = response(429, { message: 'slow down' }, { 'retry-after': '37' });
		expect(refusal(acme(), limited, 'it')).toMatchObject({
			retryAfterSeconds: 37,
			message: expect.stringContaining('Try again in 37 s'),
		});
		await expect(run(acme(), base, {}, async () => limited)).rejects.toThrow(ServiceRefused);
		const now = Date.parse('2026-01-01T00:00:00Z');
		expect(retryAfter(response(429, null, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }), now)).toBe(60_000);
		expect(retryAfter(response(429, null, { 'x-ratelimit-reset': String(now / 1000 + 12) }), now)).toBe(12_000);
		expect(retryAfter(response(429, null, { 'x-ratelimit-reset': '5' }), now)).toBe(5000);
		expect(retryAfter(response(429), now)).toBeUndefined();
	});
});

describe('how an operation is treated', () => {
	const MONEY = 'This operation moves or requests real money.';
	it.each<[Partial<Operation>, object]>([
		[{ effect: 'read' }, { kind: 'search', retries: true, repeatable: true }],
		[{ effect: 'create' }, { kind: 'create', retries: false, repeatable: false }],
		[
			{ effect: 'change', repeatable: true },
			{ kind: 'create', retries: false, repeatable: true },
		],
		[{ effect: 'remove' }, { kind: 'create', retries: false, repeatable: false }],
		[{}, { kind: 'create', retries: false, repeatable: false }],
		[
			{ effect: 'money' },
			{
				...{ kind: undefined, retries: false, repeatable: false, notice: MONEY },
				leftOut: "Zapier's rules forbid actions that move money.",
			},
		],
		[
			{ effect: 'read', administrative: 'Only for administrators.' },
			{ kind: undefined, retries: true, repeatable: true, leftOut: 'Only for administrators.' },
		],
		[
			{ effect: 'money', administrative: 'Only for administrators.', repeatable: true },
			{
				...{ kind: undefined, retries: false, repeatable: true, notice: MONEY },
				leftOut: "Zapier's rules forbid actions that move money.",
			},
		],
	])('with %j', (operation, expected) => {
		expect(handlingOf({ resource: 'thing', name: 'x', ...operation } as Operation)).toEqual(expected);
	});

	it('is found by its resource and name', () => {
		const operation = { resource: 'thing', name: 'get' } as Operation;
		const provider = acme({ operations: [{ ...operation, name: 'getMany' }, operation] });
		expect(operationId(operation)).toBe('thing.get');
		expect(findOperation(provider, 'thing.get')).toBe(operation);
		expect(findOperation(provider, 'thing.delete')).toBeUndefined();
	});
});
