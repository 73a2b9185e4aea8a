/** What the contracts say about the five services' events and deliveries, as the sandbox needs it. */
import { contractOf } from '../contracts/index.mts';
import type { Event, Proof } from '../contracts/index.mts';
import type { Json, Scheme } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';

/**
 * The query parameters of a webhook's URL in which Hookline puts a token and the event type, where the service signs nothing. They
 * are Hookline's own, no fact about a service: the sandbox knows them to spoil the token.
 */
const URL_TOKEN = { tokenParameter: 'token', eventParameter: 'event' } as const;

/** The service's event types, in its own spelling. */
export function eventNames(id: ProviderId): string[] {
	return Object.keys(contractOf(id).events);
}

/** A whole payload of an event type, in one of the forms that sources show; undefined when the service has no such type. */
export function sampleOf(id: ProviderId, event: string, variant?: string): Json | undefined {
	const found = eventOf(id, event);
	const payload = (variant === undefined ? undefined : found?.variants?.[variant]) ?? found?.payload;
	return payload?.example;
}

function eventOf(id: ProviderId, event: string): Event | undefined {
	const { events } = contractOf(id);
	return Object.hasOwn(events, event) ? events[event] : undefined;
}

/** The names of the forms in which events may come, besides the usual one. */
export function payloadVariants(id: ProviderId): string[] {
	return [...new Set(Object.values(contractOf(id).events).flatMap(({ variants }) => Object.keys(variants ?? {})))];
}

/** Names of the ways in which the service's deliveries can be proved; the first is the default. */
export function proofNames(id: ProviderId): string[] {
	return contractOf(id).deliveries.proofs.map(({ name }) => name);
}

/** How a delivery is signed: by the proof of that name, or by the service's first. */
export function schemeOf(id: ProviderId, signature: string): Scheme {
	const { proofs } = contractOf(id).deliveries;
	return schemeFor(proofs.find(({ name }) => name === signature) ?? proofs[0]);
}

function schemeFor({ kind, header = '', encoding = 'hex', over, toleranceSeconds = 300 }: Proof): Scheme {
	if (kind === 'url-token') return { kind, ...URL_TOKEN };
	// https://docs.stripe.com/webhooks#verify-manually
	if (kind === 'stripe') {
		return {
			...{ kind: 'hmac', header, encoding, prefix: 'v1=', separator: ',' },
			timestamp: { entry: 't=', toleranceSeconds },
			signed: ['timestamp', { text: '.' }, 'body'],
		};
	}
	return { kind: 'hmac', header, encoding, ...(over === 'reserialised' ? { reserialised: true as const } : {}) };
}

/** An event type as it is shown to a person. */
export interface EventKind {
	name: string;
	label: string;
	description: string;
	group?: string;
}

/** The service's event types, without their payloads. */
export function eventTypes(id: ProviderId): EventKind[] {
	return Object.entries(contractOf(id).events).map(([name, { description, group }]) => ({
		...{ name, label: labelOf(name), description },
		...(group === undefined ? {} : { group }),
	}));
}

function labelOf(name: string): string {
	return name
		.split(/[._]/)
		.map((word) => (/^(sms|crm)$/.test(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
		.join(' ');
}

/** A way in which deliveries are proved, as it is shown to a person. */
export interface ProofKind {
	name: string;
	label: string;
	/** As the contract names it: with `stripe`, the events are Stripe's own. */
	kind: Proof['kind'];
	/** The query parameter of a webhook's URL that must be kept secret. */
	tokenParameter?: string;
}

/** The ways in which the service's deliveries can be proved; the first is the default. */
export function proofsOf(id: ProviderId): ProofKind[] {
	return contractOf(id).deliveries.proofs.map((proof) => ({
		...{ name: proof.name, label: proof.label, kind: proof.kind },
		...(proof.kind === 'url-token' ? { tokenParameter: URL_TOKEN.tokenParameter } : {}),
	}));
}

/** How a service treats its deliveries. */
export interface DeliveryPolicy {
	/** Seconds from each failed attempt to the next. */
	retryAfterSeconds: readonly number[];
	/** What happens to the subscription when the last retry has failed. */
	afterLastRetry: 'disable' | 'keep';
	/** Whether somebody gets an email then. */
	notice: boolean;
	/** Which answers count as received. */
	succeeded: (status: number) => boolean;
}

/** How a service treats its deliveries. */
export function policyOf(id: ProviderId): DeliveryPolicy {
	const { ack, retries } = contractOf(id).deliveries;
	return {
		retryAfterSeconds: retries.afterSeconds,
		afterLastRetry: retries.afterLast,
		notice: retries.notice === 'email',
		succeeded: (status) => (ack.status === '2xx' ? status >= 200 && status < 300 : ack.status.includes(status)),
	};
}
