/** Our check of a signature against Node's own HMAC, which is the limit, and the libraries that others use for it. */
import { createHmac, subtle, timingSafeEqual } from 'node:crypto';
import { verify as octokitVerify } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { Webhook as Svix } from 'svix';
import { sign, verify } from '../core/signature.ts';
import { compare, type Figure, type Subject } from './measure.mts';
import { figure, rate, type Aim, type Part, type Table } from './report.mts';
import { bodyOf } from './bodies.mts';

const SECRET = 'made-up secret of a benchmark';
const SIZES = [1, 10, 256];
const HMAC = { kind: 'hmac', header: 'x-signature', encoding: 'hex', prefix: 'sha256=' } as const;
const STRIPE = {
	kind: 'hmac',
	header: 'stripe-signature',
	encoding: 'hex',
	prefix: 'v1=',
	separator: ',',
	timestamp: { entry: 't=', toleranceSeconds: 300 },
	signed: ['timestamp', { text: '.' }, 'body'],
} as const;

/** Every library gets the body in the form that it takes: none pays for a conversion here. */
async function subjects(kibibytes: number): Promise<Subject[]> {
	const body = bodyOf(kibibytes * 1024);
	const text = body.toString();
	const at = Math.floor(Date.now() / 1000);
	const hex = createHmac('sha256', SECRET).update(body).digest('hex');

	const timedHex = createHmac('sha256', SECRET).update(`${at}.`).update(body).digest('hex');

	const hmac = { body, headers: sign(HMAC, { body, secret: SECRET }).headers, query: {} };
	const timed = { body, headers: sign(STRIPE, { body, secret: SECRET, at }).headers, query: {} };
	const secrets = [{ value: SECRET }];

	// Standard Webhooks: HMAC over `id.timestamp.body` with a secret in base64.
	const base64 = Buffer.from(SECRET).toString('base64');
	const signature = createHmac('sha256', SECRET).update(`msg_1.${at}.`).update(body).digest('base64');
	const standard = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
	const standardWebhook = new StandardWebhook(base64);
	const svix = new Svix(base64);

	const key = await subtle.importKey('raw', Buffer.from(SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
	const digest = Buffer.from(hex, 'hex');

	const raw = () => {
		const expected = createHmac('sha256', SECRET).update(body).digest();
		return timingSafeEqual(Buffer.from(hex, 'hex'), expected);
	};
	const rawTimed = () => {
		const expected = createHmac('sha256', SECRET).update(`${at}.`).update(body).digest();
		return timingSafeEqual(Buffer.from(timedHex, 'hex'), expected);
	};
	return [
		{ name: 'raw node:crypto', run: () => holds(raw()) },
		{ name: 'Hookline, HMAC', run: () => holds(verify(HMAC, hmac, secrets).ok) },
		{ name: 'Hookline, Stripe scheme', run: () => holds(verify(STRIPE, timed, secrets).ok) },
		{ name: 'raw node:crypto, Stripe scheme', run: () => holds(rawTimed()) },
		{ name: '@octokit/webhooks-methods', run: async () => holds(await octokitVerify(SECRET, text, `sha256=${hex}`)) },
		{
			name: 'stripe',
			run: () =>
				holds(
					Stripe.webhooks.signature!.verifyHeader(
						text,
						timed.headers[STRIPE.header]!,
						SECRET,
						STRIPE.timestamp.toleranceSeconds,
					),
				),
		},
		{ name: 'standardwebhooks', run: () => holds(standardWebhook.verify(text, standard) !== undefined) },
		{ name: 'svix', run: () => holds(svix.verify(text, standard) !== undefined) },
		{ name: 'crypto.subtle, key kept', run: async () => holds(await subtle.verify('HMAC', key, digest, body)) },
	];
}

function holds(verified: boolean): void {
	if (!verified) throw new Error('a genuine signature was refused');
}

export const verifyPart: Part = {
	name: 'verify',
	does: 'checking a signature: raw node:crypto, Hookline, five libraries',
	async *run({ quick, progress }) {
		const perSize: Figure[][] = [];
		for (const size of SIZES) {
			progress(`${size} KiB`);
			perSize.push(await compare(await subjects(size), quick ? { rounds: 7, slice: 20 } : { rounds: 41, slice: 30 }));
		}
		const table: Table = {
			title: 'Verifications per second of processor time (of raw node:crypto)',
			columns: ['', ...SIZES.map((size) => `${size} KiB`)],
			rows: perSize[0]!.map(({ name }, index) => [
				name,
				...perSize.map((figures) => `${rate(figures[index]!.perSecond)} (${figure(figures[index]!.ratio)})`),
			]),
			notes: [
				'Raw: `createHmac(...).update(bytes).digest()`, hex decoding, `timingSafeEqual`; nothing is checked before.',
				'Each library gets a text or bytes as it takes them, its key prepared where it can be. standardwebhooks and svix parse the body too.',
			],
		};
		const aims: Aim[] = perSize.map((figures, index) => ({
			what: `verify, ${SIZES[index]} KiB, of raw node:crypto`,
			least: 0.95,
			figure: figures[1]!.ratio,
		}));
		yield { tables: [table], aims };
	},
};
