import type { Icon, ICredentialType } from 'n8n-workflow';
import { apiProperties, authenticate } from '../nodes/n8n/credentials.ts';
import { solve360 } from '../providers/solve360/provider.ts';

export class Solve360Api implements ICredentialType {
	name = 'solve360Api';

	displayName = 'Solve360 API';

	icon: Icon = { light: 'file:../nodes/Solve360/solve360.svg', dark: 'file:../nodes/Solve360/solve360.dark.svg' };

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solve360#credentials';

	properties = apiProperties(solve360);

	authenticate = authenticate(solve360);
}
