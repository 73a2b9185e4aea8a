/**
 * Plays the life of a Zap for every trigger, create, search and find-or-create, from the zips against the sandbox, and writes what a
 * person would see at each step to `test/zapier/results/life.md`. It fails when one of the suites does.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS } from '../../zapier/apps.mts';
import { LIFE_FOLDER } from './support/life.mts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zapier-life-'));
const parts: string[] = [];
for (const app of APPS) {
	const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=dot', join(here, `${app}.test.mts`)], {
		env: { ...process.env, [LIFE_FOLDER]: folder },
		stdio: 'inherit',
	});
	if (status !== 0) process.exitCode = 1;
	parts.push(readFileSync(join(folder, `${app}.md`), 'utf8'));
}
rmSync(folder, { recursive: true });
mkdirSync(join(here, 'results'), { recursive: true });
const about = 'Written by `node test/zapier/life.mts`: the apps as they are in their zips, against the sandbox.';
writeFileSync(join(here, 'results/life.md'), ['# The life of a Zap', '', about, '', ...parts].join('\n'));
