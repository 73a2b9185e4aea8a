/** `npm run dev` in a copy of the sources: what a contributor sees after an edit, and that Ctrl-C leaves nothing running. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Client, type Owner } from '../../harness/client.mts';
import { freePort } from '../../harness/n8n.mts';
import { until } from '../../harness/until.mts';
import { ROOT } from '../../tools/packages.mts';

const SOURCES = ['contracts', 'core', 'providers', 'nodes', 'credentials', 'packages', 'sandbox', 'harness', 'tools'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE', 'runtime/n8n/package-lock.json'];

const onLinux = { skip: process.platform === 'linux' ? false : 'looks into /proc', timeout: 240_000 };

describe('npm run dev', onLinux, () => {
	let folder: string;
	let dev: ChildProcess;
	let output = '';
	let n8n: Client;
	let sandboxUrl: string;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'hookline-dev-'));
		const isSource = (path: string) => !/[\\/](node_modules|dist|build)$/.test(path);
		for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: isSource });
		for (const name of FILES) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
		const [port, sandboxPort] = [await freePort(), await freePort()];
		n8n = new Client(`http://127.0.0.1:${port}`);
		sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
		const ports = ['--port', String(port), '--sandbox-port', String(sandboxPort)];
		dev = spawn(process.execPath, ['tools/run.mjs', 'dev', ...ports], {
			cwd: folder,
			env: { ...process.env, HOOKLINE_RUNTIME_DIR: process.env['HOOKLINE_RUNTIME_DIR'] ?? join(ROOT, 'runtime/n8n') },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (data) => (output += String(data)));
	});
	after(async () => {
		dev.kill('SIGTERM');
		await until('it to end', 20_000, async () => (dev.exitCode !== null || dev.signalCode !== null ? true : undefined));
		await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	});

	/** Waits for something in what was printed since the last time. */
	const says = async (pattern: RegExp): Promise<void> => {
		await until(`${String(pattern)} in what it prints`, 90_000, async () => {
			const found = pattern.exec(output);
			if (found === null && dev.exitCode !== null) assert.fail(`it ended without it:\n${output}`);
			if (found === null) return undefined;
			output = output.slice(found.index + found[0].length);
			return true;
		});
	};
	const edit = (file: string, was: string, is: string): void => {
		const text = readFileSync(join(folder, file), 'utf8');
		assert.ok(text.includes(was), `${file} has ${was}`);
		writeFileSync(join(folder, file), text.replace(was, is));
	};
	/** The events that the trigger of Solatis offers in n8n's editor. */
	const offered = async (): Promise<string> => {
		await n8n.login(JSON.parse(readFileSync(join(folder, '.runtime/dev/owner.json'), 'utf8')) as Owner);
		return JSON.stringify(await n8n.nodeTypes([{ type: 'n8n-nodes-solatis.solatisTrigger', typeVersion: 2 }]));
	};
	/** What runs in the copy. */
	const running = async (): Promise<string[]> => {
		const found: string[] = [];
		for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
			const [environment, command] = await Promise.all(
				['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
			);
			if (environment?.includes(`PWD=${folder}`) || environment?.includes(`N8N_USER_FOLDER=${folder}`)) {
				found.push(`${pid} ${command?.replaceAll('\0', ' ')}`);
			}
		}
		return found;
	};

	it('starts n8n with the nodes, and the sandbox next to it', async () => {
		await says(/n8n: http:\S+ \(owner@example\.com, A1-\S+: also in \S+owner\.json\); its log: .*\n.*Edit away/);
		assert.equal(statSync(join(folder, '.runtime/dev/owner.json')).mode & 0o777, 0o600);
		assert.match(await offered(), /"Document Analyzed/);
		const status = (await (await fetch(`${sandboxUrl}/control/status`)).json()) as { editorUrl: string };
		assert.equal(status.editorUrl, `${n8n.url}/`, 'the page links to the editor');
	});

	it('says where an edit does not compile, and goes on with what there was', async () => {
		edit('core/address.ts', "';\n", "';\nexport const wrong: number = 'text';\n");
		await says(
			/Changed: core\/address\.ts\n[^]*core\/address\.ts\(\d+,\d+\): error TS2322[^]*goes on with the nodes as they were/,
		);
		assert.match(await offered(), /"Document Analyzed/);
	});

	it('shows an edited text in n8n', async () => {
		edit('core/address.ts', "export const wrong: number = 'text';\n", '');
		edit('providers/solatis/events.ts', "label: 'Document Analyzed'", "label: 'Document Read'");
		await says(/Changed: [^]*n8n has restarted with the nodes/);
		await until('the text in n8n', 20_000, async () =>
			(await offered()).includes('"Document Read') ? true : undefined,
		);
	});

	it('restarts the sandbox with an edit of its own', async () => {
		edit('sandbox/control.mts', 'speed: world.speed,', 'speed: 4711,');
		await until('the edit in the sandbox', 40_000, async () => {
			const status = await fetch(`${sandboxUrl}/control/status`).then(
				(answer) => answer.text(),
				() => '',
			);
			return status.includes('4711') ? true : undefined;
		});
	});

	it('ends by Ctrl-C with nothing left running', async () => {
		assert.notDeepEqual(await running(), []);
		dev.kill('SIGINT');
		await until('the end', 20_000, async () => (dev.exitCode === null ? undefined : true));
		assert.equal(dev.exitCode, 130);
		assert.deepEqual(await running(), []);
	});
});
