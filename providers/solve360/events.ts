/**
 * The ten event types of Solve360. https://solve360.com/api/webhook-management
 *
 * `type`, `objectid` and `content` are documented. What `content` holds follows the documented answer to showing a record,
 * which a published handler of these notifications reads it as; `occured` (sic) is read by a published client. The samples
 * of deletions and of activities are inferred from those.
 */
import { text } from '../../core/json.ts';
import type { EventType, JsonObject, Values } from '../../core/provider.ts';
import { activityHistory, recordHistory } from './history.ts';

const ITEM: JsonObject = {
	id: 467069,
	name: 'Ada Example',
	typeid: 1,
	ownership: 12830,
	flagged: 0,
	created: '2026-01-20T14:49:39+00:00',
	updated: '2026-02-02T10:30:00+00:00',
	viewed: '2026-02-02T10:30:00+00:00',
	fields: {
		firstname: 'Ada',
		lastname: 'Example',
		jobtitle: 'Site Manager',
		businessemail: 'ada@example.com',
		cellularphone: '555 0100',
		assignedto: '',
	},
};

const RECORD: JsonObject = {
	item: ITEM,
	categories: [{ id: 53966, name: 'Lead' }],
	relateditems: [],
	activities: [],
};

const ACTIVITY: JsonObject = {
	name: 'Call back about the quote',
	item: 467069,
	fields: { completed: '0', duedate: '2026-02-09', priority: '1' },
};

type Change = Pick<EventType, 'name' | 'label' | 'description'> & Partial<EventType>;

function itemEvent(change: Change, content: JsonObject = RECORD): EventType {
	const sample = { type: change.name, objectid: 467069, occured: '2026-02-02T10:30:00+00:00', content };
	return { group: 'Records', grade: 'documented', sample, sampleGrade: 'client', ...change };
}

function activityEvent(change: Change): EventType {
	const sample = { type: change.name, objectid: 881204, occured: '2026-02-02T10:30:00+00:00', content: ACTIVITY };
	return { group: 'Activities', grade: 'documented', sample, sampleGrade: 'inferred', ...change };
}

/** What a trigger's Record Type stands for: the operation that lists such records, and their `typeid`. */
const RECORD_TYPES: { readonly [constraint: string]: { operation: string; typeid: number } } = {
	contact: { operation: 'contact.getMany', typeid: 1 },
	company: { operation: 'company.getMany', typeid: 40 },
	projectblog: { operation: 'projectBlog.getMany', typeid: 2 },
};

function recordTypeOf(options: Values = {}): { operation: string; typeid: number } {
	return RECORD_TYPES[text(options['constrainTo']) ?? ''] ?? { operation: 'contact.getMany', typeid: 1 };
}

/** Recent records (contacts, unless the trigger asks for another type) in the shape of a notification: a list gives a record's fields next to its ID. */
function recent(type: string, sortField: 'created' | 'updated'): NonNullable<EventType['recent']> {
	return {
		operation: 'contact.getMany',
		operationFor: (options) => recordTypeOf(options).operation,
		input: { sortField, sortDirection: 'DESC', allColumns: true },
		payload(record, options) {
			const id = text(record['id']);
			if (id === undefined) return undefined;
			const { name, ownership, flagged, created, updated, viewed, ...rest } = record;
			const { typeid } = recordTypeOf(options);
			const own = { id: Number(id), name, typeid, ownership, flagged, created, updated, viewed };
			const item = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as JsonObject;
			const fields = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'id'));
			return {
				type,
				objectid: Number(id),
				occured: text(record[sortField]) ?? '',
				content: { item: { ...item, fields }, categories: [], relateditems: [], activities: [] },
			};
		},
	};
}

/** Inferred from a published handler, which guards itself against it. */
const LOOP_NOTE =
	'Changes made through the API raise this event, too. If the workflow changes the record, check first whether anything has to change; otherwise it starts itself again and again.';

const UNTAGGED_NOTE = 'The event does not say which tag was removed.';

export const events: readonly [EventType, ...EventType[]] = [
	itemEvent({
		name: 'items.create',
		label: 'Record Created',
		description: 'A contact, company, project blog or ticket is created',
		recent: recent('items.create', 'created'),
		history: recordHistory('items.create', 'created'),
	}),
	itemEvent({
		name: 'items.update',
		label: 'Record Updated',
		description: 'A contact, company, project blog or ticket is updated',
		note: LOOP_NOTE,
		recent: recent('items.update', 'updated'),
		history: recordHistory('items.update', 'updated'),
	}),
	itemEvent(
		{
			name: 'items.delete',
			label: 'Record Deleted',
			description: 'A contact, company, project blog or ticket is deleted',
			sampleGrade: 'inferred',
		},
		{ ...RECORD, categories: [] },
	),
	itemEvent({
		name: 'items.restore',
		label: 'Record Restored',
		description: 'A deleted contact, company, project blog or ticket is restored',
		sampleGrade: 'inferred',
	}),
	itemEvent({
		name: 'items.categorize',
		label: 'Tag Added',
		description: 'A category tag is added to a record',
		note: LOOP_NOTE,
	}),
	itemEvent(
		{
			name: 'items.uncategorize',
			label: 'Tag Removed',
			description: 'A category tag is removed from a record',
			sampleGrade: 'inferred',
			note: UNTAGGED_NOTE,
		},
		{ ...RECORD, categories: [] },
	),
	activityEvent({
		name: 'activities.create',
		label: 'Activity Created',
		description: 'A note, task, event or other activity is created',
		history: activityHistory('activities.create', 'created'),
		sampleGrade: 'client',
	}),
	activityEvent({
		name: 'activities.update',
		label: 'Activity Updated',
		description: 'An activity is updated',
		note: LOOP_NOTE,
		sampleGrade: 'client',
		history: activityHistory('activities.update', 'updated'),
	}),
	activityEvent({
		name: 'activities.delete',
		label: 'Activity Deleted',
		description: 'An activity is deleted',
	}),
	activityEvent({
		name: 'activities.restore',
		label: 'Activity Restored',
		description: 'A deleted activity is restored',
	}),
];
