/** What the sandbox saw that no contract declares: read at `GET /control/violations`. */
import type { ProviderId } from '../accounts.mts';
import { instant } from '../fresh.mts';

export interface Violation {
	service: ProviderId;
	/** Id of the call in the contract; undefined where there is none. */
	call?: string;
	/**
	 * `path`, `slash`, `method`: no such call. `query`, `body`, `content`: a name or content type that is not declared. `answer`: the
	 * sandbox's own answer is not what the contract says.
	 */
	kind: 'path' | 'slash' | 'method' | 'query' | 'body' | 'content' | 'answer';
	/** The undeclared name, path or method, or what is wrong with the answer. */
	name: string;
	/** Of the request: `GET /documents`, below the base URL and without the query. */
	request: string;
	at: string;
	/** False while the service's contract is being written: then it is listed and nothing more. */
	enforced: boolean;
}

const LIMIT = 1000;

export class Violations {
	#all: Violation[] = [];

	get all(): readonly Violation[] {
		return this.#all;
	}

	record(violation: Omit<Violation, 'at'>): void {
		if (this.#all.length < LIMIT) this.#all.push({ ...violation, at: instant() });
	}

	/** All of them; the list is empty afterwards. */
	take(): Violation[] {
		const taken = this.#all;
		this.#all = [];
		return taken;
	}
}
