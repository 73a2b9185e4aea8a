/** Many connections at once for a minute: is every delivery answered before the services give up? */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { providers } from '../providers/index.ts';
import { largest } from './bodies.mts';
import { fire, type Shots } from './load.mts';
import { figure, type Aim, type Findings, type Part, type Run } from './report.mts';
import { onStage, remember, settingName, type Setting } from './stage.mts';
import { bareWebhook, ours, type Receiver } from './targets.mts';

/** Solar Proof and Solid# wait 5 seconds for an answer, as documented; Solatis 10. */
const PATIENCE = 5_000;
const CONNECTIONS = 200;

/** Executions of a workflow that n8n has stored. */
function executionsOf({ folder }: { folder: string }, { workflow }: Receiver): number {
	const database = new DatabaseSync(join(folder, '.n8n/database.sqlite'), { readOnly: true, timeout: 10_000 });
	try {
		const row = database
			.prepare('SELECT count(*) AS count FROM execution_entity WHERE workflowId = ?')
			.get(workflow.id);
		return Number(row?.['count']);
	} finally {
		database.close();
	}
}

async function burst(setting: Setting, { quick, progress }: Run): Promise<Findings> {
	return await onStage(setting, async ({ n8n, sandbox }) => {
		const where = settingName(setting);
		const solatis = providers.find(({ id }) => id === 'solatis')!;
		const trigger = await ours(n8n.client, sandbox, solatis);
		remember(n8n, trigger, 20_000);
		const webhook = await bareWebhook(n8n.client, largest(solatis).sample);
		const seconds = quick ? 10 : 60;
		const pids = [n8n.pid!];
		for (const target of [trigger, webhook]) await fire(n8n.url, pids, target, { connections: 10, amount: 40 });

		const rows: string[][] = [];
		const refusals: string[] = [];
		const note = (what: string, shots: Shots, target: Receiver, before: number) => {
			const { perSecond, p50, p99, max, answered, right, failed, lastWrong } = shots;
			const accepted = (perSecond * right) / answered;
			const started = executionsOf(n8n, target) - before;
			rows.push([what, ...[accepted, p50, p99, max].map(figure), String(right), String(failed), String(started)]);
			if (lastWrong !== '') refusals.push(`${what}: refused with ${lastWrong}`);
			return { ...shots, accepted, started };
		};
		const during = async (what: string, target: Receiver, rate?: number) => {
			progress(`${where}: ${what}`);
			const before = executionsOf(n8n, target);
			const load = { connections: CONNECTIONS, seconds, overload: true, ...(rate === undefined ? {} : { rate }) };
			return note(what, await fire(n8n.url, pids, target, load), target, before);
		};
		const saturated = await during('Solatis, as fast as answered', trigger);
		await during("n8n's Webhook, as fast as answered", webhook);
		const rate = Math.max(1, Math.floor(saturated.accepted * 0.8));
		const steady = await during(`Solatis, ${rate} a second`, trigger, rate);
		const what = `${CONNECTIONS} connections, ${seconds} s (${where})`;
		const aims: Aim[] = [
			{ what: `slowest answer, ${what}`, most: PATIENCE, figure: saturated.max, unit: ' ms' },
			{ what: `refused or not answered, ${what}`, most: 0, figure: saturated.failed },
			{ what: `slowest answer at 0.8 of what n8n can take, ${what}`, most: PATIENCE, figure: steady.max, unit: ' ms' },
			{
				what: `accepted deliveries without an execution, ${what}`,
				most: 0,
				figure: Math.max(0, saturated.right - saturated.started),
			},
		];
		return {
			tables: [
				{
					title: `${CONNECTIONS} connections for ${seconds} s, ${where}`,
					columns: ['', 'accepted/s', 'p50 ms', 'p99 ms', 'max ms', 'accepted', 'failed', 'executions'],
					rows,
					notes: [
						`With ${CONNECTIONS} deliveries at a time each waits for the ${CONNECTIONS} before it: ${PATIENCE / 1000} s are kept while n8n takes at least ${CONNECTIONS / (PATIENCE / 1000)} a second.`,
						'Executions: also of the deliveries whose connection was closed when the time was over.',
						...refusals,
					],
				},
			],
			aims,
		};
	});
}

export const burstPart: Part = {
	name: 'burst',
	does: '200 deliveries at a time, for a minute',
	async *run(run) {
		for (const engine of ['lazy', 'default'] as const) yield await burst({ engine, saves: true }, run);
	},
};
