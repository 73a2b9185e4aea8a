import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { derivedToken, hmacOf, isOneOf, newSecret, sign, verify, type Delivery } from '../../../core/signature.ts';
import type { HmacScheme, Scheme } from '../../../core/provider.ts';
import { HMAC, STRIPE, URL_TOKEN } from '../support/acme.ts';

const NOW = 1_700_000_000_000;
const body = Buffer.from('{"a":1,"b":"é"}');
const secret = 'YSBzZWNyZXQgb2Ygb3Vycw==';
const HOOK = 'https://n8n.example.com/webhook/a?b=c';

/** A time stamp in a header of its own, as Slack and Zoom have it. */
const TIMED: HmacScheme = {
	...{ kind: 'hmac', header: 'x-acme-signature', encoding: 'hex', prefix: 'v0=' },
	timestamp: { header: 'x-acme-time', toleranceSeconds: 300 },
	signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
};
/** A signed message id, several signatures and a key in base64, as Standard Webhooks has them. */
const NAMED: HmacScheme = {
	...{ kind: 'hmac', header: 'webhook-signature', encoding: 'base64', prefix: 'v1,', separator: ' ' },
	timestamp: { header: 'webhook-timestamp', toleranceSeconds: 300 },
	idHeader: 'webhook-id',
	key: { encoding: 'base64', prefix: 'whsec_' },
	signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
};
/** The whole request and milliseconds, as HubSpot has them. */
const WHOLE: HmacScheme = {
	...{ kind: 'hmac', header: 'x-acme-signature', encoding: 'base64' },
	timestamp: { header: 'x-acme-time', toleranceSeconds: 300, unit: 'milliseconds' },
	signed: ['method', 'url', 'body', 'timestamp'],
};
const HEADER_TOKEN: Scheme = { kind: 'header-token', header: 'x-acme-token' };

function delivery(
	headers: Delivery['headers'] = {},
	query: Delivery['query'] = {},
	bytes: Uint8Array = body,
): Delivery {
	return { body: bytes, headers, query };
}
const hex = (key: string, ...parts: Array<string | Uint8Array>) => {
	const hmac = createHmac('sha256', key);
	for (const part of parts) hmac.update(part);
	return hmac.digest('hex');
};
const reason = (scheme: Scheme, given: Delivery, secrets = [{ value: secret }], now = NOW) => {
	const result = verify(scheme, given, secrets, now);
	return result.ok ? 'ok' : result.reason;
};

describe('every scheme', () => {
	const schemes: Scheme[] = [
		HMAC,
		{ ...HMAC, reserialised: true } as Scheme,
		{ kind: 'hmac', header: 'x-acme-signature', encoding: 'base64', prefix: 'sha256=' },
		STRIPE,
		TIMED,
		NAMED,
		WHOLE,
		HEADER_TOKEN,
		URL_TOKEN,
	];
	it.each(schemes)('accepts what it signs itself, and nothing with another secret or no secret: %j', (scheme) => {
		const signed = sign(scheme, { body, secret, at: NOW / 1000, url: HOOK });
		const given = { ...delivery(signed.headers, { event: 'thing.made', ...signed.query }), url: HOOK };
		expect(reason(scheme, given)).toBe('ok');
		expect(reason(scheme, given, [{ value: 'YW5vdGhlcg==' }])).toMatch(/mismatch/);
		expect(reason(scheme, given, [{ value: 'YW5vdGhlcg==' }, { value: secret }])).toBe('ok');
		for (const none of [[], [{ value: '' }], [{ value: ' \n' }]])
			expect(reason(scheme, given, none)).toBe('secret_not_configured');
	});
});

