/** Lists of records: filter, order and pages. https://norada.com/api/records */
import { isObject, path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems } from '../answers.ts';
import { call } from '../calls.ts';
import type { RecordType } from './record-values.ts';

/** The largest list that Solve360 gives (seen in a published client). Each call counts against a quota. */
const LARGEST_PAGE = 5000;

/** The operation that lists records of a type. */
export function getMany(type: RecordType): Operation {
	const byEmail = type.resource === 'contact';
	return {
		resource: type.resource,
		name: 'getMany',
		label: 'Get Many',
		action: `Get many ${type.many}`,
		description: `Get ${type.many}, all or those that match a filter.`,
		fields: [
			{
				name: 'filter',
				label: 'Filter',
				type: 'choice',
				default: 'none',
				options: [
					{ value: 'none', label: 'None' },
					...(byEmail ? [{ value: 'byemail', label: 'By Email' }] : []),
					{ value: 'category', label: 'By Tag' },
				],
				description: 'Solve360 takes one filter at a time.',
			},
			...(byEmail
				? [
						{
							name: 'email',
							label: 'Email',
							type: 'email',
							required: true,
							placeholder: 'e.g. ada@example.com',
							description: 'The e-mail address that the contacts have.',
							showIf: { filter: ['byemail'] },
						} satisfies Field,
					]
				: []),
			{
				name: 'tag',
				label: 'Tag',
				type: 'choice',
				choicesFrom: type.tags,
				required: true,
				description: `The category tag that the ${type.many} carry.`,
				showIf: { filter: ['category'] },
			},
			{
				name: 'sortField',
				label: 'Sort By',
				type: 'string',
				placeholder: 'e.g. updated',
				description: 'A field to sort by, such as created or updated.',
			},
			{
				name: 'sortDirection',
				label: 'Sort Direction',
				type: 'choice',
				options: [
					{ value: 'ASC', label: 'Ascending' },
					{ value: 'DESC', label: 'Descending' },
				],
				description: 'The order in which the records come.',
			},
			{
				name: 'allColumns',
				label: 'All Columns',
				type: 'boolean',
				default: false,
				description: 'Whether to ask for all columns (layout 1) rather than the usual few.',
			},
			{
				name: 'parameters',
				label: 'Additional Parameters',
				type: 'pairs',
				description:
					'Further query parameters that Solve360 takes, such as other filter and search modes. Sent as they are.',
			},
		],
		request: (input) =>
			call('GET', path`/${type.segment}/`, {
				query: {
					...(isObject(input['parameters']) ? queryOf(input['parameters']) : {}),
					...filterOf(input),
					sortfield: text(input['sortField']),
					sortdir: text(input['sortDirection']),
					layout: input['allColumns'] === true ? 1 : undefined,
				},
			}),
		items: listItems,
		paging: {
			pageSize: LARGEST_PAGE,
			// The vendor's client counts records from 1. The first page needs no start.
			page: (request, { offset, size }) => ({
				...request,
				query: { ...request.query, limit: size, start: offset === 0 ? undefined : offset + 1 },
			}),
		},
		sample: {
			id: 467069,
			name: type.sample['name'] ?? '',
			created: '2026-01-20T14:49:39+00:00',
			updated: '2026-02-02T10:30:00+00:00',
		},
		grade: 'documented',
		zapier: 'search',
	};
}

function filterOf(input: Values): { filtermode?: string; filtervalue?: string | undefined } {
	if (input['filter'] === 'byemail') return { filtermode: 'byemail', filtervalue: text(input['email']) };
	if (input['filter'] === 'category') return { filtermode: 'category', filtervalue: text(input['tag']) };
	return {};
}

function queryOf(pairs: JsonObject): { [name: string]: string } {
	return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, text(value) ?? JSON.stringify(value)]));
}
