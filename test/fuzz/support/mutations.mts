/** What an attacker, a proxy or a mistake can do to a delivery. Each alteration has a name, so that it can be counted. */
import { createHash, createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { isTimed, hmac } from './oracle.mts';
import { headerOf, signed, write, type Draft } from './genuine.mts';

/** Numbers and a text that an alteration may draw on. */
export interface Chance {
	a: number;
	b: number;
	text: string;
}

export type Alter = (draft: Draft, chance: Chance) => void;

const pick = <T,>(list: readonly T[], index: number): T => list[index % list.length] as T;

// ---------------------------------------------------------------------------------------------------- body

const bytes =
	(change: (body: Buffer, chance: Chance) => Uint8Array): Alter =>
	(draft, chance) => {
		draft.body = Buffer.from(change(draft.body, chance));
	};

const textual = (change: (text: string, chance: Chance) => string): Alter =>
	bytes((body, chance) => Buffer.from(change(body.toString('utf8'), chance)));

/** Replaces the n-th match of a pattern, n taken from chance. */
const nth = (pattern: RegExp, by: (match: string, chance: Chance) => string): Alter =>
	textual((text, chance) => {
		const matches = [...text.matchAll(pattern)];
		const match = matches[chance.a % Math.max(matches.length, 1)];
		if (match === undefined) return text;
		return text.slice(0, match.index) + by(match[0], chance) + text.slice(match.index + match[0].length);
	});

const splice = (body: Buffer, at: number, remove: number, insert: Uint8Array): Buffer =>
	Buffer.concat([body.subarray(0, at), insert, body.subarray(at + remove)]);
const position = (body: Buffer, a: number): number => a % (body.length + 1);

const BODY: Record<string, Alter> = {
	'one bit flipped': bytes((body, { a, b }) => {
		const copy = Buffer.from(body);
		if (copy.length > 0) copy[a % copy.length]! ^= 1 << b % 8;
		return copy;
	}),
	'one byte set': bytes((body, { a, b }) => {
		const copy = Buffer.from(body);
		if (copy.length > 0) copy[a % copy.length] = b % 256;
		return copy;
	}),
	'bytes inserted': bytes((body, { a, text }) => splice(body, position(body, a), 0, Buffer.from(text))),
	'bytes removed': bytes((body, { a, b }) => splice(body, position(body, a), (b % 20) + 1, Buffer.alloc(0))),
	'bytes doubled': bytes((body, { a, b }) => {
		const at = position(body, a);
		return splice(body, at, 0, body.subarray(at, at + (b % 40) + 1));
	}),
	'body cut short': bytes((body, { a }) => body.subarray(0, a % Math.max(body.length, 1))),
	'body emptied': bytes(() => Buffer.alloc(0)),
	'body replaced': bytes((_, { text }) => Buffer.from(text)),
	'body sent twice': bytes((body) => Buffer.concat([body, body])),
	'body reversed': bytes((body) => Buffer.from(body).reverse()),
	'two bytes swapped': bytes((body, { a, b }) => {
		const copy = Buffer.from(body);
		const [one, two] = [a % Math.max(copy.length, 1), b % Math.max(copy.length, 1)];
		[copy[one], copy[two]] = [copy[two] ?? 0, copy[one] ?? 0];
		return copy.subarray(0, body.length);
	}),
	'white space inside': nth(/[:,{[]/g, (match, { b }) => match + pick([' ', '\n', '\t', '\r\n', '  '], b)),
	'white space around': textual((text, { a }) =>
		pick([`${text}\n`, ` ${text}`, `${text} `, `${text}\r\n`, `\n${text}`], a),
	),
	'white space no JSON knows': textual((text, { a }) => text + pick(['\u00a0', '\u2028', '\v', '\f', '\u200b'], a)),
	'lines ended otherwise': textual((text) => (text.includes('\n') ? text.replaceAll('\n', '\r\n') : `${text}\r`)),
	'unicode normalised': textual((text, { a, b }) => {
		const accented = splice(Buffer.from(text), 1 + (a % Math.max(text.length - 1, 1)), 0, Buffer.from('\u00e9\ufb01'));
		return accented.toString('utf8').normalize(pick(['NFC', 'NFD', 'NFKC', 'NFKD'], b));
	}),
	'byte order mark': bytes((body, { a }) =>
		Buffer.concat([
			Buffer.from(
				pick(
					[
						[0xef, 0xbb, 0xbf],
						[0xfe, 0xff],
						[0xff, 0xfe],
					],
					a,
				),
			),
			body,
		]),
	),
	'other charset': bytes((body, { a }) => {
		const text = body.toString('utf8');
		const utf16 = Buffer.from(text, 'utf16le');
		return pick([utf16, Buffer.from(utf16).swap16(), Buffer.from(`${text}\u00e9`, 'latin1')], a);
	}),
	'bytes that are not UTF-8': bytes((body, { a, b }) =>
		splice(
			body,
			position(body, a),
			0,
			Buffer.from(pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x80], [0xf4, 0x90, 0x80, 0x80]], b)),
		),
	),
	'a broken byte for another, or for the replacement character': (draft, { a, b }) => {
		const { origin, body, secret, signedAt } = draft;
		const at = position(body, a);
		const sent = splice(body, at, 0, Buffer.from(pick([[0xff], [0xef, 0xbf, 0xbd]], b)));
		Object.assign(draft, signed(origin, sent, secret, signedAt), { body: splice(body, at, 0, Buffer.from([0xfe])) });
	},
	'a NUL byte': bytes((body, { a }) => splice(body, position(body, a), 0, Buffer.alloc(1))),
	'a number written otherwise': nth(/\d+/g, (match, { b }) =>
		pick(
			[`${match}.0`, `${match}e0`, `0${match}`, `+${match}`, `${match}0000000000000001`, `-${match}`, `0x${match}`],
			b,
		),
	),
	'a character escaped': nth(/[a-z/]/gi, (match) => `\\u${match.charCodeAt(0).toString(16).padStart(4, '0')}`),
	'a letter in the other case': nth(/[a-z]/gi, (match) =>
		match === match.toLowerCase() ? match.toUpperCase() : match.toLowerCase(),
	),
	'a digit changed': nth(/\d/g, (match, { b }) => String((Number(match) + 1 + (b % 8)) % 10)),
	'a look-alike letter': nth(
		/[aeop]/g,
		(match) => ({ a: '\u0430', e: '\u0435', o: '\u043e', p: '\u0440' })[match] ?? match,
	),
	'a key added': textual((text, { a }) =>
		text.replace(
			/[{]/,
			(brace) =>
				`${brace}${pick(['"__proto__":{"admin":true},', '"constructor":{"prototype":{"x":1}},', '"admin":true,', '"type":"x",', '"event":"x",'], a)}`,
		),
	),
	'a key doubled': textual((text) =>
		text.replace(/[{]("[^"]*"):/, (match, key: string) => `{${key}:0,${match.slice(1)}`),
	),
	'wrapped in an array': textual((text) => `[${text}]`),
	'wrapped in an object': textual((text) => `{"data":${text}}`),
	'a comment': textual((text, { a }) => text + pick(['<!-- -->', '/* */', '// x', '#'], a)),
	compressed: bytes((body) => gzipSync(body, { level: 1 })),
	'percent-encoded': textual((text) => encodeURIComponent(Buffer.from(text).toString())),
	'body of another event': (draft, { a }) => {
		const { events } = draft.origin.provider;
		draft.body = Buffer.from(write(pick(events, a).sample, draft.origin.format));
	},
	'body in another format': (draft, { a }) => {
		draft.body = Buffer.from(write(draft.origin.event.sample, pick(['json', 'xml', 'form'], a)));
	},
};

// ------------------------------------------------------------------------------------- the header of the proof

/** Changes the value of the header that carries the proof. Nothing where there is none, or it is no text any more. */
const value =
	(change: (value: string, chance: Chance, draft: Draft) => unknown): Alter =>
	(draft, chance) => {
		const name = headerOf(draft.origin.proof.scheme);
		const now = name === undefined ? undefined : draft.headers[name];
		if (name !== undefined && typeof now === 'string') draft.headers[name] = change(now, chance, draft);
	};

/** Changes the 64 digits within the value. */
const digits = (change: (digest: string, chance: Chance, draft: Draft) => string): Alter =>
	value((whole, chance, draft) => whole.replace(/[0-9a-f]{64}/, (digest) => change(digest, chance, draft)));

/** The digest of something else than the body under the secret, in the form in which the service would send it. */
const digestOf = (make: (draft: Draft, chance: Chance, signedText: Buffer) => Buffer | string): Alter =>
	digits((_, chance, draft) => {
		const prefix = isTimed(draft.origin.proof.scheme) ? `${draft.signedAt}.` : '';
		const digest = make(draft, chance, Buffer.concat([Buffer.from(prefix), draft.body]));
		return typeof digest === 'string' ? digest : digest.toString('hex');
	});

const LOOK_ALIKES: { readonly [digit: string]: string } = {
	...{ 0: '\uff10', 1: '\u0661', 2: '\uff12', 3: '\u0437', 5: '\uff15', 9: '\u0669' },
	...{ a: '\u0430', b: '\uff42', c: '\u0441', d: '\uff44', e: '\u0435', f: '\uff46' },
};

const rename =
	(change: (name: string) => string): Alter =>
	(draft) => {
		const name = headerOf(draft.origin.proof.scheme);
		if (name === undefined || draft.headers[name] === undefined) return;
		const { [name]: moved, ...others } = draft.headers;
		draft.headers = { ...others, [change(name)]: moved };
	};

const HEADER: Record<string, Alter> = {
	'digest in upper case': digits((digest) => digest.toUpperCase()),
	'one letter of the digest in upper case': digits((digest, { a }) => {
		const letters = [...digest.matchAll(/[a-f]/g)];
		const at = letters[a % Math.max(letters.length, 1)]?.index ?? 0;
		return digest.slice(0, at) + digest.charAt(at).toUpperCase() + digest.slice(at + 1);
	}),
	'one digit of the digest changed': digits((digest, { a, b }) => {
		const at = a % 64;
		return (
			digest.slice(0, at) + ((parseInt(digest.charAt(at), 16) + 1 + (b % 15)) % 16).toString(16) + digest.slice(at + 1)
		);
	}),
	'digest cut short': digits((digest, { a }) => digest.slice(0, a % 64)),
	'digest cut at the front': digits((digest, { a }) => digest.slice(1 + (a % 63))),
	'digest prolonged': digits(
		(digest, { a }) => digest + pick(['0', '00', 'zz', digest, '=', '\0', 'g', '\u0000\u0000'], a),
	),
	'digest prolonged at the front': digits((digest, { a }) => pick(['0', '00', '0x', digest, '\\x', '+'], a) + digest),
	'digest with white space around': value((whole, { a }) =>
		pick(
			[
				` ${whole}`,
				`${whole} `,
				`\t${whole}`,
				`${whole}\n`,
				`${whole}\r\n`,
				`\n${whole}`,
				`${whole}\u00a0`,
				`\ufeff${whole}`,
			],
			a,
		),
	),
	'digest with something inside': digits(
		(digest, { a, b }) =>
			digest.slice(0, a % 64) + pick([' ', '\n', '-', ':', '\0', '\u200b', ','], b) + digest.slice(a % 64),
	),
	'look-alike digit': digits((digest, { a }) => {
		const at = [...digest].findIndex((digit, index) => index >= a % 32 && LOOK_ALIKES[digit] !== undefined);
		return at < 0 ? digest : digest.slice(0, at) + LOOK_ALIKES[digest.charAt(at)] + digest.slice(at + 1);
	}),
	'digit that decodes as another': digits(
		(digest, { a }) => String.fromCharCode(digest.charCodeAt(a % 64) + 0x100 * (1 + (a % 254))) + digest.slice(1),
	),
	'prefix added': value(
		(whole, { a }) =>
			pick(['sha256=', 'sha1=', 'v1=', 'v1,', 'hmac-sha256=', 'HMAC ', 'Bearer ', 'SHA256=', 't=1,', '='], a) + whole,
	),
	quoted: value((whole, { a }) =>
		pick([`"${whole}"`, `'${whole}'`, `<${whole}>`, `[${whole}]`, JSON.stringify([whole])], a),
	),
	'digest in base64': digits((digest, { a }) =>
		Buffer.from(digest, 'hex').toString(a % 2 === 0 ? 'base64' : 'base64url'),
	),
	'digest in base64 without padding': digits((digest) =>
		Buffer.from(digest, 'hex').toString('base64').replace('=', ''),
	),
	'digest as raw bytes': digits((digest) => Buffer.from(digest, 'hex').toString('latin1')),
	'digest in hex twice': digits((digest) => Buffer.from(digest).toString('hex')),
	'header emptied': value(() => ''),
	'header of white space': value((_, { a }) => pick([' ', '\t', '\n', '   '], a)),
	'header very long': value((whole, { a }) =>
		pick([whole.repeat(200), 'a'.repeat(20_000), `${whole}${','.repeat(20_000)}`, '0'.repeat(16_384)], a),
	),
	'header replaced': value((_, { text }) => text),
	'header twice, as an array': value((whole, { a, text }) =>
		pick<unknown>([[whole, whole], [whole, text], [text, whole], [whole], [], [[whole]]], a),
	),
	'header twice, joined': value((whole, { a, text }) =>
		pick(
			[`${whole}, ${whole}`, `${whole},${whole}`, `${text}, ${whole}`, `${whole}; ${whole}`, `${whole}\n${whole}`],
			a,
		),
	),
	'header that is no text': value((whole, { a }) =>
		pick<unknown>([{ value: whole }, 0, true, null, { toString: () => whole, length: 64 }, Buffer.from(whole)], a),
	),
	'header removed': value(() => undefined),
	'header under another name': rename((name) => `${name}-256`),
	'header with a prefix to its name': rename((name) => `http-${name}`),
	'header without its x-': rename((name) => name.replace(/^x-|^/, 'y')),
	'header with underscores': rename((name) => name.replaceAll('-', '_')),
	'header in the query instead': (draft) => {
		const name = headerOf(draft.origin.proof.scheme);
		if (name === undefined || draft.headers[name] === undefined) return;
		draft.query = { ...draft.query, [name]: draft.headers[name] };
		delete draft.headers[name];
	},
	'all zeros': digits(() => '0'.repeat(64)),
	'hash without a key': digestOf((_, __, text) => createHash('sha256').update(text).digest()),
	'hash of key and body': digestOf(({ secret }, _, text) => createHash('sha256').update(secret).update(text).digest()),
	'another hash function': digestOf(({ secret }, { a }, text) =>
		createHmac(pick(['sha1', 'sha512', 'md5', 'sha3-256', 'sha512-256'], a), secret)
			.update(text)
			.digest(),
	),
	'digest under an empty key': digestOf((_, __, text) => hmac('', text)),
	'digest under white space': digestOf((_, { a }, text) => hmac(pick([' ', '\n', '\t', '  '], a), text)),
	'digest under part of the secret': digestOf(({ secret }, { a }, text) =>
		hmac(secret.slice(0, a % secret.length), text),
	),
	'digest under the secret and more': digestOf(({ secret }, { a }, text) =>
		hmac(secret + pick(['\n', ' ', '1', secret], a), text),
	),
	'digest under the decoded secret': digestOf(({ secret }, { a }, text) =>
		hmac(Buffer.from(secret, pick(['hex', 'base64'], a)).toString('latin1'), text),
	),
	'digest under a made-up secret': digestOf((_, chance, text) => hmac(`made up ${chance.text}`, text)),
	'digest of nothing': digestOf(({ secret }) => hmac(secret, '')),
	'digest of another text': digestOf(({ secret }, { text }) => hmac(secret, `other ${text}`)),
	'digest of the event alone': digestOf(({ secret, origin }) => hmac(secret, origin.event.name)),
};

// ------------------------------------------------------------------------------------------------- Stripe's header

const stripe =
	(change: (whole: string, chance: Chance, draft: Draft) => string): Alter =>
	(draft, chance) => {
		if (isTimed(draft.origin.proof.scheme)) value(change)(draft, chance);
	};
const time = (change: (digits: string, chance: Chance) => string): Alter =>
	stripe((whole, chance) => whole.replace(/t=([^,]*)/, (_, digits: string) => `t=${change(digits, chance)}`));

const STRIPE: Record<string, Alter> = {
	'time changed': time((at, { a, b }) => String(Number(at) + (a % 2 ? 1 : -1) * (1 + (b % 100_000)))),
	'time with text after it': time((at, { a }) => at + pick(['abc', ' ', '.9', '.', 'e0', '\n', '\0', 'n', ';'], a)),
	'time with something before it': time((at, { a }) => pick(['0', '00', '+', '-', ' ', '0x', '\t', '0b'], a) + at),
	'time in another form': time((at, { a }) =>
		pick(['', 'NaN', 'Infinity', '1e9', `${at}000`, new Date(0).toISOString(), '0', '[]', '\u0661'], a),
	),
	'time missing': stripe((whole) => whole.replace(/t=[^,]*,?/, '')),
	'time twice': stripe((whole, { a, b }) => pick([`${whole},t=${b}`, `t=${b},${whole}`, `${whole},t=`], a)),
	'received too late or too early': (draft, { a, b }) => {
		if (isTimed(draft.origin.proof.scheme)) draft.now += (a % 2 ? 1 : -1) * (1 + (b % 1_000_000));
	},
	'version changed': stripe((whole, { a }) =>
		whole.replace('v1=', pick(['v0=', 'v2=', 'V1=', 'v1:', 'v1==', ' v1=', 'v1 =', 'v11=', ''], a)),
	),
	'fields in another order': stripe((whole) => whole.split(',').reverse().join(',')),
	'fields added': stripe((whole, { a, text }) =>
		pick(
			[
				`${whole},v0=${text}`,
				`v1=${'0'.repeat(64)},${whole}`,
				`${whole},`,
				`,${whole}`,
				`${whole},v1=`,
				`${whole},${text}=${text}`,
			],
			a,
		),
	),
	'fields apart by something else': stripe((whole, { a }) =>
		whole.replaceAll(',', pick([', ', ';', ' ', ',,', '\n', '&', '%2C'], a)),
	),
	'boundary of time and body moved': (draft, { a }) => {
		if (!isTimed(draft.origin.proof.scheme)) return;
		const at = String(draft.signedAt);
		const cut = 1 + (a % (at.length - 1));
		value((whole) => whole.replace(`t=${at}`, `t=${at.slice(0, cut)}`))(draft, { a, b: 0, text: '' });
		draft.body = Buffer.concat([Buffer.from(`${at.slice(cut)}.`), draft.body]);
	},
};

// ------------------------------------------------------------------------------------------------- token in the URL

const token =
	(
		change: (
			query: Record<string, unknown>,
			names: { token: string; event: string },
			chance: Chance,
			draft: Draft,
		) => void,
	): Alter =>
	(draft, chance) => {
		const { scheme } = draft.origin.proof;
		if (scheme.kind !== 'url-token') return;
		draft.query = { ...draft.query };
		change(draft.query, { token: scheme.tokenParameter, event: scheme.eventParameter }, chance, draft);
	};
const tokenText = (change: (text: string, chance: Chance) => unknown): Alter =>
	token((query, names, chance) => {
		const now = query[names.token];
		if (typeof now === 'string') query[names.token] = change(now, chance);
	});
const eventValue = (change: (now: unknown, chance: Chance, draft: Draft) => unknown): Alter =>
	token((query, names, chance, draft) => {
		query[names.event] = change(query[names.event], chance, draft);
	});

const TOKEN: Record<string, Alter> = {
	'one character of the token changed': tokenText((text, { a, b }) => {
		const at = a % Math.max(text.length, 1);
		return text.slice(0, at) + String.fromCharCode(33 + ((text.charCodeAt(at) + b) % 90)) + text.slice(at + 1);
	}),
	'token cut short': tokenText((text, { a }) => text.slice(0, a % Math.max(text.length, 1))),
	'token prolonged': tokenText((text, { a, text: more }) =>
		pick(
			[
				`${text}0`,
				`${text}${text}`,
				`${text} `,
				` ${text}`,
				`${text}\0`,
				`${text}\n`,
				`${text}${more}`,
				`${text}&token=${text}`,
			],
			a,
		),
	),
	'token in the other case': tokenText((text, { a }) => (a % 2 ? text.toUpperCase() : text.toLowerCase())),
	'token as an array': tokenText((text, { a }) =>
		pick<unknown>([[text], [text, text], [text, ''], ['', text], [[text]], []], a),
	),
	'token as an object': tokenText((text, { a }) =>
		pick<unknown>(
			[
				{ '': text },
				{ 0: text, length: 1 },
				{ token: text },
				{ toString: () => text, length: text.length },
				{ __proto__: null },
			],
			a,
		),
	),
	'token that is no text': tokenText((_, { a }) => pick<unknown>([0, true, null, undefined, Number.NaN, ''], a)),
	'token replaced': tokenText((_, { text }) => text),
	'token with half a character for another': (draft, chance) => {
		tokenText((text) => `${text}${pick(['\ufffd', '\udc00', '?'], chance.a)}`)(draft, chance);
		draft.keys = draft.keys.map((key) => ({ ...key, value: `${key.value}\ud800` }));
	},
	'token of white space': tokenText((_, { a }) => pick([' ', '\t', '\u00a0', '\n'], a)),
	'token missing': token((query, names) => delete query[names.token]),
	'token under another name': token((query, names) => {
		query['Token'] = query[names.token];
		delete query[names.token];
	}),
	'token in a header instead': token((query, names, _, draft) => {
		draft.headers = {
			...draft.headers,
			[names.token]: query[names.token],
			authorization: `Bearer ${draft.secret}`,
		};
		delete query[names.token];
	}),
	'another event': eventValue((_, { a }, { origin }) => pick(origin.provider.events, a).name),
	'an event that does not exist': eventValue((_, { a, text }) =>
		pick([text, '__proto__', 'constructor', '*', 'undefined', ''], a),
	),
	'event in the other case': eventValue((now) => String(now).toUpperCase()),
	'event with white space': eventValue((now, { a }) =>
		pick([`${String(now)} `, ` ${String(now)}`, `${String(now)}\0`, `${String(now)},x`], a),
	),
	'event as an array': eventValue((now, { a }, { origin }) =>
		pick<unknown>([[now], [now, now], [now, origin.provider.events[0].name], []], a),
	),
	'event that is no text': eventValue((now, { a }) =>
		pick<unknown>([{ name: now }, undefined, 0, null, { toString: () => String(now) }], a),
	),
};

// ------------------------------------------------------------------------------------------------------ secrets

const keys =
	(change: (draft: Draft, chance: Chance) => string[]): Alter =>
	(draft, chance) => {
		const events = draft.keys[0]?.events;
		draft.keys = change(draft, chance).map((key) => (events === undefined ? { value: key } : { value: key, events }));
	};

const SECRETS: Record<string, Alter> = {
	'no secret stored': keys(() => []),
	'empty secret stored': keys(() => ['']),
	'secret of white space stored': keys((_, { a }) => [pick([' ', '\n', '\t \r\n', '\u00a0', '\u3000', '\ufeff'], a)]),
	'part of the secret stored': keys(({ secret }, { a }) => [secret.slice(0, a % secret.length)]),
	'end of the secret stored': keys(({ secret }, { a }) => [secret.slice(1 + (a % secret.length))]),
	'secret with more stored': keys(({ secret }, { a }) => [
		pick([`${secret}\n`, ` ${secret}`, `${secret}x`, `"${secret}"`, secret + secret], a),
	]),
	'secret in the other case stored': keys(({ secret }) => [swapCase(secret)]),
	"another service's secret stored": keys(({ origin }, { text }) => [`${origin.provider.id} neighbour ${text}`]),
	'many other secrets stored': keys((_, { a, text }) =>
		Array.from({ length: 1 + (a % 20) }, (_one, index) => `${index} ${text}`),
	),
	'secret of another event stored': (draft, { a }) => {
		if (draft.origin.proof.scheme.kind !== 'url-token') return;
		const { events } = draft.origin.provider;
		draft.keys = [{ value: draft.secret, events: [pick(events, a).name] }];
	},
	'signed with an empty secret, none stored': (draft, chance) => {
		digestOf((_, __, text) => hmac('', text))(draft, chance);
		tokenText(() => '')(draft, chance);
		draft.keys = [{ value: '' }];
	},
	'signed with white space, the same stored': (draft, chance) => {
		digestOf((_, __, text) => hmac(' ', text))(draft, chance);
		tokenText(() => ' ')(draft, chance);
		draft.keys = [{ value: ' ' }];
	},
};

function swapCase(text: string): string {
	return [...text].map((one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase())).join('');
}

// ------------------------------------------------------------------------------------------------- everything else

const TYPES = [
	...[
		'',
		'text/plain',
		'application/json; charset=utf-16',
		'application/vnd.example+json',
		'multipart/form-data; boundary=x',
	],
	...[
		'application/xml',
		'application/x-www-form-urlencoded',
		'application/octet-stream',
		';;;',
		'a'.repeat(5000),
		'text/html',
	],
	...[
		'application/json, text/xml',
		'__proto__',
		'APPLICATION/JSON',
		' application/json ',
		'application/json;charset="',
	],
];

/** These prove nothing and disprove nothing: in company they must change nothing. */
const AROUND: Record<string, Alter> = {
	'another content type': (draft, { a }) => {
		draft.headers['content-type'] = pick(TYPES, a);
	},
	'no content type': (draft) => {
		delete draft.headers['content-type'];
	},
	'content type twice': (draft) => {
		draft.headers['content-type'] = ['application/json', 'application/xml'];
	},
	'headers that promise something': (draft, { a, text }) => {
		const name = pick(
			[
				'authorization',
				'x-verified',
				'x-forwarded-for',
				'x-signature',
				'content-encoding',
				'x-hub-signature-256',
				'host',
			],
			a,
		);
		draft.headers[name] = text;
	},
	'query that promises something': (draft, { a, text }) => {
		draft.query = { ...draft.query, [pick(['signature', 'verified', 'acceptUnverified', 'secret', 'key'], a)]: text };
	},
};

/** Every alteration by its name. */
export const ALTERATIONS: { readonly [name: string]: Alter } = {
	...prefixed('body', BODY),
	...prefixed('header', HEADER),
	...prefixed('stripe', STRIPE),
	...prefixed('token', TOKEN),
	...prefixed('secret', SECRETS),
	...prefixed('around', AROUND),
};

function prefixed(group: string, alterations: Record<string, Alter>): Record<string, Alter> {
	return Object.fromEntries(Object.entries(alterations).map(([name, alter]) => [`${group}: ${name}`, alter]));
}
