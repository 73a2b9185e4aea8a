/**
 * What a delivery costs a Zapier app, from the real `build.zip` by its Lambda handler: cold next to an app that has next to nothing on
 * the same core, warm next to an app with the same definition whose functions do nothing.
 *
 * Zapier itself (its queue, its network, Lambda's own start) is not in it: its cache answers on loopback.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sign } from '../core/signature.ts';
import type { Provider } from '../core/provider.ts';
import { providers } from '../providers/index.ts';
import { startPlatform, type Platform } from '../harness/zapier/platform.mts';
import { buildZip, type AppName } from '../zapier/apps.mts';
import { buildApps } from '../zapier/build.mts';
import { keyOf } from '../zapier/shared/names.mts';
import { median, quantile } from './measure.mts';
import { figure, require, type Aim, type Part, type Run } from './report.mts';
import type { Answered } from './zapier-child.mts';

interface Subject {
	name: string;
	folder: string;
	event: (number: number) => object;
	/** What it is held against, cold and warm. */
	coldBeside?: string;
	warmBeside?: string;
}

/** Milliseconds of processor time, but `p50` and `p99`, which are by the clock. */
interface Figures {
	cold: number[];
	warm: number[];
	clock: number[];
}

const decompress = require('zapier-platform-cli/src/utils/decompress') as (
	zip: string,
	folder: string,
) => Promise<unknown>;

const SECRET = 'made-up-secret-of-a-benchmark';
const RESULT = 'triggers.hook.operation.perform';

const EMPTY = `import zapier from 'zapier-platform-core';
export default {
	version: '1.0.0', platformVersion: zapier.version,
	triggers: { hook: {
		key: 'hook', noun: 'Hook', display: { label: 'Hook', description: 'Triggers when it is called.' },
		operation: { type: 'hook', perform: (z, bundle) => [bundle.cleanedRequest], performList: () => [], sample: { id: 1 } },
	} },
};`;

/** An app with the definition of another, in which every function passes on what came: at most after one claim in the cache. */
function hollow(definition: unknown, claims: boolean): string {
	const claim = claims ? `await z.cache.set(String(bundle.cleanedRequest.id), '1', 600, ['auth'], true);` : '';
	return `const perform = async (z, bundle) => { ${claim} return [bundle.cleanedRequest]; };
const revive = (value) => {
	if (typeof value === 'string') return value.startsWith('$func$') ? perform : value;
	if (Array.isArray(value)) return value.map(revive);
	return typeof value === 'object' && value !== null
		? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revive(one)]))
		: value;
};
export default revive(${JSON.stringify(definition)});`;
}

/** An event for the Lambda handler: a genuine delivery of the provider's first event type, never the same twice. */
function delivery(provider: Provider, platform: Platform, number: number): object {
	const [event] = provider.events;
	const { scheme } = provider.receiving.proofs[0];
	const elements = Array.isArray(event.sample) ? event.sample : [event.sample];
	const fresh = elements.map((element) => ({
		...(element as object),
		id: `evt_${number}`,
		customer_id: number,
		objectid: number,
	}));
	const content = JSON.stringify(Array.isArray(event.sample) ? fresh : fresh[0]);
	const signed = sign(scheme, { body: content, secret: SECRET });
	const headers = Object.entries(signed.headers).map(([name, value]) => [`Http-${name}`, value]);
	const query = scheme.kind === 'url-token' ? { ...signed.query, [scheme.eventParameter]: event.name } : signed.query;
	const state = { owner: 'o', subscriptions: [{ id: 'sub_1', url: 'u', events: [event.name], secret: SECRET }] };
	const byHand = isByHand(provider);
	return {
		command: 'execute',
		method: `triggers.${keyOf(event.name)}.operation.perform`,
		bundle: {
			authData: byHand ? { webhookSecret: SECRET } : {},
			inputData: {},
			meta: {},
			subscribeData: byHand ? {} : { id: 'sub_1', secretState: state },
			rawRequest: {
				method: 'POST',
				querystring: new URLSearchParams(query).toString(),
				headers: { 'Content-Type': 'application/json', ...Object.fromEntries(headers) },
				content,
			},
			cleanedRequest: fresh[0],
		},
		rpc_base: `${platform.url}/rpc`,
		token: 'bench',
	};
}

function isByHand(provider: Provider): boolean {
	return provider.registrations[0].kind === 'manual';
}

/** An app in a process of its own. */
class App {
	private readonly child: ChildProcess;

