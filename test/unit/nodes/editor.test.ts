/** What n8n's editor makes of the nodes, where it is not what their descriptions seem to say (seen in n8n 2.41.1). */
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../../core/provider.ts';
import { actionHints, triggerHints } from '../../../nodes/n8n/hints.ts';
import { nodeName } from '../../../nodes/n8n/credentials.ts';
import { providers } from '../../../providers/index.ts';

/** The triggers, by the names of their files and classes. */
const triggers = providers.map((provider) => {
	const name = nodeName(provider).replace(/^./, (letter) => letter.toUpperCase());
	const file = `../../../nodes/${name}/${name}Trigger.node.ts`;
	return jest.requireActual<Record<string, new () => INodeType>>(file)[`${name}Trigger`]!;
});
const descriptions = triggers.map((Trigger) => new Trigger().description);

describe.each(descriptions.map((description) => [description.displayName, description] as const))(
	'%s',
	(_, description) => {
		it('has notices of text, links and lists only: the editor takes everything else out', () => {
			for (const { type, displayName } of description.properties) {
				if (type !== 'notice') continue;
				const tags = [...displayName.matchAll(/<\/?(\w+)/g)].map(([, tag]) => tag);
				expect(tags.filter((tag) => !['a', 'ul', 'li'].includes(String(tag)))).toEqual([]);
			}
		});

		it('shows each parameter: the editor hides one that seems to choose between credentials and does nothing else', () => {
			expect(choosersOfCredentials(description)).toEqual([]);
		});
	},
);

/** Parameters of which every value is named in the `displayOptions.show` of a credential. */
function choosersOfCredentials({ credentials = [], properties }: INodeTypeDescription): string[] {
	return properties
		.filter(({ name, options = [] }) => {
			const named = credentials.flatMap(({ displayOptions }) => displayOptions?.show?.[name] ?? []);
			const values = options.flatMap((option) => ('value' in option ? [option.value] : []));
			return named.length > 0 && values.every((value) => named.includes(value));
		})
		.map(({ name }) => name);
}

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) => {
	it('can be found in the panel of nodes: the editor finds no node of its category AI that is not a part of an agent', () => {
		const stem = nodeName(provider).replace(/^./, (letter) => letter.toUpperCase());
		for (const file of [`${stem}.node.json`, `${stem}Trigger.node.json`]) {
			const codex = JSON.parse(readFileSync(join(__dirname, '../../../nodes', stem, file), 'utf8')) as JsonObject;
			expect(codex['categories']).not.toContain('AI');
		}
	});

	it('shows a sample of each chosen event until the first has come', () => {
		const hints = triggerHints(provider);
		expect(hints).toHaveLength(provider.events.length);
		for (const [index, { name, label, sample }] of provider.events.entries()) {
			const shown = hints.filter((hint) => isShown(hint, { events: [name] }));
			expect(shown).toEqual([hints[index]]);
			const [{ message, location, whenToDisplay }] = shown as [(typeof hints)[number]];
			expect({ location, whenToDisplay }).toEqual({ location: 'outputPane', whenToDisplay: 'beforeExecution' });
			expect(message).toContain(label);
			expect(textOf(message)).not.toMatch(/\.\.? \.|\bundefined\b/);
			// What n8n's mock data takes as is.
			const first = Array.isArray(sample) ? sample[0] : sample;
			expect(JSON.parse(/<pre>([^]*)<\/pre>/.exec(textOf(message, ['pre']))![1]!)).toMatchObject(first as JsonObject);
		}
		const all = provider.events.map(({ name }) => name);
		expect(hints.filter((hint) => isShown(hint, { events: all }))).toEqual(hints);
		expect(hints.filter((hint) => isShown(hint, { events: [] }))).toEqual([]);
	});

	it('shows the note of the chosen operation, and no other', () => {
		const hints = actionHints(provider);
		for (const { resource, name: operation, note } of provider.operations) {
			const shown = hints.filter((hint) => isShown(hint, { resource, operation }));
			expect(shown.map(({ message }) => textOf(message))).toEqual(note === undefined ? [] : [note]);
		}
	});
});

it('shows no sample where every event is passed on', () => {
	const soshia = providers.find(({ id }) => id === 'soshia-connect')!;
	const events = soshia.events.map(({ name }) => name);
	expect(triggerHints(soshia).filter((hint) => isShown(hint, { events, signature: 'stripe' }))).toEqual([]);
	expect(triggerHints(soshia).filter((hint) => isShown(hint, { events, signature: 'soshia' }))).not.toEqual([]);
});

/** As the editor works it out. */
function isShown({ displayCondition }: { displayCondition?: string }, parameters: Json): boolean {
	const expression = /^=\{\{ ([^]*) \}\}$/.exec(displayCondition!)![1]!;
	// eslint-disable-next-line @typescript-eslint/no-implied-eval -- n8n evaluates it, too
	return (new Function('$parameter', `return ${expression}`) as (parameter: Json) => boolean)(parameters);
}

/** The text of a hint; the editor takes out every tag but common ones. */
function textOf(message: string, but: readonly string[] = []): string {
	const text = message.replace(/<\/?(\w+)>/g, (whole, tag: string) => {
		expect(['b', 'pre']).toContain(tag);
		return but.includes(tag) ? whole : '';
	});
	return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
