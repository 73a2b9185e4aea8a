import { solarProof } from '../../../providers/solar-proof/provider.ts';
import { zapierApp } from '../../shared/app.mts';
import { settings } from './settings.mts';
import about from '../package.json' with { type: 'json' };

export default zapierApp(solarProof, about.version, settings);
