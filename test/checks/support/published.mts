/** The packages as a user gets them: built from the sources as they are now, packed, and unpacked again. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assemble, compile, entriesOf, pack, type Packed } from '../../../tools/package.mts';
import { packages, ROOT, type Package } from '../../../tools/packages.mts';
import { temporaryFolder } from './folder.mts';

export interface Published extends Package {
	/** The unpacked tarball. */
	unpacked: string;
	/** The tarball itself. */
	tarball: string;
	packed: Packed;
}

/** Builds, packs and unpacks all packages, away from the repository, with n8n-workflow within their reach. */
export function publish(): Published[] {
	const folder = temporaryFolder();
	const compiled = compile(entriesOf(packages));
	const built = packages.map((one) => {
		const place = join(folder, 'built', one.name);
		mkdirSync(place, { recursive: true });
		assemble(one, compiled, place);
		return place;
	});
	const tarballs = pack(built, folder);
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
	return packages.map((one) => {
		const packed = tarballs.find(({ name }) => name === one.name);
		if (packed === undefined) throw new Error(`${one.name} was not packed`);
		const unpacked = join(folder, 'unpacked', one.name);
		mkdirSync(unpacked, { recursive: true });
		execFileSync('tar', ['-xzf', basename(packed.filename), '-C', join('unpacked', one.name), '--strip-components=1'], {
			cwd: folder,
		});
		return { ...one, unpacked, tarball: join(folder, basename(packed.filename)), packed };
	});
}
