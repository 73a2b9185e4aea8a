/** `node sandbox/main.mts` as a person runs it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { startSandbox } from '../../sandbox/server.mts';
import { call, list, object } from './helpers.mts';

const MAIN = new URL('../../sandbox/main.mts', import.meta.url).pathname;

function start(args: string[], env: { [name: string]: string } = {}) {
	const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
	const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
	const says = async (text: string) => {
		while (!output.includes(text)) {
			assert.equal(child.exitCode, null, output);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		return output;
	};
	return { child, ended, says };
}

describe('the command', { timeout: 30_000 }, () => {
	it('serves until it is told to stop, by either signal', async () => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			const { child, ended, says } = start(['--port', '0', '--speed', '50']);
			const output = await says('Stop with Ctrl-C');
			const [, url = ''] = /Sandbox: (http:\S+?)\/ /.exec(output) ?? [];
			const { json: status } = await call(`${url}/control/status`);
			assert.equal(status.speed, 50);
			child.kill(signal);
			assert.equal((await ended).code, 0);
		}
	});

	it('says which port is busy', async () => {
		const taken = await startSandbox();
		const { code, output } = await start([], { SANDBOX_PORT: String(taken.port) }).ended;
		await taken.close();
		assert.equal(code, 1);
		assert.equal(
			output.trim().split('\n').at(-1),
			`Port ${taken.port} is busy. Choose another with --port or SANDBOX_PORT, or stop what listens there.`,
		);
	});

	it('helps, and refuses what it does not understand', async () => {
		const help = await start(['--help']).ended;
		assert.equal(help.code, 0);
		for (const option of ['--port', '--speed', 'SANDBOX_PORT', 'SANDBOX_SPEED'])
			assert.ok(help.output.includes(option));
		for (const args of [
			['--port', 'x'],
			['--port', '70000'],
			['--speed', '0'],
			['--sped', '1'],
		]) {
			const refused = await start(args).ended;
			assert.equal(refused.code, 1, args.join(' '));
			assert.ok(!refused.output.includes('    at '), 'a sentence, not a stack');
		}
	});
});

describe('the README', () => {
	it('names every switch, fault and setting there is', async () => {
		const readme = await readFile(new URL('../../sandbox/README.md', import.meta.url), 'utf8');
		const sandbox = await startSandbox();
		const { json } = await call(`${sandbox.url}/control/status`);
		await sandbox.close();
		const switches = list(json.providers).flatMap((one) => Object.keys(object(object(one).behaviours)));
		const faults = await readFile(new URL('../../sandbox/faults.mts', import.meta.url), 'utf8');
		const fields = [...faults.matchAll(/^\t(\w+)\??: /gm)].map(([, name = '']) => name);
		assert.ok(switches.length > 5 && fields.length > 15);
		for (const name of [...switches, ...fields])
			assert.ok(readme.includes(name), `${name} is not in sandbox/README.md`);
	});
});
