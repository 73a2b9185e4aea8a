/**
 * SoshiaConnect: sessions, API keys and shipping routes at `/soshia-connect/api`.
 * https://docs.soshianest.ai/guides/authentication, /guides/errors, /guides/rate-limits, /guides/concepts/api-keys,
 * /guides/concepts/webhooks, /guides/concepts/routes-and-subscriptions
 *
 * Documented: the two ways of authentication, 24 hours for a login, both error and success envelopes, rate-limit headers, the
 * paths of routes and access, the event list and the signature. Assumed: which call takes which authentication (beyond
 * profile and `api-routes-data`), the body of check-access, the shape of a route, retries. Webhooks are registered manually
 * (`POST /control/subscriptions`), as the service has no API for it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { defined, isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { ACCOUNTS, BASE_PATHS } from '../accounts.mts';
import { sampleOf } from '../catalogue.mts';
import { pathBelow } from '../contract/layer.mts';
import { freshId, instant, mergeObjects } from '../fresh.mts';
import { RateWindow, Refusal, bearerOf, bodyOf, queryOf } from '../service.mts';
import type { ErrorAnswer, Service, World } from '../service.mts';

const ID = 'soshia-connect';
const BASE = BASE_PATHS[ID];
/** The Free plan's requests per hour with authentication. */
const RATE_LIMIT = 1000;
const SESSION_MS = 24 * 3600 * 1000;
/** Which routes an account has paid for. */
const PAID_ROUTES = [1, 2];

const ROUTES: readonly JsonObject[] = [
	{ id: 1, name: 'Singapore - Rotterdam', region: 'Asia', trade_lane: 'Asia - Europe', route_group: 'North Europe' },
	{ id: 2, name: 'Shanghai - Los Angeles', region: 'Asia', trade_lane: 'Trans-Pacific', route_group: 'US West Coast' },
	{
		id: 3,
		name: 'Santos - Hamburg',
		region: 'South America',
		trade_lane: 'South America - Europe',
		route_group: 'North Europe',
	},
];

interface User {
	account: string;
	email: string;
	password: string;
	profile: JsonObject;
}

