/** How many records a list finds at most. */
import { cleanLimit } from '../../core/input.ts';
import type { Field } from '../../core/provider.ts';

export const LIMIT: Field = {
	name: 'limit',
	label: 'Limit',
	type: 'number',
	default: 50,
	description: 'How many records are found at most. Leave it empty for 50.',
};

/** The limit that a person filled in. Empty is the default; what is no number of records is refused, not guessed. */
export function limitOf(inputData: { readonly [name: string]: unknown }): number {
	return cleanLimit(inputData[LIMIT.name], Number(LIMIT.default));
}
