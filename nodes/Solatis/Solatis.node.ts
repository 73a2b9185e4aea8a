import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { solatis } from '../../providers/solatis/provider.ts';
import { ACTION_VERSION, actionProperties, executeAction } from '../n8n/action.ts';
import { connectionTest } from '../n8n/credentials.ts';
import { actionHints } from '../n8n/hints.ts';
import { listMethods } from '../n8n/lists.ts';

export class Solatis implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solatis',
		name: 'solatis',
		icon: { light: 'file:solatis.svg', dark: 'file:solatis.dark.svg' },
		group: ['transform'],
		version: ACTION_VERSION,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Analyze documents, ask about them and transcribe recordings with Solatis',
		defaults: { name: 'Solatis' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'solatisApi', required: true, testedBy: 'testConnection' }],
		hints: actionHints(solatis),
		properties: actionProperties(solatis),
	};

	methods = {
		...listMethods(solatis),
		credentialTest: { testConnection: connectionTest(solatis) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeAction.call(this, solatis);
	}
}
