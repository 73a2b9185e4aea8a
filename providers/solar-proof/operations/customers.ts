/** Calls about customers. https://solarproof.com.au/api-documentation/customers.php and the pages below it */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { reading, writing } from '../connection.ts';
import { project } from '../events.ts';
import { customerEmail, customerFields, customerId, wholeNumber } from './fields.ts';

/** A customer as the API shows it. https://solarproof.com.au/api-documentation/customers/get.php */
const customer: JsonObject = {
	customer_id: '71705',
	gst_status: 'Not GST Registered',
	customer_first_name: 'John',
	customer_last_name: 'Smith',
	customer_phone_1: '0499399399',
	customer_phone_2: '',
	customer_email: 'john.smith@example.com',
	customer_type: 'Residential',
	company_name: '',
	company_phone: '',
	owner_user_info: {
		user_id: '16',
		first_name: 'Sam',
		last_name: 'User',
		phone_number: '0400 000 000',
		email: 'rep@example.com',
		work_title: 'Director',
		username: 'suser',
	},
	creation_date: '2020-11-19',
	customer_notes: [{ datetime: '2020-11-20 14:30:00', note: 'Customer interested in 10kW system' }],
	customer_status: 'No Status Set',
	projects: [project],
};

const REQUIRED_TO_CREATE: readonly string[] = ['firstname', 'surname', 'email', 'phone1', 'type'];

const createCustomer: Operation = {
	resource: 'customer',
	name: 'create',
	label: 'Create',
	action: 'Create customer',
	description: 'Create a customer.',
	fields: [
		...Object.entries<Field>(customerFields).map(([key, field]) => {
			const required = REQUIRED_TO_CREATE.includes(key);
			return { ...field, required, ...(key === 'type' && { default: 'RESIDENTIAL' }) };
		}),
		{
			name: 'ownerEmail',
			label: 'Owner Email',
			type: 'email',
			description:
				'Email address of the Solar Proof user who is to own the customer. Default: the owner of the API key.',
		},
	],
	request: (input) => writing('createcustomer', defined({ useremail: input.ownerEmail, ...customerData(input) })),
	sample: { Message: 'Customer created successfully!', id: '79459' },
	grade: 'documented',
	effect: 'create',
};

const updateCustomer: Operation = {
	resource: 'customer',
	name: 'update',
	label: 'Update',
	action: 'Update customer',
	description: 'Update a customer. Empty fields are left unchanged.',
	fields: [customerId, ...Object.values<Field>(customerFields)],
	request: (input) => {
		const data = customerData(input);
		if (Object.keys(data).length === 0) {
			throw new InvalidInput('There is nothing to update. Fill in at least one field besides "Customer ID".');
		}
		return writing('updatecustomer', { pkcustomerid: wholeNumber(customerId, input), ...data });
	},
	sample: { Message: 'Customer updated successfully!', CustomerId: '79461' },
	grade: 'documented',
	effect: 'change',
	repeatable: true,
};

const deleteCustomer: Operation = {
	resource: 'customer',
	name: 'delete',
	label: 'Delete',
	action: 'Delete customer',
	description: 'Delete a customer permanently, with its projects, quotes and history. This cannot be undone.',
	fields: [customerId],
	request: (input) => writing('deletecustomer', { pkcustomerid: wholeNumber(customerId, input) }),
	items: ({ body }) => [{ ...(isObject(body) ? body : {}), deleted: true }],
	sample: { Message: 'Customer Deleted Permanently!', CustomerId: '79461', deleted: true },
	grade: 'documented',
	effect: 'remove',
	repeatable: true,
};

const getCustomer: Operation = {
	resource: 'customer',
	name: 'getByEmail',
	label: 'Get by Email',
	action: 'Get customer by email',
	description: 'Get the customer with an email address, including its projects.',
	fields: [customerEmail],
	request: (input) => reading('getcustomerByemail', { customer_email: text(input.email) }),
	sample: customer,
	grade: 'documented',
	effect: 'read',
};

const getCustomerId: Operation = {
	resource: 'customer',
	name: 'getIdByEmail',
	label: 'Get ID by Email',
	action: 'Get customer ID by email',
	description: 'Get the ID of the customer with an email address.',
	fields: [customerEmail],
	request: (input) => reading('getcustomerid', { customer_email: text(input.email) }),
	sample: customer,
	grade: 'documented',
	note: 'Returns the whole customer, as Get by Email does.',
	effect: 'read',
};

const getCustomers: Operation = {
	resource: 'customer',
	name: 'getMany',
	label: 'Get Many',
	action: 'Get many customers',
	description: 'Get customers, including their projects.',
	fields: [],
	request: () => reading('getallcustomers', { page: 1 }),
	paging: {
		pageSize: 50,
		page: (request, { page }) => ({ ...request, query: { ...request.query, page: page + 1 } }),
		// The service has no page size to choose: a page is full when it holds 50, however few are wanted.
		more: (_response, got) => got >= 50,
	},
	sample: customer,
	grade: 'documented',
	effect: 'read',
};

function customerData(input: Values): JsonObject {
	const values = Object.entries<Field>(customerFields).map(([key, { name }]) => {
		const value = input[name];
		return [key, key === 'gststatus' && value !== undefined ? Number(value) : value] as const;
	});
	return defined(Object.fromEntries(values));
}

export const customerOperations: readonly Operation[] = [
	createCustomer,
	deleteCustomer,
	getCustomer,
	getCustomerId,
	getCustomers,
	updateCustomer,
];
