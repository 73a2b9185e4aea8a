/**
 * `npm test`: runs the suites, two at a time those that mostly wait, and adds up what they came to. The last line is the
 * whole result: `N passed, N failed`, with `, N skipped` where there are any.
 *
 *     npm test                          every suite
 *     npm test -- unit n8n              some of them
 *     npm test -- n8n -- "published"    tests whose name matches
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { progress, totals } from './progress.mts';
import type { Result } from './runners.mts';
import { SUITES, type Suite } from './suites.mts';

const JEST = join(import.meta.dirname, '../node_modules/jest/bin/jest.js');

const HELP = `Usage: npm test -- [suite...] [--long] [-- <part of a test's name, or a regular expression>]

Runs every suite, or those that are named:

${SUITES.map(({ name, does, onRequest }) => `  ${name.padEnd(12)} ${does}${onRequest ? ' (only when named)' : ''}`).join('\n')}

  --long       the long form of suites that have one (fuzz, n8n, faults)
  --watch      only with unit: run again what an edit touches, until Ctrl-C
  --coverage   only with unit: show which lines no test reaches
  --help       this text`;

/** What was asked for. */
interface Request {
	suites: readonly Suite[];
	pattern: string | undefined;
	long: boolean;
	help: boolean;
	/** Options that jest gets as they are: it then has the terminal. */
	jest: readonly string[];
}

const JEST_OPTIONS = ['--watch', '--coverage'];

/** Reads the command line. @throws Error in a sentence when there is no such suite or option. */
function requestOf(args: readonly string[]): Request {
	const end = args.indexOf('--');
	const words = end < 0 ? args : args.slice(0, end);
	const pattern = end < 0 ? undefined : args.slice(end + 1).join(' ');
	const options = words.filter((word) => word.startsWith('-'));
	const odd = options.find((option) => !['--long', '--help', ...JEST_OPTIONS].includes(option));
	if (odd !== undefined) throw new Error(`There is no option ${odd}.`);
	const suites = words
		.filter((word) => !word.startsWith('-'))
		.map((name) => {
			const suite = SUITES.find((one) => one.name === name);
			if (suite === undefined)
				throw new Error(`There is no suite "${name}". There are: ${SUITES.map((one) => one.name).join(', ')}`);
			return suite;
		});
	const jest = options.filter((option) => JEST_OPTIONS.includes(option));
	if (jest.length > 0 && (suites.length !== 1 || suites[0]?.name !== 'unit'))
		throw new Error(`${jest[0]} is an option of the unit tests: npm run test:unit -- ${jest[0]}`);
	const chosen = suites.length > 0 ? suites : SUITES.filter(({ onRequest }) => !onRequest);
	return { suites: chosen, pattern, long: options.includes('--long'), help: options.includes('--help'), jest };
}

type Row = Result & { name: string; seconds: number };

/**
 * Runs suites; gives what each came to and how long it took, in the order of the suites. Those that mostly wait for a real n8n
 * come last, two at a time. The long forms measure under load of their own, so each has the machine to itself.
 */
async function runAll({ suites, pattern, long }: Request, stopped: AbortSignal): Promise<Row[]> {
	const rows: Row[] = [];
	const show = progress();
	const run = async (suite: Suite): Promise<void> => {
		const index = suites.indexOf(suite);
		const line = show(`[${index + 1}/${suites.length}] ${suite.name}`);
		const minutes = suite.minutes * (long ? 12 : 1);
		const late = AbortSignal.timeout(minutes * 60_000);
		const result = await suite.run({ pattern, long, signal: AbortSignal.any([stopped, late]), progress: line.update });
		if (late.aborted) fail(result, `${suite.name} did not end within ${minutes} minutes.`);
		// A filter by name may well leave a suite without a test.
		if (result.passed + result.failed === 0 && pattern === undefined) fail(result, `${suite.name} ran no test.`);
		rows[index] = { ...result, name: suite.name, seconds: line.end(result) };
		if (result.output !== '') console.log(`\n${result.output.trimEnd()}\n`);
	};
	const lane = async (queue: Iterable<Suite>): Promise<void> => {
		for (const suite of queue) if (!stopped.aborted) await run(suite);
	};
	const together = suites.filter(({ waits }) => waits && !long);
	await lane(suites.filter((suite) => !together.includes(suite)));
	const queue = together.values(); // both lanes take from the same queue
	await Promise.all([lane(queue), lane(queue)]);
	return suites.flatMap((_, index) => rows[index] ?? []);
}

function fail(result: Result, sentence: string): void {
	result.failed += 1;
	result.output += `\n${sentence}\n`;
	(result.lines ??= []).push(sentence);
}

/** The results in columns. */
function tableOf(rows: readonly Row[]): string {
	const cells = [
		['suite', 'passed', 'failed', 'skipped', 'seconds'],
		...rows.map((row) => [row.name, ...[row.passed, row.failed, row.skipped].map(String), row.seconds.toFixed(1)]),
	];
	const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
	return cells
		.map((row) =>
			row.map((cell, column) => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column) + 2))).join(''),
		)
		.join('\n');
}

async function main(): Promise<number> {
	const request = requestOf(process.argv.slice(2));
	if (request.help) {
		console.log(HELP);
		return 0;
	}
	if (request.jest.length > 0) {
		const filter = request.pattern === undefined ? [] : ['--testNamePattern', request.pattern];
		const { status, signal } = spawnSync(process.execPath, [JEST, ...request.jest, ...filter], { stdio: 'inherit' });
		return status ?? (signal === 'SIGINT' ? 130 : 1);
	}
	const stop = new AbortController();
	for (const [signal, number] of [
		['SIGINT', 2],
		['SIGTERM', 15],
	] as const) {
		process.on(signal, () => {
			process.exitCode = 128 + number;
			stop.abort();
		});
	}
	const rows = await runAll(request, stop.signal);
	const sum = { passed: 0, failed: 0, skipped: 0 };
	for (const row of rows) for (const key of ['passed', 'failed', 'skipped'] as const) sum[key] += row[key];
	if (sum.passed + sum.failed === 0) sum.failed = 1; // nothing ran: that is no success
	// Once more at the end, where it is found: what is in full above may be thousands of lines up, or cut from a log.
	const lines = rows.flatMap((row) => row.lines ?? []);
	console.log(`\n${[tableOf(rows), ...(lines.length > 0 ? [lines.join('\n')] : []), totals(sum)].join('\n\n')}`);
	return Number(process.exitCode ?? (sum.failed > 0 ? 1 : 0));
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
