import { Unreachable, SubscriptionFailed } from '../../../core/errors.ts';
import type { HttpRequest, SubscriptionApi } from '../../../core/provider.ts';
import type { Lifecycle, SubscriptionState } from '../../../core/subscription-plan.ts';
import { remove } from '../../../core/subscription-removal.ts';
import {
	check,
	create,
	inspect,
	isStored,
	repair,
	storedSecrets,
	webhookUrlProblem,
} from '../../../core/subscription.ts';
import { acme, AcmeService, eventApi, HMAC, response, setApi, URL_TOKEN, urlApi } from '../support/acme.ts';

const URL_ = 'https://n8n.example.com/webhook/abc/webhook';

/** A life-cycle against the service, with a store that a process could lose at any time. */
function open(api: SubscriptionApi, service = new AcmeService(), more: Partial<Lifecycle['subscriber']> = {}) {
	const store = {
		state: undefined as SubscriptionState | undefined,
		read: () => store.state,
		write: (state: SubscriptionState) => void (store.state = structuredClone(state)),
	};
	const lifecycle: Lifecycle = {
		provider: acme(),
		api,
		scheme: api === urlApi ? URL_TOKEN : HMAC,
		store,
		send: service.send,
		subscriber: {
			owner: 'w1/n1',
			url: URL_,
			events: ['thing.made', 'thing.lost'],
			options: {},
			title: 'n8n: test',
			token: (event) => `token-${event}`,
			...more,
		},
	};
	return { lifecycle, store, service };
}
const failing =
	(which: (request: HttpRequest) => boolean, status = 500) =>
	(request: HttpRequest) =>
		which(request) ? response(status, { message: 'out of order' }) : undefined;
const isMethod = (method: string) => (request: HttpRequest) => request.method === method;

