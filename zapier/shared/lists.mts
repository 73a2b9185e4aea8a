/**
 * Drop-down lists. Zapier fills one by a hidden trigger, so each list of `core/choices.ts` is one.
 */
import type { Bundle, Trigger, ZObject } from 'zapier-platform-core';
import { choices, listFor, listsOf } from '../../core/choices.ts';
import type { Field, Operation, Provider } from '../../core/provider.ts';
import { secretsOf } from './secrets.mts';
import { guarded } from './errors.mts';
import { valuesOf } from './form.mts';
import { snakeCase, titleCase } from './names.mts';
import { sender } from './transport.mts';

/** How many choices one page of a list has. */
const PAGE = 100;

/** The form that a field is part of: `resource` is that of the operation; undefined for a trigger's own fields. */
export interface Form {
	provider: Provider;
	resource?: string;
	/** The search that finds the record of an ID field, by the name of its list (`AppSettings.connectors`). */
	connectors?: { readonly [list: string]: string } | undefined;
}

/** What Zapier's `dynamic` takes for a field: the hidden trigger, its value, its label. Undefined: no list. */
export function dynamicOf({ provider, resource }: Form, field: Field): string | undefined {
	const name = listFor(provider, resource, field);
	return name === undefined ? undefined : `${listKey(name)}.id.name`;
}

/** The hidden triggers that the fields of these operations point at. */
export function listTriggersOf(provider: Provider, operations: readonly Operation[]): Record<string, Trigger> {
	return Object.fromEntries(
		listsOf(provider, operations).map((name): [string, Trigger] => [listKey(name), listTrigger(provider, name)]),
	);
}

function listTrigger(provider: Provider, name: string): Trigger {
	const noun = titleCase(snakeCase(name).replace(/_/g, ' '));
	return {
		key: listKey(name),
		noun,
		display: { label: noun, description: `Triggers when the list of ${noun} is filled.`, hidden: true },
		operation: {
			type: 'polling',
			canPaginate: true,
			perform: (z: ZObject, bundle: Bundle) =>
				guarded(z, provider, secretsOf(provider, bundle.authData), async () => {
					const send = sender(provider, z, bundle.authData);
					const offset = PAGE * (Number(bundle.meta?.page) || 0);
					const found = await choices(provider, name, send, {
						offset,
						size: PAGE,
						form: valuesOf([], bundle.inputData ?? {}),
					});
					return found.choices.map(({ value, label }) => ({ id: value, name: label }));
				}),
		},
	};
}

function listKey(name: string): string {
	return `list_${snakeCase(name)}`;
}
