import type { Icon, ICredentialType } from 'n8n-workflow';
import { apiProperties, authenticate } from '../nodes/n8n/credentials.ts';
import { solatis } from '../providers/solatis/provider.ts';

export class SolatisApi implements ICredentialType {
	name = 'solatisApi';

	displayName = 'Solatis API';

	icon: Icon = { light: 'file:../nodes/Solatis/solatis.svg', dark: 'file:../nodes/Solatis/solatis.dark.svg' };

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solatis#credentials';

	properties = apiProperties(solatis);

	authenticate = authenticate(solatis);
}
