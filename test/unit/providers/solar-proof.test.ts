import { describe, expect, test } from '@jest/globals';
import { InvalidInput } from '../../../core/errors.ts';
import type { HttpRequest, Json, JsonObject } from '../../../core/provider.ts';
import { createdPayload } from '../../../providers/solar-proof/events.ts';
import { isGone, readError } from '../../../providers/solar-proof/answers.ts';
import { solarProof } from '../../../providers/solar-proof/provider.ts';
import { answer, delivered, operation, page, ran, request, subscriptionApi, told } from './calling.ts';

/** Payloads of the older generation of the documentation: single objects. */
const OLDER: { readonly [event: string]: JsonObject } = {
	customer_created: {
		pkcustomerid: 12345,
		fkuserid: 67890,
		customer_email: 'john.doe@example.com',
		customer_name: 'John Doe',
		customer_type: 'RESIDENTIAL',
		customer_status: 1,
	},
	customer_status_change: {
		pkcustomerid: 12345,
		fkuserid: 67890,
		customer_email: 'john.doe@example.com',
		customer_name: 'John Doe',
		old_status: 1,
		new_status: 2,
	},
};

const TOKEN = { value: 'a-made-up-token' };

function arrives(event: string, payload: Json, token = TOKEN.value) {
	const secrets = [{ ...TOKEN, events: [event] }];
	return delivered(solarProof, JSON.stringify(payload), { query: { event, token } }, { secrets });
}

describe('events', () => {
	test('the six that can be subscribed to, and the one that a single page names', () => {
		expect(solarProof.events.map(({ name }) => name)).toEqual([
			'customer_created',
			'customer_status_change',
			'project_email_sent',
			'project_sms_sent',
			'published_proposal_link',
			'recent_draft_project',
			'contract_signed',
		]);
		expect(solarProof.events.at(-1)!.note).toContain('Invalid webhook type');
		const looks = solarProof.events.filter(({ lookAlike }) => lookAlike !== true).map(({ name }) => name);
		expect(looks).toEqual(['customer_created']);
		const documented = solarProof.events.filter(({ sampleGrade }) => sampleGrade === 'documented');
		expect(documented.map(({ name }) => name)).toEqual(['customer_created']);
	});

	test.each(solarProof.events.map(({ name, sample }) => [name, sample] as const))(
		'%s arrives as it was sent, with its event added',
		(event, sample) => {
			const elements = (Array.isArray(sample) ? sample : [sample]) as JsonObject[];
			expect(arrives(event, sample)).toMatchObject({
				outcome: 'accepted',
				event,
				items: elements.map((element) => ({ ...element, event })),
				lookAlike: event !== 'customer_created',
				warnings: [],
			});
			expect(arrives(event, sample, 'another-token')).toMatchObject({ outcome: 'rejected', status: 401 });
		},
	);

	test.each(Object.entries(OLDER))(
		'%s of the older documentation arrives as well, alone or in an array',
		(event, older) => {
			const item = { ...older, event };
			expect(arrives(event, older)).toMatchObject({ outcome: 'accepted', items: [item] });
			expect(arrives(event, [older, older])).toMatchObject({ outcome: 'accepted', items: [item, item] });
		},
	);

	test('the same payload under another event is another delivery', () => {
		const idOf = (event: string) => {
			const verdict = arrives(event, OLDER.customer_created!);
			return verdict.outcome === 'accepted' ? verdict.deliveryId : '';
		};
		expect(idOf('project_email_sent')).toMatch(/^project_email_sent:[0-9a-f]{64}$/);
		expect(idOf('project_email_sent')).not.toBe(idOf('project_sms_sent'));
		expect(idOf('project_email_sent')).toBe(idOf('project_email_sent'));
	});

	test('the token of one event proves no other', () => {
		const secrets = [{ ...TOKEN, events: ['customer_created'] }];
		const query = { event: 'project_sms_sent', token: TOKEN.value };
		expect(delivered(solarProof, '{}', { query }, { secrets })).toMatchObject({ outcome: 'rejected' });
	});
});

