/** What a part of the benchmark found, and how it is written down. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Table {
	title: string;
	columns: readonly string[];
	rows: ReadonlyArray<readonly string[]>;
	/** What a reader must know to read the figures. */
	notes?: readonly string[];
}

/** A figure that has a goal. */
export interface Aim {
	what: string;
	/** The smallest or largest figure that meets it. */
	least?: number;
	most?: number;
	figure: number;
	/** e.g. ` ms`. Default: a bare ratio. */
	unit?: string;
}

export interface Findings {
	tables: readonly Table[];
	aims: readonly Aim[];
}

/** What every part gets. */
export interface Run {
	quick: boolean;
	/** Another checkout of this repository, built, whose nodes are measured as well where a part can. */
	before?: string | undefined;
	/** Tells what is going on now. */
	progress: (text: string) => void;
}

/** A part of the benchmark. */
export interface Part {
	name: string;
	does: string;
	/** Gives what it found bit by bit, so that a long measurement that ends early was not in vain. */
	run: (run: Run) => AsyncIterable<Findings>;
}

/** Two decimals below ten, one below a hundred, none above. */
export function figure(value: number): string {
	if (!Number.isFinite(value)) return '–';
	return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}

/** Thousands and millions in short. */
export function rate(perSecond: number): string {
	if (perSecond >= 1_000_000) return `${figure(perSecond / 1_000_000)}M`;
	return perSecond >= 10_000 ? `${figure(perSecond / 1000)}k` : figure(perSecond);
}

export function met({ figure: value, least = -Infinity, most = Infinity }: Aim): boolean {
	return value >= least && value <= most;
}

/** Markdown, with columns of equal width so that it reads well in a terminal too. */
export function drawTable({ title, columns, rows, notes = [] }: Table): string {
	const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
	const draw = (cells: readonly string[]) =>
		`| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!))).join(' | ')} |`;
	const rule = `| ${widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
	const below = notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)];
	return [`### ${title}`, '', draw(columns), rule, ...rows.map(draw), ...below, ''].join('\n');
}

/** The goals of all parts, as one table. */
export function aimsTable(aims: readonly Aim[]): Table {
	return {
		title: 'Aims',
		columns: ['aim', 'wanted', 'measured', 'met'],
		rows: aims.map((aim) => {
			const { what, least, most, figure: value, unit = '' } = aim;
			const wanted = least === undefined ? `≤ ${most}${unit}` : `≥ ${least}${unit}`;
			return [what, wanted, figure(value) + unit, met(aim) ? 'yes' : 'no'];
		}),
	};
}

const ROOT = join(import.meta.dirname, '..');
const PEERS = [
	'@octokit/webhooks-methods',
	'stripe',
	'standardwebhooks',
	'svix',
	'n8n-workflow',
	'zapier-platform-core',
	'autocannon',
];

/** Where the real n8n is installed. */
export function runtimeFolder(): string {
	return process.env['HOOKLINE_RUNTIME_DIR'] ?? join(ROOT, 'runtime/n8n');
}

/** What was measured on what. */
export function versions(): Record<string, string> {
	const { version } = read(join(ROOT, 'package.json'));
	const all: Record<string, string> = {
		hookline: `${version} (${commit()})`,
		node: process.versions.node,
		openssl: process.versions.openssl,
		processor: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
	};
	for (const [name, folder] of [
		...PEERS.map((peer) => [peer, join(ROOT, 'node_modules')]),
		['n8n', join(runtimeFolder(), 'node_modules')],
	]) {
		try {
			all[name!] = read(join(folder!, name!, 'package.json')).version;
		} catch {
			all[name!] = 'not installed';
		}
	}
	return all;
}

function read(file: string): { version: string } {
	return JSON.parse(readFileSync(file, 'utf8')) as { version: string };
}

function commit(): string {
	try {
		const git = (...args: string[]) =>
			execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
		const changed = git('status', '--porcelain', '--', 'core', 'providers', 'nodes', 'zapier');
		return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : ', changed');
	} catch {
		return 'no commit';
	}
}

/** `require` of what has no types or is CommonJS only. */
export const require = createRequire(import.meta.url);

export interface Result {
	part: string;
	quick: boolean;
	tables: Table[];
	aims: Aim[];
}

/** Writes `bench/results/<name>.json` and `.md`. Returns the path of the latter. */
export function write(name: string, results: readonly Result[]): string {
	const folder = join(import.meta.dirname, 'results');
	mkdirSync(folder, { recursive: true });
	const about = versions();
	writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ versions: about, results }, undefined, '\t')}\n`);
	const file = join(folder, `${name}.md`);
	writeFileSync(file, document(about, results));
	return file;
}

function document(about: Record<string, string>, results: readonly Result[]): string {
	const quick = results.some((result) => result.quick) ? ['', 'A quick run: the figures are rough.'] : [];
	const aims = results.flatMap((result) => result.aims);
	return [
		'# Measured',
		'',
		'Written by `npm run bench`. Only what was measured in one run can be compared: read the ratios.',
		...quick,
		'',
		...Object.entries(about).map(([what, version]) => `- ${what} ${version}`),
		'',
		...(aims.length === 0 ? [] : [drawTable(aimsTable(aims))]),
		...results.flatMap(({ part, tables }) => [`## ${part}`, '', ...tables.map(drawTable)]),
	].join('\n');
}
