/**
 * Solve360 in each of the readings that its sources give: Hookline's operations do the same in all of them, and where the service does
 * nothing in silence, they say so.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contractOf } from '../../contracts/index.mts';
import { parsed, text } from '../../core/json.ts';
import { encodeMultipart } from '../../core/multipart.ts';
import { findOperation, run } from '../../core/operation.ts';
import type { HttpRequest, Json, JsonObject, Send, Values } from '../../core/provider.ts';
import { solve360 } from '../../providers/solve360/provider.ts';
import { ACCOUNTS } from '../../sandbox/accounts.mts';
import { call, list, object, useSandbox } from './helpers.mts';

const { credentials } = ACCOUNTS.solve360[0];
const LEAD = { id: '53966', name: 'Lead' };

describe('Solve360 in every reading', () => {
	const sandbox = useSandbox({ speed: 100_000 });

	/** What an adapter does: authentication, and the body as it goes over the wire. */
	const send: Send = async (request) => {
		const ready = solve360.api.authenticate(request, credentials);
		const query = Object.entries(ready.query ?? {}).filter(([, value]) => value !== undefined);
		const url = new URL(sandbox.url(`/solve360${ready.path}`));
		url.search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, String(value)])).toString();
		const parts = ready.multipart === undefined ? undefined : encodeMultipart(ready.multipart);
		const response = await fetch(url, {
			method: ready.method,
			headers: {
				...ready.headers,
				...(ready.json === undefined ? {} : { 'content-type': 'application/json' }),
				...(parts === undefined ? {} : { 'content-type': parts.contentType }),
			},
			...(ready.json === undefined ? {} : { body: JSON.stringify(ready.json) }),
			...(parts === undefined ? {} : { body: new Uint8Array(parts.body) }),
		});
		const body = await response.text();
		return { status: response.status, headers: {}, body: parsed(body), text: body };
	};
	const sent: HttpRequest[] = [];
	const act = async (id: string, input: Values, limit?: number): Promise<JsonObject[]> => {
		const operation = findOperation(solve360, id);
		assert.ok(operation, id);
		sent.length = 0;
		const logged: Send = (request) => (sent.push(request), send(request));
		return run(solve360, operation, input, logged, limit === undefined ? {} : { limit });
	};
	const first = async (id: string, input: Values): Promise<JsonObject> => object((await act(id, input))[0]);
	const idOf = (item: JsonObject): string => text(item.id) ?? '';
	const read = (set: JsonObject) => sandbox.variants({ provider: 'solve360', call: '*', set });

	const { variants = {} } = contractOf('solve360');
	const readings: JsonObject[] = [
		{},
		...Object.entries(variants).flatMap(([name, { values }]) => values.slice(1).map((value) => ({ [name]: value }))),
		// The form in which JSON is made from XML, all at once: as the oldest client has it.
		{
			wrapped: true,
			idsAsText: true,
			emptyListsNull: true,
			oneEntryIsObject: true,
			listKeys: 'id',
			reportShape: 'element',
		},
		{ listStart: 0, pageCap: 4 },
	];

	it('every switch of the contract is among the readings', () => {
		const names = new Set(readings.flatMap((one) => Object.keys(one)));
		assert.deepEqual([...names].sort(), Object.keys(variants).sort());
	});

	for (const reading of readings) {
		const name = JSON.stringify(reading);

		it(`${name}: lists have every record once`, async () => {
			await read(reading);
			const contacts = await act('contact.getMany', {});
			assert.equal(contacts.length, 12);
			assert.equal(new Set(contacts.map(idOf)).size, 12);
			assert.equal((await act('contact.getMany', {}, 5)).length, 5);
			const ada = await act('contact.getMany', { filter: 'byemail', email: 'ada.3@example.com' });
			assert.deepEqual(ada.map(idOf), ['467071']);
			assert.deepEqual(await act('contact.getMany', { filter: 'byemail', email: 'nobody@example.com' }), []);
			const tags = await act('category.getMany', { recordType: 'companies' });
			assert.deepEqual(
				tags.map((tag) => tag.name),
				['Lead', 'Customer'],
			);
			const fields = await act('field.getMany', { recordType: 'contacts' });
			assert.ok(fields.some(({ key, label }) => key === 'custom9001' && label === 'Roof Type'));
			const owners = await act('owner.getMany', {});
			assert.deepEqual(
				owners.map((owner) => [owner.name, owner.kind]),
				[
					['Demo Example', 'user'],
					['Sam Rep', 'user'],
					['Sales', 'group'],
				],
			);
		});

		it(`${name}: a record is created, tagged, related and changed`, async () => {
			await read(reading);
			const created = await first('contact.create', {
				...{ firstName: 'Eve', businessEmail: 'eve@example.com', tags: ['Lead'], assignedTo: 'Sam Rep' },
				fields: { 'Roof Type': 'Tin', custom9002: 7 },
			});
			const id = idOf(created);
			assert.match(id, /^\d+$/);
			const got = await first('contact.get', { id });
			assert.deepEqual(
				list(got.categories).map((tag) => text(object(tag).id)),
				[LEAD.id],
			);
			assert.deepEqual(list(got.relateditems), []);
			const { fields } = object(got.item);
			assert.deepEqual([object(fields).custom9001, object(fields).custom9002], ['Tin', '7']);
			assert.deepEqual([object(fields).assignedto, object(fields).assignedto_cn], ['12831', 'Sam Rep']);
			await act('contact.addTags', { id, tags: ['Customer'] });
			await act('contact.removeTags', { id, tags: [LEAD.id] });
			await act('contact.relate', { id, relatedId: '467101', note: 'works at' });
			const changed = await first('contact.get', { id });
			assert.deepEqual(
				list(changed.categories).map((tag) => object(tag).name),
				['Customer'],
			);
			assert.deepEqual(
				list(changed.relateditems).map((one) => [text(object(one).id), object(one).note]),
				[['467101', 'works at']],
			);
			await act('contact.unrelate', { id, relatedId: '467101' });
			assert.deepEqual(list((await first('contact.get', { id })).relateditems), []);
			const updated = await first('contact.createOrUpdate', { email: 'EVE@example.com', jobTitle: 'Boss' });
			assert.deepEqual([idOf(updated), updated.outcome], [id, 'updated']);
			const other = await first('contact.createOrUpdate', { email: 'new@example.com', firstName: 'New' });
			assert.equal(other.outcome, 'created');
			assert.notEqual(idOf(other), id);
		});

		it(`${name}: activities are in their reports`, async () => {
			await read(reading);
			const days = { start: '2026-01-01', end: '2099-01-01' };
			const add = async (activityType: string, data: JsonObject): Promise<string> =>
				idOf(await first('activity.create', { activityType, recordId: '467069', data }));
			const task = await add('task', { title: 'Call', assignedto: '12830', duedate: '2026-02-09' });
			const event = await add('event', { title: 'Visit', timestart: '2026-02-09 09:00:00' });
			const followUp = await add('followup', { title: 'Ask' });
			const deal = await add('opportunity', { description: '10 kW', status: 'pending' });
			const time = await add('timerecord', { hours: '2.5', details: 'Planning' });
			const ids = async (report: string, input: Values) => (await act(`report.${report}`, input)).map(idOf).sort();
			assert.deepEqual(await ids('activities', { ...days, types: ['14', '4'] }), [task, event].sort());
			assert.deepEqual(await ids('calendar', days), [event]);
			assert.deepEqual(await ids('followUps', {}), [followUp]);
			assert.deepEqual(await ids('nextActions', {}), [task, event, followUp].sort());
			assert.deepEqual(await ids('opportunities', { status: 'pending' }), [deal]);
			assert.deepEqual(await ids('opportunities', { status: 'won' }), []);
			const [record] = await act('report.timeTracking', days);
			assert.deepEqual([idOf(object(record)), record?.hours, text(record?.itemid)], [time, '2.5', '467069']);
			const none = { ...days, types: ['14'], categories: ['Customer'], itemtypes: ['1'] };
			assert.deepEqual(await ids('activities', none), []);
		});

		it(`${name}: webhooks are listed and removed`, async () => {
			await read(reading);
			const [registration] = solve360.registrations;
			assert.ok(registration.kind === 'api' && registration.api.list);
			const wanted = { url: `${sandbox.receiver.url}/hook`, events: ['items.update'], title: 'T', options: {} };
			const { id } = registration.api.subscribed(await send(registration.api.subscribe({ ...wanted, secret: 's' })));
			const listed = registration.api.list.read(await send(registration.api.list.request(0)));
			assert.deepEqual(
				listed.map((hook) => [hook.id, hook.url, hook.events, hook.active]),
				[[id, wanted.url, wanted.events, true]],
			);
			assert.deepEqual(
				(await act('webhook.getMany', {})).map((hook) => [idOf(hook), hook.secret]),
				[[id, undefined]],
			);
			assert.deepEqual(await act('webhook.delete', { id: id ?? '' }), [{ id, deleted: true }]);
			assert.deepEqual(await act('webhook.getMany', {}), []);
		});
	}

	it('a tag in another form than an array is ignored with status success, and recorded', async () => {
		const wrong = async (json: Json) => {
			const { path, headers = {} } = solve360.api.authenticate(
				{ method: 'PUT', path: '/contacts/467069/' },
				credentials,
			);
			const put = { method: 'PUT', headers: { ...headers, accept: 'application/json' }, json };
			return (await call(sandbox.url(`/solve360${path}`), put)).json;
		};
		const tagged = await wrong({ categories: { add: { category: ['53966'] } } });
		assert.deepEqual([tagged.status, tagged.categories], ['success', []]);
		const related = await wrong({ relateditems: { add: { relatedto: { id: '467101' } } }, jobtitle: 'Boss' });
		assert.deepEqual([related.status, related.relateditems], ['success', []]);
		const field = await wrong({ company: 'Example', jobtitle: 'Boss' });
		assert.equal(field.status, 'success');
		assert.deepEqual(sandbox.takeViolations(), [
			'solve360 body categories',
			'solve360 body relateditems',
			'solve360 body company',
		]);
	});

	it('what Solve360 ignores in silence is said', async () => {
		const { id } = await first('company.create', { name: 'Others Pty Ltd', ownership: 'Sales' });
		await assert.rejects(act('contact.relate', { id: '467069', relatedId: id ?? '' }), /did not relate the record/);
		await assert.rejects(act('contact.relate', { id: '467069', relatedId: '467103' }), /a ticket can't be/);
	});

	it('tags and relations in XML are taken, and names of people are attributes', async () => {
		const { headers = {} } = solve360.api.authenticate({ method: 'PUT', path: '' }, credentials);
		const body =
			'<request><categories><add><category>53966</category><category>53967</category></add></categories>' +
			'<relateditems><add><relatedto><id>467101</id><note>works at</note></relatedto></add></relateditems></request>';
		const answer = await call(sandbox.url('/solve360/contacts/467069/'), {
			method: 'PUT',
			headers: { ...headers, 'content-type': 'application/xml' },
			body,
		});
		assert.match(answer.text, /<categories><category><id>53966<\/id>.*<category><id>53967<\/id>/);
		assert.match(answer.text, /<relatedto><id>467101<\/id>.*<note>works at<\/note>/);
		assert.match(answer.text, /<assignedto cn="Demo Example">12830<\/assignedto>/);
	});

	it('files and photos are uploaded; activities are moved', async () => {
		const file = {
			fileName: 'roof "1".jpg',
			contentType: 'image/jpeg',
			base64: Buffer.from([0, 255, 13, 10]).toString('base64'),
		};
		const photo = await first('activity.upload', { activityType: 'photo', recordId: '467069', file });
		assert.deepEqual([photo.name, object(photo.fields).filesize], ['roof "1".jpg', '4']);
		const task = await first('activity.create', {
			activityType: 'task',
			recordId: '467069',
			before: idOf(photo),
			data: { title: 'A' },
		});
		const shown = async (id: string) =>
			list((await first('contact.get', { id })).activities).map((one) => object(one).name);
		assert.deepEqual(await shown('467069'), ['A', 'roof "1".jpg']);
		const move = { activityType: 'task', activityId: idOf(task) };
		await act('activity.update', { ...move, after: idOf(photo) });
		assert.deepEqual(await shown('467069'), ['roof "1".jpg', 'A']);
		await act('activity.update', { ...move, newParentId: '467070' });
		assert.deepEqual([await shown('467069'), await shown('467070')], [['roof "1".jpg'], ['A']]);
		await assert.rejects(act('activity.update', { ...move, newParentId: '1' }), /Parent item not found/);
	});

	it('contacts are found by phone and by place; lists have the columns asked for', async () => {
		await act('contact.update', { id: '467069', cellularPhone: '+61 400 000 001', jobTitle: 'Electrician' });
		const found = await act('contact.getMany', { filter: 'byphone', phone: '+61400000001', fieldList: ['jobtitle'] });
		assert.deepEqual(found, [{ id: 467069, name: 'Ada Example 1', jobtitle: 'Electrician' }]);
		const [location] = await act('location.getMany', { searchValue: 'electrician' });
		assert.deepEqual([location?.id, object(location?.location).zonename], [467069, 'Workshop']);
		const near = { searchValue: 'electrician', lastReportedWithin: 60, relativeTo: '5/290792806/10037602' };
		assert.equal((await act('location.getMany', near)).length, 1);
		assert.deepEqual(
			sent.map(({ method }) => method),
			['POST'],
		);
		assert.deepEqual(await act('location.getMany', { searchValue: 'plumber' }), []);
	});

	it('an empty record is taken by Solve360, and refused before it gets there', async () => {
		await assert.rejects(act('contact.create', {}), /^InvalidInput: The contact is empty/);
		assert.deepEqual(sent, []);
	});
});
