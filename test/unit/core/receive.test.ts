import { createHmac } from 'node:crypto';
import { parseRanges } from '../../../core/address.ts';
import { answer, MAX_BODY_BYTES, receive, type ReceiveSettings } from '../../../core/receive.ts';
import { sign, type Delivery } from '../../../core/signature.ts';
import type { Challenge, Json, JsonObject, Provider } from '../../../core/provider.ts';
import { acme, HMAC, proof, URL_TOKEN } from '../support/acme.ts';

const secret = 'a secret of ours';
const settings: ReceiveSettings = {
	proof: proof(HMAC),
	secrets: [{ value: secret }],
	events: ['thing.made'],
	options: {},
};

function delivery(payload: Json | Buffer, more: Partial<Delivery> = {}): Delivery {
	const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
	return {
		body,
		headers: { 'content-type': 'application/json', ...sign(HMAC, { body, secret }).headers },
		query: {},
		source: '203.0.113.7',
		...more,
	};
}
const outcome = (given: Delivery, more: Partial<ReceiveSettings> = {}, provider = acme()) => {
	const verdict = receive(provider, given, { ...settings, ...more });
	return 'reason' in verdict ? verdict.reason : verdict.outcome;
};

describe('the order', () => {
	const good = { id: 'evt_1', event: 'thing.made', n: 1 };
	const bad: Delivery = { body: Buffer.alloc(200, 'x'), headers: {}, query: {}, source: '198.51.100.1' };
	const strict = { maxBytes: 100, allowedSources: parseRanges('203.0.113.0/24') };

	it('looks at size, then source, then signature, then content: the first that fails decides', () => {
		expect(outcome(bad, strict)).toBe('too_large');
		expect(outcome(bad, { ...strict, maxBytes: 1000 })).toBe('source_not_allowed');
		expect(outcome({ ...bad, source: '203.0.113.9' }, { ...strict, maxBytes: 1000 })).toBe('signature_missing');
		expect(outcome({ ...bad, source: undefined }, { ...strict, maxBytes: 1000 })).toBe('source_not_allowed');
		expect(outcome(delivery(Buffer.from('not json')))).toBe('malformed');
		expect(outcome(delivery({ event: 'thing.gone' }))).toBe('event_not_subscribed');
		expect(outcome(delivery(good))).toBe('accepted');
	});

	it('has a default cap of 16 MiB', () => {
		expect(outcome(delivery(Buffer.alloc(MAX_BODY_BYTES + 1, ' ')))).toBe('too_large');
	});

	it.each([
		['too_large', 413, { body: Buffer.alloc(101) }, { maxBytes: 100 }],
		['source_not_allowed', 403, {}, { allowedSources: parseRanges('198.51.100.1') }],
		['signature_missing', 401, { headers: {} }, {}],
		['signature_malformed', 401, { headers: { 'x-acme-signature': 'abc' } }, {}],
		['signature_mismatch', 401, { headers: { 'x-acme-signature': 'a'.repeat(64) } }, {}],
		['secret_not_configured', 401, {}, { secrets: [] }],
	])('%s is answered %i with the reason and nothing that came in', (reason, status, more, changed) => {
		const verdict = receive(acme(), delivery({ password: 'hunter2' }, more), { ...settings, ...changed });
		expect(answer(verdict)).toEqual({ status, body: { verdict: 'rejected', reason } });
	});

	it('answers everything after the proof with 200', () => {
		for (const given of [delivery(good), delivery({ event: 'other' }), delivery(Buffer.from('{')), delivery([])]) {
			expect(answer(receive(acme(), given, settings)).status).toBe(200);
		}
	});
});

describe('items', () => {
	it('are the payload as it came, one for each element of an array', () => {
		const payload = [
			{ event: 'thing.made', n: 1 },
			{ event: 'thing.made', n: 2 },
		];
		expect(receive(acme(), delivery(payload), settings)).toMatchObject({
			outcome: 'accepted',
			items: payload,
			warnings: [],
		});
	});

	it('keep what looks like an attack as data', () => {
		const verdict = receive(
			acme(),
			delivery(Buffer.from('{"event":"thing.made","__proto__":{"admin":true}}')),
			settings,
		);
		expect(verdict.outcome).toBe('accepted');
		expect(({} as { admin?: boolean }).admin).toBeUndefined();
	});

	it.each([['5'], ['null'], ['"text"'], ['[]'], ['[1,2]'], ['']])('cannot be made of %s', (text) => {
		expect(outcome(delivery(Buffer.from(text)))).toBe('malformed');
	});

	it('leave out elements that are no objects, and say so', () => {
		const verdict = receive(acme(), delivery([{ event: 'thing.made' }, 5]), settings);
		expect(verdict).toMatchObject({ items: [{ event: 'thing.made' }], warnings: [expect.stringContaining('1 of 2')] });
	});

	it('are passed on with a warning when the payload names no event type', () => {
		expect(receive(acme(), delivery({ odd: true }), settings)).toMatchObject({
			outcome: 'accepted',
			event: undefined,
			warnings: [expect.stringContaining('no event type')],
		});
	});
});

