import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { soshiaConnect } from '../../providers/soshia-connect/provider.ts';
import { HAND_SECRETS } from '../../sandbox/accounts.mts';
import type { JsonObject } from '../../core/provider.ts';
import { describeActions, describeConnection, describeErrors, errorOf } from './support/cases.mts';
import { describeStaticHooks } from './support/static-hooks.mts';
import { credentialsOf, describeApp, triggerKey } from './support/suite.mts';
import type { Connection, Zap } from '../../harness/zapier/zapier.mts';

const SECRET = HAND_SECRETS['soshia-connect'];

describeApp(soshiaConnect, (stage) => {
	describeConnection(stage, { secret: 'apiKey', label: /^demo$/ });
	describeStaticHooks(stage);

	describe('events that Stripe delivers', () => {
		const endpoint = 'made-up-endpoint-secret';
		const raised = async (zap: Zap, payload: JsonObject, secret = endpoint) => {
			const webhook = await stage.service.registerByHand(zap.targetUrl, [String(payload.type)], secret, 'stripe');
			const at = stage.zapier.runs.length;
			await stage.service.raise(String(payload.type), { payload, subscription: webhook });
			await stage.zapier.settled();
			await stage.service.removeByHand(webhook);
			return stage.zapier.runs.slice(at).map(({ item }) => item);
		};
		/** A Zap of a connection that has the endpoint's secret among others. */
		const turnOn = (trigger: string, inputData = {}) =>
			stage.zapier.turnOn(
				{
					...stage.connection,
					authData: { ...stage.connection.authData, webhookSecret: `${SECRET} ${endpoint} another` },
				},
				trigger,
				inputData,
			);
		const event = (type: string, id = `evt_${type}`): JsonObject => ({ id, type, data: { object: { id: 'ch_1' } } });

		for (const { name } of soshiaConnect.events) {
			it(`${triggerKey(name)}: takes a Stripe event of its own type, and no other`, async () => {
				const zap = await turnOn(triggerKey(name));
				assert.deepEqual(await raised(zap, event(name)), [event(name)]);
				assert.deepEqual(await raised(zap, event('charge.failed')), []);
				assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: event_not_subscribed');
				await stage.zapier.turnOff(zap);
			});
		}

		it('stripe_event: takes every type, under the name that Stripe gives it', async () => {
			const zap = await turnOn('stripe_event');
			for (const type of ['charge.failed', 'account.verified'])
				assert.deepEqual(await raised(zap, event(type, `evt_any_${type}`)), [event(type, `evt_any_${type}`)]);
			await stage.zapier.turnOff(zap);
		});

		it('stripe_event: only the types that were chosen, also two in one box', async () => {
			const zap = await turnOn('stripe_event', { stripeEvents: ['charge.failed, invoice.paid'] });
			assert.equal((await raised(zap, event('invoice.paid', 'evt_chosen'))).length, 1);
			assert.equal((await raised(zap, event('charge.refunded', 'evt_other'))).length, 0);
			await stage.zapier.turnOff(zap);
		});

		it('stripe_event: what SoshiaConnect signs itself is none', async () => {
			const zap = await turnOn('stripe_event');
			const webhook = await stage.service.registerByHand(zap.targetUrl, ['payment.succeeded'], SECRET);
			await stage.service.raise('payment.succeeded', { subscription: webhook });
			await stage.zapier.settled();
			assert.deepEqual(stage.zapier.runsOf(zap), []);
			assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: signature_missing');
			await stage.service.removeByHand(webhook);
			await stage.zapier.turnOff(zap);
		});

		it('forged, unsigned and altered ones are dropped; an old one is not, since Zapier runs a Zap hours later', async () => {
			const zap = await turnOn('stripe_event');
			for (const [fault, reason] of [
				[{ wrongSignature: true }, 'signature_mismatch'],
				[{ unsigned: true }, 'signature_missing'],
				[{ alteredByte: true }, 'signature_mismatch'],
			] as const) {
				await stage.service.fail({ deliveries: fault });
				assert.deepEqual(await raised(zap, event('charge.failed', `evt_${reason}`)), []);
				assert.equal(stage.zapier.said().at(-1), `Dropped a delivery: ${reason}`);
			}
			await stage.service.fail({ deliveries: { staleTimestamp: 400 } });
			assert.equal((await raised(zap, event('charge.failed', 'evt_old'))).length, 1);
			await stage.service.fail({});
			await stage.zapier.turnOff(zap);
		});

		it('the id of the event is the guard: a replay is dropped, for this endpoint alone', async () => {
			const zap = await turnOn('stripe_event');
			assert.equal((await raised(zap, event('charge.failed', 'evt_again'))).length, 1);
			await stage.service.fail({ deliveries: { staleTimestamp: 4000 } });
			assert.equal((await raised(zap, event('charge.failed', 'evt_again'))).length, 0);
			await stage.service.fail({});
			assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: repeated');
			assert.equal(
				(await raised(zap, event('charge.failed', 'evt_again'), 'another')).length,
				1,
				'of another endpoint',
			);
			await stage.zapier.turnOff(zap);
		});

		it('has a sample, and no invented records', async () => {
			assert.deepEqual(await stage.zapier.samples(stage.connection, 'stripe_event'), []);
			const { triggers } = await stage.zapier.definition();
			assert.equal(triggers.stripe_event?.display.label, 'New Stripe Event');
			assert.equal(triggers.stripe_event?.operation.sample?.type, 'charge.succeeded');
		});
	});

	describe('SoshiaConnect', () => {
		let login: Connection;

		it('logs in with email address and password, and again when the session is over', async () => {
			login = await stage.zapier.connect({ ...credentialsOf(soshiaConnect), authentication: 'login' });
			assert.match(login.authData.sessionToken ?? '', /^sandbox-session-/);
			login.authData.sessionToken = 'over';
			const [profile] = (await stage.zapier.act(login, 'searches', 'profile_get', {})) as Array<{ email?: string }>;
			assert.equal(profile?.email, 'demo@example.com');
			assert.notEqual(login.authData.sessionToken, 'over');
			assert.ok(!JSON.stringify(stage.zapier.platform.logs).includes(login.authData.sessionToken ?? ''));
		});

		it('takes one of the two ways to log in, and says what is missing of either', async () => {
			const refused = async (filled: Record<string, string>) =>
				(await errorOf(stage.zapier.connect(filled))).said.message ?? '';
			assert.equal(
				await refused({}),
				'Fill in the credentials of the SoshiaConnect API: "API Key" and "Username" (Authentication: API Key), or ' +
					'"Email" and "Password" (Authentication: Login), or, for triggers alone, the webhook secret.',
			);
			const half = { apiKey: 'made-up-key', email: 'jane@example.com', webhookSecret: 'made-up-secret' };
			assert.match(
				await refused({ ...half, authentication: 'apiKey' }),
				/^"Username" is empty\. Fill in both "API Key" and /,
			);
			assert.match(
				await refused({ ...half, authentication: 'login' }),
				/^"Password" is empty\. Fill in both "Email" and /,
			);
			assert.match(await refused({ password: 'made-up', authentication: 'login' }), /^"Email" is empty\./);
		});

		it('explains both ways to log in', async () => {
			const { authentication } = await stage.zapier.definition();
			const help = (key: string) => String(authentication.fields.find((field) => field.key === key)?.helpText);
			assert.match(help('authentication'), /API Key: .* Login: /);
			assert.match(help('username'), /Required when Authentication is API Key\. Otherwise leave it empty\./);
			assert.match(help('password'), /Required when Authentication is Login\. Otherwise leave it empty\./);
		});

		it('a wrong password is refused with a sentence, without a loop of logins', async () => {
			const before = (await stage.service.calls()).length;
			const wrong = { ...credentialsOf(soshiaConnect), authentication: 'login', password: 'wrong-and-not-to-be-shown' };
			const { said, message } = await errorOf(stage.zapier.connect(wrong));
			assert.match(said.message ?? '', /^SoshiaConnect did not accept the login\. Check what you filled in\.$/);
			assert.doesNotMatch(message, /not-to-be-shown/);
			assert.equal((await stage.service.calls()).length, before + 1);
		});

		it('an API key that is no longer valid says so, and is no reason to log in', async () => {
			const key = {
				...stage.connection,
				authData: { ...stage.connection.authData, apiKey: 'revoked-and-not-to-be-shown' },
			};
			const { said, message } = await errorOf(stage.zapier.act(key, 'searches', 'route_get_data', { routeId: '1' }));
			assert.equal(said.status, 401);
			assert.doesNotMatch(message, /not-to-be-shown/);
		});
	});

	describeErrors(stage, { action: 'searches.route_get_data', input: { routeId: '1' } });
	describe('with a login', () => {
		// The profile is documented for a login only.
		before(async () => {
			stage.connection = await stage.zapier.connect({ ...credentialsOf(soshiaConnect), authentication: 'login' });
		});
		describeActions(stage, {
			'searches.access_check': async (first) => ({ routeId: await first('list_route') }),
			'searches.profile_get': {},
			'searches.route_get_data': { routeId: '1' },
			'searches.route_get_many': { limit: 2 },
		});
	});
});
