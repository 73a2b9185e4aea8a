/** Catching up, piece by piece: what is asked of a made-up service, and what is found in each answer. */
import {
	findMissed,
	MOST_OCCURRENCES,
	occurrenceKey,
	OVERLAP,
	recoverable,
	windowStart,
	type Search,
} from '../../../core/history.ts';
import type { EventType, HistorySource, HttpRequest, HttpResponse, Json, JsonObject } from '../../../core/provider.ts';
import { acme, response } from '../support/acme.ts';

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;

/** A list of things, each with an ID and a time, in pages of two. */
function sourceOf(more: Partial<HistorySource> = {}): HistorySource {
	return {
		request: ({ offset, page }) => ({ method: 'GET', path: '/things', query: { offset, page } }),
		read: ({ body }) => body as JsonObject[],
		id: ({ id }) => String(id),
		time: ({ at }) => (typeof at === 'number' ? at : undefined),
		of: ({ id, at }) => ({ id: String(id), version: String(at) }),
		payload: (record, whole) => (whole === undefined ? record : (whole.body as JsonObject)),
		...more,
	};
}

function typeOf(more: Partial<HistorySource> = {}, name = 'thing.made'): EventType {
	return {
		...acme().events[0],
		name,
		history: {
			ofPayload: ({ id, at }) => (id === undefined ? undefined : { id: String(id), version: String(at) }),
			sources: () => [sourceOf(more)],
			limits: 'None.',
			grade: 'documented',
		},
	};
}

/** A service with these things, which keeps what it is asked. */
function serviceOf(things: readonly Json[], answers: Readonly<Record<string, () => HttpResponse>> = {}) {
	const asked: string[] = [];
	const send = async ({ path, query }: HttpRequest) => {
		const { offset = 0 } = (query ?? {}) as { offset?: number };
		asked.push(query === undefined ? path : `${path} ${offset}`);
		const own = answers[path] ?? answers[`${path} ${offset}`];
		return own === undefined ? response(200, things.slice(offset, offset + 2)) : own();
	};
	return { send, asked };
}

const search = (send: Search['send'], more: Partial<Search> = {}): Search => ({
	...{ events: ['thing.made'], options: {}, from: 0, isKnown: () => false, limit: 10, send },
	...more,
});
const missed = async (type: EventType, things: readonly Json[], more: Partial<Search> = {}) => {
	const { send, asked } = serviceOf(things);
	const found = await findMissed(acme({ events: [type] }), search(send, more));
	return { ...found, ids: found.occurrences.map(({ payload }) => payload['id']), asked };
};
const thing = (id: string, at: number) => ({ id, at });

describe('the window', () => {
	it('goes back so many hours, and no further than publishing', () => {
		expect(windowStart(NOW, 24, 0, undefined)).toBe(NOW - 24 * HOUR);
		expect(windowStart(NOW, 24, NOW - 48 * HOUR, undefined)).toBe(NOW - 24 * HOUR);
		expect(windowStart(NOW, 24, NOW - HOUR, undefined)).toBe(NOW - HOUR);
	});

	it('overlaps the last search, and goes back no further than it may', () => {
		expect(windowStart(NOW, 24, 0, NOW - HOUR)).toBe(NOW - HOUR - OVERLAP);
		expect(windowStart(NOW, 24, 0, NOW - 48 * HOUR)).toBe(NOW - 24 * HOUR);
		expect(windowStart(NOW, 24, NOW - 48 * HOUR, NOW - HOUR)).toBe(NOW - HOUR - OVERLAP);
		expect(windowStart(NOW, 24, NOW - HOUR, NOW - HOUR)).toBe(NOW - HOUR);
		expect(windowStart(NOW, 1, NOW - 48 * HOUR, NOW - 9 * HOUR)).toBe(NOW - HOUR);
		expect(OVERLAP).toBe(900_000);
	});
});

it('says which event types can be found again', () => {
	const events = [typeOf(), { ...acme().events[0], name: 'thing.gone' }] as const;
	const { found, lost } = recoverable(acme({ events: [...events] }));
	expect([found, lost].map((types) => types.map(({ name }) => name))).toEqual([['thing.made'], ['thing.gone']]);
});

it('names a pushed event by its record and version, where it tells', () => {
	const provider = acme({ events: [typeOf()] });
	expect(occurrenceKey(provider, 'thing.made', thing('a', 7))).toBe('thing.made:a:7');
	expect(occurrenceKey(provider, 'thing.made', {})).toBeUndefined();
	expect(occurrenceKey(provider, 'thing.gone', thing('a', 7))).toBeUndefined();
	expect(occurrenceKey(provider, undefined, thing('a', 7))).toBeUndefined();
	expect(occurrenceKey(acme(), 'thing.made', thing('a', 7))).toBeUndefined();
});

