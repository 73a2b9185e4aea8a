/** The five Zapier apps from source, by provider. */
import solarProof from '../../../../zapier/solar-proof/src/index.mts';
import solatis from '../../../../zapier/solatis/src/index.mts';
import solidNumber from '../../../../zapier/solid-number/src/index.mts';
import solve360 from '../../../../zapier/solve360/src/index.mts';
import soshiaConnect from '../../../../zapier/soshia-connect/src/index.mts';

export const apps: { readonly [provider: string]: typeof solatis } = {
	'solar-proof': solarProof,
	solatis,
	'solid-number': solidNumber,
	'soshia-connect': soshiaConnect,
	solve360,
};
