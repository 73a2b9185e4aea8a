/** Every trigger of the Zapier apps, from source: switched on, sent what the service sends, and switched off. */
import { sign } from '../../../core/signature.ts';
import type { EventType, JsonObject, Provider, Scheme } from '../../../core/provider.ts';
import { keyOf } from '../../../zapier/shared/names.mts';
import { baseUrlVariable } from '../../../zapier/shared/transport.mts';
import { SERVICES } from '../nodes/support/services.mts';
import { FakeService } from '../support/fake-service.mts';
import { apps } from './support/apps.mts';
import { answerTo, bodyOf } from './support/contract-answers.mts';
import { setEnvironment } from './support/environment.mts';
import { fakeZ } from './support/z.mts';

const SECRET = 'the-secret-of-a-webhook';
const HOOK = 'https://hooks.example.com/hooks/standard/1/abc/';

let service: FakeService;
beforeAll(async () => {
	service = await FakeService.start();
	for (const { provider } of SERVICES) setEnvironment(baseUrlVariable(provider), service.url);
});
afterAll(async () => await service.stop());
beforeEach(() => service.reset());

type Method = (z: unknown, bundle: object) => Promise<unknown>;
interface Hook {
	perform: Method;
	performSubscribe?: Method;
	performUnsubscribe?: Method;
	performList: Method;
}

const cases = SERVICES.flatMap(({ provider, credentials }) =>
	provider.events.map((event) => [`${provider.name}: ${event.name}`, provider, event, credentials] as const),
);
const subscribing = cases.filter(([, { registrations }]) => registrations[0].kind === 'api');

function hookOf({ id }: Provider, { name }: EventType): Hook {
	return apps[id]!.triggers[keyOf(name)]!.operation as unknown as Hook;
}

function zOf(provider: Provider) {
	const { z, log } = fakeZ(provider.api.session !== undefined);
	const kept = new Map<string, unknown>();
	const cache = {
		get: async (key: string) => kept.get(key),
		// Only where nothing is kept yet, as the last argument asks for.
		set: async (key: string, value: unknown) => !kept.has(key) && kept.set(key, value) !== undefined,
	};
	return { z: { ...z, cache }, log };
}

/** A delivery as Zapier passes it on, and what a connection or a Zap keeps to verify it. */
function delivered(provider: Provider, event: EventType, credentials: object, secret = SECRET): JsonObject {
	const { scheme }: { scheme: Scheme } = provider.receiving.proofs[0];
	const content = JSON.stringify(event.sample);
	const isToken = scheme.kind === 'url-token';
	const querystring = isToken
		? new URLSearchParams({
				[scheme.tokenParameter]: secret,
				[scheme.eventParameter ?? 'event']: event.name,
			}).toString()
		: '';
	const signed = isToken ? {} : sign(scheme, { body: content, secret, at: 1_770_000_000, id: 'x', url: HOOK }).headers;
	const headers = Object.fromEntries(Object.entries(signed).map(([name, value]) => [`Http-${name}`, value]));
	const subscriptions = [{ id: 'wh_1', url: HOOK, events: [event.name], secret: SECRET }];
	const secretState = { owner: HOOK, subscriptions };
	return {
		rawRequest: { content, querystring, headers: { ...headers, 'Content-Type': 'application/json' } },
		authData: { ...credentials, webhookSecret: SECRET },
		...(provider.registrations[0].kind === 'manual' ? {} : { subscribeData: { id: 'wh_1', secretState } }),
		inputData: {},
		meta: {},
	};
}

test.each(cases)('%s is passed on once, and only if it was signed', async (_name, provider, event, credentials) => {
	const { perform } = hookOf(provider, event);
	const { z, log } = zOf(provider);
	expect(await perform(z, delivered(provider, event, credentials, 'another-secret-of-a-webhook'))).toEqual([]);
	expect(log.join()).toMatch(/^Dropped a delivery: (signature|token)_mismatch$/);
	const altered = delivered(provider, event, credentials);
	const { rawRequest } = altered as { rawRequest: { content: string; headers: object; querystring: string } };
	for (const unsigned of [
		{ ...rawRequest, headers: {}, querystring: '' },
		{ ...rawRequest, content: undefined },
	])
		expect(await perform(z, { ...altered, rawRequest: unsigned })).toEqual([]);
	expect(log.slice(1).join()).toMatch(/_missing,Dropped a delivery: it came without its raw request\.$/);

	const items = (await perform(z, delivered(provider, event, credentials))) as JsonObject[];
	const payloads = [event.sample].flat() as JsonObject[];
	expect(items).toMatchObject(payloads);
	for (const item of items) expect(item).toHaveProperty('id');
	const again = await perform(z, delivered(provider, event, credentials));
	const isStatic = provider.registrations[0].kind === 'manual';
	// Nothing tells two Zaps apart that have one secret: what a static hook repeats is passed on.
	expect(again).toHaveLength(isStatic && !provider.receiving.proofs[0].anyEvent ? payloads.length : 0);
});

test.each(cases.filter(([, { registrations }]) => registrations[0].kind === 'manual'))(
	'%s says what to do where there is no secret',
	async (_name, provider, event, credentials) => {
		const bundle = { ...delivered(provider, event, credentials), authData: { ...credentials, webhookSecret: ' ' } };
		const { perform, performList } = hookOf(provider, event);
		for (const method of [perform, performList])
			await expect(method(zOf(provider).z, bundle)).rejects.toThrow(/no webhook secret, so events can't be verified/);
	},
);

test.each(subscribing)(
	'%s is subscribed to, and what was made is removed',
	async (_name, provider, event, credentials) => {
		const { performSubscribe, performUnsubscribe } = hookOf(provider, event);
		const made: string[] = [];
		service.answer = (asked) => {
			const path = asked.path === '/' ? '' : asked.path;
			const query = Object.fromEntries(asked.query);
			made.push(`${asked.method} ${path} ${query['action'] ?? ''}`.trim());
			return { body: answerTo(provider, asked.method, path, query, bodyOf(asked)) };
		};
		const { z, log } = zOf(provider);
		const bundle = { authData: { ...credentials }, inputData: {}, meta: {}, targetUrl: HOOK };
		const data = (await performSubscribe!(z, bundle)) as {
			id: string;
			secretState: { subscriptions: { secret: string }[] };
		};
		expect(data.id).not.toBe('');
		expect(data.secretState.subscriptions).toMatchObject([{ events: [event.name] }]);
		const asked = service.asked.at(-1)!;
		expect(decodeURIComponent(`${asked.url} ${asked.body}`)).toContain('hooks.example.com');
		expect(made.at(-1)).toMatch(/^POST/);
		const before = made.length;
		expect(await performUnsubscribe!(z, { ...bundle, subscribeData: data })).toEqual({});
		expect(made.length).toBeGreaterThan(before);
		for (const { secret } of data.secretState.subscriptions) expect(log.join()).not.toContain(secret);
	},
);