describe('HMAC over the raw body', () => {
	it("agrees with OpenSSL's own signature", () => {
		const output = execFileSync('openssl', ['dgst', '-sha256', '-hmac', secret], { input: body }).toString();
		expect(sign(HMAC, { body, secret }).headers['x-acme-signature']).toBe(/[0-9a-f]{64}/.exec(output)?.[0]);
	});

	const good = hex(secret, body);
	it.each([
		['missing', undefined, 'signature_missing'],
		['empty', '', 'signature_missing'],
		['upper case', good.toUpperCase(), 'signature_malformed'],
		['cut short', good.slice(0, 62), 'signature_malformed'],
		['with a tail', `${good}00`, 'signature_malformed'],
		['with white space', ` ${good}`, 'signature_malformed'],
		['with a new line', `${good}\n`, 'signature_malformed'],
		['with an unknown prefix', `sha256=${good}`, 'signature_malformed'],
		['a look-alike of a digit', `\u0130${good.slice(1)}`, 'signature_malformed'],
		['base64', createHmac('sha256', secret).update(body).digest('base64'), 'signature_malformed'],
		['sent twice', [good, good], 'signature_malformed'],
		['joined twice', `${good}, ${good}`, 'signature_malformed'],
		['of another body', hex(secret, 'other'), 'signature_mismatch'],
	])('refuses a signature that is %s', (_, header, expected) => {
		expect(reason(HMAC, delivery({ 'x-acme-signature': header }))).toBe(expected);
	});

	it('wants the prefix where the scheme has one', () => {
		const scheme: Scheme = { ...HMAC, prefix: 'sha256=' } as Scheme;
		expect(reason(scheme, delivery({ 'x-acme-signature': good }))).toBe('signature_malformed');
		expect(reason(scheme, delivery({ 'x-acme-signature': `sha1=${good}` }))).toBe('signature_malformed');
		expect(reason(scheme, delivery({ 'x-acme-signature': `sha256=${good}` }))).toBe('ok');
	});

	it('counts the bytes, not the text: two bodies that decode alike differ', () => {
		const signed = sign(HMAC, { body: Buffer.from([0x22, 0xff, 0x22]), secret });
		expect(reason(HMAC, delivery(signed.headers, {}, Buffer.from([0x22, 0xfe, 0x22])))).toBe('signature_mismatch');
	});

	it('tries the re-serialised body only where the service documents it, and says so', () => {
		const spaced = Buffer.from('{ "a": 1.0 }');
		const given = delivery({ 'x-acme-signature': hex(secret, '{"a":1}') }, {}, spaced);
		expect(reason(HMAC, given)).toBe('signature_mismatch');
		const result = verify({ ...HMAC, reserialised: true } as Scheme, given, [{ value: secret }]);
		expect(result).toEqual({ ok: true, verifiedBy: 'x-acme-signature (re-serialised)' });
		const notJson = delivery({ 'x-acme-signature': hex(secret, 'null') }, {}, Buffer.from([0xff]));
		expect(reason({ ...HMAC, reserialised: true } as Scheme, notJson)).toBe('signature_mismatch');
	});

	it('tries the re-serialised body up to 64 KiB, and reads nothing of a larger one', () => {
		const scheme: Scheme = { ...HMAC, reserialised: true } as Scheme;
		const spaced = (bytes: number) => Buffer.from(`[1]${' '.repeat(bytes - 3)}`);
		const given = (bytes: number) => delivery({ 'x-acme-signature': hex(secret, '[1]') }, {}, spaced(bytes));
		const parse = jest.spyOn(JSON, 'parse');
		try {
			expect(reason(scheme, given(64 * 1024))).toBe('ok');
			expect(parse).toHaveBeenCalledTimes(1);
			expect(reason(scheme, given(64 * 1024 + 1))).toBe('signature_mismatch');
			expect(reason(scheme, given(16 * 1024 * 1024))).toBe('signature_mismatch');
			expect(parse).toHaveBeenCalledTimes(1);
		} finally {
			parse.mockRestore();
		}
	});
});

describe("Stripe's header", () => {
	const at = String(NOW / 1000);
	const v1 = hex(secret, `${at}.`, body);
	const given = (header: string | string[]) => delivery({ 'stripe-signature': header });

	it.each([
		['any v1 of several', `t=${at},v1=${'0'.repeat(64)},v1=${v1}`, 'ok'],
		['other versions next to it', `t=${at},v0=abc,v1=${v1}`, 'ok'],
		['only another version', `t=${at},v0=${v1}`, 'signature_malformed'],
		['no time', `v1=${v1}`, 'signature_malformed'],
		['two times', `t=${at},t=${at},v1=${v1}`, 'signature_malformed'],
		['text after the time', `t=${at}abc,v1=${v1}`, 'signature_malformed'],
		['a fraction in the time', `t=${at}.9,v1=${v1}`, 'signature_malformed'],
		['a signed time', `t=+${at},v1=${v1}`, 'signature_malformed'],
		['a short digest', `t=${at},v1=${v1.slice(2)}`, 'signature_malformed'],
		['another time', `t=${Number(at) + 1},v1=${v1}`, 'signature_mismatch'],
	])('%s', (_, header, expected) => {
		expect(reason(STRIPE, given(header))).toBe(expected);
	});

	it('takes 300 seconds either way, not one more, and refuses a header sent twice', () => {
		const header = `t=${at},v1=${v1}`;
		for (const seconds of [-300, 300])
			expect(reason(STRIPE, given(header), undefined, NOW + seconds * 1000)).toBe('ok');
		for (const seconds of [-301, 301])
			expect(reason(STRIPE, given(header), undefined, NOW + seconds * 1000)).toBe('timestamp_stale');
		expect(reason(STRIPE, given([header, header]))).toBe('signature_malformed');
	});

	it('keeps time and body apart', () => {
		const moved = Buffer.concat([Buffer.from('1.'), body]);
		const header = sign(STRIPE, { body: moved, secret, at: 17 }).headers['stripe-signature']!;
		expect(reason(STRIPE, given(header.replace('t=17', 't=17.1')), undefined, 17_000)).toBe('signature_malformed');
	});
});

