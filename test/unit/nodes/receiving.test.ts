import { EventEmitter } from 'node:events';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import type { Provider } from '../../../core/provider.ts';
import { sign } from '../../../core/signature.ts';
import { receiveWebhook } from '../../../nodes/n8n/receiving.ts';
import { passOnce } from '../../../nodes/n8n/repeats.ts';
import { solidNumber } from '../../../providers/solid-number/provider.ts';
import { solatis } from '../../../providers/solatis/provider.ts';

const secret = 'a secret of ours';
const { scheme } = solatis.receiving.proofs[0];
let count = 0;

/** n8n's response object, as far as the trigger looks at it. */
class Response extends EventEmitter {
	statusCode = 200;
	closed = false;
	headersSent = false;
	writableFinished = false;
	sent: unknown;
	status(code: number) {
		this.statusCode = code;
		return this;
	}
	json(body: unknown) {
		this.sent = body;
	}
	finish(status: number) {
		this.statusCode = status;
		this.writableFinished = true;
		this.emit('finish');
		this.close();
	}
	close() {
		this.closed = true;
		this.emit('close');
	}
}

interface Given {
	payload?: IDataObject;
	raw?: Buffer;
	headers?: Record<string, string>;
	options?: IDataObject;
	mode?: 'webhook' | 'manual';
	secrets?: string[];
	node?: string;
	ip?: string;
	/** Two of its events can look the same. */
	lookAlike?: true;
}

/** Solatis, if two of its events could look the same. */
const [firstType, ...otherTypes] = solatis.events;
const lookAlikes: Provider = {
	...solatis,
	events: [{ ...firstType, lookAlike: true }, ...otherTypes.map((type) => ({ ...type, lookAlike: true as const }))],
};

/** A delivery to a Solatis trigger in a made-up n8n. Each call gets an id of its own, unless `payload` gives one. */
function deliver(given: Given = {}) {
	const payload = given.payload ?? {
		id: `evt_${++count}`,
		event: 'task.created',
		created_at: '2026-01-01T00:00:00Z',
		data: {},
	};
	const rawBody = given.raw ?? Buffer.from(JSON.stringify(payload));
	const response = new Response();
	const warnings: string[] = [];
	const log = (message: string) => void warnings.push(message);
	const parameters: IDataObject = { events: ['task.created'], options: given.options ?? {} };
	const subscriptions = (given.secrets ?? [secret]).map((value) => ({
		id: 'wh_1',
		url: 'u',
		events: ['task.created'],
		secret: value,
	}));
	const context = {
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getRequestObject: () => ({
			rawBody,
			ip: given.ip ?? '203.0.113.7',
			headers: given.headers ?? {
				'content-type': 'application/json',
				...sign(scheme, { body: rawBody, secret }).headers,
			},
			query: {},
		}),
		getResponseObject: () => response,
		getMode: () => given.mode ?? 'webhook',
		getWorkflowStaticData: () => ({ owner: 'w/hook', subscriptions }),
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => ({ id: given.node ?? 'node-1', name: 'Solatis Trigger', webhookId: 'hook' }),
		logger: { debug: log, info: log, warn: log, error: log },
	};
	const result = receiveWebhook.call(context as unknown as IWebhookFunctions, given.lookAlike ? lookAlikes : solatis);
	return { payload, response, warnings, result };
}

const outcome = async ({ result, response }: ReturnType<typeof deliver>) => {
	const { workflowData, webhookResponse, noWebhookResponse } = await result;
	return {
		items: workflowData?.[0]?.map(({ json }) => json),
		answer: webhookResponse ?? response.sent,
		status: response.statusCode,
		noWebhookResponse,
	};
};

