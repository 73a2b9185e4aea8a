/** What a person fills in to write a record, the body that it becomes, and whether it was done. https://norada.com/api/records */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, path, text, without } from '../../../core/json.ts';
import type { Field, HttpResponse, JsonObject, Values } from '../../../core/provider.ts';
import { hasEntry } from '../answers.ts';
import { textOf } from '../connection.ts';
import { fieldKey, fieldNames, namesIn, ownerId, ownerNames, tagId, tagNames, type LookUp } from './names.ts';

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
		description: `The ID of the ${one}. Its web address and its events show it.`,
	};
}

/** Asks for category tags. */
export function tagsField({ tags }: RecordType, what: string, required = false): Field {
	const description = `${what} Names or IDs.`;
	return { name: 'tags', label: 'Tags', type: 'choices', choicesFrom: tags, required, description };
}

/** What creating and updating a record have in common. `creating`: the usual fields are at the top of the form. */
export function valueFields(type: RecordType, creating = false): readonly Field[] {
	const others: Field = {
		name: 'fields',
		label: type.ownFields.length > 0 ? 'Other Fields' : 'Fields',
		type: 'pairs',
		description: `Fields of the ${type.one} by the name shown in Solve360, or by key such as custom123. An unknown name is refused.`,
	};
	return [
		...type.ownFields.map((field): Field => (creating ? without(field, 'key') : without(without(field, 'key'), 'top'))),
		creating && type.ownFields.length === 0 ? { ...others, top: true } : others,
		{
			name: 'ownership',
			label: 'Ownership',
			type: 'choice',
			choicesFrom: 'owners',
			description:
				'The group or user that the record belongs to, by name, email or ID. Choose a group to share the record: the user of the credential needs write access to it. A new record without an owner is private to the user of the credential.',
		},
	];
}

/** What has to be looked up for such an input: names of fields, tags and owners. */
export function valueLookUps(type: RecordType, input: Values): readonly LookUp[] {
	const named = isObject(input['fields']) ? Object.keys(input['fields']) : [];
	const keys = type.ownFields.map(({ key }) => key);
	return [
		...fieldNames(type.segment, [...named, ...clearedIn(input)], keys),
		...tagNames(type.segment, input['tags']),
		...ownerNames(input['ownership'], input['assignedTo']),
	];
}

function clearedIn(input: Values): string[] {
	return Array.isArray(input['clearFields']) ? input['clearFields'].map(String) : [];
}

/** The body that sets fields, owner and tags. Empty fields are not sent: they are left unchanged. */
export function valuesOf(type: RecordType, input: Values, prepared: JsonObject | undefined): JsonObject {
	const known = namesIn(prepared, 'fields');
	const owners = namesIn(prepared, 'owners');
	const keyOf = (name: string): string => {
		const own = type.ownFields.find(({ key }) => key === name);
		return own === undefined ? fieldKey(name, known, type.one) : own.key;
	};
	const own = type.ownFields.flatMap(({ key, name, choicesFrom }): [string, string][] => {
		const value = input[name];
		if (value === undefined) return [];
		return [[key, choicesFrom === 'owners' ? ownerId(textOf(value), owners) : textOf(value)]];
	});
	const named = Object.entries(isObject(input['fields']) ? input['fields'] : {});
	const ownership = text(input['ownership']);
	return {
		...Object.fromEntries(own),
		...Object.fromEntries(named.map(([name, value]) => [keyOf(name), textOf(value)])),
		...Object.fromEntries(clearedIn(input).map((name) => [keyOf(name), ''])),
		...defined({ ownership: ownership === undefined ? undefined : ownerId(ownership, owners) }),
		...tagChange(type, input, prepared, 'add'),
	};
}

/** Throws `InvalidInput` where a new record would have nothing but an owner and tags: Solve360 would create it without a name. */
export function requireContent(type: RecordType, values: JsonObject): void {
	if (Object.entries(values).some(([key, value]) => !['ownership', 'categories'].includes(key) && value !== '')) return;
	const top = type.ownFields.filter((field) => field.top).map(({ label }) => `"${label}"`);
	const which = top.length > 0 ? `one of ${top.join(', ')} and the other fields` : '"Fields"';
	throw new InvalidInput(`The ${type.one} is empty. Fill in at least ${which}.`);
}

/** The IDs of the tags that a person chose, by ID or by name. Throws `InvalidInput` for a name that no tag has. */
export function tagIds(type: RecordType, input: Values, prepared: JsonObject | undefined): string[] {
	const tags = Array.isArray(input['tags']) ? input['tags'].map(String) : [];
	return [...new Set(tags.map((tag) => tagId(tag, namesIn(prepared, 'tags'), type.one)))];
}

/** The part of a body that adds or removes tags: an array of IDs, as JSON clients send it. */
export function tagChange(
	type: RecordType,
	input: Values,
	prepared: JsonObject | undefined,
	change: 'add' | 'remove',
): JsonObject {
	const ids = tagIds(type, input, prepared);
	return ids.length > 0 ? { categories: { [change]: ids } } : {};
}

/** The tags that an answer shows were not set or removed, though the call was accepted. */
export function undoneTags(
	type: RecordType,
	change: 'add' | 'remove',
): (response: HttpResponse, input: Values, prepared?: JsonObject) => string | undefined {
	return (response, input, prepared) => {
		const wrong = change === 'remove';
		const undone = tagIds(type, input, prepared).filter((id) => hasEntry(response, 'categories', id) === wrong);
		if (undone.length === 0) return undefined;
		const labels = namesIn(prepared, 'tags');
		const names = undone.map((id) => {
			const label = labels.find(({ key }) => key === id)?.label;
			return label === undefined ? id : `"${label}" (${id})`;
		});
		const verb = change === 'add' ? 'did not set' : 'did not remove';
		const noun = names.length === 1 ? 'the tag' : 'the tags';
		return `${verb} ${noun} ${names.join(', ')}. Everything else may have been saved: look at the ${type.one}.`;
	};
}

/** Where a record is. */
export function recordPath({ segment }: RecordType, id: string): string {
	return path`/${segment}/${id}/`;
}
