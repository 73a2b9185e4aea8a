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
import { solve360 } from '../../providers/solve360/provider.ts';
import { connectionTest, webhookSecrets } from '../n8n/credentials.ts';
import { triggerHints } from '../n8n/hints.ts';
import { webhookMethods } from '../n8n/lifecycle.ts';
import { listMethods } from '../n8n/lists.ts';
import { receiveWebhook } from '../n8n/receiving.ts';
import { passOnce } from '../n8n/repeats.ts';
import { TRIGGER_VERSION, triggerPanel, triggerProperties, triggerWebhooks } from '../n8n/trigger.ts';
import { pollTrigger } from '../n8n/watch.ts';

export class Solve360Trigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solve360 Trigger',
		name: 'solve360Trigger',
		icon: { light: 'file:solve360.svg', dark: 'file:solve360.dark.svg' },
		group: ['trigger'],
		version: TRIGGER_VERSION,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when something happens in Solve360',
		eventTriggerDescription: 'Waiting for Solve360 to send an event',
		activationMessage: "You're now subscribed to Solve360 events.",
		defaults: { name: 'Solve360 Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'solve360WebhookApi',
				required: true,
				testedBy: 'webhookSecrets',
				displayOptions: { show: { registration: ['manual'] } },
			},
			// `hide`, not `show`: a parameter that decides about every credential by `show` is taken off the panel by n8n's editor,
			// and choosing a credential would switch the registration unseen.
			{
				name: 'solve360Api',
				required: true,
				testedBy: 'testConnection',
				displayOptions: { hide: { registration: ['manual'] } },
			},
		],
		webhooks: triggerWebhooks(solve360),
		triggerPanel: triggerPanel(solve360),
		hints: triggerHints(solve360),
		properties: triggerProperties(solve360),
	};

	methods = {
		...listMethods(solve360),
		credentialTest: { testConnection: connectionTest(solve360), webhookSecrets: webhookSecrets(solve360) },
	};

	webhookMethods = { default: webhookMethods(solve360) };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWebhook.call(this, solve360);
	}

	/** Asks for nothing by itself: it is why n8n asks for the subscription at every start, and its ticks look after it. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollTrigger.call(this, solve360);
	}

	/** n8n runs this on what `webhook()` passed on: the line against repeats that lasts. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passOnce.call(this);
	}
}
