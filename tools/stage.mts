/**
 * Puts the sources of one package into a folder of their own, as if the package were a repository: what n8n's tool
 * (`n8n-node lint`, `n8n-node build`) expects to find.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { assets, entriesOf, reached, sharedOptions, writeSchemas } from './package.mts';
import { packages, packagesNamed, ROOT, type Package } from './packages.mts';

const HELP = `Usage: node tools/stage.mts [--to folder] [name...]

Puts the sources of each package into a folder of their own, for n8n-node lint and n8n-node build.
A name is a service's id (${packages.map((one) => one.provider.id).join(', ')}) or a package's name. None: all.

  --to folder  where those folders go. Default: build/stage
  --help       show this
`;

/** The only lint configuration that n8n's strict mode takes. */
const ESLINT_CONFIG = `import { config } from '@n8n/node-cli/eslint';\nexport default config;\n`;

/** The source files of a package, with those it takes types from; relative to the repository. */
export function sourcesOf(one: Package): Set<string> {
	return reached(entriesOf([one]), (file) => readFileSync(join(ROOT, file), 'utf8'));
}

/** Writes the package's sources into the folder, which is emptied first. */
export function stage(one: Package, folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const file of [...sourcesOf(one), ...assets(one.stem)]) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		copyFileSync(join(ROOT, file), join(folder, file));
	}
	writeSchemas(one, folder);
	for (const file of ['package.json', 'README.md', 'LICENSE']) copyFileSync(join(one.folder, file), join(folder, file));
	writeFileSync(join(folder, 'eslint.config.mjs'), ESLINT_CONFIG);
	writeFileSync(join(folder, 'tsconfig.json'), tsconfig());
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

/** The options of the packages, and the places where n8n's tool looks for what it emits. */
function tsconfig(): string {
	const options = { ...sharedOptions(), rootDir: '.', outDir: './dist', resolveJsonModule: true };
	const include = ['core/**/*', 'providers/**/*', 'nodes/**/*', 'nodes/**/*.json', 'credentials/**/*', 'package.json'];
	return `${JSON.stringify({ compilerOptions: options, include }, undefined, 2)}\n`;
}

/** The command. */
function main(args: string[]): void {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: { help: { type: 'boolean', short: 'h' }, to: { type: 'string', default: join(ROOT, 'build/stage') } },
	});
	if (values.help === true) {
		process.stdout.write(HELP);
		return;
	}
	for (const one of packagesNamed(positionals)) {
		const folder = join(resolve(values.to), one.name);
		stage(one, folder);
		process.stdout.write(`${relative(process.cwd(), folder)}\n`);
	}
}

if (import.meta.main) {
	try {
		main(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
