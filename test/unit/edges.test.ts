/** Answers and inputs at the edges, on both platforms: every service × every place where a service is called. */
import type { IDataObject } from 'n8n-workflow';
import { listsOf } from '../../core/choices.ts';
import { findOperation } from '../../core/operation.ts';
import { zapierApp } from '../../zapier/shared/app.mts';
import { operationKey } from '../../zapier/shared/action.mts';
import { baseUrlVariable } from '../../zapier/shared/transport.mts';
import { execute, hook, loadList, testCredential } from './nodes/support/n8n.mts';
import { SERVICES, type Call, type ServiceUnderTest } from './nodes/support/services.mts';
import { FakeService, type Answer } from './support/fake-service.mts';
import { setEnvironment } from './zapier/support/environment.mts';
import { fakeZ } from './zapier/support/z.mts';

let service: FakeService;
beforeAll(async () => {
	service = await FakeService.start();
	for (const { provider } of SERVICES) setEnvironment(baseUrlVariable(provider), service.url);
});
afterAll(async () => await service.stop());
beforeEach(() => service.reset());

type Perform = (z: unknown, bundle: object) => Promise<unknown>;
const apps = new Map(SERVICES.map(({ provider }) => [provider.id, zapierApp(provider, '1.0.0')]));

/** What a person is told; undefined when nothing went wrong. */
async function told(work: Promise<unknown>): Promise<string | undefined> {
	return await work.then(
		() => undefined,
		(cause: Error & { description?: string }) => {
			const said = cause.message.startsWith('{')
				? (JSON.parse(cause.message) as { message: string }).message
				: cause.message;
			return [said, cause.description].filter(Boolean).join(' ');
		},
	);
}

const inN8n = async (one: ServiceUnderTest, { parameters }: Call, more: IDataObject = {}) =>
	await execute({
		...{ node: one.node, credential: one.credential, credentials: { ...one.credentials, baseUrl: service.url } },
		parameters: { ...parameters, ...more },
	});

const inZapier = async (one: ServiceUnderTest, { parameters }: Call, more: object = {}) => {
	const { resource, operation, ...input } = parameters;
	const app = apps.get(one.provider.id)!;
	const key = operationKey(findOperation(one.provider, `${String(resource)}.${String(operation)}`)!);
	const action = app.creates?.[key] ?? app.searches[key]!;
	return await zap(one, action.operation.perform as Perform, { ...input, ...more });
};

const zap = async (one: ServiceUnderTest, perform: Perform, inputData: object, more: object = {}) => {
	const { z } = fakeZ(one.provider.api.session !== undefined);
	return await perform(z, { authData: { ...one.credentials }, inputData, meta: {}, ...more });
};

const triggerOf = ({ provider }: ServiceUnderTest) =>
	apps.get(provider.id)!.triggers[provider.events[0].name.replace(/[^a-zA-Z0-9]+/g, '_')]!.operation as unknown as {
		performSubscribe: Perform;
		performUnsubscribe: Perform;
	};

const targetUrl = 'https://hooks.example.com/1/';
/** A subscription that was made before. */
const subscribed = ({ provider }: ServiceUnderTest) => ({
	targetUrl,
	subscribeData: {
		id: 'wh_1',
		secretState: {
			owner: targetUrl,
			subscriptions: [{ id: 'wh_1', url: targetUrl, events: [provider.events[0].name], secret: 'old-secret-value' }],
		},
	},
});

const PLACES: ReadonlyArray<
	readonly [string, (one: ServiceUnderTest) => boolean, (one: ServiceUnderTest) => Promise<string | undefined>]
