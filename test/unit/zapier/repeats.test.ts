/** Repeats and files: what the apps ask of Zapier's cache and client. */
import { Readable } from 'node:stream';
import type { ZObject } from 'zapier-platform-core';
import type { Field } from '../../../core/provider.ts';
import { withFiles } from '../../../zapier/shared/files.mts';
import { isRepeated } from '../../../zapier/shared/repeats.mts';
import { keepSecret, secretsOf } from '../../../zapier/shared/secrets.mts';
import { acme } from '../support/acme.ts';

const DAY = 24 * 60 * 60;

describe('a claim', () => {
	const claim = { subscription: 'https://hooks.example.com/1?token=secret', deliveryId: 'evt_1', lookAlike: false };

	/** A cache that keeps what is set only where nothing is kept. */
	function cacheOf(more: Partial<Record<'set' | 'get', (...args: unknown[]) => Promise<unknown>>> = {}) {
		const kept = new Map<string, unknown>();
		const calls: unknown[][] = [];
		const cache = {
			set: async (...args: unknown[]) => {
				calls.push(args);
				const [key, value] = args as [string, unknown];
				if (kept.has(key)) return null;
				kept.set(key, value);
				return true;
			},
			get: async (key: string) => kept.get(key),
			...more,
		};
		const log: string[] = [];
		const z = { cache, console: { log: (line: string) => log.push(line) } } as unknown as ZObject;
		return { z, calls, kept, log };
	}

	it('is made once, for two days, by the connection, and only where there is none', async () => {
		const { z, calls } = cacheOf();
		expect(await isRepeated(z, claim)).toBe(false);
		expect(await isRepeated(z, claim)).toBe(true);
		const [key, token, seconds, scope, onlyIfNew] = calls[0]!;
		expect([seconds, scope, onlyIfNew]).toEqual([2 * DAY, ['auth'], true]);
		expect(key).toMatch(/^seen:[0-9a-f]{40}:[0-9a-f]{40}$/);
		expect(token).not.toBe(calls[1]![1]);
	});

	it('of what looks alike is for ten minutes', async () => {
		const { z, calls } = cacheOf();
		await isRepeated(z, { ...claim, lookAlike: true });
		expect(calls[0]![2]).toBe(600);
	});

	it('is one for each subscription and each delivery', async () => {
		const { z } = cacheOf();
		for (const other of [claim, { ...claim, subscription: 'another' }, { ...claim, deliveryId: 'evt_2' }])
			expect(await isRepeated(z, other)).toBe(false);
	});

	it('is ours when only its answer was lost', async () => {
		const { z, kept } = cacheOf({
			set: async (key, value) => {
				kept.set(key as string, value);
				return null;
			},
		});
		expect(await isRepeated(z, claim)).toBe(false);
	});

	it('that cannot be made lets the event through, and says so', async () => {
		for (const fails of [{ set: async () => Promise.reject(new Error('down')) }, { set: async () => null }]) {
			const { z, log } = cacheOf(fails);
			expect(await isRepeated(z, claim)).toBe(false);
			expect(log).toHaveLength('set' in fails && String(fails.set).includes('reject') ? 1 : 0);
		}
	});

	it('is given up after three seconds', async () => {
		jest.useFakeTimers();
		try {
			const { z, log } = cacheOf({ set: async () => await new Promise(() => {}) });
			const asked = isRepeated(z, claim);
			await jest.advanceTimersByTimeAsync(2999);
			expect(log).toEqual([]);
			await jest.advanceTimersByTimeAsync(1);
			expect(await asked).toBe(false);
			expect(log.join()).toMatch(/the cache did not answer/);
		} finally {
			jest.useRealTimers();
		}
	});
});

