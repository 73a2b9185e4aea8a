/** Our triggers in a real n8n, next to its own Webhook node, its own GitHub Trigger and a trigger that does nothing. */
import { providers } from '../providers/index.ts';
import { largest } from './bodies.mts';
import { fire, type Shots, type Target } from './load.mts';
import { median } from './measure.mts';
import { figure, type Aim, type Findings, type Part, type Run, type Table } from './report.mts';
import { onStage, remember, remembered, settingName, type Setting, type Stage } from './stage.mts';
import { bareWebhook, githubTrigger, leanTrigger, ours, type Receiver } from './targets.mts';

/** More ids than any trigger keeps: with the next event it forgets all that are beyond its bound. */
const PLENTY = 20_000;
const BOUNDS = [1_000, 2_000, 5_000, 10_000];
const SOLATIS = providers.find(({ id }) => id === 'solatis')!;
const SAMPLE = largest(SOLATIS).sample;

/** Medians of the rounds, and of the ratios to the first target in the same round. */
export interface Summary {
	name: string;
	perSecond: number;
	p50: number;
	p99: number;
	cost: number;
	/** Deliveries that got another answer than they should, or none. */
	failed: number;
	/** Deliveries for the same processor time of n8n; by the clock where that cannot be told. */
	ratio: number;
	ratioByClock: number;
}

/** Fires at all targets in turns. */
export async function inTurns(
	{ n8n }: Pick<Stage, 'n8n'>,
	targets: readonly Target[],
	{ rounds, amount, connections = 10 }: { rounds: number; amount: number; connections?: number },
	pids: readonly number[] = [n8n.pid!],
): Promise<Summary[]> {
	for (const target of targets) await fire(n8n.url, pids, target, { connections, amount: Math.min(amount, 40) });
	const all = targets.map(() => [] as Shots[]);
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < targets.length; turn++) {
			const index = (turn + round) % targets.length;
			all[index]!.push(await fire(n8n.url, pids, targets[index]!, { connections, amount }));
		}
	}
	const middle = (index: number, of: (shots: Shots, round: number) => number) => median(all[index]!.map(of));
	return targets.map(({ name }, index) => {
		const ratioByClock = middle(index, ({ perSecond }, round) => perSecond / all[0]![round]!.perSecond);
		const ratio = middle(index, ({ cost }, round) => all[0]![round]!.cost / cost);
		return {
			name,
			perSecond: middle(index, ({ perSecond }) => perSecond),
			p50: middle(index, ({ p50 }) => p50),
			p99: middle(index, ({ p99 }) => p99),
			cost: middle(index, ({ cost }) => cost),
			failed: all[index]!.reduce((sum, { failed }) => sum + failed, 0),
			ratio: Number.isNaN(ratio) ? ratioByClock : ratio,
			ratioByClock,
		};
	});
}

export function summaryTable(title: string, summaries: readonly Summary[], notes: readonly string[] = []): Table {
	return {
		title,
		columns: [
			'',
			'of the first, by processor time',
			'by the clock',
			'events/s',
			'p50 ms',
			'p99 ms',
			'ms of n8n for each',
			'failed',
		],
		rows: summaries.map(({ name, ratio, ratioByClock, perSecond, p50, p99, cost, failed }) => [
			name,
			figure(ratio),
			figure(ratioByClock),
			figure(perSecond),
			figure(p50),
			figure(p99),
			figure(cost),
			String(failed),
		]),
		notes,
	};
}