describe.each([
	['one for all events', setApi, 1],
	['one for each event', eventApi, 2],
	['known by its URL', urlApi, 2],
])('a subscription that is %s', (_, api, count) => {
	it('is created, seen, and removed', async () => {
		const { lifecycle, store, service } = open(api);
		expect(await check(lifecycle)).toBe(false);
		await create(lifecycle);
		expect(service.hooks).toHaveLength(count);
		// A token for each event type; of a signing secret there is one: every one that is tried costs a delivery an HMAC.
		const secrets = api === urlApi ? count : 1;
		expect(storedSecrets(lifecycle.scheme, store.state).map(({ value }) => value)).toHaveLength(secrets);
		expect(await check(lifecycle)).toBe(true);
		await remove(lifecycle);
		expect(service.hooks).toEqual([]);
		expect(store.state?.subscriptions).toEqual([]);
		await remove(lifecycle);
	});

	it('is made once however often it is created', async () => {
		const { lifecycle, service } = open(api);
		for (let time = 0; time < 3; time++) await create(lifecycle);
		expect(service.hooks).toHaveLength(count);
		expect(await check(lifecycle)).toBe(true);
	});

	it('is found again after the process died before it could save', async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		store.state = undefined;
		expect(await check(lifecycle)).toBe(false);
		await create(lifecycle);
		expect(service.hooks).toHaveLength(count);
	});

	it('is found again after the answer to its creation was lost', async () => {
		const { lifecycle, service } = open(api);
		let lost = false;
		service.after = ({ method, path }) => {
			if (method === 'POST' && path === '/hooks' && !lost) {
				lost = true;
				throw new Unreachable('No answer came from Acme.');
			}
		};
		await expect(create(lifecycle)).rejects.toThrow('No answer came from Acme.');
		expect(service.hooks).toEqual([]);
		await create(lifecycle);
		expect(service.hooks).toHaveLength(count);
	});

	it('leaves nothing behind when the service refuses it', async () => {
		const { lifecycle, store, service } = open(api);
		service.before = failing(
			({ method, path, json }) => method === 'POST' && path === '/hooks' && JSON.stringify(json).includes('thing.lost'),
			422,
		);
		await expect(create(lifecycle)).rejects.toThrow(
			/Acme did not accept the subscription to .*thing.lost: out of order/,
		);
		expect(service.hooks).toEqual([]);
		expect(store.state?.subscriptions ?? []).toEqual([]);
	});

	it('stays stored, and is named, when it cannot be removed', async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		const stored = store.state!.subscriptions;
		service.before = failing(({ method, path }) => method === 'DELETE' || path === '/unhook');
		const failure = await remove(lifecycle).catch((cause: unknown) => cause);
		expect(failure).toBeInstanceOf(SubscriptionFailed);
		expect((failure as SubscriptionFailed).message).toContain(stored[0]!.id ?? URL_);
		expect((failure as SubscriptionFailed).message).not.toContain('token-');
		expect(store.state?.subscriptions).toEqual(stored.map((one) => ({ ...one, leaving: true })));
		service.before = () => undefined;
		await remove(lifecycle);
		expect(service.hooks).toEqual([]);
	});

	it('counts as removed when it is gone already', async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		service.hooks.splice(0);
		await remove(lifecycle);
		expect(store.state?.subscriptions).toEqual([]);
	});

	it("never touches another's: neither stored ids that were copied nor other URLs", async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		const copy = open(api, service, { owner: 'w2/n2', url: 'https://n8n.example.com/webhook/def/webhook' });
		copy.store.state = structuredClone(store.state);
		expect(await check(copy.lifecycle)).toBe(false);
		await create(copy.lifecycle);
		expect(service.hooks).toHaveLength(2 * count);
		await remove(copy.lifecycle);
		expect(await check(lifecycle)).toBe(true);
	});

	it('is left alone and named under another address: it may be the one of the n8n that this one is a copy of', async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		const moved = open(api, service, { url: 'https://new.example.com/webhook/abc/webhook' });
		moved.store.state = structuredClone(store.state);
		expect(await check(moved.lifecycle)).toBe(false);
		const left = await create(moved.lifecycle);
		const hosts = service.hooks.map((hook) => new URL(hook.url).host);
		expect(hosts.filter((host) => host === 'new.example.com')).toHaveLength(count);
		expect(hosts.filter((host) => host === 'n8n.example.com')).toHaveLength(count);
		expect(left).toHaveLength(count);
		store.state!.subscriptions.forEach(({ id, events }, index) => {
			expect(left[index]).toContain(id ?? events[0]);
			expect(left[index]).not.toContain('token-');
		});
		expect(await check(lifecycle)).toBe(true);
		expect(await check(moved.lifecycle)).toBe(true);
		expect(await remove(moved.lifecycle)).toEqual([]);
		expect(await check(lifecycle)).toBe(true);
	});

	it('is replaced when other events are chosen', async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		const edited = open(api, service, { events: ['thing.made'] });
		edited.store.state = store.state;
		expect(await check(edited.lifecycle)).toBe(false);
		await create(edited.lifecycle);
		expect(service.hooks.flatMap((hook) => hook.events)).toEqual(['thing.made']);
	});
});

describe('a subscription that is there', () => {
	it.each([
		['switched off', (service: AcmeService) => (service.hooks[0]!.active = false)],
		['for other events', (service: AcmeService) => (service.hooks[0]!.events = ['thing.made'])],
		['gone', (service: AcmeService) => service.hooks.splice(0)],
		['there twice', (service: AcmeService) => service.hooks.push({ ...service.hooks[0]!, id: 'twin' })],
	])('but is %s is replaced by one that works', async (_, change) => {
		const { lifecycle, service } = open(setApi);
		await create(lifecycle);
		change(service);
		expect(await check(lifecycle)).toBe(false);
		await create(lifecycle);
		expect(service.hooks.filter((hook) => hook.url === URL_)).toHaveLength(1);
		expect(await check(lifecycle)).toBe(true);
	});

	it('is not kept without its secret: nobody could verify what it sends', async () => {
		const { lifecycle, store } = open(setApi);
		await create(lifecycle);
		delete store.state!.subscriptions[0]!.secret;
		expect(await check(lifecycle)).toBe(false);
	});

	it('is not changed by looking', async () => {
		const { lifecycle, service } = open(setApi);
		await create(lifecycle);
		service.hooks[0]!.active = false;
		service.calls.splice(0);
		await check(lifecycle);
		expect(service.calls.map(({ method }) => method)).toEqual(['GET']);
	});
});

