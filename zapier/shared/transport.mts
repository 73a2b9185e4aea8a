/** Calls to a service from within Zapier. */
import type { ZObject } from 'zapier-platform-core';
import { Unreachable } from '../../core/errors.ts';
import { parsed } from '../../core/json.ts';
import { encodeMultipart } from '../../core/multipart.ts';
import type { HttpRequest, HttpResponse, Provider, Send, Values } from '../../core/provider.ts';

/** Zapier gives a step 30 s: an answer that takes longer would be lost without a word. */
const TIMEOUT_MS = 25_000;

/** The environment variable of the app that overrides the base URL, e.g. `SOLAR_PROOF_BASE_URL`. */
export function baseUrlVariable(provider: Provider): string {
	return `${provider.id.replace(/-/g, '_').toUpperCase()}_BASE_URL`;
}

/** The base URL in force, without a slash at its end. */
export function baseUrlOf(provider: Provider): string {
	const set = process.env[baseUrlVariable(provider)]?.trim();
	return (set || provider.api.baseUrl).replace(/\/+$/, '');
}

/**
 * Sends requests as `z.request` does, with the connection's authentication.
 *
 * The request is finished here, down to the URL and body as texts, and core is told to leave it alone (`merge: false`):
 * it would refuse or strip what looks like `{{a placeholder}}`, which may well be a user's own text.
 * @param options `authenticated`: whether requests carry the connection's authentication; `refresh`: whether a 401 makes Zapier log in
 * again, where the connection is one that logs in.
 */
export function sender(
	provider: Provider,
	z: Pick<ZObject, 'request' | 'errors'>,
	credentials: Values,
	{ authenticated = true, refresh = true } = {},
): Send {
	return async (request) => {
		const ready = authenticated ? provider.api.authenticate(request, credentials) : request;
		const { method, path, query, headers } = ready;
		const url = new URL(baseUrlOf(provider) + path);
		for (const [name, value] of Object.entries(query ?? {})) {
			if (value !== undefined) url.searchParams.set(name, String(value));
		}
		// A fresh object each time: core writes into the headers that it is given.
		const sent: Record<string, string> = { accept: 'application/json', 'user-agent': 'Zapier', ...lowerCase(headers) };
		const body = bodyOf(ready, sent);
		const options = {
			url: url.toString(),
			method,
			headers: sent,
			...(body === undefined ? {} : { body }),
			params: {},
			merge: false,
			redirect: 'manual' as const, // a redirect could carry a key elsewhere
			skipThrowForStatus: true,
			throwForThrottlingEarly: false,
			timeout: TIMEOUT_MS,
		};
		try {
			const response = await z.request(options);
			return {
				status: response.status,
				headers: plain(response.headers),
				body: parsed(response.content),
				text: response.content,
			};
		} catch (cause) {
			if (cause instanceof z.errors.RefreshAuthError) {
				// Core throws this at every 401 of a session app. Logging in again helps only a connection that logs in.
				if (refresh && provider.api.session?.needed(credentials)) throw cause;
				return { status: 401, headers: {}, body: undefined, text: '' };
			}
			throw new Unreachable(
				`${provider.name} could not be reached at ${url.host}${reasonOf(cause)}. Try again in a few minutes.`,
			);
		}
	};
}

function bodyOf({ json, form, multipart }: HttpRequest, headers: Record<string, string>): string | Buffer | undefined {
	if (multipart !== undefined) {
		const { contentType, body } = encodeMultipart(multipart);
		headers['content-type'] = contentType;
		return body;
	}
	if (form !== undefined) {
		headers['content-type'] ??= 'application/x-www-form-urlencoded';
		return new URLSearchParams(form).toString();
	}
	if (json === undefined) return undefined;
	headers['content-type'] ??= 'application/json';
	return JSON.stringify(json);
}

function lowerCase(headers: HttpRequest['headers']): Record<string, string> {
	return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

function plain(headers: { forEach(visit: (value: string, name: string) => void): void }): HttpResponse['headers'] {
	const all: Record<string, string> = {};
	headers.forEach((value, name) => {
		all[name.toLowerCase()] = value;
	});
	return all;
}

/** The error's code, e.g. ` (ECONNREFUSED)`; its message may hold the URL with a key in it. */
function reasonOf(cause: unknown): string {
	const { code, type } = (typeof cause === 'object' && cause !== null ? cause : {}) as {
		code?: unknown;
		type?: unknown;
	};
	const reason = code ?? type;
	return typeof reason === 'string' && /^[A-Za-z_-]+$/.test(reason) ? ` (${reason})` : '';
}
