/**
 * The property: a delivery without a valid proof is refused, whatever was done to it, and one with a valid proof is not.
 * Whether the proof is valid is decided by `oracle.mts`, not by the code under test.
 */
import assert from 'node:assert/strict';
import { parse } from 'node:querystring';
import fc from 'fast-check';
import { answer, receive, type Verdict } from '../../../core/receive.ts';
import type { Delivery } from '../../../core/signature.ts';
import { deliveryOf, proofOf } from '../../../zapier/shared/receiving.mts';
import { genuine, nameOf, PROOFS, type Draft, type Origin } from './genuine.mts';
import { ALTERATIONS, type Chance } from './mutations.mts';
import { isProven, isTimed, type Came } from './oracle.mts';

/** One case, as it is drawn and, when it fails, printed. */
interface Case {
	proof: number;
	origin: number;
	secret: string;
	spaces: number;
	/** Through the Zapier adapter (text, renamed headers), or as n8n hands it over. */
	zapier: boolean;
	alterations: readonly (Chance & { which: number })[];
}

export interface Count {
	/** Deliveries without a valid proof. */
	forged: number;
	/** Those of them that were accepted. The first one ends the run. */
	accepted: number;
	/** Deliveries, forged or not, over which something threw. The first one ends the run. */
	thrown: number;
	/** Deliveries whose proof was still valid after the alteration, and which were passed on or answered by rule. */
	proved: number;
}

const NONE: Count = { forged: 0, accepted: 0, thrown: 0, proved: 0 };

/** What was tried. A delivery with two alterations counts under both. */
export interface Tally extends Count {
	byAlteration: Map<string, Count>;
	byProof: Map<string, Count>;
	/** How often each reason was given for a forged delivery. */
	byReason: Map<string, number>;
}

/** What can be said to a sender: all of it, so that nothing else can be. */
const ANSWERS: ReadonlySet<string> = new Set([
	'200 {"verdict":"accepted"}',
	...['event_not_subscribed', 'not_wanted', 'malformed'].map(
		(reason) => `200 {"verdict":"ignored","reason":"${reason}"}`,
	),
	...[
		...['signature_missing', 'signature_malformed', 'signature_mismatch', 'token_missing', 'token_mismatch'],
		...['timestamp_stale', 'secret_not_configured'],
	].map((reason) => `401 {"verdict":"rejected","reason":"${reason}"}`),
]);

const SIGNED_AT = 1_700_000_000;

/** The alterations that mean something for a scheme. */
const APPLICABLE: ReadonlyMap<string, readonly string[]> = new Map(
	['hmac', 'stripe', 'url-token'].map((kind) => {
		const other = { hmac: /^(stripe|token):/, stripe: /^token:/, 'url-token': /^(stripe|header|body):/ }[kind]!;
		return [kind, Object.keys(ALTERATIONS).filter((name) => !other.test(name))];
	}),
);

const chance = {
	which: fc.noBias(fc.nat()),
	a: fc.noBias(fc.nat()),
	b: fc.noBias(fc.nat()),
	text: fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 })),
};

const cases: fc.Arbitrary<Case> = fc.record({
	proof: fc.noBias(fc.nat({ max: PROOFS.length - 1 })),
	origin: fc.noBias(fc.nat()),
	secret: fc.oneof(
		fc.noBias(fc.bigInt({ min: 2n ** 252n, max: 2n ** 256n - 1n })).map((number) => number.toString(16)),
		fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).filter((text) => /\S/.test(text)),
	),
	spaces: fc.constantFrom(0, 0, 1, 2),
	zapier: fc.noBias(fc.nat({ max: 3 })).map((one) => one === 0),
	alterations: fc.array(fc.record(chance), { minLength: 1, maxLength: 3, size: 'small' }),
});

export interface ForgeOptions {
	/** How many forged deliveries. Those whose proof is still valid come on top. */
	runs: number;
	seed: number;
	progress?: (tally: Tally) => void;
}

const BATCH = 10_000;

/** Tries so many forgeries. Throws, with the smallest case, when one is accepted, anything throws, or a genuine one is refused. */
export function forge({ runs, seed, progress }: ForgeOptions): Tally {
	const tally: Tally = { ...NONE, byAlteration: new Map(), byProof: new Map(), byReason: new Map() };
	for (let batch = 0; tally.forged < runs; batch++) {
		fc.assert(
			fc.property(cases, (one) => {
				// What is still proved was checked too, but is no forgery: another is drawn in its place.
				fc.pre(check(one, tally) === 'forged');
			}),
			{ seed: (seed + batch) | 0, numRuns: Math.min(BATCH, runs - tally.forged), maxSkipsPerRun: 1000 },
		);
		progress?.(tally);
	}
	return tally;
}

