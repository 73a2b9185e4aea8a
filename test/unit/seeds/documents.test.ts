/** What the seeds want documented, and what a person with an account should check, is written and can be found. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeds } from './index.ts';

const read = (path: string) => readFileSync(join(__dirname, '../../..', path), 'utf8');

it('local development through a tunnel is described, and linked from the README', () => {
	const page = read('docs/local-development.md');
	for (const term of ['tunnel', 'N8N_WEBHOOK_URL', 'WEBHOOK_URL', 'sandbox']) expect(page).toContain(term);
	expect(read('README.md')).toContain('docs/local-development.md');
});

describe('what to check with an account', () => {
	const page = read('docs/check-with-an-account.md');

	it.each(seeds.map(({ name }) => [name]))('%s: five checks, each with what it means when it is different', (name) => {
		const section = page.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? '';
		const checks = section.split(/^(?=\d\. )/m).slice(1);
		expect(checks.map((check) => check.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.']);
		expect(checks.filter((check) => !check.includes('**If not**'))).toEqual([]);
	});

	it('is linked where people look for it', () => {
		expect(read('README.md')).toContain('docs/check-with-an-account.md');
		expect(read('CONTRIBUTING.md')).toContain('docs/check-with-an-account.md');
	});
});
