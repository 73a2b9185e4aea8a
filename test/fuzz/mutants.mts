/**
 * Can the forgeries fail at all? `node test/fuzz/mutants.mts` breaks the receiver in each of the ways in which others are broken, in a
 * copy, and lets 60,000 forgeries loose on it: each must be found. Takes minutes, so it is not part of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

const GIVEN = 'const given = headers[header];';
const HEX = 'HEX_DIGEST = /^[0-9a-f]{64}$/;';
const FORM = "form.test(prefix === '' ? one : one.slice(prefix.length))";
const SAME = 'a.length === b.length && timingSafeEqual(a, b)';
const [LEFT, RIGHT] = ["const a = Buffer.from(given, 'utf16le');", "const b = Buffer.from(expected, 'utf16le');"];

/** What is broken, and which texts of core/signature.ts are replaced for it. */
const MUTANTS: readonly [string, ...(readonly [string, string])[]][] = [
	[
		'upper case is taken as lower case',
		['signatures.push(prefix', 'signatures.push((prefix'],
		['one : one.slice(prefix.length));', 'one : one.slice(prefix.length)).toLowerCase());'],
		[HEX, HEX.replace('/;', '/i;')],
	],
	['the header is trimmed', [GIVEN, `let ${GIVEN.slice(6)} if (typeof given === 'string') given = given.trim();`]],
	['the first of several headers counts', [GIVEN, `let ${GIVEN.slice(6)} if (Array.isArray(given)) given = given[0];`]],
	['the future is accepted', ['Math.abs(now / 1000 - sent)', '(now / 1000 - sent)']],
	['no time is too old', ['Math.abs(now / 1000 - sent) > timestamp.toleranceSeconds', 'false']],
	[
		'text after the time is ignored',
		['hmac.update(at)', 'hmac.update(String(parseInt(at)))'],
		['UNIX_SECONDS = /^[0-9]{1,12}$/', 'UNIX_SECONDS = /^[0-9]{1,12}/'],
	],
	['a part of the digest is enough', [SAME, 'b.subarray(0, a.length).equals(a)'], [FORM, 'true']],
	[
		'hex is decoded and then compared',
		[LEFT, "const a = Buffer.from(given, 'hex');"],
		[RIGHT, "const b = Buffer.from(expected, 'hex');"],
		[FORM, 'true'],
	],
	['lengths are not compared first', [SAME, 'timingSafeEqual(a, b)']],
	['texts are compared as UTF-8', [LEFT, 'const a = Buffer.from(given);'], [RIGHT, 'const b = Buffer.from(expected);']],
	['an empty secret is one', ["value.trim() !== ''", 'true']],
	['the body is decoded and then hashed', ['matches(delivery.body,', 'matches(Buffer.from(delivery.body).toString(),']],
	['the re-serialised body counts everywhere', ['const isTried = reserialised &&', 'const isTried =']],
	[
		'an array can be a token',
		["typeof token !== 'string' || typeof event", 'typeof event'],
		['sameText(token, secret.value)', 'String(token) === secret.value'],
	],
	['a token speaks for every event', ['secret.events.includes(event);', 'true;']],
	[
		'any version is a signature',
		[
			"one.startsWith(prefix) && form.test(prefix === '' ? one : one.slice(prefix.length))",
			'(prefix.endsWith("=") ? /^\\w+=/.test(one) : one.startsWith(prefix)) && form.test(one.slice(prefix.length))',
		],
	],
	['two times are one too many, but accepted', ['times.length > 1 ||', '']],
	['fields may be apart by white space', ['given.split(separator)', 'given.split(/,\\s*/)']],
];

const folder = mkdtempSync(join(tmpdir(), 'hookline-mutants-'));
try {
	for (const part of ['core', 'providers', 'zapier/shared', 'sandbox/formats.mts', 'test/fuzz', 'package.json'])
		cpSync(join(ROOT, part), join(folder, part), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	const file = join(folder, 'core/signature.ts');
	const whole = readFileSync(file, 'utf8');
	for (const [name, ...changes] of MUTANTS) {
		const broken = changes.reduce((text, [from, to]) => {
			if (!text.includes(from)) throw new Error(`"${name}" does not fit core/signature.ts any more: ${from}`);
			return text.replaceAll(from, () => to);
		}, whole);
		writeFileSync(file, broken);
		const run = ['test/fuzz/run.mts', '--runs', '60000', '--seed', '5'];
		const { status, stderr } = spawnSync(process.execPath, run, { cwd: folder, encoding: 'utf8' });
		const why = /\w+, though[^\n]*|threw after[^\n]*/.exec(stderr)?.[0];
		if (status === 0 || why === undefined) process.exitCode = 1;
		console.log(
			`${why === undefined ? 'MISSED' : 'found '}  ${name}${why === undefined ? ` ${stderr.slice(-300)}` : `: ${why}`}`,
		);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
