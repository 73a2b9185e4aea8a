/** The six activity reports. https://solve360.com/api/activity-reports; parameters as a published client quotes that page. */
import { InvalidInput } from '../../../core/errors.ts';
import { text, without } from '../../../core/json.ts';
import type { Field, Json, JsonObject, Operation, Option, Values } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { listItems } from '../answers.ts';
import { call } from '../connection.ts';
import { namesIn, ownerId, ownerNames, tagId, tagNames, withNames, type LookUp } from './names.ts';

/** A field whose value is a query parameter of the same name. */
type Parameter = Field & { names?: 'owners' | 'tags' };

const start: Parameter = { name: 'start', label: 'From', type: 'date', description: 'The first day of the report.' };

const end: Parameter = { name: 'end', label: 'To', type: 'date', description: 'The last day of the report.' };

const last: Parameter = {
	name: 'last',
	label: 'Which Time Counts',
	type: 'choice',
	options: [
		{ value: 'created', label: 'Created' },
		{ value: 'updated', label: 'Updated' },
		{ value: 'changed', label: 'Changed' },
		{ value: 'completed', label: 'Completed' },
	],
	description: 'What happened to an activity between the two days.',
};

const person: Parameter = {
	name: 'filter',
	label: 'User or Group',
	type: 'choice',
	choicesFrom: 'owners',
	names: 'owners',
	description:
		'Only activities of this user or group, by name, email or ID. 0 for those of nobody. Leave empty for all.',
};

const due: Parameter = {
	name: 'due',
	label: 'Due',
	type: 'string',
	placeholder: 'e.g. next7',
	description: 'One of now, next7, next30 and nodate, or two days, e.g. 2026-02-01,2026-02-28.',
};

/** The only types of record that reports know. Tags belong to one of them. */
const RECORD_TYPES: readonly (Option & { segment: string })[] = [
	{ value: '1', label: 'Contacts', segment: 'contacts' },
	{ value: '2', label: 'Project Blogs', segment: 'projectblogs' },
	{ value: '40', label: 'Companies', segment: 'companies' },
];

const itemTypes: Parameter = {
	name: 'itemtypes',
	label: 'Record Types',
	type: 'choices',
	options: RECORD_TYPES.map(({ value, label }) => ({ value, label })),
	description: 'Only activities of these types of record. Required with "Tags".',
};

const itemsData: Parameter = {
	name: 'itemsdata',
	label: 'Include Record Data',
	type: 'boolean',
	default: false,
	description: 'Whether to add the data of its record to each entry.',
};

function choice(name: string, label: string, values: readonly string[], description: string): Parameter {
	const options = values.map((value) => ({
		value,
		label: value.replace(/(^|-)[a-z]/g, (first) => first.toUpperCase()),
	}));
	return { name, label, type: 'choice', options, description };
}

interface Report {
	name: string;
	segment: string;
	label: string;
	what: string;
	fields: readonly Parameter[];
	sample: JsonObject;
	note?: string;
}

const CONTAINER_NOTE = 'Not confirmed by Solve360. Check a real result before you rely on it.';

const TASK: JsonObject = {
	id: 881204,
	typeid: 14,
	parent: 467069,
	parenttypeid: 1,
	comments: [],
	created: '2026-02-02T10:30:00+00:00',
	fields: { assignedto: '12830', assignedto_cn: 'Sam Example', completed: '0', duedate: '2026-02-09', priority: '0' },
};

