import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { soshiaConnect } from '../../providers/soshia-connect/provider.ts';
import { ACTION_VERSION, actionProperties, executeAction } from '../n8n/action.ts';
import { connectionTest } from '../n8n/credentials.ts';
import { actionHints } from '../n8n/hints.ts';
import { listMethods } from '../n8n/lists.ts';

export class SoshiaConnect implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'SoshiaConnect',
		name: 'soshiaConnect',
		icon: { light: 'file:soshiaConnect.svg', dark: 'file:soshiaConnect.dark.svg' },
		group: ['transform'],
		version: ACTION_VERSION,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Read shipping routes and their data from SoshiaConnect',
		defaults: { name: 'SoshiaConnect' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'soshiaConnectApi', required: true, testedBy: 'testConnection' }],
		hints: actionHints(soshiaConnect),
		properties: actionProperties(soshiaConnect),
	};

	methods = {
		...listMethods(soshiaConnect),
		credentialTest: { testConnection: connectionTest(soshiaConnect) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeAction.call(this, soshiaConnect);
	}
}
