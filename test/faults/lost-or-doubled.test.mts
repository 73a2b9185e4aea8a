/**
 * Nothing lost, nothing doubled, in a real n8n, while services repeat, answers get lost, n8n is killed, and its database is locked or
 * its disk full. At the end of each scenario every event raised is counted against every item that the node after the trigger got.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { N8n } from '../../harness/n8n.mts';
import { count, quiet, row, type Count } from '../../harness/counting.mts';
import { smallDisk, type SmallDisk } from './support/disk.mts';
import { LONG } from './support/form.mts';
import { randomness, SEED } from '../../harness/random.mts';
import { raise, startStream, STREAMS, type Stream } from '../../harness/streams.mts';
import { record } from '../support/results.mts';

/** Events of each stream in each scenario. */
const EVENTS = LONG ? 100 : 12;
const KILLS = LONG ? 10 : 1;
/** Until services and n8n are done after a scenario. */
const SETTLED_MS = LONG ? 600_000 : 150_000;

describe('every event raised, and what happened to it', { timeout: LONG ? 3_000_000 : 420_000 }, () => {
	const random = randomness();
	const table: Array<Record<string, string | number>> = [];
	let disk: SmallDisk | string;
	let n8n: N8n;
	let streams: Stream[];

	before(async () => {
		console.log(`seed ${SEED} (HOOKLINE_SEED=${SEED} repeats it)`);
		disk = await smallDisk(600);
		const begun = Date.now();
		n8n = await N8n.start({
			...(typeof disk === 'string' ? {} : { folder: disk.folder }),
			env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		});
		await n8n.client.login();
		const start = (Date.now() - begun) / 1000;
		// With executions to look after, n8n starts more slowly than the first time.
		const seconds = Math.max(20, 3 * start);
		console.log(
			`n8n took ${Math.round(start)} s to start; a service's late retry comes after ${Math.round(seconds)} s`,
		);
		streams = await Promise.all(STREAMS.map((kind) => startStream(kind, n8n.client, seconds)));
	});
	after(async () => {
		await n8n?.stop();
		await Promise.all((streams ?? []).map(({ service }) => service.close()));
		if (typeof disk === 'object') await disk.remove();
		record(import.meta.dirname, 'one-process', 'Every event raised, and what happened to it: one n8n process', table);
	});
	beforeEach(async () => {
		for (const stream of streams) await stream.service.faults();
	});

	/** Raises events in small groups at random moments, for about so many milliseconds. */
	async function load(events: number, milliseconds: number, filler = 0): Promise<void> {
		const waves = Math.max(1, Math.round(events / 4));
		for (let wave = 0; wave < waves; wave++) {
			const size = Math.round((events * (wave + 1)) / waves) - Math.round((events * wave) / waves);
			await Promise.all(streams.map((stream) => raise(stream, size, filler)));
			await wait((random() * 2 * milliseconds) / waves);
		}
	}

	/** Plays a scenario, waits until all is quiet, and gives the count of each stream. */
	async function play(scenario: string, happen: () => Promise<void>): Promise<Array<{ stream: Stream; found: Count }>> {
		const from = streams.map(({ raised }) => raised.length);
		await happen();
		for (const stream of streams) await stream.service.faults();
		await quiet(streams, n8n.client, SETTLED_MS);
		const counts = [];
		for (const [index, stream] of streams.entries()) {
			const found = await count(stream, n8n.client, from[index]);
			table.push(row(scenario, stream, found));
			counts.push({ stream, found });
		}
		return counts;
	}

	/** Each event arrived once, and n8n shows nothing that a person must see to. */
	function assertOnce(counts: ReadonlyArray<{ stream: Stream; found: Count }>): void {
		for (const { stream, found } of counts) {
			const { once, lost, doubled, interrupted, givenUp, raised } = found;
			assert.deepEqual(
				{ lost, doubled, interrupted, givenUp },
				{ lost: [], doubled: [], interrupted: [], givenUp: 0 },
				stream.name,
			);
			assert.equal(once, raised, stream.name);
		}
	}

	/** Each event arrived, or n8n shows an execution with it for a person to retry. */
	function assertNoneLost(counts: ReadonlyArray<{ stream: Stream; found: Count }>): void {
		for (const { stream, found } of counts) {
			assert.deepEqual({ lost: found.lost, givenUp: found.givenUp }, { lost: [], givenUp: 0 }, stream.name);
		}
	}

	it('answers are lost after n8n accepted', async () => {
		const counts = await play('answers lost', async () => {
			for (const { service } of streams) await service.faults({ deliveries: { drop: 'answer', count: EVENTS } });
			await load(EVENTS, 2000);
		});
		assertOnce(counts);
	});

	it('every delivery comes three times, out of order', async () => {
		const counts = await play('duplicated and reordered', async () => {
			for (const { service } of streams) await service.faults({ deliveries: { duplicate: 2, reorder: 12 } });
			await load(EVENTS, 2000);
		});
		assertOnce(counts);
	});

	it('bursts of twenty identical deliveries at once', async () => {
		const counts = await play('bursts of 20', async () => {
			for (const { service } of streams) await service.faults({ deliveries: { duplicate: 19 } });
			await load(LONG ? 40 : 3, 2000);
		});
		assertOnce(counts);
	});

	it('the database is locked for seconds', async () => {
		const counts = await play('database locked', async () => {
			for (let times = 0; times < (LONG ? 5 : 1); times++) {
				const lock = new DatabaseSync(join(n8n.folder, '.n8n/database.sqlite'), { timeout: 10_000 });
				const loading = load(EVENTS, EVENTS * 250);
				await wait(500 + (random() * EVENTS * 250) / 6);
				try {
					lock.exec('BEGIN EXCLUSIVE');
					await wait(3000);
					lock.exec('ROLLBACK');
				} finally {
					lock.close();
				}
				await loading;
			}
		});
		assertOnce(counts);
	});

	const overload = LONG ? false : 'minutes of load: in the long form only (npm run test:faults -- --long)';
	it('more comes at once than n8n can answer in time', { skip: overload }, async () => {
		const counts = await play('overloaded', () => load(400, 2000));
		for (const { stream, found } of counts) {
			assert.deepEqual(found.lost, [], stream.name);
			if (!stream.lookAlike) assert.deepEqual(found.doubled, [], stream.name);
		}
	});

	it('the disk is full', async (context) => {
		if (typeof disk === 'string') return context.skip(disk);
		const { fill, free } = disk;
		const counts = await play('disk full', async () => {
			// SQLite writes into what it holds already for a while: that must be used up, too.
			await fill();
			const loading = load(EVENTS, EVENTS * 330, 100_000);
			await wait(6000);
			await free();
			await loading;
		});
		for (const { stream, found } of counts) assert.ok(found.sent > found.raised, `${stream.name}: nothing was refused`);
		// n8n took some whose end it could then not save.
		assertNoneLost(counts);
		for (const { stream, found } of counts) assert.deepEqual(found.doubled, [], stream.name);
	});

	it('n8n is killed under load and started again', async () => {
		const counts = await play(`killed ${KILLS}×`, async () => {
			for (let times = 0; times < KILLS; times++) {
				const loading = load(EVENTS, EVENTS * 125);
				await wait(200 + random() * EVENTS * 250);
				await n8n.kill();
				await n8n.restart();
				await n8n.client.login();
				await loading;
				// No service gives up meanwhile: each outage is over before the next.
				if (times + 1 < KILLS) await quiet(streams, n8n.client, SETTLED_MS);
			}
		});
		assertNoneLost(counts);
		// What looks alike is remembered in the memory of the process only.
		for (const { stream, found } of counts) if (!stream.lookAlike) assert.deepEqual(found.doubled, [], stream.name);
	});

	it('a person retries every execution that crashed: nothing is lost, and nothing doubled by it', async () => {
		for (const stream of streams) {
			const { crashed, doubled } = await count(stream, n8n.client);
			for (const id of crashed) await n8n.client.retry(id);
			await quiet(streams, n8n.client, SETTLED_MS);
			const found = await count(stream, n8n.client);
			table.push(row('in all, crashed ones retried', stream, found));
			assert.deepEqual(
				{ lost: found.lost, interrupted: found.interrupted },
				{ lost: [], interrupted: [] },
				stream.name,
			);
			if (stream.lookAlike) assert.ok(found.doubled.length <= doubled.length + crashed.length, stream.name);
			else assert.deepEqual(found.doubled, [], stream.name);
		}
	});
});
