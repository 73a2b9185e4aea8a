/** What counts as a service's answer, in the Zapier apps: every service × every place where a call is made. */
import { findOperation, operationId } from '../../../core/operation.ts';
import type { Json, JsonObject } from '../../../core/provider.ts';
import { zapierApp } from '../../../zapier/shared/app.mts';
import { operationKey } from '../../../zapier/shared/action.mts';
import { baseUrlVariable } from '../../../zapier/shared/transport.mts';
import { SERVICES, type Call, type ServiceUnderTest } from '../nodes/support/services.mts';
import { echo, FakeService, type Answer } from '../support/fake-service.mts';
import { setEnvironment } from './support/environment.mts';
import { fakeZ } from './support/z.mts';

let service: FakeService;
let other: FakeService;
beforeAll(async () => {
	service = await FakeService.start();
	other = await FakeService.start();
	for (const { provider } of SERVICES) setEnvironment(baseUrlVariable(provider), service.url);
});
afterAll(async () => {
	await service.stop();
	await other.stop();
});
beforeEach(() => {
	service.reset();
	other.reset();
});

type Perform = (z: unknown, bundle: object) => Promise<unknown>;

const apps = new Map(SERVICES.map(({ provider }) => [provider.id, zapierApp(provider, '1.0.0')]));
const byName = SERVICES.map((one) => [one.provider.name, one] as const);
const withChange = byName.filter(([, { change }]) => change !== undefined);
const withSubscribe = byName.filter(([, { provider }]) => provider.registrations[0].kind === 'api');

function bundleOf({ credentials }: ServiceUnderTest, inputData: object, more: object = {}): object {
	return { authData: { ...credentials }, inputData, meta: {}, ...more };
}

/** Runs the create or search of a call. */
async function act(one: ServiceUnderTest, { parameters }: Call, more: object = {}): Promise<JsonObject[]> {
	const { resource, operation, ...input } = parameters;
	const found = findOperation(one.provider, `${String(resource)}.${String(operation)}`)!;
	const app = apps.get(one.provider.id)!;
	const key = operationKey(found);
	const action = app.creates?.[key] ?? app.searches?.[key];
	if (action === undefined) throw new Error(`${operationId(found)} is not in the app`);
	const { z } = fakeZ(one.provider.api.session !== undefined);
	const result = (await (action.operation.perform as Perform)(z, bundleOf(one, { ...input, ...more }))) as Json;
	return (Array.isArray(result) ? result : [result]) as JsonObject[];
}

async function test(one: ServiceUnderTest): Promise<unknown> {
	const { z } = fakeZ(one.provider.api.session !== undefined);
	return await (apps.get(one.provider.id)!.authentication!.test as Perform)(z, bundleOf(one, {}));
}

async function subscribe(one: ServiceUnderTest): Promise<unknown> {
	const [event] = one.provider.events;
	const trigger = apps.get(one.provider.id)!.triggers[event.name.replace(/[^a-zA-Z0-9]+/g, '_')]!;
	const { z } = fakeZ(one.provider.api.session !== undefined);
	const { performSubscribe } = trigger.operation as { performSubscribe: Perform };
	return await performSubscribe(z, bundleOf(one, {}, { targetUrl: 'https://hooks.example.com/1/' }));
}

async function list(one: ServiceUnderTest): Promise<unknown> {
	const hidden = Object.values(apps.get(one.provider.id)!.triggers ?? {}).find(({ key }) => key.startsWith('list_'))!;
	const { z } = fakeZ(one.provider.api.session !== undefined);
	return await (hidden.operation as unknown as { perform: Perform }).perform(z, bundleOf(one, {}));
}

const told = async (work: Promise<unknown>): Promise<string> =>
	await work.then(
		(result) => `nothing went wrong: ${JSON.stringify(result)}`,
		(cause: Error & { doNotContextify?: boolean }) => {
			// Everything else gets the whole bundle appended.
			expect(cause.doNotContextify ?? cause.name === 'RefreshAuthError').toBe(true);
			return cause.message.startsWith('{') ? (JSON.parse(cause.message) as { message: string }).message : cause.message;
		},
	);

