/**
 * `npm start`: the five services as a sandbox, a real n8n with the packages installed, the example workflows published, events
 * raised, and the results.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { logIn } from './demo/owner.mts';
import { checkPorts, Place, Stop } from './demo/place.mts';
import { play, type Outcome } from './demo/play.mts';
import { executionUrl, nameOf, say, saying, table, whatNow } from './demo/report.mts';
import { scenes } from './demo/scenes.mts';
import { importExamples, registerByHand, setUpCredentials, watch, type Imported } from './demo/setup.mts';
import { UNFINISHED, type Client } from '../harness/client.mts';
import { freePort, N8n, N8N_COMMAND } from '../harness/n8n.mts';
import { SandboxControl } from '../harness/sandbox.mts';
import { packagesAreBuilt } from './demo/built.mts';
import { ROOT } from './packages.mts';

const HELP = `Usage: npm start -- [options]

Starts the sandbox (five services on this machine) and a real n8n with the nodes of this repository, publishes the example
workflows, raises an event of each service and shows what arrived. Then it stays, until Ctrl-C.

  --once                   stop after that: exit code 0 when everything arrived, else 1
  --port <number>          of n8n          (N8N_PORT, default 5678; 0: any free port)
  --sandbox-port <number>  of the sandbox  (SANDBOX_PORT, default 4010; 0: any free port)
  --data <folder>          where n8n keeps its data (default .runtime)
  --fresh                  forget what earlier starts left there
  --help                   this text`;

interface Settings {
	once: boolean;
	fresh: boolean;
	port: number;
	sandboxPort: number;
	place: Place;
}

/** The example that watches a webhook, which it must be told. */
const WATCHER = 'watch-a-solatis-webhook.json';

/** What is running, to be stopped in the end. */
const running: { sandbox?: Sandbox; n8n?: N8n; place?: Place } = {};

async function main(args: string[]): Promise<number> {
	const settings = settingsFrom(args);
	if (settings === undefined) {
		console.log(HELP);
		return 0;
	}
	const { place, once } = settings;
	await checkBeforehand(settings);
	await buildPackages();

	// The sandbox's page links to the editor, so n8n's port is chosen first.
	const port = settings.port || (await freePort());
	const sandbox = (running.sandbox = await startSandbox({
		port: settings.sandboxPort,
		editorUrl: `http://127.0.0.1:${port}/`,
	}));
	say(`The sandbox is up: ${sandbox.url}`);
	place.prepare(settings.fresh);
	running.place = place;
	const n8n = (running.n8n = await startN8n({ ...settings, port }));
	place.inUseBy(n8n.pid);
	say(`n8n is up: ${n8n.url}`);

	const control = SandboxControl.at(sandbox, 'solatis');
	const owner = await logIn(n8n.client, place.folder);
	const imported = await setUp(n8n, control, place);
	const outcomes = await playAll(n8n.client, control, imported);
	const missing = outcomes.filter(({ problem }) => problem !== undefined);
	console.log(`\nWhat arrived in n8n\n\n${table(outcomes, n8n.url)}`);
	if (missing.length === 0) say(`All ${outcomes.length} events arrived, verified, and were followed up.`);
	else say(`${missing.length} of ${outcomes.length} events are missing something: see above.`);
	if (once) return missing.length === 0 ? 0 : 1;

	console.log(whatNow(n8n.url, sandbox.url, relative(process.cwd(), place.log), owner));
	stays = true;
	return await showArrivals(n8n, imported);
}

function settingsFrom(args: string[]): Settings | undefined {
	const { values } = parsed(args);
	if (values.help) return undefined;
	return {
		once: values.once,
		fresh: values.fresh,
		port: portFrom('--port', values.port ?? process.env['N8N_PORT'] ?? '5678'),
		sandboxPort: portFrom('--sandbox-port', values['sandbox-port'] ?? process.env['SANDBOX_PORT'] ?? '4010'),
		place: new Place(values.data === undefined ? join(ROOT, '.runtime') : resolve(values.data)),
	};
}

function parsed(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				once: { type: 'boolean', default: false },
				fresh: { type: 'boolean', default: false },
				port: { type: 'string' },
				'sandbox-port': { type: 'string' },
				data: { type: 'string' },
				help: { type: 'boolean', short: 'h', default: false },
			},
		});
	} catch (cause) {
		throw new Stop(`${cause instanceof Error ? cause.message : String(cause)}\n\n${HELP}`);
	}
}

function portFrom(option: string, value: string): number {
	const port = Number(value);
	if (/^\d+$/.test(value) && port < 65_536) return port;
	throw new Stop(`${option} must be a port number from 0 to 65535, not "${value}".`);
}

/** Everything that can be known to be in the way, before anything is started. */
async function checkBeforehand({ port, sandboxPort, place }: Settings): Promise<void> {
	if (!existsSync(N8N_COMMAND))
		throw new Stop('n8n is not installed yet. Run "npm start": it installs what is missing.');
	place.checkUnused();
	await checkPorts([
		{ number: port, what: 'n8n', by: '--port or N8N_PORT' },
		{ number: sandboxPort, what: 'the sandbox', by: '--sandbox-port or SANDBOX_PORT' },
	]);
}

