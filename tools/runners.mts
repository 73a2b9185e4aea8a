/** How each kind of suite is run: Node's test runner, jest, and the checks of `npm run lint`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { run as runTests } from 'node:test';
import type { TestEvent } from 'node:test/reporters';

const ROOT = join(import.meta.dirname, '..');

/** How a suite ended. */
export interface Result {
	passed: number;
	failed: number;
	skipped: number;
	/** What a person should read: of what failed, in full; of what passed, nothing, unless the suite is there to show something. */
	output: string;
	/** A line for each test that failed, and for each file that passed only on its second run. They are said once more at the very end. */
	lines?: string[];
}

export interface RunOptions {
	/** Run only tests whose name matches. */
	pattern: string | undefined;
	/** The long form, for suites that have one: they see `HOOKLINE_LONG=1`. */
	long: boolean;
	/** Ends everything that runs. */
	signal: AbortSignal;
	/** Gets the number of tests that have ended so far. */
	progress: (done: number) => void;
}

/** How the tests of one file ended. */
interface FileResult {
	passed: number;
	failed: number;
	skipped: number;
	/** Why each failed test failed. */
	failures: string[];
	printed: string;
}

/**
 * Runs test files (absolute paths) with Node's own runner, each in a process of its own, so many at once. A file that fails is run once more when the others have ended: a
 * real n8n on a busy machine can miss a time limit. What needed that is said, and what fails twice has failed.
 */
export async function nodeTests(
	files: readonly string[],
	concurrency: number,
	shows: boolean,
	options: RunOptions,
): Promise<Result> {
	if (options.long) process.env['HOOKLINE_LONG'] = '1';
	const results = await runFiles(files, concurrency, options);
	const notes: string[] = [];
	const lines: string[] = [];
	for (const [file, { failed, failures }] of results) {
		if (failed === 0 || options.long || options.signal.aborted) continue;
		const [again] = (await runFiles([file], 1, options)).values();
		if (again?.failed !== 0) continue;
		results.set(file, again);
		const twice = `${relative(ROOT, file)} passed on its second run`;
		notes.push(`${twice}. Its first run:\n\n${failures.join('\n\n')}`);
		lines.push(twice, ...failures.map(shortened));
	}
	const all = [...results];
	const sum = (of: (one: FileResult) => number) => all.reduce((total, [, one]) => total + of(one), 0);
	const failing = all.filter(([, one]) => one.failed > 0);
	const told = failing.map(([file, { failures, printed }]) => {
		const said = printed.trimEnd();
		lines.push(relative(ROOT, file), ...failures.map(shortened));
		return `--- ${relative(ROOT, file)}\n\n${failures.join('\n\n')}\n${said === '' ? '' : `\nWhat it printed:\n${said}\n`}`;
	});
	const shown = shows && failing.length === 0 ? all.map(([, { printed }]) => printed) : [];
	return {
		passed: sum(({ passed }) => passed),
		failed: sum(({ failed }) => failed),
		skipped: sum(({ skipped }) => skipped),
		output: [...told, ...notes, ...shown].filter((text) => text !== '').join('\n'),
		lines,
	};
}

/** The first lines of why a test failed. */
function shortened(failure: string): string {
	return failure.split('\n').slice(0, 4).join('\n').slice(0, 600).replaceAll(/^/gm, '  ');
}

/** Runs test files; gives how each ended. */
async function runFiles(
	files: readonly string[],
	concurrency: number,
	{ pattern, signal, progress }: RunOptions,
): Promise<Map<string, FileResult>> {
	const results = new Map<string, FileResult>(
		files.map((file) => [file, { passed: 0, failed: 0, skipped: 0, failures: [], printed: '' }]),
	);
	const of = (file: string | undefined) => results.get(file ?? '') ?? [...results.values()][0]!;
	let done = 0;
	const stream = runTests({
		files: [...files],
		concurrency,
		signal,
		// A file that is told to end has things to end itself, and does that on its exit.
		execArgv: ['--import', join(import.meta.dirname, 'exit-on-signal.mts')],
		...(pattern === undefined ? {} : { testNamePatterns: [new RegExp(pattern)] }),
	});
	for await (const { type, data } of stream as AsyncIterable<TestEvent>) {
		if (type === 'test:stdout' || type === 'test:stderr') of(data.file).printed += data.message;
		else if (type === 'test:pass') {
			if (data.details.type !== 'suite') progress((done += 1));
		} else if (type === 'test:fail') {
			if (data.details.type !== 'suite') progress((done += 1));
			const text = failureText(data.name, data.details.error);
			if (text !== undefined) of(data.file).failures.push(text);
		} else if (type === 'test:summary' && data.file !== undefined) {
			const { tests, passed, skipped, todo } = data.counts;
			Object.assign(of(data.file), { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo });
		}
	}
	// What is no test can fail as well: a hook, or a file that does not load.
	for (const one of results.values()) if (one.failures.length > 0) one.failed = Math.max(one.failed, 1);
	return results;
}

