/** How a Solve360 notification is read once it is proved. https://solve360.com/api/webhooks */
import { entriesOf } from '../../core/input.ts';
import { isObject, text } from '../../core/json.ts';
import type { Format, Json, JsonObject, Receiving, Values } from '../../core/provider.ts';

/**
 * JSON is passed on as is; XML and form bodies are brought into its shape: IDs and flags are numbers, tags, related items
 * and activities are arrays, the contents of `fields` stay texts, and the attribute of an element becomes a name of its
 * own (`<assignedto cn="Sam">12830</assignedto>`: `assignedto` and `assignedto_cn`). That XML and form bodies have the same
 * names as the JSON is documented for `type`, `objectid` and `content`, and inferred below `content`.
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
	return Object.fromEntries(
		Object.entries(object).flatMap(([key, value]): [string, Json][] => {
			const [content, attributes] = withoutAttributes(value);
			return [
				[key, shapedValue(key, content)],
				...attributes.map(([name, text]): [string, Json] => [`${key}_${name}`, text]),
			];
		}),
	);
}

function shapedValue(key: string, value: Json): Json {
	if (LISTS.has(key)) return elementsOf(key, value).map(shapedEntry);
	if (key === 'fields' || key === 'content') {
		if (typeof value === 'string' && value.trim() === '') return {};
		return isObject(value) ? (key === 'content' ? shaped(value) : fieldsOf(value)) : value;
	}
	if (isObject(value)) return shaped(value);
	return NUMBERS.has(key) ? numberOf(value) : value;
}

/** The contents of `fields`: texts, and next to each its attributes. */
function fieldsOf(fields: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([key, value]): [string, Json][] => {
			const [content, attributes] = withoutAttributes(value);
			return [[key, content], ...attributes.map(([name, text]): [string, Json] => [`${key}_${name}`, text])];
		}),
	);
}

/** An entry of a list has no name to put attributes next to: they become names of the entry, as child elements are. */
function shapedEntry(entry: Json): Json {
	const [content, attributes] = withoutAttributes(entry);
	if (attributes.length === 0) return isObject(content) ? shaped(content) : numberOf(content);
	const own = isObject(content) ? content : { name: content };
	return shaped({ ...Object.fromEntries(attributes), ...own });
}

/** What the XML reader made of an element, without its attributes: its text where it has no child elements. */
function withoutAttributes(value: Json): [Json, [string, Json][]] {
	if (!isObject(value)) return [value, []];
	const entries = Object.entries(value);
	const attributes = entries.filter(([key]) => key.startsWith('@'));
	if (attributes.length === 0) return [value, []];
	const others = entries.filter(([key]) => !key.startsWith('@'));
	const isText = others.every(([key]) => key === '#text');
	const content = isText ? (value['#text'] ?? '') : Object.fromEntries(others);
	return [content, attributes.map(([key, text]) => [key.slice(1), text])];
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

/** A number where the text is exactly how that number is written; any other text is left unchanged. */
function numberOf(value: Json): Json {
	if (typeof value !== 'string') return value;
	const number = Number(value);
	return Number.isSafeInteger(number) && String(number) === value.trim() ? number : value;
}

/**
 * The tag filter. It looks at `items.categorize` and `items.uncategorize` only, and passes on whatever it cannot decide: a
 * notification is never dropped because of a guess.
 *
 * `items.categorize`: wanted when the record has one of the tags, and when that is not shown: without tags, or where
 * a tag was chosen by name and the tags of the record come as IDs alone (or the other way round).
 * `items.uncategorize`: it is not documented which tag was removed, nor whether the content shows the record before or
 * after that. All are wanted, unless the person chose `missing`: then those where one of the tags is no longer there.
 */
function wanted(payload: JsonObject, event: string | undefined, options: Values): boolean {
	const chosen = tagsIn(options['tags']);
	if (chosen.length === 0) return true;
	const content = payload['content'];
	const tags = isObject(content) ? elementsOf('categories', content['categories']).map(tagNames) : [];
	const isThere = (tag: string): boolean => tags.some((names) => names.includes(tag));
	if (event === 'items.categorize') return tags.length === 0 || chosen.some(isThere) || !areComparable(chosen, tags);
	if (event === 'items.uncategorize' && options['untagged'] === 'missing') {
		return !chosen.every(isThere) || !areComparable(chosen, tags);
	}
	return true;
}

/** Whether each tag shows what the chosen ones are compared with: its ID, its name, or both. */
function areComparable(chosen: readonly string[], tags: readonly (readonly string[])[]): boolean {
	const isId = (name: string): boolean => /^\d+$/.test(name);
	return chosen.every((one) => tags.every((names) => names.some((name) => isId(name) === isId(one))));
}

/** The chosen tags. Compared without regard to case. */
function tagsIn(value: Json | undefined): string[] {
	return entriesOf(value).map(comparable);
}

/** A tag can be chosen by ID and by name. */
function tagNames(category: Json): string[] {
	const names = isObject(category) ? [category['id'], category['name']] : [category];
	return names.flatMap((value) => text(value) ?? []).map(comparable);
}

function comparable(tag: string): string {
	return tag.trim().replace(/\s+/g, ' ').toLowerCase();
}
