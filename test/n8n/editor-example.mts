/**
 * `node test/n8n/editor-example.mts [folder]`: imports an example workflow as the demo does, publishes it, sends it an event from the
 * sandbox, and takes a picture of the run in n8n's editor: `docs/images/editor.png`, or in the folder. Another shows the fields of an
 * action that has not run yet.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startSandbox } from '../../sandbox/server.mts';
import { OWNER } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { importExamples, setUpCredentials } from '../../tools/demo/setup.mts';
import { findChromium, startChromium } from '../support/chromium.mts';

const EXAMPLE = 'solar-proof-customer-to-solve360.json';
/** A node of an example, and a field of the action before it. */
const NOT_RUN = { example: 'solve360-tag-to-solid-number.json', node: 'Create Deal', field: 'first_name' };

const IMAGES =
	process.argv[2] === undefined ? join(import.meta.dirname, '../../docs/images') : resolve(process.argv[2]);

const found = await findChromium();
assert.ok(found.path, found.reason);
await mkdir(IMAGES, { recursive: true });
const n8n = await N8n.start({ editor: true, readyWithin: 300_000 });
const sandbox = await startSandbox({ editorUrl: `${n8n.url}/` });
const browser = await startChromium(found.path);
try {
	const { client } = n8n;
	await client.login();
	const credentials = await setUpCredentials(client, sandbox.url);
	const imported = await importExamples(client, credentials, { workflows: {} });
	const workflow = imported.find(({ file }) => file === EXAMPLE)?.workflow;
	assert.ok(workflow);
	await client.publish(workflow);
	const service = SandboxControl.at(sandbox, 'solar-proof');
	for (const count of [1, 2, 3]) {
		await service.raise('customer_created');
		await client.waitForExecutions(workflow, count);
	}

	const context = await browser.newContext({ viewport: { width: 1400, height: 800 }, locale: 'en-GB' });
	const page = await context.newPage();
	page.setDefaultTimeout(60_000);
	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[type=email]').fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home|workflow/);
	await page.goto(`${n8n.url}/workflow/${workflow.id}/executions`);
	await page.getByText('Succeeded in').first().waitFor();
	// n8n's checklist for a first published workflow lies over the list.
	await page.keyboard.press('Escape');
	await page.mouse.click(200, 600);
	await page.getByText('Production Checklist').waitFor({ state: 'hidden' });
	// The canvas comes in a frame of its own, and fits itself into it.
	await page.waitForTimeout(3000);
	await page.mouse.move(700, 5);
	await page.screenshot({ path: join(IMAGES, 'editor.png') });
	console.log('editor.png');

	// A workflow that has not run yet: the fields of the node before are there to be dragged (`tools/output-schemas.mts`).
	const fresh = imported.find(({ file }) => file === NOT_RUN.example)?.workflow;
	const node = fresh?.nodes.find(({ name }) => name === NOT_RUN.node);
	assert.ok(fresh && node);
	await page.goto(`${n8n.url}/workflow/${fresh.id}/${node.id}`);
	const input = page.locator('[data-test-id=ndv-input-panel]');
	await input.getByText(NOT_RUN.field, { exact: true }).first().waitFor();
	await page.mouse.move(700, 5);
	await page.waitForTimeout(1000);
	await page.screenshot({ path: join(IMAGES, 'fields-before-first-run.png') });
	console.log('fields-before-first-run.png');
} finally {
	await browser.close();
	await sandbox.close();
	await n8n.stop();
}
