/**
 * Contacts, deals and tasks. Listing contacts and creating a deal are documented (https://solidnumber.com/docs/api); the
 * other calls are those of the vendor's command line.
 */
import { InvalidInput } from '../../../core/errors.ts';
import { path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { API, centsIn, changes, get, idField, idIn, idValue, IN_CENTS, IN_UNITS, send } from '../calls.ts';
import { SAMPLES } from '../events.ts';

const contactFields: readonly Field[] = [
	{ name: 'firstName', label: 'First Name', type: 'string', placeholder: 'e.g. Ada' },
	{ name: 'lastName', label: 'Last Name', type: 'string', placeholder: 'e.g. Example' },
	{ name: 'email', label: 'Email', type: 'email', placeholder: 'e.g. ada@example.com' },
	{ name: 'phone', label: 'Phone', type: 'string', placeholder: 'e.g. +15550100' },
	{ name: 'companyName', label: 'Company Name', type: 'string', placeholder: 'e.g. Example Solar' },
];

function contactBody(input: Values): Parameters<typeof changes>[0] {
	return {
		first_name: input['firstName'],
		last_name: input['lastName'],
		email: input['email'],
		phone: input['phone'],
		company_name: input['companyName'],
	};
}

const contacts: readonly Operation[] = [
	{
		resource: 'contact',
		name: 'create',
		label: 'Create',
		action: 'Create contact',
		description: 'Create a contact.',
		fields: contactFields,
		request(input) {
			if (Object.keys(input).length === 0) {
				throw new InvalidInput(
					'The contact is empty. Fill in at least one of "First Name", "Email" and the other fields.',
				);
			}
			return send('POST', `${API}/crm/contacts`, contactBody(input));
		},
		items: (response) => recordItem(response, 'contact'),
		sample: SAMPLES.contact,
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'contact',
		name: 'get',
		label: 'Get',
		action: 'Get contact',
		description: 'Get a contact.',
		fields: [idField('Contact', 'contact')],
		request: (input) => get(path`/api/v1/crm/contacts/${idIn(input, 'Contact ID')}`),
		items: (response) => recordItem(response, 'contact'),
		sample: SAMPLES.contact,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'contact',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many contacts',
		description: 'Get contacts, all or those that match.',
		fields: [
			{ name: 'search', label: 'Search', type: 'string', placeholder: 'e.g. ada', description: 'A text to look for.' },
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. active',
				description: 'Only contacts with this status.',
			},
			{
				name: 'source',
				label: 'Source',
				type: 'string',
				placeholder: 'e.g. web',
				description: 'Only contacts from this source.',
			},
			{
				name: 'contactType',
				label: 'Contact Type',
				type: 'string',
				placeholder: 'e.g. customer',
				description: 'Only contacts of this type.',
			},
		],
		request: (input) =>
			get(`${API}/crm/contacts`, {
				search: text(input['search']),
				status: text(input['status']),
				source: text(input['source']),
				contact_type: text(input['contactType']),
			}),
		items: (response) => listItems(response, 'contacts'),
		paging,
		sample: SAMPLES.contact,
		grade: 'documented',
		note: "Search is documented; the other filters are those of the vendor's command line.",
		zapier: 'search',
	},
	{
		resource: 'contact',
		name: 'getTimeline',
		label: 'Get Timeline',
		action: 'Get timeline of contact',
		description: 'Get what happened with a contact, one item for each entry.',
		fields: [idField('Contact', 'contact')],
		request: (input) => get(path`/api/v1/crm/contacts/${idIn(input, 'Contact ID')}/timeline`),
		items: (response) => listItems(response, 'timeline', 'events', 'activities'),
		sample: { id: 1, type: 'email', summary: 'Quote sent', created_at: '2026-02-02T10:30:00Z' },
		grade: 'client',
		note: 'What an entry holds is not documented.',
		zapier: 'search',
	},
	{
		resource: 'contact',
		name: 'search',
		label: 'Search',
		action: 'Search contacts',
		description: 'Find contacts by the beginning of a name or e-mail address, as a search box does.',
		fields: [
			{
				name: 'query',
				label: 'Query',
				type: 'string',
				required: true,
				placeholder: 'e.g. ada',
				description: 'What to look for.',
			},
		],
		request: (input) => get(`${API}/crm/contacts/search/typeahead`, { q: text(input['query']) }),
		items: (response) => listItems(response, 'contacts', 'suggestions'),
		sample: SAMPLES.contact,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'contact',
		name: 'update',
		label: 'Update',
		action: 'Update contact',
		description: 'Change a contact; what is left empty stays as it is.',
		fields: [idField('Contact', 'contact'), ...contactFields],
		request: (input) =>
			send('PATCH', path`/api/v1/crm/contacts/${idIn(input, 'Contact ID')}`, changes(contactBody(input))),
		items: (response) => recordItem(response, 'contact'),
		sample: SAMPLES.contact,
		grade: 'client',
		zapier: 'create',
	},
];

