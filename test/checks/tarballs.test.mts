/**
 * A real n8n with what is published: each tarball, unpacked as n8n's own installer unpacks it, and one round trip of its nodes. What the
 * nodes do beyond that is tested from the same files in test/n8n and test/conformance.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { apiCredential, nodeName, webhookCredential } from '../../nodes/n8n/credentials.ts';
import type { ProviderId } from '../../sandbox/accounts.mts';
import { webhookUrl } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { outputSchemas } from '../../tools/output-schemas.mts';
import { packages } from '../../tools/packages.mts';
import { TRIGGER, workflowWith } from '../../harness/workflow.mts';
import { temporaryFolder } from './support/folder.mts';
import { publish, type Published } from './support/published.mts';

const ACTION = 'Action';
const SECRET = 'a secret for deliveries';

/** What n8n's installer does with a tarball; after it, it runs `npm install` there, which finds nothing to install. */
function install({ name, tarball }: Published, folder: string): void {
	const target = join(folder, '.n8n/nodes/node_modules', name);
	mkdirSync(target, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
	const file = join(target, 'package.json');
	const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
	for (const dropped of ['devDependencies', 'peerDependencies', 'optionalDependencies']) delete manifest[dropped];
	assert.equal(manifest['dependencies'], undefined);
	writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

describe('the tarballs in a real n8n', { timeout: 300_000 }, () => {
	let n8n: N8n;
	let sandbox: SandboxControl;

	before(async () => {
		const folder = temporaryFolder();
		for (const one of publish()) install(one, folder);
		sandbox = await SandboxControl.start('solatis', 1);
		// With the editor: n8n serves the fields of actions only then.
		n8n = await N8n.start({ folder, packages: [], editor: true, readyWithin: 180_000 });
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await sandbox?.close();
	});

	for (const { name, provider } of packages) {
		it(`${name}: the editor is given the fields of an action that has not run yet`, async () => {
			const [path, schema] = [...outputSchemas(provider)][0]!;
			const asked = path.replace('__schema__/v', '');
			const answer = await fetch(`${n8n.url}/schemas/${name}.${nodeName(provider)}/${asked}`);
			assert.equal(answer.status, 200);
			assert.deepEqual(await answer.json(), schema);
		});

		it(`${name}: an event starts a workflow, which calls the service`, async () => {
			const service = sandbox.of(provider.id as ProviderId);
			const [registration] = provider.registrations;
			const byHand = registration?.kind === 'manual';
			const [event] = provider.events;
			const call = provider.operations.find(
				(one) => one.name === 'getMany' && !one.fields?.some((field) => field.required),
			);
			assert.ok(event && call);

			const api = await n8n.client.createCredential(apiCredential(provider), name, service.credentials);
			const credentials = byHand
				? {
						[webhookCredential(provider)]: await n8n.client.createCredential(webhookCredential(provider), name, {
							webhookSecret: SECRET,
							previousWebhookSecret: '',
						}),
					}
				: { [apiCredential(provider)]: api };
			const definition = workflowWith({
				type: `${name}.${nodeName(provider)}Trigger`,
				parameters: { events: [event.name] },
				credentials,
			});
			definition.nodes[1] = {
				id: randomUUID(),
				name: ACTION,
				type: `${name}.${nodeName(provider)}`,
				typeVersion: 1,
				position: [220, 0],
				parameters: { resource: call.resource, operation: call.name },
				credentials: { [apiCredential(provider)]: api },
			};
			definition.connections = { [TRIGGER]: { main: [[{ node: ACTION, type: 'main', index: 0 }]] } };
			const workflow = await n8n.client.createWorkflow(definition);
			assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
			if (byHand) await service.register({ url: webhookUrl(n8n.url, workflow), secret: SECRET, events: [event.name] });

			const before = (await service.requests()).length;
			const { deliveries } = await service.raise(event.name);
			const [answer] = await service.answered(deliveries);
			assert.deepEqual([answer?.status, answer?.verdict], [200, 'accepted']);
			const [execution] = await n8n.client.waitForExecutions(workflow, 1);
			assert.equal(execution?.status, 'success', JSON.stringify(execution));
			assert.equal(execution.items[TRIGGER]?.length, 1);
			const calls = (await service.requests()).slice(before);
			assert.ok(calls.length > 0 && calls.every(({ status }) => status === 200), JSON.stringify(calls));

			await n8n.client.unpublish(workflow);
			if (!byHand) assert.deepEqual(await service.subscriptions(), []);
		});
	}
});
