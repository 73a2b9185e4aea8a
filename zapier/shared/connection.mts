/** The connection: what a person fills in once, its test and its label. */
import { createHash } from 'node:crypto';
import type { AuthFields, Authentication, Bundle, ZObject } from 'zapier-platform-core';
import { helpOf, logIn, testConnection } from '../../core/connection.ts';
import { InvalidInput } from '../../core/errors.ts';
import { cleanCredentials, trimmed } from '../../core/input.ts';
import type { Field, Provider, Values, WebhookConnection } from '../../core/provider.ts';
import { signingFields } from '../../core/secrets.ts';
import type { Secret } from '../../core/signature.ts';
import { guarded } from './errors.mts';
import { shownFields } from './form.mts';
import { forZapier } from './texts.mts';
import { secretsOf } from './secrets.mts';
import { sender } from './transport.mts';

/** The authentication of an app: API and webhook fields together. */
export function authenticationOf(provider: Provider): Authentication {
	const { api } = provider;
	const webhook = webhookOf(provider);
	const fields: AuthFields = [
		...api.fields.map((field) => authField(field, api, webhook === undefined)),
		...(webhook?.fields ?? []).map((field) => authField(field, webhook!, false)),
		...(api.session ? [{ key: 'sessionToken', label: 'Session', required: false, computed: true }] : []),
	];
	const common = {
		fields,
		test: (z: ZObject, bundle: Bundle) => test(provider, z, bundle.authData),
		connectionLabel: '{{label}}',
	};
	if (api.session === undefined) return { type: 'custom', customConfig: {}, ...common };
	return {
		type: 'session',
		sessionConfig: { perform: (z: ZObject, bundle: Bundle) => login(provider, z, bundle.authData) },
		...common,
	};
}

/** Where the secrets of webhooks are asked for: where every trigger is a static hook. Otherwise each Zap has its own. */
function webhookOf({ webhook, registrations }: Provider): WebhookConnection | undefined {
	return registrations[0].kind === 'manual' ? webhook : undefined;
}

/** Whether the service can be called. A person who only receives may have left everything out that this takes. */
export function canCall({ api }: Provider, authData: Values): boolean {
	return shownFields(api.fields, authData).some((field) => field.secret && filled(authData[field.name]));
}

/**
 * What is missing for a call to the service, as a sentence; undefined when nothing is, or when nothing at all was filled in by a person
 * who only receives.
 */
function whatIsMissing(provider: Provider, authData: Values): string | undefined {
	const { api, name } = provider;
	const asked = shownFields(api.fields, authData).filter(({ type, required }) => required && type !== 'choice');
	const missing = asked.filter((field) => !filled(authData[field.name]));
	if (missing.length === 0) return undefined;
	if (missing.length < asked.length) {
		return `${missing.map(({ label }) => `"${label}"`).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} empty. Fill in ${
			asked.length > 1 ? `both ${asked.map(({ label }) => `"${label}"`).join(' and ')}` : 'it'
		} to log in to ${name}.`;
	}
	if (webhookSecrets(provider, authData).length > 0) return undefined;
	const receiving = webhookOf(provider) ? ', or, for triggers alone, the webhook secret' : '';
	return `Fill in the credentials of the ${name} API: ${waysToLogIn(api.fields).join(', or ')}${receiving}.`;
}

/** Each way to log in, by the fields that it takes: `"API Key" and "Username"`. */
function waysToLogIn(fields: readonly Field[]): string[] {
	const deciding = fields.find(({ type, options }) => type === 'choice' && options !== undefined);
	const named = (shown: readonly Field[]) =>
		shown
			.filter(({ type, required }) => required && type !== 'choice')
			.map(({ label }) => `"${label}"`)
			.join(' and ');
	if (deciding?.options === undefined) return [named(fields)];
	return deciding.options.map(
		({ value, label }) => `${named(shownFields(fields, { [deciding.name]: value }))} (${deciding.label}: ${label})`,
	);
}

