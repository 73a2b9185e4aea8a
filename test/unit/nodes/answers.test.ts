/** What counts as a service's answer, in the nodes: every service × every place where a call is made. */
import type { IDataObject } from 'n8n-workflow';
import { listsOf } from '../../../core/choices.ts';
import { SoshiaConnectApi } from '../../../credentials/SoshiaConnectApi.credentials.ts';
import { SoshiaConnect } from '../../../nodes/SoshiaConnect/SoshiaConnect.node.ts';
import { echo, FakeService, type Answer } from '../support/fake-service.mts';
import { execute, hook, loadList, testCredential } from './support/n8n.mts';
import { SERVICES, type ServiceUnderTest } from './support/services.mts';

let service: FakeService;
let other: FakeService;
beforeAll(async () => {
	service = await FakeService.start();
	other = await FakeService.start();
});
afterAll(async () => {
	await service.stop();
	await other.stop();
});
beforeEach(() => {
	service.reset();
	other.reset();
	other.answer = () => ({
		body: { success: true, access_token: 'stolen', documents: [], items: [], users: [], id: '1' },
	});
});

const byName = SERVICES.map((one) => [one.provider.name, one] as const);
const withChange = byName.filter(([, { change }]) => change !== undefined);
const withTrigger = byName.filter(([, { trigger }]) => trigger !== undefined);

const credentialsOf = ({ credentials }: ServiceUnderTest, more: IDataObject = {}): IDataObject => ({
	...credentials,
	baseUrl: service.url,
	...more,
});

const act = async (
	one: ServiceUnderTest,
	parameters: IDataObject,
	items?: IDataObject[],
	onError?: 'continueRegularOutput' | 'continueErrorOutput',
) =>
	await execute(
		{ node: one.node, credential: one.credential, credentials: credentialsOf(one), parameters, onError },
		items,
	);

/** What a person is told: the error that is thrown, or undefined. */
const told = async (work: Promise<unknown>): Promise<string | undefined> =>
	await work.then(
		() => undefined,
		(cause: Error & { description?: string }) => [cause.message, cause.description].filter(Boolean).join(' '),
	);

const test = async (one: ServiceUnderTest, more: IDataObject = {}) =>
	await testCredential({ node: one.node, credential: one.credential, credentials: credentialsOf(one, more) });

const publish = async (
	one: ServiceUnderTest,
	saved: IDataObject = {},
	method: 'create' | 'delete' | 'checkExists' = 'create',
) =>
	await hook(
		{
			node: one.trigger!.node,
			credential: one.credential,
			credentials: credentialsOf(one),
			parameters: one.trigger!.parameters,
			saved,
		},
		method,
	);

/** Every place where a service is called, and the result in words. */
const PLACES: ReadonlyArray<
	readonly [
		string,
		ReadonlyArray<readonly [string, ServiceUnderTest]>,
		(one: ServiceUnderTest) => Promise<string | undefined>,
	]
> = [
	['an action that reads', byName, async (one) => await told(act(one, one.many.parameters))],
	['an action that changes something', withChange, async (one) => await told(act(one, one.change!.parameters))],
	[
		'a list to choose from',
		byName.filter(([, { provider }]) => listsOf(provider).length > 0),
		async ({ provider, ...one }) =>
			await told(loadList({ ...one, credentials: credentialsOf({ provider, ...one }) }, listsOf(provider)[0]!)),
	],
	[
		'the test of a credential',
		byName,
		async (one) => {
			const { status, message } = await test(one);
			return status === 'OK' ? undefined : message;
		},
	],
	['publishing', withTrigger, async (one) => await told(publish(one))],
];

