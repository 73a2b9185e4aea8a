/** Which values of a webhook's connection prove what. */
import type { Field, Provider, Values } from './provider.ts';
import type { Secret } from './signature.ts';

/** The fields whose values sign deliveries: every secret one, except the token of a challenge, which proves nothing else. */
export function signingFields({ webhook, receiving }: Provider): readonly Field[] {
	const token = tokenFieldOf(receiving.challenge);
	return (webhook?.fields ?? []).filter(({ secret, name }) => secret && name !== token);
}

/** The secrets that sign deliveries, from what a person filled in. An empty one proves nothing. */
export function signingSecrets(provider: Provider, values: Values): Secret[] {
	return signingFields(provider).map(({ name }) => ({ value: String(values[name] ?? '').trim() }));
}

/** The tokens that a challenge by GET may carry. Undefined: the secrets of deliveries count. */
export function challengeTokens({ receiving }: Provider, values: Values): Secret[] | undefined {
	const field = tokenFieldOf(receiving.challenge);
	return field === undefined ? undefined : [{ value: String(values[field] ?? '').trim() }];
}

function tokenFieldOf(challenge: Provider['receiving']['challenge']): string | undefined {
	return challenge?.method === 'get' ? challenge.tokenField : undefined;
}
