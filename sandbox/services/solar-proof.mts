/**
 * Solar Proof: customers, projects and webhooks, all at `/solar-proof/apidata.php?action=...&api_key=...`.
 * https://solarproof.com.au/api-documentation/webhooks.php, /webhooks/{subscribe,unsubscribe,events}.php,
 * /customers/{create,update,delete,get,get-id,get-all}.php, /projects/{create,get,get-customer-of-project}.php
 *
 * Documented: the actions, their fields, answers and messages, both error envelopes, 200 within 5 s, "may retry".
 * Assumed: the retry delays, that a retry that is due survives an unsubscription and a new subscription, that a URL subscribed twice to an event still gets one delivery, the answer to creating a
 * project, that a draft created here raises `recent_draft_project`, the status codes of the customer actions' errors.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { BASE_PATHS, accountWith } from '../accounts.mts';
import type { Account } from '../accounts.mts';
import { eventNames, sampleOf } from '../catalogue.mts';
import { freshId, freshNumber, merge } from '../fresh.mts';
import { Refusal, bodyOf, isHttpUrl, queryOf, wholeNumber } from '../service.mts';
import { isNear } from '../transport.mts';
import type { ErrorAnswer, Service, World } from '../service.mts';

const ID = 'solar-proof';
const BASE = BASE_PATHS[ID];
const PAGE_SIZE = 50;
const FIRST_CUSTOMERS = 55;

const TYPES = [
	{ id: 1, upper: 'RESIDENTIAL', label: 'Residential' },
	{ id: 2, upper: 'COMMERCIAL', label: 'Commercial' },
	{ id: 3, upper: 'LARGE-SCALE', label: 'Large-Scale' },
];

interface Customer {
	id: number;
	firstname: string;
	surname: string;
	email: string;
	phone1: string;
	phone2: string;
	type: (typeof TYPES)[number];
	companyname: string;
	companyphone: string;
	gststatus: boolean;
	created: string;
}

interface Project {
	id: number;
	customer: number;
	nickname: string;
	draft: boolean;
	notes: string;
	address: { streetnum: string; street: string; suburb: string; state: string; postcode: string; country: string };
	created: string;
}

interface Records {
	customers: Customer[];
	projects: Project[];
}

interface Call {
	account: Account;
	request: FastifyRequest;
	records: Records;
	/** The documents' `data`: an object in a JSON body, or a JSON text in a form. */
	data: JsonObject;
}

interface Action {
	/** Webhook actions have an error envelope of their own. */
	envelope: 'webhook' | 'customer';
	/** Whether `data` must repeat the key and the action. */
	repeatsKey?: boolean;
	run: (call: Call) => Json;
}

