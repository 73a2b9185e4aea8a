/** What a person would see at each step of a Zap's life, written down while the suites play it (`node test/zapier/life.mts`). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the records go. Unset: nothing is recorded. */
export const LIFE_FOLDER = 'ZAPIER_LIFE_FOLDER';

interface Step {
	action: string;
	step: string;
	seen: string;
}

/** The record of one app. */
export class Life {
	private readonly steps: Step[] = [];

	/** Notes what is seen. IDs and times differ from run to run: they are left out. */
	note(action: string, step: string, seen: unknown): void {
		const said = typeof seen === 'string' ? seen : `shows ${Object.keys(seen ?? {}).join(', ')}`;
		this.steps.push({ action, step, seen: said.replace(/\|/g, '/').replace(/\s+/g, ' ').slice(0, 220) });
	}

	/** Writes `<service>.md` where a folder is given. */
	write(id: string, name: string): void {
		const folder = process.env[LIFE_FOLDER];
		if (folder === undefined) return;
		mkdirSync(folder, { recursive: true });
		const rows = this.steps.map(({ action, step, seen }) => `| ${action} | ${step} | ${seen} |`);
		writeFileSync(
			join(folder, `${id}.md`),
			[`## ${name}`, '', '| Action | Step | What a person sees |', '| --- | --- | --- |', ...rows, ''].join('\n'),
		);
	}
}
