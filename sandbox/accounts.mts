/**
 * The sandbox's own demo accounts: fixed, made up, and good for nothing else. Two for each service, so that a test can
 * show that they do not see each other's subscriptions and records.
 */

/** What each service's API expects after the sandbox's own address: its base URL there. */
export const BASE_PATHS = {
	'solar-proof': '/solar-proof/apidata.php',
	solatis: '/solatis/v2',
	'solid-number': '/solid-number',
	'soshia-connect': '/soshia-connect/api',
	solve360: '/solve360',
} as const;

export type ProviderId = keyof typeof BASE_PATHS;
export const PROVIDER_IDS = Object.keys(BASE_PATHS) as readonly ProviderId[];

/** An account at a service: its name in the sandbox, and credentials under the names of the credential fields. */
export interface Account {
	/** `'1'` or `'2'`: what control calls and the logs name as `account`. */
	name: string;
	credentials: { readonly [field: string]: string };
}

function both(credentials: (suffix: string) => Account['credentials']): readonly [Account, Account] {
	return [
		{ name: '1', credentials: credentials('') },
		{ name: '2', credentials: credentials('-2') },
	];
}

export const ACCOUNTS: { readonly [id in ProviderId]: readonly [Account, Account] } = {
	'solar-proof': both((suffix) => ({ apiKey: `sandbox-solar-proof-key${suffix}` })),
	solatis: both((suffix) => ({ apiKey: `sandbox-solatis-key${suffix}` })),
	'solid-number': both((suffix) => ({ apiKey: `sandbox-solid-number-key${suffix}` })),
	'soshia-connect': both((suffix) => ({
		apiKey: `sandbox-soshia-connect-key${suffix}`,
		username: `demo${suffix}`,
		email: `demo${suffix}@example.com`,
		password: `sandbox-password${suffix}`,
	})),
	solve360: both((suffix) => ({ email: `demo${suffix}@example.com`, apiToken: `sandbox-solve360-token${suffix}` })),
};

/** What a person fills in to call each service, besides the base URL, as n8n and Zapier name it. */
export const CREDENTIAL_FIELDS: {
	readonly [id in ProviderId]: readonly { name: string; label: string; secret: boolean }[];
} = {
	'solar-proof': [apiKey()],
	solatis: [apiKey()],
	'solid-number': [apiKey()],
	'soshia-connect': [
		{ name: 'authentication', label: 'Authentication', secret: false },
		apiKey(),
		{ name: 'username', label: 'Username', secret: false },
		{ name: 'email', label: 'Email', secret: false },
		{ name: 'password', label: 'Password', secret: true },
	],
	solve360: [
		{ name: 'email', label: 'Email', secret: false },
		{ name: 'apiToken', label: 'API Token', secret: true },
	],
};

function apiKey() {
	return { name: 'apiKey', label: 'API Key', secret: true };
}

/** The credentials of a service's first account, with the base URL of a running sandbox. */
export function demoCredentials(provider: ProviderId, sandboxUrl: string): { readonly [field: string]: string } {
	return { ...ACCOUNTS[provider][0].credentials, baseUrl: sandboxUrl + BASE_PATHS[provider] };
}

/** The account that has this value in one of its credential fields. */
export function accountWith(provider: ProviderId, field: string, value: string | undefined): Account | undefined {
	if (!value) return undefined;
	return ACCOUNTS[provider].find((account) => account.credentials[field] === value);
}

/** Secrets for webhooks that are registered manually (`POST /control/subscriptions`), used by `npm start` and the tests. */
export const HAND_SECRETS = {
	'solid-number': 'sandbox-solid-number-secret',
	'soshia-connect': 'sandbox-soshia-connect-secret',
} as const;

/** The secret of a webhook that is registered manually and for which none is given. */
export function handSecretOf(provider: ProviderId): string {
	return `sandbox-${provider}-secret`;
}
