/** Genuine deliveries: what each service sends, signed as it signs, for every event type, proof and format. */
import type { EventType, Format, Json, Proof, Provider, Scheme } from '../../../core/provider.ts';
import { sign } from '../../../core/signature.ts';
import { providers } from '../../../providers/index.ts';
import { formText, xmlText } from '../../../sandbox/formats.mts';
import type { Key } from './oracle.mts';

/** What a genuine delivery is made from. */
export interface Origin {
	provider: Provider;
	proof: Proof;
	event: EventType;
	format: Format;
}

/** A delivery that can still be altered, with what the receiver knows. */
export interface Draft {
	origin: Origin;
	body: Buffer;
	headers: Record<string, unknown>;
	query: Record<string, unknown>;
	/** What the receiver verifies with. */
	keys: Key[];
	/** What it was signed with. */
	secret: string;
	/** Seconds since 1970 at which it was signed, and at which it is received. */
	signedAt: number;
	now: number;
}

export const CONTENT_TYPES: { readonly [format in Format]: string } = {
	json: 'application/json',
	xml: 'application/xml',
	form: 'application/x-www-form-urlencoded',
};

/** Every service, proof, format and event type. */
export const ORIGINS: readonly Origin[] = providers.flatMap((provider) =>
	provider.receiving.proofs.flatMap((proof) =>
		provider.receiving.formats.flatMap((format) =>
			provider.events.map((event) => ({ provider, proof, event, format })),
		),
	),
);

/** The same, by proof: each service and each of its proofs. */
export const PROOFS: readonly (readonly Origin[])[] = [...new Set(ORIGINS.map(nameOf))].map((name) =>
	ORIGINS.filter((origin) => nameOf(origin) === name),
);

/** `solatis hmac`, ... */
export function nameOf({ provider, proof }: Pick<Origin, 'provider' | 'proof'>): string {
	return `${provider.id} ${proof.name}`;
}

/** The payload as text. `spaces`: how JSON is indented; a service that signs what it stringified sends no spaces. */
export function write(payload: Json, format: Format, spaces = 0): string {
	if (format === 'xml') return xmlText('notification', payload);
	return format === 'form' ? formText(payload) : JSON.stringify(payload, null, spaces);
}

/** A genuine delivery. */
export function genuine(origin: Origin, secret: string, signedAt: number, spaces = 0): Draft {
	const body = Buffer.from(write(origin.event.sample, origin.format, spaces));
	return { origin, body, ...signed(origin, body, secret, signedAt), secret, signedAt, now: signedAt };
}

/** What surrounds a body: headers, query and the keys under which it is proved. */
export function signed(
	{ proof, event, format }: Origin,
	body: Uint8Array,
	secret: string,
	at: number,
): Pick<Draft, 'headers' | 'query' | 'keys'> {
	const { headers, query } = sign(proof.scheme, { body, secret, at });
	return {
		headers: { 'content-type': CONTENT_TYPES[format], ...headers },
		query: proof.scheme.kind === 'url-token' ? { [proof.scheme.eventParameter]: event.name, ...query } : {},
		keys: [proof.scheme.kind === 'url-token' ? { value: secret, events: [event.name] } : { value: secret }],
	};
}

/** The header that carries the proof; undefined where a token in the URL is the proof. */
export function headerOf(scheme: Scheme): string | undefined {
	return 'header' in scheme ? scheme.header : undefined;
}
