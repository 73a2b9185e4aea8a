/** The six activity reports. https://norada.com/api/activity-reports; parameters as a published client quotes that page. */
import { InvalidInput } from '../../../core/errors.ts';
import { text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { listItems } from '../answers.ts';
import { call } from '../calls.ts';

const start: Field = {
	name: 'start',
	label: 'From',
	type: 'dateTime',
	description: 'The first day of the report.',
};

const end: Field = { name: 'end', label: 'To', type: 'dateTime', description: 'The last day of the report.' };

const last: Field = {
	name: 'last',
	label: 'Which Time Counts',
	type: 'choice',
	options: [
		{ value: 'created', label: 'Created' },
		{ value: 'updated', label: 'Updated' },
		{ value: 'changed', label: 'Changed' },
		{ value: 'completed', label: 'Completed' },
	],
	description: 'What must have happened to an activity between the two days.',
};

const person: Field = {
	name: 'filter',
	label: 'User or Group ID',
	type: 'choice',
	choicesFrom: 'owners',
	description: 'Whose activities to report; 0 for those of nobody, empty for everybody.',
};

const due: Field = {
	name: 'due',
	label: 'Due',
	type: 'string',
	placeholder: 'e.g. next7',
	description: 'One of now, next7, next30, nodate, or two days as from,to.',
};

function list(name: string, label: string, description: string): Field {
	return { name, label, type: 'list', description };
}

function choice(name: string, label: string, values: readonly string[], description: string): Field {
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
	fields: readonly Field[];
	sample: JsonObject;
}

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
				...list(
					'types',
					'Activity Type IDs',
					'Which types: 3 note, 4 event, 6 follow-up, 14 task, 15 time record, 23 file, 24 photo, 32 opportunity, 61 event not linked, 73 call, 88 scheduled e-mail, 90 linked e-mails.',
				),
				required: true,
				default: ['3', '4', '6', '14', '73'],
			},
			list('users', 'User IDs', 'Whose activities to report. Empty: everybody.'),
			list('categories', 'Tag IDs', 'Only activities of records with one of these category tags.'),
			{
				name: 'itemtypes',
				label: 'Record Types',
				type: 'choices',
				options: [
					{ value: '1', label: 'Contacts' },
					{ value: '2', label: 'Project Blogs' },
					{ value: '40', label: 'Companies' },
				],
				description: 'Only activities of these types of record.',
			},
			{
				name: 'itemsdata',
				label: 'With Record Data',
				type: 'boolean',
				default: false,
				description: "Whether each activity comes with its record's data.",
			},
		],
		sample: {
			id: 881204,
			name: 'Call back about the quote',
			typeid: 14,
			item: 467069,
			created: '2026-02-02T10:30:00+00:00',
		},
	},
	{
		name: 'calendar',
		segment: 'calendar',
		label: 'Get Calendar',
		what: 'calendar events',
		fields: [start, end, person],
		sample: { id: 881205, name: 'Site visit', item: 467069, start: '2026-02-09T09:00:00+00:00' },
	},
	{
		name: 'followUps',
		segment: 'followups',
		label: 'Get Follow-Ups',
		what: 'follow-ups',
		fields: [
			{ ...person, name: 'responsible', label: 'Responsible ID', description: 'Whose follow-ups to report.' },
			due,
		],
		sample: { id: 881206, name: 'Ask about the roof', item: 467069, duedate: '2026-02-09' },
	},
	{
		name: 'nextActions',
		segment: 'nextactions',
		label: 'Get Next Actions',
		what: 'next actions',
		fields: [person, due],
		sample: { id: 881204, name: 'Call back about the quote', item: 467069, duedate: '2026-02-09', priority: '1' },
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
				'The state of the opportunities.',
			),
		],
		sample: { id: 881207, name: '10 kW system', item: 467069, status: 'pending' },
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
			choice('filter', 'Billing', ['invoiced', 'billable', 'non-billable'], 'Which time records to report.'),
		],
		sample: { id: 881208, name: 'Planning', item: 467069, hours: '1.50', date: '2026-02-02' },
	},
];

/** Every field of a report is a query parameter of the same name. */
function queryOf({ fields }: Report, input: Values): { [name: string]: string | undefined } {
	return Object.fromEntries(fields.map((field) => [field.name, parameter(field, input)]));
}

function parameter(field: Field, input: Values): string | undefined {
	const value = input[field.name];
	if (field.type === 'dateTime') return dayOf(text(value), field.label);
	if (typeof value === 'boolean') return value ? '1' : undefined;
	return Array.isArray(value) ? value.join(',') : text(value);
}

/** Reports take days (yyyy-mm-dd), in UTC as all times of the API. */
function dayOf(time: string | undefined, label: string): string | undefined {
	if (time === undefined) return undefined;
	if (/^\d{4}-\d{2}-\d{2}$/.test(time)) return time;
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) throw new InvalidInput(`"${label}" must be a date, e.g. 2026-02-28.`);
	return date.toISOString().slice(0, 10);
}

export const reportOperations: readonly Operation[] = REPORTS.map((report) =>
	checked({
		resource: 'report',
		name: report.name,
		label: report.label,
		action: `Get report of ${report.what}`,
		description: `Get the report of ${report.what}, one item for each entry.`,
		fields: report.fields,
		request: (input) => call('GET', `/report/${report.segment}/`, { query: queryOf(report, input) }),
		items: listItems,
		sample: report.sample,
		grade: 'documented',
		note: "The report's answer is not documented: it is read like every other list.",
		zapier: 'search',
	}),
);
