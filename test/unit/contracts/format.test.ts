/** The contracts have the format that contracts/README.md describes. */
import { Ajv } from 'ajv';
import * as formats from 'ajv-formats';
import { contracts, type Call, type Contract, type FieldSpec, type Payload } from '../../../contracts/index.mts';
import schema from '../../../contracts/schema.json' with { type: 'json' };
import { recordsIn } from '../../../sandbox/contract/answers.mts';
import { recordFindings, typeOfField } from '../../../sandbox/contract/types.mts';

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
formats.default.default(ajv);
const validate = ajv.compile(schema);

describe.each(Object.entries(contracts))('contracts/%s.json', (service, contract) => {
	it('has the format of schema.json', () => {
		validate(contract);
		expect(validate.errors ?? []).toEqual([]);
		expect(contract.service).toBe(service);
	});

	it('has types that can be read', () => {
		const unread = specsOf(contract).flatMap(([where, spec]) => {
			try {
				typeOfField(spec);
				return [];
			} catch (error) {
				return [`${where}: ${String(error)}`];
			}
		});
		expect(unread).toEqual([]);
	});

	it('names fields and calls that are there', () => {
		const wrong = Object.entries(contract.calls).flatMap(([id, call]) => [
			...(call.prepare ?? [])
				.filter((other) => contract.calls[other] === undefined)
				.map((other) => `${id} prepares by ${other}`),
			...[...(call.body?.oneOf ?? []), ...(call.body?.exclusive ?? [])]
				.flat()
				.flatMap((name) => (hasField(call, name) ? [] : [`${id} has no ${name}`])),
			...(call.query?.ignored ?? [])
				.filter((name) => call.query?.read[name] !== undefined)
				.map((name) => `${id} reads and ignores ${name}`),
			...(call.offered && call.usedFor ? [`${id} is offered, and used for something else`] : []),
		]);
		expect(wrong).toEqual([]);
	});

	const payloads = Object.entries(contract.events).flatMap(([name, event]): [string, Payload][] => [
		[name, event.payload],
		...Object.entries(event.variants ?? {}).map(([variant, payload]): [string, Payload] => [
			`${name} (${variant})`,
			payload,
		]),
	]);
	it.each(payloads)('has an example of %s that fits its fields', (_name, payload) => {
		const elements = Array.isArray(payload.example) ? payload.example : [payload.example];
		const found = elements.flatMap((element) => [
			...recordsIn(element, [''], 'payload').flatMap((record) =>
				payload.fields ? recordFindings(payload.fields, record, '', false) : [],
			),
			...recordsIn(element, [payload.record], 'record').flatMap((record) =>
				payload.recordFields ? recordFindings(payload.recordFields, record, '', false) : [],
			),
		]);
		expect(found).toEqual([]);
		expect(elements.length).toBeGreaterThan(0);
	});
});

function hasField(call: Call, name: string): boolean {
	return call.body?.required[name] !== undefined || call.body?.optional[name] !== undefined;
}

/** Every field of a contract, with where it is. */
function specsOf(contract: Contract): [string, FieldSpec][] {
	const fields = (where: string, all: { readonly [name: string]: FieldSpec } | undefined) =>
		Object.entries(all ?? {}).map(([name, spec]): [string, FieldSpec] => [`${where} ${name}`, spec]);
	return [
		...Object.entries(contract.calls).flatMap(([id, { path, query, body, answer }]) => [
			...[...path.matchAll(/\{\w+:([^}]+)\}/g)].map(([, type]): [string, FieldSpec] => [`${id} path`, type ?? '']),
			...fields(`${id} query`, { ...query?.read, ...(query?.rest ? { '*': query.rest } : {}) }),
			...fields(`${id} body`, {
				...body?.required,
				...body?.optional,
				...body?.beside,
				...(body?.rest ? { '*': body.rest } : {}),
			}),
			...fields(`${id} answer`, { ...answer.fields, ...answer.around }),
		]),
		...Object.entries(contract.events).flatMap(([name, event]) =>
			[event.payload, ...Object.values(event.variants ?? {})].flatMap((payload) => [
				...fields(`${name} payload`, payload.fields),
				...fields(`${name} record`, payload.recordFields),
			]),
		),
	];
}
