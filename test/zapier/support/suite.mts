/** What every app must do, run from its real `build.zip` against the sandbox: each trigger through its whole life. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isObject } from '../../../core/json.ts';
import type { EventType, Json, Provider } from '../../../core/provider.ts';
import { ACCOUNTS, HAND_SECRETS } from '../../../sandbox/accounts.mts';
import type { AppName } from '../../../zapier/apps.mts';
import { baseUrlVariable } from '../../../zapier/shared/transport.mts';
import { Life } from './life.mts';
import { freshBuild } from '../../../harness/zapier/builds.mts';
import { startService, type Service } from '../../../harness/zapier/sandbox.mts';
import { startZapier, type Connection, type Item, type Zap, type Zapier } from '../../../harness/zapier/zapier.mts';

/** What the tests of one app share. Filled in before the first of them runs. */
export interface Stage {
	provider: Provider;
	service: Service;
	zapier: Zapier;
	/** The first account. */
	connection: Connection;
	/** What a person would see, step by step. */
	life: Life;
	/** Switches a Zap on, and registers its URL manually where that is how it is done. */
	turnOn(trigger: string, connection?: Connection): Promise<Zap>;
}

/** Whether the service's webhooks are registered manually: then its triggers are static hooks. */
export function isStatic(provider: Provider): boolean {
	return provider.registrations[0].kind === 'manual';
}

/** What a person fills in to connect an account of the sandbox. */
export function credentialsOf(provider: Provider, account: 0 | 1 = 0): Record<string, string> {
	const id = provider.id as AppName;
	const credentials = { ...ACCOUNTS[id][account].credentials };
	return isStatic(provider) ? { ...credentials, webhookSecret: handSecret(id) } : credentials;
}

function handSecret(id: AppName): string {
	return id in HAND_SECRETS ? HAND_SECRETS[id as keyof typeof HAND_SECRETS] : '';
}

/** The key of an event type's trigger, spelled out here again: outside checks rely on it. */
export function triggerKey(event: string): string {
	return event.replace(/[^a-zA-Z0-9]+/g, '_');
}

/**
 * Runs the common suite for an app, and then what is its own.
 * @param own Adds tests; the stage is filled in when they run.
 */
export function describeApp(provider: Provider, own: (stage: Stage) => void): void {
	const id = provider.id as AppName;
	describe(`${provider.name} on Zapier`, () => {
		const stage = { provider, life: new Life() } as Stage;

		before(async () => {
			const zip = await freshBuild(id);
			stage.service = await startService(id);
			stage.zapier = await startZapier(zip, { env: { [baseUrlVariable(provider)]: stage.service.baseUrl } });
			stage.connection = await stage.zapier.connect(credentialsOf(provider));
			stage.turnOn = async (trigger, connection = stage.connection) => {
				const zap = await stage.zapier.turnOn(connection, trigger);
				const event = provider.events.find(({ name }) => triggerKey(name) === trigger);
				if (isStatic(provider) && event)
					await stage.service.registerByHand(zap.targetUrl, [event.name], handSecret(id));
				return zap;
			};
		});
		after(async () => {
			stage.life.write(id, provider.name);
			await stage.zapier?.stop();
			await stage.service?.close();
		});

		describe('triggers', () => {
			for (const event of provider.events) describeTrigger(stage, event);
		});
		describeEcho(stage);
		describeLeaks(stage);
		own(stage);
	});
}