describe.each(PLACES)('%s', (_place, services, outcome) => {
	const table = services.flatMap(([name, one]) =>
		[301, 302, 303, 307, 308].map((status) => [name, status, one] as const),
	);
	it.each(table)(
		'%s: a redirect (%i) is a refusal that names the new host, which is never asked',
		async (_name, status, one) => {
			service.answer = ({ url }) => ({ status, headers: { location: `${other.url}${url}` }, body: '' });
			const message = await outcome(one);
			expect(message).toContain(`moved to http://${other.host}`);
			expect(message).toContain('Put the new address into Base URL');
			expect(other.asked).toEqual([]);
			for (const secret of one.secrets) expect(message).not.toContain(secret);
		},
	);

	it.each(services)('%s: a page of HTML is no answer', async (_name, one) => {
		service.answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' });
		expect(await outcome(one)).toContain('something other than JSON');
	});

	it.each(services)('%s: whatever the service repeats of the call, nothing secret is shown', async (_name, one) => {
		for (const status of [400, 401, 403, 500]) {
			service.answer = (asked) => echo(status, asked);
			const message = await outcome(one);
			// SoshiaConnect's refusal of a route that is not there says that the key is good.
			if (message === undefined)
				expect([one.provider.id, [400, 403]]).toEqual(['soshia-connect', expect.arrayContaining([status])]);
			if (message === undefined) continue;
			for (const secret of one.secrets) {
				for (const form of [
					secret,
					encodeURIComponent(secret),
					JSON.stringify(secret).slice(1, -1),
					new URLSearchParams({ s: secret }).toString().slice(2),
				]) {
					expect(message).not.toContain(form);
				}
			}
			expect(message).toContain('***');
			// eslint-disable-next-line no-control-regex -- what must not be there
			expect(message).not.toMatch(/[\u0000-\u001f]/);
		}
	});
});

describe('an answer with nothing in it', () => {
	it.each(
		withChange.flatMap(([name, one]) =>
			(
				[
					[204, ''],
					[200, ''],
					[200, 'null'],
					[201, ' \n'],
				] as const
			).map(([status, body]) => [name, status, body, one] as const),
		),
	)('%s: %i %j to a call that changes something is success, with the ID', async (_name, status, body, one) => {
		service.answer = () => ({ status, body });
		const [item, ...more] = await act(one, one.change!.parameters);
		expect(more).toEqual([]);
		expect(item).toMatchObject({ json: { success: true, id: one.change!.id }, pairedItem: { item: 0 } });
	});

	it.each(byName)('%s: to a call that reads it is a refusal', async (_name, one) => {
		service.answer = () => ({ status: 200, body: '' });
		expect(await told(act(one, one.many.parameters))).toContain('answered with nothing');
	});
});

describe('an answer that is not what the service documents', () => {
	it.each(withTrigger)('%s: does not publish', async (_name, one) => {
		service.answer = () => ({ body: { anything: 1 } });
		expect(await told(publish(one))).toMatch(/something other than what it documents|gave no (ID|secret)/);
	});

	it.each(byName.filter(([, { provider }]) => provider.id !== 'solatis'))(
		'%s: does not test a credential well',
		async (_name, one) => {
			service.answer = () => ({ body: { anything: 1 } });
			expect(await test(one)).toMatchObject({
				status: 'Error',
				message: expect.stringContaining('something other than what it documents'),
			});
		},
	);

	it.each(byName)(
		'%s: a 404 of a server in between is no record that is not there, and no good credential',
		async (_name, one) => {
			service.answer = () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>nginx</html>' });
			expect(await told(act(one, one.one!.parameters))).toContain('status 404');
			expect(await test(one)).toMatchObject({ status: 'Error' });
		},
	);
});

describe('no answer', () => {
	it.each(withChange)(
		'%s: a call that changes something may have been done, and is not made again',
		async (_name, one) => {
			service.answer = () => 'cut';
			const message = await told(act(one, one.change!.parameters));
			expect(message).toContain('may have been done: look in');
			expect(message).not.toContain('then try again');
			expect(service.asked).toHaveLength(1);
		},
	);

	it.each(withChange)('%s: an answer that is cut off is none', async (_name, one) => {
		service.answer = () => 'half';
		expect(await told(act(one, one.change!.parameters))).toContain('may have been done: look in');
	});

	it.each(withChange)('%s: nothing was done where no connection was made', async (_name, one) => {
		const gone = await FakeService.start();
		const { url } = gone;
		await gone.stop();
		const settings = { node: one.node, credential: one.credential, credentials: credentialsOf(one, { baseUrl: url }) };
		const message = await told(execute({ ...settings, parameters: one.change!.parameters }));
		expect(message).toContain('the connection was refused');
		expect(message).not.toContain('may have been done');
	});

	it.each(byName)('%s: a call that reads is made again', async (_name, one) => {
		service.answer = () => (service.asked.length < 2 ? 'cut' : { body: one.many.answer });
		expect(await act(one, one.many.parameters)).toHaveLength(1);
		expect(service.asked).toHaveLength(2);
	});

	it.each(withChange)('%s: the time to wait can be set', async (_name, one) => {
		service.answer = () => 'silent';
		const parameters = { ...one.change!.parameters, options: { timeout: 0.2 } };
		expect(await told(act(one, parameters))).toContain('it took longer than 0.2 s');
	});

	it.each(byName)('%s: the test of a credential says what publishing says', async (_name, one) => {
		service.answer = () => 'cut';
		expect(await test(one)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining(`No answer came from ${one.provider.name}`),
		});
	});
});