async function buildPackages(): Promise<void> {
	if (packagesAreBuilt()) return;
	await saying('Building the n8n packages', () => 'still building', runTool(['tools/package.mts', '--no-tarball']));
}

/** Runs a tool of ours; its output is shown when it fails. */
async function runTool(args: string[]): Promise<void> {
	let output = '';
	const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
	const end = () => child.kill();
	process.once('exit', end);
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
	const code = await new Promise((done, reject) => child.once('error', reject).once('close', done));
	process.off('exit', end);
	if (code !== 0) throw new Stop(`${output.trimEnd()}\n\n${args[0]} failed.`);
}

async function startN8n({ place, port }: Settings): Promise<N8n> {
	return await saying(
		place.isNew ? 'Starting n8n for the first time: it sets up its database' : 'Starting n8n',
		() => `n8n is starting${lastLine(place.log)}`,
		N8n.start({
			folder: place.n8n,
			port,
			editor: true,
			logFile: place.log,
			readyWithin: 300_000,
			// Its own encryption key, which it makes and keeps in its folder: people may put real credentials into this n8n.
			env: { N8N_ENCRYPTION_KEY: undefined, N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		}),
	);
}

/** The last that n8n said, to show that it is at work. */
function lastLine(file: string): string {
	const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
	const last = lines.at(-1)?.trim() ?? '';
	return last === '' ? '' : `: ${last.slice(0, 90)}`;
}

/** Brings n8n and the sandbox to where events can be raised. */
async function setUp({ client, url }: N8n, sandbox: SandboxControl, place: Place): Promise<Imported[]> {
	const memory = place.recall();
	const credentials = await setUpCredentials(client, sandbox.sandbox.url);
	say(`${Object.keys(credentials).length} credentials that lead to the sandbox`);
	const imported = await importExamples(client, credentials, memory);
	place.remember(memory);
	for (const { file, standIns } of imported) {
		const changes = [...standIns].map(
			([node, service]) => `"${node}" shows the message, since there is no ${service} here`,
		);
		say(`Workflow examples/n8n/${file}${changes.length > 0 ? `: ${changes.join(', ')}` : ''}`);
	}
	await registerByHand(sandbox, url, imported);
	say('Webhooks registered manually at Solid# and SoshiaConnect, as their documentation has it');
	for (const { file, workflow } of imported) if (file !== WATCHER) await publish(client, workflow);
	return imported;
}

async function publish(client: Client, workflow: Imported['workflow']): Promise<void> {
	// n8n calls a trigger on publishing only, and this sandbox knows nothing of what the last one was told.
	if (workflow.active === true) await client.unpublish(workflow);
	const { status, messages } = await client.publish(workflow);
	say(`Published "${workflow.name}"${status === 'published' ? '' : `: ${status}: ${messages.join(' ')}`}`);
}

async function playAll(client: Client, sandbox: SandboxControl, imported: readonly Imported[]): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const scene of scenes) {
		const example = imported.find(({ file }) => file === scene.example);
		if (example === undefined) throw new Error(`There is no example ${scene.example}.`);
		say(`${nameOf(scene.provider)} sends ${scene.event}`);
		const outcome = await play(scene, example, client, sandbox);
		outcomes.push(outcome);
		// The id of the webhook to watch is known now: the item carries it.
		const [webhookId] = outcome.webhookIds;
		const watcher = imported.find(({ file }) => file === WATCHER);
		if (scene.provider === 'solatis' && webhookId !== undefined && watcher !== undefined) {
			await watch(client, watcher, webhookId);
			await publish(client, watcher.workflow);
		}
	}
	return outcomes;
}

/** Names every execution that comes, until n8n or a person ends it. */
async function showArrivals({ client, url }: N8n, imported: readonly Imported[]): Promise<number> {
	const seen = new Set((await client.recentExecutions()).map(({ id }) => id));
	for (;;) {
		await new Promise((next) => setTimeout(next, 1000));
		const recent = await client.recentExecutions().catch(() => undefined);
		if (recent === undefined && running.n8n?.pid === undefined) throw new Stop('n8n has ended by itself: see its log.');
		for (const { id, status, workflowId } of [...(recent ?? [])].reverse()) {
			if (seen.has(id) || UNFINISHED.includes(status)) continue;
			seen.add(id);
			const name = imported.find(({ workflow }) => workflow.id === workflowId)?.workflow.name ?? workflowId;
			say(`${name}: ${status}  ${executionUrl(url, workflowId, id)}`);
		}
	}
}

async function stopAll(): Promise<void> {
	await running.n8n?.stop();
	await running.sandbox?.close();
	running.place?.inUseBy(undefined);
}

/** Whether the demo is done, and Ctrl-C is the way to end it. */
let stays = false;
let stopping = false;

/** Ctrl-C: a second one does not wait. */
async function interrupted(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): Promise<void> {
	if (stopping) process.exit(128 + SIGNALS[signal]);
	stopping = true;
	say('Stopping n8n and the sandbox');
	await stopAll();
	process.exit(stays ? 0 : 128 + SIGNALS[signal]);
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void interrupted(signal));

try {
	process.exitCode = await main(process.argv.slice(2));
	await stopAll();
} catch (error) {
	if (!stopping) {
		console.error(error instanceof Stop ? error.message : error);
		await stopAll();
		process.exitCode = 1;
	}
}
