/** A real n8n with our packages, installed as a user would have them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.mts';
import { until } from './until.mts';

const ROOT = join(import.meta.dirname, '..');
/** The last that n8n prints when it starts. */
const STARTED = 'Editor is now accessible via';

/** Where the n8n is installed that is driven: `HOOKLINE_RUNTIME_DIR`, by default `runtime/n8n`. */
const RUNTIME = process.env['HOOKLINE_RUNTIME_DIR'] ?? join(ROOT, 'runtime/n8n');
/** The installed n8n's command. */
export const N8N_COMMAND = join(RUNTIME, 'node_modules/n8n/bin/n8n');

/** The version of the installed n8n, e.g. `2.41.1`. */
export function n8nVersion(): string {
	const manifest = JSON.parse(readFileSync(join(RUNTIME, 'node_modules/n8n/package.json'), 'utf8')) as {
		version: string;
	};
	return manifest.version;
}

/**
 * Whether a published workflow's triggers are asked again at every start: n8n before 2.40, and later ones without their publication
 * service. `HOOKLINE_OLD_START=1` switches that off in every n8n that is started here.
 */
export function startsTheOldWay(): boolean {
	return process.env['HOOKLINE_OLD_START'] === '1' || isBefore(2, 40);
}

function isBefore(wantedMajor: number, wantedMinor: number): boolean {
	const [major = 0, minor = 0] = n8nVersion().split('.').map(Number);
	return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

export interface N8nOptions {
	/** Folders of built packages, each with a package.json and what it names. Default: all in `packages/`. */
	packages?: readonly string[];
	/** Where n8n keeps its data. Default: a new temporary folder, removed by `stop`. */
	folder?: string;
	/** 0: any free one. */
	port?: number;
	/** Over the environment that it gets; undefined takes a variable away. */
	env?: Record<string, string | undefined>;
	/** A file that gets what n8n prints, again with each start. */
	logFile?: string;
	/** Which part of n8n: `start` (default), `webhook` or `worker`. */
	command?: readonly string[];
	/** Milliseconds until it must be ready. Default: 90,000. */
	readyWithin?: number;
	/** Show the editor. Default: false, which starts faster. */
	editor?: boolean;
}

/** The variable with the address under which services reach n8n: it has another name before 2.41. */
export function webhookUrlVariable(): 'N8N_WEBHOOK_URL' | 'WEBHOOK_URL' {
	return isBefore(2, 41) ? 'WEBHOOK_URL' : 'N8N_WEBHOOK_URL';
}

/** Parts of n8n that no test needs. A name that this version does not know would end its start. */
function modulesToDisable(): string[] {
	const known = readdirSync(join(RUNTIME, 'node_modules/n8n/dist/modules')).map((name) => name.replace(/\.ee$/, ''));
	return [
		'mcp-registry',
		'instance-ai',
		'agents',
		'insights',
		'chat-hub',
		'workflow-builder',
		'quick-connect',
		'instance-reporting',
	].filter((name) => known.includes(name));
}

/** A free port of loopback. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

/** The folders of all built packages. */
export async function builtPackages(): Promise<string[]> {
	const where = join(ROOT, 'packages');
	const names = await readdir(where);
	return names.filter((name) => name.startsWith('n8n-nodes-')).map((name) => join(where, name));
}

/** Installs built packages as n8n's own installer leaves them: only the files that are published. */
export async function installPackages(folder: string, packages: readonly string[]): Promise<void> {
	for (const source of packages) {
		const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { name: string };
		const target = join(folder, '.n8n/nodes/node_modules', manifest.name);
		await rm(target, { recursive: true, force: true });
		await mkdir(target, { recursive: true });
		await cp(join(source, 'package.json'), join(target, 'package.json'));
		await cp(join(source, 'dist'), join(target, 'dist'), { recursive: true });
	}
}

/** Keeps n8n to itself: nothing is asked of the internet, and nothing of this shell's environment leaks in. */
function environment(folder: string, port: number, brokerPort: number, editor: boolean): Record<string, string> {
	const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env;
	return {
		PATH,
		HOME,
		LANG,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: folder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_PROTOCOL: 'http',
		[webhookUrlVariable()]: `http://127.0.0.1:${port}/`,
		N8N_ENCRYPTION_KEY: 'an encryption key for tests only',
		N8N_SECURE_COOKIE: 'false',
		N8N_DISABLE_UI: String(!editor),
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_LICENSE_SERVER_URL: 'http://127.0.0.1:9',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_DISABLED_MODULES: modulesToDisable().join(','),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_LOG_LEVEL: 'info',
		// What the first start compiles, the next ones read: a fifth of the time of a start.
		NODE_COMPILE_CACHE: join(RUNTIME, 'node_modules/.cache/compiled'),
		GENERIC_TIMEZONE: 'UTC',
		...(process.env['HOOKLINE_OLD_START'] === '1' ? { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' } : {}),
	};
}

export class N8n {
	readonly folder: string;
	readonly port: number;
	readonly url: string;
	readonly client: Client;
	private readonly env: Record<string, string | undefined>;
	private readonly command: readonly string[];
	private readonly temporary: boolean;
	private readonly logFile: string | undefined;
	private readonly readyWithin: number;
	private process: ChildProcess | undefined;
	private output = '';

	private constructor(folder: string, port: number, env: Record<string, string | undefined>, options: N8nOptions) {
		this.folder = folder;
		this.temporary = options.folder === undefined;
		this.port = port;
		this.command = options.command ?? ['start'];
		this.logFile = options.logFile;
		this.readyWithin = options.readyWithin ?? 90_000;
		this.env = env;
		this.url = `http://127.0.0.1:${port}`;
		this.client = new Client(this.url);
	}

	/** Starts n8n and waits until it is ready. */
	static async start(options: N8nOptions = {}): Promise<N8n> {
		const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'hookline-n8n-')));
		await installPackages(folder, options.packages ?? (await builtPackages()));
		const port = options.port || (await freePort());
		const env = { ...environment(folder, port, await freePort(), options.editor === true), ...options.env };
		const n8n = new N8n(folder, port, env, options);
		await n8n.up();
		return n8n;
	}

	/** What n8n has printed since it was first started. */
	get log(): string {
		return this.output;
	}

	/** The id of its process, while it runs. */
	get pid(): number | undefined {
		const child = this.process;
		return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
	}

	/** Starts it again on the same data, after `stop` or `kill`. */
	async restart(env: Record<string, string> = {}): Promise<void> {
		await this.down('SIGTERM');
		Object.assign(this.env, env);
		await this.up();
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		await this.down('SIGKILL');
	}

	/** Stops it as a person would, and removes a temporary folder. */
	async stop(): Promise<void> {
		await this.down('SIGTERM');
		if (this.temporary) await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}

	private async up(): Promise<void> {
		// A group of its own, so that its task runner ends with it.
		const child = spawn(process.execPath, [N8N_COMMAND, ...this.command], {
			env: this.env,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.process = child;
		const before = this.output.length;
		const keep = (data: Buffer) => {
			this.output = (this.output + data.toString()).slice(-2_000_000);
			if (this.logFile !== undefined) appendFileSync(this.logFile, data);
		};
		if (this.logFile !== undefined) writeFileSync(this.logFile, '');
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		const end = () => endGroup(child, 'SIGKILL');
		process.once('exit', end);
		child.once('exit', () => process.off('exit', end));
		try {
			await until('n8n to be ready', this.readyWithin, async () => {
				if (child.exitCode !== null) return true;
				const response = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined);
				return response?.status === 200 ? true : undefined;
			});
			if (child.exitCode !== null) throw new Error(`n8n ended with code ${child.exitCode}`);
			if (this.command[0] === 'start' && startsTheOldWay()) await this.triggersAsked(before);
		} catch (cause) {
			await this.down('SIGKILL');
			throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${this.output.slice(-3000)}`);
		}
	}

	/**
	 * The old way, n8n says that it is ready before it has its API and before it has asked the triggers. A service that answers late
	 * holds that up: after half a minute it goes on without.
	 */
	private async triggersAsked(before: number): Promise<void> {
		const end = Date.now() + 30_000;
		while (!this.output.slice(before).includes(STARTED) && Date.now() < end) {
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	private async down(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const child = this.process;
		this.process = undefined;
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		if (signal === 'SIGTERM') child.kill('SIGTERM');
		else endGroup(child, 'SIGKILL');
		const late = setTimeout(() => endGroup(child, 'SIGKILL'), 15_000);
		await ended;
		clearTimeout(late);
		endGroup(child, 'SIGKILL');
	}
}

/** Ends a process and what it started. */
function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		// It is gone already.
	}
}
