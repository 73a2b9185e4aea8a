/** Follow-up calls: creates, searches, and the hidden triggers that fill drop-down lists. */
import type { Bundle, Create, Search, Trigger, ZObject } from 'zapier-platform-core';
import { ServiceRefused } from '../../core/failure.ts';
import { findOperation, operationId, run } from '../../core/operation.ts';
import type { JsonObject, Lookup, Operation, Provider } from '../../core/provider.ts';
import { secretsOf } from './connection.mts';
import { guarded } from './errors.mts';
import { inputFieldsOf, valuesOf } from './fields.mts';
import { contentId, outputFieldsOf, withId, type Item } from './items.mts';
import { lookupKey, snakeCase, titleCase } from './names.mts';
import { sender } from './send.mts';

/** How many matches a search hands on. */
const SEARCH_LIMIT = 50;

/** How many choices a drop-down list is filled with. */
const CHOICES_LIMIT = 500;

/** The key of an operation: `customer.getMany` -> `customer_get_many`. */
export function operationKey(operation: Operation): string {
	return snakeCase(operationId(operation));
}

/** An action that does something. */
export function createOf(provider: Provider, operation: Operation): Create {
	const sample = withId(operation.sample, contentId(operation.sample));
	return {
		...faceOf(provider, operation),
		operation: {
			inputFields: inputFieldsOf(provider, operation.fields),
			perform: (z: ZObject, bundle: Bundle) => perform(provider, operation, z, bundle),
			sample,
			outputFields: outputFieldsOf(sample),
		},
	};
}

/** An action that finds something. What is not there is no error: it is found nothing. */
export function searchOf(provider: Provider, operation: Operation): Search {
	const sample = withId(operation.sample, contentId(operation.sample));
	return {
		...faceOf(provider, operation),
		operation: {
			inputFields: inputFieldsOf(provider, operation.fields),
			perform: (z: ZObject, bundle: Bundle) => search(provider, operation, z, bundle),
			sample,
			outputFields: outputFieldsOf(sample),
		},
	};
}

/** The hidden trigger behind a drop-down list. */
export function lookupOf(provider: Provider, name: string, lookup: Lookup): Trigger {
	const operation = findOperation(provider, lookup.operation);
	if (operation === undefined)
		throw new Error(`${provider.id}: the list ${name} needs ${lookup.operation}, which is not there`);
	return {
		key: lookupKey(name),
		noun: titleCase(name),
		display: {
			label: titleCase(name),
			description: `Triggers when a drop-down list of ${name} is filled.`,
			hidden: true,
		},
		operation: {
			type: 'polling',
			perform: (z: ZObject, bundle: Bundle) =>
				guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
					const send = sender(provider, z, bundle.authData);
					const found = await run(provider, operation, lookup.input ?? {}, send, { limit: CHOICES_LIMIT });
					return found.map((item) => ({ id: lookup.value(item), name: lookup.label(item) }));
				}),
		},
	};
}

function faceOf(provider: Provider, operation: Operation) {
	const resource = provider.resources.find(({ name }) => name === operation.resource);
	return {
		key: operationKey(operation),
		noun: resource?.label ?? titleCase(operation.resource),
		display: { label: titleCase(operation.action), description: operation.description },
	};
}

async function perform(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<Item> {
	const [first, ...more] = await call(provider, operation, z, bundle);
	// A create hands on one object. Several are lists of the service's own, kept together.
	const item: JsonObject = first === undefined ? {} : more.length === 0 ? first : { items: [first, ...more] };
	return withId(item, contentId(item));
}

async function search(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<Item[]> {
	const found = await call(provider, operation, z, bundle);
	return found.map((item) => withId(item, contentId(item)));
}

async function call(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<JsonObject[]> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const send = sender(provider, z, bundle.authData);
		const input = valuesOf(bundle.inputData);
		try {
			return await run(provider, operation, input, send, { limit: SEARCH_LIMIT });
		} catch (cause) {
			const absent = cause instanceof ServiceRefused && (cause.status === 404 || /not_found$/i.test(cause.code ?? ''));
			if (operation.zapier === 'search' && absent) return [];
			throw cause;
		}
	});
}
