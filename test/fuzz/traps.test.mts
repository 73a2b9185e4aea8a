/**
 * The traps into which webhook receivers have fallen, one test each, over every service that a trap concerns. Where a published
 * advisory or library shows the trap, the test names it. What single functions promise is in test/unit; this looks at whole deliveries.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { inRanges, parseRanges, unreachableFromInternet } from '../../core/address.ts';
import { readBody } from '../../core/body.ts';
import type { Json, JsonObject, Provider, Scheme } from '../../core/provider.ts';
import { answer, MAX_BODY_BYTES, receive, type ReceiveSettings, type Verdict } from '../../core/receive.ts';
import { derivedToken, verify, type Delivery } from '../../core/signature.ts';
import { receiveWebhook } from '../../nodes/n8n/receiving.ts';
import { derivationFor } from '../../nodes/n8n/settings.ts';
import { plainHeaders } from '../../zapier/shared/receiving.mts';
import { withId } from '../../zapier/shared/items.mts';
import { genuine, headerOf, nameOf, ORIGINS, PROOFS, signed, type Draft, type Origin } from './support/genuine.mts';
import { hmac, isTimed } from './support/oracle.mts';
import { growsLinearly, milliseconds } from './support/timing.mts';

const SECRET = 'a secret of ours, 32 bytes or so';
const AT = 1_700_000_000;
/** One event of each proof. */
const EACH = PROOFS.map(([first]) => first as Origin);
const SIGNED = EACH.filter(({ proof }) => headerOf(proof.scheme) !== undefined);
const HEX: readonly Origin[] = SIGNED.filter(({ proof }) => proof.scheme.kind === 'hmac' && !isTimed(proof.scheme));
const RESERIALISED = ({ proof: { scheme } }: Origin): boolean => scheme.kind === 'hmac' && scheme.reserialised === true;
const [STRIPE] = EACH.filter(({ proof }) => isTimed(proof.scheme)) as [Origin];
const [TOKEN] = EACH.filter(({ proof }) => proof.scheme.kind === 'url-token') as [Origin];
const SOLVE360 = ORIGINS.find(({ provider, format }) => provider.id === 'solve360' && format === 'xml') as Origin;

const received = (draft: Draft, more: Partial<ReceiveSettings> = {}): Verdict =>
	receive(draft.origin.provider, draft as unknown as Delivery, {
		proof: draft.origin.proof,
		secrets: draft.keys,
		events: [draft.origin.event.name],
		options: {},
		now: draft.now * 1000,
		...more,
	});
const reason = (draft: Draft, more: Partial<ReceiveSettings> = {}): string => {
	const verdict = received(draft, more);
	return 'reason' in verdict ? verdict.reason : verdict.outcome;
};
const good = (origin: Origin): Draft => genuine(origin, SECRET, AT);
/** A genuine delivery with a body of our choice. */
const carrying = (
	origin: Origin,
	body: string | Buffer,
	headers: Record<string, unknown> = {},
	at: number = AT,
): Draft => {
	const bytes = Buffer.from(body);
	const around = signed(origin, bytes, SECRET, at);
	return {
		origin,
		body: bytes,
		...around,
		headers: { ...around.headers, ...headers },
		secret: SECRET,
		signedAt: at,
		now: at,
	};
};
/** The same delivery with another value in the header of the proof. */
const withHeader = (draft: Draft, change: (value: string) => unknown): Draft => {
	const name = headerOf(draft.origin.proof.scheme) as string;
	return { ...draft, headers: { ...draft.headers, [name]: change(String(draft.headers[name])) } };
};
const inDigest = (draft: Draft, change: (digest: string) => string): Draft =>
	withHeader(draft, (value) => value.replace(/[0-9a-f]{64}/, change));

