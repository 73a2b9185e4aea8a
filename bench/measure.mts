/** Measuring in turns: every subject is run in every round, so that a busy moment of the machine strikes all of them. */

/** What is measured. */
export interface Subject {
	name: string;
	/** One operation. It throws when its result is not what it should be. */
	run: () => unknown;
}

/** How a subject did. */
export interface Figure {
	name: string;
	/** Operations for each second of processor time of this process, all its threads; median of the rounds. */
	perSecond: number;
	/** Of the first subject's figure in the same round; median of the rounds. */
	ratio: number;
}

export interface Effort {
	rounds: number;
	/** Milliseconds of processor time that a subject gets in a round. */
	slice: number;
}

/**
 * Measures subjects in turns, the first of them being the one that the others are held against.
 * Processor time and not the clock: what other programs do to this machine meanwhile then changes little.
 */
export async function compare(subjects: readonly Subject[], { rounds, slice }: Effort): Promise<Figure[]> {
	const perSlice: number[] = [];
	for (const subject of subjects) perSlice.push(await operationsIn(subject, slice));
	const figures = subjects.map(() => [] as number[]);
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < subjects.length; turn++) {
			// Another one begins in each round: none always follows the same one.
			const index = (turn + round) % subjects.length;
			figures[index]!.push(await perSecond(subjects[index]!, perSlice[index]!));
		}
	}
	const baseline = figures[0]!;
	return subjects.map(({ name }, index) => ({
		name,
		perSecond: median(figures[index]!),
		ratio: median(figures[index]!.map((figure, round) => figure / baseline[round]!)),
	}));
}

/** How many operations fill a slice. Finding out warms the subject up. */
async function operationsIn(subject: Subject, slice: number): Promise<number> {
	let count = 1;
	for (;;) {
		const took = (count / (await perSecond(subject, count))) * 1000;
		if (took >= slice / 2) return Math.max(1, Math.round((count * slice) / took));
		count *= 2;
	}
}

async function perSecond({ run }: Subject, count: number): Promise<number> {
	const before = process.cpuUsage();
	for (let index = 0; index < count; index++) {
		const result = run();
		if (result instanceof Promise) await result;
	}
	const { user, system } = process.cpuUsage(before);
	return (count / (user + system)) * 1_000_000;
}

/** The middle one. */
export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/** The value below which a share of the values lies. NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
