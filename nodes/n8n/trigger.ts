/** What every trigger node shows: its parameters, its webhook, and the words around them. */
import type { INodeProperties, INodeTypeDescription, IWebhookDescription } from 'n8n-workflow';
import type { Provider, Registration } from '../../core/provider.ts';
import { toProperty } from './fields.ts';
import { choosesSecret } from './settings.ts';
import { POLL_TIMES } from './watch.ts';

/**
 * Trigger nodes start at version 2: for version 1 of a webhook node n8n evaluates an expression of its own on every request,
 * which costs three quarters of the throughput (n8n 2.41, measured by `npm run bench`).
 */
export const TRIGGER_VERSION = 2;

/** The webhook of a trigger node. `responseData: ''` is what makes n8n send our short JSON and not its placeholder. */
export const TRIGGER_WEBHOOKS: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook' },
];

/**
 * The webhooks of a trigger node. A service that asks a question by GET before it delivers gets a second one on the same path;
 * n8n calls the life cycle for the first only.
 */
export function triggerWebhooks({ receiving }: Provider): IWebhookDescription[] {
	if (receiving.challenge?.method !== 'get') return TRIGGER_WEBHOOKS;
	return [
		...TRIGGER_WEBHOOKS,
		{ name: 'setup', httpMethod: 'GET', responseMode: 'onReceived', responseData: '', path: 'webhook' },
	];
}

/** The parameters of a trigger node. */
export function triggerProperties(provider: Provider): INodeProperties[] {
	const { registrations, receiving, events, triggerFields = [] } = provider;
	const properties: INodeProperties[] = registrations.map((registration) => ({
		displayName: noticeOf(provider, registration),
		name: `${registration.name}Notice`,
		type: 'notice',
		default: '',
		...(registrations.length === 1 ? {} : { displayOptions: { show: { registration: [registration.name] } } }),
	}));
	const [{ name: usualRegistration }] = registrations;
	if (registrations.length > 1) {
		properties.unshift({
			displayName: 'Registration',
			name: 'registration',
			type: 'options',
			default: usualRegistration,
			description: `How ${provider.name} gets to know the webhook URL of this node`,
			options: registrations.map(({ name, label, description }) => ({
				name: label,
				value: name,
				description: description ?? '',
			})),
		});
	}
	const [{ name: usualProof }] = receiving.proofs;
	if (receiving.proofs.length > 1) {
		properties.push({
			displayName: 'Signature',
			name: 'signature',
			type: 'options',
			default: usualProof,
			description: 'Which signature the deliveries carry',
			options: receiving.proofs.map(({ name, label, description }) => ({
				name: label,
				value: name,
				description: description ?? '',
			})),
		});
	}
	const everyEvent = receiving.proofs.filter((proof) => proof.anyEvent).map((proof) => proof.name);
	properties.push({
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: [],
		description: `What should start the workflow. Other events of ${provider.name} are answered and dropped.`,
		options: events.map(({ name, label, description }) => ({ name: label, value: name, description })),
		...(everyEvent.length === 0 ? {} : { displayOptions: { hide: { signature: everyEvent } } }),
	});
	properties.push(...triggerFields.map((field) => toProperty(field)), POLL_TIMES, {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: optionsOf(provider).map((option) => ({ ...option, noDataExpression: true })),
	});
	// The receiving path evaluates no expression: that is what keeps it as fast as n8n's own Webhook node.
	return properties.map((property) =>
		property.type === 'notice' ? property : { ...property, noDataExpression: true },
	);
}

/** The words of the panel in which a person waits for a first event. */
export function triggerPanel(provider: Provider): NonNullable<INodeTypeDescription['triggerPanel']> {
	const byHand = provider.registrations[0].kind === 'manual';
	const how = byHand
		? `Copy the test URL into ${provider.name} first. It works only while you are listening.`
		: `While you listen, ${provider.name} gets a second webhook with the test URL. It is removed again after the first event.`;
	return {
		header: '',
		executionsHelp: {
			inactive: `<b>While building your workflow</b>, click 'Execute step', then make the event happen in ${provider.name}. ${how}<br /><br /><b>Once you are happy with it</b>, publish it. Then every verified event of ${provider.name} starts the workflow, and the executions show up in the <a data-key="executions">executions list</a>.`,
			active: `<b>While building your workflow</b>, click 'Execute step', then make the event happen in ${provider.name}. ${how}<br /><br /><b>The published workflow runs by itself</b> for every verified event. Its executions show up in the <a data-key="executions">executions list</a>, but not here.`,
		},
		activationHint: byHand
			? `Once published, deliveries to the production URL that carry a valid signature start the workflow.`
			: `Once published, the workflow is subscribed at ${provider.name} and starts by itself.`,
	};
}