/** The webhook secrets of a connection: each may hold several, separated by white space. */
export function webhookSecrets(provider: Provider, authData: Values): Secret[] {
	return (
		signingFields(provider)
			.map((field) => trimmed(String(authData[field.name] ?? '')))
			// A secret that somebody made up may have a space of its own.
			.flatMap((text) => [...new Set([...text.split(/\s+/), text])])
			.filter((value) => value !== '')
			.map((value) => ({ value }))
	);
}

/** Asks the service whether the credentials work. Where only a webhook secret is given there is nothing to ask. */
async function test(provider: Provider, z: ZObject, authData: Values): Promise<{ label: string }> {
	return guarded(z, provider, secretsOf(provider, authData), async () => {
		const missing = whatIsMissing(provider, authData);
		if (missing !== undefined) throw new InvalidInput(missing);
		if (canCall(provider, authData)) {
			const credentials = cleanCredentials(provider.api.fields, authData);
			await testConnection(provider, credentials, sender(provider, z, authData, { refresh: false }));
		}
		return { label: labelOf(provider, authData) };
	});
}

/** Logs in where the connection is one that does. What it returns is kept with the connection. */
async function login(provider: Provider, z: ZObject, authData: Values): Promise<{ sessionToken: string }> {
	return guarded(z, provider, secretsOf(provider, authData), async () => {
		if (!provider.api.session?.needed(authData)) return { sessionToken: '' };
		const missing = whatIsMissing(provider, authData);
		if (missing !== undefined) throw new InvalidInput(missing);
		if (!canCall(provider, authData)) return { sessionToken: '' };
		const credentials = cleanCredentials(provider.api.fields, authData);
		const send = sender(provider, z, authData, { authenticated: false, refresh: false });
		return { sessionToken: (await logIn(provider, credentials, send)) ?? '' };
	});
}

/** Distinguishes connections: by the account where it has a name, else by a fingerprint of the secret. Never by the secret. */
function labelOf(provider: Provider, authData: Values): string {
	const used = shownFields([...provider.api.fields, ...(provider.webhook?.fields ?? [])], authData).filter(({ name }) =>
		filled(authData[name]),
	);
	const account = used.find(({ name }) => name === 'email' || name === 'username');
	if (account !== undefined) return String(authData[account.name]);
	const field = used.find(({ secret }) => secret);
	const fingerprint = createHash('sha256')
		.update(String(authData[field?.name ?? '']))
		.digest('hex')
		.slice(0, 6);
	return `${field?.label ?? provider.name} #${fingerprint}`;
}

function authField(
	field: Field,
	where: { help: string; hint: string; fields: readonly Field[] },
	requiredHere: boolean,
): AuthFields[number] {
	const link = `[${field.secret ? 'Where to find it' : 'Learn more'}](${where.help})`;
	const help = [helpOf(where, field), ...optionsHelp(field), neededHelp(field, where.fields)];
	return {
		key: field.name,
		label: field.label,
		type: field.secret ? 'password' : 'string',
		required: requiredHere && (field.required ?? false) && field.showIf === undefined,
		helpText: [...help.filter((part) => part !== undefined).map(forZapier), link].join(' '),
		...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
		...(field.default === undefined || field.default === '' ? {} : { default: String(field.default) }),
		...(field.options === undefined
			? {}
			: { choices: Object.fromEntries(field.options.map(({ value, label }) => [value, label])) }),
	};
}

/** What each option of a choice means. */
function optionsHelp({ options = [] }: Field): string[] {
	return options.map(({ label, description }) => `${label}: ${description ? lowerFirst(description) : label}.`);
}

/** Zapier shows every field of a connection: which of them a person needs is said. */
function neededHelp({ showIf = {} }: Field, among: readonly Field[]): string | undefined {
	const [deciding] = Object.keys(showIf);
	const choice = among.find(({ name }) => name === deciding);
	if (deciding === undefined || choice === undefined) return undefined;
	const labels = (choice.options ?? [])
		.filter(({ value }) => showIf[deciding]?.includes(value))
		.map(({ label }) => label);
	return `Required when ${choice.label} is ${labels.join(' or ')}. Otherwise leave it empty.`;
}

function lowerFirst(sentence: string): string {
	return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function filled(value: unknown): boolean {
	return typeof value === 'string' && trimmed(value) !== '';
}
