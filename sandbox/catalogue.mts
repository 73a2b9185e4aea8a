/** What `providers/` says about the five services, looked up by id. */
import type { Json, Provider, Scheme } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';

const catalogue = new Map<string, Provider>();
// Loaded at run time while the providers are being written.
try {
	const module: { providers: readonly Provider[] } = await import('../providers/index.ts' as string);
	for (const provider of module.providers) catalogue.set(provider.id, provider);
} catch (error) {
	console.error(String(error));
}

export function providerOf(id: ProviderId): Provider | undefined {
	return catalogue.get(id);
}

export function eventNames(id: ProviderId): string[] {
	return (catalogue.get(id)?.events ?? []).map((event) => event.name);
}

export function sampleOf(id: ProviderId, event: string): Json | undefined {
	return catalogue.get(id)?.events.find((type) => type.name === event)?.sample;
}

export function schemeOf(id: ProviderId, signature: string): Scheme | undefined {
	const proofs = catalogue.get(id)?.receiving.proofs;
	return (proofs?.find((proof) => proof.name === signature) ?? proofs?.[0])?.scheme;
}

/** Names of the ways in which the provider's deliveries can be proved; the first is the default. */
export function proofNames(id: ProviderId): string[] {
	return (catalogue.get(id)?.receiving.proofs ?? []).map((proof) => proof.name);
}
