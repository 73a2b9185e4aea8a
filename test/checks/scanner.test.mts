/** n8n's scanner, which decides on verification: on what it finds by itself, on all sources, and on what is published. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { before, describe, it } from 'node:test';
import { listed, packages, ROOT } from '../../tools/packages.mts';
import { stage } from '../../tools/stage.mts';
import { NO_GIT } from './support/committed.mts';
import { temporaryFolder } from './support/folder.mts';
import { publish, type Published } from './support/published.mts';
import { scanner, TARBALL_PATTERNS, type Scanner } from './support/scanner.mts';

describe("n8n's scanner", () => {
	const folder = temporaryFolder();
	let tool: Scanner;
	let published: readonly Published[] = [];
	before(async () => {
		tool = await scanner();
		published = publish();
	});

	const passes = async (where: string, patterns: readonly string[]): Promise<void> => {
		const result = await tool.analyzePackage(where, patterns);
		assert.ok(result.passed, result.details ?? result.message);
		assert.equal(result.message, undefined, 'it looked at no file');
	};

	it('finds each package in the committed source, and passes it', { skip: NO_GIT }, async () => {
		const archive = join(folder, 'archive');
		mkdirSync(archive);
		execFileSync('git', ['archive', '--output', join(folder, 'archive.tar'), 'HEAD'], { cwd: ROOT });
		execFileSync('tar', ['-xf', '../archive.tar'], { cwd: archive });
		for (const { name } of packages) {
			const root = tool.findPackageRoot(archive, name);
			assert.equal(relative(archive, root ?? ''), join('packages', name));
			await passes(join(archive, 'packages', name), tool.SOURCE_FILE_PATTERNS);
		}
	});

	it('passes all of nodes/ and credentials/ together', async () => {
		// Two of its rules ask the manifest which credentials there are: here, those of all packages.
		const all = join(folder, 'all');
		for (const room of ['core', 'providers', 'nodes', 'credentials']) {
			cpSync(join(ROOT, room), join(all, room), { recursive: true });
		}
		const manifest = JSON.parse(readFileSync(join(packages[0]?.folder ?? '', 'package.json'), 'utf8')) as {
			n8n: object;
		};
		const n8n = {
			...manifest.n8n,
			nodes: packages.flatMap(({ nodes }) => listed(nodes)),
			credentials: packages.flatMap(({ credentials }) => listed(credentials)),
		};
		writeFileSync(join(all, 'package.json'), JSON.stringify({ ...manifest, n8n }));
		await passes(all, tool.SOURCE_FILE_PATTERNS);
	});

	for (const one of packages) {
		it(`passes the sources and the tarball of ${one.name}`, async () => {
			const staged = join(folder, one.name);
			stage(one, staged);
			await passes(staged, [...tool.SOURCE_FILE_PATTERNS, '{core,providers}/**/*.ts']);
			await passes(published.find(({ name }) => name === one.name)?.unpacked ?? '', TARBALL_PATTERNS);
		});
	}

	it('finds a planted violation, whatever a comment says', async () => {
		const [one] = packages;
		assert.ok(one);
		const staged = join(folder, 'planted');
		stage(one, staged);
		appendFileSync(join(staged, 'nodes/n8n/http.ts'), '\n// eslint-disable-next-line\nconsole.log(process.env);\n');
		const result = await tool.analyzePackage(staged, tool.SOURCE_FILE_PATTERNS);
		assert.equal(result.passed, false);
		for (const rule of [/no-restricted-globals/, /no-console/]) assert.match(result.details ?? '', rule);
	});
});
