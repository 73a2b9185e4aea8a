/** Unzips a build with the CLI's own unzipper: the one that it tries its builds with. */
import { createRequire } from 'node:module';

/** Unzips a build into a folder. */
export const unzip = createRequire(import.meta.url)('zapier-platform-cli/src/utils/decompress') as (
	zip: string,
	folder: string,
) => Promise<unknown>;
