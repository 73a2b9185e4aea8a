/**
 * `node test/n8n/editor-panels.mts folder`: takes a picture of the panels of every node in n8n's editor, with a real Chromium, to look at.
 * Each service's trigger with its first event, and its action node with each of the operations named here.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOperation } from '../../core/operation.ts';
import { nodeName } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import { demoCredentials, type ProviderId } from '../../sandbox/accounts.mts';
import { startSandbox } from '../../sandbox/server.mts';
import { OWNER } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { findChromium, startChromium } from '../support/chromium.mts';

const [folder = 'panels'] = process.argv.slice(2);
const IMAGES = resolve(folder);

/** The operations to look at, by service. */
const OPERATIONS: { readonly [id in ProviderId]?: readonly string[] } = {
	'solar-proof': ['customer.create', 'customer.getMany', 'customer.delete', 'project.get'],
	solatis: ['document.analyze', 'document.chat', 'webhook.getMany'],
	'solid-number': ['contact.create', 'contact.getMany', 'order.refund', 'deal.create', 'email.reply'],
	'soshia-connect': ['route.getMany', 'route.getData'],
	solve360: ['contact.create', 'contact.getMany', 'contact.get', 'activity.create', 'report.timeTracking'],
};

/** Parameters of triggers that show more than the default. */
const MORE: { readonly [id: string]: object } = {
	solve360: { events: ['items.categorize', 'items.uncategorize'] },
	'soshia-connect': { signature: 'stripe' },
};

const found = await findChromium();
assert.ok(found.path, found.reason);
await mkdir(IMAGES, { recursive: true });
const n8n = await N8n.start({ editor: true, readyWithin: 300_000 });
const sandbox = await startSandbox({ editorUrl: `${n8n.url}/` });
const browser = await startChromium(found.path);
try {
	await n8n.client.login();
	const context = await browser.newContext({ viewport: { width: 1300, height: 1000 }, locale: 'en-GB' });
	const page = await context.newPage();
	page.setDefaultTimeout(60_000);
	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[type=email]').fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home|workflow/);
	for (const provider of providers) {
		const id = provider.id as ProviderId;
		const stem = nodeName(provider);
		const type = `${stem}Api`;
		const credential = await n8n.client.createCredential(type, provider.name, demoCredentials(id, sandbox.url));
		const nodes = [
			{
				name: 'trigger',
				type: `n8n-nodes-${id}.${stem}Trigger`,
				typeVersion: 2,
				parameters: { events: [provider.events[0].name], ...MORE[id] },
			},
			...(OPERATIONS[id] ?? []).map((name) => {
				const [resource, operation] = name.split('.');
				assert.ok(findOperation(provider, name), `${provider.name} has no ${name}`);
				return { name, type: `n8n-nodes-${id}.${stem}`, typeVersion: 1, parameters: { resource, operation } };
			}),
		].map((node, index) => ({
			...node,
			id: randomUUID(),
			webhookId: randomUUID(),
			position: [0, index * 200] as [number, number],
			credentials: { [type]: credential },
		}));
		const workflow = await n8n.client.createWorkflow({ name: provider.name, nodes, connections: {}, settings: {} });
		for (const node of nodes) {
			await page.goto(`${n8n.url}/workflow/${workflow.id}/${node.id}`);
			await page.locator('[data-test-id=ndv]').waitFor();
			await page.waitForTimeout(1500);
			await page.screenshot({ path: join(IMAGES, `${id}-${node.name}.png`) });
			console.log(`${id}-${node.name}.png`);
		}
	}
} finally {
	await browser.close();
	await sandbox.close();
	await n8n.stop();
}
