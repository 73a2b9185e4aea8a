/**
 * Solve360: records, activities, tags, reports and hooks at `/solve360`.
 * https://norada.com/api/introduction, https://solve360.com/api/webhooks, /api/webhook-management, /api/records, /api/contacts/,
 * /api/activity-reports
 *
 * Documented: Basic authentication, XML unless JSON is accepted, the paths, creating a hook, what a hook is made of, the
 * notification, any 2xx is success, up to four retries. Seen in published clients: `status: "failed"` with `errors`, lists
 * keyed by id, deleting a hook, `occured`, filters and sorting, tags and relations as arrays, reports. Assumed: the retry
 * delays, listing, showing and changing hooks, that refused input comes under HTTP 200, the type id of tickets, the form's
 * nesting, and that tags and relations in another form than XML or an array are ignored in silence.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readBody } from '../../core/body.ts';
import { readForm } from '../../core/form.ts';
import { defined, isObject, text } from '../../core/json.ts';
import type { Format, Json, JsonObject } from '../../core/provider.ts';
import { ACCOUNTS, BASE_PATHS } from '../accounts.mts';
import { eventNames } from '../catalogue.mts';
import { formText, xmlText } from '../formats.mts';
import { freshNumber, mergeObjects, second } from '../fresh.mts';
import { callOf } from '../contract/layer.mts';
import { bodyOf, isHttpUrl, partOf, queryOf, wholeNumber } from '../service.mts';
import type { Service, World } from '../service.mts';
import type { Subscription } from '../subscriptions.mts';
import { activityOf, addActivity, changeActivity, reported, shownActivity, withNames } from './solve360-activities.mts';
import { failed, failure, inReading, keyed, notFound, refusal } from './solve360-answers.mts';
import type { Reading } from './solve360-answers.mts';
import { ACTIVITY_TYPES, GROUPS, SEGMENTS, USERS, fieldsOf, firstRecords, nameOf } from './solve360-records.mts';
import type { Item, Records, Segment } from './solve360-records.mts';

const ID = 'solve360';
const BASE = BASE_PATHS[ID];
const LIST_CAP = 5000;
const SEGMENT = ':segment(^(?:contacts|companies|projectblogs|tickets)$)';
const ACTIVITY = `:activity(^(?:${Object.keys(ACTIVITY_TYPES).join('|')})$)`;
type Handler = (call: Call) => JsonObject;

interface Call {
	account: string;
	request: FastifyRequest;
	records: Records;
	body: JsonObject;
	segment: Segment;
	/** The value of a switch of the contract for this call. */
	reading: Reading;
}