describe('forms of a digest', () => {
	it('a digest of any other length is refused and throws nothing (timingSafeEqual throws on unequal lengths)', () => {
		for (const origin of SIGNED) {
			for (let length = 0; length <= 200; length++) {
				if (length === 64) continue;
				const digest = (value: string) => value.repeat(4).slice(0, length);
				assert.match(
					reason(inDigest(good(origin), digest)),
					/^signature_(missing|malformed)$/,
					`${nameOf(origin)} ${length}`,
				);
			}
			for (const odd of ['\u00e9', '\u00e9'.repeat(64), '\u{1F600}'.repeat(32), '\0'.repeat(64)])
				assert.equal(reason(inDigest(good(origin), () => odd)), 'signature_malformed');
		}
	});

	it('a truncated digest is refused (RUSTSEC-2024-0010 accepted `v1,`)', () => {
		for (const origin of SIGNED) {
			for (let length = 0; length < 64; length++)
				assert.notEqual(received(inDigest(good(origin), (digest) => digest.slice(0, length))).outcome, 'accepted');
		}
		assert.equal(reason(withHeader(good(STRIPE), (value) => `${value.split(',')[0]},v1=`)), 'signature_malformed');
	});

	it('hex is read strictly (Buffer.from(.., "hex") ignores a tail, upper case and \\u0130)', () => {
		const lenient = (digest: string): string[] => [
			...[`${digest}zz`, `${digest}a`, digest.toUpperCase(), `0x${digest}`, `${digest}\n`, `\t${digest}`],
			...[
				`${digest.slice(0, 32)} ${digest.slice(32)}`,
				[...digest].map((d) => (d === '0' ? '\u0130' : d)).join('') + '\u0130',
			],
			[...digest].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0x100)).join(''),
			[...digest].map((digit) => (/\d/.test(digit) ? String.fromCharCode(0xff10 + Number(digit)) : digit)).join(''),
		];
		for (const origin of SIGNED) {
			const digest = /[0-9a-f]{64}/.exec(String(good(origin).headers[headerOf(origin.proof.scheme)!]))![0];
			for (const form of lenient(digest)) {
				if (form === digest) continue;
				assert.equal(reason(inDigest(good(origin), () => form)), 'signature_malformed', JSON.stringify(form));
			}
		}
	});

	it('base64 is read strictly (padding, alphabet, white space and unused last bits)', () => {
		const scheme: Scheme = { kind: 'hmac', header: 'x-acme-signature', encoding: 'base64' };
		const body = Buffer.from('{}');
		const digest = hmac(SECRET, body).toString('base64');
		const ok = (header: unknown) =>
			verify(scheme, { body, headers: { 'x-acme-signature': header } as never, query: {} }, [{ value: SECRET }]).ok;
		assert.ok(ok(digest));
		const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
		// The last digit carries four bits of the digest and two that decoding ignores.
		const last = ALPHABET.indexOf(digest.charAt(42));
		const twins = [1, 2, 3].map((bits) => `${digest.slice(0, 42)}${ALPHABET.charAt(last ^ bits)}=`);
		for (const twin of twins)
			assert.ok(Buffer.from(twin, 'base64').equals(hmac(SECRET, body)), 'it decodes to the same digest');
		const urlSafe = digest.replaceAll('+', '-').replaceAll('/', '_');
		const others = [
			digest.slice(0, -1),
			`${digest}=`,
			`${digest}\n`,
			` ${digest}`,
			`${digest.slice(0, 9)} ${digest.slice(9)}`,
			`${digest}AAAA`,
		];
		for (const form of [...twins, ...others, ...(urlSafe === digest ? [] : [urlSafe])]) assert.ok(!ok(form), form);
	});

	it('the prefix is required where the scheme has one, and none is tolerated where it has none', () => {
		const scheme: Scheme = { kind: 'hmac', header: 'x-acme-signature', encoding: 'hex', prefix: 'sha256=' };
		const body = Buffer.from('{}');
		const digest = hmac(SECRET, body).toString('hex');
		const sha1 = createHmac('sha1', SECRET).update(body).digest('hex');
		const ok = (header: string) =>
			verify(scheme, { body, headers: { 'x-acme-signature': header }, query: {} }, [{ value: SECRET }]).ok;
		assert.ok(ok(`sha256=${digest}`));
		for (const form of [
			digest,
			`sha1=${digest}`,
			`sha1=${sha1}`,
			`sha256=${sha1}`,
			`SHA256=${digest}`,
			`sha256==${digest}`,
			`sha256=sha256=${digest}`,
			`sha256= ${digest}`,
			'sha256=',
		])
			assert.ok(!ok(form), form);
		for (const origin of HEX) {
			for (const prefix of ['sha256=', 'sha1=', 'v1=', 'hmac '])
				assert.equal(reason(withHeader(good(origin), (value) => prefix + value)), 'signature_malformed');
		}
	});

	it('a secret is used as text, whatever it looks like (hex, base64, whsec_)', () => {
		for (const secret of ['00ff'.repeat(16), 'AAECAwQFBgcICQ==', 'whsec_made+up/of+letters==', '\u00e9\u{1F600}']) {
			for (const origin of HEX) {
				const draft = genuine(origin, secret, AT);
				const name = headerOf(origin.proof.scheme)!;
				assert.equal(
					draft.headers[name],
					createHmac('sha256', Buffer.from(secret, 'utf8')).update(draft.body).digest('hex'),
				);
				assert.equal(received(draft).outcome, 'accepted');
				const decoded = hmac(
					Buffer.from(secret.replace(/^whsec_/, ''), 'base64').toString('latin1'),
					draft.body,
				).toString('hex');
				assert.equal(reason(withHeader(draft, () => decoded)), 'signature_mismatch');
			}
		}
	});
});

