/** Whether the n8n packages are built from the sources as they are. */
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packages, ROOT } from '../packages.mts';

const SOURCES = [
	'{core,providers,nodes,credentials}/**/*.{ts,svg,json}',
	'tools/{package,packages}.mts',
	'packages/*/package.json',
];

/** Whether every package has its compiled files, none older than any source. */
export function packagesAreBuilt(): boolean {
	const outputs = packages.flatMap(({ folder, nodes, credentials }) =>
		[...nodes, ...credentials].map((source) => join(folder, 'dist', source.replace(/\.ts$/, '.js'))),
	);
	if (!outputs.every((file) => existsSync(file))) return false;
	const sources = globSync(SOURCES, { cwd: ROOT }).map((file) => join(ROOT, file));
	const changed = (file: string) => statSync(file).mtimeMs;
	return Math.max(...sources.map(changed)) < Math.min(...outputs.map(changed));
}
