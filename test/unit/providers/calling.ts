/** Calls to a service that answers what the test says: nothing leaves the process. */
import { createHmac } from 'node:crypto';
import { refusal } from '../../../core/answer.ts';
import type {
	HttpRequest,
	HttpResponse,
	Json,
	JsonObject,
	Operation,
	Proof,
	Provider,
	SubscriptionApi,
	Values,
} from '../../../core/provider.ts';
import { findOperation, run } from '../../../core/operation.ts';
import { receive, type ReceiveSettings, type Verdict } from '../../../core/receive.ts';

/** An answer with a JSON body; with a text for one that is not JSON. */
export function answer(body: Json | undefined, status = 200, text?: string): HttpResponse {
	return { status, headers: {}, body, text: text ?? (body === undefined ? '' : JSON.stringify(body)) };
}

/** An answer with a body that is not JSON. */
export function page(text: string, status = 200): HttpResponse {
	return answer(undefined, status, text);
}

/** @throws Error when the service has no such operation. */
export function operation(provider: Provider, id: string): Operation {
	const found = findOperation(provider, id);
	if (found === undefined) throw new Error(`no operation ${id}`);
	return found;
}

/** A request as it goes over the wire: without undefined values, and without a method's `undefined` query. */
export function wire(request: HttpRequest): JsonObject {
	return JSON.parse(JSON.stringify(request)) as JsonObject;
}

/** The request of an operation, as it goes over the wire. */
export function request(provider: Provider, id: string, input: Values): JsonObject {
	return wire(operation(provider, id).request(input));
}

/** Runs an operation against these answers, in this order. */
export async function ran(
	provider: Provider,
	id: string,
	input: Values,
	answers: readonly HttpResponse[],
	limit?: number,
): Promise<{ items: JsonObject[]; sent: JsonObject[] }> {
	const sent: JsonObject[] = [];
	const send = async (asked: HttpRequest) => {
		sent.push(wire(asked));
		const next = answers[sent.length - 1];
		if (next === undefined) throw new Error('one call more than there are answers');
		return next;
	};
	const items = await run(provider, operation(provider, id), input, send, limit === undefined ? {} : { limit });
	return { items, sent };
}

/** What a person is told about an answer, or undefined where nothing is wrong with it. */
export function told(provider: Provider, response: HttpResponse): string | undefined {
	return refusal(provider, response, 'it')?.message;
}

/** How the provider makes its subscriptions. */
export function subscriptionApi(provider: Provider): SubscriptionApi {
	const [registration] = provider.registrations;
	if (registration.kind !== 'api') throw new Error(`${provider.name} is registered manually`);
	return registration.api;
}

/** HMAC-SHA256, hexadecimal. */
export function hmac(secret: string, message: string): string {
	return createHmac('sha256', secret).update(message).digest('hex');
}

/** A delivery as it is decided about. The default proof is the provider's first, its events are all subscribed. */
export function delivered(
	provider: Provider,
	body: string,
	how: { headers?: { readonly [name: string]: string }; query?: { readonly [name: string]: string } },
	settings: Partial<ReceiveSettings> & { proof?: Proof } = {},
): Verdict {
	return receive(
		provider,
		{
			body: Buffer.from(body),
			headers: { 'content-type': 'application/json', ...how.headers },
			query: { ...how.query },
		},
		{
			proof: provider.receiving.proofs[0],
			secrets: [],
			events: provider.events.map(({ name }) => name),
			options: {},
			...settings,
		},
	);
}
