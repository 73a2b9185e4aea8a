import { Batches, Turns } from '../../../nodes/n8n/batches.ts';

/** Whether something is there, or its promise has settled, by the time all that can run has run. */
async function settled(value: unknown): Promise<boolean> {
	let done = false;
	const note = () => (done = true);
	void Promise.resolve(value).then(note, note);
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
	return done;
}

describe('turns', () => {
	it('let tasks of one key run one after the other, also after a failure, and forget what has ended', async () => {
		const turns = new Turns({ patience: 60_000 });
		let stored = 0;
		const increment = async (fails: boolean) => {
			const read = stored;
			await new Promise((resolve) => setImmediate(resolve));
			stored = read + 1;
			if (fails) throw new Error('failed');
		};
		const results = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) => turns.run('a', () => increment(index % 5 === 0))),
		);
		expect(stored).toBe(20);
		expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4);
		expect(turns.size).toBe(0);
	});

	it('do not make other keys wait', async () => {
		const turns = new Turns({ patience: 60_000 });
		void turns.run('a', () => new Promise(() => undefined));
		expect(await turns.run('b', async () => 'done')).toBe('done');
	});
});

describe('batches', () => {
	/** Work whose runs end when they are told to, with what it was given to do. */
	function make({ patience = 60_000 } = {}) {
		const runs: Array<{ key: string; inputs: readonly string[]; end: (error?: Error) => void }> = [];
		const batches = new Batches<string, string>({
			patience,
			work: (key, inputs) =>
				new Promise((resolve, reject) => {
					const end = (error?: Error) =>
						error ? reject(error) : resolve(inputs.map((input) => `${input} of ${inputs.length}`));
					runs.push({ key, inputs, end });
				}),
		});
		return { runs, batches };
	}

	it('hold what comes while one runs, in its order; that one is never joined', async () => {
		const { runs, batches } = make();
		const first = batches.run('a', '1');
		expect(await settled(first)).toBe(false);
		const later = [batches.run('a', '2'), batches.run('a', '3'), batches.run('a', '4')];
		expect(await settled(later[0])).toBe(false);
		expect(runs.map(({ inputs }) => inputs)).toEqual([['1']]);
		runs[0]!.end();
		expect(await first).toBe('1 of 1');
		expect(await settled(later[0])).toBe(false);
		const last = batches.run('a', '5');
		runs[1]!.end();
		expect(await Promise.all(later)).toEqual(['2 of 3', '3 of 3', '4 of 3']);
		expect(await settled(last)).toBe(false);
		runs[2]!.end();
		expect(await last).toBe('5 of 1');
	});

	it('fail together, and no other with them', async () => {
		const { runs, batches } = make();
		const first = batches.run('a', '1');
		expect(await settled(first)).toBe(false);
		const later = [batches.run('a', '2'), batches.run('a', '3')];
		const other = batches.run('b', '1');
		runs[0]!.end();
		await first;
		expect(await settled(later[0])).toBe(false);
		const last = batches.run('a', '4');
		runs.find(({ inputs }) => inputs.length === 2)!.end(new Error('failed'));
		expect((await Promise.allSettled(later)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(await settled(last)).toBe(false);
		for (const { end } of runs) end();
		expect([await last, await other]).toEqual(['4 of 1', '1 of 1']);
	});

	it('do not wait for ever for one that hangs', async () => {
		const { runs, batches } = make({ patience: 20 });
		void batches.run('a', '1');
		const next = [batches.run('a', 'joins the first: it has not begun')];
		await Promise.resolve();
		next.push(batches.run('a', '2'));
		while (runs.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		runs[1]!.end();
		expect(await next[1]).toBe('2 of 1');
		expect(await settled(next[0])).toBe(false);
	});
});
