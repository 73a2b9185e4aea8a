/** What every trigger node shows: its parameters, its webhook, and the words around them. */
import type { INodeProperties, INodeTypeDescription, IWebhookDescription } from 'n8n-workflow';
import { listFor, lookupOf } from '../../core/choices.ts';
import { recoverable } from '../../core/history.ts';
import type { EventType, Field, Provider, Registration } from '../../core/provider.ts';
import { toProperty } from './fields.ts';
import { choosesSecret, fromListName, MOST_HOURS } from './settings.ts';

/**
 * Trigger nodes start at version 2: for version 1 of a webhook node n8n evaluates an expression of its own on every request,
 * which costs three quarters of the throughput (n8n 2.41, measured by `npm run bench`).
 */
export const TRIGGER_VERSION = 2;

/**
 * The webhooks of a trigger node. A service that asks a question by GET before it delivers gets a second one on the same path;
 * n8n calls the life cycle for the first only. `responseData: ''` is what makes n8n send our short JSON and not its placeholder.
 */
export function triggerWebhooks({ receiving }: Provider): IWebhookDescription[] {
	const common = { responseMode: 'onReceived', responseData: '', path: 'webhook' } as const;
	const events: IWebhookDescription = { name: 'default', httpMethod: 'POST', ...common };
	return receiving.challenge?.method === 'get' ? [events, { name: 'setup', httpMethod: 'GET', ...common }] : [events];
}

/**
 * How often n8n polls. It must be a parameter, and a person has nothing to choose here: ticks are cheap, and when something is
 * due is another matter. `everyX` lets n8n draw the second, so that the ticks of many triggers are spread.
 */
const POLL_TIMES: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'hidden',
	default: { item: [{ mode: 'everyX', value: 5, unit: 'minutes' }] },
};

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
			description: `How this node's webhook URL is registered with ${provider.name}`,
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
			description: 'The signature that events are sent with',
			options: receiving.proofs.map(({ name, label, description }) => ({
				name: label,
				value: name,
				description: description ?? '',
			})),
		});
		for (const { name, notice } of receiving.proofs) {
			if (notice === undefined) continue;
			const displayOptions = { show: { signature: [name] } };
			properties.push({ displayName: notice, name: `${name}Notice`, type: 'notice', default: '', displayOptions });
		}
	}
	const everyEvent = receiving.proofs.filter((proof) => proof.anyEvent).map((proof) => proof.name);
	properties.push({
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: [],
		description: 'The events that start the workflow. All others are ignored.',
		options: events.map(({ name, label, description }) => ({
			name: label,
			value: name,
			description,
			// In the list of what a node can do. Left out, n8n lower-cases the name, abbreviations included.
			action: `On ${label.toLowerCase()}`,
		})),
		...(everyEvent.length === 0 ? {} : { displayOptions: { hide: { signature: everyEvent } } }),
	});
	const advanced = triggerFields.filter((field) => field.advanced);
	properties.push(
		...triggerFields.filter((field) => !field.advanced).flatMap((field) => fieldProperties(provider, field)),
		// Where a workflow that was made by a program sets them.
		...advanced.map(({ name }): INodeProperties => ({ displayName: name, name, type: 'hidden', default: '' })),
		POLL_TIMES,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [...optionsOf(provider), ...advanced.map((field) => toProperty(field))]
				.sort((a, b) => (a.displayName < b.displayName ? -1 : 1))
				.map((option) => ({ ...option, noDataExpression: true })),
		},
	);
	// The receiving path evaluates no expression: that is what keeps it as fast as n8n's own Webhook node.
	return properties.map((property) =>
		property.type === 'notice' ? property : { ...property, noDataExpression: true },
	);
}

/**
 * A field of the trigger. One that takes several entries of a list has two parameters: the list, where an API credential can fill it,
 * and a text for names and IDs, which is also what older workflows have.
 */
function fieldProperties(provider: Provider, field: Field): INodeProperties[] {
	const list = field.type === 'list' ? listFor(provider, undefined, field) : undefined;
	if (list === undefined) return [toProperty(field)];
	const text = toProperty(field);
	const manual = provider.registrations.filter(({ kind }) => kind === 'manual').map(({ name }) => name);
	const { needs = [] } = lookupOf(provider, list) ?? {};
	const choosing: INodeProperties = {
		displayName: field.label,
		name: fromListName(field),
		type: 'multiOptions',
		default: [],
		description: `${field.description ?? ''} If yours isn't listed, enter it below.`.trim(),
		typeOptions: { loadOptionsMethod: list, ...(needs.length > 0 ? { loadOptionsDependsOn: [...needs] } : {}) },
		displayOptions: {
			...text.displayOptions,
			...(manual.length > 0 && provider.registrations.length > 1 ? { hide: { registration: manual } } : {}),
		},
	};
	return [choosing, { ...text, displayName: `${field.label} by Name or ID` }];
}

