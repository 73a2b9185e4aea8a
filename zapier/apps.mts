/** The Zapier apps of this repository, by folder. */
import { fileURLToPath } from 'node:url';

export const APPS = ['solar-proof', 'solatis', 'solid-number', 'soshia-connect', 'solve360'] as const;
export type AppName = (typeof APPS)[number];

/** The folder of an app. */
export function appFolder(app: AppName): string {
	return fileURLToPath(new URL(`./${app}`, import.meta.url));
}

/** Where the build of an app lies. */
export function buildZip(app: AppName): string {
	return fileURLToPath(new URL(`./${app}/build/build.zip`, import.meta.url));
}
