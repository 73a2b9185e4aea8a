/**
 * Coverage-guided fuzzing of everything that reads what a stranger sends: `node test/fuzz/coverage.mts [--seconds 60]`.
 *
 * The fuzzer is Jazzer.js (libFuzzer for Node), fetched from the npm registry for this run only: it is a hundred packages that nothing
 * else here needs. It is not part of `npm test`. Ends with 1, and the input, when it finds a throw, a hang or a broken promise.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { providers } from '../../providers/index.ts';
import { CONTENT_TYPES, write } from './support/genuine.mts';

const JAZZER = '@jazzer.js/core@4.0.0';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const folder = mkdtempSync(join(tmpdir(), 'hookline-fuzz-'));
try {
	// One file of plain JavaScript: what is not in it is not instrumented.
	buildSync({
		entryPoints: [join(import.meta.dirname, 'support/target.mts')],
		outfile: join(folder, 'target.js'),
		bundle: true,
		platform: 'node',
		format: 'cjs',
		logLevel: 'error',
	});
	const corpus = join(folder, 'corpus');
	mkdirSync(corpus);
	for (const [index, seed] of seeds().entries()) writeFileSync(join(corpus, String(index)), seed);
	const { status } = spawnSync(
		'npm',
		[
			...['exec', '--yes', `--package=${JAZZER}`, '--', 'jazzer', join(folder, 'target'), corpus, '--sync'],
			...['--includes', folder, '--excludes', 'node_modules', '--timeout', '5000', '--'],
			...[
				`-max_total_time=${Number(values.seconds)}`,
				'-max_len=4096',
				'-print_final_stats=1',
				`-artifact_prefix=${tmpdir()}/`,
			],
		],
		{
			cwd: folder,
			stdio: 'inherit',
			env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` },
		},
	);
	process.exitCode = status ?? 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** Where the fuzzer begins: what the services send, in each format, and headers of each form. */
function seeds(): Buffer[] {
	const bodies = providers.flatMap(({ events }) =>
		(Object.keys(CONTENT_TYPES) as (keyof typeof CONTENT_TYPES)[]).map((format) => write(events[0].sample, format)),
	);
	const headers = [
		'0'.repeat(64),
		`t=1700000000,v1=${'0'.repeat(64)}`,
		'a secret of ours',
		'203.0.113.7',
		'2001:db8::1%eth0',
		'::ffff:203.0.113.7',
	];
	return [0, 1, 2, 3].flatMap((what) =>
		(what < 2 ? bodies : headers).flatMap((text) =>
			[0, 1, 2, 3, 4, 5].map((which) => Buffer.from(`\0\0${text}`).fill(what, 0, 1).fill(which, 1, 2)),
		),
	);
}