describe('creating', () => {
	it('sends a secret of 32 bytes, a new one each time', async () => {
		const { lifecycle, service } = open(setApi);
		await create(lifecycle);
		const [first] = service.hooks.map((hook) => hook.secret);
		await create(lifecycle);
		expect(first).toMatch(/^[0-9a-f]{64}$/);
		expect(service.hooks[0]!.secret).not.toBe(first);
	});

	it('stores what was answered before it complains about it', async () => {
		const { lifecycle, store, service } = open({ ...setApi, list: undefined, subscribed: () => ({}) });
		await expect(create(lifecycle)).rejects.toThrow('gave no ID');
		expect(service.hooks).toHaveLength(1);
		expect(store.state?.subscriptions).toHaveLength(1);
	});

	it('ends in what a person can do instead, where there is something', async () => {
		const { lifecycle, service } = open({ ...setApi, otherwise: 'Register it manually.' });
		service.before = failing(isMethod('POST'), 404);
		await expect(create(lifecycle)).rejects.toThrow(/out of order.*Register it manually\.$/);
	});

	it('does not forget what it has no way to remove', async () => {
		const { lifecycle, store } = open({ ...setApi, list: undefined, subscribed: () => ({}) });
		await expect(create(lifecycle)).rejects.toMatchObject({ leftBehind: [`thing.made, thing.lost at ${URL_}`] });
		await expect(remove(lifecycle)).rejects.toThrow('gave no ID');
		expect(store.state?.subscriptions).toHaveLength(1);
	});

	it('finds by its URL what was answered without an id', async () => {
		const { lifecycle, service } = open({ ...setApi, subscribed: () => ({}) });
		await expect(create(lifecycle)).rejects.toThrow('gave no ID');
		expect(service.hooks).toEqual([]);
	});

	it('says once why, and that a webhook may be there, when from its making on nothing was answered', async () => {
		const { lifecycle, service } = open(setApi);
		let silent = false;
		service.before = ({ method }) => {
			if (silent) throw new Unreachable('Acme could not be reached.');
			silent = method === 'POST';
			return undefined;
		};
		service.after = ({ method }) => {
			if (method === 'POST') throw new Unreachable('Acme could not be reached.');
		};
		await expect(create(lifecycle)).rejects.toThrow(
			`Acme could not be reached. Acme may have made the webhook all the same: if this stays off, look there for one to ${URL_} and remove it.`,
		);
		expect(service.hooks).toHaveLength(1);
	});

	it.each([
		[500, true],
		[503, true],
		[422, false],
		[429, false],
	])('says that a webhook may be there after a refusal with %i: %s', async (status, doubtful) => {
		const { lifecycle, service } = open(setApi);
		let posted = false;
		service.before = ({ method }) => {
			posted ||= method === 'POST';
			if (method === 'POST') return response(status, { message: 'not now' });
			return posted ? response(500, { message: 'out of order' }) : undefined;
		};
		const error = await create(lifecycle).catch((cause: unknown) => cause as SubscriptionFailed);
		expect(error).toBeInstanceOf(SubscriptionFailed);
		const { message, leftBehind } = error as SubscriptionFailed;
		expect(message).toMatch(/not now.*out of order/s);
		expect(message.includes('may have made the webhook all the same')).toBe(doubtful);
		expect(leftBehind).toEqual([]);
	});

	it('names what it could not roll back', async () => {
		const { lifecycle, service } = open(eventApi);
		let posts = 0;
		service.before = (request) => {
			if (request.method === 'DELETE') return response(503, { message: 'out of order' });
			return request.method === 'POST' && ++posts === 2 ? response(422, { message: 'no such event' }) : undefined;
		};
		await expect(create(lifecycle)).rejects.toMatchObject({
			message: expect.stringMatching(/no such event.*Not removed at Acme: hook_1/s),
			leftBehind: ['hook_1'],
		});
	});

	it('uses the secret that the service gives, and refuses to go on without one', async () => {
		const theirs: SubscriptionApi = {
			...setApi,
			secret: 'theirs',
			subscribed: () => ({ id: 'hook_1', secret: 'from Acme' }),
		};
		const { lifecycle, store } = open(theirs);
		await create(lifecycle);
		expect(storedSecrets(HMAC, store.state)).toEqual([{ value: 'from Acme' }]);
		const without = open({ ...theirs, subscribed: () => ({ id: 'hook_1' }) });
		await expect(create(without.lifecycle)).rejects.toThrow('gave no secret');
		expect(without.service.hooks).toEqual([]);
	});
});

