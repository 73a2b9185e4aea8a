import { refusal } from '../../../core/answer.ts';
import { describe, expect, test } from '@jest/globals';
import { readBody } from '../../../core/body.ts';
import { cleanInput, findOperation, handlingOf, operationId, run } from '../../../core/operation.ts';
import { InvalidInput } from '../../../core/errors.ts';
import { isObject } from '../../../core/json.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { receive } from '../../../core/receive.ts';
import { sign } from '../../../core/signature.ts';
import { listOf } from '../../../providers/solve360/answers.ts';
import { fieldKey, fieldsIn } from '../../../providers/solve360/operations/names.ts';
import { solve360 } from '../../../providers/solve360/provider.ts';

const JSON_HEADERS = { accept: 'application/json' };

function answer(body: Json | undefined, status = 200): HttpResponse {
	return { status, headers: {}, body, text: body === undefined ? '' : JSON.stringify(body) };
}

function operation(id: string): Operation {
	const found = findOperation(solve360, id);
	if (found === undefined) throw new Error(`no operation ${id}`);
	return found;
}

const request = (id: string, input: Values, prepared?: JsonObject): HttpRequest =>
	operation(id).request(input, prepared);

/** Runs an operation against answers given in order; returns its items and what was sent. */
async function ran(id: string, input: Values, answers: readonly Json[], limit?: number) {
	const sent: HttpRequest[] = [];
	const items = await run(
		solve360,
		operation(id),
		input,
		async (asked) => {
			sent.push(asked);
			return answer(answers[sent.length - 1] ?? { status: 'success', count: 0 });
		},
		limit === undefined ? {} : { limit },
	);
	return { items, sent };
}

// ------------------------------------------------------------------------------------------- deliveries

const escaped = (value: string): string => value.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
const ELEMENT: { readonly [list: string]: string } = {
	categories: 'category',
	relateditems: 'relatedto',
	activities: 'activity',
};

/** A payload as the XML that Solve360 would send for it. */
function xmlOf(name: string, value: Json): string {
	if (Array.isArray(value))
		return `<${name}>${value.map((entry) => xmlOf(ELEMENT[name] ?? 'entry', entry)).join('')}</${name}>`;
	if (!isObject(value)) return `<${name}>${escaped(String(value ?? ''))}</${name}>`;
	return `<${name}>${Object.entries(value)
		.map(([key, inner]) => xmlOf(key, inner))
		.join('\n')}</${name}>`;
}

/** A payload as PHP would write it into a form: empty lists are left out. */
function formOf(name: string, value: Json): [string, string][] {
	if (typeof value !== 'object' || value === null) return [[name, String(value ?? '')]];
	return Object.entries(value).flatMap(([key, inner]) => formOf(name === '' ? key : `${name}[${key}]`, inner));
}

function read(body: string, contentType: string): Json {
	const result = readBody(Buffer.from(body), contentType, solve360.receiving.formats);
	if (!result.ok) throw new Error(result.reason);
	return solve360.receiving.normalise!(result.payload, result.format);
}

