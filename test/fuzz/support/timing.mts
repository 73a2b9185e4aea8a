/** Linear or not: by comparing times of this thread's processor, so that a slow or busy machine changes nothing. */
import assert from 'node:assert/strict';

/** Below this many milliseconds for the largest input, what was measured is noise: nothing super-linear would be so quick. */
const NOISE = 20;

/**
 * Fails when four times the size takes more than ten times as long (linear: four; quadratic: sixteen), in each of five attempts.
 * @param make An input of a size. It is made before the clock starts.
 */
export function growsLinearly<T>(what: string, size: number, make: (size: number) => T, use: (input: T) => void): void {
	const [small, large] = [make(size), make(4 * size)];
	const ratios: string[] = [];
	for (let attempt = 0; attempt < 5; attempt++) {
		const times = [small, large].map((input) => Math.min(...[1, 2, 3].map(() => milliseconds(() => use(input)))));
		const [first = 0, second = 0] = times;
		if (second < NOISE || second / first < 10) return;
		ratios.push((second / first).toFixed(1));
	}
	assert.fail(`${what}: ${size} -> ${4 * size} took ${ratios.join(', ')} times as long`);
}

/** How long a task keeps this thread's processor busy. */
export function milliseconds(task: () => void): number {
	const begun = process.threadCpuUsage();
	task();
	const { user, system } = process.threadCpuUsage(begun);
	return (user + system) / 1000;
}