/** The service. */
export function solve360(world: World): Service {
	let records = new Map<string, Records>();

	const recordsOf = (account: string): Records => {
		const kept = records.get(account) ?? firstRecords();
		records.set(account, kept);
		return kept;
	};

	const raise = (account: string, event: string, objectid: number, content: JsonObject) => {
		world.raise({ provider: ID, event, account, payload: { type: event, objectid, occured: second(), content } });
	};

	// ------------------------------------------------------------------------------------------------ records

	const list: Handler = ({ records: kept, segment, request, reading }) => {
		const found = sorted(filtered(kept, segment, request), request);
		const rows = paged(found, request, reading).map((item) => listed(item, request));
		return { status: 'success', count: found.length, ...keyed(rows) };
	};

	const show: Handler = ({ records: kept, segment, request }) => ({
		status: 'success',
		...shown(kept, itemOf(kept, segment, request)),
	});

	const create: Handler = (call) => {
		const { account, records: kept, segment, body } = call;
		const now = second();
		const item: Item = {
			...{ id: freshNumber(), segment, ownership: wholeNumber(body.ownership) ?? 12_830 },
			...{ created: now, updated: now, fields: {}, categories: [], related: [] },
		};
		const tags = changeItem(kept, item, body);
		kept.items.push(item);
		raise(account, 'items.create', item.id, shown(kept, item));
		if (tags.added) raise(account, 'items.categorize', item.id, shown(kept, item));
		return { status: 'success', ...shown(kept, item) };
	};

	const update: Handler = ({ account, records: kept, segment, request, body }) => {
		const item = itemOf(kept, segment, request);
		const draft: Item = { ...item, fields: { ...item.fields } };
		const tags = changeItem(kept, draft, body);
		Object.assign(item, draft, { updated: second() });
		if (Object.keys(body).some((key) => key !== 'categories'))
			raise(account, 'items.update', item.id, shown(kept, item));
		if (tags.added) raise(account, 'items.categorize', item.id, shown(kept, item));
		if (tags.removed) raise(account, 'items.uncategorize', item.id, shown(kept, item));
		return { status: 'success', ...shown(kept, item) };
	};

	const remove: Handler = ({ account, records: kept, segment, request }) => {
		const item = itemOf(kept, segment, request);
		const content = { item: shownItem(item) };
		kept.items = kept.items.filter((one) => one !== item);
		kept.activities = kept.activities.filter((activity) => activity.parent !== item.id);
		raise(account, 'items.delete', item.id, content);
		return { status: 'success' };
	};

	const listCategories: Handler = ({ records: kept, segment }) => ({
		status: 'success',
		categories: kept.categories
			.filter((category) => category.segment === segment)
			.map(({ id, name }) => ({ id, name })),
	});

	const createCategory: Handler = ({ records: kept, segment, body }) => {
		const name = text(body.name);
		if (!name) throw failed('name', 'A name is required');
		const category = { id: freshNumber(), name, segment };
		kept.categories.push(category);
		return { status: 'success', id: category.id, name };
	};

	const listFields: Handler = ({ segment }) => ({
		status: 'success',
		fields: Object.entries(fieldsOf(segment)).map(([name, label]) => ({ name, label, type: 'text' })),
	});

	// --------------------------------------------------------------------------------------------- activities

	const createActivity: Handler = ({ account, records: kept, request, body }) => {
		const activity = addActivity(kept, partOf(request, 'activity'), body);
		raise(account, 'activities.create', activity.id, shownActivity(activity));
		return { status: 'success', ...shownActivity(activity) };
	};

	const updateActivity: Handler = ({ account, records: kept, request, body }) => {
		const activity = activityOf(kept, request);
		changeActivity(kept, activity, body);
		raise(account, 'activities.update', activity.id, shownActivity(activity));
		return { status: 'success', ...shownActivity(activity) };
	};

	const removeActivity: Handler = ({ account, records: kept, request }) => {
		const activity = activityOf(kept, request);
		kept.activities = kept.activities.filter((one) => one !== activity);
		raise(account, 'activities.delete', activity.id, shownActivity(activity));
		return { status: 'success' };
	};

	const report: Handler = ({ records: kept, request, reading }) => reported(kept, request, reading);

	/** Where the first two contacts were last seen. An answer of these has no status. */
	const locate: Handler = ({ records: kept, request, body }) => {
		const wanted = (text(body.searchvalue) ?? queryOf(request, 'searchvalue') ?? '').toLowerCase();
		if (wanted === '') throw failed('searchvalue', 'A search value is required');
		const found = kept.items.filter(({ segment: { constraint } }) => constraint === 'contact').slice(0, 2);
		const matching = found.filter((item) => {
			const tags = item.categories.map((id) => kept.categories.find((one) => one.id === id)?.name ?? '');
			return [nameOf(item), item.fields.jobtitle ?? '', ...tags].some((word) => word.toLowerCase().includes(wanted));
		});
		const records = matching.map((item, index) => ({
			...{ contactid: item.id, contactname: nameOf(item), deviceaddress: `5/290792806/1003760${index}` },
			location: {
				...{
					timestamp: '2026-02-02 10:30:00',
					areaid: 1,
					areaname: 'Example Yard',
					buildingid: 2,
					buildingname: 'Hall',
				},
				...{ floorid: 3, floorlabel: 'Ground', floorlevel: 0, zoneid: 4, zonename: 'Workshop' },
				...{ position: '-33.8700,151.2100', source: 'ble' },
			},
			distancemeters: 12.5,
		}));
		return { count: records.length, records };
	};

	// -------------------------------------------------------------------------------------------------- hooks

	const createHook: Handler = ({ account, body }) => {
		if (world.faults.behaviour(ID, 'webhooksOff') === true)
			throw failed('webhooks', 'Webhooks are not enabled for this account');
		const hook = hookFrom(body, { type: 'web', constrainttype: 'all', contenttype: 'xml', active: 0 });
		const kept = world.subscriptions.add({ id: String(freshNumber()), provider: ID, account, ...hook });
		return { ...shownHook(kept), status: 'success' };
	};

	const listHooks: Handler = ({ account }) => {
		const hooks = world.subscriptions.of(ID, account).map(shownHook);
		return { status: 'success', count: hooks.length, ...keyed(hooks) };
	};

	const showHook: Handler = ({ account, request }) => ({ ...shownHook(hookOf(account, request)), status: 'success' });

	const updateHook: Handler = ({ account, request, body }) => {
		const hook = hookOf(account, request);
		Object.assign(hook, hookFrom(body, shownHook(hook)));
		return { ...shownHook(hook), status: 'success' };
	};

	const removeHook: Handler = ({ account, request }) => {
		const hook = hookOf(account, request);
		world.subscriptions.remove(hook);
		world.deliveries.abandon(hook);
		return { status: 'success' };
	};

	const hookOf = (account: string, request: FastifyRequest): Subscription => {
		const hook = world.subscriptions.find(ID, account, partOf(request, 'id'));
		if (!hook) throw notFound('Hook not found');
		return hook;
	};

	const ownership: Handler = ({ account }) => {
		const own = ACCOUNTS[ID].find((one) => one.name === account)?.credentials.email ?? '';
		const users = Object.entries(USERS).map(([id, name], index) => ({
			...{ id: Number(id), name, email: index === 0 ? own : 'rep@example.com' },
		}));
		return { status: 'success', users, groups: Object.entries(GROUPS).map(([id, name]) => ({ id: Number(id), name })) };
	};

	const routes = (app: FastifyInstance) => {
		// Forms are nested as PHP writes them, which the framework's own parser does not read.
		app.removeContentTypeParser('application/x-www-form-urlencoded');
		app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
			done(null, readForm(String(body))),
		);
		app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
			partsOf(Buffer.from(body), request.headers['content-type'] ?? '').then((parts) => done(null, parts), done);
		});
		const on = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: Handler) => {
			app.route({
				method,
				url: `${BASE}${path}`,
				handler: async (request, reply) => {
					const account = accountOf(request);
					const segment = SEGMENTS.find((one) => one.path === partOf(request, 'segment')) ?? SEGMENTS[0];
					const id = callOf(request);
					const reading: Reading = (name) => (id === undefined ? undefined : world.variants.of(ID, id, name));
					const body = inputOf(request);
					const answer = handler({ account, request, records: recordsOf(account), body, segment, reading });
					return say(request, reply, inReading(answer, reading, method === 'PUT'));
				},
			});
		};
		on('POST', '/hooks/', createHook);
		on('GET', '/hooks/', listHooks);
		on('GET', '/hooks/:id/', showHook);
		on('PUT', '/hooks/:id/', updateHook);
		on('DELETE', '/hooks/:id/', removeHook);
		on('GET', '/ownership/', ownership);
		on('GET', '/report/:report/', report);
		on('GET', '/locate', locate);
		on('POST', '/locate', locate);
		on('GET', `/${SEGMENT}/`, list);
		on('POST', `/${SEGMENT}/`, create);
		on('GET', `/${SEGMENT}/categories/`, listCategories);
		on('POST', `/${SEGMENT}/categories/`, createCategory);
		on('GET', `/${SEGMENT}/fields/`, listFields);
		on('GET', `/${SEGMENT}/:id(^\\d+$)/`, show);
		on('PUT', `/${SEGMENT}/:id(^\\d+$)/`, update);
		on('DELETE', `/${SEGMENT}/:id(^\\d+$)/`, remove);
		on('POST', `/${SEGMENT}/${ACTIVITY}/`, createActivity);
		on('PUT', `/${SEGMENT}/${ACTIVITY}/:id(^\\d+$)/`, updateActivity);
		on('DELETE', `/${SEGMENT}/${ACTIVITY}/:id(^\\d+$)/`, removeActivity);
	};

	return {
		id: ID,
		name: 'Solve360',
		root: '/solve360',
		behaviours: {
			webhooksOff: { values: 'boolean', description: 'the Webhooks add-on is not enabled: creating a hook fails' },
		},
		admit: (request) => void accountOf(request),
		routes,
		reset: () => {
			records = new Map();
		},
		compose,
		wants: (subscription, event, payload) => {
			const { constraint = 'all' } = subscription;
			const content = isObject(payload) && isObject(payload.content) ? payload.content : {};
			if (constraint === 'all') return true;
			const item = isObject(content.item) ? content.item : undefined;
			const parent = recordsOf(subscription.account).items.find((one) => one.id === wholeNumber(content.item));
			const typeid = event.startsWith('items.') ? wholeNumber(item?.typeid) : parent?.segment.typeid;
			return SEGMENTS.some((segment) => segment.constraint === constraint && segment.typeid === typeid);
		},
		encode: (payload, { format }) => {
			if (format === 'xml') return { body: xmlText('notification', payload), contentType: 'application/xml' };
			if (format === 'form') return { body: formText(payload), contentType: 'application/x-www-form-urlencoded' };
			return { body: JSON.stringify(payload), contentType: 'application/json' };
		},
		error: (kind, message) => {
			if (kind === 'not_found') return failure(404, 'notfound', message);
			if (kind === 'malformed_body') return failure(400, 'request', message);
			return failure(typeof kind === 'number' ? kind : 500, 'error', message);
		},
		render: (body, request) =>
			acceptsJson(request) ? undefined : { text: xmlText('response', body), contentType: 'application/xml' },
	};
}

