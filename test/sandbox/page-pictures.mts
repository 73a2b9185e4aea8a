/** `node test/sandbox/page-pictures.mts`: makes the pictures of the page in `docs/images`, with a real Chromium. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContextOptions } from 'playwright-core';
import type { Json } from '../../core/provider.ts';
import { startSandbox } from '../../sandbox/server.mts';
import { findChromium, startChromium } from '../support/chromium.mts';
import { call, string } from './helpers.mts';

const IMAGES = new URL('../../docs/images/', import.meta.url);
const desk = { viewport: { width: 1280, height: 960 } };
const PICTURES: { readonly [name: string]: BrowserContextOptions } = {
	light: { ...desk, colorScheme: 'light' },
	dark: { ...desk, colorScheme: 'dark' },
	phone: { viewport: { width: 375, height: 750 }, deviceScaleFactor: 2, isMobile: true, colorScheme: 'light' },
};

/** A workflow that works, and one that fails. */
function startReceiver(): Promise<http.Server> {
	const server = http.createServer((request, response) => {
		request.resume();
		const fails = request.url?.includes('/failing/') === true;
		response.writeHead(fails ? 503 : 200, { 'content-type': 'application/json' });
		response.end(fails ? '{"message":"Service unavailable"}' : '{"reason":"accepted"}');
	});
	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const found = await findChromium();
assert.ok(found.path, found.reason);
const receiver = await startReceiver();
const sandbox = await startSandbox({ editorUrl: 'http://127.0.0.1:5678/' });
const browser = await startChromium(found.path);
try {
	const { port } = receiver.address() as AddressInfo;
	const control = async (path: string, json: Json) => {
		const answer = await call(`${sandbox.url}/control/${path}`, { json });
		assert.equal(answer.status, 200, answer.text);
	};
	const subscribe = async (workflow: string, events: string[]) => {
		const { json } = await call(`${sandbox.url}/solatis/v2/webhooks`, {
			headers: { authorization: 'Bearer sandbox-solatis-key' },
			json: { url: `http://127.0.0.1:${port}/webhook/${workflow}/webhook`, events, secret: 'a-made-up-secret' },
		});
		return string(json.id);
	};
	const raise = async (event: string, data: Json = {}) => control('events', { provider: 'solatis', event, data });

	await subscribe('new-tasks', ['task.created', 'task.completed']);
	const off = await subscribe('documents', ['document.analyzed']);
	await raise('document.analyzed');
	await raise('task.created', { title: 'Call Client LLC back' });
	await raise('task.completed', { title: 'Call Client LLC back', status: 'completed' });
	await control(`subscriptions/${off}`, { active: false });
	await subscribe('failing', ['transcription.completed']);
	await raise('transcription.completed');
	await raise('task.created', { title: 'Send the invoice' });

	await mkdir(IMAGES, { recursive: true });
	for (const [name, options] of Object.entries(PICTURES)) {
		const page = await browser.newPage({ locale: 'en-GB', ...options });
		await page.goto(`${sandbox.url}/#solatis`);
		await page.getByText(/retry in/).waitFor();
		await page.locator('#log > li', { hasText: 'transcription.completed' }).locator('summary').click();
		await page.locator('.attempts pre').first().waitFor();
		await page.evaluate('document.activeElement.blur()');
		await page.evaluate('scrollTo(0, 0)');
		await page.mouse.move(0, 0);
		await page.screenshot({ path: new URL(`sandbox-${name}.png`, IMAGES).pathname });
		await page.close();
	}
} finally {
	await browser.close();
	await sandbox.close();
	receiver.closeAllConnections();
	receiver.close();
}
