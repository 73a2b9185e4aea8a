/** The vocabulary of the seeds table: what the pages that each service was built from say, and what holds us to it. */

export interface Statement {
	/** What the page says, in our words. */
	readonly says: string;
	/** Where it is done: a path, or `path#text`, where the file contains that text. */
	readonly where?: string;
	/** The test that fails when it is not: a file, and a part of the test's title as it is written there. */
	readonly test?: readonly [file: string, title: string];
	/** Why there is nothing to do for a connector. */
	readonly notApplicable?: string;
	/** Why no test holds it. */
	readonly untested?: string;
}

export interface Seed {
	/** The service's id. */
	readonly service: string;
	readonly name: string;
	/** The public page. */
	readonly page: string;
	/** Statements by topic. */
	readonly topics: { readonly [topic: string]: readonly Statement[] };
}

/** A statement that is implemented and held by a test. */
export function held(says: string, where: string, file: string, title: string): Statement {
	return { says, where, test: [file, title] };
}

/** A statement about something that a connector does not do. */
export function not(says: string, notApplicable: string): Statement {
	return { says, notApplicable };
}

/** A statement that no test holds. */
export function open(says: string, where: string, untested: string): Statement {
	return { says, where, untested };
}

const CONFORMANCE = 'test/conformance/n8n.test.mts';
const RECEIVE = 'test/unit/core/receive.test.ts';

/** What all five pages advise in one way or another, and core and the adapters do for every service. */
export const shared = {
	quickly: (says: string) =>
		held(
			says,
			'nodes/n8n/trigger.ts#onReceived',
			'test/unit/seeds/facts.test.ts',
			'n8n answers before the workflow runs, for every service',
		),
	later: (says: string) =>
		held(
			says,
			'nodes/n8n/trigger.ts#onReceived',
			'test/unit/seeds/facts.test.ts',
			'n8n answers before the workflow runs, for every service',
		),
	twice: (says: string) => held(says, 'nodes/n8n/receiving.ts', CONFORMANCE, 'drops a repeat, and says so'),
	forged: (says: string) => held(says, 'core/receive.ts', CONFORMANCE, 'refuses what another secret signed'),
	unsigned: (says: string) => held(says, 'core/receive.ts', CONFORMANCE, 'refuses what is not signed'),
	constantTime: (says: string) =>
		held(
			says,
			'core/signature.ts#timingSafeEqual',
			'test/fuzz/traps.test.mts',
			'a digest of any other length is refused and throws nothing',
		),
	https: (says: string) =>
		held(says, 'core/address.ts#unreachableFromInternet', 'test/unit/core/address.test.ts', 'wants https'),
	reachable: (says: string) =>
		held(
			says,
			'core/address.ts#unreachableFromInternet',
			'test/unit/nodes/lifecycle.test.ts',
			'says what to set when the service could not reach the webhook URL',
		),
	answers200: (says: string) => held(says, 'core/receive.ts', RECEIVE, 'answers everything after the proof with 200'),
	logged: (says: string) =>
		held(
			says,
			'nodes/n8n/receiving.ts',
			'test/unit/nodes/receiving.test.ts',
			'without proof is answered 401 by us, logged, and starts nothing',
		),
	tunnel: (says: string) =>
		held(says, 'docs/local-development.md', 'test/unit/seeds/documents.test.ts', 'local development through a tunnel'),
	rejected: (says: string) =>
		held(
			says,
			'nodes/n8n/watch.ts',
			'test/unit/nodes/watch.test.ts',
			'is reported by the next tick, by reason and with what to do',
		),
} as const;
