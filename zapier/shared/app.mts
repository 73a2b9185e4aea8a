/** A whole Zapier app for a provider. */
import { defineApp, version as platformVersion } from 'zapier-platform-core';
import { handlingOf } from '../../core/operation.ts';
import type { Provider } from '../../core/provider.ts';
import { createOf, operationKey, searchOf } from './action.mts';
import { authenticationOf } from './connection.mts';
import { listTriggersOf } from './lists.mts';
import { keyOf } from './names.mts';
import { triggerOf } from './trigger.mts';

/**
 * The app: its connection, a REST-hook trigger for each event type, and the operations that Zapier's rules allow.
 * @param version The app's own, from its `package.json`.
 */
export function zapierApp(provider: Provider, version: string) {
	const shown = (kind: 'create' | 'search') =>
		provider.operations.filter((operation) => handlingOf(operation).kind === kind);
	return defineApp({
		version,
		platformVersion,
		authentication: authenticationOf(provider),
		triggers: {
			...Object.fromEntries(provider.events.map((event) => [keyOf(event.name), triggerOf(provider, event)])),
			...listTriggersOf(provider, [...shown('create'), ...shown('search')]),
		},
		creates: Object.fromEntries(
			shown('create').map((operation) => [operationKey(operation), createOf(provider, operation)]),
		),
		searches: Object.fromEntries(
			shown('search').map((operation) => [operationKey(operation), searchOf(provider, operation)]),
		),
	});
}
