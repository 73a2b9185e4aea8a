/** Searches beyond the provider's operations: by email address, by SKU, by what is recent. */
import type { Bundle, Search, ZObject } from 'zapier-platform-core';
import { InvalidInput } from '../../core/errors.ts';
import { cleanInput, findOperation, run } from '../../core/operation.ts';
import type { Field, JsonObject, Operation, Provider, Send, Values } from '../../core/provider.ts';
import { guarded } from './errors.mts';
import { inputFieldsOf } from './fields.mts';
import { valuesOf } from './form.mts';
import { withoutLocalTimes } from './items.mts';
import { limitOf, LIMIT } from './limit.mts';
import { outputsOf } from './outputs.mts';
import type { AppSettings, Find } from './settings.mts';
import { titleCase } from './names.mts';
import { secretsOf } from './secrets.mts';
import { sender } from './transport.mts';

/** Whole records are read one by one: a step has 30 s. */
const MOST_WHOLE = 5;

/** The search that a find describes. */
export function findOf(provider: Provider, find: Find, { throttle }: AppSettings): Search {
	const operation = operationOf(provider, find.operation);
	const resource = provider.resources.find(({ name }) => name === operation.resource);
	const whole = find.whole === undefined ? undefined : operationOf(provider, find.whole);
	const sample = withoutLocalTimes((whole ?? operation).sample);
	return {
		key: find.key,
		noun: resource?.label ?? titleCase(operation.resource),
		display: { label: find.label, description: find.description },
		operation: {
			inputFields: inputFieldsOf({ provider, resource: operation.resource }, find.fields),
			perform: (z: ZObject, bundle: Bundle) =>
				guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
					const given = cleanInput(find.fields, valuesOf(find.fields, bundle.inputData));
					return found(provider, find, given, sender(provider, z, bundle.authData));
				}),
			sample,
			outputFields: outputsOf(whole ?? operation, sample),
			...(throttle === undefined ? {} : { throttle: { ...throttle, scope: ['auth'] } }),
		},
	};
}

async function found(provider: Provider, find: Find, given: Values, send: Send): Promise<JsonObject[]> {
	const operation = operationOf(provider, find.operation);
	const limit = limitOf(given);
	const listed = await run(provider, operation, find.input(given), send, { limit: find.looksThrough ?? limit });
	const ordered = find.order === undefined ? listed : [...listed].sort(find.order);
	if (find.whole === undefined) return ordered.filter((record) => find.matches(record, given)).slice(0, limit);
	const whole = operationOf(provider, find.whole);
	const records: JsonObject[] = [];
	for (const { id } of ordered.slice(0, Math.min(limit, MOST_WHOLE))) {
		if (id !== undefined) records.push(...(await run(provider, whole, { id }, send)));
	}
	return records.filter((record) => find.matches(record, given));
}

function operationOf(provider: Provider, id: string): Operation {
	const operation = findOperation(provider, id);
	if (operation === undefined) throw new Error(`${provider.id} has no operation ${id}`);
	return operation;
}

// ------------------------------------------------------------------------------------------------- what is recent

const SINCE: Field = {
	name: 'since',
	label: 'Since',
	type: 'dateTime',
	required: true,
	placeholder: 'e.g. 2026-02-02T10:30:00Z',
	description: 'Only records from this time on. A day without a time counts from its beginning.',
};

/** What differs between searches for recent records. */
interface Recent extends Pick<Find, 'key' | 'label' | 'description' | 'operation'> {
	/** Further fields, such as which time counts. */
	fields?: readonly Field[];
	input?: (given: Values) => Values;
	/** The time that counts of a record. */
	time: (record: JsonObject, given: Values) => string | undefined;
	/** Whether the service gives the newest first. Otherwise so many are looked through. */
	looksThrough?: number;
}

/** A search for what is recent, newest first: a Zap with a schedule catches up with it. */
export function recentFind({ fields = [], input = () => ({}), time, looksThrough, ...about }: Recent): Find {
	const newestFirst = (one: JsonObject, other: JsonObject) =>
		String(time(other, {}) ?? '').localeCompare(String(time(one, {}) ?? ''));
	return {
		...about,
		fields: [SINCE, ...fields, LIMIT],
		input,
		...(looksThrough === undefined ? {} : { looksThrough, order: newestFirst }),
		matches: (record, given) => isSince(time(record, given), String(given['since'])),
	};
}

/** Whether a time is not before another. Where either is a day alone, days are compared, as they are written. */
export function isSince(time: string | undefined, since: string): boolean {
	if (Number.isNaN(Date.parse(since))) throw new InvalidInput('"Since" must be a date, e.g. 2026-02-28.');
	if (time === undefined || Number.isNaN(Date.parse(time))) return false;
	const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value);
	if (isDay(time) || isDay(since)) return time.slice(0, 10) >= since.slice(0, 10);
	return Date.parse(time) >= Date.parse(since);
}
