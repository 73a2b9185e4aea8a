import { solatis } from '../../providers/solatis/provider.ts';
import { describeApp } from './support/suite.mts';

describeApp(solatis, () => {});
