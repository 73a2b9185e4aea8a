import type { Icon, ICredentialType } from 'n8n-workflow';
import { webhookProperties } from '../nodes/n8n/credentials.ts';
import { solatis } from '../providers/solatis/provider.ts';

/** Only proves deliveries that come in: there is no call to Solatis that it could be tested with. */
export class SolatisWebhookApi implements ICredentialType {
	name = 'solatisWebhookApi';

	displayName = 'Solatis Webhook API';

	icon: Icon = {
		light: 'file:../nodes/Solatis/solatis.svg',
		dark: 'file:../nodes/Solatis/solatis.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solatis#credentials';

	properties = webhookProperties(solatis);
}
