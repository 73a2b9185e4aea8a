/**
 * The vocabulary: what a provider (a service that sends webhooks) is, as data and small pure functions.
 *
 * A file in `providers/` fills these types in. The rest of `core/` interprets them, and the n8n and Zapier adapters
 * show them. Nothing here does I/O, and nothing here knows a particular service.
 */

import type { Field, Lookup } from './field.ts';
import type { Registration } from './registration.ts';
import type { Receiving } from './scheme.ts';

export type * from './field.ts';
export type * from './registration.ts';
export type * from './scheme.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** Values a person typed in: credential fields, trigger options or an operation's input, by field name. */
export type Values = { readonly [name: string]: Json | undefined };

/**
 * How well a fact about a service is founded.
 * `documented`: the service's own documentation says it. `client`: seen in published client code that talks to it.
 * `inferred`: not stated anywhere that was read; marked in the provider's README, and must fail clearly when wrong.
 */
export type Grade = 'documented' | 'client' | 'inferred';

// ---------------------------------------------------------------------------------------------------- HTTP

/** A call to a service, relative to the base URL of the connection. Authentication is added when it is sent. */
export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** What follows the base URL: '' or '/...', with every variable part already percent-encoded (see `path`). */
	path: string;
	/** `undefined` values are left out. */
	query?: { readonly [name: string]: string | number | boolean | undefined };
	headers?: { readonly [name: string]: string };
	/** At most one of `json`, `form` and `multipart`. */
	json?: Json;
	form?: { readonly [name: string]: string };
	/** Sent as multipart/form-data, in this order (`encodeMultipart`). */
	multipart?: readonly Part[];
	/** Whether it only reads, and may be made again. Default: a GET does. */
	reads?: boolean;
}

/** One part of a multipart/form-data body: a text, or a file. */
export type Part =
	| { name: string; text: string }
	| { name: string; fileName: string; contentType: string; bytes: Uint8Array };

/** What came back. Every status is a response; only a connection that failed is an exception (`Unreachable`). */
export interface HttpResponse {
	status: number;
	/** Lower-case names. */
	headers: { readonly [name: string]: string | undefined };
	/** The parsed body where it is JSON, otherwise undefined. */
	body: Json | undefined;
	/** The body as text. */
	text: string;
	/** What authentication added to the request, as it was really sent: never to be shown. */
	secrets?: readonly string[];
}

/** Sends a request with the connection's base URL and authentication. Throws `Unreachable` when no answer came. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

// ---------------------------------------------------------------------------------------------- connection

/** How calls to a service are authenticated, and with which fields a person sets that up. */
export interface ApiConnection {
	/** Everything but the base URL. */
	fields: readonly Field[];
	/** The documented base URL, without a slash at its end. */
	baseUrl: string;
	/** Adds the proof of who is calling. Pure. */
	authenticate: (request: HttpRequest, credentials: Values) => HttpRequest;
	/** A call that succeeds only with working credentials. */
	test: HttpRequest;
	/**
	 * Reads the answer to `test`: undefined when the credentials work, otherwise the reason. Default: `readError`.
	 * A function, because one service needs more than a list of statuses: SoshiaConnect says 403 for a working key without a paid route
	 * and for a suspended account (only its words differ), and 401 for a login that has already proved itself by its token.
	 */
	readTest?: (response: HttpResponse, credentials: Values) => string | undefined;
	/** A login that must come first, where the service has one. Its token is passed to `authenticate` as `sessionToken`. */
	session?: {
		needed: (credentials: Values) => boolean;
		request: (credentials: Values) => HttpRequest;
		/** The token in the answer, or undefined when the login failed. */
		token: (response: HttpResponse) => string | undefined;
	};
	/** Where a person finds the key: a page. */
	help: string;
	/** Where a person finds the key: one sentence. */
	hint: string;
}

/** What a person needs to receive deliveries of a webhook that was registered manually: its secrets. */
export interface WebhookConnection {
	fields: readonly Field[];
	help: string;
	hint: string;
}

// --------------------------------------------------------------------------------------------- event types

