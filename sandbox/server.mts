/** The sandbox as one HTTP server: the five services, the control calls and a page. */
import { Transform } from 'node:stream';
import formbody from '@fastify/formbody';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parsed } from '../core/json.ts';
import type { Json } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';
import { holdToContract } from './contract/layer.mts';
import { Variants } from './contract/variants.mts';
import { Violations } from './contract/violations.mts';
import type { Violation } from './contract/violations.mts';
import { control } from './control.mts';
import { Deliveries } from './deliveries.mts';
import { Faults } from './faults.mts';
import type { CallFault } from './faults.mts';
import { COMMON_BEHAVIOURS, withRequestRepeated } from './refusals.mts';
import { page } from './page.mts';
import { Requests } from './requests.mts';
import type { LoggedRequest } from './requests.mts';
import { Refusal, isHttpUrl } from './service.mts';
import type { Raised, Service, World } from './service.mts';
import { solatis } from './services/solatis.mts';
import { solidNumber } from './services/solid-number.mts';
import { soshiaConnect } from './services/soshia-connect.mts';
import { solve360 } from './services/solve360.mts';
import { solarProof } from './services/solar-proof.mts';
import { Subscriptions } from './subscriptions.mts';

export interface SandboxOptions {
	/** 0: any free one. Default: 0. */
	port?: number;
	/** Default: loopback. */
	host?: string;
	/** Retry delays are the documented ones divided by this. Default: 1. */
	speed?: number;
	/** Milliseconds that a delivery's answer may take. Default: 5000, as the services document. */
	timeoutMs?: number;
	/** Deliver beyond this machine and its private network, too. Default: false. */
	remote?: boolean;
	/** How many settled deliveries are remembered. Default: 20,000. */
	logLimit?: number;
	/** Where workflows are edited: the page links to it. An http(s) URL. */
	editorUrl?: string;
}

export interface Sandbox {
	/** Without a slash at its end. */
	url: string;
	port: number;
	speed: number;
	/** What was asked for that no contract declares; the list is empty afterwards. */
	takeViolations: () => Violation[];
	/** Stops listening, and breaks off what is on its way. */
	close: () => Promise<void>;
}

const BODY_LIMIT = 20 * 1024 * 1024;

