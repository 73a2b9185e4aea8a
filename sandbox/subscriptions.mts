/** What the services keep: who is to be told about what, where, and signed how. In memory. */
import type { Format } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';
import { instant } from './fresh.mts';

export interface Subscription {
	/** As the service gives it out. */
	id: string;
	provider: ProviderId;
	account: string;
	url: string;
	/** Event types in the service's spelling; `*` means all. */
	events: string[];
	/** Undefined where the service signs nothing. */
	secret?: string;
	/** Name of one of the provider's proofs (`receiving.proofs`). */
	signature: string;
	format: Format;
	title: string;
	/** The service's own narrowing, e.g. Solve360's `constrainttype`. */
	constraint?: string;
	active: boolean;
	/** Why the service switched it off, where it did. */
	disabledReason?: string;
	disabledAt?: string;
	/** Made through the service's API, or manually (its dashboard; here a control call). */
	origin: 'api' | 'hand';
	createdAt: string;
}

export type NewSubscription = Pick<Subscription, 'id' | 'provider' | 'account' | 'url' | 'events'> &
	Partial<Subscription>;

/** All subscriptions of all services, in the order they were made. */
export class Subscriptions {
	#all: Subscription[] = [];

	/** Keeps a new one; what is left out is: active, JSON, the provider's first proof (`default`), made through the API. */
	add(subscription: NewSubscription): Subscription {
		const kept: Subscription = {
			signature: 'default',
			format: 'json',
			title: '',
			active: true,
			origin: 'api',
			createdAt: instant(),
			...subscription,
		};
		this.#all.push(kept);
		return kept;
	}

	/** Those of a provider and, where given, of one account. */
	of(provider?: ProviderId, account?: string): Subscription[] {
		return this.#all.filter(
			(one) =>
				(provider === undefined || one.provider === provider) && (account === undefined || one.account === account),
		);
	}

	find(provider: ProviderId, account: string, id: string): Subscription | undefined {
		return this.of(provider, account).find((one) => one.id === id);
	}

	/** Finds by id alone, over all services: their ids do not collide here. */
	byId(id: string): Subscription | undefined {
		return this.#all.find((one) => one.id === id);
	}

	/** Whether it is (still) kept. */
	has(subscription: Subscription): boolean {
		return this.#all.includes(subscription);
	}

	remove(subscription: Subscription): void {
		this.#all = this.#all.filter((one) => one !== subscription);
	}

	clear(): void {
		this.#all = [];
	}
}