describe('settings', () => {
	it('pass on any verified event type while a person listens, or where the proof says so', () => {
		expect(outcome(delivery({ event: 'webhook.test' }), { anyEvent: true })).toBe('accepted');
		expect(outcome(delivery({ event: 'charge.refunded' }), { proof: proof(HMAC, { anyEvent: true }) })).toBe(
			'accepted',
		);
		expect(outcome(delivery({ event: 'webhook.test' }, { headers: {} }), { anyEvent: true })).toBe('signature_missing');
	});

	it('pass on unverified deliveries only when told to, and mark them', () => {
		const unsigned = delivery({ id: 'x', event: 'thing.made' }, { headers: {} });
		expect(outcome(unsigned)).toBe('signature_missing');
		expect(receive(acme(), unsigned, { ...settings, acceptUnverified: true })).toMatchObject({
			outcome: 'accepted',
			verifiedBy: undefined,
		});
		expect(receive(acme(), delivery({ event: 'thing.made' }), settings)).toMatchObject({
			verifiedBy: 'x-acme-signature',
		});
	});

	it("obey the provider's own filter", () => {
		const provider = acme({ receiving: { ...acme().receiving, wanted: ({ n }, _event, options) => n === options.n } });
		expect(outcome(delivery({ event: 'thing.made', n: 1 }), { options: { n: 2 } }, provider)).toBe('not_wanted');
		expect(outcome(delivery({ event: 'thing.made', n: 2 }), { options: { n: 2 } }, provider)).toBe('accepted');
	});
});

describe('the delivery id', () => {
	const idOf = (payload: Json | Buffer, more: Partial<Delivery> = {}, changed: Partial<ReceiveSettings> = {}) => {
		const verdict = receive(acme(), delivery(payload, more), { ...settings, ...changed });
		if (verdict.outcome !== 'accepted') throw new Error(JSON.stringify(verdict));
		return verdict.deliveryId;
	};

	it("is the event type with the service's own id where there is one, whatever else was sent", () => {
		const id = idOf({ id: 'evt_9', event: 'thing.made' });
		expect(idOf({ id: 'evt_9', event: 'thing.made', attempt: 2 })).toBe(id);
		expect(idOf({ id: 'evt_8', event: 'thing.made' })).not.toBe(id);
	});

	it('is otherwise the event type with a hash of the bytes', () => {
		const id = idOf({ event: 'thing.made', n: 1 });
		expect(id).toMatch(/^thing\.made:[0-9a-f]{64}$/);
		expect(idOf({ event: 'thing.made', n: 1 })).toBe(id);
		expect(idOf(Buffer.from('{ "event": "thing.made", "n": 1 }'))).not.toBe(id);
	});

	it('differs by the event type that the URL names', () => {
		const provider = { proof: proof(URL_TOKEN), secrets: [{ value: 't' }], events: ['a', 'b'] };
		const ids = ['a', 'b'].map((event) => idOf({ n: 1 }, { query: { event, token: 't' } }, provider));
		expect(ids[0]).not.toBe(ids[1]);
	});

	it('says when equal payloads may be two events', () => {
		const verdict = (event: string) =>
			receive(acme(), delivery({ event }), { ...settings, events: ['thing.made', 'thing.lost'] });
		expect(verdict('thing.lost')).toMatchObject({ lookAlike: true });
		expect(verdict('thing.made')).toMatchObject({ lookAlike: false });
	});
});

