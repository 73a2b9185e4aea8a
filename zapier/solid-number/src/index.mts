import { solidNumber } from '../../../providers/solid-number/provider.ts';
import { zapierApp } from '../../shared/app.mts';
import { settings } from './settings.mts';
import about from '../package.json' with { type: 'json' };

export default zapierApp(solidNumber, about.version, settings);
