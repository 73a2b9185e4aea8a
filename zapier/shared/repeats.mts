/**
 * Repeats: Zapier does not look for them among hooks, so the app claims each delivery id in `z.cache`.
 *
 * The claim is the last thing before items go out, it is keyed by subscription (two Zaps of one account each get an event), and
 * it fails open: what cannot be claimed is passed on, since a repeat is better than a loss.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ZObject } from 'zapier-platform-core';

/** The longest documented row of retries (Solatis: 1 min, 5 min, 30 min, 2 h, 24 h after one another) ends after 26.6 h. */
const REMEMBERED_SECONDS = 2 * 24 * 60 * 60;

/** For payloads that can be equal though the events are two: a retry within minutes is dropped, nothing for good. */
const LOOK_ALIKE_SECONDS = 10 * 60;

const SCOPE = ['auth'];

/** How long the cache may take. A step has 30 s, and everything else is done by then. */
const PATIENCE_MS = 3000;

/**
 * Whether a delivery was claimed before; claims it when not. Never throws.
 *
 * The value is a random token: when a claim went through and only its answer was lost, core asks again and is told that the
 * key is taken. It is ours then, and reading the token back tells so.
 */
export async function isRepeated(
	z: ZObject,
	claim: { subscription: string; deliveryId: string; lookAlike: boolean },
): Promise<boolean> {
	const key = `seen:${digest(claim.subscription)}:${digest(claim.deliveryId)}`;
	const token = randomUUID();
	const cache = z.cache as Cache;
	try {
		const seconds = claim.lookAlike ? LOOK_ALIKE_SECONDS : REMEMBERED_SECONDS;
		return await withinPatience(async () => {
			if ((await cache.set(key, token, seconds, SCOPE, true)) === true) return false;
			const held = await cache.get(key, SCOPE);
			return typeof held === 'string' && held !== token;
		});
	} catch {
		z.console.log('Could not look for a repeat: the cache did not answer. The delivery is passed on.');
		return false;
	}
}

/** A cache that never answers is given up: an event that is late is better than one that is lost with its step. */
async function withinPatience<Result>(work: () => Promise<Result>): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
	});
	try {
		return await Promise.race([work(), late]);
	} finally {
		clearTimeout(timer);
	}
}

/** As core 19.1.0 has it; its types leave out the scope of `get`. */
interface Cache {
	get(key: string, scope?: string[]): Promise<unknown>;
	set(key: string, value: string, seconds: number, scope: string[], onlyIfNew: boolean): Promise<boolean | null>;
}

/** A URL with a token in it may be what identifies a subscription: keys hold digests, never that. */
function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