/** Fresh ids, and `data` merged over `content` at every depth. `data.item.id` says which record it is about. */
function compose(event: string, sample: Json | undefined, data: Json | undefined): Json {
	const base = isObject(sample) ? sample : { content: {} };
	const over = isObject(data) ? data : {};
	const content = mergeObjects(isObject(base.content) ? base.content : {}, over);
	const given = isObject(over.item) ? wholeNumber(over.item.id) : undefined;
	const objectid = given ?? freshNumber();
	if (isObject(content.item)) content.item = { ...content.item, id: objectid };
	return { ...base, type: event, objectid, occured: second(), content };
}

/** Basic: email and API token. */
function accountOf(request: FastifyRequest): string {
	const [, encoded = ''] = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
	const [email = '', ...token] = Buffer.from(encoded, 'base64').toString().split(':');
	const account = ACCOUNTS[ID].find(
		({ credentials }) => credentials.email === email && credentials.apiToken === token.join(':'),
	);
	if (!account)
		throw refusal(failure(401, 'authentication', 'Authentication failed: check the email address and the API token'));
	return account.name;
}

/** The body: JSON and forms are read already, XML comes wrapped in `<request>`. */
function inputOf(request: FastifyRequest): JsonObject {
	if (typeof request.body !== 'string') return bodyOf(request);
	const read = readBody(Buffer.from(request.body), request.headers['content-type'], ['xml', 'json']);
	if (!read.ok) throw refusal(failure(400, 'request', read.reason));
	const input = isObject(read.payload) ? read.payload : {};
	return read.format === 'xml' ? fromXml(input) : input;
}