export interface EventType {
	/** The service's own spelling, e.g. `customer_created`. */
	name: string;
	/** Title Case, e.g. `Customer Created`. */
	label: string;
	/** What happened, in plain words, without a full stop: "A customer is created". */
	description: string;
	group?: string;
	/** That the event type exists. */
	grade: Grade;
	/** A whole payload, as the service sends it. Made-up people only. */
	sample: Json;
	/** Where the shape of the sample comes from. */
	sampleGrade: Grade;
	/** What a person should know, e.g. that it is documented on one page only. */
	note?: string;
	/** Two real events can have equal payloads: repeats are then dropped within minutes only, never for good. */
	lookAlike?: true;
	/** How events of this type that were missed can be found again, where the API has them. */
	history?: History;
	/** Recent real records in the shape of `sample`, where the API has them. */
	recent?: {
		operation: string;
		/** Another operation where the trigger's options ask for other records. */
		operationFor?: (options: Values) => string;
		input?: Values;
		/** Undefined leaves the record out. Without options: as the trigger has them by default. */
		payload: (record: JsonObject, options?: Values) => JsonObject | undefined;
	};
}

/** A record at a moment: by this a pushed event and a record that was read are known to be the same occurrence. */
export interface Occasion {
	id: string;
	/** What changes with each event about the record; '' where there is one event for each record. */
	version: string;
}

/** How events that were missed are found again: the records of the service's API, with a version that the push has too. */
export interface History {
	/** Undefined where a push does not tell. */
	ofPayload: (payload: JsonObject) => Occasion | undefined;
	/**
	 * The lists to read, for the trigger's own options.
	 * @param since Milliseconds since 1970: nothing older is needed.
	 */
	sources: (options: Values, since: number) => readonly HistorySource[];
	/** What is not found again although it is of this type. */
	limits: string;
	grade: Grade;
}

/** A list of records in which missed events are found. */
export interface HistorySource {
	/** A page. `offset` counts the records read so far, `page` from 0. A list without pages ignores both. */
	request: (position: { offset: number; page: number }) => HttpRequest;
	/** The records of a page. */
	read: (response: HttpResponse) => readonly JsonObject[];
	/** Newest first: reading ends with a page that is older than needed. Otherwise all pages are read. */
	newestFirst?: true;
	/** The id by which a record that is in two pages is known to be one. */
	id: (record: JsonObject) => string;
	/** By which the list is sorted: when it happened, in milliseconds since 1970. Undefined: that cannot be read. */
	time: (record: JsonObject) => number | undefined;
	/** Undefined: this record is no event of the type. */
	of: (record: JsonObject) => Occasion | undefined;
	/** A call that reads the whole record, where the list does not give what a push has. */
	whole?: (record: JsonObject) => HttpRequest;
	/** The body that the service would have pushed. Undefined leaves it out. */
	payload: (record: JsonObject, whole: HttpResponse | undefined) => JsonObject | undefined;
	/** When it happened, where only the whole record tells; in milliseconds since 1970. */
	at?: (payload: JsonObject) => number | undefined;
}

// ---------------------------------------------------------------------------------------------- operations

/** What a call does at the service. `read`: it changes nothing. `money`: it moves or requests money, or records that it was paid. */
export type Effect = 'read' | 'create' | 'change' | 'remove' | 'money';

