/** The trigger's form: what is shown for which events, and what the node then reads. */
import type { IDataObject, INodeProperties, IWebhookFunctions } from 'n8n-workflow';
import { readSettings } from '../../../nodes/n8n/settings.ts';
import { triggerPanel, triggerProperties } from '../../../nodes/n8n/trigger.ts';
import { providers } from '../../../providers/index.ts';
import { solve360 } from '../../../providers/solve360/provider.ts';
import { soshiaConnect } from '../../../providers/soshia-connect/provider.ts';

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
