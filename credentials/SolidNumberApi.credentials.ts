import type { Icon, ICredentialType } from 'n8n-workflow';
import { apiProperties, authenticate } from '../nodes/n8n/credentials.ts';
import { solidNumber } from '../providers/solid-number/provider.ts';

export class SolidNumberApi implements ICredentialType {
	name = 'solidNumberApi';

	displayName = 'Solid# API';

	icon: Icon = {
		light: 'file:../nodes/SolidNumber/solidNumber.svg',
		dark: 'file:../nodes/SolidNumber/solidNumber.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solid-number#credentials';

	properties = apiProperties(solidNumber);

	authenticate = authenticate(solidNumber);
}
