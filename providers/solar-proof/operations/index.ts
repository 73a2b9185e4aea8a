/** Follow-up calls to Solar Proof. https://solarproof.com.au/api-documentation/customers.php, /projects.php and the pages below them */
import { isObject, only, text } from '../../../core/json.ts';
import type { JsonObject, Operation, Provider, Resource } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { customerOperations } from './customers.ts';
import { projectOperations } from './projects.ts';

export const resources: readonly Resource[] = [
	{ name: 'customer', label: 'Customer' },
	{ name: 'project', label: 'Project' },
];

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

export const operations: readonly Operation[] = [...customerOperations, ...projectOperations]
	.map(checked)
	.map((operation) => {
		const names = SIMPLE[`${operation.resource}.${operation.name}`];
		return names === undefined ? operation : { ...operation, simplify: (item: JsonObject) => only(item, names) };
	});

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
