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
import { solidNumber } from '../../providers/solid-number/provider.ts';
import { connectionTest, webhookSecrets } from '../n8n/credentials.ts';
import { triggerHints } from '../n8n/hints.ts';
import { webhookMethods } from '../n8n/lifecycle.ts';
import { receiveWebhook } from '../n8n/receiving.ts';
import { passOnce } from '../n8n/repeats.ts';
import { TRIGGER_VERSION, triggerPanel, triggerProperties, triggerWebhooks } from '../n8n/trigger.ts';
import { pollTrigger } from '../n8n/watch.ts';

export class SolidNumberTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solid# Trigger',
		name: 'solidNumberTrigger',
		icon: { light: 'file:solidNumber.svg', dark: 'file:solidNumber.dark.svg' },
		group: ['trigger'],
		version: TRIGGER_VERSION,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when something happens in Solid#',
		eventTriggerDescription: 'Waiting for Solid# to send an event',
		activationMessage: 'Every correctly signed event sent to the production URL now starts the workflow.',
		defaults: { name: 'Solid# Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'solidNumberWebhookApi',
				required: true,
				testedBy: 'webhookSecrets',
				displayOptions: { show: { registration: ['manual'] } },
			},
			// `hide`, not `show`: a parameter that decides about every credential by `show` is taken off the panel by n8n's editor,
			// and choosing a credential would switch the registration unseen.
			{
				name: 'solidNumberApi',
				required: true,
				testedBy: 'testConnection',
				displayOptions: { hide: { registration: ['manual'] } },
			},
		],
		webhooks: triggerWebhooks(solidNumber),
		triggerPanel: triggerPanel(solidNumber),
		hints: triggerHints(solidNumber),
		properties: triggerProperties(solidNumber),
	};

	methods = {
		credentialTest: { testConnection: connectionTest(solidNumber), webhookSecrets: webhookSecrets(solidNumber) },
	};

	webhookMethods = { default: webhookMethods(solidNumber) };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWebhook.call(this, solidNumber);
	}

	/** Asks for nothing by itself: it is why n8n asks for the subscription at every start, and its ticks look after it. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollTrigger.call(this, solidNumber);
	}

	/** n8n runs this on what `webhook()` passed on: the line against repeats that lasts. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passOnce.call(this);
	}
}
