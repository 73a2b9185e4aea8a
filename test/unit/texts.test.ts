import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Words that read as translated, in every text of the project: what people see, what developers read, comments. The list is short and
 * exact on purpose: each entry can be wrong only where an exception names the place.
 */

const ROOT = join(__dirname, '../..');

const WORDS: Array<[name: string, pattern: RegExp, instead: string]> = [
	['stands', /\b(stands|stood)\b(?! (for|by)\b)/i, 'is'],
	['hand on', /\bhand(s|ed|ing)?[- ](it |them |this |that |the items )?on(?! to the keyboard)\b/i, 'pass on, emit'],
	['hand out', /\bhand(s|ed|ing)? (it |them |this |that )?out\b/i, 'give'],
	['beside', /(?<![.\w])beside\b(?!\??:)/i, 'next to, besides, in addition to'],
	['anew', /\banew\b/i, 'again'],
	['told apart', /\b(told|tells?|telling) (\w+ )?apart\b/i, 'distinguished'],
	['named by its ID', /\bnamed by (its|their) ids?\b/i, 'listed by ID'],
	['by hand', /(?<!\b(written|kept|copied|edited) (out )?)\bby hand\b/i, 'manually'],
	['of its own making', /\bof (its|their|our) own making\b/i, 'that it generates'],
	['have it sent', /\bhave (it|them) (sent|registered)\b/i, 'send, register, ask X to'],
	['e-mail', /(?<![\w-])e-mails?\b/i, 'email'],
	[
		'else',
		/\b(would|will|could|can|may|might) else\b|[,;] else (its?|an?|they|that|those|undefined|nothing)\b(?![.(])/i,
		'otherwise',
	],
	['whatever it holds', /\bwhatever (it|they) (may )?holds?\b/i, 'as is'],
	['comes of it', /\b(comes?|came|becomes?|became) of (it|them|each)\b|\bwhat came of\b/i, 'the result'],
	['stays as it is', /\bstays? as (it is|they are)\b/i, 'is left unchanged'],
];

/** Files whose words are not ours, or are what the words are about. */
const NOT_OURS =
	/(^|\/)(package-lock\.json|CHANGELOG\.md)$|^(bench|test\/fuzz|test\/faults)\/results\/|^test\/unit\/texts\.test\.ts$|\.(svg|png|woff2?|ico|snap|zip|pdf)$/;

/** Places where such a word is data. */
const EXCEPTIONS: Array<[file: RegExp, word: string, reason: string]> = [
	[
		/^(contracts\/|sandbox\/contract\/|test\/unit\/contracts\/)/,
		'beside',
		'the name of a key in the contract format, and of what is made from it',
	],
];

function hits(text: string): Array<[word: string, line: number]> {
	const found: Array<[string, number]> = [];
	for (const [index, line] of text.split('\n').entries())
		for (const [name, pattern] of WORDS) if (pattern.test(line)) found.push([name, index + 1]);
	return found;
}

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
	cwd: ROOT,
	encoding: 'utf8',
})
	.split('\0')
	.filter((file) => file !== '' && !NOT_OURS.test(file) && existsSync(join(ROOT, file)));

test('no text uses a word of the list', () => {
	expect(files.length).toBeGreaterThan(300);
	const used = new Set<number>();
	const wrong: string[] = [];
	for (const file of files)
		for (const [name, line] of hits(readFileSync(join(ROOT, file), 'utf8'))) {
			const excused = EXCEPTIONS.findIndex(([where, word]) => word === name && where.test(file));
			if (excused >= 0) used.add(excused);
			else wrong.push(`${file}:${line} "${name}": say "${WORDS.find(([one]) => one === name)?.[2]}"`);
		}
	expect(wrong).toEqual([]);
	expect([...used].sort()).toEqual(EXCEPTIONS.map((_, index) => index));
});

test.each([
	['The URL stands above.', 'stands'],
	['The event is handed on.', 'hand on'],
	['Every worker hands out a claim.', 'hand out'],
	['the sandbox beside it', 'beside'],
	['Publish anew.', 'anew'],
	['Both are told apart by the ID.', 'told apart'],
	['It is named by its id.', 'named by its ID'],
	['registered by hand', 'by hand'],
	['a secret of its own making', 'of its own making'],
	['Have it registered.', 'have it sent'],
	['Your e-mail address', 'e-mail'],
	['what would else pass', 'else'],
	['the name, else its ID', 'else'],
	['passed on, whatever it holds', 'whatever it holds'],
	['Look at what came of it.', 'comes of it'],
	['What is left empty stays as it is.', 'stays as it is'],
])('the list finds: %s', (text, word) => {
	expect(hits(text).map(([name]) => name)).toContain(word);
});

test.each([
	'`[]` stands for a number',
	'if (a) b(); else it.skip();',
	'written by hand',
	'body.beside',
	'someone else may',
	'pass it on',
])('the list leaves alone: %s', (text) => {
	expect(hits(text)).toEqual([]);
});
