/** Calls that only read are made again when the service is limiting requests or did not answer. Calls that change something never are. */
import { retryAfter } from './answer.ts';
import { asCaught, Unreachable } from './errors.ts';
import type { HttpRequest, HttpResponse, Send } from './provider.ts';

/** How long a platform may wait. */
export interface Patience {
	/** Waits, in milliseconds. */
	wait: (milliseconds: number) => Promise<unknown>;
	/** Milliseconds since the first call after which nothing is tried again. */
	budget: number;
	/** The time in milliseconds. */
	now?: () => number;
}

/** How often one call is made at most. */
const ATTEMPTS = 4;

/** Milliseconds before the second attempt, doubled each time, where the service does not say how long. */
const FIRST_WAIT = 500;

/** Whether a request only reads, and may be made again. */
export function onlyReads(request: HttpRequest): boolean {
	return request.reads ?? request.method === 'GET';
}

/**
 * Makes calls again that only read: after 429, as late as `Retry-After` says, and when no answer came. It waits only where
 * the budget allows for the whole wait: otherwise the refusal says when to try again.
 */
export function patiently(send: Send, { wait, budget, now = Date.now }: Patience): Send {
	let end: number | undefined;
	return async (request) => {
		end ??= now() + budget;
		for (let attempt = 1; ; attempt++) {
			const last = attempt === ATTEMPTS || !onlyReads(request);
			const pause = FIRST_WAIT * 2 ** (attempt - 1);
			let delay: number;
			try {
				const response: HttpResponse = await send(request);
				if (response.status !== 429) return response;
				delay = retryAfter(response, now()) ?? pause;
				if (last || now() + delay >= end) return response;
			} catch (cause) {
				delay = pause;
				if (last || !(cause instanceof Unreachable) || cause.lasting || now() + delay >= end) throw asCaught(cause);
			}
			await wait(delay);
		}
	};
}
