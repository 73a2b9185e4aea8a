/** What a person fills in to write a record, and the body that it becomes. https://norada.com/api/records */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, path, without } from '../../../core/json.ts';
import type { Field, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { call } from '../calls.ts';
import { byKey, fieldsIn, needsFieldList, type RecordField } from '../field-names.ts';

/** What differs between the four types of record. */
export interface RecordType {
	/** Name of the resource. */
	resource: 'contact' | 'company' | 'projectBlog' | 'ticket';
	segment: string;
	/** Title Case, e.g. `Project Blog`. */
	label: string;
	/** Lower case, e.g. `project blog`. */
	one: string;
	many: string;
	/** Names of lookups. */
	tags: string;
	fieldList: string;
	/** Fields with an input of their own, by the API's key. Others are set by name. */
	ownFields: readonly (Field & { key: string })[];
	sample: JsonObject;
}

/** Asks for the record. */
export function idField({ label, one }: RecordType): Field {
	return {
		name: 'id',
		label: `${label} ID`,
		type: 'string',
		required: true,
		placeholder: 'e.g. 467069',
		description: `The id of the ${one}, as its web address and its notifications show it.`,
	};
}

/** Asks for category tags. */
export function tagsField({ tags }: RecordType, what: string, required = false): Field {
	return { name: 'tags', label: 'Tags', type: 'choices', choicesFrom: tags, required, description: what };
}

/** What creating and changing a record have in common. */
export function valueFields(type: RecordType): readonly Field[] {
	return [
		...type.ownFields.map((field): Field => without(field, 'key')),
		{
			name: 'fields',
			label: type.ownFields.length > 0 ? 'Other Fields' : 'Fields',
			type: 'pairs',
			description: `Fields of the ${type.one} by the name shown in Solve360, or by key such as custom123. An unknown name is refused.`,
		},
		{
			name: 'ownership',
			label: 'Ownership',
			type: 'choice',
			choicesFrom: 'owners',
			description:
				'The group or user that the record belongs to. Without it a new record is private to the user of the credential.',
		},
	];
}

/** The body that sets fields, owner and tags. Empty fields are not sent: they stay as they are. */
export function valuesOf(type: RecordType, input: Values, known: readonly RecordField[]): JsonObject {
	const own = type.ownFields.map(({ key, name }) => [key, input[name]] as const);
	const named = isObject(input['fields']) ? byKey(input['fields'], known, type.one) : {};
	const cleared = Array.isArray(input['clearFields'])
		? input['clearFields'].map((key) => [String(key), ''] as const)
		: [];
	return {
		...defined(Object.fromEntries(own)),
		...named,
		...Object.fromEntries(cleared),
		...defined({ ownership: input['ownership'] }),
		...tagChange(input['tags'], 'add'),
	};
}

/** The part of a body that adds or removes tags. Throws `InvalidInput` for tags that are not ids. */
export function tagChange(tags: Json | undefined, change: 'add' | 'remove'): JsonObject {
	if (!Array.isArray(tags) || tags.length === 0) return {};
	if (!tags.every((tag) => /^\d+$/.test(String(tag)))) {
		throw new InvalidInput(
			'"Tags" takes the ids of category tags, e.g. 53966. The operation Category Tag: Get Many lists them.',
		);
	}
	return { categories: { [change]: { category: tags } } };
}

/** Custom fields are given by name: the list of fields is fetched first, where a name needs it. */
export function withFieldNames(type: RecordType): Required<Pick<Operation, 'prepare' | 'prepared'>> {
	return {
		prepare: ({ fields }) =>
			isObject(fields) && needsFieldList(fields) ? [call('GET', path`/${type.segment}/fields/`)] : [],
		prepared: ([response]) => ({ known: response ? fieldsIn(response).map(({ key, label }) => ({ key, label })) : [] }),
	};
}

/** The list of fields in what `prepared` made. */
export function knownIn(prepared: JsonObject | undefined): readonly RecordField[] {
	return (prepared?.['known'] ?? []) as RecordField[];
}
