/** An event is what was delivered: over all services, every proof and every shape that an id can take. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { deliveryIdOf } from '../../../core/identity.ts';
import type { Proof, Provider, Scheme } from '../../../core/provider.ts';
import { receive } from '../../../core/receive.ts';
import { sign } from '../../../core/signature.ts';
import { providers } from '../../../providers/index.ts';

/** Base64, so that it is a key of every scheme. */
const SECRET = 'YSBtYWRlLXVwIHNlY3JldA==';
const AT = 1_800_000_000;
const HOOK = 'https://n8n.example.com/webhook/abc/webhook';

/** The id that a service's signed delivery gets; undefined when it makes no item. */
function idOf(provider: Provider, proof: Proof, body: string, event: string): string | undefined {
	// Where a service gives each delivery an ID in a header, another delivery has another.
	const id = createHash('sha256').update(body).digest('hex');
	const signed = sign(proof.scheme, { body, secret: SECRET, at: AT, id, url: HOOK });
	const named = eventParameterOf(proof.scheme);
	const verdict = receive(
		provider,
		{
			body: Buffer.from(body),
			url: HOOK,
			method: 'POST',
			headers: { 'content-type': 'application/json', ...signed.headers },
			query: { ...signed.query, ...(named === undefined ? {} : { [named]: event }) },
		},
		{
			proof,
			secrets: [{ value: SECRET }],
			events: provider.events.map(({ name }) => name),
			options: {},
			anyEvent: true,
			now: AT * 1000,
		},
	);
	return verdict.outcome === 'accepted' ? verdict.deliveryId : undefined;
}

function eventParameterOf(scheme: Scheme): string | undefined {
	return 'eventParameter' in scheme ? scheme.eventParameter : undefined;
}

const rows = providers.flatMap((provider) =>
	provider.receiving.proofs.map((proof) => [`${provider.name}, ${proof.label}`, provider, proof] as const),
);

/** Payloads that services really send, and what could be mistaken for an id in them. */
const ids = fc.oneof(
	fc.constantFrom('', ' ', null, 0, 42, '42', 12345678901234567000, 'x'.repeat(201), [], {}, true),
	fc.string({ maxLength: 12 }),
);
const payloads = fc.record(
	{ id: ids, event_id: ids, created_at: ids, type: ids, event: ids, event_type: ids, objectid: ids, n: fc.nat(3) },
	{ requiredKeys: ['n'] },
);

describe.each(rows)('%s', (_name, provider, proof) => {
	const [first, second] = provider.events.map(({ name }) => name);

	test('a byte-for-byte repeat shares the id', () => {
		fc.assert(
			fc.property(payloads, (payload) => {
				const body = JSON.stringify(payload);
				expect(idOf(provider, proof, body, first!)).toBe(idOf(provider, proof, body, first!));
			}),
		);
	});

	test('deliveries that differ anywhere never share an id, unless the service named both by one documented id', () => {
		fc.assert(
			fc.property(payloads, payloads, (one, other) => {
				const [a, b] = [one, other].map((payload) => JSON.stringify(payload)) as [string, string];
				if (a === b || isOneByDocument(provider, one, other)) return;
				expect(idOf(provider, proof, a, first!)).not.toBe(idOf(provider, proof, b, first!));
			}),
			{ numRuns: 300 },
		);
	});

	test.each([
		['an empty id', '{"id":"","created_at":"","n":1}', '{"id":"","created_at":"","n":2}'],
		['a blank id', '{"id":" ","created_at":" ","n":1}', '{"id":" ","created_at":" ","n":2}'],
		['ids beyond the exact numbers', '{"id":12345678901234567890}', '{"id":12345678901234567891}'],
		['an id that is a number', '{"id":42,"created_at":1,"n":1}', '{"id":42,"created_at":1,"n":2}'],
		['an id over 200 characters', `{"id":"${'x'.repeat(201)}","n":1}`, `{"id":"${'x'.repeat(201)}","n":2}`],
		['white space', '{"n":1}', '{"n": 1}'],
		['the order of names', '{"a":1,"b":2}', '{"b":2,"a":1}'],
		['a number as it is written', '{"n":1.0}', '{"n":1}'],
		['a name given twice', '{"n":1,"n":2}', '{"n":2}'],
		[
			'the second of several events',
			'[{"id":"evt_1","created_at":"x"},{"n":1}]',
			'[{"id":"evt_1","created_at":"x"},{"n":2}]',
		],
	])('%s: both arrive', (_what, a, b) => {
		const [one, other] = [idOf(provider, proof, a, first!), idOf(provider, proof, b, first!)];
		expect(one).toBeDefined();
		expect(one).not.toBe(other);
	});

	test('two event types never share an id', () => {
		// A service with one event type has no two.
		if (second === undefined) return;
		const bodyOf = (event: string) =>
			JSON.stringify({ id: 'evt_1', created_at: '2026-02-02T10:30:00Z', type: event, event, event_type: event });
		expect(idOf(provider, proof, bodyOf(first!), first!)).not.toBe(idOf(provider, proof, bodyOf(second), second));
	});
});

/** Whether two payloads carry the same id, event type and all, where the service documents its id as unique. */
function isOneByDocument({ receiving }: Provider, one: object, other: object): boolean {
	if (receiving.eventId === undefined || receiving.eventOf === undefined) return false;
	const [a, b] = [one, other].map((payload) => ({
		own: receiving.eventId!(payload as never),
		event: receiving.eventOf!(payload as never) || undefined,
	}));
	const whole = (parts: readonly unknown[]) => parts.every((part) => typeof part === 'string' && part.trim() !== '');
	return whole(a!.own) && a!.event === b!.event && JSON.stringify(a!.own) === JSON.stringify(b!.own);
}

describe('deliveryIdOf', () => {
	const body = Buffer.from('{}');

	test('no two lists of parts read alike', () => {
		const lists = [['a', 'b'], ['a","b'], ['a:b'], ['a', 'b', 'c'], ['b', 'a'], ['ab']];
		expect(new Set(lists.map((own) => deliveryIdOf('e', body, own))).size).toBe(lists.length);
	});

	test('one unusable part makes the whole id unusable', () => {
		for (const own of [[], ['a', undefined], ['a', ''], ['a', '\t'], ['a', 1], ['a', 'x'.repeat(201)], [null]]) {
			expect(deliveryIdOf('e', body, own)).toBe(deliveryIdOf('e', body));
		}
		expect(deliveryIdOf('e', body, ['a', 'x'.repeat(200)])).not.toBe(deliveryIdOf('e', body));
	});

	test('no event type is an event type of its own', () => {
		expect(deliveryIdOf(undefined, body)).not.toBe(deliveryIdOf('e', body));
		expect(deliveryIdOf(undefined, body, ['a'])).not.toBe(deliveryIdOf('e', body, ['a']));
	});
});
