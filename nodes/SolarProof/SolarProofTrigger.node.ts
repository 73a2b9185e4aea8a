import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { solarProof } from '../../providers/solar-proof/provider.ts';
import { connectionTest } from '../n8n/credentials.ts';
import { triggerHints } from '../n8n/hints.ts';
import { webhookMethods } from '../n8n/lifecycle.ts';
import { receiveWebhook } from '../n8n/receiving.ts';
import { passOnce } from '../n8n/repeats.ts';
import { TRIGGER_VERSION, triggerPanel, triggerProperties, triggerWebhooks } from '../n8n/trigger.ts';
import { pollTrigger } from '../n8n/watch.ts';

export class SolarProofTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solar Proof Trigger',
		name: 'solarProofTrigger',
		icon: { light: 'file:solarProof.svg', dark: 'file:solarProof.dark.svg' },
		group: ['trigger'],
		version: TRIGGER_VERSION,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when something happens in Solar Proof',
		eventTriggerDescription: 'Waiting for Solar Proof to send an event',
		activationMessage: "You're now subscribed to Solar Proof events.",
		defaults: { name: 'Solar Proof Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'solarProofApi', required: true, testedBy: 'testConnection' }],
		webhooks: triggerWebhooks(solarProof),
		triggerPanel: triggerPanel(solarProof),
		hints: triggerHints(solarProof),
		properties: triggerProperties(solarProof),
	};

	methods = { credentialTest: { testConnection: connectionTest(solarProof) } };

	webhookMethods = { default: webhookMethods(solarProof) };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWebhook.call(this, solarProof);
	}

	/** Asks for nothing by itself: it is why n8n asks for the subscription at every start, and its ticks look after it. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollTrigger.call(this, solarProof);
	}

	/** n8n runs this on what `webhook()` passed on: the line against repeats that lasts. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passOnce.call(this);
	}
}
