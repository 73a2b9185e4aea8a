import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { webhookMethods } from '../../../nodes/n8n/lifecycle.ts';
import { solarProof } from '../../../providers/solar-proof/provider.ts';

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
			getNode: () => ({ id: 'n', name: 'Solar Proof Trigger', webhookId: 'hook' }),
			getMode: () => 'trigger',
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

	it('is asked anew after a removal that n8n did not wait for, though what is stored was not changed', async () => {
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
