/** Solar Proof in the sandbox: https://solarproof.com.au/api-documentation/ */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Json, JsonObject } from '../../core/provider.ts';
import { call, eventually, list, object, string, useSandbox } from './helpers.mts';
import type { CallOptions } from './helpers.mts';

const KEY = 'sandbox-solar-proof-key';

describe('Solar Proof', () => {
	const sandbox = useSandbox({ speed: 100_000 });
	const act = (action: string, options: CallOptions & { query?: string } = {}, key = KEY) =>
		call(sandbox.url(`/solar-proof/apidata.php?action=${action}&api_key=${key}${options.query ?? ''}`), options);
	const subscribe = (path: string, event: string, key?: string) =>
		act('subscribe_customer', { json: { hookUrl: sandbox.receiver.url + path, type_request: event } }, key);
	const unsubscribe = (path: string, method = 'POST') =>
		act('unsubscribe_customer', { method, json: { hookUrl: sandbox.receiver.url + path } });
	const data = (action: string, fields: JsonObject): CallOptions => ({
		json: { data: { apikey: KEY, action, ...fields } },
	});
	const customer = {
		firstname: 'Jane',
		surname: 'New',
		email: 'jane.new@example.com',
		phone1: '0400',
		type: 'RESIDENTIAL',
	};

	it('answers subscribing with the documented messages', async () => {
		const json = { 'content-type': 'application/json' };
		const says = async (options: CallOptions, key?: string) => {
			const answer = await act('subscribe_customer', { method: 'POST', ...options }, key);
			assert.equal(answer.status, 400);
			assert.equal(answer.json.success, false);
			return answer.json.message;
		};
		assert.equal(await says({ headers: json, body: '' }), 'Empty request body');
		assert.equal(await says({ headers: json, body: '{"hook' }), 'Invalid JSON');
		assert.equal(await says({ json: { type_request: 'customer_created' } }), 'hookUrl parameter is required');
		assert.equal(
			await says({ json: { hookUrl: 'nowhere', type_request: 'customer_created' } }),
			'Invalid webhook URL format',
		);
		assert.equal(await says({ json: { hookUrl: 'https://example.com', type_request: 'x' } }), 'Invalid webhook type');
		assert.equal(
			await says({ json: { hookUrl: 'https://example.com', type_request: 'customer_created' } }, 'no'),
			'Invalid API key',
		);
		const good = await subscribe('/hook', 'customer_created');
		assert.deepEqual([good.status, good.json], [200, { success: true, message: 'Webhook subscribed successfully' }]);
	});

	it('demands https of addresses beyond this machine, of all, or of none', async () => {
		const far = { json: { hookUrl: 'http://hooks.example.com/', type_request: 'customer_created' } };
		const refused = await act('subscribe_customer', far);
		assert.deepEqual([refused.status, refused.json.message], [400, 'Invalid webhook URL format']);
		await sandbox.fault({ provider: 'solar-proof', behaviour: { httpHooks: true } });
		assert.equal((await act('subscribe_customer', far)).status, 200);
		await sandbox.fault({ provider: 'solar-proof', behaviour: { httpHooks: false } });
		assert.equal((await subscribe('/hook', 'customer_created')).status, 400);
	});

	it('sends the older generation of its documentation when that is the reading', async () => {
		await subscribe('/hook', 'customer_created');
		await subscribe('/hook', 'project_sms_sent');
		await sandbox.variants({ provider: 'solar-proof', payloads: 'older' });
		const created = await act('createcustomer', data('createcustomer', customer));
		await sandbox.raise({ provider: 'solar-proof', event: 'project_sms_sent' });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 2));
		const bodies = sandbox.receiver.received.map((one) => JSON.parse(one.body));
		const older = bodies.find((one) => 'pkcustomerid' in one);
		assert.equal(older.pkcustomerid, Number(string(created.json.id)));
		assert.equal(older.customer_type, 'RESIDENTIAL');
		assert.equal(older.customer_id, undefined);
		assert.ok(
			bodies.every((one) => !Array.isArray(one)),
			'single objects throughout',
		);
	});

	it('removes every event of a URL, by POST and by DELETE', async () => {
		for (const method of ['POST', 'DELETE']) {
			await subscribe('/one', 'customer_created');
			await subscribe('/one', 'project_sms_sent');
			await subscribe('/two', 'customer_created');
			const gone = await unsubscribe('/one', method);
			assert.deepEqual(gone.json, { success: true, message: 'Webhook unsubscribed successfully' });
			assert.equal((await sandbox.subscriptions()).length, 1);
			const again = await unsubscribe('/one', method);
			assert.deepEqual(
				[again.status, again.json],
				[400, { success: false, message: 'No matching webhook found for this user' }],
			);
			await unsubscribe('/two', method);
		}
	});

	it('keeps a URL subscribed twice to an event once, unless told otherwise', async () => {
		await subscribe('/hook', 'customer_created');
		await subscribe('/hook', 'customer_created');
		assert.equal((await sandbox.subscriptions()).length, 1);
		await sandbox.fault({ provider: 'solar-proof', behaviour: { subscribeTwiceDoubles: true } });
		await subscribe('/hook', 'customer_created');
		assert.equal((await sandbox.subscriptions()).length, 2);
	});

	it('tells every subscriber of the account, at the exact URL, about a created customer', async () => {
		await subscribe('/one?event=customer_created&token=abc', 'customer_created');
		await subscribe('/two', 'customer_created');
		await subscribe('/other-account', 'customer_created', `${KEY}-2`);
		const created = await act('createcustomer', data('createcustomer', customer));
		assert.equal(created.json.Message, 'Customer created successfully!');
		await eventually(() => assert.equal(sandbox.receiver.received.length, 2));
		const [got] = sandbox.receiver.at('/one');
		assert.equal(got?.query.toString(), 'event=customer_created&token=abc');
		assert.equal(got?.json.customer_id, Number(string(created.json.id)));
		assert.equal(got?.json.customer_email, 'jane.new@example.com');
		assert.deepEqual(
			Object.keys(got?.headers ?? {}).filter((name) => /signature|hmac/.test(name)),
			[],
		);
	});

	it('can be told to send a wrong token, and none', async () => {
		await subscribe('/hook?event=customer_created&token=abc1', 'customer_created');
		await sandbox.fault({ provider: 'solar-proof', deliveries: { wrongSignature: true, count: 1 } });
		await sandbox.raise({ provider: 'solar-proof', event: 'customer_created' });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 1));
		await sandbox.fault({ provider: 'solar-proof', deliveries: { unsigned: true, count: 1 } });
		await sandbox.raise({ provider: 'solar-proof', event: 'customer_created' });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 2));
		assert.deepEqual(
			sandbox.receiver.received.map((one) => one.query.get('token')),
			['abc0', null],
		);
	});

	it('creates, changes, finds, lists and deletes customers', async () => {
		const { json } = await act('createcustomer', data('createcustomer', customer));
		const pkcustomerid = Number(string(json.id));
		const updated = await act('updatecustomer', {
			...data('updatecustomer', { pkcustomerid, surname: 'Changed' }),
			method: 'PUT',
		});
		assert.deepEqual(updated.json, { Message: 'Customer updated successfully!', CustomerId: String(pkcustomerid) });
		const found = await act('getcustomerByemail', { query: '&customer_email=jane.new@example.com' });
		assert.equal(found.json.customer_last_name, 'Changed');
		assert.equal(found.json.customer_type, 'Residential');
		assert.equal(
			(await act('getcustomerid', { query: '&customer_email=jane.new@example.com' })).json.customer_id,
			String(pkcustomerid),
		);
		const deleted = await act('deletecustomer', { ...data('deletecustomer', { pkcustomerid }), method: 'DELETE' });
		assert.deepEqual(deleted.json, { Message: 'Customer Deleted Permanently!', CustomerId: String(pkcustomerid) });
		const gone = await act('deletecustomer', data('deletecustomer', { pkcustomerid }));
		assert.deepEqual(gone.json, { code: 'CUSTOMER_NOT_FOUND', message: `No customer exists with ID: ${pkcustomerid}` });
	});

	it('gives pages of fifty as a bare list', async () => {
		const page = async (number: number) =>
			JSON.parse((await act('getallcustomers', { query: `&page=${number}` })).text) as Json;
		assert.equal(list(await page(1)).length, 50);
		assert.equal(list(await page(2)).length, 5);
		assert.equal(list(await page(3)).length, 0);
	});

	it('asks for the key again inside data, and can send errors under HTTP 200', async () => {
		const without = await act('createcustomer', { json: { data: { ...customer, action: 'createcustomer' } } });
		assert.deepEqual([without.status, without.json.code], [400, 'INVALID_PARAMETERS']);
		const wrong = await act('createcustomer', data('createcustomer', { ...customer, apikey: 'no' }));
		assert.deepEqual([wrong.status, wrong.json.code], [401, 'INVALID_API_KEY']);
		const incomplete = await act('createcustomer', data('createcustomer', { ...customer, phone1: '' }));
		assert.deepEqual(incomplete.json, { code: 'INVALID_PARAMETERS', message: 'phone1 is required' });
		await sandbox.fault({ provider: 'solar-proof', calls: [{ kind: 'ok-status' }] });
		const hidden = await act('getcustomerid', { query: '&customer_email=none@example.com' });
		assert.deepEqual([hidden.status, hidden.json.code], [200, 'CUSTOMER_NOT_FOUND']);
	});

	it('creates projects from a form, makes or finds the customer, and raises the draft', async () => {
		await subscribe('/draft', 'recent_draft_project');
		const project = {
			quotenickname: 'Roof',
			contact: { email: 'sam@example.com', firstname: 'Sam', surname: 'New', phone: '0400' },
		};
		const form = new URLSearchParams({ action: 'createproject', data: JSON.stringify(project) });
		const url = sandbox.url(`/solar-proof/apidata.php?api_key=${KEY}`);
		const first = await call(url, { body: form });
		const second = await call(url, { body: form });
		assert.equal(first.status, 200, first.text);
		assert.equal(second.json.customer_id, first.json.customer_id, 'the same email is the same customer');
		await eventually(() => assert.equal(sandbox.receiver.at('/draft').length, 2));
		const query = `&project_id=${string(first.json.project_id)}`;
		const shown = object(list((await act('getprojectinfo', { query })).json.project_info)[0]);
		assert.equal(shown.quotenickname, 'Roof');
		assert.equal(typeof JSON.parse(string(shown.siteaddress)), 'object', 'the address is a JSON text');
		assert.equal(list((await act('getprojectinfo', { query: `${query}&expanded=1` })).json.expanded_info).length, 1);
		const owner = object((await act('getcustomerofproject', { query })).json.Customer);
		assert.deepEqual([owner.email, String(owner.customerID)], ['sam@example.com', first.json.customer_id]);
		assert.equal((await act('getprojectinfo', { query: '&project_id=1' })).status, 404);
	});

	it('retries, and gives up without switching off', async () => {
		await subscribe('/hook', 'customer_created');
		sandbox.receiver.answers.set('/hook', 503);
		await sandbox.raise({ provider: 'solar-proof', event: 'customer_created' });
		await eventually(async () => assert.equal((await sandbox.deliveries('?state=failed')).length, 1));
		assert.equal(sandbox.receiver.received.length, 4);
		assert.equal((await sandbox.subscriptions())[0]?.active, true);
	});

	it('gives each raised event ids of its own, and lays data over them', async () => {
		const one = await sandbox.raise({ provider: 'solar-proof', event: 'customer_created' });
		const two = await sandbox.raise({
			provider: 'solar-proof',
			event: 'customer_created',
			data: { first_name: 'Mine' },
		});
		assert.notEqual(object(one.payload).customer_id, object(two.payload).customer_id);
		assert.equal(object(two.payload).first_name, 'Mine');
		const three = await sandbox.raise({
			provider: 'solar-proof',
			event: 'customer_status_change',
			data: [{ a: 1 }, { a: 2 }],
		});
		assert.deepEqual(
			list(three.payload).map((element) => object(element).a),
			[1, 2],
		);
	});
});

