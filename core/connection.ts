/** A connection to a service: logging in, and finding out whether its credentials work. The same on every platform. */
import { checkCredential, refusal } from './answer.ts';
import { InvalidInput, ServiceRefused } from './errors.ts';
import { isShown } from './input.ts';
import { presentable, secretValues } from './redaction.ts';
import type { ApiConnection, Field, Provider, Send, Values } from './provider.ts';

/**
 * What a person reads next to a field of a connection: what it is and, for its key or secret, where that is found. One sentence for both
 * platforms, and for the advice after a refusal.
 */
export function helpOf(connection: Pick<ApiConnection, 'fields' | 'hint'>, field: Field): string | undefined {
	const key = connection.fields.find(({ secret }) => secret);
	return field === key ? [field.description, connection.hint].join(' ').trim() : field.description;
}

/**
 * Logs in, where the connection is one that does.
 * @param send Sends without authentication.
 * @returns The session's token; undefined where none is needed.
 * @throws ServiceRefused with the service's reason; Unreachable when no answer came.
 */
export async function logIn(provider: Provider, credentials: Values, send: Send): Promise<string | undefined> {
	const { session } = provider.api;
	if (!session?.needed(credentials)) return undefined;
	const secrets = secretValues(provider.api.fields, credentials);
	const request = session.request(credentials);
	const response = await send(request);
	const refused = refusal(provider, response, 'the login', { request, reads: true, secrets });
	// The advice of a 401 is about keys.
	if (refused?.status === 401) {
		const said = provider.readError(response)?.message;
		const why =
			said === undefined
				? ''
				: `: ${presentable(said, [...(response.secrets ?? []), ...secrets]).replace(/\.\s*$/, '')}`;
		const advice = 'Check what you filled in.';
		throw new ServiceRefused(`${provider.name} did not accept the login${why}. ${advice}`, { status: 401, advice });
	}
	if (refused) throw refused;
	const token = session.token(response);
	if (token === undefined) {
		const advice = 'Check Base URL, and what you filled in.';
		throw new ServiceRefused(`${provider.name} accepted the login but gave no token. ${advice}`, {
			status: 502,
			advice,
		});
	}
	return token;
}

/**
 * Asks the service whether credentials work.
 * @param send Sends with authentication, once a token is there.
 * @throws InvalidInput, ServiceRefused or Unreachable with the reason.
 */
export async function testConnection(provider: Provider, credentials: Values, send: Send): Promise<void> {
	const { test, readTest } = provider.api;
	const response = await send(test);
	const { status, body } = response;
	const secrets = secretValues(provider.api.fields, credentials);
	const redirects = status >= 300 && status < 400;
	const reason = redirects ? undefined : readTest?.(response, credentials);
	if (reason !== undefined) {
		const said = presentable(reason, [...(response.secrets ?? []), ...secrets]).replace(/\.\s*$/, '');
		const advice = status === 401 ? checkCredential(provider) : '';
		throw new ServiceRefused(`${said}. ${advice}`.trim(), { status, advice });
	}
	// A refusal may say that the credentials work (`readTest`), but only in the service's own words.
	if (readTest !== undefined && status >= 400 && body !== undefined) return;
	const refused = refusal(provider, response, 'the credentials', { request: test, reads: true, secrets });
	if (refused) throw refused;
}

/** Throws `InvalidInput` naming the first required field that is empty. */
export function requireFilled(provider: Provider, credentials: Values): void {
	const { fields } = provider.api;
	for (const field of fields) {
		if (!field.required || !isShown(field, fields, credentials)) continue;
		if (String(credentials[field.name] ?? field.default ?? '') === '') {
			throw new InvalidInput(`"${field.label}" is empty. Fill it in.`);
		}
	}
}
