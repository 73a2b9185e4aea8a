import { Unreachable } from '../../../core/errors.ts';
import { patiently } from '../../../core/patience.ts';
import type { HttpRequest, HttpResponse, Send } from '../../../core/provider.ts';
import { response } from '../support/acme.ts';

/** A service that gives these answers in turn, and a clock that only waiting moves. */
function scene(answers: Array<HttpResponse | Error>, budget = 60_000) {
	let clock = 0;
	const waits: number[] = [];
	let calls = 0;
	const send: Send = async () => {
		calls += 1;
		const next = answers[Math.min(calls, answers.length) - 1]!;
		if (next instanceof Error) throw next;
		return next;
	};
	const wait = async (milliseconds: number) => {
		waits.push(milliseconds);
		clock += milliseconds;
	};
	return { send: patiently(send, { wait, budget, now: () => clock }), waits, calls: () => calls };
}

const GET: HttpRequest = { method: 'GET', path: '' };
const limited = (seconds: string) => response(429, null, { 'retry-after': seconds });
const done = response(200, {});

it('makes a call that reads again after 429, as late as the service says', async () => {
	const { send, waits } = scene([limited('2'), limited('5'), done]);
	expect(await send(GET)).toBe(done);
	expect(waits).toEqual([2000, 5000]);
});

it('waits longer each time where the service says nothing, and gives up in the end', async () => {
	const { send, waits, calls } = scene([response(429)]);
	expect((await send(GET)).status).toBe(429);
	expect([waits, calls()]).toEqual([[500, 1000, 2000], 4]);
});

it('does not wait longer than its budget, which all calls share', async () => {
	const long = scene([limited('61')]);
	expect((await long.send(GET)).status).toBe(429);
	expect([long.waits, long.calls()]).toEqual([[], 1]);
	const shared = scene([limited('40'), done, limited('40'), done]);
	await shared.send(GET);
	expect((await shared.send(GET)).status).toBe(429);
	expect(shared.waits).toEqual([40_000]);
});

it('makes a call that reads again when no answer came, unless that is for good', async () => {
	const cut = new Unreachable('cut');
	const passing = scene([cut, done]);
	expect(await passing.send(GET)).toBe(done);
	const lasting = scene([new Unreachable('no such host', '', { sent: false, lasting: true })]);
	await expect(lasting.send(GET)).rejects.toThrow('no such host');
	expect(lasting.calls()).toBe(1);
	const other = scene([new TypeError('a fault of ours')]);
	await expect(other.send(GET)).rejects.toThrow('a fault of ours');
	expect(other.calls()).toBe(1);
});

it('never makes a call again that changes something, unless it says that it only reads', async () => {
	for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
		for (const answer of [limited('0'), new Unreachable('cut')]) {
			const { send, calls } = scene([answer]);
			await send({ method, path: '' }).catch(() => undefined);
			expect([method, calls()]).toEqual([method, 1]);
		}
		const reading = scene([limited('1'), done]);
		expect(await reading.send({ method, path: '', reads: true })).toBe(done);
	}
});
