/** What is to go wrong: faults set by `POST /control/faults`, for deliveries and for API calls, by provider. */
import type { Json } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';

/** What goes wrong with deliveries. What is left out goes right. */
export interface DeliveryFaults {
	/** Milliseconds to wait before each attempt. */
	delay?: number;
	/** The body is sent in two halves, this many milliseconds apart. */
	slow?: number;
	/**
	 * `body`: the connection closes in the middle of the body. `connection`: it closes once the request is sent, before
	 * an answer can come. `answer`: the answer comes, and the service never sees it. All count as failed attempts.
	 */
	drop?: 'body' | 'connection' | 'answer';
	/** How many extra copies of each delivery are sent, at the same moment. */
	duplicate?: number;
	/** Deliveries are held until this many are there (or half a second has passed), then sent last first. */
	reorder?: number;
	/** Signed with another secret; where the URL carries a token, the token is another one. */
	wrongSignature?: boolean;
	/** Without the signature; where the URL carries a token, without the token. */
	unsigned?: boolean;
	/** One byte of the body is changed after signing. */
	alteredByte?: boolean;
	/** Seconds by which the signature's time stamp lies in the past (negative: in the future), where there is one. */
	staleTimestamp?: number;
	/** The body is sent with white space that was not there when it was signed (Solid#, SoshiaConnect). */
	reformatted?: boolean;
	/** How many times in all these faults strike. Undefined: until they are replaced. */
	count?: number;
}

/** What goes wrong with API calls whose method and URL (path and query, from the sandbox's root) match. */
export interface CallFault {
	/** Regular expression over the method; undefined: any. */
	method?: string;
	/** Regular expression over path and query; undefined: any. */
	path?: string;
	/** How many calls it strikes. Undefined: all, until it is replaced. */
	count?: number;
	/** How many matching calls pass before it strikes. */
	after?: number;
	/**
	 * `refuse`: the connection is reset, nothing is done. `hang`: no answer ever comes, nothing is done. `slow`: the call is
	 * worked on after `ms`. `answer-lost`: the work is done, then the connection is closed. `answer-held`: the work is done, and no
	 * answer ever comes. `status`: answered with `status`, nothing is done. `ok-status`: done as ever, but an error is sent under
	 * HTTP 200.
	 */
	kind: 'refuse' | 'hang' | 'slow' | 'answer-lost' | 'answer-held' | 'status' | 'ok-status';
	/** For `slow`. */
	ms?: number;
	/** For `status`. */
	status?: number;
	/** For `status`: the body; an object is sent as JSON. Undefined: the service's own body for such a status. */
	body?: Json;
	headers?: { readonly [name: string]: string };
	/** Seconds: the `Retry-After` header. */
	retryAfter?: number;
}

/** Everything set for one provider. */
export interface FaultSet {
	deliveries: DeliveryFaults;
	calls: CallFault[];
	/** Switches of the service itself; each service documents its own. */
	behaviour: { [name: string]: Json };
}

/** The faults in force. Replaced as a whole, provider by provider; counts run down as faults strike. */
export class Faults {
	readonly #sets = new Map<ProviderId, FaultSet>();

	set(provider: ProviderId, faults: Partial<FaultSet>): FaultSet {
		const set: FaultSet = {
			deliveries: { ...faults.deliveries },
			calls: (faults.calls ?? []).map((call) => ({ ...call })),
			behaviour: { ...faults.behaviour },
		};
		this.#sets.set(provider, set);
		return set;
	}

	get(provider: ProviderId): FaultSet {
		return this.#sets.get(provider) ?? this.set(provider, {});
	}

	/** A switch of the service, undefined when it was not set. */
	behaviour(provider: ProviderId, name: string): Json | undefined {
		return this.get(provider).behaviour[name];
	}

	/** The faults that strike when deliveries are put on their way (`spread`) or at one attempt; uses up one of `count`. */
	strikeDelivery(provider: ProviderId, moment: 'spread' | 'attempt'): DeliveryFaults {
		const all = this.get(provider).deliveries;
		if (all.count !== undefined && all.count <= 0) return {};
		const { duplicate, reorder, count, ...attempt } = all;
		const faults: DeliveryFaults = moment === 'spread' ? { duplicate, reorder } : attempt;
		const strikes = Object.values(faults).some((value) => value !== undefined && value !== false);
		if (strikes && count !== undefined) all.count = count - 1;
		return faults;
	}

	/** The fault that strikes an API call, or undefined; uses up one of its `count`. */
	strikeCall(provider: ProviderId, method: string, url: string): CallFault | undefined {
		for (const fault of this.get(provider).calls) {
			if (fault.count !== undefined && fault.count <= 0) continue;
			if (fault.method !== undefined && !new RegExp(fault.method, 'i').test(method)) continue;
			if (fault.path !== undefined && !new RegExp(fault.path).test(url)) continue;
			if (fault.after !== undefined && fault.after > 0) {
				fault.after -= 1;
				continue;
			}
			if (fault.count !== undefined) fault.count -= 1;
			return fault;
		}
		return undefined;
	}

	clear(): void {
		this.#sets.clear();
	}
}
