/** The password of the n8n that `npm start` and `npm run dev` leave behind: random, one a data folder, for its user's eyes only. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OWNER_FILE, ownerOf } from '../../tools/demo/owner.mts';
import { Place } from '../../tools/demo/place.mts';
import { ROOT } from '../../tools/packages.mts';
import { temporaryFolder } from './support/folder.mts';

describe('the password of a data folder', () => {
	const folder = temporaryFolder();

	it('is random, and kept', () => {
		const { password } = ownerOf(folder);
		assert.equal(ownerOf(folder).password, password);
		assert.notEqual(ownerOf(temporaryFolder()).password, password);
		// What n8n asks of a password, with 144 random bits in it.
		assert.match(password, /^A1-[\w-]{24}$/);
	});

	it('can be read by nobody else', { skip: process.platform === 'win32' ? 'no such modes' : false }, () => {
		const file = join(folder, OWNER_FILE);
		ownerOf(folder);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		chmodSync(file, 0o644);
		ownerOf(folder);
		assert.equal(statSync(file).mode & 0o777, 0o600);
	});

	it('goes with the data: --fresh makes another', () => {
		ownerOf(folder);
		new Place(folder).prepare(true);
		assert.equal(existsSync(join(folder, OWNER_FILE)), false);
	});

	it('is nowhere in the repository', () => {
		for (const file of globSync('{tools,harness,docs}/**/*.{mts,mjs,md}', { cwd: ROOT })) {
			assert.doesNotMatch(readFileSync(join(ROOT, file), 'utf8'), /password: '[^']+'/, file);
		}
	});
});