describe('the header', () => {
	it('sent twice is refused: as an array, and joined as Node joins it', () => {
		for (const origin of SIGNED) {
			for (const change of [
				(v: string) => [v, v],
				(v: string) => [v],
				(v: string) => [v, 'x'],
				(v: string) => ['x', v],
			])
				assert.equal(reason(withHeader(good(origin), change)), 'signature_malformed', nameOf(origin));
		}
		for (const origin of HEX) {
			for (const change of [
				(v: string) => `${v}, ${v}`,
				(v: string) => `${'0'.repeat(64)}, ${v}`,
				(v: string) => `${v},${v}`,
			])
				assert.equal(reason(withHeader(good(origin), change)), 'signature_malformed', nameOf(origin));
		}
		// Two different times in one header: which one was signed must not be a question.
		assert.equal(reason(withHeader(good(STRIPE), (value) => `${value},t=1`)), 'signature_malformed');
	});

	it('counts under its own name only; Zapier\'s "Http-" is taken off once', () => {
		for (const origin of SIGNED) {
			const draft = good(origin);
			const name = headerOf(origin.proof.scheme)!;
			const { [name]: value, ...others } = draft.headers;
			for (const other of [
				`http-${name}`,
				name.replace(/^x-/, ''),
				`${name}-256`,
				name.replaceAll('-', '_'),
				'__proto__',
			].filter((one) => one !== name))
				assert.equal(reason({ ...draft, headers: { ...others, [other]: value } }), 'signature_missing', other);
			const asZapierSays = { 'Content-Type': 'application/json', [`Http-${name.toUpperCase()}`]: value };
			assert.equal(plainHeaders(asZapierSays)[name], value);
			const twice = { [`Http-Http-${name}`]: value };
			assert.equal(plainHeaders(twice)[name], undefined);
		}
	});

	it('that an object inherits is no header', () => {
		const scheme: Scheme = { kind: 'hmac', header: 'constructor', encoding: 'hex' };
		assert.deepEqual(verify(scheme, { body: Buffer.from(''), headers: {}, query: {} }, [{ value: SECRET }]), {
			ok: false,
			reason: 'signature_malformed',
		});
	});
});

describe('secrets', () => {
	it('that are missing, empty or white space prove nothing, even when the sender signed with the same', () => {
		for (const origin of EACH) {
			for (const secret of ['', ' ', '\n', '\t\r\n', '\u00a0', '\u3000', '\ufeff']) {
				const draft = genuine(origin, secret, AT);
				assert.equal(reason(draft), 'secret_not_configured', nameOf(origin));
				assert.equal(reason({ ...draft, keys: [] }), 'secret_not_configured');
			}
		}
	});

	it('that are missing close the door in the n8n node too, for every service (CVE-2026-86080)', async () => {
		for (const origin of EACH) {
			const { response, result } = inN8n(good(origin), { secret: undefined });
			assert.deepEqual(await result, { noWebhookResponse: true });
			assert.deepEqual(
				[response.code, response.sent],
				[401, { verdict: 'rejected', reason: 'secret_not_configured' }],
				nameOf(origin),
			);
		}
	});

	it('of another service, of another workflow and parts of the right one prove nothing', () => {
		for (const origin of EACH) {
			for (const secret of [SECRET.slice(0, -1), SECRET.slice(1), `${SECRET} `, SECRET.toUpperCase(), 'another']) {
				const { keys, ...draft } = genuine(origin, secret, AT);
				assert.match(reason({ ...draft, keys: good(origin).keys }), /mismatch/, nameOf(origin));
				assert.ok(keys.length);
			}
		}
	});
});