describe('a secret in a credential', () => {
	const [{ scheme: proof }] = solidNumber.receiving.proofs;
	const [{ name: event, sample }] = solidNumber.events;

	/** A delivery to a Solid# trigger. `read` reads its credential. */
	function deliverSolid(read: () => Promise<IDataObject>, signedWith: string, credential = 'its credential') {
		const rawBody = Buffer.from(JSON.stringify({ ...(sample as object), number: ++count }));
		const parameters: IDataObject = { events: [event], options: { skipRepeats: false } };
		const context = {
			getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
			getRequestObject: () => ({
				rawBody,
				headers: { 'content-type': 'application/json', ...sign(proof, { body: rawBody, secret: signedWith }).headers },
				query: {},
			}),
			getResponseObject: () => new Response(),
			getMode: () => 'webhook',
			getWorkflow: () => ({ id: 'w' }),
			getNode: () => ({ id: 'n', credentials: { solidNumberWebhookApi: { id: credential, name: 'Solid#' } } }),
			getCredentials: read,
			logger: { debug: () => undefined, warn: () => undefined },
		};
		return receiveWebhook
			.call(context as unknown as IWebhookFunctions, solidNumber)
			.then(({ workflowData }) => workflowData !== undefined);
	}

	it('is read once for the deliveries that come during a reading, after they came', async () => {
		let webhookSecret = 'first';
		const readings: Array<() => void> = [];
		const read = () => {
			const value = webhookSecret;
			return new Promise<IDataObject>((resolve) => readings.push(() => resolve({ webhookSecret: value })));
		};
		const early = deliverSolid(read, 'first');
		while (readings.length < 1) await Promise.resolve();
		webhookSecret = 'second';
		const revoked = deliverSolid(read, 'first');
		const late = [deliverSolid(read, 'second'), deliverSolid(read, 'second')];
		readings[0]!();
		expect(await early).toBe(true);
		while (readings.length < 2) await Promise.resolve();
		readings[1]!();
		expect([await revoked, ...(await Promise.all(late))]).toEqual([false, true, true]);
		expect(readings).toHaveLength(2);
	});

	it('is never that of another credential', async () => {
		const never = () => new Promise<IDataObject>(() => undefined);
		void deliverSolid(never, 'first', 'credential 1');
		const read = async () => ({ webhookSecret: 'second' });
		expect(await deliverSolid(read, 'second', 'credential 2')).toBe(true);
	});

	it('that cannot be read refuses those who asked, and not the next', async () => {
		const fails = async (): Promise<IDataObject> => {
			throw new Error('database is locked');
		};
		const read = async () => ({ webhookSecret: 'first' });
		const asked = [1, 2].map(() => deliverSolid(fails, 'first'));
		expect(await Promise.all(asked)).toEqual([false, false]);
		expect(await deliverSolid(read, 'first')).toBe(true);
	});
});

