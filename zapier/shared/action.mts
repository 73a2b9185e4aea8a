/** Follow-up calls: creates and searches. */
import type { Bundle, Create, PlainInputField, Search, ZObject } from 'zapier-platform-core';
import { InvalidInput, ServiceRefused } from '../../core/errors.ts';
import { handlingOf, namesOneRecord, operationId, run } from '../../core/operation.ts';
import type { Field, JsonObject, Operation, Provider, Send, Values } from '../../core/provider.ts';
import { guarded } from './errors.mts';
import { inputFieldsOf } from './fields.mts';
import { withFiles } from './files.mts';
import { valuesOf } from './form.mts';
import { withoutLocalTimes } from './items.mts';
import { LIMIT, limitOf } from './limit.mts';
import { snakeCase, titleCase } from './names.mts';
import { secretsOf } from './secrets.mts';
import { outputsOf } from './outputs.mts';
import { isRemoval, recordAfter, sampleAfter } from './readback.mts';
import type { AppSettings } from './settings.mts';
import { createDescription, createLabel, searchDescription, searchLabel } from './texts.mts';
import { sender } from './transport.mts';

/** The word that confirms a deletion which takes other records along. */
const CONFIRMED = 'DELETE';

/** The key of an operation: `customer.getMany` -> `customer_get_many`. */
export function operationKey(operation: Operation): string {
	return snakeCase(operationId(operation));
}

/** An action that does something. */
export function createOf(provider: Provider, operation: Operation, settings: AppSettings = {}): Create {
	const label = settings.labels?.[operationId(operation)] ?? createLabel(operation);
	return actionOf(provider, operation, settings, {
		display: { label, description: createDescription(operation) },
		fields: operation.fields,
		warnings: warningsOf(operation, settings),
		sample: sampleAfter(provider, operation, settings),
		work: (z, bundle) => perform(provider, operation, settings, z, bundle),
	});
}

/** An action that finds something. What is not there is no error: nothing is found. */
export function searchOf(provider: Provider, operation: Operation, settings: AppSettings = {}): Search {
	const label = settings.labels?.[operationId(operation)] ?? searchLabel(operation);
	return actionOf(provider, operation, settings, {
		display: {
			label,
			description: searchDescription(operation),
			// Nothing to search by: it fills a list, and is no search.
			...(operation.fields.length === 0 ? { hidden: true } : {}),
		},
		fields: isList(operation) ? [...operation.fields, LIMIT] : operation.fields,
		sample: operation.sample,
		work: (z, bundle) => search(provider, operation, z, bundle),
	});
}

function actionOf<Result>(
	provider: Provider,
	operation: Operation,
	{ throttle, connectors }: AppSettings,
	{
		display,
		fields,
		warnings = [],
		sample,
		work,
	}: {
		display: { label: string; description: string; hidden?: boolean };
		fields: readonly Field[];
		warnings?: readonly PlainInputField[];
		sample: JsonObject;
		work: (z: ZObject, bundle: Bundle) => Promise<Result>;
	},
) {
	const { resource } = operation;
	const shown = withoutLocalTimes(sample);
	const searches = handlingOf(operation).kind === 'search';
	return {
		key: operationKey(operation),
		noun: provider.resources.find(({ name }) => name === resource)?.label ?? titleCase(resource),
		display,
		operation: {
			inputFields: [...inputFieldsOf({ provider, resource, ...(searches ? {} : { connectors }) }, fields), ...warnings],
			perform: work,
			sample: shown,
			outputFields: outputsOf(operation, shown),
			...(throttle === undefined ? {} : { throttle: { ...throttle, scope: ['auth' as const] } }),
		},
	};
}

/** Whether a search gives a list, which has a limit in addition to its own fields. */
function isList({ name, fields }: Operation): boolean {
	return (name === 'getMany' || fields.length === 0) && !fields.some((field) => field.name === LIMIT.name);
}

/** What a person reads, and perhaps types, before something is deleted. */
function warningsOf(operation: Operation, { takesAlong }: AppSettings): PlainInputField[] {
	if (!isRemoval(operation)) return [];
	const along = takesAlong?.[operationId(operation)];
	if (along === undefined) return [{ key: 'notice', type: 'copy', helpText: IRREVERSIBLE }];
	return [
		{
			key: 'confirmation',
			label: 'Confirmation',
			type: 'string',
			required: true,
			helpText: `Type ${CONFIRMED} to confirm. This also deletes ${along}. ${IRREVERSIBLE}`,
		},
	];
}

const IRREVERSIBLE = "A deletion can't be undone once the Zap has run.";

async function perform(
	provider: Provider,
	operation: Operation,
	settings: AppSettings,
	z: ZObject,
	bundle: Bundle,
): Promise<JsonObject> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const { confirmation, ...inputData } = bundle.inputData as { confirmation?: unknown; [name: string]: unknown };
		if (settings.takesAlong?.[operationId(operation)] !== undefined && !isConfirmed(confirmation)) {
			throw new InvalidInput(`"Confirmation" must be ${CONFIRMED}, so that nothing is deleted by accident.`);
		}
		const send = sender(provider, z, bundle.authData);
		const given = await inputOf(z, operation, inputData);
		const [first, ...more] = await run(provider, operation, given, send);
		// A create passes one object on. Several are lists of the service's own, kept together.
		if (more.length > 0) return { items: [first as JsonObject, ...more] };
		return recordAfter(provider, operation, settings, { answered: first ?? {}, given, send });
	});
}

function isConfirmed(written: unknown): boolean {
	return typeof written === 'string' && written.trim().toUpperCase() === CONFIRMED;
}

async function search(provider: Provider, operation: Operation, z: ZObject, bundle: Bundle): Promise<JsonObject[]> {
	return guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
		const limit = isList(operation) ? limitOf(bundle.inputData) : undefined;
		const send = sender(provider, z, bundle.authData);
		const given = await inputOf(z, operation, bundle.inputData);
		return findOrNothing(provider, operation, given, send, limit);
	});
}

async function findOrNothing(
	provider: Provider,
	operation: Operation,
	given: Values,
	send: Send,
	limit: number | undefined,
): Promise<JsonObject[]> {
	try {
		return (await run(provider, operation, given, send, limit === undefined ? {} : { limit })).slice(0, limit);
	} catch (cause) {
		const absent = cause instanceof ServiceRefused && cause.notFound && namesOneRecord(operation);
		if (absent) return [];
		throw cause;
	}
}

async function inputOf(z: ZObject, { fields }: Operation, inputData: Record<string, unknown>): Promise<Values> {
	return withFiles(z, fields, valuesOf(fields, inputData));
}