/** `<categories><add><category>1</category></add></categories>` as the array that JSON has in its place. */
function fromXml(input: JsonObject): JsonObject {
	const changed = Object.entries({ categories: 'category', relateditems: 'relatedto' }).flatMap(([list, element]) => {
		const changes = input[list];
		if (!isObject(changes)) return [];
		const arrays = Object.entries(changes).map(([change, inside]) => {
			const entries = isObject(inside) ? inside[element] : undefined;
			return [change, Array.isArray(entries) ? entries : entries === undefined ? [] : [entries]];
		});
		return [[list, Object.fromEntries(arrays) as Json]];
	});
	return { ...input, ...(Object.fromEntries(changed) as JsonObject) };
}

/** The parts of a multipart form, read by the platform. Of a file, its name and its size. */
async function partsOf(body: Buffer, contentType: string): Promise<JsonObject> {
	const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
	return Object.fromEntries(
		[...form.entries()].map(([name, value]): [string, Json] => [
			name,
			typeof value === 'string' ? value : { fileName: value.name, size: String(value.size) },
		]),
	);
}

function acceptsJson(request: FastifyRequest): boolean {
	return (request.headers.accept ?? '').includes('application/json');
}

function say(request: FastifyRequest, reply: FastifyReply, body: Json): FastifyReply {
	if (acceptsJson(request)) return reply.type('application/json; charset=utf-8').send(body);
	return reply.type('application/xml; charset=utf-8').send(xmlText('response', body));
}

