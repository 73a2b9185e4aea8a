/** PostgreSQL and Redis as child processes on loopback, with data folders of their own: what n8n's queue mode needs. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './n8n.mts';
import { until } from './until.mts';

const run = promisify(execFile);

export interface Server {
	port: number;
	stop: () => Promise<void>;
}

/** Where Debian puts PostgreSQL's programs (newest first), then PATH. */
function program(name: string): string | undefined {
	const folders = [
		...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
		...(process.env['PATH'] ?? '').split(delimiter),
	];
	return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Why queue mode cannot be run here; undefined when it can. */
export function missingServers(): string | undefined {
	const missing = ['initdb', 'postgres', 'redis-server'].filter((name) => program(name) === undefined);
	return missing.length === 0
		? undefined
		: `${missing.join(', ')} not found (on Debian, as root: apt-get install -y postgresql redis-server)`;
}

/** PostgreSQL with one user, `n8n`, that needs no password, and the database `postgres`. */
export async function startPostgres(): Promise<Server> {
	const folder = await mkdtemp(join(tmpdir(), 'hookline-postgres-'));
	// It refuses to run as root.
	const owner = process.getuid?.() === 0 ? await idsOf('postgres') : undefined;
	if (owner) await chown(folder, owner.uid, owner.gid);
	const port = await freePort();
	await run(program('initdb')!, ['-D', folder, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
		...owner,
		cwd: folder,
	});
	const child = spawn(program('postgres')!, ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', folder], {
		...owner,
		cwd: folder,
		stdio: 'ignore',
	});
	return await whenOpen('PostgreSQL', child, port, folder, 'SIGQUIT');
}

/** Redis that keeps its queue on disk at every write, as a queue should be kept. */
export async function startRedis(): Promise<Server> {
	const folder = await mkdtemp(join(tmpdir(), 'hookline-redis-'));
	const port = await freePort();
	const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'];
	const child = spawn(program('redis-server')!, options, { cwd: folder, stdio: 'ignore' });
	return await whenOpen('Redis', child, port, folder, 'SIGKILL');
}

async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
	const [uid, gid] = await Promise.all(['-u', '-g'].map(async (of) => Number((await run('id', [of, user])).stdout)));
	if (!uid || !gid) throw new Error(`there is no user ${user}`);
	return { uid, gid };
}

async function whenOpen(
	name: string,
	child: ChildProcess,
	port: number,
	folder: string,
	signal: NodeJS.Signals,
): Promise<Server> {
	const end = () => void child.kill(signal);
	process.once('exit', end);
	const stop = async () => {
		process.off('exit', end);
		if (child.exitCode === null && child.signalCode === null) {
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.kill(signal);
			await ended;
		}
		await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	};
	try {
		await until(`${name} to answer`, 30_000, async () => {
			if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`);
			return await new Promise<true | undefined>((resolve) => {
				const socket = connect(port, '127.0.0.1', () => {
					socket.destroy();
					resolve(true);
				}).once('error', () => resolve(undefined));
			});
		});
	} catch (cause) {
		await stop();
		throw cause;
	}
	return { port, stop };
}
