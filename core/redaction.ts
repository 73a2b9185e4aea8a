/** What must never be shown, found from what was really sent, and blanked in every text whatever form it comes back in. */
import { isObject } from './json.ts';
import type { Field, HttpRequest, Json, Values } from './provider.ts';

/** Characters of a service's own message that are shown at most. */
const LONGEST_MESSAGE = 500;

/** Shorter values are not blanked: no key is that short, and nothing readable would be left of a sentence. */
const SHORTEST = 4;

/** What is this long between blanks is a secret of its own. */
const LONG = 8;

/** So much of a message is read at all: a service may answer with megabytes. */
const MOST_READ = 65_536;

/** Of longer secrets, parts are looked for. */
const LONGEST_PIECE = 512;

const BLANK = '***';

/**
 * The text with every secret blanked, longest first, as it is or in any of the forms in which a service may repeat it:
 * percent-encoded (once or more often, in part or whole), escaped as in JSON or as in HTML, in base64 or hex, and broken over lines.
 */
export function blank(text: string, secrets: readonly string[]): string {
	const longestFirst = [...new Set(secrets)]
		.filter((secret) => secret.length >= SHORTEST)
		.sort((one, other) => other.length - one.length);
	const asTheyAre = longestFirst.reduce((clean, secret) => clean.replaceAll(secret, BLANK), text);
	const parts = longestFirst.flatMap(pieces);
	// One pattern for all of them could be larger than the engine takes.
	return [...parts.map(inAnyForm), ...parts.flatMap(encoded)].reduce(
		(clean, pattern) => clean.replace(new RegExp(pattern, 'g'), BLANK),
		asTheyAre,
	);
}

/** The parts of a secret that are looked for, each on its own: a token may have thousands of characters. */
function pieces(secret: string): string[] {
	const count = Math.ceil(secret.length / LONGEST_PIECE);
	const size = Math.ceil(secret.length / count);
	return Array.from({ length: count }, (_, index) => secret.slice(index * size, (index + 1) * size));
}

/** What a service says, fit to be shown: secrets blanked, control characters and line breaks replaced by spaces, cut at 500 characters. */
export function presentable(message: string, secrets: readonly string[]): string {
	const clean = blank(message.slice(0, MOST_READ), secrets)
		.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
		.trim();
	if (message.length > MOST_READ && clean.length < LONGEST_MESSAGE) return `${BLANK}…`;
	if (clean.length <= LONGEST_MESSAGE) return clean;
	// Never half of a character that takes two places.
	return `${clean.slice(0, LONGEST_MESSAGE - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Everything that authentication added to a request: header, query and body values that were not there before, and the
 * parts of a header with a scheme (`Bearer ...`, `Basic ...`, the latter decoded too).
 */
export function addedTo(before: HttpRequest, after: HttpRequest): string[] {
	const values = [
		...added(before.headers ?? {}, after.headers ?? {}).flatMap(partsOfHeader),
		...added(before.query ?? {}, after.query ?? {}),
		...addedValues(before.json, after.json),
		...added(before.form ?? {}, after.form ?? {}),
		...Object.entries(after.form ?? {}).flatMap(([name, value]) =>
			addedValues(asJson(before.form?.[name]), asJson(value)),
		),
	];
	return [...new Set(values.filter((value) => value.length >= SHORTEST))];
}

/** The values of the fields that are declared secret, and a session's token: each whole, and each part between blanks. */
export function secretValues(fields: readonly Field[], values: Values): string[] {
	const named = [...fields.filter(({ secret }) => secret).map(({ name }) => name), 'sessionToken'];
	return (
		named
			.map((name) => values[name])
			.filter((value): value is string => typeof value === 'string')
			// A field of webhook secrets may hold several. Words of a pass phrase are none.
			.flatMap((value) => [value, value.trim(), ...value.split(/\s+/).filter((part) => part.length >= LONG)])
			.filter((value) => value !== '')
	);
}

function added(before: { readonly [name: string]: unknown }, after: { readonly [name: string]: unknown }): string[] {
	return Object.entries(after).flatMap(([name, value]) =>
		value === undefined || String(before[name]) === String(value) ? [] : [String(value)],
	);
}

/** `Bearer x` gives `Bearer x` and `x`; `Basic x` also what is encoded in it: `user:password`, `user` and `password`. */
function partsOfHeader(value: string): string[] {
	const [scheme, rest] = value.split(/ (.*)/s);
	if (rest === undefined) return [value];
	if (scheme?.toLowerCase() !== 'basic') return [value, rest.trim()];
	const decoded = Buffer.from(rest, 'base64').toString('utf8');
	const colon = decoded.indexOf(':');
	return [value, rest, decoded, decoded.slice(0, Math.max(colon, 0)), decoded.slice(colon + 1)];
}

function addedValues(before: Json | undefined, after: Json | undefined): string[] {
	if (after === undefined || after === null || before === after) return [];
	if (typeof after !== 'object') return [String(after)];
	const [was, is] = [isObject(before) || Array.isArray(before) ? before : {}, after];
	return Object.entries(is).flatMap(([name, value]) => addedValues((was as { [key: string]: Json })[name], value));
}

function asJson(text: string | undefined): Json | undefined {
	if (text === undefined || !/^\s*[[{]/.test(text)) return undefined;
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

/** Between two characters: the end of a line, as it is or escaped, and what has no width. */
const BREAK = '(?:[\\r\\n\\u2028\\u2029\\u00ad\\u200b-\\u200f\\u2060\\ufeff]|\\\\[rn])*';

/** A pattern for a text of which each character may be written in another way. */
function inAnyForm(secret: string): string {
	return [...secret].map((character) => `(?:${formsOf(character).join('|')})`).join(BREAK);
}

/** Patterns for a secret in hex, and in base64 with whatever is encoded together with it. */
function encoded(secret: string): string[] {
	const bytes = Buffer.from(secret, 'utf8');
	if (bytes.length < LONG) return [];
	// Three bytes become four letters: how many bytes come before the secret decides which letters it becomes.
	const base64 = [0, 1, 2].map((before) => {
		const letters = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		const own = letters.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
		return `${[...own].map(base64Letter).join(BREAK)}[\\w+/-]*(?:=|%(?:25)*3[dD]){0,2}`;
	});
	return [[...bytes.toString('hex')].map(anyCase).join(BREAK), ...base64];
}

/** A letter of base64, which has two others in URLs, and may be percent-encoded. */
function base64Letter(letter: string): string {
	if (letter === '+') return '(?:[+ -]|%(?:25)*2[bB])';
	return letter === '/' ? '(?:\\\\*[/]|_|%(?:25)*2[fF])' : letter;
}

function formsOf(character: string): string[] {
	const code = character.codePointAt(0) ?? 0;
	const bytes = [...Buffer.from(character, 'utf8')].map(
		(byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`,
	);
	const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
	const forms = [
		escaped(character),
		bytes.join(''),
		units.map((unit) => `\\\\u${anyCase(unit.toString(16).padStart(4, '0'))}`).join(''),
		`&#(?:[xX]0*${anyCase(code.toString(16))}|0*${code});?`,
	];
	if (character === ' ') forms.push('\\+', '\\u00a0');
	if ('"\\/'.includes(character)) forms.push(`\\\\+${escaped(character)}`);
	const entity = ENTITIES[character];
	if (entity !== undefined) forms.push(entity);
	// The longer forms first: `\/` would otherwise leave its backslash.
	return forms.reverse();
}

const ENTITIES: { readonly [character: string]: string } = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

function anyCase(hex: string): string {
	return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escaped(character: string): string {
	return character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