describe('a list of webhooks that is not documented', () => {
	const inferred: SubscriptionApi = { ...setApi, list: { ...setApi.list!, grade: 'inferred' } };
	it('may be missing: then the stored id decides, and the subscription is replaced', async () => {
		const { lifecycle, service } = open(inferred);
		service.before = failing(isMethod('GET'), 404);
		await create(lifecycle);
		expect(await check(lifecycle)).toBe(false);
		await create(lifecycle);
		expect(service.hooks).toHaveLength(1);
		await remove(lifecycle);
		expect(service.hooks).toEqual([]);
	});

	it('is not taken to be missing when the service is only out of order', async () => {
		const { lifecycle, service } = open(inferred);
		await create(lifecycle);
		service.before = failing(isMethod('GET'), 503);
		await expect(check(lifecycle)).rejects.toThrow('out of order');
		await expect(remove(lifecycle)).rejects.toThrow('interrupted activation');
		const fresh = open(inferred, service);
		await expect(create(fresh.lifecycle)).rejects.toThrow(
			/^Acme did not accept the request for its webhooks: out of order/,
		);
	});
});

describe('removing', () => {
	it('tries the next request when one is not allowed', async () => {
		const { lifecycle, service } = open(urlApi);
		await create(lifecycle);
		service.before = failing(({ method, path }) => method === 'POST' && path === '/unhook', 405);
		await remove(lifecycle);
		expect(service.hooks).toEqual([]);
	});

	it('without an answer leaves what nobody can ask for in doubt: it is made again', async () => {
		const { lifecycle, service } = open(urlApi);
		await create(lifecycle);
		expect(await check(lifecycle)).toBe(true);
		// The work is done, and the answer is lost.
		const { send } = lifecycle;
		lifecycle.send = async (request) => {
			await send(request);
			throw new Unreachable('connection lost');
		};
		await expect(remove(lifecycle)).rejects.toThrow('connection lost');
		lifecycle.send = send;
		expect(service.hooks).toEqual([]);
		expect(await check(lifecycle)).toBe(false);
		await create(lifecycle);
		expect(service.hooks).toHaveLength(2);
		expect(await check(lifecycle)).toBe(true);
	});

	it('goes on after one failure and forgets only what is gone', async () => {
		const { lifecycle, store, service } = open(eventApi);
		await create(lifecycle);
		service.before = failing(({ method, path }) => method === 'DELETE' && path.endsWith('hook_1'));
		await expect(remove(lifecycle)).rejects.toMatchObject({ leftBehind: ['hook_1'] });
		expect(store.state?.subscriptions.map(({ id }) => id)).toEqual(['hook_1']);
		expect(service.hooks.map(({ id }) => id)).toEqual(['hook_1']);
	});
});

it('says why a service on the internet could not reach the webhook URL', () => {
	const sentence = (webhook: string, base = 'https://api.acme.example.com') => webhookUrlProblem(acme(), webhook, base);
	for (const url of [
		'http://localhost:5678/webhook/x?token=t',
		'https://10.1.2.3/x',
		'https://n8n/x',
		'http://n8n.example.com/x',
		'https://[::1]/x',
		'nonsense',
	]) {
		expect(sentence(url)).toContain('Acme cannot reach the webhook URL');
		expect(sentence(url)).not.toContain('token=t');
	}
	expect(sentence('https://n8n.example.com/webhook/x')).toBeUndefined();
	expect(sentence('http://localhost:5678/webhook/x', 'http://127.0.0.1:4010/acme')).toBeUndefined();
});

