/** The commands that make the packages, where something is wrong. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { compile } from '../../tools/package.mts';
import { ROOT } from '../../tools/packages.mts';
import { runNode } from './support/run.mts';

describe('building the packages', () => {
	it('ends with the place and the reason of a type error', () => {
		const folder = join(ROOT, 'build', `checks-${process.pid}`);
		mkdirSync(folder, { recursive: true });
		try {
			writeFileSync(join(folder, 'wrong.ts'), "export const count: number = 'many';\n");
			const file = relative(ROOT, join(folder, 'wrong.ts'));
			assert.throws(() => compile([file]), /wrong\.ts\(1,14\): error TS2322: Type 'string' is not assignable/);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	for (const tool of ['package', 'stage', 'documents']) {
		it(`${tool} says how it is used`, async () => {
			const { code, output } = await runNode([`tools/${tool}.mts`, '--help'], ROOT);
			assert.equal(code, 0, output);
			assert.match(output, new RegExp(`^Usage: node tools/${tool}\\.mts`));
		});
	}

	for (const tool of ['package', 'stage']) {
		it(`${tool} refuses a name that there is not`, async () => {
			const { code, output } = await runNode([`tools/${tool}.mts`, 'nothing'], ROOT);
			assert.equal(code, 1);
			assert.match(output, /^There is no package "nothing"; there are solar-proof, /);
		});
	}
});
