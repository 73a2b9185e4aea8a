/** The process that a built app lives in: loads the unzipped build as Zapier's Lambda does, and answers events over IPC. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answer, Call } from './app-process.mts';

const [, , folder = ''] = process.argv;
const started = performance.now();
const wrapper = (await import(pathToFileURL(join(folder, 'zapierwrapper.js')).href)) as {
	handler: (event: object) => Promise<{ results: unknown }>;
};
process.send?.({ ready: true, loadMs: performance.now() - started });

process.on('message', (call: Call) => {
	const at = performance.now();
	const answer = (answered: Partial<Answer>) =>
		process.send?.({ id: call.id, ms: performance.now() - at, ...answered } satisfies Answer);
	wrapper.handler(call.event).then(
		({ results }) => answer({ results }),
		(error: Error & { doNotContextify?: boolean }) =>
			answer({ error: { name: error.name, message: String(error.message), safe: error.doNotContextify === true } }),
	);
});
