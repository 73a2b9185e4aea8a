/**
 * Every operation of every provider against the contract of its service: the requests it makes, and what it makes of the answers.
 * Both are generated. A test's name says which fact it is about.
 */
import { contractOf, contracts, type Call } from '../../../contracts/index.mts';
import { InvalidInput, ServiceRefused } from '../../../core/errors.ts';
import { operationId, run } from '../../../core/operation.ts';
import type { HttpRequest, JsonObject, Operation, Provider } from '../../../core/provider.ts';
import { providers } from '../../../providers/index.ts';
import { fillings } from '../../../harness/fillings.mts';
import { isIdName } from '../../../sandbox/contract/answers.mts';
import { checkRequest, matchCall, type Asked, type RequestFinding } from '../../../sandbox/contract/calls.mts';
import { answerOf, RECORDS } from '../../../sandbox/contract/examples.mts';
import { isRequired } from '../../../sandbox/contract/types.mts';
import { readingsOf, type Settings } from '../../../sandbox/contract/variants.mts';

/** One request that an operation made, and which call it was meant for. */
interface Made {
	filling: string;
	asked: Asked;
	/** Undefined: the contract has no such call. */
	id: string | undefined;
	call: Call | undefined;
	findings: readonly RequestFinding[];
}

const enforced = providers.filter(({ id }) => contractOf(id).enforce);

it('every contract is enforced, or named here', () => {
	const not = Object.values(contracts).filter(({ enforce }) => !enforce);
	expect(not.map(({ service }) => service)).toEqual(
		providers.filter((one) => !enforced.includes(one)).map(({ id }) => id),
	);
});

describe.each(enforced.map((provider) => [provider.id, provider] as const))('%s', (_id, provider) => {
	const reached = new Set<string>();
	const all = new Map<string, Promise<Made[]>>();
	const madeBy = (operation: Operation): Promise<Made[]> => {
		const id = operationId(operation);
		const before = all.get(id);
		if (before) return before;
		const made = requestsOf(provider, operation);
		all.set(id, made);
		return made;
	};

	describe.each(provider.operations.map((operation) => [operationId(operation), operation] as const))(
		`${provider.id} %s`,
		(id, operation) => {
			const wrong = async (kinds: readonly RequestFinding['kind'][]) => {
				const made = await madeBy(operation);
				return made.flatMap(({ filling, findings, id: call }) =>
					findings
						.filter(({ kind }) => kinds.includes(kind))
						.map(({ kind, name, expected }) => ({ filling, call, kind, name, expected })),
				);
			};

			it('makes calls that the contract has, with their method and path', async () => {
				const made = await madeBy(operation);
				for (const one of made) if (one.id !== undefined) reached.add(one.id);
				expect(
					made
						.filter(({ call }) => call === undefined)
						.map(({ filling, asked }) => `${filling}: ${asked.method} ${asked.path}`),
				).toEqual([]);
				expect(made.length).toBeGreaterThan(0);
			});

			it('makes calls that are offered', async () => {
				const made = await madeBy(operation);
				expect(
					made.filter(({ call }) => call && !call.offered && call.usedFor === undefined).map((one) => one.id),
				).toEqual([]);
			});

			it('sends query names that are read', async () => expect(await wrong(['query'])).toEqual([]));
			it('sends body names that are declared', async () => expect(await wrong(['body', 'content'])).toEqual([]));
			it('sends what is required', async () => expect(await wrong(['missing', 'empty', 'few'])).toEqual([]));
			it('sends values of the right type', async () => expect(await wrong(['type'])).toEqual([]));
			it('sends names together that go together', async () => expect(await wrong(['oneOf', 'exclusive'])).toEqual([]));

			const entry = contractOf(provider.id).calls[id];
			if (entry && (entry.answer.listUnder || entry.answer.under)) {
				it.each(readingsOf(entry).map(({ name, settings }) => [name, settings] as const))(
					'%s',
					async (_name, settings) => {
						const items = await itemsUnder(provider, operation, entry, settings);
						if (items === undefined) return;
						const expected = entry.answer.listUnder ? RECORDS : 1;
						expect(items).toHaveLength(expected);
						const own = Object.keys(entry.answer.fields ?? {}).filter(
							(name) => isIdName(name) && isRequired(entry.answer.fields?.[name] ?? ''),
						);
						for (const name of own)
							expect(items.map((item) => String(item[name] ?? 'nothing'))).toEqual(
								items.map((_, index) => String(index + 1)),
							);
					},
				);
			}

			const sampled = entry?.answer.fields;
			if (sampled && operation.grade !== 'inferred') {
				it('has a sample with names that the contract has', () => {
					const added = ['success', 'deleted', 'id'];
					const unknown = Object.keys(operation.sample).filter(
						(name) => sampled[name] === undefined && !added.includes(name),
					);
					expect(entry.answer.more === true ? [] : unknown).toEqual([]);
				});
			}

			it('has the grade of its call, or a lower one', async () => {
				const order = ['documented', 'client', 'inferred'];
				const [used] = (await madeBy(operation)).filter((one) => one.id === id);
				if (used?.call) expect(order.indexOf(operation.grade)).toBeGreaterThanOrEqual(order.indexOf(used.call.grade));
			});
		},
	);

	it.each(
		Object.entries(contractOf(provider.id).calls)
			.filter(([, call]) => call.offered)
			.map(([id]) => [id]),
	)(`${provider.id} %s is offered, and an operation makes it`, async (id) => {
		for (const operation of provider.operations)
			for (const one of await madeBy(operation)) if (one.id !== undefined) reached.add(one.id);
		expect([...reached]).toContain(id);
	});

	it.each(provider.events.map((event) => [event.name, event] as const))(
		`${provider.id} %s is an event of the contract, with its grade`,
		(name, event) => {
			const entry = contractOf(provider.id).events[name];
			expect(entry?.grade).toBe(event.grade);
			const order = ['documented', 'client', 'inferred'];
			expect(order.indexOf(event.sampleGrade)).toBeGreaterThanOrEqual(order.indexOf(entry?.payload.grade ?? ''));
			if (event.sampleGrade !== 'inferred') expect(event.sample).toEqual(entry?.payload.example);
		},
	);

	it(`${provider.id} has every event of the contract`, () => {
		expect(provider.events.map(({ name }) => name).toSorted()).toEqual(
			Object.keys(contractOf(provider.id).events).toSorted(),
		);
	});

	it(`${provider.id} verifies deliveries as the contract says`, () => {
		const { proofs, formats } = contractOf(provider.id).deliveries;
		expect(provider.receiving.proofs.map(({ name, grade }) => [name, grade])).toEqual(
			proofs.map(({ name, grade }) => [name, grade]),
		);
		expect(provider.receiving.formats.toSorted()).toEqual(formats.toSorted());
		for (const [index, proof] of proofs.entries()) {
			const scheme = provider.receiving.proofs[index]?.scheme;
			if (scheme?.kind === 'hmac') {
				expect({ header: scheme.header, encoding: scheme.encoding }).toEqual({
					header: proof.header,
					encoding: proof.encoding ?? 'hex',
				});
				expect(scheme.reserialised === true).toBe(proof.over === 'reserialised');
			}
		}
	});
});

