/**
 * The event types of Solar Proof, with one sample each.
 * https://solarproof.com.au/api-documentation/webhooks.php, /webhooks/events.php (two generations), /webhooks/subscribe.php
 *
 * The newer generation of the documentation has arrays of objects, but a single object for `customer_created`. The older
 * one has single objects throughout, with other names: they are received just as well.
 */
import { isObject, text } from '../../core/json.ts';
import type { EventType, History, Json, JsonObject, Occasion } from '../../core/provider.ts';
import { reading } from './connection.ts';

/** A project as the answer to `getcustomerByemail` holds it. https://solarproof.com.au/api-documentation/customers/get.php */
export const project: JsonObject = {
	project_id: '849',
	project_title: 'Project #849',
	site_address: {
		streetnum: '418',
		street: 'Murray Street',
		suburb: 'Perth',
		state: 'WA',
		postcode: '6000',
		country: 'Australia',
	},
	solar_panel_quantity: '56',
	solar_panel_type: '320W - SUNPOWER - (SPR-E19-320)',
	inverter_type: 'SMA Australia 20kW (STP20000TL-30)',
	inverter_quantity: '1',
	system_size: '17.92kW',
	proposal_link: '',
};

/** An event about a project. Its payload is not documented in the pages that could be read. */
function aboutProject(name: string, label: string, description: string, own: JsonObject = {}): EventType {
	return {
		name,
		label,
		description,
		group: 'Projects',
		grade: 'documented',
		sample: [{ ...project, ...own }],
		sampleGrade: 'inferred',
		lookAlike: true,
	};
}

const PROPOSAL = { proposal_link: 'https://example.com/proposal/849' };

export const events: readonly [EventType, ...EventType[]] = [
	{
		name: 'customer_created',
		label: 'Customer Created',
		description: 'A customer is created',
		group: 'Customers',
		grade: 'documented',
		sample: {
			customer_id: 141472,
			customer_uid: 'a1b2c3d4',
			first_name: 'Jane',
			surname: 'Example',
			customer_name: 'Jane Example',
			phone_primary: '0412345678',
			phone_secondary: '',
			customer_email: 'jane@example.com',
			company_name: '',
			company_phone: '',
			abn: '',
			gst_registered: 0,
			customer_type_id: 1,
			customer_status_id: 1,
			site_address: '45 Example Dr, Kirwan QLD 4817, Australia',
			customer_created_at: '2025-10-16T12:00:00Z',
			customer_notes: '',
			assigned_user_id: 16,
			assigned_user_name: 'Sam Rep',
			assigned_user_email: 'rep@example.com',
			company_name_full: 'Solar Proof',
		},
		sampleGrade: 'documented',
		recent: { operation: 'customer.getMany', payload: createdPayload },
		history: createdHistory(),
	},
	{
		name: 'customer_status_change',
		label: 'Customer Status Changed',
		description: 'The status of a customer changes, e.g. to Signed',
		group: 'Customers',
		grade: 'documented',
		sample: [
			{
				pkcustomerid: 12345,
				fkuserid: 67890,
				customer_email: 'john.doe@example.com',
				customer_name: 'John Doe',
				old_status: 1,
				new_status: 2,
			},
		],
		sampleGrade: 'inferred',
		note: 'Status: 0 No Status, 1 New Contacts, 2 Signed, 3 Mega Status.',
		lookAlike: true,
	},
	aboutProject('project_email_sent', 'Email Sent', 'An email about a project is sent to a customer'),
	aboutProject('project_sms_sent', 'Text Message Sent', 'A text message about a project is sent to a customer'),
	aboutProject(
		'published_proposal_link',
		'Proposal Link Published',
		'A proposal link is published for a project',
		PROPOSAL,
	),
	aboutProject('recent_draft_project', 'Draft Project Saved', 'A draft project is created or updated'),
	{
		...aboutProject('contract_signed', 'Contract Signed', 'A contract is signed', PROPOSAL),
		note: 'If publishing fails with "Invalid webhook type", your Solar Proof account does not have this event.',
	},
];

/**
 * A customer of `getallcustomers` in the shape of the event's sample; what the API does not say is null. Undefined for a
 * record without an id.
 */
