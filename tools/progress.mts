/** What the runs of tests say while they run, and in the end. */
import type { Result } from './runners.mts';

/**
 * Says how suites are getting on: in one line that changes on a terminal, at their start and their end elsewhere. Gives a
 * function that begins a suite under its label; several may run at a time.
 */
export function progress() {
	const isTerminal = process.stdout.isTTY;
	const running = new Map<string, { text: string; started: number }>();
	const seconds = (started: number) => (Date.now() - started) / 1000;
	let timer: NodeJS.Timeout | undefined;
	const show = () => {
		if (!isTerminal || running.size === 0) return;
		const parts = [...running.values()].map(({ text, started }) => `${text} ${Math.round(seconds(started))} s`);
		process.stdout.write(`\r\x1b[K${parts.join('   ')}`);
	};
	return (label: string) => {
		const one = { text: `${label} ...`, started: Date.now() };
		running.set(label, one);
		timer ??= setInterval(show, 1000);
		if (!isTerminal) console.log(one.text);
		show();
		return {
			update: (done: number): void => {
				one.text = `${label}: ${done} so far,`;
			},
			/** Gives how long the suite took, in seconds. */
			end: (result: Result): number => {
				running.delete(label);
				if (running.size === 0) {
					clearInterval(timer);
					timer = undefined;
				}
				const took = seconds(one.started);
				console.log(`${isTerminal ? '\r\x1b[K' : ''}${label}: ${totals(result)} (${took.toFixed(1)} s)`);
				show();
				return took;
			},
		};
	};
}

/** `N passed, N failed`, with `, N skipped` where there are any. */
export function totals({ passed, failed, skipped }: Omit<Result, 'output'>): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