const title: Field = { name: 'title', label: 'Title', type: 'string', placeholder: 'e.g. Kitchen Remodel' };

const dealFields: readonly Field[] = [
	{ name: 'stage', label: 'Stage', type: 'string', placeholder: 'e.g. New', description: 'The stage of the pipeline.' },
	{
		name: 'amount',
		label: 'Amount (Cents)',
		type: 'number',
		placeholder: 'e.g. 1200000',
		description: `${IN_CENTS} Fill in this or "Value (Currency Units)".`,
	},
	{
		name: 'value',
		label: 'Value (Currency Units)',
		type: 'number',
		placeholder: 'e.g. 12000',
		description: `${IN_UNITS} Fill in this or "Amount (Cents)".`,
	},
	{ name: 'contactId', label: 'Contact ID', type: 'string', placeholder: 'e.g. 42', description: 'Whose deal it is.' },
];

function dealBody(input: Values): Parameters<typeof changes>[0] {
	if (input['amount'] !== undefined && input['value'] !== undefined) {
		throw new InvalidInput('"Amount (Cents)" and "Value (Currency Units)" are both filled in. Fill in one.');
	}
	return {
		title: input['title'],
		stage: input['stage'],
		amount: centsIn(input, 'amount', 'Amount (Cents)'),
		value: input['value'],
		contact_id: idValue(input, 'contactId'),
	};
}

const deals: readonly Operation[] = [
	{
		resource: 'deal',
		name: 'close',
		label: 'Close',
		action: 'Close deal',
		description: 'Close a deal as won or lost.',
		fields: [
			idField('Deal', 'deal'),
			{
				name: 'outcome',
				label: 'Outcome',
				type: 'choice',
				required: true,
				default: 'won',
				options: [
					{ value: 'won', label: 'Won' },
					{ value: 'lost', label: 'Lost' },
				],
				description: 'How the deal ended.',
			},
		],
		request: (input) =>
			send('POST', path`/api/v1/crm/deals/${idIn(input, 'Deal ID')}/close`, { outcome: input['outcome'] }),
		items: (response) => recordItem(response, 'deal'),
		sample: { ...SAMPLES.deal, outcome: 'won', closed_at: '2026-02-02T10:30:00Z' },
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'deal',
		name: 'create',
		label: 'Create',
		action: 'Create deal',
		description: 'Create a deal.',
		fields: [{ ...title, required: true }, ...dealFields],
		request: (input) => send('POST', `${API}/crm/deals`, dealBody(input)),
		items: (response) => recordItem(response, 'deal'),
		sample: SAMPLES.deal,
		grade: 'documented',
		note: "Fill in Amount (Cents), as documented, or Value in whole currency units, as the vendor's command line does: not both.",
		zapier: 'create',
	},
	{
		resource: 'deal',
		name: 'get',
		label: 'Get',
		action: 'Get deal',
		description: 'Get a deal.',
		fields: [idField('Deal', 'deal')],
		request: (input) => get(path`/api/v1/crm/deals/${idIn(input, 'Deal ID')}`),
		items: (response) => recordItem(response, 'deal'),
		sample: SAMPLES.deal,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'deal',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many deals',
		description: 'Get deals, all or those of a stage.',
		fields: [
			{
				name: 'stage',
				label: 'Stage',
				type: 'string',
				placeholder: 'e.g. New',
				description: 'Only deals of this stage.',
			},
		],
		request: (input) => get(`${API}/crm/deals`, { stage: text(input['stage']) }),
		items: (response) => listItems(response, 'deals'),
		paging,
		sample: SAMPLES.deal,
		grade: 'client',
		zapier: 'search',
	},
	{
		resource: 'deal',
		name: 'update',
		label: 'Update',
		action: 'Update deal',
		description: 'Change a deal; what is left empty stays as it is.',
		fields: [idField('Deal', 'deal'), title, ...dealFields],
		request: (input) => send('PATCH', path`/api/v1/crm/deals/${idIn(input, 'Deal ID')}`, changes(dealBody(input))),
		items: (response) => recordItem(response, 'deal'),
		sample: SAMPLES.deal,
		grade: 'client',
		zapier: 'create',
	},
];

