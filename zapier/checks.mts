/**
 * Zapier's definition checks (the D-rules), as far as a definition alone can tell.
 *
 * This is our reading of the published reference (https://docs.zapier.com/integrations/publish/integration-checks-reference),
 * not Zapier's code: Zapier's own server has the last word, and it may see more.
 */

import { unmetGuidelines } from './guidelines.mts';
import { titleCase } from './shared/names.mts';

/** One thing that a rule found. `where`: `triggers.customer_created`, `authentication.apiKey` ... */
export interface Finding {
	rule: string;
	where: string;
	message: string;
}

type Loose = { readonly [name: string]: unknown };

interface Action {
	kind: 'triggers' | 'searches' | 'creates';
	key: string;
	display: Loose;
	operation: Loose;
}

interface Field {
	where: string;
	field: Loose;
}

/** What the rules look at. `definition` is what the app's `definition` command gives (functions as `$func$...` strings). */
interface App {
	definition: Loose;
	visible: readonly Action[];
	/** Hidden actions count where another one points at them. */
	all: readonly Action[];
	authFields: readonly Field[];
	inputFields: readonly Field[];
}

/** Rules that only say "a person has to register this manually": expected for services that have no subscription API. */
export const STATIC_HOOK_RULES: readonly string[] = ['D016', 'D017'];