describe('a time stamp and an id in headers of their own', () => {
	const at = String(NOW / 1000);
	const { headers } = sign(NAMED, { body, secret, at: NOW / 1000, id: 'msg_1' });
	const given = (change: Delivery['headers']) => delivery({ ...headers, ...change });

	it.each<[string, Delivery['headers'], string]>([
		['as sent', {}, 'ok'],
		['no time', { 'webhook-timestamp': undefined }, 'signature_missing'],
		['no id', { 'webhook-id': undefined }, 'signature_missing'],
		['an empty id', { 'webhook-id': '' }, 'signature_missing'],
		['another time', { 'webhook-timestamp': String(NOW / 1000 + 1) }, 'signature_mismatch'],
		['another id', { 'webhook-id': 'msg_2' }, 'signature_mismatch'],
		['a fraction in the time', { 'webhook-timestamp': `${at}.0` }, 'signature_malformed'],
		['white space in the time', { 'webhook-timestamp': ` ${at}` }, 'signature_malformed'],
		['the time twice', { 'webhook-timestamp': [at, at] }, 'signature_malformed'],
		['an id with white space', { 'webhook-id': 'msg 1' }, 'signature_malformed'],
		['the id twice', { 'webhook-id': ['msg_1', 'msg_1'] }, 'signature_malformed'],
		['a very long id', { 'webhook-id': 'm'.repeat(201) }, 'signature_malformed'],
	])('%s: %j is %s', (_, change, expected) => {
		expect(reason(NAMED, given(change))).toBe(expected);
	});

	it('takes 300 seconds either way, in seconds and in milliseconds', () => {
		for (const scheme of [NAMED, TIMED, WHOLE]) {
			const signed = { ...delivery(sign(scheme, { body, secret, at: NOW / 1000, url: HOOK }).headers), url: HOOK };
			for (const seconds of [-300, 300]) expect(reason(scheme, signed, undefined, NOW + seconds * 1000)).toBe('ok');
			for (const seconds of [-301, 301])
				expect(reason(scheme, signed, undefined, NOW + seconds * 1000)).toBe('timestamp_stale');
		}
	});
});

describe('several signatures in one header', () => {
	const { headers } = sign(NAMED, { body, secret, at: NOW / 1000, id: 'msg_1' });
	const right = headers['webhook-signature']!;
	const wrong = `v1,${'A'.repeat(43)}=`;
	it.each([
		[`${wrong} ${right}`, 'ok'],
		[`v1a,abc ${right}`, 'ok'],
		[wrong, 'signature_mismatch'],
		[right.replace('v1,', 'v2,'), 'signature_malformed'],
		[right.replace('v1,', ''), 'signature_malformed'],
		[`${wrong},${right}`, 'signature_malformed'],
	])('%s is %s', (value, expected) => {
		expect(reason(NAMED, delivery({ ...headers, 'webhook-signature': value }))).toBe(expected);
	});
});

describe('a key in base64', () => {
	const { headers } = sign(NAMED, { body, secret: `whsec_${secret}`, at: NOW / 1000, id: 'msg_1' });
	it.each([
		[secret, 'ok'],
		[`whsec_${secret}`, 'ok'],
		['whsec_', 'secret_not_configured'],
		['no base64!', 'secret_not_configured'],
		[`${secret}=`, 'secret_not_configured'],
		[`other_${secret}`, 'secret_not_configured'],
	])('%s: %s', (value, expected) => {
		expect(reason(NAMED, delivery(headers), [{ value }])).toBe(expected);
	});
});

describe('a signed request', () => {
	const signed = sign(WHOLE, { body, secret, at: NOW / 1000, url: HOOK });
	it.each([
		[{ url: HOOK }, 'ok'],
		[{ url: HOOK, method: 'POST' }, 'ok'],
		[{ url: HOOK, method: 'PUT' }, 'signature_mismatch'],
		[{ url: `${HOOK}&d=e` }, 'signature_mismatch'],
		[{}, 'signature_mismatch'],
	])('%j is %s', (more, expected) => {
		expect(reason(WHOLE, { ...delivery(signed.headers), ...more })).toBe(expected);
	});
});

