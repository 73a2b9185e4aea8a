import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { webhookMethods } from '../../../nodes/n8n/lifecycle.ts';
import { solarProof } from '../../../providers/solar-proof/provider.ts';
import { solatis } from '../../../providers/solatis/provider.ts';
import { Solatis, solatisTrigger } from '../support/solatis-in-n8n.ts';

type Answer = 'ok' | 'none';
const [{ name: event }] = solarProof.events;
const { checkExists, create, delete: remove } = webhookMethods(solarProof);
let count = 0;

/** A Solar Proof trigger in a made-up n8n, and what it asked the service. Static data is saved as n8n does it: once a call has ended. */
function publish(origin = 'https://n8n.example.com') {
	const url = `${origin}/webhook/${++count}`;
	const asked: string[] = [];
	let saved: IDataObject = {};
	let answers: Answer = 'ok';
	const call = async (method: typeof create): Promise<boolean> => {
		const data = structuredClone(saved);
		const context = {
			getNodeParameter: (name: string, fallback: unknown) => (name === 'events' ? [event] : fallback),
			getWorkflowStaticData: () => data,
			getNodeWebhookUrl: () => url,
			getWorkflow: () => ({ id: 'w', name: 'Made up' }),
			getNode: () => ({ id: 'n', name: 'Solar Proof Trigger', webhookId: url }),
			getMode: () => 'trigger',
			getActivationMode: () => 'activate',
			getCredentials: async () => ({ apiKey: 'a made-up key', baseUrl: 'https://service.example.com' }),
			helpers: {
				httpRequestWithAuthentication: async (_: string, { qs }: { qs: { action: string } }) => {
					asked.push(qs.action);
					return answers === 'ok'
						? { statusCode: 200, headers: {}, body: { success: true } }
						: await new Promise(() => undefined);
				},
			},
			logger: { info: () => undefined, warn: () => undefined, debug: () => undefined },
		};
		const result = await method.call(context as unknown as IHookFunctions);
		saved = data;
		return result;
	};
	return { call, asked, answer: (how: Answer) => (answers = how) };
}

describe('a service that cannot be asked what it holds', () => {
	it('is taken at the word of what is stored', async () => {
		const { call, asked } = publish();
		expect(await call(checkExists)).toBe(false);
		expect(await call(create)).toBe(true);
		const before = asked.length;
		expect(await call(checkExists)).toBe(true);
		expect(asked).toHaveLength(before);
	});

	it('is asked again after a removal that n8n did not wait for, though what is stored was not changed', async () => {
		const { call, answer } = publish();
		await call(create);
		answer('none');
		void call(remove);
		await new Promise((resolve) => setImmediate(resolve));
		answer('ok');
		expect(await call(checkExists)).toBe(false);
		expect(await call(create)).toBe(true);
		expect(await call(checkExists)).toBe(true);
	});

	it('is asked by the node whose removal it was, and by no other', async () => {
		const [one, other] = [publish(), publish()];
		await one.call(create);
		await other.call(create);
		one.answer('none');
		void one.call(remove);
		await new Promise((resolve) => setImmediate(resolve));
		expect(await other.call(checkExists)).toBe(true);
	});
});

it('says what to set when the service could not reach the webhook URL', async () => {
	const { call, asked } = publish('http://localhost:5678');
	await expect(call(create)).rejects.toThrow(
		/^Solar Proof cannot reach the webhook URL http:\/\/localhost:5678\/.*Set WEBHOOK_URL/,
	);
	expect(asked).toEqual([]);
});

/** Another process: what this one remembers of a trigger is keyed by its webhook. */
async function inAnotherProcess<T>(work: (module: { webhookMethods: typeof webhookMethods }) => Promise<T>) {
	let result: Promise<T> | undefined;
	await jest.isolateModulesAsync(async () => {
		result = work(await import('../../../nodes/n8n/lifecycle.ts'));
		await result;
	});
	return await result!;
}