describe('what is signed', () => {
	it('is the bytes: what JSON.stringify makes of them counts only where the service documents it', () => {
		const variants = [
			'{"a":1.0}',
			'{"a":"\\u00e9"}',
			'{"a":"\\/"}',
			'{"a":12345678901234567890}',
			'{ "a": 1 }',
			'{"a":1,"a":2}',
			'{"b":1,"1":2}',
			'{"a":1}\n',
			'\ufeff{"a":1}',
		];
		for (const origin of HEX) {
			for (const text of variants) {
				const draft = carrying(origin, JSON.stringify(JSON.parse(text.replace('\ufeff', ''))));
				const sent = { ...draft, body: Buffer.from(text) };
				const counts = RESERIALISED(origin);
				assert.equal(received(sent).outcome === 'rejected', !counts, `${nameOf(origin)} ${text}`);
				// Whatever form came: what goes out is what was signed.
				const verdict = received(sent);
				if (verdict.outcome === 'accepted') assert.equal(JSON.stringify(verdict.payload), draft.body.toString());
			}
		}
	});

	it('is the bytes: two that decode alike are not alike (standardwebhooks 1.1.1 verifies 22 FE 22 as 22 FF 22)', () => {
		for (const origin of SIGNED) {
			for (const [sent, came] of [
				['22ff22', '22fe22'],
				['22ff22', '22efbfbd22'],
				['22efbfbd22', '22ff22'],
				['22eda08022', '22eda08122'],
			] as const) {
				const draft = carrying(origin, Buffer.from(sent, 'hex'));
				assert.equal(reason(draft), 'malformed', 'genuine, and no item');
				assert.equal(
					reason({ ...draft, body: Buffer.from(came, 'hex') }),
					'signature_mismatch',
					`${nameOf(origin)} ${sent} ${came}`,
				);
			}
		}
	});

	it('a body that is not UTF-8 is refused or, when genuine, answered and dropped: never guessed at', () => {
		for (const origin of EACH) {
			for (const bytes of [
				Buffer.from('7b2261223aff7d', 'hex'),
				Buffer.from('{"a":"\u00e9"}', 'latin1'),
				Buffer.from('{"a":1}', 'utf16le'),
				Buffer.from([0xc0, 0xaf]),
			]) {
				const verdict = received(carrying(origin, bytes));
				assert.deepEqual(answer(verdict), { status: 200, body: { verdict: 'ignored', reason: 'malformed' } });
			}
		}
	});

	it('a time stamp is digits only, as signed, and not too far off in the past or the future', () => {
		// stripe-node accepts the future; standardwebhooks reads `TSabc`, `0TS` and `TS.9` with parseInt.
		for (const seconds of [-301, 301, -86_400, 86_400, 10 ** 9])
			assert.equal(reason({ ...good(STRIPE), now: AT + seconds }), 'timestamp_stale', String(seconds));
		for (const time of [
			`${AT}abc`,
			`${AT}.9`,
			`${AT} `,
			` ${AT}`,
			`+${AT}`,
			`-${AT}`,
			`${AT}e0`,
			`0x${AT.toString(16)}`,
			'',
			'NaN',
			'\u0661',
			`${AT}\n`,
			`${AT}000000`,
		]) {
			const header = (body: Buffer) =>
				`t=${time},v1=${hmac(SECRET, Buffer.concat([Buffer.from(`${time}.`), body])).toString('hex')}`;
			assert.equal(
				reason(withHeader(good(STRIPE), () => header(good(STRIPE).body))),
				'signature_malformed',
				`signed as is: ${time}`,
			);
		}
		for (const time of [`0${AT}`, `00${AT}`])
			assert.equal(reason(withHeader(good(STRIPE), (value) => value.replace(String(AT), time))), 'signature_mismatch');
	});

	it('where a field ends is part of what is signed: time and body cannot trade characters', () => {
		const draft = good(STRIPE);
		for (let cut = 1; cut < 10; cut++) {
			const body = Buffer.concat([Buffer.from(`${String(AT).slice(cut)}.`), draft.body]);
			const moved = withHeader({ ...draft, body }, (value) =>
				value.replace(`t=${AT}`, `t=${String(AT).slice(0, cut)}`),
			);
			assert.equal(reason(moved), 'signature_mismatch');
		}
		const inTime = withHeader({ ...draft, body: draft.body.subarray(1) }, (value) =>
			value.replace(`t=${AT}`, `t=${AT}.{`),
		);
		assert.equal(reason(inTime), 'signature_malformed');
		assert.notEqual(derivedToken('k', ['a', 'bc']), derivedToken('k', ['ab', 'c']));
		assert.notEqual(derivedToken('k', ['1:a;1:b']), derivedToken('k', ['a', 'b']));
	});

	it("one signature cannot be passed off as the other of the same service (SoshiaConnect's two)", () => {
		const [soshia] = HEX.filter(({ provider }) => provider.id === 'soshia-connect') as [Origin];
		const stripe = good(STRIPE);
		const digest = /v1=(.*)/.exec(String(stripe.headers['stripe-signature']))![1]!;
		// Stripe signs `time.body`: sent as a whole body under the other header the digest is valid, and is no event.
		const asBody = carrying(soshia, Buffer.concat([Buffer.from(`${AT}.`), stripe.body]), {
			'x-soshia-signature': digest,
		});
		assert.equal(reason(asBody), 'malformed');
		assert.equal(reason({ ...asBody, body: stripe.body }), 'signature_mismatch');
		const back = good(soshia);
		const asStripe = {
			...back,
			origin: STRIPE,
			headers: { 'stripe-signature': `t=${AT},v1=${String(back.headers['x-soshia-signature'])}` },
		};
		assert.equal(reason(asStripe), 'signature_mismatch');
	});

	it('is looked at before anything of the content is (woovi#167, CVE-2026-110846)', () => {
		for (const origin of EACH) {
			const touched: string[] = [];
			const touch = (name: string) => () => {
				touched.push(name);
				throw new Error(name);
			};
			const { receiving } = origin.provider;
			const watched: Provider = {
				...origin.provider,
				receiving: {
					...receiving,
					...Object.fromEntries(
						['normalise', 'eventOf', 'eventId', 'wanted', 'item'].map((name) => [name, touch(name)]),
					),
				},
			};
			const forged = {
				...good(origin),
				keys: [{ value: 'another', events: [origin.event.name] }],
				origin: { ...origin, provider: watched },
			};
			assert.match(reason(forged), /mismatch/);
			assert.match(reason({ ...forged, body: Buffer.from('{'.repeat(100_000)) }), /mismatch/);
			assert.deepEqual(touched, [], nameOf(origin));
		}
	});
});

