import type { Icon, ICredentialType } from 'n8n-workflow';
import { webhookProperties } from '../nodes/n8n/credentials.ts';
import { solve360 } from '../providers/solve360/provider.ts';

/** Only proves deliveries that come in: there is no call to Solve360 that it could be tested with. */
export class Solve360WebhookApi implements ICredentialType {
	name = 'solve360WebhookApi';

	displayName = 'Solve360 Webhook API';

	icon: Icon = {
		light: 'file:../nodes/Solve360/solve360.svg',
		dark: 'file:../nodes/Solve360/solve360.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solve360#credentials';

	properties = webhookProperties(solve360);
}
