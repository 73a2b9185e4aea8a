/** Zapier's own CLI takes all apps, offline: `validate`, and what `build` made. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { providers } from '../../providers/index.ts';
import { APPS } from '../../zapier/apps.mts';
import { layOut, openWorkshop, type Workshop } from '../../zapier/build.mts';
import { startCheckServer, type CheckServer } from '../../zapier/check-server.mts';
import { STATIC_HOOK_RULES } from '../../zapier/checks.mts';
import { zapierCli } from '../../zapier/cli.mts';
import { freshBuild } from '../../harness/zapier/builds.mts';
import { isStatic } from './support/suite.mts';
import { unzip } from '../../harness/zapier/unzip.mts';

const esbuild = fileURLToPath(new URL('../../node_modules/esbuild/bin/esbuild', import.meta.url));

describe('the real CLI, offline', () => {
	let workshop: Workshop;
	let checks: CheckServer;

	before(async () => {
		[workshop, checks] = await Promise.all([openWorkshop(), startCheckServer()]);
	});
	after(async () => {
		await workshop.close();
		await checks.close();
	});

	for (const app of APPS) {
		it(`validate: ${app} passes, schema and our reading of the D-rules`, async () => {
			await layOut(workshop, app);
			const { code, output } = await zapierCli(['validate'], workshop.folder, checks.url);
			assert.equal(code, 0, output);
			assert.match(output, /structurally sound/);
			const rules = new Set(checks.checked.at(-1)?.map(({ rule }) => rule));
			// A service with no documented way to subscribe: its triggers are static hooks, which Zapier discourages (D016, D017).
			if (providers.some((provider) => provider.id === app && isStatic(provider))) {
				assert.ok(rules.size > 0 && [...rules].every((rule) => STATIC_HOOK_RULES.includes(rule)), [...rules].join());
			} else {
				assert.deepEqual([...rules], []);
			}
		});
	}

	for (const app of APPS) {
		it(`build: the zip of ${app} holds the app, core, and nothing of this machine`, async () => {
			const folder = await mkdtemp(join(tmpdir(), 'zapier-zip-'));
			try {
				await unzip(await freshBuild(app), folder);
				// The CLI adds every package.json that it finds: that of the source, too, and nothing else of it.
				assert.deepEqual(await readdir(join(folder, 'source/zapier', app)), ['package.json']);
				const own = (await readdir(folder)).filter((name) => name !== 'source');
				assert.deepEqual(own.sort(), ['definition.json', 'dist', 'node_modules', 'package.json', 'zapierwrapper.js']);
				const core = JSON.parse(await readFile(join(folder, 'node_modules/zapier-platform-core/package.json'), 'utf8'));
				const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
				assert.deepEqual(about.dependencies, { 'zapier-platform-core': core.version });
				const bundle = await readFile(join(folder, 'dist/index.js'), 'utf8');
				const definition = await readFile(join(folder, 'definition.json'), 'utf8');
				for (const text of [bundle, definition]) {
					assert.ok(!text.includes(process.cwd()) && !text.includes(tmpdir() + '/'));
				}
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		});

		it(`source: from the source.zip of ${app} alone the same app can be built`, async () => {
			const folder = await mkdtemp(join(tmpdir(), 'zapier-source-'));
			try {
				const zip = await freshBuild(app);
				await unzip(join(dirname(zip), 'source.zip'), folder);
				const { scripts, devDependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
				assert.match(devDependencies.esbuild, /^\d/);
				assert.ok(!(await readdir(folder)).includes('dist'), 'nothing that is built');
				const [command, ...args] = String(scripts['_zapier-build']).split(' ');
				assert.equal(command, 'esbuild');
				execFileSync(process.execPath, [esbuild, ...args], { cwd: folder });
				const built = await mkdtemp(join(folder, 'built-'));
				await unzip(zip, built);
				const code = async (path: string) => (await readFile(path, 'utf8')).replace(/^\/\/ .*\n/gm, '');
				assert.equal(await code(join(folder, 'dist/index.js')), await code(join(built, 'dist/index.js')));
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		});
	}
});
