/**
 * Holds a service of the sandbox to its contract: before a handler sees a request, its method, path, query and body are checked,
 * and only what is declared is passed on; before an answer goes out, it is checked, too, and brought into the form in force.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contractOf } from '../../contracts/index.mts';
import type { Call, Content, Contract, Envelope } from '../../contracts/index.mts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { BASE_PATHS } from '../accounts.mts';
import { Refusal } from '../service.mts';
import type { Service, World } from '../service.mts';
import { checkAnswer, reformed, statusesOf } from './answers.mts';
import { checkRequest, declaredBody, declaredQuery, matchCall } from './calls.mts';
import type { Asked, Match, RequestFinding } from './calls.mts';

/** The calls that requests in progress were found to be. */
const FOUND = new WeakMap<FastifyRequest, string>();

/** Which call of the contract a request is; undefined where it is none. */
export function callOf(request: FastifyRequest): string | undefined {
	return FOUND.get(request);
}

/** Adds the layer to a service's scope. Its hooks come before those of the service. */
export function holdToContract(scope: FastifyInstance, world: World, service: Service): void {
	const contract = contractOf(service.id);
	const calls = new WeakMap<FastifyRequest, { id: string; call: Call; alternatives: readonly Call[] }>();

	scope.addHook('preHandler', async (request) => {
		const asked = askedOf(request, service);
		const match = bestMatch(contract, asked);
		const note = (kind: 'path' | 'slash' | 'method' | 'query' | 'body' | 'content', name: string) =>
			world.violations.record({
				...{ service: service.id, kind, name, enforced: contract.enforce },
				...('id' in match ? { call: match.id } : {}),
				request: `${asked.method} ${asked.path}`,
			});
		if (match.kind !== 'call') {
			note(match.kind, match.kind === 'method' ? asked.method : `${asked.method} ${asked.path}`);
			if (contract.enforce) throw refusedMatch(contract, match, asked, request);
			return;
		}
		calls.set(request, match);
		FOUND.set(request, match.id);
		const malformed = typeof asked.body === 'string' && asked.content === 'json' && asked.body.trim() !== '';
		const found = malformed ? [] : checkRequest(contract, match.call, asked);
		for (const { kind, name } of found) if (kind === 'query' || kind === 'body' || kind === 'content') note(kind, name);
		if (!contract.enforce) return;
		service.admit?.(request);
		if (malformed) {
			const envelope = match.call.errors?.malformedBody ?? contract.rules.malformedBody;
			throw refusal(envelope, { name: '', id: match.id, asked });
		}
		const wrong = found.find((finding) => isRefused(contract, finding));
		if (wrong) throw refusal(envelopeFor(contract, match.call, wrong), { ...wrong, id: match.id, asked });
		const filters = world.variants.of(service.id, match.id, 'filters') !== 'ignored';
		request.query = declaredQuery(contract, match.call, asked.query, filters);
		if (asked.content !== 'xml') request.body = declaredBody(match.call, asked.body);
	});

	scope.addHook('preSerialization', async (request, reply, payload: Json) => {
		const found = calls.get(request);
		if (!found || reply.statusCode >= 300) return payload;
		const { id, call, alternatives } = found;
		const form = world.variants.form(service.id, id);
		if (!world.variants.ownSet(service.id, id))
			checkOwnAnswer(world, service, { id, request, reply, payload, readings: [call, ...alternatives] });
		return reformed(call.answer, payload, form);
	});
}

function checkOwnAnswer(
	world: World,
	service: Service,
	{
		id,
		request,
		reply,
		payload,
		readings,
	}: { id: string; request: FastifyRequest; reply: FastifyReply; payload: Json; readings: readonly Call[] },
): void {
	const results = readings.map((call) => [
		...checkAnswer(call, payload).map(
			({ kind, name, expected }) => `${kind}: ${name}${expected === undefined ? '' : ` (${expected})`}`,
		),
		...(statusesOf(call.answer).includes(reply.statusCode) ? [] : [`status: ${reply.statusCode}`]),
	]);
	const best = results.reduce((a, b) => (b.length < a.length ? b : a));
	for (const name of best) {
		world.violations.record({
			...{ service: service.id, call: id, kind: 'answer', name, enforced: contractOf(service.id).enforce },
			request: `${request.method} ${pathBelow(request, service)}`,
		});
	}
}