describe('a start of n8n', () => {
	const outOfOrder = { statusCode: 500, body: { error: { message: 'out of order' } } };

	it.each(['init', 'leadershipChange'] as const)(
		'while the list is out of order leaves a live subscription alone, and says so (%s)',
		async (activation) => {
			const service = new Solatis();
			const trigger = solatisTrigger(service);
			await trigger.start('activate');
			const before = structuredClone(service.hooks);
			service.before = ({ method }) => (method === 'GET' ? outOfOrder : undefined);
			expect(await trigger.call('checkExists', activation)).toBe(true);
			expect(trigger.warnings.join()).toContain('out of order');
			expect(service.hooks).toEqual(before);
		},
	);

	it('without its credential leaves a live subscription alone', async () => {
		const service = new Solatis();
		const trigger = solatisTrigger(service);
		await trigger.start('activate');
		trigger.credentials = { baseUrl: 'https://service.example.com/v2' };
		expect(await trigger.call('checkExists', 'init')).toBe(true);
		expect(service.hooks).toHaveLength(1);
	});

	it.each(['activate', 'update'] as const)(
		'is no excuse on publishing: there the person is told (%s)',
		async (mode) => {
			const service = new Solatis();
			const trigger = solatisTrigger(service);
			await trigger.start('activate');
			service.before = () => outOfOrder;
			await expect(trigger.call('checkExists', mode)).rejects.toThrow('out of order');
			// What n8n does then: also on other static data, read from the database (before 2.40).
			expect(await trigger.call('delete', mode)).toBe(true);
			service.before = () => undefined;
			expect(service.hooks).toHaveLength(1);
			// Later it belongs to nothing but unpublishing.
			await trigger.call('checkExists', mode);
			expect(await trigger.call('delete', mode)).toBe(true);
			expect(service.hooks).toEqual([]);
		},
	);

	it('heals what was removed or switched off meanwhile, with a secret that is known', async () => {
		for (const happened of [
			(service: Solatis) => service.hooks.splice(0),
			(service: Solatis) => (service.hooks[0]!.status = 'disabled'),
		]) {
			const service = new Solatis();
			const trigger = solatisTrigger(service);
			await trigger.start('activate');
			const [{ secret } = { secret: '' }] = service.hooks;
			happened(service);
			await trigger.start('init');
			expect(service.hooks).toMatchObject([{ secret, status: 'active', url: trigger.url }]);
			expect(trigger.saved).toMatchObject({ subscriptions: [{ id: service.hooks[0]!.id, secret }] });
		}
	});

	it('finds what was subscribed before n8n was killed, and makes one of it', async () => {
		const service = new Solatis();
		const trigger = solatisTrigger(service);
		await trigger.start('activate');
		trigger.saved = {};
		await trigger.start('init');
		expect(service.hooks).toHaveLength(1);
		expect(trigger.saved).toMatchObject({ subscriptions: [{ id: service.hooks[0]!.id }] });
	});

	it('does not fail when what is missing cannot be made yet: it is tried again', async () => {
		const service = new Solatis();
		const trigger = solatisTrigger(service);
		await trigger.start('activate');
		service.hooks.splice(0);
		service.before = ({ method }) => (method === 'POST' ? outOfOrder : undefined);
		await trigger.start('init');
		expect(trigger.warnings.join()).toContain('It is tried again');
	});

	it('writes nothing to static data that n8n would save for nothing', async () => {
		const service = new Solatis();
		const trigger = solatisTrigger(service);
		await trigger.start('activate');
		const frozen = Object.freeze(structuredClone(trigger.saved));
		trigger.saved = frozen;
		const { checkExists: check } = webhookMethods(solatis);
		await expect(check.call(trigger.context(frozen, 'init') as unknown as IHookFunctions)).resolves.toBe(true);
	});
});

describe('a copy of a workflow with all that is stored in it', () => {
	it('leaves the subscription of the original under its address, and names it', async () => {
		const service = new Solatis();
		const original = solatisTrigger(service);
		await original.start('activate');
		const copy = solatisTrigger(service);
		copy.webhookId = original.webhookId;
		copy.url = original.url.replace('n8n.example.com', 'other.example.com');
		copy.saved = structuredClone(original.saved);
		// Another n8n is another process.
		await inAnotherProcess(async ({ webhookMethods: methods }) => {
			const { checkExists: check, create: make, delete: drop } = methods(solatis);
			const data = structuredClone(copy.saved);
			const context = copy.context(data) as unknown as IHookFunctions;
			expect(await check.call(context)).toBe(false);
			await make.call(context);
			expect(service.hooks.map(({ url }) => url)).toEqual([original.url, copy.url]);
			expect(copy.warnings.join()).toMatch(/wh_1 .*belongs to another address/);
			await drop.call(context);
		});
		expect(service.hooks.map(({ url }) => url)).toEqual([original.url]);
		expect(await original.call('checkExists')).toBe(true);
	});
});

it('a secret is changed by its version', async () => {
	const service = new Solatis();
	const trigger = solatisTrigger(service);
	await trigger.start('activate');
	const [{ secret } = { secret: '' }] = service.hooks;
	trigger.parameters.options = { tokenVersion: 2 };
	await trigger.start('update');
	expect(service.hooks).toHaveLength(1);
	expect(service.hooks[0]!.secret).not.toBe(secret);
	trigger.parameters.options = {};
	await trigger.start('update');
	expect(service.hooks[0]!.secret).toBe(secret);
});

it('nothing is subscribed with a secret that anybody could derive', async () => {
	const service = new Solatis();
	const trigger = solatisTrigger(service);
	trigger.credentials = { apiKey: '  ', baseUrl: 'https://service.example.com/v2' };
	await expect(trigger.start('activate')).rejects.toThrow('has no key');
	expect(service.hooks).toEqual([]);
});
