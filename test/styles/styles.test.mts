/**
 * Services of the world, each described by data alone, received as they sign: through the core, and through a trigger in a real n8n
 * that is made of the same data. The table at the end says which style holds in which way.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { run } from '../../core/operation.ts';
import type { Challenge, HttpRequest, HttpResponse, JsonObject, Provider } from '../../core/provider.ts';
import { receive, type Verdict } from '../../core/receive.ts';
import { sign } from '../../core/signature.ts';
import type { Workflow } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { ARRIVED, webhookUrl, workflowWith } from '../../harness/workflow.mts';
import { nodeName, webhookCredential } from '../../nodes/n8n/credentials.ts';
import type { ZObject } from 'zapier-platform-core';
import { zapierApp } from '../../zapier/shared/app.mts';
import { keyOf } from '../../zapier/shared/names.mts';
import { unreceivable } from '../../zapier/shared/receiving.mts';
import { Table } from '../conformance/table.mts';
import { buildStyles, PACKAGE } from './support/package.mts';
import { styles } from './support/styles.ts';
import { sending, vendors, type Headers, type Sent } from './support/vendors.mts';

const HOOK = 'https://n8n.example.com/webhook/abc/webhook';
const VERIFY_TOKEN = 'made-up verify token';

type Perform = (z: ZObject, bundle: object) => Promise<unknown>;

const table = new Table(['signed by', 'signature', 'event', 'ID', 'challenge', 'paging', 'n8n', 'Zapier']);

/** A delivery as the core gets it. */
function received(
	provider: Provider,
	sent: Sent,
	headers: Headers,
	more: { secret?: string; now?: number } = {},
): Verdict {
	const [proof] = provider.receiving.proofs;
	return receive(
		provider,
		{
			...{ body: Buffer.from(sent.body), query: {}, method: 'POST', url: sent.url },
			headers: { 'content-type': 'application/json', ...headers },
		},
		{
			...{ proof, events: [sent.event], options: {} },
			secrets: [{ value: more.secret ?? vendors[provider.id]!.secret }],
			...(more.now === undefined ? {} : { now: more.now }),
		},
	);
}

/** What a service asks by a delivery, and what it expects to be answered. */
function question({ when, is, text, echo, hmac }: Extract<Challenge, { method: 'post' }>, secret: string) {
	const body: JsonObject = {};
	for (const [path, value] of [
		[when, is],
		[text, 'a text to answer'],
	] as const) {
		let place = body;
		for (const name of path.slice(0, -1)) place = (place[name] ??= {}) as JsonObject;
		place[path.at(-1)!] = value;
	}
	const signed = createHmac('sha256', secret).update('a text to answer').digest('hex');
	return { body, answer: { [echo]: 'a text to answer', ...(hmac !== undefined && { [hmac]: signed }) } };
}