async function measure(setting: Setting, { quick, progress }: Run): Promise<Findings> {
	return await onStage(setting, async (stage) => {
		const { n8n, sandbox } = stage;
		const { client } = n8n;
		const where = settingName(setting);
		progress(`${where}: publishing`);
		const webhook = await bareWebhook(client, SAMPLE);
		const github = await githubTrigger(client, SAMPLE);
		const nothing = await leanTrigger(client, SAMPLE);
		const triggers: Receiver[] = [];
		for (const provider of providers) {
			const trigger = await ours(client, sandbox, provider);
			remember(n8n, trigger, PLENTY);
			triggers.push(trigger);
		}
		const effort = quick ? { rounds: 2, amount: 60 } : { rounds: 5, amount: setting.engine === 'lazy' ? 200 : 100 };
		progress(`${where}: accepted deliveries`);
		const accepted = await inTurns(stage, [webhook, github, nothing, ...triggers], effort);
		const bounds = triggers.map((trigger) => remembered(n8n, trigger)).filter((count) => count < PLENTY);
		progress(`${where}: forged and repeated ones`);
		const solatis = triggers.find(({ name }) => name === SOLATIS.name)!;
		const solid = triggers.find(({ name }) => name === 'Solid#')!;
		const refused = await inTurns(
			stage,
			[solatis, solatis.forged!, solatis.again!, solid, solid.forged!, solid.again!, github, github.forged!],
			effort,
		);
		await github.close();

		const ratioOf = (name: string) => accepted.find((one) => one.name === name)!.ratio;
		const aims: Aim[] = [];
		for (const { name } of triggers) {
			const what = `${name} in n8n (${where})`;
			if (setting.engine === 'lazy') {
				aims.push({ what: `${what}, of the Webhook node`, least: 1, figure: ratioOf(name) });
				aims.push({ what: `${what}, of the GitHub Trigger`, least: 4, figure: ratioOf(name) / ratioOf(github.name) });
			} else {
				aims.push({ what: `${what}, of the GitHub Trigger`, least: 1, figure: ratioOf(name) / ratioOf(github.name) });
			}
		}
		if (setting.engine === 'lazy') {
			for (const [index, kind] of [
				[1, 'forged'],
				[2, 'repeated'],
			] as const) {
				aims.push({
					what: `${kind} deliveries to Solatis in n8n (${where}), of accepted ones`,
					least: 4,
					figure: refused[index]!.ratio,
				});
			}
		}
		return {
			tables: [
				summaryTable(`Accepted deliveries, ${where}`, accepted, [
					`1 KB bodies, 10 connections. Ours keep as many ids as their bound allows: ${[...new Set(bounds)].join(', ')}. Solar Proof keeps none for events that can look alike.`,
				]),
				summaryTable(`Forged and repeated deliveries, ${where}`, refused),
			],
			aims,
		};
	});
}

/** What a credential costs, and the length of the list of remembered deliveries. */
async function measureBounds({ quick, progress }: Run): Promise<Findings> {
	return await onStage({ engine: 'lazy', saves: false }, async (stage) => {
		const { client } = stage.n8n;
		progress('a credential, and the length of the list of remembered deliveries');
		const targets: Receiver[] = [
			await leanTrigger(client, SAMPLE),
			await leanTrigger(client, SAMPLE, { credential: true }),
		];
		for (const bound of BOUNDS) {
			const target = await leanTrigger(client, SAMPLE, { remember: bound });
			remember(stage.n8n, target, bound);
			targets.push(target);
		}
		const summaries = await inTurns(stage, targets, quick ? { rounds: 2, amount: 60 } : { rounds: 7, amount: 200 });
		return {
			tables: [
				summaryTable('A credential and remembered deliveries, lazy acquire, executions not saved', summaries, [
					'The trigger never reads its credential: n8n looks before each execution whether the workflow may use it. One id to an event, and each event alone to the list.',
				]),
			],
			aims: [],
		};
	});
}

export const rememberedPart: Part = {
	name: 'remembered',
	does: "what a credential and the length of n8n's list of processed deliveries cost",
	async *run(run) {
		yield await measureBounds(run);
	},
};

export const n8nPart: Part = {
	name: 'n8n',
	does: 'each trigger in a real n8n next to its own nodes',
	async *run(run) {
		const settings: Setting[] = [
			{ engine: 'lazy', saves: false },
			{ engine: 'default', saves: false },
			{ engine: 'lazy', saves: true },
			{ engine: 'default', saves: true },
		];
		for (const setting of run.quick ? settings.slice(0, 2) : settings) yield await measure(setting, run);
	},
};
