/** From a request to workflow items, against the two things that nobody can leave out: the HMAC and `JSON.parse`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Json, Provider } from '../core/provider.ts';
import { receive, type ReceiveSettings } from '../core/receive.ts';
import { Claims } from '../nodes/n8n/claims.ts';
import { sign, type Delivery } from '../core/signature.ts';
import { providers } from '../providers/index.ts';
import { enlarged, largest } from './bodies.mts';
import { compare, type Figure, type Subject } from './measure.mts';
import { figure, rate, type Aim, type Findings, type Part, type Run } from './report.mts';

const SECRET = 'made-up secret of a benchmark';
/** As in the n8n triggers. */
const CLAIMS = { max: 10_000, ttl: 5 * 60_000 };

interface Case {
	provider: Provider;
	event: string;
	payload: Json;
}

/** The delivery of a payload, and what the trigger is set to. */
function deliveryOf({ provider, event, payload }: Case): { delivery: Delivery; settings: ReceiveSettings } {
	const [proof] = provider.receiving.proofs;
	const body = Buffer.from(JSON.stringify(payload));
	const { headers, query } = sign(proof.scheme, { body, secret: SECRET });
	const { scheme } = proof;
	return {
		delivery: {
			body,
			headers: { 'content-type': 'application/json', ...headers },
			query: scheme.kind === 'url-token' ? { ...query, [scheme.eventParameter]: event } : query,
		},
		settings: {
			proof,
			secrets: [{ value: SECRET }],
			events: provider.events.map(({ name }) => name),
			options: {},
		},
	};
}

function subjects(one: Case): Subject[] {
	const { delivery, settings } = deliveryOf(one);
	const body = Buffer.from(delivery.body);
	const signature = createHmac('sha256', SECRET).update(body).digest('hex');
	const claims = new Claims(CLAIMS);
	let count = 0;
	return [
		{
			name: 'raw',
			run() {
				const expected = createHmac('sha256', SECRET).update(body).digest();
				if (!timingSafeEqual(Buffer.from(signature, 'hex'), expected)) throw new Error('refused');
				return JSON.parse(body.toString()) as unknown;
			},
		},
		{
			name: 'receive',
			run() {
				const verdict = receive(one.provider, delivery, settings);
				if (verdict.outcome !== 'accepted') throw new Error(`${one.provider.name}: ${JSON.stringify(verdict)}`);
				return verdict.items;
			},
		},
		{
			name: 'receive and claim',
			run() {
				const verdict = receive(one.provider, delivery, settings);
				if (verdict.outcome !== 'accepted') throw new Error(verdict.outcome);
				// Another workflow each time: the same delivery is then never a repeat.
				const claim = claims.claim(`${count++}:node:${verdict.deliveryId}`);
				if (claim === undefined || claim instanceof Promise) throw new Error('a new delivery was taken for a repeat');
				claim.done();
				return verdict.items;
			},
		},
	];
}

async function throughput({ quick, progress }: Run): Promise<Findings> {
	const rows: string[][] = [];
	const aims: Aim[] = [];
	for (const provider of providers) {
		progress(provider.name);
		const { name: event, sample } = largest(provider);
		for (const [what, payload] of [
			['largest sample', sample],
			['10 KiB', enlarged(sample, 10 * 1024)],
		] as const) {
			const effort = quick ? { rounds: 7, slice: 20 } : { rounds: 41, slice: 30 };
			const [raw, received, claimed] = (await compare(subjects({ provider, event, payload }), effort)) as [
				Figure,
				Figure,
				Figure,
			];
			const bytes = Buffer.byteLength(JSON.stringify(payload));
			rows.push([
				`${provider.name}, ${what}`,
				`${bytes} B`,
				rate(raw.perSecond),
				`${rate(received.perSecond)} (${figure(received.ratio)})`,
				`${rate(claimed.perSecond)} (${figure(claimed.ratio)})`,
			]);
			aims.push({
				what: `receive and claim, ${provider.name}, ${what}, of raw HMAC + JSON.parse`,
				least: 0.9,
				figure: claimed.ratio,
			});
		}
	}
	const table = {
		title: 'Deliveries per second of processor time (of raw HMAC + JSON.parse)',
		columns: ['', 'body', 'raw HMAC + JSON.parse', 'receive', 'receive and claim'],
		rows,
		notes: [
			'Solar Proof signs nothing, so its deliveries need no HMAC: they are held against one all the same.',
			'Where a service gives its deliveries no id of their own, the id is a hash of the payload: that is one more pass over it (Solar Proof, Solve360).',
		],
	};
	return { tables: [table], aims };
}

/** Bytes that are in use once all garbage is gone. */
function heapInUse(): number {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
	return process.memoryUsage().heapUsed;
}

/** Many deliveries, each of them new, through one process. */
async function memory({ quick, progress }: Run): Promise<Findings> {
	const total = quick ? 100_000 : 1_000_000;
	const [provider] = providers.filter(({ id }) => id === 'solatis');
	if (provider === undefined) throw new Error('no provider');
	const { name: event, sample } = largest(provider);
	const claims = new Claims(CLAIMS);
	const rows: string[][] = [];
	const heaps: number[] = [];
	for (let number = 1; number <= total; number++) {
		const payload = { ...(sample as object), id: `evt_${number}` };
		const { delivery, settings } = deliveryOf({ provider, event, payload });
		const verdict = receive(provider, delivery, settings);
		if (verdict.outcome !== 'accepted') throw new Error(verdict.outcome);
		const claim = await claims.claim(`workflow:node:${verdict.deliveryId}`);
		if (claim === undefined) throw new Error('a new delivery was taken for a repeat');
		claim.done();
		if (number % (total / 5) === 0) {
			const heap = heapInUse();
			heaps.push(heap);
			progress(`${number} deliveries`);
			rows.push([String(number), String(claims.size), `${(heap / 2 ** 20).toFixed(1)} MiB`]);
		}
	}
	return {
		tables: [{ title: 'Memory', columns: ['deliveries', 'claims kept', 'heap in use'], rows }],
		aims: [
			{
				what: `heap in use, last fifth of ${rate(total)} deliveries to the first`,
				most: 1.05,
				figure: heaps.at(-1)! / heaps[0]!,
			},
			{ what: 'claims kept at most', most: CLAIMS.max, figure: claims.size },
		],
	};
}

export const receivePart: Part = {
	name: 'receive',
	does: 'a whole delivery, and what a million of them leave in memory',
	async *run(run) {
		yield await throughput(run);
		yield await memory(run);
	},
};
