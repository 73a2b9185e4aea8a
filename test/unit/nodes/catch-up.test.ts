/** Catching up against a made-up service whose clock is off, which loses, delays and repeats pushes: nothing lost, nothing doubled. */
import fc from 'fast-check';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { findMissed, MOST_OCCURRENCES, occurrenceKey, recoverable } from '../../../core/history.ts';
import type { EventType, HttpRequest, JsonObject, Provider } from '../../../core/provider.ts';
import type { Accepted } from '../../../core/receive.ts';
import { marksOf, passOnce } from '../../../nodes/n8n/repeats.ts';
import { forget, remembered } from '../../../nodes/n8n/remembered.ts';
import { pollTrigger } from '../../../nodes/n8n/watch.ts';
import { providers } from '../../../providers/index.ts';
import { acme, response } from '../support/acme.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 1, 1);
let now = START;
beforeEach(() => {
	now = START;
	jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const PAGE = 3;
type Thing = { id: number; created: number; updated: number };
/** Whole seconds, as services tell the time. */
const seconds = (time: number) => Math.floor(time / 1000) * 1000;

function eventType(name: string, stamp: 'created' | 'updated', sorted: boolean): EventType {
	return {
		...acme().events[0],
		name,
		history: {
			ofPayload: ({ id, at }) => ({ id: String(id), version: String(at) }),
			sources: () => [
				{
					request: ({ offset }) => ({ method: 'GET', path: '/things', query: { offset, by: stamp } }),
					read: ({ body }) => body as JsonObject[],
					...(sorted && { newestFirst: true as const }),
					id: ({ id }) => String(id),
					time: (record) => Number(record[stamp]),
					of: (record) =>
						stamp === 'updated' && record.updated === record.created
							? undefined
							: { id: String(record.id), version: String(record[stamp]) },
					whole: ({ id }) => ({ method: 'GET', path: `/things/${String(id)}` }),
					payload: (_, whole) => {
						const record = whole?.body as JsonObject;
						return { event: name, id: record.id!, at: record[stamp]! };
					},
				},
			],
			limits: 'None.',
			grade: 'documented',
		},
	};
}

function service(sorted: boolean): Provider {
	return acme({
		events: [eventType('thing.made', 'created', sorted), eventType('thing.changed', 'updated', sorted)],
		registrations: [{ name: 'manual', label: 'Manual', kind: 'manual', steps: [], grade: 'documented' }],
	});
}

let worlds = 0;

/** The service, n8n with its list, and what has started the workflow. */
class World {
	readonly things = new Map<number, Thing>();
	readonly emitted: string[] = [];
	readonly pushed = new Map<string, number>();
	readonly executions: number[] = [];
	private readonly list = new Set<string>();
	private readonly late: Array<() => Promise<void>> = [];
	/** Of its own, since this process remembers what each trigger has passed on. */
	private readonly workflow = `w${++worlds}`;
	private readonly owner = `${this.workflow}/hook`;
	private process = 0;
	private count = 0;
	private context: IPollFunctions;
	private readonly provider: Provider;

	private readonly skew: number;

	constructor(skew: number, sorted: boolean) {
		this.skew = skew;
		this.provider = service(sorted);
		this.context = this.startProcess();
	}

	private get clock(): number {
		return seconds(now + this.skew);
	}

	private around(): IDataObject {
		const node = { id: `n${this.process}`, name: 'Trigger', webhookId: 'hook' };
		return {
			getNode: () => node,
			getWorkflow: () => ({ id: this.workflow }),
			getMode: () => 'trigger',
			logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
		};
	}

	/** A process remembers nothing of the one before. */
	startProcess(): IPollFunctions {
		this.process++;
		forget(this.owner, 'production');
		Object.assign(remembered(this.owner, 'production'), { active: true, since: START });
		const parameters: IDataObject = {
			events: this.provider.events.map(({ name }) => name),
			options: { catchUp: 24, watch: 'hourly' },
		};
		this.context = {
			...this.around(),
			getActivationMode: () => 'init',
			getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
			getWorkflowStaticData: () => Object.freeze({}),
			getCredentials: async () => ({ apiKey: 'k', baseUrl: 'https://api.acme.example.com' }),
			helpers: {
				httpRequestWithAuthentication: async (_: string, { url, qs }: { url: string; qs?: IDataObject }) => {
					const { status, body } = this.answer(new URL(url).pathname, qs ?? {});
					return { statusCode: status, headers: {}, body };
				},
			},
		} as unknown as IPollFunctions;
		void pollTrigger.call(this.context, this.provider);
		return this.context;
	}

	private answer(where: string, qs: IDataObject) {
		const id = where.split('/things/')[1];
		if (id !== undefined) {
			const thing = this.things.get(Number(id));
			return thing ? response(200, { ...thing }) : response(404, { message: 'no such thing' });
		}
		const by = qs.by as 'created' | 'updated';
		const sorted = [...this.things.values()].sort((one, other) => other[by] - one[by] || other.id - one.id);
		const offset = Number(qs.offset);
		return response(200, sorted.slice(offset, offset + PAGE));
	}

	private async push(event: string, thing: Thing, fate: Fate): Promise<void> {
		const at = event === 'thing.made' ? thing.created : thing.updated;
		const payload: JsonObject = { event, id: thing.id, at, number: ++this.count };
		const deliveryId = `d${this.count}`;
		const deliver = async () => {
			const accepted = { deliveryId, lookAlike: false } as Accepted;
			const key = occurrenceKey(this.provider, event, payload)!;
			await this.execute([{ json: payload, ...marksOf(accepted, key) }], 'webhook');
		};
		if (fate !== 'lost') {
			const key = `${event}:${thing.id}:${at}`;
			this.pushed.set(key, (this.pushed.get(key) ?? 0) + 1);
		}
		if (fate === 'now' || fate === 'now and again') await deliver();
		if (fate === 'late' || fate === 'now and again') this.late.push(deliver);
	}

	async create(fate: Fate): Promise<void> {
		const thing = { id: ++this.count, created: this.clock, updated: this.clock };
		this.things.set(thing.id, thing);
		await this.push('thing.made', thing, fate);
	}

	async change(which: number, fate: Fate): Promise<void> {
		const thing = [...this.things.values()][which % Math.max(1, this.things.size)];
		if (thing === undefined) return;
		thing.updated = Math.max(this.clock, thing.created);
		await this.push('thing.changed', thing, fate);
	}

	remove(which: number): void {
		const ids = [...this.things.keys()];
		const id = ids[which % Math.max(1, ids.length)];
		if (id !== undefined) this.things.delete(id);
	}

	async deliverLate(): Promise<void> {
		for (const deliver of this.late.splice(0)) await deliver();
	}

	async tick(): Promise<void> {
		now += 5 * MINUTE;
		const items = await pollTrigger.call(this.context, this.provider);
		if (items !== null) await this.execute(items[0]!, 'trigger');
	}

	private async execute(items: INodeExecutionData[], mode: string): Promise<void> {
		const context = {
			...this.around(),
			getMode: () => mode,
			getInputData: () => items,
			helpers: {
				checkProcessedAndRecord: async (ids: string[]) => {
					const processed = ids.filter((id) => this.list.has(id));
					const fresh = ids.filter((id) => !this.list.has(id));
					ids.forEach((id) => this.list.add(id));
					return { new: fresh, processed };
				},
				removeProcessed: async (ids: string[]) => ids.forEach((id) => this.list.delete(id)),
			},
		} as unknown as IExecuteFunctions;
		const [output] = await passOnce.call(context);
		this.executions.push(output!.length);
		for (const { json, ...marks } of output!) {
			expect(marks).toEqual({});
			this.emitted.push(`${String(json.event)}:${String(json.id)}:${String(json.at)}`);
		}
	}

	/** Lets everything come that still comes. */
	async settle(): Promise<void> {
		for (let tick = 0; tick < 26; tick++) await this.tick();
		await this.deliverLate();
		for (let tick = 0; tick < 13; tick++) await this.tick();
	}

	check(): void {
		const counts = new Map<string, number>();
		for (const key of this.emitted) counts.set(key, (counts.get(key) ?? 0) + 1);
		// Several pushes of one occurrence (changes within a second) are several events; apart from that everything comes once.
		for (const [key, count] of counts)
			expect([key, count <= Math.max(1, this.pushed.get(key) ?? 0)]).toEqual([key, true]);
		for (const { id, created, updated } of this.things.values()) {
			expect(counts.has(`thing.made:${id}:${created}`)).toBe(true);
			if (updated > created) expect(counts.has(`thing.changed:${id}:${updated}`)).toBe(true);
		}
		// What was delivered is never swallowed.
		for (const key of this.pushed.keys()) expect([key, counts.has(key)]).toEqual([key, true]);
	}
}

type Fate = 'now' | 'lost' | 'late' | 'now and again';
const fate = fc.constantFrom<Fate>('now', 'lost', 'late', 'now and again');
const step = fc.oneof(
	fate.map((how) => async (world: World) => await world.create(how)),
	fc.tuple(fc.nat(20), fate).map(
		([which, how]) =>
			async (world: World) =>
				await world.change(which, how),
	),
	fc.nat(20).map((which) => async (world: World) => world.remove(which)),
	fc.constant(async (world: World) => await world.tick()),
	fc.constant(async (world: World) => await world.deliverLate()),
	fc.constant(async (world: World) => void world.startProcess()),
	fc.constantFrom(1000, 20 * MINUTE, 3 * HOUR).map((time) => async () => void (now += time)),
);

it('nothing is lost and nothing is doubled: push, repeats of it and catching up, in any order', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }),
			fc.boolean(),
			fc.array(step, { maxLength: 40 }),
			async (skew, sorted, steps) => {
				now = START + HOUR;
				const world = new World(skew, sorted);
				for (const one of steps.slice(0, 40)) if (now < START + 18 * HOUR) await one(world);
				await world.settle();
				world.check();
			},
		),
		{ numRuns: 300 },
	);
});

