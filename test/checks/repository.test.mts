/** What must not stand in a committed file. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { committedTexts, NO_GIT } from './support/committed.mts';

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
	it('hold nothing of the machine they were made on', { skip: NO_GIT }, () => {
		const found = committedTexts().flatMap(([file, text]) => reasons(text).map((reason) => `${file}: ${reason}`));
		assert.deepEqual(found, []);
	});

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
