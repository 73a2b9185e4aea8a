/** The texts of a new service: whole and valid, with TODO where only a person can know. */

/** The names of a service: `big-acme`, `Big Acme`, `BigAcme`, `bigAcme`. */
export interface Names {
	id: string;
	name: string;
	stem: string;
	camel: string;
}

/** The provider's folder. */
export function providerFiles({ id, name, camel }: Names, manual: boolean): Map<string, string> {
	const page = `https://${id}.example.com/TODO`;
	const webhook = `
/** The secrets that sign deliveries. */
export const webhook: WebhookConnection = {
	fields: [
		{
			name: 'webhookSecret',
			label: 'Webhook Secret',
			type: 'string',
			required: true,
			secret: true,
			description: 'The secret that signs the events.',
		},
		previousWebhookSecret,
	],
	help: '${page}',
	hint: 'TODO: where the secret is found.',
};
`;
	const registrations = manual
		? `export const registrations: Provider['registrations'] = [
	{
		name: 'manual',
		label: 'Manual',
		description: 'You add the webhook in ${name}.',
		kind: 'manual',
		steps: ['TODO: what a person does in ${name}, step by step.'],
		grade: 'inferred',
	},
];
`
		: `const subscriptions: SubscriptionApi = {
	per: 'set',
	secret: 'ours',
	identifiedBy: 'id',
	subscribe: ({ url, events, secret }) => ({
		method: 'POST',
		path: '/TODO',
		json: { url, events: [...events], ...(secret !== undefined && { secret }) },
	}),
	subscribed: ({ body }) => {
		const id = isObject(body) ? words(body.id) : undefined;
		return id === undefined ? {} : { id };
	},
	unsubscribe: ({ id }) => [{ method: 'DELETE', path: path\`/TODO/\${id ?? ''}\` }],
};

export const registrations: Provider['registrations'] = [
	{
		name: 'automatic',
		label: 'Automatic',
		description: 'The trigger makes its webhook in ${name} when it is published, and removes it afterwards.',
		kind: 'api',
		api: subscriptions,
		grade: 'inferred',
	},
];
`;
	return new Map([
		[
			'provider.ts',
			`/** ${name}: TODO: what it is. Sources and grades: README.md. */
import type { Provider } from '../../core/provider.ts';
import { readError } from './answers.ts';
import { api${manual ? ', webhook' : ''} } from './connection.ts';
import { receiving } from './deliveries.ts';
import { events } from './events.ts';
import { operations, resources } from './operations.ts';
import { registrations } from './subscriptions.ts';

export const ${camel}: Provider = {
	id: '${id}',
	name: '${name}',
	description: 'TODO: what it is, in one sentence.',
	homepage: 'https://${id}.example.com',
	documentation: '${page}',
	api,${manual ? '\n\twebhook,' : ''}
	events,
	receiving,
	registrations,
	resources,
	operations,
	readError,
	assumptions: ['TODO: how webhooks are registered, the sample of thing.created, and whatever else is not documented.'],
};
`,
		],
		[
			'connection.ts',
			`/** How calls to ${name} are authenticated. ${page} */
import { text } from '../../core/json.ts';
import type { ApiConnection${manual ? ', WebhookConnection' : ''} } from '../../core/provider.ts';${manual ? "\nimport { previousWebhookSecret } from '../words.ts';" : ''}

export const api: ApiConnection = {
	fields: [
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'An API key of ${name}.',
		},
	],
	baseUrl: 'https://api.${id}.example.com',
	authenticate: (request, credentials) => ({
		...request,
		headers: { ...request.headers, authorization: \`Bearer \${text(credentials.apiKey)?.trim() ?? ''}\` },
	}),
	test: { method: 'GET', path: '/TODO' },
	help: '${page}',
	hint: 'TODO: where the key is found.',
};
${manual ? webhook : ''}`,
		],
		[
			'deliveries.ts',
			`/** How deliveries of ${name} are proved and read. ${page} */
import { text } from '../../core/json.ts';
import type { Receiving } from '../../core/provider.ts';

export const receiving: Receiving = {
	proofs: [
		{
			name: 'hmac',
			label: 'TODO: X-Signature',
			description: 'HMAC-SHA256 of the body, hexadecimal.',
			scheme: { kind: 'hmac', header: 'x-todo-signature', encoding: 'hex' },
			grade: 'inferred',
		},
	],
	formats: ['json'],
	eventOf: (payload) => text(payload.event),
};
`,
		],
		[
			'subscriptions.ts',
			`/** Webhooks of ${name}. ${page} */
${manual ? '' : "import { isObject, path } from '../../core/json.ts';\n"}import type { Provider${manual ? '' : ', SubscriptionApi'} } from '../../core/provider.ts';
${manual ? '' : "import { words } from '../words.ts';\n"}
${registrations}`,
		],
		[
			'answers.ts',
			`/** How ${name} answers: what went wrong. ${page} */
import { isObject } from '../../core/json.ts';
import type { HttpResponse, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/** What an answer says went wrong: TODO: an example. */
export function readError({ status, body }: HttpResponse): ServiceError | undefined {
	if (status < 400 || !isObject(body)) return undefined;
	const message = words(body.message) ?? words(body.error);
	return message === undefined ? undefined : { message };
}
`,
		],
		[
			'events.ts',
			`/** The event types of ${name}. ${page} */
import type { EventType } from '../../core/provider.ts';

export const events: readonly [EventType, ...EventType[]] = [
	{
		name: 'thing.created',
		label: 'Thing Created',
		description: 'TODO: what happened',
		grade: 'inferred',
		sample: { event: 'thing.created', thing: { id: '1', email: 'jane@example.com' } },
		sampleGrade: 'inferred',
	},
];
`,
		],
		[
			'operations.ts',
			`/** Follow-up calls to ${name}. ${page} */
import { path, text } from '../../core/json.ts';
import type { Operation, Resource } from '../../core/provider.ts';
import { checked } from '../checked.ts';

export const resources: readonly Resource[] = [{ name: 'thing', label: 'Thing' }];

const get: Operation = {
	resource: 'thing',
	name: 'get',
	label: 'Get',
	action: 'Get thing',
	description: 'Get a thing.',
	fields: [{ name: 'id', label: 'Thing ID', type: 'string', required: true, description: 'The ID of the thing.' }],
	request: ({ id }) => ({ method: 'GET', path: path\`/TODO/\${text(id) ?? ''}\` }),
	effect: 'read',
	sample: { id: '1', email: 'jane@example.com' },
	grade: 'inferred',
	note: 'TODO: what is assumed about this call.',
};

export const operations: readonly Operation[] = [get].map(checked);
`,
		],
		[
			'README.md',
			`# ${name}

TODO: what it is, and what it pushes. Facts carry a grade: **documented**, **client** or **inferred**.

## Set up

TODO

## What happens on publishing

TODO

## How deliveries are verified

TODO

## Trigger options

${filled('options')}

## Events

| Event | Label | What happened | Event | Sample |
| ----- | ----- | ------------- | ----- | ------ |

## Operations

| Resource | Operation | What it does | Grade | Zapier |
| -------- | --------- | ------------ | ----- | ------ |

## Assumptions

## Sources

- ${page}

## How well each fact is founded

${filled('contract')}
`,
		],
	]);
}

