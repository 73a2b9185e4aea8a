/** What published clients say about Solve360, one test for each fact: what is sent, what is read, and what is checked. */
import { describe, expect, test } from '@jest/globals';
import { readBody } from '../../../core/body.ts';
import { findOperation, run } from '../../../core/operation.ts';
import type { HttpRequest, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listOf, recordItem } from '../../../providers/solve360/answers.ts';
import { solve360 } from '../../../providers/solve360/provider.ts';

function operation(id: string): Operation {
	const found = findOperation(solve360, id);
	if (found === undefined) throw new Error(`no operation ${id}`);
	return found;
}

/** Runs an operation against a service; returns its items and what was sent. */
async function ran(id: string, input: Values, service: (request: HttpRequest) => Json, limit?: number) {
	const sent: HttpRequest[] = [];
	const send = async (request: HttpRequest) => {
		sent.push(request);
		const body = service(request);
		return { status: 200, headers: {}, body, text: JSON.stringify(body) };
	};
	const items = await run(solve360, operation(id), input, send, limit === undefined ? {} : { limit });
	return { items, sent };
}

/** A service with lists of tags, fields and users, that answers any other call with this. */
const account =
	(answer: Json) =>
	({ method, path }: HttpRequest): Json => {
		if (method === 'GET' && path === '/contacts/') return { status: 'success', count: 0 };
		if (path.endsWith('/categories/')) return { status: 'success', categories: TAGS };
		if (path.endsWith('/fields/')) return { status: 'success', fields: FIELDS };
		return path === '/ownership/' ? { status: 'success', ...OWNERS } : answer;
	};
const TAGS = [
	{ id: 53966, name: 'Lead' },
	{ id: 53967, name: 'Customer' },
	{ id: 53968, name: 'Hot Lead' },
];
const FIELDS = [
	{ name: 'custom12', label: 'Roof Type' },
	{ name: 'company', label: 'Company' },
];
const OWNERS = {
	users: [{ id: 12830, name: 'Sam Example', email: 'sam@example.com' }],
	groups: [{ id: 12900, name: 'Sales' }],
};
const OK: Json = { status: 'success' };

const RECORD_TYPES = ['contact', 'company', 'projectBlog', 'ticket'] as const;
const CONTENT: { readonly [resource: string]: Values } = {
	contact: { firstName: 'Ada' },
	company: { name: 'Example Solar' },
	projectBlog: { title: 'Roof' },
	ticket: { fields: { custom12: 'Fault' } },
};
const WRITING = RECORD_TYPES.flatMap((resource) =>
	['create', 'update', 'addTags', ...(resource === 'contact' ? ['createOrUpdate'] : [])].map(
		(name) => [resource, name] as const,
	),
);
const inputFor = (resource: string, name: string): Values => ({
	...(name === 'addTags' || name === 'removeTags' ? {} : CONTENT[resource]),
	...(name === 'create' ? {} : name === 'createOrUpdate' ? { email: 'ada@example.com' } : { id: '467069' }),
});

describe('tags', () => {
	test.each(WRITING)('%s.%s sends an array of IDs, whether given by name, ID or both', async (resource, name) => {
		for (const tags of [['53966', '53967'], ['Lead', ' customer '], 'Lead, 53967'] as const) {
			const { sent } = await ran(
				`${resource}.${name}`,
				{ ...inputFor(resource, name), tags: tags as Json },
				account(OK),
			);
			expect((sent.at(-1)?.json as JsonObject)['categories']).toEqual({ add: ['53966', '53967'] });
		}
	});

	test.each(WRITING)('%s.%s asks for the list of tags only where one is given by name', async (resource, name) => {
		const asked = async (tags: string[]) =>
			(await ran(`${resource}.${name}`, { ...inputFor(resource, name), tags }, account(OK))).sent.filter(({ path }) =>
				path.endsWith('/categories/'),
			).length;
		expect(await asked(['53966'])).toBe(0);
		expect(await asked(['53966', 'Customer', 'Lead'])).toBe(1);
	});

	test('a name that no tag has is refused with near ones, before anything is written', async () => {
		const add = (tags: string[]) => ran('contact.addTags', { id: '1', tags }, account(OK));
		await expect(add(['Laed'])).rejects.toThrow('No contact tag is named "Laed". Did you mean "Lead" (53966)?');
		await expect(add(['Supplier'])).rejects.toThrow(
			'No contact tag is named "Supplier". The operation Category Tag: Get Many lists them.',
		);
		const two = [...TAGS, { id: 1, name: 'LEAD' }];
		await expect(
			ran('contact.addTags', { id: '1', tags: ['Lead'] }, () => ({ status: 'success', categories: two })),
		).rejects.toThrow('Several contact tags are named "Lead": use one of "Lead" (53966), "LEAD" (1).');
	});

	test('a list is filtered by the name of a tag, too', async () => {
		const { sent } = await ran('company.getMany', { filter: 'category', tag: 'lead' }, account({ status: 'success' }));
		expect(sent.map(({ path }) => path)).toEqual(['/companies/categories/', '/companies/']);
		expect(sent[1]?.query).toMatchObject({ filtermode: 'category', filtervalue: '53966' });
	});
});