/** The requests that an operation makes, however it is filled in. What it refuses makes none. */
async function requestsOf(provider: Provider, operation: Operation): Promise<Made[]> {
	const made: Made[] = [];
	for (const { name, input } of fillings(operation)) {
		try {
			await run(
				provider,
				operation,
				input,
				async (request) => {
					const one = madeFor(provider, operation, name, request);
					made.push(one);
					return one.call ? answerOf(one.call) : { status: 200, headers: {}, body: {}, text: '{}' };
				},
				{ limit: RECORDS },
			);
		} catch (error) {
			// Two fields that exclude each other, or nothing to do: a person is told. A made-up answer does not show that it was done.
			if (!(error instanceof InvalidInput) && !(error instanceof ServiceRefused)) throw error;
		}
	}
	return made;
}

function madeFor(provider: Provider, operation: Operation, filling: string, request: HttpRequest): Made {
	const contract = contractOf(provider.id);
	const asked = askedOf(provider, request);
	const match = matchCall(contract, asked);
	if (match.kind !== 'call') return { filling, asked, id: undefined, call: undefined, findings: [] };
	const same = Object.entries(contract.calls).filter(
		([id, call]) =>
			id === match.id ||
			(call.method === match.call.method &&
				call.path === match.call.path &&
				!call.query?.fixed &&
				!match.call.query?.fixed),
	);
	// Where several calls share method and path, the operation's own is meant, or the one with which the least is wrong.
	const [[id, call] = [match.id, match.call]] = same.toSorted(([one, a], [other, b]) => {
		const own = Number(other === operationId(operation)) - Number(one === operationId(operation));
		return own === 0 ? checkRequest(contract, a, asked).length - checkRequest(contract, b, asked).length : own;
	});
	return { filling, asked, id, call, findings: checkRequest(contract, call, asked) };
}

const CREDENTIALS: JsonObject = { apiKey: 'key', username: 'jane', email: 'jane@example.com', apiToken: 'token' };

function askedOf(provider: Provider, request: HttpRequest): Asked {
	const sent = provider.api.authenticate(request, CREDENTIALS);
	const query = Object.fromEntries(
		Object.entries(sent.query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
	);
	const { json, form, multipart } = sent;
	const parts =
		multipart && Object.fromEntries(multipart.map((part) => [part.name, 'text' in part ? part.text : part.fileName]));
	return {
		...{ method: sent.method, path: sent.path, query },
		body: (JSON.parse(JSON.stringify(json ?? form ?? parts ?? null)) as JsonObject | null) ?? undefined,
		content: json !== undefined ? 'json' : form ? 'form' : multipart ? 'multipart' : undefined,
	};
}

/**
 * What an operation makes of the answer in one reading. Filled in as far as it must be, or else with all fields. Undefined: a made-up
 * answer does not show that the change was made, and the operation says so.
 */
async function itemsUnder(
	provider: Provider,
	operation: Operation,
	entry: Call,
	settings: Settings,
): Promise<JsonObject[] | undefined> {
	let undone = false;
	for (const { input } of fillings(operation)) {
		try {
			return await run(provider, operation, input, async (request) => {
				const { call } = madeFor(provider, operation, '', request);
				return call === undefined || call === entry ? answerOf(entry, settings) : answerOf(call);
			});
		} catch (error) {
			if (!(error instanceof InvalidInput) && !(error instanceof ServiceRefused)) throw error;
			undone ||= operation.undone !== undefined && /accepted the call but/.test(error.message);
		}
	}
	if (undone) return undefined;
	throw new Error(`${operationId(operation)} takes none of the fillings`);
}
