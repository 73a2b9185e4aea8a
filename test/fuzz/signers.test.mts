/**
 * Signers that others wrote must agree with ours, both ways: what they sign we accept, what we sign they accept, and what was altered
 * neither accepts. Stripe's own library for its header, GitHub's for HMAC with a prefix, and for plain HMAC the command line of
 * OpenSSL, Python's hmac and the Web Crypto API.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { describe, it } from 'node:test';
import * as github from '@octokit/webhooks-methods';
import fc from 'fast-check';
import Stripe from 'stripe';
import type { HmacScheme, Scheme } from '../../core/provider.ts';
import { sign, verify } from '../../core/signature.ts';
import { providers } from '../../providers/index.ts';

/** Every HMAC scheme that a service uses, and the two forms that the vocabulary has beyond them. */
const HMACS = [
	...providers.flatMap(({ receiving }) => receiving.proofs.map(({ scheme }) => scheme)),
	{ kind: 'hmac', header: 'x-acme-signature', encoding: 'base64' } as Scheme,
	{ kind: 'hmac', header: 'x-acme-signature', encoding: 'hex', prefix: 'sha256=' } as Scheme,
].filter((scheme) => scheme.kind === 'hmac' && scheme.timestamp === undefined) as HmacScheme[];
const STRIPE = providers
	.flatMap(({ receiving }) => receiving.proofs.map(({ scheme }) => scheme))
	.find((scheme) => scheme.kind === 'hmac' && scheme.timestamp !== undefined) as HmacScheme;

const samples = providers.flatMap(({ events }) => events.map(({ sample }) => JSON.stringify(sample)));
/** Bodies that are text: two of the libraries take nothing else. */
const text = fc.oneof(fc.constantFrom(...samples), fc.json(), fc.string({ unit: 'binary', maxLength: 200 }));
const secret = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((value) => value.trim() !== '');

const accepts = (scheme: Scheme, body: string | Uint8Array, header: string, key: string, now?: number): boolean =>
	verify(scheme, { body: Buffer.from(body), headers: { [headerOf(scheme)]: header }, query: {} }, [{ value: key }], now)
		.ok;
const signatureOf = (scheme: Scheme, body: string | Uint8Array, key: string, at?: number): string =>
	sign(scheme, { body, secret: key, ...(at === undefined ? {} : { at }) }).headers[headerOf(scheme)] ?? '';

function headerOf(scheme: Scheme): string {
	assert.ok('header' in scheme);
	return scheme.header;
}