describe('recent customers', () => {
	const { recent, sample } = solarProof.events[0];
	const record = operation(solarProof, 'customer.getMany').sample;

	test('have the keys and the kinds of values of the event', () => {
		expect(recent!.operation).toBe('customer.getMany');
		const payload = recent!.payload(record)!;
		expect(Object.keys(payload)).toEqual(Object.keys(sample as JsonObject));
		expect(payload).toEqual({
			customer_id: 71705,
			customer_uid: null,
			first_name: 'John',
			surname: 'Smith',
			customer_name: 'John Smith',
			phone_primary: '0499399399',
			phone_secondary: '',
			customer_email: 'john.smith@example.com',
			company_name: '',
			company_phone: '',
			abn: null,
			gst_registered: 0,
			customer_type_id: 1,
			customer_status_id: 0,
			site_address: '418 Murray Street, Perth WA 6000, Australia',
			customer_created_at: '2020-11-19',
			customer_notes: 'Customer interested in 10kW system',
			assigned_user_id: 16,
			assigned_user_name: 'Sam User',
			assigned_user_email: 'rep@example.com',
			company_name_full: null,
		});
	});

	test.each<[JsonObject, JsonObject]>([
		[{ gst_status: 'GST Registered' }, { gst_registered: 1 }],
		[{ gst_status: 'Unknown' }, { gst_registered: null }],
		[{ customer_type: 'Large-Scale' }, { customer_type_id: 3 }],
		[{ customer_type: 'commercial' }, { customer_type_id: 2 }],
		[{ customer_status: 'Signed' }, { customer_status_id: 2 }],
		[{ customer_status: 4 }, { customer_status_id: null }],
		[{ customer_notes: '' }, { customer_notes: '' }],
		[{ customer_notes: 'As text' }, { customer_notes: 'As text' }],
		[{ customer_notes: [{ note: 'A' }, 'B', null] }, { customer_notes: 'A\nB' }],
		[{ projects: [] }, { site_address: null }],
		[{ projects: [{ site_address: '1 Example St' }] }, { site_address: '1 Example St' }],
		[{ owner_user_info: 'Sam' }, { assigned_user_id: null, assigned_user_name: '', assigned_user_email: null }],
		[{ customer_id: 5 }, { customer_id: 5 }],
		[{ customer_id: 'C-5' }, { customer_id: 'C-5' }],
	])('with %j become %j', (change, expected) => {
		expect(createdPayload({ ...record, ...change })).toMatchObject(expected);
	});

	test('without an id are left out', () => {
		for (const id of [null, '', {}]) expect(createdPayload({ ...record, customer_id: id })).toBeUndefined();
		expect(createdPayload({})).toBeUndefined();
	});
});

describe('connection', () => {
	const sign = (asked: HttpRequest) => solarProof.api.authenticate(asked, { apiKey: ' a-key ' });

	test('the key goes into the query string of every call', () => {
		expect(sign(solarProof.api.test)).toEqual({
			method: 'GET',
			path: '',
			query: { action: 'getallcustomers', page: 1, api_key: 'a-key' },
		});
	});

	test('and into data where the documents want it there too', () => {
		const update = operation(solarProof, 'customer.delete').request({ customerId: '7' });
		expect(sign(update)).toEqual({
			method: 'POST',
			path: '',
			query: { action: 'deletecustomer', api_key: 'a-key' },
			json: { data: { apikey: 'a-key', action: 'deletecustomer', pkcustomerid: 7 } },
		});
		const project = sign(operation(solarProof, 'project.create').request({ projectName: 'P', customer: 'none' }));
		expect(JSON.parse(project.form!.data!)).toMatchObject({ apikey: 'a-key', quotenickname: 'P' });
		expect(project.form!.action).toBe('createproject');
		expect(project.query).toEqual({ action: 'createproject', api_key: 'a-key' });
	});

	test('and nowhere else', () => {
		const [post] = subscriptionApi(solarProof).unsubscribe({ url: 'https://n8n.example.com/x' });
		expect(sign(post).json).toEqual({ hookUrl: 'https://n8n.example.com/x' });
		const others: Array<{ [name: string]: string }> = [{ a: '1' }, { data: 'no JSON' }, { data: '[]' }];
		for (const form of others) {
			expect(sign({ method: 'POST', path: '', form }).form).toEqual(form);
		}
	});
});

