/** What Solve360 keeps: the kinds of records, their fields, and the records that are there at the start. */
import type { JsonObject } from '../../core/provider.ts';

/** A kind of record. The type ids of contacts, project blogs and companies are documented; the ticket's is made up. */
export interface Segment {
	path: string;
	/** Its name in `constrainttype`; `ticket` is not documented. */
	constraint: string;
	typeid: number;
}

export const SEGMENTS: readonly [Segment, ...Segment[]] = [
	{ path: 'contacts', constraint: 'contact', typeid: 1 },
	{ path: 'companies', constraint: 'company', typeid: 40 },
	{ path: 'projectblogs', constraint: 'projectblog', typeid: 2 },
	{ path: 'tickets', constraint: 'ticket', typeid: 97 },
];

/** Kinds of activities and their type ids; 0 where none could be read. */
export const ACTIVITY_TYPES: { readonly [segment: string]: number } = {
	...{ note: 3, event: 4, followup: 6, task: 14, timerecord: 15, file: 23, photo: 24, opportunity: 32, eventex: 61 },
	...{ call: 73, linkedemails: 90, comment: 0, googledoc: 0, photolist: 0, tasklist: 0, website: 0, recurringevent: 0 },
	...{ separator: 0, template: 0 },
};

export interface Item {
	id: number;
	segment: Segment;
	ownership: number;
	created: string;
	updated: string;
	fields: { [name: string]: string };
	categories: number[];
	related: { id: number; note: string }[];
}

export interface Activity {
	id: number;
	/** A key of `ACTIVITY_TYPES`. */
	type: string;
	/** The record it belongs to, or another activity. */
	parent: number;
	data: JsonObject;
	created: string;
	updated: string;
}

export interface Records {
	items: Item[];
	activities: Activity[];
	categories: { id: number; name: string; segment: Segment }[];
}

const EVERYWHERE = {
	background: 'Background',
	assignedto: 'Assigned To',
	custom9001: 'Roof Type',
	custom9002: 'Lead Source',
};

const CONTACT = {
	...{ firstname: 'First Name', lastname: 'Last Name', jobtitle: 'Job Title', company: 'Company' },
	...{ businessemail: 'Business Email', personalemail: 'Personal Email', otheremail: 'Other Email' },
	...{ businessphonedirect: 'Business Phone (Direct)', businessphonemain: 'Business Phone (Main)' },
	...{
		businessphoneextension: 'Business Phone (Extension)',
		businessfax: 'Business Fax',
		cellularphone: 'Cellular Phone',
	},
	...{ homephone: 'Home Phone', businessaddress: 'Business Address', homeaddress: 'Home Address', website: 'Website' },
};

const COMPANY = {
	...{ name: 'Name', phone: 'Phone', fax: 'Fax', email: 'Email', website: 'Website' },
	...{ billingaddress: 'Billing Address', mainaddress: 'Main Address', shippingaddress: 'Shipping Address' },
};

const PROJECT = { title: 'Title', name: 'Name', description: 'Description', status: 'Status', logo: 'Logo' };

/** Field names and labels of a kind of record. */
export function fieldsOf(segment: Segment): { readonly [name: string]: string } {
	if (segment.path === 'contacts') return { ...CONTACT, ...EVERYWHERE };
	if (segment.path === 'companies') return { ...COMPANY, ...EVERYWHERE };
	return { ...PROJECT, ...EVERYWHERE };
}

/** The users of every account, by ID. */
export const USERS: { readonly [id: string]: string } = { 12830: 'Demo Example', 12831: 'Sam Rep' };

/** The groups of every account, by ID. */
export const GROUPS: { readonly [id: string]: string } = { 12900: 'Sales' };

/** Twelve contacts, and one of every other kind. */
export function firstRecords(): Records {
	const [contacts, companies, projectblogs, tickets] = SEGMENTS;
	const item = (id: number, segment: Segment | undefined, fields: Item['fields']): Item => ({
		...{ id, segment: segment ?? contacts, ownership: 12_830, fields, categories: [], related: [] },
		created: `2026-01-${String((id % 28) + 1).padStart(2, '0')}T09:00:00+00:00`,
		updated: '2026-02-01T09:00:00+00:00',
	});
	const people = Array.from({ length: 12 }, (_, index) =>
		item(467_069 + index, contacts, {
			...{ firstname: 'Ada', lastname: `Example ${index + 1}`, businessemail: `ada.${index + 1}@example.com` },
			assignedto: '12830',
		}),
	);
	return {
		items: [
			...people,
			item(467_101, companies, { name: 'Example Pty Ltd', phone: '0400000000' }),
			item(467_102, projectblogs, { title: 'Example roof' }),
			item(467_103, tickets, { title: 'Example fault' }),
		],
		activities: [],
		categories: SEGMENTS.flatMap((segment, index) => [
			{ id: 53_966 + index * 10, name: 'Lead', segment },
			{ id: 53_967 + index * 10, name: 'Customer', segment },
		]),
	};
}

/** What people call a record. */
export function nameOf(item: Item | undefined): string {
	if (!item) return '';
	const { firstname, lastname, name, title } = item.fields;
	return [firstname, lastname].filter(Boolean).join(' ') || name || title || '';
}
