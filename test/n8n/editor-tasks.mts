/**
 * `node test/n8n/editor-tasks.mts [folder]`: builds two workflows from nothing in n8n's editor, as a person without code would, with a real
 * Chromium against the sandbox: "Solar Proof customer → Slack" and "Solar Proof customer → Solve360 contact with the tag Lead". No ID
 * is typed, and no extra node sets the tag. The second is published and run by an event. Makes pictures in `docs/images`, or in the folder.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { demoCredentials } from '../../sandbox/accounts.mts';
import { startSandbox } from '../../sandbox/server.mts';
import { OWNER } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { until } from '../../harness/until.mts';
import { findChromium, startChromium } from '../support/chromium.mts';
import { newestContact } from './support/solve360.mts';

const IMAGES =
	process.argv[2] === undefined ? join(import.meta.dirname, '../../docs/images') : resolve(process.argv[2]);

/** Of the event `customer_created`. */
interface Customer {
	readonly first_name: string;
	readonly surname: string;
}

const part = (page: Page, name: string) => page.locator(`[data-test-id=${name}]`);

/** Adds a node by what a person types and picks: the node, then what it does. */
async function add(page: Page, typed: string, node: string, action: string): Promise<void> {
	await part(page, 'node-creator-search-bar').fill(typed);
	await part(page, 'node-creator').getByText(node, { exact: true }).first().click();
	await part(page, 'node-creator').getByText(action, { exact: true }).first().click();
	await part(page, 'ndv').waitFor();
}

/** Opens the panel for the node after the last one. */
async function next(page: Page): Promise<void> {
	await part(page, 'canvas-handle-plus').last().click();
	await part(page, 'node-creator-search-bar').waitFor();
}

async function connect(page: Page, data: { readonly [field: string]: string }): Promise<void> {
	await part(page, 'node-credentials-empty-state').getByRole('button').first().click();
	const dialog = part(page, 'editCredential-modal');
	for (const [field, value] of Object.entries(data)) {
		await dialog.locator(`[data-test-id=parameter-input-${field}] input`).fill(value);
	}
	await dialog.getByRole('button', { name: 'Save' }).click();
	await dialog.waitFor({ state: 'hidden' });
}

/** Writes an expression into a field of the open panel. */
async function express(page: Page, field: string, expression: string): Promise<void> {
	const input = part(page, `parameter-input-${field}`);
	await input.locator('input, textarea').first().fill('=');
	await input.locator('.cm-content').click();
	await page.keyboard.insertText(expression);
	// The editor's own help for expressions covers the next field until the focus leaves.
	await part(page, 'ndv').getByText('Parameters', { exact: true }).click();
}

/** Picks an entry of a list in the open panel. A list that still loads opens when it is there. */
async function pick(page: Page, field: string, entry: string): Promise<void> {
	const list = page.locator('[role=listbox]:visible');
	await until(`the list of ${field}`, 30_000, async () => {
		if (!(await list.isVisible()))
			await part(page, `parameter-input-${field}`).locator('.select-trigger').first().click();
		return (await list.getByText(entry, { exact: true }).isVisible()) ? true : undefined;
	});
	await list.getByText(entry, { exact: true }).click();
	if (await list.isVisible()) await page.keyboard.press('Escape');
}

async function shoot(page: Page, name: string): Promise<void> {
	await page.mouse.move(700, 5);
	await page.waitForTimeout(800);
	await page.screenshot({ path: join(IMAGES, `${name}.png`) });
	console.log(`${name}.png`);
}

const found = await findChromium();
assert.ok(found.path, found.reason);
await mkdir(IMAGES, { recursive: true });
const n8n = await N8n.start({ editor: true, readyWithin: 300_000 });
const sandbox = await startSandbox({ editorUrl: `${n8n.url}/` });
const browser = await startChromium(found.path);
let page: Page | undefined;
try {
	await n8n.client.login();
	const context = await browser.newContext({ viewport: { width: 1300, height: 950 }, locale: 'en-GB' });
	page = await context.newPage();
	page.setDefaultTimeout(30_000);
	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[type=email]').fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home|workflow/);

	// Solar Proof customer -> Slack.
	await page.goto(`${n8n.url}/workflow/new`);
	await part(page, 'canvas-plus-button').click();
	await add(page, 'solar', 'Solar Proof', 'On customer created');
	await connect(page, demoCredentials('solar-proof', sandbox.url));
	await part(page, 'ndv-close-button').click();
	await next(page);
	await add(page, 'slack', 'Slack', 'Send a message');
	await pick(page, 'select', 'Channel');
	await express(page, 'text', 'New customer: {{ $json.first_name }} {{ $json.surname }}, {{ $json.customer_email }}');
	await shoot(page, 'task-slack');
	await part(page, 'ndv-close-button').click();

	// Solar Proof customer -> Solve360 contact with the tag Lead.
	await page.goto(`${n8n.url}/workflow/new`);
	await part(page, 'canvas-plus-button').click();
	await add(page, 'solar', 'Solar Proof', 'On customer created');
	await part(page, 'ndv-close-button').click();
	await next(page);
	await add(page, 'create contact', 'Solve360', 'Create contact');
	await connect(page, demoCredentials('solve360', sandbox.url));
	await express(page, 'firstName', '{{ $json.first_name }}');
	await express(page, 'lastName', '{{ $json.surname }}');
	await express(page, 'businessEmail', '{{ $json.customer_email }}');
	await page.getByPlaceholder('Add field').click();
	await page.getByRole('option', { name: 'Tags', exact: true }).click();
	await pick(page, 'tags', 'Lead');
	await shoot(page, 'task-solve360');
	await part(page, 'ndv-close-button').click();
	await part(page, 'workflow-open-publish-modal-button').click();
	await part(page, 'workflow-publish-button').click();
	await page.getByText('Workflow published').waitFor();

	const { payload } = await SandboxControl.at(sandbox, 'solar-proof').raise('customer_created');
	await page.getByRole('button', { name: 'Got it' }).click();
	await part(page, 'radio-button-executions').click();
	await page.getByText('Succeeded in').first().waitFor();
	await shoot(page, 'task-solve360-done');

	const { name, tags } = await newestContact(sandbox);
	const { first_name: firstName, surname } = payload as Customer;
	assert.deepEqual({ name, tags }, { name: `${firstName} ${surname}`, tags: ['Lead'] });
	console.log(`Solve360 in the sandbox has the contact "${name}" with the tag ${tags.join()}.`);
} catch (cause) {
	await page?.screenshot({ path: join(IMAGES, 'failed.png') });
	throw cause;
} finally {
	await browser.close();
	await sandbox.close();
	await n8n.stop();
}
