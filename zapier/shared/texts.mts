/**
 * The words of an app, by Zapier's guidelines: https://docs.zapier.com/platform/publish/integration-build-guidelines
 *
 * They are made from what the provider says, so that an operation is described in one place: its description is an imperative
 * ("Create a contact."), and Zapier wants the third person ("Creates a contact.").
 */
import type { EventType, Operation } from '../../core/provider.ts';
import { titleCase } from './names.mts';

/** What a trigger is called. `noun` is one of what it is about: Zapier says "No new {noun}s found" with it. */
export interface TriggerWords {
	label: string;
	noun: string;
}

/** `Customer Created` -> `New Customer`, `Contact Updated` -> `Updated Contact`, `Order Paid` -> `New Paid Order`. */
export function triggerWords({ label, group }: EventType): TriggerWords {
	const words = label.split(' ');
	const what = words.pop() ?? '';
	const thing = words.join(' ') || group || label;
	if (/^(created|added|started)$/i.test(what)) return { label: `New ${thing}`, noun: thing };
	if (/^(updated|changed|change)$/i.test(what)) return { label: `Updated ${thing}`, noun: thing };
	return { label: `New ${what} ${thing}`, noun: thing };
}

/** `Triggers when a customer is created.` */
export function triggerDescription({ description }: EventType): string {
	return `Triggers when ${lowerFirst(withoutStop(description))}.`;
}

/** `Create or update contact` -> `Create or Update Contact`. */
export function createLabel({ action }: Operation): string {
	return titleCase(action);
}

/**
 * `Get many contacts` -> `Find Contacts`, `Get contact` -> `Find Contact by ID`, `Check access to route` -> `Find Access to Route`.
 */
export function searchLabel({ action, name, fields }: Operation): string {
	const found = titleCase(`Find ${action.replace(/^(get many|get|search|check|list|find|look up)\s+/i, '')}`);
	const [asked, ...more] = fields.filter(({ required }) => required);
	if (name !== 'get' || asked === undefined || more.length > 0) return found;
	return `${found} by ${/^sku$/i.test(asked.name) ? asked.label : 'ID'}`;
}

/** `Create a contact.` -> `Creates a contact.` */
export function createDescription({ description }: Operation): string {
	return forZapier(thirdPerson(withStop(description)));
}

/** `Get contacts, all or those that match.` -> `Finds contacts, all or those that match.` */
export function searchDescription({ description }: Operation): string {
	const found = withStop(description)
		.replace(/^(ask|check)s? whether /i, 'Finds out whether ')
		.replace(/^(get|retrieve|search|list|check|find|look up|read)s?( for)? /i, 'Finds ')
		.replace(/^Finds whether /, 'Finds out whether ');
	return forZapier(/^Finds /.test(found) ? found : thirdPerson(found));
}

/** The verb at the start of a description, and those that follow it after "and", "or" or a comma, in the third person. */
export function thirdPerson(description: string): string {
	const inflected = description.replace(/^([A-Z][a-z]+)\b/, (verb) => inflect(verb));
	return inflected.replace(
		/((?:, | |; )(?:and|or) (?:then )?)(add|apply|cancel|change|close|create|delete|get|link|mark|move|remove|send|take|update)\b/g,
		(_all, before: string, verb: string) => before + inflect(verb),
	);
}

/**
 * A text that the provider wrote for all platforms, in Zapier's words: a Zap is switched on, not published, and an account is a
 * connection, not a credential.
 */
export function forZapier(text: string): string {
	return WORDS.reduce((said, [from, to]) => said.replace(from, to), text);
}

const WORDS: ReadonlyArray<[RegExp, string]> = [
	[/\b(the|this|your|a) ([A-Z]\S* )?credential\b/g, '$1 $2connection'],
	[/\bcredential\b/g, 'connection'],
	[/\bThe operation ([A-Z][A-Za-z ]*): Get Many lists them\b/g, 'The search for a $1 lists them'],
	[/\bGet Many\b/g, 'the search'],
	[/\bpublished triggers\b/g, 'Zaps that are on'],
	[/\bPublish the workflow\b/g, 'Switch the Zap on'],
	[/\bworkflow\b/g, 'Zap'],
	[/\bworkflows\b/g, 'Zaps'],
];

function inflect(verb: string): string {
	if (/[^s]s$/.test(verb)) return verb;
	if (/([^aeiou])y$/.test(verb)) return verb.replace(/y$/, 'ies');
	return /(s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

function withStop(sentence: string): string {
	return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function withoutStop(sentence: string): string {
	return sentence.replace(/\.\s*$/, '');
}

function lowerFirst(sentence: string): string {
	return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
