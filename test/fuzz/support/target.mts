/**
 * What the coverage-guided fuzzer runs, over and over: every reader of what a stranger sends. `fuzz` throws on whatever must never
 * be; the fuzzer looks for bytes that get it there, and so reports a throw, a hang or memory without end as well.
 */
import { createHmac } from 'node:crypto';
import { inRanges, parseRanges } from '../../../core/address.ts';
import { readBody } from '../../../core/body.ts';
import type { Format } from '../../../core/provider.ts';
import { answer, receive } from '../../../core/receive.ts';
import { sign, type Delivery } from '../../../core/signature.ts';
import { providers } from '../../../providers/index.ts';

const SECRET = 'a secret of ours';
const AT = 1_700_000_000;
const FORMATS: readonly Format[] = ['json', 'xml', 'form'];
const TYPES = [undefined, 'application/json', 'application/xml', 'application/x-www-form-urlencoded'];
const RANGES = parseRanges('203.0.113.0/24, 2001:db8::/32');
const PROOFS = providers.flatMap((provider) => provider.receiving.proofs.map((proof) => ({ provider, proof })));

/** The first byte chooses what is tried, the second the service, the rest is the input. */
export function fuzz(data: Buffer): void {
	const [what = 0, which = 0] = data;
	const input = data.subarray(2);
	const { provider, proof } = PROOFS[which % PROOFS.length]!;
	const settings = {
		proof,
		secrets: [{ value: SECRET }],
		events: provider.events.map(({ name }) => name),
		options: {},
		now: AT * 1000,
	};
	switch (what % 4) {
		case 0: {
			// Any body in any format: read as plain data, or refused in a clause.
			const read = readBody(input, TYPES[which % TYPES.length], FORMATS);
			if (read.ok) JSON.stringify(read.payload);
			else must(/^[^<{[]{10,120}$/.test(read.reason), 'a refusal is a clause that quotes nothing');
			must(!('polluted' in {}), 'no prototype was changed');
			return;
		}
		case 1: {
			// Any body with a valid proof: passed on, or answered with 200.
			const { headers, query } = sign(proof.scheme, { body: input, secret: SECRET, at: AT });
			const event = { event: provider.events[0].name };
			const verdict = receive(provider, { body: input, headers, query: { ...event, ...query } }, settings);
			must(answer(verdict).status === 200, 'after the proof nothing is refused');
			return;
		}
		case 2: {
			// Any header and token over a fixed body: proved only by one of the few texts that prove it.
			const body = Buffer.from('{"id":"evt_1"}');
			const text = input.toString('latin1');
			const header = 'header' in proof.scheme ? proof.scheme.header : 'x-none';
			const delivery: Delivery = {
				body,
				headers: { [header]: text },
				query: { token: text, event: provider.events[0].name },
			};
			const verdict = receive(provider, delivery, settings);
			const digest = createHmac('sha256', SECRET).update(body).digest('hex');
			const stamped = createHmac('sha256', SECRET).update(`${AT}.`).update(body).digest('hex');
			const known = text === SECRET || text.includes(digest) || text.includes(stamped);
			must(verdict.outcome === 'rejected' || known, 'nothing else is a proof');
			return;
		}
		default: {
			// Any source address.
			const text = input.toString('latin1');
			const inside = inRanges(text, RANGES);
			must(!inside || /^(203\.0\.113\.\d{1,3}|[0-9a-f:.]+(%.*)?)$/is.test(text), 'only addresses are allowed');
		}
	}
}

function must(holds: boolean, what: string): void {
	if (!holds) throw new Error(what);
}
