/**
 * What a delivery costs a Zapier app: cold (process start to the first result) and warm, from the real `build.zip`, beside an
 * empty app on the same core in the same run.
 *
 *     node bench/zapier.mts [--colds 5] [--warm 300]
 *
 * Zapier itself (queue, network, Lambda's own start) is not in it: everything is on loopback.
 */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sign } from '../core/signature.ts';
import { providers } from '../providers/index.ts';
import { buildZip, type AppName } from '../zapier/apps.mts';
import { buildApps } from '../zapier/build.mts';
import { keyOf } from '../zapier/shared/names.mts';
import { startZapierIn, type Zapier } from '../test/zapier/support/zapier.mts';
import { unzip } from '../test/zapier/support/unzip.mts';

/** Milliseconds. */
interface Figures {
	name: string;
	zipKb?: number;
	triggers: number;
	actions: number;
	/** Process start to the first result, median. */
	cold: number;
	/** Of that: importing core and the app, median. */
	load: number;
	first: number;
	p50: number;
	p95: number;
	p99: number;
}

interface Subject {
	name: string;
	folder: string;
	zipKb?: number;
	event: (number: number, zapier: Zapier) => object;
}

const EMPTY = `import zapier from 'zapier-platform-core';
export default {
	version: '1.0.0', platformVersion: zapier.version,
	triggers: { hook: {
		key: 'hook', noun: 'Hook', display: { label: 'Hook', description: 'Triggers when it is called.' },
		operation: { type: 'hook', perform: (z, bundle) => [bundle.cleanedRequest], performList: () => [], sample: { id: 1 } },
	} },
};`;

const SECRET = 'made-up-secret-of-a-benchmark';

/** An event for the Lambda handler: a genuine delivery of the provider's first event type, never the same twice. */
function delivery(provider: (typeof providers)[number], number: number, zapier: Zapier): object {
	const [event] = provider.events;
	const { scheme } = provider.receiving.proofs[0];
	const elements = Array.isArray(event.sample) ? event.sample : [event.sample];
	const fresh = elements.map((element) => ({ ...(element as object), id: `evt_${number}`, customer_id: number }));
	const content = JSON.stringify(Array.isArray(event.sample) ? fresh : fresh[0]);
	const signed = sign(scheme, { body: content, secret: SECRET });
	const headers = Object.entries(signed.headers).map(([name, value]) => [`Http-${name}`, value]);
	const query = scheme.kind === 'url-token' ? { ...signed.query, [scheme.eventParameter]: event.name } : signed.query;
	zapier.platform.callers.set('bench', { app: 'app', auth: 'bench', user: 'user' });
	const state = { owner: 'o', subscriptions: [{ id: 'sub_1', url: 'u', events: [event.name], secret: SECRET }] };
	const isStatic = provider.registrations[0].kind === 'manual';
	return {
		command: 'execute',
		method: `triggers.${keyOf(event.name)}.operation.perform`,
		bundle: {
			authData: isStatic ? { webhookSecret: SECRET } : {},
			inputData: {},
			meta: {},
			subscribeData: isStatic ? {} : { id: 'sub_1', secretState: state },
			rawRequest: {
				method: 'POST',
				querystring: new URLSearchParams(query).toString(),
				headers: { 'Content-Type': 'application/json', ...Object.fromEntries(headers) },
				content,
			},
			cleanedRequest: {},
		},
		rpc_base: `${zapier.platform.url}/rpc`,
		token: 'bench',
	};
}

async function coldStart({ folder, event }: Subject): Promise<{ cold: number; load: number; first: number }> {
	const at = performance.now();
	const zapier = await startZapierIn(folder, { strict: false });
	const answer = await zapier.app.call(event(1, zapier));
	const cold = performance.now() - at;
	await zapier.stop();
	if (!Array.isArray(answer.results) || answer.results.length === 0) {
		throw new Error(`The delivery was not accepted: ${JSON.stringify(answer)} ${zapier.said().join('; ')}`);
	}
	return { cold, load: zapier.app.loadMs, first: answer.ms };
}

