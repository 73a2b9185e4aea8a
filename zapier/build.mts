/**
 * Builds the Zapier apps: `zapier/<service>/build/build.zip` each, with Zapier's own CLI, without network or login.
 *
 *     npm run zapier:build                 all five
 *     npm run zapier:build -- solatis      one of them
 */
import { existsSync, realpathSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { APPS, appFolder, buildZip, type AppName } from './apps.mts';
import { startCheckServer } from './check-server.mts';
import type { Finding } from './checks.mts';
import { zapierCli } from './cli.mts';
import type { ContractType } from './shared/contract-types.mts';

const ROOT = realpathSync(fileURLToPath(new URL('..', import.meta.url)));
const CORE = 'zapier-platform-core';

/** What a build came to. */
export interface Built {
	app: AppName;
	zip: string;
	bytes: number;
	/** What the check server found that does not stop a build. */
	findings: readonly Finding[];
}

/**
 * Builds apps one after another.
 * @param report Gets a line for each step.
 * @throws Error with the CLI's output and what the check server found, when a build fails.
 */
export async function buildApps(apps: readonly AppName[], report: (line: string) => void): Promise<Built[]> {
	report('Laying out zapier-platform-core');
	const workshop = await openWorkshop();
	const checks = await startCheckServer();
	try {
		const built: Built[] = [];
		for (const [index, app] of apps.entries()) {
			const step = `[${index + 1}/${apps.length}] ${app}`;
			const started = Date.now();
			report(`${step}: building`);
			await layOut(workshop, app);
			const { code, output } = await zapierCli(['build', '--skip-dep-install'], workshop.folder, checks.url);
			const findings = checks.checked.at(-1) ?? [];
			if (code !== 0) {
				const found = findings.map(({ rule, where, message }) => `${rule} ${where}: ${message}`);
				throw new Error([`The build of ${app} failed:`, output, ...found].join('\n'));
			}
			const zip = buildZip(app);
			for (const name of ['build.zip', 'source.zip']) {
				await cp(join(workshop.folder, 'build', name), join(dirname(zip), name));
			}
			const { size: bytes } = await stat(zip);
			const seconds = ((Date.now() - started) / 1000).toFixed(1);
			report(`${step}: ${Math.round(bytes / 1024)} KB in ${seconds} s`);
			built.push({ app, zip, bytes, findings });
		}
		return built;
	} finally {
		await checks.close();
		await workshop.close();
	}
}

/**
 * A folder of its own to build in, with core installed. It lies outside of the repository, so that the CLI packs nothing of what
 * happens to be installed here (node-fetch looks for an optional package, and finds one in the root's `node_modules`).
 */
export interface Workshop {
	folder: string;
	close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
	const folder = await mkdtemp(join(tmpdir(), 'zapier-build-'));
	await installCore(folder);
	return { folder, close: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Puts an app into a workshop: its package.json, the bundle that is what runs, and all of its source, shared code included, so that the
 * `source.zip` that the CLI makes of it can be built again by itself (`npm install && npm run build`).
 */
export async function layOut({ folder }: Workshop, app: AppName): Promise<void> {
	for (const left of ['source', 'dist', 'build']) await rm(join(folder, left), { recursive: true, force: true });
	const { text, sources } = await bundled(app);
	await mkdir(join(folder, 'dist'));
	await writeFile(join(folder, 'dist/index.js'), text);
	for (const source of sources) {
		const to = join(folder, 'source', source);
		await mkdir(dirname(to), { recursive: true });
		if (source === CONTRACT_TYPES) await writeFile(to, await contractTypes(app));
		else await cp(join(ROOT, source), to);
	}
	const manifest = JSON.parse(await readFile(join(appFolder(app), 'package.json'), 'utf8')) as {
		scripts: Record<string, string>;
		devDependencies?: Record<string, string>;
	};
	const script = manifest.scripts['_zapier-build'] ?? '';
	const own = script.replace('src/index.mts', `source/zapier/${app}/src/index.mts`);
	manifest.scripts = { build: own, '_zapier-build': own };
	manifest.devDependencies = { esbuild: await versionOf('esbuild') };
	await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
	await cp(join(appFolder(app), '.gitignore'), join(folder, '.gitignore'));
}

/** Bundles an app. The same settings as the `_zapier-build` script of its package.json. */
export async function bundleOf(app: AppName): Promise<string> {
	return (await bundled(app)).text;
}

/** The bundle, and the files that went into it, relative to the repository. */
async function bundled(app: AppName): Promise<{ text: string; sources: string[] }> {
	const types = await contractTypes(app);
	const { outputFiles, metafile } = await build({
		absWorkingDir: ROOT,
		entryPoints: [join(appFolder(app), 'src/index.mts')],
		write: false,
		metafile: true,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node22',
		external: [CORE],
		logLevel: 'warning',
		plugins: [
			{
				name: 'contract-types',
				setup: (plugin) =>
					plugin.onLoad({ filter: /contract-types\.mts$/ }, () => ({
						contents: types,
						loader: 'ts',
						resolveDir: ROOT,
					})),
			},
		],
	});
	return { text: outputFiles.map(({ text }) => text).join(''), sources: Object.keys(metafile.inputs) };
}

/** Where the table of contract types is that the build fills in. */
const CONTRACT_TYPES = 'zapier/shared/contract-types.mts';

/** That file, with the service's own table: of each call the fields of its answer whose type is certain. */
async function contractTypes(app: AppName): Promise<string> {
	const contract = JSON.parse(await readFile(join(ROOT, `contracts/${app}.json`), 'utf8')) as {
		calls: Record<string, { answer?: { fields?: Record<string, string | { type: string }> } }>;
	};
	const table = Object.fromEntries(
		Object.entries(contract.calls).flatMap(([operation, { answer }]) => {
			const known = Object.entries(answer?.fields ?? {}).flatMap(([name, field]) => {
				const type = TYPES[typeof field === 'string' ? field : field.type];
				return type === undefined || !/^\w+$/.test(name) ? [] : [[name, type] as const];
			});
			return known.length > 0 ? [[operation, Object.fromEntries(known)]] : [];
		}),
	);
	const empty = await readFile(join(ROOT, CONTRACT_TYPES), 'utf8');
	return empty.replace(
		'CONTRACT_TYPES: ContractTypes = {}',
		`CONTRACT_TYPES: ContractTypes = ${JSON.stringify(table)}`,
	);
}

/** Types of a contract as Zapier has them. What can be of several types has none. */
const TYPES: { readonly [type: string]: ContractType } = {
	string: 'string',
	email: 'string',
	url: 'string',
	e164: 'string',
	id: 'string',
	int: 'integer',
	number: 'number',
	bool: 'boolean',
	date: 'datetime',
	datetime: 'datetime',
};

async function versionOf(name: string): Promise<string> {
	const manifest = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
	return (JSON.parse(manifest) as { version: string }).version;
}

/** Copies core and all that it needs from the root's `node_modules`: what the root's lock file pins, and nothing to download. */
async function installCore(folder: string): Promise<void> {
	for (const source of await closure(CORE)) {
		const to = join(folder, relative(ROOT, source));
		await mkdir(dirname(to), { recursive: true });
		// Packages nested in it are in the closure themselves, where they are needed.
		const isOwn = (path: string) => !relative(source, path).startsWith('node_modules');
		await cp(source, to, { recursive: true, filter: isOwn });
	}
}

/** The folders of a package and of everything that it depends on, in the root's `node_modules`. */
async function closure(name: string): Promise<Set<string>> {
	const found = new Set<string>();
	const visit = async (dependency: string, from: string): Promise<void> => {
		const folder = packageFolder(dependency, from);
		if (found.has(folder)) return;
		found.add(folder);
		const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
			dependencies?: Record<string, string>;
		};
		for (const next of Object.keys(manifest.dependencies ?? {})) await visit(next, folder);
	};
	await visit(name, ROOT);
	return found;
}

/** Where Node finds a package from a folder. */
function packageFolder(name: string, from: string): string {
	for (let at = from; ; at = dirname(at)) {
		const folder = join(at, 'node_modules', name);
		if (existsSync(join(folder, 'package.json'))) return folder;
		if (at === ROOT) throw new Error(`${name} is not installed. Run npm install in the folder of this repository.`);
	}
}

function isApp(name: string): name is AppName {
	return (APPS as readonly string[]).includes(name);
}

if (import.meta.main) {
	const names = process.argv.slice(2);
	const unknown = names.filter((name) => !isApp(name));
	if (unknown.length > 0) {
		console.error(`Not an app: ${unknown.join(', ')}. There are, by zapier/apps.mts: ${APPS.join(', ')}`);
		process.exitCode = 1;
	} else {
		await buildApps(names.length > 0 ? names.filter(isApp) : APPS, (line) => console.log(line)).catch(
			(cause: unknown) => {
				console.error(cause instanceof Error ? cause.message : cause);
				process.exitCode = 1;
			},
		);
	}
}
