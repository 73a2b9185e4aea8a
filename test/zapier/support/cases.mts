/** Further cases that apps share: connections, subscribing that goes wrong, repeats, actions, errors. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Provider } from '../../../core/provider.ts';
import { operationKey } from '../../../zapier/shared/action.mts';
import { isStatic, credentialsOf, post, triggerKey, type Stage } from './suite.mts';
import { ZapierError, type Item } from '../../../harness/zapier/zapier.mts';

/** The error that a call ends in. */
export async function errorOf(work: Promise<unknown>): Promise<ZapierError> {
	const cause: unknown = await work.then(
		() => undefined,
		(failure: unknown) => failure,
	);
	assert.ok(cause instanceof ZapierError, `it did not fail as it should have: ${String(cause)}`);
	assert.ok(cause.error.safe, `core may append the bundle to: ${cause.message}`);
	assert.doesNotMatch(cause.message, /What happened|Console logs/);
	return cause;
}

/** Connecting: the right credentials, wrong ones, none. `secret`: the field that is changed. */
export function describeConnection(stage: Stage, { secret, label }: { secret: string; label: RegExp }): void {
	describe('connection', () => {
		it('has a label that distinguishes accounts and contains no secret', async () => {
			const other = await stage.zapier.connect(credentialsOf(stage.provider, 1));
			assert.match(stage.connection.label, label);
			assert.notEqual(other.label, stage.connection.label);
			for (const value of Object.values(credentialsOf(stage.provider))) {
				if (!value.includes('@') && value.length > 6) assert.ok(!stage.connection.label.includes(value));
			}
		});

		it('is refused with a sentence that says where to look', async () => {
			const credentials = { ...credentialsOf(stage.provider), [secret]: 'wrong-and-not-to-be-shown' };
			const { said, message } = await errorOf(stage.zapier.connect(credentials));
			assert.equal(said.status, 401);
			assert.match(said.message ?? '', new RegExp(stage.provider.name));
			assert.doesNotMatch(message, /not-to-be-shown/);
		});

		it('needs something filled in', async () => {
			const { said } = await errorOf(stage.zapier.connect({}));
			assert.match(said.message ?? '', /^Fill in the credentials/);
		});

		it('hides its secrets, and links to where they are found', async () => {
			const { authentication } = await stage.zapier.definition();
			for (const field of authentication.fields) {
				if (field.computed === true) continue;
				assert.match(String(field.helpText), /\]\(https:\/\//);
				if (/key|token|secret|password/i.test(String(field.key))) assert.equal(field.type, 'password');
			}
		});
	});
}

/** Subscribing and unsubscribing that do not go as they should. */
export function describeSubscribing(stage: Stage, calls: { subscribe: object; unsubscribe: object }): void {
	const trigger = triggerKey(stage.provider.events[0].name);
	const fail = (call: object) => stage.service.fail({ calls: [call as never] });

	describe('subscribing', () => {
		it('refused: a sentence, and nothing is left', async () => {
			await fail({ ...calls.subscribe, kind: 'status', status: 403 });
			const { said } = await errorOf(stage.turnOn(trigger));
			await stage.service.fail({});
			assert.match(said.message ?? '', new RegExp(`^${stage.provider.name} did not accept the subscription to `));
			assert.match(said.message ?? '', /Check its permissions/);
			assert.deepEqual(await stage.service.subscriptions(), []);
		});

		it('the answer lost: what was made is removed again', async () => {
			await fail({ ...calls.subscribe, kind: 'answer-lost', count: 1 });
			const { said } = await errorOf(stage.turnOn(trigger));
			await stage.service.fail({});
			assert.match(said.message ?? '', /could not be reached/);
			assert.deepEqual(await stage.service.subscriptions(), []);
		});

		// The life of a Zap is not always in order: it may be switched on twice before it is switched off, all with one URL.
		it('on, on, off: what the second one made stays, and its events arrive once', async () => {
			const event = stage.provider.events[0].name;
			const zap = await stage.turnOn(trigger);
			const first = zap.subscribeData;
			const { subscribeData: _first, ...again } = zap;
			const method = (name: string) => `triggers.${trigger}.operation.${name}`;
			const second = await stage.zapier.execute(zap.connection, method('performSubscribe'), {
				targetUrl: zap.targetUrl,
			});
			zap.subscribeData = JSON.parse(JSON.stringify(second)) as Item;
			const runs = async () => {
				const at = stage.zapier.runs.length;
				const { payload } = await stage.service.raise(event);
				await stage.zapier.settled();
				return (stage.zapier.runs.length - at) / (Array.isArray(payload) ? payload.length : 1);
			};
			assert.equal(await runs(), 1);
			await stage.zapier.execute(zap.connection, method('performUnsubscribe'), {
				targetUrl: again.targetUrl,
				subscribeData: first,
			});
			assert.equal(await runs(), 1, 'the Zap is on, and not dead');
			assert.equal((await stage.service.subscriptions()).length, 1);
			await stage.zapier.turnOff(zap);
			assert.deepEqual(await stage.service.subscriptions(), []);
		});

		it('switch off with what Zapier stored alone', async () => {
			const zap = await stage.turnOn(trigger);
			assert.equal((await stage.service.subscriptions()).length, 1);
			const method = `triggers.${trigger}.operation.performUnsubscribe`;
			await stage.zapier.execute(zap.connection, method, { subscribeData: zap.subscribeData });
			assert.deepEqual(await stage.service.subscriptions(), []);
		});

		it('limited when switching on: Zapier is told when to try again', async () => {
			await fail({ ...calls.subscribe, kind: 'status', status: 429, retryAfter: 37 });
			const { error, said } = await errorOf(stage.turnOn(trigger));
			await stage.service.fail({});
			assert.equal(error.name, 'ThrottledError');
			assert.equal(said.delay, 37);
			assert.deepEqual(await stage.service.subscriptions(), []);
		});

		it('switch off when it is gone already: done', async () => {
			const zap = await stage.turnOn(trigger);
			for (const { id } of await stage.service.subscriptions()) await stage.service.removeByHand(id);
			await stage.zapier.turnOff(zap);
		});

		it('switch off refused: a sentence that names what is left, and the hook is gone all the same', async () => {
			const zap = await stage.turnOn(trigger);
			await fail({ ...calls.unsubscribe, kind: 'status', status: 500 });
			const { said } = await errorOf(stage.zapier.turnOff(zap));
			await stage.service.fail({});
			assert.match(said.message ?? '', new RegExp(`^Not removed at ${stage.provider.name}: \\S+`));
			assert.equal(await post(zap.targetUrl, {}), 410);
			for (const { id } of await stage.service.subscriptions()) await stage.service.removeByHand(id);
		});

		it("leaves other people's webhooks alone", async () => {
			const other = await stage.zapier.connect(credentialsOf(stage.provider, 1));
			const [mine, theirs] = [await stage.turnOn(trigger), await stage.turnOn(trigger, other)];
			await stage.zapier.turnOff(mine);
			const left = await stage.service.subscriptions();
			assert.deepEqual(
				left.map(({ url }) => url.startsWith(theirs.targetUrl)),
				[true],
			);
			await stage.zapier.turnOff(theirs);
		});
	});
}

/** Claims on delivery ids in `z.cache`. */
export function describeRepeats(stage: Stage): void {
	const event = stage.provider.events[0];
	const trigger = triggerKey(event.name);

	/** Raises the event with its answers lost once, so that the service repeats it. The number of runs, of how many. */
	const repeated = async () => {
		const at = stage.zapier.runs.length;
		await stage.service.fail({ deliveries: { drop: 'answer', count: 1 } });
		const { payload, deliveries } = await stage.service.raise(event.name);
		await stage.service.fail({});
		await stage.zapier.settled();
		assert.deepEqual(
			deliveries.map(({ attempts }) => attempts.length),
			[2],
		);
		return { runs: stage.zapier.runs.length - at, once: Array.isArray(payload) ? payload.length : 1 };
	};

	describe('repeats', () => {
		it('are dropped whatever the cache answers for a taken key', async () => {
			const zap = await stage.turnOn(trigger);
			for (const taken of [false, null] as const) {
				stage.zapier.platform.cache.taken = taken;
				const { runs, once } = await repeated();
				assert.equal(runs, once);
			}
			stage.zapier.platform.cache.taken = false;
			await stage.zapier.turnOff(zap);
		});

		it('are claimed for longer than the longest row of retries, but look-alikes for minutes only', async () => {
			const { sets } = stage.zapier.platform.cache;
			assert.ok(sets.length > 0);
			const lookAlikes = new Set(stage.provider.events.map(({ lookAlike }) => lookAlike === true));
			for (const { key, seconds, scope, onlyIfNew } of sets) {
				assert.match(key, /^seen:[0-9a-f]{40}:[0-9a-f]{40}$/, 'no URL, token or id is in a key');
				assert.deepEqual([scope, onlyIfNew], [['auth'], true]);
				assert.ok(
					(seconds ?? 0) >= 26.6 * 3600 ? lookAlikes.has(false) : lookAlikes.has(true) && (seconds ?? 0) <= 900,
				);
			}
		});

		it('a claim whose answer was lost is still ours: the event is passed on', async () => {
			const zap = await stage.turnOn(trigger);
			stage.zapier.platform.cache.fault = 'lost';
			const { payload } = await stage.service.raise(event.name);
			await stage.zapier.settled();
			stage.zapier.platform.cache.fault = 'none';
			assert.equal(stage.zapier.runsOf(zap).length, Array.isArray(payload) ? payload.length : 1);
			await stage.zapier.turnOff(zap);
		});

		it('with a cache that never answers nothing is lost', async () => {
			const zap = await stage.turnOn(trigger);
			stage.zapier.platform.cache.fault = 'silent';
			const started = Date.now();
			const { payload } = await stage.service.raise(event.name);
			await stage.zapier.settled();
			stage.zapier.platform.cache.fault = 'none';
			assert.equal(stage.zapier.runsOf(zap).length, Array.isArray(payload) ? payload.length : 1);
			assert.ok(Date.now() - started < 15_000, 'long before the step ends');
			assert.match(stage.zapier.said().at(-1) ?? '', /^Could not look for a repeat/);
			await stage.zapier.turnOff(zap);
		});

		it('with the cache down nothing is lost', async () => {
			const zap = await stage.turnOn(trigger);
			stage.zapier.platform.cache.fault = 'down';
			const { runs, once } = await repeated();
			stage.zapier.platform.cache.fault = 'none';
			assert.equal(runs, 2 * once, 'a repeat is better than a loss');
			assert.match(stage.zapier.said().at(-1) ?? '', /^Could not look for a repeat/);
			assert.deepEqual(stage.zapier.failed, []);
			await stage.zapier.turnOff(zap);
		});
	});
}

/** What an action is tried with: its input, perhaps with ids out of a drop-down list. */
export type Input = Item | ((first: (list: string) => Promise<unknown>) => Promise<Item>);

/**
 * Every create and search of the app, against the sandbox.
 * @param inputs By `creates.<key>` and `searches.<key>`: none may be missing.
 */
export function describeActions(stage: Stage, inputs: { readonly [action: string]: Input }): void {
	const first = async (list: string) => {
		const [choice] = await stage.zapier.choices(stage.connection, list);
		assert.ok(choice, `${list} is empty`);
		assert.deepEqual(Object.keys(choice).sort(), ['id', 'name']);
		assert.ok(String(choice.name).length > 0);
		return choice.id;
	};

	describe('actions', () => {
		it('are all tried', async () => {
			const { creates, searches } = await stage.zapier.definition();
			const all = [
				...Object.keys(creates).map((key) => `creates.${key}`),
				...Object.keys(searches).map((key) => `searches.${key}`),
			];
			assert.deepEqual(Object.keys(inputs).sort(), all.sort());
		});

		for (const [action, input] of Object.entries(inputs)) {
			it(action, async (test) => {
				const [kind, key = ''] = action.split('.') as ['creates' | 'searches', string];
				const given = typeof input === 'function' ? await input(first) : input;
				const definition = (await stage.zapier.definition())[kind][key];
				const fields = await stage.zapier.inputFields(stage.connection, `${kind}.${key}`, given);
				for (const name of Object.keys(given))
					assert.ok(
						fields.some((field) => field.key === name),
						`${name} is shown`,
					);
				const result = await stage.zapier.act(stage.connection, kind, key, given);
				const items = (Array.isArray(result) ? result : [result]) as Item[];
				assert.ok(items.length > 0, 'something came out');
				for (const item of items) assertNothingInvented(item);
				stage.life.note(`${definition?.display.label} (\`${key}\`)`, 'Test step', items[0]);
				if (kind === 'creates') assertRecord(stage.provider, key, items[0] as Item);
				const missing = Object.keys(definition?.operation.sample ?? {}).filter((name) => !(name in (items[0] ?? {})));
				// No failure: the sandbox answers what it was given, the service may well answer more.
				if (missing.length > 0)
					test.diagnostic(`in the sample, but not in the sandbox's answer: ${missing.join(', ')}`);
			});
		}
	});
}

/** A "Find or Create": nothing there, so it is created; there, so it is found, and no second one is made. */
export function describeFindOrCreate(
	stage: Stage,
	pairs: { readonly [key: string]: { search: Item; create: Item; id: string; label: RegExp } },
): void {
	describe('find or create', () => {
		it('are all tried', async () => {
			const { searchOrCreates = {} } = await stage.zapier.definition();
			assert.deepEqual(Object.keys(pairs).sort(), Object.keys(searchOrCreates).sort());
		});

		for (const [key, { search, create, id, label }] of Object.entries(pairs)) {
			it(`${key}: creates what is not there, then finds it`, async () => {
				const { searchOrCreates = {} } = await stage.zapier.definition();
				assert.match(searchOrCreates[key]?.display.label ?? '', label);
				assert.deepEqual(await stage.zapier.act(stage.connection, 'searches', key, search), [], 'not there yet');
				const made = await stage.zapier.findOrCreate(stage.connection, key, search, create);
				const found = await stage.zapier.findOrCreate(stage.connection, key, search, create);
				assert.ok(made[id] !== undefined && made[id] !== '');
				stage.life.note(`${searchOrCreates[key]?.display.label} (\`${key}\`)`, 'Nothing there', made);
				stage.life.note(`${searchOrCreates[key]?.display.label} (\`${key}\`)`, 'Run again', found);
				assert.equal(String(found[id]), String(made[id]));
				assert.deepEqual(Object.keys(found).sort(), Object.keys(made).sort(), 'one shape, found or created');
			});
		}
	});
}

/** What came out is the service's own: an ID that we made up would be a hash. */
function assertNothingInvented(item: Item): void {
	for (const value of Object.values(item)) assert.doesNotMatch(String(value), /^[0-9a-f]{40,}$/, 'a hash');
}

/** What a create passes on is the record, where the service has a call that reads it. */
function assertRecord(provider: Provider, key: string, item: Item): void {
	const operation = provider.operations.find((one) => operationKey(one) === key);
	const canBeRead = provider.operations.some(
		({ resource, name }) => resource === operation?.resource && name === 'get',
	);
	if (operation === undefined || !canBeRead || /delete|archive/.test(key)) return;
	const more = Object.keys(item).filter((name) => !/^(id|status|success|message|customer_?id)$/i.test(name));
	assert.ok(more.length > 0, `no record, only ${JSON.stringify(item)}`);
}

/** How an action fails. `action`: one that works with `input`; `text`: a field of it that goes to the service as it is. */
export function describeErrors(
	stage: Stage,
	{ action, input, text }: { action: `${'creates' | 'searches'}.${string}`; input: Item; text?: string },
): void {
	const [kind, key = ''] = action.split('.') as ['creates' | 'searches', string];
	const act = (more: Item = {}) => stage.zapier.act(stage.connection, kind, key, { ...input, ...more });
	/** Lets the next call fail. */
	const fail = (fault: object) => stage.service.fail({ calls: [{ count: 1, ...fault } as never] });

	/** The calls that wrote something: the record is read after each. */
	const writes = async () => (await stage.service.calls()).filter(({ method }) => method !== 'GET');

	describe('errors', () => {
		it('rate limited: Zapier is told when to try again', async () => {
			await fail({ kind: 'status', status: 429, retryAfter: 37 });
			const { error, said } = await errorOf(act());
			assert.equal(error.name, 'ThrottledError');
			assert.equal(said.delay, 37);
		});

		it('each failure is one sentence with a status', async () => {
			for (const [fault, status, sentence] of [
				[{ kind: 'status', status: 500 }, 500, /Try again in a few minutes/],
				[{ kind: 'status', status: 403 }, 403, /Check its permissions/],
				[{ kind: 'status', status: 502, body: '<html>bad gateway</html>' }, 502, /Try again in a few minutes/],
				[{ kind: 'refuse', count: 9 }, 503, /could not be reached/],
			] as const) {
				await fail(fault);
				const { error, said } = await errorOf(act());
				assert.equal(error.name, 'AppError');
				assert.equal(said.status, status);
				assert.match(said.message ?? '', sentence);
			}
			await stage.service.fail({});
		});

		it('what a service repeats in its answer is blanked: secrets and email addresses', async () => {
			const [secret = ''] = Object.entries(credentialsOf(stage.provider))
				.filter(([name]) => /key|token|password/i.test(name))
				.map(([, value]) => value);
			const words = `no ${secret} for jane.doe@example.com`;
			const body = {
				message: words,
				error: { message: words, code: 'x' },
				success: false,
				errors: { field: words },
				status: 'failed',
			};
			await fail({ kind: 'status', status: 400, body });
			const { message } = await errorOf(act());
			assert.match(message, /no \*\*\* for \*\*\*/);
			assert.ok(!message.includes(secret) && !message.includes('jane.doe'));
		});

		it('a fault of ours carries nothing of the bundle, neither in the error nor in the log', async () => {
			const trigger = triggerKey(stage.provider.events[0].name);
			const marked = {
				rawRequest: { headers: {}, querystring: '', content: '{"email":"marked@example.com"}', method: 'POST' },
				// Not what it should be, so that our own code stumbles.
				subscribeData: { id: 1, secretState: { owner: 'marked', subscriptions: 'marked-secret' } },
				inputData: { note: 'marked-input', constrainTo: { marked: true } },
			};
			const at = stage.zapier.platform.logs.length;
			const method = isStatic(stage.provider) ? action : `triggers.${trigger}`;
			const bundle = isStatic(stage.provider) ? { inputData: null } : marked;
			const outcome = await stage.zapier.execute(stage.connection, `${method}.operation.perform`, bundle as Item).then(
				() => undefined,
				(cause: unknown) => cause,
			);
			assert.ok(outcome instanceof ZapierError && outcome.error.safe, String(outcome));
			assert.doesNotMatch(outcome.message, /marked/);
			assert.doesNotMatch(JSON.stringify(stage.zapier.platform.logs.slice(at)), /marked/);
		});

		it('input that cannot be sent is refused before anything is', async () => {
			const before = (await stage.service.calls()).length;
			const { said } = await errorOf(stage.zapier.act(stage.connection, kind, key, {}));
			assert.equal(said.status, 400);
			assert.match(said.message ?? '', /is empty\. Fill it in\.$/);
			assert.equal((await stage.service.calls()).length, before);
		});

		if (text !== undefined) {
			it('a text with {{curly braces}} arrives as it was written', async () => {
				for (const written of [
					'{{bundle.authData.apiKey}}',
					'{{process.env.PATH}} & {{x}}',
					'{{1__id}} "quoted" \u00e9\u2603',
				]) {
					await act({ [text]: written });
					const { body } = (await writes()).at(-1) ?? {};
					assert.ok(JSON.stringify(body).includes(JSON.stringify(written).slice(1, -1)), JSON.stringify(body));
				}
			});
		}

		it('one call leaves nothing behind in the next', async () => {
			await act();
			await act();
			const [one, two] = (await (kind === 'creates' ? writes() : stage.service.calls())).slice(-2);
			assert.deepEqual(two?.headers['content-type'], one?.headers['content-type']);
			assert.deepEqual(Object.keys(two?.headers ?? {}).sort(), Object.keys(one?.headers ?? {}).sort());
		});
	});
}
