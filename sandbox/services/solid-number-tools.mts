/** What the calls of Solid# have in common: who calls, what is refused and in which envelope, records and pages. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { freshId, instant } from '../fresh.mts';
import { Refusal, pageOf, queryOf } from '../service.mts';
import type { ErrorAnswer, World } from '../service.mts';
import type { Kept, Records } from './solid-number-records.mts';

export const ID = 'solid-number';
export const MAX_PAGE = 200;

/** One call of an account that is known. */
export interface Call {
	account: string;
	request: FastifyRequest;
	reply: FastifyReply;
	records: Records;
	body: JsonObject;
	/** Raises an event about this account. */
	raise: (event: string, data: JsonObject, metadata?: JsonObject) => void;
}

export type Handler = (call: Call) => Json | Promise<Json>;

/** Adds a call. The path is below the base URL. */
export type On = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, handler: Handler) => void;

export type Tools = ReturnType<typeof toolsOf>;

/** The tools of a running sandbox. */
export function toolsOf(world: World) {
	/** The three shapes an error can have: all three occur by themselves, and one can be forced. */
	const errorAnswer = (status: number, code: string, message: string, details: JsonObject[] = []): ErrorAnswer => {
		const natural =
			status === 422 || status === 429 ? 'documented' : status === 401 || status === 403 ? 'sdk' : 'fastapi';
		const shape = world.faults.behaviour(ID, 'errorShape') ?? natural;
		if (shape === 'documented') return { status, body: { code, message, details } };
		if (shape === 'sdk')
			return { status, body: { error: { code, message, details: {}, request_id: freshId('req_') } } };
		const list = details.map((one) => ({
			loc: ['body', one.field ?? ''],
			msg: message,
			type: one.error ?? 'value_error',
		}));
		return { status, body: { detail: list.length > 0 ? list : message } };
	};
	const refuse = (status: number, code: string, message: string, details?: JsonObject[]): Refusal => {
		const answer = errorAnswer(status, code, message, details);
		return new Refusal(answer.status, answer.body);
	};
	const invalid = (field: string, message: string, error = 'invalid') =>
		refuse(422, 'validation_error', message, [{ field, error }]);

	return {
		errorAnswer,
		refuse,
		invalid,
		/** Refuses a body in which one of these fields is missing or empty. */
		required: (body: JsonObject, ...fields: string[]) => {
			for (const field of fields) {
				const value = body[field];
				if (value === undefined || value === null || value === '')
					throw invalid(field, `Field '${field}' is required`, 'required');
			}
		},
		/** The record of this id. */
		named: <K extends Kept>(all: K[], what: string, id: string): K => {
			const found = all.find((one) => String(one.id) === id);
			if (!found) throw refuse(404, 'not_found', `${what} not found`);
			return found;
		},
		/** A documented page: `limit` and `offset`, and whether there are more. */
		page: (all: readonly Kept[], request: FastifyRequest) => {
			const asked = queryOf(request, 'limit') ?? '50';
			if (!/^\d+$/.test(asked) || Number(asked) < 1 || Number(asked) > MAX_PAGE) {
				throw invalid('limit', `Field 'limit' must be between 1 and ${MAX_PAGE}`, 'out_of_range');
			}
			return pageOf(all, request, Number(asked), MAX_PAGE);
		},
	};
}

/** The records whose fields are as the query asks, for the filters that the client sends. */
export function filtered(all: readonly Kept[], request: FastifyRequest, ...names: string[]): Kept[] {
	return all.filter((one) =>
		names.every((name) => {
			const wanted = queryOf(request, name);
			return wanted === undefined || String(one[name]) === wanted;
		}),
	);
}

/** The record with these fields of a body in it. Only fields that the call declares may be named. */
export function change(record: Kept, body: JsonObject, ...names: string[]): Kept {
	const changes = Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
	return Object.assign(record, changes, { updated_at: instant() });
}

/** These fields of a body. */
export function only(body: JsonObject, ...names: string[]): JsonObject {
	return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}

/** Whether a value is text that could be an email address. */
export function isEmail(value: Json | undefined): boolean {
	return /^\S+@\S+$/.test(text(value) ?? '');
}