describe('webhooks', () => {
	const api = subscriptionApi(solarProof);
	const url = 'https://n8n.example.com/webhook/1?event=customer_created&token=a-made-up-token';

	test('one call for each event, by its own URL', () => {
		expect([api.per, api.secret, api.identifiedBy, api.list]).toEqual(['event', 'url-token', 'url', undefined]);
		expect(api.subscribe({ url, events: ['customer_created'], title: 'n8n', options: {} })).toEqual({
			method: 'POST',
			path: '',
			query: { action: 'subscribe_customer' },
			json: { hookUrl: url, type_request: 'customer_created' },
		});
		expect(api.subscribed(answer({ success: true, message: 'Webhook subscribed successfully' }))).toEqual({});
	});

	test('removed by exactly that URL, by POST and else by DELETE', () => {
		const call = { path: '', query: { action: 'unsubscribe_customer' }, json: { hookUrl: url } };
		expect(api.unsubscribe({ url })).toEqual([
			{ method: 'POST', ...call },
			{ method: 'DELETE', ...call },
		]);
	});

	test('already gone is told by the message', () => {
		expect(isGone(answer({ success: false, message: 'No matching webhook found for this user' }, 400))).toBe(true);
		expect(isGone(answer({ success: false, message: 'Invalid API key' }, 400))).toBe(false);
		for (const body of [null, [], 'No matching webhook found', { message: 7 }])
			expect(isGone(answer(body, 400))).toBe(false);
	});
});

const CUSTOMER = { firstName: 'Jane', surname: 'Example', email: 'jane@example.com', phone: '0412345678' };

