/** Next to each field for a key or secret, on both platforms: where it is found, in the same words. */
import type { ApiConnection, Provider, WebhookConnection } from '../../core/provider.ts';
import { apiProperties, webhookProperties } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import { authenticationOf } from '../../zapier/shared/connection.mts';
import { forZapier } from '../../zapier/shared/texts.mts';

/** Each field for a key or secret of each connection. */
const rows = providers.flatMap((provider) =>
	[provider.api, ...(provider.webhook === undefined ? [] : [provider.webhook])].flatMap((connection) =>
		connection.fields
			.filter(({ secret }) => secret)
			.map(({ name }) => [`${provider.name} ${name}`, provider, connection, name] as const),
	),
);

function inN8n(provider: Provider, name: string): string {
	const property = [...apiProperties(provider), ...webhookProperties(provider)].find((one) => one.name === name);
	return property?.description ?? '';
}

/** Undefined: Zapier has no such field, where the service is told the secret by the app. */
function inZapier(provider: Provider, name: string): string | undefined {
	return authenticationOf(provider).fields?.find((one) => 'key' in one && one.key === name)?.helpText;
}

/** A place that a person can go to. */
const PLACE = /\b(under|in) (the )?[A-Z][\w#-]+( [A-Z]\w+)*( (> [A-Z]\w*( [A-Z]\w*)*)+| portal| support)/;

test('every connection of every service is looked at', () => {
	expect(rows.length).toBeGreaterThanOrEqual(14);
	for (const { name } of providers) expect(rows.some(([row]) => row.startsWith(`${name} `))).toBe(true);
});

test.each(rows)('%s', (_name, provider, connection: ApiConnection | WebhookConnection, name) => {
	const texts = [inN8n(provider, name), inZapier(provider, name)].filter((text) => text !== undefined);
	const [key] = connection.fields.filter(({ secret }) => secret);
	for (const text of texts) {
		expect(text.length).toBeGreaterThan(20);
		if (name !== key?.name) {
			// What is found where the first one is, or known to the person alone.
			expect(text).toMatch(/^The (secret that was in Webhook Secret before|password you log in)/);
			continue;
		}
		expect([connection.hint, forZapier(connection.hint)].some((hint) => text.includes(hint))).toBe(true);
		expect(text).toMatch(PLACE);
	}
});
