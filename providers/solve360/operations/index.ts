/** The follow-up calls of Solve360. */
import { isObject, text } from '../../../core/json.ts';
import type { Json, JsonObject, Lookup, Operation, Resource, Values } from '../../../core/provider.ts';
import { accountOperations } from './account.ts';
import { activityOperations } from './activities.ts';
import { RECORD_TYPES } from './record-types.ts';
import { recordOperations } from './records.ts';
import { reportOperations } from './reports.ts';
import { simplifiable } from './simplified.ts';

export const resources: readonly Resource[] = [
	{ name: 'activity', label: 'Activity' },
	{ name: 'category', label: 'Category Tag' },
	...RECORD_TYPES.map(({ resource, label }) => ({ name: resource, label })),
	{ name: 'field', label: 'Field' },
	{ name: 'location', label: 'Location' },
	{ name: 'owner', label: 'User or Group' },
	{ name: 'report', label: 'Report' },
	{ name: 'webhook', label: 'Webhook' },
];

export const operations: readonly Operation[] = [
	...RECORD_TYPES.flatMap(recordOperations),
	...activityOperations,
	...reportOperations,
	...accountOperations,
].map(simplifiable);

const id = (item: JsonObject): string => text(item['id']) ?? '';
const name = (item: JsonObject): string => text(item['name']) || text(item['label']) || id(item);

const typeNamed = (segment: Json | undefined) => RECORD_TYPES.find((one) => one.segment === segment);

/** The resource of the type of record that a form names. */
const typeIn = (form: Values): string | undefined => typeNamed(form['recordType'])?.resource;

/** The types of record to which the trigger is limited, by what its form calls them. */
const taggedTypes = (constrainTo: Json | undefined) => {
	const one = RECORD_TYPES.filter(({ resource }) => resource.toLowerCase() === constrainTo);
	return one.length > 0 ? one : RECORD_TYPES;
};

/**
 * Lists to choose from: `owners`, `webhook`, and for each type of record its tags and its fields. Records list themselves; where a form
 * asks for their type first, `record` are those of that type, and `recordActivity` the activities of one of them.
 */
export const lookups: { readonly [name: string]: Lookup } = {
	owners: {
		operation: 'owner.getMany',
		value: id,
		label: (owner) => (owner['kind'] === 'group' ? `${name(owner)} (Group)` : name(owner)),
	},
	webhook: {
		operation: 'webhook.getMany',
		value: id,
		label: (webhook) => `${text(webhook['title']) || id(webhook)} (${text(webhook['event']) ?? ''})`,
	},
	record: {
		needs: ['recordType'],
		operation: (form) => typeIn(form) && `${typeIn(form)}.getMany`,
		value: id,
		label: name,
	},
	recordActivity: {
		needs: ['recordType', 'recordId'],
		operation: (form) => (text(form['recordId']) ? typeIn(form) && `${typeIn(form)}.get` : undefined),
		input: ({ recordId }) => ({ id: recordId }),
		of: ({ activities }) => (Array.isArray(activities) ? activities.filter(isObject) : []),
		value: id,
		label: name,
	},
	// The tags of the trigger's form: of the chosen type of record, or of all, each with its type.
	recordTags: {
		needs: ['constrainTo'],
		operation: 'category.getMany',
		input: ({ constrainTo }) => taggedTypes(constrainTo).map(({ segment }) => ({ recordType: segment })),
		value: id,
		label: (tag, input, among = 1) =>
			among === 1 ? name(tag) : `${name(tag)} (${typeNamed(input?.['recordType'])?.label ?? ''})`,
	},
	...Object.fromEntries(
		RECORD_TYPES.flatMap(({ segment, tags, fieldList }): [string, Lookup][] => [
			[tags, { operation: 'category.getMany', input: { recordType: segment }, value: id, label: name }],
			[
				fieldList,
				{
					operation: 'field.getMany',
					input: { recordType: segment },
					value: (field) => text(field['key']) ?? id(field),
					label: (field) => text(field['label']) ?? name(field),
				},
			],
		]),
	),
};