const REPORTS: readonly Report[] = [
	{
		name: 'activities',
		segment: 'activities',
		label: 'Get Activities',
		what: 'activities',
		fields: [
			{ ...start, required: true },
			{ ...end, required: true },
			last,
			{
				name: 'types',
				label: 'Activity Types',
				type: 'choices',
				required: true,
				default: ['3', '4', '6', '14', '73'],
				options: [
					{ value: '73', label: 'Call or Interaction' },
					{ value: '4', label: 'Event' },
					{ value: '61', label: 'Event (Not Linked)' },
					{ value: '23', label: 'File' },
					{ value: '6', label: 'Follow-Up' },
					{ value: '90', label: 'Linked Emails' },
					{ value: '3', label: 'Note' },
					{ value: '32', label: 'Opportunity' },
					{ value: '24', label: 'Photo' },
					{ value: '88', label: 'Scheduled Email' },
					{ value: '14', label: 'Task' },
					{ value: '15', label: 'Time Record' },
				],
				description: 'The types of activity to report.',
			},
			{
				name: 'users',
				label: 'Users',
				type: 'choices',
				choicesFrom: 'owners',
				names: 'owners',
				description: 'Only activities of these users, by name, email or ID. Leave empty for all.',
			},
			{
				name: 'categories',
				label: 'Tags',
				type: 'list',
				names: 'tags',
				description: 'Only activities of records with one of these category tags. Names or IDs.',
			},
			itemTypes,
			itemsData,
		],
		sample: TASK,
	},
	{
		name: 'calendar',
		segment: 'calendar',
		label: 'Get Calendar',
		what: 'calendar events',
		fields: [start, end, person, itemsData],
		sample: {
			...{ id: 881205, typeid: 4, parent: 467069, parenttypeid: 1, created: '2026-02-02T10:30:00+00:00' },
			fields: { title: 'Site visit', timestart: '2026-02-09 09:00:00', timeend: '2026-02-09 10:00:00' },
		},
		note: CONTAINER_NOTE,
	},
	{
		name: 'followUps',
		segment: 'followups',
		label: 'Get Follow-Ups',
		what: 'follow-ups',
		fields: [
			{
				...person,
				name: 'responsible',
				label: 'Responsible',
				description: 'Only follow-ups of this user or group, by name, email or ID. Leave empty for all.',
			},
			due,
			itemsData,
		],
		sample: { ...TASK, id: 881206, typeid: 6 },
		note: CONTAINER_NOTE,
	},
	{
		name: 'nextActions',
		segment: 'nextactions',
		label: 'Get Next Actions',
		what: 'next actions',
		fields: [person, due, itemsData],
		sample: TASK,
		note: CONTAINER_NOTE,
	},
	{
		name: 'opportunities',
		segment: 'opportunities',
		label: 'Get Opportunities',
		what: 'opportunities',
		fields: [
			person,
			due,
			choice(
				'status',
				'Status',
				['discussion', 'pending', 'won', 'lost', 'on-hold'],
				'The status of the opportunities.',
			),
			itemsData,
		],
		sample: {
			...{ id: 881207, description: '10 kW system', status: 'pending', stage: '', owner: 12830, responsible: 12830 },
			...{ valueunit: '12500', probability: '60', itemid: 467069, itemtype: 1, closingdate: '2026-03-31' },
			...{ created: '2026-02-02T10:30:00+00:00', modified: '2026-02-02T10:30:00+00:00' },
		},
	},
	{
		name: 'timeTracking',
		segment: 'timetracking',
		label: 'Get Time Tracking',
		what: 'time records',
		fields: [
			start,
			end,
			last,
			choice('filter', 'Billing', ['invoiced', 'billable', 'non-billable'], 'The time records to report.'),
			{ ...itemTypes, description: 'Only time records of these types of record.' },
			itemsData,
		],
		sample: {
			...{ id: 881208, type: 15, itemid: 467069, itemtype: 1, itemname: 'Ada Example', details: 'Planning' },
			...{ tasklistid: 881300, tasklistname: 'Roof', taskid: 881301, taskname: 'Plan the roof', owner: 12830 },
			...{ person: 12830, hours: '2.5', date: '2026-02-02', billable: 1, invoiced: 0 },
			created: '2026-02-02T10:30:00+00:00',
		},
	},
];

/** Names have to be looked up: of users and groups, and of the tags of each chosen type of record. */
function lookUps({ fields }: Report, input: Values): LookUp[] {
	const values = (names: Parameter['names']): (Json | undefined)[] =>
		fields.filter((field) => field.names === names).map(({ name }) => input[name]);
	const segments = RECORD_TYPES.filter(({ value }) => [input['itemtypes'] ?? []].flat().includes(value));
	return [
		...ownerNames(...values('owners')),
		...segments.flatMap(({ segment }) => values('tags').flatMap((tags) => tagNames(segment, tags, `tags ${segment}`))),
	];
}

function queryOf(
	{ fields }: Report,
	input: Values,
	prepared: JsonObject | undefined,
): { [name: string]: string | undefined } {
	if (input['categories'] !== undefined && input['itemtypes'] === undefined)
		throw new InvalidInput('"Record Types" is empty. Choose the types of record that the tags belong to.');
	const owners = namesIn(prepared, 'owners');
	const tags = RECORD_TYPES.flatMap(({ segment }) => namesIn(prepared, `tags ${segment}`));
	const idOf = ({ names }: Parameter, value: string): string => {
		if (names === 'owners') return ownerId(value, owners);
		return names === 'tags' ? tagId(value, tags, 'record') : value;
	};
	return Object.fromEntries(
		fields.map((field) => {
			const value = input[field.name];
			if (typeof value === 'boolean') return [field.name, value ? '1' : undefined];
			const texts = [value ?? []].flat().flatMap((one) => text(one) ?? []);
			return [field.name, texts.length === 0 ? undefined : texts.map((one) => idOf(field, one)).join(',')];
		}),
	);
}

export const reportOperations: readonly Operation[] = REPORTS.map((report) =>
	checked({
		resource: 'report',
		name: report.name,
		label: report.label,
		action: `Get report of ${report.what}`,
		description: `Get the report of ${report.what}, one item per entry.`,
		fields: report.fields.map((field): Field => without(field, 'names')),
		...withNames((input) => lookUps(report, input)),
		request: (input, prepared) =>
			call('GET', `/report/${report.segment}/`, { query: queryOf(report, input, prepared) }),
		items: listItems,
		sample: report.sample,
		grade: 'documented',
		...(report.note !== undefined && { note: report.note }),
		effect: 'read',
	}),
);