it('a quiet tick makes no execution', async () => {
	now = START + HOUR;
	const world = new World(0, true);
	await world.create('now');
	await world.create('lost');
	await world.settle();
	expect(world.executions).toEqual([1, 1]);
});

it('a push is compared across a restart with what was found, and the other way round', async () => {
	now = START + HOUR;
	const world = new World(0, true);
	await world.create('late');
	await world.tick();
	expect(world.emitted).toHaveLength(1);
	world.startProcess();
	await world.deliverLate();
	expect(world.emitted).toHaveLength(1);
	await world.create('now');
	world.startProcess();
	await world.settle();
	expect(world.emitted).toHaveLength(2);
});

it('two pushes of one second are two events, also after catching up has looked', async () => {
	now = START + HOUR;
	const world = new World(0, true);
	await world.create('now');
	now += MINUTE;
	await world.change(0, 'now');
	world.startProcess();
	now -= 5 * MINUTE;
	await world.tick();
	await world.change(0, 'now');
	expect(world.emitted.filter((key) => key.startsWith('thing.changed'))).toHaveLength(2);
});

it('a full window is continued with the next tick', async () => {
	now = START + HOUR;
	const world = new World(0, true);
	for (let count = 0; count < 120; count++) await world.create('lost');
	const sizes = [];
	for (let tick = 0; tick < 4; tick++) {
		const before = world.emitted.length;
		await world.tick();
		sizes.push(world.emitted.length - before);
	}
	expect(sizes).toEqual([50, 50, 20, 0]);
});

