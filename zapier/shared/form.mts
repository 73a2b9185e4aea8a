/** What a person sees of a form, and what Zapier passes on of its boxes. `cleanInput` of the core reads it, as on every platform. */
import { isShown } from '../../core/input.ts';
import { isObject } from '../../core/json.ts';
import type { Field, Json, JsonObject, Values } from '../../core/provider.ts';

/** The fields that are shown with what is filled in so far: by the same rule as everywhere. */
export function shownFields(fields: readonly Field[], given: Values): Field[] {
	return fields.filter((field) => isShown(field, fields, given));
}

/** The boxes as the core takes them. A line of a dictionary without a value was not used: Zapier passes it on as null. */
export function valuesOf(fields: readonly Field[], inputData: Record<string, unknown>): Values {
	const dictionaries = fields.flatMap(({ name, type }): [string, Json][] => {
		const value = (inputData as JsonObject)[name];
		return type === 'pairs' && isObject(value) ? [[name, withoutNulls(value)]] : [];
	});
	return { ...(inputData as JsonObject), ...Object.fromEntries(dictionaries) };
}

function withoutNulls(pairs: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== null && value !== undefined));
}
