/** n8n nodes of a provider, made of what the nodes in `nodes/` are made of. */
import {
	NodeConnectionTypes,
	type ICredentialType,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import type { Provider } from '../../../core/provider.ts';
import { nodeName, webhookCredential, webhookProperties, webhookSecrets } from '../../../nodes/n8n/credentials.ts';
import { webhookMethods } from '../../../nodes/n8n/lifecycle.ts';
import { receiveWebhook } from '../../../nodes/n8n/receiving.ts';
import { passOnce } from '../../../nodes/n8n/repeats.ts';
import { TRIGGER_VERSION, triggerProperties, triggerWebhooks } from '../../../nodes/n8n/trigger.ts';
import { pollTrigger } from '../../../nodes/n8n/watch.ts';

/** The class of a provider's trigger node. */
export function triggerOf(provider: Provider): new () => INodeType {
	return class implements INodeType {
		description: INodeTypeDescription = {
			displayName: `${provider.name} Trigger`,
			name: `${nodeName(provider)}Trigger`,
			group: ['trigger'],
			version: TRIGGER_VERSION,
			polling: true,
			description: `Starts the workflow when something happens in ${provider.name}`,
			defaults: { name: `${provider.name} Trigger` },
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: webhookCredential(provider), required: true, testedBy: 'webhookSecrets' }],
			webhooks: triggerWebhooks(provider),
			properties: triggerProperties(provider),
		};

		methods = { credentialTest: { webhookSecrets: webhookSecrets(provider) } };

		webhookMethods = { default: webhookMethods(provider) };

		async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
			return await receiveWebhook.call(this, provider);
		}

		async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
			return await pollTrigger.call(this, provider);
		}

		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			return await passOnce.call(this);
		}
	};
}

/** The class of the credential of its webhooks. */
export function webhookCredentialOf(provider: Provider): new () => ICredentialType {
	return class implements ICredentialType {
		name = webhookCredential(provider);

		displayName = `${provider.name} Webhook API`;

		properties: INodeProperties[] = webhookProperties(provider);
	};
}
