/** What only Zapier has of Solve360. */
import { isObject, text } from '../../../core/json.ts';
import type { Field, JsonObject } from '../../../core/provider.ts';
import { recentFind } from '../../shared/finds.mts';
import { isSameText, type AppSettings, type Find } from '../../shared/settings.mts';

const EMAIL: Field = {
	name: 'email',
	label: 'Email',
	type: 'email',
	required: true,
	placeholder: 'e.g. ada@example.com',
	description: 'One of the email addresses of the contact.',
};

const WHICH_TIME: Field = {
	name: 'change',
	label: 'Which Time Counts',
	type: 'choice',
	default: 'created',
	options: [
		{ value: 'created', label: 'Created' },
		{ value: 'updated', label: 'Updated' },
	],
	description: 'Whether records are found by when they were created or by when they were last updated.',
};

const change = ({ change: chosen }: { readonly change?: unknown }): 'created' | 'updated' =>
	chosen === 'updated' ? 'updated' : 'created';

function recentRecords(resource: string, snake: string, many: string, label: string): Find {
	return recentFind({
		key: `${snake}_find_recent`,
		label: `Find Recent ${label}`,
		description: `Finds ${many} that were created or updated since a time.`,
		operation: `${resource}.getMany`,
		fields: [WHICH_TIME],
		input: (given) => ({ sortField: change(given), sortDirection: 'DESC' }),
		time: (record, given) => text(record[change(given)]),
	});
}

/** Whether a contact has an email address in any of its fields. */
function hasEmail(contact: JsonObject, email: unknown): boolean {
	const { item } = contact;
	const fields = isObject(item) && isObject(item['fields']) ? item['fields'] : {};
	return Object.values(fields).some((value) => isSameText(value, String(email)));
}

const RECORDS = [
	['company', 'company', 'companies', 'Companies'],
	['projectBlog', 'project_blog', 'project blogs', 'Project Blogs'],
	['ticket', 'ticket', 'tickets', 'Tickets'],
] as const;

const TAG_EVENTS = ['items.categorize', 'items.uncategorize'];
const RECORD_EVENTS = ['items.create', 'items.update', 'items.delete', 'items.restore', ...TAG_EVENTS];

export const settings: AppSettings = {
	triggers: {
		'items.categorize': { label: 'New Tag on Record', noun: 'Tag' },
		'items.uncategorize': { label: 'New Tag Removal', noun: 'Tag Removal' },
	},
	unsure: ['occured'],
	// How Solve360 sends its notifications is nothing that a person has to choose: items look the same.
	triggerFields: {
		contentType: [],
		constrainTo: RECORD_EVENTS,
		tags: TAG_EVENTS,
		untagged: ['items.uncategorize'],
	},
	finds: [
		{
			key: 'contact_find_by_email',
			label: 'Find Contact by Email',
			description: 'Finds a contact by one of its email addresses.',
			operation: 'contact.getMany',
			fields: [EMAIL],
			input: ({ email }) => ({ filter: 'byemail', email: email ?? null }),
			// A list does not show the addresses: whole records do, and so it is certain whose they are.
			whole: 'contact.get',
			matches: (contact, { email }) => hasEmail(contact, email),
		},
		recentRecords('contact', 'contact', 'contacts', 'Contacts'),
		...RECORDS.map(([resource, snake, many, label]) => recentRecords(resource, snake, many, label)),
	],
	pairs: [
		{
			search: 'contact_find_by_email',
			create: 'contact.create',
			label: 'Find or Create Contact',
			description: 'Finds a contact by email address, or creates one when there is none.',
		},
	],
	connectors: {
		contact: 'contact_find_by_email.id',
		...Object.fromEntries(RECORDS.map(([resource, snake]) => [resource, `${snake}_get_many.id`])),
	},
};
