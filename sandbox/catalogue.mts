/** What `providers/` says about the five services, looked up by id. */
import type { Json, Provider, Scheme } from '../core/provider.ts';
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