describe('a file', () => {
	const fields: Field[] = [{ name: 'file', label: 'File', type: 'file' }];
	const serve = (
		{
			status = 200,
			headers = {},
			body = ['abc'],
		}: { status?: number; headers?: Record<string, string>; body?: string[] },
		seen: object[] = [],
	) => ({
		request: (async (options: object) => {
			seen.push(options);
			return {
				status,
				headers: { get: (name: string) => headers[name] ?? null },
				body: Readable.from(body.map((piece) => Buffer.from(piece))),
			};
		}) as unknown as ZObject['request'],
	});
	const address = 'https://files.example.com/folder/report.pdf?x=1';
	const fetched = async (answer: Parameters<typeof serve>[0], url = address) =>
		(await withFiles(serve(answer), fields, { file: url }))['file'];

	it('is fetched from its address, without what the service is called with', async () => {
		const seen: object[] = [];
		expect(await withFiles(serve({ body: ['ab', 'c'] }, seen), fields, { file: address, other: 1 })).toEqual({
			other: 1,
			file: { fileName: 'report.pdf', contentType: 'application/octet-stream', base64: 'YWJj' },
		});
		expect(seen).toEqual([expect.objectContaining({ url: address, method: 'GET', merge: false, raw: true })]);
	});

	it.each([
		['attachment; filename="my report.pdf"', 'my report.pdf'],
		['attachment; filename=plain.txt', 'plain.txt'],
		["attachment; filename*=UTF-8''na%C3%AFve.txt", 'naïve.txt'],
		["attachment; filename*=UTF-8''%E0%A4%A", 'report.pdf'],
		['inline', 'report.pdf'],
	])('is called what %s says', async (disposition, fileName) => {
		const headers = { 'content-disposition': disposition, 'content-type': 'text/plain' };
		expect(await fetched({ headers })).toMatchObject({ fileName, contentType: 'text/plain' });
	});

	it('without a name is called file', async () => {
		expect(await fetched({}, 'https://files.example.com/')).toMatchObject({ fileName: 'file' });
	});

	it.each([
		[{ status: 404 }, 'The file for "File" could not be fetched: status 404.'],
		[{ headers: { 'content-length': '20971521' } }, 'larger than 20 MB'],
		[{ body: ['x'.repeat(20 * 1024 * 1024), 'x'] }, 'larger than 20 MB'],
	])('that cannot be had is refused: %#', async (answer, sentence) => {
		await expect(fetched(answer)).rejects.toThrow(sentence);
	});

	it.each(['report.pdf', 'ftp://example.com/a', 'javascript:alert(1)'])('is no file: %s', async (url) => {
		await expect(fetched({}, url)).rejects.toThrow('"File" must be a file from an earlier step');
	});

	it('that does not come is refused, and one that was not chosen is none', async () => {
		const down = { request: (async () => Promise.reject(new Error('secret'))) as unknown as ZObject['request'] };
		await expect(withFiles(down, fields, { file: address })).rejects.toThrow(
			'The file for "File" could not be fetched: no answer came.',
		);
		expect(await withFiles(down, fields, { file: '', x: 1 })).toEqual({ file: '', x: 1 });
		expect(await withFiles(down, fields, {})).toEqual({});
	});
});

describe('secrets of a step', () => {
	it('are those of the connection, what authentication makes of them, and those of the own subscription', () => {
		const provider = acme();
		const { api } = provider;
		const authenticate: typeof api.authenticate = (request, { apiKey }) => ({
			...request,
			headers: { authorization: `Basic ${Buffer.from(String(apiKey)).toString('base64')}` },
		});
		const authData: Record<string, string> = { apiKey: ' the key of ours ' };
		keepSecret(authData, 'one of this Zap');
		keepSecret(authData, 'one of this Zap');
		keepSecret(authData, 'another of it');
		keepSecret(authData, undefined);
		keepSecret(authData, '');
		expect(Object.keys(authData)).toHaveLength(3);
		const secrets = secretsOf({ ...provider, api: { ...api, authenticate } }, authData).join('\n');
		for (const one of ['the key of ours', 'one of this Zap', 'another of it']) expect(secrets).toContain(one);
		expect(secrets).toContain(Buffer.from('the key of ours').toString('base64'));
	});
});
