/** Answers of Solve360 brought down to what most people need: flat, and without what is empty. */
import { isObject, only, text } from '../../../core/json.ts';
import type { Json, JsonObject, Operation } from '../../../core/provider.ts';

/** Fields of a record that are left out: long texts, and what only few fill in. */
const LEFT_OUT =
	/^(background|.*address|homephone|.*fax|.*extension|creatorid|creatorname|modificatorid|modificatorname)$/;

/**
 * A record as one flat object: its ID, name, filled-in fields under Solve360's names, the names of its tags, and when it was changed.
 * A field that names a person has the person's name (Solve360's twin `NAME_cn`).
 */
function simpleRecord(answer: JsonObject): JsonObject {
	const record = isObject(answer['item']) ? answer['item'] : answer;
	const fields = isObject(record['fields']) ? record['fields'] : {};
	const filled = Object.entries(fields).filter(([name, value]) => isFilled(value) && !LEFT_OUT.test(name));
	const named = filled.map(([name, value]): [string, Json] => [name, fields[`${name}_cn`] ?? value]);
	return {
		...only(answer, ['id', 'name', 'outcome']),
		...Object.fromEntries(named.filter(([name]) => !name.endsWith('_cn'))),
		tags: tagsOf(answer['categories']),
		...only(record, ['updated']),
	};
}

function tagsOf(categories: Json | undefined): string[] {
	const list = Array.isArray(categories) ? categories : [];
	return list.flatMap((tag) => (isObject(tag) ? (text(tag['name']) ?? text(tag['id']) ?? []) : (text(tag) ?? [])));
}

/** The operation with how its answer is simplified, where that says more than the answer itself. */
export function simplifiable(operation: Operation): Operation {
	const { resource, name } = operation;
	const entry = ENTRIES[`${resource}.${name}`];
	if (entry !== undefined) return { ...operation, simplify: (item) => only(item, entry) };
	const answersRecord =
		['get', 'create', 'update', 'createOrUpdate'].includes(name) && 'categories' in operation.sample;
	return answersRecord ? { ...operation, simplify: simpleRecord } : operation;
}

/** Of reports whose entries have more than ten fields: those that a person looks at. */
const ENTRIES: { readonly [operation: string]: readonly string[] | undefined } = {
	'report.opportunities': [
		'id',
		'description',
		'status',
		'stage',
		'valueunit',
		'probability',
		'closingdate',
		'itemid',
		'responsible',
	],
	'report.timeTracking': [
		'id',
		'date',
		'hours',
		'details',
		'itemid',
		'itemname',
		'tasklistname',
		'taskname',
		'person',
		'billable',
	],
};

function isFilled(value: Json | undefined): boolean {
	return value !== undefined && value !== null && value !== '';
}
