/** What a run counted: printed, and in the long form kept as Markdown next to the tests, as `bench/results` is. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

export type Row = { readonly [column: string]: string | number };

/** Whether results are written: in the long form, or where a person asks for it. */
const WRITTEN = process.env['HOOKLINE_LONG'] === '1' || process.env['HOOKLINE_RESULTS'] === '1';

/**
 * Prints a table and, in the long form (`HOOKLINE_LONG=1`) or with `HOOKLINE_RESULTS=1`, writes it to `<folder>/results/<date>-<name>.md`.
 * @param folder Of the tests.
 * @param title What was counted: the heading.
 */
export function record(folder: string, name: string, title: string, table: readonly Row[]): void {
	console.table(table);
	if (WRITTEN && table.length > 0) console.log(writeResults(folder, name, title, tableOf(table)));
}

/** Writes lines of Markdown to `<folder>/results/<date>-<name>.md`, with where they were counted. Returns the path. */
export function writeResults(folder: string, name: string, title: string, lines: readonly string[]): string {
	const date = new Date().toISOString().slice(0, 10);
	const where = `${date}, Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? ''})`;
	const file = join(folder, 'results', `${date}-${name}.md`);
	mkdirSync(join(folder, 'results'), { recursive: true });
	writeFileSync(file, `${[`# ${title}`, '', `Written by the run. ${where}.`, '', ...lines].join('\n')}\n`);
	return file;
}

/** A table in Markdown: its columns are those of all rows, numbers to the right. */
function tableOf(table: readonly Row[]): string[] {
	const columns = [...new Set(table.flatMap((row) => Object.keys(row)))];
	const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
	const isNumber = (column: string) => table.every((row) => typeof (row[column] ?? 0) === 'number');
	return [
		line(columns),
		line(columns.map((column) => (isNumber(column) ? '--:' : '---'))),
		...table.map((row) => line(columns.map((column) => row[column] ?? ''))),
	];
}
