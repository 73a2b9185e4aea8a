/** Which values of a webhook's connection prove what. */
import { trimmed } from './input.ts';
import type { Field, Provider, Values } from './provider.ts';
import type { Secret } from './signature.ts';

/** The fields whose values sign deliveries: every secret one, except the token of a challenge, which proves nothing else. */
export function signingFields({ webhook, receiving }: Provider): readonly Field[] {
	const token = tokenFieldOf(receiving.challenge);
	return (webhook?.fields ?? []).filter(({ secret, name }) => secret && name !== token);
}

/** The secrets that sign deliveries, from what a person filled in. An empty one proves nothing. */
export function signingSecrets(provider: Provider, values: Values): Secret[] {
	return signingFields(provider).map(({ name }) => ({ value: trimmed(String(values[name] ?? '')) }));
}

/** The tokens that a challenge by GET may carry. Undefined: the secrets of deliveries count. */
export function challengeTokens({ receiving }: Provider, values: Values): Secret[] | undefined {
	const field = tokenFieldOf(receiving.challenge);
	return field === undefined ? undefined : [{ value: trimmed(String(values[field] ?? '')) }];
}

function tokenFieldOf(challenge: Provider['receiving']['challenge']): string | undefined {
	return challenge?.method === 'get' ? challenge.tokenField : undefined;
}
