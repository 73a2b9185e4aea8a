/**
 * Sends events to subscribers as the services do: signed, with 5 s for the answer, retried on the service's schedule
 * (divided by the sandbox's speed), switched off after the last failure where the service does that, and logged.
 */
import { sign } from '../core/signature.ts';
import type { ProviderId } from './accounts.mts';
import { policyOf, schemeOf } from './catalogue.mts';
import type { DeliveryFaults, Faults } from './faults.mts';
import { freshId, instant } from './fresh.mts';
import type { Subscription, Subscriptions } from './subscriptions.mts';
import { isNear, post } from './transport.mts';
import type { Outcome } from './transport.mts';

export interface Attempt {
	/** From 1. */
	number: number;
	at: string;
	/** Milliseconds from the start to the answer or the failure. */
	ms: number;
	/** The answer's status; undefined when there was none. */
	status?: number;
	/** Why it counts as failed; undefined when it succeeded. */
	error?: string;
	request: { method: 'POST'; url: string; headers: { readonly [name: string]: string }; body: string };
	response?: { headers: { readonly [name: string]: string }; body: string };
}

/**
 * `pending`: not yet answered, or a retry is due. `delivered`. `failed`: the last retry failed. `abandoned`: a retry was due
 * when the subscription was removed or switched off.
 */
export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'abandoned';

export interface Delivery {
	id: string;
	provider: ProviderId;
	account: string;
	/** Undefined for a callback that one API call asked for. */
	subscription?: string;
	event: string;
	url: string;
	state: DeliveryState;
	createdAt: string;
	/** When the next attempt is due; undefined when none is. */
	nextRetryAt?: string;
	/** The email that the service sent about it after the last retry, as a sentence; undefined where there was none. */
	notice?: string;
	/** The delivery whose bytes this one repeats. */
	copyOf?: string;
	attempts: Attempt[];
}

/** What is to be delivered. */
export interface Order {
	subscription: Subscription;
	event: string;
	body: string | Buffer;
	contentType: string;
	/** What the signature is made over. Default: the body. */
	signedBody?: string;
}

interface Job {
	delivery: Delivery;
	order: Order;
	body: Buffer;
	/** False for callbacks, which the services do not sign, and not when no subscription is behind it. */
	signed: boolean;
	/** Its subscription was removed, and one to the same event at the same URL may take its place. */
	released?: true;
	timer?: NodeJS.Timeout;
	/** Called when the first attempt is over. */
	tried: (delivery: Delivery) => void;
}

const LOGGED_BODY = 1024 * 1024;
const REORDER_WAIT_MS = 500;
/** How many attempts are on their way at once; the others wait, and their time limit begins when they are sent. */
const AT_ONCE = 128;

export interface EngineOptions {
	/** Retry delays are divided by this. */
	speed: number;
	/** How long an answer may take: 5 s at all five services (documented for three, assumed for the others). */
	timeoutMs: number;
	/** Whether addresses beyond this machine and its private network may be called. */
	remote: boolean;
	/** How many settled deliveries are remembered. */
	logLimit: number;
}

export class Deliveries {
	readonly #options: EngineOptions;
	readonly #faults: Faults;
	readonly #subscriptions: Subscriptions;
	#log: Delivery[] = [];
	readonly #jobs = new Map<string, Job>();
	#held: Job[] = [];
	#heldTimer: NodeJS.Timeout | undefined;
	#waiting: Job[] = [];
	#onTheirWay = 0;
	#stop = new AbortController();

	constructor(options: EngineOptions, faults: Faults, subscriptions: Subscriptions) {
		this.#options = options;
		this.#faults = faults;
		this.#subscriptions = subscriptions;
	}

	/** The log, oldest first. */
	get all(): readonly Delivery[] {
		return this.#log;
	}