describe('what was accepted and not done', () => {
	const answered = (lists: JsonObject) => account({ status: 'success', item: { id: 467069 }, ...lists });
	const NOT_SET = 'Solve360 accepted the call but did not set the tag "Lead" (53966).';

	test.each(WRITING)('%s.%s fails when the answer lacks the tag', async (resource, name) => {
		for (const categories of [[], null, '', [{ id: 53967, name: 'Customer' }], { category: { id: '53967' } }]) {
			const input = { ...inputFor(resource, name), tags: ['Lead'] };
			await expect(ran(`${resource}.${name}`, input, answered({ categories }))).rejects.toThrow(NOT_SET);
		}
	});

	test.each(WRITING)('%s.%s succeeds when the answer has the tag, or does not show tags', async (resource, name) => {
		const shown = [
			{ categories: [{ id: 53966, name: 'Lead' }] },
			{ categories: [{ id: '53966' }] },
			{ categories: { category: { id: '53966', name: 'Lead' } } },
			{ categories: { '53966': { name: 'Lead' } } },
			{ categories: ['53966'] },
			{ categories: [{ name: 'Lead' }] },
			{},
		] as JsonObject[];
		for (const lists of shown) {
			const input = { ...inputFor(resource, name), tags: ['53966'] };
			expect((await ran(`${resource}.${name}`, input, answered(lists))).items).toHaveLength(1);
		}
	});

	test('several tags are all shown, and the record is to be looked at', async () => {
		const input = { id: '1', tags: ['Lead', '99'] };
		await expect(ran('contact.addTags', input, answered({ categories: null }))).rejects.toThrow(
			'did not set the tags "Lead" (53966), 99. Everything else may have been saved: look at the contact.',
		);
	});

	test.each(RECORD_TYPES)('%s: a removal and a relation are checked, too', async (resource) => {
		const id = '467069';
		await expect(ran(`${resource}.removeTags`, { id, tags: ['Lead'] }, answered({ categories: TAGS }))).rejects.toThrow(
			'did not remove the tag "Lead" (53966)',
		);
		const related = { relatedto: { id: '467070', name: 'Example Solar', typeid: '40' } };
		await expect(
			ran(`${resource}.relate`, { id, relatedId: '467070' }, answered({ relateditems: null })),
		).rejects.toThrow('did not relate the record 467070. Both records need the same owner');
		await expect(
			ran(`${resource}.unrelate`, { id, relatedId: '467070' }, answered({ relateditems: related })),
		).rejects.toThrow('did not remove the relation to the record 467070.');
		for (const [name, input, lists] of [
			['removeTags', { tags: ['Lead'] }, { categories: [] }],
			['relate', { relatedId: '467070' }, { relateditems: related }],
			['relate', { relatedId: '467070' }, {}],
			['unrelate', { relatedId: '467070' }, { relateditems: null }],
		] as const)
			expect(
				(await ran(`${resource}.${name}`, { id, ...input } as Values, answered(lists as JsonObject))).items,
			).toHaveLength(1);
	});
});

