import { solarProof } from '../../providers/solar-proof/provider.ts';
import { describeApp } from './support/suite.mts';

describeApp(solarProof, () => {});