describe('notifications', () => {
	test('there are the ten documented event types, each with a sample of its type', () => {
		expect(solve360.events.map(({ name }) => name)).toEqual([
			...['create', 'update', 'delete', 'restore', 'categorize', 'uncategorize'].map((change) => `items.${change}`),
			...['create', 'update', 'delete', 'restore'].map((change) => `activities.${change}`),
		]);
		for (const { name, sample } of solve360.events)
			expect(solve360.receiving.eventOf!(sample as JsonObject)).toBe(name);
	});

	test.each(solve360.events.map(({ name, sample }) => [name, sample] as const))(
		'%s is the same item from JSON, XML and form',
		(_, sample) => {
			const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${xmlOf('notification', sample)}`;
			expect(read(JSON.stringify(sample), 'application/json')).toEqual(sample);
			expect(read(xml, 'application/xml')).toEqual(sample);
			expect(read(new URLSearchParams(formOf('', sample)).toString(), 'application/x-www-form-urlencoded')).toEqual(
				sample,
			);
		},
	);

	test('XML in other shapes keeps everything', () => {
		const xml = `<notification><type>items.update</type><objectid>467069</objectid><occured>2026-02-02T10:30:00+00:00</occured>
			<content>
				<item><id>467069</id><typeid>1</typeid><flagged/><ownership>0012</ownership>
					<fields><background><![CDATA[<b>A & B</b>]]></background><custom12>007</custom12></fields></item>
				<categories><category><id>1</id><name>A</name></category><category><id>2</id><name>B</name></category></categories>
				<relateditems><relatedto><id>9</id><note>Installer</note></relatedto></relateditems>
				<activities><note><id>5</id></note><task><id>6</id></task><task><id>7</id></task></activities>
			</content></notification>`;
		expect(read(xml, 'text/xml')).toEqual({
			type: 'items.update',
			objectid: 467069,
			occured: '2026-02-02T10:30:00+00:00',
			content: {
				// A text that is not exactly a number stays a text, and so does everything in fields.
				item: {
					id: 467069,
					typeid: 1,
					flagged: '',
					ownership: '0012',
					fields: { background: '<b>A & B</b>', custom12: '007' },
				},
				categories: [
					{ id: 1, name: 'A' },
					{ id: 2, name: 'B' },
				],
				relateditems: [{ id: 9, note: 'Installer' }],
				activities: [{ id: 5 }, { id: 6 }, { id: 7 }],
			},
		});
	});

	test.each<[string, Json]>([
		['<categories><id53966><id>53966</id><name>Lead</name></id53966></categories>', [{ id: 53966, name: 'Lead' }]],
		['<categories><category>53966</category><category>53967</category></categories>', [53966, 53967]],
		['<categories><category>Lead</category></categories>', ['Lead']],
		['<categories>\n</categories>', []],
		['<categories/>', []],
		['<categories>Lead</categories>', ['Lead']],
		['<categories><id>1</id><name>A</name></categories>', [{ id: 1, name: 'A' }]],
	])('%s', (list, categories) => {
		const payload = read(`<n><type>t</type><content>${list}</content></n>`, 'text/xml');
		expect(payload).toEqual({ type: 't', content: { categories } });
	});

	test('a signed XML notification is accepted as the item of its JSON, end to end', () => {
		const [event] = solve360.events;
		const [proof] = solve360.receiving.proofs;
		const deliver = (text: string, contentType: string) => {
			const body = Buffer.from(text);
			const headers = {
				...sign(proof.scheme, { body, secret: 'a made-up secret' }).headers,
				'content-type': contentType,
			};
			return receive(
				solve360,
				{ body, headers, query: {} },
				{ proof, secrets: [{ value: 'a made-up secret' }], events: [event.name], options: {} },
			);
		};
		const asJson = deliver(JSON.stringify(event.sample), 'application/json');
		const asXml = deliver(xmlOf('notification', event.sample), 'application/xml');
		expect(asJson).toMatchObject({ outcome: 'accepted', event: 'items.create', items: [event.sample] });
		expect(asXml).toMatchObject({ outcome: 'accepted', items: [event.sample] });
	});
});

describe('the tag filter', () => {
	const wanted = (type: string, categories: Json | undefined, options: Values) =>
		solve360.receiving.wanted!(
			{ type, objectid: 1, content: categories === undefined ? {} : { categories } },
			type,
			options,
		);
	const lead: Json = [{ id: 53966, name: 'Lead' }];

	test.each<[Json | undefined, Values, boolean]>([
		[lead, {}, true],
		[lead, { tags: [] }, true],
		[lead, { tags: ['Lead'] }, true],
		[lead, { tags: [' lead '] }, true],
		[lead, { tags: ['53966'] }, true],
		[lead, { tags: 'Customer, Lead' }, true],
		[lead, { tags: ['Customer'] }, false],
		[[{ id: '53966', name: 'Lead' }], { tags: ['53966'] }, true],
		// Other shapes of the list.
		[{ '53966': { id: 53966, name: 'Lead' } }, { tags: ['Lead'] }, true],
		[{ '53966': { id: 53966, name: 'Lead' } }, { tags: ['Customer'] }, false],
		[{ category: lead }, { tags: ['Customer'] }, false],
		[{ category: { id: 53966, name: 'Lead' } }, { tags: ['Lead'] }, true],
		[[53966], { tags: ['53966'] }, true],
		// What cannot be told is passed on.
		[undefined, { tags: ['Customer'] }, true],
		[[], { tags: ['Customer'] }, true],
		['', { tags: ['Customer'] }, true],
		[null, { tags: ['Customer'] }, true],
	])('a tag is added: %j with %j -> %s', (categories, options, expected) => {
		expect(wanted('items.categorize', categories, options)).toBe(expected);
	});

	test('a tag is removed: nothing is dropped unless the person chose so', () => {
		for (const categories of [lead, [], undefined]) {
			expect(wanted('items.uncategorize', categories, { tags: ['Lead'] })).toBe(true);
			expect(wanted('items.uncategorize', categories, { tags: ['Customer'], untagged: 'all' })).toBe(true);
		}
		const missing = (tags: string[]) => wanted('items.uncategorize', lead, { tags, untagged: 'missing' });
		expect(missing(['Lead'])).toBe(false);
		expect(missing(['Customer'])).toBe(true);
		expect(missing(['Lead', 'Customer'])).toBe(true);
		expect(wanted('items.uncategorize', [], { tags: ['Lead'], untagged: 'missing' })).toBe(true);
	});

	test('other events are not filtered', () => {
		for (const { name } of solve360.events.filter(({ name }) => !name.includes('categorize'))) {
			expect(wanted(name, lead, { tags: ['Customer'], untagged: 'missing' })).toBe(true);
		}
	});
});

// ---------------------------------------------------------------------------------------- subscriptions

describe('webhooks', () => {
	const [registration] = solve360.registrations;
	if (registration.kind !== 'api') throw new Error('expected an API registration');
	const { api } = registration;
	const wanted = {
		url: 'https://n8n.example.com/webhook/1',
		events: ['items.update'],
		secret: 's',
		title: 'n8n',
		options: {},
	};

	test('one is made switched on, for one event, with our secret', () => {
		expect(api).toMatchObject({ per: 'event', secret: 'ours', identifiedBy: 'id' });
		expect(api.subscribe(wanted)).toEqual({
			method: 'POST',
			path: '/hooks/',
			headers: JSON_HEADERS,
			json: {
				type: 'web',
				title: 'n8n',
				active: 1,
				event: 'items.update',
				constrainttype: 'all',
				url: 'https://n8n.example.com/webhook/1',
				contenttype: 'json',
				secret: 's',
			},
		});
	});

	test('the constraint applies to records and tags; activities get all', () => {
		const options = { constrainTo: 'contact', contentType: 'xml' };
		const json = (event: string) => api.subscribe({ ...wanted, events: [event], options }).json;
		expect(json('items.categorize')).toMatchObject({ constrainttype: 'contact', contenttype: 'xml' });
		expect(json('activities.create')).toMatchObject({ constrainttype: 'all', contenttype: 'xml' });
	});

	test.each<[Json]>([
		[{ id: 72587181, status: 'success' }],
		[{ id: '72587181', status: 'success' }],
		[{ response: { id: '72587181', status: 'success' } }],
		[{ status: 'success', hook: { id: 72587181 } }],
		[{ status: 'success', '72587181': { url: 'x' } }],
	])('the id is read from %j', (body) => expect(api.subscribed(answer(body))).toEqual({ id: '72587181' }));

	test('no id is no id', () => expect(api.subscribed(answer({ status: 'success' }))).toEqual({}));

	test('one is removed by its id', () => {
		expect(api.unsubscribe({ id: '7/8', url: wanted.url })).toEqual([
			{ method: 'DELETE', path: '/hooks/7%2F8/', headers: JSON_HEADERS },
		]);
	});

	test.each<[string, Json]>([
		['keyed by id', { status: 'success', count: 1, '7': { id: 7, url: 'u', event: 'items.update', active: 1 } }],
		['keyed, without ids', { status: 'success', id7: { url: 'u', event: 'items.update', active: '1' } }],
		['an array', [{ id: '7', url: 'u', event: 'items.update', active: true }]],
		['an array in hooks', { hooks: [{ id: 7, url: 'u', event: 'items.update' }] }],
	])('a list %s', (_, body) => {
		expect(api.list!.read(answer(body))).toMatchObject([{ id: '7', url: 'u', events: ['items.update'], active: true }]);
	});

	test('a switched-off, a narrower and a differently encoded hook are not what is wanted', () => {
		const listed = (more: JsonObject) => {
			const [hook] = api.list!.read(answer({ '7': { id: 7, url: 'u', event: 'items.update', active: 1, ...more } }));
			return hook!;
		};
		expect(api.matches!(listed({}), wanted)).toBe(true);
		expect(api.matches!(listed({ constrainttype: 'all', contenttype: 'json' }), wanted)).toBe(true);
		expect(api.matches!(listed({ constrainttype: 'contact' }), wanted)).toBe(false);
		expect(api.matches!(listed({ contenttype: 'xml' }), wanted)).toBe(false);
		expect(listed({ active: '0' }).active).toBe(false);
		expect(listed({ active: 0 }).active).toBe(false);
		expect(api.list!.read(answer({ status: 'success', count: 0 }))).toEqual([]);
	});
});

// ---------------------------------------------------------------------------------------------- answers

describe('answers', () => {
	test('a failure under 200 is an error with its messages', () => {
		expect(
			solve360.readError(answer({ errors: { incorrectfield: 'Incorrect field specified' }, status: 'failed' })),
		).toEqual({
			message: 'Incorrect field specified',
			code: 'incorrectfield',
		});
		expect(solve360.readError(answer({ response: { errors: ['One', 'Two'], status: 'failed' } }))).toEqual({
			message: 'One; Two',
		});
		expect(solve360.readError(answer({ status: 'failed' }))).toEqual({ message: 'it failed without a reason' });
		expect(solve360.readError(answer({ errors: 'No such item' }, 404))).toEqual({ message: 'No such item' });
	});

	test('success is no error', () => {
		expect(solve360.readError(answer({ status: 'success', errors: [] }))).toBeUndefined();
		expect(solve360.readError(answer({ status: 'success', item: { id: 1 } }))).toBeUndefined();
		expect(solve360.readError(answer([]))).toBeUndefined();
		expect(solve360.readError(answer(undefined))).toBeUndefined();
	});

	test('an answer that is not JSON is an error, unless its status says so already', () => {
		const page = { status: 200, headers: {}, body: undefined, text: '<html>' };
		expect(refusal(solve360, page, 'it')?.message).toContain('other than JSON');
		expect(refusal(solve360, { ...page, status: 502 }, 'it')?.message).toContain('status 502');
	});

	test.each<[string, Json, Json]>([
		[
			'keyed by id',
			{ status: 'success', count: 2, '12': { id: 12, name: 'A' }, '13': { id: 13, name: 'B' } },
			[
				{ id: 12, name: 'A' },
				{ id: 13, name: 'B' },
			],
		],
		['keyed without ids', { count: '1', id12: { name: 'A' } }, [{ id: '12', name: 'A' }]],
		['an array', [{ id: 1 }, 2, null], [{ id: 1 }]],
		['in a container', { status: 'success', categories: { category: [{ id: 1 }, { id: 2 }] } }, [{ id: 1 }, { id: 2 }]],
		['one in a container', { categories: { category: { id: 1 } } }, [{ id: 1 }]],
		['nothing', { status: 'success', count: 0 }, []],
		['no list at all', 'text', []],
		['errors are no records', { status: 'failed', errors: { a: 'b' } }, []],
	])('a list: %s', (_, value, items) => expect(listOf(value)).toEqual(items));
});

// ------------------------------------------------------------------------------------------- operations

describe('records', () => {
	test.each([
		['contact', 'contacts'],
		['company', 'companies'],
		['projectBlog', 'projectblogs'],
		['ticket', 'tickets'],
	])('%s', (resource, segment) => {
		const names = solve360.operations.filter((one) => one.resource === resource).map(({ name }) => name);
		expect(names).toEqual([
			'create',
			...(resource === 'contact' ? ['createOrUpdate'] : []),
			...['get', 'getMany', 'update', 'delete', 'addTags', 'removeTags', 'relate', 'unrelate'],
		]);
		const id = '467069';
		const put = (json: Json) => ({ method: 'PUT', path: `/${segment}/467069/`, headers: JSON_HEADERS, json });
		expect(request(`${resource}.get`, { id })).toEqual({
			method: 'GET',
			path: `/${segment}/467069/`,
			headers: JSON_HEADERS,
		});
		expect(request(`${resource}.delete`, { id })).toEqual({
			method: 'DELETE',
			path: `/${segment}/467069/`,
			headers: JSON_HEADERS,
		});
		expect(request(`${resource}.addTags`, { id, tags: ['1', '2'] })).toEqual(put({ categories: { add: ['1', '2'] } }));
		expect(request(`${resource}.removeTags`, { id, tags: '1' })).toEqual(put({ categories: { remove: ['1'] } }));
		expect(request(`${resource}.relate`, { id, relatedId: 9, note: 'Installer' })).toEqual(
			put({ relateditems: { add: [{ id: '9', note: 'Installer' }] } }),
		);
		expect(request(`${resource}.unrelate`, { id, relatedId: '9' })).toEqual(
			put({ relateditems: { remove: [{ id: '9' }] } }),
		);
	});

	test('a contact is created from what is filled in, and from nothing else', () => {
		expect(
			request('contact.create', {
				firstName: ' Ada ',
				lastName: 'Example',
				businessEmail: '',
				cellularPhone: undefined,
				fields: { custom12: 'Tin' },
				ownership: '83421',
				tags: ['315890'],
			}),
		).toEqual({
			method: 'POST',
			path: '/contacts/',
			headers: JSON_HEADERS,
			json: {
				firstname: 'Ada',
				lastname: 'Example',
				custom12: 'Tin',
				ownership: '83421',
				categories: { add: ['315890'] },
			},
		});
	});

	test('the item has the id at its top', async () => {
		const body = { status: 'success', item: { id: 5, name: 'Ada Example' } };
		expect((await ran('contact.create', { firstName: 'Ada' }, [body])).items).toEqual([{ id: 5, ...body }]);
		expect((await ran('contact.update', { id: '5', jobTitle: 'Fitter' }, [{ status: 'success' }])).items).toEqual([
			{ id: '5', status: 'success' },
		]);
		expect((await ran('contact.delete', { id: '5' }, [{ status: 'success' }])).items).toEqual([
			{ id: '5', deleted: true },
		]);
	});

	test('a failure under 200 ends the run', async () => {
		await expect(
			ran('contact.create', { firstName: 'Ada' }, [{ status: 'failed', errors: { firstname: 'Too long' } }]),
		).rejects.toThrow('Solve360 did not accept "Create contact": Too long (firstname)');
	});

	test('fields are emptied by name only where the person says so', () => {
		expect(request('contact.update', { id: '5', jobTitle: '', clearFields: ['website', 'custom12'] }).json).toEqual({
			website: '',
			custom12: '',
		});
		expect(() => request('contact.update', { id: '5' })).toThrow(
			new InvalidInput('Nothing is to be changed. Fill in at least one field.'),
		);
	});

	test.each([
		['contact.get', {}, '"Contact ID" is empty. Fill it in.'],
		['contact.get', { id: 'fields' }, '"Contact ID" must be an ID in digits, e.g. 467069.'],
		['company.delete', { id: '../hooks/1' }, '"Company ID" must be an ID in digits, e.g. 467069.'],
		['ticket.addTags', { id: '1' }, '"Tags" is empty. Fill it in.'],
		[
			'ticket.addTags',
			{ id: '1', tags: ['Lead'] },
			'No ticket tag is named "Lead". The operation Category Tag: Get Many lists them.',
		],
		['contact.relate', { id: '1', relatedId: 'x' }, '"Related Record ID" must be an ID in digits, e.g. 467069.'],
		['contact.create', { businessEmail: 'nobody' }, '"Business Email" must be an email address.'],
		['contact.createOrUpdate', {}, '"Email to Match" is empty. Fill it in.'],
		['contact.getMany', { filter: 'byemail' }, '"Email" is empty. Fill it in.'],
		['contact.getMany', { filter: 'byphone' }, '"Phone" is empty. Fill it in.'],
		['company.getMany', { filter: 'byphone' }, '"Which Records" must be one of none, category.'],
		[
			'activity.create',
			{ recordType: 'contacts', recordId: '1', activityType: 'note' },
			'"Details" is empty. Fill it in.',
		],
		['activity.create', { recordId: 'x', activityType: 'task' }, '"Record ID" must be an ID in digits, e.g. 467069.'],
		[
			'activity.update',
			{ activityId: '1' },
			'Nothing is to be changed. Fill in "Details", "Data" or where to move the activity.',
		],
		[
			'activity.delete',
			{ activityId: '1', recordType: 'hooks' },
			'"Record Type" must be one of contacts, companies, projectblogs, tickets.',
		],
		['report.activities', { start: '2026-02-01' }, '"To" is empty. Fill it in.'],
		['report.calendar', { start: 'soon' }, '"From" must be a date, e.g. 2026-02-28.'],
		['category.create', {}, '"Name" is empty. Fill it in.'],
		['webhook.delete', { id: '' }, '"Webhook ID" is empty. Fill it in.'],
	])('%s with %j: %s', (id, input, message) => {
		expect(() => request(id, input)).toThrow(new InvalidInput(message));
	});
});

describe('lists of records', () => {
	test('filter, sort and layout', () => {
		expect(
			request('contact.getMany', {
				filter: 'byemail',
				email: 'ada@example.com',
				tag: '9',
				sortField: 'updated',
				sortDirection: 'DESC',
				allColumns: true,
			}),
		).toEqual({
			method: 'GET',
			path: '/contacts/',
			headers: JSON_HEADERS,
			query: {
				filtermode: 'byemail',
				filtervalue: 'ada@example.com',
				sortfield: 'updated',
				sortdir: 'DESC',
				layout: 1,
			},
		});
		expect(
			request('company.getMany', { filter: 'category', tag: '9', parameters: { ucf: 1, layout: '2' } }).query,
		).toEqual({
			ucf: '1',
			filtermode: 'category',
			filtervalue: '9',
			sortfield: undefined,
			sortdir: undefined,
			layout: undefined,
		});
	});

	test('pages follow one another without gap or overlap', async () => {
		const page = (from: number, count: number) =>
			Object.fromEntries(Array.from({ length: count }, (_, index) => [String(from + index), { id: from + index }]));
		const { items, sent } = await ran('contact.getMany', {}, [
			{ status: 'success', count: 5003, ...page(100_000, 5000) },
			{ status: 'success', count: 5003, ...page(105_000, 3) },
		]);
		expect(items).toHaveLength(5003);
		expect(sent.map(({ query }) => [query?.['start'], query?.['limit']])).toEqual([
			[undefined, 5000],
			[5000, 5000],
		]);
		const few = await ran('contact.getMany', {}, [{ status: 'success', ...page(1, 2) }], 2);
		expect(few.sent).toHaveLength(1);
		expect(few.sent[0]?.query?.['limit']).toBe(2);
	});
});

describe('contacts by email', () => {
	const input = { email: 'ada@example.com', firstName: 'Ada' };
	const search = {
		method: 'GET',
		path: '/contacts/',
		headers: JSON_HEADERS,
		query: { filtermode: 'byemail', filtervalue: 'ada@example.com', sortfield: 'created', sortdir: 'ASC', layout: 1 },
	};

	test('none there: created, with the address as business email', async () => {
		const { sent } = await ran('contact.createOrUpdate', input, [
			{ status: 'success', count: 0 },
			{ status: 'success', item: { id: 7 } },
		]);
		expect(sent).toEqual([
			search,
			{
				method: 'POST',
				path: '/contacts/',
				headers: JSON_HEADERS,
				json: { businessemail: 'ada@example.com', firstname: 'Ada' },
			},
		]);
	});

	test('one there: changed, and its email addresses left alone', async () => {
		const { items, sent } = await ran('contact.createOrUpdate', input, [
			{ status: 'success', count: 1, '7': { id: 7, personalemail: 'ada@example.com' } },
			{ status: 'success', item: { id: 7 } },
		]);
		expect(sent[1]).toEqual({ method: 'PUT', path: '/contacts/7/', headers: JSON_HEADERS, json: { firstname: 'Ada' } });
		expect(items[0]?.['id']).toBe(7);
	});

	test('several there: an error that names them, or the oldest', async () => {
		const several = { status: 'success', count: 2, '7': { id: 7 }, '9': { id: 9 } };
		await expect(ran('contact.createOrUpdate', input, [several])).rejects.toThrow(
			'2 contacts have the email address of "Email to Match" (IDs 7, 9)',
		);
		const { sent } = await ran('contact.createOrUpdate', { ...input, ifSeveral: 'oldest' }, [
			several,
			{ status: 'success' },
		]);
		expect(sent[1]?.path).toBe('/contacts/7/');
	});

	test('custom fields go by key here', () => {
		expect(request('contact.createOrUpdate', { ...input, fields: { custom12: 'Tin' } }).json).toMatchObject({
			custom12: 'Tin',
		});
		expect(() => request('contact.createOrUpdate', { ...input, fields: { 'Roof Type': 'Tin' } })).toThrow(
			'use the key of "Roof Type"',
		);
	});
});

describe('custom fields by name', () => {
	const list = {
		status: 'success',
		fields: [
			{ name: 'firstname', label: 'First Name' },
			{ name: 'custom12', label: 'Roof Type' },
			{ name: 'custom13', label: 'Roof Pitch' },
			{ name: 'custom14', label: 'Region' },
			{ name: 'custom15', label: 'Region' },
		],
	};

	test('names become keys, with the list fetched first', async () => {
		const { sent } = await ran('contact.create', { fields: { 'roof  type': 'Tin', custom99: 'x', firstname: 'Ada' } }, [
			list,
			{ status: 'success' },
		]);
		expect(sent).toEqual([
			{ method: 'GET', path: '/contacts/fields/', headers: JSON_HEADERS },
			{
				method: 'POST',
				path: '/contacts/',
				headers: JSON_HEADERS,
				json: { custom12: 'Tin', custom99: 'x', firstname: 'Ada' },
			},
		]);
		const project = await ran('projectBlog.update', { id: '5', fields: { 'Roof Type': 'Tin' } }, [
			list,
			{ status: 'success' },
		]);
		expect(project.sent[0]?.path).toBe('/projectblogs/fields/');
	});

	test('keys need no list', async () => {
		const { sent } = await ran('company.create', { name: 'Example Solar', fields: { custom12: 'Tin' } }, [
			{ status: 'success' },
		]);
		expect(sent.map(({ path }) => path)).toEqual(['/companies/']);
	});

	test('an unknown name is refused with near ones, before anything is written', async () => {
		await expect(ran('contact.create', { fields: { 'Roof Tipe': 'Tin' } }, [list])).rejects.toThrow(
			new InvalidInput('No contact field is named "Roof Tipe". Did you mean "Roof Type" (custom12)?'),
		);
		await expect(ran('contact.create', { fields: { Battery: 'Yes' } }, [list])).rejects.toThrow(
			new InvalidInput('No contact field is named "Battery". The operation Field: Get Many lists them.'),
		);
		await expect(ran('contact.create', { fields: { Region: 'North' } }, [list])).rejects.toThrow(
			new InvalidInput(
				'Several contact fields are named "Region": use one of "Region" (custom14), "Region" (custom15).',
			),
		);
	});

	test('a list that cannot be read leaves keys', () => {
		expect(fieldKey('phone', [], 'company')).toBe('phone');
		expect(() => fieldKey('Roof Type', [], 'company')).toThrow('e.g. custom123');
	});

	test.each<[string, Json]>([
		['an array', list],
		['a container', { fields: { field: list.fields } }],
		['keyed by name', { status: 'success', custom12: { label: 'Roof Type' } }],
		['keyed by id', { '12': { name: 'custom12', label: 'Roof Type' } }],
		['plain', { custom12: 'Roof Type' }],
		['in groups', { Site: { custom12: { id: 12, label: 'Roof Type', options: ['Tin', 'Tile'] } } }],
	])('the list as %s', (_, body) => {
		expect(fieldsIn(answer(body))).toEqual(
			expect.arrayContaining([expect.objectContaining({ key: 'custom12', label: 'Roof Type' })]),
		);
	});
});

describe('activities, reports and the account', () => {
	test('activities', () => {
		expect(
			request('activity.create', {
				recordType: 'companies',
				recordId: '5',
				activityType: 'note',
				details: '<p>Hello</p>',
				data: { x: 'y' },
			}),
		).toEqual({
			method: 'POST',
			path: '/companies/note/',
			headers: JSON_HEADERS,
			json: { parent: '5', data: { x: 'y', details: '<p>Hello</p>' } },
		});
		expect(request('activity.create', { recordId: '5', activityType: 'template', templateId: '9' }).json).toEqual({
			parent: '5',
			data: { templateid: '9' },
		});
		expect(request('activity.create', { recordId: '5', activityType: 'linkedemails' }).json).toEqual({
			parent: '5',
			data: {},
		});
		expect(request('activity.update', { activityType: 'task', activityId: '8', data: { completed: '1' } })).toEqual({
			method: 'PUT',
			path: '/contacts/task/8/',
			headers: JSON_HEADERS,
			json: { data: { completed: '1' } },
		});
		expect(request('activity.delete', { recordType: 'tickets', activityType: 'task', activityId: '8' })).toEqual({
			method: 'DELETE',
			path: '/tickets/task/8/',
			headers: JSON_HEADERS,
		});
	});

	test.each<[string, Values, string, JsonObject]>([
		[
			'activities',
			{
				start: '2026-02-01',
				end: '2026-02-28T23:30:00+02:00',
				last: 'created',
				types: '3,14',
				users: ['7'],
				itemtypes: ['1', '40'],
				itemsdata: true,
			},
			'activities',
			{
				start: '2026-02-01',
				end: '2026-02-28',
				last: 'created',
				types: '3,14',
				users: '7',
				itemtypes: '1,40',
				itemsdata: '1',
			},
		],
		['calendar', { filter: '7' }, 'calendar', { filter: '7' }],
		['followUps', { responsible: '7', due: 'next7' }, 'followups', { responsible: '7', due: 'next7' }],
		['nextActions', { filter: '0', due: 'now' }, 'nextactions', { filter: '0', due: 'now' }],
		['opportunities', { status: 'on-hold' }, 'opportunities', { status: 'on-hold' }],
		[
			'timeTracking',
			{ start: '2026-02-01', filter: 'billable' },
			'timetracking',
			{ start: '2026-02-01', filter: 'billable' },
		],
	])('report %s', (name, input, segment, query) => {
		const asked = request(`report.${name}`, input);
		expect(asked).toMatchObject({ method: 'GET', path: `/report/${segment}/`, headers: JSON_HEADERS });
		expect(JSON.parse(JSON.stringify(asked.query))).toEqual(query);
	});

	test('a report without types asks for the usual ones: Solve360 takes no empty list', () => {
		expect(request('report.activities', { start: '2026-02-01', end: '2026-02-28' }).query?.['types']).toBe(
			'3,4,6,14,73',
		);
	});

	test('tags, fields, users and webhooks', async () => {
		expect(
			(
				await ran('category.getMany', { recordType: 'companies' }, [
					{ categories: { category: [{ id: 1, name: 'A' }] } },
				])
			).items,
		).toEqual([{ id: 1, name: 'A' }]);
		const created = await ran('category.create', { recordType: 'contacts', name: 'Lead' }, [
			{ status: 'success', id: 5 },
		]);
		expect(created.sent[0]).toMatchObject({ method: 'POST', path: '/contacts/categories/', json: { name: 'Lead' } });
		expect(created.items).toEqual([{ name: 'Lead', status: 'success', id: 5 }]);
		expect((await ran('field.getMany', {}, [{ fields: [{ name: 'custom12', label: 'Roof Type' }] }])).items).toEqual([
			{ id: 'custom12', name: 'custom12', key: 'custom12', label: 'Roof Type' },
		]);
		const owners = { status: 'success', users: [{ id: 1, name: 'Sam Example' }], groups: { '2': { name: 'Sales' } } };
		expect((await ran('owner.getMany', {}, [owners])).items).toEqual([
			{ id: 1, name: 'Sam Example', kind: 'user' },
			{ id: '2', name: 'Sales', kind: 'group' },
		]);
		const hooks = await ran('webhook.getMany', {}, [
			{ status: 'success', '7': { id: 7, url: 'u', secret: 'never shown' } },
		]);
		expect(hooks.items).toEqual([{ id: 7, url: 'u' }]);
		expect(request('webhook.delete', { id: 7 })).toMatchObject({ method: 'DELETE', path: '/hooks/7/' });
	});
});

describe('the provider as a whole', () => {
	test('calls are authenticated with HTTP Basic', () => {
		const credentials = { email: 'sam@example.com', apiToken: 'tökén' };
		expect(solve360.api.authenticate(solve360.api.test, credentials)).toEqual({
			method: 'GET',
			path: '/ownership/',
			headers: { ...JSON_HEADERS, authorization: `Basic ${Buffer.from('sam@example.com:tökén').toString('base64')}` },
		});
	});

	test('every drop-down list has a lookup, every lookup an operation that takes its input', () => {
		const lookups = solve360.lookups ?? {};
		const named = [...solve360.operations.flatMap(({ fields }) => fields), ...solve360.triggerFields!].flatMap(
			({ choicesFrom }) => choicesFrom ?? [],
		);
		// `webhook` fills the ID of the resource of that name; a related record is chosen among contacts, which list themselves.
		expect(new Set([...named, 'webhook'])).toEqual(new Set([...Object.keys(lookups), 'contact']));
		expect(lookups['owners']!.label({ id: 2, name: 'Sales', kind: 'group' })).toBe('Sales (Group)');
		expect(lookups['contactFields']!.value({ id: 12, key: 'custom12', label: 'Roof Type' })).toBe('custom12');
		expect(lookups['contactTags']!.value({ id: 53966, name: 'Lead' })).toBe('53966');
		// The trigger's tags: of the type of record it is limited to, or of all.
		const { recordTags } = lookups;
		const inputs = (constrainTo: string) => (recordTags!.input as (form: object) => object[])({ constrainTo });
		expect(inputs('projectblog')).toEqual([{ recordType: 'projectblogs' }]);
		expect(inputs('all')).toHaveLength(4);
		expect(recordTags!.label({ id: 7, name: 'Lead' }, { recordType: 'companies' }, 4)).toBe('Lead (Company)');
		expect(recordTags!.label({ id: 7, name: 'Lead' }, { recordType: 'companies' }, 1)).toBe('Lead');
		// The records of the type that the form names, and the activities of one of them.
		const { record, recordActivity } = lookups;
		const form = { recordType: 'companies', recordId: 7 };
		const idFor = (lookup: typeof record) =>
			typeof lookup!.operation === 'function' ? [lookup!.operation(form), lookup!.operation({})] : [];
		expect(idFor(record)).toEqual(['company.getMany', undefined]);
		expect(idFor(recordActivity)).toEqual(['company.get', undefined]);
		expect(recordActivity!.of!({ activities: [{ id: 1 }, 'no record'] })).toEqual([{ id: 1 }]);
	});

	test('operations have a known resource, a name of their own, and a sample with an id', () => {
		const resources = solve360.resources.map(({ name }) => name);
		const ids = solve360.operations.map(operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const one of solve360.operations) {
			expect(resources).toContain(one.resource);
			expect(one.sample).toHaveProperty('id');
			expect(new Set(one.fields.map(({ name }) => name)).size).toBe(one.fields.length);
			if (one.resource === 'webhook') expect(handlingOf(one).leftOut).toMatch(/clean-up/);
		}
	});

	test('recent contacts take the shape of a notification', () => {
		const { recent } = solve360.events[1]!;
		expect(
			recent!.payload({ id: '12', name: 'Ada Example', updated: '2026-02-02T10:30:00+00:00', firstname: 'Ada' }),
		).toEqual({
			type: 'items.update',
			objectid: 12,
			occured: '2026-02-02T10:30:00+00:00',
			content: {
				item: {
					id: 12,
					name: 'Ada Example',
					typeid: 1,
					updated: '2026-02-02T10:30:00+00:00',
					fields: { firstname: 'Ada' },
				},
				categories: [],
				relateditems: [],
				activities: [],
			},
		});
		expect(recent!.payload({ name: 'no id' })).toBeUndefined();
		const fields = operation(recent!.operation).fields;
		expect(cleanInput(fields, recent!.input ?? {})).toMatchObject({ sortField: 'updated', sortDirection: 'DESC' });
	});
});
