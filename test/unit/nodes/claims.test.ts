import { Claims, Recent } from '../../../nodes/n8n/claims.ts';

let now = 0;
const make = (more: Partial<ConstructorParameters<typeof Claims>[0]> = {}) =>
	new Claims({ max: 100, ttl: 1000, now: () => now, ...more });
beforeEach(() => (now = 0));

/** Whether something is there, or its promise has settled, by the time all that can run has run. */
async function settled(value: unknown): Promise<boolean> {
	let done = false;
	const note = () => (done = true);
	void Promise.resolve(value).then(note, note);
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
	return done;
}

it('drops repeats of what was passed on, and of nothing else', async () => {
	const claims = make();
	(await claims.claim('a'))!.done();
	expect(await claims.claim('a')).toBeUndefined();
	expect(await claims.claim('b')).toBeDefined();
});

it('makes a repeat wait for a pending claim: dropped when that is done', async () => {
	const claims = make();
	const first = await claims.claim('a');
	const second = claims.claim('a');
	expect(await settled(second)).toBe(false);
	first!.done();
	expect(await second).toBeUndefined();
});

it('lets exactly one of the waiting repeats take over when the claim fails', async () => {
	const claims = make();
	const first = await claims.claim('a');
	const waiting = [claims.claim('a'), claims.claim('a'), claims.claim('a')];
	first!.drop();
	const heir = await waiting[0];
	expect(heir).toBeDefined();
	expect(await settled(waiting[1]!)).toBe(false);
	heir!.done();
	for (const one of waiting.slice(1)) expect(await one).toBeUndefined();
});

it('counts only the first word on a claim: a connection that closes after its answer changes nothing', async () => {
	const claims = make();
	const claim = await claims.claim('a');
	claim!.done();
	claim!.drop();
	expect(await claims.claim('a')).toBeUndefined();
	const failed = await claims.claim('b');
	failed!.drop();
	const next = await claims.claim('b');
	failed!.done();
	next!.drop();
	expect(await claims.claim('b')).toBeDefined();
});

it('forgets after its time, and takes a claim that nobody settled to have failed', async () => {
	const claims = make();
	(await claims.claim('a'))!.done();
	const stuck = await claims.claim('b');
	const waiting = claims.claim('b');
	now = 1001;
	expect(await claims.claim('a')).toBeDefined();
	const heir = await claims.claim('b');
	expect(heir).toBeDefined();
	stuck!.done();
	expect(await settled(waiting)).toBe(false);
	heir!.done();
	expect(await waiting).toBeUndefined();
});

it('frees a waiting repeat by time, where nobody settles the claim and no other repeat comes', async () => {
	const real = new Claims({ max: 100, ttl: 30 });
	await real.claim('a');
	const heir = await real.claim('a');
	expect(heir).toBeDefined();
	heir!.done();
	expect(await real.claim('a')).toBeUndefined();
});

it('bounds what is pending: the repeats of the oldest take over', async () => {
	const claims = make({ max: 10 });
	const oldest = await claims.claim('0');
	const waiting = claims.claim('0');
	for (let index = 1; index < 1000; index++) {
		await claims.claim(String(index));
		expect(claims.size).toBeLessThanOrEqual(10);
	}
	expect(await waiting).toBeDefined();
	// Its word comes too late.
	oldest!.done();
	oldest!.drop();
	expect(claims.size).toBeLessThanOrEqual(10);
});

it('looks at no claim twice to forget one, however many are pending', async () => {
	const claims = make({ max: 1000 });
	const visited = jest.spyOn(Map.prototype, 'delete');
	try {
		for (let index = 0; index < 10_000; index++) void claims.claim(String(index));
		expect(visited.mock.calls.length).toBeLessThanOrEqual(10_000);
	} finally {
		visited.mockRestore();
	}
});

it('stays within its bound, and forgets nothing that is pending for what is done', async () => {
	const claims = make({ max: 3 });
	const pending = await claims.claim('pending');
	for (let index = 0; index < 1000; index++) (await claims.claim(`done ${index}`))!.done();
	expect(claims.size).toBeLessThanOrEqual(4);
	expect(await settled(claims.claim('pending'))).toBe(false);
	pending!.done();
	expect(await claims.claim('done 999')).toBeUndefined();
});

it('is told by other means that a pending claim was passed on', async () => {
	const claims = make();
	const first = await claims.claim('a');
	const waiting = claims.claim('a');
	claims.confirm('a');
	claims.confirm('nobody claimed it');
	expect(await waiting).toBeUndefined();
	first!.drop();
	expect(await claims.claim('a')).toBeUndefined();
	expect(await claims.claim('nobody claimed it')).toBeDefined();
});

describe('recent ids', () => {
	it('are the last of each key, once each', () => {
		const recent = new Recent({ each: 3, keys: 10 });
		recent.add('a', ['1', '2']);
		recent.add('a', ['2', '3', '4']);
		expect(recent.of('a')).toEqual(['2', '3', '4']);
		expect(recent.of('b')).toEqual([]);
	});

	it('are kept for as many keys as are allowed, those last added to', () => {
		const recent = new Recent({ each: 3, keys: 2 });
		for (const key of ['a', 'b', 'a', 'c']) recent.add(key, [key]);
		expect(['a', 'b', 'c'].map((key) => recent.of(key).length)).toEqual([1, 0, 1]);
	});
});