it('what is too much is said, and the newest is found', async () => {
	const sent: HttpRequest[] = [];
	const all = Array.from({ length: MOST_OCCURRENCES + 7 }, (_, id) => ({
		id,
		created: START + id * 1000,
		updated: START,
	}));
	const found = await findMissed(service(true), {
		events: ['thing.made'],
		options: {},
		from: START,
		isKnown: (key) => !key.includes(':3:') && !key.includes(`:${all.length - 1}:`),
		limit: 10,
		send: async (request) => {
			sent.push(request);
			const id = request.path.split('/things/')[1];
			if (id !== undefined) return response(200, all[Number(id)]);
			return response(
				200,
				[...all].reverse().slice(Number(request.query?.offset), Number(request.query?.offset) + 200),
			);
		},
	});
	expect(found.occurrences.map(({ payload }) => payload.id)).toEqual([all.length - 1]);
	expect(found.cutOff.join()).toContain('Choose fewer hours');
});

it('events that can be found again are those whose records have a version that the push has too', () => {
	const found = providers.map((one) => [one.id, recoverable(one).found.map(({ name }) => name)] as const);
	expect(Object.fromEntries(found.filter(([, names]) => names.length > 0))).toEqual({
		'solar-proof': ['customer_created'],
		solve360: ['items.create', 'items.update', 'activities.create', 'activities.update'],
	});
	for (const provider of providers) {
		for (const { name, sample, lookAlike } of recoverable(provider).found) {
			expect(lookAlike).toBeUndefined();
			if (name.startsWith('activities')) continue;
			expect(occurrenceKey(provider, name, sample as JsonObject)).toMatch(new RegExp(`^${name}:`));
		}
	}
});
