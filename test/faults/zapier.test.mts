/**
 * The same counts from the Zapier apps' real `build.zip`. Zapier answers a service before the app runs, and runs the app once for each
 * delivery: what reaches a Zap twice is up to the app's claims in Zapier's cache.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Provider } from '../../core/provider.ts';
import { solarProof } from '../../providers/solar-proof/provider.ts';
import { solatis } from '../../providers/solatis/provider.ts';
import { solve360 } from '../../providers/solve360/provider.ts';
import type { DeliveryFaults } from '../../sandbox/faults.mts';
import type { AppName } from '../../zapier/apps.mts';
import { baseUrlVariable } from '../../zapier/shared/transport.mts';
import { freshBuild } from '../../harness/zapier/builds.mts';
import { startService, type Service } from '../../harness/zapier/sandbox.mts';
import { credentialsOf, triggerKey } from '../zapier/support/suite.mts';
import { startZapier, type Zap, type Zapier } from '../../harness/zapier/zapier.mts';
import { inParallel } from '../../harness/parallel.mts';
import { LONG } from './support/form.mts';
import { idOf } from '../../harness/streams.mts';
import { record } from '../support/results.mts';

const EVENTS = LONG ? 500 : 50;

const APPS: ReadonlyArray<{ provider: Provider; event: string; id: string }> = [
	{ provider: solatis, event: 'task.created', id: 'id' },
	{ provider: solve360, event: 'items.create', id: 'objectid' },
	{ provider: solarProof, event: 'customer_created', id: 'customer_id' },
	{ provider: solarProof, event: 'customer_status_change', id: 'pkcustomerid' },
];

const SCENARIOS: ReadonlyArray<{
	name: string;
	faults: DeliveryFaults;
	events: number;
	/** One event after the other, the faults set again for each. Default: twelve at once. */
	inTurn?: true;
	cache?: 'down' | 'lost';
}> = [
	{ name: 'answers lost', faults: { drop: 'answer', count: 2 }, events: EVENTS, inTurn: true },
	{ name: 'duplicated and reordered', faults: { duplicate: 2, reorder: 12 }, events: EVENTS },
	{ name: 'bursts of 20', faults: { duplicate: 19 }, events: Math.ceil(EVENTS / 10) },
	{ name: "the cache's answers are lost", faults: { duplicate: 1 }, events: EVENTS, cache: 'lost' },
	{ name: 'the cache is down', faults: { duplicate: 1 }, events: EVENTS, cache: 'down' },
];

describe('every event raised, and what happened to it, in Zapier', { timeout: LONG ? 600_000 : 180_000 }, () => {
	const table: Array<Record<string, string | number>> = [];
	after(() => record(import.meta.dirname, 'zapier', 'Every event raised, and what happened to it: Zapier', table));

	for (const { provider, event, id } of APPS) {
		describe(`${provider.name}: ${event}`, () => {
			let service: Service;
			let zapier: Zapier;
			let zap: Zap;

			before(async () => {
				const app = provider.id as AppName;
				service = await startService(app);
				zapier = await startZapier(await freshBuild(app), { env: { [baseUrlVariable(provider)]: service.baseUrl } });
				zap = await zapier.turnOn(await zapier.connect(credentialsOf(provider)), triggerKey(event));
			});
			after(async () => {
				await zapier?.stop();
				await service?.close();
			});

			for (const { name, faults, events, inTurn, cache = 'none' } of SCENARIOS) {
				it(name, async () => {
					const at = zapier.runsOf(zap).length;
					zapier.platform.cache.fault = cache;
					await service.fail({ deliveries: faults });
					const raised = await inParallel(Array.from({ length: events }), inTurn ? 1 : 12, async () => {
						if (inTurn) await service.fail({ deliveries: faults });
						const { payload, deliveries } = await service.raise(event);
						const sent = deliveries.reduce((sum, { attempts }) => sum + attempts.length, 0);
						return { event: idOf(id)(payload), sent };
					});
					await zapier.settled();
					zapier.platform.cache.fault = 'none';

					const arrived = zapier.runsOf(zap).slice(at).map(idOf(id));
					const times = raised.map((one) => arrived.filter((other) => other === one.event).length);
					const of = (wanted: (count: number) => boolean) => times.filter(wanted).length;
					const found = { once: of((n) => n === 1), lost: of((n) => n === 0), doubled: of((n) => n > 1) };
					const sent = raised.reduce((sum, one) => sum + one.sent, 0);
					table.push({ scenario: name, stream: `${provider.name}: ${event}`, raised: events, sent, ...found });
					assert.deepEqual(zapier.failed, []);
					assert.ok(sent > events, 'deliveries came again');
					// Without the cache nothing tells a repeat: it is passed on rather than lost.
					assert.deepEqual(
						found,
						cache === 'down' ? { once: 0, lost: 0, doubled: events } : { once: events, lost: 0, doubled: 0 },
					);
				});
			}
		});
	}
});
