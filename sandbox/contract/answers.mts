/** An answer held against a contract, and brought into the form that a switch asks for. */
import type { Answer, Call } from '../../contracts/index.mts';
import { isObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { recordFindings } from './types.mts';
import type { Finding } from './types.mts';

/** The statuses of success. */
export function statusesOf({ status = 200 }: Answer): readonly number[] {
	return typeof status === 'number' ? [status] : status;
}

/** What is at a path of names separated by dots; '' is the value itself. */
export function at(value: Json | undefined, path: string): Json | undefined {
	if (path === '') return value;
	return path.split('.').reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** The record at the first of these paths that has one. @throws Error where none has, which says what it was looking for */
export function recordsIn(value: Json, paths: readonly string[], what: string): JsonObject[] {
	const found = paths.map((path) => at(value, path)).find(isObject);
	if (!found) throw new Error(`no ${what} at ${paths.map((path) => `"${path}"`).join(', ')}`);
	return [found];
}

/** Where the list or record of an answer is. Undefined: nowhere that the contract names. */
export function placeIn(answer: Answer, body: Json | undefined): string | undefined {
	if (answer.listUnder) {
		return answer.listUnder.find((name) => {
			if (name === '{}') return isObject(body);
			const list = at(body, name);
			return Array.isArray(list) || (list === null && (answer.variants?.emptyList ?? []).includes('null'));
		});
	}
	return answer.under?.toSorted((a, b) => b.length - a.length).find((name) => isObject(at(body, name)));
}

/** What is wrong with the body of a successful answer. A call that says nothing about its answer has no findings. */
export function checkAnswer({ answer }: Call, body: Json | undefined): Finding[] {
	if (!answer.listUnder && !answer.under) return [];
	const place = placeIn(answer, body);
	if (place === undefined) {
		const names = (answer.listUnder ?? answer.under ?? []).map((name) => (name === '' ? 'bare' : name));
		return [{ kind: 'missing', name: `a ${answer.listUnder ? 'list' : 'record'} under ${names.join(', ')}` }];
	}
	const { fields, around = {}, more = false } = answer;
	const records = elementsAt(answer, body, place);
	const inside =
		fields === undefined
			? []
			: records.flatMap(([name, record]) => recordFindings(withoutDoubt(answer, fields), record, name, more));
	const [top] = place === '{}' ? [undefined] : place.split('.');
	if (!isObject(body) || top === undefined || top === '') return inside;
	const beside = Object.fromEntries(Object.entries(body).filter(([name]) => name !== top));
	return [...inside, ...recordFindings(around, beside, '', more)];
}

/** With `ids` in doubt, an ID may be a text or a number. */
function withoutDoubt(answer: Answer, fields: NonNullable<Answer['fields']>): NonNullable<Answer['fields']> {
	if (!answer.variants?.ids) return fields;
	return Object.fromEntries(
		Object.entries(fields).map(([name, spec]) => {
			const type = typeof spec === 'string' ? spec : spec.type;
			if (!isIdName(name) || type.includes('|')) return [name, spec];
			return [name, typeof spec === 'string' ? 'id' : { ...spec, type: 'id' }];
		}),
	);
}

function elementsAt(answer: Answer, body: Json | undefined, place: string): [string, JsonObject][] {
	if (!answer.listUnder) return recordsIn(body ?? null, [place], 'record').map((record) => [place, record]);
	if (place === '{}') {
		return Object.entries(isObject(body) ? body : {}).flatMap(([key, one]) =>
			isObject(one) ? [[key, one] as [string, JsonObject]] : [],
		);
	}
	const list = at(body, place);
	return (Array.isArray(list) ? list : []).map((one, index) => [`${place}[${index}]`, isObject(one) ? one : {}]);
}

/** Whether a field's name says that it has an ID. */
export function isIdName(name: string): boolean {
	return /(^|_)id$|Id$|ID$/.test(name) || name === 'pkcustomerid';
}

/** The switches of an answer that are set: where the list or record is, and in which form values are. */
export interface Form {
	listUnder?: string;
	under?: string;
	ids?: 'text' | 'number';
	emptyList?: '[]' | 'null';
}

/** Brings an answer, in the usual form of the contract, into another form. */
export function reformed(answer: Answer, body: Json, form: Form): Json {
	const moved =
		form.listUnder === undefined ? moveRecord(answer, body, form.under) : moveList(answer, body, form.listUnder);
	const ids = form.ids === undefined ? moved : withIds(moved, form.ids);
	return form.emptyList === 'null' ? withEmptyListsNull(ids) : ids;
}

function moveList(answer: Answer, body: Json, to: string): Json {
	const from = placeIn(answer, body);
	if (from === undefined || from === to || from === '{}' || to === '{}') return body;
	const list = at(body, from) ?? null;
	if (to === '') return list;
	const around =
		from === '' || !isObject(body) ? {} : Object.fromEntries(Object.entries(body).filter(([name]) => name !== from));
	return { [to]: list, ...around };
}

function moveRecord(answer: Answer, body: Json, to: string | undefined): Json {
	const from = placeIn(answer, body);
	if (to === undefined || from === undefined || from === to) return body;
	const record = at(body, from) ?? null;
	if (to === '') return record;
	const around =
		from === '' || !isObject(body) ? {} : Object.fromEntries(Object.entries(body).filter(([name]) => name !== from));
	return { ...around, [to]: record };
}

function withIds(value: Json, form: 'text' | 'number'): Json {
	if (Array.isArray(value)) return value.map((one) => withIds(one, form));
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => {
			if (!isIdName(name)) return [name, withIds(one, form)];
			if (form === 'text' && typeof one === 'number') return [name, String(one)];
			if (form === 'number' && typeof one === 'string' && /^\d{1,15}$/.test(one)) return [name, Number(one)];
			return [name, withIds(one, form)];
		}),
	);
}

function withEmptyListsNull(value: Json): Json {
	if (Array.isArray(value)) return value.length === 0 ? null : value.map(withEmptyListsNull);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withEmptyListsNull(one)]));
}
