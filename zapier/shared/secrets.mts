/** What a step must not show or log. */
import { trimmed } from '../../core/input.ts';
import { addedTo, secretValues } from '../../core/redaction.ts';
import type { Provider, Values } from '../../core/provider.ts';

/** Every value of a connection that must not be shown, and what authentication makes of them. */
export function secretsOf(provider: Provider, authData: Values): string[] {
	const { fields, test: call } = provider.api;
	const values = secretValues([...fields, ...(provider.webhook?.fields ?? [])], authData);
	const ours = Object.keys(authData).filter((key) => key.startsWith(SUBSCRIPTION_SECRET));
	const clean = Object.fromEntries(
		Object.entries(authData).map(([name, value]) => [name, typeof value === 'string' ? trimmed(value) : value]),
	);
	const added = addedTo(call, provider.api.authenticate(call, clean));
	return [...values, ...ours.map((key) => String(authData[key])), ...added];
}

/** Begins the keys in `authData` under which the secrets of a Zap's own subscription are kept while a step runs. */
const SUBSCRIPTION_SECRET = 'subscriptionSecret';

/**
 * Blanks a secret of the Zap's own subscription in whatever this step shows or logs. Core's log blanks all of `authData`, and of a
 * body only what is under a name that sounds secret to it.
 */
export function keepSecret(authData: Record<string, unknown>, secret: string | undefined): void {
	if (!secret) return;
	const known = Object.keys(authData).filter((key) => key.startsWith(SUBSCRIPTION_SECRET));
	if (!known.some((key) => authData[key] === secret)) authData[`${SUBSCRIPTION_SECRET}${known.length}`] = secret;
}