describe('fields', () => {
	test('all values are texts, yes and no are 1 and 0', async () => {
		const fields = { custom1: 5, custom2: 2.5, custom3: true, custom4: false, custom5: null, custom6: { a: 1 } };
		const { sent } = await ran('contact.update', { id: '1', fields }, account(OK));
		expect(sent[0]?.json).toEqual({
			...{ custom1: '5', custom2: '2.5', custom3: '1', custom4: '0', custom5: '', custom6: '{"a":1}' },
		});
		const data = { priority: 1, completed: true };
		const task = { recordId: 1, activityType: 'task', data };
		expect((await ran('activity.create', task, account(OK))).sent[0]?.json).toEqual({
			parent: '1',
			data: { priority: '1', completed: '1' },
		});
	});

	test.each(['company', 'Company', 'relatedto', 'RelatedTo'])(
		'%s is refused as a field: Relate is for that',
		async (name) => {
			const refused = `"${name}" can't be set as a field. To link two records, use the operation Relate.`;
			for (const resource of RECORD_TYPES) {
				for (const operation of ['create', 'update']) {
					const input = { ...inputFor(resource, operation), fields: { [name]: 'Example Solar' } };
					await expect(ran(`${resource}.${operation}`, input, account(OK))).rejects.toThrow(refused);
				}
				await expect(ran(`${resource}.update`, { id: '1', clearFields: [name] }, account(OK))).rejects.toThrow(refused);
			}
			const task = { recordId: '1', activityType: 'task', data: { [name]: '1' } };
			await expect(ran('activity.create', task, account(OK))).rejects.toThrow("can't be set as a field");
		},
	);

	test.each(RECORD_TYPES)('a %s without content is refused, also with an owner and tags', async (resource) => {
		for (const input of [{}, { ownership: '12900' }, { tags: ['Lead'] }]) {
			await expect(ran(`${resource}.create`, input, account(OK))).rejects.toThrow(
				/^The [a-z ]+ is empty. Fill in at least /,
			);
		}
	});

	test('owners are given by name, email or ID', async () => {
		for (const ownership of ['12830', 'sam example', 'Sam@example.com']) {
			const { sent } = await ran('contact.create', { firstName: 'Ada', ownership }, account(OK));
			expect(sent.at(-1)?.json).toEqual({ firstname: 'Ada', ownership: '12830' });
		}
		const assigned = await ran('contact.update', { id: '1', assignedTo: 'Sam Example' }, account(OK));
		expect(assigned.sent.at(-1)?.json).toEqual({ assignedto: '12830' });
		await expect(ran('contact.create', { firstName: 'Ada', ownership: 'Sale' }, account(OK))).rejects.toThrow(
			'No user or group is named "Sale". Did you mean "Sales" (12900)?',
		);
	});

	test('fields are cleared by name, too', async () => {
		const { sent } = await ran('contact.update', { id: '1', clearFields: ['Roof Type', 'website'] }, account(OK));
		expect(sent.at(-1)?.json).toEqual({ custom12: '', website: '' });
	});

	test.each([
		['contact', ['firstName', 'lastName', 'businessEmail']],
		['company', ['name']],
		['projectBlog', ['title']],
		['ticket', ['fields']],
	])('a new %s is asked for %j at the top', (resource, names) => {
		const top = (id: string) => operation(id).fields.flatMap((field) => (field.top ? [field.name] : []));
		expect(top(`${resource}.create`)).toEqual(names);
		expect(top(`${resource}.update`)).toEqual([]);
	});
});

describe('create or update', () => {
	const input = { email: 'ada@example.com', firstName: 'Ada' };
	const found = (rows: JsonObject) => (request: HttpRequest) =>
		request.method === 'GET' && request.path === '/contacts/' ? { status: 'success', ...rows } : OK;

	test('says which it did', async () => {
		expect((await ran('contact.createOrUpdate', input, found({}))).items).toEqual([
			{ status: 'success', outcome: 'created' },
		]);
		const rows = { '7': { id: 7, personalemail: 'ADA@example.com' } };
		expect((await ran('contact.createOrUpdate', input, found(rows))).items).toEqual([
			{ id: '7', status: 'success', outcome: 'updated' },
		]);
	});

	test('writes nothing where there is nothing to change', async () => {
		const { sent } = await ran('contact.createOrUpdate', { email: 'ada@example.com' }, found({ '7': { id: 7 } }));
		expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /contacts/', 'GET /contacts/7/']);
	});

	test('never touches a contact that shows other addresses: a filter may have been ignored', async () => {
		const others = {
			'7': { id: 7, businessemail: 'bea@example.com' },
			'8': { id: 8, personalemail: 'cy@example.com' },
		};
		const sent: HttpRequest[] = [];
		await expect(
			ran('contact.createOrUpdate', input, (request) => (sent.push(request), found(others)(request))),
		).rejects.toThrow('show other email addresses (IDs 7, 8). Nothing was changed.');
		expect(sent.map(({ method }) => method)).toEqual(['GET']);
		const one = { ...others, '9': { id: 9, otheremail: 'ada@example.com' } };
		expect((await ran('contact.createOrUpdate', input, found(one))).sent.at(-1)?.path).toBe('/contacts/9/');
	});
});

