/**
 * One suite for every service, in a real n8n against the sandbox. A service is tested by being in `providers/index.ts`; each
 * way in which it can be registered, signed and formatted is a row of the table that is printed at the end.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Proof, Provider, Registration } from '../../core/provider.ts';
import { apiCredential, nodeName, webhookCredential } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import type { ProviderId } from '../../sandbox/accounts.mts';
import { Refused, type Workflow, type WorkflowData } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl, type SubscriptionRecord } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { ARRIVED, TRIGGER, webhookUrl, workflowWith } from '../../harness/workflow.mts';
import { Table } from './table.mts';

/** One way in which a service's deliveries come to n8n. */
interface Variant {
	name: string;
	provider: Provider;
	registration: Registration;
	proof: Proof;
	/** Trigger parameters besides `events`. */
	parameters: Record<string, unknown>;
}

const variants: Variant[] = providers.flatMap((provider) => {
	const { registrations, receiving, triggerFields = [] } = provider;
	const formats = triggerFields.find(({ name }) => name === 'contentType')?.options?.map(({ value }) => value) ?? [
		undefined,
	];
	return registrations.flatMap((registration) =>
		receiving.proofs.flatMap((proof) =>
			formats.map((contentType) => {
				const parameters = {
					...(registrations.length > 1 ? { registration: registration.name } : {}),
					...(receiving.proofs.length > 1 ? { signature: proof.name } : {}),
					...(contentType === undefined ? {} : { contentType }),
				};
				return {
					name: [provider.name, ...Object.values(parameters)].join(' '),
					provider,
					registration,
					proof,
					parameters,
				};
			}),
		),
	);
});

const SECRET = 'a secret for deliveries';
const PREVIOUS = 'the secret before it';
const table = new Table([
	'publish',
	'all events',
	'repeated',
	'forged',
	'unsigned',
	'altered',
	'ignored',
	'malformed',
	'no secret',
	'rotated',
	'unpublish',
	'gone',
	'refused',
]);

