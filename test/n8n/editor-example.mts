/**
 * `node test/n8n/editor-example.mts [folder]`: imports an example workflow as the demo does, publishes it, sends it an event from the
 * sandbox, and takes a picture of the run in n8n's editor: `docs/images/editor.png`, or in the folder.
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
	// The canvas comes in a frame of its own, and fits itself into it.
	await page.waitForTimeout(3000);
	await page.mouse.move(700, 5);
	await page.screenshot({ path: join(IMAGES, 'editor.png') });
	console.log('editor.png');
} finally {
	await browser.close();
	await sandbox.close();
	await n8n.stop();
}
