/** What only Zapier has of Solar Proof. */
import { isObject, text } from '../../../core/json.ts';
import type { JsonObject } from '../../../core/provider.ts';
import { recentFind } from '../../shared/finds.mts';
import { isSameText, type AppSettings, type ReadBack } from '../../shared/settings.mts';

/** The API has no call for one customer by its number: by the email address where it is known, otherwise among the first ones. */
const byNumber: ReadBack = {
	operation: 'customer.getMany',
	input: () => ({}),
	limit: 200,
	record: (customers, answered, given) =>
		customers.find((customer) => text(customer['customer_id']) === (text(given['customerId']) ?? text(answered['id']))),
};

const byEmail = (field: string): ReadBack => ({
	operation: 'customer.getByEmail',
	input: (_answered, given) => {
		const email = text(given[field]);
		return email ? { email } : undefined;
	},
});

/** A new project is among those of its customer. */
const projectOfCustomer: ReadBack = {
	...byEmail('contactEmail'),
	record([customer], _answered, given) {
		const projects = Array.isArray(customer?.['projects']) ? customer['projects'].filter(isObject) : [];
		const project = projects.findLast((one) => isSameText(one['project_title'], given['projectName']));
		return project && { customer_id: customer?.['customer_id'] ?? null, ...project };
	},
};

const CUSTOMER: JsonObject = {
	customer_id: '71705',
	customer_first_name: 'Jane',
	customer_last_name: 'Example',
	customer_phone_1: '0412345678',
	customer_email: 'jane@example.com',
	customer_type: 'Residential',
	company_name: '',
	customer_status: 'No Status Set',
};

export const settings: AppSettings = {
	triggers: {
		project_email_sent: { label: 'New Project Email', noun: 'Project Email' },
		project_sms_sent: { label: 'New Project Text Message', noun: 'Project Text Message' },
		published_proposal_link: { label: 'New Published Proposal Link', noun: 'Proposal Link' },
		recent_draft_project: { label: 'New or Updated Draft Project', noun: 'Draft Project' },
	},
	finds: [
		recentFind({
			key: 'customer_find_recent',
			label: 'Find Recent Customers',
			description: 'Finds customers that were created since a day.',
			operation: 'customer.getMany',
			looksThrough: 500,
			time: (customer) => text(customer['creation_date']),
		}),
	],
	pairs: [
		{
			search: 'customer_get_by_email',
			create: 'customer.create',
			label: 'Find or Create Customer',
			description: 'Finds a customer by email address, or creates one when there is none.',
		},
	],
	connectors: { customer: 'customer_get_by_email.customer_id' },
	readBack: {
		'customer.create': [byEmail('email'), byNumber],
		'customer.update': [byEmail('email'), byNumber],
		'project.create': [projectOfCustomer],
	},
	idNames: { 'customer.create': { id: 'customer_id' }, 'customer.update': { CustomerId: 'customer_id' } },
	samples: { 'customer.create': CUSTOMER, 'customer.update': CUSTOMER },
	takesAlong: { 'customer.delete': "the customer's projects, quotes and history" },
};