describe('whose delivery it is', () => {
	it('a token speaks for one event: no event can be named with the token of another', () => {
		const { events } = TOKEN.provider;
		const keys = events.map(({ name }) => ({ value: `token of ${name}`, events: [name] }));
		for (const mine of events) {
			for (const other of events) {
				const query = { event: other.name, token: `token of ${mine.name}` };
				const verdict = received({ ...good(TOKEN), query, keys }, { events: events.map(({ name }) => name) });
				assert.equal(verdict.outcome === 'accepted', mine === other, `${mine.name} as ${other.name}`);
			}
		}
	});

	it('a derived token is of one workflow, node, event, mode and version (CVE-2026-110852: never the path alone)', () => {
		const tokens = new Set<string>();
		let expected = 0;
		for (const workflow of ['w', 'w2'])
			for (const node of ['n', 'n2'])
				for (const mode of ['manual', 'webhook'])
					for (const version of [1, 2])
						for (const apiKey of ['k', 'k2']) {
							const context = {
								getWorkflow: () => ({ id: workflow }),
								getNode: () => ({ id: 'x', webhookId: node }),
								getMode: () => mode,
							};
							const token = derivationFor(context as never, TOKEN.provider, { apiKey }, version).token;
							for (const event of ['a', 'b']) tokens.add(token(event));
							expected += 2;
						}
		assert.equal(tokens.size, expected);
	});

	it('query parsers make arrays and objects: only two texts are a token and an event', () => {
		const { query } = good(TOKEN);
		for (const odd of [
			[query['token']],
			{ 0: query['token'] },
			{ token: query['token'] },
			[[query['token']]],
			true,
			0,
			null,
			{ toString: () => query['token'] },
		]) {
			assert.match(reason({ ...good(TOKEN), query: { ...query, token: odd } }), /^token_/);
			assert.match(reason({ ...good(TOKEN), query: { ...query, event: odd } }), /^token_/);
		}
		assert.equal(
			reason({ ...good(TOKEN), query: JSON.parse('{"__proto__":{"token":"x","event":"y"}}') as never }),
			'token_missing',
		);
	});

	it('addresses are compared as bytes: no text that contains an allowed one is allowed (CVE-2025-68949)', () => {
		const allowed = parseRanges('203.0.113.7, 198.51.100.0/24, 2001:db8::/64');
		const inside = [
			'203.0.113.7',
			'::ffff:203.0.113.7',
			'::ffff:cb00:7107',
			'198.51.100.255',
			'2001:db8::1',
			'2001:DB8:0:0:ffff::',
		];
		const outside = [
			...[
				'203.0.113.70',
				'1203.0.113.7',
				'203.0.113.7.evil.example',
				'203.0.113.7, 10.0.0.1',
				'10.0.0.1, 203.0.113.7',
				' 203.0.113.7',
			],
			...[
				'203.0.113.7\n',
				'203.0.113.07',
				'203.0.113.7%eth0',
				'3405803783',
				'0xcb007107',
				'203.0.113',
				'203.113.7',
				'',
				'unknown',
				'203.0.113.7:443',
			],
			...[
				'198.51.101.0',
				'2001:db8:0:1::',
				'::203.0.113.7',
				'[2001:db8::1]',
				'2001:db8::1::',
				'\uff12\uff10\uff13.0.113.7',
				'64:ff9b::203.0.113.7',
			],
		];
		for (const address of inside) assert.ok(inRanges(address, allowed), address);
		for (const address of outside) assert.ok(!inRanges(address, allowed), address);
		assert.equal(reason(good(STRIPE), { allowedSources: allowed }), 'source_not_allowed', 'no address is outside');
	});

	it('an internal address in disguise is still internal', () => {
		for (const host of [
			'2130706433',
			'0x7f.1',
			'127.1',
			'0177.0.0.1',
			'[::1]',
			'[::ffff:127.0.0.1]',
			'[::ffff:a00:1]',
			'LOCALHOST',
			'localhost.',
			'\u2460\u2461\u2466.0.0.1',
			'169.254.169.254',
			'[fe80::1]',
			'[fd00::1]',
			'0',
		])
			assert.match(unreachableFromInternet(`https://${host}/hook`) ?? '', /private network/, host);
	});
});

