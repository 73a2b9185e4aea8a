import { SubscriptionFailed, Unreachable } from '../../../core/errors.ts';
import type { HttpResponse, SubscriptionApi } from '../../../core/provider.ts';
import type { Lifecycle, SubscriptionState } from '../../../core/subscription-plan.ts';
import { tryOut, type Trial } from '../../../core/subscription-trial.ts';
import { acme, HMAC, response, setApi } from '../support/acme.ts';

type Read = ReturnType<Trial['read']>;

/** A subscription that was made, at a service that answers a trial so. */
function made(answered: HttpResponse | Error, read: Read, api: Partial<SubscriptionApi> = {}) {
	const sent: string[] = [];
	const state: SubscriptionState = {
		owner: 'w/n',
		subscriptions: [{ id: 'wh_1', url: 'https://n8n.example.com/webhook/1?token=secret', events: ['a'], secret: 's' }],
	};
	const trial: Trial = { request: ({ id }) => ({ method: 'POST', path: `/hooks/${id}/test` }), read: () => read };
	const lifecycle: Lifecycle = {
		provider: acme(),
		api: { ...setApi, trial, ...api },
		scheme: HMAC,
		subscriber: { owner: 'w/n', url: '', events: ['a'], options: {}, title: 'n8n' },
		store: { read: () => state, write: () => undefined },
		send: async ({ method, path }) => {
			sent.push(`${method} ${path}`);
			if (answered instanceof Error) throw answered;
			return answered;
		},
	};
	return { lifecycle, sent };
}

test.each<[string, Read, boolean, string]>([
	[
		'delivered',
		{ delivered: true, status: 200, milliseconds: 41.2 },
		true,
		'Acme sent a test event to webhook wh_1: delivered in 41 ms.',
	],
	[
		'returned by the webhook',
		{ delivered: false, status: 401 },
		false,
		'Acme sent a test event to webhook wh_1, which returned 401. If real events are rejected too, they are not signed as expected.',
	],
	['not said', undefined, true, 'Acme sent a test event to webhook wh_1, and does not say how that went.'],
])('a test event that was %s', async (_, read, fine, sentence) => {
	const { lifecycle, sent } = made(response(200, {}), read);
	expect(await tryOut(lifecycle)).toEqual([{ fine, sentence }]);
	expect(sent).toEqual(['POST /hooks/wh_1/test']);
});

test('a webhook that the service did not reach is an error that names its URL without the query', async () => {
	const { lifecycle } = made(response(200, {}), { delivered: false });
	const failure = await tryOut(lifecycle).catch((cause: unknown) => cause);
	expect(failure).toBeInstanceOf(SubscriptionFailed);
	expect(String(failure)).toContain('Acme could not deliver a test event to https://n8n.example.com/webhook/1.');
});

test.each<[string, HttpResponse | Error, string]>([
	['is not there', response(404, { message: 'No such call' }), 'No such call'],
	['is not allowed', response(403, { message: 'Missing scope' }), 'Missing scope'],
	['got no answer', new Unreachable('Acme could not be reached'), 'Acme could not be reached'],
])('a call that %s changes nothing', async (_, answered, said) => {
	const { lifecycle } = made(answered, { delivered: false });
	expect(await tryOut(lifecycle)).toEqual([
		{ fine: true, sentence: expect.stringMatching(/^Acme sent no test event\. /) },
	]);
	expect((await tryOut(lifecycle))[0]?.sentence).toContain(said);
});

test('a service without such a call is asked nothing', async () => {
	const { lifecycle, sent } = made(response(200, {}), undefined);
	const { trial: _trial, ...api } = lifecycle.api;
	expect(await tryOut({ ...lifecycle, api })).toEqual([]);
	expect(sent).toEqual([]);
});