const PLACES = [
	['a search', byName, async (one: ServiceUnderTest) => await told(act(one, one.many))],
	['a create', withChange, async (one: ServiceUnderTest) => await told(act(one, one.change!))],
	['the test of a connection', byName, async (one: ServiceUnderTest) => await told(test(one))],
	['switching a Zap on', withSubscribe, async (one: ServiceUnderTest) => await told(subscribe(one))],
	[
		'a list to choose from',
		byName.filter(([, { provider }]) =>
			Object.keys(apps.get(provider.id)!.triggers ?? {}).some((key) => key.startsWith('list_')),
		),
		async (one: ServiceUnderTest) => await told(list(one)),
	],
] as const;

describe.each(PLACES)('%s', (_place, services, outcome) => {
	it.each(services.flatMap(([name, one]) => [301, 302, 303, 307, 308].map((status) => [name, status, one] as const)))(
		'%s: a redirect (%i) is a refusal that names the new host, which is never asked',
		async (_name, status, one) => {
			service.answer = ({ url }) => ({ status, headers: { location: `${other.url}${url}` }, body: '' });
			const message = await outcome(one);
			expect(message).toContain(`moved to http://${other.host}`);
			expect(other.asked).toEqual([]);
		},
	);

	it.each(services)('%s: a page of HTML is no answer', async (_name, one) => {
		service.answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' });
		expect(await outcome(one)).toContain('something other than JSON');
	});

	it.each(services)('%s: whatever the service repeats of the call, nothing secret is shown', async (_name, one) => {
		for (const status of [400, 403, 500]) {
			service.answer = (asked) => echo(status, asked);
			const message = await outcome(one);
			// SoshiaConnect's refusal of a route that is not there says that the key is good.
			if (message.startsWith('nothing went wrong') && one.provider.id === 'soshia-connect') continue;
			expect(message).toContain('***');
			for (const secret of one.secrets) {
				for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
					expect(message).not.toContain(form);
				}
			}
		}
	});
});

describe('an answer with nothing in it', () => {
	it.each(withChange)('%s: to a call that changes something is success, with the ID', async (_name, one) => {
		for (const [status, body] of [
			[204, ''],
			[200, ''],
			[200, 'null'],
		] as const) {
			service.answer = ({ method }) => (method === 'GET' ? { body: one.one!.answer } : { status, body });
			expect(await act(one, one.change!)).toMatchObject([{ success: true, id: one.change!.id }]);
		}
	});

	it.each(byName)('%s: to a call that reads it is a refusal', async (_name, one) => {
		service.answer = () => ({ status: 200, body: '' });
		expect(await told(act(one, one.many))).toContain('answered with nothing');
	});
});

describe('an answer that is not what the service documents', () => {
	it.each(withSubscribe)('%s: does not switch a Zap on', async (_name, one) => {
		service.answer = () => ({ body: { anything: 1 } });
		expect(await told(subscribe(one))).toMatch(/something other than what it documents|gave no (ID|secret)/);
	});

	it.each(byName)('%s: only its own words say that a record is not there', async (_name, one) => {
		service.answer = () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>nginx</html>' });
		expect(await told(act(one, one.one!))).toContain('status 404');
		expect(await told(act(one, one.many))).toContain('status 404');
		const words = {
			success: false,
			status: 'failed',
			code: 'CUSTOMER_NOT_FOUND',
			message: 'No such record',
			error: { code: 'not_found', message: 'No such record' },
			errors: { id: 'No such record' },
		};
		service.answer = () => ({ status: 404, body: words });
		expect(await act(one, one.one!)).toEqual([]);
		expect(await told(act(one, one.many))).toContain('No such record');
	});
});

