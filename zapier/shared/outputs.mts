/** What comes out of a step, field by field, with a type and a name that a person reads. */
import type { PlainOutputField } from 'zapier-platform-core';
import { isObject } from '../../core/json.ts';
import { operationId } from '../../core/operation.ts';
import type { Json, JsonObject, Operation } from '../../core/provider.ts';
import { CONTRACT_TYPES, type ContractType } from './contract-types.mts';

/**
 * The output fields of an action: those of its sample, and those that the service's contract has beyond it.
 *
 * As a function (which core's types have forgotten): core copies and freezes the whole definition for each event, so what is not in it
 * costs nothing.
 */
export function outputsOf(operation: Operation, sample: JsonObject): PlainOutputField[] {
	const fields = () => {
		const known = CONTRACT_TYPES[operationId(operation)] ?? {};
		const own = outputFieldsOf(sample, known);
		const more = Object.entries(known).filter(([name]) => !(name in sample));
		return [...own, ...more.map(([name, type]) => ({ key: name, label: labelOf(name), type }))];
	};
	return [fields as unknown as PlainOutputField];
}

/** The fields of a sample: its texts, numbers and truth values, one level of nesting per `__`. Lists are left to Zapier. */
export function outputFieldsOf(
	sample: JsonObject,
	known: { readonly [field: string]: ContractType } = {},
	prefix = '',
): PlainOutputField[] {
	return Object.entries(sample).flatMap(([key, value]) => {
		const path = prefix + key;
		if (isObject(value)) return outputFieldsOf(value, {}, `${path}__`);
		const type = typeOf(value, known[key]);
		return type === undefined ? [] : [{ key: path, label: labelOf(path), type }];
	});
}

/** The contract's type where the sample's value is of it, otherwise the value's own. */
function typeOf(value: Json, known: ContractType | undefined): ContractType | undefined {
	switch (typeof value) {
		case 'string':
			return isMoment(value) ? 'datetime' : 'string';
		case 'number':
			return known === 'integer' && Number.isInteger(value) ? 'integer' : 'number';
		case 'boolean':
			return 'boolean';
		default:
			return undefined;
	}
}

/** Whether a text is a time as Zapier takes it: with its time zone, or a day alone. */
function isMoment(value: string): boolean {
	return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(value);
}

/** `data__customer_email` -> `Data Customer Email`. */
function labelOf(path: string): string {
	return path
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.split(/[^A-Za-z0-9]+/)
		.filter((word) => word !== '')
		.map((word) => (word.toLowerCase() === 'id' ? 'ID' : word.charAt(0).toUpperCase() + word.slice(1)))
		.join(' ');
}
