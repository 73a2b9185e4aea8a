/** `npm start` as a process: what it shows, how it ends, and that nothing is left of it. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { providers } from '../../providers/index.ts';
import { scenes } from '../../tools/demo/scenes.mts';
import { ROOT } from '../../tools/packages.mts';
import { until } from '../../harness/until.mts';

/** A start at work. */
class Start {
	readonly child: ChildProcess;
	/** Standard output and errors as they came. */
	output = '';
	readonly ended: Promise<number | null>;

	constructor(args: readonly string[], env: Record<string, string> = {}) {
		const { N8N_PORT: _n, SANDBOX_PORT: _s, ...inherited } = process.env;
		this.child = spawn(process.execPath, [join(ROOT, 'tools/start.mts'), ...args], {
			env: { ...inherited, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.on('data', (data) => (this.output += String(data)));
		}
		this.ended = new Promise((done) => this.child.once('close', done));
	}

	/** Waits for something in the output. */
	async says(pattern: RegExp): Promise<RegExpExecArray> {
		return await until(`${String(pattern)} in the output`, 150_000, async () => {
			const found = pattern.exec(this.output);
			if (found === null && this.child.exitCode !== null) assert.fail(`it ended without it:\n${this.output}`);
			return found ?? undefined;
		});
	}
}

const ANY_PORTS = ['--port', '0', '--sandbox-port', '0'];

/** Processes that were started with this folder as n8n's. */
async function processesOn(folder: string): Promise<string[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const found: string[] = [];
	for (const pid of pids) {
		const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
		if (environment.includes(`N8N_USER_FOLDER=${folder}`)) found.push(pid);
	}
	return found;
}

describe('npm start', { timeout: 480_000 }, () => {
	let folder: string;

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'hookline-start-'));
	});
	after(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

	const onLinux = { skip: process.platform === 'linux' ? false : 'looks into /proc' };

	it('explains itself', async () => {
		const start = new Start(['--help']);
		assert.equal(await start.ended, 0);
		for (const option of ['--once', '--port', '--sandbox-port', '--data', '--fresh', 'N8N_PORT', 'SANDBOX_PORT']) {
			assert.ok(start.output.includes(option), option);
		}
	});

	it('says what is wrong with an option, and starts nothing', async () => {
		for (const [args, sentence] of [
			[['--port', 'x'], /^--port must be a port number from 0 to 65535, not "x"\.$/m],
			[['--port', '4010'], /^n8n and the sandbox cannot both have port 4010\./m],
			[['--bogus'], /^Unknown option '--bogus'/m],
		] as const) {
			const start = new Start([...args, '--data', join(folder, 'none')]);
			assert.equal(await start.ended, 1);
			assert.match(start.output, sentence);
		}
		assert.equal(existsSync(join(folder, 'none')), false);
	});

	it('names every busy port in a sentence before anything is started', async () => {
		const [first, second] = await Promise.all([busy(), busy()]);
		const start = new Start(['--data', join(folder, 'none')], {
			N8N_PORT: String(first.port),
			SANDBOX_PORT: String(second.port),
		});
		assert.equal(await start.ended, 1);
		assert.deepEqual(start.output.trim().split('\n'), [
			`Port ${first.port}, which n8n wants, is busy. Choose another with --port or N8N_PORT, or stop what listens there.`,
			`Port ${second.port}, which the sandbox wants, is busy. Choose another with --sandbox-port or SANDBOX_PORT, or stop what listens there.`,
		]);
		assert.equal(existsSync(join(folder, 'none')), false);
		for (const { server } of [first, second]) server.close();
	});

	it('is stopped while n8n is still starting, and leaves nothing running', onLinux, async () => {
		const data = join(folder, 'interrupted');
		const start = new Start(['--once', ...ANY_PORTS, '--data', data]);
		await start.says(/Starting n8n/);
		await until('n8n to be there', 20_000, async () => ((await processesOn(data)).length > 0 ? true : undefined));
		start.child.kill('SIGINT');
		assert.equal(await start.ended, 130);
		await until('nothing left', 5000, async () => ((await processesOn(data)).length === 0 ? true : undefined));
	});

	const data = () => join(folder, 'demo');

	it('with --once shows what arrived from each service, and exits 0', onLinux, async () => {
		const start = new Start(['--once', ...ANY_PORTS, '--data', data()]);
		assert.equal(await start.ended, 0, start.output);
		for (const { name } of providers) assert.match(start.output, new RegExp(`^  ${name} `, 'm'));
		for (const { event } of scenes) assert.ok(start.output.includes(event), event);
		const count = (pattern: RegExp) => [...start.output.matchAll(pattern)].length;
		assert.equal(
			count(/^ {4}verified by {2}(HMAC-SHA256 of the body \(x-[\w-]+\)|the secret token in the URL)$/gm),
			scenes.length,
		);
		assert.equal(count(/^ {4}arrived {6}\{"/gm), scenes.length);
		assert.equal(
			count(/^ {4}execution {4}http:\/\/127\.0\.0\.1:\d+\/workflow\/\w+\/executions\/\d+$/gm),
			scenes.length,
		);
		assert.match(start.output, /^ {4}then {9}contact \d+ "Jane Example" in Solve360, tagged Lead$/m);
		assert.match(start.output, /"Tell Slack" shows the message, since there is no Slack here/);
		assert.match(
			start.output,
			new RegExp(`^\\[ *[\\d.]+ s\\] All ${scenes.length} events arrived, verified, and were followed up\\.$`, 'm'),
		);
		assert.deepEqual(await processesOn(data()), []);
	});

	it(
		'goes on from there on a second start, stays, shows what arrives, and ends by Ctrl-C with nothing left',
		onLinux,
		async () => {
			const memory = await readFile(join(data(), 'demo.json'), 'utf8');
			const start = new Start([...ANY_PORTS, '--data', data()]);
			const [, sandboxUrl = ''] = await start.says(/The sandbox is up: (\S+)/);
			await start.says(new RegExp(`All ${scenes.length} events arrived`));
			await start.says(/Ctrl-C stops everything/);
			assert.equal(await readFile(join(data(), 'demo.json'), 'utf8'), memory, 'the same workflows');
			const [, editor] = /Editor +(http:\S+) {2}log in as owner@example\.com with \S+/.exec(start.output) ?? [];
			const owner = JSON.parse(await readFile(join(data(), 'owner.json'), 'utf8')) as { password: string };
			assert.match(start.output, new RegExp(`log in as owner@example\\.com with ${owner.password}$`, 'm'));
			assert.equal((await stat(join(data(), 'owner.json'))).mode & 0o777, 0o600);
			const status = (await (await fetch(`${sandboxUrl.replace(/\/$/, '')}/control/status`)).json()) as {
				editorUrl: string;
			};
			assert.equal(new URL(editor ?? '').href, status.editorUrl, 'the page links to the editor');

			const second = new Start([...ANY_PORTS, '--data', data()]);
			assert.equal(await second.ended, 1);
			assert.match(second.output, /^The n8n of another start is still running on .* \(process \d+\)\. Stop it/);

			// The printed curl line, as a person would send it.
			const [, line = ''] = /-d '(\{"provider": "solar-proof".*\})'/.exec(start.output) ?? [];
			const raised = await fetch(`${sandboxUrl}/control/events`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: line,
			});
			assert.equal(raised.status, 200);
			await start.says(/Solar Proof: new customer to Solve360 and Slack: success {2}http/);
			start.child.kill('SIGINT');
			assert.equal(await start.ended, 0);
			assert.deepEqual(await processesOn(data()), []);
			assert.equal(existsSync(join(data(), 'n8n.pid')), false);
		},
	);

	it('with --once exits 1 and says what is missing and why', onLinux, async () => {
		const start = new Start(['--once', ...ANY_PORTS, '--data', data()]);
		const [, sandboxUrl = ''] = await start.says(/The sandbox is up: (\S+)/);
		await fetch(`${sandboxUrl}/control/faults`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ provider: 'solatis', deliveries: { unsigned: true } }),
		});
		assert.equal(await start.ended, 1);
		assert.match(
			start.output,
			/^ {2}Solatis .*\n {4}MISSING {6}no execution shows it; the delivery was answered: 401 .*signature_missing/m,
		);
		assert.match(start.output, new RegExp(`1 of ${scenes.length} events are missing something`));
		assert.deepEqual(await processesOn(data()), []);
	});
});

/** A port that something listens on. */
async function busy(): Promise<{ server: Server; port: number }> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	assert.ok(typeof address === 'object' && address !== null);
	return { server, port: address.port };
}
