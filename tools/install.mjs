/**
 * Installs what the commands need: the packages of the root, and a real n8n. Built-in modules and plain JavaScript only: it runs before
 * anything is installed, on whatever Node (18 or later) and npm (9 or later) a person has.
 *
 * Every step looks first whether it is done already, so an interrupted installation goes on where it stopped, and whatever is there
 * and works is kept. A stamp with the lock file's hash makes the next look cheap.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The major version of Node that n8n, and every `.mts` file here, runs under. */
const NODE_MAJOR = 24;
/** Before it, a file cannot ask whether it is the one that was started (`import.meta.main`). */
const NODE_MINOR = 2;

/** Where n8n is installed: `runtime/n8n`, or `HOOKLINE_RUNTIME_DIR`. */
export function runtimeFolder() {
	return resolve(process.env.HOOKLINE_RUNTIME_DIR || join(ROOT, 'runtime', 'n8n'));
}

/** A failure that is told in a sentence, without a stack. */
export class InstallError extends Error {}

/** Installs the packages of the root, when they are not those of the lock file. */
export async function installRoot() {
	const hash = lockHash(ROOT);
	if (isStamped(ROOT, hash)) return;
	await alone(ROOT, async () => {
		if (isStamped(ROOT, hash)) return;
		if (!isUnpacked(ROOT)) {
			await npmInstall(
				ROOT,
				'Installing the packages of this repository (one to five minutes the first time)',
				process.execPath,
			);
		}
		stamp(ROOT, hash);
	});
}

/**
 * Finds a Node 24: this process's own, or the one that npm installed for this platform.
 * @throws InstallError where there is neither.
 */
export function findNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major === NODE_MAJOR && minor >= NODE_MINOR) return process.execPath;
	const suffix = process.platform === 'win32' ? '.exe' : '';
	const from = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const binary = join(ROOT, 'node_modules', from, 'bin', `node${suffix}`);
	if (existsSync(binary)) return binary;
	throw new InstallError(
		`This needs Node ${NODE_MAJOR} (${NODE_MAJOR}.${NODE_MINOR} or later), and this is Node ${process.versions.node}. npm brings one along for Linux and Windows on common ` +
			`processors, and for ${process.platform} on ${process.arch} it does not: please install Node ${NODE_MAJOR} from https://nodejs.org and try again.`,
	);
}

/** Installs n8n and builds its SQLite, when it is not there or does not work. */
export async function installRuntime(node) {
	const folder = runtimeFolder();
	const source = join(ROOT, 'runtime', 'n8n');
	const hash = lockHash(source);
	if (isStamped(folder, hash)) return;
	mkdirSync(folder, { recursive: true });
	await alone(folder, async () => {
		if (isStamped(folder, hash)) return;
		if (folder !== source) {
			for (const name of ['package.json', 'package-lock.json'])
				writeFileSync(join(folder, name), readFileSync(join(source, name)));
		}
		const wanted = lockOf(folder).packages['node_modules/n8n'].version;
		if (!isUnpacked(folder)) {
			await npmInstall(folder, `Installing n8n ${wanted} (two to six minutes the first time, 2.2 GB on disk)`, node);
		}
		if (!(await works(node, ['-e', "require('sqlite3')"], folder))) await buildSqlite(folder, node);
		const version = await output(node, [join(folder, 'node_modules/n8n/bin/n8n'), '--version'], folder);
		if (!version.text.trim().endsWith(wanted)) {
			throw new InstallError(`n8n was installed in ${folder} and does not start:\n${version.text}`);
		}
		stamp(folder, hash);
	});
}

/**
 * Installs another version of n8n, by a recipe instead of a lock file, into `n8n-<version>` next to the first one; gives that
 * folder. SQLite is taken from the first installation where that has the same version, and is built otherwise.
 * @throws InstallError that says why npm could not, or why it does not start.
 */