describe('Solar Proof, when a URL is unsubscribed while a retry is due', () => {
	// The first retry is due after 300 ms.
	const sandbox = useSandbox({ speed: 200 });
	const act = async (action: string, json: JsonObject) => {
		const { status } = await call(sandbox.url(`/solar-proof/apidata.php?action=${action}&api_key=${KEY}`), { json });
		assert.equal(status, 200);
	};
	const subscribe = (path: string, event: string) =>
		act('subscribe_customer', { hookUrl: sandbox.receiver.url + path, type_request: event });
	const unsubscribe = (path: string) => act('unsubscribe_customer', { hookUrl: sandbox.receiver.url + path });
	const ends = (state: string) =>
		eventually(async () => assert.equal((await sandbox.deliveries())[0]?.state, state), 8000);

	beforeEach(async () => {
		await subscribe('/hook', 'customer_created');
		sandbox.receiver.answers.set('/hook', 500);
		await sandbox.raise({ provider: 'solar-proof', event: 'customer_created' });
		await eventually(async () => assert.ok((await sandbox.deliveries())[0]?.nextRetryAt));
	});

	for (const dropped of [false, true]) {
		it(`${dropped ? 'can be told to drop' : 'makes'} the retry if the URL is subscribed to the event again`, async () => {
			await sandbox.fault({ provider: 'solar-proof', behaviour: { unsubscribeDropsRetries: dropped } });
			await unsubscribe('/hook');
			await subscribe('/hook', 'customer_status_change');
			await subscribe('/hook', 'customer_created');
			sandbox.receiver.answers.clear();
			await ends(dropped ? 'abandoned' : 'delivered');
			assert.equal(sandbox.receiver.received.length, dropped ? 1 : 2);
		});
	}

	it('drops the retry if nobody subscribes the URL to the event again', async () => {
		await unsubscribe('/hook');
		await subscribe('/hook', 'customer_status_change');
		await subscribe('/other', 'customer_created');
		await ends('abandoned');
		assert.equal(sandbox.receiver.received.length, 1);
	});
});
