/** The control calls: raise events, register webhooks manually, set faults, read the logs, start over. */
import type { FastifyError, FastifyInstance, FastifyPluginAsync } from 'fastify';
import { contractOf } from '../contracts/index.mts';
import type { Json, JsonObject } from '../core/provider.ts';
import { ACCOUNTS, BASE_PATHS, CREDENTIAL_FIELDS, HAND_SECRETS, handSecretOf, PROVIDER_IDS } from './accounts.mts';
import type { Account, ProviderId } from './accounts.mts';
import { eventNames, eventTypes, payloadVariants, policyOf, proofNames, proofsOf, sampleOf } from './catalogue.mts';
import type { EventKind, ProofKind } from './catalogue.mts';
import { switchesOf } from './contract/variants.mts';
import type { Settings } from './contract/variants.mts';
import type { FaultSet } from './faults.mts';
import { freshId } from './fresh.mts';
import { guard } from './guard.mts';
import type { Requests } from './requests.mts';
import { Refusal, isHttpUrl } from './service.mts';
import type { Behaviour, Service, World } from './service.mts';
import { stream } from './stream.mts';
import type { Subscription } from './subscriptions.mts';

export interface ControlParts {
	world: World;
	services: readonly Service[];
	requests: Requests;
	reset: () => void;
	/** Ends every SoshiaConnect session. Returns how many there were. */
	expireSessions: () => number;
	port: () => number;
	/** Where workflows are edited, for the page to link to. */
	editorUrl: string | undefined;
}

/** The answer to `GET /control/status`. */
export interface Status {
	port: number;
	speed: number;
	editorUrl?: string;
	providers: readonly ServiceStatus[];
}

/** What there is to know about a service that does not change while the sandbox runs. */
export interface ServiceStatus {
	id: ProviderId;
	name: string;
	basePath: string;
	accounts: readonly Account[];
	/** What a person fills in to call it, besides the base URL; the values are in `accounts`. */
	credentialFields: readonly { name: string; label: string; secret: boolean }[];
	events: readonly string[];
	eventTypes: readonly EventKind[];
	proofs: readonly ProofKind[];
	/** Set where webhooks are registered manually: the secret they get when none is given. */
	handSecret?: string;
	retryAfterSeconds: readonly number[];
	afterLastRetry: 'disable' | 'keep';
	behaviours: { readonly [name: string]: Behaviour };
}

/** All control calls, as a Fastify plugin. Bad input returns 400 `{"error": "<a sentence>"}`, an unknown id 404. */
export function control(parts: ControlParts): FastifyPluginAsync {
	return async (app) => {
		guard(app);
		app.setErrorHandler(async (error: FastifyError, _request, reply) => {
			if (error instanceof Refusal) return reply.code(error.status).send(error.body);
			const status = error.statusCode ?? 500;
			return reply.code(status).send({ error: error.validation ? sentence(error) : error.message });
		});
		status(app, parts);
		events(app, parts);
		subscriptions(app, parts);
		deliveries(app, parts);
		faults(app, parts);
		readings(app, parts);
		stream(app, parts.world, parts.services, listSchema(['state']));
	};
}

function status(app: FastifyInstance, parts: ControlParts): void {
	const { world, services, reset, expireSessions, port, editorUrl } = parts;
	app.get(
		'/status',
		async (): Promise<Status> => ({
			port: port(),
			speed: world.speed,
			...(editorUrl === undefined ? {} : { editorUrl }),
			providers: services.map((service) => ({
				id: service.id,
				name: service.name,
				basePath: BASE_PATHS[service.id],
				accounts: ACCOUNTS[service.id],
				credentialFields: CREDENTIAL_FIELDS[service.id],
				events: eventNames(service.id),
				eventTypes: eventTypes(service.id),
				proofs: proofsOf(service.id),
				...(service.id in HAND_SECRETS ? { handSecret: HAND_SECRETS[service.id as keyof typeof HAND_SECRETS] } : {}),
				retryAfterSeconds: policyOf(service.id).retryAfterSeconds,
				afterLastRetry: policyOf(service.id).afterLastRetry,
				behaviours: service.behaviours,
			})),
		}),
	);
	app.post('/reset', async () => {
		reset();
		return { reset: true };
	});
	app.post('/tokens/expire', async () => ({ expired: expireSessions() }));
}

const anyJson = {};
const providerField = { type: 'string', enum: PROVIDER_IDS };
const accountField = { type: 'string', enum: ['1', '2'] };

interface EventInput {
	provider: ProviderId;
	event: string;
	data?: Json;
	payload?: Json;
	body?: string;
	account?: string;
	subscription?: string;
	test?: boolean;
	count?: number;
}