describe('conformance in n8n', { timeout: 1_200_000 }, () => {
	let n8n: N8n;
	let sandbox: SandboxControl;

	before(async () => {
		sandbox = await SandboxControl.start('solatis', 1);
		n8n = await N8n.start();
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await sandbox?.close();
		process.stdout.write(`\n${table.toString()}\n`);
	});

	for (const variant of variants) {
		const { provider, registration, proof, parameters, name } = variant;
		const byHand = registration.kind === 'manual';
		const urlToken = proof.scheme.kind === 'url-token';
		// Where every event is passed on under a name of its own, one that is not in the list represents all.
		const events = proof.anyEvent ? ['charge.refunded'] : provider.events.map((event) => event.name);

		describe(name, () => {
			let service: SandboxControl;
			let workflow: Workflow;
			let registered: SubscriptionRecord | undefined;

			/** A test that shows in the table. */
			const check = (column: string, title: string, test: () => Promise<void>): void =>
				void it(title, async () => {
					await service.faults();
					await table.record(name, column, test);
				});
			const without = (column: string, reason: string) => table.set(name, column, '–', reason);

			const credentialData = (secret = SECRET) =>
				byHand ? { webhookSecret: secret, previousWebhookSecret: '' } : { ...service.credentials };
			const credentialType = byHand ? webhookCredential(provider) : apiCredential(provider);
			async function makeWorkflow(data: Record<string, unknown>): Promise<Workflow> {
				const credential = await n8n.client.createCredential(credentialType, name, data);
				const definition: WorkflowData = workflowWith({
					type: `n8n-nodes-${provider.id}.${nodeName(provider)}Trigger`,
					parameters: { events, ...parameters },
					credentials: { [credentialType]: credential },
				});
				return await n8n.client.createWorkflow(definition);
			}
			/** What a person does at the service for a webhook that is registered manually. */
			const register = async (secret = SECRET) =>
				await service.register({
					url: webhookUrl(n8n.url, workflow),
					secret,
					...(proof.anyEvent ? {} : { events }),
					...(provider.receiving.proofs.length > 1 ? { signature: proof.name } : {}),
				});
			const one = events[0] ?? '';
			/** An event of the service; those of another list need a payload. */
			const raise = async (event: string, more: Record<string, unknown> = {}) =>
				await service.raise(event, {
					...(proof.anyEvent && !('body' in more)
						? { payload: { id: `evt_${crypto.randomUUID()}`, type: event, created: 1, data: { object: { id: 'x' } } } }
						: {}),
					...more,
				});
			const verdict = async (more: Record<string, unknown> = {}) => {
				const { deliveries } = await raise(one, more);
				const [answer] = await service.answered(deliveries.slice(0, 1));
				return answer;
			};

			before(async () => {
				service = sandbox.of(provider.id as ProviderId);
				await sandbox.reset();
				workflow = await makeWorkflow(credentialData());
			});

			check('publish', 'subscribes to exactly what was chosen', async () => {
				assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
				if (byHand) {
					assert.deepEqual(await service.requests(), [], 'nothing is called');
					registered = await register();
					return;
				}
				const subscriptions = await service.subscriptions();
				const perEvent = registration.api.per === 'event';
				assert.equal(subscriptions.length, perEvent ? events.length : 1);
				assert.deepEqual(subscriptions.flatMap((subscription) => subscription.events).sort(), [...events].sort());
				for (const { url, active } of subscriptions) {
					assert.equal(url.split('?')[0], webhookUrl(n8n.url, workflow));
					assert.equal(active, true);
				}
				const refused = (await service.requests()).filter(({ status }) => status === 401 || status === 403);
				assert.deepEqual(refused, [], 'every call is authenticated');
			});

			check('all events', 'passes on every event type unchanged', async () => {
				const expected: unknown[] = [];
				const ids: string[] = [];
				for (const event of events) {
					const { payload, deliveries } = await raise(event);
					ids.push(...deliveries);
					const elements = Array.isArray(payload) ? payload : [payload];
					expected.push(...elements.map((element) => (urlToken ? { ...(element as object), event } : element)));
				}
				assert.equal(ids.length, events.length, 'one delivery for each event');
				for (const { status, verdict: said } of await service.answered(ids, 60_000))
					assert.deepEqual([status, said], [200, 'accepted']);
				const executions = await n8n.client.waitForExecutions(workflow, events.length, 60_000);
				const items = executions.flatMap((execution) => execution.items[ARRIVED] ?? []);
				const sorted = (list: unknown[]) => list.map((item) => JSON.stringify(canonical(item))).sort();
				assert.deepEqual(sorted(items), sorted(expected));
			});

			check('repeated', 'drops a repeat, and says so', async () => {
				const before = (await n8n.client.listExecutions(workflow)).length;
				const { payload, deliveries } = await raise(one);
				await service.answered(deliveries);
				const again = await raise(one, { payload });
				assert.deepEqual(await service.answered(again.deliveries), [
					{ status: 200, verdict: 'repeated', reason: 'already_received' },
				]);
				await n8n.client.waitForExecutions(workflow, before + 1);
				assert.equal((await n8n.client.listExecutions(workflow)).length, before + 1);
			});

			check('forged', 'refuses what another secret signed', async () => {
				await service.faults({ deliveries: { wrongSignature: true } });
				assert.deepEqual(await verdict(), {
					status: 401,
					verdict: 'rejected',
					reason: urlToken ? 'token_mismatch' : 'signature_mismatch',
				});
			});

			check('unsigned', 'refuses what is not signed', async () => {
				await service.faults({ deliveries: { unsigned: true } });
				assert.deepEqual(await verdict(), {
					status: 401,
					verdict: 'rejected',
					reason: urlToken ? 'token_missing' : 'signature_missing',
				});
			});

			if (urlToken) without('altered', 'a token in the URL says nothing of the body');
			else {
				check('altered', 'refuses a body of which one byte was changed', async () => {
					await service.faults({ deliveries: { alteredByte: true } });
					const answer = await verdict();
					// n8n itself answers 422 when the change broke the JSON or XML.
					if (answer?.status !== 422)
						assert.deepEqual(answer, { status: 401, verdict: 'rejected', reason: 'signature_mismatch' });
				});
			}

			if (urlToken) without('ignored', 'the URL names the event type, so no other can come');
			else if (proof.anyEvent) without('ignored', 'every verified event is passed on');
			else {
				check('ignored', 'acknowledges and drops a verified event of another type', async () => {
					const { deliveries } = await raise('webhook.test', { test: true });
					assert.deepEqual(await service.answered(deliveries.slice(0, 1)), [
						{ status: 200, verdict: 'ignored', reason: 'event_not_subscribed' },
					]);
				});
			}

			// n8n's one XML reader remembers what was malformed before: what it answers depends on the tests before this one.
			if (parameters['contentType'] === 'xml') without('malformed', 'n8n reads XML before the trigger sees it');
			else {
				check('malformed', 'acknowledges a verified body that cannot become an item', async () => {
					const answer = await verdict({ body: '"only a text"' });
					// n8n parses forms before the trigger sees them: a text is an empty form field.
					if (parameters['contentType'] === 'form') assert.equal(answer?.status, 200);
					else assert.deepEqual(answer, { status: 200, verdict: 'ignored', reason: 'malformed' });
				});
			}

			if (byHand) {
				check('no secret', 'cannot be published without a secret', async () => {
					// n8n 1.x does not even store a credential without it.
					const bare = await makeWorkflow(credentialData('')).catch((cause: unknown) => {
						if (cause instanceof Refused && /"webhookSecret" is mandatory/.test(cause.sentence ?? '')) return undefined;
						throw cause;
					});
					if (bare === undefined) return;
					const { status, messages } = await n8n.client.publish(bare);
					assert.equal(status, 'failed');
					assert.match(messages.join(), /"Webhook Secret" of the credential is empty/);
					await n8n.client.deleteWorkflow(bare);
				});
				check('rotated', 'accepts the new and the previous secret while one is changed', async () => {
					const { id, name: title } = workflow.nodes.find((node) => node.name === TRIGGER)!.credentials![
						credentialType
					]!;
					await service.removeSubscription(registered!.id);
					await n8n.client.updateCredential(id, credentialType, title, {
						webhookSecret: SECRET,
						previousWebhookSecret: PREVIOUS,
					});
					for (const [secret, expected] of [
						[PREVIOUS, 'accepted'],
						[SECRET, 'accepted'],
						['yet another', 'rejected'],
					] as const) {
						const subscription = await register(secret);
						await until(
							`${secret} to be ${expected}`,
							15_000,
							async () => (await verdict())?.verdict === expected || undefined,
							1000,
						);
						await service.removeSubscription(subscription.id);
					}
				});
				check('unpublish', 'unpublishes without a call', async () => {
					await n8n.client.deleteWorkflow(workflow);
					assert.deepEqual(await service.requests(), []);
				});
				for (const column of ['gone', 'refused']) without(column, 'a person removes and registers it');
				return;
			}

			without('no secret', 'the trigger makes or gets its secret by itself');
			if (registration.api.secret === 'theirs') without('rotated', 'the service chooses the secret, and keeps it');
			else
				check('rotated', 'gets another secret by its version', async () => {
					// Solar Proof's secret is the token in the URL.
					const secrets = async () => (await service.subscriptions()).map(({ secret, url }) => secret ?? url);
					const before = await secrets();
					const edited = await n8n.client.getWorkflow(workflow.id);
					const trigger = edited.nodes.find((node) => node.name === TRIGGER)!;
					trigger.parameters = { ...trigger.parameters, options: { tokenVersion: 2 } };
					await n8n.client.saveWorkflow(edited);
					assert.equal((await n8n.client.publish(workflow)).status, 'published');
					const now = await secrets();
					assert.equal(now.length, before.length);
					assert.deepEqual(
						now.filter((secret) => before.includes(secret)),
						[],
					);
					assert.deepEqual(await verdict(), { status: 200, verdict: 'accepted', reason: undefined });
				});

			check('unpublish', 'removes its subscriptions', async () => {
				await n8n.client.unpublish(workflow);
				assert.deepEqual(await service.subscriptions(), []);
			});

			check('gone', 'unpublishes also when its subscriptions are gone already', async () => {
				await n8n.client.publish(workflow);
				await sandbox.reset();
				assert.equal((await n8n.client.unpublish(workflow)).status, 'not_published');
				assert.doesNotMatch(n8n.log.slice(-2000), new RegExp(`Not removed at ${provider.name}`));
				await n8n.client.deleteWorkflow(workflow);
			});

			check('refused', 'tells in one sentence why it was refused', async () => {
				await service.faults({ calls: [{ path: '.*', kind: 'status', status: 403 }] });
				const other = await makeWorkflow(credentialData());
				const { status, messages } = await n8n.client.publish(other);
				assert.equal(status, 'failed');
				assert.match(messages.join(), new RegExp(`^${provider.name} did not accept `));
				await service.faults();
				await n8n.client.deleteWorkflow(other);
				assert.deepEqual(await service.subscriptions(), []);
			});
		});
	}
});

/** The same value with its keys in order: a form has no order of its own. */
function canonical(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, inner]) => [key, canonical(inner)]),
	);
}
