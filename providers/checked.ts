/** An operation whose input is checked against its own fields, whoever calls it. */
import { cleanInput } from '../core/operation.ts';
import type { Operation } from '../core/provider.ts';

/**
 * The operation, with empty values dropped, texts turned into what their fields ask for, and `InvalidInput` thrown for a
 * required field that is empty, before `request`, `prepare` and `keep` see the input.
 */
export function checked(operation: Operation): Operation {
	const { fields, request, prepare, keep } = operation;
	return {
		...operation,
		request: (input, prepared) => request(cleanInput(fields, input), prepared),
		...(prepare && { prepare: (input) => prepare(cleanInput(fields, input)) }),
		...(keep && { keep: (input) => keep(cleanInput(fields, input)) }),
	};
}
