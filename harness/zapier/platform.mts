/**
 * Zapier's side of an app, on loopback: the hook endpoint that services post to, the RPC server behind `z.cache`, and the sink
 * of the log stream. What no documentation settles is listed in `zapier/README.md`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CacheStore, type Caller } from './cache.mts';

/** A delivery as Zapier hands it to `perform`. */
export interface HookRequest {
	rawRequest: { method: string; querystring: string; headers: Record<string, string>; content: string };
	cleanedRequest: unknown;
}

/** One line of the log stream. */
export interface LogLine {
	message: string;
	data: Record<string, unknown>;
}

export interface Platform {
	url: string;
	cache: CacheStore;
	logs: LogLine[];
	/** Answers of the hook endpoint, in order. */
	answered: Array<{ path: string; status: number }>;
	/** Who takes deliveries to a hook. Undefined: the Zap is off, the answer is 410. */
	hooks: Map<string, (request: HookRequest) => void>;
	/** Callers by the token that they were given. */
	callers: Map<string, Caller>;
	close(): Promise<void>;
}

/** Zapier's documented limit for a webhook's body. */
const MAX_HOOK_BYTES = 10 * 1024 * 1024;

/** Starts it on a free loopback port. */
export async function startPlatform(): Promise<Platform> {
	const cache = new CacheStore();
	const logs: LogLine[] = [];
	const answered: Platform['answered'] = [];
	const hooks: Platform['hooks'] = new Map();
	const callers: Platform['callers'] = new Map();
	const lostOnce = new Set<number>();

	const server = createServer((request, response) => {
		const { pathname, search } = new URL(request.url ?? '/', 'http://zapier.invalid');
		if (pathname.startsWith('/hooks/')) void takeHook(request, response, pathname, search);
		else if (pathname === '/rpc') void takeRpc(request, response);
		else if (pathname === '/logs') void takeLogs(request, response);
		else response.writeHead(404).end();
	});

	async function takeHook(request: IncomingMessage, response: ServerResponse, path: string, search: string) {
		const content = await bodyOf(request);
		const reply = (status: number, body: object) => {
			answered.push({ path, status });
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		};
		const take = hooks.get(path);
		if (take === undefined) return reply(410, { status: 'gone' });
		if (content.byteLength > MAX_HOOK_BYTES) return reply(413, { status: 'error' });
		// The service has its 200 before the app sees anything: no verdict of the app ever reaches it.
		reply(200, { status: 'success' });
		const text = content.toString('utf8');
		take({
			rawRequest: {
				method: request.method ?? 'POST',
				querystring: search.replace(/^\?/, ''),
				headers: zapierHeaders(request.rawHeaders),
				content: text,
			},
			cleanedRequest: cleaned(text, search),
		});
	}

	async function takeRpc(request: IncomingMessage, response: ServerResponse) {
		const { id, method, params } = JSON.parse((await bodyOf(request)).toString()) as {
			id: number;
			method: string;
			params: [string, ...unknown[]];
		};
		const caller = callers.get(String(request.headers['x-token'] ?? ''));
		const reply = (status: number, body: object) =>
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		if (caller === undefined) return reply(403, { id, error: 'unknown token' });
		if (cache.fault === 'silent') return;
		if (cache.fault === 'down') return reply(503, { id, error: 'down' });
		const result = answerRpc(cache, caller, method, params);
		if (cache.fault === 'lost' && method === 'zcache_set' && !lostOnce.has(id)) {
			lostOnce.add(id);
			return reply(502, {});
		}
		reply(200, { id, result });
	}

	async function takeLogs(request: IncomingMessage, response: ServerResponse) {
		const lines = (await bodyOf(request)).toString().split('\n');
		for (const line of lines) if (line !== '') logs.push(JSON.parse(line) as LogLine);
		response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		cache,
		logs,
		answered,
		hooks,
		callers,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/**
 * Headers as Zapier's documentation shows them: `Content-Type` and `Content-Length` keep their names, every other one gets
 * `Http-` and capital letters. A header that came twice is joined.
 */
export function zapierHeaders(rawHeaders: readonly string[]): Record<string, string> {
	const renamed: Record<string, string> = {};
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = (rawHeaders[index] ?? '')
			.toLowerCase()
			.split('-')
			.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
			.join('-');
		const value = rawHeaders[index + 1] ?? '';
		const key = name === 'Content-Type' || name === 'Content-Length' ? name : `Http-${name}`;
		renamed[key] = renamed[key] === undefined ? value : `${renamed[key]}, ${value}`;
	}
	return renamed;
}

/** Zapier's parsed view: the keys of the body, and the query next to them. Apps that verify must not rely on it. */
function cleaned(text: string, search: string): unknown {
	const querystring = Object.fromEntries(new URLSearchParams(search));
	try {
		const body = JSON.parse(text) as unknown;
		return Array.isArray(body) || typeof body !== 'object' ? body : { ...body, querystring };
	} catch {
		return { ...Object.fromEntries(new URLSearchParams(text)), querystring };
	}
}

function answerRpc(cache: CacheStore, caller: Caller, method: string, params: [string, ...unknown[]]): unknown {
	const [key] = params;
	switch (method) {
		case 'zcache_get':
			return cache.get(caller, key, (params[1] ?? null) as string[] | null);
		case 'zcache_set': {
			const [, value, seconds, scope, onlyIfNew] = params;
			return cache.set(
				caller,
				key,
				String(value),
				(seconds ?? null) as number | null,
				(scope ?? null) as string[] | null,
				(onlyIfNew ?? null) as boolean | null,
			);
		}
		case 'zcache_delete':
			return cache.delete(caller, key, (params[1] ?? null) as string[] | null);
		default:
			throw new Error(`RPC method ${method} is not played here`);
	}
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
