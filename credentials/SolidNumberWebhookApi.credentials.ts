import type { Icon, ICredentialType } from 'n8n-workflow';
import { webhookProperties } from '../nodes/n8n/credentials.ts';
import { solidNumber } from '../providers/solid-number/provider.ts';

/** Only proves deliveries that come in: there is no call to Solid# that it could be tested with. */
export class SolidNumberWebhookApi implements ICredentialType {
	name = 'solidNumberWebhookApi';

	displayName = 'Solid# Webhook API';

	icon: Icon = {
		light: 'file:../nodes/SolidNumber/solidNumber.svg',
		dark: 'file:../nodes/SolidNumber/solidNumber.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solid-number#credentials';

	properties = webhookProperties(solidNumber);
}