describe('a delivery', () => {
	it('becomes an item, with our short JSON as the answer', async () => {
		const delivery = deliver();
		expect(await outcome(delivery)).toEqual({
			items: [delivery.payload],
			answer: { verdict: 'accepted' },
			status: 200,
		});
	});

	it('without proof is answered 401 by us, logged, and starts nothing', async () => {
		const delivery = deliver({ headers: {} });
		expect(await outcome(delivery)).toEqual({
			items: undefined,
			answer: { verdict: 'rejected', reason: 'signature_missing' },
			status: 401,
			noWebhookResponse: true,
		});
		expect(delivery.warnings).toEqual(['Solatis: delivery rejected: signature_missing.']);
	});

	it('is refused while there is no secret', async () => {
		expect((await outcome(deliver({ secrets: [] }))).answer).toEqual({
			verdict: 'rejected',
			reason: 'secret_not_configured',
		});
	});

	it.each([
		[secret, 'new secret'],
		['new secret', secret],
	])('is verified with either of two secrets', async (...secrets) => {
		expect((await outcome(deliver({ secrets }))).answer).toEqual({ verdict: 'accepted' });
	});

	it('of another event type is acknowledged and dropped, but passed on to a person who listens', async () => {
		const payload = { id: 'evt_t', event: 'webhook.test', created_at: 'now' };
		expect((await outcome(deliver({ payload }))).answer).toEqual({
			verdict: 'ignored',
			reason: 'event_not_subscribed',
		});
		expect((await outcome(deliver({ payload, mode: 'manual' }))).items).toEqual([payload]);
	});

	it('from elsewhere is refused; the log names the address and, behind a proxy, what to set', async () => {
		const options = { allowedSources: '198.51.100.0/24' };
		expect((await outcome(deliver({ options, ip: '198.51.100.9' }))).answer).toEqual({ verdict: 'accepted' });
		const direct = deliver({ options });
		expect((await outcome(direct)).answer).toEqual({ verdict: 'rejected', reason: 'source_not_allowed' });
		expect(direct.warnings[0]).toContain('203.0.113.7');
		const proxied = deliver({ options, headers: { 'x-forwarded-for': '198.51.100.9' } });
		await proxied.result;
		expect(proxied.warnings[0]).toContain('N8N_PROXY_HOPS');
	});

	it('is refused when the list of sources cannot be read', async () => {
		expect((await outcome(deliver({ options: { allowedSources: 'everyone' } }))).answer).toEqual({
			verdict: 'rejected',
			reason: 'source_not_allowed',
		});
	});

	it('carries an account of itself when asked, without secrets', async () => {
		const delivery = deliver({ options: { includeDelivery: true } });
		const { items } = await outcome(delivery);
		expect(items?.[0]).toMatchObject({
			delivery: { event: 'task.created', verifiedBy: 'x-solatis-signature', webhookIds: ['wh_1'] },
		});
		expect(JSON.stringify(items)).not.toMatch(/[0-9a-f]{64}/);
	});

	it('without proof is passed on only by choice, and then neither looks up nor claims', async () => {
		const payload = { id: 'evt_forged', event: 'task.created', created_at: 'now' };
		const forged = { payload, headers: {}, options: { acceptUnverified: true } };
		for (const time of [1, 2]) {
			const delivery = deliver(forged);
			const [item] = (await delivery.result).workflowData![0]!;
			expect([time, Object.keys(item!)]).toEqual([time, ['json']]);
			delivery.response.finish(200);
		}
		expect((await outcome(deliver({ payload }))).answer).toEqual({ verdict: 'accepted' });
	});
});

describe('the first line against repeats', () => {
	const payload = () => ({ id: `evt_r${++count}`, event: 'task.created', created_at: 'now' });

	it('drops a repeat of what was answered with 200', async () => {
		const same = { payload: payload() };
		const first = deliver(same);
		await first.result;
		first.response.finish(200);
		expect(await outcome(deliver(same))).toMatchObject({
			items: undefined,
			answer: { verdict: 'repeated', reason: 'already_received' },
		});
		expect((await outcome(deliver({ ...same, node: 'another node' }))).answer).toEqual({ verdict: 'accepted' });
		expect((await outcome(deliver({ ...same, options: { skipRepeats: false } }))).answer).toEqual({
			verdict: 'accepted',
		});
		expect((await outcome(deliver({ ...same, mode: 'manual' }))).answer).toEqual({ verdict: 'accepted' });
	});

	it.each([
		['failed to be stored', (response: Response) => response.finish(500)],
		['was cut off', (response: Response) => response.close()],
	])('passes on the repeat of what %s', async (_, end) => {
		const same = { payload: payload() };
		const first = deliver(same);
		await first.result;
		const repeat = deliver(same);
		end(first.response);
		expect((await outcome(repeat)).answer).toEqual({ verdict: 'accepted' });
	});

	it('lets one of twenty at once through', async () => {
		const same = { payload: payload() };
		const all = Array.from({ length: 20 }, () => deliver(same));
		await all[0]!.result;
		all[0]!.response.finish(200);
		const answers = await Promise.all(all.map(outcome));
		expect(answers.filter(({ items }) => items !== undefined)).toHaveLength(1);
	});

	it('does not hold on to a claim when the connection is gone before it is settled', async () => {
		const same = { payload: payload() };
		const first = deliver(same);
		first.response.closed = true;
		await first.result;
		expect((await outcome(deliver(same))).answer).toEqual({ verdict: 'accepted' });
	});
});

