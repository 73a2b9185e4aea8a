/** The fields that calls about customers and about projects share. */
import { InvalidInput } from '../../../core/errors.ts';
import { text } from '../../../core/json.ts';
import type { Field, Values } from '../../../core/provider.ts';

export const customerId: Field = {
	name: 'customerId',
	label: 'Customer ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 79461',
	description: 'Number of the customer: customer_id in an event or in Get Many.',
};

export const projectId: Field = {
	name: 'projectId',
	label: 'Project ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 849',
	description: 'Number of the project: project_id in an event or among the projects of a customer.',
};

export const customerEmail: Field = {
	name: 'email',
	label: 'Email',
	type: 'email',
	required: true,
	placeholder: 'e.g. jane@example.com',
	description: 'Email address of the customer.',
};

/** What can be set of a customer, and what Solar Proof calls it. https://solarproof.com.au/api-documentation/customers/create.php */
export const customerFields = {
	firstname: {
		name: 'firstName',
		label: 'First Name',
		type: 'string',
		placeholder: 'e.g. Jane',
		description: 'First name of the customer.',
	},
	surname: {
		name: 'surname',
		label: 'Surname',
		type: 'string',
		placeholder: 'e.g. Example',
		description: 'Surname of the customer.',
	},
	email: { ...customerEmail, required: false },
	phone1: {
		name: 'phone',
		label: 'Phone',
		type: 'string',
		placeholder: 'e.g. 0412345678',
		description: 'Main phone number of the customer.',
	},
	type: {
		name: 'type',
		label: 'Customer Type',
		type: 'choice',
		options: [
			{ value: 'RESIDENTIAL', label: 'Residential' },
			{ value: 'COMMERCIAL', label: 'Commercial' },
			{ value: 'LARGE-SCALE', label: 'Large-Scale' },
		],
		description: 'The type of customer.',
	},
	phone2: { name: 'secondPhone', label: 'Second Phone', type: 'string', description: 'Another phone number.' },
	companyname: { name: 'companyName', label: 'Company Name', type: 'string', description: 'Name of the company.' },
	companyphone: { name: 'companyPhone', label: 'Company Phone', type: 'string', description: 'Phone of the company.' },
	gststatus: {
		name: 'gstRegistered',
		label: 'GST Registered',
		type: 'choice',
		options: [
			{ value: '1', label: 'Yes' },
			{ value: '0', label: 'No' },
		],
		description: 'Whether the customer is registered for goods and services tax.',
	},
} as const satisfies { readonly [key: string]: Field };

/** The number in a field. Solar Proof has ids as numbers in some places and as texts in others. */
export function wholeNumber(field: Field, input: Values): number {
	const value = text(input[field.name]) ?? '';
	if (!/^\d{1,15}$/.test(value))
		throw new InvalidInput(`"${field.label}" must be a whole number, ${field.placeholder}.`);
	return Number(value);
}
