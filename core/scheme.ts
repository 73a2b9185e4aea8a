/** The vocabulary of deliveries, types only: how one proves where it comes from, and how it is read. */
import type { Json, JsonObject, Values, Grade } from './provider.ts';

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
	/** Every verified event is passed on, whatever its type: the event types listed are not those of this proof. */
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
