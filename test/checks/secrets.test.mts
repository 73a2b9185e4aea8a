/** No committed file holds what a secret scanner takes for a key: secretlint, with its recommended rules. */
import assert from 'node:assert/strict';
import { extname, join } from 'node:path';
import { describe, it } from 'node:test';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { ROOT } from '../../tools/packages.mts';
import { committedTexts, NO_GIT } from './support/committed.mts';

/** Where a scanner sees a secret in a file, and of which kind; not the secret. */
async function secretsIn(file: string, content: string): Promise<string[]> {
	const { messages } = await lintSource({
		source: { filePath: join(ROOT, file), content, ext: extname(file), contentType: 'text' },
		options: {
			config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
			maskSecrets: true,
		},
	});
	return messages.map(({ loc, messageId }) => `${file}:${loc.start.line}: ${messageId}`);
}

describe('committed files', () => {
	it('hold no secret', { skip: NO_GIT }, async () => {
		const found: string[] = [];
		for (const [file, text] of committedTexts()) {
			found.push(...(await secretsIn(file, text)));
			// A comment could switch the scanner off.
			if (new RegExp(['secretlint', 'disable'].join('-')).test(text)) found.push(`${file}: not scanned as a whole`);
		}
		assert.deepEqual(found, []);
	});

	// Put together here: as they stand they would be found in this file.
	const planted = {
		STRIPE_SECRET_KEY_LIVE: ['sk', 'live', '51H8abcdEFGHijklMNOPqrst'].join('_'),
		GITHUB_TOKEN: ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_'),
		NPM_ACCESS_TOKEN: ['npm', 'a'.repeat(36)].join('_'),
		BasicAuth: 'https:' + '//somebody:pa55word@example.org/',
	};
	for (const [kind, secret] of Object.entries(planted)) {
		it(`are searched for one of them: ${kind}`, async () => {
			assert.deepEqual(await secretsIn('providers/planted.ts', `\nexport const key = '${secret}';\n`), [
				`providers/planted.ts:2: ${kind}`,
			]);
		});
	}
});
