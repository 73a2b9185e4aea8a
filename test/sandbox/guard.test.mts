/** Who may make control calls: nobody from another website, by whichever way a browser lets one try. */
import assert from 'node:assert/strict';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { describe, it } from 'node:test';
import { useSandbox } from './helpers.mts';

describe('control calls', () => {
	const sandbox = useSandbox({ speed: 1000 });
	const JSON_TYPE = { 'content-type': 'application/json' };

	/** A request with exactly these headers: `fetch` would not send a `Host` of ours. */
	const answered = async (method: string, path: string, headers: OutgoingHttpHeaders, body?: string) =>
		await new Promise<{ status: number | undefined; error: unknown }>((resolve, reject) => {
			const sent = request(sandbox.url(path), { method, headers }, (response) => {
				let text = '';
				response.on('data', (data) => (text += String(data)));
				response.on('end', () => {
					const { error } = JSON.parse(text) as { error?: unknown };
					resolve({ status: response.statusCode, error });
				});
			});
			sent.on('error', reject);
			sent.end(body);
		});
	const fault = '{"provider":"solatis","calls":[{"kind":"hang"}]}';
	const isSet = async () => {
		const { json } = await sandbox.control('faults');
		return JSON.stringify(json).includes('hang');
	};

	const hosts = ['evil.example', 'evil.example:4010', 'localhost.evil.example', '127.0.0.1.evil.example', '192.0.2.1'];
	for (const host of [...hosts, 'localhost@evil.example', '127.0.0.1:80@evil.example', '2130706433', '[::2]']) {
		it(`refuses a call to the host "${host}", whatever it is`, async () => {
			for (const [method, path, body] of [
				['GET', '/control/status', undefined],
				['GET', '/control/subscriptions', undefined],
				['POST', '/control/faults', fault],
				['POST', '/control/reset', undefined],
				['DELETE', '/control/subscriptions/x', undefined],
			] as const) {
				const { status, error } = await answered(method, path, { ...JSON_TYPE, host }, body);
				assert.equal(status, 403, `${method} ${path}`);
				assert.match(String(error), /localhost/);
			}
			assert.equal(await isSet(), false);
		});
	}

	for (const origin of [
		'https://evil.example',
		'http://localhost.evil.example',
		'null',
		'file://',
		'http://192.0.2.1',
	]) {
		it(`refuses a call from a page of ${origin}`, async () => {
			for (const [method, path, body] of [
				['GET', '/control/subscriptions', undefined],
				['POST', '/control/faults', fault],
				['POST', '/control/reset', undefined],
			] as const) {
				assert.equal((await answered(method, path, { ...JSON_TYPE, origin }, body)).status, 403, `${method} ${path}`);
			}
			assert.equal(await isSet(), false);
		});
	}

	for (const type of [
		'text/plain',
		'application/x-www-form-urlencoded',
		'multipart/form-data; boundary=x',
		'text/plain; application/json',
		'application/jsonp',
		undefined,
	]) {
		it(`refuses a body of type ${type ?? '(none)'}: a page can send that without asking first`, async () => {
			const headers = { ...(type === undefined ? {} : { 'content-type': type }), 'content-length': fault.length };
			assert.equal((await answered('POST', '/control/faults', headers, fault)).status, 415);
			assert.equal(await isSet(), false);
		});
	}

	for (const host of ['localhost', 'LOCALHOST:4010', '127.0.0.1', '127.1.2.3:80', '[::1]:4010', 'sandbox.localhost']) {
		it(`answers a call to the host ${host}`, async () => {
			assert.equal((await answered('GET', '/control/status', { host })).status, 200);
			const origin = `http://${host}`;
			const type = 'application/json; charset=utf-8';
			const { status } = await answered('POST', '/control/faults', { host, origin, 'content-type': type }, fault);
			assert.equal(status, 200);
			assert.equal(await isSet(), true);
			assert.equal((await answered('POST', '/control/reset', { host })).status, 200, 'no body, no type');
			// Some programs name a type also where there is no body.
			const form = { host, 'content-type': 'application/x-www-form-urlencoded', 'content-length': 0 };
			assert.equal((await answered('POST', '/control/reset', form)).status, 200);
		});
	}

	it('leaves the services alone: they are called under any name', async () => {
		const { status } = await answered('GET', '/solatis/v2/webhooks', { host: 'sandbox.example' });
		assert.equal(status, 401);
	});
});
