/** What Zapier's hook endpoint hands over, as the delivery that `core/receive.ts` reads. */
import { parse } from 'node:querystring';
import type { Bundle } from 'zapier-platform-core';
import type { HmacScheme, Proof, Provider } from '../../core/provider.ts';
import { signsUrl, type Delivery } from '../../core/signature.ts';

/**
 * The delivery behind a hook's bundle; undefined when the bundle has none.
 * Only `rawRequest` counts: `cleanedRequest` is parsed, and a signature is over what came.
 */
export function deliveryOf(bundle: Pick<Bundle, 'rawRequest'>): Delivery | undefined {
	const raw = bundle.rawRequest;
	if (typeof raw?.content !== 'string') return undefined;
	return {
		body: Buffer.from(raw.content, 'utf8'),
		headers: plainHeaders(raw.headers ?? {}),
		query: parse((raw.querystring ?? '').replace(/^\?/, '')),
	};
}

/**
 * Headers by their own lower-case names. Zapier renames all but Content-Type and Content-Length: `X-Acme-Signature` comes as
 * `Http-X-Acme-Signature`. A name that came without the prefix wins.
 * https://docs.zapier.com/integrations/build/hook-trigger (rawRequest)
 */
export function plainHeaders(headers: { readonly [name: string]: unknown }): Record<string, string> {
	const plain: Record<string, string> = {};
	const renamed: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (typeof value !== 'string') continue;
		const lower = name.toLowerCase();
		if (lower.startsWith('http-')) renamed[lower.slice('http-'.length)] = value;
		else plain[lower] = value;
	}
	return { ...renamed, ...plain };
}

/**
 * Why Zapier can't receive what a provider sends, as a sentence; undefined where it can. Zapier answers every request to a hook itself, so
 * a question gets no answer ("Zapier does not support Identity Confirmation for webhook subscriptions",
 * https://docs.zapier.com/integrations/build/cli-hook-trigger), and the hook's URL is documented for subscribing only (`bundle.targetUrl`).
 */
export function unreceivable({ name, receiving }: Provider): string | undefined {
	if (receiving.challenge !== undefined)
		return `${name} asks a webhook for an answer before it delivers, and Zapier gives none.`;
	if (receiving.proofs.some(({ scheme }) => signsUrl(scheme)))
		return `${name} signs the URL of the webhook, and Zapier doesn't pass it on with a delivery.`;
	return undefined;
}

/** The proof that a delivery carries the header of; the provider's default where it carries none. It is still to be verified. */
export function proofOf({ receiving }: Provider, delivery: Delivery): Proof {
	const carried = receiving.proofs.find(
		({ scheme }) => 'header' in scheme && delivery.headers[scheme.header] !== undefined,
	);
	return carried ?? receiving.proofs[0];
}

/** Whether a proof includes a time stamp. */
export function isTimed({ scheme }: Proof): boolean {
	return scheme.kind === 'hmac' && scheme.timestamp !== undefined;
}

/**
 * The proof without a limit to its age: Zapier calls `perform` minutes or hours after a delivery came, so a time stamp that is old by then
 * says nothing. Against replays there is the event's id (see `repeats.mts`).
 */
export function unhurried(proof: Proof): Proof {
	const { scheme } = proof;
	if (scheme.kind !== 'hmac' || scheme.timestamp === undefined) return proof;
	let patient = unhurriedSchemes.get(scheme);
	if (patient === undefined) {
		patient = { ...scheme, timestamp: { ...scheme.timestamp, toleranceSeconds: Number.POSITIVE_INFINITY } };
		unhurriedSchemes.set(scheme, patient);
	}
	return { ...proof, scheme: patient };
}

/** Made once for each scheme: `core/signature.ts` prepares its check of a scheme object once, and finds it again by that object. */
const unhurriedSchemes = new WeakMap<HmacScheme, HmacScheme>();
