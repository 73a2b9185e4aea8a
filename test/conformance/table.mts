/** The table of what was tested: a row for each variant of a service, a column for each case. */
export class Table {
	private readonly columns: readonly string[];
	private readonly rows = new Map<string, Map<string, string>>();
	private readonly reasons = new Set<string>();

	constructor(columns: readonly string[]) {
		this.columns = columns;
	}

	/** Runs a test and notes how it went. */
	async record(row: string, column: string, test: () => Promise<void>): Promise<void> {
		this.set(row, column, 'FAIL');
		await test();
		this.set(row, column, 'ok');
	}

	/** Notes a mark; the reason of a case that does not apply is below the table. */
	set(row: string, column: string, mark: string, reason?: string): void {
		const cells = this.rows.get(row) ?? new Map<string, string>();
		this.rows.set(row, cells.set(column, mark));
		if (reason !== undefined) this.reasons.add(`${column} –: ${reason}`);
	}

	toString(): string {
		const lines = [
			['service', ...this.columns],
			...[...this.rows].map(([row, cells]) => [row, ...this.columns.map((column) => cells.get(column) ?? 'not run')]),
		];
		const widths = lines[0]!.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
		const drawn = lines.map((line) => `| ${line.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`);
		drawn.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
		return [...drawn, '', ...[...this.reasons].sort()].join('\n');
	}
}
