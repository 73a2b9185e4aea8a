/** One HTTP POST to a subscriber, with axios, and its result. */
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';

export interface Post {
	url: string;
	headers: { readonly [name: string]: string };
	body: Buffer;
	/** How long the service waits, from the first byte to the end of the answer. */
	timeoutMs: number;
	/** Send the body in two halves, this many milliseconds apart. */
	slowMs?: number;
	/** Close the connection in the middle of the body, or once the request is sent. */
	drop?: 'body' | 'connection';
	/** Gives it up from outside. */
	signal: AbortSignal;
}

/** Either an answer or the reason why there is none. */
export interface Outcome {
	status?: number;
	headers?: { [name: string]: string };
	/** The answer's body, cut at 16 KiB. */
	body?: string;
	error?: string;
}

const LOGGED_CHARACTERS = 16 * 1024;
const http1 = new http.Agent({ keepAlive: false });
const https1 = new https.Agent({ keepAlive: false });

/** Sends it. Never throws. Redirects are not followed, proxies are not used. */
export async function post(order: Post): Promise<Outcome> {
	const giveUp = new AbortController();
	let reason = 'the connection was given up';
	const abort = (why: string) => {
		reason = why;
		giveUp.abort();
	};
	const onOutside = () => abort('the sandbox stopped');
	order.signal.addEventListener('abort', onOutside, { once: true });
	const timer = setTimeout(() => abort(`no answer within ${order.timeoutMs} ms`), order.timeoutMs);
	try {
		const answer = await axios.post<string>(order.url, inPieces(order, abort), {
			headers: { ...order.headers, 'content-length': String(order.body.length) },
			signal: giveUp.signal,
			httpAgent: http1,
			httpsAgent: https1,
			proxy: false,
			maxRedirects: 0,
			maxContentLength: 4 * 1024 * 1024,
			responseType: 'text',
			transformRequest: [],
			transformResponse: [],
			validateStatus: () => true,
			...(order.drop === 'connection' ? { transport: cutWhenSent(order.url, abort) } : {}),
		});
		const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
		return {
			status: answer.status,
			headers: Object.fromEntries(headers),
			body: answer.data.slice(0, LOGGED_CHARACTERS),
		};
	} catch (error) {
		if (giveUp.signal.aborted) return { error: reason };
		return { error: error instanceof Error ? error.message || error.name : String(error) };
	} finally {
		clearTimeout(timer);
		order.signal.removeEventListener('abort', onOutside);
	}
}

function inPieces(order: Post, abort: (why: string) => void): Buffer | Readable {
	if (order.slowMs === undefined && order.drop !== 'body') return order.body;
	const half = Math.floor(order.body.length / 2);
	async function* pieces() {
		yield order.body.subarray(0, half);
		if (order.slowMs !== undefined) await sleep(order.slowMs);
		if (order.drop === 'body') {
			await sleep(20); // so that the first half is on its way
			abort('fault: the connection was closed in the middle of the body');
		}
		yield order.body.subarray(half);
	}
	return Readable.from(pieces());
}

/** A transport for axios that closes the connection as soon as the whole request is with the operating system. */
function cutWhenSent(url: string, abort: (why: string) => void) {
	const client = url.startsWith('https:') ? https : http;
	return {
		request(options: http.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
			const request = client.request(options, onResponse);
			request.on('finish', () => setImmediate(() => abort('fault: the connection was closed before the answer')));
			return request;
		},
	};
}

const near = new BlockList();
near.addSubnet('127.0.0.0', 8);
near.addSubnet('10.0.0.0', 8);
near.addSubnet('172.16.0.0', 12);
near.addSubnet('192.168.0.0', 16);
near.addSubnet('169.254.0.0', 16);
near.addAddress('::1', 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');
near.addSubnet('fe80::', 10, 'ipv6');

/** Whether a URL's host is this machine or its private network: made-up events must not leave it by mistake. */
export function isNear(url: string): boolean {
	const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
	const family = isIP(host);
	if (family !== 0) return near.check(host, family === 6 ? 'ipv6' : 'ipv4');
	return !host.includes('.') || /\.(localhost|local|internal|lan|home\.arpa|test)$/.test(host);
}
