/**
 * `node tools/run.mjs <command> [arguments]`: installs what a command needs and is missing, then runs it under Node 24. Every npm
 * script begins here, so that each of them works on a fresh clone: those that are a command of a tool (lint, format, docs) by
 * `packages`. Plain JavaScript, Node 18 or later.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
	environmentFor,
	findNode,
	InstallError,
	installRoot,
	interruptInstall,
	installRuntime,
	ROOT,
} from './install.mjs';

/** Test suites that run a real n8n. */
const NEEDS_N8N = new Set(['n8n', 'styles', 'conformance', 'faults', 'checks']);

/** command -> what it does, the file that it runs with its first arguments, and whether it needs an installed n8n. */
const COMMANDS = {
	start: { does: 'see events of all services arrive in a real n8n', run: ['tools/start.mts'], n8n: true },
	test: { does: 'run every test (a suite by name: npm test -- unit)', run: ['tools/test.mts'], n8n: testsNeedN8n },
	'test:unit': { does: 'the unit tests: seconds', run: ['tools/test.mts', 'unit'] },
	'test:sandbox': { does: 'the tests of the sandbox', run: ['tools/test.mts', 'sandbox'] },
	'test:n8n': { does: 'the tests in a real n8n', run: ['tools/test.mts', 'n8n'], n8n: true },
	'test:zapier': { does: 'the tests of the built Zapier apps', run: ['tools/test.mts', 'zapier'] },
	'test:checks': {
		does: 'the tests of the packages and of this repository',
		run: ['tools/test.mts', 'checks'],
		n8n: true,
	},
	'test:conformance': { does: 'every service against every case', run: ['tools/test.mts', 'conformance'], n8n: true },
	'test:faults': { does: 'count what is lost or doubled under failures', run: ['tools/test.mts', 'faults'], n8n: true },
	'test:fuzz': { does: 'look for a forgery or a crash with generated input', run: ['tools/test.mts', 'fuzz'] },
	'test:versions': {
		does: 'the nodes in other versions of n8n, each installed first (npm run test:versions -- 1.123.81 2.0.3)',
		run: ['tools/versions.mts'],
		n8n: true,
	},
	'test:mutants': {
		does: 'change one thing at a time: do the unit tests notice? (npm run test:mutants -- core/signature.ts)',
		run: ['tools/mutants.mts'],
	},
	build: { does: 'build packages/<name>/dist', run: ['tools/package.mts', '--no-tarball'] },
	package: { does: 'build the packages as they are published: build/<name>-<version>.tgz', run: ['tools/package.mts'] },
	'zapier:build': { does: 'build the Zapier apps: zapier/<service>/build/build.zip', run: ['zapier/build.mts'] },
	'new-service': {
		does: 'write the files of a new service (npm run new-service -- acme "Acme")',
		run: ['tools/new-service.mts'],
	},
	sandbox: { does: 'the five services as local servers', run: ['sandbox/main.mts'] },
	dev: { does: 'n8n with the nodes, rebuilt as you edit, and the sandbox', run: ['tools/dev.mts'], n8n: true },
	setup: { does: 'install everything, and do no more', n8n: true },
	packages: { does: 'install the packages of the root, and do no more: for lint, format and docs' },
	bench: { does: 'measure against the public peers', run: ['bench/main.mts'], n8n: true },
};

function testsNeedN8n(args) {
	const end = args.indexOf('--');
	const suites = (end < 0 ? args : args.slice(0, end)).filter((arg) => !arg.startsWith('-'));
	return suites.length === 0 || suites.some((suite) => NEEDS_N8N.has(suite));
}

function help() {
	const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
	const lines = Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`);
	return [
		'Usage: npm run <command> [-- arguments]',
		'',
		...lines,
		'',
		'Plain commands in package.json: lint (and lint:types, lint:rules, lint:formatting, lint:unused), format, docs.',
		'What a command needs is installed when it is missing. HOOKLINE_RUNTIME_DIR: where n8n is installed (default runtime/n8n).',
	].join('\n');
}

/** Runs a file under a Node until it ends; gives its exit code. Signals reach it, and it does not outlive this process. */
async function runUnder(node, args) {
	const child = spawn(node, args, { cwd: ROOT, env: environmentFor(node), stdio: 'inherit' });
	for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	// From a terminal, Ctrl-C has reached it already.
	process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
	process.on('exit', () => child.kill());
	return await new Promise((done, failed) => {
		child.on('error', failed);
		child.on('exit', (code, signal) => done(signal === null ? code : 128 + (SIGNALS[signal] ?? 0)));
	});
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

async function main([name = '--help', ...args]) {
	if (name === '--help' || name === '-h') {
		console.log(help());
		return 0;
	}
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (command === undefined) {
		console.error(`There is no command "${name}".\n\n${help()}`);
		return 1;
	}
	await installRoot();
	const node = findNode();
	const needsN8n = typeof command.n8n === 'function' ? command.n8n(args) : command.n8n === true;
	const asksForHelp = args.includes('--help');
	if (needsN8n && !asksForHelp) await installRuntime(node);
	if (interrupted !== undefined || command.run === undefined) return interrupted ?? 0;
	const [file, ...first] = command.run;
	return await runUnder(node, [join(ROOT, file), ...first, ...args]);
}

// While something is installed, Ctrl-C ends that, and the next run goes on from there.
let interrupted;
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
	process.on(signal, () => {
		interrupted ??= code;
		interruptInstall();
	});
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	if (interrupted === undefined) console.error(error instanceof InstallError ? error.message : error);
	process.exitCode = interrupted ?? 1;
}
