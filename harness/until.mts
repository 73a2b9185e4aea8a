/** Asks again until there is an answer. Throws, naming what it waited for, after so many milliseconds. */
export async function until<T>(
	what: string,
	milliseconds: number,
	ask: () => Promise<T | undefined>,
	every = 150,
): Promise<T> {
	const end = Date.now() + milliseconds;
	let failure: unknown;
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== undefined) return answer;
			failure = undefined;
		} catch (cause) {
			failure = cause;
		}
		if (Date.now() > end) {
			const why = failure instanceof Error ? ` Last: ${failure.message}` : '';
			throw new Error(`Waited ${milliseconds} ms for ${what}.${why}`);
		}
		await new Promise((resolve) => setTimeout(resolve, every));
	}
}