describe('a service that limits requests', () => {
	const limited: Answer = {
		status: 429,
		headers: { 'retry-after': '0' },
		body: { success: false, message: 'slow down', error: { code: 'rate', message: 'slow down' } },
	};

	it.each(byName)('%s: is asked again for what is only read', async (_name, one) => {
		service.answer = () => (service.asked.length < 3 ? limited : { body: one.many.answer });
		expect(await act(one, one.many.parameters)).toHaveLength(1);
		expect(service.asked).toHaveLength(3);
	});

	it.each(withChange)('%s: is not asked again to change something', async (_name, one) => {
		service.answer = () => limited;
		expect(await told(act(one, one.change!.parameters))).toContain('Try again in 1 s');
		expect(service.asked).toHaveLength(1);
	});
});

describe('the test of a credential', () => {
	it.each(byName)('%s: is well with an answer of the service', async (_name, one) => {
		service.answer = () => ({ body: { ...(one.many.answer as object), users: [], status: 'success' } });
		if (Array.isArray(one.many.answer)) service.answer = () => ({ body: one.many.answer });
		expect(await test(one)).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	it.each(byName)('%s: shows the sentence of the house for a wrong key', async (_name, one) => {
		service.answer = () => ({
			status: 401,
			body: {
				success: false,
				status: 'failed',
				message: 'Unknown key',
				error: { code: 'x', message: 'Unknown key' },
				errors: { key: 'Unknown key' },
				code: 'INVALID',
			},
		});
		const { status, message } = await test(one);
		expect(status).toBe('Error');
		expect(message).toMatch(
			new RegExp(
				`^${one.provider.name} did not accept .*Unknown key.*Check the .* in your ${one.provider.name} credential`,
			),
		);
	});

	it.each(byName)('%s: wants every field', async (_name, one) => {
		const key = one.provider.api.fields.find(({ secret }) => secret)!;
		expect(await test(one, { [key.name]: ' ' })).toEqual({
			status: 'Error',
			message: `"${key.label}" is empty. Fill it in.`,
		});
		expect(service.asked).toEqual([]);
	});
});

describe('what a person typed into a credential', () => {
	it.each(byName)('%s: blanks and line breaks around a value are not sent', async (_name, one) => {
		const padded = Object.fromEntries(
			Object.entries(one.credentials).map(([name, value]) => [name, value === '' ? '' : ` ${String(value)}\n`]),
		);
		const clean = async (credentials: IDataObject) => {
			service.reset();
			service.answer = () => ({ body: one.many.answer });
			await execute({ node: one.node, credential: one.credential, credentials, parameters: one.many.parameters });
			return service.asked.map(({ url, headers: { host: _, ...headers }, body }) => ({ url, headers, body }));
		};
		const expected = await clean(credentialsOf(one));
		expect(await clean({ ...padded, baseUrl: ` ${service.url}/ \n` })).toEqual(expected);
		expect(await clean({ ...padded, baseUrl: `${service.url}//` })).toEqual(expected);
	});

	it.each(byName)('%s: a base URL that is none is refused with a sentence, everywhere', async (_name, one) => {
		for (const baseUrl of ['ftp://x', 'api.example.com', `${service.url}?a=1`, 'https://u:p@x.example.com']) {
			const credentials = credentialsOf(one, { baseUrl });
			expect(
				await told(
					execute({ node: one.node, credential: one.credential, credentials, parameters: one.many.parameters }),
				),
			).toContain('"Base URL" must');
			expect(await test(one, { baseUrl })).toMatchObject({
				status: 'Error',
				message: expect.stringContaining('"Base URL" must'),
			});
		}
	});
});

describe('items', () => {
	it.each(byName)('%s: belong to the item that they came from, with errors in between', async (_name, one) => {
		const reads = (count: number): Answer =>
			count % 2 === 0
				? {
						status: 400,
						body: {
							success: false,
							status: 'failed',
							message: `no ${count}`,
							code: 'NO',
							error: { code: 'no', message: `no ${count}` },
							errors: { x: `no ${count}` },
						},
					}
				: { body: one.many.answer };
		for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
			service.reset();
			service.answer = () => reads(service.asked.length);
			const items = await act(one, one.many.parameters, [{}, {}, {}, {}, {}], onError);
			expect(items.map(({ pairedItem, json }) => [pairedItem, typeof json.error])).toEqual(
				[0, 1, 2, 3, 4].map((item) => [{ item }, item % 2 === 1 ? 'string' : 'undefined']),
			);
			expect(Object.keys(items[1]!.json)).toEqual(['error']);
		}
		service.reset();
		service.answer = () => reads(service.asked.length);
		expect(await told(act(one, one.many.parameters, [{}, {}, {}]))).toContain('[Item 1]');
		expect(service.asked).toHaveLength(2);
	});

	const paged = byName.filter(([, { provider }]) =>
		provider.operations.some(
			({ name, paging, resource }) => name === 'getMany' && paging && ['contact', 'customer'].includes(resource),
		),
	);

	it.each(paged)(
		'%s: a limit that is none is refused before anything is asked; an empty one is the default',
		async (_name, one) => {
			service.answer = () => ({ body: one.many.answer });
			for (const limit of ['ten', 0, -1, 1.5, '={{ "ten" }}']) {
				expect(await told(act(one, { ...one.many.parameters, limit }))).toContain(
					'"Limit" must be a whole number above 0.',
				);
			}
			expect(service.asked).toEqual([]);
			for (const limit of ['', '={{ undefined }}', '3'])
				expect(await act(one, { ...one.many.parameters, limit })).toHaveLength(1);
		},
	);

	it.each(paged)('%s: two pages become one list, and a limit ends it', async (_name, one) => {
		const record = (id: number) => ({ id, customer_id: String(id), name: `r${id}` });
		service.answer = ({ query }) => {
			const first =
				Number(query.get('offset') ?? Math.max(0, Number(query.get('start') ?? 1) - 1) ?? 0) +
				(Number(query.get('page') ?? 1) - 1) * 50;
			const size = Number(query.get('limit') ?? 50);
			const list = Array.from({ length: Math.max(0, Math.min(size, 120 - first)) }, (_, index) =>
				record(first + index + 1),
			);
			if (one.provider.id === 'solar-proof') return { body: list };
			if (one.provider.id === 'solve360')
				return {
					body: { status: 'success', count: 120, ...Object.fromEntries(list.map((item) => [String(item.id), item])) },
				};
			return { body: { items: list, total: 120, limit: size, offset: first, has_more: first + list.length < 120 } };
		};
		expect(await act(one, { ...one.many.parameters, returnAll: true })).toHaveLength(120);
		const some = await act(one, { ...one.many.parameters, returnAll: false, limit: 70 });
		expect(some).toHaveLength(70);
		expect(new Set(some.map(({ json }) => json.id ?? json.customer_id)).size).toBe(70);
	});
});

describe('a login', () => {
	const one = { node: new SoshiaConnect(), credential: new SoshiaConnectApi() };
	const login = (): IDataObject => ({
		authentication: 'login',
		email: 'jane@example.com',
		password: 'p4ss word',
		sessionToken: '',
		baseUrl: service.url,
	});
	const parameters = { resource: 'profile', operation: 'get' };
	const serve = (valid: () => string) => {
		service.answer = ({ path, headers }) => {
			if (path === '/auth/login') return { body: { access_token: valid(), token_type: 'Bearer' } };
			return headers['authorization'] === `Bearer ${valid()}`
				? { body: { success: true, data: { email: 'jane@example.com' } } }
				: { status: 401, body: { success: false, message: 'Token has expired' } };
		};
	};

	it('comes first, is kept, and comes again when it ran out', async () => {
		let token = 'token-one';
		serve(() => token);
		const credentials = login();
		const run = async () => await execute({ ...one, credentials, parameters }, [{}, {}]);
		expect(await run()).toHaveLength(2);
		expect(service.asked.map(({ path }) => path)).toEqual(['/auth/login', '/auth/profile', '/auth/profile']);
		expect(credentials.sessionToken).toBe('token-one');
		token = 'token-two';
		service.asked.length = 0;
		expect(await run()).toHaveLength(2);
		expect(credentials.sessionToken).toBe('token-two');
		expect(service.asked.filter(({ path }) => path === '/auth/login')).toHaveLength(1);
	});

	it('that is refused is told with its reason, once', async () => {
		service.answer = () => ({ status: 401, body: { success: false, message: 'Wrong password p4ss word' } });
		const message = await told(execute({ ...one, credentials: login(), parameters }));
		expect(message).toContain('SoshiaConnect did not accept the login: Wrong password ***. Check what you filled in.');
		expect(service.asked).toHaveLength(1);
	});

	it('goes to no other host', async () => {
		service.answer = ({ url }) => ({ status: 307, headers: { location: `${other.url}${url}` } });
		expect(await told(execute({ ...one, credentials: login(), parameters }))).toContain(
			`moved to http://${other.host}`,
		);
		expect(await testCredential({ ...one, credentials: login() })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('moved to'),
		});
		expect(other.asked).toEqual([]);
	});

	it('that gets a page, or no token, is no login', async () => {
		for (const body of ['<html>', '', '{"anything":1}']) {
			service.answer = () => ({ body });
			expect(await told(execute({ ...one, credentials: login(), parameters }))).toMatch(
				/SoshiaConnect (did not accept the login|accepted the login but gave no token)/,
			);
		}
	});

	it('is tested as it is used, and its token is not shown', async () => {
		serve(() => 'token-three');
		expect(await testCredential({ ...one, credentials: login() })).toEqual({
			status: 'OK',
			message: 'Connection successful!',
		});
		service.answer = (asked) =>
			asked.path === '/auth/login' ? { body: { access_token: 'token-three' } } : echo(500, asked);
		const message = await told(execute({ ...one, credentials: login(), parameters }));
		expect(message).toContain('***');
		expect(message).not.toContain('token-three');
	});
});

