import { solidNumber } from '../../providers/solid-number/provider.ts';
import { describeApp } from './support/suite.mts';

describeApp(solidNumber, () => {});
