/** Follow-up calls: input -> HTTP requests, HTTP responses -> items, or one clear sentence. */
import { ask, isEmpty, refusal } from './answer.ts';
import { InvalidInput, ServiceRefused } from './errors.ts';
import { entered, hasLostDigits, isShown, trimmed } from './input.ts';
import { isObject } from './json.ts';
import type {
	Field,
	HttpRequest,
	HttpResponse,
	Json,
	JsonObject,
	Operation,
	Provider,
	Send,
	Values,
} from './provider.ts';

export interface RunOptions {
	/** How many items at most, for operations with pages. Undefined: all. */
	limit?: number;
}

/** `resource.operation`: how an operation is named where one name must do. */
export function operationId(operation: Pick<Operation, 'resource' | 'name'>): string {
	return `${operation.resource}.${operation.name}`;
}

/** Finds an operation by resource and name, or by its id. */
export function findOperation(provider: Provider, id: string): Operation | undefined {
	return provider.operations.find((operation) => operationId(operation) === id);
}

/** How a platform treats an operation. */
export interface Handling {
	/** Zapier's kind. Undefined: left out there, for the reason in `leftOut`. */
	kind: 'search' | 'create' | undefined;
	/** Why an automation platform for everyone leaves it out: a sentence. */
	leftOut?: string;
	/** What a person should read before using it: a sentence. */
	notice?: string;
	/** Whether a call that got no answer, or was limited, is made again by itself. */
	retries: boolean;
	/** Whether a person can try again without doing anything twice. */
	repeatable: boolean;
}

/** How an operation is treated on every platform: derived from its effect, in this one place. */
export function handlingOf(operation: Operation): Handling {
	const { effect, administrative } = operation;
	const reads = effect === 'read';
	const handling: Handling = {
		kind: reads ? 'search' : 'create',
		retries: reads,
		repeatable: reads || operation.repeatable === true,
	};
	if (effect !== 'money') return administrative ? { ...handling, kind: undefined, leftOut: administrative } : handling;
	return {
		...handling,
		kind: undefined,
		leftOut: "Zapier's rules forbid actions that move money.",
		notice: MOVES_MONEY,
	};
}

const MOVES_MONEY = 'This operation moves or requests real money.';

/**
 * Runs an operation.
 * @returns Its items.
 * @throws InvalidInput before anything is sent; ServiceRefused for what the service did not accept; Unreachable when no answer came.
 */
export async function run(
	provider: Provider,
	operation: Operation,
	input: Values,
	send: Send,
	options: RunOptions = {},
): Promise<JsonObject[]> {
	const assumed = operation.grade === 'inferred' ? operation.note : undefined;
	const readsOnly = handlingOf(operation).retries;
	const record = recordNamed(provider, operation);
	const call = async (request: HttpRequest, one = false): Promise<HttpResponse> => {
		const reads = readsOnly || request.method === 'GET';
		const sent = reads && request.method !== 'GET' ? { ...request, reads } : request;
		return await ask(provider, send, sent, `"${operation.action}"`, { reads, assumed, record, one });
	};
	const values = cleanInput(operation.fields, input);
	const first: HttpResponse[] = [];
	for (const request of operation.prepare?.(values) ?? []) first.push(await call(request));
	const prepared = operation.prepared?.(first, values);
	const request = operation.request(values, prepared);
	if (operation.paging) return pages(operation, request, values, call, options.limit);

	const one = !readsOnly || operation.name === 'get';
	const response = await call(request, one);
	const undone = operation.undone?.(response, values, prepared);
	if (undone !== undefined) {
		throw new ServiceRefused(`${provider.name} accepted the call but ${undone}`, {
			status: response.status,
			advice: '',
		});
	}
	const items = itemsOf(operation, response, values, prepared);
	if (!one || !items.every((item) => Object.keys(item).length === 0)) return items;
	// An empty object says no more than an empty answer does.
	if (!readsOnly) return [done(operation, values)];
	const nothing = { ...response, body: null, text: '' };
	const refused = items.length > 0 ? refusal(provider, nothing, `"${operation.action}"`, { reads: true }) : undefined;
	if (refused) throw refused;
	return items;
}