/** The service. */
export function solarProof(world: World): Service {
	let records = new Map<string, Records>();

	/** What `customer_created` says about a customer, in the generation of the documentation that is in force. */
	const createdPayload = (customer: Customer): JsonObject =>
		world.variants.payloads(ID) === 'older' ? olderPayload(customer) : newerPayload(customer);

	const recordsOf = (account: string): Records => {
		const kept = records.get(account) ?? firstRecords();
		records.set(account, kept);
		return kept;
	};

	const raise = (account: Account, event: string, data: JsonObject) => {
		const payload = compose(event, sampleOf(ID, event, world.variants.payloads(ID)), data);
		world.raise({ provider: ID, event, payload, account: account.name });
	};

	const subscribe = ({ account, request }: Call): Json => {
		const { hookUrl, type_request } = bodyOf(request);
		if (!isHttpUrl(hookUrl)) throw webhookError('Invalid webhook URL format');
		const takesHttp = world.faults.behaviour(ID, 'httpHooks') ?? isNear(hookUrl);
		if (!takesHttp && !hookUrl.startsWith('https:')) throw webhookError('Invalid webhook URL format');
		const event = text(type_request) ?? '';
		const refused = event === 'contract_signed' && world.faults.behaviour(ID, 'refuseContractSigned') === true;
		if (refused || !eventNames(ID).includes(event)) throw webhookError('Invalid webhook type');
		const same = world.subscriptions
			.of(ID, account.name)
			.some((one) => one.url === hookUrl && one.events.includes(event));
		if (!same || world.faults.behaviour(ID, 'subscribeTwiceDoubles') === true) {
			world.subscriptions.add({
				id: freshId('sub_'),
				provider: ID,
				account: account.name,
				url: hookUrl,
				events: [event],
			});
		}
		return { success: true, message: 'Webhook subscribed successfully' };
	};

	// By URL alone: every event of that URL goes.
	const unsubscribe = ({ account, request }: Call): Json => {
		const { hookUrl } = bodyOf(request);
		const matching = world.subscriptions.of(ID, account.name).filter((one) => one.url === hookUrl);
		if (matching.length === 0) throw webhookError('No matching webhook found for this user');
		for (const subscription of matching) {
			world.subscriptions.remove(subscription);
			if (world.faults.behaviour(ID, 'unsubscribeDropsRetries') === true) world.deliveries.abandon(subscription);
			else world.deliveries.release(subscription);
		}
		return { success: true, message: 'Webhook unsubscribed successfully' };
	};

	const createCustomer = ({ account, records: kept, data }: Call): Json => {
		for (const field of ['firstname', 'surname', 'email', 'phone1', 'type']) {
			if (!text(data[field])) throw customerError(400, 'INVALID_PARAMETERS', `${field} is required`);
		}
		const customer = changed(emptyCustomer(), data);
		kept.customers.push(customer);
		raise(account, 'customer_created', createdPayload(customer));
		return { Message: 'Customer created successfully!', id: String(customer.id) };
	};

	const updateCustomer = ({ records: kept, data }: Call): Json => {
		const customer = customerByKey(kept, data);
		Object.assign(customer, changed(customer, data));
		return { Message: 'Customer updated successfully!', CustomerId: String(customer.id) };
	};

	const deleteCustomer = ({ records: kept, data }: Call): Json => {
		const customer = customerByKey(kept, data);
		kept.customers = kept.customers.filter((one) => one !== customer);
		kept.projects = kept.projects.filter((project) => project.customer !== customer.id);
		return { Message: 'Customer Deleted Permanently!', CustomerId: String(customer.id) };
	};

	const getByEmail = ({ records: kept, request }: Call): Json => {
		const email = queryOf(request, 'customer_email');
		if (!email) throw customerError(400, 'INVALID_PARAMETERS', 'customer_email is required');
		const customer = kept.customers.find((one) => one.email.toLowerCase() === email.toLowerCase());
		if (!customer) throw customerError(404, 'CUSTOMER_NOT_FOUND', `No customer exists with email: ${email}`);
		return shownCustomer(customer, kept);
	};

	const getAll = ({ records: kept, request }: Call): Json => {
		const page = wholeNumber(queryOf(request, 'page') ?? '1');
		if (page === undefined || page < 1) throw customerError(400, 'INVALID_PARAMETERS', 'page must be a number from 1');
		const from = (page - 1) * PAGE_SIZE;
		return kept.customers.slice(from, from + PAGE_SIZE).map((customer) => shownCustomer(customer, kept));
	};

	const getProject = ({ account, records: kept, request }: Call): Json => {
		const project = projectByQuery(kept, request);
		const info = { project_info: [shownProject(project)] };
		return queryOf(request, 'expanded') === '1' ? { ...info, expanded_info: [expanded(project, kept, account)] } : info;
	};

	const getCustomerOfProject = ({ records: kept, request }: Call): Json => {
		const project = projectByQuery(kept, request);
		const customer = kept.customers.find((one) => one.id === project.customer);
		if (!customer) throw customerError(404, 'CUSTOMER_NOT_FOUND', `No customer exists with ID: ${project.customer}`);
		return {
			Message: 'Customer found',
			Customer: {
				...{ customerID: customer.id, uid: null, gstRegistered: customer.gststatus ? 1 : 0 },
				...{
					firstName: customer.firstname,
					surname: customer.surname,
					phone1: customer.phone1,
					phone2: customer.phone2,
				},
				...{ email: customer.email, companyName: customer.companyname, companyPhone: customer.companyphone },
				...{ customerabn: null, siteAddress: oneLine(project.address), note: '', contactTime: null },
			},
		};
	};

	const createProject = ({ account, records: kept, data }: Call): Json => {
		const nickname = text(data.quotenickname);
		if (!nickname) throw customerError(400, 'INVALID_PARAMETERS', 'quotenickname is required');
		const customer = customerOfNewProject(kept, data, (created) =>
			raise(account, 'customer_created', createdPayload(created)),
		);
		const project: Project = {
			id: freshNumber(),
			customer: customer?.id ?? 0,
			nickname,
			draft: text(data.is_draft) !== '0',
			notes: text(data.project_notes) ?? '',
			address: {
				...{ streetnum: '', street: text(data.site_street) ?? '', suburb: text(data.site_suburb) ?? '' },
				...{ state: text(data.site_state) ?? '', postcode: text(data.site_postcode) ?? '', country: 'Australia' },
			},
			created: today(),
		};
		kept.projects.push(project);
		if (project.draft) raise(account, 'recent_draft_project', { project_id: String(project.id) });
		return {
			Message: 'Project created successfully!',
			project_id: String(project.id),
			customer_id: String(project.customer),
		};
	};

	const actions: { readonly [name: string]: Action } = {
		subscribe_customer: { envelope: 'webhook', run: subscribe },
		unsubscribe_customer: { envelope: 'webhook', run: unsubscribe },
		createcustomer: { envelope: 'customer', repeatsKey: true, run: createCustomer },
		updatecustomer: { envelope: 'customer', repeatsKey: true, run: updateCustomer },
		deletecustomer: { envelope: 'customer', repeatsKey: true, run: deleteCustomer },
		getcustomerByemail: { envelope: 'customer', run: getByEmail },
		getcustomerid: { envelope: 'customer', run: getByEmail },
		getallcustomers: { envelope: 'customer', run: getAll },
		getprojectinfo: { envelope: 'customer', run: getProject },
		getcustomerofproject: { envelope: 'customer', run: getCustomerOfProject },
		createproject: { envelope: 'customer', run: createProject },
	};

	/** The action that the query names. The layer before it let no other pass. */
	const actionOf = (request: FastifyRequest): { name: string; action: Action } => {
		const name = queryOf(request, 'action') ?? text(bodyOf(request).action) ?? '';
		const action = actions[name];
		if (!action) throw customerError(400, 'INVALID_PARAMETERS', `Unknown action: ${name}`);
		return { name, action };
	};

	const callerOf = (request: FastifyRequest): Account => {
		const account = accountWith(ID, 'apiKey', queryOf(request, 'api_key'));
		if (account) return account;
		const { envelope } = actionOf(request).action;
		throw envelope === 'webhook'
			? webhookError('Invalid API key')
			: customerError(401, 'INVALID_API_KEY', 'Invalid API key');
	};

	const serve = (request: FastifyRequest): Json => {
		const { name, action } = actionOf(request);
		const account = callerOf(request);
		const data = dataOf(request);
		if (action.repeatsKey) {
			if (!text(data.apikey)) throw customerError(400, 'INVALID_PARAMETERS', 'apikey is required');
			if (data.apikey !== account.credentials.apiKey) throw customerError(401, 'INVALID_API_KEY', 'Invalid API key');
			if (data.action !== name) throw customerError(400, 'INVALID_PARAMETERS', `action must be ${name}`);
		}
		return action.run({ account, request, records: recordsOf(account.name), data });
	};

	return {
		id: ID,
		name: 'Solar Proof',
		root: '/solar-proof',
		behaviours: {
			httpHooks: {
				values: 'boolean',
				description:
					'which webhooks may have http addresses: all, or none as at the service. Not set: those of this machine and its network',
			},
			subscribeTwiceDoubles: {
				values: 'boolean',
				description: 'the same URL and event subscribed twice is delivered twice',
			},
			unsubscribeDropsRetries: {
				values: 'boolean',
				description:
					'a retry that is due when a URL is unsubscribed is never made. Otherwise it is, if the URL is subscribed to the event again by then',
			},
			refuseContractSigned: { values: 'boolean', description: 'contract_signed is answered "Invalid webhook type"' },
		},
		admit: (request) => void callerOf(request),
		routes: (app: FastifyInstance) => {
			// The service reads bodies itself: its messages for an empty and for a malformed one are its own.
			app.removeContentTypeParser('application/json');
			app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
				done(null, String(body)),
			);
			app.route({
				method: ['GET', 'POST', 'PUT', 'DELETE'],
				url: BASE,
				handler: async (request, reply) => reply.send(serve(request)),
			});
		},
		reset: () => {
			records = new Map();
		},
		compose,
		error: (kind, message, request) => {
			const status =
				typeof kind === 'number'
					? kind
					: ({ not_found: 404, method_not_allowed: 405, malformed_body: 400 }[kind as string] ?? 500);
			const action = actions[queryOf(request, 'action') ?? ''];
			return action?.envelope === 'webhook'
				? webhookAnswer(message, status)
				: customerAnswer(status, codeOf(status), message);
		},
	};
}

