/** Follow-up calls: creates and searches. */
import type { Bundle, Create, Search, ZObject } from 'zapier-platform-core';
import { ServiceRefused } from '../../core/errors.ts';
import { idOf } from '../../core/choices.ts';
import type { Field, JsonObject, Operation, Provider } from '../../core/provider.ts';
import { cleanLimit } from '../../core/input.ts';
import { handlingOf, namesOneRecord, operationId, run } from '../../core/operation.ts';
import { secretsOf } from './secrets.mts';
import { guarded } from './errors.mts';
import { inputFieldsOf } from './fields.mts';
import { withFiles } from './files.mts';
import { valuesOf } from './form.mts';
import { contentId, withId, withoutLocalTimes, type Item } from './items.mts';
import { snakeCase, titleCase } from './names.mts';
import { sender } from './transport.mts';

/** Lists ask how many records they are to hand on: Zapier wants a field of every search. */
const LIMIT: Field = {
	name: 'limit',
	label: 'Limit',
	type: 'number',
	default: 50,
	description: 'How many records are found at most.',
};

/** The key of an operation: `customer.getMany` -> `customer_get_many`. */
export function operationKey(operation: Operation): string {
	return snakeCase(operationId(operation));
}

/** An action that does something. */
export function createOf(provider: Provider, operation: Operation): Create {
	return actionOf(provider, operation, (z, bundle) => perform(provider, operation, z, bundle));
}

/** An action that finds something. What is not there is no error: nothing is found. */
export function searchOf(provider: Provider, operation: Operation): Search {
	return actionOf(provider, operation, (z, bundle) => search(provider, operation, z, bundle));
}

function actionOf<Result>(
	provider: Provider,
	operation: Operation,
	work: (z: ZObject, bundle: Bundle) => Promise<Result>,
) {
	const resource = provider.resources.find(({ name }) => name === operation.resource);
	return {
		key: operationKey(operation),
		noun: resource?.label ?? titleCase(operation.resource),
		display: { label: titleCase(operation.action), description: operation.description },
		operation: {
			inputFields: inputFieldsOf({ provider, resource: operation.resource }, fieldsOf(operation)),
			perform: work,
			sample: itemOf(operation, withoutLocalTimes(operation.sample)),
		},
	};
}

/** A list has a limit beside its own fields. */
function fieldsOf(operation: Operation): readonly Field[] {
	const { fields, name } = operation;
	const isList = handlingOf(operation).kind === 'search' && (name === 'getMany' || fields.length === 0);
	return isList && !fields.some((field) => field.name === LIMIT.name) ? [...fields, LIMIT] : fields;
}

/** What an operation gave, with an `id`: its own, else one that is the same for the same content. */
function itemOf({ resource }: Operation, item: JsonObject): Item {
	return withId(item, idOf(resource, item) || contentId(item));
}

async function perform(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<Item> {
	const [first, ...more] = await call(provider, operation, z, bundle);
	// A create hands on one object. Several are lists of the service's own, kept together.
	const item: JsonObject = first === undefined ? {} : more.length === 0 ? first : { items: [first, ...more] };
	return itemOf(operation, item);
}

async function search(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<Item[]> {
	const found = await call(provider, operation, z, bundle);
	return found.map((item) => itemOf(operation, item));
}

async function call(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<JsonObject[]> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const send = sender(provider, z, bundle.authData);
		const input = await withFiles(z, operation.fields, valuesOf(operation.fields, bundle.inputData));
		const searches = handlingOf(operation).kind === 'search';
		const limited = fieldsOf(operation).some((field) => field.name === LIMIT.name);
		const limit = limited ? cleanLimit(bundle.inputData[LIMIT.name], Number(LIMIT.default)) : undefined;
		try {
			return (await run(provider, operation, input, send, limit === undefined ? {} : { limit })).slice(0, limit);
		} catch (cause) {
			const absent = cause instanceof ServiceRefused && cause.notFound && namesOneRecord(operation);
			if (searches && absent) return [];
			throw cause;
		}
	});
}
