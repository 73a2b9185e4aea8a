/** The process of one Zapier app: answers events by its Lambda handler, and says what each took. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Milliseconds of processor time; `cold`: all of this process so far; `ms`: by the clock. */
export interface Answered {
	results?: unknown;
	error?: string;
	cpu: number;
	cold: number;
	ms: number;
}

const [, , folder = ''] = process.argv;
const { handler } = (await import(pathToFileURL(join(folder, 'zapierwrapper.js')).href)) as {
	handler: (event: object) => Promise<{ results: unknown }>;
};

const answer = async (event: object): Promise<void> => {
	const started = performance.now();
	const before = processorTime();
	const outcome = await handler(event).then(
		({ results }) => ({ results }),
		(error: unknown) => ({ error: String(error) }),
	);
	const cold = processorTime();
	const answered: Answered = { ...outcome, cpu: cold - before, cold, ms: performance.now() - started };
	process.send?.(answered);
};
process.on('message', (event: object) => void answer(event));

function processorTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}
