/** The generated parts of the documents are those that the providers and the arrows give. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { seeds } from '../unit/seeds/index.ts';
import { renewed, renewedArchitecture, renewedSeeds } from '../../tools/documents.mts';
import { ROOMS } from '../../tools/arrows.mts';
import { describedFolders } from '../../tools/files.mts';
import { packages, ROOT } from '../../tools/packages.mts';
import { runNode } from './support/run.mts';

describe('documents', () => {
	it('are not stale', async () => {
		const { code, output } = await runNode(['tools/documents.mts', '--check'], ROOT);
		assert.equal(code, 0, output);
	});

	it('are rewritten when a provider says something else', async () => {
		const [one] = packages;
		assert.ok(one);
		const text = readFileSync(join(one.folder, 'README.md'), 'utf8');
		const [first, ...others] = one.provider.events;
		const other = { ...one.provider, events: [{ ...first, label: 'Something Else' }, ...others] as const };
		assert.equal(await renewed(one, text), text);
		const changed = await renewed({ ...one, provider: { ...other, events: [...other.events] } }, text);
		assert.match(changed, /Something Else/);
	});

	it('redraw the arrows, as a table and as a diagram, when there are others', async () => {
		const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
		assert.equal(await renewedArchitecture(text), text);
		const rooms = ROOMS.map((room) => (room.files === 'core/' ? { ...room, may: ['sandbox/'] } : room));
		const changed = await renewedArchitecture(text, rooms);
		assert.match(changed, /^\| `core\/` +\| `sandbox\/` +\| `node:crypto` +\|$/m);
		assert.match(changed, /^ {2}core --> sandbox$/m);
		assert.equal(changed.split('\n').length, text.split('\n').length + 1, 'and nothing else');
		await assert.rejects(
			renewedArchitecture(text.replaceAll(/<!-- \/?arrows -->/g, '')),
			/the part "arrows" is missing/,
		);
	});

	it('show a statement of a seed that no test holds at the top, and in its place', async () => {
		const text = readFileSync(join(ROOT, 'docs/seeds.md'), 'utf8');
		assert.equal(await renewedSeeds(text), text);
		const [first, ...others] = seeds;
		assert.ok(first);
		const statement = { says: 'It rings a bell', where: 'core/json.ts', untested: 'nobody hears it' };
		const changed = await renewedSeeds(text, [
			{ ...first, topics: { ...first.topics, Bells: [statement] } },
			...others,
		]);
		assert.match(changed, /^- Solar Proof: It rings a bell\. Nobody hears it\.$/m);
		assert.match(
			changed,
			/^\| It rings a bell +\| \[`core\/json\.ts`\]\(\.\.\/core\/json\.ts\) +\| \*\*Without a test\*\*: nobody hears it +\|$/m,
		);
	});

	it('list no source file that does not begin by saying what it is for', () => {
		const root = mkdtempSync(join(tmpdir(), 'hookline-files-'));
		try {
			for (const { folder } of describedFolders()) mkdirSync(join(root, folder), { recursive: true });
			const file = join(root, 'core/thing.ts');
			writeFileSync(file, '/**\n * Things, as `a.ts` has them. And more.\n *\n * Even more.\n */\nexport {};\n');
			const [core] = describedFolders(root);
			assert.deepEqual(core, { folder: 'core', files: [{ name: 'thing.ts', does: 'Things, as `a.ts` has them' }] });
			writeFileSync(file, 'export {};\n/** Later. */\n');
			assert.throws(() => describedFolders(root), /core\/thing\.ts: begin it with a comment/);
		} finally {
			rmSync(root, { recursive: true });
		}
	});

	it('are refused without one of their parts', async () => {
		const [one] = packages;
		assert.ok(one);
		const text = readFileSync(join(one.folder, 'README.md'), 'utf8').replaceAll(/<!-- \/?events -->/g, '');
		await assert.rejects(renewed(one, text), /the part "events" is missing/);
	});
});
