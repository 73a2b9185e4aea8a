/**
 * Nothing left behind on Zapier: a fault at every call of switching a Zap on and off, from the apps' real `build.zip`. Zapier stores
 * nothing of a Zap that could not be switched on, and asks nobody a second time to remove a webhook; so an app has to leave nothing
 * by itself, and where the service does not let it, to tell the person.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { providers } from '../../providers/index.ts';
import type { CallFault } from '../../sandbox/faults.mts';
import type { AppName } from '../../zapier/apps.mts';
import { baseUrlVariable } from '../../zapier/shared/transport.mts';
import { freshBuild } from '../../harness/zapier/builds.mts';
import { startService, type Service } from '../../harness/zapier/sandbox.mts';
import { credentialsOf, isStatic, triggerKey } from '../zapier/support/suite.mts';
import { startZapier, type Connection, type Zap, type Zapier } from '../../harness/zapier/zapier.mts';
import { record } from '../support/results.mts';

const KINDS: readonly CallFault[] = [
	{ kind: 'refuse' },
	{ kind: 'answer-lost' },
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 429, retryAfter: 1 },
];

/** How it can end: as if nothing had happened; switched on or off as asked at the second try of the app; or a person was told what is left. */
type Outcome = 'done' | 'nothing left' | 'told';

describe('a fault at every call, in Zapier', { timeout: 240_000 }, () => {
	const figures: Array<Record<string, string | number>> = [];
	after(() => record(import.meta.dirname, 'left-behind-zapier', 'A fault at every call, in Zapier', figures));

	for (const provider of providers.filter((one) => !isStatic(one))) {
		describe(provider.name, () => {
			const [{ name: event }] = provider.events;
			const trigger = triggerKey(event);
			let service: Service;
			let zapier: Zapier;
			let connection: Connection;

			before(async () => {
				const app = provider.id as AppName;
				service = await startService(app);
				zapier = await startZapier(await freshBuild(app), { env: { [baseUrlVariable(provider)]: service.baseUrl } });
				connection = await zapier.connect(credentialsOf(provider));
			});
			after(async () => {
				await zapier?.stop();
				await service?.close();
			});

			/** A sentence names what is left by its id; where the service gives none, by its event and URL. */
			const names = (said: string, { id, url, events }: { id: string; url: string; events: readonly string[] }) =>
				said.includes(id) || (said.includes(url.replace(/\?.*$/, '')) && events.every((one) => said.includes(one)));

			/** The Zap that is on has one webhook, and what comes by it is verified. */
			async function works(zap: Zap): Promise<void> {
				assert.equal((await service.subscriptions()).filter(({ active }) => active).length, 1);
				await service.raise(event);
				await zapier.settled();
				assert.ok(zapier.runsOf(zap).length > 0, 'the Zap ran');
			}

			async function switchOn(): Promise<Outcome> {
				let zap: Zap | undefined;
				let said = '';
				try {
					zap = await zapier.turnOn(connection, trigger);
				} catch (cause) {
					said = String(cause);
				}
				await service.fail({});
				const left = await service.subscriptions();
				if (zap !== undefined) {
					await works(zap);
					await zapier.turnOff(zap);
					assert.deepEqual(await service.subscriptions(), []);
					return 'done';
				}
				if (left.length === 0) return 'nothing left';
				// One whose making was not answered has no id that anybody here could know.
				for (const one of left) {
					assert.ok(names(said, one) || said.includes('may have made the webhook all the same'), said);
					await service.removeByHand(one.id);
				}
				return 'told';
			}

			async function switchOff(fault: CallFault): Promise<Outcome> {
				const zap = await zapier.turnOn(connection, trigger);
				await service.fail({ calls: [fault] });
				let said = '';
				try {
					await zapier.turnOff(zap);
				} catch (cause) {
					said = String(cause);
				}
				await service.fail({});
				const left = await service.subscriptions();
				for (const one of left) {
					assert.ok(names(said, one), `${one.id} is left and was not named: ${said}`);
					await service.removeByHand(one.id);
				}
				if (left.length > 0) return 'told';
				return said === '' ? 'done' : 'nothing left';
			}

			it('leaves nothing behind that the person is not told of', async () => {
				const count = async () => (await service.calls()).length;
				const start = await count();
				const zap = await zapier.turnOn(connection, trigger);
				const on = (await count()) - start;
				await zapier.turnOff(zap);
				const calls = { 'switch on': on, 'switch off': (await count()) - start - on };
				assert.ok(calls['switch on'] > 0 && calls['switch off'] > 0);

				for (const phase of ['switch on', 'switch off'] as const) {
					const outcomes: Outcome[] = [];
					for (let call = 0; call < calls[phase]; call++) {
						for (const kind of KINDS) {
							for (const lasting of [{ count: 1 }, {}]) {
								const fault: CallFault = { ...kind, after: call, ...lasting };
								try {
									if (phase === 'switch on') {
										await service.fail({ calls: [fault] });
										outcomes.push(await switchOn());
									} else outcomes.push(await switchOff(fault));
								} catch (cause) {
									const why = cause instanceof Error ? cause.message : String(cause);
									throw new Error(`${phase}, ${JSON.stringify(fault)}: ${why}`, { cause });
								}
								assert.deepEqual(await service.subscriptions(), []);
							}
						}
					}
					const of = (wanted: Outcome) => outcomes.filter((one) => one === wanted).length;
					figures.push({
						service: provider.name,
						phase,
						calls: calls[phase],
						faults: outcomes.length,
						done: of('done'),
						'nothing left': of('nothing left'),
						told: of('told'),
					});
				}
			});
		});
	}
});
