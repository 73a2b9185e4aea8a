/** `npm run test:mutants`: a small piece of it for real, and what it makes of a report. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
	merged,
	percent,
	placesOf,
	renewed,
	sampleOf,
	scoreOf,
	summary,
	type Mutant,
	type Report,
} from '../../tools/mutants.mts';

const ROOT = join(import.meta.dirname, '../..');

const mutant = (status: string, line: number, replacement: string): Mutant => ({
	status,
	replacement,
	location: { start: { line, column: 8 }, end: { line, column: 13 } },
});
const SOURCE = 'return a > b;\nreturn a > b;\nreturn a | c;';
const reportOf = (...mutants: Mutant[]): Report => ({ files: { 'core/a.ts': { source: SOURCE, mutants } } });

describe('mutation testing', () => {
	it(
		'finds with the real tools, in some lines of core, what the tests of these lines notice',
		{ timeout: 300_000 },
		() => {
			const lines = readFileSync(join(ROOT, 'core/address.ts'), 'utf8').split('\n');
			const first = lines.findIndex((line) => line.startsWith('export function inRanges')) + 1;
			assert.ok(first > 0);
			const args = [`core/address.ts:${first}-${first + 3}`, '--tests', 'test/unit/core/address.test.ts', '--no-list'];
			const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/mutants.mts', ...args], {
				cwd: ROOT,
				encoding: 'utf8',
			});
			assert.equal(status, 0, `${stdout}\n${stderr}`);
			const [, noticed, all] = /^core\/ .* (\d+) of +(\d+) /m.exec(stdout) ?? [];
			assert.ok(Number(all) >= 3, `${all} mutants`);
			assert.equal(noticed, all);
		},
	);

	it('counts what loops for ever as noticed, what no test reaches as missed, and what does not compile not at all', () => {
		const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'RuntimeError', 'Ignored'];
		const score = scoreOf(statuses.map((status) => mutant(status, 1, 'x')));
		assert.deepEqual(score, { noticed: 2, all: 4 });
		assert.equal(percent({ noticed: 0, all: 0 }), 100);
	});

	it('draws the same parts for the same seed, others for another, and none twice', () => {
		const files = new Map([
			['core/a.ts', 'x\n'.repeat(95)],
			['core/b.ts', 'x\n'.repeat(12)],
		]);
		const drawn = sampleOf(files, 5, '1');
		assert.equal(new Set(drawn).size, 5);
		assert.deepEqual(sampleOf(new Map([...files].reverse()), 5, '1'), drawn);
		assert.notDeepEqual(sampleOf(files, 5, '2'), drawn);
		const all = sampleOf(files, 100, '1').sort();
		assert.equal(all.length, 12, 'ten parts of the one and two of the other');
		assert.deepEqual(all.slice(-2), ['core/b.ts:1-10', 'core/b.ts:11-20']);
	});

	it('tries what was not noticed once more, and takes the result of that', () => {
		const first = reportOf(mutant('Killed', 1, 'x'), mutant('Survived', 2, 'x'), mutant('NoCoverage', 3, 'x'));
		assert.deepEqual(placesOf(first), ['core/a.ts:2:7-2:12', 'core/a.ts:3:7-3:12']);
		const second = reportOf(mutant('Survived', 1, 'x'), mutant('Killed', 2, 'x'), mutant('Killed', 3, 'another'));
		const statuses = merged(first, second).files['core/a.ts']?.mutants.map(({ status }) => status);
		assert.deepEqual(statuses, ['Killed', 'Killed', 'NoCoverage']);
	});

	it('is content with a room from its threshold on, and not below', () => {
		const nine = Array.from({ length: 9 }, () => mutant('Killed', 1, 'x'));
		assert.deepEqual(summary(reportOf(...nine, mutant('Survived', 1, 'x'))).problems, []);
		const below = reportOf(...nine, mutant('Survived', 1, 'x'), mutant('NoCoverage', 1, 'x'));
		assert.deepEqual(summary(below).problems, ['core/: 81.8 % noticed, 90 % wanted']);
	});

	it('lists what is missed, and keeps every reason with its change when lines move', () => {
		const before = renewed('# Title\n', reportOf(mutant('Survived', 1, 'a >= b'), mutant('Survived', 3, 'a | d')));
		assert.match(before, /^### core\/a\.ts: 0 of 2 noticed \(0\.0 %\)$/m);
		assert.match(before, /^\| 1 \| `a > b` \| `a >= b` \| {2}\|$/m);
		const reasoned = before
			.replace('`a >= b` |  |', '`a >= b` | equal cannot be |')
			.replace('`a \\| d` |  |', '`a \\| d` | the same bits |');
		const other = '### core/z.ts: 1 of 1 noticed (100.0 %)\n';
		const after = renewed(
			`${reasoned}\n${other}`,
			reportOf(mutant('Killed', 1, 'a >= b'), mutant('Survived', 2, 'a >= b'), mutant('NoCoverage', 3, 'a | d')),
		);
		assert.match(after, /^\| 2 \| `a > b` \| `a >= b` \| equal cannot be \|$/m);
		assert.match(after, /^\| 3 \| `a \\\| c` \| `a \\\| d` \| the same bits \|$/m);
		assert.ok(after.includes(other.trim()), 'the other files stay');
		assert.doesNotMatch(after, /^\| 1 \|/m);
	});
});
