/** How Solve360 is called. https://norada.com/api/introduction */
import { InvalidInput } from '../../core/errors.ts';
import { text } from '../../core/json.ts';
import type { ApiConnection, HttpRequest, Json, Values, WebhookConnection } from '../../core/provider.ts';
import { previousWebhookSecret } from '../words.ts';

/** HTTP Basic with the user's email address and API token. https://norada.com/api/introduction */
export const api: ApiConnection = {
	fields: [
		{
			name: 'email',
			label: 'Email',
			type: 'email',
			required: true,
			placeholder: 'e.g. sam@example.com',
			description: 'The email address of a Solve360 user. Calls have the permissions of this user.',
		},
		{
			name: 'apiToken',
			label: 'API Token',
			type: 'string',
			required: true,
			secret: true,
			description: 'The API token of this user.',
		},
	],
	baseUrl: 'https://secure.solve360.com',
	authenticate(request, credentials) {
		const user = `${text(credentials['email']) ?? ''}:${text(credentials['apiToken']) ?? ''}`;
		const authorization = `Basic ${Buffer.from(user, 'utf8').toString('base64')}`;
		return { ...request, headers: { ...request.headers, authorization } };
	},
	test: call('GET', '/ownership/'),
	help: 'https://solve360.com/api/records/',
	hint: 'You can find the API token in Solve360 under Settings > My Account > API Token. Enter the email address of the same user.',
};

/** For webhooks that an administrator adds. https://solve360.com/help/integration-walkthroughs/solve-webhooks-examples/ */
export const webhook: WebhookConnection = {
	fields: [
		{
			name: 'webhookSecret',
			label: 'Webhook Secret',
			type: 'string',
			required: true,
			secret: true,
			description: 'The secret that signs the events of this webhook.',
		},
		previousWebhookSecret,
	],
	help: 'https://solve360.com/help/integration-walkthroughs/solve-webhooks-examples/',
	hint: 'Make up a secret. Enter it for the webhook in Solve360 under Add-ons > Configure Webhooks, and here.',
};

/** A call that asks for JSON: Solve360 answers in XML otherwise. https://norada.com/api/introduction */
export function call(
	method: HttpRequest['method'],
	path: string,
	rest: Pick<HttpRequest, 'query' | 'json' | 'multipart'> = {},
): HttpRequest {
	return { method, path, headers: { accept: 'application/json' }, ...rest };
}

/** An ID in digits. Anything else in its place would address something else: `/contacts/fields/`. */
export function idIn(input: Values, name: string, label: string): string {
	const id = text(input[name])?.trim() ?? '';
	if (!/^\d+$/.test(id)) throw new InvalidInput(`"${label}" must be an ID in digits, e.g. 467069.`);
	return id;
}

/** The same for an ID that may be left out. */
export function optionalIdIn(input: Values, name: string, label: string): string | undefined {
	return input[name] === undefined ? undefined : idIn(input, name, label);
}

/** A value as Solve360 takes it: all field values are texts, also numbers and structures; yes and no are 1 and 0. */
export function textOf(value: Json | undefined): string {
	if (typeof value === 'boolean') return value ? '1' : '0';
	if (value === null || value === undefined) return '';
	return text(value) ?? JSON.stringify(value);
}
