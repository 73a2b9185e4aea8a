/** How versions come about (docs/releasing.md), tried in a copy: a changeset, `changeset version`, `changeset tag`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { packages, ROOT } from '../../tools/packages.mts';
import { temporaryFolder } from './support/folder.mts';
import { runNode } from './support/run.mts';

describe('a release', () => {
	const folder = temporaryFolder();
	const git = (...args: string[]) =>
		execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
			cwd: folder,
			encoding: 'utf8',
		});
	const changeset = async (command: string): Promise<void> => {
		const { code, output } = await runNode([join(ROOT, 'node_modules/@changesets/cli/bin.js'), command], folder);
		assert.equal(code, 0, output);
	};
	const manifest = (file: string) =>
		JSON.parse(readFileSync(join(folder, file), 'utf8')) as { name: string; version: string };
	const zapierApps = globSync('zapier/*/package.json', { cwd: ROOT });

	before(() => {
		const files = ['package.json', 'lerna.json', '.changeset/config.json', ...zapierApps];
		for (const file of [...files, ...packages.map(({ name }) => `packages/${name}/package.json`)]) {
			mkdirSync(dirname(join(folder, file)), { recursive: true });
			cpSync(join(ROOT, file), join(folder, file));
		}
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
		writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
		git('init', '--quiet', '--initial-branch', 'main');
		git('add', '.');
		git('commit', '--quiet', '--message', 'all');
	});

	it('raises the versions that a changeset names, n8n packages and Zapier apps, and writes their changelogs', async () => {
		const was = manifest('packages/n8n-nodes-solatis/package.json').version;
		const all = [...packages.map(({ name }) => name), ...zapierApps.map((file) => manifest(file).name)];
		assert.equal(all.length, 2 * packages.length);
		const lines = all.map((name) => `'${name}': ${name === 'n8n-nodes-solatis' ? 'minor' : 'patch'}`);
		writeFileSync(
			join(folder, '.changeset/one.md'),
			`---\n${lines.join('\n')}\n---\n\nWhat a person reads about it.\n`,
		);
		const before = new Map(all.map((name) => [name, '']));
		for (const file of globSync('{packages,zapier}/*/package.json', { cwd: folder })) {
			before.set(manifest(file).name, manifest(file).version);
		}
		await changeset('version');
		for (const file of globSync('{packages,zapier}/*/package.json', { cwd: folder })) {
			const { name, version } = manifest(file);
			assert.notEqual(version, before.get(name), name);
			const log = readFileSync(join(folder, dirname(file), 'CHANGELOG.md'), 'utf8');
			assert.match(
				log,
				new RegExp(`^# ${name}\\n\\n## ${version.replaceAll('.', '\\.')}\\n\\n[^]*What a person reads`),
			);
		}
		const [major, minor] = was.split('.').map(Number);
		assert.equal(manifest('packages/n8n-nodes-solatis/package.json').version, `${major}.${(minor ?? 0) + 1}.0`);
		assert.deepEqual(globSync('.changeset/*.md', { cwd: folder }), []);
	});

	it('tags each n8n package as the workflow wants it, once, and no Zapier app', async () => {
		git('add', '.');
		git('commit', '--quiet', '--message', 'release');
		await changeset('tag');
		await changeset('tag');
		const expected = packages.map(({ name }) => `${name}@${manifest(`packages/${name}/package.json`).version}`);
		assert.deepEqual(git('tag', '--points-at', 'HEAD').trim().split('\n').sort(), expected.sort());
	});
});
