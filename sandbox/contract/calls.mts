/** A request held against a contract: which call it is, what is wrong with it, and what of it is declared. */
import type { Body, Call, Content, Contract, FieldSpec, Query } from '../../contracts/index.mts';
import { isObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { declaredPart, findings, isRequired, typeOf, typeOfField, typeText } from './types.mts';
import type { Finding } from './types.mts';

/** A request, as far as a contract speaks of it. */
export interface Asked {
	method: string;
	/** Below the base URL. */
	path: string;
	query: JsonObject;
	/** Undefined: no body. */
	body: Json | undefined;
	/** Undefined: no content type. */
	content: Content | undefined;
}

export type Match =
	| { kind: 'call'; id: string; call: Call }
	/** The path exists, not for this method. */
	| { kind: 'method'; id: string; call: Call }
	/** It would exist with a slash more or less. */
	| { kind: 'slash'; id: string; call: Call; right: string }
	| { kind: 'path' };

export interface RequestFinding extends Omit<Finding, 'kind'> {
	/** `query` and `body`: the name is not declared. `few`: fewer fields than `minBody`. */
	kind: 'query' | 'body' | 'content' | 'missing' | 'type' | 'oneOf' | 'exclusive' | 'few' | 'empty';
	/** Where a missing or wrong one belongs. */
	where: 'query' | 'body';
}

/** The call that a request is. Paths with fewer variable parts come first. */
export function matchCall(contract: Contract, { method, path, query, body }: Omit<Asked, 'content'>): Match {
	// A form may carry what chooses the call, too.
	const chosen = (name: string) => query[name] ?? (isObject(body) ? body[name] : undefined);
	const all = Object.entries(contract.calls)
		.filter(([, { query: asked }]) =>
			Object.entries(asked?.fixed ?? {}).every(([name, value]) => chosen(name) === value),
		)
		.sort(([, a], [, b]) => variables(a.path) - variables(b.path));
	const here = all.filter(([, call]) => pathFits(call.path, path));
	const exact = here.find(([, call]) => methodsOf(call).some((one) => one === method));
	if (exact) return { kind: 'call', id: exact[0], call: exact[1] };
	const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
	const slash = contract.rules.trailingSlash;
	if (slash !== 'exact' || here.length === 0) {
		const near = all.filter(([, call]) => pathFits(call.path, other));
		const found = near.find(([, call]) => methodsOf(call).some((one) => one === method));
		if (found && slash === 'either') return { kind: 'call', id: found[0], call: found[1] };
		if (found) return { kind: 'slash', id: found[0], call: found[1], right: other };
	}
	const [wrong] = here;
	return wrong ? { kind: 'method', id: wrong[0], call: wrong[1] } : { kind: 'path' };
}

/** Every method that some source names for a call. */
export function methodsOf(call: Call): readonly string[] {
	return [call.method, ...(call.alsoMethods ?? [])];
}

/** How open a path is: a part that may be anything counts more than one with a type of its own. */
function variables(template: string): number {
	const parts = template.match(/\{[^}]*\}/g) ?? [];
	return parts.reduce((sum, part) => sum + (part.includes(':') ? 1 : 100), 0);
}

