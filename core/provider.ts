/**
 * The vocabulary: what a provider (a service that sends webhooks) is, as data and small pure functions.
 *
 * A file in `providers/` fills these types in. The rest of `core/` interprets them, and the n8n and Zapier adapters
 * show them. Nothing here does I/O, and nothing here knows a particular service.
 */

import type { Field, Lookup } from './field.ts';
import type { Trial } from './subscription-trial.ts';

export type * from './field.ts';

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
	/** The parsed body where it is JSON, else undefined. */
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
	/** Reads the answer to `test`: undefined when the credentials work, else the reason. Default: `readError`. */
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

/** What a person needs to receive deliveries of a webhook that was registered by hand: its secrets. */
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

// --------------------------------------------------------------------------------------------- deliveries

/**
 * One part of what is signed: the raw body, the time stamp and the message's id as they were sent, the method, the URL that the
 * service calls (with its query string), or a text of its own.
 */
export type SignedPart = 'body' | 'timestamp' | 'id' | 'method' | 'url' | { readonly text: string };

/** HMAC-SHA256 over a list of parts, in a header. */
export interface HmacScheme {
	kind: 'hmac';
	/** The header with the signature. Lower case. */
	header: string;
	encoding: 'hex' | 'base64';
	/** Required before the digest where the service has one, e.g. `sha256=`. */
	prefix?: string;
	/** What is signed, in this order. Default: the raw body. */
	signed?: readonly SignedPart[];
	/**
	 * The header has several entries with this between them. Each that begins with `prefix` is a signature, and one that is right is
	 * enough; what begins otherwise is passed over.
	 */
	separator?: ',' | ' ';
	/** When it was signed, in Unix time: a header of its own, or an entry of the signature's header that begins with `entry`. */
	timestamp?: ({ header: string } | { entry: string }) & {
		/** How far off it may be, either way. */
		toleranceSeconds: number;
		/** Default: seconds. */
		unit?: 'milliseconds';
	};
	/** The header with the message's id, where the id is signed. Lower case. */
	idHeader?: string;
	/** The secret as a person gets it is base64, after this prefix where it has it (e.g. `whsec_`). Default: its text is the key. */
	key?: { encoding: 'base64'; prefix?: string };
	/** The service documents a signature over `JSON.stringify(body)`: tried after the raw bytes. */
	reserialised?: true;
}

/** How a delivery proves where it comes from. A closed set: `signature.ts` signs and verifies each. */
export type Scheme =
	| HmacScheme
	| {
			/** The secret itself in a header. Lower case. */
			kind: 'header-token';
			header: string;
	  }
	| {
			/** A token in the query string of the webhook's URL; the URL names the event type too. */
			kind: 'url-token';
			tokenParameter: string;
			eventParameter: string;
	  };

/**
 * What a service asks of a URL before it delivers to it. Only a service that proves itself is answered.
 * `get`: a token of ours in the query string (`tokenParameter`) is the proof; `parameter` is echoed as text.
 * `post`: a delivery, proved like any other, whose field `when` has the value `is`. The text in the field `text` is answered as JSON:
 * as it is under `echo`, and signed with the secret (HMAC-SHA256, hex) under `hmac`. Fields are paths, e.g. `['payload', 'token']`.
 */
export type Challenge =
	| {
			method: 'get';
			parameter: string;
			tokenParameter: string;
			/** The field of the webhook connection that has the token; it then proves nothing else. Default: the secrets of deliveries. */
			tokenField?: string;
	  }
	| {
			method: 'post';
			when: readonly string[];
			is: string;
			text: readonly string[];
			echo: string;
			hmac?: string;
	  };

/** One way in which a provider's deliveries can be proved. The first of a provider is the default. */
export interface Proof {
	/** Value of the trigger's `signature` parameter where there are several. */
	name: string;
	label: string;
	description?: string;
	/** What a person must know who chooses it: one or two sentences. */
	notice?: string;
	scheme: Scheme;
	/** Every verified event is handed on, whatever its type: the event types listed are not those of this proof. */
	anyEvent?: true;
	grade: Grade;
}

export type Format = 'json' | 'xml' | 'form';

