/** The connection: what a person fills in once, its test and its label. */
import { createHash } from 'node:crypto';
import type { AuthFields, Authentication, Bundle, ZObject } from 'zapier-platform-core';
import { redact, refusal } from '../../core/answer.ts';
import { ServiceRefused, InvalidInput } from '../../core/errors.ts';
import type { Field, Provider, Values } from '../../core/provider.ts';
import type { Secret } from '../../core/signature.ts';
import { guarded } from './errors.mts';
import { shownFields } from './form.mts';
import { sender } from './transport.mts';

/** The authentication of an app: API and webhook fields together. */
export function authenticationOf(provider: Provider): Authentication {
	const { api, webhook } = provider;
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

/** Whether enough is filled in to call the service. A person who only receives may have left it out. */
export function canCall(provider: Provider, authData: Values): boolean {
	return provider.api.fields.some((field) => field.secret && filled(authData[field.name]));
}

/** The webhook secrets of a connection: each may hold several, separated by white space. */
export function webhookSecrets(provider: Provider, authData: Values): Secret[] {
	return (provider.webhook?.fields ?? [])
		.filter((field) => field.secret)
		.flatMap((field) => String(authData[field.name] ?? '').split(/\s+/))
		.filter((value) => value !== '')
		.map((value) => ({ value }));
}

/** Every value of a connection that must not be shown. */
export function secretsOf(provider: Provider, authData: Values): string[] {
	const known = [...provider.api.fields, ...(provider.webhook?.fields ?? [])].filter((field) => field.secret);
	return [...known.map((field) => authData[field.name]), authData.sessionToken]
		.filter((value): value is string => typeof value === 'string' && value !== '')
		.flatMap((value) => [value, ...value.split(/\s+/)]);
}

/** Asks the service whether the credentials work. Where only a webhook secret is given there is nothing to ask. */
async function test(provider: Provider, z: ZObject, authData: Values): Promise<{ label: string }> {
	return guarded(z, provider, secretsOf(provider, authData), async () => {
		if (canCall(provider, authData)) {
			const response = await sender(provider, z, authData, { refresh: false })(provider.api.test);
			const { readTest } = provider.api;
			const reason = readTest?.(response, authData);
			const refused = readTest ? undefined : refusal(provider, response, 'the credentials');
			if (refused) throw refused;
			if (reason !== undefined) {
				throw new ServiceRefused(redact(reason, secretsOf(provider, authData)), {
					status: 401,
					advice: provider.api.hint,
				});
			}
		} else if (webhookSecrets(provider, authData).length === 0) {
			const either = provider.webhook ? ' or the webhook secret' : '';
			throw new InvalidInput(`Fill in the credentials of the ${provider.name} API${either}.`);
		}
		return { label: labelOf(provider, authData) };
	});
}

/** Logs in where the connection is one that does. What it returns is kept with the connection. */
async function login(provider: Provider, z: ZObject, authData: Values): Promise<{ sessionToken: string }> {
	return guarded(z, provider, secretsOf(provider, authData), async () => {
		const { session } = provider.api;
		if (!session?.needed(authData) || !canCall(provider, authData)) return { sessionToken: '' };
		const send = sender(provider, z, authData, { authenticated: false, refresh: false });
		const response = await send(session.request(authData));
		// Of a 401 core keeps nothing but the status.
		if (response.status === 401) {
			const reason = `${provider.name} did not accept the login. Check what you filled in.`;
			throw new ServiceRefused(reason, { status: 401, advice: '' });
		}
		const refused = refusal(provider, response, 'the login');
		if (refused) throw refused;
		const sessionToken = session.token(response);
		if (sessionToken === undefined) {
			throw new ServiceRefused(`${provider.name} accepted the login but gave no token.`, { status: 502, advice: '' });
		}
		return { sessionToken };
	});
}

/** Tells connections apart: by the account where it has a name, else by a fingerprint of the secret. Never by the secret. */
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

function authField(field: Field, where: { help: string; hint: string }, requiredHere: boolean): AuthFields[number] {
	const link = `[${field.secret ? 'Where to find it' : 'Learn more'}](${where.help})`;
	return {
		key: field.name,
		label: field.label,
		type: field.secret ? 'password' : 'string',
		required: requiredHere && (field.required ?? false) && field.showIf === undefined,
		helpText: [field.description, field.secret ? where.hint : undefined, link].filter((part) => part).join(' '),
		...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
		...(field.default === undefined || field.default === '' ? {} : { default: String(field.default) }),
		...(field.options === undefined
			? {}
			: { choices: Object.fromEntries(field.options.map(({ value, label }) => [value, label])) }),
	};
}

function filled(value: unknown): boolean {
	return typeof value === 'string' && value.trim() !== '';
}