const eventSchema = {
	type: 'object',
	required: ['provider', 'event'],
	additionalProperties: false,
	properties: {
		provider: providerField,
		event: { type: 'string', minLength: 1 },
		data: { type: ['object', 'array'] },
		payload: anyJson,
		body: { type: 'string' },
		account: accountField,
		subscription: { type: 'string' },
		test: { type: 'boolean' },
		count: { type: 'integer', minimum: 1, maximum: 10_000 },
	},
};

const sampleSchema = { type: 'object', properties: { provider: providerField, event: { type: 'string' } } };

function events(app: FastifyInstance, { world, services }: ControlParts): void {
	app.post<{ Body: EventInput }>('/events', { schema: { body: eventSchema } }, async (request) => {
		const { provider, event, data, payload, body, account, subscription, test, count = 1 } = request.body;
		const service = serviceOf(services, provider);
		const known = eventNames(provider);
		// Stripe's own types go to webhooks that are signed as Stripe signs them: their list is Stripe's, not ours.
		const stripes = world.subscriptions.of(provider).some((one) => one.signature === 'stripe');
		if (!test && !stripes && !known.includes(event)) {
			bad(
				`${service.name} has no event type "${event}". It has: ${known.join(', ')}. For a type outside the list add "test": true.`,
			);
		}
		if (subscription !== undefined && world.subscriptions.byId(subscription)?.provider !== provider) {
			bad(`${service.name} has no subscription "${subscription}"`);
		}
		const payloads: Json[] = [];
		const sent: string[] = [];
		for (let number = 0; number < count; number++) {
			const made =
				payload === undefined
					? service.compose(event, sampleOf(provider, event, world.variants.payloads(provider)), data)
					: payload;
			payloads.push(made);
			const raised = world.raise({ provider, event, payload: made, account, subscription, test, body });
			sent.push(...raised.map((delivery) => delivery.id));
		}
		return { provider, event, payload: payloads[0], payloads, deliveries: sent };
	});

	app.get<{ Params: { provider: ProviderId; event: string } }>(
		'/samples/:provider/:event',
		{ schema: { params: sampleSchema } },
		async (request) => {
			const { provider, event } = request.params;
			const sample = sampleOf(provider, event) ?? gone(`${provider} has no event type "${event}"`);
			return { payload: serviceOf(services, provider).compose(event, sample, undefined) };
		},
	);
}

interface HandSubscriptionInput {
	provider: ProviderId;
	url: string;
	events?: string[];
	secret?: string;
	signature?: string;
	account?: string;
	title?: string;
}

const handSchema = {
	type: 'object',
	required: ['provider', 'url'],
	additionalProperties: false,
	properties: {
		provider: providerField,
		url: { type: 'string' },
		events: { type: 'array', items: { type: 'string' }, minItems: 1 },
		secret: { type: 'string', minLength: 1 },
		signature: { type: 'string' },
		account: accountField,
		title: { type: 'string' },
	},
};

const switchSchema = {
	type: 'object',
	required: ['active'],
	additionalProperties: false,
	properties: { active: { type: 'boolean' } },
};

const listSchema = (names: readonly string[]) => ({
	type: 'object',
	additionalProperties: false,
	properties: { provider: providerField, ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])) },
});

function subscriptions(app: FastifyInstance, { world, services }: ControlParts): void {
	app.get<{ Querystring: { provider?: ProviderId; account?: string } }>(
		'/subscriptions',
		{ schema: { querystring: listSchema(['account']) } },
		async (request) => ({ subscriptions: world.subscriptions.of(request.query.provider, request.query.account) }),
	);

	// What a person does in the dashboard of a service that has no API for it.
	app.post<{ Body: HandSubscriptionInput }>('/subscriptions', { schema: { body: handSchema } }, async (request) => {
		const { provider, url, events: wanted, secret, signature, account = '1', title } = request.body;
		const service = serviceOf(services, provider);
		if (contractOf(provider).deliveries.registration.every(({ how }) => how === 'api'))
			bad(`webhooks of ${service.name} are registered through its own API`);
		if (!isHttpUrl(url)) bad('url must be an absolute http(s) URL');
		const proofs = proofNames(provider);
		if (signature !== undefined && !proofs.includes(signature)) bad(`signature must be one of: ${proofs.join(', ')}`);
		const unknown = signature === 'stripe' ? undefined : wanted?.find((event) => !eventNames(provider).includes(event));
		if (unknown !== undefined && unknown !== '*') bad(`${service.name} has no event type "${unknown}"`);
		return world.subscriptions.add({
			id: freshId('hand_'),
			provider,
			account,
			url,
			events: wanted ?? ['*'],
			secret: secret ?? handSecretOf(provider),
			signature: signature ?? proofs[0] ?? 'default',
			origin: 'hand',
			...(title === undefined ? {} : { title }),
		});
	});

	app.post<{ Params: { id: string }; Body: { active: boolean } }>(
		'/subscriptions/:id',
		{ schema: { body: switchSchema } },
		async (request) => {
			const subscription = existing(world, request.params.id);
			subscription.active = request.body.active;
			delete subscription.disabledReason;
			delete subscription.disabledAt;
			if (!subscription.active) {
				subscription.disabledReason = 'switched off manually';
				world.deliveries.abandon(subscription);
			}
			return subscription;
		},
	);

	app.delete<{ Params: { id: string } }>('/subscriptions/:id', async (request) => {
		const subscription = existing(world, request.params.id);
		world.subscriptions.remove(subscription);
		world.deliveries.abandon(subscription);
		return { removed: subscription.id };
	});
}