describe('what was missed', () => {
	it('is found in all pages, the oldest first', async () => {
		const found = await missed(typeOf(), [thing('b', 20), thing('a', 10), thing('c', 30)]);
		expect(found.occurrences).toEqual([
			{ event: 'thing.made', key: 'thing.made:a:10', at: 10, payload: thing('a', 10) },
			{ event: 'thing.made', key: 'thing.made:b:20', at: 20, payload: thing('b', 20) },
			{ event: 'thing.made', key: 'thing.made:c:30', at: 30, payload: thing('c', 30) },
		]);
		expect(found).toMatchObject({ more: false, cutOff: [], asked: ['/things 0', '/things 2', '/things 3'] });
	});

	it('is looked for only of the chosen event types, and of those that have a list', async () => {
		expect((await missed(typeOf(), [thing('a', 10)], { events: ['thing.lost'] })).asked).toEqual([]);
		const { history: _, ...without } = typeOf();
		expect((await missed(without as EventType, [thing('a', 10)])).asked).toEqual([]);
	});

	it('is not older than the window, to the millisecond', async () => {
		expect((await missed(typeOf(), [thing('a', 9), thing('b', 10)], { from: 10 })).ids).toEqual(['b']);
		const later = typeOf({ at: ({ at }) => Number(at) - 5 });
		expect((await missed(later, [thing('a', 14), thing('b', 15)], { from: 10 })).ids).toEqual(['b']);
	});

	it('has a time, and is something that happened', async () => {
		expect((await missed(typeOf(), [{ id: 'a' }, thing('b', 10)])).ids).toEqual(['b']);
		const none = typeOf({ of: ({ id, at }) => (id === 'a' ? undefined : { id: String(id), version: String(at) }) });
		expect((await missed(none, [thing('a', 10), thing('b', 10)])).ids).toEqual(['b']);
	});

	it('is not known, neither as it is listed nor as it is read', async () => {
		const isKnown = (key: string) => key === 'thing.made:a:10' || key === 'thing.made:b:21';
		const changed = typeOf({ payload: ({ id, at }) => thing(String(id), Number(at) + 1) });
		expect((await missed(changed, [thing('a', 10), thing('b', 20), thing('c', 30)], { isKnown })).ids).toEqual(['c']);
	});

	it('is listed once, however often it comes', async () => {
		const found = await missed(typeOf(), [thing('a', 10), thing('b', 10), thing('a', 10)]);
		expect(found.ids).toEqual(['a', 'b']);
		const same = typeOf({ payload: () => thing('x', 1) });
		expect((await missed(same, [thing('a', 10), thing('b', 10)])).ids).toEqual(['x']);
	});

	it('stops at the limit, and says that there is more', async () => {
		const found = await missed(typeOf(), [thing('a', 1), thing('b', 2), thing('c', 3)], { limit: 2 });
		expect(found).toMatchObject({ ids: ['a', 'b'], more: true });
		expect(await missed(typeOf(), [thing('a', 1), thing('b', 2)], { limit: 2 })).toMatchObject({ more: false });
	});

	it('is the oldest first, where there are more than the limit', async () => {
		const found = await missed(typeOf(), [thing('c', 3), thing('a', 1), thing('b', 2)], { limit: 2 });
		expect(found).toMatchObject({ ids: ['a', 'b'], more: true });
	});

	it('of further types waits when there is more', async () => {
		const types = [typeOf(), typeOf({}, 'thing.lost')];
		const { send, asked } = serviceOf([thing('a', 1), thing('b', 2)]);
		const events = types.map(({ name }) => name);
		const provider = acme({ events: types as [EventType, EventType] });
		const found = await findMissed(provider, search(send, { events, limit: 1 }));
		expect(found).toMatchObject({ more: true, occurrences: [{ event: 'thing.made' }] });
		expect(asked).toHaveLength(2);
	});
});

describe('a list that is sorted', () => {
	it('is read to the first page that leaves the window', async () => {
		const things = [thing('d', 40), thing('c', 30), thing('b', 20), thing('a', 10)];
		const found = await missed(typeOf({ newestFirst: true }), things, { from: 35 });
		expect(found).toMatchObject({ ids: ['d'], asked: ['/things 0'] });
		expect(await missed(typeOf({ newestFirst: true }), things, { from: 30 })).toMatchObject({
			...{ ids: ['c', 'd'], asked: ['/things 0', '/things 2'] },
		});
		expect((await missed(typeOf(), things, { from: 35 })).asked).toHaveLength(3);
	});

	it('is read to its end when it is not sorted as it was asked', async () => {
		const things = [thing('a', 10), thing('b', 40), thing('c', 20), thing('d', 50)];
		expect(await missed(typeOf({ newestFirst: true }), things, { from: 35 })).toMatchObject({ ids: ['b', 'd'] });
	});
});

