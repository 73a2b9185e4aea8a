/** That the runner of the tests counts what there is: each way in which a test file can fail is a failure, and nothing else is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { nodeTests, type RunOptions } from '../../tools/runners.mts';

const IMPORTS =
	"import { after, before, describe, it } from 'node:test'; import { appendFileSync, existsSync } from 'node:fs';\n";

describe('running test files', () => {
	let folder: string;
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'hookline-runners-'));
		// The runner does not run inside of a run of itself, which it knows by this.
		delete process.env['NODE_TEST_CONTEXT'];
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	const options: RunOptions = {
		pattern: undefined,
		long: true,
		signal: new AbortController().signal,
		progress: () => {},
	};
	async function ran(code: string, over: Partial<RunOptions> = {}, shows = false) {
		const file = join(folder, `${Math.random().toString(36).slice(2)}.test.mjs`);
		writeFileSync(file, IMPORTS + code);
		const { output, lines, ...counts } = await nodeTests([file], 1, shows, { ...options, ...over });
		return { counts, output, lines };
	}

	it('counts what passed, failed and was skipped, and shows what failed alone', async () => {
		const { counts, output, lines } = await ran(`
			console.log('said by the file');
			describe('a group', () => {
				it('is good', () => {});
				it('is bad', () => { throw new Error('because of this'); });
				it.skip('is left out', () => {});
			});`);
		assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1 });
		assert.match(output, /✖ is bad\n\s+Error: because of this/);
		assert.match(output, /What it printed:\nsaid by the file/);
		assert.doesNotMatch(output, /is good/);
		assert.match(lines?.join('\n') ?? '', /\.test\.mjs\n\s+✖ is bad\n\s+Error: because of this/);
	});

	it('shows what passing tests print only where a suite is there to show it', async () => {
		const code = "console.log('a table'); it('is good', () => {});";
		assert.deepEqual(await ran(code), { counts: { passed: 1, failed: 0, skipped: 0 }, output: '', lines: [] });
		assert.match((await ran(code, {}, true)).output, /a table/);
	});

	for (const [what, code] of [
		['a file that does not load', "import './not-there.mjs';"],
		['a file that ends itself', "it('is good', () => {}); process.exit(3);"],
		[
			'a hook before that fails',
			"describe('x', () => { before(() => { throw new Error('no'); }); it('is good', () => {}); });",
		],
		[
			'a hook after that fails',
			"describe('x', () => { after(() => { throw new Error('no'); }); it('is good', () => {}); });",
		],
		['an error that nobody catches', "it('is good', () => {}); setTimeout(() => { throw new Error('late'); }, 50);"],
	] as const) {
		it(`takes ${what} for a failure`, async () => {
			const { counts, output } = await ran(code);
			assert.ok(counts.failed >= 1, JSON.stringify(counts));
			assert.match(output, /✖/);
		});
	}

	it('runs a failing file once more, and says so when it passes then', async () => {
		const mark = JSON.stringify(join(folder, 'mark'));
		const once = `it('fails once', () => { const again = existsSync(${mark}); appendFileSync(${mark}, 'x'); if (!again) throw new Error('first'); });`;
		const { counts, output, lines } = await ran(once, { long: false });
		assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 });
		assert.match(output, /passed on its second run[\s\S]*Error: first/);
		assert.match(lines?.join('\n') ?? '', /passed on its second run[\s\S]*Error: first/);
	});

	it('runs only what is asked for by name', async () => {
		const { counts } = await ran("it('one', () => {}); it('two', () => { throw new Error(); });", { pattern: '^one$' });
		assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 });
	});

	it('ends a file that goes on too long, and lets it clean up', async () => {
		const mark = join(folder, 'cleaned');
		const { counts } = await ran(
			`process.on('exit', () => appendFileSync(${JSON.stringify(mark)}, 'x')); it('waits', () => new Promise((done) => setTimeout(done, 60_000)));`,
			{ signal: AbortSignal.timeout(2000) },
		);
		assert.ok(counts.failed >= 1);
		const { existsSync } = await import('node:fs');
		for (let wait = 0; wait < 50 && !existsSync(mark); wait++) await new Promise((next) => setTimeout(next, 100));
		assert.ok(existsSync(mark), 'the exit handlers of the file ran');
	});
});
