/** What n8n's editor shows of an action's output before it ran: for the operations whose answers sources describe, and with their names alone. */
import { contractOf, type Fields } from '../../../contracts/index.mts';
import { operationId } from '../../../core/operation.ts';
import type { Operation } from '../../../core/provider.ts';
import { ACTION_VERSION } from '../../../nodes/n8n/action.ts';
import { providers } from '../../../providers/index.ts';
import { isDescribed, outputSchemas, schemaPath, type OutputSchema } from '../../../tools/output-schemas.mts';

/** How many operations of how many have a schema, where somebody counted. The others have answers that no source describes. */
const COUNTS: { readonly [service: string]: readonly [number, number] } = {
	'solar-proof': [9, 9],
	solatis: [3, 9],
	'solid-number': [36, 53],
	'soshia-connect': [1, 4],
	solve360: [53, 54],
};

describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
	const schemas = outputSchemas(provider);
	const { calls } = contractOf(id);
	const described = provider.operations.filter((operation) => schemas.has(schemaPath(operation)));

	it('has as many schemas as answers that sources describe', () => {
		const counted = [schemas.size, provider.operations.length];
		expect(counted).toEqual(COUNTS[id] ?? counted);
		expect(described).toEqual(provider.operations.filter((operation) => isDescribed(provider, operation)));
	});

	it('has none for what is inferred', () => {
		for (const operation of described) {
			const call = calls[operationId(operation)];
			expect([operationId(operation), operation.grade, call?.grade, call?.answer.grade]).not.toContain('inferred');
		}
	});

	it("lies where n8n looks for it: by the node's version, resource and operation", () => {
		expect([...schemas.keys()].toSorted()).toEqual(
			described.map(({ resource, name }) => `__schema__/v${ACTION_VERSION}.0.0/${resource}/${name}.json`).toSorted(),
		);
	});

	it.each(described.map((operation) => [operationId(operation), operation] as const))(
		'%s names what the contract names, and what the operation adds',
		(_id, operation) => {
			const schema = schemas.get(schemaPath(operation));
			const shown = schema?.type === 'object' ? Object.keys(schema.properties) : [];
			expect(shown.length).toBeGreaterThan(0);
			const { answer } = calls[operationId(operation)]!;
			const known = [answer.fields, answer.around, calls[`${operation.resource}.create`]?.body?.optional];
			const names = [
				...known.flatMap((fields: Fields = {}) => Object.keys(fields)),
				...Object.keys(sampled(operation)),
			];
			// A list of records is described by one of them.
			const inner = Object.values(answer.fields ?? {}).flatMap((spec) =>
				(typeof spec === 'string' ? spec : spec.type).match(/\w+(?=\??:)/g),
			);
			expect(shown.filter((name) => !names.includes(name) && !inner.includes(name))).toEqual([]);
			for (const name of operation.simplify === undefined ? Object.keys(answer.fields ?? {}) : []) {
				if (schema?.type !== 'object' || operation.items !== undefined) continue;
				expect(shown).toContain(name);
			}
		},
	);

	it.each([...schemas])('%s is one that the editor takes', (_path, schema) => {
		expect(schema.type).toBe('object');
		const check = (one: OutputSchema): void => {
			expect(['object', 'array', 'string', 'number', 'boolean', 'null']).toContain(one.type);
			if (one.type === 'array' && one.items) check(one.items);
			if (one.type === 'object') Object.values(one.properties).forEach(check);
		};
		check(schema);
	});
});

/** An item of the operation, as its author wrote it from the sources. */
function sampled({ sample, simplify }: Operation): object {
	return { ...sample, ...simplify?.(sample) };
}