/** One trigger, from switching on to a late delivery. The cases build on each other. */
function describeTrigger(stage: Stage, event: EventType): void {
	const { provider } = stage;
	const trigger = triggerKey(event.name);
	const scheme = provider.receiving.proofs[0].scheme;
	const byHand = isStatic(provider);
	let first: Zap;
	let second: Zap;
	let live: Item[] = [];

	/** Raises the event; what each of the two Zaps ran with. */
	const raise = async () => {
		const { service, zapier } = stage;
		const at = zapier.runs.length;
		const raised = await service.raise(event.name);
		await zapier.settled();
		const runs = zapier.runs.slice(at);
		const of = (zap: Zap) => runs.filter((run) => run.zap === zap).map(({ item }) => item);
		return { ...raised, first: of(first), second: of(second), all: runs.length };
	};

	const see = async (step: string, seen: unknown) => {
		const { triggers } = await stage.zapier.definition();
		stage.life.note(`${triggers[trigger]?.display.label} (\`${trigger}\`)`, step, seen);
	};

	describe(trigger, () => {
		it('switch on: two Zaps of one account', async () => {
			await stage.service.fail({});
			first = await stage.turnOn(trigger);
			second = await stage.turnOn(trigger);
			const urls = (await stage.service.subscriptions()).filter(({ active }) => active).map(({ url }) => url);
			for (const zap of [first, second]) {
				assert.equal(urls.filter((url) => url.startsWith(zap.targetUrl)).length, 1, 'one webhook for each Zap');
			}
			const directions = (await stage.zapier.definition()).triggers[trigger]?.display.directions;
			await see('Turn on', directions ?? `the Zap is on: ${provider.name} has a webhook for it`);
		});

		it('deliver: each Zap runs once, with what the service sent', async () => {
			const { payload, first: one, second: two, all } = await raise();
			const expected = expectedItems(provider, event, payload);
			assert.equal(all, 2 * expected.length);
			for (const items of [one, two]) {
				assert.deepEqual(
					items.map(({ id: _id, ...item }) => item),
					expected.map(({ id: _id, ...item }) => item),
				);
				assert.ok(items.every(({ id }) => (typeof id === 'string' && id !== '') || typeof id === 'number'));
				for (const [index, { id }] of expected.entries()) if (id !== undefined) assert.equal(items[index]?.id, id);
			}
			live = one;
			await see('An event', one[0]);
			assert.deepEqual(stage.zapier.failed, []);
		});

		it('samples: the static sample, the list and the live item have the same keys and the declared types', async () => {
			const { zapier, connection } = stage;
			const { triggers } = await zapier.definition();
			const { sample = {} } = triggers[trigger]?.operation ?? {};
			const listed = await zapier.samples(connection, trigger);
			const [item = {}] = live;
			// What only one published client mentions is passed on, but promised to nobody.
			const { occured: _unsure, ...sure } = item;
			assert.deepEqual(shapeOf(sample as Json), shapeOf(sure as Json));
			for (const one of listed) assert.deepEqual(Object.keys(one).sort(), Object.keys(sample).sort());
			// Recent records where the service lists them, and never one that is made up.
			if (event.recent === undefined) assert.deepEqual(listed, []);
			const seen =
				listed.length === 0 ? 'no recent records: Zapier offers the sample' : `${listed.length} recent records`;
			await see('Test trigger', seen);
			const fields = (await zapier.execute(connection, `triggers.${trigger}.operation.outputFields`, {})) as Item[];
			assert.ok(fields.length > 0);
			for (const one of [sample, item]) for (const field of fields) assertType(one, field);
		});

		it(byHand ? 'retry: passed on, since nothing distinguishes static hooks' : 'retry: dropped', async () => {
			await stage.service.fail({ deliveries: { drop: 'answer', count: 2 } });
			const { payload, deliveries, first: one, second: two } = await raise();
			await stage.service.fail({});
			assert.ok(deliveries.some(({ attempts }) => attempts.length > 1));
			const once = expectedItems(provider, event, payload).length;
			const attempts = deliveries.reduce((sum, delivery) => sum + delivery.attempts.length, 0);
			assert.equal(one.length + two.length, byHand ? attempts * once : 2 * once);
			if (!byHand) assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: repeated');
		});

		it('forge: another secret, or none, is dropped', async () => {
			for (const fault of [{ wrongSignature: true }, { unsigned: true }]) {
				await stage.service.fail({ deliveries: fault });
				const { deliveries, all } = await raise();
				assert.equal(all, 0);
				assert.ok(
					deliveries.every(({ attempts }) => attempts[0]?.status === 200),
					'the service learns nothing',
				);
				assert.match(stage.zapier.said().at(-1) ?? '', /^Dropped a delivery: (signature|token)_(mismatch|missing)$/);
			}
			await stage.service.fail({});
			await see('A forged event', 'nothing: the Zap does not run');
		});

		if (scheme.kind === 'url-token') {
			it('tamper: the URL of one event speaks for no other', async () => {
				const [webhook] = (await stage.service.subscriptions()).filter(({ url }) => url.startsWith(first.targetUrl));
				const url = new URL(webhook?.url ?? '');
				url.searchParams.set(scheme.eventParameter, 'another_event');
				assert.equal(await post(url.toString(), event.sample), 200);
				await stage.zapier.settled();
				assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: token_mismatch');
			});
		} else {
			it('tamper: one changed byte is dropped', async () => {
				await stage.service.fail({ deliveries: { alteredByte: true } });
				const { all } = await raise();
				await stage.service.fail({});
				assert.equal(all, 0);
				assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: signature_mismatch');
			});
		}

		it('switch off: the webhook is gone, the other Zap goes on, a late delivery meets 410', async () => {
			const { service, zapier } = stage;
			const held = (await service.subscriptions()).filter(({ url }) => url.startsWith(first.targetUrl));
			await zapier.turnOff(first);
			if (byHand) for (const { id } of held) await service.removeByHand(id);
			assert.ok(!(await service.subscriptions()).some(({ url }) => url.startsWith(first.targetUrl)));
			assert.equal(await post(first.targetUrl, event.sample), 410);
			const { payload, first: one, second: two } = await raise();
			assert.equal(one.length, 0);
			assert.equal(two.length, expectedItems(provider, event, payload).length);
			await zapier.turnOff(second);
			if (byHand) for (const { id } of await service.subscriptions()) await service.removeByHand(id);
			assert.deepEqual(await service.subscriptions(), []);
			assert.deepEqual(zapier.failed, []);
			await see('Turn off', byHand ? 'the Zap is off: its URL answers 410' : 'the Zap is off: its webhook is gone');
		});
	});
}

