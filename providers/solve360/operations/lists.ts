/** Lists of records: filter, order and pages. https://norada.com/api/records */
import { isObject, path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { countOf, listItems } from '../answers.ts';
import { call, textOf } from '../connection.ts';
import { namesIn, tagId, tagNames, withNames } from './names.ts';
import type { RecordType } from './record-values.ts';

/** The largest list that Solve360 gives (seen in a published client). Each call counts against a quota. */
const LARGEST_PAGE = 5000;

/** The operation that lists records of a type. */
export function getMany(type: RecordType): Operation {
	const isContact = type.resource === 'contact';
	return {
		resource: type.resource,
		name: 'getMany',
		label: 'Get Many',
		action: `Get many ${type.many}`,
		description: `Get many ${type.many}: all of them, or those that match a filter.`,
		fields: [
			{
				name: 'filter',
				label: 'Which Records',
				type: 'choice',
				default: 'none',
				options: [
					{ value: 'none', label: 'All' },
					...(isContact
						? [
								{ value: 'byemail', label: 'By Email' },
								{ value: 'byphone', label: 'By Phone' },
							]
						: []),
					{ value: 'category', label: 'By Tag' },
				],
				description: 'Solve360 applies one filter at a time.',
			},
			...(isContact ? [emailField, phoneField] : []),
			{
				name: 'tag',
				label: 'Tag',
				type: 'choice',
				choicesFrom: type.tags,
				required: true,
				description: `The category tag of the ${type.many}, by name or ID.`,
				showIf: { filter: ['category'] },
			},
			{
				name: 'sortField',
				sorts: true,
				label: 'Sort By',
				type: 'string',
				placeholder: 'e.g. updated',
				description: 'A field to sort by, e.g. created or updated.',
			},
			{
				name: 'sortDirection',
				sorts: true,
				label: 'Sort Direction',
				type: 'choice',
				options: [
					{ value: 'ASC', label: 'Ascending' },
					{ value: 'DESC', label: 'Descending' },
				],
				description: 'The order of the records.',
			},
			{
				name: 'allColumns',
				label: 'All Columns',
				type: 'boolean',
				default: false,
				description: 'Whether to get all columns (layout 1) instead of the usual few.',
			},
			{
				name: 'fieldList',
				label: 'Columns',
				type: 'choices',
				choicesFrom: type.fieldList,
				description: 'The fields to get, by key.',
			},
			{
				name: 'parameters',
				label: 'Additional Parameters',
				type: 'pairs',
				description: 'Other query parameters of Solve360, e.g. searchmode and searchvalue. Sent as is.',
			},
		],
		...withNames((input) => tagNames(type.segment, input['filter'] === 'category' ? input['tag'] : undefined)),
		request: (input, prepared) =>
			call('GET', path`/${type.segment}/`, {
				query: {
					...(isObject(input['parameters']) ? queryOf(input['parameters']) : {}),
					...filterOf(type, input, prepared),
					sortfield: text(input['sortField']),
					sortdir: text(input['sortDirection']),
					layout: input['allColumns'] === true ? 1 : undefined,
					fieldlist: Array.isArray(input['fieldList']) ? input['fieldList'].join(',') : undefined,
				},
			}),
		items: listItems,
		paging: {
			pageSize: LARGEST_PAGE,
			// Published clients disagree on whether lists count from 0 or from 1: this is right either way.
			page: (request, { offset, size }) => ({
				...request,
				query: { ...request.query, limit: size, start: offset === 0 ? undefined : offset },
			}),
			identify: (record) => text(record['id']),
			total: countOf,
		},
		sample: {
			id: 467069,
			name: type.sample['name'] ?? '',
			created: '2026-01-20T14:49:39+00:00',
			updated: '2026-02-02T10:30:00+00:00',
		},
		grade: 'documented',
		effect: 'read',
	};
}

const emailField: Field = {
	name: 'email',
	label: 'Email',
	type: 'email',
	required: true,
	placeholder: 'e.g. ada@example.com',
	description: 'Any of the email addresses of a contact.',
	showIf: { filter: ['byemail'] },
};

const phoneField: Field = {
	name: 'phone',
	label: 'Phone',
	type: 'string',
	required: true,
	placeholder: 'e.g. 555 0100',
	description: 'Any of the phone numbers of a contact, written as in Solve360.',
	showIf: { filter: ['byphone'] },
};

function filterOf(
	type: RecordType,
	input: Values,
	prepared: JsonObject | undefined,
): { filtermode?: string; filtervalue?: string | undefined } {
	const filtermode = text(input['filter']);
	switch (filtermode) {
		case 'byemail':
			return { filtermode, filtervalue: text(input['email']) };
		case 'byphone':
			return { filtermode, filtervalue: text(input['phone']) };
		case 'category':
			return { filtermode, filtervalue: tagId(text(input['tag']) ?? '', namesIn(prepared, 'tags'), type.one) };
		default:
			return {};
	}
}

function queryOf(pairs: JsonObject): { [name: string]: string } {
	return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, textOf(value)]));
}
