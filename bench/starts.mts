/** Starts of n8n with many published triggers: how long it works on them, what each is in memory, and when it asks the service. */
import { readdirSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.mts';
import { workflowWith } from '../harness/workflow.mts';
import { builtPackages, N8n } from '../harness/n8n.mts';
import { SandboxControl } from '../harness/sandbox.mts';
import type { Provider } from '../core/provider.ts';
import type { ProviderId } from '../sandbox/accounts.mts';
import { providers } from '../providers/index.ts';
import { largest } from './bodies.mts';
import { idle, processorTime } from './load.mts';
import { median } from './measure.mts';
import { buildPackages } from './packages.mts';
import { figure, type Findings, type Part, type Run } from './report.mts';
import { environmentOf } from './stage.mts';
import { bareWebhook, ours } from './targets.mts';

const SOLATIS = providers.find(({ id }) => id === 'solatis')!;
/** Subscribes without being able to ask what it has: at a start it subscribes again. */
const SOLAR_PROOF = providers.find(({ id }) => id === 'solar-proof')!;

/** An n8n with workflows of one kind, and what was measured of it. */
interface Subject {
	name: string;
	n8n: N8n;
	service: SandboxControl;
	/** For each start: milliseconds of processor time, and by the clock, until it works no more. */
	starts: Array<{ cost: number; took: number }>;
	/** Calls to the service in the last start, and the most of them within one second. */
	calls: { all: number; atOnce: number };
	/** MiB in memory a while after the last start. */
	memory: number;
}

/** Publishes so many workflows in an n8n of its own. */
async function subjectOf(count: number, { name, provider, packages, make }: Kind): Promise<Subject> {
	const service = await SandboxControl.start(provider);
	const n8n = await N8n.start({ packages, env: environmentOf({ engine: 'lazy', saves: false }) });
	await n8n.client.login();
	for (let made = 0; made < count; made++) await make(n8n, service, `Workflow ${made}`);
	return { name, n8n, service, starts: [], calls: { all: 0, atOnce: 0 }, memory: Number.NaN };
}

interface Kind {
	name: string;
	provider: ProviderId;
	packages: string[];
	/** Publishes one workflow. */
	make: (n8n: N8n, service: SandboxControl, name: string) => Promise<unknown>;
}

/** n8n's own trigger that it also sets up again at every start, and that calls nobody. */
async function schedule(client: Client, name: string): Promise<void> {
	const parameters = { rule: { interval: [{ field: 'hours', hoursInterval: 1, triggerAtMinute: 30 }] } };
	const data = workflowWith({ type: 'n8n-nodes-base.scheduleTrigger', parameters, name });
	data.nodes[0]!.typeVersion = 1.2;
	const { status, messages } = await client.publish(await client.createWorkflow(data));
	if (status !== 'published') throw new Error(`${name} was not published: ${messages.join('; ')}`);
}

async function startOnce(subject: Subject): Promise<void> {
	const { n8n, service } = subject;
	const known = (await service.requests()).length;
	const began = performance.now();
	await n8n.restart();
	const pids = [n8n.pid!];
	// Triggers are asked one after another: a pause between two of them is no end.
	for (let quiet = 0; quiet < 3; quiet++) await idle(pids);
	subject.starts.push({ cost: await processorTime(pids), took: performance.now() - began });
	const calls = (await service.requests()).slice(known);
	const seconds = new Map<number, number>();
	for (const { at } of calls) {
		const second = Math.floor(Date.parse(at) / 1000);
		seconds.set(second, (seconds.get(second) ?? 0) + 1);
	}
	subject.calls = { all: calls.length, atOnce: Math.max(0, ...seconds.values()) };
}

/** MiB of a process that are in memory. NaN on systems that do not tell. */
async function memoryOf(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** The built packages of another checkout of this repository. */
function packagesIn(checkout: string): string[] {
	const where = join(checkout, 'packages');
	const found = readdirSync(where).filter((name) => existsSync(join(where, name, 'dist')));
	if (found.length === 0) throw new Error(`${where} holds no built package: run npm run build there.`);
	return found.map((name) => join(where, name));
}

async function manyStarts({ quick, progress, before }: Run): Promise<Findings> {
	const count = quick ? 20 : 200;
	const rounds = quick ? 2 : 5;
	const minutes = quick ? 0.5 : 10;
	const packages = await builtPackages();
	const trigger = (name: string, provider: Provider, from = packages): Kind => ({
		name,
		provider: provider.id as ProviderId,
		packages: from,
		make: ({ client }, service, title) => ours(client, service, provider, title),
	});
	const { sample } = largest(SOLATIS);
	const kinds: Kind[] = [
		{ name: "n8n's Webhook", provider: 'solatis', packages, make: ({ client }) => bareWebhook(client, sample) },
		{
			name: "n8n's Schedule Trigger",
			provider: 'solatis',
			packages,
			make: ({ client }, _service, name) => schedule(client, name),
		},
		trigger('Solatis', SOLATIS),
		trigger('Solar Proof', SOLAR_PROOF),
		...(before === undefined ? [] : [trigger('Solatis, before', SOLATIS, packagesIn(before))]),
	];
	const subjects: Subject[] = [];
	try {
		for (const kind of kinds) {
			progress(`publishing ${count}: ${kind.name}`);
			subjects.push(await subjectOf(count, kind));
		}
		for (let round = 0; round < rounds; round++) {
			progress(`start ${round + 1} of ${rounds}`);
			for (let turn = 0; turn < subjects.length; turn++) await startOnce(subjects[(turn + round) % subjects.length]!);
		}
		progress(`waiting ${minutes} minutes for what stays in memory`);
		await sleep(minutes * 60_000);
		for (const subject of subjects) subject.memory = await memoryOf(subject.n8n.pid!);
	} finally {
		for (const { n8n, service } of subjects) {
			await n8n.stop();
			await service.close();
		}
	}
	const [peer] = subjects;
	/** Of the start of another in the same round; median of the rounds. */
	const ratio = (one: Subject, other: Subject) =>
		median(one.starts.map(({ cost }, round) => cost / other.starts[round]!.cost));
	const each = (one: Subject) => (one.memory - peer!.memory) / count;
	const old = subjects.find(({ name }) => name.endsWith(', before'));
	const solatis = subjects.find(({ name }) => name === 'Solatis')!;
	return {
		tables: [
			{
				title: `Starts of n8n with ${count} published triggers, lazy acquire`,
				columns: [
					'',
					'ms of n8n',
					"of the Webhook node's",
					'seconds until quiet',
					'calls',
					'most calls in a second',
					`MiB after ${minutes} minutes`,
					'MiB for each trigger',
				],
				rows: subjects.map((one) => [
					one.name,
					figure(median(one.starts.map(({ cost }) => cost))),
					figure(ratio(one, peer!)),
					figure(median(one.starts.map(({ took }) => took)) / 1000),
					String(one.calls.all),
					String(one.calls.atOnce),
					figure(one.memory),
					one === peer ? '–' : figure(each(one)),
				]),
				notes: ['Memory for each trigger: more than with as many Webhook nodes, divided by the number of triggers.'],
			},
		],
		aims: [
			...(old === undefined
				? []
				: [{ what: `a start with ${count} Solatis triggers, of one before`, most: 1.2, figure: ratio(solatis, old) }]),
			{ what: 'memory for each published Solatis trigger', most: 1, figure: each(solatis), unit: ' MiB' },
		],
	};
}

export const startsPart: Part = {
	name: 'starts',
	does: 'starts of n8n with 200 published triggers, and their memory after ten minutes',
	async *run(run) {
		await buildPackages();
		yield await manyStarts(run);
	},
};