/** A service that repeats our own request in what it refuses: URL, headers and body. */
function describeEcho(stage: Stage): void {
	it('what the service repeats of our request is blanked: connecting, switching on, testing, lists', async () => {
		const { provider, service, zapier, connection } = stage;
		const { triggers } = await zapier.definition();
		const trigger = triggerKey((provider.events.find(({ recent }) => recent) ?? provider.events[0]).name);
		const lists = Object.keys(triggers).filter((key) => triggers[key]?.display.hidden === true);
		const calls: Array<() => Promise<unknown>> = [
			() => zapier.connect(credentialsOf(provider)),
			() => zapier.turnOn(connection, trigger),
			() => zapier.samples(connection, trigger),
			...lists.slice(0, 2).map((list) => () => zapier.choices(connection, list)),
		];
		let said = '';
		await service.fail({
			behaviour: { echoSecrets: true },
			calls: [{ kind: 'status', status: 422 } as never],
		});
		for (const call of calls)
			said += await call().then(
				() => '',
				(cause: unknown) => `${String(cause)}\n`,
			);
		await service.fail({});
		assert.match(said, /You sent/, 'the service repeated something');
		for (const [name, value] of Object.entries(credentialsOf(provider))) {
			if (/^(email|username|authentication)$/.test(name)) continue;
			for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
				assert.ok(!said.includes(form), `${name} is shown`);
		}
		assert.doesNotMatch(
			said,
			/Basic [A-Za-z0-9+/]{8}|[0-9a-f]{64}/,
			'neither the header nor a secret of the subscription',
		);
	});
}

/** After everything that the triggers did: what Zapier has seen of it. */
function describeLeaks(stage: Stage): void {
	it('nothing secret is in the log stream or the output, and the app itself logs neither bodies nor email addresses', () => {
		const { zapier, provider } = stage;
		const kinds = new Set(zapier.platform.logs.map(({ data }) => data.log_type));
		assert.ok(kinds.has('http') && kinds.has('console'));
		assert.ok(isStatic(provider) || zapier.secretsSeen.size > 0);
		const everything = zapier.platform.logs.map((line) => JSON.stringify(line)).join('\n') + zapier.app.output();
		const credentials = Object.entries(credentialsOf(provider)).filter(([name]) => !/^(email|username)$/.test(name));
		for (const [, secret] of credentials) assert.ok(!everything.includes(secret), `a credential is in the logs`);
		for (const secret of zapier.secretsSeen) assert.ok(!everything.includes(secret), 'a webhook secret is in the logs');
		for (const line of zapier.said()) assert.doesNotMatch(line, /@|[{}]/);
	});
}

/** What the items of a payload are, `id` aside: the payload's elements, as the provider passes them on. */
function expectedItems({ receiving }: Provider, event: EventType, payload: Json): Item[] {
	const elements = (Array.isArray(payload) ? payload : [payload]).filter(isObject);
	return elements.map((element) => receiving.item?.(element, event.name) ?? element);
}

/** Keys, all the way down; arrays by their first element. */
function shapeOf(value: Json | undefined): unknown {
	if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
	if (!isObject(value)) return typeof value;
	const keys = Object.keys(value).sort();
	return Object.fromEntries(keys.map((key) => [key, shapeOf(value[key])]));
}

function assertType(item: Item, field: Item): void {
	const path = String(field.key).split('__');
	const value = path.reduce<unknown>((inner, key) => (inner as Item | undefined)?.[key], item);
	const type = field.type === 'datetime' && !Number.isNaN(Date.parse(String(value))) ? 'string' : field.type;
	const plain = type === 'integer' && Number.isInteger(value) ? 'number' : type;
	assert.equal(typeof value, plain, `${String(field.key)} is a ${typeof value}, not a ${String(field.type)}`);
}

/** Posts JSON; the status. */
export async function post(url: string, body: Json, headers: Record<string, string> = {}): Promise<number> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
	await response.arrayBuffer();
	return response.status;
}