describe('what can look alike and was not answered in time', () => {
	/** What waits, and until when. Milliseconds. */
	let clock = 0;
	let waits: Array<{ until: number; over: AbortController }> = [];
	let timeout: jest.SpyInstance;
	beforeEach(() => {
		waits = [];
		timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
			const over = new AbortController();
			waits.push({ until: clock + milliseconds, over });
			return over.signal;
		});
	});
	afterEach(() => void jest.restoreAllMocks());

	/** Lets time pass for all that waits, in order. */
	async function pass(milliseconds: number): Promise<void> {
		const end = clock + milliseconds;
		for (;;) {
			const [next] = waits.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
			if (next === undefined) break;
			waits.splice(waits.indexOf(next), 1);
			clock = next.until;
			next.over.abort();
			for (let turn = 0; turn < 20; turn++) await Promise.resolve();
		}
		clock = end;
	}

	/** Its service closed the connection before n8n answered, and sends it again. */
	async function unanswered() {
		const given = {
			payload: { id: `evt_l${++count}`, event: 'task.created', created_at: 'now' },
			node: 'node-l',
			lookAlike: true,
		} as const;
		const first = deliver(given);
		const items = (await first.result).workflowData![0]!;
		first.response.close();
		const repeat = outcome(deliver(given));
		let answered = false;
		void repeat.then(() => (answered = true));
		await pass(60_000);
		expect(answered).toBe(false);
		return { items, repeat, first: first.response };
	}

	/** Runs `execute()`, which must not ask n8n's list. */
	async function execute(items: INodeExecutionData[]): Promise<INodeExecutionData[][]> {
		const context = {
			getInputData: () => items,
			getMode: () => 'webhook',
			getWorkflow: () => ({ id: 'w' }),
			getNode: () => ({ id: 'node-l' }),
		};
		return await passOnce.call(context as unknown as IExecuteFunctions);
	}

	it('is a repeat once the execution of the first runs, be it minutes later', async () => {
		const { items, repeat } = await unanswered();
		await pass(2 * 60_000);
		expect(await execute(items)).toEqual([[{ json: items[0]!.json }]]);
		expect((await repeat).answer).toEqual({ verdict: 'repeated', reason: 'already_received' });
	});

	it.each([
		[200, { verdict: 'repeated', reason: 'already_received' }],
		[500, { verdict: 'accepted' }],
		[503, { verdict: 'accepted' }],
	])('is decided by the %s that n8n answers when nobody listens any more', async (status, answer) => {
		const { repeat, first } = await unanswered();
		Object.assign(first, { statusCode: status, headersSent: true });
		await pass(1000);
		expect((await repeat).answer).toEqual(answer);
	});

	it('is emitted when the execution of the first has not run after minutes', async () => {
		const { repeat } = await unanswered();
		await pass(4 * 60_000);
		expect((await repeat).answer).toEqual({ verdict: 'accepted' });
	});

	it('waits for nothing when it was answered', async () => {
		const given = { payload: { id: 'evt_answered', event: 'task.created' }, lookAlike: true } as const;
		const first = deliver(given);
		await first.result;
		first.response.finish(500);
		expect((await outcome(deliver(given))).answer).toEqual({ verdict: 'accepted' });
		expect(timeout).not.toHaveBeenCalled();
	});
});

