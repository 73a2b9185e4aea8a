/** What can go wrong, as errors whose message is one clear sentence. None ever holds a secret, a payload or a URL with a query. */

/** A person's input that cannot be sent. The message says which field and what to do. */
export class InvalidInput extends Error {
	override readonly name = 'InvalidInput';
}

/** No answer came from the service. The message names the service and the host, never the whole URL. */
export class Unreachable extends Error {
	override readonly name = 'Unreachable';
	/** What happened, without what to do. */
	readonly what: string;
	/** Whether the request may have reached the service: false where no connection was made. */
	readonly sent: boolean;
	/** Whether trying again at once is useless, e.g. because there is no such host. */
	readonly lasting: boolean;

	constructor(what: string, advice = '', { sent = true, lasting = false } = {}) {
		super(`${what} ${advice}`.trim());
		this.what = what;
		this.sent = sent;
		this.lasting = lasting;
	}
}

/** A service answered that it did not do what was asked. */
export class ServiceRefused extends Error {
	override readonly name = 'ServiceRefused';
	readonly status: number;
	/** The service's own code, where it gives one. */
	readonly code: string | undefined;
	/** When to try again, where the service is limiting requests. */
	readonly retryAfterSeconds: number | undefined;
	/** What to do about it. */
	readonly advice: string;
	/** Whether it is the service's own answer that there is no such record, not just some page with status 404. */
	readonly notFound: boolean;

	constructor(
		message: string,
		details: {
			status: number;
			code?: string | undefined;
			retryAfterSeconds?: number | undefined;
			advice: string;
			notFound?: boolean;
		},
	) {
		super(message);
		this.status = details.status;
		this.code = details.code;
		this.retryAfterSeconds = details.retryAfterSeconds;
		this.advice = details.advice;
		this.notFound = details.notFound ?? false;
	}
}

/** A subscription could not be created or removed. The message says what is left behind, by id, and what to do. */
export class SubscriptionFailed extends Error {
	override readonly name = 'SubscriptionFailed';
	/** Ids (or URLs without their query) of subscriptions that may still be at the service. */
	readonly leftBehind: readonly string[];

	constructor(message: string, leftBehind: readonly string[] = []) {
		super(message);
		this.leftBehind = leftBehind;
	}
}

/** What an exception says, whatever was thrown. */
export function messageOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}

/**
 * A caught error, to be thrown on unchanged. n8n's rules want errors that are thrown in a `catch` to be wrapped in n8n's own class;
 * the adapter does that once, for everything, where n8n calls it.
 */
export function asCaught(cause: unknown): Error {
	return cause instanceof Error ? cause : new Error(messageOf(cause));
}
