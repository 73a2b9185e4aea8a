/** Static hooks: their secrets stand in the connection. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf } from './cases.mts';
import { credentialsOf, triggerKey, type Stage } from './suite.mts';
import type { Zap } from '../../../harness/zapier/zapier.mts';

/** Secrets of hooks that are registered manually: several at once, rotated, missing. */
export function describeStaticHooks(stage: Stage): void {
	const event = stage.provider.events[0];
	const trigger = triggerKey(event.name);

	/** Whether a delivery that is signed with `secret` makes a Zap of a connection with these secrets run. */
	const runs = async (secrets: Record<string, string>, secret: string): Promise<boolean> => {
		const authData = { ...credentialsOf(stage.provider), webhookSecret: '', ...secrets };
		const zap: Zap = await stage.zapier.turnOn({ id: 'static', label: '', authData }, trigger);
		const webhook = await stage.service.registerByHand(zap.targetUrl, [event.name], secret);
		await stage.service.raise(event.name);
		await stage.zapier.settled();
		await stage.service.removeByHand(webhook);
		await stage.zapier.turnOff(zap);
		return stage.zapier.runsOf(zap).length === 1;
	};

	describe('static hooks', () => {
		it('a person who only receives connects with the webhook secret alone', async () => {
			const connection = await stage.zapier.connect({ webhookSecret: 'made-up-secret' });
			assert.match(connection.label, /#[0-9a-f]{6}$/);
			assert.deepEqual(await stage.zapier.samples(connection, trigger), [], 'nothing is made up');
		});

		it('every endpoint may have a secret of its own', async () => {
			const webhookSecret = ' made-up-one\n made-up-two\tmade-up-three ';
			for (const secret of ['made-up-one', 'made-up-two', 'made-up-three'])
				assert.ok(await runs({ webhookSecret }, secret));
			assert.ok(!(await runs({ webhookSecret }, 'made-up-four')));
			assert.ok(!(await runs({ webhookSecret }, 'made-up-one made-up-two')));
		});

		it('while a secret is rotated both are valid, afterwards one', async () => {
			const rotating = { webhookSecret: 'made-up-new', previousWebhookSecret: 'made-up-old' };
			assert.ok(await runs(rotating, 'made-up-new'));
			assert.ok(await runs(rotating, 'made-up-old'));
			assert.ok(!(await runs({ webhookSecret: 'made-up-new' }, 'made-up-old')));
		});

		it('without a secret the trigger fails its test, and says what to do', async () => {
			const connection = {
				id: 'static',
				label: '',
				authData: { ...credentialsOf(stage.provider), webhookSecret: ' ' },
			};
			const { said } = await errorOf(stage.zapier.samples(connection, trigger));
			assert.equal(said.status, 400);
			assert.match(said.message ?? '', /has no webhook secret, so events can't be verified\. Add the signing secret/);
		});

		it('without a secret a delivery is an error that a person sees: nothing could ever arrive', async () => {
			const before = stage.zapier.failed.length;
			assert.ok(!(await runs({}, 'made-up-one')));
			const [failed] = stage.zapier.failed.splice(before);
			assert.match(failed?.error.message ?? '', /has no webhook secret/);
			assert.ok(failed?.error.safe);
		});

		it('claims nothing, since nothing tells two hooks apart', () => {
			assert.deepEqual(stage.zapier.platform.cache.sets, []);
		});

		it('says how the URL is registered', async () => {
			const { triggers } = await stage.zapier.definition();
			assert.ok((triggers[trigger]?.display.directions ?? '').length > 40);
			assert.equal(triggers[trigger]?.operation.performSubscribe, undefined);
		});
	});
}
