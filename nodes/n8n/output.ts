/**
 * How much of an answer is put out: whole, or brought down to what most people need. Where the node is the tool of an agent, the
 * agent can also be given named fields only. https://docs.n8n.io/integrations/creating-nodes/build/reference/ux-guidelines/
 */
import type { IDisplayOptions, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { entriesOf } from '../../core/input.ts';
import { handlingOf } from '../../core/operation.ts';
import type { Json, JsonObject, Operation } from '../../core/provider.ts';

type Shown = NonNullable<IDisplayOptions['show']>;

/** The parameters by which a person chooses, for operations whose answers can be simplified. `@tool`: n8n's word for "used as a tool". */
export function outputProperties(operation: Operation, show: Shown): INodeProperties[] {
	if (operation.simplify === undefined) return [];
	const output: INodeProperties = {
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'simplified',
		description: 'What the agent gets',
		displayOptions: { show: { ...show, '@tool': [true] } },
		options: [
			{ name: 'Simplified', value: 'simplified', description: 'The most important fields' },
			{ name: 'Raw', value: 'raw', description: 'Everything the service returned' },
			{ name: 'Selected Fields', value: 'selectedFields', description: 'The fields you name' },
		],
	};
	const fields: INodeProperties = {
		displayName: 'Fields',
		name: 'outputFields',
		type: 'string',
		default: '',
		placeholder: `e.g. ${Object.keys(operation.simplify(operation.sample)).slice(0, 2).join(', ')}`,
		description: 'Names of the fields that the agent gets. Separate several with commas.',
		displayOptions: { show: { ...show, '@tool': [true], output: ['selectedFields'] } },
	};
	return [...(isRead(operation) ? [simplify(show)] : []), output, fields];
}

function simplify(show: Shown): INodeProperties {
	return {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		displayOptions: { show: { ...show, '@tool': [false] } },
	};
}

function isRead(operation: Operation): boolean {
	return handlingOf(operation).kind === 'search';
}

/** What is put out of an item of the answer, as the parameters of an input item choose. */
export function outputOf(
	context: IExecuteFunctions,
	operation: Operation,
	index: number,
): (item: JsonObject) => JsonObject {
	const { simplify: simplified } = operation;
	if (simplified === undefined) return whole;
	// A parameter that is not shown has no value: n8n gives the one named here.
	const output = context.getNodeParameter('output', index, '');
	if (output === 'simplified') return simplified;
	if (output === 'raw') return whole;
	if (output === 'selectedFields') {
		const names = entriesOf(context.getNodeParameter('outputFields', index, '') as Json);
		return names.length === 0 ? whole : (item) => selected({ ...item, ...simplified(item) }, names);
	}
	return isRead(operation) && context.getNodeParameter('simplify', index, true) === true ? simplified : whole;
}

const whole = (item: JsonObject): JsonObject => item;

function selected(item: JsonObject, names: readonly string[]): JsonObject {
	return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name]!]] : [])));
}
