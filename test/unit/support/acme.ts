/** A made-up service for tests of the core: what a provider can be, in its smallest form. */
import { path } from '../../../core/json.ts';
import type {
	HttpRequest,
	HttpResponse,
	Json,
	Proof,
	Provider,
	Scheme,
	Send,
	SubscriptionApi,
} from '../../../core/provider.ts';

export const HMAC: Scheme = { kind: 'hmac', header: 'x-acme-signature', encoding: 'hex' };
export const URL_TOKEN: Scheme = { kind: 'url-token', tokenParameter: 'token', eventParameter: 'event' };
export const STRIPE: Scheme = {
	kind: 'hmac',
	header: 'stripe-signature',
	encoding: 'hex',
	prefix: 'v1=',
	separator: ',',
	timestamp: { entry: 't=', toleranceSeconds: 300 },
	signed: ['timestamp', { text: '.' }, 'body'],
};

export function proof(scheme: Scheme, more: Partial<Proof> = {}): Proof {
	return { name: 'acme', label: 'Acme', scheme, grade: 'documented', ...more };
}

export function response(status: number, body?: Json, headers: HttpResponse['headers'] = {}): HttpResponse {
	return { status, headers, body, text: body === undefined ? '' : JSON.stringify(body) };
}

export const setApi: SubscriptionApi = {
	per: 'set',
	secret: 'ours',
	identifiedBy: 'id',
	subscribe: ({ url, events, secret }) => ({
		method: 'POST',
		path: '/hooks',
		json: { url, events: [...events], secret: secret ?? '' },
	}),
	subscribed: ({ body }) => (body as { id?: string }) ?? {},
	unsubscribe: ({ id }) => [{ method: 'DELETE', path: path`/hooks/${id ?? ''}` }],
	list: {
		request: () => ({ method: 'GET', path: '/hooks' }),
		read: ({ body }) => body as never,
		grade: 'documented',
	},
};

export const eventApi: SubscriptionApi = { ...setApi, per: 'event' };

export const urlApi: SubscriptionApi = {
	per: 'event',
	secret: 'url-token',
	identifiedBy: 'url',
	subscribe: ({ url, events }) => ({ method: 'POST', path: '/hooks', json: { url, events: [...events] } }),
	subscribed: () => ({}),
	unsubscribe: ({ url }) => [
		{ method: 'POST', path: '/unhook', json: { url } },
		{ method: 'DELETE', path: '/unhook', json: { url } },
	],
	gone: ({ body }) => (body as { message?: string } | undefined)?.message === 'nothing there',
};

export function acme(more: Partial<Provider> = {}): Provider {
	return {
		id: 'acme',
		name: 'Acme',
		description: 'A made-up service.',
		homepage: 'https://acme.example.com',
		documentation: 'https://acme.example.com/docs',
		api: {
			fields: [{ name: 'apiKey', label: 'API Key', type: 'string', secret: true, required: true }],
			baseUrl: 'https://api.acme.example.com',
			authenticate: (request) => request,
			test: { method: 'GET', path: '/me' },
			help: 'https://acme.example.com/keys',
			hint: 'Settings > API Keys.',
		},
		events: [
			{
				name: 'thing.made',
				label: 'Thing Made',
				description: 'A thing is made',
				grade: 'documented',
				sample: {},
				sampleGrade: 'documented',
			},
			{
				name: 'thing.lost',
				label: 'Thing Lost',
				description: 'A thing is lost',
				grade: 'documented',
				sample: {},
				sampleGrade: 'documented',
				lookAlike: true,
			},
		],
		receiving: {
			proofs: [proof(HMAC)],
			formats: ['json'],
			eventOf: ({ event }) => (typeof event === 'string' ? event : undefined),
			eventId: ({ id }) => [id],
		},
		registrations: [{ name: 'api', label: 'Automatic', kind: 'api', api: setApi, grade: 'documented' }],
		resources: [{ name: 'thing', label: 'Thing' }],
		operations: [],
		readError: ({ status, body }) => {
			const message = (body as { message?: string } | undefined)?.message;
			return status >= 400 && message !== undefined ? { message } : undefined;
		},
		assumptions: [],
		...more,
	};
}

interface Hook {
	id: string;
	url: string;
	events: string[];
	secret?: string;
	active: boolean;
}

/** The service itself: keeps hooks, and does at each call what a test asks of it. */
export class AcmeService {
	readonly hooks: Hook[] = [];
	readonly calls: HttpRequest[] = [];
	/** Called before each request; what it returns is the answer, what it throws is a connection that failed. */
	before: (request: HttpRequest) => HttpResponse | undefined = () => undefined;
	/** Called after the work was done: an exception is an answer that was lost on its way. */
	after: (request: HttpRequest) => void = () => undefined;
	private count = 0;

	readonly send: Send = async (request) => {
		this.calls.push(request);
		const answer = this.before(request) ?? this.work(request);
		this.after(request);
		return answer;
	};

	private work({ method, path: where, json }: HttpRequest): HttpResponse {
		const body = (json ?? {}) as { url: string; events: string[]; secret?: string };
		if (where === '/unhook') {
			const before = this.hooks.length;
			this.drop((hook) => hook.url === body.url);
			return this.hooks.length === before ? response(400, { message: 'nothing there' }) : response(200, {});
		}
		if (method === 'POST') {
			this.count += 1;
			const hook = { id: `hook_${this.count}`, active: true, ...body };
			this.hooks.push(hook);
			return response(200, { id: hook.id });
		}
		if (method === 'GET')
			return response(
				200,
				this.hooks.map((hook) => ({ ...hook })),
			);
		const id = decodeURIComponent(where.split('/')[2] ?? '');
		if (!this.hooks.some((hook) => hook.id === id)) return response(404, { message: 'no such hook' });
		this.drop((hook) => hook.id === id);
		return response(200, {});
	}

	private drop(which: (hook: Hook) => boolean): void {
		for (let index = this.hooks.length - 1; index >= 0; index--)
			if (which(this.hooks[index]!)) this.hooks.splice(index, 1);
	}
}