/** The words of the panel in which a person waits for a first event. */
export function triggerPanel({ name, registrations }: Provider): NonNullable<INodeTypeDescription['triggerPanel']> {
	const manually = registrations[0].kind === 'manual';
	const test = manually
		? `<b>To test</b>, publish the workflow, send a test event from ${name}, and open it under <a data-key="executions">Executions</a>. 'Execute step' listens at the test URL, which ${name} doesn't know.`
		: `<b>To test</b>, click 'Execute step', then make the event happen in ${name}. While you listen, ${name} gets a second webhook with the test URL. It's removed after the first event.`;
	return {
		header: manually ? `Publish the workflow, then send a test event from ${name}` : `Listen for an event from ${name}`,
		executionsHelp: {
			inactive: `${test}<br /><br /><b>When you're ready</b>, publish the workflow. Every verified event then starts it. You can see the runs in the <a data-key="executions">executions list</a>.`,
			active: `${test}<br /><br /><b>The published workflow runs by itself</b> for every verified event. You can see the runs in the <a data-key="executions">executions list</a>, but not here.`,
		},
		activationHint: manually
			? 'Once published, every correctly signed event sent to the production URL starts the workflow.'
			: `Once published, the workflow is subscribed to the selected events in ${name}.`,
	};
}

function noticeOf({ name }: Provider, registration: Registration): string {
	if (registration.kind === 'manual') {
		// n8n leaves a notice its lists and list items, and takes out numbers and line breaks. A list without items is a line of its own.
		const steps = registration.steps.map((step, index) => `<ul>${index + 1}. ${step}</ul>`).join('');
		return `${name} webhooks have to be added manually (once). The production URL is above, under Webhook URLs > Production URL.${steps}`;
	}
	const sentences = [
		`When you publish, this node subscribes to the selected events in ${name}. When you unpublish, it unsubscribes.`,
		"Events that can't be verified are rejected.",
		registration.prerequisite ?? '',
		registration.experimental ? `Experimental: ${name} doesn't document this. If publishing fails, select Manual.` : '',
	];
	return sentences.filter((sentence) => sentence !== '').join(' ');
}

function optionsOf(provider: Provider): INodeProperties[] {
	const options: INodeProperties[] = [
		{
			displayName: 'Accept Unverified Deliveries',
			name: 'acceptUnverified',
			type: 'boolean',
			default: false,
			description:
				'Whether to let unverified events start the workflow. Anyone who knows the webhook URL could then send made-up data. For short-term troubleshooting only.',
		},
		{
			displayName: 'Allowed Sources',
			name: 'allowedSources',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 203.0.113.0/24',
			description:
				'IP addresses and CIDR ranges that events may come from, separated by commas. Leave empty to accept any. Behind a reverse proxy, set N8N_PROXY_HOPS so that n8n sees the real address.',
		},
		...catchingUp(provider),
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
				"Whether requests that can't be verified become a failed execution with the reason, at most one every few minutes. In queue mode with webhook processors, see their logs instead.",
		},
		...secretVersion(provider),
		{
			displayName: 'Skip Repeats',
			name: 'skipRepeats',
			type: 'boolean',
			default: true,
			description: `Whether to ignore events that ${provider.name} sends again after they already started the workflow`,
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

/** Shown where events that were missed can be found again. */
function catchingUp(provider: Provider): INodeProperties[] {
	const { found, lost } = recoverable(provider);
	if (found.length === 0) return [];
	const labels = (events: readonly EventType[]) => events.map(({ label }) => label).join(', ');
	const never = lost.length === 0 ? '' : ` Can't find: ${labels(lost)}.`;
	const catchUpText = `How many hours back to look in ${provider.name} for missed events, e.g. while n8n was down (0 = off, up to ${MOST_HOURS}). Finds: ${labels(found)}.${never}`;
	return [
		{
			displayName: 'Catch Up (Hours)',
			name: 'catchUp',
			type: 'number',
			default: 0,
			typeOptions: { minValue: 0, maxValue: MOST_HOURS, numberPrecision: 0 },
			description: catchUpText,
		},
	];
}

/** How often to look after the subscription, where there is something to look at. */
function watching({ name, registrations }: Provider): INodeProperties {
	const isWatched = registrations.some((one) => one.kind === 'api' && one.api.list !== undefined);
	const looks = isWatched
		? `How often to check that ${name} still sends events here. A missing or disabled subscription is created again. Other problems become a failed execution.`
		: `${name} doesn't say whether it still sends events here.`;
	const watchText = `${looks} Requests that are rejected for the same reason are reported at most this often.`;
	return {
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		default: 'hourly',
		description: watchText,
		options: [
			{ name: 'Daily', value: 'daily' },
			{ name: 'Hourly', value: 'hourly' },
			{ name: 'Off', value: 'off' },
		],
	};
}