describe('what a service asks before it delivers', () => {
	const asked = (challenge: Challenge): Provider => ({ ...acme(), receiving: { ...acme().receiving, challenge } });
	const get = asked({ method: 'get', parameter: 'challenge', tokenParameter: 'token' });
	const slack: Challenge = { method: 'post', when: ['type'], is: 'check', text: ['data', 'text'], echo: 'text' };
	const byGet = (query: Delivery['query'], provider = get, more: Partial<ReceiveSettings> = {}) =>
		receive(
			provider,
			{ body: Buffer.alloc(0), headers: {}, query, method: 'GET' },
			{ proof: proof(HMAC), secrets: [{ value: 'token of ours' }], events: [], options: {}, ...more },
		);
	const byPost = (challenge: Challenge, payload: JsonObject, secret: string, more: Partial<ReceiveSettings> = {}) => {
		const body = JSON.stringify(payload);
		return receive(
			asked(challenge),
			{ body: Buffer.from(body), headers: sign(HMAC, { body, secret }).headers, query: {} },
			{ proof: proof(HMAC), secrets: [{ value: 'other' }, { value: 'ours' }], events: [], options: {}, ...more },
		);
	};

	it.each<[Delivery['query'], object]>([
		[
			{ token: 'token of ours', challenge: '12<3' },
			{ outcome: 'challenged', answer: '12<3' },
		],
		[
			{ token: 'another', challenge: '123' },
			{ outcome: 'rejected', reason: 'token_mismatch' },
		],
		[
			{ token: ['token of ours'], challenge: '123' },
			{ outcome: 'rejected', reason: 'token_mismatch' },
		],
		[{ challenge: '123' }, { outcome: 'rejected', reason: 'token_missing' }],
		[
			{ token: '', challenge: '123' },
			{ outcome: 'rejected', reason: 'token_missing' },
		],
		[
			{ token: 'token of ours', challenge: '' },
			{ outcome: 'ignored', reason: 'malformed' },
		],
		[{ token: 'token of ours' }, { outcome: 'ignored', reason: 'malformed' }],
		[
			{ token: 'token of ours', challenge: ['1', '2'] },
			{ outcome: 'ignored', reason: 'malformed' },
		],
	])('is echoed by GET to who knows the token: %j', (query, expected) => {
		expect(byGet(query)).toMatchObject(expected);
		expect(byGet(query, get, { acceptUnverified: true })).toMatchObject(expected);
	});

	it('is refused by GET where nothing is asked that way, and with tokens of its own', () => {
		const query = { token: 'token of ours', challenge: '123' };
		for (const provider of [acme(), asked(slack)])
			expect(byGet(query, provider)).toMatchObject({ outcome: 'rejected', reason: 'signature_missing' });
		expect(byGet(query, get, { challengeTokens: [{ value: 'its own' }] })).toMatchObject({ outcome: 'rejected' });
		expect(byGet(query, get, { challengeTokens: [{ value: '' }] })).toMatchObject({ outcome: 'rejected' });
	});

	it('is echoed by POST, signed where that is asked, with the secret that proved it', () => {
		const payload = { type: 'check', data: { text: 'abc' } };
		expect(byPost(slack, payload, 'ours')).toEqual({ outcome: 'challenged', answer: { text: 'abc' } });
		const signed = createHmac('sha256', 'ours').update('abc').digest('hex');
		expect(byPost({ ...slack, hmac: 'signed' }, payload, 'ours')).toEqual({
			outcome: 'challenged',
			answer: { text: 'abc', signed },
		});
	});

	it('is no challenge to a stranger, whatever is accepted otherwise, and no event when its text is missing', () => {
		const payload = { type: 'check', data: { text: 'abc' } };
		for (const acceptUnverified of [false, true]) {
			expect(byPost(slack, payload, 'a stranger', { acceptUnverified })).toMatchObject({
				...{ outcome: 'rejected', reason: 'signature_mismatch' },
			});
		}
		for (const data of [{}, { text: '' }, { text: 7 }] as JsonObject[])
			expect(byPost(slack, { type: 'check', data }, 'ours')).toMatchObject({
				...{ outcome: 'ignored', reason: 'malformed', detail: 'the challenge has no text to answer' },
			});
		expect(byPost(slack, { type: 'other', data: { text: 'abc' } }, 'ours').outcome).toBe('accepted');
	});
});

it('reads event type and id from headers where a service names them there', () => {
	const provider = { ...acme(), receiving: { ...acme().receiving, eventHeader: 'x-event', eventIdHeader: 'x-id' } };
	const send = (more: Delivery['headers']) => {
		const body = '{"event":"thing.lost","id":"in the body"}';
		const { headers } = sign(HMAC, { body, secret: 'ours' });
		return receive(
			provider,
			{ body: Buffer.from(body), headers: { ...headers, ...more }, query: {} },
			{ proof: proof(HMAC), secrets: [{ value: 'ours' }], events: ['thing.made'], options: {} },
		);
	};
	expect(send({ 'x-event': 'thing.made', 'x-id': 'one' })).toMatchObject({
		...{ event: 'thing.made', deliveryId: '["thing.made","one"]' },
	});
	expect(send({ 'x-event': 'thing.lost', 'x-id': 'one' })).toMatchObject({ reason: 'event_not_subscribed' });
	for (const none of [undefined, '', ['one', 'two']])
		expect(send({ 'x-event': 'thing.made', 'x-id': none })).toMatchObject({
			deliveryId: expect.stringMatching(/^thing\.made:[0-9a-f]{64}$/) as string,
		});
});

