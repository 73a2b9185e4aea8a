/** More workflows in one n8n, and more processes of n8n. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providers } from '../providers/index.ts';
import { builtPackages, freePort, N8n } from '../harness/n8n.mts';
import { SandboxControl } from '../harness/sandbox.mts';
import { until } from '../harness/until.mts';
import { largest } from './bodies.mts';
import { fire, type Shots, type Target } from './load.mts';
import { median } from './measure.mts';
import { inTurns } from './n8n.mts';
import { buildPackages } from './packages.mts';
import { figure, type Findings, type Part, type Run } from './report.mts';
import { environmentOf, onStage } from './stage.mts';
import { bareWebhook, ours } from './targets.mts';

const SETTING = { engine: 'lazy', saves: false } as const;
const SOLATIS = providers.find(({ id }) => id === 'solatis')!;
/** Published without a call to a service, so that 200 of them are there soon. */
const SOLID = providers.find(({ id }) => id === 'solid-number')!;
const SAMPLE = largest(SOLATIS).sample;

/** What a delivery costs while more and more workflows of ours are published in the same n8n. */
async function manyWorkflows({ quick, progress }: Run): Promise<Findings> {
	return await onStage(SETTING, async (stage) => {
		const { client } = stage.n8n;
		const webhook = await bareWebhook(client, SAMPLE);
		const first = await ours(client, stage.sandbox, SOLID);
		const rows: string[][] = [];
		const ratios: number[] = [];
		let published = 1;
		for (const count of quick ? [1, 20] : [1, 20, 100, 200]) {
			while (published < count) {
				await ours(client, stage.sandbox, SOLID, `Solid# ${++published}`);
				if (published % 20 === 0) progress(`${published} workflows`);
			}
			const effort = quick ? { rounds: 3, amount: 100 } : { rounds: 9, amount: 200 };
			const [bare, trigger] = await inTurns(stage, [webhook, first], effort);
			ratios.push(trigger!.ratio);
			rows.push([
				String(count),
				...[bare!.cost, trigger!.cost, trigger!.ratio, trigger!.p50, trigger!.p99].map(figure),
			]);
		}
		return {
			tables: [
				{
					title: 'Published workflows of ours in one n8n, lazy acquire, executions not saved',
					columns: ['workflows', 'Webhook, ms of n8n', 'Solid#, ms of n8n', 'Solid# of Webhook', 'p50 ms', 'p99 ms'],
					rows,
				},
			],
			aims: [
				{
					what: `events for the same work with ${published} workflows, of those with one (both of the Webhook node)`,
					least: 0.9,
					figure: ratios.at(-1)! / ratios[0]!,
				},
			],
		};
	});
}

interface Redis {
	port: number;
	stop: () => Promise<void>;
}

/** A Redis of our own, in memory only. Undefined where none is installed. */
async function startRedis(): Promise<Redis | undefined> {
	const port = await freePort();
	const child = spawn(
		'redis-server',
		['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
		{
			stdio: 'ignore',
		},
	);
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const missing = new Promise<true>((resolve) => child.once('error', () => resolve(true)));
	const ready = until('Redis', 10_000, async () => (await isOpen(port)) || undefined).then(() => false);
	if (await Promise.race([missing, ready])) return undefined;
	const end = () => child.kill('SIGKILL');
	process.once('exit', end);
	const stop = async () => {
		process.off('exit', end);
		child.kill('SIGTERM');
		await ended;
	};
	return { port, stop };
}

async function isOpen(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = createConnection(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
		socket.once('error', () => resolve(false));
	});
}

/** n8n in queue mode: one main, and as many webhook processors and workers. */
async function queue(count: number, redis: Redis, { quick, progress }: Run): Promise<string[][]> {
	const folder = await mkdtemp(join(tmpdir(), 'hookline-queue-'));
	const sandbox = await SandboxControl.start('solatis');
	const parts: N8n[] = [];
	try {
		const env = {
			...environmentOf(SETTING),
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			QUEUE_BULL_PREFIX: `bench${count}`,
		};
		const start = async (command: string[], more: Record<string, string> = {}) => {
			const port = await freePort();
			const health = { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) };
			const packages = parts.length === 0 ? await builtPackages() : [];
			const part = await N8n.start({ folder, packages, command, port, env: { ...env, ...health, ...more } });
			parts.push(part);
			return part;
		};
		progress(`queue mode with ${count} of each`);
		const webhookPort = await freePort();
		const main = await start(['start'], { N8N_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/` });
		const processors: N8n[] = [];
		for (let index = 0; index < count; index++) processors.push(await start(['webhook']));
		for (let index = 0; index < count; index++) await start(['worker', '--concurrency=5']);
		await main.client.login();
		const targets: Target[] = [
			await bareWebhook(main.client, SAMPLE),
			await ours(main.client, sandbox, SOLATIS),
			await ours(main.client, sandbox, SOLID),
		];
		const pids = parts.map(({ pid }) => pid!);
		const amount = (quick ? 60 : 300) / count;
		const shots = targets.map(() => [] as Shots[]);
		for (let round = 0; round < (quick ? 2 : 6); round++) {
			for (const [index, target] of targets.entries()) {
				const connections = 10 / count;
				const began = performance.now();
				const all = await Promise.all(processors.map(({ url }) => fire(url, pids, target, { connections, amount })));
				// The first round warms up.
				if (round === 0) continue;
				const sum = (of: (one: Shots) => number) => all.reduce((total, one) => total + of(one), 0);
				shots[index]!.push({
					...all[0]!,
					perSecond: sum(({ perSecond }) => perSecond),
					p99: Math.max(...all.map(({ p99 }) => p99)),
					max: (performance.now() - began) / sum(({ answered }) => answered),
				});
			}
		}
		const base = median(shots[0]!.map(({ perSecond }) => perSecond));
		return targets.map(({ name }, index) => {
			const middle = (of: (one: Shots) => number) => figure(median(shots[index]!.map(of)));
			return [
				`${name}, ${count} of each`,
				middle(({ perSecond }) => perSecond),
				figure(median(shots[index]!.map(({ perSecond }) => perSecond)) / base),
				middle(({ p50 }) => p50),
				middle(({ p99 }) => p99),
			];
		});
	} finally {
		for (const part of parts.reverse()) await part.stop();
		await sandbox.close();
		await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

async function queueMode(run: Run): Promise<Findings> {
	const redis = await startRedis();
	if (redis === undefined) {
		return {
			tables: [
				{ title: 'Queue mode', columns: [''], rows: [['not measured: there is no redis-server on this machine']] },
			],
			aims: [],
		};
	}
	try {
		const rows = [...(await queue(1, redis, run)), ...(await queue(2, redis, run))];
		return {
			tables: [
				{
					title: 'Queue mode (SQLite, Redis), lazy acquire, executions not saved: webhook processors and workers',
					columns: ['', 'events/s', 'of the Webhook node', 'p50 ms', 'p99 ms'],
					rows,
					notes: ['All processes, Redis and what sends the deliveries share the processors of this machine.'],
				},
			],
			aims: [],
		};
	} finally {
		await redis.stop();
	}
}

export const scalePart: Part = {
	name: 'scale',
	does: 'up to 200 workflows, and queue mode with 1 and 2 processors and workers',
	async *run(run) {
		await buildPackages();
		yield await manyWorkflows(run);
		yield await queueMode(run);
	},
};
