/** A whole Zapier app for a provider. */
import { defineApp, version as platformVersion } from 'zapier-platform-core';
import { handlingOf } from '../../core/operation.ts';
import type { Provider } from '../../core/provider.ts';
import { createOf, operationKey, searchOf } from './action.mts';
import { authenticationOf } from './connection.mts';
import { findOf } from './finds.mts';
import { listTriggersOf } from './lists.mts';
import { keyOf, snakeCase } from './names.mts';
import { unreceivable } from './receiving.mts';
import type { AppSettings, Pair } from './settings.mts';
import { passedOnTriggersOf, triggerOf } from './trigger.mts';

/**
 * The app: its connection, a REST-hook trigger for each event type, and the operations that Zapier's rules allow.
 * @param version The app's own, from its `package.json`.
 * @param settings What only Zapier has.
 * @throws Error for a provider whose deliveries Zapier can't receive: its triggers would be there, and nothing would ever arrive.
 */
export function zapierApp(provider: Provider, version: string, settings: AppSettings = {}) {
	const problem = unreceivable(provider);
	if (problem !== undefined) throw new Error(problem);
	const shown = (kind: 'create' | 'search') =>
		provider.operations.filter((operation) => handlingOf(operation).kind === kind);
	return defineApp({
		version,
		platformVersion,
		// Empty values are cleaned in one place for all platforms (`core/operation.ts`), which also knows what each field is.
		flags: { cleanInputData: false },
		authentication: authenticationOf(provider),
		triggers: {
			...Object.fromEntries(provider.events.map((event) => [keyOf(event.name), triggerOf(provider, event, settings)])),
			...passedOnTriggersOf(provider),
			...listTriggersOf(provider, [...shown('create'), ...shown('search')]),
		},
		creates: Object.fromEntries(
			shown('create').map((operation) => [operationKey(operation), createOf(provider, operation, settings)]),
		),
		searches: {
			...Object.fromEntries(
				shown('search').map((operation) => [operationKey(operation), searchOf(provider, operation, settings)]),
			),
			...Object.fromEntries((settings.finds ?? []).map((find) => [find.key, findOf(provider, find, settings)])),
		},
		searchOrCreates: Object.fromEntries((settings.pairs ?? []).map((pair) => [pair.search, pairOf(pair)])),
	});
}

/** A search and a create as one step. Zapier gives it the search's key. */
function pairOf({ search, create, label, description }: Pair) {
	return { key: search, display: { label, description, hidden: false }, search, create: snakeCase(create) };
}