function itemOf(kept: Records, segment: Segment, request: FastifyRequest): Item {
	const item = kept.items.find((one) => one.segment === segment && String(one.id) === partOf(request, 'id'));
	if (!item) throw notFound('Item not found');
	return item;
}

/** Applies a create or update body. Refuses a field the record does not have and a tag that does not exist. */
function changeItem(kept: Records, item: Item, body: JsonObject): { added: boolean; removed: boolean } {
	const known = fieldsOf(item.segment);
	const { categories, relateditems, ownership, ...fields } = body;
	for (const [name, value] of Object.entries(fields)) {
		if (!(name in known)) throw failed('incorrectfield', 'Incorrect field specified');
		item.fields[name] = value === null || typeof value !== 'object' ? String(value ?? '') : JSON.stringify(value);
	}
	if (ownership !== undefined) item.ownership = wholeNumber(ownership) ?? item.ownership;
	for (const { id, note } of entriesIn(relateditems, 'add')) {
		const related = kept.items.find((one) => one.id === id);
		if (!related) throw failed('relatedto', 'Related item not found');
		// Tickets, and records with another owner, are ignored without a word.
		if (related.segment.constraint === 'ticket' || related.ownership !== item.ownership) continue;
		item.related = [...item.related.filter((one) => one.id !== id), { id, note }];
	}
	for (const { id } of entriesIn(relateditems, 'remove')) {
		item.related = item.related.filter((one) => one.id !== id);
	}
	const add = entriesIn(categories, 'add').map((entry) => entry.id);
	const drop = entriesIn(categories, 'remove').map((entry) => entry.id);
	for (const id of [...add, ...drop]) {
		if (!kept.categories.some((category) => category.id === id)) throw failed('category', `Category ${id} not found`);
	}
	const before = item.categories;
	item.categories = [...new Set([...before, ...add])].filter((id) => !drop.includes(id));
	return {
		added: item.categories.some((id) => !before.includes(id)),
		removed: before.some((id) => !item.categories.includes(id)),
	};
}

/** `{"add": [1, 2]}`, `{"add": [{"id": 1, "note": "..."}]}`. Any other form is ignored. */
function entriesIn(changes: Json | undefined, what: 'add' | 'remove'): { id: number; note: string }[] {
	const entries = isObject(changes) ? changes[what] : undefined;
	if (!Array.isArray(entries)) return [];
	return entries.map((one) => ({
		id: wholeNumber(isObject(one) ? one.id : one) ?? 0,
		note: isObject(one) ? (text(one.note) ?? '') : '',
	}));
}

function filtered(kept: Records, segment: Segment, request: FastifyRequest): Item[] {
	const mode = queryOf(request, 'filtermode');
	const value = (queryOf(request, 'filtervalue') ?? '').toLowerCase();
	const search = queryOf(request, 'searchvalue')?.toLowerCase();
	return kept.items.filter((item) => {
		if (item.segment !== segment) return false;
		if (mode === 'byemail') {
			const emails = ['businessemail', 'personalemail', 'otheremail', 'email'].map((name) =>
				item.fields[name]?.toLowerCase(),
			);
			if (!emails.includes(value)) return false;
		}
		if (
			mode === 'byphone' &&
			!Object.entries(item.fields).some(([name, one]) => isPhone(name) && sameDigits(one, value))
		)
			return false;
		if (mode === 'category' && !item.categories.includes(Number(value))) return false;
		return (
			search === undefined ||
			JSON.stringify([nameOf(item), item.fields])
				.toLowerCase()
				.includes(search)
		);
	});
}

