/** The commands of package.json, as a person meets them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** Runs a tool of ours; gives its exit code and what it printed. */
function run(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
	return { status, stdout, stderr };
}

describe('npm scripts', () => {
	const help = run('tools/run.mjs', '--help').stdout;
	const listed = [...help.matchAll(/^ {2}(\S+) {2,}\S/gm)].map(([, name]) => name);

	it('are the commands of tools/run.mjs, or plain commands that begin by installing what they need', () => {
		const plain = Object.entries(scripts).filter(([name, script]) => script !== `node tools/run.mjs ${name}`);
		const own = Object.keys(scripts).filter((name) => !plain.some(([other]) => other === name));
		assert.deepEqual([...own, 'packages'].sort(), listed.sort());
		for (const [name, script] of plain) {
			if (!name.startsWith('lint:')) assert.match(script, /^node tools\/run\.mjs packages && /, name);
			assert.match(help, new RegExp(`Plain commands in package\\.json:.*\\b${name}\\b`));
		}
	});

	it('lint runs every part of it, each once', () => {
		const parts = Object.keys(scripts).filter((name) => name.startsWith('lint:'));
		assert.deepEqual(
			[...(scripts['lint'] ?? '').matchAll(/npm run --silent (\S+)/g)].map(([, name]) => name),
			parts,
		);
		assert.ok(parts.length >= 4);
	});

	it('that do not exist end in a sentence and a list', () => {
		const { status, stderr } = run('tools/run.mjs', 'nonsense');
		assert.equal(status, 1);
		assert.match(stderr, /There is no command "nonsense"\.[\s\S]*npm run/);
	});

	for (const name of listed) {
		if (['setup', 'packages', 'zapier:build'].includes(name ?? '')) continue;
		it(`${name}: explains itself`, () => {
			const { status, stdout } = run('tools/run.mjs', name ?? '', '--help');
			assert.equal(status, 0);
			assert.match(stdout, /^Usage:/m);
		});
	}
});

describe('npm test', () => {
	it('refuses a suite or an option that it does not know', () => {
		for (const [args, sentence] of [
			[['nonsense'], /There is no suite "nonsense"\. There are: lint, unit/],
			[['--nonsense'], /There is no option --nonsense\./],
		] as const) {
			const { status, stderr } = run('tools/test.mts', ...args);
			assert.equal(status, 1);
			assert.match(stderr, sentence);
		}
	});

	it('fails when nothing was tested', () => {
		const { status, stdout } = run('tools/test.mts', 'unit', '--', 'a name that no test has');
		assert.equal(status, 1);
		assert.match(stdout, /\n0 passed, 1 failed\n$/);
	});
});
