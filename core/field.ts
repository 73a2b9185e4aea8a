/** The vocabulary of forms: what a person can fill in, on either platform. Types only; everyone imports them from `provider.ts`. */
import type { Json, JsonObject, Values } from './provider.ts';

export interface Option {
	value: string;
	/** Title Case. */
	label: string;
	description?: string;
}

export type FieldType =
	| 'string'
	| 'text' // several lines
	| 'email'
	| 'number'
	| 'boolean'
	| 'dateTime' // the value is an ISO 8601 string
	| 'date' // a calendar day: the value is YYYY-MM-DD, as the person wrote it, in no time zone
	| 'file' // the value is an object: fileName, contentType, base64 (`FileValue`)
	| 'choice' // one of `options` or `choicesFrom`
	| 'choices' // several of them: the value is an array of strings
	| 'list' // free strings: the value is an array of strings (adapters also accept a comma-separated string)
	| 'pairs' // names and values: the value is an object (custom fields)
	| 'rows' // an array of objects with `fields`
	| 'json'; // any JSON

/** The value of a field of type `file`. */
export type FileValue = { fileName: string; contentType: string; base64: string };

/** One thing a person can fill in. Shown as an n8n parameter and as a Zapier input field. */
export interface Field {
	/** camelCase; unique within its operation, trigger or credential. */
	name: string;
	/** Title Case. */
	label: string;
	type: FieldType;
	/** One sentence. A boolean's begins with "Whether". */
	description?: string;
	/** Begins with "e.g.". */
	placeholder?: string;
	default?: Json;
	required?: boolean;
	/** Leaving it out has a meaning of its own, so a blank value (an expression that found nothing) is an error, not the same. */
	notBlank?: true;
	/** A secret is a password field, never logged. */
	secret?: boolean;
	/** Shown at the top of the form although it may stay empty: what most people fill in. */
	top?: true;
	/** It sorts a list. Everything else that may be left empty in a list's form filters it. */
	sorts?: true;
	options?: readonly Option[];
	/** Name of a `Lookup` of the provider that fills a drop-down list. */
	choicesFrom?: string;
	/** The fields of one row, for `rows`. */
	fields?: readonly Field[];
	/** A trigger's field that few people need: shown among the options. */
	advanced?: true;
	/**
	 * Shown only while another field of the same form has one of these values. A trigger's field names `events` for the event types
	 * that it affects, and `signature` for the proof.
	 */
	showIf?: { readonly [field: string]: readonly (string | boolean)[] };
}

/** A drop-down list filled by the service. */
export interface Lookup {
	/** ID of the operation that lists the choices: `resource.operation`. From the rest of the form where it depends on that; undefined: none yet. */
	operation: string | ((form: Values) => string | undefined);
	/** Its input, from the rest of the form where it depends on that. Several inputs: their lists, one after the other. */
	input?: Values | ((form: Values) => Values | readonly Values[]);
	/** The fields of the form that the two above look at. */
	needs?: readonly string[];
	/** The choices inside of one listed item. Default: the item is one. */
	of?: (item: JsonObject) => readonly JsonObject[];
	value: (item: JsonObject) => string;
	/** `among`: how many inputs there were, where an entry has to say which one it belongs to. */
	label: (item: JsonObject, input?: Values, among?: number) => string;
	/** Name of the field of the operation that takes a search text, where the service searches. */
	search?: string;
}
