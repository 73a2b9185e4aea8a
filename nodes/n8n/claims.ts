/**
 * The first line against repeats: claims on delivery ids, in the memory of this process, for a few minutes.
 *
 * A claim is *pending* until the answer to its delivery went out, or its execution runs, then *done*. It can never swallow an event
 * that was not emitted: a repeat of a done claim is dropped, a repeat of a pending claim waits, and takes over when the first one
 * fails.
 */
import { atMost } from './time.ts';

interface Pending {
	/** When it was claimed. Milliseconds since 1970. */
	at: number;
	/** The repeats that wait for it. */
	waiting: Array<() => void> | undefined;
}

/** What a delivery must do about its claim once it is known whether it was emitted. Only the first call counts. */
export interface Claim {
	/** The answer went out with 2xx: repeats are dropped from now on. */
	done(): void;
	/** It failed, or nobody knows: the next repeat takes over. */
	drop(): void;
}

export interface ClaimsOptions {
	/**
	 * How many claims of each state are remembered at most. Beyond it the oldest tenth is forgotten: of those done, a repeat can pass;
	 * of those pending, a repeat takes over.
	 */
	max: number;
	/** Milliseconds after which a done claim is forgotten, and a pending one is taken to have failed. */
	ttl: number;
	/** Milliseconds since 1970. */
	now?: () => number;
}

/** Claims on delivery ids. Keys name the receiver too (workflow and node), since two workflows may receive one event. */
export class Claims {
	/** Both in the order of their times, so that the oldest come first. */
	private readonly pending = new Map<string, Pending>();
	private readonly done = new Map<string, number>();
	private readonly options: ClaimsOptions;

	constructor(options: ClaimsOptions) {
		this.options = options;
	}

	/** How many claims are remembered now. */
	get size(): number {
		return this.pending.size + this.done.size;
	}

	/**
	 * Claims a key. Undefined: it is a repeat of a done one. A promise only where another delivery's claim on it is pending: it waits
	 * for that one, and no longer than that one's time.
	 */
	claim(key: string): Claim | undefined | Promise<Claim | undefined> {
		const doneAt = this.done.get(key);
		if (doneAt !== undefined) {
			if (!this.isOver(doneAt)) return undefined;
			this.done.delete(key);
		}
		const entry = this.pending.get(key);
		if (entry === undefined) return this.open(key);
		if (!this.isOver(entry.at)) return this.wait(key, entry);
		this.fail(key, entry);
		return this.open(key);
	}

	/** It is known by other means that what was claimed is emitted: repeats are dropped from now on. */
	confirm(key: string): void {
		const entry = this.pending.get(key);
		if (entry !== undefined) this.succeed(key, entry);
	}

	private async wait(key: string, entry: Pending): Promise<Claim | undefined> {
		const left = Math.max(1, entry.at + this.options.ttl - this.now() + 1);
		const settled = new Promise<void>((resolve) => (entry.waiting ??= []).push(resolve));
		// Nobody may ever settle it: then time does.
		await atMost(settled, left);
		return await this.claim(key);
	}

	private open(key: string): Claim {
		const entry: Pending = { at: this.now(), waiting: undefined };
		this.pending.set(key, entry);
		if (this.pending.size > this.options.max) this.trimPending();
		const isOurs = () => this.pending.get(key) === entry;
		return {
			done: () => isOurs() && this.succeed(key, entry),
			drop: () => isOurs() && this.fail(key, entry),
		};
	}

	private succeed(key: string, entry: Pending): void {
		this.pending.delete(key);
		this.done.set(key, this.now());
		if (this.done.size > this.options.max) this.trimDone();
		release(entry);
	}

	private fail(key: string, entry: Pending): void {
		this.pending.delete(key);
		release(entry);
	}

	private isOver(at: number): boolean {
		return this.now() - at > this.options.ttl;
	}

	/** A tenth at once: a map skips over what was deleted before its first entry, so that one at a time would cost more than all else. */
	private trimDone(): void {
		for (const key of this.done.keys()) {
			if (this.done.size <= this.options.max * 0.9) return;
			this.done.delete(key);
		}
	}

	private trimPending(): void {
		for (const [key, entry] of this.pending) {
			if (this.pending.size <= this.options.max * 0.9) return;
			this.fail(key, entry);
		}
	}

	private now(): number {
		return (this.options.now ?? Date.now)();
	}
}

/** Wakes the repeats that wait. They go on later, so that none of them joins again meanwhile. */
function release(entry: Pending): void {
	const { waiting } = entry;
	entry.waiting = undefined;
	waiting?.forEach((resolve) => resolve());
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
