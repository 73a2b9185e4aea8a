/** Subscribing in a real n8n: what a person is told, and that nothing is left behind. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Workflow, WorkflowData } from '../../harness/client.mts';
import { N8n, startsTheOldWay } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, TRIGGER, webhookUrl, workflowWith } from '../../harness/workflow.mts';

describe('triggers in a real n8n', { timeout: 900_000 }, () => {
	let n8n: N8n;
	let solatis: SandboxControl;
	let solarProof: SandboxControl;
	let credentials: { solatisApi: { id: string; name: string }; solarProofApi: { id: string; name: string } };

	before(async () => {
		solatis = await SandboxControl.start('solatis', 20_000);
		solarProof = solatis.of('solar-proof');
		n8n = await N8n.start();
		await n8n.client.login();
		credentials = {
			solatisApi: await n8n.client.createCredential('solatisApi', 'Solatis', solatis.credentials),
			solarProofApi: await n8n.client.createCredential('solarProofApi', 'Solar Proof', solarProof.credentials),
		};
	});
	after(async () => {
		await n8n?.stop();
		await solatis?.close();
	});
	beforeEach(async () => await solatis.reset());

	const onSolatis = (events: string[], credential = credentials.solatisApi): WorkflowData =>
		workflowWith({
			type: 'n8n-nodes-solatis.solatisTrigger',
			parameters: { events },
			credentials: { solatisApi: credential },
		});
	const onSolarProof = (events: string[], options = {}): WorkflowData =>
		workflowWith({
			type: 'n8n-nodes-solar-proof.solarProofTrigger',
			parameters: { events, options },
			credentials: { solarProofApi: credentials.solarProofApi },
		});
	async function published(data: WorkflowData): Promise<Workflow> {
		const workflow = await n8n.client.createWorkflow(data);
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		return workflow;
	}
	/** Publishes what cannot be published, and gives what the person is told. */
	async function refused(data: WorkflowData): Promise<string> {
		const workflow = await n8n.client.createWorkflow(data);
		const { status, messages } = await n8n.client.publish(workflow);
		assert.equal(status, 'failed');
		await n8n.client.deleteWorkflow(workflow);
		return messages.join(' ');
	}

	it('tests credentials by a real call', async () => {
		const { id, name } = credentials.solatisApi;
		const login = { authentication: 'login', apiKey: '', username: '' };
		const cases: Array<[type: string, service: SandboxControl, change: object, field: string]> = [
			['solarProofApi', solarProof, {}, 'apiKey'],
			['solatisApi', solatis, {}, 'apiKey'],
			['solidNumberApi', solatis.of('solid-number'), {}, 'apiKey'],
			['soshiaConnectApi', solatis.of('soshia-connect'), { authentication: 'apiKey' }, 'apiKey'],
			['soshiaConnectApi', solatis.of('soshia-connect'), login, 'password'],
			['solve360Api', solatis.of('solve360'), {}, 'apiToken'],
		];
		for (const [type, service, change, field] of cases) {
			const data = { ...service.credentials, ...change };
			const stored = type === 'solatisApi' ? { id, name } : await n8n.client.createCredential(type, type, data);
			const good = await n8n.client.testCredential(stored.id, type, stored.name, data);
			assert.deepEqual([type, change, good.status], [type, change, 'OK'], good.message);
			const bad = await n8n.client.testCredential(stored.id, type, stored.name, { ...data, [field]: 'not-a-key' });
			assert.deepEqual([type, change, bad.status], [type, change, 'Error']);
			assert.doesNotMatch(bad.message ?? '', /not-a-key/);
		}
	});

	it('says in one sentence why it cannot be published, before anything is half-done', async () => {
		const wrong = await n8n.client.createCredential('solatisApi', 'Wrong', {
			...solatis.credentials,
			apiKey: 'sandbox-wrong-key',
		});
		const dead = await n8n.client.createCredential('solatisApi', 'Dead', {
			...solatis.credentials,
			baseUrl: 'http://127.0.0.1:9',
		});
		const open = await n8n.client.createCredential('solarProofApi', 'Public', {
			apiKey: 'x',
			baseUrl: 'https://solarproof.example.com/apidata.php',
		});
		const onPublic = onSolarProof(['customer_created']);
		onPublic.nodes[0]!.credentials = { solarProofApi: open };
		await solatis.faults({
			calls: [
				{
					method: 'POST',
					path: '/webhooks$',
					kind: 'status',
					status: 422,
					body: { error: { code: 'invalid_request', message: 'Events are not available on your plan' } },
				},
			],
		});
		// n8n tries each of them five times, which takes a quarter of a minute: all at once.
		const [wrongKey, deadHost, plan, localhost] = await Promise.all([
			refused(onSolatis(['task.created'], wrong)),
			refused(onSolatis(['task.created'], dead)),
			refused(onSolatis(['task.created'])),
			refused(onPublic),
		]);
		assert.match(
			wrongKey,
			/^Solatis did not accept .*API key is invalid.*Check the API key in your Solatis credential/,
		);
		assert.doesNotMatch(wrongKey, /sandbox-wrong-key/);
		assert.match(deadHost, /^No answer came from Solatis \(127.0.0.1:9\): the connection was refused/);
		assert.match(plan, /the subscription to task.created: Events are not available on your plan \(invalid_request\)/);
		assert.match(localhost, /cannot reach the webhook URL http:\/\/127.0.0.1.*Set WEBHOOK_URL/);
		assert.deepEqual(await solatis.subscriptions(), []);
		assert.deepEqual(await solarProof.requests(), []);
	});

	it('can be published again after it could not be', async () => {
		await solatis.faults({ calls: [{ kind: 'refuse' }] });
		const workflow = await n8n.client.createWorkflow(onSolatis(['task.created']));
		assert.equal((await n8n.client.publish(workflow)).status, 'failed');
		await solatis.faults();
		assert.equal((await n8n.client.publish(workflow)).status, 'published');
		assert.equal((await solatis.subscriptions()).length, 1);
		await n8n.client.deleteWorkflow(workflow);
	});

	it('wants at least one event', async () => {
		assert.match(await refused(onSolatis([])), /Missing or invalid required parameters: events|No event is chosen/);
	});

	it('replaces a webhook that Solatis has disabled when it is published again', async () => {
		const workflow = await published(onSolatis(['task.created']));
		await solatis.faults({ deliveries: { wrongSignature: true } });
		await solatis.raise('task.created');
		await until('Solatis to disable the webhook', 60_000, async () =>
			(await solatis.subscriptions()).find(({ active }) => !active),
		);
		await solatis.faults();
		const [before] = await solatis.subscriptions();
		await n8n.client.unpublish(workflow);
		await n8n.client.publish(workflow);
		const [now, ...others] = await solatis.subscriptions();
		assert.deepEqual([others.length, now?.active, now?.id === before?.id], [0, true, false]);
		await n8n.client.deleteWorkflow(workflow);
	});

	it('keeps a subscription that works when only another node was edited', async () => {
		const workflow = await published(onSolatis(['task.created']));
		const [before] = await solatis.subscriptions();
		const saved = await n8n.client.getWorkflow(workflow.id);
		saved.nodes[1]!.position = [300, 0];
		await n8n.client.saveWorkflow(saved);
		await n8n.client.publish(workflow);
		const now = await solatis.subscriptions();
		// Without its publication service n8n unsubscribes and subscribes again whenever a workflow is published again.
		if (startsTheOldWay()) assert.deepEqual([now.length, now[0]?.url, now[0]?.active], [1, before?.url, true]);
		else assert.deepEqual(now, [before]);
		await n8n.client.deleteWorkflow(workflow);
		assert.deepEqual(await solatis.subscriptions(), []);
	});

	it('follows when events are edited and when the node is renamed', async () => {
		const workflow = await published(onSolatis(['task.created']));
		const edited = await n8n.client.getWorkflow(workflow.id);
		edited.nodes[0]!.parameters['events'] = ['task.created', 'task.deleted'];
		await n8n.client.saveWorkflow(edited);
		await n8n.client.publish(workflow);
		assert.deepEqual(
			(await solatis.subscriptions()).map(({ events }) => events),
			[['task.created', 'task.deleted']],
		);
		const renamed = await n8n.client.getWorkflow(workflow.id);
		renamed.nodes[0]!.name = 'Renamed';
		renamed.connections = { Renamed: renamed.connections[TRIGGER] };
		await n8n.client.saveWorkflow(renamed);
		await n8n.client.publish(workflow);
		assert.equal((await solatis.subscriptions()).length, 1);
		const { deliveries } = await solatis.raise('task.deleted');
		assert.deepEqual(await solatis.answered(deliveries), [{ status: 200, verdict: 'accepted', reason: undefined }]);
		await n8n.client.deleteWorkflow(workflow);
		assert.deepEqual(await solatis.subscriptions(), []);
	});

	it('leaves the original alone when a copy of the workflow is published and removed', async () => {
		const workflow = await published(onSolatis(['task.created']));
		const { nodes, connections, staticData } = await n8n.client.getWorkflow(workflow.id);
		const copied = structuredClone(nodes);
		copied[0]!.id = crypto.randomUUID();
		copied[0]!.webhookId = crypto.randomUUID();
		const copy = await published({ name: 'Copy', nodes: copied, connections, ...{ staticData } });
		assert.equal((await solatis.subscriptions()).length, 2);
		await n8n.client.deleteWorkflow(copy);
		assert.deepEqual(
			(await solatis.subscriptions()).map(({ url }) => url),
			[webhookUrl(n8n.url, workflow)],
		);
		await n8n.client.deleteWorkflow(workflow);
	});

	it('listens for a test event next to production, passes on a type outside the list, and cleans up after itself', async () => {
		const workflow = await published(onSolatis(['task.created']));
		const [production] = await solatis.subscriptions();
		await n8n.client.listen(await n8n.client.getWorkflow(workflow.id), TRIGGER);
		const both = await solatis.subscriptions();
		assert.deepEqual(
			both.map(({ url }) => url).sort(),
			[webhookUrl(n8n.url, workflow), webhookUrl(n8n.url, workflow, true)].sort(),
		);
		const test = both.find(({ id }) => id !== production?.id);
		const { deliveries } = await solatis.raise('webhook.test', { test: true, subscription: test?.id });
		assert.deepEqual(await solatis.answered(deliveries), [{ status: 200, verdict: 'accepted', reason: undefined }]);
		const [execution] = await n8n.client.waitForExecutions(workflow, 1);
		assert.equal(execution?.mode, 'manual');
		await until(
			'the test subscription to be removed',
			10_000,
			async () => (await solatis.subscriptions()).length === 1 || undefined,
		);
		assert.deepEqual(
			(await solatis.subscriptions()).map(({ id }) => id),
			[production?.id],
		);
		await n8n.client.deleteWorkflow(workflow);
	});

	it('shows the id of a webhook that could not be removed, and unpublishes all the same', async () => {
		const workflow = await published(onSolatis(['task.created']));
		const [left] = await solatis.subscriptions();
		await solatis.faults({ calls: [{ method: 'DELETE', path: '/webhooks/', kind: 'status', status: 503 }] });
		const { status } = await n8n.client.unpublish(workflow);
		assert.equal(status, 'not_published');
		await until(
			'the log to name it',
			15_000,
			async () => n8n.log.includes(`Not removed at Solatis: ${left?.id}`) || undefined,
		);
		await solatis.faults();
		await n8n.client.publish(workflow);
		assert.equal((await solatis.subscriptions()).length, 1, 'publishing again cleans up');
		await n8n.client.deleteWorkflow(workflow);
		assert.deepEqual(await solatis.subscriptions(), []);
	});

	describe('Solar Proof', () => {
		it('gives each event a URL of its own, and takes its token for that event only', async () => {
			const workflow = await published(onSolarProof(['customer_created', 'customer_status_change']));
			const subscriptions = await solarProof.subscriptions();
			const urls = subscriptions.map(({ url }) => new URL(url));
			assert.deepEqual(urls.map((url) => url.searchParams.get('event')).sort(), [
				'customer_created',
				'customer_status_change',
			]);
			assert.equal(new Set(urls.map((url) => url.searchParams.get('token'))).size, 2);
			const [one, other] = urls as [URL, URL];
			const swapped = new URL(one);
			swapped.searchParams.set('event', other.searchParams.get('event') ?? '');
			const response = await fetch(swapped, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: '{"customer_id":1}',
			});
			assert.deepEqual(
				[response.status, await response.json()],
				[401, { verdict: 'rejected', reason: 'token_mismatch' }],
			);
			await n8n.client.deleteWorkflow(workflow);
			assert.deepEqual(await solarProof.subscriptions(), []);
		});

		it('makes one item of each element of an array, with the event added', async () => {
			const workflow = await published(onSolarProof(['customer_status_change']));
			await solarProof.raise('customer_status_change', { payload: [{ pkcustomerid: 1 }, { pkcustomerid: 2 }] });
			const [execution] = await n8n.client.waitForExecutions(workflow, 1);
			assert.deepEqual(execution?.items[ARRIVED], [
				{ pkcustomerid: 1, event: 'customer_status_change' },
				{ pkcustomerid: 2, event: 'customer_status_change' },
			]);
			await n8n.client.deleteWorkflow(workflow);
		});

		it('receives, and can be removed, although n8n was killed between subscribing and saving: its tokens are found again, and it is mended', async () => {
			await solarProof.faults({
				calls: [{ path: 'action=subscribe_customer', after: 1, count: 1, kind: 'answer-held' }],
			});
			const workflow = await n8n.client.createWorkflow(onSolarProof(['customer_created', 'project_sms_sent']));
			await n8n.client.begin('publish', workflow);
			await until(
				'both events to be subscribed',
				10_000,
				async () => (await solarProof.subscriptions()).length === 2 || undefined,
			);
			await n8n.kill();
			await solarProof.faults();
			// n8n shows an interrupted publication as going on until its lease is over: two minutes, unless told otherwise.
			await n8n.restart({
				N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '20',
				N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
			});
			await n8n.client.login();
			assert.equal((await n8n.client.settled(workflow.id)).status, 'published');
			assert.equal((await solarProof.subscriptions()).length, 2, 'subscribed again at the same URLs');
			const { deliveries } = await solarProof.raise('customer_created');
			assert.deepEqual(await solarProof.answered(deliveries), [
				{ status: 200, verdict: 'accepted', reason: undefined },
			]);
			await n8n.client.deleteWorkflow(workflow);
			assert.deepEqual(await solarProof.subscriptions(), []);
		});

		it('gets a new token by its version', async () => {
			const workflow = await published(onSolarProof(['customer_created']));
			const [before] = await solarProof.subscriptions();
			const edited = await n8n.client.getWorkflow(workflow.id);
			edited.nodes[0]!.parameters['options'] = { tokenVersion: 2 };
			await n8n.client.saveWorkflow(edited);
			await n8n.client.publish(workflow);
			const [now, ...others] = await solarProof.subscriptions();
			assert.deepEqual([others.length, now?.url === before?.url], [0, false]);
			const old = await fetch(before!.url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: '{"customer_id":1}',
			});
			assert.deepEqual(await old.json(), { verdict: 'rejected', reason: 'token_mismatch' });
			await n8n.client.deleteWorkflow(workflow);
		});
	});
});
