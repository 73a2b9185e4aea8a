/** The files of this repository that are committed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../tools/packages.mts';

/** For `skip` of a test: the reason, where there is no repository. */
export const NO_GIT: false | string = existsSync(join(ROOT, '.git')) ? false : 'not a git checkout';

/** Each committed text, by its path. */
export function committedTexts(): ReadonlyArray<readonly [file: string, text: string]> {
	const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
	const present = files.filter((file) => file !== '' && existsSync(join(ROOT, file)));
	if (present.length < 100) throw new Error(`There are only ${present.length} committed files.`);
	return present.flatMap((file) => {
		const text = readFileSync(join(ROOT, file), 'utf8');
		return text.includes('\0') ? [] : [[file, text] as const];
	});
}
