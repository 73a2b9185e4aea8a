/** n8n's scanner of community packages, offline: it brings no types, and opens a temporary folder when it is loaded. */
import { temporaryFolder } from './folder.mts';

export interface Scanner {
	/** Lints files (globs) of a package with the rules that n8n verifies packages by; comments cannot switch them off. */
	analyzePackage(
		folder: string,
		patterns: readonly string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
	/** The folder below `source` whose package.json has that name. */
	findPackageRoot(source: string, name: string): string | null;
	/** What it lints of the attested source. */
	SOURCE_FILE_PATTERNS: readonly string[];
}

/** What it lints of the tarball. */
export const TARBALL_PATTERNS: readonly string[] = ['**/*.js', 'package.json'];

/** Loads the scanner. */
export async function scanner(): Promise<Scanner> {
	process.env['TMPDIR'] = temporaryFolder();
	const specifier: string = '@n8n/scan-community-package/scanner/scanner.mjs';
	return (await import(specifier)) as Scanner;
}
