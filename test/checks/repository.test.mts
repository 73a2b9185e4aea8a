/** What must not stand in a committed file. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/packages.mts';

/** What is looked for, by the reason why it must not be there. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
	'the host of a package registry, which may differ where this is installed':
		/https?:\/\/[^\s/"'`<>]*(registry|artifactory|verdaccio|nexus)[^\s/"'`<>]*|\bregistry\.(npmjs|yarnpkg)\./i,
	'a download address of a lock file': /"resolved"\s*:/,
	// /home/node is the home folder in n8n's own container image.
	'a path of somebody’s machine': /(?<![\w.}/-])\/(work|root|tmp|home\/(?!node\/)\w+|Users\/\w+)\/[\w.]/,
};

/** The reasons why a text must not be committed. */
function reasons(text: string): string[] {
	return Object.entries(FORBIDDEN).flatMap(([reason, pattern]) => {
		const found = pattern.exec(text);
		return found === null ? [] : [`${reason}: ${found[0]}`];
	});
}

describe('committed files', () => {
	it(
		'hold nothing of the machine they were made on',
		{ skip: existsSync(join(ROOT, '.git')) ? false : 'not a git checkout' },
		() => {
			const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
			const present = files.filter((file) => file !== '' && existsSync(join(ROOT, file)));
			assert.ok(present.length > 100);
			const found = present.flatMap((file) => {
				const text = readFileSync(join(ROOT, file), 'utf8');
				return text.includes('\0') ? [] : reasons(text).map((reason) => `${file}: ${reason}`);
			});
			assert.deepEqual(found, []);
		},
	);

	it('are searched for all of that', () => {
		const host = ['https://npm.example', 'registry', 'example.com'].join('-');
		const lock = JSON.stringify({ resolved: 'x' });
		const path = ['', 'home', 'somebody', 'project'].join('/');
		for (const text of [host, lock, path]) assert.equal(reasons(`a ${text} b`).length, 1, text);
		assert.deepEqual(
			reasons('~/.n8n/nodes, /home/node/.n8n, ./tmp/x, https://example.com/work/space, the npm registry'),
			[],
		);
	});
});
