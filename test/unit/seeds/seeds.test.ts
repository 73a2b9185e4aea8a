/** Each statement of the pages that the services were built from names code that is there and a test that is there. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { provider } from '../../../providers/index.ts';
import { seeds } from './index.ts';
import type { Statement } from './statement.ts';

const ROOT = join(__dirname, '../../..');

const rows = seeds.flatMap(({ service, topics }) =>
	Object.entries(topics).flatMap(([topic, statements]) =>
		statements.map((statement) => ({ statement, label: `${service}, ${topic}: ${statement.says}` })),
	),
);

/** What is wrong with the place where a statement is implemented. */
function placeProblem({ where }: Statement): string | undefined {
	if (where === undefined) return undefined;
	const [path = '', text] = where.split(/#(.*)/s);
	const file = join(ROOT, path);
	if (!existsSync(file)) return `${path} is not there`;
	if (text === undefined) return undefined;
	return statSync(file).isFile() && readFileSync(file, 'utf8').includes(text) ? undefined : `${path} has no "${text}"`;
}

const titles = new Map<string, readonly string[]>();

/**
 * The texts that can be titles of tests in a file, as they are written there. A title is on the line of `it(`, `test(`,
 * `describe(` or the project's `check(`, or after the table of an `each`, where it may be on a line of its own.
 */
function titlesIn(path: string): readonly string[] {
	const known = titles.get(path);
	if (known !== undefined) return known;
	const lines = existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8').split('\n') : [];
	const found = lines.filter((line) =>
		/\b(it|test|describe|check)(\.\w+)*[(<]|\)\(['"`]|^\s*['"`].*,$|^\s*byHand \?/.test(line),
	);
	titles.set(path, found);
	return found;
}

/** What is wrong with the test that a statement names. */
function testProblem({ test }: Statement): string | undefined {
	if (test === undefined) return undefined;
	const [file, title] = test;
	if (!existsSync(join(ROOT, file))) return `${file} is not there`;
	if (title.length < 10) return `"${title}" is too little to find a test by`;
	return titlesIn(file).some((line) => line.includes(title)) ? undefined : `${file} has no test "${title}"`;
}

const problemsOf = (statement: Statement): string[] =>
	[placeProblem(statement), testProblem(statement)].filter((problem) => problem !== undefined);

describe('the statements of the seeds', () => {
	it('are those of the five services that this began with', () => {
		expect(seeds.map(({ service }) => service)).toEqual([
			'solar-proof',
			'solatis',
			'solid-number',
			'soshia-connect',
			'solve360',
		]);
		for (const { service, name, page } of seeds) {
			const one = provider(service);
			expect([name, page]).toEqual([one.name, one.documentation.replace(/\/$/, '')]);
		}
	});

	it('name code and tests that are there', () => {
		// Whoever renames a test changes its name here, too: in the service's file or, for what all have, in statement.ts.
		expect(
			rows.flatMap(({ statement, label }) => problemsOf(statement).map((problem) => `${label}: ${problem}`)),
		).toEqual([]);
	});

	it('have a place and a test, or a reason why not', () => {
		const wrong = rows.filter(({ statement: { where, test, notApplicable, untested } }) => {
			const reasons = [test, notApplicable, untested].filter((one) => one !== undefined);
			return (
				reasons.length !== 1 ||
				(notApplicable ?? untested ?? 'x').trim() === '' ||
				(where === undefined) !== (notApplicable !== undefined)
			);
		});
		expect(wrong.map(({ label }) => label)).toEqual([]);
	});

	it('are each there once', () => {
		const said = seeds.flatMap(({ service, topics }) =>
			Object.values(topics).flatMap((statements) => statements.map(({ says }) => `${service}: ${says.toLowerCase()}`)),
		);
		expect(said.filter((one, index) => said.indexOf(one) !== index)).toEqual([]);
	});

	it('name every event type of their service', () => {
		for (const { service, topics } of seeds) {
			const said = Object.values(topics)
				.flat()
				.map(({ says }) => says);
			// The page that the seed is made from does not name contract_signed: another page of Solar Proof does.
			const missing = provider(service)
				.events.filter(({ name }) => !said.some((one) => one.startsWith(`\`${name}\``)))
				.map(({ name }) => name);
			expect([service, missing]).toEqual([service, service === 'solar-proof' ? ['contract_signed'] : []]);
		}
	});
});

describe('what holds them', () => {
	it('finds a file, a text and a test that are not there', () => {
		const here = 'test/unit/seeds/seeds.test.ts';
		expect(problemsOf({ says: '', where: 'core/nothing.ts' })).toEqual(['core/nothing.ts is not there']);
		expect(problemsOf({ says: '', where: 'core/json.ts#no such text' })).toEqual([
			'core/json.ts has no "no such text"',
		]);
		expect(problemsOf({ says: '', test: ['test/nothing.ts', 'a long title'] })).toEqual([
			'test/nothing.ts is not there',
		]);
		// These words are in this file, but in no title.
		const elsewhere = ['What is wrong with', 'the test that a'].join(' ');
		expect(problemsOf({ says: '', test: [here, elsewhere] })).toEqual([`${here} has no test "${elsewhere}"`]);
		expect(problemsOf({ says: '', where: 'core/json.ts', test: [here, 'finds a file, a text and a test'] })).toEqual(
			[],
		);
	});
});
