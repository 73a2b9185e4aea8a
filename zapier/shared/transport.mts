/** Calls to a service from within Zapier. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ZObject } from 'zapier-platform-core';
import { toResponse } from '../../core/answer.ts';
import { Unreachable } from '../../core/errors.ts';
import { cleanBaseUrl, cleanCredentials } from '../../core/input.ts';
import { encodeMultipart } from '../../core/multipart.ts';
import { patiently } from '../../core/patience.ts';
import { addedTo } from '../../core/redaction.ts';
import type { HttpRequest, HttpResponse, Provider, Send, Values } from '../../core/provider.ts';
import { secretsOf } from './secrets.mts';

/** Milliseconds for all calls of one step together: Zapier gives it 30 s, and an answer that takes longer would be lost without a word. */
const BUDGET_MS = 25_000;

/** The environment variable of the app that overrides the base URL, e.g. `SOLAR_PROOF_BASE_URL`. */
export function baseUrlVariable(provider: Provider): string {
	return `${provider.id.replace(/-/g, '_').toUpperCase()}_BASE_URL`;
}

/**
 * The base URL in force, without a slash at its end.
 * @throws InvalidInput when the variable holds something that no API can be found under.
 */
export function baseUrlOf(provider: Provider): string {
	return cleanBaseUrl(provider, process.env[baseUrlVariable(provider)]);
}

/**
 * Sends requests as `z.request` does, with the connection's authentication. All calls of one sender share the time of a step.
 *
 * The request is finished here, down to the URL and body as texts, and core is told to leave it alone (`merge: false`):
 * it would refuse or strip what looks like `{{a placeholder}}`, which may well be a user's own text.
 * @param options `authenticated`: whether requests carry the connection's authentication; `refresh`: whether a 401 makes Zapier log in
 * again, where the connection is one that logs in.
 */
export function sender(
	provider: Provider,
	z: Pick<ZObject, 'request' | 'errors'>,
	authData: Values,
	{ authenticated = true, refresh = true } = {},
): Send {
	const end = Date.now() + BUDGET_MS;
	const once: Send = async (request) => {
		const credentials = cleanCredentials(provider.api.fields, authData);
		const ready = authenticated ? provider.api.authenticate(request, credentials) : request;
		const secrets = [...addedTo(request, ready), ...secretsOf(provider, authData)];
		const { method, path, query, headers } = ready;
		const url = new URL(baseUrlOf(provider) + path);
		for (const [name, value] of Object.entries(query ?? {})) {
			if (value !== undefined) url.searchParams.set(name, String(value));
		}
		const timeout = end - Date.now();
		if (timeout <= 0) throw unreachable(provider, url, { code: 'ETIMEDOUT' }, false);
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
			timeout,
		};
		try {
			const response = await z.request(options);
			return { ...toResponse(response.status, plain(response.headers), response.content ?? ''), secrets };
		} catch (cause) {
			if (cause instanceof z.errors.RefreshAuthError) {
				// Core throws this at every 401 of a session app. Logging in again helps only a connection that logs in.
				if (refresh && provider.api.session?.needed(credentials)) throw cause;
				return { status: 401, headers: {}, body: undefined, text: '', secrets };
			}
			throw unreachable(provider, url, cause, !NOT_SENT.includes(codeOf(cause) ?? ''));
		}
	};
	return patiently(once, { wait: sleep, budget: BUDGET_MS });
}

/** Codes of connections that were never made: nothing was sent. */
const NOT_SENT: readonly string[] = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EPROTO',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'ERR_INVALID_CHAR',
];

function unreachable(provider: Provider, url: URL, cause: unknown, sent: boolean): Unreachable {
	const code = codeOf(cause);
	const tooLong = code === 'ETIMEDOUT' || code === 'request-timeout';
	const why = tooLong ? `: it took longer than ${BUDGET_MS / 1000} s` : code === undefined ? '' : ` (${code})`;
	return new Unreachable(`${provider.name} could not be reached at ${url.host}${why}.`, 'Try again in a few minutes.', {
		sent,
		lasting: code === 'ENOTFOUND',
	});
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

/** The error's code, e.g. `ECONNREFUSED`; its message may hold the URL with a key in it. */
function codeOf(cause: unknown): string | undefined {
	const { code, type } = (typeof cause === 'object' && cause !== null ? cause : {}) as {
		code?: unknown;
		type?: unknown;
	};
	const reason = code ?? type;
	return typeof reason === 'string' && /^[A-Za-z_-]+$/.test(reason) ? reason : undefined;
}
