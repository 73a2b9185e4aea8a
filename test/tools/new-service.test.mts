/** `npm run new-service`, in a copy of the repository: what it writes is whole, and the unit tests say what is left. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

describe('npm run new-service', { timeout: 300_000 }, () => {
	let copy: string;

	const run = (...args: string[]) => {
		const command = [join(ROOT, 'tools/new-service.mts'), '--root', copy, ...args];
		return spawnSync(process.execPath, command, { encoding: 'utf8' });
	};
	/** What a test of the copy says. */
	const jest = (...args: string[]): string => {
		const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), ...args], {
			...{ cwd: copy, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } },
		});
		return stdout + stderr;
	};

	before(() => {
		copy = mkdtempSync(join(tmpdir(), 'hookline-new-service-'));
		const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
		for (const file of files
			.trim()
			.split('\n')
			.filter((one) => !/^(docs\/images|bench|runtime|deploy)\//.test(one))) {
			mkdirSync(dirname(join(copy, file)), { recursive: true });
			cpSync(join(ROOT, file), join(copy, file));
		}
		symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
	});
	after(() => rmSync(copy, { recursive: true, force: true }));

	it('says what it does, and what is wrong with what it was given', () => {
		assert.match(run('--help').stdout, /npm run new-service -- big-acme "Big Acme"/);
		for (const [args, said] of [
			[[], 'Give an id and a name'],
			[['acme'], 'Give an id and a name'],
			[['Big Acme', 'Big Acme'], '"Big Acme" cannot be an id'],
			[['../acme', 'Acme'], '"../acme" cannot be an id'],
			[['acme', "Ac'me"], 'Give the name as the service writes it, without quotes'],
			[['solatis', 'Solatis'], 'There is a service "solatis" already'],
			[['acme', 'Acme', '--what'], "Unknown option '--what'"],
		] as const) {
			const { status, stderr, stdout } = run(...args);
			assert.equal(status, 1, args.join(' '));
			assert.ok(stderr.startsWith(said), stderr);
			assert.doesNotMatch(stderr, /^\s+at /m);
			assert.equal(stdout, '');
		}
	});

	it('writes a service that is whole, for both ways of registration, and overwrites nothing', () => {
		for (const args of [
			['big-acme', 'Big Acme'],
			['hand-acme', 'Hand Acme', '--manual'],
		]) {
			const { status, stdout, stderr } = run(...args);
			assert.equal(status, 0, stderr);
			assert.match(stdout, /new {6}providers\/\w+-acme\/provider\.ts/);
			assert.match(run(...args).stderr, /^There is a service/);
		}
		const trigger = readFileSync(join(copy, 'nodes/HandAcme/HandAcmeTrigger.node.ts'), 'utf8');
		assert.match(
			trigger,
			/class HandAcmeTrigger [\s\S]*displayName: 'Hand Acme Trigger'[\s\S]*name: 'handAcmeWebhookApi'/,
		);
		assert.doesNotMatch(trigger, /soshia/i);
		const { status, stdout } = spawnSync(
			process.execPath,
			[join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', '.', '--incremental', 'false'],
			{ cwd: copy, encoding: 'utf8' },
		);
		const wrong = stdout.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
		// What lists every service by its id in a test has to be filled in by a person.
		assert.deepEqual(
			wrong.filter((line) => !line.startsWith('test/')),
			[],
			`tsc: ${status}`,
		);
	});

	it('leaves it to the unit tests to say what is missing', () => {
		const said = jest('test/unit/providers', 'test/unit/contracts');
		for (const missing of [
			'examples/zapier/big-acme.md',
			'test/unit/providers/hand-acme.test.ts',
			'docs/security.md does not hold: | Big Acme ',
			'providers/big-acme/provider.ts',
		])
			assert.ok(said.includes(missing), `${missing} is not named:\n${said.slice(0, 3000)}`);
		assert.doesNotMatch(said, /Test suite failed to run/);
	});
});