describe('a list without an end', () => {
	it('is cut off after its pages, with a sentence', async () => {
		let count = 0;
		const send = async () => {
			count += 1;
			return response(200, [thing(`t${count}`, count)] as Json);
		};
		const found = await findMissed(acme({ events: [typeOf()] }), search(send, { limit: 1000 }));
		expect(count).toBe(200);
		expect(found.cutOff).toEqual([
			'Acme: more events of thing.made than can be looked through happened in the chosen time; only the newest are. Choose fewer hours under "Catch Up".',
		]);
	});

	it('that repeats itself is at its end', async () => {
		let count = 0;
		const send = async () => {
			count += 1;
			return response(200, [thing('a', 1)] as Json);
		};
		await findMissed(acme({ events: [typeOf()] }), search(send));
		expect(count).toBe(2);
	});

	it('gives the newest of too many', async () => {
		const things = Array.from({ length: MOST_OCCURRENCES + 1 }, (_, index) => thing(`t${index}`, index + 1));
		const all = typeOf({ request: () => ({ method: 'GET', path: '/all' }) });
		const send = async () => response(200, things);
		const found = await findMissed(acme({ events: [all] }), search(send, { limit: 1000 }));
		expect(found.occurrences).toHaveLength(MOST_OCCURRENCES);
		expect(found.occurrences[0]?.payload).toEqual(thing('t1', 2));
		expect(found.cutOff).toHaveLength(1);
		const fits = await findMissed(
			acme({ events: [all] }),
			search(async () => response(200, things.slice(1)), { limit: 1000 }),
		);
		expect(fits.cutOff).toEqual([]);
	});
});

describe('a record that is read whole', () => {
	const whole = typeOf({ whole: ({ id }) => ({ method: 'GET', path: `/things/${String(id)}` }) });
	const things = [thing('a', 10), thing('b', 20)];
	const reading = async (answers: Readonly<Record<string, () => HttpResponse>>, more: Partial<Search> = {}) => {
		const { send, asked } = serviceOf(things, answers);
		const found = await findMissed(acme({ events: [whole] }), search(send, more));
		return { ...found, ids: found.occurrences.map(({ payload }) => payload['id']), asked };
	};
	const fine = (id: string, at: number) => () => response(200, { ...thing(id, at), whole: true });

	it('is passed on as it was read', async () => {
		const found = await reading({ '/things/a': fine('a', 10), '/things/b': fine('b', 20) });
		expect(found.occurrences.map(({ payload }) => payload)).toEqual([
			{ id: 'a', at: 10, whole: true },
			{ id: 'b', at: 20, whole: true },
		]);
	});

	it.each([404, 410])('is left out when it is gone: %i', async (status) => {
		const found = await reading({ '/things/a': () => response(status, {}), '/things/b': fine('b', 20) });
		expect(found).toMatchObject({ ids: ['b'], more: false });
	});

	it('is left out when the service refuses this one with a status of success', async () => {
		const refusing = acme({
			events: [whole],
			readError: ({ body }) => ((body as JsonObject)['no'] === true ? { message: 'No.' } : undefined),
		});
		const { send } = serviceOf(things, { '/things/a': () => response(200, { no: true }), '/things/b': fine('b', 20) });
		expect((await findMissed(refusing, search(send))).occurrences).toHaveLength(1);
	});

	it('is read once, whatever happened to it', async () => {
		const twice = [thing('a', 10), thing('a', 11)];
		const { send, asked } = serviceOf(twice, { '/things/a': fine('a', 11) });
		await findMissed(acme({ events: [whole] }), search(send));
		expect(asked.filter((path) => path === '/things/a')).toHaveLength(1);
	});

	it('that cannot be read ends the search: with an error when nothing was found, otherwise with more to come', async () => {
		const down = () => response(503, { message: 'Down.' });
		await expect(reading({ '/things/a': down })).rejects.toThrow('Acme');
		expect(await reading({ '/things/a': fine('a', 10), '/things/b': down })).toMatchObject({ ids: ['a'], more: true });
	});

	it('is not read when it is known', async () => {
		const isKnown = (key: string) => key === 'thing.made:a:10';
		const found = await reading({ '/things/b': fine('b', 20) }, { isKnown });
		expect(found.asked).not.toContain('/things/a');
	});
});

it('a list that cannot be read is an error with what to do', async () => {
	const { send } = serviceOf([], { '/things': () => response(500, { message: 'Broken.' }) });
	await expect(findMissed(acme({ events: [typeOf()] }), search(send))).rejects.toThrow('thing.made');
});