> = [
	['n8n: one record', () => true, (one) => told(inN8n(one, one.one!))],
	['n8n: many', () => true, (one) => told(inN8n(one, one.many))],
	['n8n: a change', (one) => one.change !== undefined, (one) => told(inN8n(one, one.change!))],
	[
		'n8n: a list',
		({ provider }) => listsOf(provider).length > 0,
		(one) =>
			told(loadList({ ...one, credentials: { ...one.credentials, baseUrl: service.url } }, listsOf(one.provider)[0]!)),
	],
	[
		'n8n: the test of a credential',
		() => true,
		async (one) => {
			const credentials = { ...one.credentials, baseUrl: service.url };
			const { status, message } = await testCredential({ ...one, credentials });
			return status === 'OK' ? undefined : message;
		},
	],
	[
		'n8n: publishing',
		(one) => one.trigger !== undefined,
		(one) => {
			const { node, parameters } = one.trigger!;
			const credentials = { ...one.credentials, baseUrl: service.url };
			return told(hook({ node, credential: one.credential, credentials, parameters, saved: {} }, 'create'));
		},
	],
	['Zapier: one record', () => true, (one) => told(inZapier(one, one.one!))],
	['Zapier: many', () => true, (one) => told(inZapier(one, one.many))],
	['Zapier: a change', (one) => one.change !== undefined, (one) => told(inZapier(one, one.change!))],
	[
		'Zapier: switching on',
		({ provider }) => provider.registrations[0].kind === 'api',
		(one) => told(zap(one, triggerOf(one).performSubscribe, {}, { targetUrl })),
	],
	[
		'Zapier: switching off',
		({ provider }) => provider.registrations[0].kind === 'api',
		(one) => told(zap(one, triggerOf(one).performUnsubscribe, {}, subscribed(one))),
	],
	[
		'Zapier: the test of a connection',
		() => true,
		(one) => told(zap(one, apps.get(one.provider.id)!.authentication!.test as Perform, {})),
	],
];

const cells = PLACES.flatMap(([place, has, outcome]) =>
	SERVICES.filter(has).map((one) => [place, one.provider.name, one, outcome] as const),
);

describe.each(cells)('%s, %s', (_place, _name, one, outcome) => {
	it.each([300, 302, 307, 308])('a redirect (%i) to the same host is a refusal too', async (status) => {
		for (const location of [`${service.url}/new`, '/new', 'not a url']) {
			service.reset();
			service.answer = () => ({ status, headers: { location }, body: '' });
			expect(await outcome(one)).toMatch(/moved to|answered with a redirect/);
			expect(service.asked.every(({ path }) => path !== '/new')).toBe(true);
		}
	});

	it('no text and no scalar is an answer', async () => {
		for (const body of [
			'<?xml version="1.0"?><a/>',
			'OK',
			'\ufeff<html>',
			'5',
			'"ok"',
			'true',
			'{"id": 1',
			"{'a': 1}",
		]) {
			service.answer = () => ({ body });
			expect(await outcome(one)).toMatch(/something other than (JSON|what it documents)/);
		}
	});

	it('a long message is cut, on one line, and shows no secret in any form', async () => {
		const forms = one.secrets.flatMap((secret) => [
			...[secret, encodeURIComponent(secret), encodeURIComponent(encodeURIComponent(secret)).toLowerCase()],
			...[Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')],
			...[JSON.stringify(secret), `${secret.slice(0, 4)}\r\n${secret.slice(4)}`],
		]);
		const words = `no\r\n\u001b[31m\u2028\u2029\u202e ${forms.join(' ')} ${'x '.repeat(50_000)}`;
		service.answer = (): Answer => ({
			status: 400,
			body: {
				...{ success: false, status: 'failed', message: words, code: words },
				...{ error: { code: words, message: words, details: { a: words } }, errors: { field: [words] } },
			},
		});
		const message = await outcome(one);
		// SoshiaConnect's refusal of a route that is not there says that the key is good.
		if (message === undefined) return expect(one.provider.id).toBe('soshia-connect');
		expect(message.length).toBeLessThan(3500);
		expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
		for (const secret of one.secrets) {
			for (const form of [secret, Buffer.from(secret).toString('base64').slice(4, 20), encodeURIComponent(secret)])
				expect(message).not.toContain(form);
		}
	}, 20_000);
});
