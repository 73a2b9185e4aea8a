/**
 * What each service takes, answers and delivers, from sources and never from our own code. README.md has the rules.
 * This file reads the data and gives it types; schema.json says the same to a validator.
 */
import solarProof from './solar-proof.json' with { type: 'json' };
import solatis from './solatis.json' with { type: 'json' };
import solidNumber from './solid-number.json' with { type: 'json' };
import solve360 from './solve360.json' with { type: 'json' };
import soshiaConnect from './soshia-connect.json' with { type: 'json' };

export type Grade = 'documented' | 'client' | 'inferred';
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Content = 'json' | 'form' | 'multipart' | 'xml';

/** Any JSON value. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** A type in the words of README.md, e.g. `int`, `won|lost`, `{product_id:int,quantity:int}[]`. */
export type TypeText = string;

/** One field: its type, or its type with what there is to say about it. */
export type FieldSpec =
	| TypeText
	| {
			type: TypeText;
			note?: string;
			grade?: Grade;
			/** Of a query name: the call makes no sense without it. Of a field of an answer or payload: it is always there. */
			required?: true;
			/** Of a body name: a value of another type is ignored in silence, as if it had not been sent. Left out: it is refused. */
			wrong?: 'ignored';
			/** Of a query name: it chooses a page and filters nothing. */
			paging?: true;
	  };
export type Fields = { readonly [name: string]: FieldSpec };

/** An answer of the service with placeholders `<field>`, `<method>`, `<path>`, `<call>` in its texts. */
export interface Envelope {
	status: number;
	/** Left out: an answer without a body. */
	body?: Value;
	grade?: Grade;
	note?: string;
}

export interface Rules {
	/** What bodies are sent as, where the call says nothing else. */
	content: readonly Content[];
	wrongMethod: Envelope;
	unknownPath: Envelope;
	missingField: Envelope;
	/** Left out: as a missing field. */
	wrongType?: Envelope;
	malformedBody: Envelope;
	/** What the server does with a query or body name that it does not know. */
	unknownQuery: 'ignored' | 'refused';
	unknownBody: 'ignored' | 'refused';
	/** `exact`: another path. `either`: both are taken. `redirect`: 307 to the right one. */
	trailingSlash: 'exact' | 'either' | 'redirect';
	notes?: readonly string[];
}

export interface Query {
	/** Names with one value that choose the call, where several share a path. */
	fixed?: { readonly [name: string]: string };
	read: Fields;
	/** The type of every further name, where a person may add some. Left out: there are none. */
	rest?: FieldSpec;
	/** Names that somebody sends and the server is known to drop. */
	ignored?: readonly string[];
	/** `server`: a source says what the server reads. `sent`: a client sends it, which proves nothing. */
	knownBy: 'server' | 'sent';
	/** What our side filters again, or alone. */
	local?: readonly string[];
}

export interface Body {
	/** Default: `rules.content`. */
	content?: readonly Content[];
	/** The fields are in the object of this name, next to `fixed`. In a form it is a JSON text. */
	under?: string;
	/** Names next to `under`. */
	beside?: Fields;
	required: Fields;
	optional: Fields;
	/** The type of every further name, where the service lets people define their own. Left out: there are none. */
	rest?: FieldSpec;
	/** Names that must never be sent, though `rest` would take them. */
	refused?: readonly string[];
	/** At least this many fields. */
	minBody?: number;
	/** Exactly one of each group. */
	oneOf?: ReadonlyArray<readonly string[]>;
	/** At most one of each group. */
	exclusive?: ReadonlyArray<readonly string[]>;
}

export interface Answer {
	/** Of success. Default: 200. */
	status?: number | readonly number[];
	/** In words. */
	shape: string;
	/** A list, and the names it may be under; '' is a bare array, '{}' the top object itself, keyed by ID. The first is the usual one. */
	listUnder?: readonly string[];
	/** One record, and the names it may be under; '' is the top object itself. */
	under?: readonly string[];
	/** Of each element of the list, or of the record. Left out: nothing is known of it. */
	fields?: Fields;
	/** Fields next to the list or the record. */
	around?: Fields;
	/** Whether there are fields that no source names. Default: false. */
	more?: boolean;
	/** Of the answer, where it is less than that of the call. */
	grade?: Grade;
	/** Where sources disagree, or say nothing and both readings are plausible. `ids` and `emptyList` are read by the sandbox's layer, others by the service. */
	variants?: {
		readonly ids?: ReadonlyArray<'text' | 'number'>;
		readonly emptyList?: ReadonlyArray<'[]' | 'null'>;
		readonly [name: string]: ReadonlyArray<string | number | boolean> | undefined;
	};
}

