/**
 * From a request to a verdict. The order never changes:
 *
 * 1. body larger than the cap            -> rejected, 413 `too_large`
 * 2. source outside the allow-list       -> rejected, 403 `source_not_allowed`
 * 3. the scheme, over the raw bytes      -> rejected, 401 with the scheme's reason
 * 4. parse; what the service asks before it trusts the URL is answered here
 * 5. event type not subscribed           -> ignored, 200
 * 6. delivery id already claimed         -> repeated, 200 (the platform keeps the claims)
 * 7. accepted, 200: one item for each event of the body
 *
 * Before the proof a refusal is 4xx; after the proof nothing is refused: a service that meets 4xx for an odd but genuine
 * event retries it, and at last switches the whole subscription off.
 */
import { inRanges, type AddressRange } from './address.ts';
import { readBody } from './body.ts';
import { byGet, byPost, isChallenge, type ChallengeAnswer } from './challenge.ts';
import { deliveryIdOf } from './identity.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject, Proof, Provider, Receiving, Values } from './provider.ts';
import { hmacOf, verify, type Delivery, type Secret, type SignatureReason } from './signature.ts';

export type RejectedReason = 'too_large' | 'source_not_allowed' | SignatureReason;
export type IgnoredReason = 'event_not_subscribed' | 'not_wanted' | 'malformed';

/** A delivery that is to become workflow items. */
export interface Accepted {
	outcome: 'accepted';
	/** The event type; undefined when the payload names none. */
	event: string | undefined;
	/** What repeats of this delivery share. */
	deliveryId: string;
	/** One for each event of the body, at least one. */
	items: readonly JsonObject[];
	/** The whole body. */
	payload: Json;
	/** What proved it, e.g. the header's name; undefined when it is passed on without proof. */
	verifiedBy: string | undefined;
	/** Two real events can look like this: repeats must not be dropped for good. */
	lookAlike: boolean;
	/** What was unexpected about it, for the log. */
	warnings: readonly string[];
}

/** What is decided about a delivery. */
export type Verdict =
	| Accepted
	| { outcome: 'repeated'; event: string | undefined; deliveryId: string }
	| { outcome: 'ignored'; reason: IgnoredReason; event: string | undefined; detail: string }
	| { outcome: 'challenged'; answer: string | JsonObject }
	| { outcome: 'rejected'; reason: RejectedReason; status: 401 | 403 | 413 };

export interface ReceiveSettings {
	proof: Proof;
	/** All secrets that are valid now: two while one is rotated. */
	secrets: readonly Secret[];
	/** The tokens that a challenge by GET may carry. Default: the secrets. */
	challengeTokens?: readonly Secret[];
	/** The event types that are subscribed. */
	events: readonly string[];
	/** The trigger's own options. */
	options: Values;
	/** Pass on any verified event type: while a person listens for a test event. */
	anyEvent?: boolean;
	/** Pass on deliveries without proof. Only ever an explicit choice of the person. */
	acceptUnverified?: boolean;
	/** Where deliveries may come from. Undefined or empty: anywhere. */
	allowedSources?: readonly AddressRange[];
	/** Bytes. Default: `MAX_BODY_BYTES`. */
	maxBytes?: number;
	/** Milliseconds since 1970. Default: now. */
	now?: number;
}

/** The default cap on a body: n8n's own. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Decides about a delivery, all but whether it is a repeat: an accepted verdict is still to be claimed by its `deliveryId`.
 * Never throws, whatever the request holds.
 */
