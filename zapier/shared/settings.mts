/** What an app says of itself beyond its provider: only what Zapier alone has, as data. `zapier/<service>/src/settings.mts` fills it in. */
import type { Field, Json, JsonObject, Values } from '../../core/provider.ts';
import type { TriggerWords } from './texts.mts';

/** A search that an operation with other fields can make: "Find Contact by Email". */
export interface Find {
	/** Snake case; it never changes. */
	key: string;
	/** Begins with "Find". */
	label: string;
	/** Begins with "Finds". */
	description: string;
	/** The operation that is asked, by its id. */
	operation: string;
	fields: readonly Field[];
	/** The operation's own input, from what a person filled in. */
	input: (given: Values) => Values;
	/** Whether a record is one that was asked for. A service may find more, or ignore what it does not know. */
	matches?: (record: JsonObject, given: Values) => boolean;
	/** Reads each record that was found, where a list gives less than a whole one: an operation that takes it as `id`. */
	whole?: string;
	/** Makes a "Find or Create" of it, with this operation's create. */
	orCreate?: { operation: string; label: string; description: string };
}

/** How the record is read after a call that answers with less than it. */
export interface ReadBack {
	/** The operation that reads it, by its id. */
	operation: string;
	/** Its input, from what the service answered and what a person filled in. Undefined: nothing can be read. */
	input: (answered: JsonObject, given: Values) => Values | undefined;
	/** Whether a record that was read is the one. */
	matches?: (record: JsonObject, answered: JsonObject, given: Values) => boolean;
}

/** A limit on calls, as the service documents it for its smallest plan. */
export interface Limit {
	/** Seconds. */
	window: number;
	/** Calls within the window. */
	limit: number;
}

export interface AppSettings {
	/** Words for triggers whose own label does not make good ones, by event type. */
	triggers?: { readonly [event: string]: TriggerWords };
	/** The event types that a field of the provider's trigger affects, by the field's name. None: it is not asked. */
	triggerFields?: { readonly [field: string]: readonly string[] };
	/** Labels of actions whose own does not make a good one, by operation id. */
	labels?: { readonly [operation: string]: string };
	finds?: readonly Find[];
	/** The search that finds the record of an id field: a search's key, and the name that the id has there. By resource. */
	connectors?: { readonly [resource: string]: string };
	/** By the id of the operation that writes. */
	readBack?: { readonly [operation: string]: ReadBack };
	/** Deletions that take other records along, by operation id: what they take. A person has to type a word to confirm. */
	takesAlong?: { readonly [operation: string]: string };
	throttle?: Limit;
	/** An action's own output in a sample, where it is more than the operation's sample (see `readBack`), by operation id. */
	samples?: { readonly [operation: string]: JsonObject };
}

/** Whether two texts are the same to a person: case and white space aside. */
export function isSameText(one: Json | undefined, other: Json | undefined): boolean {
	const plain = (value: Json | undefined) =>
		String(value ?? '')
			.trim()
			.toLowerCase();
	return plain(one) !== '' && plain(one) === plain(other);
}
