/** Solve360 in the sandbox: https://solve360.com/api/webhook-management, https://norada.com/api/introduction */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../core/provider.ts';
import { call, eventually, hmacHex, list, object, useSandbox } from './helpers.mts';
import type { CallOptions } from './helpers.mts';

const basic = (email: string, token: string) => `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
const FIRST = basic('demo@example.com', 'sandbox-solve360-token');
const SECOND = basic('demo-2@example.com', 'sandbox-solve360-token-2');

describe('Solve360', () => {
	const sandbox = useSandbox({ speed: 100_000 });
	const solve = (path: string, options: CallOptions = {}, authorization = FIRST) =>
		call(sandbox.url(`/solve360${path}`), {
			...options,
			headers: { authorization, accept: 'application/json', ...options.headers },
		});
	const hook = (event: string, more: JsonObject = {}, authorization?: string) => {
		const base = { type: 'web', title: 'A hook', active: 1, event, contenttype: 'json', secret: 'shh' };
		return solve('/hooks/', { json: { ...base, url: `${sandbox.receiver.url}/hook`, ...more } }, authorization);
	};
	const failed = (json: JsonObject, code: string) => {
		assert.equal(json.status, 'failed');
		assert.deepEqual(Object.keys(object(json.errors)), [code]);
	};

	it('takes email and token by Basic authentication', async () => {
		for (const authorization of [
			'',
			'Bearer x',
			basic('demo@example.com', 'no'),
			basic('no@example.com', 'sandbox-solve360-token'),
		]) {
			const { status, json } = await solve('/contacts/', {}, authorization);
			assert.equal(status, 401);
			assert.equal(json.status, 'failed');
		}
		assert.equal((await solve('/contacts/')).status, 200);
	});

	it('answers in XML unless JSON is accepted, and takes XML, JSON and forms', async () => {
		const xml = { accept: '*/*' };
		const listed = await solve('/contacts/?limit=1', { headers: xml });
		assert.match(listed.headers.get('content-type') ?? '', /application\/xml/);
		assert.match(
			listed.text,
			/^<\?xml [^>]*>\s*<response><id(\d+)><id>\1<.*<status>success<\/status><count>12<\/count><\/response>$/,
		);
		const refused = await call(sandbox.url('/solve360/contacts/'));
		assert.match(refused.text, /<response><errors><authentication>.*<status>failed<\/status><\/response>/);
		const body = '<request><firstname>Ann &amp; Co</firstname></request>';
		const created = await solve('/contacts/', { body, headers: { 'content-type': 'application/xml' } });
		assert.equal(object(created.json.item).name, 'Ann & Co');
		const form = await solve('/contacts/', { body: new URLSearchParams({ firstname: 'Form', lastname: 'Example' }) });
		assert.equal(object(form.json.item).name, 'Form Example');
	});

	it('lists records keyed by id, with filters, order and pages', async () => {
		const first = await solve('/contacts?limit=5&sortfield=created&sortdir=DESC&layout=1');
		assert.deepEqual([first.json.status, first.json.count], ['success', 12]);
		const rows = Object.entries(first.json).filter(([, value]) => typeof value === 'object');
		assert.equal(rows.length, 5);
		for (const [key, row] of rows) assert.equal(key, String(object(row).id));
		assert.match(String(object(rows[0]?.[1]).businessemail), /@example.com$/);
		const last = await solve('/contacts?limit=5&start=11');
		assert.equal(Object.values(last.json).filter((value) => typeof value === 'object').length, 2);
		const byEmail = await solve('/contacts/?filtermode=byemail&filtervalue=ADA.3@example.com');
		assert.equal(byEmail.json.count, 1);
	});

	it('creates, changes, tags, relates and deletes records, and raises each event', async () => {
		for (const event of ['items.create', 'items.update', 'items.categorize', 'items.uncategorize', 'items.delete'])
			await hook(event);
		const created = await solve('/contacts/', {
			json: { firstname: 'Eve', businessemail: 'eve@example.com', custom9001: 'Tin' },
		});
		const id = Number(object(created.json.item).id);
		assert.equal(object(object(created.json.item).fields).custom9001, 'Tin');
		const tagged = await solve(`/contacts/${id}/`, {
			method: 'PUT',
			json: { categories: { add: ['53966'] } },
		});
		assert.deepEqual(tagged.json.categories, [{ id: 53966, name: 'Lead' }]);
		await solve(`/contacts/${id}/`, { method: 'PUT', json: { categories: { remove: ['53966'] } } });
		const related = { relateditems: { add: [{ id: '467101', note: 'works at' }] }, jobtitle: 'Boss' };
		const changed = await solve(`/contacts/${id}/`, { method: 'PUT', json: related });
		assert.deepEqual(changed.json.relateditems, [
			{ id: 467101, name: 'Example Pty Ltd', typeid: 40, note: 'works at' },
		]);
		assert.deepEqual((await solve(`/contacts/${id}/`, { method: 'DELETE' })).json, { status: 'success' });
		assert.equal((await solve(`/contacts/${id}/`)).status, 404);
		await eventually(() => assert.equal(sandbox.receiver.received.length, 5));
		const got = sandbox.receiver.received.map((one) => [one.json.type, one.json.objectid]);
		const events = ['items.create', 'items.categorize', 'items.uncategorize', 'items.update', 'items.delete'];
		assert.deepEqual(new Set(got.map(String)), new Set(events.map((event) => String([event, id]))));
		const content = object(sandbox.receiver.received.find((one) => one.json.type === 'items.create')?.json.content);
		assert.equal(object(object(content.item).fields).firstname, 'Eve');
	});

	it('refuses an unknown field, tag or parent with status failed under HTTP 200', async () => {
		const field = await solve('/contacts/', { json: { cullularphone: '1' } });
		assert.equal(field.status, 200);
		assert.deepEqual(field.json, { errors: { incorrectfield: 'Incorrect field specified' }, status: 'failed' });
		failed((await solve('/contacts/', { json: { categories: { add: ['1'] } } })).json, 'category');
		failed((await solve('/contacts/note/', { json: { parent: 1, data: { details: 'x' } } })).json, 'parent');
		assert.equal(Number((await solve('/contacts/')).json.count), 12, 'nothing was created');
	});

	it('has tags, fields, owners, activities and reports', async () => {
		const tag = await solve('/companies/categories/', { json: { name: 'Installer' } });
		const tags = list((await solve('/companies/categories/')).json.categories).map((one) => object(one).name);
		assert.deepEqual(tags, ['Lead', 'Customer', 'Installer']);
		assert.ok(tag.json.id);
		const fields = list((await solve('/contacts/fields/')).json.fields).map((one) => object(one).name);
		assert.ok(fields.includes('firstname') && fields.includes('custom9001'));
		const owners = await solve('/ownership/');
		assert.equal(list(owners.json.users).length, 2);
		await hook('activities.create');
		await hook('activities.update');
		await hook('activities.delete');
		const task = await solve('/contacts/task/', {
			json: { parent: 467069, data: { title: 'Call', duedate: '2026-02-09' } },
		});
		const id = Number(task.json.id);
		await solve(`/contacts/task/${id}/`, { method: 'PUT', json: { data: { completed: 1 } } });
		const days = 'start=2026-01-01&end=2099-01-01';
		const report = await solve(`/report/activities/?types=14&${days}`);
		assert.equal(object(object(report.json[String(id)]).fields).completed, 1);
		assert.equal(object(report.json[String(id)]).parent, 467069);
		failed((await solve(`/report/activities/?${days}`)).json, 'types');
		failed((await solve(`/report/activities/?types=14&categories=53966&${days}`)).json, 'itemtypes');
		for (const name of ['nextactions', 'calendar', 'followups', 'opportunities', 'timetracking']) {
			assert.equal((await solve(`/report/${name}/`)).json.status, 'success');
		}
		await solve(`/contacts/task/${id}/`, { method: 'DELETE' });
		assert.equal((await solve(`/contacts/task/${id}/`, { method: 'DELETE' })).status, 404);
		await eventually(() => assert.equal(sandbox.receiver.received.length, 3));
		for (const { json } of sandbox.receiver.received)
			assert.deepEqual([json.objectid, object(json.content).item], [id, 467069]);
	});

	it('keeps hooks: create, list, show, change, remove, one account apart from the other', async () => {
		const made = await hook('items.create');
		assert.deepEqual([made.json.status, made.json.active, made.json.event], ['success', 1, 'items.create']);
		await hook('items.create', {}, SECOND);
		const listed = (await solve('/hooks')).json;
		assert.equal(listed.count, 1);
		assert.equal(object(listed[String(made.json.id)]).url, `${sandbox.receiver.url}/hook`);
		const off = await solve(`/hooks/${String(made.json.id)}/`, { method: 'PUT', json: { active: 0 } });
		assert.equal(off.json.active, 0);
		const raised = await sandbox.raise({ provider: 'solve360', event: 'items.create', account: '1' });
		assert.deepEqual(raised.deliveries, [], 'a hook that is off gets nothing');
		assert.deepEqual((await solve(`/hooks/${String(made.json.id)}/`, { method: 'DELETE' })).json, {
			status: 'success',
		});
		assert.equal((await solve(`/hooks/${String(made.json.id)}/`, { method: 'DELETE' })).status, 404);
	});

	it('makes a hook that is off when active is left out, as the documented sample is', async () => {
		const json = { type: 'web', event: 'items.create', url: `${sandbox.receiver.url}/hook` };
		const made = (await solve('/hooks/', { json })).json;
		assert.deepEqual([made.active, made.contenttype, made.constrainttype], [0, 'xml', 'all']);
		failed((await hook('items.created')).json, 'event');
		failed((await hook('items.create', { url: 'nowhere' })).json, 'url');
		failed((await hook('items.create', { contenttype: 'yaml' })).json, 'contenttype');
		failed((await hook('items.create', { constrainttype: 'everything' })).json, 'constrainttype');
		await sandbox.fault({ provider: 'solve360', behaviour: { webhooksOff: true } });
		failed((await hook('items.create')).json, 'webhooks');
	});

	it('signs JSON, XML and form bodies over the raw bytes', async () => {
		for (const contenttype of ['json', 'xml', 'form']) {
			await hook('items.update', { contenttype, url: `${sandbox.receiver.url}/${contenttype}` });
		}
		const data = { item: { fields: { firstname: 'Zoë & <Co>' } } };
		const raised = await sandbox.raise({ provider: 'solve360', event: 'items.update', data });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 3));
		for (const { headers, body } of sandbox.receiver.received) {
			assert.equal(headers['x-solve360-hmac-sha256'], hmacHex('shh', body));
		}
		const [json] = sandbox.receiver.at('/json');
		const [xml] = sandbox.receiver.at('/xml');
		const [form] = sandbox.receiver.at('/form');
		assert.deepEqual(json?.json, raised.payload);
		assert.equal(xml?.headers['content-type'], 'application/xml');
		assert.match(xml?.body ?? '', /<notification><type>items.update<\/type><objectid>\d+<\/objectid>/);
		assert.match(xml?.body ?? '', /<firstname>Zoë &amp; &lt;Co&gt;<\/firstname>/);
		assert.equal(form?.headers['content-type'], 'application/x-www-form-urlencoded');
		const fields = new URLSearchParams(form?.body);
		assert.equal(fields.get('content[item][fields][firstname]'), 'Zoë & <Co>');
		assert.equal(fields.get('objectid'), String(object(raised.payload).objectid));
	});

	it('keeps to constrainttype', async () => {
		await hook('items.create', { constrainttype: 'company', url: `${sandbox.receiver.url}/company` });
		await hook('items.create', { constrainttype: 'contact', url: `${sandbox.receiver.url}/contact` });
		await hook('activities.create', { constrainttype: 'company', url: `${sandbox.receiver.url}/note` });
		await solve('/companies/', { json: { name: 'New Pty Ltd' } });
		await solve('/companies/note/', { json: { parent: 467101, data: { details: 'x' } } });
		await solve('/contacts/note/', { json: { parent: 467069, data: { details: 'x' } } });
		await eventually(() => assert.equal(sandbox.receiver.received.length, 2));
		assert.deepEqual(sandbox.receiver.received.map((one) => one.path).sort(), ['/company', '/note']);
	});

	it('tries five times in all, takes any 2xx, and leaves the hook on', async () => {
		await hook('items.create');
		sandbox.receiver.answers.set('/hook', 500);
		await sandbox.raise({ provider: 'solve360', event: 'items.create' });
		await eventually(async () => assert.equal((await sandbox.deliveries('?state=failed')).length, 1));
		assert.equal(sandbox.receiver.received.length, 5);
		sandbox.receiver.answers.set('/hook', 204);
		await sandbox.raise({ provider: 'solve360', event: 'items.create' });
		await eventually(async () => assert.equal((await sandbox.deliveries('?state=delivered')).length, 1));
	});
});