/** The service, and a way to end all its sessions. */
export function soshiaConnect(world: World): Service & { expireSessions: () => number } {
	const rates = new RateWindow();
	let users = firstUsers();
	/** Token -> whose it is and until when, in milliseconds. */
	let sessions = new Map<string, { user: User; until: number }>();
	/** Keys made through the API. */
	let keys = new Map<string, User>();

	const limit = (caller: string, reply: FastifyReply) => {
		const asked = world.faults.behaviour(ID, 'rateLimit');
		const rate = rates.count(caller, typeof asked === 'number' ? asked : RATE_LIMIT);
		reply.headers(rate.headers);
		if (typeof asked === 'number' && rate.remaining < 0) {
			const seconds = Math.max(1, rate.resetsAt - Math.floor(Date.now() / 1000));
			const { status, body } = failure(429, 'Too many requests - Rate limit exceeded');
			throw new Refusal(status, body, { 'retry-after': String(seconds) });
		}
	};

	const bySession = (request: FastifyRequest): User | undefined => {
		const token = bearerOf(request);
		const session = sessions.get(token ?? '');
		if (token !== undefined && !session) throw refusal(failure(401, 'Invalid token'));
		if (session && session.until <= Date.now()) throw refusal(failure(401, 'Token has expired'));
		return session?.user;
	};

	const byKey = (request: FastifyRequest): User | undefined => {
		const key = request.headers['x-api-key'];
		const name = request.headers['x-username'];
		if (typeof key !== 'string') return undefined;
		const account = ACCOUNTS[ID].find(({ credentials }) => credentials.apiKey === key && credentials.username === name);
		const user = users.find((one) => one.account === account?.name) ?? keys.get(`${key} ${String(name)}`);
		if (!user) throw refusal(failure(401, 'Invalid API key or username'));
		return user;
	};

	/** Who calls. `either`: an API key will do; otherwise it must be a session. */
	const enter = (request: FastifyRequest, reply: FastifyReply, either: boolean): User => {
		const user = bySession(request) ?? (either ? byKey(request) : undefined);
		if (!user) throw refusal(failure(401, either ? 'Authentication required' : 'Bearer token required'));
		limit(user.account, reply);
		return user;
	};

	const newSession = (user: User): string => {
		const token = freshId('sandbox-session-');
		sessions.set(token, { user, until: Date.now() + SESSION_MS });
		return token;
	};

	const authentication = (app: FastifyInstance) => {
		app.post(`${BASE}/auth/register`, async (request, reply) => {
			const { email, password, firstName, lastName } = bodyOf(request);
			const errors = missing({ email, password });
			if (errors) throw refusal(failure(422, 'Validation failed', errors));
			if (users.some((user) => user.email === email))
				throw refusal(failure(422, 'Validation failed', { email: ['The email has already been taken.'] }));
			const profile = profileOf(text(email) ?? '', text(firstName) ?? '', text(lastName) ?? '', 'pending_verification');
			const user = { account: '1', email: text(email) ?? '', password: text(password) ?? '', profile };
			users.push(user);
			reply.code(201);
			return success('User registered successfully', profile);
		});

		// JSON in the newer documentation, a form in the older.
		app.post(`${BASE}/auth/login`, async (request) => {
			const { email, password } = bodyOf(request);
			const errors = missing({ email, password });
			if (errors) throw refusal(failure(422, 'Validation failed', errors));
			const user = users.find((one) => one.email === email && one.password === password);
			if (!user) throw refusal(failure(401, 'Invalid credentials'));
			return { access_token: newSession(user), token_type: 'Bearer', user: user.profile };
		});

		app.post(`${BASE}/auth/refresh`, async (request, reply) => {
			const user = enter(request, reply, false);
			sessions.delete(bearerOf(request) ?? '');
			return { access_token: newSession(user), token_type: 'Bearer', user: user.profile };
		});

		app.get(`${BASE}/auth/profile`, async (request, reply) =>
			success('Profile retrieved', enter(request, reply, false).profile),
		);

		// That the profile can be changed is documented; by which call is not.
		app.put(`${BASE}/auth/profile`, async (request, reply) => {
			const user = enter(request, reply, false);
			const { userId: _id, email: _email, ...changes } = bodyOf(request);
			user.profile = mergeObjects(user.profile, changes);
			const payload = compose('account.updated', sampleOf(ID, 'account.updated'), user.profile);
			world.raise({ provider: ID, event: 'account.updated', payload, account: user.account });
			return success('Profile updated', user.profile);
		});

		app.post(`${BASE}/api-keys/generate`, async (request, reply) => {
			const user = enter(request, reply, false);
			const { api_key_name, user: name } = bodyOf(request);
			const errors = missing({ api_key_name, user: name });
			if (errors) throw refusal(failure(422, 'Validation failed', errors));
			const key = freshId('sandbox-key-');
			keys.set(`${key} ${String(name)}`, user);
			reply.code(201);
			const shown = { id: keys.size, api_key_name: api_key_name ?? '', api_key: key, user: name ?? '' };
			return { ...shown, status: 'active', created_at: instant() };
		});
	};

	const routeAccess = (app: FastifyInstance) => {
		const routeOf = (given: string | undefined): JsonObject => {
			if (!given) throw refusal(failure(422, 'Validation failed', { id: ['The id field is required.'] }));
			const route = ROUTES.find((one) => String(one.id) === given);
			if (!route) throw refusal(failure(404, 'Route not found'));
			return route;
		};
		const paid = (route: JsonObject) => PAID_ROUTES.includes(Number(route.id));
		const data = async (request: FastifyRequest, reply: FastifyReply) => {
			enter(request, reply, true);
			const route = routeOf(queryOf(request, 'id'));
			if (!paid(route)) throw refusal(failure(403, 'You do not have access to this route'));
			return success('Route data retrieved', {
				...route,
				periods: [{ period: '2026-01', rate: 1850, currency: 'usd' }],
				reports: [],
			});
		};
		app.get(`${BASE}/api-routes-data`, data);
		app.get(`${BASE}/route-access/routes-data`, data);
		app.get(`${BASE}/route-access/all-routes`, async (request, reply) => {
			enter(request, reply, true);
			return success(
				'Routes retrieved',
				ROUTES.map((route) => ({ ...route, has_access: paid(route) })),
			);
		});
		app.post(`${BASE}/route-access/check-access`, async (request, reply) => {
			enter(request, reply, true);
			const body = bodyOf(request);
			const route = routeOf(text(body.route_id ?? body.id));
			return success('Access checked', { route_id: route.id ?? null, has_access: paid(route) });
		});
	};

	return {
		id: ID,
		name: 'SoshiaConnect',
		root: '/soshia-connect',
		behaviours: {
			rateLimit: { values: 'number', description: 'calls per minute and account, above which 429 is answered' },
		},
		admit: (request) => {
			if (/^\/auth\/(login|register)$/.test(pathBelow(request, { id: ID }))) return;
			if (!bySession(request) && !byKey(request)) throw refusal(failure(401, 'Authentication required'));
		},
		routes: (app) => {
			app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body, done) => {
				multipart(Buffer.from(body), request.headers['content-type'] ?? '').then((fields) => done(null, fields), done);
			});
			authentication(app);
			routeAccess(app);
		},
		reset: () => {
			users = firstUsers();
			sessions = new Map();
			keys = new Map();
			rates.clear();
		},
		expireSessions: () => {
			for (const session of sessions.values()) session.until = 0;
			return sessions.size;
		},
		compose,
		error: (kind, message) => {
			if (kind === 'not_found') return failure(404, message);
			if (kind === 'malformed_body') return failure(400, message);
			const status = typeof kind === 'number' ? kind : 500;
			return failure(status, status === 429 ? 'Too many requests - Rate limit exceeded' : message);
		},
	};
}

