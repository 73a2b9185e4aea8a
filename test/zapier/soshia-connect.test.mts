import { soshiaConnect } from '../../providers/soshia-connect/provider.ts';
import { describeApp } from './support/suite.mts';

describeApp(soshiaConnect, () => {});