describe('publishing with a setting of n8n that breaks a promise', () => {
	it.each(
		withTrigger.flatMap(([name, one]) =>
			(['alwaysOutputData', 'executeOnce'] as const).map((setting) => [name, setting, one] as const),
		),
	)('%s: %s is refused with a sentence, before anything is subscribed', async (_name, setting, one) => {
		const { node, parameters } = one.trigger!;
		const settings = { node, credential: one.credential, credentials: credentialsOf(one), parameters, saved: {} };
		for (const method of ['checkExists', 'create'] as const) {
			const message = await told(hook({ ...settings, more: { [setting]: true } }, method));
			expect(message).toMatch(/Switch off "(Always Output Data|Execute Once)" in the Settings of this node/);
		}
		expect(service.asked).toEqual([]);
		// Who wants every repeat loses nothing by an empty item.
		const options = { ...parameters, options: { skipRepeats: false } };
		const message = await told(hook({ ...settings, parameters: options, more: { alwaysOutputData: true } }, 'create'));
		expect(message).not.toContain('Always Output Data');
	});
});

describe('publishing', () => {
	it.each(withTrigger)('%s: shows neither the secret nor the token of what it subscribes to', async (_name, one) => {
		const sent: string[] = [];
		service.answer = (asked) => {
			if (asked.method === 'GET') return { body: { status: 'success', webhooks: [] } };
			const body = asked.body === '' ? {} : (JSON.parse(asked.body) as { secret?: string; hookUrl?: string });
			const secret = body.secret ?? new URL(body.hookUrl ?? 'http://x').searchParams.get('token');
			if (secret) sent.push(secret);
			return echo(400, asked);
		};
		const message = (await told(publish(one))) ?? '';
		expect(message).not.toBe('');
		if (one.provider.id !== 'solid-number') expect(sent.length).toBeGreaterThan(0);
		for (const secret of sent) expect(message).not.toContain(secret);
	});
});