describe('a token in a header', () => {
	it.each([
		[secret, 'ok'],
		[undefined, 'token_missing'],
		['', 'token_missing'],
		[secret.slice(1), 'token_mismatch'],
		[`${secret} `, 'token_mismatch'],
		[[secret, secret], 'token_mismatch'],
	])('%j is %s', (token, expected) => {
		expect(reason(HEADER_TOKEN, delivery({ 'x-acme-token': token }))).toBe(expected);
	});
});

describe('a token in the URL', () => {
	const secrets = [
		{ value: 'token-a', events: ['a'] },
		{ value: 'token-b', events: ['b'] },
	];
	it.each([
		[{ event: 'a', token: 'token-a' }, 'ok'],
		[{ event: 'b', token: 'token-a' }, 'token_mismatch'],
		[{ event: 'a', token: 'token-' }, 'token_mismatch'],
		[{ event: 'a', token: 'token-aa' }, 'token_mismatch'],
		[{ event: 'a', token: ['token-a', 'token-a'] }, 'token_mismatch'],
		[{ event: ['a'], token: 'token-a' }, 'token_mismatch'],
		[{ token: 'token-a' }, 'token_mismatch'],
		[{ event: 'a', token: { a: 'token-a' } }, 'token_mismatch'],
		[{ event: 'a', token: '' }, 'token_missing'],
		[{ event: 'a' }, 'token_missing'],
	])('%j is %s', (query, expected) => {
		expect(reason(URL_TOKEN, delivery({}, query as Delivery['query']), secrets as never)).toBe(expected);
	});
});

describe('texts that UTF-8 writes alike', () => {
	it('are not the same token', () => {
		const secrets = [{ value: 'token \ud83d' }];
		for (const token of ['token \ufffd', 'token \ude00'])
			expect(reason(URL_TOKEN, delivery({}, { event: 'a', token }), secrets)).toBe('token_mismatch');
		expect(reason(URL_TOKEN, delivery({}, { event: 'a', token: 'token \ud83d' }), secrets)).toBe('ok');
	});
});

describe('secrets', () => {
	it('makes a new one each time, of 32 bytes', () => {
		expect(newSecret()).toMatch(/^[0-9a-f]{64}$/);
		expect(newSecret()).not.toBe(newSecret());
	});

	it('finds a derived token again, and no other from other parts', () => {
		const token = derivedToken('key', ['a', 'b']);
		expect(derivedToken('key', ['a', 'b'])).toBe(token);
		for (const parts of [['ab'], ['ab', ''], ['a', 'b', ''], ['b', 'a']])
			expect(derivedToken('key', parts)).not.toBe(token);
		expect(derivedToken('other key', ['a', 'b'])).not.toBe(token);
	});
});

describe('a secret that cannot be a key', () => {
	// A key in base64 that is none.
	const broken = 'whsec_!!!';
	const good = `whsec_${Buffer.from('a key of ours').toString('base64')}`;

	it('signs no text', () => {
		expect(hmacOf(NAMED, broken, 'abc')).toBeUndefined();
		expect(hmacOf(NAMED, good, 'abc')).toBe(hex('a key of ours', 'abc'));
		expect(hmacOf(URL_TOKEN, 'token', 'abc')).toBe(hex('token', 'abc'));
	});

	it('does not hide the one next to it', () => {
		const { headers } = sign(NAMED, { body, secret: good, at: NOW / 1000 });
		for (const secrets of [
			[{ value: broken }, { value: good }],
			[{ value: good }, { value: broken }],
			[{ value: '' }, { value: good }],
		])
			expect(reason(NAMED, delivery(headers), secrets)).toBe('ok');
		expect(reason(NAMED, delivery(headers), [{ value: broken }])).not.toBe('ok');
	});
});

describe('what proved a delivery', () => {
	it.each<[string, Scheme, string]>([
		['the header of a signature', HMAC, 'x-acme-signature'],
		['the header of a token', HEADER_TOKEN, 'x-acme-token'],
		['the token in the URL', URL_TOKEN, 'token'],
	])('is named: %s', (_, scheme, named) => {
		const signed = sign(scheme, { body, secret });
		const result = verify(scheme, delivery(signed.headers, { event: 'a', ...signed.query }), [{ value: secret }]);
		expect(result).toMatchObject({ ok: true, verifiedBy: expect.stringContaining(named) });
	});

	it('is one of the secrets: never an empty one', () => {
		expect(isOneOf('b', [{ value: 'a' }, { value: 'b' }])).toBe(true);
		expect(isOneOf('b', [{ value: 'b' }, { value: 'a' }])).toBe(true);
		expect(isOneOf('', [{ value: '' }])).toBe(false);
		expect(isOneOf(' ', [{ value: ' ' }])).toBe(false);
		expect(isOneOf('c', [{ value: 'a' }, { value: 'b' }])).toBe(false);
	});
});