/** Fresh ids in every element; `data` over the object, or over the sample's first element once for each of its own. */
function compose(_event: string, sample: Json | undefined, data: Json | undefined): Json {
	const list = Array.isArray(sample);
	const base = (list ? sample[0] : sample) ?? {};
	const made = (over: Json | undefined) => merge(withFreshIds(base), isObject(over) ? over : {});
	if (Array.isArray(data)) return data.map(made);
	if (list && data === undefined) return sample.map((element) => withFreshIds(element));
	return list ? [made(data)] : made(data);
}

function withFreshIds(record: Json): Json {
	if (!isObject(record)) return record;
	const fresh = structuredClone(record);
	for (const key of ['customer_id', 'pkcustomerid', 'project_id']) {
		if (key in fresh) fresh[key] = typeof fresh[key] === 'string' ? String(freshNumber()) : freshNumber();
	}
	if ('customer_created_at' in fresh) fresh.customer_created_at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
	return fresh;
}

function parsedOrText(body: string): unknown {
	if (body.trim() === '') return undefined;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}

/** `data` of a JSON body, or the JSON text in the form field `data`. */
function dataOf(request: FastifyRequest): JsonObject {
	const { data } = bodyOf(request);
	const value = typeof data === 'string' ? parsedOrText(data) : data;
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function firstRecords(): Records {
	const customers = Array.from({ length: FIRST_CUSTOMERS }, (_, index): Customer => {
		const number = index + 1;
		return {
			...emptyCustomer(71_704 + number),
			firstname: index === 0 ? 'John' : 'Jane',
			surname: index === 0 ? 'Smith' : `Example ${number}`,
			email: index === 0 ? 'john.smith@example.com' : `jane.${number}@example.com`,
			phone1: '0400000000',
			created: '2020-11-19',
		};
	});
	const address = {
		...{ streetnum: '418', street: 'Murray Street', suburb: 'Perth' },
		...{ state: 'WA', postcode: '6000', country: 'Australia' },
	};
	const project = {
		id: 849,
		customer: 71_705,
		nickname: 'Project #849',
		draft: false,
		notes: '',
		address,
		created: '2020-11-20',
	};
	return { customers, projects: [project] };
}

function emptyCustomer(id = freshNumber()): Customer {
	const blank = { firstname: '', surname: '', email: '', phone1: '', phone2: '', companyname: '', companyphone: '' };
	return { id, ...blank, type: typeOf('1'), gststatus: false, created: today() };
}

/** The customer with the given fields changed; refuses what cannot be. */
function changed(customer: Customer, data: JsonObject): Customer {
	const next = { ...customer };
	for (const field of ['firstname', 'surname', 'email', 'phone1', 'phone2', 'companyname', 'companyphone'] as const) {
		const value = text(data[field]);
		if (value !== undefined) next[field] = value;
	}
	if (!/^\S+@\S+$/.test(next.email))
		throw customerError(400, 'INVALID_PARAMETERS', 'email is not a valid email address');
	const type = text(data.type);
	if (type !== undefined) next.type = typeOf(type);
	const gst = text(data.gststatus);
	if (gst !== undefined) next.gststatus = gst === '1';
	return next;
}

function typeOf(value: string): (typeof TYPES)[number] {
	const type = TYPES.find((one) => one.upper === value.toUpperCase() || String(one.id) === value);
	if (!type)
		throw customerError(400, 'INVALID_PARAMETERS', `type must be one of: ${TYPES.map((one) => one.upper).join(', ')}`);
	return type;
}

function customerByKey(kept: Records, data: JsonObject): Customer {
	const id = wholeNumber(data.pkcustomerid);
	if (id === undefined) throw customerError(400, 'INVALID_PARAMETERS', 'pkcustomerid is required');
	const customer = kept.customers.find((one) => one.id === id);
	if (!customer) throw customerError(404, 'CUSTOMER_NOT_FOUND', `No customer exists with ID: ${id}`);
	return customer;
}

function projectByQuery(kept: Records, request: FastifyRequest): Project {
	const id = wholeNumber(queryOf(request, 'project_id'));
	if (id === undefined) throw customerError(400, 'INVALID_PARAMETERS', 'project_id is required');
	const project = kept.projects.find((one) => one.id === id);
	if (!project) throw customerError(404, 'PROJECT_NOT_FOUND', `No project exists with ID: ${id}`);
	return project;
}

/** `contact` wins over `customer_id`; its email finds the customer, else makes one. Neither: a project without one. */
function customerOfNewProject(
	kept: Records,
	data: JsonObject,
	onCreated: (customer: Customer) => void,
): Customer | undefined {
	const { contact, customer_id } = data;
	if (isObject(contact)) {
		const email = text(contact.email) ?? '';
		const known = kept.customers.find((one) => one.email.toLowerCase() === email.toLowerCase());
		if (known) return known;
		const { phone, ...rest } = contact;
		const customer = changed(emptyCustomer(), { ...rest, phone1: phone ?? '' });
		kept.customers.push(customer);
		onCreated(customer);
		return customer;
	}
	return customer_id === undefined || customer_id === ''
		? undefined
		: customerByKey(kept, { pkcustomerid: customer_id });
}

function olderPayload(customer: Customer): JsonObject {
	return {
		...{ pkcustomerid: customer.id, customer_email: customer.email },
		customer_name: `${customer.firstname} ${customer.surname}`,
		...{ customer_type: customer.type.upper, customer_status: 0 },
	};
}

function newerPayload(customer: Customer): JsonObject {
	return {
		customer_id: customer.id,
		...{ first_name: customer.firstname, surname: customer.surname },
		customer_name: `${customer.firstname} ${customer.surname}`,
		...{ phone_primary: customer.phone1, phone_secondary: customer.phone2, customer_email: customer.email },
		...{ company_name: customer.companyname, company_phone: customer.companyphone },
		...{ gst_registered: customer.gststatus ? 1 : 0, customer_type_id: customer.type.id, customer_status_id: 0 },
		site_address: '',
	};
}

function shownCustomer(customer: Customer, kept: Records): JsonObject {
	return {
		...{ customer_id: String(customer.id), gst_status: customer.gststatus ? 'GST Registered' : 'Not GST Registered' },
		...{ customer_first_name: customer.firstname, customer_last_name: customer.surname },
		...{ customer_phone_1: customer.phone1, customer_phone_2: customer.phone2, customer_email: customer.email },
		...{ customer_type: customer.type.label, company_name: customer.companyname, company_phone: customer.companyphone },
		owner_user_info: owner(),
		creation_date: customer.created,
		customer_notes: [],
		customer_status: 'No Status Set',
		projects: kept.projects.filter((project) => project.customer === customer.id).map(projectOfCustomer),
	};
}

function owner(): JsonObject {
	return {
		...{ user_id: '16', first_name: 'Sam', last_name: 'Rep', phone_number: '0400 000 000' },
		...{ email: 'rep@example.com', work_title: 'Director', username: 'srep' },
	};
}

function projectOfCustomer(project: Project): JsonObject {
	return {
		...{ project_id: String(project.id), project_title: project.nickname, site_address: project.address },
		...{ solar_panel_quantity: '56', solar_panel_type: '320W - EXAMPLE - (EX-320)' },
		...{ inverter_type: 'Example 20kW', inverter_quantity: '1', system_size: '17.92kW', proposal_link: '' },
	};
}

function shownProject(project: Project): JsonObject {
	return {
		...{
			project_id: String(project.id),
			quotenickname: project.nickname,
			user_id: '16',
			battery_id: '0',
			batteryqty: '0',
		},
		...{ afterrebatecost: '12500.00', url: '', quotecreationdate: project.created, signed_at: '0000-00-00' },
		// A JSON text within the JSON, as documented.
		...{ customer_id: String(project.customer), siteaddress: JSON.stringify(project.address) },
		...{ rooftype: 'Tin', roofheight: '1', energyretailer: '', nmi: '', monitoring_type: '', meter_number: '' },
		...{ phase_supply: '1', dailykwhuse: '20', costperkwh: '0.28', powerpriceincrease: '5', exportvalue: '0.05' },
		...{ exportlimit: '5', paneltype: 'EX-320', panelwattage: '320', panelqty: '56', invertertype: 'Example 20kW' },
		...{ proposal_link: '', stcvalue: '38', financetype: '' },
	};
}

function expanded(project: Project, kept: Records, account: Account): JsonObject {
	const customer = kept.customers.find((one) => one.id === project.customer);
	return {
		user: owner(),
		company: { name: `Sandbox account ${account.name}` },
		customer: customer ? shownCustomer(customer, { ...kept, projects: [] }) : null,
		notes: project.notes === '' ? [] : [{ datetime: `${project.created} 00:00:00`, note: project.notes }],
	};
}

function oneLine(address: Project['address']): string {
	const street = [address.streetnum, address.street].filter(Boolean).join(' ');
	return [street, address.suburb, address.state, address.postcode].filter(Boolean).join(', ');
}

function today(): string {
	return new Date().toISOString().slice(0, 10);
}

function webhookError(message: string, status = 400): Refusal {
	const answer = webhookAnswer(message, status);
	return new Refusal(answer.status, answer.body);
}

function webhookAnswer(message: string, status: number): ErrorAnswer {
	return { status, body: { success: false, message } };
}

function customerError(status: number, code: string, message: string): Refusal {
	const answer = customerAnswer(status, code, message);
	return new Refusal(answer.status, answer.body);
}

function customerAnswer(status: number, code: string, message: string): ErrorAnswer {
	return { status, body: { code, message } };
}

function codeOf(status: number): string {
	if (status === 401) return 'INVALID_API_KEY';
	if (status === 403) return 'PERMISSION_DENIED';
	if (status === 404) return 'CUSTOMER_NOT_FOUND';
	return 'INVALID_PARAMETERS';
}
