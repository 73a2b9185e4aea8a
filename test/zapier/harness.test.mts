/** The harness itself: it plays Zapier as documented, and it sees what the apps must not do. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CacheStore } from '../../harness/zapier/cache.mts';
import { zapierHeaders } from '../../harness/zapier/platform.mts';
import { post } from './support/suite.mts';
import { toyApp } from './support/toy.mts';
import { startZapierIn, type Connection, type Zapier } from '../../harness/zapier/zapier.mts';

const ANNE = { app: 'app', auth: 'anne', user: 'one' };
const BERT = { app: 'app', auth: 'bert', user: 'one' };

describe('the store behind z.cache', () => {
	it('sets only if new, forgets after the time to live, and keeps scopes apart', () => {
		const cache = new CacheStore();
		assert.equal(cache.set(ANNE, 'k', '1', 60, ['auth'], true), true);
		assert.equal(cache.set(ANNE, 'k', '2', 60, ['auth'], true), false);
		assert.equal(cache.get(ANNE, 'k', ['auth']), '1');
		assert.equal(cache.get(BERT, 'k', ['auth']), null);
		assert.equal(cache.get(ANNE, 'k', ['user']), null);
		assert.equal(cache.get(ANNE, 'k', null), null);
		assert.equal(cache.set(BERT, 'k', '3', 60, ['auth'], true), true);
		cache.ahead = 61_000;
		assert.equal(cache.set(ANNE, 'k', '4', 60, ['auth'], true), true);
		assert.equal(cache.delete(ANNE, 'k', ['auth']), true);
		assert.equal(cache.get(ANNE, 'k', ['auth']), null);
	});
});

describe("Zapier's header casing", () => {
	it('renames every header but two', () => {
		assert.deepEqual(
			zapierHeaders(['x-acme-signature', 'a', 'CONTENT-TYPE', 'b', 'content-length', '1', 'Http-X', 'c']),
			{
				'Http-X-Acme-Signature': 'a',
				'Content-Type': 'b',
				'Content-Length': '1',
				'Http-Http-X': 'c',
			},
		);
		assert.deepEqual(zapierHeaders(['x-a', '1', 'X-A', '2']), { 'Http-X-A': '1, 2' });
	});
});

describe('an app that does everything wrong', () => {
	let zapier: Zapier;
	let connection: Connection;
	let remove: () => Promise<void>;

	before(async () => {
		const toy = await toyApp(`{
			authentication: { type: 'custom', fields: [], test: () => ({ label: 'me' }), connectionLabel: '{{label}}' },
			triggers: {
				leaky: {
					key: 'leaky', noun: 'Leak', display: { label: 'Leak', description: 'Triggers when it leaks.' },
					operation: {
						type: 'hook',
						performSubscribe: () => ({ id: '1', secret: 'made-up-secret' }),
						performUnsubscribe: () => ({}),
						perform: (z, bundle) => {
							if (bundle.rawRequest.content.includes('throw')) throw new Error('plain');
							z.console.log('secret: ' + bundle.subscribeData.secret);
							return { not: 'an array' };
						},
						performList: () => [{ id: 1 }], sample: { id: 1 },
					},
				},
			},
		}`);
		remove = toy.remove;
		zapier = await startZapierIn(toy.folder);
		connection = await zapier.connect({});
	});
	after(async () => {
		await zapier.stop();
		await remove();
	});

	it('runs as in production: core appends the bundle to a plain error, and the harness shows it', async () => {
		const zap = await zapier.turnOn(connection, 'leaky');
		assert.equal(await post(zap.targetUrl, { throw: 'jane@example.com' }), 200);
		await zapier.settled();
		const error = zapier.failed.at(-1)?.error;
		assert.equal(error?.safe, false);
		assert.match(error.message, /made-up-secret/);
		assert.match(error.message, /jane@example\.com/);
		assert.match(JSON.stringify(zapier.platform.logs), /jane@example\.com/);
	});

	it('what the app logs reaches the log stream, secrets of the subscription and all', async () => {
		const zap = await zapier.turnOn(connection, 'leaky');
		await post(zap.targetUrl, {});
		await zapier.settled();
		assert.equal(zapier.said().at(-1), 'secret: made-up-secret');
		assert.ok(zapier.secretsSeen.has('made-up-secret'));
	});

	it('results that Zapier does not take are errors', () => {
		assert.match(zapier.failed.at(-1)?.error.message ?? '', /Results must be an array/);
	});

	it('a hook that is off answers 410, one that is too large 413', async () => {
		const zap = await zapier.turnOn(connection, 'leaky');
		assert.equal(await post(zap.targetUrl, { text: 'x'.repeat(11 * 1024 * 1024) }), 413);
		await zapier.turnOff(zap);
		assert.equal(await post(zap.targetUrl, {}), 410);
	});
});
