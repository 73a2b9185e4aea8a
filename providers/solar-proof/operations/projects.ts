/** Calls about projects. https://solarproof.com.au/api-documentation/projects.php and the pages below it */
import { defined, isObject } from '../../../core/json.ts';
import type { HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { reading, writingForm } from '../connection.ts';
import { customerEmail, customerFields, customerId, projectId, wholeNumber } from './fields.ts';

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
	note: 'siteaddress is JSON text. signed_at is 0000-00-00 until the project is signed.',
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
	note: 'Fields of the site that are missing here can be added under Other Fields, with the names that Solar Proof gives them.',
	effect: 'create',
};

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

export const projectOperations: readonly Operation[] = [createProject, getProject, getCustomerOfProject];
