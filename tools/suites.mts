/** The suites of `npm test`. */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packagesAreBuilt } from './demo/built.mts';
import { command, jest, lint, nodeTests, type Result, type RunOptions } from './runners.mts';

const ROOT = join(import.meta.dirname, '..');

export interface Suite {
	name: string;
	does: string;
	/** Run only when it is named. */
	onRequest: boolean;
	/** It mostly waits for a real n8n, so it can run together with another. */
	waits: boolean;
	/** After so many minutes it is ended and has failed. */
	minutes: number;
	run: (options: RunOptions) => Promise<Result>;
}

/** What is known of the suites in `test/<name>/`; a folder that is not named here is run as well, last. */
const FOLDERS: readonly {
	name: string;
	does: string;
	minutes: number;
	files?: number;
	/** Its longest files: they begin first, so that none runs alone at the end. */
	longest?: readonly string[];
	packages?: true;
	shows?: true;
	waits?: true;
	onRequest?: true;
}[] = [
	{ name: 'tools', does: 'the commands, and the runner of the tests', minutes: 5 },
	{ name: 'sandbox', does: 'the sandbox behaves as the services document', minutes: 10 },
	{ name: 'fuzz', does: 'generated input: nothing forged is accepted, nothing throws', minutes: 10, shows: true },
	{ name: 'zapier', does: 'the Zapier apps, run from their build.zip', minutes: 30, files: 1 },
	{ name: 'checks', does: 'the packages, the documents, who imports whom', minutes: 30, packages: true },
	{
		name: 'n8n',
		does: 'the nodes in a real n8n',
		minutes: 45,
		longest: ['healing.test.mts', 'watching.test.mts', 'lifecycle.test.mts'],
		packages: true,
		waits: true,
	},
	{
		name: 'styles',
		does: 'services of the world, described by data alone',
		minutes: 10,
		files: 1,
		shows: true,
		waits: true,
	},
	{
		name: 'conformance',
		does: 'every service against every case',
		minutes: 30,
		packages: true,
		shows: true,
		waits: true,
	},
	{
		name: 'faults',
		does: 'what is lost, doubled or left behind under failures',
		minutes: 30,
		longest: ['lost-or-doubled.test.mts'],
		packages: true,
		shows: true,
		waits: true,
	},
];

/** All suites, the quick ones first. */
export const SUITES: readonly Suite[] = [
	{
		name: 'lint',
		does: 'types, rules, formatting, what nobody uses',
		onRequest: false,
		waits: false,
		minutes: 15,
		run: lint,
	},
	{
		name: 'unit',
		does: 'core, providers and nodes, without a server',
		onRequest: false,
		waits: false,
		minutes: 8,
		run: jest,
	},
	...folders().map(
		({
			name,
			does,
			minutes,
			files = 2,
			longest = [],
			packages = false,
			shows = false,
			waits = false,
			onRequest = false,
		}): Suite => ({
			name,
			does,
			minutes,
			onRequest,
			waits,
			run: async (options) =>
				(packages ? await buildPackages(options) : undefined) ??
				(await nodeTests(filesOf(name, longest), files, shows, options)),
		}),
	),
];

/** The folders that hold tests, those that are known in their order. */
function folders(): readonly (typeof FOLDERS)[number][] {
	const found = new Set(globSync('test/*/**/*.test.mts', { cwd: ROOT }).map((file) => file.split(/[\\/]/)[1] ?? ''));
	const others = [...found].filter((name) => !FOLDERS.some((known) => known.name === name));
	return [
		...FOLDERS.filter(({ name }) => found.has(name)),
		...others.map((name) => ({ name, does: `the tests in test/${name}`, minutes: 10 })),
	];
}

/** The test files of a folder, as absolute paths: those that are named first, the others by name. */
function filesOf(name: string, first: readonly string[]): string[] {
	const place = (file: string) => (first.includes(basename(file)) ? first.indexOf(basename(file)) : first.length);
	return globSync(`test/${name}/**/*.test.mts`, { cwd: ROOT })
		.sort()
		.toSorted((one, other) => place(one) - place(other))
		.map((file) => join(ROOT, file));
}

let building: ReturnType<typeof built> | undefined;

/** Builds the n8n packages that a suite is about, once for all suites; gives a result only when that fails. */
function buildPackages({ signal }: RunOptions): ReturnType<typeof built> {
	return (building ??= built(signal));
}

async function built(signal: AbortSignal): Promise<Result | undefined> {
	if (packagesAreBuilt()) return undefined;
	const { code, output } = await command(['tools/package.mts', '--no-tarball'], signal);
	return code === 0
		? undefined
		: { passed: 0, failed: 1, skipped: 0, output: `The packages could not be built:\n${output}` };
}
