/** Programs that the checks run. */
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** Runs a program under this Node and gives its exit code with all it printed, without colours. */
export async function runNode(args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
	// n8n's tool gives different output, and asks questions, on a terminal.
	const child = spawn(process.execPath, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
	let output = '';
	const keep = (chunk: Buffer): void => {
		output += chunk.toString();
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => resolve({ code: code ?? 1, output: stripVTControlCharacters(output) }));
	});
}
