/** Builds for the tests: made again when the sources changed since, reused when not. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { appFolder, buildZip, type AppName } from '../../zapier/apps.mts';
import { buildApps, bundleOf } from '../../zapier/build.mts';

/** A lock that is older than this belongs to a process that died. */
const STALE_LOCK_MS = 120_000;

/** The `build.zip` of an app, as the sources are now. Test files run side by side: one builds, the others wait. */
export async function freshBuild(app: AppName): Promise<string> {
	const zip = buildZip(app);
	const mark = join(dirname(zip), 'built-from.txt');
	const sources = await fingerprint(app);
	await mkdir(dirname(zip), { recursive: true });
	return locked(join(dirname(zip), '.lock'), async () => {
		const built = await readFile(mark, 'utf8').catch(() => '');
		const there = await stat(zip).then(
			({ mtimeMs }) => `${sources} ${mtimeMs}`,
			() => 'no zip',
		);
		if (built !== there) {
			await buildApps([app], () => {});
			await writeFile(mark, `${sources} ${(await stat(zip)).mtimeMs}`);
		}
		return zip;
	});
}

/** Changes with anything that goes into the bundle, and with the app's package.json. */
async function fingerprint(app: AppName): Promise<string> {
	const hash = createHash('sha256').update(await readFile(join(appFolder(app), 'package.json')));
	hash.update(await bundleOf(app));
	return hash.digest('hex');
}

async function locked<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
	for (;;) {
		const free = await mkdir(path).then(
			() => true,
			() => false,
		);
		if (free) break;
		const age = await stat(path).then(
			({ mtimeMs }) => Date.now() - mtimeMs,
			() => 0,
		);
		if (age > STALE_LOCK_MS) await rm(path, { recursive: true, force: true });
		else await wait(200);
	}
	try {
		return await work();
	} finally {
		await rm(path, { recursive: true, force: true });
	}
}