describe('what a body becomes', () => {
	const polluted = () => ({}) as Record<string, unknown>;

	it('__proto__ and constructor stay data from the body to the item, in all formats, on both platforms', async () => {
		const bodies: [string, string][] = [
			[
				'application/json',
				'{"type":"items.create","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"content":{"__proto__":{"polluted":1}}}',
			],
			[
				'application/xml',
				'<n><type>items.create</type><__proto__><polluted>1</polluted></__proto__><constructor><prototype><polluted>1</polluted></prototype></constructor></n>',
			],
			[
				'application/x-www-form-urlencoded',
				'type=items.create&__proto__[polluted]=1&constructor[prototype][polluted]=1&content[__proto__][polluted]=1',
			],
		];
		for (const origin of EACH) {
			for (const [type, body] of bodies) {
				if (type !== 'application/json' && origin.provider.receiving.formats.length === 1) continue;
				// The node looks at the clock.
				const draft = carrying(origin, body, { 'content-type': type }, Math.floor(Date.now() / 1000));
				const verdict = received(draft, { anyEvent: true });
				assert.equal(verdict.outcome, 'accepted', `${nameOf(origin)} ${type}`);
				const { result } = inN8n(draft, {
					events: ['items.create', origin.event.name],
					options: { includeDelivery: true },
					anyEvent: true,
				});
				const items = (await result).workflowData?.[0]?.map(({ json }) => json as JsonObject) ?? [];
				const forZapier = verdict.outcome === 'accepted' ? verdict.items.map((item) => withId(item, 'id')) : [];
				assert.equal(items.length, 1);
				for (const item of [...items, ...forZapier]) {
					assert.equal(Object.getPrototypeOf(item), Object.prototype);
					assert.ok(Object.hasOwn(item, '__proto__'), 'an own key, shown to the person');
					assert.equal(item['polluted'], undefined);
				}
				assert.equal(polluted()['polluted'], undefined);
			}
		}
	});

	it('XML expands nothing and fetches nothing: DTD, entities, billion laughs, XXE, XInclude', () => {
		const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
		const bodies = [
			`<?xml version="1.0"?><!DOCTYPE n [<!ENTITY l0 "lol">${laughs}]><n><type>items.create</type><content>&l9;</content></n>`,
			'<!DOCTYPE n SYSTEM "http://127.0.0.1:9/x.dtd"><n><type>items.create</type></n>',
			'<!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><n><type>items.create</type><content>&x;</content></n>',
			'<!DOCTYPE n [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><n/>',
			'<n><type>items.create</type><content>&x;</content></n>',
			`<n>${'&#x26;x;'.repeat(3)}&y;</n>`,
		];
		for (const body of bodies) {
			const verdict = received(carrying(SOLVE360, body));
			assert.deepEqual(
				answer(verdict),
				{ status: 200, body: { verdict: 'ignored', reason: 'malformed' } },
				body.slice(0, 60),
			);
			assert.doesNotMatch(JSON.stringify(verdict), /passwd|lol|127\.0\.0\.1/, 'nothing of it is quoted');
		}
		const include =
			'<n><type>items.create</type><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></n>';
		const verdict = received(carrying(SOLVE360, include), { anyEvent: true });
		assert.ok(verdict.outcome === 'accepted' && !JSON.stringify(verdict.items).includes('root:'));
	});

	it('deep nesting ends in a verdict, in JSON, XML and form, forged or genuine', () => {
		const deep = 200_000;
		const bodies: [string, string][] = [
			['application/json', '['.repeat(deep) + ']'.repeat(deep)],
			['application/json', '{"a":'.repeat(deep) + '1' + '}'.repeat(deep)],
			['application/json', '['.repeat(deep)],
			['application/xml', '<a>'.repeat(deep) + '</a>'.repeat(deep)],
			['application/xml', '<a '.repeat(deep)],
			['application/x-www-form-urlencoded', `a${'[b]'.repeat(deep)}=1`],
		];
		for (const origin of [...EACH, SOLVE360]) {
			for (const [type, body] of bodies) {
				const draft = carrying(origin, body, { 'content-type': type });
				assert.equal(reason(draft), 'malformed');
				assert.equal(received({ ...draft, keys: [{ value: 'another' }] }).outcome, 'rejected');
			}
		}
	});

	it('a body of 16 MiB is decided upon in bounded time; one byte more is not looked at', (test) => {
		const fill = (open: string, unit: string, close: string) => {
			const room = MAX_BODY_BYTES - Buffer.byteLength(open + close);
			return open + unit.repeat(Math.floor(room / unit.length)) + ' '.repeat(room % unit.length) + close;
		};
		const bodies: [string, string][] = [
			['application/json', fill('{"type":"x","a":"', 'a', '"}')],
			['application/json', fill('[', '{},', '{}]')],
			['application/json', fill('', '[', '')],
			['application/xml', fill('<n>', '<a/>', '</n>')],
			['application/x-www-form-urlencoded', fill('a=1', '&', '')],
		];
		for (const [type, text] of bodies) {
			// JSON at a service that signs what it stringified: the most work there is.
			const [origin] = type === 'application/json' ? (HEX.filter(RESERIALISED) as [Origin]) : [SOLVE360];
			const body = Buffer.from(text);
			assert.equal(body.length, MAX_BODY_BYTES);
			const draft: Draft = carrying(origin, body, { 'content-type': type });
			const forged = { ...draft, keys: [{ value: 'another' }] };
			const refusing = milliseconds(() => assert.equal(received(forged).outcome, 'rejected'));
			const reading = milliseconds(() => assert.notEqual(received(draft, { anyEvent: true }).outcome, 'rejected'));
			test.diagnostic(
				`${nameOf(origin)}, ${text.slice(0, 5)}...: forged ${Math.round(refusing)} ms, genuine ${Math.round(reading)} ms`,
			);
			// Seconds at the very worst; super-linear work on 16 MiB would take hours.
			assert.ok(refusing + reading < 20_000, `${nameOf(origin)} ${type}: ${refusing} + ${reading} ms`);
			assert.equal(reason({ ...draft, body: Buffer.concat([body, Buffer.from(' ')]) }), 'too_large');
		}
	});

	it('keys made to collide cost no more than others (hash flooding)', () => {
		// Numbers with equal low bits fall into one place of a table that is not seeded; so did `Ez` and `FY` under other hashes.
		const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i * 65_536));
		const words = (count: number) =>
			Array.from({ length: count }, (_, i) =>
				i.toString(2).padStart(18, '0').replaceAll('0', 'Ez').replaceAll('1', 'FY'),
			);
		for (const [what, names] of [
			['numbers', numbers],
			['words', words],
		] as const) {
			growsLinearly(
				`JSON ${what}`,
				25_000,
				(size) => json(Object.fromEntries(names(size).map((name) => [name, 1]))),
				(body) => read(body, 'application/json'),
			);
			growsLinearly(
				`XML ${what}`,
				12_000,
				(size) =>
					`<n>${names(size)
						.map((name) => `<a${name}/>`)
						.join('')}</n>`,
				(body) => read(body, 'application/xml'),
			);
			growsLinearly(
				`form ${what}`,
				2_400,
				(size) =>
					names(size)
						.map((name) => `a[${name}]=1`)
						.join('&'),
				(body) => read(body, 'application/x-www-form-urlencoded'),
			);
		}
	});

	it('an odd content type changes how a genuine body is read, never whether it is proved', () => {
		const types = [
			undefined,
			'',
			'text/plain',
			'application/octet-stream',
			'application/vnd.example+json',
			'application/json; charset=utf-16',
			'APPLICATION/JSON',
			';;;',
			'__proto__',
			'application/json, text/xml',
			'a'.repeat(100_000),
		];
		for (const origin of EACH) {
			for (const type of types) {
				const draft = carrying({ ...origin, format: 'json' }, JSON.stringify(origin.event.sample), {
					'content-type': type,
				});
				assert.equal(received(draft).outcome, 'accepted', `${nameOf(origin)} ${type?.slice(0, 40)}`);
				assert.equal(received({ ...draft, keys: [{ value: 'another' }] }).outcome, 'rejected');
			}
			const twice = carrying({ ...origin, format: 'json' }, JSON.stringify(origin.event.sample), {
				'content-type': ['application/json', 'text/xml'],
			});
			assert.equal(received(twice).outcome, 'accepted');
		}
	});

	it('a multipart body is no event, even when it is genuine; without its bytes it is refused', async () => {
		const body = '--x\r\ncontent-disposition: form-data; name="type"\r\n\r\nitems.create\r\n--x--\r\n';
		for (const origin of [...EACH, SOLVE360]) {
			const draft = carrying(origin, body, { 'content-type': 'multipart/form-data; boundary=x' });
			const verdict = received(draft, { anyEvent: true });
			// A form can be anything; where none is sent it is malformed JSON.
			if (origin.provider.receiving.formats.length === 1)
				assert.equal('reason' in verdict && verdict.reason, 'malformed');
			if (headerOf(origin.proof.scheme) === undefined) continue;
			const { result, response } = inN8n({ ...draft, body: Buffer.alloc(0) }, { consumed: true });
			assert.equal((await result).workflowData, undefined);
			assert.equal(response.code, 401, 'n8n took the body apart: no bytes, no proof');
		}
	});
});

