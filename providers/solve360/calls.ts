/** How Solve360 is called. */
import { InvalidInput } from '../../core/errors.ts';
import { text } from '../../core/json.ts';
import type { HttpRequest, Values } from '../../core/provider.ts';

/** A call that asks for JSON: Solve360 answers in XML otherwise. https://norada.com/api/introduction */
export function call(
	method: HttpRequest['method'],
	path: string,
	rest: Pick<HttpRequest, 'query' | 'json'> = {},
): HttpRequest {
	return { method, path, headers: { accept: 'application/json' }, ...rest };
}

/** An id as a number in digits. Anything else in its place would address something else: `/contacts/fields/`. */
export function idIn(input: Values, name: string, label: string): string {
	const id = text(input[name])?.trim() ?? '';
	if (!/^\d+$/.test(id)) throw new InvalidInput(`"${label}" must be an id in digits, e.g. 467069.`);
	return id;
}
