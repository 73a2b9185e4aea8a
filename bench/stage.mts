/** A real n8n for measurements, and its database. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { builtPackages, N8n } from '../harness/n8n.mts';
import { SandboxControl } from '../harness/sandbox.mts';
import { buildPackages } from './packages.mts';
import type { Receiver } from './targets.mts';
import { leanPackage } from './targets.mts';

/** How n8n takes the isolates in which it evaluates expressions: for every delivery (its default), or when there is something to evaluate. */
export type Engine = 'default' | 'lazy';

export interface Setting {
	engine: Engine;
	/** Whether executions that went well are saved. */
	saves: boolean;
}

export function settingName({ engine, saves }: Setting): string {
	return `${engine === 'lazy' ? 'lazy acquire' : 'default engine'}, executions ${saves ? 'saved' : 'not saved'}`;
}

export function environmentOf({ engine, saves }: Setting): Record<string, string> {
	return {
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: saves ? 'all' : 'none',
		...(engine === 'lazy' ? { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' } : {}),
		N8N_LOG_LEVEL: 'error',
	};
}

export interface Stage {
	n8n: N8n;
	sandbox: SandboxControl;
}

/** Runs `play` with an n8n that has our packages and the lean one, and with the sandbox. */
export async function onStage<T>(setting: Setting, play: (stage: Stage) => Promise<T>): Promise<T> {
	await buildPackages();
	const lean = await leanPackage();
	const sandbox = await SandboxControl.start('solatis');
	let n8n: N8n | undefined;
	try {
		n8n = await N8n.start({ packages: [...(await builtPackages()), lean.folder], env: environmentOf(setting) });
		await n8n.client.login();
		return await play({ n8n, sandbox });
	} finally {
		await n8n?.stop();
		await sandbox.close();
		await lean.remove();
	}
}

/** Lets a trigger remember so many deliveries, as n8n's helper stores them: hashes, in one row of its database. */
export function remember({ folder }: { folder: string }, { workflow }: Receiver, count: number): void {
	const database = new DatabaseSync(join(folder, '.n8n/database.sqlite'), { timeout: 10_000 });
	try {
		const data = Array.from({ length: count }, () => randomBytes(16).toString('base64'));
		database
			.prepare('INSERT OR REPLACE INTO processed_data (workflowId, context, value) VALUES (?, ?, ?)')
			.run(workflow.id, `n:${workflow.nodes[0]!.id}`, JSON.stringify({ mode: 'entries', data }));
	} finally {
		database.close();
	}
}

/** How many deliveries a trigger remembers. */
export function remembered({ folder }: { folder: string }, { workflow }: Receiver): number {
	const database = new DatabaseSync(join(folder, '.n8n/database.sqlite'), { readOnly: true, timeout: 10_000 });
	try {
		const row = database.prepare('SELECT value FROM processed_data WHERE workflowId = ?').get(workflow.id);
		return row === undefined ? 0 : (JSON.parse(String(row['value'])) as { data: unknown[] }).data.length;
	} finally {
		database.close();
	}
}