const TASK: JsonObject = {
	id: 15,
	title: 'Call back about the quote',
	contact_id: 42,
	priority: 'medium',
	status: 'open',
	due_date: '2026-02-09',
};

const priority: Field = {
	name: 'priority',
	label: 'Priority',
	type: 'choice',
	options: [
		{ value: 'low', label: 'Low' },
		{ value: 'medium', label: 'Medium' },
		{ value: 'high', label: 'High' },
	],
	description: 'How urgent it is.',
};

const tasks: readonly Operation[] = [
	{
		resource: 'task',
		name: 'complete',
		label: 'Complete',
		action: 'Complete task',
		description: 'Mark a task as completed.',
		fields: [idField('Task', 'task')],
		request: (input) => send('PATCH', path`/api/v1/crm/tasks/${idIn(input, 'Task ID')}/complete`),
		items: (response) => recordItem(response, 'task'),
		sample: { ...TASK, status: 'completed' },
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'task',
		name: 'create',
		label: 'Create',
		action: 'Create task',
		description: 'Create a task.',
		fields: [
			{ ...title, required: true, placeholder: 'e.g. Call back about the quote' },
			{
				name: 'contactId',
				label: 'Contact ID',
				type: 'string',
				placeholder: 'e.g. 42',
				description: 'Whom it concerns.',
			},
			priority,
			{ name: 'dueDate', label: 'Due Date', type: 'dateTime', description: 'When it is due. Sent as it is.' },
		],
		request: (input) =>
			send('POST', `${API}/crm/tasks`, {
				title: input['title'],
				contact_id: idValue(input, 'contactId'),
				priority: input['priority'],
				due_date: input['dueDate'],
			}),
		items: (response) => recordItem(response, 'task'),
		sample: TASK,
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'task',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many tasks',
		description: 'Get tasks, all or those that match.',
		fields: [
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. open',
				description: 'Only tasks with this status.',
			},
			priority,
			{
				name: 'overdue',
				label: 'Overdue Only',
				type: 'boolean',
				default: false,
				description: 'Whether to get only what is overdue.',
			},
		],
		request: (input) =>
			get(`${API}/crm/tasks`, {
				status: text(input['status']),
				priority: text(input['priority']),
				overdue: input['overdue'] === true ? true : undefined,
			}),
		items: (response) => listItems(response, 'tasks'),
		paging,
		sample: TASK,
		grade: 'client',
		zapier: 'search',
	},
];

export const crmOperations: readonly Operation[] = [...contacts, ...deals, ...tasks];
