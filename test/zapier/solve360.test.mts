import { solve360 } from '../../providers/solve360/provider.ts';
import { describeApp } from './support/suite.mts';

describeApp(solve360, () => {});