for (const provider of styles) {
	const { name, receiving } = provider;
	const vendor = vendors[provider.id]!;
	const [{ scheme }] = receiving.proofs;
	const [event] = provider.events;
	const payload = event.sample;
	const body = JSON.stringify(payload);
	const check = (column: string, title: string, test: () => Promise<void>): void =>
		void it(`${name}: ${title}`, async () => await table.record(name, column, test));

	describe(`${name}, in the core`, () => {
		before(() => table.set(name, 'signed by', vendor.by));

		check(
			'signature',
			'accepts what the service signs, the vendor accepts what we sign, and neither what was altered',
			async () => {
				const sent = sending(body, HOOK, event.name);
				const headers = await vendor.sign(sent);
				assert.equal(received(provider, sent, headers).outcome, 'accepted');
				const other = { ...sent, body: body.replace('{', '{ ') };
				if (scheme.kind === 'hmac') {
					assert.equal(received(provider, other, headers).outcome, 'rejected');
					const stale = received(provider, sent, headers, { now: (sent.at + 301) * 1000 });
					assert.equal(stale.outcome, scheme.timestamp === undefined ? 'accepted' : 'rejected');
				}
				const wrong = Buffer.from('another secret').toString('base64');
				assert.equal(received(provider, sent, headers, { secret: wrong }).outcome, 'rejected');
				if (vendor.accepts) {
					const { id, at, url } = sent;
					const ours = sign(scheme, { body, secret: vendor.secret, at, id, url }).headers;
					assert.equal(await vendor.accepts(sent, ours), true, `${vendor.by} accepts ours`);
					const refused = await Promise.resolve()
						.then(() => vendor.accepts!(other, ours))
						.catch(() => false);
					assert.equal(refused, false, `${vendor.by} refuses what was altered`);
				}
			},
		);

		check('event', 'knows the event type', async () => {
			const sent = sending(body, HOOK, event.name);
			const verdict = received(provider, sent, await vendor.sign(sent));
			assert.ok(verdict.outcome === 'accepted');
			assert.equal(verdict.event, event.name);
			assert.deepEqual(verdict.items, Array.isArray(payload) ? payload : [payload]);
		});

		const { eventIdHeader, eventId } = receiving;
		if (eventIdHeader === undefined && eventId === undefined) {
			table.set(name, 'ID', '–', 'the service documents none; the hash of the raw bytes is the ID');
		} else {
			check('ID', 'knows a repeat by the ID of the service', async () => {
				const sent = sending(body, HOOK, event.name);
				const again = { ...sent, at: sent.at + 60 };
				const ids = [];
				for (const one of [sent, again]) {
					const verdict = received(provider, one, await vendor.sign(one));
					assert.ok(verdict.outcome === 'accepted');
					ids.push(verdict.deliveryId);
				}
				assert.equal(ids[0], ids[1]);
				assert.doesNotMatch(ids[0]!, /:[0-9a-f]{64}$/, 'no hash');
			});
		}

		const { challenge } = receiving;
		if (challenge === undefined) table.set(name, 'challenge', '–', 'the service asks nothing before it delivers');
		else if (challenge.method === 'post') {
			check('challenge', 'answers who proves itself, and nobody else', async () => {
				const asked = question(challenge, vendor.secret);
				const sent = sending(JSON.stringify(asked.body), HOOK, event.name);
				const headers = await vendor.sign(sent);
				assert.deepEqual(received(provider, sent, headers), { outcome: 'challenged', answer: asked.answer });
				assert.equal(received(provider, sent, headers, { secret: 'another' }).outcome, 'rejected');
			});
		} else {
			check('challenge', 'echoes to who knows the token, and to nobody else', async () => {
				const ask = (token: string) =>
					receive(
						provider,
						{
							...{ body: Buffer.alloc(0), headers: {}, method: 'GET' },
							query: { [challenge.parameter]: '1158201444', [challenge.tokenParameter]: token },
						},
						{
							...{ proof: receiving.proofs[0], events: [], options: {}, secrets: [{ value: vendor.secret }] },
							challengeTokens: [{ value: VERIFY_TOKEN }],
						},
					);
				assert.deepEqual(ask(VERIFY_TOKEN), { outcome: 'challenged', answer: '1158201444' });
				assert.equal(ask(vendor.secret).outcome, 'rejected', 'what signs is no token');
			});
		}

		check('paging', 'reads all pages of a list', async () => {
			const service = new PagedService(provider);
			const [operation] = provider.operations;
			const found = await run(provider, operation!, {}, service.send);
			assert.deepEqual(
				found.map(({ id }) => id),
				service.ids,
			);
			assert.equal(service.asked.length, 3, 'three pages, each asked for once');
		});
	});
}

/** A list of a service in three pages, in whichever way it pages. */
class PagedService {
	readonly ids: string[];
	readonly asked: HttpRequest[] = [];
	private readonly size: number;
	private readonly provider: Provider;

	constructor(provider: Provider) {
		this.provider = provider;
		this.size = provider.operations[0]!.paging!.pageSize;
		this.ids = Array.from({ length: this.size * 2 + 1 }, (_, index) => String(index + 1));
	}