const RULES: { readonly [rule: string]: (app: App) => Array<Omit<Finding, 'rule'>> } = {
	/** An action must not ask for what belongs into the connection. */
	D001: ({ inputFields }) =>
		inputFields
			.filter(({ field }) => /^(api|auth|access|secret)[_-]?(key|token|secret)$|^password$/i.test(text(field.key)))
			.map(({ where }) => ({ where, message: 'asks for a credential outside the connection' })),

	/** A person must find the credential: a link in the help text. Fields that ask for nothing secret, or nobody, are spared. */
	D002: ({ authFields }) =>
		authFields
			.filter(({ field }) => field.computed !== true)
			.filter(({ field }) => field.type === 'password' || /key|token|secret/i.test(text(field.key)))
			.filter(({ field }) => !/\[[^\]]+\]\(https:\/\/[^)\s]+\)/.test(text(field.helpText)))
			.map(({ where }) => ({ where, message: 'the help text has no link' })),

	D003: ({ definition }) => {
		const authentication = asObject(definition.authentication);
		const label = text(authentication.connectionLabel);
		if (Object.keys(authentication).length === 0) return [];
		return label.startsWith('$func$') || label.includes('{{')
			? []
			: [at('authentication', 'the connection label is not set')];
	},

	/** An id wants a drop-down list, where the app has one to offer: a polling trigger that is named after the same thing. */
	D004: ({ inputFields, all }) =>
		inputFields
			.filter(({ field }) => field.dynamic === undefined && field.choices === undefined)
			.filter(({ where, field }) => {
				const thing = thingOf(where, text(field.key));
				return thing !== undefined && all.some((action) => isList(action) && isListOf(action.key, thing));
			})
			.map(({ where }) => ({ where, message: 'an id without a drop-down list' })),

	D005: ({ inputFields, all }) =>
		inputFields
			.filter(({ field }) => field.dynamic !== undefined)
			.filter(({ field }) => !has(all, 'triggers', text(field.dynamic).split('.')[0]))
			.map(({ where, field }) => ({ where, message: `the drop-down list ${text(field.dynamic)} has no trigger` })),

	D006: ({ visible }) =>
		visible
			.filter((action) => isHook(action) && !isCallable(action.operation.performList))
			.map((action) => ({ where: place(action), message: 'a REST hook without performList' })),

	D007: ({ definition }) =>
		strings(definition)
			.filter(({ value }) => /(^|[\s("'])http:\/\//.test(value))
			.map(({ path }) => ({ where: path, message: 'a URL that is not https' })),

	/** Markdown links are whole; a bare URL is a link or is in backticks. */
	D008: ({ visible, authFields, inputFields }) =>
		[
			...visible.map((action) => ({ where: place(action), prose: text(action.display.description) })),
			...[...authFields, ...inputFields].map(({ where, field }) => ({ where, prose: text(field.helpText) })),
		]
			.filter(({ prose }) => /https?:\/\//.test(prose.replace(/`[^`]*`/g, '').replace(/\[[^\]]+\]\([^()\s]+\)/g, '')))
			.map(({ where }) => ({ where, message: 'a URL that is neither a Markdown link nor in backticks' })),

	D009: ({ visible }) =>
		visible
			.filter((action) => action.kind === 'searches' && list(action.operation.inputFields).length === 0)
			.map((action) => ({ where: place(action), message: 'a search without a field to search by' })),

	/** Polling triggers are distinguished by `id`. */
	D010: ({ visible }) =>
		visible
			.filter((action) => action.kind === 'triggers' && !isHook(action))
			.filter((action) => !('id' in asObject(action.operation.sample)))
			.map((action) => ({ where: place(action), message: 'the sample has no id' })),

	D011: ({ authFields, inputFields }) =>
		[...authFields, ...inputFields]
			.filter(({ field }) => text(field.helpText) !== '' && bare(field.helpText) === bare(field.label))
			.map(({ where }) => ({ where, message: 'the help text repeats the label' })),

	D012: ({ visible }) =>
		visible
			.filter((action) => Object.keys(asObject(action.operation.sample)).length === 0)
			.map((action) => ({ where: place(action), message: 'no sample' })),

	D013: ({ inputFields, all }) =>
		inputFields
			.filter(({ field }) => field.search !== undefined)
			.filter(({ field }) => !has(all, 'searches', text(field.search).split('.')[0]))
			.map(({ where }) => ({ where, message: 'points at a search that does not exist' })),

	D014: ({ inputFields }) =>
		inputFields
			.filter(({ field }) => field.search !== undefined && field.dynamic === undefined)
			.map(({ where }) => ({ where, message: 'a search connector without a drop-down list' })),

	D015: ({ definition, all }) =>
		Object.entries({ ...asObject(definition.searchOrCreates), ...asObject(definition.searchAndCreates) })
			.filter(
				([, pair]) =>
					!has(all, 'searches', text(asObject(pair).search)) || !has(all, 'creates', text(asObject(pair).create)),
			)
			.map(([key]) => at(`searchOrCreates.${key}`, 'points at a search or create that does not exist')),

	/** Nothing but one static hook. */
	D016: ({ visible }) => {
		const [only] = visible;
		return visible.length === 1 && only && isStaticHook(only)
			? [at(place(only), 'the app is a single static webhook')]
			: [];
	},

	D017: ({ visible }) =>
		visible
			.filter(isStaticHook)
			.map((action) => ({ where: place(action), message: 'a static hook: no subscribe or unsubscribe' })),

	D018: ({ visible }) =>
		visible
			.filter((action) => titleCase(text(action.display.label)) !== text(action.display.label))
			.map((action) => ({
				where: place(action),
				message: `write the label as "${titleCase(text(action.display.label))}"`,
			})),

	D021: ({ visible }) =>
		visible
			.filter((action) => action.kind === 'triggers' && !/^Triggers when .*\.$/.test(text(action.display.description)))
			.map((action) => ({ where: place(action), message: 'the description is not "Triggers when ... ."' })),

	D022: ({ visible }) =>
		visible
			.filter(
				(action) =>
					action.kind === 'creates' && !list(action.operation.inputFields).some((field) => typeof field === 'object'),
			)
			.map((action) => ({ where: place(action), message: 'a create without static input fields' })),

	D023: ({ visible }) =>
		visible.flatMap((action) =>
			strings(action.operation.sample, 'sample')
				.filter(({ value }) => looksLikeDate(value) && !isIso8601(value))
				.map(({ path, value }) => ({
					where: `${place(action)}.${path}`,
					message: `"${value}" is not ISO 8601 with a time zone`,
				})),
		),

	D024: ({ visible }) =>
		visible.flatMap((action) =>
			list(action.operation.outputFields)
				.filter((field): field is Loose => typeof field === 'object' && field !== null)
				.flatMap((field) => {
					const value = nested(asObject(action.operation.sample), text(field.key).split('__'));
					const where = `${place(action)}.outputFields.${text(field.key)}`;
					if (value === undefined)
						return field.required === true ? [{ where, message: 'required, but not in the sample' }] : [];
					return matches(value, text(field.type))
						? []
						: [{ where, message: `the sample's value is no ${text(field.type)}` }];
				}),
		),

	D025: ({ definition }) =>
		strings(definition)
			.filter(({ value }) => /javascript:/i.test(value))
			.map(({ path }) => ({ where: path, message: 'a javascript: URL' })),
};

/** Everything the rules find in an app's definition, in the order of the rules. */
export function check(definition: Loose): Finding[] {
	const all = (['triggers', 'searches', 'creates'] as const).flatMap((kind) =>
		Object.entries(asObject(definition[kind])).map(
			([key, value]): Action => ({
				kind,
				key,
				display: asObject(asObject(value).display),
				operation: asObject(asObject(value).operation),
			}),
		),
	);
	const visible = all.filter((action) => action.display.hidden !== true);
	const app: App = {
		definition,
		all,
		visible,
		authFields: fields(asObject(definition.authentication).fields, 'authentication'),
		inputFields: visible.flatMap((action) => fields(action.operation.inputFields, place(action))),
	};
	return [
		...Object.entries(RULES).flatMap(([rule, find]) => find(app).map((found) => ({ rule, ...found }))),
		...unmetGuidelines(definition),
	];
}

// ------------------------------------------------------------------------------------------------- helpers

function fields(value: unknown, where: string): Field[] {
	return list(value)
		.filter((field): field is Loose => typeof field === 'object' && field !== null)
		.flatMap((field) => {
			const path = `${where}.${text(field.key)}`;
			return [{ where: path, field }, ...fields(field.children, path)];
		});
}

function at(where: string, message: string): Omit<Finding, 'rule'> {
	return { where, message };
}

function place(action: Action): string {
	return `${action.kind}.${action.key}`;
}

function has(all: readonly Action[], kind: Action['kind'], key: string | undefined): boolean {
	return all.some((action) => action.kind === kind && action.key === key);
}

/** What an id is of: `customerId` of a `customer`, the `id` of `creates.customer_update` too. Undefined: not an id. */
function thingOf(where: string, key: string): string | undefined {
	if (key === 'id') return wordsOf(where.split('.')[1] ?? '')[0];
	return /^(\w+?)(_id|Id)$/.exec(key)?.[1]?.toLowerCase();
}

function wordsOf(key: string): string[] {
	return key.toLowerCase().split('_');
}

/** Whether a list is one of such things: `list_customer` and `list_customers` of a customer, `list_activity_types` of no activity. */
function isListOf(key: string, thing: string): boolean {
	const listed = key
		.toLowerCase()
		.replace(/^list_/, '')
		.replace(/_/g, '');
	return listed === thing || listed === `${thing}s` || listed === `${thing}es`;
}

/** Whether an action can fill a list. */
function isList(action: Action): boolean {
	return action.kind === 'triggers' && !isHook(action);
}

function isHook(action: Action): boolean {
	return action.kind === 'triggers' && action.operation.type === 'hook';
}

function isStaticHook(action: Action): boolean {
	const { performSubscribe, performUnsubscribe } = action.operation;
	return isHook(action) && !(isCallable(performSubscribe) && isCallable(performUnsubscribe));
}

/** A function (serialised) or a request in shorthand. */
function isCallable(value: unknown): boolean {
	return typeof value === 'function' || text(value).startsWith('$func$') || text(asObject(value).url) !== '';
}

/** Every string in a value, with its path. */
function strings(value: unknown, path = ''): Array<{ path: string; value: string }> {
	if (typeof value === 'string') return [{ path, value }];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => strings(inner, path === '' ? key : `${path}.${key}`));
}

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const DATES = [
	/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$/,
	/^\d{1,2}[/.]\d{1,2}[/.]\d{4}/,
	new RegExp(`^\\d{1,2} ${MONTH} \\d{4}`, 'i'),
	new RegExp(`^${MONTH} \\d{1,2},? \\d{4}`, 'i'),
];

function looksLikeDate(value: string): boolean {
	return DATES.some((form) => form.test(value));
}

function isIso8601(value: string): boolean {
	return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(value);
}

function matches(value: unknown, type: string): boolean {
	switch (type) {
		case 'integer':
			return Number.isInteger(value);
		case 'number':
			return typeof value === 'number';
		case 'boolean':
			return typeof value === 'boolean';
		case 'datetime':
			return typeof value === 'string' && isIso8601(value);
		default:
			return typeof value === 'string';
	}
}

function nested(value: Loose, path: readonly string[]): unknown {
	return path.reduce<unknown>((inner, key) => asObject(inner)[key], value);
}

function asObject(value: unknown): Loose {
	return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function bare(value: unknown): string {
	return text(value)
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '');
}
