/**
 * What leaves the app when something fails: one sentence, and never the bundle.
 *
 * Core appends the whole bundle (secrets of the subscription, the raw body) to the message of every error that is not marked
 * `doNotContextify`, and logs it. So nothing is thrown that is not marked, whatever it was.
 */
import type { ZObject } from 'zapier-platform-core';
import { blank } from '../../core/redaction.ts';
import { ServiceRefused, InvalidInput, Unreachable, SubscriptionFailed } from '../../core/errors.ts';
import type { Provider } from '../../core/provider.ts';
import { forZapier } from './texts.mts';

/** The parts of `z` that an error needs. */
type Z = Pick<ZObject, 'errors' | 'console'>;

const EMAIL = /[^\s"'<>()[\]{},;:=&?/\\]+(?:@|%40)[^\s"'<>()[\]{},;:=&?/\\]+\.[A-Za-z]{2,}/g;

/**
 * Runs `work`, and turns whatever it throws into an error that may be shown and logged.
 * @param secrets What must not be in a message, whoever put it there. A function is asked when `work` has failed: it may have made secrets.
 */
export async function guarded<Result>(
	z: Z,
	provider: Provider,
	secrets: readonly string[] | (() => readonly string[]),
	work: () => Promise<Result>,
): Promise<Result> {
	try {
		return await work();
	} catch (cause) {
		throw presentable(z, provider, typeof secrets === 'function' ? secrets() : secrets, cause);
	}
}

function presentable(z: Z, provider: Provider, secrets: readonly string[], cause: unknown): Error {
	// Tells Zapier to log in again (session authentication). It has no message of its own.
	if (cause instanceof z.errors.RefreshAuthError) return Object.assign(cause, { doNotContextify: true });
	const said = cause instanceof Error ? forZapier(blank(cause.message, secrets).replace(EMAIL, '***')) : '';
	if (cause instanceof ServiceRefused) {
		if (cause.status === 429) return new z.errors.ThrottledError(said, cause.retryAfterSeconds);
		return new z.errors.Error(said, cause.status === 401 ? 'AuthenticationError' : cause.code, cause.status);
	}
	if (cause instanceof InvalidInput) return new z.errors.Error(said, 'InvalidInput', 400);
	if (cause instanceof SubscriptionFailed) return new z.errors.Error(said, 'SubscriptionFailed', 400);
	if (cause instanceof Unreachable) return new z.errors.Error(said, 'Unreachable', 503);
	// A fault of ours. Its message may quote data; where it happened does not.
	if (cause instanceof Error) z.console.error(`${cause.name} at ${framesOf(cause)}`);
	return new z.errors.Error(
		`Something went wrong in the ${provider.name} integration itself. The log of this step says where.`,
		'Unexpected',
		500,
	);
}

function framesOf(cause: Error): string {
	const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
	return frames
		.slice(0, 3)
		.map((line) => line.trim().replace(/^at /, ''))
		.join(' < ');
}
