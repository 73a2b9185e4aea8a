/**
 * Builds the n8n packages: `packages/<name>/dist` and `build/<name>-<version>.tgz`.
 *
 * All sources are compiled once, in one TypeScript program; each package then gets those files that its nodes and
 * credentials reach. Type errors end the build before anything is written.
 */
import { execFileSync } from 'node:child_process';
import {
	copyFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { outputSchemas } from './output-schemas.mts';
import { packages, packagesNamed, ROOT, type Package } from './packages.mts';

const HELP = `Usage: node tools/package.mts [options] [name...]

Builds the n8n packages: packages/<name>/dist and build/<name>-<version>.tgz.
A name is a service's id (${packages.map((one) => one.provider.id).join(', ')}) or a package's name. None: all.

  --no-tarball  only packages/<name>/dist
  --help        show this
`;

/** How sources become what n8n loads: the options of `packages/tsconfig.json`, as they stand there. */
export function sharedOptions(): object {
	const text = readFileSync(join(ROOT, 'packages/tsconfig.json'), 'utf8');
	return (JSON.parse(text) as { compilerOptions: object }).compilerOptions;
}

/** The same for the compiler, with every file where its source is. */
function compilerOptions(): ts.CompilerOptions {
	const { options, errors } = ts.convertCompilerOptionsFromJson(sharedOptions(), ROOT);
	if (errors[0] !== undefined) throw new Error(ts.flattenDiagnosticMessageText(errors[0].messageText, '\n'));
	return { ...options, rootDir: ROOT, outDir: ROOT };
}

/** Compiled files by path relative to the repository, e.g. `core/body.js`. */
export type Compiled = ReadonlyMap<string, string>;

/**
 * Compiles source files and all they import.
 * @throws Error with the compiler's messages, when there is a type error.
 */
export function compile(sources: readonly string[]): Compiled {
	const program = ts.createProgram(
		sources.map((source) => join(ROOT, source)),
		compilerOptions(),
	);
	const diagnostics = ts.getPreEmitDiagnostics(program);
	if (diagnostics.length > 0) {
		const form: ts.FormatDiagnosticsHost = {
			getCurrentDirectory: () => ROOT,
			getCanonicalFileName: (name) => name,
			getNewLine: () => '\n',
		};
		throw new Error(ts.formatDiagnostics(diagnostics, form).trimEnd());
	}
	const compiled = new Map<string, string>();
	program.emit(undefined, (name, text) => compiled.set(relative(ROOT, name).replaceAll('\\', '/'), text));
	return compiled;
}

/** The source files that n8n loads from these packages. */
export function entriesOf(chosen: readonly Package[]): string[] {
	return chosen.flatMap((one) => [...one.nodes, ...one.credentials]);
}

/** Whatever these entry points import, directly or not, themselves included. `read` gives the text of a file. */
export function reached(entries: readonly string[], read: (file: string) => string): Set<string> {
	const found = new Set<string>();
	const visit = (file: string): void => {
		if (found.has(file)) return;
		found.add(file);
		for (const { fileName } of ts.preProcessFile(read(file), true, true).importedFiles) {
			if (fileName.startsWith('.')) visit(posix.join(posix.dirname(file), fileName));
		}
	};
	for (const entry of entries) visit(entry);
	return found;
}

/** Icons and search words, which n8n reads next to the compiled nodes. */
export function assets(stem: string): string[] {
	return readdirSync(join(ROOT, 'nodes', stem))
		.filter((name) => name.endsWith('.svg') || name.endsWith('.node.json'))
		.map((name) => `nodes/${stem}/${name}`);
}

/** Writes what n8n's editor shows of an action's output before it ran, below `folder`. Returns the bytes. */
export function writeSchemas({ provider, stem }: Package, folder: string): number {
	let size = 0;
	for (const [path, schema] of outputSchemas(provider)) {
		const file = join(folder, 'nodes', stem, path);
		const text = JSON.stringify(schema);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
		size += Buffer.byteLength(text);
	}
	return size;
}

/**
 * Writes a package's `dist` again; into another folder, with all else that is published. The old one stays in place until the
 * new one is whole. Returns the size of `dist` in bytes.
 */
export function assemble(one: Package, compiled: Compiled, folder = one.folder): number {
	const dist = join(folder, 'dist');
	const fresh = join(folder, `dist.${process.pid}.tmp`);
	const entries = entriesOf([one]).map((source) => source.replace(/\.ts$/, '.js'));
	const read = (file: string): string => {
		const text = compiled.get(file);
		if (text === undefined) throw new Error(`${file} is imported and was not compiled`);
		return text;
	};
	let size = 0;
	rmSync(fresh, { recursive: true, force: true });
	// What is imported as a type only is gone from the compiled text, and so from the package.
	for (const file of reached(entries, read)) {
		mkdirSync(dirname(join(fresh, file)), { recursive: true });
		writeFileSync(join(fresh, file), read(file));
		size += statSync(join(fresh, file)).size;
	}
	for (const file of assets(one.stem)) {
		copyFileSync(join(ROOT, file), join(fresh, file));
		size += statSync(join(fresh, file)).size;
	}
	size += writeSchemas(one, fresh);
	rmSync(dist, { recursive: true, force: true });
	renameSync(fresh, dist);
	copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
	if (folder !== one.folder) {
		for (const file of ['package.json', 'README.md']) copyFileSync(join(one.folder, file), join(folder, file));
	}
	return size;
}

/** A tarball, as `npm pack` tells of it. */
export interface Packed {
	name: string;
	filename: string;
	/** Bytes. */
	size: number;
	unpackedSize: number;
	entryCount: number;
}

/** Makes the tarballs of packages, exactly as `npm publish` would. */
export function pack(folders: readonly string[], target: string): Packed[] {
	mkdirSync(target, { recursive: true });
	const answer = execFileSync(
		'npm',
		['pack', '--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', target, ...folders],
		{ cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' },
	);
	return JSON.parse(answer) as Packed[];
}

function kilobytes(bytes: number): string {
	return `${(bytes / 1000).toFixed(1)} kB`;
}

/** The command. Returns the exit code. */
function main(args: string[]): number {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: { help: { type: 'boolean', short: 'h' }, 'no-tarball': { type: 'boolean' } },
	});
	if (values.help === true) {
		process.stdout.write(HELP);
		return 0;
	}
	const started = performance.now();
	const chosen = packagesNamed(positionals);
	const compiled = compile(entriesOf(chosen));
	for (const one of chosen) {
		const size = assemble(one, compiled);
		process.stdout.write(`packages/${one.name}/dist: ${kilobytes(size)}\n`);
	}
	if (values['no-tarball'] !== true) {
		for (const { filename, size, unpackedSize, entryCount } of pack(
			chosen.map((one) => one.folder),
			join(ROOT, 'build'),
		)) {
			process.stdout.write(
				`build/${filename}: ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked, ${entryCount} files\n`,
			);
		}
	}
	process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
	return 0;
}

if (import.meta.main) {
	try {
		process.exitCode = main(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