	readonly send = async (request: HttpRequest): Promise<HttpResponse> => {
		this.asked.push(request);
		const query = request.query ?? {};
		const cursor = Object.entries(query).find(([name]) => /cursor|iterator|after|token|page_info/.test(name))?.[1];
		const page = cursor === undefined ? Number(query['page'] ?? 1) - 1 : Number(String(cursor).replace('at-', ''));
		const records = this.ids.slice(page * this.size, (page + 1) * this.size).map((id) => ({ id }));
		const next = (page + 1) * this.size < this.ids.length ? `at-${page + 1}` : undefined;
		const lists: { readonly [id: string]: (list: JsonObject[]) => JsonObject | JsonObject[] } = {
			shopify: (orders) => ({ orders }),
			slack: (channels) => ({ ok: true, channels, response_metadata: { next_cursor: next ?? '' } }),
			'standard-webhooks': (data) => ({ data, done: next === undefined, iterator: next ?? null }),
			square: (payments) => ({ payments, ...(next !== undefined && { cursor: next }) }),
			hubspot: (results) => ({ results, ...(next !== undefined && { paging: { next: { after: next } } }) }),
			zoom: (users) => ({ users, next_page_token: next ?? '' }),
			meta: (data) => ({ data, ...(next !== undefined && { paging: { cursors: { after: next } } }) }),
		};
		const body = lists[this.provider.id]?.(records) ?? records;
		const link = `<https://shop.example.com/x?limit=1&page_info=${next}>; rel="next"`;
		return {
			...{ status: 200, body, text: JSON.stringify(body) },
			headers: this.provider.id === 'shopify' && next !== undefined ? { link } : {},
		};
	};
}

/** What Zapier gives to `perform`, as far as a hook needs it. */
function zapierZ(): { z: ZObject; log: string[] } {
	const log: string[] = [];
	const kept = new Map<string, unknown>();
	const cache = {
		get: async (key: string) => kept.get(key),
		set: async (key: string, value: unknown) => kept.set(key, value),
	};
	return { z: { cache, console: { log: (line: string) => log.push(line) } } as unknown as ZObject, log };
}

describe('in a Zapier app', () => {
	for (const provider of styles) {
		const { name } = provider;
		const vendor = vendors[provider.id]!;
		const [event] = provider.events;
		const problem = unreceivable(provider);
		if (problem !== undefined) {
			table.set(name, 'Zapier', '–', problem);
			it(`${name}: no app can be built, and the reason is said`, () => {
				assert.throws(() => zapierApp(provider, '1.0.0'), { message: problem });
			});
			continue;
		}
		it(`${name}: a trigger takes what the service signs, once, and nothing else`, async () => {
			await table.record(name, 'Zapier', async () => {
				const { operation } = zapierApp(provider, '1.0.0').triggers[keyOf(event.name)]!;
				assert.ok('perform' in operation);
				const { z, log } = zapierZ();
				const sent = sending(JSON.stringify(event.sample), HOOK, event.name);
				const headers = await vendor.sign(sent);
				const items = async (content: string, secret = vendor.secret) => {
					const renamed = Object.entries(headers).map(([header, value]) => [`Http-${header}`, value]);
					const rawRequest = {
						content,
						querystring: '',
						headers: Object.fromEntries(renamed) as Record<string, string>,
					};
					const bundle = { rawRequest, authData: { signingSecret: secret }, inputData: {}, meta: {} };
					return (await (operation.perform as Perform)(z, bundle)) as JsonObject[];
				};
				const wrong = Buffer.from('another secret').toString('base64');
				assert.deepEqual(await items(sent.body, wrong), []);
				// A static token says nothing of the body.
				if (provider.receiving.proofs[0].scheme.kind === 'hmac')
					assert.deepEqual(await items(sent.body.replace('{', '{ ')), []);
				const got = await items(sent.body);
				const payloads = [event.sample].flat() as JsonObject[];
				assert.deepEqual(
					got.map(({ id: _id, event: _event, ...item }) => item),
					payloads.map(({ id: _id, event: _event, ...item }) => item),
					log.join(),
				);
			});
		});
	}
});

