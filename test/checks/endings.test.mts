/**
 * The arrangement of `.ts` and `.mts` (docs/decisions/0004-ts-and-mts.md): one source file serves n8n as CommonJS, native
 * Node as is, and a bundle. That jest takes it too is what every unit test shows.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { sign } from '../../core/signature.ts';
import { packages, ROOT } from '../../tools/packages.mts';
import { temporaryFolder } from './support/folder.mts';
import { publish, type Published } from './support/published.mts';

/** A program that signs with whatever `load` gives, and prints the header. */
function program(load: string): string {
	return `${load}\nconsole.log(JSON.stringify(sign(${ARGUMENTS})));\n`;
}

const ARGUMENTS = `{ kind: 'hmac', header: 'x-signature', encoding: 'hex' }, { body: '{"id":"é"}', secret: 'made up' }`;

describe('core/signature.ts', () => {
	const folder = temporaryFolder();
	const native = JSON.stringify(
		sign({ kind: 'hmac', header: 'x-signature', encoding: 'hex' }, { body: '{"id":"é"}', secret: 'made up' }),
	);
	let published: readonly Published[] = [];
	before(() => {
		published = publish();
	});

	const run = (file: string, text: string): string => {
		writeFileSync(join(folder, file), text);
		return execFileSync(process.execPath, [join(folder, file)], { encoding: 'utf8' }).trim();
	};

	it('signs natively', () => {
		assert.match(native, /"x-signature":"[0-9a-f]{64}"/);
		const load = `import { sign } from ${JSON.stringify(join(ROOT, 'core/signature.ts'))};`;
		assert.equal(run('native.mts', program(load)), native);
	});

	for (const { name } of packages) {
		it(`signs the same out of ${name}`, () => {
			const unpacked = published.find((one) => one.name === name)?.unpacked ?? '';
			const load = `const { sign } = require(${JSON.stringify(join(unpacked, 'dist/core/signature.js'))});`;
			assert.equal(run('compiled.cjs', program(load)), native);
		});
	}

	it('signs the same out of a bundle', async () => {
		const entry = join(folder, 'entry.mts');
		writeFileSync(entry, program(`import { sign } from ${JSON.stringify(join(ROOT, 'core/signature.ts'))};`));
		for (const [format, ending] of [
			['cjs', 'cjs'],
			['esm', 'mjs'],
		] as const) {
			const { outputFiles } = await build({
				entryPoints: [entry],
				bundle: true,
				platform: 'node',
				format,
				write: false,
			});
			assert.equal(run(`bundle.${ending}`, outputFiles[0]?.text ?? ''), native);
		}
	});
});
