/** The services, for the tests: a sandbox of their own, and its control calls. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../../core/provider.ts';
import { BASE_PATHS, type ProviderId } from '../../sandbox/accounts.mts';
import type { Delivery } from '../../sandbox/deliveries.mts';
import type { DeliveryFaults, CallFault } from '../../sandbox/faults.mts';
import type { LoggedRequest } from '../../sandbox/requests.mts';
import { refuseViolations } from '../../sandbox/contract/refuse.mts';
import { startSandbox, type Sandbox } from '../../sandbox/server.mts';
import type { Subscription } from '../../sandbox/subscriptions.mts';

/** Retries that take minutes at the services take less than a millisecond here. */
const SPEED = 1_000_000;

export interface Raised {
	payload: Json;
	deliveries: Delivery[];
}

/** One service of a running sandbox. */
export class Service {
	readonly id: ProviderId;
	private readonly sandbox: Sandbox;

	constructor(id: ProviderId, sandbox: Sandbox) {
		this.id = id;
		this.sandbox = sandbox;
	}

	/** For the app's environment, e.g. `SOLATIS_BASE_URL`. */
	get baseUrl(): string {
		return this.sandbox.url + BASE_PATHS[this.id];
	}

	/** What was sent that no contract declares, as `kind name`. A test that does so on purpose takes it. */
	takeViolations(): string[] {
		return this.sandbox.takeViolations().map(({ kind, name }) => `${kind} ${name}`);
	}

	/** Raises an event, and waits until the service is done with its deliveries. */
	async raise(event: string, more: { account?: string; subscription?: string; payload?: Json } = {}): Promise<Raised> {
		const raised = await this.post<{ payload: Json; deliveries: string[] }>('/events', {
			provider: this.id,
			event,
			account: '1',
			...more,
		});
		const deliveries = await Promise.all(raised.deliveries.map((id) => this.settled(id)));
		return { payload: raised.payload, deliveries };
	}

	/** Registers a webhook as a person does in the service's dashboard. */
	async registerByHand(url: string, events: readonly string[], secret: string, signature?: string): Promise<string> {
		const { id } = await this.post<{ id: string }>('/subscriptions', {
			provider: this.id,
			url,
			events,
			secret,
			...(signature === undefined ? {} : { signature }),
		});
		return id;
	}

	async subscriptions(): Promise<Subscription[]> {
		const found = await this.get<{ subscriptions: Subscription[] }>(`/subscriptions?provider=${this.id}`);
		return found.subscriptions;
	}

	/** Removes a webhook behind everybody's back. */
	async removeByHand(id: string): Promise<void> {
		await fetch(`${this.sandbox.url}/control/subscriptions/${id}`, { method: 'DELETE' });
	}

	/** Sets what goes wrong from now on, in place of what was set before. */
	async fail(faults: {
		deliveries?: DeliveryFaults;
		calls?: CallFault[];
		behaviour?: { [name: string]: Json };
	}): Promise<void> {
		await this.post('/faults', { provider: this.id, ...faults });
	}

	/** Calls that reached the service, oldest first. */
	async calls(): Promise<LoggedRequest[]> {
		const { requests } = await this.get<{ requests: LoggedRequest[] }>(`/requests?provider=${this.id}`);
		return requests;
	}

	/** Back to the beginning. @throws Error when a call was made that no contract declares */
	async reset(): Promise<void> {
		refuseViolations(this.sandbox);
		await this.post('/reset', {});
	}

	/** Stops it. @throws Error when a call was made that no contract declares */
	async close(): Promise<void> {
		await this.sandbox.close();
		refuseViolations(this.sandbox);
	}

	private async settled(id: string): Promise<Delivery> {
		for (let tries = 0; ; tries++) {
			const delivery = await this.get<Delivery>(`/deliveries/${id}`);
			if (delivery.state !== 'pending') return delivery;
			if (tries > 500) throw new Error(`Delivery ${id} of ${this.id} is still pending`);
			await wait(10);
		}
	}

	private async get<Body>(path: string): Promise<Body> {
		return answered<Body>(await fetch(`${this.sandbox.url}/control${path}`));
	}

	private async post<Body>(path: string, body: object): Promise<Body> {
		return answered<Body>(
			await fetch(`${this.sandbox.url}/control${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			}),
		);
	}
}

/** Starts a sandbox for one service. */
export async function startService(id: ProviderId): Promise<Service> {
	return new Service(id, await startSandbox({ speed: SPEED }));
}

async function answered<Body>(response: Response): Promise<Body> {
	const text = await response.text();
	if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${text}`);
	return JSON.parse(text) as Body;
}
