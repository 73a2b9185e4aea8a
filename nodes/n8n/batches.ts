/** Work that must not run twice at once: one after the other by key, or together. In the memory of this process. */
import { atMost } from './time.ts';

/** Lets tasks of one key run one after the other, for stores that read and write without a lock. Other keys do not wait. */
export class Turns {
	private readonly last = new Map<string, Promise<unknown>>();
	private readonly patience: number;

	/** How long a task waits for those before it, in milliseconds: one that hangs must not hold up all that come after it. */
	constructor({ patience }: { patience: number }) {
		this.patience = patience;
	}

	/** Runs the task when all earlier ones of its key have ended, however they ended, or when its patience has. */
	async run<T>(key: string, task: () => Promise<T>): Promise<T> {
		const before = this.last.get(key);
		const turn = before === undefined ? Promise.resolve().then(task) : atMost(before, this.patience).then(task);
		const ended = turn.catch(() => undefined);
		this.last.set(key, ended);
		try {
			return await turn;
		} finally {
			if (this.last.get(key) === ended) this.last.delete(key);
		}
	}

	/** How many keys have a task now. */
	get size(): number {
		return this.last.size;
	}
}

interface Batch<In, Out> {
	inputs: In[];
	outputs: Promise<readonly Out[]>;
}

/**
 * Does the tasks of one key together that come while an earlier one of it runs: for what costs much once, and little for each. Each
 * is done by a run that begins after it came, so it meets nothing older than itself.
 */
export class Batches<In, Out> {
	private readonly gathering = new Map<string, Batch<In, Out>>();
	private readonly turns: Turns;
	private readonly work: (key: string, inputs: readonly In[]) => Promise<readonly Out[]>;

	/** `work` gets the inputs in the order in which they came, and gives as many outputs in that order. `patience`: see `Turns`. */
	constructor(options: { patience: number; work: (key: string, inputs: readonly In[]) => Promise<readonly Out[]> }) {
		this.turns = new Turns(options);
		this.work = options.work;
	}

	/** The output for this input. Throws what the work threw for the whole batch; later batches are not touched by that. */
	async run(key: string, input: In): Promise<Out> {
		const batch = this.gathering.get(key) ?? this.gather(key);
		const place = batch.inputs.push(input) - 1;
		return (await batch.outputs)[place]!;
	}

	private gather(key: string): Batch<In, Out> {
		const inputs: In[] = [];
		const outputs = this.turns.run(key, () => {
			this.gathering.delete(key);
			return this.work(key, inputs);
		});
		const batch = { inputs, outputs };
		this.gathering.set(key, batch);
		return batch;
	}
}
