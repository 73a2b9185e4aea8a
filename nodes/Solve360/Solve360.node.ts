import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { solve360 } from '../../providers/solve360/provider.ts';
import { ACTION_VERSION, actionProperties, executeAction } from '../n8n/action.ts';
import { connectionTest } from '../n8n/credentials.ts';
import { actionHints } from '../n8n/hints.ts';
import { listMethods } from '../n8n/lists.ts';

export class Solve360 implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solve360',
		name: 'solve360',
		icon: { light: 'file:solve360.svg', dark: 'file:solve360.dark.svg' },
		group: ['transform'],
		version: ACTION_VERSION,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Work with contacts, companies, projects, tickets and activities in Solve360',
		defaults: { name: 'Solve360' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'solve360Api', required: true, testedBy: 'testConnection' }],
		hints: actionHints(solve360),
		properties: actionProperties(solve360),
	};

	methods = {
		...listMethods(solve360),
		credentialTest: { testConnection: connectionTest(solve360) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeAction.call(this, solve360);
	}
}
