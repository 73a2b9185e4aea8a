/** The trigger's form: what is shown for which events, and what the node then reads. */
import type { IDataObject, INodeProperties, INodeType, IWebhookFunctions } from 'n8n-workflow';
import type { Provider } from '../../../core/provider.ts';
import { nodeName } from '../../../nodes/n8n/credentials.ts';
import { readSettings } from '../../../nodes/n8n/settings.ts';
import { triggerPanel, triggerProperties, triggerWebhooks } from '../../../nodes/n8n/trigger.ts';
import { providers } from '../../../providers/index.ts';
import { solve360 } from '../../../providers/solve360/provider.ts';
import { soshiaConnect } from '../../../providers/soshia-connect/provider.ts';

/** The trigger node of a service. */
function triggerOf(provider: Provider): INodeType {
	const stem = nodeName(provider).replace(/^./, (letter) => letter.toUpperCase());
	const file = `../../../nodes/${stem}/${stem}Trigger.node.ts`;
	return new (jest.requireActual<Record<string, new () => INodeType>>(file)[`${stem}Trigger`]!)();
}

const named = (properties: readonly INodeProperties[], name: string) => properties.filter((one) => one.name === name);

/** The options that a trigger of Solve360 gets from these parameters. */
function optionsFrom(parameters: IDataObject) {
	const context = { getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback };
	return readSettings(context as unknown as IWebhookFunctions, solve360).options;
}

describe("Solve360's form", () => {
	const properties = triggerProperties(solve360);

	it.each([
		['constrainTo', ['items.create', 'items.update', 'items.delete', 'items.categorize', 'items.uncategorize']],
		['tags', ['items.categorize', 'items.uncategorize']],
		['untagged', ['items.uncategorize']],
	])('shows %s only for the events that it affects', (name, expected) => {
		const [property] = named(properties, name);
		expect(property!.displayOptions!.show!['events']).toEqual(expect.arrayContaining(expected));
		expect(property!.displayOptions!.show!['events']).not.toContain('activities.create');
	});

	it('offers the tags as a list, where a credential for the API can fill it, and takes names and IDs as text', () => {
		const [list] = named(properties, 'tagsFromList');
		const [text] = named(properties, 'tags');
		expect(list).toMatchObject({
			displayName: 'Tags',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'recordTags', loadOptionsDependsOn: ['constrainTo'] },
			displayOptions: {
				show: { events: ['items.categorize', 'items.uncategorize'] },
				hide: { registration: ['manual'] },
			},
		});
		expect(text).toMatchObject({ displayName: 'Tags by Name or ID', type: 'string', default: '' });
		expect(text!.displayOptions).not.toHaveProperty('hide');
	});

	it.each<[string, IDataObject, readonly string[], readonly string[]]>([
		['a text of an older workflow', { tags: 'Lead, 53966' }, ['Lead', 'other 53966'], ['Customer']],
		['a list of names that a program made', { tags: ['Lead', '53966'] }, ['Lead', 'other 53966'], ['Customer']],
		['entries of the list', { tagsFromList: ['53966'] }, ['other 53966'], ['Lead']],
		['both', { tags: 'Lead', tagsFromList: ['53966'] }, ['Lead', 'other 53966'], ['Customer']],
		[
			'a name with a comma, as JSON',
			{ tags: '["Smith, Jane"]', tagsFromList: ['53966'] },
			['Smith, Jane', 'other 53966'],
			['Smith'],
		],
		['nothing', { tags: '', tagsFromList: [] }, ['Lead', 'Customer'], []],
	])('reads %s', (_what, parameters, wanted, unwanted) => {
		const options = optionsFrom(parameters);
		const isWanted = (name: string) => {
			const [, id = '1'] = /(\d+)$/.exec(name) ?? [];
			const payload = { content: { categories: [{ id: Number(id), name }] } };
			return solve360.receiving.wanted!(payload, 'items.categorize', options);
		};
		expect(wanted.filter((name) => !isWanted(name))).toEqual([]);
		expect(unwanted.filter(isWanted)).toEqual([]);
	});

	it('asks for the content type among the options', () => {
		const [options] = named(properties, 'options');
		const inOptions = named(options!.options as INodeProperties[], 'contentType');
		expect(inOptions).toHaveLength(1);
		expect(named(properties, 'contentType')).toMatchObject([{ type: 'hidden' }]);
	});

	it.each<[string, IDataObject, string]>([
		['nothing', {}, 'json'],
		['the option', { options: { contentType: 'xml' } }, 'xml'],
		['a workflow that a program made', { contentType: 'form' }, 'form'],
		[
			'both, of which the option is what a person sees',
			{ contentType: 'form', options: { contentType: 'xml' } },
			'xml',
		],
		['the hidden default', { contentType: '' }, 'json'],
	])('reads the content type from %s', (_what, parameters, expected) => {
		expect(optionsFrom(parameters)['contentType']).toBe(expected);
	});
});