function sorted(items: Item[], request: FastifyRequest): Item[] {
	const field = queryOf(request, 'sortfield') ?? 'name';
	const direction = queryOf(request, 'sortdir')?.toUpperCase() === 'DESC' ? -1 : 1;
	const key = (item: Item) => String(shownItem(item)[field] ?? item.fields[field] ?? '');
	return [...items].sort((a, b) => direction * (key(a).localeCompare(key(b)) || a.id - b.id));
}

function isPhone(name: string): boolean {
	return /phone|fax$/.test(name);
}

/** Which digits are compared is not known: here all of them. */
function sameDigits(one: string, other: string): boolean {
	const digits = (value: string) => value.replaceAll(/\D/g, '');
	return digits(one) !== '' && digits(one) === digits(other);
}

/** Published clients count `start` from 1 or from 0: a switch. */
function paged(items: Item[], request: FastifyRequest, reading: Reading): Item[] {
	const first = Number(reading('listStart') ?? 1);
	const from = Math.max(first, wholeNumber(queryOf(request, 'start')) ?? first) - first;
	const cap = Number(reading('pageCap') ?? LIST_CAP);
	const limit = Math.min(wholeNumber(queryOf(request, 'limit')) ?? cap, cap);
	return items.slice(from, from + limit);
}

/** A row of a list: the columns; with `layout=1` all fields next to them, with `fieldlist` those. */
function listed(item: Item, request: FastifyRequest): JsonObject {
	const { fields, ...columns } = shownItem(item);
	const all = isObject(fields) ? fields : {};
	const wanted = queryOf(request, 'fieldlist')?.split(',');
	if (wanted !== undefined) {
		const some = Object.entries(all).filter(([name]) => wanted.includes(name));
		return { id: item.id, name: columns.name ?? '', ...Object.fromEntries(some) };
	}
	return { ...columns, ...(queryOf(request, 'layout') === '1' ? all : {}) };
}

function shownItem(item: Item): JsonObject {
	const { id, ownership, created, updated, fields, segment } = item;
	const times = { created, updated, viewed: updated };
	return { id, name: nameOf(item), typeid: segment.typeid, ownership, flagged: 0, ...times, fields: withNames(fields) };
}

function shown(kept: Records, item: Item): JsonObject {
	return {
		item: shownItem(item),
		categories: item.categories.flatMap((id) => {
			const category = kept.categories.find((one) => one.id === id);
			return category ? [{ id, name: category.name }] : [];
		}),
		relateditems: item.related.map(({ id, note }) => {
			const related = kept.items.find((one) => one.id === id);
			return { id, name: nameOf(related), typeid: related?.segment.typeid ?? 0, note };
		}),
		activities: kept.activities.filter((activity) => activity.parent === item.id).map(shownActivity),
	};
}

/** What a create or update body makes of a hook; refuses what the documentation does not allow. */
function hookFrom(body: JsonObject, before: JsonObject) {
	const input = { ...before, ...defined(body) };
	const event = text(input.event) ?? '';
	if (text(input.type) !== 'web') throw failed('type', 'Invalid type');
	if (!eventNames(ID).includes(event)) throw failed('event', 'Invalid event');
	if (!isHttpUrl(input.url)) throw failed('url', 'Invalid url');
	const format = (['json', 'xml', 'form'] as const).find((one) => one === input.contenttype);
	if (!format) throw failed('contenttype', 'Invalid contenttype');
	const constraint = text(input.constrainttype) ?? 'all';
	if (constraint !== 'all' && !SEGMENTS.some((segment) => segment.constraint === constraint)) {
		throw failed('constrainttype', 'Invalid constrainttype');
	}
	const hook: { url: string; events: string[]; format: Format } & Partial<Subscription> = {
		...{ url: input.url, events: [event], format, constraint },
		title: text(input.title) ?? '',
		active: text(input.active) === '1' || input.active === true,
	};
	const secret = text(input.secret);
	return secret ? { ...hook, secret } : hook;
}

function shownHook(hook: Subscription): JsonObject {
	return {
		...{ active: hook.active ? 1 : 0, type: 'web', event: hook.events[0] ?? '', title: hook.title, url: hook.url },
		...{ contenttype: hook.format, secret: hook.secret ?? '', constrainttype: hook.constraint ?? 'all' },
		id: Number(hook.id),
	};
}
