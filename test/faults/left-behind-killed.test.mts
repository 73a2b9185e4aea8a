/**
 * Nothing left behind when n8n is killed while it subscribes or unsubscribes: at each call, before the service has worked on it and
 * after it has, when nothing of that is saved yet. Started again, n8n goes on with both by itself: the triggers have `poll()`, so it
 * asks for their subscription at every start (docs/n8n-behaviour.md). Nobody has to publish again.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { N8n } from '../../harness/n8n.mts';
import { until } from '../../harness/until.mts';
import { LONG } from './support/form.mts';
import { callsOf, stage, subscribing, works, type Stage } from '../../harness/stage.mts';
import { record } from '../support/results.mts';

type Phase = 'publish' | 'unpublish';

/** `hang`: killed before the service has worked on the call. `answer-held`: after it has. */
const MOMENTS = ['hang', 'answer-held'] as const;

describe('n8n is killed', { timeout: LONG ? 2_400_000 : 360_000 }, () => {
	let n8n: N8n;
	const calls = new Map<string, Record<Phase, number>>();
	const figures: Array<Record<string, string | number>> = [];

	before(async () => {
		n8n = await N8n.start({
			env: {
				N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '20',
				// How long n8n gives itself, and how soon it therefore takes up what it was killed at. By default two minutes.
				N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '20',
				N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
			},
		});
		await n8n.client.login();
		for (const provider of subscribing) calls.set(provider.id, await callsOf(provider, n8n.client));
	});
	after(async () => {
		await n8n?.stop();
		record(import.meta.dirname, 'left-behind-killed', 'n8n killed at every call', figures);
	});

	/** Kills n8n at a call of every service at once, and starts it again. */
	async function killedAt(phase: Phase, call: number, moment: (typeof MOMENTS)[number]): Promise<void> {
		const { client } = n8n;
		const stages: Stage[] = [];
		for (const provider of subscribing) {
			if (call < calls.get(provider.id)![phase]) stages.push(await stage(provider, client));
		}
		try {
			for (const { workflow } of phase === 'unpublish' ? stages : []) {
				assert.equal((await client.publish(workflow)).status, 'published');
			}
			const reached = stages.map(async ({ service, workflow }) => {
				const before = (await service.requests()).length;
				await service.faults({ calls: [{ kind: moment, after: call, count: 1 }] });
				await client.begin(phase, workflow);
				await until('the call to be made', 20_000, async () => {
					return (await service.requests()).length > before + call || undefined;
				});
			});
			await Promise.all(reached);
			await n8n.kill();
			for (const { service } of stages) await service.faults();
			await n8n.restart();
			await client.login();
			for (const one of stages) {
				if (phase === 'publish') await published(one);
				else await unpublished(one);
				assert.deepEqual(await one.service.subscriptions(), [], one.provider.name);
				await client.deleteWorkflow(one.workflow);
			}
			figures.push({
				phase,
				call: call + 1,
				killed: moment === 'hang' ? 'before' : 'after',
				services: stages.length,
				'went on': stages.length,
				'published again by a person': 0,
			});
		} finally {
			for (const { service } of stages) await service.close();
		}
	}

	/** An interrupted publication is finished: its subscriptions are there, and what comes is verified. At the end it is unpublished. */
	async function published(one: Stage): Promise<void> {
		const { client } = n8n;
		assert.equal((await client.settled(one.workflow.id)).status, 'published', one.provider.name);
		await until(`${one.provider.name} to be subscribed`, 60_000, async () => {
			return (await one.service.subscriptions()).length === one.wanted || undefined;
		});
		await works(one);
		await client.unpublish(one.workflow);
	}

	/** Waits until n8n has taken up an interrupted unpublishing. */
	async function unpublished(one: Stage): Promise<void> {
		await until(`${one.provider.name} to be unpublished`, 60_000, async () => {
			return (await n8n.client.settled(one.workflow.id)).status === 'not_published' || undefined;
		});
	}

	for (const phase of ['publish', 'unpublish'] as const) {
		it(`at a call of ${phase}: started again, it leaves what was asked for`, async () => {
			const most = Math.max(...[...calls.values()].map((of) => of[phase]));
			for (let call = 0; call < most; call++) {
				// The quick form: after the second call of publishing, which makes a subscription, and after the first of unpublishing.
				if (!LONG && call !== (phase === 'publish' ? 1 : 0)) continue;
				for (const moment of LONG ? MOMENTS : (['answer-held'] as const)) await killedAt(phase, call, moment);
			}
		});
	}
});
