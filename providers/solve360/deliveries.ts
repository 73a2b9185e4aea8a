/** How a Solve360 notification is read once it is proved. https://solve360.com/api/webhooks */
import { isObject, text } from '../../core/json.ts';
import type { Format, Json, JsonObject, Receiving, Values } from '../../core/provider.ts';

/**
 * JSON comes as it is; XML and form bodies are brought into its shape: ids and flags are numbers, tags, related items and
 * activities are arrays, and the contents of `fields` stay texts. That XML and form bodies hold the same names as the
 * JSON is documented for `type`, `objectid` and `content`, and inferred below `content`.
 */
export const receiving: Pick<Receiving, 'formats' | 'normalise' | 'eventOf' | 'wanted'> = {
	formats: ['json', 'xml', 'form'],
	normalise,
	eventOf: (payload) => text(payload['type']),
	wanted,
};

const NUMBERS: ReadonlySet<string> = new Set(['objectid', 'id', 'typeid', 'ownership', 'flagged', 'item', 'parent']);
/** The lists, and the element that XML repeats for each of their entries. */
const LISTS: ReadonlyMap<string, string> = new Map([
	['categories', 'category'],
	['relateditems', 'relatedto'],
	['activities', 'activity'],
]);

/** Brings what `readBody` made of an XML or form body into the shape of the JSON one. */
export function normalise(payload: Json, format: Format): Json {
	if (format === 'json' || !isObject(payload)) return payload;
	const notification = shaped(payload);
	const { content, type } = notification;
	// A form cannot carry an empty list. Only the content of a record has lists.
	if (format === 'form' && isObject(content) && text(type)?.startsWith('items.')) {
		return { ...notification, content: { ...content, ...listsOf(content) } };
	}
	return notification;
}

function listsOf(content: JsonObject): JsonObject {
	return Object.fromEntries([...LISTS.keys()].map((list) => [list, content[list] ?? []]));
}

function shaped(object: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, shapedValue(key, value)]));
}

function shapedValue(key: string, value: Json): Json {
	if (LISTS.has(key))
		return elementsOf(key, value).map((element) => (isObject(element) ? shaped(element) : numberOf(element)));
	if (key === 'fields' || key === 'content') {
		if (typeof value === 'string' && value.trim() === '') return {};
		return key === 'content' && isObject(value) ? shaped(value) : value;
	}
	if (isObject(value)) return shaped(value);
	return NUMBERS.has(key) ? numberOf(value) : value;
}

/** The entries of a list in any shape it can have: an array, wrapped elements, an object by id or kind, or nothing. */
function elementsOf(list: string, value: Json | undefined): Json[] {
	if (Array.isArray(value)) return value;
	if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return [];
	if (!isObject(value)) return [value];
	const entries = Object.entries(value);
	const wrapped = value[LISTS.get(list) ?? ''];
	if (entries.length === 1 && wrapped !== undefined) return [wrapped].flat();
	const isRecord = value['id'] !== undefined || entries.some(([, entry]) => typeof entry !== 'object');
	return isRecord ? [value] : entries.flatMap(([, entry]) => entry);
}

/** A number where the text is exactly how that number is written; what is not stays as it is. */
function numberOf(value: Json): Json {
	if (typeof value !== 'string') return value;
	const number = Number(value);
	return Number.isSafeInteger(number) && String(number) === value.trim() ? number : value;
}

/**
 * The tag filter. It looks at `items.categorize` and `items.uncategorize` only, and hands on whatever it cannot decide: a
 * notification is never dropped because of a guess.
 *
 * `items.categorize`: wanted when the record carries one of the tags; also when its tags are not told.
 * `items.uncategorize`: it is not documented which tag was removed, nor whether the content shows the record before or
 * after that. So all are wanted, unless the person chose `missing`: then those where one of the tags is no longer there.
 */
function wanted(payload: JsonObject, event: string | undefined, options: Values): boolean {
	const chosen = tagsIn(options['tags']);
	if (chosen.length === 0) return true;
	const content = payload['content'];
	const carried = isObject(content) ? elementsOf('categories', content['categories']).flatMap(tagNames) : [];
	const isCarried = (tag: string): boolean => carried.includes(tag);
	if (event === 'items.categorize') return carried.length === 0 || chosen.some(isCarried);
	if (event === 'items.uncategorize' && options['untagged'] === 'missing') return !chosen.every(isCarried);
	return true;
}

/** The chosen tags: a list, or a text with commas. Compared without regard to case. */
function tagsIn(value: Json | undefined): string[] {
	const tags = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
	return tags.map((tag) => comparable(text(tag) ?? '')).filter((tag) => tag !== '');
}

/** A tag can be chosen by id and by name. */
function tagNames(category: Json): string[] {
	const names = isObject(category) ? [category['id'], category['name']] : [category];
	return names.flatMap((value) => text(value) ?? []).map(comparable);
}

function comparable(tag: string): string {
	return tag.trim().toLowerCase();
}
