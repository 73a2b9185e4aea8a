import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { solarProof } from '../../providers/solar-proof/provider.ts';
import { ACTION_VERSION, actionProperties, executeAction } from '../n8n/action.ts';
import { connectionTest } from '../n8n/credentials.ts';
import { actionHints } from '../n8n/hints.ts';
import { listMethods } from '../n8n/lists.ts';

export class SolarProof implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solar Proof',
		name: 'solarProof',
		icon: { light: 'file:solarProof.svg', dark: 'file:solarProof.dark.svg' },
		group: ['transform'],
		version: ACTION_VERSION,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Read and change customers and projects in Solar Proof',
		defaults: { name: 'Solar Proof' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'solarProofApi', required: true, testedBy: 'testConnection' }],
		hints: actionHints(solarProof),
		properties: actionProperties(solarProof),
	};

	methods = {
		...listMethods(solarProof),
		credentialTest: { testConnection: connectionTest(solarProof) },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeAction.call(this, solarProof);
	}
}
