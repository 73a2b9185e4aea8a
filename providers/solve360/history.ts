/**
 * How missed events are found again: records and activities with the time of their creation or last change.
 * https://norada.com/api/records, https://norada.com/api/activity-reports
 */
import { isObject, path, text } from '../../core/json.ts';
import type { History, HistorySource, Json, JsonObject, Occasion, Values } from '../../core/provider.ts';
import { words } from '../words.ts';
import { bodyOf, listItems, listOf } from './answers.ts';
import { call } from './connection.ts';

/** What is sorted by, and what tells one event about a record from the next. */
type Stamp = 'created' | 'updated';

const SEGMENTS: ReadonlyArray<{ path: string; constraint: string }> = [
	{ path: 'contacts', constraint: 'contact' },
	{ path: 'companies', constraint: 'company' },
	{ path: 'projectblogs', constraint: 'projectblog' },
	{ path: 'tickets', constraint: 'ticket' },
];

/** The type ids of records. That of tickets is not known. */
function segmentOf(typeid: Json | undefined): string {
	return { '1': 'contacts', '2': 'projectblogs', '40': 'companies' }[text(typeid) ?? ''] ?? 'tickets';
}

const PAGE = 200;

/** All types of activities whose ids are known. The report wants them named. */
const ACTIVITY_TYPES = '3,4,6,14,15,23,24,32,61,73,88,90';

/** Records that were created, or changed after that. */
export function recordHistory(event: string, stamp: Stamp): History {
	return {
		ofPayload: ({ objectid, content }) => {
			const item = isObject(content) && isObject(content['item']) ? content['item'] : {};
			return occasion(objectid, item, stamp);
		},
		sources: (options) =>
			SEGMENTS.filter(({ constraint }) => isConstrainedTo(options, constraint)).map(
				(segment): HistorySource => ({
					request: ({ offset }) =>
						call('GET', path`/${segment.path}/`, {
							query: { sortfield: stamp, sortdir: 'DESC', limit: PAGE, ...(offset > 0 && { start: offset }) },
						}),
					read: listItems,
					newestFirst: true,
					id: ({ id }) => text(id) ?? '',
					time: (record) => timeOf(record[stamp]),
					of: (record) => (isEvent(record, stamp) ? occasion(record['id'], record, stamp) : undefined),
					whole: ({ id }) => call('GET', path`/${segment.path}/${text(id) ?? ''}/`),
					payload: ({ id }, whole) => {
						const body = whole && bodyOf(whole);
						if (body === undefined || !isObject(body['item'])) return undefined;
						const { item, categories, relateditems, activities } = body;
						const content = { item, ...listsIn({ categories, relateditems, activities }) };
						return { type: event, objectid: numeric(id), occured: item[stamp] ?? null, content };
					},
				}),
			),
		limits:
			stamp === 'created'
				? 'Records that were deleted again.'
				: 'Of several changes to one record the last one; changes of one second count as one.',
		grade: 'client',
	};
}

/** Activities that were created, or changed after that. */
export function activityHistory(event: string, stamp: Stamp): History {
	return {
		ofPayload: ({ objectid, content }) => occasion(objectid, isObject(content) ? content : {}, stamp),
		sources: (_options, since) => [
			{
				request: () =>
					call('GET', '/report/activities/', {
						// Whole days. One more on either side: whose days they are is not documented.
						query: { start: day(since - DAY), end: day(Date.now() + DAY), last: stamp, types: ACTIVITY_TYPES },
					}),
				read: listItems,
				id: ({ id }) => text(id) ?? '',
				// The report does not tell the time of a change: then the record to which the activity belongs does.
				time: (record) => timeOf(record[stamp]) ?? (stamp === 'updated' ? Date.now() : undefined),
				of: (record) => {
					if (!text(record['parent']) && !text(record['item'])) return undefined;
					if (timeOf(record[stamp]) === undefined) return { id: words(record['id']) ?? '', version: 'unknown' };
					return isEvent(record, stamp) ? occasion(record['id'], record, stamp) : undefined;
				},
				whole: ({ parent, item, parenttypeid }) =>
					call('GET', path`/${segmentOf(parenttypeid)}/${text(parent) || text(item) || ''}/`),
				payload: ({ id }, whole) => {
					const activity = listOf(whole && bodyOf(whole)?.['activities']).find((one) => text(one['id']) === text(id));
					if (activity === undefined || !isEvent(activity, stamp)) return undefined;
					return { type: event, objectid: numeric(id), occured: activity[stamp] ?? null, content: activity };
				},
				at: ({ content }) => (isObject(content) ? timeOf(content[stamp]) : undefined),
			},
		],
		limits:
			stamp === 'created'
				? 'Activities that were deleted again, and those of rare types.'
				: 'Of several changes to one activity the last one; nothing where the push does not tell the time of the change.',
		grade: 'inferred',
	};
}

const DAY = 86_400_000;

/** A record is created once; a change of it is told from the next by its time. */
function occasion(id: Json | undefined, record: JsonObject, stamp: Stamp): Occasion | undefined {
	const name = words(id);
	if (name === undefined) return undefined;
	if (stamp === 'created') return { id: name, version: '' };
	// As a number: the same second can be written in several ways.
	const time = timeOf(record[stamp]);
	return time === undefined ? undefined : { id: name, version: String(time) };
}

/** A record is changed from its creation on; only what came after it is a change. */
function isEvent({ created, updated }: JsonObject, stamp: Stamp): boolean {
	if (stamp === 'created') return true;
	const [from, to] = [timeOf(created), timeOf(updated)];
	return from === undefined || to === undefined || to > from;
}

/** Milliseconds since 1970. A time without a zone is UTC. */
function timeOf(value: Json | undefined): number | undefined {
	const given = text(value)?.trim() ?? '';
	const plain = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$/.test(given);
	const time = Date.parse(plain ? `${given.replace(' ', 'T')}Z` : given);
	return Number.isNaN(time) ? undefined : time;
}

function isConstrainedTo(options: Values, constraint: string): boolean {
	const chosen = text(options['constrainTo']) || 'all';
	return chosen === 'all' || chosen === constraint;
}

/** A push has the lists also where they are empty. */
function listsIn(lists: { [name: string]: Json | undefined }): JsonObject {
	return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list ?? []]));
}

function numeric(id: Json | undefined): Json {
	const number = Number(text(id));
	return Number.isSafeInteger(number) ? number : (id ?? null);
}

function day(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}
