/** Items as they reach a Zap: what the service sent, each with an `id`. */
import { isObject } from '../../core/json.ts';
import type { EventType, Json, JsonObject, Provider } from '../../core/provider.ts';
import { receive, type Accepted } from '../../core/receive.ts';

/** An item for Zapier. */
export type Item = JsonObject & { id: string | number };

/** The items of an accepted delivery. The service's own `id` stays; where there is none, the delivery's takes its place. */
export function itemsOf({ items, deliveryId }: Pick<Accepted, 'items' | 'deliveryId'>): Item[] {
	return items.map((item, index) => withId(item, `${deliveryId}-${index}`));
}

/** The item with an `id` that can tell it from others: its own where that is a text or number, else `fallback`. */
export function withId(item: JsonObject, fallback: string): Item {
	const { id } = item;
	if ((typeof id === 'string' && id !== '') || typeof id === 'number') return item as Item;
	return { ...item, id: fallback };
}

/** What a delivery with this payload becomes. So samples, recent records and live events have one shape. */
export function itemsOfPayload(provider: Provider, event: EventType, payload: Json): Item[] {
	const [proof] = provider.receiving.proofs;
	const { scheme } = proof;
	const verdict = receive(
		provider,
		{
			body: Buffer.from(JSON.stringify(payload)),
			headers: { 'content-type': 'application/json' },
			query: scheme.kind === 'url-token' ? { [scheme.eventParameter]: event.name } : {},
		},
		// Our own sample, or a record that the service gave us on request: there is nothing to verify.
		{ proof, secrets: [], events: [event.name], options: {}, anyEvent: true, acceptUnverified: true },
	);
	return verdict.outcome === 'accepted' ? itemsOf(verdict) : [];
}

/** The documented sample of an event type, as it reaches a Zap. */
export function sampleOf(provider: Provider, event: EventType): Item {
	const [sample] = itemsOfPayload(provider, event, event.sample);
	if (sample === undefined) throw new Error(`The sample of ${provider.id} ${event.name} cannot become an item`);
	return sample;
}

/**
 * A sample without times that name no time zone: some services answer so, and Zapier's rules (D023) want none in a sample. They stay in
 * what an action passes on.
 */
export function withoutLocalTimes(sample: JsonObject): JsonObject {
	const kept = (value: Json): Json => {
		if (Array.isArray(value)) return value.map(kept);
		return isObject(value) ? withoutLocalTimes(value) : value;
	};
	const isLocalTime = (value: Json) => typeof value === 'string' && LOCAL_TIME.test(value);
	const entries = Object.entries(sample).filter(([, value]) => !isLocalTime(value));
	return Object.fromEntries(entries.map(([key, value]) => [key, kept(value)]));
}

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