	/** Puts an event on its way to one subscriber. Returns at once, with the copies that a fault asks for. */
	send(order: Order): Delivery[] {
		const first = this.#job(order);
		const faults = this.#faults.strikeDelivery(order.subscription.provider, 'spread');
		const jobs = [first];
		for (let copy = 0; copy < (faults.duplicate ?? 0); copy++) jobs.push(this.#job(order, first.delivery.id));
		if (faults.reorder) this.#hold(jobs, faults.reorder);
		else for (const job of jobs) this.#start(job);
		return jobs.map((job) => job.delivery);
	}

	/** Puts it on its way and waits for the end of the first attempt. */
	async sendAndWait(order: Order): Promise<Delivery> {
		const job = this.#job(order);
		const tried = new Promise<Delivery>((resolve) => (job.tried = resolve));
		this.#start(job);
		return tried;
	}

	/** One unsigned POST that an API call asked for by its own `webhook_url`. Retried like any other. */
	callback(target: Pick<Subscription, 'provider' | 'account' | 'url'>, event: string, body: string): Delivery {
		const subscription: Subscription = {
			...{
				id: '',
				events: [event],
				signature: 'none',
				format: 'json',
				title: '',
				active: true,
				origin: 'api',
				createdAt: '',
			},
			...target,
		};
		const job = this.#job({ subscription, event, body, contentType: 'application/json' }, undefined, false);
		this.#start(job);
		return job.delivery;
	}

	/** Sends the bytes of an earlier delivery again, as a service does when it repeats itself. Undefined: not known. */
	replay(id: string): Delivery | undefined {
		const earlier = this.#log.find((delivery) => delivery.id === id);
		const sent = earlier?.attempts[0];
		const subscription = this.#subscriptions.byId(earlier?.subscription ?? '');
		if (!earlier || !sent || !subscription) return undefined;
		const contentType = sent.request.headers['content-type'] ?? 'application/json';
		const order: Order = { subscription, event: earlier.event, body: sent.request.body, contentType };
		const job = this.#job(order, id);
		this.#start(job);
		return job.delivery;
	}

	/** Gives up what is still due for a subscription that is gone or off. */
	abandon(subscription: Subscription): void {
		for (const job of this.#jobs.values()) {
			if (job.delivery.subscription === subscription.id && job.timer) this.#settle(job, 'abandoned');
		}
	}

	/** What is still due for a subscription that is gone goes to one that was made since, to the same event at the same URL, if any. */
	release(subscription: Subscription): void {
		for (const job of this.#jobs.values()) {
			if (job.delivery.subscription === subscription.id) job.released = true;
		}
	}

	/** Forgets everything; what is on its way is broken off. */
	clear(): void {
		this.#stop.abort();
		this.#stop = new AbortController();
		clearTimeout(this.#heldTimer);
		for (const job of this.#jobs.values()) clearTimeout(job.timer);
		this.#jobs.clear();
		this.#held = [];
		this.#waiting = [];
		this.#onTheirWay = 0;
		this.#log = [];
	}

	#job(order: Order, copyOf?: string, signed = true): Job {
		const { subscription, event } = order;
		const delivery: Delivery = {
			id: freshId('del_'),
			provider: subscription.provider,
			account: subscription.account,
			...(subscription.id ? { subscription: subscription.id } : {}),
			event,
			url: subscription.url,
			state: 'pending',
			createdAt: instant(),
			...(copyOf ? { copyOf } : {}),
			attempts: [],
		};
		const body = typeof order.body === 'string' ? Buffer.from(order.body) : order.body;
		const job: Job = { delivery, order, body, signed, tried: () => {} };
		this.#log.push(delivery);
		this.#jobs.set(delivery.id, job);
		return job;
	}

	#start(job: Job): void {
		delete job.timer;
		this.#waiting.push(job);
		this.#sendWaiting();
	}

	#sendWaiting(): void {
		const stop = this.#stop.signal;
		while (this.#onTheirWay < AT_ONCE) {
			const job = this.#waiting.shift();
			if (!job) return;
			this.#onTheirWay += 1;
			void this.#attempt(job).finally(() => {
				if (stop.aborted) return; // cleared meanwhile: the count started again
				this.#onTheirWay -= 1;
				this.#sendWaiting();
			});
		}
	}

	/** Holds deliveries back until there are `size`, or for half a second, then sends the last first. */
	#hold(jobs: Job[], size: number): void {
		this.#held.push(...jobs);
		const release = () => {
			clearTimeout(this.#heldTimer);
			const held = this.#held.splice(0).reverse();
			// 20 ms apart, so that they arrive in this order.
			for (const [index, job] of held.entries()) job.timer = this.#later(index * 20, () => this.#start(job));
		};
		clearTimeout(this.#heldTimer);
		if (this.#held.length >= size) release();
		else this.#heldTimer = this.#later(REORDER_WAIT_MS, release);
	}

	async #attempt(job: Job): Promise<void> {
		const { delivery } = job;
		const stop = this.#stop.signal;
		delete delivery.nextRetryAt;
		const faults = this.#faults.strikeDelivery(delivery.provider, 'attempt');
		if (faults.delay) await new Promise<void>((resolve) => this.#later(faults.delay ?? 0, resolve));
		if (stop.aborted) return;
		this.#takeOver(job);
		const { subscription } = job.order;
		if (subscription.id && !(subscription.active && this.#subscriptions.has(subscription))) {
			return this.#settle(job, 'abandoned');
		}
		const request = this.#request(job, faults);
		const at = instant();
		const started = performance.now();
		const outcome = await this.#post(request, faults, stop);
		if (stop.aborted) return; // cleared meanwhile
		const error = this.#failure(job, outcome, faults);
		delivery.attempts.push({
			number: delivery.attempts.length + 1,
			at,
			ms: Math.round(performance.now() - started),
			...(outcome.status === undefined ? {} : { status: outcome.status }),
			...(error === undefined ? {} : { error }),
			request: { method: 'POST', url: request.url, headers: request.headers, body: text(request.body) },
			...(outcome.headers ? { response: { headers: outcome.headers, body: outcome.body ?? '' } } : {}),
		});
		this.#next(job, error === undefined);
		job.tried(delivery);
	}

	/** The request of one attempt: signed again each time, as a time stamp in a signature demands. */
	#request(job: Job, faults: DeliveryFaults): { url: string; headers: { [name: string]: string }; body: Buffer } {
		const { subscription, contentType, signedBody } = job.order;
		const headers: { [name: string]: string } = { 'content-type': contentType, 'user-agent': 'hookline-sandbox' };
		const scheme = job.signed ? schemeOf(subscription.provider, subscription.signature) : undefined;
		let { url } = subscription;
		let { body } = job;
		if (scheme?.kind === 'url-token') url = withTokenFault(url, scheme.tokenParameter, faults);
		else if (scheme && subscription.secret && !faults.unsigned) {
			const secret = faults.wrongSignature ? `${subscription.secret}-wrong` : subscription.secret;
			const at = Math.floor(Date.now() / 1000) - (faults.staleTimestamp ?? 0);
			Object.assign(headers, sign(scheme, { body: signedBody ?? body, secret, at }).headers);
		}
		if (faults.reformatted) body = reformat(body);
		if (faults.alteredByte) body = withOneByteChanged(body);
		return { url, headers, body };
	}

	async #post(
		request: { url: string; headers: { [name: string]: string }; body: Buffer },
		faults: DeliveryFaults,
		signal: AbortSignal,
	): Promise<Outcome> {
		if (!this.#options.remote && !isNear(request.url)) {
			return {
				error: 'not sent: the address is beyond this machine and its private network (start with --remote to allow it)',
			};
		}
		return post({
			...request,
			timeoutMs: this.#options.timeoutMs,
			...(faults.slow === undefined ? {} : { slowMs: faults.slow }),
			...(faults.drop === 'body' || faults.drop === 'connection' ? { drop: faults.drop } : {}),
			signal,
		});
	}

	#failure(job: Job, outcome: Outcome, faults: DeliveryFaults): string | undefined {
		if (outcome.status === undefined) return outcome.error ?? 'no answer';
		if (faults.drop === 'answer') return 'fault: the answer came and was lost';
		const { succeeded } = policyOf(job.delivery.provider);
		return succeeded(outcome.status) ? undefined : `answered with status ${outcome.status}`;
	}

	#next(job: Job, succeeded: boolean): void {
		const { delivery, order } = job;
		if (succeeded) return this.#settle(job, 'delivered');
		const { subscription } = order;
		const policy = policyOf(delivery.provider);
		const wait = policy.retryAfterSeconds[delivery.attempts.length - 1];
		const known = !subscription.id || job.released === true || this.#subscriptions.has(subscription);
		if (wait === undefined) {
			if (policy.notice && known && subscription.id) {
				const tries = delivery.attempts.length;
				delivery.notice = `An email to account ${delivery.account}: ${delivery.event} could not be delivered in ${tries} attempts.`;
			}
			this.#settle(job, 'failed');
			if (policy.afterLastRetry === 'disable' && known && subscription.id) this.#disable(subscription);
		} else if (!known || !subscription.active) {
			this.#settle(job, 'abandoned');
		} else {
			const ms = (wait * 1000) / this.#options.speed;
			delivery.nextRetryAt = new Date(Date.now() + ms).toISOString();
			job.timer = this.#later(ms, () => this.#start(job));
		}
	}

	/** Gives a released delivery to the subscription that has taken the place of its own. */
	#takeOver({ delivery, order, released }: Job): void {
		if (released !== true || this.#subscriptions.has(order.subscription)) return;
		const { provider, account, url, event } = delivery;
		const heir = this.#subscriptions
			.of(provider, account)
			.find((one) => one.url === url && one.events.includes(event) && one.active);
		if (heir === undefined) return;
		order.subscription = heir;
		delivery.subscription = heir.id;
	}

	#disable(subscription: Subscription): void {
		subscription.active = false;
		subscription.disabledReason = 'disabled after the last retry of a delivery failed';
		subscription.disabledAt = instant();
		this.abandon(subscription);
	}

	#settle(job: Job, state: DeliveryState): void {
		clearTimeout(job.timer);
		delete job.delivery.nextRetryAt;
		job.delivery.state = state;
		this.#jobs.delete(job.delivery.id);
		job.tried(job.delivery);
		if (this.#log.length > this.#options.logLimit) {
			const oldest = this.#log.findIndex((delivery) => delivery.state !== 'pending');
			if (oldest >= 0) this.#log.splice(oldest, 1);
		}
	}

	/** A timer that neither keeps the process alive nor outlives `clear`. */
	#later(ms: number, then: () => void): NodeJS.Timeout {
		const stop = this.#stop.signal;
		return setTimeout(() => !stop.aborted && then(), ms).unref();
	}
}

