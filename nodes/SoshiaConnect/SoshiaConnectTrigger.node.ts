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
import { soshiaConnect } from '../../providers/soshia-connect/provider.ts';
import { webhookSecrets } from '../n8n/credentials.ts';
import { triggerHints } from '../n8n/hints.ts';
import { webhookMethods } from '../n8n/lifecycle.ts';
import { receiveWebhook } from '../n8n/receiving.ts';
import { passOnce } from '../n8n/repeats.ts';
import { TRIGGER_VERSION, triggerPanel, triggerProperties, triggerWebhooks } from '../n8n/trigger.ts';
import { pollTrigger } from '../n8n/watch.ts';

export class SoshiaConnectTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'SoshiaConnect Trigger',
		name: 'soshiaConnectTrigger',
		icon: { light: 'file:soshiaConnect.svg', dark: 'file:soshiaConnect.dark.svg' },
		group: ['trigger'],
		version: TRIGGER_VERSION,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when something happens in SoshiaConnect',
		eventTriggerDescription: 'Waiting for SoshiaConnect to send an event',
		activationMessage: 'Every correctly signed event sent to the production URL now starts the workflow.',
		defaults: { name: 'SoshiaConnect Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'soshiaConnectWebhookApi', required: true, testedBy: 'webhookSecrets' }],
		webhooks: triggerWebhooks(soshiaConnect),
		triggerPanel: triggerPanel(soshiaConnect),
		hints: triggerHints(soshiaConnect),
		properties: triggerProperties(soshiaConnect),
	};

	methods = { credentialTest: { webhookSecrets: webhookSecrets(soshiaConnect) } };

	webhookMethods = { default: webhookMethods(soshiaConnect) };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWebhook.call(this, soshiaConnect);
	}

	/** Asks for nothing by itself: it is why n8n asks for the subscription at every start, and its ticks look after it. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollTrigger.call(this, soshiaConnect);
	}

	/** n8n runs this on what `webhook()` passed on: the line against repeats that lasts. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passOnce.call(this);
	}
}
