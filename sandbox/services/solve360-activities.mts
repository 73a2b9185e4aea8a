/** Activities of Solve360 and the reports on them. https://norada.com/api/records, https://solve360.com/api/activity-reports */
import type { FastifyRequest } from 'fastify';
import { isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { freshNumber, mergeObjects, second } from '../fresh.mts';
import { partOf, queryOf, wholeNumber } from '../service.mts';
import { failed, notFound, reportAnswer } from './solve360-answers.mts';
import type { Reading } from './solve360-answers.mts';
import { ACTIVITY_TYPES, USERS, nameOf } from './solve360-records.mts';
import type { Activity, Item, Records } from './solve360-records.mts';

/** The activity of a request's path. Throws a refusal where there is none. */
export function activityOf(kept: Records, request: FastifyRequest): Activity {
	const id = partOf(request, 'id');
	const activity = kept.activities.find((one) => one.type === partOf(request, 'activity') && String(one.id) === id);
	if (!activity) throw notFound('Activity not found');
	return activity;
}

/** Adds an activity. Throws a refusal for a parent or a neighbour that is not there. */
export function addActivity(kept: Records, type: string, body: JsonObject): Activity {
	const now = second();
	const parent = parentIn(kept, body.parent);
	const activity: Activity = {
		...{ id: freshNumber(), type, parent, data: dataIn(body), created: now, updated: now },
	};
	kept.activities.push(activity);
	place(kept, activity, body);
	return activity;
}

/** Changes an activity: its data, its parent, its position. */
export function changeActivity(kept: Records, activity: Activity, body: JsonObject): void {
	if (body.parent !== undefined) activity.parent = parentIn(kept, body.parent);
	activity.data = mergeObjects(activity.data, dataIn(body));
	activity.updated = second();
	place(kept, activity, body);
}

function dataIn(body: JsonObject): JsonObject {
	// A file or photo comes in parts, without data.
	if (isObject(body.file)) return { filename: text(body.file.fileName) ?? '', filesize: text(body.file.size) ?? '0' };
	return isObject(body.data) ? body.data : {};
}

function parentIn(kept: Records, given: Json | undefined): number {
	const parent = wholeNumber(given);
	const isThere = [...kept.items, ...kept.activities].some(({ id }) => id === parent);
	if (parent === undefined || !isThere) throw failed('parent', 'Parent item not found');
	return parent;
}

function place(kept: Records, activity: Activity, { before, after }: JsonObject): void {
	const neighbour = before ?? after;
	if (neighbour === undefined) return;
	const others = kept.activities.filter((one) => one !== activity);
	const index = others.findIndex(({ id }) => id === wholeNumber(neighbour));
	if (index === -1) throw failed(before === undefined ? 'after' : 'before', 'Activity not found');
	others.splice(before === undefined ? index + 1 : index, 0, activity);
	kept.activities = others;
}

/** An activity as calls and notifications show it. */
export function shownActivity({ id, type, parent, data, created, updated }: Activity): JsonObject {
	const name = text(data.title) ?? text(data.name) ?? text(data.details) ?? text(data.filename) ?? type;
	return { id, name, item: parent, typeid: ACTIVITY_TYPES[type] ?? 0, created, updated, fields: withNames(data) };
}

/** A field that names a person has a twin with the name. */
export function withNames(fields: JsonObject): JsonObject {
	const twins = ['assignedto', 'responsible'].flatMap((field) => {
		const name = USERS[text(fields[field]) ?? ''];
		return name === undefined ? [] : [[`${field}_cn`, name]];
	});
	return { ...fields, ...(Object.fromEntries(twins) as JsonObject) };
}

interface Report {
	types: readonly string[];
	container: string;
	element: string;
	row: (activity: Activity, item: Item | undefined) => JsonObject;
}

const plainRow: Report['row'] = (activity, item) => ({
	...{ id: activity.id, typeid: ACTIVITY_TYPES[activity.type] ?? 0, parent: activity.parent },
	...{ parenttypeid: item?.segment.typeid ?? 0, comments: [], created: activity.created },
	fields: withNames(activity.data),
});

const opportunityRow: Report['row'] = ({ id, data, created, updated, parent }, item) => ({
	...{ id, description: data.description ?? data.title ?? '', status: data.status ?? '', stage: data.stage ?? '' },
	...{
		owner: 12_830,
		valueunit: data.valueunit ?? '',
		probability: data.probability ?? '',
		created,
		modified: updated,
	},
	...{ closingdate: data.closingdate ?? '', itemtype: item?.segment.typeid ?? 0, itemid: parent },
	responsible: data.responsible ?? '',
});

const timeRow: Report['row'] = ({ id, data, created, parent }, item) => ({
	...{ id, type: 15, itemid: parent, itemtype: item?.segment.typeid ?? 0, tasklistid: 0, taskid: 0, owner: 12_830 },
	...{ created, billable: data.billable ?? 0, person: data.person ?? 12_830, hours: data.hours ?? '0' },
	...{ date: data.date ?? created, invoiced: data.invoiced ?? 0, details: data.details ?? '' },
	...{ itemname: nameOf(item), tasklistname: '', taskname: '' },
});

/** The containers of time records, opportunities and activities are in sources; the others are assumed. */
const REPORTS: { readonly [name: string]: Report } = {
	activities: { types: Object.keys(ACTIVITY_TYPES), container: 'activities', element: 'activity', row: plainRow },
	calendar: { types: ['event', 'eventex', 'recurringevent'], container: 'calendar', element: 'event', row: plainRow },
	followups: { types: ['followup'], container: 'followups', element: 'followup', row: plainRow },
	nextactions: {
		...{ types: ['task', 'followup', 'event', 'call'], container: 'nextactions', element: 'nextaction' },
		row: plainRow,
	},
	opportunities: { types: ['opportunity'], container: 'opportunities', element: 'opportunity', row: opportunityRow },
	timetracking: { types: ['timerecord'], container: 'timerecords', element: 'timerecord', row: timeRow },
};

/** The answer of a report. Throws a refusal for one that is not there, and for what it cannot do without. */
export function reported(kept: Records, request: FastifyRequest, reading: Reading): JsonObject {
	const name = partOf(request, 'report');
	const report = REPORTS[name];
	if (!report) throw notFound('No such report');
	const listIn = (parameter: string) => queryOf(request, parameter)?.split(',') ?? [];
	const types = listIn('types');
	if (name === 'activities' && types.length === 0) throw failed('types', 'At least one activity type is required');
	const [tags, itemTypes] = [listIn('categories'), listIn('itemtypes')];
	if (tags.length > 0 && itemTypes.length === 0) throw failed('itemtypes', 'Item types are required with categories');
	const [start, end] = [queryOf(request, 'start') ?? '', queryOf(request, 'end') ?? '9999'];
	const stamp = queryOf(request, 'last') === 'updated' ? 'updated' : 'created';
	const status = queryOf(request, 'status');
	const rows = kept.activities.flatMap((activity) => {
		const item = kept.items.find((one) => one.id === activity.parent);
		const day = activity[stamp].slice(0, 10);
		const fits =
			report.types.includes(activity.type) &&
			(types.length === 0 || types.includes(String(ACTIVITY_TYPES[activity.type]))) &&
			(itemTypes.length === 0 || itemTypes.includes(String(item?.segment.typeid))) &&
			(tags.length === 0 || (item?.categories ?? []).some((id) => tags.includes(String(id)))) &&
			(status === undefined || activity.data.status === status) &&
			day >= start &&
			day <= end;
		return fits ? [report.row(activity, item)] : [];
	});
	return reportAnswer(rows, report.container, report.element, reading);
}