/** Alters one delivery, has it received, and compares the verdict with the independent opinion. */
function check(one: Case, tally: Tally): 'forged' | 'proved' {
	const origins = PROOFS[one.proof] as readonly Origin[];
	const origin = origins[one.origin % origins.length] as Origin;
	const draft = genuine(origin, one.secret, SIGNED_AT, one.spaces);
	const applicable = APPLICABLE.get(
		isTimed(origin.proof.scheme) ? 'stripe' : origin.proof.scheme.kind,
	) as readonly string[];
	const names = one.alterations.map(({ which }) => applicable[which % applicable.length] as string);
	for (const [index, name] of names.entries()) ALTERATIONS[name]!(draft, one.alterations[index]!);

	const counts = [
		tally,
		count(tally.byProof, nameOf(origin)),
		...[...new Set(names)].map((name) => count(tally.byAlteration, name)),
	];
	const add = (column: keyof Count): void => counts.forEach((one) => one[column]++);
	let received: { proved: boolean; verdict: Verdict };
	try {
		received = one.zapier ? throughZapier(draft) : throughN8n(draft);
	} catch (cause) {
		add('thrown');
		throw new Error(`threw after: ${names.join(' + ')}`, { cause });
	}
	const { proved, verdict } = received;
	const kind = proved ? 'proved' : 'forged';
	add(kind);
	if (verdict.outcome === 'rejected') {
		tally.byReason.set(verdict.reason, (tally.byReason.get(verdict.reason) ?? 0) + 1);
	} else if (!proved) {
		add('accepted');
	}
	assert.equal(
		verdict.outcome !== 'rejected',
		proved,
		`${verdict.outcome}, though ${kind}, after: ${names.join(' + ')}`,
	);
	const { status, body } = answer(verdict);
	const said = `${status} ${JSON.stringify(body)}`;
	assert.ok(ANSWERS.has(said), `answered ${said} after: ${names.join(' + ')}`);
	return kind;
}

function count(counts: Map<string, Count>, name: string): Count {
	const known = counts.get(name) ?? { ...NONE };
	counts.set(name, known);
	return known;
}

/** As n8n's request object holds it: bytes, lower-case header names, whatever the query parser made. */
function throughN8n(draft: Draft): { proved: boolean; verdict: Verdict } {
	const { provider, proof } = draft.origin;
	const came: Came = {
		body: draft.body,
		header: (name) => draft.headers[name],
		query: draft.query,
	};
	const delivery = { body: draft.body, headers: draft.headers, query: draft.query } as Delivery;
	return {
		proved: isProven(proof.scheme, came, draft.keys, draft.now * 1000),
		verdict: receive(provider, delivery, { proof, ...settingsOf(draft) }),
	};
}

/** As Zapier hands it over: the body as text, renamed headers, the query string as it came; either proof counts. */
function throughZapier(draft: Draft): { proved: boolean; verdict: Verdict } {
	const { provider } = draft.origin;
	const querystring = queryText(draft.query);
	const content = draft.body.toString('utf8');
	const came: Came = {
		body: Buffer.from(content),
		header: (name) => draft.headers[name],
		query: parse(querystring),
	};
	const headers = Object.fromEntries(
		Object.entries(draft.headers).map(([name, value]) => [name === 'content-type' ? name : `Http-${name}`, value]),
	);
	const delivery = deliveryOf({ rawRequest: { content, headers, querystring } } as never);
	assert.ok(delivery);
	return {
		proved: provider.receiving.proofs.some(({ scheme }) => isProven(scheme, came, draft.keys, draft.now * 1000)),
		verdict: receive(provider, delivery, { proof: proofOf(provider, delivery), ...settingsOf(draft) }),
	};
}

/** A query string can only say texts, several times. */
function queryText(query: Draft['query']): string {
	const pairs = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		for (const one of [value].flat()) pairs.append(name, typeof one === 'string' ? one : JSON.stringify(one ?? ''));
	}
	return pairs.toString();
}

function settingsOf({ origin, keys, now }: Draft) {
	return { secrets: keys, events: [origin.event.name], options: {}, now: now * 1000 };
}
