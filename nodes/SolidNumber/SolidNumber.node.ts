import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { solidNumber } from '../../providers/solid-number/provider.ts';
import { ACTION_VERSION, actionProperties, executeAction } from '../n8n/action.ts';
import { connectionTest } from '../n8n/credentials.ts';
import { actionHints } from '../n8n/hints.ts';
import { listMethods } from '../n8n/lists.ts';

export class SolidNumber implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solid#',
		name: 'solidNumber',
		icon: { light: 'file:solidNumber.svg', dark: 'file:solidNumber.dark.svg' },
		group: ['transform'],
		version: ACTION_VERSION,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Work with contacts, deals, orders, payment links and inventory in Solid#',
		defaults: { name: 'Solid#' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'solidNumberApi', required: true, testedBy: 'testConnection' }],
		hints: actionHints(solidNumber),
		properties: actionProperties(solidNumber),
	};

	methods = {
		...listMethods(solidNumber),
		credentialTest: { testConnection: connectionTest(solidNumber) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeAction.call(this, solidNumber);
	}
}
