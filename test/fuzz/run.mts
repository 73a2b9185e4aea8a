/**
 * The long form: `node test/fuzz/run.mts --runs 1000000 [--seed 7] [--no-write]`, or HOOKLINE_FUZZ_RUNS and HOOKLINE_FUZZ_SEED. Says how far it is,
 * and at the end what was tried, as Markdown, which it writes to `test/fuzz/results`. Ends with 1, and the smallest case, when a forgery is accepted or anything throws.
 */
import { parseArgs } from 'node:util';
import { forge } from './support/forge.mts';
import { writeResults } from '../support/results.mts';
import { LONG, report, runsAsked, seedAsked, wholeNumber } from './support/report.mts';

const { values } = parseArgs({
	options: { runs: { type: 'string' }, seed: { type: 'string' }, 'no-write': { type: 'boolean' } },
});
const runs = wholeNumber(values.runs, '--runs') ?? runsAsked(LONG);
const seed = wholeNumber(values.seed, '--seed') ?? seedAsked();

console.log(`${runs} forged deliveries, seed ${seed}`);
const begun = performance.now();
let said = begun;
const tally = forge({
	runs,
	seed,
	progress: ({ forged, proved }) => {
		const now = performance.now();
		if (now - said < 10_000 && forged < runs) return;
		said = now;
		const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
		console.error(`${forged} forged, ${proved} still proved, ${Math.round((now - begun) / 1000)} s, ${megabytes} MB`);
	},
});
const lines = [
	...report(tally, { seconds: (performance.now() - begun) / 1000, seed, table: true }),
	'',
	`A delivery with several alterations counts under each. Peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB.`,
];
console.log(lines.join('\n'));
if (!values['no-write']) console.log(writeResults(import.meta.dirname, 'forged', 'Forged deliveries', lines));