describe('no answer', () => {
	it.each(withChange)(
		'%s: a call that changes something may have been done, and is not made again',
		async (_name, one) => {
			service.answer = () => 'cut';
			expect(await told(act(one, one.change!))).toContain('may have been done: look in');
			expect(service.asked.filter(({ method }) => method !== 'GET')).toHaveLength(1);
		},
	);

	it.each(byName)('%s: a call that reads is made again', async (_name, one) => {
		service.answer = () => (service.asked.length < 2 ? 'cut' : { body: one.many.answer });
		expect(await act(one, one.many)).toHaveLength(1);
		expect(service.asked).toHaveLength(2);
	});
});

describe('a service that limits requests', () => {
	const limited = (after: string): Answer => ({
		status: 429,
		headers: { 'retry-after': after },
		body: { success: false, message: 'slow down', error: { message: 'slow down' } },
	});

	it.each(byName)(
		'%s: is asked again for what is only read, while there is time; otherwise Zapier is told when',
		async (_name, one) => {
			service.answer = () => (service.asked.length < 3 ? limited('0') : { body: one.many.answer });
			expect(await act(one, one.many)).toHaveLength(1);
			service.reset();
			service.answer = () => limited('37');
			await expect(act(one, one.many)).rejects.toMatchObject({ name: 'ThrottledError' });
			expect(service.asked).toHaveLength(1);
		},
	);
});

it.each(byName)('%s: blanks and line breaks around a credential are not sent', async (_name, one) => {
	const sent = async (credentials: object) => {
		service.reset();
		service.answer = () => ({ body: one.many.answer });
		await act({ ...one, credentials: credentials as never }, one.many);
		return service.asked.map(({ url, headers, body }) => ({ url, headers, body }));
	};
	const padded = Object.fromEntries(
		Object.entries(one.credentials).map(([name, value]) => [name, value === '' ? '' : `\n ${String(value)} `]),
	);
	expect(await sent(padded)).toEqual(await sent(one.credentials));
});

describe('a limit', () => {
	const lists = byName.filter(
		([, { many, provider }]) => findOperation(provider, `${String(many.parameters['resource'])}.getMany`)?.paging,
	);

	it.each(lists)('%s: that is none is refused; an empty one is the default', async (_name, one) => {
		service.answer = () => ({ body: one.many.answer });
		for (const limit of ['ten', 0, '-1', 1.5])
			expect(await told(act(one, one.many, { limit }))).toContain('"Limit" must be a whole number above 0.');
		expect(service.asked).toEqual([]);
		for (const limit of [undefined, null, '', '3']) expect(await act(one, one.many, { limit })).toHaveLength(1);
	});
});

describe('a login', () => {
	const one = {
		...SERVICES.find(({ provider }) => provider.id === 'soshia-connect')!,
		credentials: { authentication: 'login', email: 'jane@example.com', password: 'p4ss-word' },
	};
	const login = async () => {
		const { z } = fakeZ(true);
		const { sessionConfig } = apps.get('soshia-connect')!.authentication as { sessionConfig?: { perform: Perform } };
		return await sessionConfig!.perform(z, bundleOf(one, {}));
	};

	it('gives its token, and nothing else is a login', async () => {
		service.answer = () => ({ body: { access_token: 'token-one' } });
		expect(await login()).toEqual({ sessionToken: 'token-one' });
		for (const body of ['<html>', '', '{"anything":1}']) {
			service.answer = () => ({ body });
			expect(await told(login())).toMatch(/did not accept the login|gave no token/);
		}
		service.answer = ({ url }) => ({ status: 307, headers: { location: `${other.url}${url}` } });
		expect(await told(login())).toContain(`moved to http://${other.host}`);
		service.answer = (asked) => echo(422, asked);
		expect(await told(login())).not.toContain('p4ss-word');
		expect(other.asked).toEqual([]);
	});
});