export function createdPayload(customer: JsonObject): JsonObject | undefined {
	const id = text(customer.customer_id);
	if (!id) return undefined;
	const owner = isObject(customer.owner_user_info) ? customer.owner_user_info : {};
	const [first] = Array.isArray(customer.projects) ? customer.projects : [];
	return {
		customer_id: numeric(id),
		customer_uid: null,
		first_name: customer.customer_first_name ?? null,
		surname: customer.customer_last_name ?? null,
		customer_name: joined(' ', customer.customer_first_name, customer.customer_last_name),
		phone_primary: customer.customer_phone_1 ?? null,
		phone_secondary: customer.customer_phone_2 ?? null,
		customer_email: customer.customer_email ?? null,
		company_name: customer.company_name ?? null,
		company_phone: customer.company_phone ?? null,
		abn: null,
		gst_registered: codeOf(customer.gst_status, ['Not GST Registered', 'GST Registered'], 0),
		customer_type_id: codeOf(customer.customer_type, ['Residential', 'Commercial', 'Large-Scale'], 1),
		customer_status_id: codeOf(customer.customer_status, ['No Status Set', 'New Contacts', 'Signed', 'Mega Status'], 0),
		site_address: isObject(first) ? addressOf(first.site_address) : null,
		customer_created_at: customer.creation_date ?? null,
		customer_notes: notesOf(customer.customer_notes),
		assigned_user_id: numeric(text(owner.user_id)),
		assigned_user_name: joined(' ', owner.first_name, owner.last_name),
		assigned_user_email: owner.email ?? null,
		company_name_full: null,
	};
}

/**
 * Customers whose day of creation is in the window. The list has no order and no filter, and gives the day only, so all pages are
 * read. https://solarproof.com.au/api-documentation/customers/get-all.php
 */
function createdHistory(): History {
	return {
		ofPayload: ({ customer_id, pkcustomerid }) => occasionOf(customer_id ?? pkcustomerid),
		sources: () => [
			{
				request: ({ page }) => reading('getallcustomers', { page: page + 1 }),
				read: ({ body }) => (Array.isArray(body) ? body.filter(isObject) : []),
				id: ({ customer_id }) => text(customer_id) ?? '',
				time: ({ creation_date }) => lastMomentOf(text(creation_date)),
				of: ({ customer_id }) => occasionOf(customer_id),
				payload: createdPayload,
			},
		],
		limits:
			'Customers who were deleted again. Those who were created on the day of publishing, but before it, are found, too.',
		grade: 'documented',
	};
}

/** One event for each customer. */
function occasionOf(id: Json | undefined): Occasion | undefined {
	const name = text(id)?.trim();
	return name ? { id: name, version: '' } : undefined;
}

/** The end of a day, in milliseconds since 1970: within it the moment is not known. */
function lastMomentOf(date: string | undefined): number | undefined {
	const time = Date.parse(`${date?.slice(0, 10) ?? ''}T23:59:59Z`);
	return Number.isNaN(time) ? undefined : time;
}

/** Webhooks have numbers where the API has texts. A text that is no number stays what it is. */
function numeric(id: string | undefined): Json {
	if (id === undefined) return null;
	return /^\d{1,15}$/.test(id) ? Number(id) : id;
}

/** The number that webhooks have for a label of the API, which counts from `start`. */
function codeOf(label: Json | undefined, labels: readonly string[], start: number): Json {
	const index = labels.findIndex((one) => one.toLowerCase() === text(label)?.trim().toLowerCase());
	return index < 0 ? null : index + start;
}

function addressOf(address: Json | undefined): Json {
	if (!isObject(address)) return text(address) ?? null;
	const street = joined(' ', address.streetnum, address.street);
	return joined(', ', street, joined(' ', address.suburb, address.state, address.postcode), address.country);
}

/** Notes are an array of `{datetime, note}` or, on an older page, a text. */
function notesOf(notes: Json | undefined): Json {
	if (!Array.isArray(notes)) return text(notes) ?? '';
	return joined('\n', ...notes.map((entry) => (isObject(entry) ? entry.note : entry)));
}

function joined(separator: string, ...parts: readonly (Json | undefined)[]): string {
	return parts
		.map((part) => text(part) ?? '')
		.filter((part) => part !== '')
		.join(separator);
}
