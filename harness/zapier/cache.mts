/** Zapier's store behind `z.cache`, as far as it is documented: time to live, scopes, and "only if new". */

interface Entry {
	value: string;
	/** Milliseconds since 1970. */
	until: number;
}

/** Who asks. A scope of `auth` sees what this connection wrote, `user` what this user wrote, none what anybody did. */
export interface Caller {
	app: string;
	auth: string;
	user: string;
}

const DEFAULT_SECONDS = 24 * 60 * 60;

export class CacheStore {
	private readonly entries = new Map<string, Entry>();
	/** What `set` answers when the key is taken. Zapier's answer is not documented: both are to work. */
	taken: false | null = false;
	/** `down`: every call fails. `silent`: no call is ever answered. `lost`: calls go through, but the answer to the first attempt of each `set` is lost. */
	fault: 'none' | 'down' | 'lost' | 'silent' = 'none';
	/** Milliseconds to add to the clock. */
	ahead = 0;
	/** Every `set` that came in, in order. */
	readonly sets: Array<{ key: string; seconds: number | null; scope: string[] | null; onlyIfNew: boolean | null }> = [];

	get(caller: Caller, key: string, scope: string[] | null): string | null {
		const entry = this.entries.get(placeOf(caller, key, scope));
		return entry !== undefined && entry.until > this.now() ? entry.value : null;
	}

	set(
		caller: Caller,
		key: string,
		value: string,
		seconds: number | null,
		scope: string[] | null,
		onlyIfNew: boolean | null,
	): boolean | null {
		this.sets.push({ key, seconds, scope, onlyIfNew });
		if (onlyIfNew === true && this.get(caller, key, scope) !== null) return this.taken;
		this.entries.set(placeOf(caller, key, scope), { value, until: this.now() + (seconds ?? DEFAULT_SECONDS) * 1000 });
		return true;
	}

	delete(caller: Caller, key: string, scope: string[] | null): boolean {
		return this.entries.delete(placeOf(caller, key, scope));
	}

	private now(): number {
		return Date.now() + this.ahead;
	}
}

function placeOf(caller: Caller, key: string, scope: string[] | null): string {
	const parts = (scope ?? []).map((part) => (part === 'auth' ? `auth=${caller.auth}` : `user=${caller.user}`));
	return JSON.stringify([caller.app, ...parts.sort(), key]);
}
