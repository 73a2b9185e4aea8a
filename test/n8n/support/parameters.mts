/** Whether a node's parameters are such that n8n's editor would show them: each there, shown, and with a value it offers. */
import { createRequire } from 'node:module';
import type * as N8nWorkflow from 'n8n-workflow';
import type { INode, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import type { WorkflowNode } from '../../../harness/client.mts';

// Its ES module build names files without their endings, which Node does not find.
const { NodeHelpers } = createRequire(import.meta.url)('n8n-workflow') as typeof N8nWorkflow;

type Values = Record<string, unknown>;

/** What is wrong with a node's parameters, a line each. */
export function parameterProblems(node: WorkflowNode, description: INodeTypeDescription): string[] {
	const { parameters, ...rest } = node;
	const own = { ...rest, parameters: parameters as INodeParameters, disabled: false } as INode;
	const all =
		NodeHelpers.getNodeParameters(description.properties, own.parameters, true, false, own, description) ?? {};
	const isShown = (property: INodeProperties, among: Values) =>
		NodeHelpers.displayParameter({ ...(among as INodeParameters) }, property, own, description, all);
	const required = NodeHelpers.getNodeParametersIssues(
		description.properties,
		{ ...own, parameters: all },
		description,
	)?.parameters;
	return [
		...among(parameters, description.properties, '', (property) => isShown(property, all)),
		...Object.values(required ?? {}).flat(),
	].map((problem) => `${node.name}: ${problem}`);
}

function among(
	values: Values,
	properties: readonly INodeProperties[],
	path: string,
	isShown: (property: INodeProperties) => boolean,
): string[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const named = properties.filter((property) => property.name === name);
		if (named.length === 0) return [`there is no parameter ${path}${name}`];
		const property = named.find(isShown);
		if (property === undefined) return [`the parameter ${path}${name} is not shown for these choices`];
		return problemsOf(value, property, `${path}${name}`);
	});
}

function problemsOf(value: unknown, property: INodeProperties, path: string): string[] {
	if (property.type !== 'resourceLocator' && typeof value === 'string' && value.startsWith('=')) {
		return property.noDataExpression === true ? [`${path} takes no expression`] : [];
	}
	const options = property.options ?? [];
	switch (property.type) {
		case 'options':
		case 'multiOptions': {
			if (property.typeOptions?.loadOptionsMethod !== undefined) return [];
			const offered = options.map((option) => ('value' in option ? option.value : undefined));
			const chosen = Array.isArray(value) ? (value as unknown[]) : [value];
			return chosen
				.filter((one) => !offered.includes(one as string))
				.map((one) => `${path} does not offer ${String(one)}`);
		}
		case 'collection':
			// What a collection shows depends on its node, which n8n's own helper has looked at already.
			return among(value as Values, options.filter(isProperty), `${path}.`, () => true);
		case 'fixedCollection':
			return Object.entries(value as Values).flatMap(([group, rows]) => {
				const found = options.find((option) => option.name === group);
				if (found === undefined || !('values' in found)) return [`there is no group ${path}.${group}`];
				const list = Array.isArray(rows) ? (rows as Values[]) : [rows as Values];
				return list.flatMap((row) => among(row, found.values, `${path}.${group}.`, () => true));
			});
		case 'resourceLocator':
			// A bare text is read by the node, but the editor shows it as neither chosen nor typed.
			return isLocator(value) ? [] : [`${path} is no resource locator`];
		case 'boolean':
		case 'number':
		case 'string':
			return typeof value === property.type ? [] : [`${path} is not a ${property.type}`];
		default:
			return [];
	}
}

function isLocator(value: unknown): boolean {
	return typeof value === 'object' && value !== null && '__rl' in value && 'mode' in value && 'value' in value;
}

function isProperty(option: object): option is INodeProperties {
	return 'type' in option;
}
