import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { soshiaConnect } from '../../providers/soshia-connect/provider.ts';
import { HAND_SECRETS } from '../../sandbox/accounts.mts';
import { describeActions, describeConnection, describeErrors, errorOf } from './support/cases.mts';
import { describeStaticHooks } from './support/static-hooks.mts';
import { credentialsOf, describeApp, triggerKey } from './support/suite.mts';
import type { Connection } from '../../harness/zapier/zapier.mts';

const SECRET = HAND_SECRETS['soshia-connect'];

describeApp(soshiaConnect, (stage) => {
	describeConnection(stage, { secret: 'apiKey', label: /^demo$/ });
	describeStaticHooks(stage);

	describe('events that Stripe delivers', () => {
		for (const { name } of soshiaConnect.events) {
			it(`${triggerKey(name)}: Stripe-Signature is verified instead of the own header`, async () => {
				const zap = await stage.zapier.turnOn(stage.connection, triggerKey(name));
				const webhook = await stage.service.registerByHand(zap.targetUrl, ['charge.succeeded'], SECRET, 'stripe');
				const payload = { id: `evt_${triggerKey(name)}`, type: 'charge.succeeded', data: { object: { id: 'ch_1' } } };
				const raise = () => stage.service.raise('charge.succeeded', { payload, subscription: webhook });
				await raise();
				for (const fault of [
					{ wrongSignature: true },
					{ unsigned: true },
					{ alteredByte: true },
					{ staleTimestamp: 400 },
				]) {
					await stage.service.fail({ deliveries: fault });
					await raise();
					await stage.zapier.settled();
					const reason =
						'staleTimestamp' in fault
							? 'timestamp_stale'
							: 'unsigned' in fault
								? 'signature_missing'
								: 'signature_mismatch';
					assert.equal(stage.zapier.said().at(-1), `Dropped a delivery: ${reason}`);
				}
				await stage.service.fail({});
				await stage.zapier.settled();
				assert.deepEqual(stage.zapier.runsOf(zap), [payload], 'under the name that Stripe gives it');
				await stage.service.removeByHand(webhook);
				await stage.zapier.turnOff(zap);
			});
		}
	});

	describe('SoshiaConnect', () => {
		let login: Connection;

		it('logs in with e-mail address and password, and again when the session is over', async () => {
			login = await stage.zapier.connect({ ...credentialsOf(soshiaConnect), authentication: 'login' });
			assert.match(login.authData.sessionToken ?? '', /^sandbox-session-/);
			login.authData.sessionToken = 'over';
			const [profile] = (await stage.zapier.act(login, 'searches', 'profile_get', {})) as Array<{ email?: string }>;
			assert.equal(profile?.email, 'demo@example.com');
			assert.notEqual(login.authData.sessionToken, 'over');
			assert.ok(!JSON.stringify(stage.zapier.platform.logs).includes(login.authData.sessionToken ?? ''));
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