describe('lists', () => {
	const ids = Array.from({ length: 7 }, (_, index) => 467_069 + index);
	/** Counts from 0 or from 1, and gives small pages. */
	const list =
		(first: number, cap: number, key: (id: number) => string, count: (all: number) => Json) =>
		({ query }: HttpRequest): Json => {
			const from = query?.['start'] === undefined ? 0 : Math.max(0, Number(query['start']) - first);
			const page = ids.slice(from, from + Math.min(cap, Number(query?.['limit'])));
			return {
				status: 'success',
				count: count(ids.length),
				...Object.fromEntries(page.map((id) => [key(id), { name: `${id}` }])),
			};
		};

	test.each([0, 1].flatMap((first) => [2, 3, 7, 5000].map((cap) => [first, cap] as const)))(
		'from %i, at most %i a page: every record once',
		async (first, cap) => {
			for (const key of [String, (id: number) => `id${id}`]) {
				for (const count of [(all: number) => all, String]) {
					const { items } = await ran('contact.getMany', {}, list(first, cap, key, count));
					expect(items.map(({ id }) => Number(id))).toEqual(ids);
				}
			}
		},
	);

	test('filters by email, phone and tag; columns by key', async () => {
		const query = async (input: Values) => (await ran('contact.getMany', input, () => OK, 5)).sent[0]?.query;
		expect(await query({ filter: 'byphone', phone: '555 0100' })).toMatchObject({
			filtermode: 'byphone',
			filtervalue: '555 0100',
		});
		expect(await query({ fieldList: ['firstname', 'custom12'] })).toMatchObject({ fieldlist: 'firstname,custom12' });
		expect(operation('company.getMany').fields.map(({ name }) => name)).not.toContain('phone');
	});
});

const ROW = { id: '881204', typeid: '14', fields: { assignedto: '12830', assignedto_cn: 'Sam Example' } };
const SECOND = { ...ROW, id: '881205' };

describe('reports', () => {
	const containers = [
		['timeTracking', 'timerecords', 'timerecord'],
		['opportunities', 'opportunities', 'opportunity'],
		['activities', 'activities', 'activity'],
		['nextActions', 'nextactions', 'nextaction'],
		['followUps', 'followups', 'followup'],
		['calendar', 'calendar', 'event'],
		['calendar', 'events', 'event'],
	] as const;
	const days = { start: '2026-02-01', end: '2026-02-28' };

	test.each(containers)('%s: %s > %s, in every shape that a list can have', async (name, container, element) => {
		const shapes: [JsonObject, JsonObject[]][] = [
			[{ '881204': ROW, '881205': SECOND }, [ROW, SECOND]],
			[{ id881204: { typeid: '14' } }, [{ id: '881204', typeid: '14' }]],
			[{ [container]: { [element]: [ROW, SECOND] } }, [ROW, SECOND]],
			[{ [container]: { [element]: ROW } }, [ROW]],
			[{ [container]: { [element]: { typeid: '14' } } }, [{ typeid: '14' }]],
			[{ [container]: { '881204': ROW, '881205': SECOND } }, [ROW, SECOND]],
			[{ [container]: [ROW, SECOND] }, [ROW, SECOND]],
			[{ [container]: null }, []],
			[{ [container]: '' }, []],
			[{ [container]: [] }, []],
			[{}, []],
		];
		for (const [body, items] of shapes) {
			for (const answer of [
				{ status: 'success', ...body },
				{ response: { ...body, status: 'success' } },
			] as JsonObject[])
				expect((await ran(`report.${name}`, days, () => answer)).items).toEqual(items);
		}
	});

	test.each(['2026-02-25', '2026-02-25T00:00:00', '2026-02-25T00:00:00.000+11:00', '2026-02-25T23:00:00-08:00'])(
		'the day of %s is sent as it is written',
		async (start) => {
			const { sent } = await ran('report.timeTracking', { start }, () => OK);
			expect(sent[0]?.query).toMatchObject({ start: '2026-02-25' });
		},
	);

	test('tags need types of record; names are looked up there', async () => {
		await expect(ran('report.activities', { ...days, categories: ['53966'] }, account(OK))).rejects.toThrow(
			'"Record Types" is empty. Choose the types of record that the tags belong to.',
		);
		const input = { ...days, categories: ['Lead', '7'], itemtypes: ['1', '40'], users: ['Sam Example'] };
		const { sent } = await ran('report.activities', input, ({ path, ...rest }) =>
			path === '/companies/categories/' ? { categories: [] } : account(OK)({ path, ...rest }),
		);
		expect(sent.map(({ path }) => path)).toEqual([
			...['/ownership/', '/contacts/categories/', '/companies/categories/', '/report/activities/'],
		]);
		expect(sent.at(-1)?.query).toMatchObject({ categories: '53966,7', itemtypes: '1,40', users: '12830' });
	});

	test('record data can be asked for in all six; time records by type of record', () => {
		const reports = solve360.operations.filter(({ resource }) => resource === 'report');
		expect(reports).toHaveLength(6);
		for (const { fields } of reports) expect(fields.map(({ name }) => name)).toContain('itemsdata');
		expect(operation('report.timeTracking').fields.map(({ name }) => name)).toContain('itemtypes');
	});
});