describe('a secret that can be derived', () => {
	const derived = 'f'.repeat(64);

	it('is the same each time, so that what is stored can be lost', async () => {
		const { lifecycle, store, service } = open(setApi, undefined, { secret: derived });
		await create(lifecycle);
		expect(service.hooks[0]!.secret).toBe(derived);
		store.state = undefined;
		await create(lifecycle);
		expect(service.hooks.map(({ secret }) => secret)).toEqual([derived]);
	});

	it('that has changed (another version, another key) makes the subscription again', async () => {
		const { lifecycle, store, service } = open(setApi, undefined, { secret: derived });
		await create(lifecycle);
		expect(await check(lifecycle)).toBe(true);
		const raised = open(setApi, service, { secret: 'a'.repeat(64) });
		raised.store.state = store.state;
		expect(await check(raised.lifecycle)).toBe(false);
		await create(raised.lifecycle);
		expect(service.hooks.map(({ secret }) => secret)).toEqual(['a'.repeat(64)]);
	});
});

describe.each([
	['one for all events', setApi],
	['one for each event', eventApi],
])('an ID planted in what is stored, of subscriptions that are %s,', (_, api) => {
	const planted = (url: string, service: AcmeService, withList = api) => {
		const foreign = { id: 'foreign', url: 'https://other.example.com/hook', events: ['thing.made'], active: true };
		service.hooks.push(foreign);
		const mine = open(withList, service, { secret: 'b'.repeat(64) });
		const subscriptions = [{ id: 'foreign', url, events: ['thing.made'], secret: 'planted' }];
		mine.store.state = { owner: 'w1/n1', subscriptions };
		return { ...mine, foreign };
	};

	it.each([URL_, 'https://other.example.com/hook'])('does not remove that webhook: stored with %s', async (url) => {
		const { lifecycle, service, foreign } = planted(url, new AcmeService());
		const left = await create(lifecycle);
		expect(service.hooks).toContain(foreign);
		expect(left.join()).toContain('foreign');
		expect(await check(lifecycle)).toBe(true);
		await remove(lifecycle);
		expect(service.hooks).toEqual([foreign]);
	});

	it.each([404, 503])('does not remove it where the list answers %d', async (status) => {
		const inferred: SubscriptionApi = { ...api, list: { ...api.list!, grade: 'inferred' } };
		const { lifecycle, service, foreign } = planted(URL_, new AcmeService(), inferred);
		service.before = failing(isMethod('GET'), status);
		await remove(lifecycle).catch(() => undefined);
		expect(service.hooks).toContain(foreign);
	});
});

it('is only the stored one that is removed, where others may be subscribed under the same URL', async () => {
	const [first, second] = [open(setApi), open(setApi)];
	const service = first.service;
	second.lifecycle.send = service.send;
	first.lifecycle.shared = second.lifecycle.shared = true;
	await create(first.lifecycle);
	service.hooks.push({ id: 'another', url: URL_, events: ['thing.made'], active: true });
	await remove(first.lifecycle);
	expect(service.hooks.map(({ id }) => id)).toEqual(['another']);
});