export async function installVersion(node, version, { overrides = {}, dependencies = {} }) {
	const folder = join(dirname(runtimeFolder()), `n8n-${version}`);
	const manifest = JSON.stringify(
		{ private: true, dependencies: { n8n: version, ...dependencies }, overrides },
		undefined,
		2,
	);
	const hash = createHash('sha256').update(manifest).digest('hex');
	if (isStamped(folder, hash)) return folder;
	mkdirSync(folder, { recursive: true });
	await alone(folder, async () => {
		if (isStamped(folder, hash)) return;
		writeFileSync(join(folder, 'package.json'), `${manifest}\n`);
		let answers = 0;
		const step = progress(
			`Installing n8n ${version} (two to six minutes, up to 2.4 GB on disk)`,
			() => `${answers} answers`,
		);
		const args = ['install', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', ...ALWAYS];
		const count = (chunk) => (answers += chunk.split('npm http ').length - 1);
		const { code, text } = await npm(args, folder, node, {}, count);
		step.end(code === 0);
		if (code !== 0) throw new InstallError(reason(text));
		const sqlite = join('node_modules', 'sqlite3');
		const there = join(runtimeFolder(), sqlite);
		const versionOf = (place) => JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')).version;
		if (existsSync(join(there, SQLITE_BINARY)) && versionOf(there) === versionOf(join(folder, sqlite))) {
			mkdirSync(dirname(join(folder, sqlite, SQLITE_BINARY)), { recursive: true });
			copyFileSync(join(there, SQLITE_BINARY), join(folder, sqlite, SQLITE_BINARY));
		}
		if (!(await works(node, ['-e', "require('sqlite3')"], folder))) await buildSqlite(folder, node);
		const started = await output(node, [join(folder, 'node_modules/n8n/bin/n8n'), '--version'], folder);
		if (!started.text.trim().endsWith(version)) throw new InstallError(`it does not start:\n${tail(started.text)}`);
		stamp(folder, hash);
	});
	return folder;
}

const SQLITE_BINARY = join('build', 'Release', 'node_sqlite3.node');

/** What npm says is wrong, in a line: its own sentence without the words around it. */
function reason(text) {
	const lines = [...text.matchAll(/^npm error (?!code |A complete log)(.*\S)/gm)].map(([, line]) => line);
	return lines.length > 0 ? tail(lines.slice(0, 3).join(' ')) : tail(text);
}

/** The environment for a program under `node`: that Node and the installed commands come first. */
export function environmentFor(node) {
	const env = { ...process.env };
	const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	env[name] = [dirname(node), join(ROOT, 'node_modules', '.bin'), env[name] ?? ''].join(delimiter);
	return { ...env, HOOKLINE_RUNTIME_DIR: runtimeFolder() };
}

/** n8n's SQLite: a prebuilt one where it can be downloaded, else from source, against the headers of the Node that npm installed. */
async function buildSqlite(folder, node) {
	const headers = dirname(dirname(node));
	const env = existsSync(join(headers, 'include', 'node', 'node.h')) ? { npm_config_nodedir: headers } : {};
	const step = progress("Building n8n's SQLite (about a minute and a half where nothing prebuilt can be downloaded)");
	const args = ['rebuild', 'sqlite3', '--foreground-scripts', '--ignore-scripts=false'];
	const { code, text } = await npm(args, folder, node, env);
	step.end(code === 0);
	if (code === 0 && (await works(node, ['-e', "require('sqlite3')"], folder))) return;
	throw new InstallError(
		`${tail(text)}\n\nn8n's SQLite could not be built. Where no prebuilt one can be downloaded, it is compiled: that needs Python 3, make and a ` +
			'C++ compiler (Debian and Ubuntu: apt-get install python3 make g++; macOS: xcode-select --install).',
	);
}

/**
 * Has npm install what the lock file says, and shows its progress: npm asks the registry for each package first, fetches them, and
 * unpacks them in the end. What was whole once is brought up to date; anything else, a half of an installation above all, is made again.
 */
async function npmInstall(folder, what, node) {
	const places = Object.keys(lockOf(folder).packages).filter((place) => place !== '');
	const unpacked = () => places.filter((place) => existsSync(join(folder, place, 'package.json'))).length;
	let answers = 0;
	const step = progress(
		what,
		() => `${answers} answers from the registry, ${unpacked()} of about ${places.length} packages unpacked`,
	);
	const wasWhole = existsSync(stampFile(folder));
	rmSync(stampFile(folder), { force: true });
	const args = [...(wasWhole ? ['install', '--no-save'] : ['ci']), '--ignore-scripts', '--legacy-peer-deps'];
	const count = (chunk) => (answers += chunk.split('npm http ').length - 1);
	const { code, text } = await npm([...args, ...ALWAYS], folder, node, {}, count);
	step.end(code === 0);
	if (code !== 0) throw new InstallError(`${tail(text)}\n\nnpm could not install what ${folder} needs.`);
	if (!isUnpacked(folder)) {
		throw new InstallError(
			`npm said that it installed everything in ${folder}, and packages are missing. Remove ${join(folder, 'node_modules')} and try again.`,
		);
	}
}

const ALWAYS = [
	'--include=dev',
	'--include=optional',
	'--prefer-offline',
	'--loglevel=http',
	'--no-audit',
	'--no-fund',
];

/** Whether what npm put into `node_modules` is what the lock file says. npm writes its own list of it as the last thing it does. */
function isUnpacked(folder) {
	const list = join(folder, 'node_modules', '.package-lock.json');
	if (!existsSync(list)) return false;
	const installed = JSON.parse(readFileSync(list, 'utf8')).packages;
	return Object.entries(lockOf(folder).packages).every(([place, { version, optional, devOptional }]) => {
		if (place === '') return true;
		const there = installed[place];
		return there === undefined ? optional === true || devOptional === true : there.version === version;
	});
}

function lockOf(folder) {
	return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
}

function lockHash(folder) {
	return createHash('sha256')
		.update(readFileSync(join(folder, 'package-lock.json')))
		.digest('hex');
}

/** The stamp lies inside of `node_modules`, so that it goes when that goes. */
function stampFile(folder) {
	return join(folder, 'node_modules', '.hookline-installed');
}

/** Another platform or processor needs other binaries: a stamp holds for one. */
function stampText(hash) {
	return `${hash} ${process.platform} ${process.arch}\n`;
}

function isStamped(folder, hash) {
	try {
		return readFileSync(stampFile(folder), 'utf8') === stampText(hash);
	} catch {
		return false;
	}
}

function stamp(folder, hash) {
	writeFileSync(stampFile(folder), stampText(hash));
}

/** Does something in a folder while no other process installs there; waits for one that does. */
async function alone(folder, work) {
	const file = join(folder, '.runtime', 'installing');
	mkdirSync(dirname(file), { recursive: true });
	for (let told = false; ; ) {
		try {
			writeFileSync(file, String(process.pid), { flag: 'wx' });
			break;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		const holder = Number(readOr(file, ''));
		if (holder > 0 && !isRunning(holder)) {
			rmSync(file, { force: true });
			continue;
		}
		if (isInterrupted) throw new InstallError('Interrupted.');
		if (!told) console.error(`Waiting for another process (${holder}) that installs in ${folder}`);
		told = true;
		await new Promise((wake) => setTimeout(wake, 500));
	}
	const leave = () => rmSync(file, { force: true });
	process.once('exit', leave);
	try {
		return await work();
	} finally {
		process.off('exit', leave);
		leave();
	}
}

function readOr(file, otherwise) {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return otherwise;
	}
}

function isRunning(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}

/** Says what is happening, for how long, and how far it is: in one line that changes on a terminal, in a line every 15 s elsewhere. */
function progress(what, howFar = () => '') {
	const started = Date.now();
	const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
	const isTerminal = process.stderr.isTTY === true;
	const how = () => [seconds(), howFar()].filter(Boolean).join(', ');
	if (!isTerminal) console.error(what);
	// A line that does not fit would not be overwritten.
	const show = () =>
		process.stderr.write(
			isTerminal ? `\r\x1b[K${`${what}: ${how()}`.slice(0, (process.stderr.columns || 80) - 1)}` : `  ${how()}\n`,
		);
	const timer = setInterval(show, isTerminal ? 1000 : 15_000);
	return {
		end(isGood) {
			clearInterval(timer);
			const ending = `${isGood ? 'done' : 'failed'} after ${seconds()}`;
			process.stderr.write(isTerminal ? `\r\x1b[K${what}: ${ending}\n` : `  ${ending}\n`);
		},
	};
}

/** Runs npm under `node`, with that Node first on the path: what npm builds is built for it. */
async function npm(args, folder, node, env = {}, heard = () => {}) {
	const cli = npmCli();
	const inherited = Object.entries(environmentFor(node)).filter(([name]) => !isOfThisRun(name));
	const options = { cwd: folder, env: { ...Object.fromEntries(inherited), ...env } };
	if (cli !== undefined) return await finished(spawn(node, [cli, ...args], { ...options, stdio: PIPED }), heard);
	// Started without npm (`node tools/run.mjs`): the npm on the path, which on Windows is a script that needs a shell.
	return await finished(spawn('npm', args, { ...options, stdio: PIPED, shell: process.platform === 'win32' }), heard);
}

const PIPED = ['ignore', 'pipe', 'pipe'];

/** npm tells what it starts about itself; to an npm for another folder that would be orders. */
function isOfThisRun(name) {
	return /^npm_(lifecycle|package|command|config_(local_prefix|ignore_scripts|legacy_peer_deps|omit|include|nodedir|global))/i.test(
		name,
	);
}

/** The script of the npm that started this, if one did. */
function npmCli() {
	const script = process.env.npm_execpath ?? '';
	return script.endsWith(`${sep}npm-cli.js`) && existsSync(script) ? script : undefined;
}

async function works(node, args, folder) {
	return (await output(node, args, folder)).code === 0;
}

async function output(node, args, folder) {
	return await finished(spawn(node, args, { cwd: folder, env: environmentFor(node), stdio: PIPED }));
}

/** What runs now on behalf of an installation. */
const running = new Set();
let isInterrupted = false;

/** Ends whatever is running for an installation, and starts no further step: that throws. */
export function interruptInstall() {
	isInterrupted = true;
	for (const child of running) {
		child.kill();
		setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
	}
}

/** How a program ended, and what it printed. It ends with this process. */
async function finished(child, heard = () => {}) {
	if (isInterrupted) child.kill();
	let text = '';
	const keep = (chunk) => {
		text = (text + chunk).slice(-200_000);
		heard(String(chunk));
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const stop = () => child.kill();
	process.once('exit', stop);
	running.add(child);
	try {
		const code = await new Promise((done) => {
			child.on('error', (error) => {
				keep(String(error));
				done(1);
			});
			child.on('close', (exit) => done(exit ?? 1));
		});
		return { code, text };
	} finally {
		running.delete(child);
		process.off('exit', stop);
	}
}

/** The last lines of what npm printed, without the addresses in it: they are the person's own affair. */
function tail(text) {
	const lines = text
		.replaceAll(/https?:\/\/[^\s/"']+/g, '<registry>')
		.trim()
		.split('\n');
	return lines.slice(-25).join('\n');
}
