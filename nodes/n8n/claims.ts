/**
 * The first line against repeats: claims on delivery ids, in the memory of this process, for a few minutes.
 *
 * A claim is *pending* until the answer to its delivery went out, or its execution runs, then *done*. It can never swallow an event
 * that was not emitted: a repeat of a done claim is dropped, a repeat of a pending claim waits, and takes over when the first one
 * fails.
 */

interface Entry {
	state: 'pending' | 'done';
	/** When it was claimed or, once done, handed on. Milliseconds since 1970. */
	at: number;
	/** The repeats that wait for a pending claim. */
	waiting: Array<(settled: 'done' | 'failed') => void> | undefined;
}

/** What a delivery must do about its claim once it is known whether it was handed on. Only the first call counts. */
export interface Claim {
	/** The answer went out with 2xx: repeats are dropped from now on. */
	done(): void;
	/** It failed, or nobody knows: the next repeat takes over. */
	drop(): void;
}

export interface ClaimsOptions {
	/** How many claims are remembered at most. Beyond it the oldest tenth of them is forgotten, those done. */
	max: number;
	/** Milliseconds after which a done claim is forgotten, and a pending one is taken to have failed. */
	ttl: number;
	/** Milliseconds since 1970. */
	now?: () => number;
}

/** Claims on delivery ids. Keys name the receiver too (workflow and node), since two workflows may receive one event. */
export class Claims {
	private readonly entries = new Map<string, Entry>();
	private readonly options: ClaimsOptions;

	constructor(options: ClaimsOptions) {
		this.options = options;
	}

	/** How many claims are remembered now. */
	get size(): number {
		return this.entries.size;
	}

	/**
	 * Claims a key. Undefined: it is a repeat of a done one. A promise only where another delivery's claim on it is pending: it waits
	 * for that one.
	 */
	claim(key: string): Claim | undefined | Promise<Claim | undefined> {
		const entry = this.live(key);
		if (entry === undefined) return this.open(key);
		return entry.state === 'done' ? undefined : this.wait(key, entry);
	}

	/** It is known by other means that what was claimed is handed on: repeats are dropped from now on. */
	confirm(key: string): void {
		const entry = this.entries.get(key);
		if (entry?.state === 'pending') this.settle(key, entry, true);
	}

	private async wait(key: string, entry: Entry): Promise<Claim | undefined> {
		const settled = await new Promise<'done' | 'failed'>((resolve) => (entry.waiting ??= []).push(resolve));
		return settled === 'done' ? undefined : await this.claim(key);
	}

	private open(key: string): Claim {
		const entry: Entry = { state: 'pending', at: this.now(), waiting: undefined };
		this.entries.set(key, entry);
		if (this.entries.size > this.options.max) this.trim();
		return { done: () => this.settle(key, entry, true), drop: () => this.settle(key, entry, false) };
	}

	private settle(key: string, entry: Entry, done: boolean): void {
		if (entry.state === 'pending' && this.entries.get(key) === entry) {
			if (done) {
				entry.state = 'done';
				entry.at = this.now();
			} else this.entries.delete(key);
		}
		release(entry, done ? 'done' : 'failed');
	}

	private live(key: string): Entry | undefined {
		const entry = this.entries.get(key);
		if (entry === undefined || this.now() - entry.at <= this.options.ttl) return entry;
		this.entries.delete(key);
		release(entry, 'failed');
		return undefined;
	}

	/** A tenth at once: a map skips over what was deleted before its first entry, so that one at a time would cost more than all else. */
	private trim(): void {
		const kept = Math.floor(this.options.max * 0.9);
		for (const [key, { state }] of this.entries) {
			if (this.entries.size <= kept) return;
			if (state === 'done') this.entries.delete(key);
		}
	}

	private now(): number {
		return (this.options.now ?? Date.now)();
	}
}

/** Tells the repeats that wait how the claim ended. They go on later, so that none of them joins again meanwhile. */
function release(entry: Entry, settled: 'done' | 'failed'): void {
	const { waiting } = entry;
	entry.waiting = undefined;
	waiting?.forEach((resolve) => resolve(settled));
}

/** The last ids of each key, as many as `each`; of the `keys` keys that were last added to. */
export class Recent {
	private readonly lists = new Map<string, string[]>();
	private readonly options: { each: number; keys: number };

	constructor(options: { each: number; keys: number }) {
		this.options = options;
	}

	/** The ids of a key, oldest first. */
	of(key: string): readonly string[] {
		return this.lists.get(key) ?? [];
	}

	/** Adds ids to a key's, except those it already has. */
	add(key: string, ids: readonly string[]): void {
		const { each, keys } = this.options;
		const list = [...new Set([...this.of(key), ...ids])].slice(-each);
		this.lists.delete(key);
		this.lists.set(key, list);
		for (const oldest of this.lists.keys()) {
			if (this.lists.size <= keys) return;
			this.lists.delete(oldest);
		}
	}
}