describe('what a service gets to read', () => {
	it.each<[string, Parameters<typeof answer>[0], ReturnType<typeof answer>]>([
		['a challenge', { outcome: 'challenged', answer: '12<3' }, { status: 200, body: '12<3' }],
		['a challenge in JSON', { outcome: 'challenged', answer: { text: 'a' } }, { status: 200, body: { text: 'a' } }],
		[
			'a repeat',
			{ outcome: 'repeated', event: 'thing.made', deliveryId: 'one' },
			{ status: 200, body: { verdict: 'repeated', reason: 'already_received' } },
		],
		[
			'what is ignored',
			{ outcome: 'ignored', reason: 'not_wanted', event: 'thing.made', detail: 'a secret of the body' },
			{ status: 200, body: { verdict: 'ignored', reason: 'not_wanted' } },
		],
	])('of %s', (_, verdict, expected) => {
		expect(answer(verdict)).toEqual(expected);
	});

	it('of what is accepted: that, and nothing that came in', () => {
		const verdict = receive(acme(), delivery({ event: 'thing.made', password: 'hunter2' }), settings);
		expect(answer(verdict)).toEqual({ status: 200, body: { verdict: 'accepted' } });
	});
});

describe('what is ignored', () => {
	it.each<[string, JsonObject | Json[], string]>([
		['an event type that was not chosen', { event: 'thing.lost' }, 'thing.lost is not one of the chosen events'],
		['what holds no object', [1, 2], 'the body holds no object, so it cannot become an item'],
		['what the filter leaves out', { event: 'thing.made', n: 1 }, "it does not match the trigger's filter"],
	])('says why, for the log: %s', (_, payload, detail) => {
		const provider = acme({ receiving: { ...acme().receiving, wanted: ({ n }) => n !== 1 } });
		expect(receive(provider, delivery(payload), settings)).toMatchObject({ outcome: 'ignored', detail });
	});

	it('is nothing while a person listens, whatever the filter says', () => {
		const provider = acme({ receiving: { ...acme().receiving, wanted: () => false } });
		expect(outcome(delivery({ event: 'thing.made' }), { anyEvent: true }, provider)).toBe('accepted');
	});
});

describe('bodies that are not JSON', () => {
	const forms = acme({
		receiving: {
			...acme().receiving,
			formats: ['json', 'form'],
			normalise: (payload, format) => ({ ...(payload as JsonObject), format }),
			item: (payload, event) => ({ ...payload, seen: event ?? '' }),
		},
	});
	const sent = (text: string, contentType: string | string[]) => {
		const given = delivery(Buffer.from(text));
		return receive(forms, { ...given, headers: { ...given.headers, 'content-type': contentType } }, settings);
	};

	it('are read as what their header says, and brought into one form', () => {
		expect(sent('event=thing.made&n=1', 'application/x-www-form-urlencoded')).toMatchObject({
			...{ outcome: 'accepted', event: 'thing.made' },
			payload: { event: 'thing.made', n: '1', format: 'form' },
			items: [{ event: 'thing.made', n: '1', format: 'form', seen: 'thing.made' }],
		});
	});

	it('leave JSON as it came', () => {
		expect(sent('{"event":"thing.made"}', 'application/json')).toMatchObject({
			...{ payload: { event: 'thing.made' }, items: [{ event: 'thing.made', seen: 'thing.made' }] },
		});
	});

	it('make an item of each event, each with the event type of the whole', () => {
		expect(sent('[{"event":"thing.made","n":1},{"n":2}]', 'application/json')).toMatchObject({
			items: [
				{ n: 1, seen: 'thing.made' },
				{ n: 2, seen: 'thing.made' },
			],
		});
	});
});

it('an empty token proves nothing, whatever secrets there are', () => {
	const given = delivery({}, { query: { event: 'thing.made', token: '' } });
	for (const secrets of [[{ value: '' }], [{ value: ' ' }], [{ value: 'token' }], [{ value: '' }, { value: 'token' }]])
		expect(outcome(given, { proof: proof(URL_TOKEN), secrets })).toMatch(/^(?:token_|secret_not_configured)/);
});
