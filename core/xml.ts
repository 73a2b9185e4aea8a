/**
 * A small XML reader for delivery bodies.
 *
 * It knows what a service sends: elements, attributes, text, CDATA, comments, processing instructions (skipped), the XML
 * declaration, numeric character references and the five predefined entities (XML 1.0, sections 2 and 4.1). It knows no
 * document type and no other entity, so there is nothing to expand and nothing to fetch: both are refused, as is
 * whatever is not well-formed. One pass, no recursion, linear time; depth and count of nodes are bounded.
 */
import type { Json, JsonObject } from './provider.ts';
import { MAX_DEPTH, put, Unreadable } from './untrusted.ts';

/** How many elements and attributes a document may hold. */
export const MAX_NODES = 100_000;

const NAME = '[:_\\p{L}][-.:_\\p{L}\\p{M}\\p{N}\\u{B7}]*';

/** Compiled with the first document: names in Unicode cost each load of a node more than all else in here. */
let patterns: ReturnType<typeof compiled> | undefined;

function compiled() {
	return {
		opening: new RegExp(`<(${NAME})`, 'uy'),
		closing: new RegExp(`</(${NAME})[ \\t\\n]*>`, 'uy'),
		attribute: new RegExp(`[ \\t\\n]+(${NAME})[ \\t\\n]*=[ \\t\\n]*(?:"([^"<]*)"|'([^'<]*)')`, 'uy'),
		instruction: new RegExp(`<\\?(${NAME})(?=[ \\t\\n?])`, 'uy'),
	};
}

const TAG_END = /[ \t\n]*(\/?)>/y;
const DECLARATION =
	/<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.\d+"|'1\.\d+')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"([\w.-]+)"|'([\w.-]+)'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>/y;
