/** What a person sees of a form, and what they filled in. */
import type { Field, Values } from '../../core/provider.ts';

/** The fields that are shown with what is filled in so far. */
export function shownFields(fields: readonly Field[], given: Values): Field[] {
	const valueOf = (name: string) => given[name] ?? fields.find((field) => field.name === name)?.default ?? '';
	return fields.filter(({ showIf = {} }) =>
		Object.entries(showIf).every(([name, values]) => values.some((value) => String(value) === String(valueOf(name)))),
	);
}

/** What came in for a form, as `core` takes it. */
export function valuesOf(inputData: Record<string, unknown>): Values {
	return inputData as Values;
}
