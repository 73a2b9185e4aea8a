/** Waiting. Code that runs inside n8n has no timers of its own; `AbortSignal.timeout` is one, and keeps no process alive. */

/** Settles after so many milliseconds. */
export async function pause(milliseconds: number): Promise<void> {
	const over = AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)));
	await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}

/** Settles with the promise, or after so many milliseconds. The promise must not fail. */
export async function atMost(promise: Promise<unknown>, milliseconds: number): Promise<void> {
	await Promise.race([promise, pause(milliseconds)]);
}