function noticeOf(provider: Provider, registration: Registration): string {
	if (registration.kind === 'manual') {
		// A notice may hold a list, and no line breaks: n8n takes them out.
		const steps = registration.steps.map((step) => `<li>${step}</li>`).join('');
		return `${provider.name} documents no way for a program to register a webhook, so this is done once by hand, in this order. The production URL stands above, under Webhook URLs.<ul>${steps}</ul>`;
	}
	const experimental = registration.experimental
		? ' This way is experimental: it is not part of the documentation. If publishing does not work, choose the manual registration.'
		: '';
	const first = registration.prerequisite === undefined ? '' : ` ${registration.prerequisite}`;
	return `On publish, this node subscribes to the chosen events at ${provider.name}; on unpublish it removes its subscription. Deliveries whose origin cannot be verified are refused.${first}${experimental}`;
}

function optionsOf(provider: Provider): INodeProperties[] {
	const options: INodeProperties[] = [
		{
			displayName: 'Accept Unverified Deliveries',
			name: 'acceptUnverified',
			type: 'boolean',
			default: false,
			description:
				'Whether to hand on deliveries that cannot be verified. Anyone who knows the webhook URL can then start the workflow with made-up data. Meant for a short search for what is wrong.',
		},
		{
			displayName: 'Allowed Sources',
			name: 'allowedSources',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 203.0.113.0/24',
			description:
				'IP addresses and CIDR ranges that deliveries may come from, separated by commas. Empty means anywhere. Behind a reverse proxy, set N8N_PROXY_HOPS so that n8n sees the real address.',
		},
		{
			displayName: 'Include Delivery',
			name: 'includeDelivery',
			type: 'boolean',
			default: false,
			description:
				'Whether to add a "delivery" object to each item: ID, event, time, what verified it, and the headers without secrets',
		},
		{
			displayName: 'Report Rejected Deliveries',
			name: 'reportRejected',
			type: 'boolean',
			default: true,
			description:
				'Whether requests that could not be verified show up as a failed execution that says why, at most one in a few minutes. In queue mode with webhook processors, see their logs instead.',
		},
		...secretVersion(provider),
		{
			displayName: 'Skip Repeats',
			name: 'skipRepeats',
			type: 'boolean',
			default: true,
			description: `Whether to drop deliveries that ${provider.name} sends again although they already started the workflow`,
		},
		watching(provider),
	];
	return options;
}

/** Shown where the trigger chooses the secret. */
function secretVersion({ name, registrations }: Provider): INodeProperties[] {
	const choosing = registrations.filter(({ kind }) => kind === 'api').filter(choosesSecret);
	if (choosing.length === 0) return [];
	return [
		{
			displayName: 'Secret Version',
			name: 'tokenVersion',
			type: 'number',
			default: 1,
			typeOptions: { minValue: 1, numberPrecision: 0 },
			description: `Increase it and publish to change the secret that ${name} uses for this webhook, e.g. after someone else saw it`,
			...(choosing.length < registrations.length && {
				displayOptions: { show: { '/registration': choosing.map((one) => one.name) } },
			}),
		},
	];
}

/** How often to look after the subscription, where there is something to look at. */
function watching({ name, registrations }: Provider): INodeProperties {
	const isWatched = registrations.some((one) => one.kind === 'api' && one.api.list !== undefined);
	const looks = isWatched
		? `How often to check that ${name} still sends events here. A subscription that is gone or switched off is made again; what cannot be mended shows up as a failed execution.`
		: `${name} cannot be asked whether it still sends events here.`;
	return {
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		default: 'hourly',
		description: `${looks} Requests that are rejected for the same reason are reported again at most this often.`,
		options: [
			{ name: 'Daily', value: 'daily' },
			{ name: 'Hourly', value: 'hourly' },
			{ name: 'Off', value: 'off' },
		],
	};
}
