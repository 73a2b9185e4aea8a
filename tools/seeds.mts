/** The seeds table of docs/seeds.md: what each service's page says, where it is done, and the test that holds it. */
import type { Seed, Statement } from '../test/unit/seeds/statement.ts';

/** All statements of all seeds, a table for each topic. */
export function statementTables(seeds: readonly Seed[]): string {
	return seeds
		.flatMap(({ name, page, topics }) => [
			`## ${name}\n\n${page}`,
			...Object.entries(topics).map(([topic, statements]) => `### ${topic}\n\n${table(statements)}`),
		])
		.join('\n\n');
}

/** How many statements there are, and those that no test holds, in plain sight. */
export function overview(seeds: readonly Seed[]): string {
	const rows = seeds.map(({ name, topics }) => {
		const all = Object.values(topics).flat();
		const count = (is: (one: Statement) => boolean) => String(all.filter(is).length);
		const held = count(({ test }) => test !== undefined);
		return `| ${[name, String(all.length), held, count((one) => one.notApplicable !== undefined), count((one) => one.untested !== undefined)].join(' | ')} |`;
	});
	const untested = seeds.flatMap(({ name, topics }) =>
		Object.values(topics)
			.flat()
			.flatMap(({ says, untested: why }) => (why === undefined ? [] : [`- ${name}: ${says}. ${capital(why)}.`])),
	);
	return [
		'| Service | Statements | Held by a test | Not applicable | Without a test |\n| --- | --- | --- | --- | --- |',
		...rows,
		'',
		untested.length === 0 ? 'No statement is without a test or a reason.' : 'Without a test:\n',
		...untested,
	].join('\n');
}

function table(statements: readonly Statement[]): string {
	const lines = statements.map((one) => {
		const cells = [one.says, one.where === undefined ? '' : link(one.where.split('#')[0] ?? ''), proofOf(one)];
		return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	});
	return ['| Statement | Where | Test that fails when it is not so |', '| --- | --- | --- |', ...lines].join('\n');
}

function proofOf({ test, notApplicable, untested }: Statement): string {
	if (test !== undefined) return `${link(test[0])}: ${test[1]}`;
	return notApplicable === undefined ? `**Without a test**: ${untested ?? ''}` : `Not applicable: ${notApplicable}`;
}

function link(path: string): string {
	return `[\`${path}\`](../${path})`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
