/** The n8n packages, built once for all parts. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../tools/packages.mts';

const run = promisify(execFile);
let built: Promise<unknown> | undefined;

/** Builds `packages/<name>/dist` and `build/<name>-<version>.tgz` as `npm run package` does. */
export async function buildPackages(): Promise<void> {
	built ??= run(process.execPath, [join(ROOT, 'tools/package.mts')], { cwd: ROOT });
	await built;
}