export function receive(provider: Provider, delivery: Delivery, settings: ReceiveSettings): Verdict {
	const { receiving } = provider;
	if (delivery.body.byteLength > (settings.maxBytes ?? MAX_BODY_BYTES)) return reject('too_large', 413);
	if (settings.allowedSources?.length && !inRanges(delivery.source ?? '', settings.allowedSources)) {
		return reject('source_not_allowed', 403);
	}
	const { scheme } = settings.proof;
	if (delivery.method === 'GET') {
		return challenged(byGet(receiving.challenge, delivery.query, settings.challengeTokens ?? settings.secrets));
	}
	const proof = verify(scheme, delivery, settings.secrets, settings.now);
	if (!proof.ok && !settings.acceptUnverified) return reject(proof.reason, 401);

	const read = readBody(delivery.body, oneHeader(delivery, 'content-type'), receiving.formats);
	if (!read.ok) return { outcome: 'ignored', reason: 'malformed', event: undefined, detail: read.reason };
	const payload =
		receiving.normalise && read.format !== 'json' ? receiving.normalise(read.payload, read.format) : read.payload;

	const elements = (Array.isArray(payload) ? payload : [payload]).filter(isObject);
	const [first] = elements;
	if (first !== undefined && isChallenge(receiving.challenge, first)) {
		// Who proved nothing gets no answer, whatever is accepted otherwise.
		if (!proof.ok) return reject(proof.reason, 401);
		const signer = settings.secrets.find((one) => verify(scheme, delivery, [one], settings.now).ok);
		return challenged(byPost(receiving.challenge, first, (text) => hmacOf(scheme, signer?.value ?? '', text)));
	}
	const named =
		scheme.kind === 'url-token'
			? delivery.query[scheme.eventParameter]
			: receiving.eventHeader !== undefined
				? delivery.headers[receiving.eventHeader]
				: first && receiving.eventOf?.(first);
	const event = typeof named === 'string' && named !== '' ? named : undefined;
	if (first === undefined) {
		return {
			outcome: 'ignored',
			reason: 'malformed',
			event,
			detail: 'the body holds no object, so it cannot become an item',
		};
	}

	const warnings: string[] = [];
	if (!settings.anyEvent && !settings.proof.anyEvent) {
		if (event === undefined) warnings.push('it names no event type; passed on as is');
		else if (!settings.events.includes(event)) {
			return {
				outcome: 'ignored',
				reason: 'event_not_subscribed',
				event,
				detail: `${event} is not one of the chosen events`,
			};
		}
	}
	if (!settings.anyEvent && receiving.wanted?.(first, event, settings.options) === false) {
		return { outcome: 'ignored', reason: 'not_wanted', event, detail: "it does not match the trigger's filter" };
	}
	const count = Array.isArray(payload) ? payload.length : 1;
	if (elements.length < count)
		warnings.push(`${count - elements.length} of ${count} elements are not objects and were left out`);

	return {
		outcome: 'accepted',
		event,
		// Several events in one body have no id in common.
		deliveryId: deliveryIdOf(event, delivery.body, ownId(receiving, delivery, payload === first ? first : undefined)),
		items: receiving.item ? elements.map((element) => receiving.item!(element, event)) : elements,
		payload,
		verifiedBy: proof.ok ? proof.verifiedBy : undefined,
		lookAlike: provider.events.some((type) => type.name === event && type.lookAlike),
		warnings,
	};
}

function challenged(answer: ChallengeAnswer): Verdict {
	if ('answer' in answer) return { outcome: 'challenged', answer: answer.answer };
	if (answer.reason !== 'malformed') return reject(answer.reason, 401);
	return { outcome: 'ignored', reason: 'malformed', event: undefined, detail: 'the challenge has no text to answer' };
}

/** The service's own id of the event: in a header, or in a body that is one event. Several events in one body have none in common. */
function ownId(
	{ eventIdHeader, eventId }: Receiving,
	{ headers }: Delivery,
	payload: JsonObject | undefined,
): readonly unknown[] | undefined {
	if (eventIdHeader !== undefined) return [headers[eventIdHeader]];
	return payload && eventId?.(payload);
}

/** The answer to a verdict: a status and a short body with the reason. Nothing that came in is in it, except in the answer to a challenge. */
export function answer(verdict: Verdict): {
	status: number;
	body: string | JsonObject | { verdict: string; reason?: string };
} {
	switch (verdict.outcome) {
		case 'challenged':
			return { status: 200, body: verdict.answer };
		case 'accepted':
			return { status: 200, body: { verdict: 'accepted' } };
		case 'repeated':
			return { status: 200, body: { verdict: 'repeated', reason: 'already_received' } };
		case 'ignored':
			return { status: 200, body: { verdict: 'ignored', reason: verdict.reason } };
		case 'rejected':
			return { status: verdict.status, body: { verdict: 'rejected', reason: verdict.reason } };
	}
}

function reject(reason: RejectedReason, status: 401 | 403 | 413): Verdict {
	return { outcome: 'rejected', reason, status };
}

function oneHeader(delivery: Delivery, name: string): string | undefined {
	const value = delivery.headers[name];
	return typeof value === 'string' ? value : undefined;
}
