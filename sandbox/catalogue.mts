/** What `providers/` says about the five services, looked up by id. */
import type { EventType, Json, Provider, Scheme } from '../core/provider.ts';
import { providers } from '../providers/index.ts';
import type { ProviderId } from './accounts.mts';

function providerOf(id: ProviderId): Provider | undefined {
	return providers.find((provider) => provider.id === id);
}

/** The provider's event types, in its own spelling. */
export function eventNames(id: ProviderId): string[] {
	return (providerOf(id)?.events ?? []).map((event) => event.name);
}

/** A whole payload of an event type; undefined when the provider has no such type. */
export function sampleOf(id: ProviderId, event: string): Json | undefined {
	return providerOf(id)?.events.find((type) => type.name === event)?.sample;
}

/** Names of the ways in which the provider's deliveries can be proved; the first is the default. */
export function proofNames(id: ProviderId): string[] {
	return (providerOf(id)?.receiving.proofs ?? []).map((proof) => proof.name);
}

/** How a delivery is signed: by the proof of that name, else by the provider's first. */
export function schemeOf(id: ProviderId, signature: string): Scheme | undefined {
	const proofs = providerOf(id)?.receiving.proofs;
	return (proofs?.find((proof) => proof.name === signature) ?? proofs?.[0])?.scheme;
}

/** An event type as it is shown to a person. */
export type EventKind = Pick<EventType, 'name' | 'label' | 'description' | 'group'>;

/** The provider's event types, without their samples. */
export function eventTypes(id: ProviderId): EventKind[] {
	return (providerOf(id)?.events ?? []).map(({ name, label, description, group }) => ({
		...{ name, label, description },
		...(group === undefined ? {} : { group }),
	}));
}

/** A way in which deliveries are proved, as it is shown to a person. */
export interface ProofKind {
	name: string;
	label: string;
	kind: Scheme['kind'];
	/** The query parameter of a webhook's URL that must be kept secret. */
	tokenParameter?: string;
}

/** The ways in which the provider's deliveries can be proved; the first is the default. */
export function proofsOf(id: ProviderId): ProofKind[] {
	return (providerOf(id)?.receiving.proofs ?? []).map(({ name, label, scheme }) => ({
		...{ name, label, kind: scheme.kind },
		...(scheme.kind === 'url-token' ? { tokenParameter: scheme.tokenParameter } : {}),
	}));
}

/** What a person fills in to call the provider, beside the base URL. */
export function credentialFields(id: ProviderId): { name: string; label: string; secret: boolean }[] {
	return (providerOf(id)?.api.fields ?? []).map(({ name, label, secret = false }) => ({ name, label, secret }));
}
