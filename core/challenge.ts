/** What a service asks of a URL before it delivers to it. Strangers get no answer. */
import { isObject } from './json.ts';
import type { Challenge, Json, JsonObject } from './provider.ts';
import { isOneOf, type Secret, type SignatureReason } from './signature.ts';

/** What is answered, or why nothing is. */
export type ChallengeAnswer = { answer: string | JsonObject } | { reason: SignatureReason | 'malformed' };

/** A challenge by GET: its text is echoed to who knows a token that only the service was given. */
export function byGet(
	challenge: Challenge | undefined,
	query: { readonly [name: string]: unknown },
	tokens: readonly Secret[],
): ChallengeAnswer {
	if (challenge?.method !== 'get') return { reason: 'signature_missing' };
	const token = query[challenge.tokenParameter];
	if (token === undefined || token === '') return { reason: 'token_missing' };
	if (typeof token !== 'string' || !isOneOf(token, tokens)) return { reason: 'token_mismatch' };
	const text = query[challenge.parameter];
	return typeof text === 'string' && text !== '' ? { answer: text } : { reason: 'malformed' };
}

type PostChallenge = Extract<Challenge, { method: 'post' }>;

/** Whether a payload is a challenge and no event. */
export function isChallenge(challenge: Challenge | undefined, payload: JsonObject): challenge is PostChallenge {
	return challenge?.method === 'post' && valueAt(payload, challenge.when) === challenge.is;
}

/**
 * A challenge by a delivery whose proof was checked.
 * @param hmac Signs a text with the secret that proved the delivery.
 */
export function byPost(
	{ text: where, echo, hmac: signed }: PostChallenge,
	payload: JsonObject,
	hmac: (text: string) => string | undefined,
): ChallengeAnswer {
	const text = valueAt(payload, where);
	if (typeof text !== 'string' || text === '') return { reason: 'malformed' };
	return { answer: { [echo]: text, ...(signed !== undefined && { [signed]: hmac(text) ?? '' }) } };
}

function valueAt(payload: JsonObject, path: readonly string[]): Json | undefined {
	let value: Json | undefined = payload;
	for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
	return value;
}
