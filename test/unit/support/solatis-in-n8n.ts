/** A Solatis trigger in a made-up n8n, and the service behind it. Static data is saved as n8n does it: once a call has ended. */
import type { IDataObject, IHookFunctions, IPollFunctions } from 'n8n-workflow';
import { webhookMethods } from '../../../nodes/n8n/lifecycle.ts';
import { solatis } from '../../../providers/solatis/provider.ts';

export interface Hook {
	id: string;
	url: string;
	events: string[];
	secret: string;
	status: string;
}

interface Sent {
	method: string;
	url: string;
	body?: { url: string; events: string[]; secret: string } | string;
}

/** The service: keeps webhooks, and fails as a test asks. */
export class Solatis {
	readonly hooks: Hook[] = [];
	readonly asked: string[] = [];
	/** What a request is answered instead. */
	before: (request: Sent) => { statusCode: number; body: unknown } | undefined = () => undefined;
	deliveries: IDataObject[] = [];
	private count = 0;

	async answer(request: Sent): Promise<{ statusCode: number; headers: Record<string, string>; body: unknown }> {
		const { method, url } = request;
		this.asked.push(`${method} ${new URL(url).pathname}`);
		const { statusCode, body } = this.before(request) ?? this.work(request);
		return { statusCode, headers: {}, body };
	}

	private work({ method, url, body }: Sent): { statusCode: number; body: unknown } {
		const id = new URL(url).pathname.split('/webhooks/')[1];
		if (id?.endsWith('/deliveries')) return { statusCode: 200, body: { deliveries: this.deliveries } };
		if (method === 'GET') return { statusCode: 200, body: { webhooks: this.hooks.map((hook) => ({ ...hook })) } };
		if (method === 'DELETE') {
			const index = this.hooks.findIndex((hook) => hook.id === id);
			if (index < 0) return { statusCode: 404, body: { error: { message: 'Webhook not found' } } };
			this.hooks.splice(index, 1);
			return { statusCode: 204, body: undefined };
		}
		const wanted = (typeof body === 'string' ? JSON.parse(body) : body) as Omit<Hook, 'id' | 'status'>;
		const made = { ...wanted, id: `wh_${++this.count}`, status: 'active' };
		this.hooks.push(made);
		return { statusCode: 201, body: { ...made } };
	}
}

export type Activation = 'activate' | 'update' | 'init' | 'leadershipChange' | 'manual';

let triggers = 0;

/** A trigger node, and what n8n does with it. */
export function solatisTrigger(service: Solatis, parameters: IDataObject = {}) {
	const number = ++triggers;
	const warnings: string[] = [];
	const log = (message: string) => void warnings.push(message);
	const methods = webhookMethods(solatis);
	const trigger = {
		webhookId: `hook-${number}`,
		url: `https://n8n.example.com/webhook/hook-${number}/webhook`,
		saved: {} as IDataObject,
		credentials: { apiKey: 'a made-up key', baseUrl: 'https://service.example.com/v2' } as IDataObject,
		parameters: { events: ['task.created', 'task.deleted'], options: {}, ...parameters } as IDataObject,
		warnings,
		context(data: IDataObject, activation: Activation = 'activate') {
			return {
				getNodeParameter: (name: string, fallback: unknown) => trigger.parameters[name] ?? fallback,
				getWorkflowStaticData: () => data,
				getNodeWebhookUrl: () => trigger.url,
				getWorkflow: () => ({ id: 'w', name: 'Made up' }),
				getNode: () => ({ id: 'n', name: 'Solatis Trigger', webhookId: trigger.webhookId }),
				getMode: () => (activation === 'manual' ? 'manual' : 'trigger'),
				getActivationMode: () => activation,
				getCredentials: async () => trigger.credentials,
				helpers: { httpRequestWithAuthentication: async (_: string, request: Sent) => await service.answer(request) },
				logger: { info: () => undefined, warn: log, debug: () => undefined, error: log },
			};
		},
		/** Calls a webhook method; saves static data as n8n does. `other`: on what is saved, in another object (n8n before 2.40). */
		async call(method: keyof typeof methods, activation: Activation = 'activate'): Promise<boolean> {
			const data = structuredClone(trigger.saved);
			try {
				return await methods[method].call(trigger.context(data, activation) as unknown as IHookFunctions);
			} finally {
				trigger.saved = data;
			}
		},
		/** What n8n does at a start, or on publishing. */
		async start(activation: Activation): Promise<void> {
			if (!(await trigger.call('checkExists', activation))) await trigger.call('create', activation);
		},
		/** The context of one activation's polls. */
		pollContext(activation: Activation): IPollFunctions {
			return trigger.context(structuredClone(trigger.saved), activation) as unknown as IPollFunctions;
		},
	};
	return trigger;
}