/** A placeholder: a square with the first letter. */
export function iconOf({ name }: Names, theme: 'light' | 'dark'): string {
	const [back, front] = theme === 'light' ? ['#444', '#fff'] : ['#ddd', '#222'];
	const letter = /[A-Za-z0-9]/.exec(name)?.[0] ?? '?';
	return (
		'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" viewBox="0 0 60 60" fill="none"><!-- TODO: your own drawing -->' +
		`<rect x="4" y="4" width="52" height="52" rx="8" fill="${back}"/><text x="30" y="42" font-family="sans-serif" font-size="34" text-anchor="middle" fill="${front}">${letter}</text></svg>\n`
	);
}

/** A place that \`npm run docs\` fills in. */
function filled(marker: string): string {
	return `<!-- ${marker} -->\n\n<!-- /${marker} -->`;
}

/** The README of the n8n package. \`npm run docs\` fills in what is between the markers. */
export function packageReadme({ id, name }: Names): string {
	const sections: Array<[title: string, text: string]> = [
		['Install', filled('install')],
		['Credentials', filled('credentials')],
		['Set up', filled('setup')],
		['Events', filled('events')],
		['Operations', filled('operations')],
		['Verification and assumptions', filled('verified')],
		['Compatibility', 'Needs n8n 1.123 or newer. TODO: the version that you tested.'],
		['Troubleshooting and more', filled('more')],
		['License', '[MIT](https://github.com/hookline/hookline/blob/main/LICENSE)'],
	];
	return `# n8n-nodes-${id}

## What you can build

TODO: what you can build with ${name}, in two or three examples.

An independent project, not made by ${name}. No runtime dependencies.

${sections.map(([title, text]) => `## ${title}\n\n${text}\n`).join('\n')}`;
}

