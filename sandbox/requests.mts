/** The log of API calls that the services received, so that a test can hold an exact request against what it expects. */
import type { Json } from '../core/provider.ts';
import type { ProviderId } from './accounts.mts';
import { instant } from './fresh.mts';

export interface LoggedRequest {
	number: number;
	provider: ProviderId;
	at: string;
	method: string;
	/** From the sandbox's root, without the query. */
	path: string;
	query: { [name: string]: unknown };
	/** Lower-case names. All of them: the sandbox's credentials are made up. */
	headers: { [name: string]: string | string[] | undefined };
	/** As text, before parsing. */
	rawBody: string;
	/** Parsed where it is JSON, otherwise the text; undefined when there was none. */
	body?: Json;
	/** The answer's status; undefined while there is none, or when the connection was closed instead. */
	status?: number;
	/** The kind of the fault that struck. */
	fault?: string;
}

const LOG_LIMIT = 5000;

export class Requests {
	#log: LoggedRequest[] = [];
	#number = 0;

	get all(): readonly LoggedRequest[] {
		return this.#log;
	}

	/** Begins an entry; the server fills in body and status as they come. */
	open(entry: Omit<LoggedRequest, 'number' | 'at' | 'rawBody'>): LoggedRequest {
		const logged: LoggedRequest = { number: ++this.#number, at: instant(), ...entry, rawBody: '' };
		this.#log.push(logged);
		if (this.#log.length > LOG_LIMIT) this.#log.shift();
		return logged;
	}

	clear(): void {
		this.#log = [];
	}
}
