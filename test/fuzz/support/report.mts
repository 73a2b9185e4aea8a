/** How a run is asked for, and what it says at its end. */
import type { Count, Tally } from './forge.mts';

/** How many forged deliveries the long form tries. */
export const LONG = 1_000_000;

/** How many forged deliveries: `HOOKLINE_FUZZ_RUNS`, a million in the long form (`HOOKLINE_LONG=1`), otherwise the given number. */
export function runsAsked(otherwise: number): number {
	const asked = wholeNumber(process.env['HOOKLINE_FUZZ_RUNS'], 'HOOKLINE_FUZZ_RUNS');
	return asked ?? (process.env['HOOKLINE_LONG'] === '1' ? LONG : otherwise);
}

/** Where the drawing begins: `HOOKLINE_FUZZ_SEED` repeats a run, else each run is another. */
export function seedAsked(): number {
	return wholeNumber(process.env['HOOKLINE_FUZZ_SEED'], 'HOOKLINE_FUZZ_SEED') ?? Math.floor(Math.random() * 2 ** 31);
}

/**
 * A number as typed; undefined for none.
 * @throws Error naming what is wrong with it.
 */
export function wholeNumber(typed: string | undefined, name: string): number | undefined {
	if (typed === undefined || typed === '') return undefined;
	if (!/^[0-9_]{1,12}$/.test(typed)) throw new Error(`${name} must be a whole number, not "${typed}"`);
	return Number(typed.replaceAll('_', ''));
}

/** What was tried, in lines of Markdown. */
export function report(tally: Tally, about: { seconds: number; seed: number; table: boolean }): string[] {
	const perSecond = Math.round((tally.forged + tally.proved) / about.seconds);
	const lines = [
		`forged ${tally.forged}, accepted ${tally.accepted}, thrown ${tally.thrown}; still proved ${tally.proved}; ` +
			`${about.seconds.toFixed(1)} s (${perSecond}/s), seed ${about.seed}`,
	];
	if (!about.table) return lines;
	const counts = (name: string, { forged, accepted, thrown, proved }: Count): string =>
		row(name, forged, accepted, thrown, proved);
	const row = (name: string, ...cells: (string | number)[]) => `| ${[name, ...cells].join(' | ')} |`;
	return [
		...lines,
		...[
			'',
			row('Service and proof', 'forged', 'accepted', 'thrown', 'still proved'),
			'| --- | --: | --: | --: | --: |',
		],
		...[...tally.byProof].sort().map(([name, count]) => counts(name, count)),
		...['', row('Refused because', 'deliveries'), '| --- | --: |'],
		...[...tally.byReason].sort((a, b) => b[1] - a[1]).map(([name, count]) => row(`\`${name}\``, count)),
		...['', row('Alteration', 'forged', 'accepted', 'thrown', 'still proved'), '| --- | --: | --: | --: | --: |'],
		...[...tally.byAlteration].sort().map(([name, count]) => counts(name, count)),
	];
}
