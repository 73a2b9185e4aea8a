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
	/** Whether a record is one that was asked for: a service may find more, or ignore a filter that it does not know. */
	matches: (record: JsonObject, given: Values) => boolean;
	/** How many records are looked through where the service does not filter. Default: as many as are asked for. */
	looksThrough?: number;
	/** Puts what was found in order, where the service does not. */
	order?: (one: JsonObject, other: JsonObject) => number;
	/** Reads each record that was found, where a list gives less than a whole one: an operation that takes it as `id`. */
	whole?: string;
}

/** A search and a create that Zapier offers as one step: "Find or Create Contact". */
export interface Pair {
	/** The search's key, which is the pair's as well. */
	search: string;
	/** The create, by its operation's id. */
	create: string;
	/** Begins with "Find or Create". */
	label: string;
	description: string;
}

/** How the record is read after a call that answers with less than it. */
export interface ReadBack {
	/** The operation that reads it, by its id. */
	operation: string;
	/** Its input, from what the service answered and what a person filled in. Undefined: this way is not possible. */
	input: (answered: JsonObject, given: Values) => Values | undefined;
	/** The record in what was read; undefined when it is not there. Default: the first. */
	record?: (read: readonly JsonObject[], answered: JsonObject, given: Values) => JsonObject | undefined;
	/** How many records are read at most. Default: 1. */
	limit?: number;
}

/** A limit on calls, as the service documents it for its smallest plan. */
export interface Throttle {
	/** Seconds. */
	window: number;
	/** Calls within the window. */
	limit: number;
}

export interface AppSettings {
	/** Words for triggers whose own label does not make good ones, by event type. */
	triggers?: { readonly [event: string]: TriggerWords };
	/** Names in payloads that only a published client mentions: no sample has them. */
	unsure?: readonly string[];
	/** The event types that a field of the provider's trigger affects, by the field's name. None: it is not asked. */
	triggerFields?: { readonly [field: string]: readonly string[] };
	/** Labels of actions whose own does not make a good one, by operation id. */
	labels?: { readonly [operation: string]: string };
	finds?: readonly Find[];
	pairs?: readonly Pair[];
	/** The search that finds the record of an ID field, and the name that the ID has there, by the name of its list. */
	connectors?: { readonly [list: string]: string };
	/** Ways to read the record after a call, tried in order, by the id of the operation that writes. */
	readBack?: { readonly [operation: string]: readonly ReadBack[] };
	/** What the service calls an ID in its answer to a call, and what it is called in the record, by operation id. */
	idNames?: { readonly [operation: string]: { readonly [answered: string]: string } };
	/** What comes out of an action where that is not its operation's sample (see `readBack`), by operation id. */
	samples?: { readonly [operation: string]: JsonObject };
	/** Deletions that take other records along, by operation id: what they take. A person has to type a word to confirm. */
	takesAlong?: { readonly [operation: string]: string };
	throttle?: Throttle;
}

/** Whether two texts are the same to a person: case and white space around them aside. */
export function isSameText(one: Json | undefined, other: Json | undefined): boolean {
	const plain = (value: Json | undefined) =>
		(typeof value === 'string' || typeof value === 'number' ? String(value) : '').trim().toLowerCase();
	return plain(one) !== '' && plain(one) === plain(other);
}