/** The sample with fresh ids and time, and the caller's values over `data.object`. A type without sample gets a bare one. */
function compose(event: string, sample: Json | undefined, data: Json | undefined): Json {
	const base = isObject(sample) ? structuredClone(sample) : { object: 'event', data: { object: { id: 'obj_1' } } };
	const inner = isObject(base.data) ? base.data : {};
	const before = isObject(inner.object) ? inner.object : {};
	const prefix = /^[a-z]+_/.exec(text(before.id) ?? '')?.[0];
	const fresh = prefix ? { ...before, id: freshId(prefix) } : before;
	const object = mergeObjects(fresh, isObject(data) ? data : undefined);
	return {
		...base,
		id: freshId('evt_'),
		type: event,
		created: Math.floor(Date.now() / 1000),
		data: { ...inner, object },
	};
}

/** Text fields of a multipart form, read by the platform. */
async function multipart(body: Buffer, contentType: string): Promise<JsonObject> {
	const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
	return Object.fromEntries([...form].map(([name, value]) => [name, typeof value === 'string' ? value : '']));
}

function firstUsers(): User[] {
	return ACCOUNTS[ID].map(({ name, credentials }) => {
		const { email = '', password = '' } = credentials;
		return { account: name, email, password, profile: profileOf(email, 'Demo', 'Example', 'active') };
	});
}

function profileOf(email: string, firstName: string, lastName: string, status: string): JsonObject {
	return { userId: freshId('usr_'), email, firstName, lastName, userType: 'viewer', status, createdAt: instant() };
}

function missing(fields: { readonly [name: string]: Json | undefined }): JsonObject | undefined {
	const empty = Object.keys(fields).filter((name) => !text(fields[name]));
	return empty.length === 0
		? undefined
		: Object.fromEntries(empty.map((name) => [name, [`The ${name} field is required.`]]));
}

function success(message: string, data: Json): JsonObject {
	return { success: true, message, data };
}

function failure(status: number, message: string, errors?: JsonObject): ErrorAnswer {
	return { status, body: defined({ success: false, message, errors }) };
}

function refusal({ status, body }: ErrorAnswer): Refusal {
	return new Refusal(status, body);
}
