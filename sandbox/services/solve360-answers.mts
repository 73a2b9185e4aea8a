/**
 * How Solve360 answers, in each of the readings that its sources give: the switches of `contracts/solve360.json`, worked on a plain
 * answer in which lists are arrays and IDs are numbers.
 */
import { isObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import type { Setting } from '../contract/variants.mts';
import { ONE_OF } from '../formats.mts';
import { Refusal } from '../service.mts';
import type { ErrorAnswer } from '../service.mts';

/** The value of a switch for the call at hand. */
export type Reading = (name: string) => Setting | undefined;

/** A plain answer as it is sent. `writes`: whether the call was an update. */
export function inReading(answer: JsonObject, reading: Reading, writes: boolean): JsonObject {
	if (writes && reading('updateAnswersStatusOnly') === true) return wrapped({ status: 'success' }, reading);
	let shaped = answer;
	if (reading('listKeys') === 'id') shaped = withIdKeys(shaped);
	if (reading('oneEntryIsObject') === true) shaped = inElements(shaped);
	if (reading('emptyListsNull') === true) shaped = emptied(shaped) as JsonObject;
	if (reading('idsAsText') === true) shaped = asTexts(shaped) as JsonObject;
	return wrapped(shaped, reading);
}

function wrapped(answer: JsonObject, reading: Reading): JsonObject {
	return reading('wrapped') === true ? { response: answer } : answer;
}

/** `31507` -> `id31507`, as XML has it. */
function withIdKeys(answer: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(answer).map(([key, value]) => [/^\d+$/.test(key) && isObject(value) ? `id${key}` : key, value]),
	);
}

/** `[a]` -> `{element: a}`, `[a, b]` -> `{element: [a, b]}`: JSON that was made from XML. */
function inElements(value: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(value).map(([key, list]) => {
			const element = ONE_OF[key];
			if (element === undefined || !Array.isArray(list) || list.length === 0) return [key, list];
			return [key, { [element]: list.length === 1 ? (list[0] ?? null) : list }];
		}),
	);
}

/** Empty lists and empty fields are null. */
function emptied(value: Json): Json {
	if (value === '' || (Array.isArray(value) && value.length === 0)) return null;
	if (Array.isArray(value)) return value.map(emptied);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, emptied(one)]));
}

/** Every number is a text, and a flag that is not set is null. */
function asTexts(value: Json): Json {
	if (typeof value === 'number') return String(value);
	if (Array.isArray(value)) return value.map(asTexts);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => [key, key === 'flagged' && one === 0 ? null : asTexts(one)]),
	);
}

/** Rows keyed by ID, as a JSON list is. */
export function keyed(rows: readonly JsonObject[]): JsonObject {
	return Object.fromEntries(rows.map((row) => [String(row.id), row]));
}

/** The rows of a report in the shape that is in force. */
export function reportAnswer(rows: JsonObject[], container: string, element: string, reading: Reading): JsonObject {
	const status = { status: 'success' };
	if (reading('reportShape') === 'keyed') return { ...status, ...keyed(rows) };
	if (rows.length === 0) return { ...status, [container]: null };
	if (reading('reportShape') === 'container') return { ...status, [container]: rows };
	if (reading('reportShape') === 'keyedContainer') return { ...status, [container]: keyed(rows) };
	const inside: Json = rows.length === 1 && reading('oneEntryIsObject') === true ? (rows[0] ?? null) : rows;
	return { ...status, [container]: { [element]: inside } };
}

/** Refused input: `status: "failed"` under HTTP 200. */
export function failed(code: string, message: string): Refusal {
	return refusal(failure(200, code, message));
}

export function notFound(message: string): Refusal {
	return refusal(failure(404, 'notfound', message));
}

export function refusal({ status, body }: ErrorAnswer): Refusal {
	return new Refusal(status, body);
}

export function failure(status: number, code: string, message: string): ErrorAnswer {
	return { status, body: { errors: { [code]: message }, status: 'failed' } };
}
