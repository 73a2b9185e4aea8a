/**
 * A real Chromium for tests that look at a page: the one that is on the machine, else Debian's, where it can be installed.
 * Set `CHROMIUM` to the program to use another one.
 */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];
/** No sandbox, as tests may run as root; and nothing of its own over the network. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
const INSTALL_MS = 300_000;

/** Either a Chromium or the reason why there is none: give the reason to `test.skip`. */
export type Found = { path: string; reason?: undefined } | { path?: undefined; reason: string };

/** Looks for a Chromium, and installs Debian's when there is none and this process may (root, apt-get). Never throws. */
export async function findChromium(): Promise<Found> {
	const { CHROMIUM } = process.env;
	if (CHROMIUM)
		return (await runs(CHROMIUM)) ? { path: CHROMIUM } : { reason: `CHROMIUM names no program: ${CHROMIUM}` };
	const here = await onMachine();
	if (here !== undefined) return { path: here };
	const reason = await install();
	const installed = await onMachine();
	return installed === undefined
		? { reason: `there is no Chromium on this machine, and ${reason}` }
		: { path: installed };
}

/** Starts it without a window. The caller closes it. */
export async function startChromium(path: string): Promise<Browser> {
	return chromium.launch({ executablePath: path, headless: true, args: FLAGS });
}

async function onMachine(): Promise<string | undefined> {
	const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
	const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...ELSEWHERE];
	for (const candidate of candidates) if (await runs(candidate)) return candidate;
	return undefined;
}

async function runs(path: string): Promise<boolean> {
	return access(path, constants.X_OK).then(
		() => true,
		() => false,
	);
}

/** Installs Debian's package. Returns why there may still be none. */
async function install(): Promise<string> {
	if (process.platform !== 'linux' || !(await runs('/usr/bin/apt-get')))
		return 'it can only be installed manually here';
	if (process.getuid?.() !== 0) return 'installing it with apt-get needs root';
	const wait = ['-o', 'DPkg::Lock::Timeout=240'];
	const updated = await run('apt-get', [...wait, 'update']);
	const installed = await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'chromium']);
	return installed ?? updated ?? 'apt-get did not install it';
}

/** Runs a program. Returns what went wrong, or undefined. */
async function run(program: string, args: readonly string[]): Promise<string | undefined> {
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			stdio: 'ignore',
			timeout: INSTALL_MS,
			env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
		});
		child.on('error', (error) => resolve(`${program} could not be started: ${error.message}`));
		child.on('close', (code) => resolve(code === 0 ? undefined : `${program} ${args.at(-1)} ended with ${code}`));
	});
}
