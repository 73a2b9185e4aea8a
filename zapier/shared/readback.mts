/**
 * A step that creates or changes something passes the record on, not a "success". Where the service answers with less, the record
 * is read afterwards. What was done is done: when it cannot be read, the service's own answer is passed on.
 */
import { text } from '../../core/json.ts';
import { findOperation, operationId, run } from '../../core/operation.ts';
import type { JsonObject, Operation, Provider, Send, Values } from '../../core/provider.ts';
import type { AppSettings, ReadBack } from './settings.mts';

/** What says that it was done, and no more. */
const SAYS_DONE: ReadonlySet<string> = new Set([
	...['id', 'status', 'success', 'ok', 'message', 'Message', 'CustomerId', 'customer_id'],
]);

/** The record that a call created or changed. */
export async function recordAfter(
	provider: Provider,
	operation: Operation,
	settings: AppSettings,
	done: { answered: JsonObject; given: Values; send: Send },
): Promise<JsonObject> {
	const { answered, given, send } = done;
	for (const way of waysToRead(provider, operation, settings, answered)) {
		const input = way.input(answered, given);
		const reading = findOperation(provider, way.operation);
		if (input === undefined || reading === undefined) continue;
		try {
			const read = await run(provider, reading, input, send, { limit: way.limit ?? 1 });
			const record = way.record === undefined ? read[0] : way.record(read, answered, given);
			if (record !== undefined) return record;
		} catch {
			// It was done all the same.
		}
	}
	return renamed(answered, settings.idNames?.[operationId(operation)]);
}

/** The answer with the ID under the name that it has in the record, without the sentence that it was done. */
function renamed(answered: JsonObject, names: { readonly [answered: string]: string } | undefined): JsonObject {
	if (names === undefined) return answered;
	const entries = Object.entries(answered).filter(([key]) => !/^message$/i.test(key));
	return Object.fromEntries(entries.map(([key, value]) => [names[key] ?? key, value]));
}

/** What comes out of an action, as a sample. */
export function sampleAfter(provider: Provider, operation: Operation, { samples }: AppSettings): JsonObject {
	const own = samples?.[operationId(operation)];
	const reading = isThin(operation.sample) && !isRemoval(operation) ? getOf(provider, operation) : undefined;
	return own ?? reading?.sample ?? operation.sample;
}

function waysToRead(
	provider: Provider,
	operation: Operation,
	{ readBack }: AppSettings,
	answered: JsonObject,
): readonly ReadBack[] {
	const own = readBack?.[operationId(operation)];
	if (own !== undefined) return own;
	const reading = isThin(answered) && !isRemoval(operation) ? getOf(provider, operation) : undefined;
	const [asked] = reading?.fields.filter(({ required }) => required) ?? [];
	if (reading === undefined || asked === undefined) return [];
	return [
		{
			operation: operationId(reading),
			input(_answered, given) {
				const id = text(answered['id']) || text(given[asked.name]) || text(given['id']);
				return id ? { [asked.name]: id } : undefined;
			},
		},
	];
}

/** The operation that reads a record of the same kind by one field. */
function getOf(provider: Provider, { resource }: Operation): Operation | undefined {
	const reading = findOperation(provider, `${resource}.get`);
	return reading?.fields.filter(({ required }) => required).length === 1 ? reading : undefined;
}

function isThin(answered: JsonObject): boolean {
	return Object.keys(answered).every((key) => SAYS_DONE.has(key));
}

/** Whether nothing is left that could be read. */
export function isRemoval({ effect, name }: Operation): boolean {
	return effect === 'remove' || (effect === undefined && /^(delete|remove)$/.test(name));
}
