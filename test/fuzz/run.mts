/**
 * The long form: `node test/fuzz/run.mts --runs 1000000 [--seed 7]`, or HOOKLINE_FUZZ_RUNS and HOOKLINE_FUZZ_SEED. Says how far it is,
 * and at the end what was tried, as Markdown. Ends with 1, and the smallest case, when a forgery is accepted or anything throws.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { forge } from './support/forge.mts';
import { LONG, report, runsAsked, seedAsked, wholeNumber } from './support/report.mts';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
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
console.log(report(tally, { seconds: (performance.now() - begun) / 1000, seed, table: true }).join('\n'));
console.log(
	`\n${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ` +
		`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
);
