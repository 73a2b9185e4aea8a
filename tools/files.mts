/** What each source file is for, in the first sentence of the comment that it begins with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './packages.mts';

/** The folders whose files docs/architecture.md lists. The others hold one file of each kind for each service, or tests. */
const FOLDERS = [
	'core',
	'providers',
	'nodes/n8n',
	'zapier/shared',
	'zapier',
	'contracts',
	'sandbox',
	'sandbox/contract',
	'sandbox/services',
	'harness',
	'harness/zapier',
	'tools',
	'tools/demo',
	'tools/new-service',
] as const;

/** A source file and what it is for. */
interface Described {
	name: string;
	does: string;
}

/** The folders with their files, in the order of names. Throws when a file does not begin by saying what it is for. */
export function describedFolders(root = ROOT): ReadonlyArray<{ folder: string; files: readonly Described[] }> {
	return FOLDERS.map((folder) => {
		const names = readdirSync(join(root, folder)).filter((name) => /\.(?:m?ts|mjs)$/.test(name));
		return {
			folder,
			files: names.sort().map((name) => ({ name, does: purposeOf(join(root, folder, name), `${folder}/${name}`) })),
		};
	});
}

function purposeOf(file: string, name: string): string {
	const text = readFileSync(file, 'utf8').replace(/^#!.*\n/, '');
	const comment = /^\/\*\*([^]*?)\*\//.exec(text)?.[1] ?? '';
	const paragraph = comment
		.split('\n')
		.map((line) => line.replace(/^\s*\*\s?/, '').trim())
		.join('\n')
		.trim()
		.split('\n\n')[0]!;
	const flat = paragraph.replaceAll('\n', ' ');
	const sentence = /^.*?\.(?=\s|$)/.exec(flat)?.[0] ?? flat;
	if (sentence === '') throw new Error(`${name}: begin it with a comment that says in one sentence what it is for`);
	return sentence.replace(/[.:]$/, '');
}
