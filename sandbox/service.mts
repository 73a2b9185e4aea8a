/** What a service of the sandbox is, and what it is given to work with. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject } from '../core/json.ts';
import type { Json, JsonObject } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';
import { mergeObjects } from './fresh.mts';
import type { Variants } from './contract/variants.mts';
import type { Violations } from './contract/violations.mts';
import type { Deliveries, Delivery } from './deliveries.mts';
import type { Faults } from './faults.mts';
import type { Subscription, Subscriptions } from './subscriptions.mts';

/** The sandbox's common parts, handed to each service. */
export interface World {
	/** Retry delays, and nothing else, are divided by this. */
	speed: number;
	subscriptions: Subscriptions;
	deliveries: Deliveries;
	faults: Faults;
	/** Which reading of a service holds, where its sources disagree. */
	variants: Variants;
	/** What was asked for, or answered, that no contract declares. */
	violations: Violations;
	/** Raises an event: every active subscription of the account that asks for it gets a delivery. */
	raise: (event: Raised) => Delivery[];
	/** Does something a moment later, unless the sandbox was reset or closed by then. */
	later: (ms: number, then: () => void) => void;
}

export interface Raised {
	provider: ProviderId;
	event: string;
	payload: Json;
	/** Undefined: every account. */
	account?: string;
	/** Only to this subscription. */
	subscription?: string;
	/** The service's "send test event": to every subscription, whatever event types it asked for. */
	test?: boolean;
	/** Sent as the body instead of the payload, letter by letter. */
	body?: string;
}

/** An error in the service's own envelope, made by `Service.error`. */
export interface ErrorAnswer {
	status: number;
	body: Json;
}

/** What any service can be asked to say that went wrong before one of its routes could. */
export type FrameworkError = 'not_found' | 'method_not_allowed' | 'malformed_body' | 'too_many_requests' | 'internal';

/** A switch of the service, set under `behaviour` by `POST /control/faults`. */
export interface Behaviour {
	/** JSON type of the value, or the values allowed. */
	values: 'boolean' | 'number' | readonly string[];
	description: string;
}

export interface Service {
	id: ProviderId;
	/** As the service writes it. */
	name: string;
	/** The root of its paths, e.g. `/solatis`. */
	root: string;
	behaviours: { readonly [name: string]: Behaviour };
	/** Throws a `Refusal` for a caller that it does not know: asked before the fields of a call are checked. */
	admit?: (request: FastifyRequest) => void;
	/** Adds its routes, in a scope of their own. Paths are written in full. */
	routes: (app: FastifyInstance) => void;
	/** Back to the records it starts with. */
	reset: () => void;
	/**
	 * The payload of an event that is raised manually: the sample (undefined for a type outside the list) with fresh ids and
	 * time stamps, and the caller's data over the part that carries the record.
	 */
	compose: (event: string, sample: Json | undefined, data: Json | undefined) => Json;
	/** A narrower choice than event types. */
	wants?: (subscription: Subscription, event: string, payload: Json) => boolean;
	/** The body in the format the subscription asked for. Default: JSON. */
	encode?: (payload: Json, subscription: Subscription) => { body: string; contentType: string };
	/** The envelope of an error that comes from the framework or from a fault's status. */
	error: (kind: FrameworkError | number, message: string, request: FastifyRequest) => ErrorAnswer;
	/** A text body in the service's other format (XML). Default: JSON. */
	render?: (body: Json, request: FastifyRequest) => { text: string; contentType: string } | undefined;
}

/** Thrown by a route: answered with this status and body, the service's own envelope. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	readonly status: number;
	readonly body: Json;
	readonly headers: { readonly [name: string]: string };

	constructor(status: number, body: Json, headers: { readonly [name: string]: string } = {}) {
		super(`refused with ${status}`);
		this.status = status;
		this.body = body;
		this.headers = headers;
	}
}

/** The parsed body as an object; anything else is an empty one. */
export function bodyOf(request: FastifyRequest): JsonObject {
	const { body } = request;
	return isJsonObject(body) ? body : {};
}

function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One query parameter as text; undefined when it is absent or given twice. */
export function queryOf(request: FastifyRequest, name: string): string | undefined {
	const { query } = request;
	const value = isJsonObject(query) ? query[name] : undefined;
	return typeof value === 'string' ? value : undefined;
}

/** One variable part of the path. */
export function partOf(request: FastifyRequest, name: string): string {
	const { params } = request;
	const value = isJsonObject(params) ? params[name] : undefined;
	return typeof value === 'string' ? value : '';
}

/** The token of `Authorization: Bearer ...`; undefined when there is none. */
export function bearerOf(request: FastifyRequest): string | undefined {
	return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Whether a text is an absolute http(s) URL. */
export function isHttpUrl(value: unknown): value is string {
	if (typeof value !== 'string' || !URL.canParse(value)) return false;
	return /^https?:$/.test(new URL(value).protocol);
}

/** A page of a list. `limit` and `offset` from the query, whole numbers from 0, otherwise the defaults. */
export function pageOf<T>(all: readonly T[], request: FastifyRequest, defaultLimit: number, maxLimit: number) {
	const limit = Math.min(wholeNumber(queryOf(request, 'limit')) ?? defaultLimit, maxLimit);
	const offset = wholeNumber(queryOf(request, 'offset')) ?? 0;
	const items = all.slice(offset, offset + limit);
	return { items, total: all.length, limit, offset, has_more: offset + items.length < all.length };
}

/** The whole number from 0 that a text stands for, otherwise undefined. */
export function wholeNumber(value: Json | undefined): number | undefined {
	const given = typeof value === 'number' ? String(value) : value;
	return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : undefined;
}

/** `X-RateLimit-*` over a window of one minute. Refuses nothing by itself. */
export class RateWindow {
	readonly #used = new Map<string, number>();
	#endsAt = 0;

	/** Counts one call and says what is left; `remaining` below 0 means over the limit. `resetsAt` in unix seconds. */
	count(caller: string, limit: number): { remaining: number; resetsAt: number; headers: { [name: string]: string } } {
		const now = Math.floor(Date.now() / 1000);
		if (now >= this.#endsAt) {
			this.#used.clear();
			this.#endsAt = now + 60;
		}
		const used = (this.#used.get(caller) ?? 0) + 1;
		this.#used.set(caller, used);
		const remaining = limit - used;
		return {
			remaining,
			resetsAt: this.#endsAt,
			headers: {
				'x-ratelimit-limit': String(limit),
				'x-ratelimit-remaining': String(Math.max(0, remaining)),
				'x-ratelimit-reset': String(this.#endsAt),
			},
		};
	}

	clear(): void {
		this.#used.clear();
	}
}

/** A payload's object under `key` with `data` merged over it: for envelopes that carry the record under one key. */
export function withRecord(envelope: JsonObject, key: string, data: Json | undefined): JsonObject {
	const record = isObject(envelope[key]) ? envelope[key] : {};
	return { ...envelope, [key]: mergeObjects(record, isObject(data) ? data : undefined) };
}

export { isObject };