function pathFits(template: string, path: string): boolean {
	const wanted = template.split('/');
	const given = path.split('/');
	if (wanted.length !== given.length) return false;
	return wanted.every((part, index) => {
		const value = given[index] ?? '';
		const variable = /^\{\w+(?::(.+))?\}$/.exec(part);
		if (!variable) return part === value;
		return value !== '' && findings(typeOf(variable[1] ?? 'id'), decoded(value), '', true).length === 0;
	});
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/** What is wrong with a request to this call. */
export function checkRequest(contract: Contract, call: Call, asked: Asked): RequestFinding[] {
	return [...checkQuery(contract, call.query, asked.query), ...checkBody(contract, call, asked)];
}

function checkQuery({ auth }: Contract, query: Query | undefined, given: JsonObject): RequestFinding[] {
	const found: RequestFinding[] = [];
	const read = query?.read ?? {};
	for (const [name, value] of Object.entries(given)) {
		if (query?.fixed?.[name] !== undefined || auth.query?.includes(name)) continue;
		const spec = read[name] ?? query?.rest;
		if (spec === undefined) found.push({ kind: 'query', name, where: 'query' });
		else found.push(...withWhere('query', findings(typeOfField(spec), value, name, true)));
	}
	const missing = Object.keys(read).filter((name) => isRequired(read[name] ?? '') && (given[name] ?? '') === '');
	return [...found, ...missing.map((name): RequestFinding => ({ kind: 'missing', name, where: 'query' }))];
}

function checkBody(contract: Contract, { body }: Call, asked: Asked): RequestFinding[] {
	const empty = asked.body === undefined || asked.body === null || asked.body === '';
	if (body === null) {
		return isObject(asked.body) ? Object.keys(asked.body).map((name) => ({ kind: 'body', name, where: 'body' })) : [];
	}
	const content = body.content ?? contract.rules.content;
	if (!empty && asked.content !== undefined && !content.includes(asked.content)) {
		return [{ kind: 'content', name: asked.content, where: 'body', expected: content.join('|') }];
	}
	if (empty) {
		const all = [...Object.keys(body.required), ...Object.keys(body.beside ?? {})];
		return all.length === 0 && !body.minBody ? [] : [{ kind: 'empty', name: all[0] ?? '', where: 'body' }];
	}
	const fields = fieldsOf(body, asked.body);
	// What XML says is read by the service; its names are not held against anything here.
	if (fields === undefined)
		return asked.content === 'xml' ? [] : [{ kind: 'empty', name: body.under ?? '', where: 'body' }];
	const wire = asked.content === 'form' || asked.content === 'multipart';
	return [...checkBeside(body, asked.body, wire), ...checkFields(body, fields, wire && body.under === undefined)];
}

function checkBeside({ under, beside = {} }: Body, given: Json | undefined, wire: boolean): RequestFinding[] {
	if (under === undefined || !isObject(given)) return [];
	return Object.entries(given).flatMap(([name, value]): RequestFinding[] => {
		if (name === under) return [];
		const spec = beside[name];
		if (spec === undefined) return [{ kind: 'body', name, where: 'body' }];
		return withWhere('body', findings(typeOfField(spec), value, name, wire));
	});
}

function checkFields(body: Body, fields: JsonObject, wire: boolean): RequestFinding[] {
	const found: RequestFinding[] = [];
	const there = (name: string) => fields[name] !== undefined && fields[name] !== null && fields[name] !== '';
	for (const [name, value] of Object.entries(fields)) {
		const spec = specOf(body, name);
		if (spec === undefined) found.push({ kind: 'body', name, where: 'body' });
		else if (there(name)) found.push(...bodyFindings(spec, name, value, wire));
	}
	const missing = Object.keys(body.required).filter((name) => !there(name));
	found.push(...missing.map((name): RequestFinding => ({ kind: 'missing', name, where: 'body' })));
	for (const group of body.oneOf ?? []) {
		if (group.filter(there).length !== 1) found.push({ kind: 'oneOf', name: group.join('|'), where: 'body' });
	}
	for (const group of body.exclusive ?? []) {
		if (group.filter(there).length > 1) found.push({ kind: 'exclusive', name: group.join('|'), where: 'body' });
	}
	const count = Object.keys(fields).filter(there).length;
	if (body.minBody !== undefined && count < body.minBody) {
		found.push({ kind: 'few', name: String(body.minBody), where: 'body' });
	}
	return found;
}

/** What is wrong with a field. What the service would ignore in silence counts as a name that is not declared. */
function bodyFindings(spec: FieldSpec, name: string, value: Json, wire: boolean): RequestFinding[] {
	const found = withWhere('body', findings(typeOfField(spec), value, name, wire));
	return ignoresWrong(spec) && found.length > 0 ? [{ kind: 'body', name, where: 'body' }] : found;
}

function ignoresWrong(spec: FieldSpec): boolean {
	return typeof spec !== 'string' && spec.wrong === 'ignored';
}

function specOf(body: Body, name: string): FieldSpec | undefined {
	return body.required[name] ?? body.optional[name] ?? (body.refused?.includes(name) ? undefined : body.rest);
}

function withWhere(where: 'query' | 'body', found: readonly Finding[]): RequestFinding[] {
	return found.map((one) => ({ ...one, where, kind: one.kind === 'undeclared' ? where : one.kind }));
}

/** The object that has the fields: the body, or what is under the name that the contract gives. Undefined: it has none. */
export function fieldsOf(body: Body, given: Json | undefined): JsonObject | undefined {
	const value = body.under === undefined ? given : isObject(given) ? given[body.under] : undefined;
	const read = typeof value === 'string' && body.under !== undefined ? parsed(value) : value;
	return isObject(read) ? read : undefined;
}

function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

/** The query that a handler may see. `filters`: false leaves out what only a client is known to send. */
export function declaredQuery({ auth }: Contract, { query }: Call, given: JsonObject, filters = true): JsonObject {
	const read = query?.read ?? {};
	return Object.fromEntries(
		Object.entries(given).filter(([name]) => {
			if (query?.fixed?.[name] !== undefined || auth.query?.includes(name)) return true;
			const spec = read[name] ?? query?.rest;
			return spec !== undefined && (filters || !isFilter(query, spec));
		}),
	);
}

/** Whether a query name narrows a list and only a client is known to send it. */
export function isFilter(query: Query | undefined, spec: FieldSpec): boolean {
	if (query?.knownBy !== 'sent') return false;
	return typeof spec === 'string' || (spec.paging !== true && spec.required !== true);
}

/** The body that a handler may see, in the form it came. */
export function declaredBody({ body }: Call, given: Json | undefined): Json | undefined {
	if (body === null) return undefined;
	const fields = fieldsOf(body, given);
	if (fields === undefined || !isObject(given)) return given;
	const kept = Object.fromEntries(
		Object.entries(fields).flatMap(([name, value]): [string, Json][] => {
			const spec = specOf(body, name);
			if (spec === undefined || (ignoresWrong(spec) && findings(typeOfField(spec), value, name, false).length > 0))
				return [];
			return [[name, declaredPart(typeOf(typeText(spec)), value)]];
		}),
	);
	if (body.under === undefined) return kept;
	const beside = Object.entries(given).filter(([name]) => body.beside?.[name] !== undefined);
	const under = typeof given[body.under] === 'string' ? JSON.stringify(kept) : kept;
	return { ...Object.fromEntries(beside), [body.under]: under };
}
