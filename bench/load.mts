/** Deliveries to a real n8n on loopback, so many at a time, and what they cost it. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { require } from './report.mts';

/** What autocannon is asked for and answers, as far as it is used here: it brings no types. */
interface Options {
	url: string;
	connections: number;
	amount?: number;
	duration?: number;
	overallRate?: number;
	/** Seconds. */
	timeout: number;
	requests: Array<{
		method: 'POST';
		setupRequest: (request: object) => object;
		onResponse: (status: number, body: string) => void;
	}>;
}

interface Result {
	errors: number;
	timeouts: number;
	latency: { p50: number; p99: number; max: number };
}

const autocannon = require('autocannon') as (options: Options) => Promise<Result>;

/** One delivery: where it goes and what it says. */
export interface Shot {
	path: string;
	headers: Record<string, string>;
	body: Buffer;
}

/** Something that takes deliveries. */
export interface Target {
	name: string;
	/** A new delivery at each call. */
	shot: (number: number) => Shot;
	/** Whether this is the answer that it should give. */
	expects: (status: number, body: string) => boolean;
}

/** How a target did. Times in milliseconds by the clock, but `cost`. */
export interface Shots {
	/** Answers for each second, by the clock. */
	perSecond: number;
	p50: number;
	p99: number;
	max: number;
	/** Milliseconds of n8n's processor time for each delivery, with all that it does afterwards. NaN where it cannot be told. */
	cost: number;
	answered: number;
	/** Of them with the answer that they should have. */
	right: number;
	/** Those with another answer, and those without any. */
	failed: number;
	/** The last of the other answers. */
	lastWrong: string;
}

export interface Load {
	connections: number;
	/** Either so many deliveries or so many seconds. */
	amount?: number;
	seconds?: number;
	/** Deliveries for each second; default: as fast as they are answered. */
	rate?: number;
	/** More is asked of n8n than it can do: also when most answers are wrong, that is a finding and no mistake of the benchmark. */
	overload?: boolean;
}

let last = Date.now();

/** Fires at a target and waits until n8n is done with what it got. `pids`: the processes of n8n. */
export async function fire(url: string, pids: readonly number[], target: Target, load: Load): Promise<Shots> {
	let wrong = 0;
	let lastWrong = '';
	let answered = 0;
	const before = await processorTime(pids);
	const began = performance.now();
	let ended = began;
	const result = await autocannon({
		url,
		connections: load.connections,
		...(load.amount === undefined ? { duration: load.seconds ?? 1 } : { amount: load.amount }),
		...(load.rate === undefined ? {} : { overallRate: load.rate }),
		timeout: 60,
		requests: [
			{
				method: 'POST',
				setupRequest: (request) => ({ ...request, method: 'POST', ...target.shot(++last) }),
				onResponse(status, body) {
					answered++;
					// autocannon itself looks at the clock once a second.
					ended = performance.now();
					if (target.expects(status, body)) return;
					wrong++;
					lastWrong = `${status} ${body.slice(0, 200)}`;
				},
			},
		],
	});
	// An overloaded n8n answers 500 now and then: that is a finding. Most of them: a mistake of this benchmark.
	if (wrong > answered / 2 && !load.overload) throw new Error(`${target.name} answered ${lastWrong}`);
	await idle(pids);
	const { p50, p99, max } = result.latency;
	return {
		perSecond: (answered / (ended - began)) * 1000,
		p50,
		p99,
		max,
		cost: ((await processorTime(pids)) - before) / answered,
		answered,
		right: answered - wrong,
		failed: wrong + result.errors + result.timeouts,
		lastWrong,
	};
}

/** Milliseconds that processes have used so far; NaN on systems that do not tell. A tick is 10 ms. */
export async function processorTime(pids: readonly number[]): Promise<number> {
	let ticks = 0;
	for (const pid of pids) {
		try {
			// The name, in brackets, can hold spaces; utime and stime are the 12th and 13th word after it.
			const words = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)!.split(' ');
			ticks += Number(words[11]) + Number(words[12]);
		} catch {
			return Number.NaN;
		}
	}
	return ticks * 10;
}

/** Waits until n8n works no more: executions run on after their delivery was answered. */
export async function idle(pids: readonly number[]): Promise<void> {
	const end = Date.now() + 120_000;
	let before = await processorTime(pids);
	let quiet = 0;
	while (quiet < 2 && Date.now() < end) {
		await sleep(200);
		const now = await processorTime(pids);
		if (Number.isNaN(now)) return await sleep(1000);
		quiet = now - before <= 20 ? quiet + 1 : 0;
		before = now;
	}
}