/** Starts it. Throws what the operating system says when the port is taken (`EADDRINUSE`). */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { port = 0, host = '127.0.0.1', speed = 1, timeoutMs = 5000, remote = false, logLimit = 20_000 } = options;
	const { editorUrl } = options;
	if (!(speed > 0)) throw new Error('speed must be a number above 0');
	if (editorUrl !== undefined && !isHttpUrl(editorUrl)) throw new Error('editorUrl must be an http(s) URL');

	const subscriptions = new Subscriptions();
	const faults = new Faults();
	const variants = new Variants();
	const violations = new Violations();
	const requests = new Requests();
	const timers = new Set<NodeJS.Timeout>();
	const services: Service[] = [];
	const serviceOf = (id: ProviderId): Service => {
		const service = services.find((one) => one.id === id);
		if (!service) throw new Error(`no such service: ${id}`);
		return service;
	};
	const deliveries = new Deliveries({ speed, timeoutMs, remote, logLimit }, faults, subscriptions);
	const world: World = {
		speed,
		subscriptions,
		deliveries,
		faults,
		variants,
		violations,
		raise: (event) => raise(world, serviceOf(event.provider), event),
		later: (ms, then) => {
			const timer = setTimeout(() => {
				timers.delete(timer);
				then();
			}, ms);
			timers.add(timer.unref());
		},
	};
	const soshia = soshiaConnect(world);
	for (const service of [solarProof(world), solatis(world), solidNumber(world), soshia, solve360(world)]) {
		services.push({ ...service, behaviours: { ...service.behaviours, ...COMMON_BEHAVIOURS } });
	}

	const forget = () => {
		for (const timer of timers) clearTimeout(timer);
		timers.clear();
		deliveries.clear();
	};
	const reset = () => {
		forget();
		subscriptions.clear();
		faults.clear();
		variants.clear();
		violations.take();
		requests.clear();
		for (const service of services) service.reset();
	};

	const app = fastify({
		bodyLimit: BODY_LIMIT,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
		routerOptions: { ignoreTrailingSlash: true },
		ajv: {
			customOptions: {
				allowUnionTypes: true,
				coerceTypes: false,
				removeAdditional: false,
				useDefaults: false,
				allErrors: false,
			},
		},
	});
	readBodiesLeniently(app);
	await app.register(formbody);
	logAndFail(app, services, faults, requests);
	for (const service of services) {
		await app.register(async (scope) => {
			answerInItsOwnWords(scope, service);
			holdToContract(scope, world, service);
			service.routes(scope);
		});
	}
	await app.register(
		control({
			...{ world, services, requests, reset, expireSessions: soshia.expireSessions, editorUrl },
			port: () => portOf(app),
		}),
		{ prefix: '/control' },
	);
	await app.register(page(services));
	app.addHook('onClose', async () => forget());
	await app.listen({ port, host });
	return {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(app)}`,
		port: portOf(app),
		speed,
		takeViolations: () => violations.take(),
		close: () => app.close(),
	};
}

function portOf(app: FastifyInstance): number {
	const address = app.server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Puts a delivery on its way to every subscription that is to get the event. */
function raise(world: World, service: Service, event: Raised) {
	const wanted = world.subscriptions.of(event.provider, event.account).filter((subscription) => {
		if (!subscription.active) return false;
		if (event.subscription !== undefined && subscription.id !== event.subscription) return false;
		if (event.test) return true;
		if (service.wants && !service.wants(subscription, event.event, event.payload)) return false;
		return subscription.events.includes(event.event) || subscription.events.includes('*');
	});
	return wanted.flatMap((subscription) => {
		const { body, contentType } = service.encode?.(event.payload, subscription) ?? {
			body: JSON.stringify(event.payload),
			contentType: 'application/json',
		};
		return world.deliveries.send({ subscription, event: event.event, body: event.body ?? body, contentType });
	});
}

/** JSON bodies may be empty whatever the content type says; what no parser takes is passed on as text. */
function readBodiesLeniently(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
		try {
			done(null, String(body).trim() === '' ? undefined : JSON.parse(String(body)));
		} catch {
			done(Object.assign(new Error('the body is not valid JSON'), { statusCode: 400, code: 'MALFORMED' }), undefined);
		}
	});
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, String(body)));
}

/** What the hooks know about a call to a service. */
interface Call {
	service: Service;
	entry: LoggedRequest;
	fault: CallFault | undefined;
}

/** Logs every call to a service, and lets the faults strike that were set for it. */
function logAndFail(app: FastifyInstance, services: readonly Service[], faults: Faults, requests: Requests): void {
	const calls = new WeakMap<FastifyRequest, Call>();

	app.addHook('onRequest', async (request, reply) => {
		const service = services.find((one) => request.url.startsWith(`${one.root}/`));
		if (!service) return;
		const [path = ''] = request.url.split('?');
		const fault = faults.strikeCall(service.id, request.method, request.url);
		const entry = requests.open({
			provider: service.id,
			method: request.method,
			path,
			query: { ...(request.query as object) },
			headers: { ...request.headers },
			...(fault ? { fault: fault.kind } : {}),
		});
		calls.set(request, { service, entry, fault });
		if (fault?.kind === 'refuse') {
			reply.hijack();
			request.raw.socket.resetAndDestroy();
		}
	});

	// The raw text, read next to the parser.
	app.addHook('preParsing', async (request, _reply, payload) => {
		const call = calls.get(request);
		if (!call) return payload;
		const chunks: Buffer[] = [];
		const copy = new Transform({
			transform(chunk: Buffer, _encoding, done) {
				chunks.push(chunk);
				done(null, chunk);
			},
			flush(done) {
				call.entry.rawBody = Buffer.concat(chunks).toString();
				const { rawBody } = call.entry;
				call.entry.body = parsed(rawBody) ?? (rawBody === '' ? undefined : rawBody);
				done();
			},
		});
		return payload.pipe(copy);
	});

	// After the body was read, so that it is in the log, and before the service sees the call.
	app.addHook('preValidation', async (request, reply) => {
		const call = calls.get(request);
		if (!call?.fault) return;
		const { fault, service } = call;
		if (fault.kind === 'hang') reply.hijack();
		else if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000).unref());
		else if (fault.kind === 'status') {
			const status = fault.status ?? 500;
			reply.code(status).headers(fault.headers ?? {});
			if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
			const body =
				fault.body === undefined
					? service.error(status, `the sandbox was told to answer ${status}`, request).body
					: fault.body;
			await answer(service, request, reply, body);
			return reply;
		}
	});

	app.addHook('onSend', async (request, reply, payload) => {
		const call = calls.get(request);
		if (call?.fault?.kind === 'ok-status' && reply.statusCode >= 400) reply.code(200);
		if (call?.fault?.kind === 'answer-lost') request.raw.socket.destroy();
		if (call?.fault?.kind === 'answer-held') await new Promise(() => {});
		const failed = reply.statusCode >= 400 || call?.fault?.kind === 'ok-status';
		const repeats = call && failed && faults.behaviour(call.service.id, 'echoSecrets') === true;
		return repeats && typeof payload === 'string' ? withRequestRepeated(payload, call.entry) : payload;
	});

	app.addHook('onResponse', async (request, reply) => {
		const call = calls.get(request);
		if (call && call.fault?.kind !== 'answer-lost') call.entry.status = reply.statusCode;
	});
}

/** Errors of a service come in its own envelope, also those that the framework finds. */
function answerInItsOwnWords(scope: FastifyInstance, service: Service): void {
	scope.setErrorHandler(async (error: unknown, request, reply) => {
		if (error instanceof Refusal) {
			reply.code(error.status).headers(error.headers);
			return answer(service, request, reply, error.body);
		}
		const { statusCode, message } = error as { statusCode?: number; message?: string };
		const kind = statusCode === 400 || statusCode === 413 || statusCode === 415 ? 'malformed_body' : 'internal';
		const refused = service.error(kind, message ?? 'error', request);
		reply.code(refused.status);
		return answer(service, request, reply, refused.body);
	});
	// Below its root every other path is one it does not have.
	scope.route({
		method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
		url: `${service.root}/*`,
		handler: async (request, reply) => {
			const refused = service.error(
				'not_found',
				`no such path: ${request.method} ${request.url.split('?')[0]}`,
				request,
			);
			reply.code(refused.status);
			return answer(service, request, reply, refused.body);
		},
	});
}

/** Sends a body in the service's format. A string goes out as text. */
function answer(service: Service, request: FastifyRequest, reply: FastifyReply, body: Json): FastifyReply {
	if (typeof body === 'string') return reply.type('text/plain; charset=utf-8').send(body);
	const rendered = service.render?.(body, request);
	if (rendered) return reply.type(rendered.contentType).send(rendered.text);
	return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}
