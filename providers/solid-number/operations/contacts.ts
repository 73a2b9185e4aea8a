/** Contacts. Listing them is documented (https://solidnumber.com/docs/api); the other calls are those of solid-cli (crm.ts). */
import { InvalidInput } from '../../../core/errors.ts';
import { path, text } from '../../../core/json.ts';
import type { Field, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { get, send } from '../connection.ts';
import { SAMPLES } from '../events.ts';
import { changes, idField, idIn, matching } from './fields.ts';

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

const contactId = idField('contact', 'Contact');

export const contactOperations: readonly Operation[] = [
	{
		resource: 'contact',
		name: 'create',
		label: 'Create',
		action: 'Create contact',
		description: 'Create a contact.',
		fields: contactFields.map((field) =>
			['firstName', 'lastName', 'email'].includes(field.name) ? { ...field, top: true } : field,
		),
		request(input) {
			if (Object.keys(input).length === 0) {
				throw new InvalidInput(
					'The contact is empty. Fill in at least one of "First Name", "Email" and the other fields.',
				);
			}
			return send('POST', '/crm/contacts', contactBody(input));
		},
		items: (response) => recordItem(response, 'contact'),
		sample: SAMPLES.contact,
		grade: 'client',
		effect: 'create',
	},
	{
		resource: 'contact',
		name: 'delete',
		label: 'Delete',
		action: 'Delete contact',
		description: 'Delete a contact.',
		fields: [contactId],
		request: (input) => send('DELETE', path`/crm/contacts/${idIn(input, 'Contact ID')}`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '42', deleted: true },
		grade: 'client',
		effect: 'remove',
		repeatable: true,
	},
	{
		resource: 'contact',
		name: 'get',
		label: 'Get',
		action: 'Get contact',
		description: 'Get a contact.',
		fields: [contactId],
		request: (input) => get(path`/crm/contacts/${idIn(input, 'Contact ID')}`),
		items: (response) => recordItem(response, 'contact'),
		sample: SAMPLES.contact,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'contact',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many contacts',
		description: 'Get contacts, all or those that match.',
		fields: [
			{
				name: 'search',
				label: 'Search',
				type: 'string',
				placeholder: 'e.g. ada',
				description: 'Text to search for, such as a name or an email address.',
			},
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. active',
				description: 'Solid# sets it from the orders of a contact: new, active or inactive.',
			},
			{
				name: 'contactType',
				label: 'Contact Type',
				type: 'string',
				placeholder: 'e.g. customer',
				description: 'Only contacts of this type.',
			},
			{
				name: 'source',
				label: 'Source',
				type: 'string',
				placeholder: 'e.g. web',
				description: 'Only contacts from this source.',
			},
			{
				name: 'tags',
				label: 'Tags',
				type: 'string',
				placeholder: 'e.g. vip',
				description: 'Only contacts with these tags. Separate several with commas.',
			},
			{
				name: 'companyId',
				label: 'Company ID',
				type: 'string',
				placeholder: 'e.g. 3',
				description: 'Only contacts of this company.',
			},
			{
				name: 'hasAi',
				label: 'Has AI',
				type: 'boolean',
				description: 'Whether to get only contacts with AI, or only those without.',
			},
			{
				name: 'sort',
				sorts: true,
				label: 'Sort',
				type: 'string',
				placeholder: 'e.g. created_at',
				description: 'The field to sort by, by its name in the API.',
			},
		],
		request: (input) =>
			get('/crm/contacts', {
				search: text(input['search']),
				source: text(input['source']),
				tags: text(input['tags']),
				crm_company_id: text(input['companyId']),
				has_ai: typeof input['hasAi'] === 'boolean' ? input['hasAi'] : undefined,
				sort: text(input['sort']),
			}),
		// The service ignores these two: the vendor's own client compares them with the records, too.
		keep: (input) => matching(input, { status: 'status', contactType: 'contact_type' }),
		items: (response) => listItems(response, 'contacts'),
		paging,
		sample: SAMPLES.contact,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'contact',
		name: 'getTimeline',
		label: 'Get Timeline',
		action: 'Get timeline of contact',
		description: 'Get the history of a contact, one item per entry.',
		fields: [contactId],
		request: (input) => get(path`/crm/contacts/${idIn(input, 'Contact ID')}/timeline`),
		items: (response) => listItems(response, 'timeline', 'events', 'activities'),
		sample: { type: 'email', description: 'Quote sent', created_at: '2026-02-02T10:30:00Z' },
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'contact',
		name: 'search',
		label: 'Search',
		action: 'Search contacts',
		description: 'Search contacts by the start of a name, email address or phone number.',
		fields: [
			{
				name: 'query',
				label: 'Query',
				type: 'string',
				required: true,
				placeholder: 'e.g. ada',
				description: 'The start of a name, email address or phone number.',
			},
		],
		request: (input) => get('/crm/contacts/search/typeahead', { q: text(input['query']) }),
		items: (response) => listItems(response, 'contacts', 'suggestions'),
		sample: SAMPLES.contact,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'contact',
		name: 'update',
		label: 'Update',
		action: 'Update contact',
		description: 'Update a contact. Empty fields are left unchanged.',
		fields: [contactId, ...contactFields],
		request: (input) => send('PATCH', path`/crm/contacts/${idIn(input, 'Contact ID')}`, changes(contactBody(input))),
		// The answer may lack the id, in which case the vendor's client goes on with the one that it asked with.
		items: (response, input) =>
			recordItem(response, 'contact').map((contact) => ({ ...{ id: input['id'] ?? '' }, ...contact })),
		sample: SAMPLES.contact,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
];
