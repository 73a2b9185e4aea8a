/** The generated parts of the documents are those that the providers give. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { renewed } from '../../tools/documents.mts';
import { packages, ROOT } from '../../tools/packages.mts';
import { runNode } from './support/run.mts';

describe('documents', () => {
	it('are not stale', async () => {
		const { code, output } = await runNode(['tools/documents.mts', '--check'], ROOT);
		assert.equal(code, 0, output);
	});

	it('are written anew when a provider says something else', async () => {
		const [one] = packages;
		assert.ok(one);
		const text = readFileSync(join(one.folder, 'README.md'), 'utf8');
		const [first, ...others] = one.provider.events;
		const other = { ...one.provider, events: [{ ...first, label: 'Something Else' }, ...others] as const };
		assert.equal(await renewed(one, text), text);
		const changed = await renewed({ ...one, provider: { ...other, events: [...other.events] } }, text);
		assert.match(changed, /Something Else/);
	});

	it('are refused without one of their parts', async () => {
		const [one] = packages;
		assert.ok(one);
		const text = readFileSync(join(one.folder, 'README.md'), 'utf8').replaceAll(/<!-- \/?events -->/g, '');
		await assert.rejects(renewed(one, text), /the part "events" is missing/);
	});
});
