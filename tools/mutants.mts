/**
 * `npm run test:mutants`: do the unit tests notice when something is wrong? Stryker makes one small change at a time (a mutant) and
 * runs the tests that reach it. Prints how many were noticed, and lists in docs/mutants.md those that were not, each with the reason
 * that somebody wrote next to it.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';

const ROOT = join(import.meta.dirname, '..');
const REPORT = join(ROOT, 'build/mutation.json');
const LIST = join(ROOT, 'docs/mutants.md');

/** What is tried, with which tests first, and how many of a hundred mutants must be noticed at least. */
export const ROOMS = [
	{ folder: 'core/', files: 'core/**/*.ts', tests: 'test/unit/core/**/*.test.ts', least: 90 },
	{ folder: 'nodes/n8n/', files: 'nodes/n8n/**/*.ts', tests: 'test/unit/nodes/**/*.test.ts', least: 85 },
	{ folder: 'zapier/shared/', files: 'zapier/shared/**/*.mts', tests: 'test/unit/zapier/**/*.test.ts', least: 85 },
] as const;

/** What the first tests do not notice is tried once more with these: all but those of the files of the repository, which a copy does not have. */
const ALL_TESTS = 'test/unit/*/**/*.test.ts';

/** Lines in a part that `--sample` draws. */
const PART = 10;

const HELP = `Usage: npm run test:mutants -- [options] [file...]

Changes one thing at a time in ${ROOMS.map(({ folder }) => folder).join(', ')}, and runs the unit tests that reach it: those of the folder first, and
where they notice nothing, all. A mutant that no test notices is written to docs/mutants.md. Fails below ${ROOMS.map(({ folder, least }) => `${least} % in ${folder}`).join(', ')}.
A file may have lines: core/address.ts:10-20. All of it takes hours on two processors, a file some minutes.

  --sample <n>    try n parts of ${PART} lines in each folder (or in the files given), drawn by chance, and print what is missed
  --seed <text>   draws other parts (default: 1)
  --tests <file>  run only this test file (more than once: these)
  --no-list       leave docs/mutants.md as it is
  --help          this text`;

/** One change, and its result. */
export interface Mutant {
	status: string;
	replacement?: string;
	location: { start: { line: number; column: number }; end: { line: number; column: number } };
}

/** The part of Stryker's report that is read here: by path, relative to the repository. */
export interface Report {
	files: Readonly<Record<string, { source: string; mutants: readonly Mutant[] }>>;
}

/** How many mutants were noticed, of how many. What does not compile or load counts for nothing. */
export interface Score {
	noticed: number;
	all: number;
}

export function scoreOf(mutants: readonly Mutant[]): Score {
	const noticed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
	const missed = mutants.filter(isMissed).length;
	return { noticed, all: noticed + missed };
}

const isMissed = ({ status }: Mutant) => status === 'Survived' || status === 'NoCoverage';

/** A percentage in words; nothing to notice is everything noticed. */
export function percent({ noticed, all }: Score): number {
	return all === 0 ? 100 : (100 * noticed) / all;
}

/** The text that a mutant replaced, in one line of at most 60 characters. */
function originalOf(source: string, { location: { start, end } }: Mutant): string {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	const last = lines.length - 1;
	lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
	lines[0] = (lines[0] ?? '').slice(start.column - 1);
	return oneLine(lines.join('\n'));
}

function oneLine(text: string): string {
	const line = text.replaceAll(/\s+/g, ' ').trim();
	return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}

/** A text as code in a cell of a table. */
function code(text: string): string {
	if (text === '') return '(nothing)';
	const fence = text.includes('`') ? '``' : '`';
	const inner = text.includes('`') ? ` ${text} ` : text;
	return `${fence}${inner.replaceAll('|', '\\|')}${fence}`;
}

/** The rows of a file's table: line, what was there, what it became, and why no test notices it. */
function rowsOf(source: string, mutants: readonly Mutant[], reasons: ReadonlyMap<string, string>): string[] {
	const seen = new Map<string, number>();
	return mutants
		.filter(isMissed)
		.sort((a, b) => a.location.start.line - b.location.start.line)
		.map((mutant) => {
			const change = `${code(originalOf(source, mutant))} | ${code(oneLine(mutant.replacement ?? ''))}`;
			const nth = (seen.get(change) ?? 0) + 1;
			seen.set(change, nth);
			return `| ${mutant.location.start.line} | ${change} | ${reasons.get(`${change} ${nth}`) ?? ''} |`;
		});
}

