/** `node sandbox/main.mts`: starts the sandbox and keeps it running until Ctrl-C. */
import { parseArgs } from 'node:util';
import { messageOf } from '../core/errors.ts';
import { ACCOUNTS, BASE_PATHS, PROVIDER_IDS } from './accounts.mts';
import { startSandbox } from './server.mts';

const HELP = `Usage: npm run sandbox -- [options]

Serves Solar Proof, Solatis, Solid#, SoshiaConnect and Solve360 as local HTTP servers, for trying things out and for tests.

  --port <number>    where to listen            (SANDBOX_PORT, default 4010; 0: any free port)
  --host <address>   on which address           (SANDBOX_HOST, default 127.0.0.1)
  --speed <number>   retries come this many times sooner than the services document (SANDBOX_SPEED, default 1)
  --remote           deliver beyond this machine and its private network, too       (SANDBOX_REMOTE=1)
  --editor <url>     where workflows are edited, for the page to link to            (SANDBOX_EDITOR_URL)
  --help             this text

Control calls: sandbox/README.md, or the page at the address that it prints.`;

/** A number from the command line or the environment; ends the process with a sentence when it is none. */
function numberOf(what: string, value: string, fits: (number: number) => boolean): number {
	const number = Number(value);
	if (value.trim() !== '' && fits(number)) return number;
	return fail(`${what} must be a number, not "${value}"`);
}

function fail(sentence: string): never {
	console.error(sentence);
	process.exit(1);
}

function options() {
	try {
		const { values } = parseArgs({
			options: {
				port: { type: 'string', default: process.env.SANDBOX_PORT ?? '4010' },
				host: { type: 'string', default: process.env.SANDBOX_HOST ?? '127.0.0.1' },
				speed: { type: 'string', default: process.env.SANDBOX_SPEED ?? '1' },
				remote: { type: 'boolean', default: process.env.SANDBOX_REMOTE === '1' },
				editor: { type: 'string', default: process.env.SANDBOX_EDITOR_URL || undefined },
				help: { type: 'boolean', default: false },
			},
		});
		return values;
	} catch (error) {
		return fail(`${messageOf(error)}\n\n${HELP}`);
	}
}

const given = options();
if (given.help) {
	console.log(HELP);
	process.exit(0);
}
const port = numberOf('The port', given.port, (number) => Number.isInteger(number) && number >= 0 && number < 65_536);
const speed = numberOf('The speed', given.speed, (number) => number > 0 && Number.isFinite(number));

try {
	const sandbox = await startSandbox({ port, host: given.host, speed, remote: given.remote, editorUrl: given.editor });
	console.log(
		`Sandbox: ${sandbox.url}/ (${speed === 1 ? 'retries as documented' : `retry delays divided by ${speed}`})`,
	);
	for (const id of PROVIDER_IDS) {
		const credentials = Object.entries(ACCOUNTS[id][0].credentials).map(([name, value]) => `${name} ${value}`);
		console.log(`  ${id.padEnd(15)} ${sandbox.url}${BASE_PATHS[id]}  (${credentials.join(', ')})`);
	}
	console.log('Stop with Ctrl-C.');
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
	}
} catch (error) {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === 'EADDRINUSE')
		fail(`Port ${port} is busy. Choose another with --port or SANDBOX_PORT, or stop what listens there.`);
	fail(`The sandbox could not start: ${message}`);
}
