/** Follow-up calls to Solar Proof. https://solarproof.com.au/api-documentation/customers.php, /projects.php and the pages below them */
import { InvalidInput } from '../../core/errors.ts';
import { defined, isObject, only, text } from '../../core/json.ts';
import type {
	Field,
	HttpResponse,
	Json,
	JsonObject,
	Operation,
	Provider,
	Resource,
	Values,
} from '../../core/provider.ts';
import { checked } from '../checked.ts';
import { reading, writing, writingForm } from './connection.ts';
import { project } from './events.ts';

export const resources: readonly Resource[] = [
	{ name: 'customer', label: 'Customer' },
	{ name: 'project', label: 'Project' },
];

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

const customerId: Field = {
	name: 'customerId',
	label: 'Customer ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 79461',
	description: 'Number of the customer: customer_id in an event or in Get Many.',
};

const projectId: Field = {
	name: 'projectId',
	label: 'Project ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 849',
	description: 'Number of the project: project_id in an event or among the projects of a customer.',
};

const customerEmail: Field = {
	name: 'email',
	label: 'Email',
	type: 'email',
	required: true,
	placeholder: 'e.g. jane@example.com',
	description: 'Email address of the customer.',
};

/** What can be set of a customer, and what Solar Proof calls it. https://solarproof.com.au/api-documentation/customers/create.php */
const customerFields = {
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
	note: 'Solar Proof documents that the whole customer comes back, as with Get by Email. It is passed on as is.',
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

const getProject: Operation = {
	resource: 'project',
	name: 'get',
	label: 'Get',
	action: 'Get project',
	description: 'Get a project.',
	fields: [
		projectId,
		{
			name: 'expanded',
			label: 'Expanded',
			type: 'boolean',
			default: false,
			description:
				'Whether to add user and company, pricing items, battery, customer statuses and notes, as expanded_info.',
		},
	],
	request: (input) =>
		reading('getprojectinfo', {
			project_id: wholeNumber(projectId, input),
			expanded: input.expanded === true ? 1 : undefined,
		}),
	items: projectItems,
	sample: {
		project_id: '849',
		quotenickname: 'Project #849',
		user_id: '16',
		quotecreationdate: '2020-11-20',
		signed_at: '0000-00-00',
		customer_id: '71705',
		siteaddress: '{"streetnum":"418","street":"Murray Street","suburb":"Perth","state":"WA","postcode":"6000"}',
		panelwattage: '320',
		panelqty: '56',
		proposal_link: '',
	},
	grade: 'documented',
	note: 'Values are passed on as Solar Proof sends them: siteaddress is a JSON text, and signed_at is 0000-00-00 for an unsigned project.',
	effect: 'read',
};

const getCustomerOfProject: Operation = {
	resource: 'project',
	name: 'getCustomer',
	label: 'Get Customer',
	action: 'Get customer of project',
	description: 'Get the customer of a project.',
	fields: [projectId],
	request: (input) => reading('getcustomerofproject', { project_id: wholeNumber(projectId, input) }),
	items: ({ body }) => {
		if (!isObject(body)) return [];
		return [isObject(body.Customer) ? body.Customer : body];
	},
	sample: {
		customerID: 79298,
		uid: null,
		gstRegistered: 0,
		firstName: 'Jane',
		surname: 'Example',
		phone1: '0412345678',
		phone2: '',
		email: 'jane@example.com',
		companyName: '',
		companyPhone: '',
		customerabn: null,
		siteAddress: '132 Example Drive, Brisbane, QLD, 4321',
		note: '',
		contactTime: null,
	},
	grade: 'documented',
	effect: 'read',
};

const existing = { customer: ['existing'] } as const;
const contact = { customer: ['contact'] } as const;

/** https://solarproof.com.au/api-documentation/projects/create.php */
const createProject: Operation = {
	resource: 'project',
	name: 'create',
	label: 'Create',
	action: 'Create project',
	description: 'Create a project.',
	fields: [
		{
			name: 'projectName',
			label: 'Project Name',
			type: 'string',
			required: true,
			placeholder: 'e.g. Murray Street 418',
			description: 'What the project is called in Solar Proof.',
		},
		{
			name: 'customer',
			label: 'Customer',
			type: 'choice',
			required: true,
			default: 'contact',
			options: [
				{
					value: 'contact',
					label: 'By Contact',
					description: 'The customer with the email address below, created if there is none',
				},
				{ value: 'existing', label: 'By ID', description: 'A customer that is already there' },
				{ value: 'none', label: 'None', description: 'The project gets no customer from here' },
			],
			description: 'Whom the project is for.',
		},
		{ ...customerId, showIf: existing },
		{ ...customerEmail, name: 'contactEmail', showIf: contact },
		{ ...customerFields.firstname, name: 'contactFirstName', showIf: contact },
		{ ...customerFields.surname, name: 'contactSurname', showIf: contact },
		{ ...customerFields.phone1, name: 'contactPhone', showIf: contact },
		{ ...customerFields.phone2, name: 'contactSecondPhone', showIf: contact },
		{
			name: 'contactType',
			label: 'Customer Type',
			type: 'choice',
			default: 'residential',
			options: [
				{ value: 'residential', label: 'Residential' },
				{ value: 'commercial', label: 'Commercial' },
			],
			description: 'The type of customer.',
			showIf: contact,
		},
		{
			name: 'draft',
			label: 'Draft',
			type: 'boolean',
			default: true,
			description: 'Whether the project is a draft, or active at once.',
		},
		{ name: 'siteStreet', label: 'Site Street', type: 'string', description: 'Street of the site.' },
		{ name: 'siteSuburb', label: 'Site Suburb', type: 'string', description: 'Suburb of the site.' },
		{
			name: 'salesRep',
			label: 'Sales Rep',
			type: 'string',
			description: "User name of the sales rep, from the same company. Default: the company's root user.",
		},
		{ name: 'notes', label: 'Notes', type: 'text', description: 'Notes on the project.' },
		{
			name: 'otherFields',
			label: 'Other Fields',
			type: 'pairs',
			description: 'More fields of the project, by the names that Solar Proof gives them.',
		},
	],
	request: (input) => writingForm('createproject', projectData(input)),
	sample: { customer_id: '79461' },
	grade: 'documented',
	note: 'Which fields the answer has besides customer_id is not known. Site fields that are missing here go under Other Fields, by the names that Solar Proof gives them.',
	effect: 'create',
};

const SIMPLE_CUSTOMER = [
	'customer_id',
	'customer_first_name',
	'customer_last_name',
	'customer_email',
	'customer_phone_1',
	'customer_type',
	'customer_status',
	'company_name',
	'creation_date',
];

/** Of answers with more than ten fields: those that most people need. */
const SIMPLE: { readonly [operation: string]: readonly string[] | undefined } = {
	'customer.getByEmail': SIMPLE_CUSTOMER,
	'customer.getIdByEmail': SIMPLE_CUSTOMER,
	'customer.getMany': SIMPLE_CUSTOMER,
	'project.get': [
		'project_id',
		'quotenickname',
		'customer_id',
		'siteaddress',
		'panelwattage',
		'panelqty',
		'afterrebatecost',
		'signed_at',
		'proposal_link',
		'quotecreationdate',
	],
	'project.getCustomer': [
		'customerID',
		'firstName',
		'surname',
		'email',
		'phone1',
		'companyName',
		'siteAddress',
		'note',
	],
};

export const operations: readonly Operation[] = [
	createCustomer,
	deleteCustomer,
	getCustomer,
	getCustomerId,
	getCustomers,
	updateCustomer,
	createProject,
	getProject,
	getCustomerOfProject,
]
	.map(checked)
	.map((operation) => {
		const names = SIMPLE[`${operation.resource}.${operation.name}`];
		return names === undefined ? operation : { ...operation, simplify: (item: JsonObject) => only(item, names) };
	});

function customerData(input: Values): JsonObject {
	const values = Object.entries<Field>(customerFields).map(([key, { name }]) => {
		const value = input[name];
		return [key, key === 'gststatus' && value !== undefined ? Number(value) : value] as const;
	});
	return defined(Object.fromEntries(values));
}

function projectData(input: Values): JsonObject {
	const whose: JsonObject =
		input.customer === 'existing'
			? { customer_id: wholeNumber(customerId, input) }
			: input.customer === 'contact'
				? { contact: contactData(input) }
				: {};
	return {
		...(isObject(input.otherFields) ? input.otherFields : {}),
		...defined({
			quotenickname: input.projectName,
			username: input.salesRep,
			is_draft: input.draft === false ? 0 : 1,
			project_notes: input.notes,
			site_street: input.siteStreet,
			site_suburb: input.siteSuburb,
		}),
		...whose,
	};
}

function contactData(input: Values): JsonObject {
	return defined({
		email: input.contactEmail,
		firstname: input.contactFirstName,
		surname: input.contactSurname,
		phone: input.contactPhone,
		phone2: input.contactSecondPhone,
		type: input.contactType,
	});
}

/** The number in a field. Solar Proof has ids as numbers in some places and as texts in others. */
function wholeNumber(field: Field, input: Values): number {
	const value = text(input[field.name]) ?? '';
	if (!/^\d{1,15}$/.test(value))
		throw new InvalidInput(`"${field.label}" must be a whole number, ${field.placeholder}.`);
	return Number(value);
}

/** One item a project, with what `expanded=1` adds under its own name. */
function projectItems({ body }: HttpResponse): readonly JsonObject[] {
	if (!isObject(body)) return Array.isArray(body) ? body.filter(isObject) : [];
	const projects = records(body.project_info);
	if (projects === undefined) return [body];
	const { expanded_info } = body;
	return projects.map((one) => (expanded_info === undefined ? one : { ...one, expanded_info }));
}

function records(value: Json | undefined): JsonObject[] | undefined {
	if (Array.isArray(value)) return value.filter(isObject);
	return isObject(value) ? [value] : undefined;
}

/** Solar Proof lists no projects; each customer in its list carries its own. */
export const lookups: Provider['lookups'] = {
	project: {
		operation: 'customer.getMany',
		of: ({ projects }) => (Array.isArray(projects) ? projects.filter(isObject) : []),
		value: ({ project_id }) => text(project_id) ?? '',
		label: ({ project_id, project_title, site_address }) => {
			const { streetnum, street, suburb } = isObject(site_address) ? site_address : {};
			const address = [streetnum, street, suburb].flatMap((part) => text(part) || []).join(' ');
			return [text(project_title) || `Project ${text(project_id) ?? ''}`, address].filter(Boolean).join(', ');
		},
	},
};
