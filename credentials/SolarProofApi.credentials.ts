import type { Icon, ICredentialType } from 'n8n-workflow';
import { apiProperties, authenticate } from '../nodes/n8n/credentials.ts';
import { solarProof } from '../providers/solar-proof/provider.ts';

export class SolarProofApi implements ICredentialType {
	name = 'solarProofApi';

	displayName = 'Solar Proof API';

	icon: Icon = {
		light: 'file:../nodes/SolarProof/solarProof.svg',
		dark: 'file:../nodes/SolarProof/solarProof.dark.svg',
	};

	documentationUrl = 'https://github.com/hookline/hookline/tree/main/packages/n8n-nodes-solar-proof#credentials';

	properties = apiProperties(solarProof);

	authenticate = authenticate(solarProof);
}