describe('operations', () => {
	const wrote = (action: string, data: JsonObject) => ({
		method: 'POST',
		path: '',
		query: { action },
		json: { data: { action, ...data } },
	});

	test.each<[string, JsonObject, JsonObject]>([
		[
			'customer.create',
			CUSTOMER,
			wrote('createcustomer', {
				firstname: 'Jane',
				surname: 'Example',
				email: 'jane@example.com',
				phone1: '0412345678',
				type: 'RESIDENTIAL',
			}),
		],
		[
			'customer.create',
			{
				...CUSTOMER,
				type: 'LARGE-SCALE',
				secondPhone: '1',
				companyName: 'Acme',
				companyPhone: '2',
				gstRegistered: '1',
				ownerEmail: 'rep@example.com',
			},
			wrote('createcustomer', {
				useremail: 'rep@example.com',
				firstname: 'Jane',
				surname: 'Example',
				email: 'jane@example.com',
				phone1: '0412345678',
				type: 'LARGE-SCALE',
				phone2: '1',
				companyname: 'Acme',
				companyphone: '2',
				gststatus: 1,
			}),
		],
		[
			'customer.update',
			{ customerId: 79461, surname: 'New', companyName: '' },
			wrote('updatecustomer', { pkcustomerid: 79461, surname: 'New' }),
		],
		[
			'customer.update',
			{ customerId: '79461', gstRegistered: '0' },
			wrote('updatecustomer', { pkcustomerid: 79461, gststatus: 0 }),
		],
		['customer.delete', { customerId: '79461' }, wrote('deletecustomer', { pkcustomerid: 79461 })],
		[
			'customer.getByEmail',
			{ email: 'jane@example.com' },
			{ method: 'GET', path: '', query: { action: 'getcustomerByemail', customer_email: 'jane@example.com' } },
		],
		[
			'customer.getIdByEmail',
			{ email: 'jane@example.com' },
			{ method: 'GET', path: '', query: { action: 'getcustomerid', customer_email: 'jane@example.com' } },
		],
		['customer.getMany', {}, { method: 'GET', path: '', query: { action: 'getallcustomers', page: 1 } }],
		[
			'project.get',
			{ projectId: 849 },
			{ method: 'GET', path: '', query: { action: 'getprojectinfo', project_id: 849 } },
		],
		[
			'project.get',
			{ projectId: '849', expanded: true },
			{ method: 'GET', path: '', query: { action: 'getprojectinfo', project_id: 849, expanded: 1 } },
		],
		[
			'project.getCustomer',
			{ projectId: '849' },
			{ method: 'GET', path: '', query: { action: 'getcustomerofproject', project_id: 849 } },
		],
	])('%s of %j is sent as documented', (id, input, expected) => {
		expect(request(solarProof, id, input)).toEqual(expected);
	});

	test.each<[JsonObject, JsonObject]>([
		[{ customer: 'none' }, {}],
		[{ customer: 'existing', customerId: '79461' }, { customer_id: 79461 }],
		[{ contactEmail: 'jane@example.com' }, { contact: { email: 'jane@example.com', type: 'residential' } }],
		[
			{
				customer: 'contact',
				contactEmail: 'jane@example.com',
				contactFirstName: 'Jane',
				contactSurname: 'Example',
				contactPhone: '1',
				contactSecondPhone: '2',
				contactType: 'commercial',
				customerId: '5',
			},
			{
				contact: {
					email: 'jane@example.com',
					firstname: 'Jane',
					surname: 'Example',
					phone: '1',
					phone2: '2',
					type: 'commercial',
				},
			},
		],
		[{ customer: 'none', draft: false }, { is_draft: 0 }],
		[
			{
				customer: 'none',
				siteStreet: 'S',
				siteSuburb: 'T',
				salesRep: 'suser',
				notes: 'N',
				otherFields: { site_state: 'WA' },
			},
			{ site_state: 'WA', site_street: 'S', site_suburb: 'T', username: 'suser', project_notes: 'N' },
		],
	])('a project of %j is a form with %j', (input, expected) => {
		const { form, ...rest } = request(solarProof, 'project.create', { projectName: 'P', ...input });
		expect(rest).toEqual({ method: 'POST', path: '', query: { action: 'createproject' } });
		const { data, ...others } = form as { data: string };
		expect(others).toEqual({ action: 'createproject' });
		expect(JSON.parse(data)).toEqual({ quotenickname: 'P', is_draft: 1, ...expected });
	});

	test.each<[string, JsonObject, string]>([
		['customer.create', { ...CUSTOMER, surname: '' }, '"Surname" is empty'],
		['customer.create', { ...CUSTOMER, email: 'jane' }, '"Email" must be an email address'],
		['customer.create', { ...CUSTOMER, type: 'HUGE' }, '"Customer Type" must be one of'],
		['customer.update', { customerId: '7' }, 'at least one field'],
		['customer.update', { customerId: 'seven', surname: 'New' }, '"Customer ID" must be a whole number'],
		['customer.delete', {}, '"Customer ID" is empty'],
		['customer.delete', { customerId: '7.5' }, '"Customer ID" must be a whole number'],
		['customer.getByEmail', { email: ' ' }, '"Email" is empty'],
		['project.get', { projectId: '-1' }, '"Project ID" must be a whole number'],
		['project.create', { customer: 'none' }, '"Project Name" is empty'],
		['project.create', { projectName: 'P' }, '"Email" is empty'],
		['project.create', { projectName: 'P', customer: 'existing' }, '"Customer ID" is empty'],
	])('%s of %j is not sent', (id, input, message) => {
		expect(() => request(solarProof, id, input)).toThrow(InvalidInput);
		expect(() => request(solarProof, id, input)).toThrow(message);
	});

	test('deleting says that it is for good, and that it is done', async () => {
		expect(operation(solarProof, 'customer.delete').description).toMatch(/permanently.*cannot be undone/);
		const body = { Message: 'Customer Deleted Permanently!', CustomerId: '79461' };
		const { items } = await ran(solarProof, 'customer.delete', { customerId: '79461' }, [answer(body)]);
		expect(items).toEqual([{ ...body, deleted: true }]);
	});

	test('customers come in pages of 50, and only as many as are wanted', async () => {
		const customers = (count: number, from = 0) =>
			answer(Array.from({ length: count }, (_, index) => ({ customer_id: String(from + index) })));
		const all = await ran(solarProof, 'customer.getMany', {}, [customers(50), customers(50, 50), customers(3, 100)]);
		expect(all.items).toHaveLength(103);
		expect(all.sent.map(({ query }) => (query as JsonObject).page)).toEqual([1, 2, 3]);
		const few = await ran(solarProof, 'customer.getMany', {}, [customers(50)], 10);
		expect(few.items).toHaveLength(10);
		// The last page is short: that there are fewer than are wanted must not ask again for ever.
		const short = await ran(solarProof, 'customer.getMany', {}, [customers(20)], 30);
		expect(short.items).toHaveLength(20);
		const exact = await ran(solarProof, 'customer.getMany', {}, [customers(50), customers(0)]);
		expect(exact.items).toHaveLength(50);
	});

	test.each<[Json, JsonObject[]]>([
		[{ project_info: [{ project_id: '849' }] }, [{ project_id: '849' }]],
		[
			{ project_info: [{ project_id: '849' }], expanded_info: [{ notes: [] }] },
			[{ project_id: '849', expanded_info: [{ notes: [] }] }],
		],
		[{ project_info: { project_id: '849' } }, [{ project_id: '849' }]],
		[{ project_info: [] }, []],
		[{ project_id: '849' }, [{ project_id: '849' }]],
		[[{ project_id: '849' }, null], [{ project_id: '849' }]],
	])('a project in %j becomes %j', async (body, expected) => {
		expect((await ran(solarProof, 'project.get', { projectId: '849' }, [answer(body)])).items).toEqual(expected);
	});

	test('the customer of a project is on its own', async () => {
		const asked = (body: Json) => ran(solarProof, 'project.getCustomer', { projectId: '849' }, [answer(body)]);
		expect((await asked({ Message: 'Found', Customer: { customerID: 7 } })).items).toEqual([{ customerID: 7 }]);
		expect((await asked({ Message: 'Found' })).items).toEqual([{ Message: 'Found' }]);
		expect((await asked([])).items).toEqual([]);
	});

	test('a refusal under 200 is told, by either envelope', async () => {
		const missing = answer({ code: 'CUSTOMER_NOT_FOUND', message: 'No customer exists with ID: 79461' });
		await expect(ran(solarProof, 'customer.delete', { customerId: '79461' }, [missing])).rejects.toThrow(
			/^Solar Proof found no customer with this ID\.$/,
		);
		const failed = answer({ code: 'DELETION_FAILED', message: 'Has projects' });
		await expect(ran(solarProof, 'customer.delete', { customerId: '79461' }, [failed])).rejects.toThrow(
			'Solar Proof did not accept "Delete customer": Has projects (DELETION_FAILED)',
		);
	});
});

