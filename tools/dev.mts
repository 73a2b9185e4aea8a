/**
 * `npm run dev`: a real n8n with the nodes and the sandbox next to it. A change to the sources of the nodes builds the packages again
 * and restarts n8n with them; a change to the sandbox restarts that.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { logIn, OWNER_FILE } from './demo/owner.mts';
import { checkPorts, Stop } from './demo/place.mts';
import { builtPackages, installPackages, N8n } from '../harness/n8n.mts';
import { ROOT } from './packages.mts';

const HELP = `Usage: npm run dev -- [options]

Starts the sandbox and a real n8n with the nodes, and keeps both at what the sources say, until Ctrl-C.
Workflows and credentials stay, in .runtime/dev.

  --port <number>          of n8n          (N8N_PORT, default 5678)
  --sandbox-port <number>  of the sandbox  (SANDBOX_PORT, default 4010)
  --help                   this text`;

/** What n8n loads comes from these folders; from `packages`, only what is written by hand. */
const SOURCES = ['core', 'providers', 'nodes', 'credentials', 'packages'];
const isSource = (folder: string, file: string) =>
	folder === 'packages' ? /^[^/\\]+[/\\]package\.json$/.test(file) : /\.(ts|svg|json)$/.test(file);
/** Milliseconds without a further change: editors write a file in several steps, and several files at once. */
const QUIET = 300;

const say = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);

/** What is running, to be ended in the end. */
const children = new Set<ChildProcess>();
let n8n: N8n | undefined;

function settings() {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: process.env['N8N_PORT'] ?? '5678' },
			'sandbox-port': { type: 'string', default: process.env['SANDBOX_PORT'] ?? '4010' },
			help: { type: 'boolean', default: false },
		},
	});
	const [port, sandboxPort] = [Number(values.port), Number(values['sandbox-port'])];
	if (!Number.isInteger(port) || !Number.isInteger(sandboxPort)) throw new Stop(`A port is a number.\n\n${HELP}`);
	return { port, sandboxPort, help: values.help };
}

/** Runs a file of ours under this Node; `heard` gets what it prints, otherwise the terminal does. */
function start(args: string[], heard?: (text: string) => void): ChildProcess {
	const output = heard === undefined ? 'inherit' : 'pipe';
	const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', output, output] });
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => heard?.(String(data)));
	children.add(child);
	child.once('exit', () => children.delete(child));
	return child;
}

/**
 * Builds the packages, in a process of its own: this one has loaded the providers as they were. False, and the compiler's words on the
 * terminal, when the types do not fit.
 */
async function build(): Promise<boolean> {
	let output = '';
	const child = start(['tools/package.mts', '--no-tarball'], (text) => (output += text));
	const isGood = (await new Promise<number | null>((done) => child.once('close', done))) === 0;
	if (!isGood) console.log(output.trimEnd());
	return isGood;
}

/** Builds and restarts n8n at each change; changes that come meanwhile lead to one more round. */
function followSources(running: N8n): void {
	let timer: NodeJS.Timeout | undefined;
	let round: Promise<void> = Promise.resolve();
	const changed = new Set<string>();
	const update = async (): Promise<void> => {
		if (changed.size === 0) return;
		say(`Changed: ${[...changed].join(', ')}`);
		changed.clear();
		if (!(await build())) return say('n8n goes on with the nodes as they were.');
		await installPackages(running.folder, await builtPackages());
		await running.restart();
		say(`n8n has restarted with the nodes: ${running.url} (reload the editor)`);
	};
	for (const folder of SOURCES) {
		watch(join(ROOT, folder), { recursive: true }, (_event, file) => {
			if (file === null || !isSource(folder, file)) return;
			changed.add(join(folder, file));
			clearTimeout(timer);
			timer = setTimeout(() => {
				round = round
					.then(update)
					.catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
			}, QUIET);
		});
	}
}

async function main(): Promise<void> {
	const { port, sandboxPort, help } = settings();
	if (help) return console.log(HELP);
	await checkPorts([
		{ number: port, what: 'n8n', by: '--port or N8N_PORT' },
		{ number: sandboxPort, what: 'the sandbox', by: '--sandbox-port or SANDBOX_PORT' },
	]);
	const editor = `http://127.0.0.1:${port}/`;
	const sandbox = ['sandbox/main.mts', '--port', String(sandboxPort), '--editor', editor];
	start(['--watch', '--watch-preserve-output', ...sandbox]);
	say('Building the n8n packages');
	if (!(await build())) throw new Stop('Mend that first.');
	say('Starting n8n');
	const folder = join(ROOT, '.runtime/dev');
	mkdirSync(folder, { recursive: true });
	const logFile = join(folder, 'n8n.log');
	n8n = await N8n.start({
		folder,
		port,
		editor: true,
		logFile,
		readyWithin: 300_000,
		env: { N8N_ENCRYPTION_KEY: undefined, NODE_ENV: undefined, N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	});
	const { email, password } = await logIn(n8n.client, folder);
	followSources(n8n);
	say(`n8n: ${n8n.url} (${email}, ${password}: also in ${join(folder, OWNER_FILE)}); its log: ${logFile}`);
	say('Edit away. Ctrl-C ends all of it.');
}

/** Ends all that was started; a second Ctrl-C does not wait. */
let ending = false;
async function end(code: number): Promise<void> {
	if (ending) process.exit(code);
	ending = true;
	for (const child of children) child.kill();
	await n8n?.stop();
	process.exit(code);
}
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
	process.on(signal, () => void end(code));
process.on('exit', () => children.forEach((child) => child.kill()));

try {
	await main();
} catch (error) {
	console.error(error instanceof Stop ? error.message : error);
	await end(1);
}
