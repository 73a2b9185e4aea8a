import { solve360 } from '../../../providers/solve360/provider.ts';
import { zapierApp } from '../../shared/app.mts';
import { settings } from './settings.mts';
import about from '../package.json' with { type: 'json' };

export default zapierApp(solve360, about.version, settings);