export interface Call {
	method: Method;
	/** Below the base URL, with `{name}` or `{name:type}` for a variable part. Default type: `id`. */
	path: string;
	/** Other methods that some source names for the same call. */
	alsoMethods?: readonly Method[];
	/** `true`: an operation of Hookline makes this call. */
	offered: boolean;
	/** What else of Hookline makes it, where no operation does: subscribing, logging in, preparing another call. */
	usedFor?: string;
	query?: Query;
	body: Body | null;
	/** Calls that must come first. */
	prepare?: readonly string[];
	/** The call that is made in its place, depending on what `prepare` found. */
	otherwise?: string;
	/** Envelopes of its own: `missingField`, `wrongType`, `wrongType:<field>`, `emptyBody`, `malformedBody`, `wrongMethod`. */
	errors?: { readonly [kind: string]: Envelope };
	/** Of parts of it, where they are less certain than the call. */
	grades?: { readonly [part: string]: Grade };
	answer: Answer;
	source: readonly string[];
	grade: Grade;
	notes?: readonly string[];
}

export interface Payload {
	/** The whole body of a delivery. Made-up people only. */
	example: Value;
	/** Of the payload, or of each element where it is an array. Left out: nothing is known. */
	fields?: Fields;
	/** Where the record is, e.g. `data` or `data.object`; '' is the payload itself. */
	record: string;
	/** Of the record. Left out: nothing is known. */
	recordFields?: Fields;
	grade: Grade;
	source: readonly string[];
}

export interface Event {
	/** What happened, in plain words. */
	description: string;
	group?: string;
	grade: Grade;
	source: readonly string[];
	payload: Payload;
	/** Other payloads that a source shows for the same event, by name. */
	variants?: { readonly [name: string]: Payload };
	grades?: { readonly [part: string]: Grade };
	notes?: readonly string[];
}

/** How a delivery proves where it comes from. */
export interface Proof {
	name: string;
	label: string;
	kind: 'hmac-sha256' | 'stripe' | 'url-token';
	header?: string;
	encoding?: 'hex' | 'base64';
	/** `raw`: the bytes of the body. `reserialised`: `JSON.stringify` of the parsed body, as the service's sample computes it. */
	over?: 'raw' | 'reserialised';
	toleranceSeconds?: number;
	grade: Grade;
	source: readonly string[];
	note?: string;
}

export interface Deliveries {
	proofs: readonly [Proof, ...Proof[]];
	formats: readonly ('json' | 'xml' | 'form')[];
	/** Where a payload names its event type; null: nowhere. */
	eventIn: string | null;
	/** Where a payload has an ID that is unique per event; null: nowhere. */
	idIn: string | null;
	ack: {
		status: readonly number[] | '2xx';
		seconds: number | null;
		grade: Grade;
		source: readonly string[];
		note?: string;
	};
	retries: {
		/** Seconds from each failed attempt to the next. */
		afterSeconds: readonly number[];
		afterLast: 'disable' | 'keep';
		/** Whether somebody gets an email after the last. */
		notice?: 'email';
		grade: Grade;
		source: readonly string[];
		note?: string;
	};
	/** Whether only https addresses are called. */
	https: boolean;
	registration: ReadonlyArray<{
		how: 'api' | 'dashboard' | 'support';
		where: string;
		grade: Grade;
		source: readonly string[];
	}>;
	notes?: readonly string[];
}

export interface Contract {
	service: string;
	name: string;
	base: string;
	auth: {
		/** In words. */
		how: string;
		/** Headers and query names that carry it, which every call may have. */
		headers?: readonly string[];
		query?: readonly string[];
		grade: Grade;
		source: readonly string[];
	};
	/** `true`: the sandbox refuses what is not declared here. `false`: it only records it. */
	enforce: boolean;
	rules: Rules;
	/** The sources of the `answer.variants` that several calls share. */
	variants?: {
		readonly [name: string]: {
			values: ReadonlyArray<string | number | boolean>;
			rule?: string;
			source: readonly string[];
			grade: Grade;
		};
	};
	calls: { readonly [id: string]: Call };
	events: { readonly [name: string]: Event };
	deliveries: Deliveries;
	/** What no source settles. */
	gaps?: readonly string[];
}

/** The five contracts, by service. */
export const contracts = {
	'solar-proof': solarProof,
	solatis,
	'solid-number': solidNumber,
	'soshia-connect': soshiaConnect,
	solve360,
} as unknown as { readonly [service: string]: Contract };

/** The contract of a service. @throws Error for a service that has none */
export function contractOf(service: string): Contract {
	const contract = contracts[service];
	if (contract === undefined) throw new Error(`there is no contract of "${service}"`);
	return contract;
}