describe('errors', () => {
	test.each<[number, Json, unknown]>([
		[400, { success: false, message: 'Empty request body' }, { message: 'Empty request body' }],
		[200, { success: false, message: 'Invalid JSON' }, { message: 'Invalid JSON' }],
		[200, { success: 'false' }, { message: 'it gave no reason' }],
		[200, { success: false, message: { a: 1 } }, { message: 'it gave no reason' }],
		[404, { code: 'CUSTOMER_NOT_FOUND', message: 'No' }, { message: 'No', code: 'CUSTOMER_NOT_FOUND' }],
		[200, { code: 'DELETION_FAILED', message: 'No' }, { message: 'No', code: 'DELETION_FAILED' }],
		[200, { code: 500, message: 'No' }, { message: 'No', code: '500' }],
		[500, { Message: 'Down' }, { message: 'Down' }],
		[500, {}, undefined],
		[200, { success: true, message: 'Webhook subscribed successfully' }, undefined],
		[200, { Message: 'Customer created successfully!', id: '79459' }, undefined],
		[200, { code: 'WA', customer_id: '7' }, undefined],
		[200, [], undefined],
		[200, null, undefined],
	])('%i %j', (status, body, expected) => {
		expect(readError(answer(body, status))).toEqual(expected);
	});

	test('what to do comes with the message', () => {
		const message = (body: JsonObject, status = 400) => told(solarProof, answer(body, status));
		expect(message({ success: false, message: 'Invalid API key' })).toMatch(/Invalid API key: check the API key/);
		expect(message({ code: 'INVALID_API_KEY', message: 'Invalid' }, 200)).toMatch(/check the API key/);
		expect(message({ success: false, message: 'Invalid webhook type' })).toMatch(
			/contract_signed is documented on one page only/,
		);
		expect(message({ success: false, message: 'Invalid webhook URL format' })).toMatch(/public https address/);
	});

	test('an answer that is not JSON is never taken for success', () => {
		expect(told(solarProof, page('<br />Warning: mysqli'))).toContain('something other than JSON');
		expect(told(solarProof, page('<html>', 502))).toContain('status 502');
		expect(told(solarProof, page('', 405))).toMatch(/POST was assumed/);
	});
});