describe('the second line against repeats', () => {
	/** Lists are of one node each. */
	const nodeOf = new Map<Set<string>, string>();
	/** Runs `execute()` against a list of what was recorded, which it adds to. */
	async function pass(
		input: INodeExecutionData[],
		mode: string,
		{ list = new Set<string>(), fail = (): void => undefined, failAfterwards = (): void => undefined } = {},
	) {
		const recorded: string[] = [];
		const warnings: string[] = [];
		if (!nodeOf.has(list)) nodeOf.set(list, `node ${nodeOf.size} of a list`);
		const checkProcessedAndRecord = async (ids: string[]) => {
			recorded.push(...ids);
			fail();
			const processed = ids.filter((id) => list.has(id));
			for (const id of ids) list.add(id);
			failAfterwards();
			return { new: ids.filter((id) => !processed.includes(id)), processed };
		};
		const context = {
			getInputData: () => input,
			getMode: () => mode,
			getWorkflow: () => ({ id: 'w' }),
			getNode: () => ({ id: nodeOf.get(list) }),
			logger: { warn: (message: string) => void warnings.push(message), debug: () => undefined },
			helpers: {
				checkProcessedAndRecord,
				removeProcessed: async (ids: string[]) => {
					for (const id of ids) list.delete(id);
				},
			},
		};
		const [output] = await passOnce.call(context as unknown as IExecuteFunctions);
		return { output, recorded, warnings };
	}

	async function handedOn(given: Given = {}): Promise<INodeExecutionData[]> {
		return (await deliver(given).result).workflowData![0]!;
	}
	let node = 0;
	/** One delivery that n8n got twice: the claim of the first was dropped with its connection. */
	async function twice(): Promise<[INodeExecutionData[], INodeExecutionData[]]> {
		const same = { payload: { id: 'evt_twice', event: 'task.created', created_at: 'now' }, node: `node-${++node}` };
		const first = deliver(same);
		const items = (await first.result).workflowData![0]!;
		first.response.close();
		return [items, await handedOn(same)];
	}

	it('records the delivery id and hides it from the next node', async () => {
		const input = await handedOn();
		const { output, recorded } = await pass(input, 'webhook');
		expect(recorded[0]).toContain('evt_');
		expect(output).toEqual([{ json: input[0]!.json }]);
	});

	it('drops what was recorded before', async () => {
		const [first, repeat] = await twice();
		const list = new Set<string>();
		expect((await pass(first, 'webhook', { list })).output).toHaveLength(1);
		expect((await pass(repeat, 'webhook', { list })).output).toEqual([]);
	});

	it('is not used in other modes than webhook and retry', async () => {
		const input = await handedOn();
		for (const mode of ['manual', 'trigger']) {
			const { output, recorded } = await pass(input, mode);
			expect([output?.length, recorded]).toEqual([1, []]);
		}
	});

	it("lets a person's retry pass, unless another execution handed the event on meanwhile", async () => {
		const [crashed, again] = await twice();
		const list = new Set<string>();
		// It crashed after it had recorded the event, or before, and nothing came after it.
		await pass(crashed, 'webhook', { list });
		expect((await pass(crashed, 'retry', { list })).output).toHaveLength(1);
		expect((await pass(crashed, 'retry')).output).toHaveLength(1);
		// It crashed before, n8n never answered, and the service sent the event again.
		const other = new Set<string>();
		expect((await pass(again, 'webhook', { list: other })).output).toHaveLength(1);
		expect((await pass(crashed, 'retry', { list: other })).output).toEqual([]);
		// A person retries first, then the event comes again.
		const third = new Set<string>();
		expect((await pass(crashed, 'retry', { list: third })).output).toHaveLength(1);
		expect((await pass(again, 'webhook', { list: third })).output).toEqual([]);
	});

	it("drops a person's retry of a repeat that was dropped, and whose end n8n could not save", async () => {
		const [late, first] = await twice();
		const list = new Set<string>();
		expect((await pass(first, 'webhook', { list })).output).toHaveLength(1);
		expect((await pass(late, 'webhook', { list })).output).toEqual([]);
		expect((await pass(late, 'retry', { list })).output).toEqual([]);
		expect((await pass(first, 'retry', { list })).output).toHaveLength(1);
	});

	it('does not take what was passed on off the list when the same execution is retried twice at once', async () => {
		const [first] = await twice();
		const list = new Set<string>();
		await pass(first, 'webhook', { list });
		const outputs = await Promise.all([pass(first, 'retry', { list }), pass(first, 'retry', { list })]);
		expect(outputs.map(({ output }) => output!.length)).toEqual([1, 0]);
		expect(list.size).toBe(2);
	});

	it('lets an execution pass that n8n itself runs again after its worker was killed', async () => {
		const [interrupted, again] = await twice();
		const list = new Set<string>();
		expect((await pass(interrupted, 'webhook', { list })).output).toHaveLength(1);
		expect((await pass(interrupted, 'webhook', { list })).output).toHaveLength(1);
		expect((await pass(again, 'webhook', { list })).output).toEqual([]);
	});

	it('passes on when the write succeeded and its answer was lost', async () => {
		const [first, repeat] = await twice();
		const list = new Set<string>();
		let times = 0;
		const failAfterwards = () => {
			if (++times === 1) throw new Error('Connection terminated');
		};
		expect((await pass(first, 'webhook', { list, failAfterwards })).output).toHaveLength(1);
		expect((await pass(repeat, 'webhook', { list })).output).toEqual([]);
	});

	it('is asked and written once for executions that come at once, and lets one of two receipts pass', async () => {
		const [first, repeat] = await twice();
		const others = await Promise.all(Array.from({ length: 8 }, () => handedOn()));
		const list = new Set<string>();
		let writes = 0;
		const fail = () => void writes++;
		const passes = [...others, first, repeat].map((input) => pass(input, 'webhook', { list, fail }));
		const outputs = (await Promise.all(passes)).map(({ output }) => output!.length);
		expect([outputs, writes]).toEqual([[...others.map(() => 1), 1, 0], 1]);
	});

	it('lets one of two receipts pass at once when the write succeeded and its answer was lost', async () => {
		const [first, repeat] = await twice();
		const list = new Set<string>();
		let times = 0;
		const failAfterwards = () => {
			if (++times === 1) throw new Error('Connection terminated');
		};
		const passes = [first, repeat].map((input) => pass(input, 'webhook', { list, failAfterwards }));
		expect((await Promise.all(passes)).map(({ output }) => output!.length)).toEqual([1, 0]);
	});

	it('tries once more when the first write of two workers collides', async () => {
		const [first, repeat] = await twice();
		const list = new Set<string>();
		await pass(first, 'webhook', { list });
		let times = 0;
		const fail = () => {
			if (++times === 1) throw new Error('UNIQUE constraint failed');
		};
		const { output, warnings } = await pass(repeat, 'webhook', { list, fail });
		expect([output, warnings, times]).toEqual([[], [], 2]);
	});

	it("writes again what another worker's write has undone", async () => {
		const [first, repeat] = await twice();
		const list = new Set<string>();
		await pass(first, 'webhook', { list });
		list.clear();
		await pass(await handedOn({ payload: { id: 'evt_next', event: 'task.created', created_at: 'now' } }), 'webhook', {
			list,
		});
		expect([...list].filter((id) => id.includes('evt_twice'))).toHaveLength(2);
		expect((await pass(repeat, 'webhook', { list })).output).toEqual([]);
	});

	it('knows what this process passed on, whatever became of the list', async () => {
		const [first, repeat] = await twice();
		const list = new Set<string>();
		const fail = () => {
			throw new Error('database is locked');
		};
		expect((await pass(first, 'webhook', { list, fail })).output).toHaveLength(1);
		expect((await pass(repeat, 'webhook', { list })).output).toEqual([]);
		// A person's retry of the first is no repeat.
		expect((await pass(first, 'retry', { list })).output).toHaveLength(1);
	});

	it('fails open: whatever goes wrong, the items pass and the log says so', async () => {
		const fail = () => {
			throw new Error('database is locked');
		};
		const { output, warnings } = await pass(await handedOn(), 'webhook', { fail });
		expect(output).toHaveLength(1);
		expect(warnings[0]).toContain('database is locked');
	});

	it('is not used for deliveries that were not claimed', async () => {
		for (const given of [{ options: { skipRepeats: false } }, { mode: 'manual' as const }]) {
			const { output, recorded } = await pass(await handedOn(given), 'webhook');
			expect([output?.length, recorded]).toEqual([1, []]);
		}
	});
});
