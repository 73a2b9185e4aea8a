/**
 * What repeats of a delivery share: its id. It is built here and nowhere else.
 *
 * An event is what was delivered. A repeat that arrives twice is a nuisance; an event that is taken for a repeat is lost. So
 * the id is a hash of the raw bytes, unless the service documents an id of its own that no two events share.
 */
import { hash } from 'node:crypto';

/** The longest id of a service that is used. A longer one is no id, and would fill up the lists that keep it. */
const MAX_OWN_ID = 200;

/**
 * The id of a delivery: equal for byte-for-byte repeats, different for anything else.
 * @param event The event type, where one is known. Two event types never share an id.
 * @param body The bytes that were delivered.
 * @param own The parts of the service's own id (see `Receiving.eventId`). They count only when each is a non-blank string of
 * at most 200 characters: a number has lost digits by the time it is read, and a blank one is shared by all events without an id.
 * @returns A text without secrets or payload, except for the service's own id.
 */
export function deliveryIdOf(event: string | undefined, body: Uint8Array, own?: readonly unknown[]): string {
	const kind = event ?? '';
	// As JSON no two lists of parts read alike, and none looks like a hash.
	if (own?.length && own.every(isOwnId)) return JSON.stringify([kind, ...own]);
	return `${kind}:${hash('sha256', body, 'hex')}`;
}

function isOwnId(part: unknown): part is string {
	return typeof part === 'string' && part.length <= MAX_OWN_ID && part.trim() !== '';
}