describe('answers and logs', () => {
	it('every branch answers (a webhook left without an answer is retried until it is switched off)', async () => {
		for (const origin of EACH) {
			const drafts = [
				good(origin),
				{ ...good(origin), keys: [] },
				carrying(origin, '{'),
				carrying(origin, '[]'),
				carrying(origin, '{"event":"x","type":"x","event_type":"x"}'),
			];
			for (const draft of drafts) {
				const { result, response } = inN8n(draft, { secret: draft.keys[0]?.value });
				const { webhookResponse, noWebhookResponse } = await result;
				assert.ok(noWebhookResponse ? response.sent !== undefined : webhookResponse !== undefined, nameOf(origin));
			}
		}
	});

	it('hold no secret, signature or payload', async () => {
		const marker = 'hunter2-in-the-body';
		for (const origin of EACH) {
			const bodies = [`{"password":"${marker}"}`, `{"password":"${marker}`, `["${marker}"]`, marker, `<a>${marker}`];
			for (const body of bodies) {
				for (const secret of [SECRET, 'another secret', undefined]) {
					const draft = carrying(origin, body, { authorization: `Bearer ${marker}` });
					const { result, response, logged } = inN8n(draft, { secret });
					const { webhookResponse } = await result;
					const said = JSON.stringify([webhookResponse, response.sent, logged]);
					const signature = String(draft.headers[headerOf(origin.proof.scheme) ?? ''] ?? draft.query['token']);
					for (const hidden of [marker, SECRET, 'another secret', signature]) assert.ok(!said.includes(hidden), said);
				}
			}
		}
	});
});

