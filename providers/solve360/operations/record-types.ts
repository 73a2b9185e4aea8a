/** The four types of record, and the fields of theirs that are known by name from published clients. */
import type { Field, JsonObject } from '../../../core/provider.ts';
import type { RecordType } from './record-values.ts';

type OwnField = Field & { key: string };

const ASSIGNED_TO: OwnField = {
	key: 'assignedto',
	name: 'assignedTo',
	label: 'Assigned To',
	type: 'choice',
	choicesFrom: 'owners',
	description: 'The user who is responsible, by name, email or ID.',
};

const CONTACT_FIELDS: readonly OwnField[] = [
	{ key: 'firstname', name: 'firstName', label: 'First Name', type: 'string', placeholder: 'e.g. Ada', top: true },
	{ key: 'lastname', name: 'lastName', label: 'Last Name', type: 'string', placeholder: 'e.g. Example', top: true },
	{
		key: 'businessemail',
		name: 'businessEmail',
		label: 'Business Email',
		type: 'email',
		placeholder: 'e.g. ada@example.com',
		top: true,
	},
	{ key: 'jobtitle', name: 'jobTitle', label: 'Job Title', type: 'string' },
	{ key: 'personalemail', name: 'personalEmail', label: 'Personal Email', type: 'email' },
	{ key: 'otheremail', name: 'otherEmail', label: 'Other Email', type: 'email' },
	{ key: 'businessphonedirect', name: 'businessPhoneDirect', label: 'Business Phone (Direct)', type: 'string' },
	{ key: 'businessphonemain', name: 'businessPhoneMain', label: 'Business Phone (Main)', type: 'string' },
	{
		key: 'businessphoneextension',
		name: 'businessPhoneExtension',
		label: 'Business Phone (Extension)',
		type: 'string',
	},
	{ key: 'businessfax', name: 'businessFax', label: 'Business Fax', type: 'string' },
	{ key: 'cellularphone', name: 'cellularPhone', label: 'Mobile Phone', type: 'string' },
	{ key: 'homephone', name: 'homePhone', label: 'Home Phone', type: 'string' },
	{ key: 'businessaddress', name: 'businessAddress', label: 'Business Address', type: 'text' },
	{ key: 'homeaddress', name: 'homeAddress', label: 'Home Address', type: 'text' },
	{ key: 'website', name: 'website', label: 'Website', type: 'string', placeholder: 'e.g. https://example.com' },
	{ key: 'background', name: 'background', label: 'Background', type: 'text', description: 'Notes about the contact.' },
	ASSIGNED_TO,
];

const COMPANY_FIELDS: readonly OwnField[] = [
	{ key: 'name', name: 'name', label: 'Name', type: 'string', placeholder: 'e.g. Example Solar', top: true },
	{ key: 'phone', name: 'phone', label: 'Phone', type: 'string' },
	{ key: 'fax', name: 'fax', label: 'Fax', type: 'string' },
	{ key: 'mainaddress', name: 'mainAddress', label: 'Main Address', type: 'text' },
	{ key: 'billingaddress', name: 'billingAddress', label: 'Billing Address', type: 'text' },
	{ key: 'shippingaddress', name: 'shippingAddress', label: 'Shipping Address', type: 'text' },
	{ key: 'website', name: 'website', label: 'Website', type: 'string', placeholder: 'e.g. https://example.com' },
	{ key: 'background', name: 'background', label: 'Background', type: 'text', description: 'Notes about the company.' },
];

const PROJECT_BLOG_FIELDS: readonly OwnField[] = [
	{ key: 'title', name: 'title', label: 'Title', type: 'string', placeholder: 'e.g. Example Roof', top: true },
	{ key: 'background', name: 'background', label: 'Background', type: 'text', description: 'Notes about the project.' },
	ASSIGNED_TO,
];

function sample(name: string, typeid: number | undefined, fields: JsonObject): JsonObject {
	return {
		id: 467069,
		name,
		status: 'success',
		item: {
			id: 467069,
			name,
			...(typeid !== undefined && { typeid }),
			ownership: 12830,
			flagged: 0,
			created: '2026-01-20T14:49:39+00:00',
			updated: '2026-02-02T10:30:00+00:00',
			fields,
		},
		categories: [{ id: 53966, name: 'Lead' }],
		relateditems: [],
		activities: [],
	};
}

export const CONTACT: RecordType = {
	resource: 'contact',
	segment: 'contacts',
	label: 'Contact',
	one: 'contact',
	many: 'contacts',
	tags: 'contactTags',
	fieldList: 'contactFields',
	ownFields: CONTACT_FIELDS,
	sample: sample('Ada Example', 1, { firstname: 'Ada', lastname: 'Example', businessemail: 'ada@example.com' }),
};

export const COMPANY: RecordType = {
	resource: 'company',
	segment: 'companies',
	label: 'Company',
	one: 'company',
	many: 'companies',
	tags: 'companyTags',
	fieldList: 'companyFields',
	ownFields: COMPANY_FIELDS,
	sample: sample('Example Solar', 40, { name: 'Example Solar', phone: '555 0100' }),
};

/** An account can show project blogs under a name of its own. */
export const PROJECT_BLOG: RecordType = {
	resource: 'projectBlog',
	segment: 'projectblogs',
	label: 'Project Blog',
	one: 'project blog',
	many: 'project blogs',
	tags: 'projectBlogTags',
	fieldList: 'projectBlogFields',
	ownFields: PROJECT_BLOG_FIELDS,
	sample: sample('Roof of the Example Hall', 2, { title: 'Roof of the Example Hall' }),
};

export const TICKET: RecordType = {
	resource: 'ticket',
	segment: 'tickets',
	label: 'Ticket',
	one: 'ticket',
	many: 'tickets',
	tags: 'ticketTags',
	fieldList: 'ticketFields',
	ownFields: [],
	sample: sample('Inverter shows a fault', undefined, {}),
};

export const RECORD_TYPES: readonly RecordType[] = [CONTACT, COMPANY, PROJECT_BLOG, TICKET];

/** Asks for a type of record; the value is its segment in the API's paths. */
export const recordTypeField: Field = {
	name: 'recordType',
	label: 'Record Type',
	type: 'choice',
	required: true,
	default: CONTACT.segment,
	options: RECORD_TYPES.map(({ segment, label }) => ({ value: segment, label })),
	description: 'The type of record.',
};