/** The call of a request. Where several share method and path, the one with which the least is wrong. */
function bestMatch(contract: Contract, asked: Asked): Match & { alternatives: readonly Call[] } {
	const match = matchCall(contract, asked);
	if (match.kind !== 'call') return { ...match, alternatives: [] };
	const same = Object.entries(contract.calls).filter(
		([id, call]) =>
			id === match.id ||
			(call.path === match.call.path && call.method === match.call.method && sameFixed(call, match.call)),
	);
	const [best] = same
		.map(([id, call]) => ({ id, call, count: checkRequest(contract, call, asked).length }))
		.sort((a, b) => a.count - b.count);
	const alternatives = same.map(([, call]) => call).filter((call) => call !== best?.call);
	return best ? { kind: 'call', id: best.id, call: best.call, alternatives } : { ...match, alternatives };
}

function sameFixed(a: Call, b: Call): boolean {
	return JSON.stringify(a.query?.fixed ?? {}) === JSON.stringify(b.query?.fixed ?? {});
}

function askedOf(request: FastifyRequest, service: Service): Asked {
	const content = contentOf(request.headers['content-type']);
	return {
		method: request.method,
		path: pathBelow(request, service),
		query: { ...(request.query as JsonObject) },
		body:
			content === 'json' && typeof request.body === 'string'
				? parsedOrText(request.body)
				: (request.body as Json | undefined),
		content,
	};
}

/** A service that reads bodies itself gets them as text: what no JSON is stays one. */
function parsedOrText(body: string): Json | undefined {
	if (body.trim() === '') return undefined;
	try {
		return JSON.parse(body) as Json;
	} catch {
		return body;
	}
}

/** The path of a request below the service's base URL, without the query. */
export function pathBelow(request: FastifyRequest, service: Pick<Service, 'id'>): string {
	const [path = ''] = request.url.split('?');
	const base = BASE_PATHS[service.id];
	return path.startsWith(base) ? path.slice(base.length) : path;
}

function contentOf(type: string | undefined): Content | undefined {
	const [media = ''] = (type ?? '').toLowerCase().split(';');
	if (/^application\/(\w+\+)?json$/.test(media.trim())) return 'json';
	if (media.trim() === 'application/x-www-form-urlencoded') return 'form';
	if (media.trim() === 'multipart/form-data') return 'multipart';
	return /^(application|text)\/xml$/.test(media.trim()) ? 'xml' : undefined;
}

function isRefused({ rules }: Contract, { kind }: RequestFinding): boolean {
	if (kind === 'query') return rules.unknownQuery === 'refused';
	if (kind === 'body') return rules.unknownBody === 'refused';
	return true;
}

function envelopeFor({ rules }: Contract, { errors }: Call, { kind, name }: RequestFinding): Envelope {
	const missing = errors?.missingField ?? rules.missingField;
	if (kind === 'empty') return errors?.emptyBody ?? missing;
	if (kind === 'content') return errors?.malformedBody ?? rules.malformedBody;
	if (kind === 'type') return errors?.[`wrongType:${name}`] ?? errors?.wrongType ?? rules.wrongType ?? missing;
	return missing;
}

function refusedMatch(
	{ rules }: Contract,
	match: Exclude<Match, { kind: 'call' }>,
	asked: Asked,
	request: FastifyRequest,
): Refusal {
	if (match.kind === 'slash' && rules.trailingSlash === 'redirect') {
		const [path = '', query] = request.url.split('?');
		const right = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
		return new Refusal(307, '', { location: query === undefined ? right : `${right}?${query}` });
	}
	if (match.kind === 'method') {
		return refusal(match.call.errors?.wrongMethod ?? rules.wrongMethod, { name: '', id: match.id, asked });
	}
	return refusal(rules.unknownPath, { name: '', id: '', asked });
}

function refusal(
	{ status, body = '' }: Envelope,
	{ name, expected = '', id, asked }: { name: string; expected?: string; id: string; asked: Asked },
): Refusal {
	const texts: { readonly [placeholder: string]: string } = {
		...{ field: name, type: expected, method: asked.method, path: asked.path },
		call: String(asked.query.action ?? id),
	};
	const filled = (text: string) =>
		text.replaceAll(/<(field|type|method|path|call)>/g, (_, word: string) => texts[word] ?? '');
	const fill = (value: Json): Json => {
		if (typeof value === 'string') return filled(value);
		if (Array.isArray(value)) return value.map(fill);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, one]) => [filled(key), fill(one)]));
	};
	return new Refusal(status, fill(body));
}