/** How a delivery is read once it is proved. */
export interface Receiving {
	proofs: readonly [Proof, ...Proof[]];
	/** What bodies the service sends. */
	formats: readonly [Format, ...Format[]];
	/** Brings an XML or form body into the shape of the JSON one. Given only what `readBody` made. */
	normalise?: (payload: Json, format: Format) => Json;
	/** The header that names the event type, where one does. Lower case. */
	eventHeader?: string;
	/** The header with the service's own id of an event: see `eventId`. Lower case. */
	eventIdHeader?: string;
	/** What the service asks of a URL before it delivers to it. Zapier cannot answer it. */
	challenge?: Challenge;
	/** The event type a payload names, or undefined. Not asked when the URL or a header names it. */
	eventOf?: (payload: JsonObject) => string | undefined;
	/**
	 * The service's own id of an event, as one or more parts, where the service documents that no two events share it. Parts that
	 * are no text or blank do not count (see `identity.ts`). Not given: the hash of the raw bytes is used.
	 */
	eventId?: (payload: JsonObject) => readonly (Json | undefined)[];
	/** A narrower choice than event types. False means that the event is not wanted. */
	wanted?: (payload: JsonObject, event: string | undefined, options: Values) => boolean;
	/** What goes out for one element of the body. Default: the element as it came. */
	item?: (element: JsonObject, event: string | undefined) => JsonObject;
	/** How long the service waits for an answer, where it says so. */
	answerWithinSeconds?: number;
}

// ------------------------------------------------------------------------------------------- subscriptions

/** A subscription as it should be. */
export interface WantedSubscription {
	/** The exact URL that the service is to call. */
	url: string;
	/** In the order the person chose them. */
	events: readonly string[];
	/** Chosen by us. Undefined where the service chooses it, or where the proof is a token in the URL. */
	secret?: string;
	/** A name that a person recognises in the service's own list. */
	title: string;
	/** The trigger's own options (`Provider.triggerFields`). */
	options: Values;
}

/** A subscription as the service lists it. */
export interface RemoteSubscription {
	id: string;
	url: string;
	events: readonly string[];
	/** False when the service has switched it off. */
	active: boolean;
}

/** A delivery that the service could not make. */
export interface FailedDelivery {
	id: string;
	event: string;
	/** ISO 8601, where the service tells. */
	at?: string;
}

/** How subscriptions are made, found and removed. */
export interface SubscriptionApi {
	/** `set`: one subscription carries all event types. `event`: each event type needs its own. */
	per: 'set' | 'event';
	/** `ours`: we choose a secret and send it. `theirs`: the answer holds it. `url-token`: the URL carries the proof. */
	secret: 'ours' | 'theirs' | 'url-token';
	subscribe: (wanted: WantedSubscription) => HttpRequest;
	/** Reads a successful answer. `id` undefined: the service gives none, or we could not find it. */
	subscribed: (response: HttpResponse) => { id?: string; secret?: string };
	/** Whether the service identifies a subscription by its id (else: by its URL). Then an answer without one is an error. */
	identifiedBy: 'id' | 'url';
	/** Requests that remove it, in order of preference: the next is tried when one is answered 405. */
	unsubscribe: (subscription: { id?: string; url: string }) => readonly [HttpRequest, ...HttpRequest[]];
	/** Whether an answer to `unsubscribe` says that there was nothing to remove (404 and 410 always do). */
	gone?: (response: HttpResponse) => boolean;
	/** How to look at what is there, where that is possible. */
	list?: {
		/**
		 * Asked with the number of those read so far and the answer before, until a page brings nothing new. A list without pages
		 * ignores both.
		 */
		request: (offset: number, previous?: HttpResponse) => HttpRequest;
		read: (response: HttpResponse) => readonly RemoteSubscription[];
		grade: Grade;
	};
	/** How to ask what became of a subscription's deliveries, where the service tells. */
	attempts?: {
		request: (id: string) => HttpRequest;
		/** Those that failed and were not delivered later. */
		failed: (response: HttpResponse) => readonly FailedDelivery[];
		grade: Grade;
	};
	/** A test event that the service sends on request: see `subscription-trial.ts`. */
	trial?: Trial;
	/** Whether a listed subscription is what is wanted, beyond id, URL, events and state. */
	matches?: (remote: RemoteSubscription, wanted: WantedSubscription) => boolean;
	/** What a person can do when the service does not subscribe: a sentence that ends the error. */
	otherwise?: string;
}

/** One way in which a webhook comes to be registered. The first of a provider is the default. */
export type Registration =
	| {
			name: string;
			label: string;
			description?: string;
			kind: 'api';
			api: SubscriptionApi;
			/** What must be set up at the service first: one sentence, shown before publishing. See also `SubscriptionApi.otherwise`. */
			prerequisite?: string;
			grade: Grade;
			experimental?: true;
	  }
	| {
			name: string;
			label: string;
			description?: string;
			kind: 'manual';
			/** What a person does at the service, step by step. */
			steps: readonly string[];
			grade: Grade;
	  };

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
	/** Calls that must come first (e.g. look up a record by e-mail, or the names of custom fields), in order. Empty: none. */
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
	effect?: Effect;
	/** Doing it a second time changes nothing more, e.g. setting a value or deleting a record. Reads are so anyway. */
	repeatable?: true;
	/** For a person who cleans up, not for automations: why, as a sentence. */
	administrative?: string;
	/** The older word for `effect`, until every provider has the new one. */
	zapier?: 'create' | 'search' | false;
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
