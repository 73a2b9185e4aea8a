/** Runs the Zapier CLI in an app's folder, offline: the check server takes Zapier's place. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** How a run of the CLI ended. */
export interface CliRun {
	code: number;
	/** Standard output and error, as they came. */
	output: string;
}

/** Runs `zapier-platform <args>` in `folder` with this Node. */
export async function zapierCli(args: readonly string[], folder: string, endpoint: string): Promise<CliRun> {
	const cli = require.resolve('zapier-platform-cli/src/bin/run');
	const child = spawn(process.execPath, [cli, ...args], {
		cwd: folder,
		env: {
			...process.env,
			NODE_ENV: '',
			// The bundle is made already: this keeps the CLI from running the app's `_zapier-build` script.
			npm_lifecycle_event: '_zapier-build',
			ZAPIER_BASE_ENDPOINT: endpoint,
			ZAPIER_AUTH_LOCATION: join(folder, 'build', 'no-login'), // as a person who is not logged in
			ZAPIER_DEPLOY_KEY: '',
			DISABLE_ZAPIER_ANALYTICS: '1',
			NO_UPDATE_NOTIFIER: '1',
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (exit) => resolve(exit ?? 1));
	});
	return { code, output };
}
