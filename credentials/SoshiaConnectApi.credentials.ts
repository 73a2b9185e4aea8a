import type { Icon, ICredentialType } from 'n8n-workflow';
import { apiProperties, authenticate, logInFirst } from '../nodes/n8n/credentials.ts';
import { soshiaConnect } from '../providers/soshia-connect/provider.ts';

export class SoshiaConnectApi implements ICredentialType {
	name = 'soshiaConnectApi';

	displayName = 'SoshiaConnect API';

	icon: Icon = {
		light: 'file:../nodes/SoshiaConnect/soshiaConnect.svg',
		dark: 'file:../nodes/SoshiaConnect/soshiaConnect.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-soshia-connect#credentials';

	properties = apiProperties(soshiaConnect);

	preAuthentication = logInFirst(soshiaConnect);

	authenticate = authenticate(soshiaConnect);
}
