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
import { solatis } from '../../providers/solatis/provider.ts';
import { connectionTest, webhookSecrets } from '../n8n/credentials.ts';
import { triggerHints } from '../n8n/hints.ts';
import { webhookMethods } from '../n8n/lifecycle.ts';
import { receiveWebhook } from '../n8n/receiving.ts';
import { passOnce } from '../n8n/repeats.ts';
import { TRIGGER_VERSION, triggerPanel, triggerProperties, triggerWebhooks } from '../n8n/trigger.ts';
import { pollTrigger } from '../n8n/watch.ts';

export class SolatisTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Solatis Trigger',
		name: 'solatisTrigger',
		icon: { light: 'file:solatis.svg', dark: 'file:solatis.dark.svg' },
		group: ['trigger'],
		version: TRIGGER_VERSION,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when something happens in Solatis',
		eventTriggerDescription: 'Waiting for Solatis to send an event',
		activationMessage: "You're now subscribed to Solatis events.",
		defaults: { name: 'Solatis Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'solatisWebhookApi',
				required: true,
				testedBy: 'webhookSecrets',
				displayOptions: { show: { registration: ['manual'] } },
			},
			// `hide`, not `show`: a parameter that decides about every credential by `show` is taken off the panel by n8n's editor,
			// and choosing a credential would switch the registration unseen.
			{
				name: 'solatisApi',
				required: true,
				testedBy: 'testConnection',
				displayOptions: { hide: { registration: ['manual'] } },
			},
		],
		webhooks: triggerWebhooks(solatis),
		triggerPanel: triggerPanel(solatis),
		hints: triggerHints(solatis),
		properties: triggerProperties(solatis),
	};

	methods = {
		credentialTest: { testConnection: connectionTest(solatis), webhookSecrets: webhookSecrets(solatis) },
	};

	webhookMethods = { default: webhookMethods(solatis) };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWebhook.call(this, solatis);
	}

	/** Asks for nothing by itself: it is why n8n asks for the subscription at every start, and its ticks look after it. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollTrigger.call(this, solatis);
	}

	/** n8n runs this on what `webhook()` passed on: the line against repeats that lasts. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passOnce.call(this);
	}
}
