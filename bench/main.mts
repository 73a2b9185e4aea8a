/** `npm run bench [-- part...]`: measures, prints tables, writes them to `bench/results/`. */
import { parseArgs } from 'node:util';
import { aimsTable, drawTable, write, type Part, type Result } from './report.mts';
import { burstPart } from './burst.mts';
import { n8nPart, rememberedPart } from './n8n.mts';
import { receivePart } from './receive.mts';
import { scalePart } from './scale.mts';
import { startsPart } from './starts.mts';
import { verifyPart } from './verify.mts';
import { weightPart } from './weight.mts';
import { zapierPart } from './zapier.mts';

const PARTS: readonly Part[] = [
	verifyPart,
	receivePart,
	n8nPart,
	rememberedPart,
	burstPart,
	zapierPart,
	weightPart,
	scalePart,
	startsPart,
];

const HELP = `Usage: npm run bench [-- options] [part...]

Measures Hookline next to public peers, in turns, in one run. Prints tables and writes them to bench/results/<date>.md and .json.
Figures of different runs, or of different machines, cannot be compared: read the ratios.

Parts (default: all):
${PARTS.map(({ name, does }) => `  ${name.padEnd(10)}  ${does}`).join('\n')}

  --quick         fewer and shorter rounds: rough figures in a few minutes
  --before <dir>  another checkout of this repository, built: its nodes are measured as well (starts)
  --name <name>   of the result's files, instead of the date
  --no-write      only print
  --help          show this
`;

async function main(args: string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			quick: { type: 'boolean', default: false },
			before: { type: 'string' },
			name: { type: 'string' },
			'no-write': { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h' },
		},
	});
	if (values.help === true) {
		process.stdout.write(HELP);
		return 0;
	}
	const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
	if (unknown.length > 0) {
		process.stderr.write(`There is no part "${unknown[0]}".\n\n${HELP}`);
		return 1;
	}
	const chosen = positionals.length === 0 ? PARTS : PARTS.filter(({ name }) => positionals.includes(name));
	const results: Result[] = [];
	const today = new Date().toISOString().slice(0, 10);
	let file: string | undefined;
	const broken: string[] = [];
	for (const { name, does, run } of chosen) {
		const started = performance.now();
		const progress = (text: string) => process.stderr.write(`${name}: ${text}\n`);
		progress(does);
		const result: Result = { part: name, quick: values.quick, tables: [], aims: [] };
		results.push(result);
		try {
			for await (const { tables, aims } of run({ quick: values.quick, before: values.before, progress })) {
				result.tables.push(...tables);
				result.aims.push(...aims);
				for (const table of tables) process.stdout.write(`\n${drawTable(table)}`);
				if (!values['no-write']) file = write(values.name ?? today, results);
			}
		} catch (cause) {
			// The others take an hour: they are measured all the same.
			process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
			broken.push(name);
		}
		progress(`took ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
	}
	const aims = results.flatMap((result) => result.aims);
	if (aims.length > 0) process.stdout.write(`\n${drawTable(aimsTable(aims))}`);
	if (file !== undefined) process.stdout.write(`\nWritten to ${file}\n`);
	if (broken.length > 0) process.stderr.write(`\nCould not be measured: ${broken.join(', ')}\n`);
	return broken.length > 0 ? 1 : 0;
}

// What a part started ends with this process, also when it is interrupted.
for (const [signal, code] of [
	['SIGINT', 130],
	['SIGTERM', 143],
	['SIGHUP', 129],
] as const) {
	process.on(signal, () => process.exit(code));
}

// An aim that is missed is a finding, not a failure: only what cannot be measured ends this with an error.
process.exitCode = await main(process.argv.slice(2));
