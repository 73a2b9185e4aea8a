/**
 * What n8n's editor shows of an action's output before it ran for the first time, so that its fields can be dragged: a JSON schema for
 * each operation, `__schema__/v<version>/<resource>/<operation>.json` next to the compiled node. n8n looks there for community nodes, too
 * (docs/n8n-behaviour.md).
 *
 * Each is made from the contract of the service: its answer goes through the operation, and the item that comes out is described. An
 * operation whose answer no source describes has none.
 */
import { contractOf, type Call, type Fields, type Grade } from '../contracts/index.mts';
import { InvalidInput } from '../core/errors.ts';
import { cleanInput, handlingOf, itemsOf, operationId } from '../core/operation.ts';
import type { HttpResponse, Json, JsonObject, Operation, Provider } from '../core/provider.ts';
import { fillings } from '../harness/fillings.mts';
import { answerOf, type Inside } from '../sandbox/contract/examples.mts';
import { typeText } from '../sandbox/contract/types.mts';

/** The version of action nodes: `ACTION_VERSION`, which only a process with n8n's modules can import. A test compares the two. */
const VERSION = 1;

/** The part of JSON schema that n8n's editor reads. */
export type OutputSchema =
	| { type: 'object'; properties: { [name: string]: OutputSchema } }
	| { type: 'array'; items?: OutputSchema }
	| { type: 'string' | 'number' | 'boolean' | 'null' };

/** The schemas of a service's operations, by path below the folder of its nodes. */
export function outputSchemas(provider: Provider): Map<string, OutputSchema> {
	const schemas = provider.operations.flatMap((operation): [string, OutputSchema][] => {
		const item = exampleItem(provider, operation);
		if (item === undefined || Object.keys(item).length === 0) return [];
		return [[schemaPath(operation), schemaOf(item)]];
	});
	return new Map(schemas);
}

/** Where n8n looks for the schema of an operation. */
export function schemaPath({ resource, name }: Operation): string {
	return `__schema__/v${VERSION}.0.0/${resource}/${name}.json`;
}

/** Whether sources say what an operation puts out. */
export function isDescribed(provider: Provider, operation: Operation): boolean {
	const call = contractOf(provider.id).calls[operationId(operation)];
	if (call === undefined) return false;
	const grades: Grade[] = [operation.grade, call.answer.grade ?? call.grade];
	return !grades.includes('inferred') && (call.answer.fields !== undefined || isOwnWords(operation));
}

/** Whether the item is ours whatever the service answers, e.g. `{"id": 7, "deleted": true}`. */
function isOwnWords(operation: Operation): boolean {
	const unread = new Proxy({} as HttpResponse, {
		get: () => {
			throw new TypeError('the answer is read');
		},
	});
	try {
		return operation.items !== undefined && operation.items(unread, {}).length > 0;
	} catch {
		return false;
	}
}

/** An item with every field that the contract names, as the node puts it out where nothing else is chosen. Undefined: nothing is known. */
function exampleItem(provider: Provider, operation: Operation): JsonObject | undefined {
	if (!isDescribed(provider, operation)) return undefined;
	const { calls } = contractOf(provider.id);
	const call = calls[operationId(operation)];
	if (call === undefined) return undefined;
	const inside: Inside = { fields: ownFields(calls[`${operation.resource}.create`]) };
	const first = (call.prepare ?? []).flatMap((id) => (calls[id] ? [answerOf(calls[id])] : []));
	const simplified = handlingOf(operation).kind === 'search' ? operation.simplify : undefined;
	for (const { input } of fillings(operation)) {
		try {
			const values = cleanInput(operation.fields, input);
			const [item] = itemsOf(operation, answerOf(call, {}, inside), values, operation.prepared?.(first, values));
			return item && simplified ? simplified(item) : item;
		} catch (error) {
			// Two fields that exclude each other, or two records where one is asked for: the next filling.
			if (!(error instanceof InvalidInput)) throw error;
		}
	}
	throw new Error(`${operationId(operation)} takes none of the fillings`);
}

/** The fields of a record with values of one kind, as the call that creates it takes them: what an answer has under `fields`. */
function ownFields(create: Call | undefined): Fields {
	const given = Object.entries({ ...create?.body?.required, ...create?.body?.optional });
	return Object.fromEntries(given.filter(([, spec]) => /^(string|email|date)$/.test(typeText(spec))));
}

function schemaOf(value: Json): OutputSchema {
	if (value === null) return { type: 'null' };
	if (Array.isArray(value)) {
		return value[0] === undefined ? { type: 'array' } : { type: 'array', items: schemaOf(value[0]) };
	}
	if (typeof value === 'object') {
		return {
			type: 'object',
			properties: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, schemaOf(inner)])),
		};
	}
	return { type: typeof value as 'string' | 'number' | 'boolean' };
}
