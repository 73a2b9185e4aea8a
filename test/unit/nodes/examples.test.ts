/** The parameters of our nodes in the example workflows are such that the editor shows them. `test/n8n` imports them all. */
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowData } from '../../../harness/client.mts';
import { nodeName } from '../../../nodes/n8n/credentials.ts';
import { providers } from '../../../providers/index.ts';
import { parameterProblems } from '../../n8n/support/parameters.mts';

const EXAMPLES = join(__dirname, '../../../examples/n8n');

/** Our nodes by type, e.g. `n8n-nodes-solatis.solatisTrigger`. */
const descriptions = new Map<string, INodeTypeDescription>(
	providers.flatMap((provider) =>
		['', 'Trigger'].map((suffix) => {
			const folder = nodeName(provider).replace(/^./, (letter) => letter.toUpperCase());
			const exported = jest.requireActual<Record<string, new () => INodeType>>(
				`../../../nodes/${folder}/${folder}${suffix}.node.ts`,
			);
			const { description } = new exported[`${folder}${suffix}`]!();
			return [`n8n-nodes-${provider.id}.${description.name}`, description] as const;
		}),
	),
);

const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
const nodesIn = (file: string) =>
	(JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as WorkflowData).nodes.filter(({ type }) =>
		descriptions.has(type),
	);

it.each(examples)('%s: each parameter of our nodes is known, shown, and of its kind', (file) => {
	const nodes = nodesIn(file);
	expect(nodes).not.toEqual([]);
	expect(nodes.flatMap((node) => parameterProblems(node, descriptions.get(node.type)!))).toEqual([]);
});

it('an ID that is a bare text is found: the editor shows what is chosen only from an object', () => {
	const node = nodesIn('watch-a-solatis-webhook.json').find(({ name }) => name === 'Get Health')!;
	const bare = { ...node, parameters: { ...node.parameters, webhookId: '={{ $json.webhookId }}' } };
	expect(parameterProblems(bare, descriptions.get(node.type)!)).toContain(
		'Get Health: webhookId is no resource locator',
	);
});