describe('activities', () => {
	const json = async (id: string, input: Values) => (await ran(id, input, () => OK)).sent[0]?.json;

	test('are put before or after another, and moved to another record', async () => {
		const task = { recordId: '5', activityType: 'task', data: { title: 'Call' } };
		expect(await json('activity.create', { ...task, before: '7' })).toEqual({
			parent: '5',
			before: '7',
			data: { title: 'Call' },
		});
		expect(await json('activity.create', { ...task, after: 8 })).toEqual({
			parent: '5',
			after: '8',
			data: { title: 'Call' },
		});
		const move = { activityType: 'task', activityId: '9', newParentId: '6', after: '8' };
		expect(await json('activity.update', move)).toEqual({ parent: '6', after: '8' });
		await expect(json('activity.create', { ...task, before: '7', after: '8' })).rejects.toThrow('Fill in one.');
		await expect(json('activity.update', { ...move, newParentId: 'x' })).rejects.toThrow(
			'"Move to Record ID" must be an ID in digits, e.g. 467069.',
		);
	});

	test('files and photos are uploaded in parts; nothing else is', async () => {
		const file = { fileName: 'roof.txt', contentType: 'text/plain', base64: 'cm9vZg==' };
		const input = { recordType: 'companies', recordId: '5', activityType: 'photo', file };
		const { sent } = await ran('activity.upload', input, () => ({ status: 'success', id: 5 }));
		expect(sent).toEqual([
			{
				method: 'POST',
				path: '/companies/photo/',
				headers: { accept: 'application/json' },
				multipart: [
					{ name: 'parent', text: '5' },
					{
						...{ name: 'file', fileName: 'roof.txt', contentType: 'application/octet-stream' },
						bytes: Buffer.from('roof'),
					},
				],
			},
		]);
		await expect(ran('activity.create', { ...input, activityType: 'file' }, () => OK)).rejects.toThrow(
			'"Activity Type" must be one of',
		);
		await expect(ran('activity.upload', { ...input, file: '' }, () => OK)).rejects.toThrow('"File" is empty.');
	});
});

describe('locations', () => {
	const record = {
		contactid: 5,
		contactname: 'Ada Example',
		location: { timestamp: '2026-02-02 10:30:00' },
		distancemeters: 12.5,
	};

	test('are found by a word, without a slash at the end', async () => {
		const { items, sent } = await ran('location.getMany', { searchValue: 'electrician' }, () => ({
			count: 1,
			records: [record],
		}));
		expect(items).toEqual([{ id: 5, ...record }]);
		expect(sent[0]).toMatchObject({ method: 'GET', path: '/locate', query: { searchvalue: 'electrician' } });
		const input = { searchValue: 'a', lastReportedWithin: 60, relativeTo: '5/1/2' };
		const more = await ran('location.getMany', input, () => ({ count: 0, records: [] }));
		expect(more.sent[0]).toMatchObject({
			method: 'POST',
			json: { searchvalue: 'a', lastreportedwithin: '60', relativedeviceaddress: '5/1/2' },
		});
		expect(more.items).toEqual([]);
	});
});