	constructor(folder: string, platform: Platform) {
		const path = process.env['PATH'] ?? '';
		this.child = fork(join(import.meta.dirname, 'zapier-child.mts'), [folder], {
			cwd: folder,
			env: { PATH: path, LOGGING_ENDPOINT: `${platform.url}/logs` },
			execArgv: [],
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
	}

	async call(event: object): Promise<Answered> {
		return await new Promise((resolve, reject) => {
			const ended = () => reject(new Error('the app ended'));
			this.child.once('exit', ended);
			this.child.once('message', (answer: Answered) => {
				this.child.off('exit', ended);
				if (answer.error === undefined) resolve(answer);
				else reject(new Error(answer.error));
			});
			this.child.send(event);
		});
	}

	/** A call that must give one item. */
	async perform(event: object): Promise<Answered> {
		const answer = await this.call(event);
		if (!Array.isArray(answer.results) || answer.results.length !== 1) {
			throw new Error(`the delivery was not accepted: ${JSON.stringify(answer.results)}`);
		}
		return answer;
	}

	async stop(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		await new Promise((resolve) => {
			this.child.once('exit', resolve);
			this.child.kill('SIGKILL');
		});
	}
}

async function definitionOf(folder: string, platform: Platform): Promise<unknown> {
	const app = new App(folder, platform);
	try {
		return (await app.call({ command: 'definition' })).results;
	} finally {
		await app.stop();
	}
}

/** Five apps of ours, what each is held against, and an empty one. */
async function prepare(workshop: string, platform: Platform): Promise<Subject[]> {
	const empty = join(workshop, 'empty');
	await decompress(buildZip('solatis'), empty);
	await writeFile(join(empty, 'dist/index.js'), EMPTY);
	const call = { command: 'execute', method: RESULT, token: 'bench', bundle: { cleanedRequest: { id: 1 } } };
	const subjects: Subject[] = [{ name: 'an empty app', folder: empty, event: () => call }];
	for (const provider of providers) {
		const folder = join(workshop, provider.id);
		await decompress(buildZip(provider.id as AppName), folder);
		const definition = await definitionOf(folder, platform);
		const event = (number: number) => delivery(provider, platform, number);
		const same = `${provider.name}: same definition, does nothing`;
		const claiming = `${provider.name}: same definition, only claims`;
		for (const [name, claims] of [
			[same, false],
			...(isByHand(provider) ? [] : ([[claiming, true]] as const)),
		] as const) {
			const copy = `${folder}-${claims ? 'claims' : 'nothing'}`;
			await cp(folder, copy, { recursive: true });
			await writeFile(join(copy, 'dist/index.js'), hollow(definition, claims));
			subjects.push({ name, folder: copy, event, ...(claims ? { warmBeside: same } : {}) });
		}
		// A subscription that carries an id can have its deliveries claimed: one call to Zapier's cache.
		const warmBeside = isByHand(provider) ? same : claiming;
		subjects.push({ name: provider.name, folder, event, coldBeside: 'an empty app', warmBeside });
	}
	return subjects;
}

async function measure(
	subjects: readonly Subject[],
	platform: Platform,
	{ quick, progress }: Run,
): Promise<Map<string, Figures>> {
	const figures = new Map<string, Figures>(subjects.map(({ name }) => [name, { cold: [], warm: [], clock: [] }]));
	const colds = quick ? 3 : 9;
	for (let round = 0; round < colds; round++) {
		progress(`cold, ${round + 1} of ${colds}`);
		for (const { name, folder, event } of subjects) {
			const app = new App(folder, platform);
			figures.get(name)!.cold.push((await app.perform(event(-1 - round))).cold);
			await app.stop();
		}
	}
	progress('warm');
	const apps = subjects.map((subject) => ({ ...subject, app: new App(subject.folder, platform) }));
	try {
		const [warmUp, calls] = quick ? [20, 100] : [100, 500];
		for (let number = 0; number < warmUp + calls; number++) {
			for (const { name, app, event } of apps) {
				const { cpu, ms } = await app.perform(event(number));
				if (number < warmUp) continue;
				figures.get(name)!.warm.push(cpu);
				figures.get(name)!.clock.push(ms);
			}
		}
	} finally {
		for (const { app } of apps) await app.stop();
	}
	return figures;
}

export const zapierPart: Part = {
	name: 'zapier',
	does: 'a delivery in the built Zapier apps, cold and warm',
	async *run(run) {
		run.progress('building the apps');
		await buildApps(
			providers.map(({ id }) => id as AppName),
			() => {},
		);
		const workshop = await mkdtemp(join(tmpdir(), 'zapier-bench-'));
		const platform = await startPlatform();
		platform.callers.set('bench', { app: 'app', auth: 'bench', user: 'user' });
		try {
			const subjects = await prepare(workshop, platform);
			const figures = await measure(subjects, platform, run);
			const against = (one: number, other: number) => `${figure(one)} (${figure(one / other)})`;
			const rows: string[][] = [];
			const aims: Aim[] = [];
			for (const { name, coldBeside, warmBeside } of subjects) {
				const { cold, warm, clock } = figures.get(name)!;
				const empty = median(figures.get('an empty app')!.cold);
				const peer = median(figures.get(warmBeside ?? name)!.warm);
				rows.push([
					name,
					against(median(cold), empty),
					warmBeside === undefined ? figure(median(warm)) : against(median(warm), peer),
					figure(quantile(clock, 0.5)),
					figure(quantile(clock, 0.99)),
				]);
				if (coldBeside === undefined) continue;
				aims.push({ what: `${name} in Zapier, cold, of an empty app`, most: 1.1, figure: median(cold) / empty });
				aims.push({
					what: `${name} in Zapier, warm, of an app that does nothing more`,
					most: 1.1,
					figure: median(warm) / peer,
				});
			}
			const sizes = await Promise.all(
				providers.map(async ({ id, name }) => [name, figure((await stat(buildZip(id as AppName))).size / 1000)]),
			);
			yield {
				tables: [
					{
						title: 'A delivery in a Zapier app (milliseconds of processor time)',
						columns: ['app', 'cold (of empty)', 'warm (of the one above)', 'p50, clock', 'p99, clock'],
						rows,
						notes: [
							'Cold: from the start of the process to the first result. Warm: one perform.',
							'Where a subscription has an id, its deliveries are claimed in Zapier\'s cache: one call that an app that does nothing does not make, hence the row "only claims".',
						],
					},
					{ title: 'Size of build.zip (kB)', columns: ['app', 'kB'], rows: sizes },
				],
				aims,
			};
		} finally {
			await platform.close();
			await rm(workshop, { recursive: true, force: true });
		}
	},
};
