/** Answers made from a contract alone: what a service would send if the contract were right, in each of its readings. */
import type { Answer, Call, Fields } from '../../contracts/index.mts';
import type { HttpResponse, Json, JsonObject } from '../../core/provider.ts';
import { reformed, statusesOf } from './answers.mts';
import { typeOfField, type Type } from './types.mts';
import type { Settings } from './variants.mts';

/** How many records a made-up list has. */
export const RECORDS = 2;

/** Fields of objects that the contract leaves open (type `object`), by the name of the object. */
export type Inside = { readonly [name: string]: Fields };

/** The answer of a call in one of its readings. */
export function answerOf(call: Call, settings: Settings = {}, inside: Inside = {}): HttpResponse {
	const [status = 200] = statusesOf(call.answer);
	const body = reformed(call.answer, usual(call.answer, inside), settings);
	return { status, headers: { 'content-type': 'application/json' }, body, text: JSON.stringify(body) };
}

function usual(answer: Answer, inside: Inside): Json {
	const { listUnder, under, fields = {}, around = {} } = answer;
	const beside = exampleRecord(around, 0, inside);
	if (listUnder) {
		const list = Array.from({ length: RECORDS }, (_, index) => exampleRecord(fields, index + 1, inside));
		const [place = ''] = listUnder;
		if (place === '{}') return { ...beside, ...Object.fromEntries(list.map((one, index) => [String(index + 1), one])) };
		return place === '' ? list : { ...beside, [place]: list };
	}
	const [place = ''] = under ?? [''];
	const record = exampleRecord(fields, 1, inside);
	return place === '' ? record : { ...beside, [place]: record };
}

function exampleRecord(fields: Fields, index: number, inside: Inside): JsonObject {
	return Object.fromEntries(
		Object.entries(fields).map(([name, spec]) => [name, exampleOf(typeOfField(spec), name, index, inside)]),
	);
}

function exampleOf(type: Type, name: string, index: number, inside: Inside): Json {
	switch (type.kind) {
		case 'literal':
			if (type.value === 'true' || type.value === 'false') return type.value === 'true';
			return /^-?\d+$/.test(type.value) ? Number(type.value) : type.value;
		case 'either':
			return type.of[0] ? exampleOf(type.of[0], name, index, inside) : null;
		case 'list':
			return [exampleOf(type.of, name, index, inside)];
		case 'object':
			return Object.fromEntries(
				[...type.fields].map(([key, field]) => [key, exampleOf(field.type, key, index, inside)]),
			);
		case 'word':
			if (type.word === 'object' && inside[name] !== undefined) return exampleRecord(inside[name], index, {});
			return EXAMPLES[type.word](index, name);
	}
}

const EXAMPLES: { readonly [word: string]: (index: number, name: string) => Json } & {
	readonly [word in (Type & { kind: 'word' })['word']]: (index: number, name: string) => Json;
} = {
	string: (index, name) => {
		if (name === 'status') return 'success';
		return /email/.test(name) ? `jane.${index}@example.com` : `${name} ${index}`;
	},
	int: (index) => index,
	number: (index) => index + 0.5,
	bool: () => true,
	email: (index) => `jane.${index}@example.com`,
	e164: () => '+15550100',
	date: () => '2026-02-25',
	datetime: () => '2026-02-25T10:00:00Z',
	url: (index) => `https://example.com/${index}`,
	id: (index) => index,
	text: (index) => `text ${index}`,
	jsontext: () => '{}',
	object: () => ({}),
	any: () => null,
	null: () => null,
};