describe('records in answers', () => {
	const item = (body: JsonObject) => recordItem({ status: 200, headers: {}, body, text: '' });

	test('have their lists as arrays, whatever shape they came in', () => {
		const lead = { id: '53966', name: 'Lead' };
		for (const categories of [
			[lead],
			{ category: lead },
			{ category: [lead] },
			{ '53966': { name: 'Lead' } },
		] as Json[])
			expect(item({ categories })['categories']).toEqual([lead]);
		for (const empty of [null, '', []]) expect(item({ relateditems: empty })['relateditems']).toEqual([]);
		expect(item({ status: 'success' })).toEqual({ status: 'success' });
	});

	test('a record with lists of its own is one record', () => {
		const row = { id: 5, name: 'Ada', categories: { category: [{ id: 1 }] }, fields: { a: 'b' } };
		expect(listOf({ status: 'success', '5': row })).toEqual([row]);
		expect(listOf({ contacts: { contact: [row] } })).toEqual([row]);
	});
});

describe('notifications in XML', () => {
	const read = (xml: string): Json => {
		const result = readBody(Buffer.from(xml), 'application/xml', solve360.receiving.formats);
		if (!result.ok) throw new Error(result.reason);
		return solve360.receiving.normalise!(result.payload, result.format);
	};

	test('attributes become names of their own, as in JSON', () => {
		const fields = `<firstname>Ada</firstname><assignedto cn="Sam Example">12830</assignedto><responsible cn=""/>`;
		expect(
			read(`<n><type>t</type><content><item><id>5</id><ownership cn="Sales">12900</ownership>
				<fields>${fields}</fields></item></content></n>`),
		).toEqual({
			type: 't',
			content: {
				item: {
					id: 5,
					ownership: 12900,
					ownership_cn: 'Sales',
					fields: {
						...{ firstname: 'Ada', assignedto: '12830', assignedto_cn: 'Sam Example' },
						...{ responsible: '', responsible_cn: '' },
					},
				},
			},
		});
	});

	test.each<[string, JsonObject]>([
		['<item kind="contact"><id>5</id></item>', { item: { id: 5 }, item_kind: 'contact' }],
		[
			'<categories count="2"><category id="1">A</category><category><id>2</id><name>B</name></category></categories>',
			{
				categories: [
					{ id: 1, name: 'A' },
					{ id: 2, name: 'B' },
				],
				categories_count: '2',
			},
		],
		['<fields/>', { fields: {} }],
	])('%s', (content, shape) => {
		expect(read(`<n><type>t</type><content>${content}</content></n>`)).toEqual({ type: 't', content: shape });
	});
});

describe('the tag filter', () => {
	const wanted = (categories: Json, tags: Json) =>
		solve360.receiving.wanted!({ type: 'items.categorize', objectid: 1, content: { categories } }, 'items.categorize', {
			tags,
		});

	test('takes several tags in one box', () => {
		for (const tags of [['Lead, 53967'], ['Lead,53967', ' '], 'Lead, 53967', ['Lead\n53967']]) {
			expect(wanted([{ id: 53966, name: 'Lead' }], tags)).toBe(true);
			expect(wanted([{ id: 53967, name: 'Customer' }], tags)).toBe(true);
			expect(wanted([{ id: 53968, name: 'Hot Lead' }], tags)).toBe(false);
		}
	});

	test('passes on what it cannot compare: a name, where the tags come as IDs alone', () => {
		expect(wanted([53966], ['Customer'])).toBe(true);
		expect(wanted([{ name: 'Lead' }], ['53967'])).toBe(true);
		expect(wanted([53966], ['53967'])).toBe(false);
		expect(wanted(['Lead'], ['Customer'])).toBe(false);
	});
});

describe('webhooks', () => {
	test('need an add-on: said before publishing, and where Solve360 refuses', () => {
		const [registration] = solve360.registrations;
		if (registration.kind !== 'api') throw new Error('expected an API registration');
		expect(registration.prerequisite).toContain('Add-ons > Enable Webhooks');
		expect(registration.api.otherwise).toContain('Add-ons > Enable Webhooks');
	});

	test('what a workflow changes raises events again: said where it matters', () => {
		const notes = solve360.events.filter(({ note }) => /starts itself again/.test(note ?? '')).map(({ name }) => name);
		expect(notes).toEqual(['items.update', 'items.categorize', 'activities.update']);
		for (const resource of RECORD_TYPES) expect(operation(`${resource}.update`).note).toMatch(/starts itself again/);
	});
});