/** The contract: what the service takes, answers and delivers, from sources. */
export function contractOf({ id, name }: Names): string {
	const source = [`https://${id}.example.com/TODO`];
	const error = (status: number, message: string) => ({ status, body: { message }, grade: 'inferred' });
	const contract = {
		$schema: './schema.json',
		service: id,
		name,
		base: `https://api.${id}.example.com`,
		auth: { how: 'TODO: Authorization: Bearer <key>', headers: ['authorization'], grade: 'inferred', source },
		enforce: true,
		rules: {
			content: ['json'],
			wrongMethod: error(405, 'method not allowed'),
			unknownPath: error(404, 'not found'),
			missingField: error(422, '<field> is required'),
			malformedBody: error(400, 'the body is not JSON'),
			unknownQuery: 'ignored',
			unknownBody: 'ignored',
			trailingSlash: 'exact',
		},
		calls: {
			'thing.get': {
				...{ method: 'GET', path: '/TODO/{id}', offered: true, body: null, answer: { shape: 'TODO: the thing' } },
				...{ source, grade: 'inferred' },
			},
		},
		events: {
			'thing.created': {
				description: 'TODO: what happened',
				...{ grade: 'inferred', source },
				payload: {
					example: { event: 'thing.created', thing: { id: '1', email: 'jane@example.com' } },
					fields: { event: 'string', thing: 'object' },
					...{ record: 'thing', grade: 'inferred', source },
				},
			},
		},
		deliveries: {
			proofs: [
				{
					...{ name: 'hmac', label: 'TODO: X-Signature', kind: 'hmac-sha256', header: 'x-todo-signature' },
					...{ encoding: 'hex', over: 'raw', grade: 'inferred', source },
				},
			],
			...{ formats: ['json'], eventIn: 'event', idIn: null, https: true },
			ack: { status: '2xx', seconds: null, grade: 'inferred', source },
			retries: { afterSeconds: [60], afterLast: 'keep', grade: 'inferred', source },
			registration: [{ how: 'api', where: 'TODO', grade: 'inferred', source }],
		},
		gaps: ['TODO: what no source settles'],
	};
	return `${JSON.stringify(contract, undefined, '\t')}\n`;
}

/** The service of the sandbox, with its errors and nothing else yet. */
export function sandboxService({ id, name, camel }: Names): string {
	return `/** ${name} at \`/${id}\`. TODO: the pages that it is written from. */
import { mergeObjects } from '../fresh.mts';
import { isObject } from '../../core/json.ts';
import type { Service, World } from '../service.mts';

export function ${camel}(_world: World): Service {
	return {
		id: '${id}',
		name: '${name}',
		root: '/${id}',
		behaviours: {},
		reset: () => undefined,
		// TODO: the calls of the service, as its documentation describes them.
		routes: () => undefined,
		compose: (event, sample, data) => ({
			...mergeObjects(isObject(sample) ? structuredClone(sample) : {}, isObject(data) ? data : undefined),
			event,
		}),
		error: (kind, message) => ({ status: typeof kind === 'number' ? kind : 400, body: { message } }),
	};
}
`;
}
