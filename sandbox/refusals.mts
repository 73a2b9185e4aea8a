/** A service that repeats the caller's own request in its refusals: key, header and body. What reads them must blank them. */
import { isObject } from '../core/json.ts';
import type { Json, JsonObject } from '../core/provider.ts';
import type { LoggedRequest } from './requests.mts';
import type { Behaviour } from './service.mts';

/** Switches that every service has. */
export const COMMON_BEHAVIOURS: { readonly [name: string]: Behaviour } = {
	echoSecrets: {
		values: 'boolean',
		description: "every refusal repeats the caller's request: URL, headers and body, with whatever secrets they have",
	},
};

/** Where a message is, by preference; then any text that is no code. */
const MESSAGES = ['message', 'msg', 'Message', 'detail', 'summary', 'error'];
const CODES = ['code', 'status', 'type', 'success', 'request_id'];

/** The body of a refusal with the request repeated in its message. */
export function withRequestRepeated(refusal: string, { method, path, query, headers, rawBody }: LoggedRequest): string {
	const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
	const url = `${path}?${new URLSearchParams(pairs).toString()}`;
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
	const said = ` You sent: ${method} ${url} ${lines.join('; ')} ${rawBody}`;
	const body = parsed(refusal);
	if (body === undefined) return refusal + said;
	return JSON.stringify(withText(body, said) ?? { ...(isObject(body) ? body : {}), message: said });
}

function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

/** The value with the text added to its message; undefined where it has none. */
function withText(value: Json, text: string): Json | undefined {
	if (Array.isArray(value)) {
		const [first, ...rest] = value;
		const changed = first === undefined ? undefined : withText(first, text);
		return changed === undefined ? undefined : [changed, ...rest];
	}
	if (!isObject(value)) return undefined;
	const names = [
		...MESSAGES,
		...Object.keys(value).filter((name) => !MESSAGES.includes(name) && !CODES.includes(name)),
	];
	for (const name of names) {
		const one = value[name];
		const changed = typeof one === 'string' ? one + text : one === undefined ? undefined : withText(one, text);
		if (changed !== undefined) return { ...value, [name]: changed } satisfies JsonObject;
	}
	return undefined;
}
