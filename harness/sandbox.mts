/** The sandbox in this process, and its control calls. */
import axios, { type AxiosInstance } from 'axios';
import { demoCredentials, type ProviderId } from '../sandbox/accounts.mts';
import { refuseViolations } from '../sandbox/contract/refuse.mts';
import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { until } from './until.mts';

export interface Attempt {
	status?: number;
	response?: { body: string };
	request: { url: string; headers: Record<string, string>; body: string };
}

export interface DeliveryRecord {
	id: string;
	provider: string;
	subscription: string;
	event: string;
	url: string;
	/** The delivery that this one repeats. */
	copyOf?: string;
	state: 'pending' | 'delivered' | 'failed' | 'abandoned';
	attempts: Attempt[];
}

export interface SubscriptionRecord {
	id: string;
	url: string;
	events: string[];
	active: boolean;
	secret?: string;
	account: string;
	[other: string]: unknown;
}

export interface RequestRecord {
	/** When it came, ISO 8601. */
	at: string;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: unknown;
	status: number;
}

export class SandboxControl {
	readonly sandbox: Sandbox;
	readonly provider: ProviderId;
	private readonly http: AxiosInstance;

	private constructor(sandbox: Sandbox, provider: ProviderId) {
		this.sandbox = sandbox;
		this.provider = provider;
		this.http = axios.create({ baseURL: `${sandbox.url}/control`, proxy: false });
		this.http.interceptors.response.use(undefined, (cause: unknown) => {
			if (!axios.isAxiosError(cause) || cause.response === undefined) throw cause;
			const said = JSON.stringify(cause.response.data);
			throw new Error(`The sandbox answered ${cause.response.status}: ${said}`, { cause });
		});
	}

	/** Starts a sandbox whose retries are `speed` times faster than documented, and speaks to one of its services. */
	static async start(provider: ProviderId, speed = 600): Promise<SandboxControl> {
		return new SandboxControl(await startSandbox({ speed }), provider);
	}

	/** Speaks to a service of a sandbox that runs in this process. */
	static at(sandbox: Sandbox, provider: ProviderId): SandboxControl {
		return new SandboxControl(sandbox, provider);
	}

	/** The same sandbox, another service. */
	of(provider: ProviderId): SandboxControl {
		return new SandboxControl(this.sandbox, provider);
	}

	/** Credential data for the service's first account. */
	get credentials(): Record<string, string> {
		return { ...demoCredentials(this.provider, this.sandbox.url) };
	}

	async raise(
		event: string,
		more: Record<string, unknown> = {},
	): Promise<{ payload: unknown; payloads: unknown[]; deliveries: string[] }> {
		const { data } = await this.http.post<{ payload: unknown; payloads: unknown[]; deliveries: string[] }>('/events', {
			provider: this.provider,
			event,
			...more,
		});
		return data;
	}

	async faults(
		faults: { deliveries?: Record<string, unknown>; calls?: unknown[]; behaviour?: Record<string, unknown> } = {},
	): Promise<void> {
		await this.http.post('/faults', { provider: this.provider, ...faults });
	}

	async subscriptions(): Promise<SubscriptionRecord[]> {
		const { data } = await this.http.get<{ subscriptions: SubscriptionRecord[] }>('/subscriptions', {
			params: { provider: this.provider },
		});
		return data.subscriptions;
	}

	async register(more: Record<string, unknown>): Promise<SubscriptionRecord> {
		const { data } = await this.http.post<SubscriptionRecord>('/subscriptions', { provider: this.provider, ...more });
		return data;
	}

	/** Switches a subscription on or off, as the service or a person in its dashboard does. */
	async setActive(id: string, active: boolean): Promise<void> {
		await this.http.post(`/subscriptions/${encodeURIComponent(id)}`, { active });
	}

	async removeSubscription(id: string): Promise<void> {
		await this.http.delete(`/subscriptions/${encodeURIComponent(id)}`);
	}

	async deliveries(): Promise<DeliveryRecord[]> {
		const { data } = await this.http.get<{ deliveries: DeliveryRecord[] }>('/deliveries', {
			params: { provider: this.provider, limit: 1000 },
		});
		return data.deliveries;
	}

	async requests(): Promise<RequestRecord[]> {
		const { data } = await this.http.get<{ requests: RequestRecord[] }>('/requests', {
			params: { provider: this.provider },
		});
		return data.requests;
	}

	/** Back to the beginning. @throws Error when a call was made that no contract declares */
	async reset(): Promise<void> {
		refuseViolations(this.sandbox);
		await this.http.post('/reset', {});
	}

	/** The last attempts of deliveries, once each has been answered. */
	async answered(
		ids: readonly string[],
		milliseconds = 15_000,
	): Promise<Array<{ status: number | undefined; reason: string | undefined; verdict: string | undefined }>> {
		return await until('the deliveries to be answered', milliseconds, async () => {
			const all = await this.deliveries();
			const mine = ids.map((id) => all.find((one) => one.id === id)?.attempts.at(-1));
			if (
				mine.some(
					(attempt) => attempt === undefined || (attempt.status === undefined && attempt.response === undefined),
				)
			)
				return undefined;
			return mine.map((attempt) => {
				const said = parsed(attempt?.response?.body);
				return { status: attempt?.status, verdict: said['verdict'], reason: said['reason'] };
			});
		});
	}

	/** Stops it. @throws Error when a call was made that no contract declares */
	async close(): Promise<void> {
		await this.sandbox.close();
		refuseViolations(this.sandbox);
	}
}

function parsed(body: string | undefined): Record<string, string> {
	try {
		return JSON.parse(body ?? '') as Record<string, string>;
	} catch {
		return {};
	}
}
