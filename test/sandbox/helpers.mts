/** What the sandbox's tests share: a running sandbox, a receiver that remembers, and short ways to call. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../../core/provider.ts';
import type { Delivery } from '../../sandbox/deliveries.mts';
import { refuseViolations } from '../../sandbox/contract/refuse.mts';
import type { LoggedRequest } from '../../sandbox/requests.mts';
import { startSandbox } from '../../sandbox/server.mts';
import type { Sandbox, SandboxOptions } from '../../sandbox/server.mts';
import type { Subscription } from '../../sandbox/subscriptions.mts';

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** Parsed where it is JSON, otherwise an empty object. */
	json: JsonObject;
}

export interface CallOptions {
	method?: string;
	headers?: { [name: string]: string };
	/** Sent as JSON. */
	json?: Json;
	/** Sent as it is. */
	body?: string | FormData | URLSearchParams;
}

/** One HTTP call. */
export async function call(url: string, { method, headers = {}, json, body }: CallOptions = {}): Promise<Answer> {
	const sent = json === undefined ? body : JSON.stringify(json);
	const response = await fetch(url, {
		method: method ?? (sent === undefined ? 'GET' : 'POST'),
		headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
		...(sent === undefined ? {} : { body: sent }),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): JsonObject {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}

/** What a receiver got. */
export interface Received {
	path: string;
	query: URLSearchParams;
	headers: http.IncomingHttpHeaders;
	body: string;
	json: JsonObject;
	/** Whether the client closed the connection before the body was whole. */
	cut: boolean;
}

/** An endpoint that remembers what it got, and answers 200 unless told otherwise. */
export class Receiver {
	received: Received[] = [];
	/** Status by path; undefined: 200. */
	answers = new Map<string, number>();
	/** Milliseconds before an answer, by path. */
	waits = new Map<string, number>();
	url = '';
	readonly #server = http.createServer((request, response) => void this.#take(request, response));

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	clear(): void {
		this.received = [];
		this.answers.clear();
		this.waits.clear();
	}

	at(path: string): Received[] {
		return this.received.filter((one) => one.path === path);
	}

	async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '/', this.url);
		const chunks: Buffer[] = [];
		let cut = false;
		try {
			for await (const chunk of request) chunks.push(chunk);
		} catch {
			cut = true;
		}
		const body = Buffer.concat(chunks).toString();
		this.received.push({
			path: url.pathname,
			query: url.searchParams,
			headers: request.headers,
			body,
			json: parsed(body),
			cut,
		});
		const wait = this.waits.get(url.pathname);
		if (wait) await sleep(wait);
		response.writeHead(this.answers.get(url.pathname) ?? 200, { 'content-type': 'application/json' });
		response.end('{"received":true}');
	}
}

/** A sandbox and a receiver for the tests of one file: started once, emptied before each test. */
export function useSandbox(options: SandboxOptions = {}) {
	let running: Sandbox | undefined;
	const receiver = new Receiver();
	before(async () => {
		await receiver.start();
		running = await startSandbox(options);
	});
	beforeEach(async () => {
		await control('reset', {});
		receiver.clear();
	});
	// What a test asks for on purpose, it takes: `takeViolations`.
	afterEach(() => {
		if (running) refuseViolations(running);
	});
	after(async () => {
		await running?.close();
		await receiver.stop();
	});

	const url = (path = '') => {
		assert.ok(running, 'the sandbox runs');
		return running.url + path;
	};
	const control = async (path: string, json?: Json, method?: string) =>
		call(url(`/control/${path}`), { ...(json === undefined ? {} : { json }), ...(method ? { method } : {}) });
	return {
		url,
		control,
		receiver,
		/** What was asked for on purpose that no contract declares, as `service kind name`. */
		takeViolations: () =>
			(running?.takeViolations() ?? []).map(({ service, kind, name }) => `${service} ${kind} ${name}`),
		/** Sets which reading of a service holds; it must be one of the contract's. */
		variants: async (settings: JsonObject) => {
			const answer = await control('variants', settings);
			assert.equal(answer.status, 200, answer.text);
		},
		/** Raises an event; it must be accepted. */
		raise: async (event: JsonObject) => {
			const answer = await control('events', event);
			assert.equal(answer.status, 200, answer.text);
			return answer.json;
		},
		/** Sets faults; they must be accepted. */
		fault: async (faults: JsonObject) => {
			const answer = await control('faults', faults);
			assert.equal(answer.status, 200, answer.text);
		},
		deliveries: async (query = '') => {
			const { json } = await control(`deliveries${query}`);
			return (json as unknown as { deliveries: Delivery[] }).deliveries;
		},
		subscriptions: async (query = '') => {
			const { json } = await control(`subscriptions${query}`);
			return (json as unknown as { subscriptions: Subscription[] }).subscriptions;
		},
		requests: async (query = '') => {
			const { json } = await control(`requests${query}`);
			return (json as unknown as { requests: LoggedRequest[] }).requests;
		},
	};
}

/** Waits until a check passes, at most `ms`; then its last failure is thrown. */
export async function eventually<T>(check: () => T | Promise<T>, ms = 4000): Promise<T> {
	const end = Date.now() + ms;
	for (;;) {
		try {
			return await check();
		} catch (error) {
			if (Date.now() > end) throw error;
			await sleep(20);
		}
	}
}

/** HMAC-SHA256 in hexadecimal digits, made by Node's own crypto and nothing of ours. */
export function hmacHex(secret: string, body: string): string {
	return createHmac('sha256', secret).update(body, 'utf8').digest('hex');
}

/** A value that must be an object. */
export function object(value: Json | undefined): JsonObject {
	assert.ok(
		typeof value === 'object' && value !== null && !Array.isArray(value),
		`an object, not ${JSON.stringify(value)}`,
	);
	return value;
}

/** A value that must be a list. */
export function list(value: Json | undefined): Json[] {
	assert.ok(Array.isArray(value), `a list, not ${JSON.stringify(value)}`);
	return value;
}

/** A value that must be a text. */
export function string(value: Json | undefined): string {
	assert.equal(typeof value, 'string');
	return String(value);
}
