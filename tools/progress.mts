/** What the runs of tests say while they run, and in the end. */
import type { Result } from './runners.mts';

/** Says how a suite is getting on: in a line that changes on a terminal, at its start and its end elsewhere. */
export function progress(label: string) {
	const started = Date.now();
	const seconds = () => (Date.now() - started) / 1000;
	const isTerminal = process.stdout.isTTY;
	let line = `${label} ...`;
	const show = () => isTerminal && process.stdout.write(`\r\x1b[K${line} ${Math.round(seconds())} s`);
	const timer = setInterval(show, 1000);
	if (!isTerminal) console.log(line);
	show();
	return {
		update: (done: number) => (line = `${label}: ${done} so far,`),
		end: (result: Result): number => {
			clearInterval(timer);
			console.log(`${isTerminal ? '\r\x1b[K' : ''}${label}: ${totals(result)} (${seconds().toFixed(1)} s)`);
			return seconds();
		},
	};
}

/** `N passed, N failed`, with `, N skipped` where there are any. */
export function totals({ passed, failed, skipped }: Omit<Result, 'output'>): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
