/** A small app that is written on the spot, to show that the harness sees what it is to see. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/**
 * Lays out an app as it lies in a build, on the core that is installed here.
 * @param definition The source of an object: the app, without its versions.
 */
export async function toyApp(definition: string): Promise<{ folder: string; remove: () => Promise<void> }> {
	const folder = await mkdtemp(join(tmpdir(), 'zapier-toy-'));
	await symlink(MODULES, join(folder, 'node_modules'));
	await writeFile(join(folder, 'package.json'), '{"name":"toy","version":"1.0.0","type":"module"}');
	await writeFile(
		join(folder, 'zapierwrapper.js'),
		`import zapier from 'zapier-platform-core';
		const app = { version: '1.0.0', platformVersion: zapier.version, ...${definition} };
		export const handler = zapier.createAppHandler(app);`,
	);
	return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
