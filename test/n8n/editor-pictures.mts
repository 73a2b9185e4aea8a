/**
 * `node test/n8n/editor-pictures.mts [folder]`: connects each service step by step in n8n's editor, with a real Chromium, as its set-up guide
 * says, against the sandbox. Makes the pictures of it in `docs/images`, or in the folder; fails where a step does not work.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { providers } from '../../providers/index.ts';
import type { Provider } from '../../core/provider.ts';
import { demoCredentials, HAND_SECRETS, type ProviderId } from '../../sandbox/accounts.mts';
import { startSandbox } from '../../sandbox/server.mts';
import { OWNER } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { findChromium, startChromium } from '../support/chromium.mts';

const IMAGES =
	process.argv[2] === undefined ? join(import.meta.dirname, '../../docs/images') : resolve(process.argv[2]);

/** The event that each picture shows, by its name. */
const EVENTS: { readonly [id in ProviderId]?: string } = {
	'solar-proof': 'customer_created',
	solatis: 'transcription.completed',
	'solid-number': 'inventory.low_stock',
	'soshia-connect': 'payment.succeeded',
	solve360: 'items.create',
};

const part = (page: Page, name: string) => page.locator(`[data-test-id=${name}]`);

async function logIn(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email]').fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL(/home|workflow/);
}

/** Finds the trigger by the service's name, and adds it with one event. */
async function addTrigger(page: Page, url: string, { name }: Provider, label: string): Promise<void> {
	await page.goto(`${url}/workflow/new`);
	await part(page, 'canvas-plus-button').click();
	await part(page, 'node-creator-search-bar').fill(name);
	await part(page, 'node-creator').getByText(name, { exact: true }).first().click();
	const event = `On ${label.toLowerCase()}`;
	await part(page, 'node-creator').getByText(event, { exact: true }).click();
	await part(page, 'ndv').waitFor();
}

/** Fills in the credential that the trigger asks for. n8n tests it, and the dialog closes by itself when it works. */
async function connect(page: Page, data: { readonly [field: string]: string }): Promise<void> {
	await part(page, 'node-credentials-empty-state').getByRole('button').first().click();
	const dialog = part(page, 'editCredential-modal');
	for (const [field, value] of Object.entries(data)) {
		await dialog.locator(`[data-test-id=parameter-input-${field}] input`).fill(value);
	}
	await dialog.getByRole('button', { name: 'Save' }).click();
	await dialog.waitFor({ state: 'hidden' });
	await page.getByText('Credential successfully created').waitFor();
	await page.locator('.el-notification__closeBtn').first().click();
	await page.getByText('Credential successfully created').waitFor({ state: 'hidden' });
}

/** The production URL, from where the trigger shows it. */
async function productionUrl(page: Page): Promise<string> {
	await page.getByText('Webhook URLs', { exact: true }).click();
	await part(page, 'radio-button-production').click();
	const shown = await page.getByText(/\/webhook\/[-0-9a-f]{36}\//).innerText();
	return shown.replace(/^\s*POST\s*/, '').trim();
}

async function registerByHand(page: Page, url: string, secret: string, event: string): Promise<void> {
	await page.locator('details:has(#by-hand-url) > summary').click();
	await page.locator('#by-hand-url').fill(url);
	await page.locator('#by-hand-secret').fill(secret);
	await page.locator(`[id="by-hand-event-${event}"]`).check();
	await page.getByRole('button', { name: 'Add the webhook' }).click();
}

async function publish(page: Page): Promise<void> {
	await part(page, 'workflow-open-publish-modal-button').click();
	await part(page, 'workflow-publish-button').click();
	await page.getByText('Workflow published').waitFor();
	await page.getByRole('button', { name: 'Got it' }).click();
}

async function shoot(page: Page, name: string): Promise<void> {
	await page.evaluate('document.activeElement.blur()');
	await page.mouse.move(700, 5);
	// The editor's own movements, of panels and tooltips.
	await page.waitForTimeout(500);
	await page.screenshot({ path: join(IMAGES, `${name}.png`) });
}

const found = await findChromium();
assert.ok(found.path, found.reason);
await mkdir(IMAGES, { recursive: true });
const n8n = await N8n.start({ editor: true, readyWithin: 300_000 });
const sandbox = await startSandbox({ editorUrl: `${n8n.url}/` });
const browser = await startChromium(found.path);
try {
	await n8n.client.login();
	const context = await browser.newContext({
		viewport: { width: 1400, height: 900 },
		locale: 'en-GB',
		colorScheme: 'light',
	});
	const page = await context.newPage();
	const service = await context.newPage();
	for (const one of [page, service]) one.setDefaultTimeout(30_000);
	await logIn(page, n8n.url);
	for (const provider of providers) {
		const id = provider.id as ProviderId;
		const event = provider.events.find(({ name }) => name === EVENTS[id]) ?? provider.events[0];
		const byHand = id in HAND_SECRETS ? HAND_SECRETS[id as keyof typeof HAND_SECRETS] : undefined;
		await addTrigger(page, n8n.url, provider, event.label);
		await connect(page, byHand === undefined ? demoCredentials(id, sandbox.url) : { webhookSecret: byHand });
		const url = byHand === undefined ? undefined : await productionUrl(page);
		await shoot(page, `n8n-${id}`);
		await part(page, 'ndv-close-button').click();
		await publish(page);

		await service.goto(`${sandbox.url}/#${id}`);
		if (url !== undefined && byHand !== undefined) await registerByHand(service, url, byHand, event.name);
		await service.locator('#send-event').selectOption(event.name);
		await service.getByRole('button', { name: 'Send test event', exact: true }).click();
		await service.locator('#log > li', { hasText: event.name }).first().waitFor();

		await part(page, 'radio-button-executions').click();
		await page.getByText('Succeeded in').first().waitFor();
		console.log(`${provider.name}: connected, published, ${event.name} arrived`);
	}
} catch (cause) {
	for (const [index, page] of browser
		.contexts()
		.flatMap((context) => context.pages())
		.entries()) {
		await page.screenshot({ path: join(IMAGES, `failed-${index}.png`) });
	}
	throw cause;
} finally {
	await browser.close();
	await sandbox.close();
	await n8n.stop();
}