/** Reads a list page by page, until it ends or `limit` is reached. */
async function pages(
	operation: Operation,
	request: HttpRequest,
	input: Values,
	call: Send,
	limit = Number.POSITIVE_INFINITY,
): Promise<JsonObject[]> {
	const { paging } = operation as Required<Operation>;
	const items: JsonObject[] = [];
	const seen = new Set<string>();
	const isNew = (item: JsonObject): boolean => {
		const id = paging.identify?.(item);
		return id === undefined || (!seen.has(id) && seen.add(id) !== undefined);
	};
	const wanted = operation.keep?.(input);
	// What is filtered here may take many records to fill the limit: whole pages then.
	const size = wanted === undefined ? Math.min(paging.pageSize, limit) : paging.pageSize;
	let offset = 0;
	let fingerprintBefore = '';
	const askedBefore = new Set<string>();
	let previous: HttpResponse | undefined;
	for (let page = 0; items.length < limit; page++) {
		const asked = paging.page(request, { page, offset, size, ...(previous && { previous }) });
		// A service that names a page again would be asked for ever.
		const key = JSON.stringify(asked);
		if (askedBefore.has(key)) break;
		askedBefore.add(key);
		const response = await call(asked);
		const got = itemsOf(operation, response, input);
		// A service that ignores the page number would give the same page for ever.
		const fingerprint = JSON.stringify(got);
		const fresh = got.filter(isNew);
		// An empty page is the last one, unless the answer itself names another.
		const goesOn = got.length === 0 && paging.more?.(response, 0) === true;
		if (!goesOn && (fresh.length === 0 || fingerprint === fingerprintBefore)) break;
		fingerprintBefore = fingerprint;
		previous = response;
		offset += fresh.length;
		items.push(...(wanted === undefined ? fresh : fresh.filter(wanted)));
		const total = paging.total?.(response);
		const more = total === undefined ? (paging.more?.(response, got.length) ?? got.length >= size) : offset < total;
		if (!more) break;
	}
	return items.slice(0, limit);
}

/**
 * What is sent of what a person filled in: empty fields are left out, texts become what the field's type asks for.
 * @throws InvalidInput naming the field.
 */
export function cleanInput(fields: readonly Field[], input: Values): Values {
	const values: Record<string, Json> = {};
	for (const field of fields) {
		if (!isShown(field, fields, input)) continue;
		const value = cleanValue(field, input[field.name] ?? field.default);
		if (value !== undefined) values[field.name] = value;
		else if (field.required) throw new InvalidInput(`"${field.label}" is empty. Fill it in.`);
		else if (field.notBlank && input[field.name] !== undefined)
			throw new InvalidInput(`"${field.label}" is empty. Fill it in or remove it.`);
	}
	return values;
}

/** How tables and forms write a yes and a no, in any case. */
const YES = ['true', 'yes', '1'];
const NO = ['false', 'no', '0'];

function cleanValue(field: Field, value: Json | undefined): Json | undefined {
	if (value === undefined || value === null) return undefined;
	const given = entered(field, typeof value === 'string' ? trimmed(value) : value);
	if (given === '') return undefined;
	switch (field.type) {
		case 'number': {
			const number = Number(given);
			if (typeof given === 'boolean' || typeof given === 'object' || !Number.isFinite(number))
				throw wrong(field, 'a number');
			return number;
		}
		case 'boolean': {
			const word = typeof given === 'object' ? '' : String(given).toLowerCase();
			if (YES.includes(word)) return true;
			if (NO.includes(word)) return false;
			throw wrong(field, 'true or false');
		}
		case 'list':
		case 'choices': {
			if (!Array.isArray(given) || given.some((entry) => typeof entry !== 'string')) throw wrong(field, 'a list');
			if (field.type === 'choices') given.forEach((entry) => requireKnown(field, entry));
			return given.length > 0 ? [...new Set(given)] : undefined;
		}
		case 'json': {
			if (typeof given !== 'string') return given;
			try {
				return JSON.parse(given) as Json;
			} catch {
				throw wrong(field, 'JSON, e.g. {"name": "value"}');
			}
		}
		case 'pairs': {
			if (!isObject(given)) throw wrong(field, 'names and values');
			return Object.keys(given).length > 0 ? given : undefined;
		}
		case 'rows': {
			if (!Array.isArray(given)) throw wrong(field, 'a list of rows');
			const rows = given.filter(isObject).map((row) => cleanInput(field.fields ?? [], row) as JsonObject);
			return rows.length > 0 ? rows : undefined;
		}
		case 'choice':
			if (typeof given === 'object') throw wrong(field, 'text');
			requireKnown(field, given);
			return textOf(field, given);
		case 'email':
			if (typeof given !== 'string' || !/^\S+@\S+$/.test(given)) throw wrong(field, 'an email address');
			return given;
		case 'date':
			return dayOf(field, given);
		case 'file':
			if (!isObject(given) || !['fileName', 'contentType', 'base64'].every((key) => typeof given[key] === 'string')) {
				throw wrong(field, 'a file');
			}
			return given;
		case 'string':
		case 'text':
		case 'dateTime':
			// Inner white space of a long text is the person's own.
			return field.type === 'text' && typeof value === 'string' ? value : textOf(field, given);
	}
}