async function measure(subjects: readonly Subject[], colds: number, warm: number): Promise<Figures[]> {
	const cold = new Map(subjects.map((subject) => [subject, [] as Array<Awaited<ReturnType<typeof coldStart>>>]));
	// In turns, so that a busy moment of the machine strikes all of them.
	for (let round = 0; round < colds; round++) {
		for (const subject of subjects) cold.get(subject)?.push(await coldStart(subject));
	}
	const running = new Map<Subject, Zapier>();
	const times = new Map(subjects.map((subject) => [subject, [] as number[]]));
	for (const subject of subjects) running.set(subject, await startZapierIn(subject.folder, { strict: false }));
	for (let number = 0; number < warm + 50; number++) {
		for (const [subject, zapier] of running) {
			const { ms } = await zapier.app.call(subject.event(number, zapier));
			if (number >= 50) times.get(subject)?.push(ms);
		}
	}
	const figures: Figures[] = [];
	for (const [subject, zapier] of running) {
		const { triggers, creates = {}, searches = {} } = await zapier.definition();
		await zapier.stop();
		const starts = cold.get(subject) ?? [];
		figures.push({
			name: subject.name,
			...(subject.zipKb === undefined ? {} : { zipKb: subject.zipKb }),
			triggers: Object.values(triggers).filter(({ display }) => display.hidden !== true).length,
			actions: Object.keys(creates).length + Object.keys(searches).length,
			cold: quantile(
				starts.map((start) => start.cold),
				0.5,
			),
			load: quantile(
				starts.map((start) => start.load),
				0.5,
			),
			first: quantile(
				starts.map((start) => start.first),
				0.5,
			),
			p50: quantile(times.get(subject) ?? [], 0.5),
			p95: quantile(times.get(subject) ?? [], 0.95),
			p99: quantile(times.get(subject) ?? [], 0.99),
		});
	}
	return figures;
}

function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Measures all apps and prints a Markdown table. */
export async function benchZapier(colds: number, warm: number): Promise<Figures[]> {
	await buildApps(
		providers.map(({ id }) => id as AppName),
		() => {},
	);
	const workshop = await mkdtemp(join(tmpdir(), 'zapier-bench-'));
	try {
		const empty = join(workshop, 'empty');
		await unzip(buildZip('solatis'), empty);
		await writeFile(join(empty, 'dist/index.js'), EMPTY);
		const call = { command: 'execute', method: 'triggers.hook.operation.perform', token: 'bench' };
		const subjects: Subject[] = [
			{ name: 'an empty app', folder: empty, event: () => ({ ...call, bundle: { cleanedRequest: { id: 1 } } }) },
		];
		for (const provider of providers) {
			const zip = buildZip(provider.id as AppName);
			const folder = join(workshop, provider.id);
			await unzip(zip, folder);
			const zipKb = Math.round((await stat(zip)).size / 1024);
			subjects.push({
				name: provider.name,
				folder,
				zipKb,
				event: (number, zapier) => delivery(provider, number, zapier),
			});
		}
		return await measure(subjects, colds, warm);
	} finally {
		await rm(workshop, { recursive: true, force: true });
	}
}

if (import.meta.main) {
	const { values } = parseArgs({ options: { colds: { type: 'string' }, warm: { type: 'string' } } });
	const figures = await benchZapier(Number(values.colds ?? 5), Number(values.warm ?? 300));
	console.log(`Node ${process.version}, milliseconds`);
	console.log('| app | zip | triggers | actions | cold | of it: load | first perform | warm p50 | p95 | p99 |');
	console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
	for (const { name, zipKb, triggers, actions, cold, load, first, p50, p95, p99 } of figures) {
		const size = zipKb === undefined ? '' : `${zipKb} KB`;
		const times = [cold, load, first].map((ms) => ms.toFixed(0)).concat([p50, p95, p99].map((ms) => ms.toFixed(2)));
		console.log(`| ${[name, size, triggers, actions, ...times].join(' | ')} |`);
	}
}
