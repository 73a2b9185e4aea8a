/**
 * `npm run test:versions -- 1.123.81 2.0.3`: installs each version of n8n that can be installed, one at a time, and runs the tables of
 * conformance and of the life cycle with it. The last line is the whole result: `N passed, N failed`.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError, installVersion, interruptInstall, ROOT, runtimeFolder, type Recipe } from './install.mjs';
import { progress, totals } from './progress.mts';
import { command, nodeTests, type Result } from './runners.mts';

/**
 * The versions that are tried when none is named, and what the installation of each needs so that npm finds packages that fit: n8n
 * names some by ranges, and what is newest in a range does not always fit the rest any more.
 */
const VERSIONS: Readonly<Record<string, Recipe>> = {
	// The last of 1.x. It names xlsx by an address outside of the registry.
	'1.123.81': { overrides: { xlsx: '0.18.5', '@langchain/langgraph-checkpoint': '1.0.0' } },
	'2.0.3': { overrides: { xlsx: '0.18.5', '@langchain/langgraph-checkpoint': '1.0.0' } },
	// Sentry's package takes the OpenTelemetry that lies on top, which would be that of another package.
	'2.20.12': {
		overrides: { xlsx: '0.18.5', '@langchain/core': '1.1.48' },
		dependencies: { '@opentelemetry/core': '2.6.0' },
	},
	// What every other test runs with: in runtime/n8n, by a lock file.
	'2.41.1': {},
};

const HELP = `Usage: npm run test:versions -- [version...] [--install] [-- <part of a test's name, or a regular expression>]

Installs each version of n8n into n8n-<version> next to runtime/n8n (two to six minutes, up to 2.4 GB), one at a time, and runs the conformance
table and the life cycle of the triggers with it. Without a version: ${Object.keys(VERSIONS).join(', ')}.
Any other version is tried as it is; what it needs so that npm can install it belongs in tools/versions.mts.

  --install    install them, and run nothing
  --help       this text`;

/** The version in runtime/n8n. */
const LOCKED = '2.41.1';

/** In test/n8n: what is about the commands of this repository and its examples, or runs another file the old way by itself. */
const NOT_ABOUT_VERSIONS = ['start', 'dev', 'examples', 'old-start'];

const FILES = [
	...globSync('test/conformance/*.test.mts', { cwd: ROOT }),
	...globSync('test/n8n/*.test.mts', { cwd: ROOT }).filter(
		(file) => !NOT_ABOUT_VERSIONS.some((name) => file.endsWith(`${name}.test.mts`)),
	),
].sort();

interface Request {
	versions: readonly string[];
	pattern: string | undefined;
	installOnly: boolean;
	help: boolean;
}

/** Reads the command line. @throws Error in a sentence when it is no version or option. */
function requestOf(args: readonly string[]): Request {
	const end = args.indexOf('--');
	const words = end < 0 ? args : args.slice(0, end);
	const options = words.filter((word) => word.startsWith('-'));
	const odd = options.find((option) => !['--install', '--help'].includes(option));
	if (odd !== undefined) throw new Error(`There is no option ${odd}.`);
	const versions = words.filter((word) => !word.startsWith('-'));
	const wrong = versions.find((version) => !/^\d+\.\d+\.\d+$/.test(version));
	if (wrong !== undefined) throw new Error(`"${wrong}" is no version of n8n: write it in full, as in 2.41.1.`);
	return {
		versions: versions.length > 0 ? versions : Object.keys(VERSIONS),
		pattern: end < 0 ? undefined : args.slice(end + 1).join(' '),
		installOnly: options.includes('--install'),
		help: options.includes('--help'),
	};
}

/** Installs a version; gives its folder. */
async function install(version: string): Promise<string> {
	if (version === LOCKED) return runtimeFolder();
	return await installVersion(process.execPath, version, VERSIONS[version] ?? {});
}

async function main(): Promise<number> {
	const { versions, pattern, installOnly, help } = requestOf(process.argv.slice(2));
	if (help) {
		console.log(HELP);
		return 0;
	}
	const stop = new AbortController();
	for (const [signal, number] of [
		['SIGINT', 2],
		['SIGTERM', 15],
	] as const) {
		process.on(signal, () => {
			process.exitCode = 128 + number;
			interruptInstall();
			stop.abort();
		});
	}
	if (!installOnly) {
		const built = await command(['tools/package.mts', '--no-tarball'], stop.signal);
		if (built.code !== 0) throw new Error(`The packages could not be built:\n${built.output}`);
	}
	// What is installed by version lies next to this one, also once another is in use.
	const first = runtimeFolder();
	const sum: Result = { passed: 0, failed: 0, skipped: 0, output: '' };
	const rows: string[] = [];
	for (const [index, version] of versions.entries()) {
		if (stop.signal.aborted) break;
		const label = `[${index + 1}/${versions.length}] n8n ${version}`;
		let folder: string;
		try {
			process.env['HOOKLINE_RUNTIME_DIR'] = first;
			folder = await install(version);
		} catch (cause) {
			if (!(cause instanceof InstallError)) throw cause;
			sum.failed += 1;
			rows.push(`n8n ${version}: cannot be installed here: ${cause.message}`);
			console.log(`${label}: cannot be installed here: ${cause.message}`);
			continue;
		}
		if (installOnly) {
			rows.push(`n8n ${version}: ${folder}`);
			continue;
		}
		// The test files, each a process of its own, find n8n by this.
		process.env['HOOKLINE_RUNTIME_DIR'] = folder;
		const line = progress()(label);
		const files = FILES.map((file) => join(ROOT, file));
		const result = await nodeTests(files, 1, true, {
			pattern,
			long: false,
			signal: stop.signal,
			progress: line.update,
		});
		line.end(result);
		for (const key of ['passed', 'failed', 'skipped'] as const) sum[key] += result[key];
		rows.push(`n8n ${version}: ${totals(result)}`);
		if (result.output !== '') console.log(`\n${result.output.trimEnd()}\n`);
	}
	console.log(`\n${rows.join('\n')}`);
	if (installOnly) return Number(process.exitCode ?? (sum.failed > 0 ? 1 : 0));
	if (sum.passed + sum.failed === 0) sum.failed = 1;
	console.log(`\n${totals(sum)}`);
	return Number(process.exitCode ?? (sum.failed > 0 ? 1 : 0));
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
