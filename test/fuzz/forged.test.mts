/**
 * Nothing forged. The quick form: 60,000 forged deliveries, and genuine ones next to them. A million: `npm run test:fuzz -- --long`, or
 * `node test/fuzz/run.mts`, which says how far it is.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseRanges } from '../../core/address.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { answer, receive, type Verdict } from '../../core/receive.ts';
import type { Delivery } from '../../core/signature.ts';
import { forge } from './support/forge.mts';
import { genuine, headerOf, nameOf, ORIGINS, PROOFS, signed, type Draft, type Origin } from './support/genuine.mts';
import { ALTERATIONS } from './support/mutations.mts';
import { LONG, report, runsAsked, seedAsked } from './support/report.mts';

const secret = fc.string({ minLength: 1, maxLength: 70 }).filter((text) => /\S/.test(text));
const origin = fc.constantFrom(...ORIGINS);
const AT = 1_700_000_000;

function received(draft: Draft, more: { events?: readonly string[] } = {}): Verdict {
	const { origin, keys, now } = draft;
	return receive(origin.provider, draft as unknown as Delivery, {
		proof: origin.proof,
		secrets: keys,
		events: [origin.event.name],
		options: {},
		now: now * 1000,
		...more,
	});
}

describe('a forged delivery', () => {
	const runs = runsAsked(60_000);
	it(`is never accepted, and nothing throws: ${runs} of them`, { timeout: 30 * 60_000 }, () => {
		const seed = seedAsked();
		console.log(`${runs} forged deliveries, seed ${seed} (HOOKLINE_FUZZ_SEED=${seed} repeats them)`);
		const begun = performance.now();
		const tally = forge({ runs, seed });
		const seconds = (performance.now() - begun) / 1000;
		console.log(report(tally, { seconds, seed, table: runs >= LONG }).join('\n'));
		assert.equal(tally.forged, runs);
		const untried = Object.keys(ALTERATIONS).filter((name) => (tally.byAlteration.get(name)?.forged ?? 0) === 0);
		// Alone these alter nothing that is proved, so they count only together with others: with enough runs all are met.
		if (runs >= 10_000) assert.deepEqual(untried, [], 'every alteration was tried');
	});
});

describe('a genuine delivery', () => {
	it('is accepted as it was sent, for every service, proof, format and event', () => {
		for (const one of ORIGINS) {
			const verdict = received(genuine(one, 'a secret of ours', AT));
			assert.equal(verdict.outcome, 'accepted', `${nameOf(one)} ${one.event.name} ${one.format}`);
		}
	});

	it('is proved in no way but its own', () => {
		for (const one of ORIGINS) {
			for (const [other] of PROOFS as readonly (readonly [Origin])[]) {
				if (nameOf(other) === nameOf(one)) continue;
				const { keys: _own, ...draft } = genuine(one, 'the same secret', AT);
				const verdict = received({ ...draft, origin: other, keys: [{ value: 'the same secret' }] });
				const sameHeader = headerOf(other.proof.scheme) === headerOf(one.proof.scheme) && 'header' in one.proof.scheme;
				assert.equal(verdict.outcome, sameHeader ? 'accepted' : 'rejected', `${nameOf(one)} at ${nameOf(other)}`);
			}
		}
	});

	it('of any content is passed on or answered by rule: payload, spacing, content type, subscription', () => {
		fc.assert(
			fc.property(
				origin,
				secret,
				fc.oneof(
					fc.jsonValue(),
					fc.dictionary(fc.string(), fc.jsonValue()),
					fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
				),
				fc.nat({ max: 4 }),
				fc.option(
					fc.constantFrom('application/json', 'text/plain', 'application/vnd.example+json; charset=utf-16', ';;'),
					{ nil: undefined },
				),
				fc.boolean(),
				(from, key, value, spaces, type, subscribed) => {
					const payload = JSON.parse(JSON.stringify(value)) as Json;
					const json: Origin = { ...from, format: 'json' };
					const body = Buffer.from(JSON.stringify(payload, null, spaces));
					const around = signed(json, body, key, AT);
					const draft: Draft = { origin: json, body, ...around, secret: key, signedAt: AT, now: AT };
					draft.headers['content-type'] = type;
					const verdict = received(draft, subscribed ? {} : { events: ['another.event'] });
					assert.notEqual(verdict.outcome, 'rejected');
					assert.equal(answer(verdict).status, 200);
					const objects = [payload]
						.flat()
						.filter((one): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one));
					if (objects.length === 0) {
						// `5` and `"x"` are bodies of a form, too, where a service sends forms.
						if (json.provider.receiving.formats.length === 1)
							assert.equal('reason' in verdict && verdict.reason, 'malformed');
						return;
					}
					const named =
						from.proof.scheme.kind === 'url-token' ? from.event.name : json.provider.receiving.eventOf?.(objects[0]!);
					const wanted = from.proof.anyEvent || !named || (subscribed && named === from.event.name);
					assert.equal(verdict.outcome, wanted ? 'accepted' : 'ignored');
					if (verdict.outcome !== 'accepted') return;
					// What goes out is what was verified, and own keys only.
					const items =
						from.proof.scheme.kind === 'url-token' ? objects.map((one) => ({ ...one, event: named })) : objects;
					assert.equal(JSON.stringify(verdict.items), JSON.stringify(items));
				},
			),
			{ numRuns: 3000 },
		);
	});

	it('from outside the allowed sources is refused before its proof is looked at', () => {
		fc.assert(
			fc.property(origin, secret, fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (from, key, source) => {
				const draft = genuine(from, key, AT);
				const allowed = ['203.0.113.0/24', '2001:db8::/32'];
				const inside = /^203\.0\.113\.\d+$/.test(source) || /^2001:0?db8:/i.test(source);
				const verdict = receive(
					from.provider,
					{ ...(draft as unknown as Delivery), source },
					{
						proof: from.proof,
						secrets: draft.keys,
						events: [from.event.name],
						options: {},
						now: AT * 1000,
						allowedSources: parseRanges(allowed.join()),
					},
				);
				assert.equal(verdict.outcome === 'rejected' && verdict.reason === 'source_not_allowed', !inside);
			}),
			{ numRuns: 1000 },
		);
	});
});
