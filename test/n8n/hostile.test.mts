/**
 * What n8n and our triggers do together with requests that nobody should send: bodies that explode, lie about themselves or are
 * no bodies at all. Nothing of it starts a workflow, n8n stays alive, and its memory stays bounded.
 *
 * Some of it n8n refuses before our code runs: 422 for JSON or XML it cannot parse, 413 or 500 for a body it will not read.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import type { Scheme } from '../../core/provider.ts';
import { sign } from '../../core/signature.ts';
import { provider } from '../../providers/index.ts';
import type { Workflow } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { ARRIVED, webhookUrl, workflowWith } from '../../harness/workflow.mts';

const SECRET = 'a secret of ours';
const SOLID = provider('solid-number').receiving.proofs[0].scheme;
const SOLVE = provider('solve360').receiving.proofs[0].scheme;
const MIB = 2 ** 20;

type Headers = Record<string, string>;

/** What is rejected would otherwise be reported by an execution with the next tick, and executions are counted here. */
const UNREPORTED = { reportRejected: false };

describe('a real n8n under hostile requests', { timeout: 300_000 }, () => {
	let n8n: N8n;
	let solve360: SandboxControl;
	/** Solid#, twice, with a secret each, and Solve360. */
	let mine: Workflow;
	let theirs: Workflow;
	let records: Workflow;
	let recordsSecret = '';
	/** How many events each workflow has been sent that must arrive. */
	const expected = new Map<string, number>();
	let count = 0;
	let atFirst = 0;

	before(async () => {
		solve360 = await SandboxControl.start('solve360');
		// As recommended: under n8n's default engine each request, forged or not, costs an isolate (docs/reliability.md).
		n8n = await N8n.start({ env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' } });
		await n8n.client.login();
		const solid = async (webhookSecret: string) => {
			const credential = await n8n.client.createCredential('solidNumberWebhookApi', webhookSecret, { webhookSecret });
			return await published({
				type: 'n8n-nodes-solid-number.solidNumberTrigger',
				parameters: { registration: 'manual', events: ['order.created'], options: UNREPORTED },
				credentials: { solidNumberWebhookApi: credential },
			});
		};
		mine = await solid(SECRET);
		theirs = await solid('the secret of somebody else');
		const account = await n8n.client.createCredential('solve360Api', 'Solve360', solve360.credentials);
		records = await published({
			type: 'n8n-nodes-solve360.solve360Trigger',
			parameters: { events: ['items.create'], contentType: 'xml', options: UNREPORTED },
			credentials: { solve360Api: account },
		});
		recordsSecret = (await solve360.subscriptions())[0]?.secret ?? '';
		assert.notEqual(recordsSecret, '');
		atFirst = memory('VmRSS');
	});
	after(async () => {
		await n8n?.stop();
		await solve360?.close();
	});

	async function published(trigger: Parameters<typeof workflowWith>[0]): Promise<Workflow> {
		const workflow = await n8n.client.createWorkflow(workflowWith(trigger));
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		return workflow;
	}

	/** Megabytes of n8n's process, now (`VmRSS`) or at most so far (`VmHWM`). 0 where the system does not tell. */
	function memory(which: 'VmRSS' | 'VmHWM'): number {
		try {
			const status = readFileSync(`/proc/${n8n.pid}/status`, 'utf8');
			return Math.round(Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
		} catch {
			return 0;
		}
	}

	const event = (more: Record<string, unknown> = {}) =>
		Buffer.from(JSON.stringify({ id: `evt_${++count}`, event_type: 'order.created', data: {}, ...more }));
	const signed = (body: Uint8Array, scheme: Scheme = SOLID, secret: string = SECRET): Headers =>
		sign(scheme, { body, secret }).headers;
	/** Says that what is sent next must arrive. */
	const arriving = (workflow: Workflow = mine) => expected.set(workflow.id, (expected.get(workflow.id) ?? 0) + 1);

	/** Sends a request; what n8n answers. Without an answer the status is 0. */
	async function send(
		body: Uint8Array,
		headers: Headers,
		{
			workflow = mine,
			method = 'POST',
			chunked = false,
		}: { workflow?: Workflow; method?: string; chunked?: boolean } = {},
	): Promise<{ status: number; reason: string | undefined }> {
		return await new Promise((resolve) => {
			const request = httpRequest(
				webhookUrl(n8n.url, workflow),
				{ method, agent: false, headers: { ...headers, ...(chunked ? {} : { 'content-length': body.length }) } },
				(response) => {
					const parts: Buffer[] = [];
					response.on('data', (part: Buffer) => parts.push(part));
					const end = () =>
						resolve({ status: response.statusCode ?? 0, reason: reasonIn(Buffer.concat(parts).toString()) });
					response.on('end', end).on('error', end);
				},
			);
			request.on('error', () => resolve({ status: 0, reason: undefined }));
			if (chunked) for (let at = 0; at < body.length; at += 7) request.write(body.subarray(at, at + 7));
			request.end(chunked ? undefined : body);
		});
	}

	/** Writes bytes to n8n's port as they are; the status line's number, 0 when n8n only closed. */
	async function raw(text: string): Promise<{ status: number; reason: string | undefined }> {
		return await new Promise((resolve) => {
			const socket = connect(n8n.port, '127.0.0.1');
			let got = '';
			const end = () => {
				socket.destroy();
				resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(got)?.[1] ?? 0), reason: reasonIn(got) });
			};
			socket
				.on('data', (data) => (got += data.toString('latin1')))
				.on('error', end)
				.on('close', end);
			socket.setTimeout(3000, end);
			socket.write(text, 'latin1');
		});
	}
	const path = (workflow: Workflow = mine) => new URL(webhookUrl(n8n.url, workflow)).pathname;

	/** n8n is there, takes a genuine event, and nothing has arrived that should not. */
	async function alive(): Promise<void> {
		const body = event();
		arriving();
		assert.deepEqual(await send(body, { 'content-type': 'application/json', ...signed(body) }), {
			status: 200,
			reason: 'accepted',
		});
		for (const workflow of [mine, theirs, records]) {
			const wanted = expected.get(workflow.id) ?? 0;
			if (wanted > 0) await n8n.client.waitForExecutions(workflow, wanted, 30_000);
			assert.equal((await n8n.client.listExecutions(workflow)).length, wanted);
		}
	}

	const JSON_TYPE = { 'content-type': 'application/json' };

	it('takes a genuine event however it is packed', async () => {
		const ways: [string, (body: Buffer) => [Uint8Array, Headers], boolean?][] = [
			['JSON', (body) => [body, JSON_TYPE]],
			['application/vnd.x+json', (body) => [body, { 'content-type': 'application/vnd.x+json' }]],
			['text/plain', (body) => [body, { 'content-type': 'text/plain' }]],
			['no content type', (body) => [body, {}]],
			['chunked', (body) => [body, JSON_TYPE], true],
			['gzip', (body) => [gzipSync(body), { ...JSON_TYPE, 'content-encoding': 'gzip' }]],
			['deflate', (body) => [deflateSync(body), { ...JSON_TYPE, 'content-encoding': 'deflate' }]],
			['gzip, chunked', (body) => [gzipSync(body), { ...JSON_TYPE, 'content-encoding': 'gzip' }], true],
		];
		for (const [name, pack, chunked = false] of ways) {
			const body = event({ data: { name } });
			const [bytes, headers] = pack(body);
			arriving();
			assert.deepEqual(
				await send(bytes, { ...headers, ...signed(body) }, { chunked }),
				{ status: 200, reason: 'accepted' },
				name,
			);
		}
		await alive();
	});

	it('refuses what is packed so that it cannot be verified, and drops what cannot be read', async () => {
		const body = event();
		const gzipped = gzipSync(body);
		const brotli = brotliCompressSync(body);
		const utf16 = Buffer.from(body.toString(), 'utf16le');
		const multipart = Buffer.from(
			`--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n${body.toString()}\r\n--x--\r\n`,
		);
		const cases: [string, Uint8Array, Headers, number, string?][] = [
			[
				'signed when packed',
				gzipped,
				{ ...JSON_TYPE, 'content-encoding': 'gzip', ...signed(gzipped) },
				401,
				'signature_mismatch',
			],
			[
				'multipart',
				multipart,
				{ 'content-type': 'multipart/form-data; boundary=x', ...signed(multipart) },
				401,
				'signature_mismatch',
			],
			[
				'multipart without its end',
				multipart.subarray(0, 40),
				{ 'content-type': 'multipart/form-data; boundary=x', ...signed(multipart) },
				400,
			],
			['brotli as JSON', brotli, { ...JSON_TYPE, 'content-encoding': 'br', ...signed(brotli) }, 422],
			['brotli as anything', brotli, { 'content-encoding': 'br', ...signed(brotli) }, 200, 'malformed'],
			['a charset of its own', utf16, { 'content-type': 'application/json; charset=utf-16', ...signed(utf16) }, 422],
			['UTF-16 as anything', utf16, { ...signed(utf16) }, 200, 'malformed'],
			['malformed JSON', Buffer.from('{"a":'), { ...JSON_TYPE, ...signed(Buffer.from('{"a":')) }, 422],
			['malformed JSON, unsigned', Buffer.from('{"a":'), JSON_TYPE, 422],
			[
				'corrupt gzip',
				Buffer.concat([gzipped.subarray(0, 12), Buffer.alloc(20, 7)]),
				{ ...JSON_TYPE, 'content-encoding': 'gzip', ...signed(body) },
				500,
			],
			['gzip cut short', gzipped.subarray(0, -9), { ...JSON_TYPE, 'content-encoding': 'gzip', ...signed(body) }, 500],
			['an empty body', Buffer.alloc(0), { ...JSON_TYPE, ...signed(Buffer.alloc(0)) }, 200, 'malformed'],
		];
		const found: string[] = [];
		for (const [name, bytes, headers, status, reason] of cases) {
			const answered = await send(bytes, headers);
			if (status !== answered.status || (reason !== undefined && reason !== answered.reason))
				found.push(`${name}: ${JSON.stringify(answered)}`);
		}
		assert.deepEqual(found, []);
		await alive();
	});

	it('survives bodies that explode or are too large, with bounded memory', async (test) => {
		const bomb = await bombOf(1024);
		const headers = { ...JSON_TYPE, 'content-encoding': 'gzip', ...signed(bomb) };
		const large = event({ data: { a: 'x'.repeat(17 * MIB) } });
		const [first, second, third] = [
			await send(bomb, headers),
			await send(bomb, headers, { chunked: true }),
			await send(large, { ...JSON_TYPE, ...signed(large) }),
		];
		for (const { status } of [first, second, third])
			assert.ok([0, 413, 500].includes(status), JSON.stringify([first, second, third]));
		const many = await Promise.all(Array.from({ length: 10 }, () => send(bomb, headers)));
		for (const { status } of many) assert.ok([0, 413, 500].includes(status), JSON.stringify(many));
		// Just within n8n's limit, forged: read, verified, refused.
		const full = Buffer.alloc(15 * MIB, ' ');
		full.write('{}');
		assert.deepEqual(await send(full, { ...JSON_TYPE, ...signed(Buffer.from('x')) }), {
			status: 401,
			reason: 'signature_mismatch',
		});
		const peak = memory('VmHWM');
		test.diagnostic(`n8n's memory: ${atFirst} MB before, ${peak} MB at most`);
		// Twelve bombs of 1 GiB each, and bodies of 17 and 15 MiB: n8n holds 16 MiB of each at most.
		assert.ok(peak - atFirst < 400, `memory: ${atFirst} MB before, ${peak} MB at most`);
		await alive();
	});

	it('refuses nesting, prototypes and entities that n8n itself has parsed before', async () => {
		const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
		assert.equal((await send(deep, { ...JSON_TYPE, ...signed(Buffer.from('x')) })).status, 401);
		assert.deepEqual(await send(deep, { ...JSON_TYPE, ...signed(deep) }), { status: 200, reason: 'malformed' });

		const polluting = Buffer.from(
			`{"id":"evt_${++count}","event_type":"order.created","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
		);
		arriving();
		assert.deepEqual(await send(polluting, { ...JSON_TYPE, ...signed(polluting) }), {
			status: 200,
			reason: 'accepted',
		});
		const [last] = (await n8n.client.waitForExecutions(mine, expected.get(mine.id) ?? 0)).slice(-1);
		assert.equal((last?.items[ARRIVED]?.[0] as { event_type?: string }).event_type, 'order.created');
		assert.equal((last?.items[ARRIVED]?.[0] as { polluted?: number }).polluted, undefined);

		const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
		for (const text of [
			`<!DOCTYPE n [<!ENTITY l0 "lol">${laughs}]><n><type>items.create</type><content>&l9;</content></n>`,
			'<!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><n><type>items.create</type><content>&x;</content></n>',
			'<n><a></n>',
		]) {
			const body = Buffer.from(text);
			const answered = await send(
				body,
				{ 'content-type': 'application/xml', ...signed(body, SOLVE, recordsSecret) },
				{ workflow: records },
			);
			assert.ok(answered.status === 422 || answered.reason === 'malformed', JSON.stringify(answered));
			const forged = await send(
				body,
				{ 'content-type': 'text/plain', ...signed(body, SOLVE, 'another') },
				{ workflow: records },
			);
			assert.deepEqual(forged, { status: 401, reason: 'signature_mismatch' });
		}
		await alive();
	});

	it('refuses requests that are odd on the wire', async () => {
		const body = event().toString('latin1');
		const good = signed(Buffer.from(body, 'latin1'))['x-solid-signature'] ?? '';
		const head = (...lines: string[]) =>
			[
				`POST ${path()} HTTP/1.1`,
				'Host: 127.0.0.1',
				'Connection: close',
				'Content-Type: application/json',
				...lines,
				'',
				'',
			].join('\r\n');
		const length = `Content-Length: ${body.length}`;
		const cases: [string, string, number, string?][] = [
			[
				'the signature twice',
				head(length, `X-Solid-Signature: ${good}`, `X-Solid-Signature: ${good}`) + body,
				401,
				'signature_malformed',
			],
			[
				'a wrong one and a right one',
				head(length, `X-Solid-Signature: ${'0'.repeat(64)}`, `X-Solid-Signature: ${good}`) + body,
				401,
				'signature_malformed',
			],
			[
				'a right one and a wrong one in other case',
				head(length, `x-solid-signature: ${good}`, `X-SOLID-SIGNATURE: ${'0'.repeat(64)}`) + body,
				401,
				'signature_malformed',
			],
			['neither length nor chunks', head(`X-Solid-Signature: ${good}`) + body, 400],
			['a length too short', head(`Content-Length: ${body.length - 5}`, `X-Solid-Signature: ${good}`) + body, 400],
			['length and chunks', head(length, 'Transfer-Encoding: chunked', `X-Solid-Signature: ${good}`) + body, 400],
			['two lengths', head(length, 'Content-Length: 1', `X-Solid-Signature: ${good}`) + body, 400],
			['chunks that are none', head('Transfer-Encoding: chunked', `X-Solid-Signature: ${good}`) + body, 400],
			['a signature of 20 KB', head(length, `X-Solid-Signature: ${'a'.repeat(20_000)}`) + body, 431],
			[
				'a signature over two lines',
				head(length, `X-Solid-Signature: ${good.slice(0, 32)}`, ` ${good.slice(32)}`) + body,
				400,
			],
			['a NUL in the signature', head(length, `X-Solid-Signature: ${good}\0`) + body, 400],
			['no signature', head(length) + body, 401, 'signature_missing'],
		];
		const found: string[] = [];
		for (const [name, text, status, reason] of cases) {
			const answered = await raw(text);
			if (status !== answered.status || (reason !== undefined && reason !== answered.reason))
				found.push(`${name}: ${JSON.stringify(answered)}`);
		}
		assert.deepEqual(found, []);
		await alive();
	});

	it('answers other methods and other paths without starting anything', async () => {
		const body = event();
		const headers = { ...JSON_TYPE, ...signed(body) };
		for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
			assert.equal(
				(await send(method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body, headers, { method })).status,
				404,
				method,
			);
		assert.equal((await send(Buffer.alloc(0), {}, { method: 'OPTIONS' })).status, 204);
		// The delivery of one workflow at the address of another.
		assert.deepEqual(await send(body, headers, { workflow: theirs }), { status: 401, reason: 'signature_mismatch' });
		for (const other of [
			`${path()}/`,
			`${path()}/x`,
			path().toUpperCase(),
			`${path()}?x=1`,
			path().replace('/webhook/', '/webhook-test/'),
		]) {
			const answered = await raw(
				[`POST ${other} HTTP/1.1`, 'Host: x', 'Connection: close', 'Content-Length: 2', '', '{}'].join('\r\n'),
			);
			assert.ok([401, 404].includes(answered.status), `${other}: ${answered.status}`);
		}
		await alive();
	});

	it('refuses a hundred forgeries at once', async () => {
		const body = event();
		const all = await Promise.all(
			Array.from({ length: 100 }, (_, index) => send(body, { ...JSON_TYPE, ...signed(body, SOLID, `guess ${index}`) })),
		);
		assert.deepEqual(
			new Set(all.map(({ status, reason }) => `${status} ${reason}`)),
			new Set(['401 signature_mismatch']),
		);
		await alive();
	});

	it('survives senders that go away in the middle', async () => {
		const body = event();
		for (let one = 0; one < 20; one++) {
			await new Promise<void>((resolve) => {
				const socket = connect(n8n.port, '127.0.0.1', () => {
					socket.write(
						`POST ${path()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
					);
					socket.write(body.subarray(0, one * 3), () => socket.destroy());
				});
				socket.on('close', () => resolve()).on('error', () => undefined);
			});
		}
		await alive();
		assert.doesNotMatch(n8n.log, new RegExp(SECRET), 'no secret is logged');
	});
});

/** What our answer says: the reason, or the verdict where there is none. */
function reasonIn(text: string): string | undefined {
	const found = /\{"verdict":"(\w+)"(?:,"reason":"(\w+)")?\}/.exec(text);
	return found?.[2] ?? found?.[1];
}

/** So many MiB of zeros, compressed to a thousandth. */
async function bombOf(mebibytes: number): Promise<Buffer> {
	const gzip = createGzip({ level: 9 });
	const parts: Buffer[] = [];
	gzip.on('data', (part: Buffer) => parts.push(part));
	const zeros = Buffer.alloc(MIB);
	for (let one = 0; one < mebibytes; one++) {
		if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
	}
	await new Promise<void>((resolve) => gzip.end(resolve));
	return Buffer.concat(parts);
}