interface DeliveryQuery {
	provider?: ProviderId;
	subscription?: string;
	state?: string;
	event?: string;
	limit?: string;
}

function deliveries(app: FastifyInstance, { world, requests }: ControlParts): void {
	app.get<{ Querystring: DeliveryQuery }>(
		'/deliveries',
		{ schema: { querystring: listSchema(['subscription', 'state', 'event', 'limit']) } },
		async (request) => {
			const { limit, ...wanted } = request.query;
			const found = world.deliveries.all.filter((delivery) => {
				const fields: { readonly [name: string]: unknown } = { ...delivery };
				return Object.entries(wanted).every(([name, value]) => fields[name] === value);
			});
			return { total: found.length, deliveries: limit === undefined ? found : found.slice(-atLeastOne(limit)) };
		},
	);

	// The emails that services sent after the last retry.
	app.get<{ Querystring: { provider?: ProviderId } }>(
		'/notices',
		{ schema: { querystring: listSchema([]) } },
		async ({ query: { provider } }) => ({
			notices: world.deliveries.all
				.filter((one) => one.notice !== undefined && (provider === undefined || one.provider === provider))
				.map(({ id, provider: service, subscription, event, notice }) => ({
					service,
					delivery: id,
					subscription,
					event,
					notice,
				})),
		}),
	);

	app.get<{ Params: { id: string } }>('/deliveries/:id', async (request) => {
		const delivery = world.deliveries.all.find((one) => one.id === request.params.id);
		return delivery ?? gone(`there is no delivery "${request.params.id}"`);
	});

	app.post<{ Params: { id: string } }>('/deliveries/:id/replay', async (request) => {
		const copy = world.deliveries.replay(request.params.id);
		return copy ?? gone(`there is no sent delivery "${request.params.id}" with a subscription that still exists`);
	});

	app.get<{ Querystring: { provider?: ProviderId; limit?: string } }>(
		'/requests',
		{ schema: { querystring: listSchema(['limit']) } },
		async (request) => {
			const { provider, limit } = request.query;
			const found = requests.all.filter((entry) => provider === undefined || entry.provider === provider);
			return { total: found.length, requests: limit === undefined ? found : found.slice(-atLeastOne(limit)) };
		},
	);
}

const milliseconds = { type: 'integer', minimum: 0, maximum: 600_000 };
const count = { type: 'integer', minimum: 0 };

const faultSchema = {
	type: 'object',
	required: ['provider'],
	additionalProperties: false,
	properties: {
		provider: providerField,
		deliveries: {
			type: 'object',
			additionalProperties: false,
			properties: {
				delay: milliseconds,
				slow: milliseconds,
				drop: { type: 'string', enum: ['body', 'connection', 'answer'] },
				duplicate: { type: 'integer', minimum: 0, maximum: 1000 },
				reorder: { type: 'integer', minimum: 2, maximum: 1000 },
				wrongSignature: { type: 'boolean' },
				unsigned: { type: 'boolean' },
				alteredByte: { type: 'boolean' },
				staleTimestamp: { type: 'integer' },
				reformatted: { type: 'boolean' },
				count,
			},
		},
		calls: {
			type: 'array',
			items: {
				type: 'object',
				required: ['kind'],
				additionalProperties: false,
				properties: {
					kind: {
						type: 'string',
						enum: ['refuse', 'hang', 'slow', 'answer-lost', 'answer-held', 'status', 'ok-status'],
					},
					method: { type: 'string', format: 'regex' },
					path: { type: 'string', format: 'regex' },
					count,
					after: count,
					ms: milliseconds,
					status: { type: 'integer', minimum: 200, maximum: 599 },
					body: anyJson,
					headers: { type: 'object', additionalProperties: { type: 'string' } },
					retryAfter: { type: 'integer', minimum: 0 },
				},
			},
		},
		behaviour: { type: 'object' },
	},
};