/** A follow-up call. */
export interface Operation {
	/** camelCase, singular, e.g. `customer`. */
	resource: string;
	/** camelCase, e.g. `getMany`. */
	name: string;
	/** Title Case, e.g. `Get Many`. */
	label: string;
	/** Sentence case, no article, e.g. `Get many customers`. */
	action: string;
	/** One sentence. */
	description: string;
	fields: readonly Field[];
	/** Builds the call. Throws `InvalidInput` for input that cannot be sent. May need the result of `prepare`. */
	request: (input: Values, prepared?: JsonObject) => HttpRequest;
	/** Calls that must come first (e.g. look up a record by email, or the names of custom fields), in order. Empty: none. */
	prepare?: (input: Values) => readonly HttpRequest[];
	/** Turns the answers to `prepare`, in its order, into what `request` gets. */
	prepared?: (responses: readonly HttpResponse[], input: Values) => JsonObject;
	/**
	 * A filter on our side, for services that do not apply the one that they were sent. Given the input, whether a record is
	 * wanted; undefined when nothing is filtered. Only for operations with pages: the limit counts what is kept.
	 */
	keep?: (input: Values) => ((item: JsonObject) => boolean) | undefined;
	/** Turns a successful answer into items. Default: an array gives its elements, an object itself. */
	items?: (response: HttpResponse, input: Values, prepared?: JsonObject) => readonly JsonObject[];
	/**
	 * What a successful answer shows was not done after all; it is then an error: "<service> accepted the call but ...".
	 * Undefined where all was done, and where the answer does not show it.
	 */
	undone?: (response: HttpResponse, input: Values, prepared?: JsonObject) => string | undefined;
	/** Lists that come in pages. The person chooses `returnAll` or `limit`. */
	paging?: {
		/** The largest page the service gives. */
		pageSize: number;
		/**
		 * The request for a page. `page` counts from 0, `offset` is the number of items before it, `previous` is the answer with
		 * the page before. For the usual ways see `paging.ts`.
		 */
		page: (
			request: HttpRequest,
			page: { page: number; offset: number; size: number; previous?: HttpResponse },
		) => HttpRequest;
		/** Whether more may follow. Default: the page was full. */
		more?: (response: HttpResponse, got: number) => boolean;
		/**
		 * What distinguishes one record from all others. A record that an earlier page had is then dropped, `offset` counts what
		 * is left, and a page with nothing new ends the list: right whether the service counts from 0 or from 1.
		 */
		identify?: (item: JsonObject) => string | undefined;
		/** How many records there are in all, where the answer says so. The list ends there, however small the pages are. */
		total?: (response: HttpResponse) => number | undefined;
	};
	/** How long an answer may take, where that is longer than usual. */
	timeoutSeconds?: number;
	/**
	 * Brings an item down to what most people need: flat, some ten fields. Given where an answer has more than that, or has them inside of
	 * others.
	 */
	simplify?: (item: JsonObject) => JsonObject;
	/** One item of the answer. Made-up people only. */
	sample: JsonObject;
	grade: Grade;
	note?: string;
	/** What the call does at the service. Kinds, retries and notices derive from it: see `handlingOf`. */
	effect: Effect;
	/** Doing it a second time changes nothing more, e.g. setting a value or deleting a record. Reads are so anyway. */
	repeatable?: true;
	/** For a person who cleans up, not for automations: why, as a sentence. */
	administrative?: string;
}

/** What a service says went wrong. */
export interface ServiceError {
	message: string;
	code?: string;
	/** Which field, and what about it. */
	details?: readonly string[];
}

// ------------------------------------------------------------------------------------------------ provider

export interface Resource {
	/** camelCase, singular. */
	name: string;
	/** Title Case. */
	label: string;
}

/** A service. */
export interface Provider {
	/** kebab-case, e.g. `solar-proof`: its folder, and the stem of every other name. */
	id: string;
	/** As the service writes it. */
	name: string;
	/** What it is, in one sentence. */
	description: string;
	homepage: string;
	documentation: string;
	api: ApiConnection;
	webhook?: WebhookConnection;
	events: readonly [EventType, ...EventType[]];
	receiving: Receiving;
	registrations: readonly [Registration, ...Registration[]];
	/** What the trigger asks beyond events and the options that every trigger has. */
	triggerFields?: readonly Field[];
	resources: readonly Resource[];
	/** The resource that most people use: the one that is chosen at first. Undefined: the first one. */
	mainResource?: string;
	operations: readonly Operation[];
	lookups?: { readonly [name: string]: Lookup };
	/** What an answer says went wrong, whatever its status; undefined when nothing did. */
	readError: (response: HttpResponse) => ServiceError | undefined;
	/** Whether an answer is the service's own way to say that there is no such record. A page with status 404 may come from anywhere. */
	isNotFound?: (response: HttpResponse) => boolean;
	/** Whether a successful answer is what the service documents for a call. Undefined where it documents none. */
	isAnswer?: (response: HttpResponse, request: HttpRequest) => boolean | undefined;
	/** What is not documented and how it fails when it is wrong. Listed in the provider's README. */
	assumptions: readonly string[];
}