/** Code points that no XML document may hold, neither literally nor by reference. */
// eslint-disable-next-line no-control-regex -- finding control characters is what it is for
const FORBIDDEN = /[\0-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/u;
const SPACE_ONLY = /^[ \t\n]*$/;
const PREDEFINED: ReadonlyMap<string, string> = new Map([
	['amp', '&'],
	['lt', '<'],
	['gt', '>'],
	['quot', '"'],
	['apos', "'"],
]);

/** An element that is open while its content is read. */
interface Open {
	name: string;
	text: string;
	/** Its attributes and child elements; undefined while it has none. */
	object?: JsonObject;
}

/**
 * Reads an XML document into the content of its root element; the root's own name is dropped.
 *
 * An element without attributes and child elements is its text, as a string, white space kept. Any other is an object:
 * child elements by name, a repeated name as an array in document order, attributes as `@name`, and text as `#text`
 * where there is more than white space. Prefixes of namespaces stay part of the name.
 *
 * Throws `Unreadable`.
 */
export function readXml(document: string): Json {
	// White space before the declaration is against the letter of XML, and a common slip: it does no harm.
	const xml = (document.includes('\r') ? document.replace(/\r\n?/g, '\n') : document).trimStart();
	if (FORBIDDEN.test(xml)) throw new Unreadable('it holds a character that XML forbids');

	const { opening, closing, attribute: attributePattern, instruction } = (patterns ??= compiled());
	const open: Open[] = [];
	let root: Json | undefined;
	let nodes = 0;
	let at = skipDeclaration(xml);

	const count = (): void => {
		if (++nodes > MAX_NODES) throw new Unreadable(`it has more than ${MAX_NODES} elements and attributes`);
	};
	const close = (element: Open): void => {
		const value = valueOf(element);
		const parent = open.at(-1);
		if (parent === undefined) root = value;
		else addChild((parent.object ??= {}), element.name, value);
	};

	while (at < xml.length) {
		const parent = open.at(-1);
		if (xml[at] !== '<') {
			const end = indexOrEnd(xml, '<', at);
			const text = xml.slice(at, end);
			if (parent === undefined) {
				if (!SPACE_ONLY.test(text)) throw new Unreadable('it has text outside the root element');
			} else {
				if (text.includes(']]>')) throw new Unreadable('its text holds "]]>"');
				parent.text += decoded(text);
			}
			at = end;
		} else if (xml.startsWith('<!--', at)) {
			const end = endOf(xml, '--', at + 4, 'a comment is not closed');
			if (xml[end] !== '>') throw new Unreadable('a comment holds "--"');
			at = end + 1;
		} else if (xml.startsWith('<![CDATA[', at)) {
			if (parent === undefined) throw new Unreadable('it has text outside the root element');
			const end = endOf(xml, ']]>', at + 9, 'a CDATA section is not closed');
			parent.text += xml.slice(at + 9, end - 3);
			at = end;
		} else if (xml.startsWith('<!', at)) {
			throw new Unreadable('document types and other declarations are not accepted');
		} else if (xml.startsWith('<?', at)) {
			const target = match(instruction, xml, at)?.[1];
			if (target === undefined || target.toLowerCase() === 'xml')
				throw new Unreadable('a processing instruction is malformed');
			at = endOf(xml, '?>', at + 2, 'a processing instruction is not closed');
		} else if (xml.startsWith('</', at)) {
			const tag = match(closing, xml, at);
			if (tag === undefined) throw new Unreadable('a closing tag is malformed');
			if (parent === undefined || parent.name !== tag[1])
				throw new Unreadable('a closing tag does not match its opening tag');
			open.pop();
			close(parent);
			at += tag[0].length;
		} else {
			const tag = match(opening, xml, at);
			if (tag === undefined) throw new Unreadable('a tag is malformed');
			if (parent === undefined && root !== undefined) throw new Unreadable('it has more than one root element');
			if (open.length === MAX_DEPTH) throw new Unreadable(`it is nested more than ${MAX_DEPTH} levels deep`);
			count();
			at += tag[0].length;
			const element: Open = { name: tag[1] as string, text: '' };
			for (let attribute; (attribute = match(attributePattern, xml, at)) !== undefined; at += attribute[0].length) {
				count();
				addAttribute((element.object ??= {}), attribute[1] as string, attribute[2] ?? attribute[3] ?? '');
			}
			const end = match(TAG_END, xml, at);
			if (end === undefined) throw new Unreadable('a tag is malformed');
			at += end[0].length;
			if (end[1] === '/') close(element);
			else open.push(element);
		}
	}
	if (open.length > 0) throw new Unreadable('an element is not closed');
	if (root === undefined) throw new Unreadable('it has no root element');
	return root;
}

/** Where the document begins after its declaration, which may only stand first and must name UTF-8 or nothing. */
function skipDeclaration(xml: string): number {
	if (!/^<\?xml[ \t\n?]/.test(xml)) return 0;
	const declaration = match(DECLARATION, xml, 0);
	if (declaration === undefined) throw new Unreadable('its XML declaration is malformed');
	const encoding = declaration[1] ?? declaration[2] ?? 'utf-8';
	if (!/^(utf-?8|us-ascii)$/i.test(encoding)) throw new Unreadable('it declares an encoding other than UTF-8');
	return declaration[0].length;
}

/** What a sticky pattern finds exactly at a position. */
function match(pattern: RegExp, xml: string, at: number): RegExpExecArray | undefined {
	pattern.lastIndex = at;
	return pattern.exec(xml) ?? undefined;
}

function indexOrEnd(xml: string, mark: string, from: number): number {
	const index = xml.indexOf(mark, from);
	return index === -1 ? xml.length : index;
}

/** The position behind a mark that has to come. */
function endOf(xml: string, mark: string, from: number, otherwise: string): number {
	const index = xml.indexOf(mark, from);
	if (index === -1) throw new Unreadable(otherwise);
	return index + mark.length;
}

function decoded(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(\w+));|&/g, (_, hex?: string, decimal?: string, name?: string) => {
		if (name !== undefined) {
			const character = PREDEFINED.get(name);
			if (character === undefined) throw new Unreadable('it uses an entity other than the five predefined ones');
			return character;
		}
		const digits = hex ?? decimal;
		if (digits === undefined) throw new Unreadable('it holds an "&" that begins no reference');
		return characterOf(Number.parseInt(digits, hex === undefined ? 10 : 16));
	});
}

function characterOf(codePoint: number): string {
	const character = codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\0';
	if (FORBIDDEN.test(character)) throw new Unreadable('it refers to a character that XML forbids');
	return character;
}

function addAttribute(object: JsonObject, name: string, raw: string): void {
	const key = `@${name}`;
	if (Object.hasOwn(object, key)) throw new Unreadable('a tag has the same attribute twice');
	put(object, key, decoded(raw.replace(/[\t\n]/g, ' ')));
}

function addChild(object: JsonObject, name: string, value: Json): void {
	if (!Object.hasOwn(object, name)) return put(object, name, value);
	// An element is a string or an object, never an array: an array here is a name that was repeated before.
	const known = object[name] as Json;
	if (Array.isArray(known)) known.push(value);
	else put(object, name, [known, value]);
}

function valueOf(element: Open): Json {
	if (element.object === undefined) return element.text;
	if (!SPACE_ONLY.test(element.text)) element.object['#text'] = element.text;
	return element.object;
}
