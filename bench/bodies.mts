/** Bodies to measure with. */
import type { Json, JsonObject, Provider } from '../core/provider.ts';

/** A JSON document of so many bytes, as a service's records look: made-up names, numbers, dates, nested objects. */
export function bodyOf(bytes: number): Buffer {
	const records: JsonObject[] = [];
	const event = (fill: string): JsonObject => ({ id: 'evt_1', event: 'record.updated', data: { records }, fill });
	while (JSON.stringify(event('')).length < bytes - 250) records.push(record(records.length));
	const missing = Math.max(0, bytes - JSON.stringify(event('')).length);
	return Buffer.from(JSON.stringify(event('x'.repeat(missing))));
}

function record(number: number): JsonObject {
	return {
		id: 1000 + number,
		name: `Sam Example ${number}`,
		email: `sam${number}@example.com`,
		created: '2026-01-01T08:00:00Z',
		amount: number * 1.5,
		tags: ['lead', 'north'],
		address: { street: `${number} Example Street`, city: 'Exampletown', confirmed: number % 2 === 0 },
	};
}

/** A sample of a provider with enough made-up records in addition to its own fields to be so large. */
export function enlarged(sample: Json, bytes: number): Json {
	const [first, ...others] = Array.isArray(sample) ? sample : [sample];
	const records: JsonObject[] = [];
	const whole = { ...(first as JsonObject), records };
	const all = Array.isArray(sample) ? [whole, ...others] : whole;
	let size = JSON.stringify(all).length;
	while (size < bytes) {
		const next = record(records.length);
		records.push(next);
		size += JSON.stringify(next).length + 1;
	}
	return all;
}

/** The event type whose sample is the largest. */
export function largest(provider: Provider): Provider['events'][number] {
	return [...provider.events].sort((one, other) => size(other.sample) - size(one.sample))[0]!;
}

function size(sample: Json): number {
	return JSON.stringify(sample).length;
}
