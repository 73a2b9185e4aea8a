/**
 * The same counts in n8n's queue mode, on PostgreSQL and Redis: a main process, two webhook processors behind a load balancer, and two
 * workers, each with the packages installed. A processor and a worker are killed under load. Then identical deliveries come twice: to
 * one processor at once, as with a balancer that routes by path; to one processor and a second later to the other; and to both at
 * once, which is where n8n's own list, read and written without a lock, cannot promise everything.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { UNFINISHED } from '../../harness/client.mts';
import type { N8n } from '../../harness/n8n.mts';
import { until } from '../../harness/until.mts';
import { count, quiet, row } from '../../harness/counting.mts';
import { LONG } from './support/form.mts';
import { ownServers, Queue } from '../../harness/queue.mts';
import { randomness, SEED } from '../../harness/random.mts';
import { missingServers } from '../../harness/servers.mts';
import { raise, startStream, STREAMS, type Stream } from '../../harness/streams.mts';
import { record } from '../support/results.mts';

const SETTLED_MS = 600_000;
/** Events that are delivered twice. */
const TWICE = Number(process.env['HOOKLINE_TWICE'] ?? 500);
const KILLS = 3;

const skip = LONG
	? (missingServers() ?? false)
	: 'five processes of n8n: in the long form only (npm run test:faults -- --long)';

describe('queue mode', { skip, timeout: 3_000_000 }, () => {
	const random = randomness();
	const table: Array<Record<string, string | number>> = [];
	let queue: Queue;
	let main: N8n;
	let streams: Stream[];

	before(async () => {
		console.log(`seed ${SEED} (HOOKLINE_SEED=${SEED} repeats it)`);
		const begun = Date.now();
		queue = await Queue.start(await ownServers(), { processors: 2, workers: 2 });
		({ main } = queue);
		const seconds = Math.max(15, (2 * (Date.now() - begun)) / 5 / 1000);
		streams = await Promise.all(STREAMS.map((kind) => startStream(kind, main.client, seconds)));
	});
	after(async () => {
		await Promise.all((streams ?? []).map(({ service }) => service.close()));
		await queue?.stop();
		record(import.meta.dirname, 'queue-mode', 'Every event raised, and what happened to it: queue mode', table);
	});

	async function load(events: number, milliseconds: number, of = streams): Promise<void> {
		const waves = Math.max(1, Math.round(events / 5));
		for (let wave = 0; wave < waves; wave++) {
			await Promise.all(of.map((stream) => raise(stream, events / waves)));
			await wait((random() * 2 * milliseconds) / waves);
		}
	}

	it('a webhook processor and a worker are killed under load', async () => {
		for (let times = 0; times < KILLS; times++) {
			const victims = [queue.processors[times % 2]!, queue.workers[times % 2]!];
			const loading = load(30, 3000);
			await wait(500 + random() * 2500);
			await Promise.all(victims.map((victim) => victim.kill()));
			await wait(1000);
			for (const victim of victims) await victim.restart();
			await loading;
			await quiet(streams, main.client, SETTLED_MS);
		}
		for (const stream of streams) {
			const found = await count(stream, main.client);
			table.push(row(`processor and worker killed ${KILLS}×`, stream, found));
			assert.deepEqual({ lost: found.lost, givenUp: found.givenUp }, { lost: [], givenUp: 0 }, stream.name);
		}
		// n8n looks for executions whose worker is gone every three hours; here, at once.
		await main.restart({ N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '0.1' });
		await main.client.login();
		await until('n8n to show every dangling execution as crashed', 180_000, async () => {
			const unfinished = await Promise.all(
				streams.map(({ workflow }) => main.client.listExecutions(workflow, UNFINISHED)),
			);
			return unfinished.flat().length === 0 || undefined;
		});
		for (const stream of streams) {
			const { crashed } = await count(stream, main.client);
			for (const id of crashed) await main.client.retry(id);
		}
		await quiet(streams, main.client, SETTLED_MS);
		for (const stream of streams) {
			const found = await count(stream, main.client);
			table.push(row('... and retried manually', stream, found));
			assert.deepEqual(
				{ lost: found.lost, interrupted: found.interrupted },
				{ lost: [], interrupted: [] },
				stream.name,
			);
		}
	});

	// `most`: percent that may come twice. A second apart is at once for workers that are more than a second behind.
	for (const { scenario, route, gap, most } of [
		{ scenario: 'two at once, routed by path', route: 'path', gap: 0, most: 0 },
		{ scenario: 'one to each processor, a second apart', route: 'apart', gap: 1000, most: 2 },
		{ scenario: 'one to each processor, at once', route: 'apart', gap: 0, most: 100 },
	] as const) {
		it(scenario, async () => {
			const [solatis] = streams;
			assert.ok(solatis);
			const from = solatis.raised.length;
			Object.assign(queue.balancer, { route, gap });
			await solatis.service.faults({ deliveries: { duplicate: 1 } });
			await load(TWICE, TWICE * 60, [solatis]);
			await quiet([solatis], main.client, SETTLED_MS);
			const found = await count(solatis, main.client, from);
			table.push(row(scenario, solatis, found));
			assert.deepEqual({ lost: found.lost, givenUp: found.givenUp }, { lost: [], givenUp: 0 });
			assert.ok(found.sent >= 2 * TWICE, 'deliveries came twice');
			const percent = (100 * found.doubled.length) / TWICE;
			console.log(`${scenario}: ${percent.toFixed(1)} % doubled`);
			assert.ok(percent <= most, `${found.doubled.length} of ${TWICE} came twice`);
		});
	}
});
