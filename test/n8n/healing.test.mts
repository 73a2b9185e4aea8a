/**
 * What a start of a real n8n mends, and what it leaves alone: for every service at which a trigger subscribes by itself. At the
 * end the subscriptions at the services equal the published workflows, one for one, with secrets that are known.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Workflow } from '../../harness/client.mts';
import { N8n, N8N_COMMAND } from '../../harness/n8n.mts';
import { stage, subscribing, works, type Stage } from '../../harness/stage.mts';
import { until } from '../../harness/until.mts';
import { TRIGGER } from '../../harness/workflow.mts';
import { LONG } from '../faults/support/form.mts';

/** How soon n8n takes up what it was killed at. By default two minutes. */
const SOON = {
	N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '8',
	N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '40',
	N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
};

/** How many triggers n8n starts with, and how often. The later ones only in the long form. */
const MANY = [
	{ count: 20, starts: 2 },
	{ count: 60, starts: 10 },
	{ count: 100, starts: 10 },
];

describe('a start of a real n8n', { timeout: LONG ? 7_200_000 : 1_500_000 }, () => {
	let n8n: N8n;
	const stages: Stage[] = [];

	before(async () => {
		n8n = await N8n.start({ env: SOON });
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		for (const { service } of stages) await service.close();
	});
	beforeEach(async () => {
		for (const { service, workflow } of stages.splice(0)) {
			await service.faults();
			await n8n.client.deleteWorkflow(workflow);
			await service.close();
		}
		for (const provider of subscribing) stages.push(await stage(provider, n8n.client));
	});

	async function publishAll(): Promise<void> {
		await Promise.all(
			stages.map(async ({ workflow, provider }) => {
				const { status, messages } = await n8n.client.publish(workflow);
				assert.equal(status, 'published', `${provider.name}: ${messages.join()}`);
			}),
		);
	}

	/** Starts n8n again, and waits until every published workflow has its subscriptions. */
	async function startAgain(): Promise<void> {
		await n8n.restart();
		await n8n.client.login();
		await healed();
	}

	async function healed(): Promise<void> {
		for (const one of stages) {
			await until(`${one.provider.name} to be subscribed`, 120_000, async () => {
				const found = await one.service.subscriptions();
				return (found.length === one.wanted && found.every(({ active }) => active)) || undefined;
			});
			assert.equal((await n8n.client.settled(one.workflow.id)).status, 'published', one.provider.name);
			await works(one);
		}
	}

	it('heals what was removed at the service while n8n was down', async () => {
		await publishAll();
		await n8n.kill();
		for (const { service } of stages) {
			for (const { id } of await service.subscriptions()) await service.removeSubscription(id);
		}
		await startAgain();
	});

	it('heals what the service has switched off while n8n was down', async () => {
		await publishAll();
		await n8n.kill();
		for (const { service } of stages) {
			for (const { id } of await service.subscriptions()) await service.setActive(id, false);
		}
		await startAgain();
	});

	it('leaves what is well untouched', async () => {
		await publishAll();
		const before = await Promise.all(stages.map(({ service }) => service.subscriptions()));
		await startAgain();
		for (const [index, { service, provider }] of stages.entries()) {
			const ids = (all: ReadonlyArray<{ id: string; url: string }>) => all.map(({ id, url }) => [id, url]);
			const now = await service.subscriptions();
			// Solar Proof cannot be asked what it has: there, the same URLs are subscribed again.
			if (provider.id === 'solar-proof')
				assert.deepEqual(now.map(({ url }) => url).sort(), before[index]!.map(({ url }) => url).sort());
			else assert.deepEqual(ids(now), ids(before[index]!));
		}
	});

	it('heals what was made when n8n was killed, before it could be saved', async () => {
		for (const { service, wanted, provider } of stages) {
			// Solar Proof unsubscribes by POST, too.
			const which = provider.id === 'solar-proof' ? { path: 'action=subscribe_customer' } : { method: 'POST' };
			const calls = [{ ...which, after: wanted - 1, count: 1, kind: 'answer-held' }];
			await service.faults({ calls });
		}
		await Promise.all(stages.map(({ workflow }) => n8n.client.begin('publish', workflow)));
		await until('something to be subscribed everywhere', 90_000, async () => {
			const counts = await Promise.all(stages.map(async ({ service }) => (await service.subscriptions()).length));
			return counts.every((count) => count > 0) || undefined;
		});
		await n8n.kill();
		for (const { service } of stages) await service.faults();
		await startAgain();
	});

	it('removes nothing that is live because the list of the service is out of order', async () => {
		await publishAll();
		const before = await Promise.all(stages.map(({ service }) => service.subscriptions()));
		await n8n.kill();
		for (const { service } of stages) await service.faults({ calls: [{ kind: 'status', status: 500 }] });
		await n8n.restart();
		await n8n.client.login();
		for (const { workflow } of stages) await n8n.client.settled(workflow.id);
		for (const [index, { service }] of stages.entries()) {
			assert.deepEqual(
				(await service.subscriptions()).map(({ id }) => id),
				before[index]!.map(({ id }) => id),
			);
			await service.faults();
		}
		for (const one of stages) await works(one);
	});

	it('of n8n does not lose a retry of Solar Proof that is due meanwhile, and gets it once', async () => {
		const solarProof = subscribing.find(({ id }) => id === 'solar-proof')!;
		// The retries come after 10, 50 and 300 seconds.
		const one = await stage(solarProof, n8n.client, 6);
		stages.push(one);
		assert.equal((await n8n.client.publish(one.workflow)).status, 'published');
		await n8n.kill();
		const { deliveries } = await one.service.raise('customer_created');
		const sent = async () => (await one.service.deliveries()).find(({ id }) => deliveries.includes(id));
		await until('the first attempt to fail', 15_000, async () => (await sent())?.attempts.length === 1 || undefined);
		await n8n.restart();
		await n8n.client.login();
		await until('a retry to arrive', 120_000, async () => (await sent())?.state === 'delivered' || undefined);
		assert.equal((await n8n.client.waitForExecutions(one.workflow, 1)).length, 1);
		assert.equal((await one.service.subscriptions()).length, one.wanted);
	});

	it('with a backup that was restored mends what has changed since', async () => {
		await publishAll();
		await n8n.kill();
		const backup = await mkdtemp(join(tmpdir(), 'hookline-backup-'));
		try {
			await cp(join(n8n.folder, '.n8n'), backup, { recursive: true });
			await n8n.restart();
			await n8n.client.login();
			for (const { workflow } of stages) await n8n.client.unpublish(workflow);
			await publishAll();
			await n8n.kill();
			await rm(join(n8n.folder, '.n8n'), { recursive: true });
			await cp(backup, join(n8n.folder, '.n8n'), { recursive: true });
			await startAgain();
		} finally {
			await rm(backup, { recursive: true, force: true });
		}
	});

	// Both ways set the static data to null, and n8n keeps its webhooks: publishing then asks the trigger nothing.
	const withoutStaticData: Readonly<Record<string, (saved: Workflow) => Promise<unknown>>> = {
		'an import': async (saved) => {
			const file = join(n8n.folder, 'import.json');
			await writeFile(file, JSON.stringify([{ ...saved, staticData: null }]));
			await command(n8n, ['import:workflow', `--input=${file}`]);
			await rm(file);
		},
		"a call to n8n's public API": async ({ id, name, nodes, connections, settings }) => {
			const data = { name, nodes, connections, settings: settings ?? {}, staticData: null };
			await n8n.client.call('PUT', `/api/v1/workflows/${id}`, data, { 'X-N8N-API-KEY': await apiKey() });
		},
	};
	for (const [what, takeAway] of Object.entries(withoutStaticData)) {
		it(`verifies deliveries although ${what} has taken away what was stored`, async () => {
			await publishAll();
			const derived = stages.filter(({ provider }) => provider.id !== 'solid-number');
			for (const { workflow, provider } of derived) {
				const saved = await n8n.client.getWorkflow(workflow.id);
				assert.ok(saved.staticData?.[`node:${TRIGGER}`] !== undefined, provider.name);
				await takeAway(saved);
				const taken = (await n8n.client.getWorkflow(workflow.id)).staticData;
				assert.equal(taken?.[`node:${TRIGGER}`], undefined, provider.name);
				assert.equal((await n8n.client.publish(workflow)).status, 'published', provider.name);
			}
			for (const one of derived) await works(one);
			await startAgain();
		});
	}

	async function apiKey(): Promise<string> {
		const { rawApiKey } = await n8n.client.call<{ rawApiKey: string }>('POST', '/rest/api-keys', {
			label: crypto.randomUUID(),
			expiresAt: null,
			scopes: ['workflow:update'],
		});
		return rawApiKey;
	}

	it('whose polls have durable cursors heals, and goes on without them', async () => {
		const cursors = (value: string) => ({
			N8N_SCHEDULER_ENABLED: value,
			N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: value,
			N8N_POLLER_DURABLE_CURSORS_ENABLED: value,
		});
		await publishAll();
		for (const value of ['true', 'false']) {
			await n8n.kill();
			for (const { service } of stages) {
				for (const { id } of await service.subscriptions()) await service.removeSubscription(id);
			}
			await n8n.restart(cursors(value));
			await n8n.client.login();
			await healed();
			// Written by n8n where the settings take effect: without it this would be the test of any other start.
			if (value === 'true') assert.ok(cursorsKept() > 0);
		}
	});

	function cursorsKept(): number {
		const database = new DatabaseSync(join(n8n.folder, '.n8n/database.sqlite'), { readOnly: true });
		try {
			return Number(database.prepare('SELECT count(*) AS kept FROM poller_state').get()?.['kept']);
		} finally {
			database.close();
		}
	}

	for (const how of ['exported and imported', 'copied with its database'] as const) {
		it(`of a second n8n, ${how}, leaves what the first has subscribed`, async () => {
			await publishAll();
			const before = await Promise.all(stages.map(({ service }) => service.subscriptions()));
			const folder = await mkdtemp(join(tmpdir(), 'hookline-second-'));
			let second: N8n | undefined;
			try {
				if (how === 'exported and imported') {
					second = await N8n.start({ folder, env: SOON });
					await second.client.login();
					const [workflows, credentials] = [join(folder, 'w.json'), join(folder, 'c.json')];
					await command(n8n, ['export:workflow', '--all', `--output=${workflows}`]);
					await command(n8n, ['export:credentials', '--all', '--decrypted', `--output=${credentials}`]);
					const parsed = JSON.parse(await readFile(workflows, 'utf8')) as Array<{ staticData: unknown }>;
					assert.ok(
						parsed.some(({ staticData }) => staticData !== null),
						'what is stored goes along',
					);
					await command(second, ['import:credentials', `--input=${credentials}`]);
					await command(second, ['import:workflow', `--input=${workflows}`]);
					for (const { workflow } of stages) {
						assert.equal((await second.client.publish(workflow)).status, 'published');
					}
				} else {
					await n8n.restart();
					await n8n.client.login();
					await healed();
					await n8n.kill();
					await cp(join(n8n.folder, '.n8n'), join(folder, '.n8n'), { recursive: true });
					await n8n.restart();
					await n8n.client.login();
					second = await N8n.start({ folder, env: SOON });
					await second.client.login();
				}
				for (const [index, { service, provider, wanted, workflow }] of stages.entries()) {
					await until(`${provider.name} to be subscribed by both`, 120_000, async () => {
						return (await service.subscriptions()).length === 2 * wanted || undefined;
					});
					const urls = (await service.subscriptions()).map(({ url }) => url);
					for (const { url } of before[index]!) assert.ok(urls.includes(url), `${provider.name}: ${url}`);
					await second.client.unpublish(workflow);
					assert.deepEqual(
						(await service.subscriptions()).map(({ url }) => url).sort(),
						before[index]!.map(({ url }) => url).sort(),
						provider.name,
					);
				}
				for (const one of stages) await works(one);
			} finally {
				await second?.stop();
				await rm(folder, { recursive: true, force: true });
			}
		});
	}

	for (const { count, starts } of LONG ? MANY : MANY.slice(0, 1)) {
		it(`with ${count} published triggers loses no subscription, ${starts} times in a row`, async () => {
			const [solatis] = stages.filter(({ provider }) => provider.id === 'solatis');
			const { service, workflow } = solatis!;
			const { nodes, connections, settings } = await n8n.client.getWorkflow(workflow.id);
			const workflows = [];
			for (let made = 0; made < count; made++) {
				const copied = structuredClone(nodes);
				copied[0]!.webhookId = crypto.randomUUID();
				const name = `Trigger ${made}`;
				workflows.push(
					await n8n.client.createWorkflow({ name, nodes: copied, connections, ...(settings ? { settings } : {}) }),
				);
			}
			for (const one of workflows) await n8n.client.begin('publish', one);
			for (const one of workflows) assert.equal((await n8n.client.settled(one.id)).status, 'published');
			for (let start = 0; start < starts; start++) {
				await n8n.kill();
				await n8n.restart();
				await n8n.client.login();
				const listed = new Map((await service.subscriptions()).map((one) => [one.id, one]));
				assert.equal(listed.size, count);
				for (const { id } of workflows) {
					assert.equal((await n8n.client.settled(id)).status, 'published');
					const state = (await n8n.client.getWorkflow(id)).staticData?.[`node:${TRIGGER}`] as {
						subscriptions: Array<{ id: string; secret: string }>;
					};
					assert.equal(listed.get(state.subscriptions[0]!.id)?.secret, state.subscriptions[0]!.secret);
				}
			}
			for (const one of workflows) await n8n.client.deleteWorkflow(one);
			assert.deepEqual(await service.subscriptions(), []);
		});
	}
});

/** Runs a command of n8n on the data of one that runs. */
async function command(n8n: N8n, args: readonly string[]): Promise<void> {
	const env = { ...process.env, N8N_USER_FOLDER: n8n.folder, N8N_ENCRYPTION_KEY: 'an encryption key for tests only' };
	const quiet = { N8N_RUNNERS_BROKER_PORT: '0', N8N_DIAGNOSTICS_ENABLED: 'false' };
	await promisify(execFile)(process.execPath, [N8N_COMMAND, ...args], { env: { ...env, ...quiet } });
}