function faults(app: FastifyInstance, { world, services }: ControlParts): void {
	app.get('/faults', async () => ({
		faults: Object.fromEntries(services.map((service) => [service.id, world.faults.get(service.id)])),
	}));

	// Replaces everything that was set for the provider.
	app.post<{ Body: Partial<FaultSet> & { provider: ProviderId } }>(
		'/faults',
		{ schema: { body: faultSchema } },
		async (request) => {
			const { provider, ...set } = request.body;
			const service = serviceOf(services, provider);
			for (const call of set.calls ?? []) {
				if (call.kind === 'status' && call.status === undefined) bad('calls: kind "status" needs a status');
			}
			checkBehaviour(service, set.behaviour ?? {});
			return { provider, ...world.faults.set(provider, set) };
		},
	);
}

const readingSchema = {
	type: 'object',
	required: ['provider'],
	additionalProperties: false,
	properties: {
		provider: providerField,
		call: { type: 'string', minLength: 1 },
		set: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
		payloads: { type: ['string', 'null'] },
	},
};

interface ReadingInput {
	provider: ProviderId;
	/** Default: every call that has the switch. */
	call?: string;
	set?: Settings;
	/** The form in which events come; null: the usual one. */
	payloads?: string | null;
}

/** Which reading of a service holds, and what was asked for that no contract declares. */
function readings(app: FastifyInstance, { world, services }: ControlParts): void {
	app.get('/variants', async () => ({
		variants: world.variants.all,
		switches: Object.fromEntries(
			services.map(({ id }) => [
				id,
				{
					payloads: payloadVariants(id),
					calls: Object.fromEntries(
						Object.entries(contractOf(id).calls)
							.map(([call, entry]) => [call, switchesOf(entry)] as const)
							.filter(([, switches]) => Object.keys(switches).length > 0),
					),
				},
			]),
		),
	}));

	app.post<{ Body: ReadingInput }>('/variants', { schema: { body: readingSchema } }, async (request) => {
		const { provider, call = '*', set, payloads } = request.body;
		const wrong =
			(set === undefined ? undefined : world.variants.set(provider, call, set)) ??
			(payloads === undefined ? undefined : world.variants.setPayloads(provider, payloads ?? undefined));
		if (wrong !== undefined) bad(`${serviceOf(services, provider).name}: ${wrong}`);
		return { variants: world.variants.all };
	});

	app.get('/violations', async () => ({ violations: world.violations.all }));
	// Reads them and empties the list: for a test that makes one on purpose.
	app.delete('/violations', async () => ({ violations: world.violations.take() }));
}

function checkBehaviour(service: Service, behaviour: JsonObject): void {
	for (const [name, value] of Object.entries(behaviour)) {
		const known = service.behaviours[name];
		if (!known) {
			bad(
				`${service.name} has no behaviour "${name}". It has: ${Object.keys(service.behaviours).join(', ') || 'none'}`,
			);
		}
		const { values } = known;
		const fits = typeof values === 'string' ? typeof value === values : values.includes(String(value));
		if (!fits)
			bad(`behaviour.${name} must be ${typeof values === 'string' ? `a ${values}` : `one of: ${values.join(', ')}`}`);
	}
}

function serviceOf(services: readonly Service[], id: ProviderId): Service {
	return services.find((service) => service.id === id) ?? bad(`there is no service "${id}"`);
}

function existing(world: World, id: string): Subscription {
	return world.subscriptions.byId(id) ?? gone(`there is no subscription "${id}"`);
}

function atLeastOne(limit: string): number {
	return /^[1-9]\d{0,8}$/.test(limit) ? Number(limit) : bad('limit must be a whole number from 1');
}

function bad(sentence: string): never {
	throw new Refusal(400, { error: sentence });
}

function gone(sentence: string): never {
	throw new Refusal(404, { error: sentence });
}

/** A schema's complaint as a sentence that names the field. */
function sentence(error: FastifyError): string {
	const [first] = error.validation ?? [];
	if (!first) return error.message;
	const field = first.instancePath.slice(1).replaceAll('/', '.') || 'the input';
	const { allowedValues, missingProperty, additionalProperty } = first.params;
	if (Array.isArray(allowedValues)) return `${field} must be one of: ${allowedValues.join(', ')}`;
	if (typeof missingProperty === 'string') return `${field} needs the field "${missingProperty}"`;
	if (typeof additionalProperty === 'string') return `${field} has no field "${additionalProperty}"`;
	return `${field} ${first.message ?? 'is not valid'}`;
}