describe("Stripe's own library", () => {
	const { webhooks } = Stripe;
	const at = fc.nat({ max: 250 }).map((ago) => Math.floor(Date.now() / 1000) - ago);
	const payload = fc.oneof(fc.constantFrom(...samples), fc.json());

	it('signs what we accept', () => {
		fc.assert(
			fc.property(payload, secret, at, (body, key, timestamp) => {
				const header = webhooks.generateTestHeaderString({ payload: body, secret: key, timestamp });
				assert.ok(accepts(STRIPE, body, header, key));
				assert.ok(!accepts(STRIPE, `${body} `, header, key));
				assert.ok(!accepts(STRIPE, body, header, `${key}x`));
				assert.equal(header, signatureOf(STRIPE, body, key, timestamp), 'the same, to the letter');
			}),
			{ numRuns: 500 },
		);
	});

	it('accepts what we sign, and refuses what we refuse', () => {
		fc.assert(
			fc.property(payload, secret, at, (body, key, timestamp) => {
				// Stripe's library takes white space around a secret for a mistake of the person.
				fc.pre(!/\s/.test(key));
				const header = signatureOf(STRIPE, body, key, timestamp);
				const theirs = (bytes: string | Buffer, value: string): boolean => {
					try {
						webhooks.constructEvent(bytes, value, key, STRIPE.timestamp!.toleranceSeconds);
						return true;
					} catch (error) {
						if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
						throw error;
					}
				};
				assert.ok(theirs(Buffer.from(body), header));
				for (const [bytes, value] of [
					[`${body} `, header],
					[body, header.replace(/v1=./, (start) => (start === 'v1=0' ? 'v1=1' : 'v1=0'))],
					[body, header.replace(/t=\d+/, (time) => `${time}0`)],
					[body, header.replace('v1=', 'v0=')],
					[body, header.slice(0, -1)],
					[body, signatureOf(STRIPE, body, key, timestamp - 400)],
				] as const) {
					assert.equal(theirs(Buffer.from(bytes), value), false, value);
					assert.equal(accepts(STRIPE, bytes, value, key), false, value);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it('accepts a time stamp of tomorrow, which we do not', () => {
		const tomorrow = Math.floor(Date.now() / 1000) + 86_400;
		const header = webhooks.generateTestHeaderString({ payload: '{}', secret: 'secret', timestamp: tomorrow });
		assert.doesNotThrow(() => webhooks.constructEvent('{}', header, 'secret', 300));
		assert.ok(!accepts(STRIPE, '{}', header, 'secret'));
	});
});

describe("GitHub's own library, for HMAC with a prefix", () => {
	const scheme: Scheme = { kind: 'hmac', header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' };
	it('agrees both ways', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...samples), secret, async (body, key) => {
				assert.equal(await github.sign(key, body), signatureOf(scheme, body, key));
				assert.ok(accepts(scheme, body, await github.sign(key, body), key));
				assert.ok(await github.verify(key, body, signatureOf(scheme, body, key)));
				assert.ok(!(await github.verify(key, `${body} `, signatureOf(scheme, body, key))));
				assert.ok(!accepts(scheme, `${body} `, await github.sign(key, body), key));
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the Web Crypto API', () => {
	it('agrees both ways, for every HMAC scheme and any bytes', async () => {
		const keyOf = async (key: string) =>
			await webcrypto.subtle.importKey('raw', Buffer.from(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
				'sign',
				'verify',
			]);
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...HMACS),
				fc.uint8Array({ maxLength: 300 }),
				secret,
				async (scheme, body, key) => {
					const { encoding, prefix = '' } = scheme;
					const theirKey = await keyOf(key);
					const theirs = Buffer.from(await webcrypto.subtle.sign('HMAC', theirKey, Buffer.from(body))).toString(
						encoding,
					);
					assert.ok(accepts(scheme, body, prefix + theirs, key));
					const ours = Buffer.from(signatureOf(scheme, body, key).slice(prefix.length), encoding);
					assert.ok(await webcrypto.subtle.verify('HMAC', theirKey, ours, Buffer.from(body)));
					const altered = Buffer.concat([body, Buffer.from([0])]);
					assert.ok(!(await webcrypto.subtle.verify('HMAC', theirKey, ours, altered)));
					assert.ok(!accepts(scheme, altered, prefix + theirs, key));
				},
			),
			{ numRuns: 1000 },
		);
	});
});

/** Fixed cases for programs that are started for each or for all: any bytes, any key that a command line can carry. */
const CASES = fc
	.sample(
		fc.tuple(
			fc.constantFrom(...HMACS),
			fc.oneof(
				text.map((one) => Buffer.from(one)),
				fc.uint8Array({ maxLength: 200 }),
			),
			secret,
		),
		{ numRuns: 200, seed: 7 },
	)
	.map(([scheme, body, key]) => ({ scheme, body: Buffer.from(body), key }));

describe("OpenSSL's command line", () => {
	const missing = spawnSync('openssl', ['version']).error ? 'openssl is not installed' : false;
	it('agrees both ways, for every HMAC scheme', { skip: missing }, () => {
		const digest = (body: Buffer, key: string): Buffer =>
			execFileSync(
				'openssl',
				['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${Buffer.from(key).toString('hex')}`, '-binary'],
				{ input: body },
			);
		for (const { scheme, body, key } of CASES.slice(0, 40)) {
			const theirs = (scheme.prefix ?? '') + digest(body, key).toString(scheme.encoding);
			assert.ok(accepts(scheme, body, theirs, key));
			assert.equal(signatureOf(scheme, body, key), theirs);
			const altered = Buffer.concat([body, Buffer.from('x')]);
			assert.ok(!accepts(scheme, altered, theirs, key));
			assert.notEqual(
				signatureOf(scheme, body, key),
				(scheme.prefix ?? '') + digest(altered, key).toString(scheme.encoding),
			);
		}
	});

	it('agrees on the header of Stripe', { skip: missing }, () => {
		const at = 1_700_000_000;
		for (const sample of samples.slice(0, 10)) {
			const output = execFileSync('openssl', ['dgst', '-sha256', '-hmac', 'a secret of ours'], {
				input: `${at}.${sample}`,
			});
			const header = `t=${at},v1=${/[0-9a-f]{64}/.exec(output.toString())?.[0]}`;
			assert.ok(accepts(STRIPE, sample, header, 'a secret of ours', at * 1000));
			assert.equal(signatureOf(STRIPE, sample, 'a secret of ours', at), header);
		}
	});
});

describe("Python's hmac", () => {
	/** Signs each case, and says of each of our signatures whether hmac.compare_digest finds it right. */
	const PROGRAM = `
import base64, hashlib, hmac, json, sys
def encoded(mac, encoding):
    return mac.hex() if encoding == 'hex' else base64.b64encode(mac).decode()
for line in sys.stdin:
    case = json.loads(line)
    key, body = base64.b64decode(case['key']), base64.b64decode(case['body'])
    signature = case['prefix'] + encoded(hmac.new(key, body, hashlib.sha256).digest(), case['encoding'])
    print(json.dumps({'signature': signature, 'ours': hmac.compare_digest(signature, case['ours']), 'altered': hmac.compare_digest(signature, case['altered'])}))
`;
	const missing = spawnSync('python3', ['--version']).status !== 0 ? 'python3 is not installed' : false;
	it('agrees both ways, for every HMAC scheme', { skip: missing }, () => {
		const input = CASES.map(({ scheme, body, key }) =>
			JSON.stringify({
				...{ key: Buffer.from(key).toString('base64'), body: body.toString('base64') },
				...{ prefix: scheme.prefix ?? '', encoding: scheme.encoding, ours: signatureOf(scheme, body, key) },
				altered: signatureOf(scheme, Buffer.concat([body, Buffer.from('x')]), key),
			}),
		).join('\n');
		const lines = execFileSync('python3', ['-c', PROGRAM], { input }).toString().trim().split('\n');
		assert.equal(lines.length, CASES.length);
		for (const [index, { scheme, body, key }] of CASES.entries()) {
			const theirs = JSON.parse(lines[index] ?? '') as { signature: string; ours: boolean; altered: boolean };
			assert.deepEqual([theirs.ours, theirs.altered], [true, false]);
			assert.ok(accepts(scheme, body, theirs.signature, key));
			assert.ok(!accepts(scheme, Buffer.concat([body, Buffer.from('x')]), theirs.signature, key));
		}
	});
});