describe('a list that comes in pages', () => {
	/** Pages of three, by offset; nothing says how large a page is. */
	const paged: SubscriptionApi = {
		...setApi,
		list: { ...setApi.list!, request: (offset) => ({ method: 'GET', path: '/hooks', query: { offset } }) },
	};
	const inPages = (service: AcmeService) => (request: HttpRequest) => {
		const offset = Number(request.query?.offset ?? Number.NaN);
		return request.method === 'GET'
			? response(
					200,
					service.hooks.slice(offset, offset + 3).map((hook) => ({ ...hook })),
				)
			: undefined;
	};
	const others = Array.from({ length: 7 }, (_, index) => ({
		id: `other_${index}`,
		url: 'https://other.example.com/hook',
		events: ['thing.made'],
		active: true,
	}));

	it('is read to its end before a subscription counts as gone', async () => {
		const { lifecycle, service } = open(paged);
		service.before = inPages(service);
		service.hooks.push(...others);
		await create(lifecycle);
		expect(await check(lifecycle)).toBe(true);
		expect(await inspect(lifecycle)).toBeUndefined();
		service.hooks.pop();
		expect(await inspect(lifecycle)).toBe('gone');
		expect(service.hooks).toHaveLength(7);
	});

	it('is read no further than needed while all is well', async () => {
		const { lifecycle, service } = open(paged);
		service.before = inPages(service);
		await create(lifecycle);
		service.hooks.push(...others);
		service.calls.splice(0);
		await check(lifecycle);
		expect(service.calls).toHaveLength(1);
	});

	it('that never ends is given up', async () => {
		const { lifecycle, service } = open(paged);
		let count = 0;
		service.before = ({ method }) =>
			method === 'GET' ? response(200, [{ ...others[0]!, id: `new_${++count}` }] as never) : undefined;
		await expect(create(lifecycle)).rejects.toThrow('without an end');
	});
});

describe.each([
	['one for all events', setApi, 1],
	['one for each event', eventApi, 2],
])('repairing subscriptions that are %s', (_, api, count) => {
	const secret = 'c'.repeat(64);

	it.each([
		['gone', (service: AcmeService) => service.hooks.splice(0, 1)],
		['off', (service: AcmeService) => (service.hooks[0]!.active = false)],
		['doubled', (service: AcmeService) => service.hooks.push({ ...service.hooks[0]!, id: 'twin' })],
	])('makes again what is %s, and touches nothing else', async (flaw, change) => {
		const { lifecycle, service } = open(api, undefined, { secret });
		await create(lifecycle);
		const untouched = service.hooks.slice(1);
		change(service);
		expect(await inspect(lifecycle)).toBe(flaw);
		await repair(lifecycle);
		expect(service.hooks).toHaveLength(count);
		for (const hook of untouched) expect(service.hooks).toContain(hook);
		expect(await inspect(lifecycle)).toBeUndefined();
		expect(isStored(lifecycle)).toBe(true);
	});

	it('finds what was made before n8n could save it', async () => {
		const { lifecycle, store, service } = open(api, undefined, { secret });
		await create(lifecycle);
		store.state = undefined;
		await repair(lifecycle);
		expect(service.hooks).toHaveLength(count);
		expect(await inspect(lifecycle)).toBeUndefined();
	});

	it.each(['GET', 'POST', 'DELETE'])('loses nothing that works when %s fails, and can be run again', async (method) => {
		const { lifecycle, service } = open(api, undefined, { secret });
		await create(lifecycle);
		service.hooks[0]!.active = false;
		const working = service.hooks.filter(({ active }) => active);
		service.before = failing(isMethod(method));
		await expect(repair(lifecycle)).rejects.toThrow('out of order');
		for (const hook of working) expect(service.hooks).toContain(hook);
		service.before = () => undefined;
		await repair(lifecycle);
		expect(service.hooks.map(({ active }) => active)).toEqual(Array(count).fill(true));
		expect(await inspect(lifecycle)).toBeUndefined();
	});
});

describe('repairing where the service has no list', () => {
	it('subscribes each again, and keeps what is stored when that fails', async () => {
		const { lifecycle, store, service } = open(urlApi);
		await create(lifecycle);
		const { state } = store;
		service.hooks.splice(0);
		service.before = failing(({ path }) => path === '/hooks');
		await expect(repair(lifecycle)).rejects.toThrow('out of order');
		expect(store.state).toEqual(state);
		service.before = () => undefined;
		await repair(lifecycle);
		expect(service.hooks).toHaveLength(2);
		expect(store.state).toEqual(state);
	});

	it('never makes a second one while the first may still be there', async () => {
		const { lifecycle, service } = open(urlApi);
		await create(lifecycle);
		service.before = failing(({ path }) => path === '/unhook');
		await expect(repair(lifecycle)).rejects.toThrow('out of order');
		expect(service.hooks).toHaveLength(2);
	});
});
