/**
 * n8n's queue mode: a main process, webhook processors behind a load balancer, and workers, on PostgreSQL and Redis. These are servers
 * that already run on this machine, where there are (with a database and a prefix of our own, removed in the end), or are started.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { startBalancer, type Balancer } from './balancer.mts';
import { freePort, N8n, N8N_COMMAND, webhookUrlVariable } from './n8n.mts';
import { missingServers, startPostgres, startRedis } from './servers.mts';

/** What queue mode is tested with, and what `deploy/compose.yml` must therefore set. */
export const QUEUE_SETTINGS = {
	EXECUTIONS_MODE: 'queue',
	DB_TYPE: 'postgresdb',
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
};

/** Where n8n finds its servers, and how to leave them as they were. */
export interface QueueServers {
	env: Record<string, string>;
	close: () => Promise<void>;
}

/** The clients that n8n itself has; what is used of them. */
interface PgClient {
	connect: () => Promise<void>;
	query: (text: string) => Promise<unknown>;
	end: () => Promise<void>;
}
interface RedisClient {
	keys: (pattern: string) => Promise<string[]>;
	del: (...keys: string[]) => Promise<number>;
	quit: () => Promise<unknown>;
}

const HOST = '127.0.0.1';
const [POSTGRES_PORT, REDIS_PORT] = [5432, 6379];

/** Starts PostgreSQL and Redis for this run alone. */
export async function ownServers(): Promise<QueueServers> {
	const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
	return {
		env: environmentOf(postgres.port, 'postgres', 'n8n', redis.port),
		close: async () => {
			await redis.stop();
			await postgres.stop();
		},
	};
}

/** Why queue mode cannot be run here; undefined when it can. Makes nothing. */
export async function missingForQueue(): Promise<string | undefined> {
	const problem = await problemOfRunning();
	const missing = problem === undefined ? undefined : missingServers();
	return missing === undefined ? undefined : `${problem}; ${missing}`;
}

/**
 * The servers that run on this machine, at their usual ports, with a new database; else our own. `HOOKLINE_POSTGRES_USER` (default
 * `postgres`) must be able to log in without a password, and to make a database.
 */
export async function queueServers(): Promise<QueueServers> {
	return (await problemOfRunning()) === undefined ? await borrowedServers() : await ownServers();
}

const USER = process.env['HOOKLINE_POSTGRES_USER'] ?? 'postgres';

/** Why the running servers cannot be used; undefined when they can. */
async function problemOfRunning(): Promise<string | undefined> {
	for (const [name, port] of [
		['PostgreSQL', POSTGRES_PORT],
		['Redis', REDIS_PORT],
	] as const) {
		if (!(await listens(port))) return `no ${name} at ${HOST}:${port}`;
	}
	try {
		await inPostgres(async (client) => await client.query('SELECT 1'));
		return undefined;
	} catch (cause) {
		return `PostgreSQL at ${HOST}:${POSTGRES_PORT} does not let ${USER} in: ${cause instanceof Error ? cause.message : String(cause)}`;
	}
}

async function borrowedServers(): Promise<QueueServers> {
	const name = `hookline_${randomBytes(6).toString('hex')}`;
	await inPostgres(async (client) => await client.query(`CREATE DATABASE ${name}`));
	return {
		env: {
			...environmentOf(POSTGRES_PORT, name, USER, REDIS_PORT),
			QUEUE_BULL_PREFIX: `${name}:bull`,
			N8N_REDIS_KEY_PREFIX: `${name}:n8n`,
		},
		close: async () => {
			await inPostgres(async (client) => await client.query(`DROP DATABASE ${name} WITH (FORCE)`));
			const Redis = requireOfN8n<new (port: number, host: string) => RedisClient>('ioredis');
			const redis = new Redis(REDIS_PORT, HOST);
			const keys = await redis.keys(`${name}:*`);
			if (keys.length > 0) await redis.del(...keys);
			await redis.quit();
		},
	};
}

function environmentOf(postgres: number, database: string, user: string, redis: number): Record<string, string> {
	return {
		...QUEUE_SETTINGS,
		DB_POSTGRESDB_HOST: HOST,
		DB_POSTGRESDB_PORT: String(postgres),
		DB_POSTGRESDB_DATABASE: database,
		DB_POSTGRESDB_USER: user,
		QUEUE_BULL_REDIS_HOST: HOST,
		QUEUE_BULL_REDIS_PORT: String(redis),
	};
}

/** A package of the installed n8n. */
function requireOfN8n<T>(name: string): T {
	return createRequire(N8N_COMMAND)(name) as T;
}

async function inPostgres<T>(work: (client: PgClient) => Promise<T>): Promise<T> {
	const { Client } = requireOfN8n<{ Client: new (options: object) => PgClient }>('pg');
	const client = new Client({ host: HOST, port: POSTGRES_PORT, user: USER, database: 'postgres' });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, HOST, () => {
			socket.destroy();
			resolve(true);
		}).once('error', () => resolve(false));
	});
}

/** The processes of queue mode. */
export class Queue {
	readonly balancer: Balancer;
	main!: N8n;
	processors: N8n[] = [];
	workers: N8n[] = [];
	private readonly servers: QueueServers;
	private readonly env: Record<string, string>;

	private constructor(servers: QueueServers, balancer: Balancer, env: Record<string, string>) {
		this.servers = servers;
		this.balancer = balancer;
		this.env = env;
	}

	/** Starts the main process, logs in, and then so many webhook processors and workers. */
	static async start(
		servers: QueueServers,
		{ processors, workers, env = {} }: { processors: number; workers: number; env?: Record<string, string> },
	): Promise<Queue> {
		const queue = new Queue(servers, await startBalancer(), env);
		try {
			queue.main = await queue.part(['start']);
			await queue.main.client.login();
			for (let index = 0; index < processors; index++) queue.processors.push(await queue.part(['webhook']));
			for (let index = 0; index < workers; index++)
				queue.workers.push(await queue.part(['worker', '--concurrency=10']));
			queue.balancer.targets = queue.processors.map(({ url }) => url);
			return queue;
		} catch (cause) {
			await queue.stop();
			throw cause;
		}
	}

	/** Starts a part of n8n, on a port of its own: the balancer and the readiness check must know it. */
	async part(command: readonly string[], env: Record<string, string> = {}): Promise<N8n> {
		const port = await freePort();
		return await N8n.start({
			command,
			port,
			env: {
				...this.servers.env,
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: HOST,
				[webhookUrlVariable()]: `${this.balancer.url}/`,
				...this.env,
				...env,
			},
		});
	}

	/** Stops all of it, and leaves the servers as they were. */
	async stop(): Promise<void> {
		for (const one of [...this.workers, ...this.processors, this.main]) await (one as N8n | undefined)?.stop();
		await this.balancer.close();
		await this.servers.close();
	}
}
