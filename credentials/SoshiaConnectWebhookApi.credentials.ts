import type { Icon, ICredentialType } from 'n8n-workflow';
import { webhookProperties } from '../nodes/n8n/credentials.ts';
import { soshiaConnect } from '../providers/soshia-connect/provider.ts';

/** Only proves deliveries that come in: there is no call to SoshiaConnect that it could be tested with. */
export class SoshiaConnectWebhookApi implements ICredentialType {
	name = 'soshiaConnectWebhookApi';

	displayName = 'SoshiaConnect Webhook API';

	icon: Icon = {
		light: 'file:../nodes/SoshiaConnect/soshiaConnect.svg',
		dark: 'file:../nodes/SoshiaConnect/soshiaConnect.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-soshia-connect#credentials';

	properties = webhookProperties(soshiaConnect);
}
