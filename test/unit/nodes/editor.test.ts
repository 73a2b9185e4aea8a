/** What n8n's editor makes of the nodes, where it is not what their descriptions seem to say (seen in n8n 2.41.1). */
import type { INodeTypeDescription } from 'n8n-workflow';
import { SolarProofTrigger } from '../../../nodes/SolarProof/SolarProofTrigger.node.ts';
import { SolatisTrigger } from '../../../nodes/Solatis/SolatisTrigger.node.ts';
import { SolidNumberTrigger } from '../../../nodes/SolidNumber/SolidNumberTrigger.node.ts';
import { Solve360Trigger } from '../../../nodes/Solve360/Solve360Trigger.node.ts';
import { SoshiaConnectTrigger } from '../../../nodes/SoshiaConnect/SoshiaConnectTrigger.node.ts';

const triggers = [SolarProofTrigger, SolatisTrigger, SolidNumberTrigger, SoshiaConnectTrigger, Solve360Trigger];
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
