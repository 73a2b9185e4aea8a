/** A service that answers as its contract says. */
import { contractOf } from '../../../../contracts/index.mts';
import type { Json, JsonObject, Provider, Values } from '../../../../core/provider.ts';
import { matchCall } from '../../../../sandbox/contract/calls.mts';
import { answerOf } from '../../../../sandbox/contract/examples.mts';
import type { Asked } from '../../support/fake-service.mts';

/** What the contract says of a request: an example of its answer. Nothing where it has no such call. */
export function answerTo(
	provider: Provider,
	method: string,
	path: string,
	query: Values,
	body: Json | undefined,
): Json {
	const found = matchCall(contractOf(provider.id), { method, path, query: query as JsonObject, body });
	return found.kind === 'call' ? (answerOf(found.call).body ?? {}) : {};
}

/** The body of a request, read as its content type says. */
export function bodyOf({ body, headers }: Asked): Json | undefined {
	if (body === '') return undefined;
	if (/json/.test(headers['content-type'] ?? '')) return JSON.parse(body) as Json;
	return Object.fromEntries(new URLSearchParams(body));
}
