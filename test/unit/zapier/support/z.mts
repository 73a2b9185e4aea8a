/** What Zapier gives an app, as far as calls and errors go: the real client and errors of its platform, and a log that is kept. */
import { createRequire } from 'node:module';
import fetch from 'node-fetch';
import type { ZObject } from 'zapier-platform-core';

const load = createRequire(__filename);
const errors = load('zapier-platform-core/src/errors') as ZObject['errors'];

interface Options {
	url: string;
	method: string;
	headers: Record<string, string>;
	body?: string;
	redirect: 'manual';
	timeout: number;
}

/**
 * @param session Whether the app is one that logs in: its platform then throws at every 401.
 */
export function fakeZ(session: boolean): { z: ZObject; log: string[] } {
	const log: string[] = [];
	const keep = (...words: unknown[]) => void log.push(words.map(String).join(' '));
	const request = async (options: Options) => {
		const response = await fetch(options.url, options);
		if (response.status === 401 && session) throw new errors.RefreshAuthError();
		return { status: response.status, headers: response.headers, content: await response.text() };
	};
	return { z: { request, errors, console: { log: keep, error: keep } } as unknown as ZObject, log };
}