describe('in a real n8n', { timeout: 600_000 }, () => {
	let n8n: N8n;
	let folder: string;

	before(async () => {
		folder = buildStyles(styles);
		n8n = await N8n.start({ packages: [folder] });
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
		process.stdout.write(`\n${table.toString()}\n`);
	});

	for (const provider of styles) {
		const { name, receiving } = provider;
		const vendor = vendors[provider.id]!;
		const [event] = provider.events;

		it(
			name,
			async () =>
				await table.record(name, 'n8n', async () => {
					const workflow = await published(provider);
					const url = webhookUrl(n8n.url, workflow);
					const post = async (sent: Sent, headers: Headers) => {
						const response = await fetch(url, {
							...{ method: 'POST', body: sent.body },
							headers: { 'content-type': 'application/json', ...headers },
						});
						return { status: response.status, answer: (await response.json()) as JsonObject };
					};

					const sent = sending(JSON.stringify(event.sample), url, event.name);
					const headers = await vendor.sign(sent);
					assert.deepEqual(await post(sent, headers), { status: 200, answer: { verdict: 'accepted' } });
					const executions = await n8n.client.waitForExecutions(workflow, 1);
					const items = Array.isArray(event.sample) ? event.sample : [event.sample];
					assert.deepEqual(executions[0]?.items[ARRIVED], items);
					assert.equal((await post(sent, headers)).answer['verdict'], 'repeated');

					const [{ scheme }] = receiving.proofs;
					const forged = sign(scheme, {
						...{ body: sent.body, at: sent.at, id: sent.id, url },
						secret: Buffer.from('another secret').toString('base64'),
					}).headers;
					assert.equal((await post(sent, { ...headers, ...forged })).status, 401, 'forged');

					const { challenge } = receiving;
					if (challenge?.method === 'post') {
						const asked = question(challenge, vendor.secret);
						const questioned = sending(JSON.stringify(asked.body), url, event.name);
						const proof = await vendor.sign(questioned);
						assert.deepEqual(await post(questioned, proof), { status: 200, answer: asked.answer });
						assert.equal((await post({ ...questioned, body: `${questioned.body} ` }, proof)).status, 401);
					}
					const ask = async (token: string) => {
						const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '<b>1158201444' });
						query.set('hub.verify_token', token);
						return await fetch(`${url}?${query.toString()}`);
					};
					const asked = await ask(VERIFY_TOKEN);
					if (challenge?.method === 'get') {
						assert.deepEqual([asked.status, await asked.text()], [200, '<b>1158201444']);
						assert.match(asked.headers.get('content-type') ?? '', /^text\/plain/);
						assert.equal((await ask('another')).status, 401);
					} else assert.equal(asked.status, 404, 'nothing listens to GET');

					assert.equal((await n8n.client.waitForExecutions(workflow, 1)).length, 1, 'nothing else started it');
					await n8n.client.unpublish(workflow);
				}),
		);
	}

	/** A published workflow with the provider's trigger. */
	async function published(provider: Provider): Promise<Workflow> {
		const type = webhookCredential(provider);
		const tokens = Object.fromEntries((provider.webhook?.fields ?? []).map((field) => [field.name, VERIFY_TOKEN]));
		const data = { ...tokens, signingSecret: vendors[provider.id]!.secret };
		const credential = await n8n.client.createCredential(type, provider.name, data);
		const workflow = await n8n.client.createWorkflow(
			workflowWith({
				...{ name: provider.name, type: `${PACKAGE}.${nodeName(provider)}Trigger` },
				parameters: { events: [provider.events[0].name] },
				credentials: { [type]: credential },
			}),
		);
		assert.deepEqual(await n8n.client.publish(workflow), { status: 'published', messages: [] });
		return workflow;
	}
});
