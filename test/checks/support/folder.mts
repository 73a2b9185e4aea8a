/** Temporary folders of the checks, removed when the process ends. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder. */
export function temporaryFolder(): string {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hookline-checks-')));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
