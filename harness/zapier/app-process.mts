/** A built app in a process of its own: unzipped from its `build.zip`, production behaviour (no NODE_ENV), driven over IPC. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzip } from './unzip.mts';

/** What is asked of the app: an event for its Lambda handler. */
export interface Call {
	id: number;
	event: object;
}

/** What the handler made of it. */
export interface Answer {
	id: number;
	results?: unknown;
	error?: AppError;
	/** Milliseconds in the handler. */
	ms: number;
}

/** An error as it left the handler. `safe`: core was told not to append the bundle to its message. */
export interface AppError {
	name: string;
	message: string;
	safe: boolean;
}

export interface AppProcess {
	/** Milliseconds that loading the app took. */
	loadMs: number;
	/** What the app wrote to its standard output and error. */
	output(): string;
	call(event: object): Promise<Answer>;
	stop(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./app-child.mts', import.meta.url));
/** Unzips a build into a temporary folder and loads it there. `env` is all that the app finds in its environment. */
export async function startApp(zip: string, env: Readonly<Record<string, string>>): Promise<AppProcess> {
	const folder = await mkdtemp(join(tmpdir(), 'zapier-app-'));
	const remove = () => rm(folder, { recursive: true, force: true });
	try {
		await unzip(zip, folder);
		return await loadApp(folder, env, remove);
	} catch (cause) {
		await remove();
		throw cause;
	}
}

/** Loads an app that lies unzipped in a folder. `cleanUp` is called when it has stopped. */
export async function loadApp(
	folder: string,
	env: Readonly<Record<string, string>>,
	cleanUp: () => Promise<void> = async () => {},
): Promise<AppProcess> {
	const child = fork(CHILD, [folder], {
		cwd: folder,
		env: { PATH: process.env.PATH ?? '', ...env },
		execArgv: [],
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	let output = '';
	child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const stop = async () => {
		await ended(child);
		await cleanUp();
	};

	const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (cause: Error) => void }>();
	let last = 0;
	const hasEnded = () => new Error(`The app ended: ${output}`);
	const loadMs = await new Promise<number>((resolve, reject) => {
		child.on('message', (message: Answer | { ready: true; loadMs: number }) => {
			if ('ready' in message) resolve(message.loadMs);
			else {
				waiting.get(message.id)?.resolve(message);
				waiting.delete(message.id);
			}
		});
		child.once('exit', () => {
			reject(hasEnded());
			for (const call of waiting.values()) call.reject(hasEnded());
			waiting.clear();
		});
	}).catch(async (cause: unknown) => {
		await ended(child);
		throw cause;
	});
	return {
		loadMs,
		output: () => output,
		call: (event) =>
			new Promise((resolve, reject) => {
				if (child.exitCode !== null || child.signalCode !== null) return reject(hasEnded());
				const id = ++last;
				waiting.set(id, { resolve, reject });
				child.send({ id, event } satisfies Call);
			}),
		stop,
	};
}

function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		child.removeAllListeners('exit');
		child.once('exit', () => resolve());
		child.kill('SIGKILL');
	});
}
