/** What TypeScript needs to know of `install.mjs`, which is plain JavaScript. */
export const ROOT: string;
export class InstallError extends Error {}
export function runtimeFolder(): string;
export function interruptInstall(): void;
/** What npm is told on top of the version, by package. */
export interface Recipe {
	readonly overrides?: Readonly<Record<string, string>>;
	/** Put on top, where packages that name them only as peers find them. */
	readonly dependencies?: Readonly<Record<string, string>>;
}
export function installVersion(node: string, version: string, recipe: Recipe): Promise<string>;