/** Why a test failed; undefined for one that failed only because something inside of it did. */
function failureText(name: string, error: unknown): string | undefined {
	const { failureType, cause } = error as { failureType?: string; cause?: unknown };
	if (failureType === 'subtestsFailed') return undefined;
	const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause ?? error);
	return `✖ ${name}\n${reason.replaceAll(/^/gm, '    ')}`;
}

/** Runs the unit tests. */
export async function jest({ pattern, signal, progress }: RunOptions): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), 'hookline-jest-'));
	try {
		const report = join(folder, 'report.json');
		const filter = pattern === undefined ? [] : ['--testNamePattern', pattern];
		const { output } = await command(
			['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...filter],
			signal,
		);
		if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, output };
		const counts = JSON.parse(await readFile(report, 'utf8')) as JestReport;
		const { numPassedTests: passed, numPendingTests, numTodoTests, success } = counts;
		const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
		progress(passed + failed);
		// Tests that a filter leaves out are pending to jest.
		const skipped = pattern === undefined ? numPendingTests + numTodoTests : 0;
		const lines = counts.testResults.flatMap(({ name, message, assertionResults }) => {
			const failing = assertionResults.filter(({ status }) => status === 'failed');
			if (failing.length === 0 && message === '') return [];
			const said = failing.map(({ fullName, failureMessages }) => `✖ ${fullName}\n${failureMessages[0] ?? ''}`);
			return [relative(ROOT, name), ...(said.length > 0 ? said : [message]).map(shortened)];
		});
		return { passed, failed: success ? failed : Math.max(failed, 1), skipped, output: success ? '' : output, lines };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

interface JestReport {
	success: boolean;
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numTodoTests: number;
	/** Files that do not load. */
	numRuntimeErrorTestSuites: number;
	testResults: {
		/** The file, as an absolute path. */
		name: string;
		message: string;
		assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
	}[];
}

/** What `npm run lint` checks: each of its parts in package.json is one test. */
export async function lint({ pattern, signal, progress }: RunOptions): Promise<Result> {
	const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
		scripts: Record<string, string>;
	};
	const result = { passed: 0, failed: 0, skipped: 0, output: '', lines: [] as string[] };
	for (const [name, line] of Object.entries(scripts)) {
		if (!name.startsWith('lint:') || (pattern !== undefined && !new RegExp(pattern).test(name))) continue;
		// As npm runs it: in a shell, with the commands of the installed packages first.
		const child = spawn(line, {
			cwd: ROOT,
			signal,
			shell: true,
			stdio: ['ignore', 'pipe', 'pipe'],
			env: withCommands(),
		});
		const { code, output } = await ended(child);
		if (code === 0) result.passed += 1;
		else {
			result.failed += 1;
			result.output += `--- ${name}\n\n${output}\n`;
			result.lines.push(name, shortened(output));
		}
		progress(result.passed + result.failed);
	}
	return result;
}

/** This environment with the commands of the installed packages first on the path. */
function withCommands(): NodeJS.ProcessEnv {
	const path = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
	return { ...process.env, [path]: [join(ROOT, 'node_modules/.bin'), process.env[path] ?? ''].join(delimiter) };
}

/** Runs a program under this Node; gives its exit code and all that it printed. */
export async function command(
	[file = '', ...args]: readonly string[],
	signal: AbortSignal,
): Promise<{ code: number; output: string }> {
	const child = spawn(process.execPath, [join(ROOT, file), ...args], {
		cwd: ROOT,
		signal,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	return await ended(child);
}

/** How a program ended, and all that it printed. */
async function ended(child: ChildProcess): Promise<{ code: number; output: string }> {
	let output = '';
	const keep = (chunk: Buffer) => (output += chunk.toString());
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);
	const code = await new Promise<number>((done) => {
		child.on('error', (error) => (output += `${error.message}\n`));
		child.on('close', (exit) => done(exit ?? 1));
	});
	return { code, output };
}
