/** What n8n's editor makes of the nodes, where it is not what their descriptions seem to say (seen in n8n 2.41.1). */
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { providers } from '../../../providers/index.ts';
import { nodeName } from '../../../nodes/n8n/credentials.ts';

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
