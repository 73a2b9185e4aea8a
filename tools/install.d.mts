/** What TypeScript needs to know of `install.mjs`, which is plain JavaScript. */
export const ROOT: string;
export class InstallError extends Error {}
export function runtimeFolder(): string;
export function interruptInstall(): void;
export function installVersion(
	node: string,
	version: string,
	overrides: Readonly<Record<string, string>>,
): Promise<string>;
