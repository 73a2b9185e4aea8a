/** The vocabulary of subscriptions, types only: how a webhook comes to be registered, found and removed. */
import type { Trial } from './subscription-trial.ts';
import type { Values, Grade, HttpRequest, HttpResponse } from './provider.ts';

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
	/** Requests that remove it, in order of preference: the next is tried when one returns 405. */
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