describe("SoshiaConnect's form", () => {
	const properties = triggerProperties(soshiaConnect);

	it("says what Stripe's signature means, and lets a person name its events", () => {
		const forStripe = properties.filter(({ displayOptions }) =>
			displayOptions?.show?.['signature']?.includes('stripe'),
		);
		expect(forStripe.map(({ name, type }) => [name, type])).toEqual([
			['stripeNotice', 'notice'],
			['stripeEvents', 'string'],
		]);
	});

	it.each<[unknown, string, boolean]>([
		['', 'charge.failed', true],
		['charge.succeeded, charge.failed', 'charge.failed', true],
		[['charge.succeeded'], 'charge.succeeded', true],
		['charge.succeeded', 'charge.failed', false],
		[' , ', 'charge.failed', true],
	])('with %j, %s starts the workflow: %s', (stripeEvents, event, expected) => {
		expect(soshiaConnect.receiving.wanted!({ type: event }, event, { stripeEvents: stripeEvents as string })).toBe(
			expected,
		);
	});
});

it.each(providers.map((provider) => [provider.name, provider] as const))(
	'%s: options are in order, each once',
	(_, provider) => {
		const [options] = named(triggerProperties(provider), 'options');
		const labels = (options!.options as INodeProperties[]).map(({ displayName }) => displayName);
		expect(labels).toEqual([...new Set(labels)].sort());
		const panel = JSON.stringify(triggerPanel(provider));
		expect(panel).toContain(provider.name);
		expect(panel).toContain('data-key=');
	},
);

it.each(providers.map((provider) => [provider.name, provider] as const))(
	'%s: every list of the form is one that the node fills',
	(_, provider) => {
		const { methods } = triggerOf(provider);
		const asked = triggerProperties(provider).flatMap(({ typeOptions }) => typeOptions?.loadOptionsMethod ?? []);
		expect(asked.filter((name) => methods?.loadOptions?.[String(name)] === undefined)).toEqual([]);
	},
);

describe('the webhooks of a trigger', () => {
	const EVENTS = { name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook' };
	const SETUP = { ...EVENTS, name: 'setup', httpMethod: 'GET' };

	it('take a question by GET as well, where the service asks one', () => {
		const asked = { method: 'get', parameter: 'challenge', tokenParameter: 'token' } as const;
		const posted = { method: 'post', when: ['type'], is: 'check', text: ['text'], echo: 'text' } as const;
		const webhooks = (challenge: object) =>
			triggerWebhooks({ ...solve360, receiving: { ...solve360.receiving, challenge } } as Provider);
		expect(webhooks(asked)).toEqual([EVENTS, SETUP]);
		expect(webhooks(posted)).toEqual([EVENTS]);
	});

	it.each(providers.map((one) => [one.name, one] as const))(
		'of %s are those of its provider',
		(_, provider: Provider) => {
			const { webhooks } = triggerOf(provider).description;
			expect(webhooks).toEqual(provider.receiving.challenge?.method === 'get' ? [EVENTS, SETUP] : [EVENTS]);
		},
	);
});