describe('time grows with length alone', () => {
	const SIZE = 100_000;

	it('headers: whatever is in the proof, the content type or the source', () => {
		const units = [
			'a',
			',',
			't=',
			't=1,',
			`v1=${'0'.repeat(64)},`,
			'v1=,',
			' ',
			'=',
			'\t',
			'0',
			'%',
			'+json',
			';',
			'/',
		];
		for (const origin of EACH) {
			for (const unit of units) {
				const make = (size: number): Draft => {
					const text = unit.repeat(size / unit.length);
					const draft =
						headerOf(origin.proof.scheme) === undefined
							? { ...good(origin), query: { token: text, event: text } }
							: withHeader(good(origin), () => text);
					return { ...draft, headers: { ...draft.headers, 'content-type': text } };
				};
				growsLinearly(`${nameOf(origin)} ${unit.slice(0, 5)}`, SIZE, make, (draft) =>
					assert.equal(received(draft).outcome, 'rejected'),
				);
			}
		}
		const ranges = parseRanges('203.0.113.0/24, 2001:db8::/32');
		for (const unit of ['1', '.', ':', '::', '%', '%\n', '1.', 'f:', '/'])
			growsLinearly(
				`source ${unit}`,
				SIZE,
				(size) => unit.repeat(size / unit.length),
				(address) => inRanges(address, ranges),
			);
		for (const unit of ['application/json', '+json', ';', ' ', 'text/xml+', '\t;'])
			growsLinearly(
				`content type ${unit}`,
				SIZE,
				(size) => unit.repeat(size / unit.length),
				(type) => readBody(Buffer.from('1'), type, ['json', 'xml', 'form']),
			);
	});

	it('bodies: whatever is in JSON, XML or a form', () => {
		const xml = [
			'<',
			'<a',
			'<a ',
			'<a b="',
			'<a b=" ',
			'</',
			'<!--',
			'<!-- -',
			'<![CDATA[',
			']]',
			']]>',
			'<?',
			'<?a ',
			'&',
			'&#',
			'&amp;',
			'&#x41;',
			' ',
			'<a/>',
			'\r',
			'"',
			'=',
			'\n<a>',
		];
		const openings = [
			'',
			'<n>',
			'<n ',
			'<n a',
			'<n a=',
			'<n a="',
			'<n><![CDATA[',
			'<n><!--',
			'<?xml ',
			'<?xml version="1.0"',
			'<n></n',
			'<n>&',
		];
		for (const opening of openings)
			for (const unit of xml)
				growsLinearly(
					`XML ${opening} ${unit}`,
					SIZE,
					(size) => opening + unit.repeat(size / unit.length),
					(body) => read(body, 'application/xml'),
				);
		for (const unit of [
			'a',
			'[',
			']',
			'[]',
			'[a]',
			'a[',
			'a[]=1&',
			'a=1&',
			'&',
			'=',
			'%',
			'%5B',
			'+',
			'a[b]=1&',
			'a[b][c]=1&',
			'][',
			'a[0]=&',
			'a[1]=&',
		])
			growsLinearly(
				`form ${unit}`,
				SIZE,
				(size) => unit.repeat(size / unit.length),
				(body) => read(body, 'application/x-www-form-urlencoded'),
			);
		for (const unit of ['[', '{"a":', '"', '\\', '\\u0041', '1', '1e', '-', '[],', '{},', ' ', '"a",', 'null,'])
			for (const opening of ['', '[', '"', '{"a":"'])
				growsLinearly(
					`JSON ${opening} ${unit}`,
					SIZE,
					(size) => opening + unit.repeat(size / unit.length),
					(body) => read(body, 'application/json'),
				);
	});
});

// -------------------------------------------------------------------------------------------------------- helpers

function json(value: Json): string {
	return JSON.stringify(value);
}

function read(body: string, type: string): void {
	readBody(Buffer.from(body), type, ['json', 'xml', 'form']);
}

interface InN8n {
	/** What the trigger has stored or its credential holds; undefined for nothing. Default: what the draft was signed with. */
	secret?: string | undefined;
	events?: readonly string[];
	options?: Record<string, Json>;
	/** While a person listens. */
	anyEvent?: boolean;
	/** n8n has read the stream itself, as it does with multipart bodies. */
	consumed?: boolean;
}

/** The delivery at the n8n node of its service, in a made-up n8n that notes what is answered and logged. */
function inN8n(draft: Draft, given: InN8n = {}) {
	const { provider, proof, event } = draft.origin;
	const secret = 'secret' in given ? given.secret : draft.secret;
	const response = {
		code: 200,
		sent: undefined as unknown,
		closed: false,
		once: () => response,
		status(code: number) {
			response.code = code;
			return response;
		},
		json(body: unknown) {
			response.sent = body;
		},
	};
	const logged: string[] = [];
	const log = (message: string, meta?: unknown) => void logged.push(message, JSON.stringify(meta) ?? '');
	const parameters: Record<string, unknown> = {
		events: given.events ?? [event.name],
		signature: proof.name,
		registration: provider.registrations[0].name,
		options: { skipRepeats: false, ...given.options },
	};
	const webhookId = createHash('sha1').update(nameOf(draft.origin)).digest('hex');
	const stored = secret === undefined ? [] : [{ id: 'wh', url: 'u', events: given.events ?? [event.name], secret }];
	const context = {
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getRequestObject: () => ({
			...(given.consumed
				? { readRawBody: () => Promise.reject(new Error('stream is not readable')) }
				: { rawBody: draft.body }),
			ip: '203.0.113.7',
			headers: draft.headers,
			query: draft.query,
		}),
		getResponseObject: () => response,
		getMode: () => (given.anyEvent ? 'manual' : 'webhook'),
		getWorkflowStaticData: () => ({ owner: `w/${webhookId}`, subscriptions: stored }),
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => ({ id: 'n', name: 'Trigger', webhookId }),
		// A credential without the secret; the API key from which a token would be derived is not there either.
		getCredentials: () =>
			secret === undefined ? Promise.reject(new Error('no credential')) : Promise.resolve({ webhookSecret: secret }),
		logger: { debug: log, info: log, warn: log, error: log },
	};
	const result: Promise<IWebhookResponseData> = receiveWebhook.call(context as unknown as IWebhookFunctions, provider);
	return { result, response, logged };
}
