/** The services, in the order in which they are listed everywhere. */
import type { Provider } from '../core/provider.ts';
import { solarProof } from './solar-proof/provider.ts';
import { solatis } from './solatis/provider.ts';
import { solidNumber } from './solid-number/provider.ts';
import { soshiaConnect } from './soshia-connect/provider.ts';
import { solve360 } from './solve360/provider.ts';

export const providers: readonly Provider[] = [solarProof, solatis, solidNumber, soshiaConnect, solve360];

/**
 * The service with this id, e.g. `solatis`.
 * @throws Error naming the ids there are, for any other.
 */
export function provider(id: string): Provider {
	const found = providers.find((one) => one.id === id);
	if (found === undefined) {
		throw new Error(`There is no service "${id}"; there are ${providers.map((one) => one.id).join(', ')}.`);
	}
	return found;
}
