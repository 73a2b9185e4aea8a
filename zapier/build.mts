/**
 * Builds the Zapier apps: `zapier/<service>/build/build.zip` each, with Zapier's own CLI, without network or login.
 *
 *     npm run zapier:build                 all five
 *     npm run zapier:build -- solatis      one of them
 */
import { cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS, appFolder, buildZip, type AppName } from './apps.mts';
import { startCheckServer } from './check-server.mts';
import { zapierCli } from './cli.mts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CORE = 'zapier-platform-core';

/**
 * Builds apps one after another.
 * @param report Gets a line for each step.
 * @throws Error with the CLI's output when a build fails.
 */
export async function buildApps(apps: readonly AppName[], report: (line: string) => void): Promise<void> {
	const checks = await startCheckServer();
	try {
		for (const [index, app] of apps.entries()) {
			const started = Date.now();
			report(`[${index + 1}/${apps.length}] ${app}: building`);
			await installCore(appFolder(app));
			const run = await zapierCli(['build', '--skip-dep-install'], appFolder(app), checks.url);
			if (run.code !== 0) throw new Error(`The build of ${app} failed:\n${run.output}`);
			const { size } = await stat(buildZip(app));
			report(
				`[${index + 1}/${apps.length}] ${app}: ${Math.round(size / 1024)} KB in ${((Date.now() - started) / 1000).toFixed(1)} s`,
			);
		}
	} finally {
		await checks.close();
	}
}

/**
 * Gives an app folder a `node_modules` of its own with core and all that it needs, copied from the root's: the same versions that the
 * root's lock file pins, and nothing to download. (The CLI packs what lies in the app's folder; links would lead it out of there.)
 */
export async function installCore(folder: string): Promise<void> {
	const target = join(folder, 'node_modules');
	const wanted = await readManifest(packageFolder(CORE, ROOT));
	const present = join(target, CORE, 'package.json');
	if (existsSync(present) && (await readManifest(dirname(present))).version === wanted.version) return;
	await rm(target, { recursive: true, force: true });
	for (const source of await closure(CORE)) {
		const to = join(folder, relative(ROOT, source));
		await mkdir(dirname(to), { recursive: true });
		// Nested packages are in the closure themselves where they are needed.
		await cp(source, to, {
			recursive: true,
			filter: (path) => path === source || !relative(source, path).startsWith('node_modules'),
		});
	}
}

/** The folders of a package and of everything that it depends on, in the root's `node_modules`. */
async function closure(name: string): Promise<Set<string>> {
	const found = new Set<string>();
	const visit = async (dependency: string, from: string): Promise<void> => {
		const folder = packageFolder(dependency, from);
		if (found.has(folder)) return;
		found.add(folder);
		const { dependencies = {} } = await readManifest(folder);
		for (const next of Object.keys(dependencies)) await visit(next, folder);
	};
	await visit(name, ROOT);
	return found;
}

/** Where Node finds a package from a folder. */
function packageFolder(name: string, from: string): string {
	for (let at = realpathSync(from); ; at = dirname(at)) {
		const folder = join(at, 'node_modules', name);
		if (existsSync(join(folder, 'package.json'))) return folder;
		if (relative(ROOT, at) === '') throw new Error(`${name} is not installed. Run npm install in ${ROOT}`);
	}
}

async function readManifest(folder: string): Promise<{ version: string; dependencies?: Record<string, string> }> {
	return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
}

function isApp(name: string): name is AppName {
	return (APPS as readonly string[]).includes(name);
}

if (import.meta.main) {
	const names = process.argv.slice(2);
	const unknown = names.filter((name) => !isApp(name));
	if (unknown.length > 0) {
		console.error(`Not an app: ${unknown.join(', ')}. There are: ${APPS.join(', ')}`);
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
