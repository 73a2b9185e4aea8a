/** n8n's own tool on each package: its strict lint, and its build, which must give what ours gives. */
import assert from 'node:assert/strict';
import { appendFileSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { packages, ROOT } from '../../tools/packages.mts';
import { stage } from '../../tools/stage.mts';
import { temporaryFolder } from './support/folder.mts';
import { publish, type Published } from './support/published.mts';
import { runNode } from './support/run.mts';

const TOOL = join(ROOT, 'node_modules/@n8n/node-cli/bin/n8n-node.mjs');

describe('n8n-node', { concurrency: 2 }, () => {
	const folder = temporaryFolder();
	let published: readonly Published[] = [];
	// All at one moment: somebody may be editing the sources.
	before(() => {
		for (const one of packages) stage(one, join(folder, one.name));
		published = publish();
	});

	for (const one of packages) {
		it(`lints and builds ${one.name}`, async () => {
			const staged = join(folder, one.name);
			const lint = await runNode([TOOL, 'lint'], staged);
			assert.equal(lint.code, 0, lint.output);
			assert.doesNotMatch(lint.output, /\b[1-9]\d* warnings?\b|strict mode violation/i);
			const build = await runNode([TOOL, 'build'], staged);
			assert.equal(build.code, 0, build.output);
			const ours = published.find(({ name }) => name === one.name)?.unpacked ?? '';
			const files = globSync('dist/**/*.{js,json,svg}', { cwd: ours }).sort();
			assert.ok(files.length > 20);
			for (const file of files) {
				const [our, theirs] = [ours, staged].map((place) => readFileSync(join(place, file), 'utf8'));
				// The compiler indents JSON in its own way.
				if (file.endsWith('.json')) assert.deepEqual(JSON.parse(our ?? ''), JSON.parse(theirs ?? ''), file);
				else assert.equal(our, theirs, file);
			}
		});
	}

	it('finds a planted violation', async () => {
		const [one] = packages;
		assert.ok(one);
		const staged = join(folder, 'planted');
		stage(one, staged);
		appendFileSync(join(staged, 'core/body.ts'), '\nexport const home = process.env;\n');
		const lint = await runNode([TOOL, 'lint'], staged);
		assert.notEqual(lint.code, 0);
		assert.match(lint.output, /no-restricted-globals/);
	});
});