/** The text that a person gave; also a number or, where it is no ID, yes or no. */
function textOf(field: Field, given: Json): string {
	if (typeof given === 'object' || (typeof given === 'boolean' && /^id$|Id$/.test(field.name)))
		throw wrong(field, 'text');
	if (hasLostDigits(given)) throw wrong(field, Number.isNaN(given) ? 'text' : 'text: a number this large loses digits');
	return String(given);
}

/**
 * The calendar day that a person wrote, whatever time and time zone follow it: `2026-02-25T00:00:00+11:00` is the 25th,
 * although it is still the 24th in UTC.
 */
function dayOf(field: Field, given: Json): string {
	const [, day] = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/s.exec(typeof given === 'string' ? given : '') ?? [];
	const date = new Date(`${day}T00:00:00Z`);
	// The 30th of February would roll over into March.
	if (day === undefined || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(day))
		throw wrong(field, 'a date, e.g. 2026-02-28');
	return day;
}

/** Throws for a value that is none of the choices, where those are all there are. */
function requireKnown(field: Field, given: Json): void {
	const { options, choicesFrom } = field;
	if (options === undefined || choicesFrom || options.some(({ value }) => value === String(given))) return;
	throw wrong(field, `one of ${options.map(({ value }) => value).join(', ')}`);
}

function wrong(field: Field, expected: string): InvalidInput {
	return new InvalidInput(`"${field.label}" must be ${expected}.`);
}

/** The items of the answer to an operation's own call. */
export function itemsOf(
	operation: Operation,
	response: HttpResponse,
	input: Values,
	prepared?: JsonObject,
): JsonObject[] {
	if (isEmpty(response)) return [done(operation, input)];
	if (operation.items) return [...operation.items(response, input, prepared)];
	const { body } = response;
	if (Array.isArray(body)) return body.filter(isObject);
	return isObject(body) ? [body] : [];
}

/** The item of a call that was accepted without a word: that it was done, and with which record. */
function done(operation: Operation, input: Values): JsonObject {
	const ids = operation.fields.filter(({ name }) => /^id$|Id$/.test(name) && input[name] !== undefined);
	const named = Object.fromEntries(ids.map(({ name }) => [name, input[name] ?? null]));
	// The ID of another record, e.g. of the contact of a new deal, is not that of this one.
	const own = ids.find(({ name }) => isOwnId(operation, name));
	return {
		success: true,
		...(operation.name === 'delete' || operation.effect === 'remove' ? { deleted: true } : {}),
		...(own ? { id: input[own.name] ?? null } : {}),
		...named,
	};
}

function isOwnId({ resource }: Operation, name: string): boolean {
	return name === 'id' || name === `${resource}Id`;
}

/** What the ID of an operation is of, as a person says it: where there is one ID, of a record of its own resource. */
function recordNamed({ resources }: Provider, operation: Operation): string | undefined {
	const { resource, fields } = operation;
	const ids = fields.filter(({ name, required }) => required === true && /^id$|Id$/.test(name));
	if (ids.length !== 1 || !isOwnId(operation, ids[0]?.name ?? '')) return undefined;
	return resources.find(({ name }) => name === resource)?.label.toLowerCase();
}

/** Whether an operation reads one record that the person names: only then can "there is none" be an answer. */
export function namesOneRecord({ name, paging, fields }: Operation): boolean {
	const namesIt = fields.some((field) => field.required === true && /^(id|email|sku)$|Id$/.test(field.name));
	return paging === undefined && name !== 'getMany' && namesIt;
}
