import { Unreachable, SubscriptionFailed } from '../../../core/errors.ts';
import type { HttpRequest, SubscriptionApi } from '../../../core/provider.ts';
import {
	check,
	create,
	remove,
	storedSecrets,
	webhookUrlProblem,
	type Lifecycle,
	type SubscriptionState,
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
		expect(storedSecrets(lifecycle.scheme, store.state).map(({ value }) => value)).toHaveLength(count);
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

	it('moves when our own address changes', async () => {
		const { lifecycle, store, service } = open(api);
		await create(lifecycle);
		const moved = open(api, service, { url: 'https://new.example.com/webhook/abc/webhook' });
		moved.store.state = store.state;
		expect(await check(moved.lifecycle)).toBe(false);
		await create(moved.lifecycle);
		expect(service.hooks.map((hook) => new URL(hook.url).host)).toEqual(Array(count).fill('new.example.com'));
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
		['under another URL', (service: AcmeService) => (service.hooks[0]!.url = 'https://elsewhere.example.com')],
		['gone', (service: AcmeService) => service.hooks.splice(0)],
		['there twice', (service: AcmeService) => service.hooks.push({ ...service.hooks[0]!, id: 'twin' })],
	])('but is %s is replaced by one that works', async (_, change) => {
		const { lifecycle, service } = open(setApi);
		await create(lifecycle);
		change(service);
		const before = service.hooks.find((hook) => hook.url !== URL_);
		expect(await check(lifecycle)).toBe(false);
		await create(lifecycle);
		expect(service.hooks.filter((hook) => hook.url === URL_)).toHaveLength(1);
		expect(await check(lifecycle)).toBe(true);
		if (before) expect(service.hooks).not.toContain(before);
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
		await expect(create(lifecycle)).rejects.toThrow('gave no id');
		expect(service.hooks).toHaveLength(1);
		expect(store.state?.subscriptions).toHaveLength(1);
	});

	it('ends in what a person can do instead, where there is something', async () => {
		const { lifecycle, service } = open({ ...setApi, otherwise: 'Register it by hand.' });
		service.before = failing(isMethod('POST'), 404);
		await expect(create(lifecycle)).rejects.toThrow(/out of order.*Register it by hand\.$/);
	});

	it('does not forget what it has no way to remove', async () => {
		const { lifecycle, store } = open({ ...setApi, list: undefined, subscribed: () => ({}) });
		await expect(create(lifecycle)).rejects.toMatchObject({ leftBehind: [`thing.made, thing.lost at ${URL_}`] });
		await expect(remove(lifecycle)).rejects.toThrow('gave no id');
		expect(store.state?.subscriptions).toHaveLength(1);
	});

	it('finds by its URL what was answered without an id', async () => {
		const { lifecycle, service } = open({ ...setApi, subscribed: () => ({}) });
		await expect(create(lifecycle)).rejects.toThrow('gave no id');
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
			`Acme could not be reached. Acme may have made the webhook all the same: if this stays off, look there for one to ${URL_} and remove it by hand.`,
		);
		expect(service.hooks).toHaveLength(1);
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

	it('without an answer leaves what nobody can ask for in doubt: it is made anew', async () => {
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