/** The reasons in a file's table, by change: lines move, and a reason moves with its change. */
function reasonsIn(table: string): Map<string, string> {
	const seen = new Map<string, number>();
	const reasons = new Map<string, string>();
	for (const line of table.split('\n')) {
		const [, number = '', was = '', is = '', reason = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
		if (!/^\d+$/.test(number)) continue;
		const change = `${was} | ${is}`;
		const nth = (seen.get(change) ?? 0) + 1;
		seen.set(change, nth);
		if (reason !== '') reasons.set(`${change} ${nth}`, reason);
	}
	return reasons;
}

/** docs/mutants.md with the parts of the files in this report renewed; the others, and every reason, stay. */
export function renewed(text: string, report: Report): string {
	const [head = '', ...parts] = text.split(/^(?=### )/m);
	const sections = new Map(parts.map((part) => [/^### (\S+?):? /.exec(part)?.[1] ?? '', part.trimEnd()]));
	for (const [file, { source, mutants }] of Object.entries(report.files)) {
		const score = scoreOf(mutants);
		const rows = rowsOf(source, mutants, reasonsIn(sections.get(file) ?? ''));
		const title = `### ${file}: ${score.noticed} of ${score.all} noticed (${percent(score).toFixed(1)} %)`;
		const table =
			rows.length === 0 ? [] : ['| line | was | became | why no test notices |', '| --- | --- | --- | --- |', ...rows];
		sections.set(file, [title, '', ...table].join('\n').trimEnd());
	}
	const sorted = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
	return `${[head.trimEnd(), ...sorted].join('\n\n')}\n`;
}

/** The table that is printed: a line a file and a line a room. Gives the rooms that are below what they must be, in sentences. */
export function summary(report: Report): { text: string; problems: string[] } {
	const lines: string[] = [];
	const problems: string[] = [];
	const line = (name: string, score: Score) =>
		`${name.padEnd(34)} ${String(score.noticed).padStart(5)} of ${String(score.all).padStart(5)}  ${percent(score).toFixed(1).padStart(5)} %`;
	for (const { folder, least } of ROOMS) {
		const files = Object.entries(report.files).filter(([file]) => file.startsWith(folder));
		if (files.length === 0) continue;
		for (const [file, { mutants }] of files) lines.push(line(file, scoreOf(mutants)));
		const score = scoreOf(files.flatMap(([, { mutants }]) => mutants));
		lines.push(line(`${folder} (at least ${least} %)`, score), '');
		if (percent(score) < least) problems.push(`${folder}: ${percent(score).toFixed(1)} % noticed, ${least} % wanted`);
	}
	return { text: lines.join('\n'), problems };
}

/** Runs Stryker with these tests; gives its exit code. It ends with this process. */
async function stryker(tests: string, args: readonly string[]): Promise<number> {
	const bin = join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	const child = spawn(process.execPath, [bin, 'run', 'stryker.config.mjs', ...args], {
		cwd: ROOT,
		stdio: 'inherit',
		env: { ...process.env, HOOKLINE_MUTANT_TESTS: tests },
	});
	const end = () => child.kill();
	process.once('exit', end);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
	return await new Promise((done) => child.once('exit', (exit) => done(exit ?? 1)));
}

/**
 * `count` parts of files, e.g. `core/body.ts:11-20`: those whose digest with the seed comes first, so that the same seed draws the
 * same parts on every machine.
 */
export function sampleOf(files: ReadonlyMap<string, string>, count: number, seed: string): string[] {
	const parts = [...files].flatMap(([file, source]) => {
		const lines = source.split('\n').length;
		return Array.from({ length: Math.ceil(lines / PART) }, (_, nth) => `${file}:${nth * PART + 1}-${(nth + 1) * PART}`);
	});
	const digest = (part: string) => createHash('sha256').update(`${seed} ${part}`).digest('hex');
	return parts.sort((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, count);
}

/** What Stryker is to change in each room: what was asked for, all of it by default, or a sample of that. */
function asked(positionals: readonly string[], sample: number | undefined, seed: string) {
	const files = positionals.map((one) => (one.endsWith('/') ? `${one}**` : one));
	const lost = files.find((file) => !ROOMS.some(({ folder }) => file.startsWith(folder)));
	if (lost !== undefined)
		throw new Error(`${lost} is in none of ${ROOMS.map(({ folder }) => folder).join(', ')}: nothing is tried there.`);
	return ROOMS.map(({ folder, files: all, tests }) => {
		const wanted = files.length === 0 ? [all] : files.filter((file) => file.startsWith(folder));
		if (sample === undefined) return { mutate: wanted, tests };
		const found = globSync(wanted, { cwd: ROOT }).filter((file) => /\.m?ts$/.test(file));
		const sources = new Map(found.sort().map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
		return { mutate: sampleOf(sources, sample, seed), tests };
	}).filter(({ mutate }) => mutate.length > 0);
}

/** Changes these files, or parts of them, against these tests. Gives Stryker's exit code when it fails. */
async function tried(mutate: readonly string[], tests: string): Promise<Report | number> {
	rmSync(REPORT, { force: true });
	const code = await stryker(tests, ['--mutate', mutate.join(',')]);
	return code === 0 ? (JSON.parse(readFileSync(REPORT, 'utf8')) as Report) : code;
}

/** Where the mutants are that were not noticed, as Stryker reads places: lines from 1, columns from 0. */
export function placesOf(report: Report): string[] {
	const places = Object.entries(report.files).flatMap(([file, { mutants }]) =>
		mutants.filter(isMissed).map(({ location: { start, end } }) => {
			return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
		}),
	);
	return [...new Set(places)];
}

/** The first report with what a second one, about parts of it, says of the mutants that the first did not notice. */
export function merged(first: Report, second: Report): Report {
	const same = (one: Mutant) => JSON.stringify([one.location, one.replacement]);
	const files = Object.entries(first.files).map(([file, { source, mutants }]) => {
		const later = new Map((second.files[file]?.mutants ?? []).map((mutant) => [same(mutant), mutant]));
		return [file, { source, mutants: mutants.map((one) => (isMissed(one) ? (later.get(same(one)) ?? one) : one)) }];
	});
	return { files: Object.fromEntries(files) as Report['files'] };
}

/** A line for each mutant that no test notices. */
function missedIn(report: Report): string[] {
	return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
		mutants.filter(isMissed).map((mutant) => {
			const { line } = mutant.location.start;
			return `${file}:${line}  ${originalOf(source, mutant)}  ->  ${oneLine(mutant.replacement ?? '')}`;
		}),
	);
}

async function main(args: string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		allowNegative: true,
		options: {
			sample: { type: 'string' },
			seed: { type: 'string', default: '1' },
			tests: { type: 'string', multiple: true, default: [] },
			list: { type: 'boolean', default: true },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	const sample = values.sample === undefined ? undefined : Number(values.sample);
	if (sample !== undefined && !(Number.isInteger(sample) && sample > 0))
		throw new Error(`--sample needs a whole number above 0, not "${values.sample}".`);
	const report: { files: Record<string, Report['files'][string]> } = { files: {} };
	for (const { mutate, tests } of asked(positionals, sample, values.seed)) {
		const only = values.tests.length > 0 ? values.tests.join(',') : undefined;
		const first = await tried(mutate, only ?? tests);
		if (typeof first === 'number') return first;
		const missed = only === undefined ? placesOf(first) : [];
		const again = missed.length > 0 ? await tried(missed, ALL_TESTS) : { files: {} };
		if (typeof again === 'number') return again;
		Object.assign(report.files, merged(first, again).files);
	}
	const { text, problems } = summary(report);
	console.log(`\n${text}`);
	// A part of a file, or some of its tests, say nothing of the whole, which the list is about.
	const whole = sample === undefined && !positionals.some((one) => /:\d/.test(one)) && values.tests.length === 0;
	if (whole && values.list) {
		const fresh = renewed(readFileSync(LIST, 'utf8'), report);
		writeFileSync(LIST, await format(fresh, { ...(await resolveConfig(LIST)), parser: 'markdown' }));
		console.log('Those that no test notices: docs/mutants.md');
	} else {
		for (const line of missedIn(report)) console.log(line);
	}
	for (const problem of problems) console.log(problem);
	return problems.length > 0 ? 1 : 0;
}

if (import.meta.main) {
	try {
		process.exitCode = await main(process.argv.slice(2));
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	}
}
