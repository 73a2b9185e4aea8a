/** What people type in, cleaned in one place for every platform: credentials, the base URL, limits, lists and choices. */
import { InvalidInput } from './errors.ts';
import { isObject, parsed } from './json.ts';
import type { Field, Json, JsonObject, Provider, Values } from './provider.ts';

/** White space, and the characters without width that come along when text is copied from a page. */
const AROUND = /^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g;

/** A text without what is around it. */
export function trimmed(text: string): string {
	return text.replace(AROUND, '');
}

/**
 * The fields of a connection as they are used: trimmed, with the defaults of what was left empty.
 * @throws InvalidInput for a line break or another character that cannot be seen inside a value: no service takes one.
 */
export function cleanCredentials(fields: readonly Field[], credentials: Values): Values {
	const clean: Record<string, Json | undefined> = { ...credentials };
	for (const { name, label, default: byDefault } of fields) {
		const value = clean[name];
		if (typeof value !== 'string') continue;
		const text = trimmed(value);
		if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) {
			throw new InvalidInput(
				`"${label}" contains a line break or another control character that cannot be seen. Paste it again.`,
			);
		}
		clean[name] = text === '' && byDefault !== undefined ? byDefault : text;
	}
	return clean;
}

/**
 * The base URL in force, without a slash at its end: the service's own where none is given.
 * @throws InvalidInput for what no API can be found under.
 */
export function cleanBaseUrl(provider: Provider, given: unknown): string {
	const text = typeof given === 'string' ? trimmed(given) : '';
	// An expression may give anything. Where it gives nothing, nothing else is meant.
	if (text === '' && (given === undefined || given === null || typeof given === 'string')) return provider.api.baseUrl;
	const url = urlIn(text);
	if (url === undefined || url.hostname === '') {
		throw new InvalidInput(
			`"Base URL" must be an address that begins with https:// or http://, e.g. ${provider.api.baseUrl}`,
		);
	}
	if (url.username !== '' || url.password !== '') {
		throw new InvalidInput('"Base URL" must not contain a user or password. Put them into their own fields.');
	}
	if (/[?#]/.test(text)) {
		throw new InvalidInput(`"Base URL" must end before "?" and "#", e.g. ${provider.api.baseUrl}`);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function urlIn(text: string): URL | undefined {
	if (!/^https?:\/\/[^\s]+$/i.test(text)) return undefined;
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/**
 * How many records are wanted at most.
 * @param byDefault What an empty limit means.
 * @throws InvalidInput for anything but a whole number above 0.
 */
export function cleanLimit(given: unknown, byDefault: number): number {
	const value = typeof given === 'string' ? trimmed(given) : given;
	if (value === undefined || value === null || value === '') return byDefault;
	const limit = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
	if (!Number.isSafeInteger(limit) || limit < 1) throw new InvalidInput('"Limit" must be a whole number above 0.');
	return limit;
}

/**
 * A number of seconds to wait.
 * @param byDefault What an empty one means.
 * @throws InvalidInput for anything but a number above 0, up to an hour.
 */
export function cleanSeconds(given: unknown, label: string, byDefault: number): number {
	const value = typeof given === 'string' ? trimmed(given) : given;
	if (value === undefined || value === null || value === '') return byDefault;
	const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
	if (!(seconds > 0 && seconds <= 3600))
		throw new InvalidInput(`"${label}" must be a number of seconds, from 1 to 3600.`);
	return seconds;
}

/**
 * The entries of a list as people give it: an array, JSON, or a text with commas or line breaks between the entries. An entry of an array may be such a text itself: one box of a form can hold several. Undefined: it is no list.
 */
export function listIn(given: Json): string[] | undefined {
	const fromJson = typeof given === 'string' && /^\s*\[/.test(given) ? parsed(given) : undefined;
	// Only what is written as JSON can have a comma inside an entry.
	if (Array.isArray(fromJson)) return entries(fromJson);
	if (typeof given === 'number') return entries([given]);
	if (typeof given === 'string') return entries(given.split(/[,\r\n]/));
	if (!Array.isArray(given)) return undefined;
	const parts = given.map((entry) =>
		typeof entry === 'string' || Array.isArray(entry) ? listIn(entry) : entries([entry]),
	);
	return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

function entries(list: readonly Json[]): string[] | undefined {
	if (list.some((entry) => (typeof entry === 'object' && entry !== null) || hasLostDigits(entry))) return undefined;
	return list.map((entry) => trimmed(String(entry ?? ''))).filter((entry) => entry !== '');
}

/** Whether a number is none, or has lost digits by the time it is read: as an ID it would name another record. */
export function hasLostDigits(value: Json): boolean {
	return typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

/** The value of a choice, which may be given as its value or its label, in any case. Undefined: there is no such choice. */
export function choiceIn({ options = [] }: Field, given: string): string | undefined {
	const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
	const found =
		options.find(({ value }) => value === given) ??
		options.find(({ value }) => same(value, given)) ??
		options.find(({ label }) => same(label, given));
	return found?.value;
}

/** The entries of a list as people give it; none where it is no list. */
export function entriesOf(value: Json | undefined): string[] {
	return listIn(value ?? '') ?? [];
}

/**
 * What a person gave for a field, as its type has it: the entries of a list, the values of choices, only what is filled in of pairs
 * and rows. Nothing is refused: what cannot be read so stays as it was given. To be asked once: an entry may have a comma of its own.
 */
export function entered(field: Field, value: Json): Json {
	switch (field.type) {
		case 'list':
		case 'choices':
			return listIn(value)?.map((entry) => choiceIn(field, entry) ?? entry) ?? value;
		case 'choice': {
			const written = typeof value === 'string' ? trimmed(value) : value;
			return typeof written === 'string' ? (choiceIn(field, written) ?? written) : written;
		}
		case 'pairs': {
			const pairs = typeof value === 'string' ? parsed(value) : value;
			return isObject(pairs) ? filledPairs(pairs) : value;
		}
		case 'rows':
			return Array.isArray(value) ? value.filter(isFilled) : value;
		default:
			return value;
	}
}

function filledPairs(pairs: JsonObject): JsonObject {
	const filled = Object.entries(pairs)
		.map(([name, value]) => [trimmed(name), value] as const)
		.filter(([name, value]) => name !== '' && !isBlank(value));
	return Object.fromEntries(filled);
}

/** A row that was added and left empty is none. */
function isFilled(row: Json): boolean {
	return !isObject(row) || Object.values(row).some((value) => value !== null && !isBlank(value));
}

function isBlank(value: Json): boolean {
	return typeof value === 'string' && trimmed(value) === '';
}

/** Whether a field is shown: what decides about it counts as it will be sent, with its default where nothing was chosen. */
export function isShown(field: Field, fields: readonly Field[], input: Values): boolean {
	return Object.entries(field.showIf ?? {}).every(([name, shown]) => {
		const other = fields.find((one) => one.name === name);
		const given = String(input[name] ?? other?.default ?? '').trim();
		const value = (other && choiceIn(other, given)) ?? given;
		return shown.some((one) => String(one) === value);
	});
}