function text(body: Buffer): string {
	return body.length <= LOGGED_BODY
		? body.toString()
		: `${body.toString('utf8', 0, LOGGED_BODY)}... (${body.length} bytes)`;
}

function withTokenFault(address: string, parameter: string, faults: DeliveryFaults): string {
	const url = new URL(address);
	const token = url.searchParams.get(parameter);
	if (token === null || !(faults.unsigned || faults.wrongSignature)) return address;
	if (faults.unsigned) url.searchParams.delete(parameter);
	else
		url.searchParams.set(
			parameter,
			token.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
		);
	return url.href;
}

function reformat(body: Buffer): Buffer {
	try {
		return Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 2));
	} catch {
		return body; // not JSON: there is nothing to format
	}
}

/** Changes one letter or digit in the middle of the body, so that it still parses if it can. */
function withOneByteChanged(body: Buffer): Buffer {
	const altered = Buffer.from(body);
	const isWord = (byte: number | undefined) => byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte));
	let at = Math.floor(altered.length / 2);
	while (at < altered.length && !isWord(altered[at])) at++;
	if (at >= altered.length) at = Math.max(0, altered.length - 1);
	if (altered.length > 0) altered[at] = (altered[at] ?? 0) === 0x61 ? 0x62 : isWord(altered[at]) ? 0x61 : 0x20;
	return altered;
}
