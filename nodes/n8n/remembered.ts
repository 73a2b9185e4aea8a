/**
 * What this process remembers of each trigger. n8n does not save what a tick of `poll` writes to static data, and asks some
 * methods with other static data than others; so what need not outlive the process is kept here.
 */
import type { RejectedReason } from '../../core/receive.ts';
import type { SubscriptionState } from '../../core/subscription-plan.ts';

/** One thing to tell a person: a sentence, and what to do. */
export interface Report {
	sentence: string;
	advice?: string;
}

export interface Remembered {
	/** The URL that n8n gave for its webhook: a tick of `poll` is not given it. */
	url?: string;
	/** Whether it is published here, as far as this process was asked. */
	active?: boolean;
	/** What a tick has subscribed: it counts before what is stored, until an activation stores it. */
	made?: SubscriptionState;
	/** What the last activation stored. A tick may be given static data that is older. */
	known?: SubscriptionState;
	/** When `checkExists` or `create` last failed, in milliseconds since 1970. n8n then calls `delete`. */
	failedAt?: number;
	/** A removal has begun and not ended well: n8n does not wait longer than its lease, and then saves nothing of it. */
	leaving?: boolean;
	/** It was kept at a start without being looked at, because the service could not be asked: to be done at the next tick. */
	unchecked?: boolean;
	/** `checkExists` was called, and no `poll` since. */
	fresh?: boolean;
	/** How many of n8n's webhook methods run now: a tick does nothing meanwhile. */
	working: number;
	/** The tick that runs now. Never fails. */
	tick?: Promise<unknown>;
	/** The last turn of the watch that was due. */
	turn?: number;
	/** The service asked not to be asked before this time, in milliseconds since 1970. */
	notBefore?: number;
	/** When the trigger was published, in milliseconds since 1970: what happened before is not missed. */
	since?: number;
	/** Until when the service's history was read without a gap, in milliseconds since 1970. */
	searched?: number;
	/** The last turn of catching up that was done; undefined: it is due at once. */
	searchTurn?: number | undefined;
	/** Occurrences that were passed on by this process, or given to n8n by a tick. */
	readonly occurrences: Set<string>;
	/** Sentences for the person that no method could show yet. */
	notices: string[];
	/** What a tick had to tell, and could not because it passed events on. */
	readonly untold: Report[];
	/** What was reported and still holds: an hourly tick must not be 24 alarms a day. */
	readonly reported: Set<string>;
	/** Deliveries that this process rejected since the last report, by reason. */
	readonly rejected: Map<RejectedReason, number>;
	/** Deliveries that the service could not make, and that were reported. */
	readonly failed: Set<string>;
	/** When deliveries were last reported as rejected for a reason, in milliseconds since 1970. */
	readonly rejectedBefore: Map<RejectedReason, number>;
}

const triggers = new Map<string, Remembered>();

/** What is remembered of a trigger. One that listens for a test event is another than the published one. */
export function remembered(owner: string, mode: 'test' | 'production'): Remembered {
	const key = `${mode}:${owner}`;
	const known = triggers.get(key);
	if (known !== undefined) return known;
	const fresh: Remembered = {
		working: 0,
		notices: [],
		untold: [],
		reported: new Set(),
		failed: new Set(),
		occurrences: new Set(),
		rejected: new Map(),
		rejectedBefore: new Map(),
	};
	triggers.set(key, fresh);
	return fresh;
}

/** Forgets a trigger that was unpublished. */
export function forget(owner: string, mode: 'test' | 'production'): void {
	triggers.delete(`${mode}:${owner}`);
}
