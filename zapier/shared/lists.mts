/**
 * Drop-down lists. Zapier fills one by a hidden trigger, so each list is one: those that the provider names (`lookups`),
 * and for ids the records of the resource that the id is of, where the service can list them.
 */
import type { Bundle, Trigger, ZObject } from 'zapier-platform-core';
import { findOperation, run } from '../../core/operation.ts';
import { text } from '../../core/json.ts';
import type { Field, JsonObject, Lookup, Operation, Provider } from '../../core/provider.ts';
import { secretsOf } from './connection.mts';
import { guarded } from './errors.mts';
import { snakeCase, titleCase } from './names.mts';
import { sender } from './transport.mts';

/** How many choices a list is filled with. A person can type in an id that is not among them. */
const CHOICES = 100;

/** The form that a field stands in: `resource` is that of the operation; undefined for a trigger's own fields. */
export interface Form {
	provider: Provider;
	resource?: string;
}

/** What Zapier's `dynamic` takes for a field: the hidden trigger, its value, its label. Undefined: no list. */
export function dynamicOf(form: Form, field: Field): string | undefined {
	const { provider } = form;
	if (field.options !== undefined) return undefined;
	const name = field.choicesFrom ?? idListOf(form, field);
	return name === undefined || listOf(provider, name) === undefined ? undefined : `${listKey(name)}.id.name`;
}

/** The hidden triggers that the fields of these operations point at. */
export function listTriggersOf(provider: Provider, operations: readonly Operation[]): Record<string, Trigger> {
	const names = new Set<string>();
	const collect = (form: Form, fields: readonly Field[]): void => {
		for (const field of fields) {
			const name = field.choicesFrom ?? idListOf(form, field);
			if (name !== undefined && field.options === undefined) names.add(name);
			collect(form, field.fields ?? []);
		}
	};
	collect({ provider }, provider.triggerFields ?? []);
	for (const { resource, fields } of operations) collect({ provider, resource }, fields);
	return Object.fromEntries(
		[...names].flatMap((name): Array<[string, Trigger]> => {
			const list = listOf(provider, name);
			return list === undefined ? [] : [[listKey(name), listTrigger(provider, name, list)]];
		}),
	);
}

function listTrigger(provider: Provider, name: string, lookup: Lookup): Trigger {
	const operation = findOperation(provider, lookup.operation);
	if (operation === undefined)
		throw new Error(`${provider.id}: the list ${name} needs ${lookup.operation}, which is not there`);
	const noun = titleCase(snakeCase(name).replace(/_/g, ' '));
	return {
		key: listKey(name),
		noun,
		display: { label: noun, description: `Triggers when the list of ${noun} is filled.`, hidden: true },
		operation: {
			type: 'polling',
			perform: (z: ZObject, bundle: Bundle) =>
				guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
					const send = sender(provider, z, bundle.authData);
					const found = await run(provider, operation, lookup.input ?? {}, send, { limit: CHOICES });
					const choices = found.map((item) => ({ id: lookup.value(item), name: lookup.label(item) }));
					return choices.filter(
						({ id }, index) => id !== '' && choices.findIndex((other) => other.id === id) === index,
					);
				}),
		},
	};
}

/** The list of a name: the provider's own, else the records of the resource that it names. */
function listOf(provider: Provider, name: string): Lookup | undefined {
	const own = provider.lookups?.[name];
	if (own !== undefined) return own;
	const operation = provider.operations.find((one) => one.resource === name && one.name === 'getMany');
	if (operation === undefined || operation.fields.some((field) => field.required && field.showIf === undefined))
		return undefined;
	return { operation: `${name}.getMany`, value: (item) => idOf(name, item), label: (item) => nameOf(name, item) };
}

/** `id` is one of the form's own resource, `customerId` of the resource `customer`. */
function idListOf({ provider, resource }: Form, { name }: Field): string | undefined {
	const of = name === 'id' ? resource : /^(\w+)Id$/.exec(name)?.[1];
	return of !== undefined && listOf(provider, of) !== undefined ? of : undefined;
}

/** The id of a record: `id`, or `customer_id` of a customer. Empty when it has neither. */
export function idOf(resource: string, item: JsonObject): string {
	return text(item['id']) ?? text(item[`${snakeCase(resource)}_id`]) ?? '';
}

/** What a person knows a record by: its names, else its e-mail address or address, else its id. */
function nameOf(resource: string, item: JsonObject): string {
	const texts = Object.entries(item).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
	);
	const named = texts.filter(
		([key]) => /(^|_)(name|title|label|subject|nickname)$/i.test(key) && !/company|user|owner/i.test(key),
	);
	if (named.length > 0) return [...new Set(named.map(([, value]) => value))].slice(0, 2).join(' ');
	return texts.find(([key]) => /email|address|url/i.test(key))?.[1] ?? idOf(resource, item);
}

function listKey(name: string): string {
	return `list_${snakeCase(name)}`;
}
