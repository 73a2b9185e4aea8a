/** A disk that can be filled: a file system of its own in memory. Linux, as root. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk {
	/** A folder on it. */
	folder: string;
	/** Leaves not one free byte. */
	fill: () => Promise<void>;
	/** Frees what `fill` took. */
	free: () => Promise<void>;
	remove: () => Promise<void>;
}

/** Mounts one of so many MiB; or says in a sentence why that is not possible here. */
export async function smallDisk(mebibytes: number): Promise<SmallDisk | string> {
	if (process.platform !== 'linux' || process.getuid?.() !== 0)
		return 'a small disk is mounted on Linux, as root, only';
	const where = await mkdtemp(join(tmpdir(), 'hookline-disk-'));
	try {
		await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'hookline', where]);
	} catch (cause) {
		await rm(where, { recursive: true, force: true });
		return `no small disk could be mounted: ${cause instanceof Error ? cause.message.trim() : String(cause)}`;
	}
	const folder = join(where, 'n8n');
	const ballast = join(where, 'ballast');
	await mkdir(folder);
	return {
		folder,
		fill: async () => {
			const { bavail, bsize } = await statfs(where);
			// What others write meanwhile is in the way of one big write: on with smaller ones.
			for (let bytes = bavail * bsize; bytes >= 1; bytes = Math.floor(bytes / 2)) {
				await writeFile(ballast, Buffer.alloc(bytes), { flag: 'a' }).catch(() => undefined);
			}
		},
		free: () => rm(ballast, { force: true }),
		remove: async () => {
			await run('umount', ['--lazy', where]);
			await rm(where, { recursive: true, force: true });
		},
	};
}
