/** The types of the contracts (contracts/README.md, "Types"): read from their text, and held against values. */
import type { FieldSpec, Fields, TypeText } from '../../contracts/index.mts';
import { isObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';

export type Type =
	| { kind: 'word'; word: Word }
	| { kind: 'literal'; value: string }
	| { kind: 'list'; of: Type }
	| { kind: 'object'; fields: ReadonlyMap<string, { type: Type; optional: boolean }>; open: boolean }
	| { kind: 'either'; of: readonly Type[] };

type Word = keyof typeof WORDS;

/** What is wrong with a value, and where. `name` is its path, e.g. `contact.email` or `items[0].quantity`. */
export interface Finding {
	kind: 'undeclared' | 'missing' | 'type';
	name: string;
	/** Of `type`: what it should have been. */
	expected?: string;
}

const INT = /^-?\d{1,19}$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** For each word: whether a JSON value is of that type, and whether a text of a query or form is. */
const WORDS = {
	string: { json: isText, wire: () => true },
	int: { json: (value: Json) => Number.isInteger(value), wire: (text: string) => INT.test(text) },
	number: { json: (value: Json) => typeof value === 'number', wire: (text: string) => NUMBER.test(text) },
	bool: { json: (value: Json) => typeof value === 'boolean', wire: (text: string) => /^(true|false|0|1)$/.test(text) },
	email: textual((text) => /^[^\s@]+@[^\s@]+$/.test(text)),
	e164: textual((text) => /^\+[1-9]\d{1,14}$/.test(text)),
	date: textual((text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))),
	datetime: textual((text) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text))),
	url: textual((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
	id: {
		json: (value: Json) => (isText(value) && value !== '') || Number.isInteger(value),
		wire: (text: string) => text !== '',
	},
	text: { json: (value: Json) => ['string', 'number', 'boolean'].includes(typeof value), wire: () => true },
	jsontext: textual(isJson),
	object: { json: (value: Json) => isObject(value), wire: () => false },
	any: { json: () => true, wire: () => true },
	null: { json: (value: Json) => value === null, wire: (text: string) => text === '' },
} satisfies { [word: string]: { json: (value: Json) => boolean; wire: (text: string) => boolean } };

function isText(value: Json): value is string {
	return typeof value === 'string';
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function textual(fits: (text: string) => boolean) {
	return { json: (value: Json) => isText(value) && fits(value), wire: fits };
}

const known = new Map<TypeText, Type>();

/** Reads a type. @throws Error that says where the text is not one */
export function typeOf(text: TypeText): Type {
	const before = known.get(text);
	if (before) return before;
	const tokens = text.match(/\[\]|\.\.\.|[{}|,:?]|[A-Za-z0-9_.+/-]+|\S/g) ?? [];
	let at = 0;
	const fail = (what: string): never => {
		throw new Error(`"${text}" is not a type: ${what}`);
	};
	const take = (token: string): boolean => (tokens[at] === token ? ((at += 1), true) : false);
	const either = (): Type => {
		const all = [list()];
		while (take('|')) all.push(list());
		const [first] = all;
		return all.length === 1 && first ? first : { kind: 'either', of: all };
	};
	const list = (): Type => {
		let type = atom();
		while (take('[]')) type = { kind: 'list', of: type };
		return type;
	};
	const atom = (): Type => {
		if (take('{')) return object();
		const token = tokens[at] ?? fail('it ends too early');
		if (!/^[A-Za-z0-9+]/.test(token)) fail(`"${token}" is out of place`);
		at += 1;
		return token in WORDS ? { kind: 'word', word: token as Word } : { kind: 'literal', value: token };
	};
	const object = (): Type => {
		const fields = new Map<string, { type: Type; optional: boolean }>();
		let open = false;
		while (!take('}')) {
			if (take('...')) open = true;
			else {
				const name = tokens[at++] ?? fail('an object is not closed');
				const optional = take('?');
				if (!take(':')) fail(`":" is missing after "${name}"`);
				fields.set(name, { type: either(), optional });
			}
			if (!take(',') && tokens[at] !== '}') fail('"," or "}" is missing');
		}
		return { kind: 'object', fields, open };
	};
	const type = either();
	if (at < tokens.length) fail(`"${tokens[at]}" is out of place`);
	known.set(text, type);
	return type;
}

/** The type of a field. */
export function typeOfField(spec: FieldSpec): Type {
	return typeOf(typeof spec === 'string' ? spec : spec.type);
}

/** The text of a field's type. */
export function typeText(spec: FieldSpec): TypeText {
	return typeof spec === 'string' ? spec : spec.type;
}

/** Whether a field must be there: a query name without which a call makes no sense, or what an answer always has. */
export function isRequired(spec: FieldSpec): boolean {
	return typeof spec !== 'string' && spec.required === true;
}

/**
 * What is wrong with a value. `wire`: every value is text, as in a query or a form. Of several readings of one type the one with
 * the fewest findings counts.
 */
export function findings(type: Type, value: Json, name: string, wire = false): Finding[] {
	const wrong = (): Finding[] => [{ kind: 'type', name, expected: written(type) }];
	switch (type.kind) {
		case 'word': {
			const { json, wire: asText } = WORDS[type.word];
			return (wire && isText(value) ? asText(value) : json(value)) ? [] : wrong();
		}
		case 'literal':
			return isLiteral(type.value, value, wire) ? [] : wrong();
		case 'list':
			if (!Array.isArray(value)) return wrong();
			return value.flatMap((one, index) => findings(type.of, one, `${name}[${index}]`, wire));
		case 'object': {
			if (!isObject(value)) return wrong();
			const prefix = name === '' ? '' : `${name}.`;
			const missing = [...type.fields].filter(([key, { optional }]) => !optional && value[key] === undefined);
			const inner = Object.entries(value).flatMap(([key, one]): Finding[] => {
				const field = type.fields.get(key);
				if (field) return findings(field.type, one, prefix + key, wire);
				return type.open ? [] : [{ kind: 'undeclared', name: prefix + key }];
			});
			return [...missing.map(([key]): Finding => ({ kind: 'missing', name: prefix + key })), ...inner];
		}
		case 'either': {
			const tried = type.of.map((one) => findings(one, value, name, wire));
			if (tried.some((found) => found.length === 0)) return [];
			const near = tried.filter((found) => found.some((one) => one.name !== name));
			return near.length > 0 ? near.reduce((best, found) => (found.length < best.length ? found : best)) : wrong();
		}
	}
}

function isLiteral(literal: string, value: Json, wire: boolean): boolean {
	if (wire) return value === literal;
	if (literal === 'true' || literal === 'false') return value === (literal === 'true');
	return NUMBER.test(literal) ? value === Number(literal) : value === literal;
}

/** The value without what its type does not declare, at every depth. What has another type is left as it is. */
export function declaredPart(type: Type, value: Json): Json {
	if (type.kind === 'list' && Array.isArray(value)) return value.map((one) => declaredPart(type.of, one));
	if (type.kind === 'either') {
		const fitting = type.of.find((one) =>
			one.kind === 'object' ? isObject(value) : one.kind === 'list' && Array.isArray(value),
		);
		return fitting ? declaredPart(fitting, value) : value;
	}
	if (type.kind !== 'object' || !isObject(value)) return value;
	const kept = Object.entries(value).flatMap(([key, one]): [string, Json][] => {
		const field = type.fields.get(key);
		if (field) return [[key, declaredPart(field.type, one)]];
		return type.open ? [[key, one]] : [];
	});
	return Object.fromEntries(kept);
}

/** What is wrong with the fields of a record of an answer or payload. `more`: names that are not declared are fine. */
export function recordFindings(fields: Fields, record: JsonObject, name: string, more: boolean): Finding[] {
	const path = (key: string) => (name === '' ? key : `${name}.${key}`);
	const missing = Object.entries(fields).filter(([key, spec]) => isRequired(spec) && record[key] === undefined);
	const inner = Object.entries(record).flatMap(([key, value]): Finding[] => {
		const spec = fields[key];
		if (spec === undefined) return more ? [] : [{ kind: 'undeclared', name: path(key) }];
		return findings(typeOfField(spec), value, path(key));
	});
	return [...missing.map(([key]): Finding => ({ kind: 'missing', name: path(key) })), ...inner];
}

/** A type as it is written. */
export function written(type: Type): TypeText {
	switch (type.kind) {
		case 'word':
			return type.word;
		case 'literal':
			return type.value;
		case 'list':
			return `${written(type.of)}[]`;
		case 'object':
			return `{${[...type.fields].map(([name, field]) => `${name}${field.optional ? '?' : ''}:${written(field.type)}`).join(',')}${type.open ? ',...' : ''}}`;
		case 'either':
			return type.of.map(written).join('|');
	}
}
