/** The folder where the demo keeps its data, and what must be free before anything is started. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** An end with a sentence for a person, and no stack. */
export class Stop extends Error {}

/** What the demo remembers from one start to the next. */
export interface Memory {
	/** By file name: the workflow it became, and the hash of what was imported. */
	workflows: Record<string, { id: string; hash: string }>;
}

export class Place {
	readonly folder: string;

	constructor(folder: string) {
		this.folder = folder;
	}

	/** n8n's own folder. */
	get n8n(): string {
		return join(this.folder, 'n8n');
	}

	get log(): string {
		return join(this.folder, 'n8n.log');
	}

	private get memoryFile(): string {
		return join(this.folder, 'demo.json');
	}

	private get pidFile(): string {
		return join(this.folder, 'n8n.pid');
	}

	/** Whether a start before this one left something to go on from. */
	get isNew(): boolean {
		return !existsSync(this.memoryFile);
	}

	/** Makes the folder. `fresh`: removes what an earlier start has put there, and nothing else. */
	prepare(fresh: boolean): void {
		if (fresh) {
			for (const path of [this.n8n, this.log, this.memoryFile, join(this.folder, 'owner.json')])
				rmSync(path, { recursive: true, force: true });
		}
		mkdirSync(this.n8n, { recursive: true });
	}

	recall(): Memory {
		return this.isNew ? { workflows: {} } : (JSON.parse(readFileSync(this.memoryFile, 'utf8')) as Memory);
	}

	remember(memory: Memory): void {
		writeFileSync(this.memoryFile, `${JSON.stringify(memory, null, 2)}\n`);
	}

	/** Writes down which n8n uses this folder; undefined: none any more. */
	inUseBy(pid: number | undefined): void {
		if (pid === undefined) rmSync(this.pidFile, { force: true });
		else writeFileSync(this.pidFile, String(pid));
	}

	/** @throws Stop when an n8n of another start runs on this folder: two would spoil each other's database. */
	checkUnused(): void {
		if (!existsSync(this.pidFile)) return;
		const pid = Number(readFileSync(this.pidFile, 'utf8'));
		if (!isN8n(pid)) return;
		throw new Stop(
			`The n8n of another start is still running on ${this.folder} (process ${pid}). Stop it (Ctrl-C there, or: kill ${pid}), or choose another folder with --data.`,
		);
	}
}

/** Whether a process runs, and is n8n as far as the system says what it is. */
function isN8n(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch {
		return false;
	}
	const commandLine = `/proc/${pid}/cmdline`;
	return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('n8n');
}

/** A port that somebody chose, and what for. */
export interface Port {
	number: number;
	/** e.g. `n8n`. */
	what: string;
	/** How to choose another, e.g. `--port or N8N_PORT`. */
	by: string;
}

/** @throws Stop naming every port that is busy. 0 stands for any free one. */
export async function checkPorts(ports: readonly Port[]): Promise<void> {
	const [first, second] = ports;
	if (first && second && first.number === second.number && first.number !== 0) {
		throw new Stop(`${first.what} and ${second.what} cannot both have port ${first.number}. Choose ${second.by}.`);
	}
	const problems: string[] = [];
	for (const port of ports) {
		const problem = await problemOf(port);
		if (problem !== undefined) problems.push(problem);
	}
	if (problems.length > 0) throw new Stop(problems.join('\n'));
}

async function problemOf({ number, what, by }: Port): Promise<string | undefined> {
	const server = createServer();
	try {
		await new Promise<void>((resolve, reject) => server.once('error', reject).listen(number, '127.0.0.1', resolve));
		await new Promise((resolve) => server.close(resolve));
		return undefined;
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		if (code === 'EADDRINUSE') {
			return `Port ${number}, which ${what} wants, is busy. Choose another with ${by}, or stop what listens there.`;
		}
		return `${what} cannot listen on port ${number} (${code}). Choose another with ${by}.`;
	}
}
