/**
 * One suite for the actions of every service, in a real n8n against the sandbox: what a call gives, and what a person is told when it
 * fails. The table that is printed at the end has a row for each way to log in to a service.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { parse } from 'flatted';
import type { Provider } from '../../core/provider.ts';
import { apiCredential, nodeName } from '../../nodes/n8n/credentials.ts';
import { providers } from '../../providers/index.ts';
import { Refused, type Workflow, type WorkflowData, type WorkflowNode } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl, type RequestRecord } from '../../harness/sandbox.mts';
import { workflowWith } from '../../harness/workflow.mts';
import type { ProviderId } from '../../sandbox/accounts.mts';
import { Table } from './table.mts';

type Parameters = Record<string, unknown>;

/** The calls of a service that the cases are tried with. */
interface Calls {
	/** Makes a record. Undefined: the service has no such call. */
	create?: { parameters: (n: number) => Parameters; id: (made: Record<string, unknown>) => unknown };
	/** Reads one record. Undefined ID: the one that `create` made. */
	one: { parameters: (id: unknown) => Parameters; id?: unknown; nobody: unknown };
	many: Parameters;
	/** How many records make a second page, next to those that the sandbox starts with. Undefined: the list has no second page. */
	secondPage?: { records: number } | { without: string };
	/** The list to choose from in the editor. */
	list: string;
	/** More than the sandbox's own credentials. */
	credentials?: Record<string, string>;
}

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

const CALLS: { readonly [id: string]: Calls } = {
	'solar-proof': {
		create: {
			parameters: (n) => ({
				...{ resource: 'customer', operation: 'create', firstName: 'Ada', surname: `Example ${n}` },
				...{ email: `ada.${n}@example.com`, phone: '0255501234', type: 'RESIDENTIAL' },
			}),
			id: () => 'ada.1@example.com',
		},
		one: {
			parameters: (email) => ({ resource: 'customer', operation: 'getByEmail', email }),
			nobody: 'nobody@example.com',
		},
		many: { resource: 'customer', operation: 'getMany' },
		secondPage: { records: 55 },
		list: 'customer',
	},
	solatis: {
		create: {
			parameters: (n) => ({
				...{ resource: 'transcription', operation: 'create', audioUrl: `https://example.com/${n}.mp3` },
			}),
			id: ({ id }) => id,
		},
		one: {
			parameters: (id) => ({ resource: 'transcription', operation: 'get', transcriptionId: id }),
			nobody: 'trans_nobody',
		},
		many: { resource: 'document', operation: 'getMany' },
		secondPage: { without: 'Solatis documents no pages' },
		list: 'document',
	},
	'solid-number': {
		create: {
			parameters: (n) => ({
				...{ resource: 'contact', operation: 'create', firstName: 'Ada', lastName: `Example ${n}` },
				email: `ada.${n}@example.com`,
			}),
			id: ({ id }) => id,
		},
		one: {
			parameters: (id) => ({ resource: 'contact', operation: 'get', id: byId(id) }),
			nobody: '99999999',
		},
		many: { resource: 'contact', operation: 'getMany' },
		secondPage: { records: 105 },
		list: 'contact',
	},
	'soshia-connect': {
		one: {
			parameters: (id) => ({ resource: 'route', operation: 'getData', routeId: byId(id) }),
			...{ id: '1', nobody: '999' },
		},
		many: { resource: 'route', operation: 'getMany' },
		secondPage: { without: 'SoshiaConnect documents no pages' },
		list: 'route',
		credentials: { authentication: 'apiKey' },
	},
	solve360: {
		create: {
			parameters: (n) => ({
				...{ resource: 'contact', operation: 'create', firstName: 'Ada', lastName: `Example ${n}` },
				businessEmail: `ada.${n}@example.com`,
			}),
			id: ({ id }) => id,
		},
		one: {
			parameters: (id) => ({ resource: 'contact', operation: 'get', id: byId(id) }),
			nobody: '99999999',
		},
		many: { resource: 'contact', operation: 'getMany' },
		secondPage: { without: 'a page of Solve360 has 5,000 records' },
		list: 'contact',
	},
};

/** A service with one way to log in to it. */
interface Row {
	name: string;
	provider: Provider;
	calls: Calls;
}

const rows: Row[] = providers.flatMap((provider): Row[] => {
	const calls = CALLS[provider.id];
	if (calls === undefined) throw new Error(`${provider.name} has no calls in this file`);
	const row = { name: provider.name, provider, calls };
	if (provider.api.session === undefined) return [row];
	return [
		{ ...row, name: `${provider.name} API key` },
		{ ...row, name: `${provider.name} login`, calls: { ...calls, credentials: { authentication: 'login' } } },
	];
});

const WRONG = 'a-key-that-nobody-has';
const START = 'Start';
const ACTION = 'Action';
const table = new Table([
	...['create', 'read one', 'list', 'pages', 'wrong key', 'not found', 'redirect', 'HTML', 'limited', 'continue'],
	...['credential', 'choices', 'secret: test', 'secret: read', 'secret: write', 'secret: choices', 'secret: publish'],
]);

/** What became of a run of one action. */
interface Outcome {
	status: string;
	/** Of each output of the node. */
	outputs: Array<Array<{ json: Record<string, unknown>; pairedItem?: unknown }>>;
	/** What a person is told. */
	told: string;
	/** All that n8n keeps of it. */
	kept: string;
}

describe('conformance of actions in n8n', { timeout: 1_200_000 }, () => {
	let n8n: N8n;
	let sandbox: SandboxControl;
	let other: Server;
	const askedOfOther: string[] = [];

	before(async () => {
		sandbox = await SandboxControl.start('solatis', 1);
		other = createServer((request, response) => {
			askedOfOther.push(`${request.method} ${request.url}`);
			response.setHeader('content-type', 'application/json').end('{"success":true,"id":"1","documents":[]}');
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		n8n = await N8n.start();
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await sandbox?.close();
		other?.close();
		process.stdout.write(`\n${table.toString()}\n`);
	});

	for (const { name, provider, calls } of rows) {
		describe(name, () => {
			const type = apiCredential(provider);
			const node = `n8n-nodes-${provider.id}.${nodeName(provider)}`;
			const { create, one, many, secondPage } = calls;
			let service: SandboxControl;
			let data: Record<string, string>;
			let credential: { id: string; name: string };
			let existing: unknown = one.id;

			const check = (column: string, title: string, test: () => Promise<void>): void =>
				void it(title, async () => {
					await service.faults();
					await table.record(name, column, test);
				});
			const without = (column: string, reason: string) => table.set(name, column, '–', reason);

			/** Runs the action once, as a person does in the editor. */
			async function act(
				parameters: Parameters,
				more: { items?: object[]; onError?: WorkflowNode['onError']; credential?: { id: string; name: string } } = {},
			): Promise<Outcome> {
				const { items = [{}], onError } = more;
				const definition: WorkflowData = {
					name: `${name}: actions`,
					nodes: [
						{
							...{ id: randomUUID(), name: START, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
							...{ position: [0, 0], parameters: {} },
						},
						{
							...{ id: randomUUID(), name: ACTION, type: node, typeVersion: 1, position: [220, 0], parameters },
							...{ credentials: { [type]: more.credential ?? credential }, ...(onError ? { onError } : {}) },
						},
					],
					connections: { [START]: { main: [[{ node: ACTION, type: 'main', index: 0 }]] } },
					settings: {},
					pinData: { [START]: items.map((json) => ({ json })) },
				};
				const workflow = await n8n.client.createWorkflow(definition);
				const { id } = await n8n.client.run({ ...workflow, pinData: definition.pinData! }, START);
				const { status, data: kept } = await n8n.client.call<{ status: string; data: string }>(
					'GET',
					`/rest/executions/${id}`,
				);
				const { resultData } = parse(kept) as {
					resultData: {
						error?: { message?: string; description?: string };
						runData: Record<string, Array<{ data?: { main?: Outcome['outputs'] } }>>;
					};
				};
				const { message = '', description = '' } = resultData.error ?? {};
				const outputs = resultData.runData[ACTION]?.at(-1)?.data?.main ?? [];
				return { status, outputs, told: `${message} ${description ?? ''}`.trim(), kept };
			}
			const itemsOf = ({ status, outputs, told }: Outcome) => {
				assert.equal(status, 'success', told);
				return (outputs[0] ?? []).map(({ json }) => json);
			};
			/** The ID of a record that is there. */
			const recordId = async (): Promise<unknown> => {
				if (existing !== undefined || create === undefined) return existing;
				const made = itemsOf(await act(create.parameters(1)));
				assert.equal(made.length, 1);
				existing = create.id(made[0] ?? {});
				return existing;
			};
			const failure = async (outcome: Promise<Outcome>): Promise<string> => {
				const { status, told } = await outcome;
				assert.equal(status, 'error', told);
				return told;
			};
			/** What the editor shows in a list to choose from. */
			const choices = async (with_ = credential) =>
				await n8n.client.call<{ results: Array<{ name: string; value: unknown }> }>(
					'POST',
					'/rest/dynamic-node-parameters/resource-locator-results',
					{
						...{ path: 'parameters.id', methodName: calls.list, currentNodeParameters: {} },
						...{ nodeTypeAndVersion: { name: node, version: 1 }, credentials: { [type]: with_ } },
					},
				);
			const choicesRefused = async (): Promise<string> =>
				await choices().then(
					() => assert.fail('the list was loaded'),
					(cause: unknown) => {
						if (!(cause instanceof Refused)) throw cause;
						return cause.sentence ?? '';
					},
				);
			const testOf = async (given: Record<string, string>) =>
				await n8n.client.testCredential(credential.id, type, credential.name, given);
			/** The same credential data with secrets that are not right. */
			const wrong = () => ({
				...data,
				...Object.fromEntries(provider.api.fields.filter(({ secret }) => secret).map((field) => [field.name, WRONG])),
			});

			before(async () => {
				service = sandbox.of(provider.id as ProviderId);
				await sandbox.reset();
				data = { ...service.credentials, ...calls.credentials };
				credential = await n8n.client.createCredential(type, name, data);
			});

			if (create === undefined) without('create', `${provider.name} has no call that makes a record`);
			else
				check('create', 'makes a record from what was typed', async () => {
					existing = undefined;
					assert.ok(await recordId());
				});

			check('read one', 'reads one record', async () => {
				const items = itemsOf(await act(one.parameters(await recordId())));
				assert.equal(items.length, 1);
				assert.ok(Object.keys(items[0]!).length > 1, JSON.stringify(items));
				assert.equal('error' in items[0]!, false);
			});

			const limited = provider.operations.some(
				({ resource, name: operation, paging }) =>
					resource === many['resource'] && operation === many['operation'] && paging !== undefined,
			);
			check('list', limited ? 'reads a list up to a limit' : 'reads a list', async () => {
				const items = itemsOf(await act({ ...many, ...(limited ? { returnAll: false, limit: 3 } : {}) }));
				assert.ok(items.length > 0);
				if (limited) assert.equal(items.length, 3);
			});

			if (secondPage === undefined || 'without' in secondPage)
				without('pages', secondPage?.without ?? 'the list has no pages');
			else
				check('pages', 'reads all pages, each record once', async () => {
					const { records } = secondPage;
					const calledBefore = (await service.requests()).length;
					let have = itemsOf(await act({ ...many, returnAll: true, simplify: false }));
					for (let n = 100; have.length < records && create; n += 50) {
						const texts = Object.entries(create.parameters(0)).map(([key, value]) => [
							key,
							key === 'email' ? '={{ $json.email }}' : value,
						]);
						const items = Array.from({ length: Math.min(50, records - have.length) }, (_, index) => ({
							email: `ada.${n + index}@example.com`,
						}));
						itemsOf(await act(Object.fromEntries(texts) as Parameters, { items }));
						have = itemsOf(await act({ ...many, returnAll: true, simplify: false }));
					}
					assert.ok(have.length >= records, `${have.length} records`);
					assert.equal(new Set(have.map((item) => JSON.stringify(item))).size, have.length);
					assert.ok((await service.requests()).length >= calledBefore + 2, 'two pages');
				});

			check('wrong key', 'says what to do, and not the key', async () => {
				const bad = await n8n.client.createCredential(type, `${name}, wrong`, wrong());
				const { status, told, kept } = await act(many, { credential: bad });
				assert.equal(status, 'error');
				assert.match(told, new RegExp(`^${provider.name} did not accept `));
				assert.match(told, /credential/);
				assert.equal(kept.includes(WRONG), false);
			});

			check('not found', 'says that there is no such record', async () => {
				assert.match(
					await failure(act(one.parameters(one.nobody))),
					/not found|found no|no such|does not exist|no \w+ exists/i,
				);
			});

			check('redirect', 'follows no redirect, and names the other host', async () => {
				const { port } = other.address() as AddressInfo;
				const host = `http://127.0.0.1:${port}`;
				for (const status of [302, 307]) {
					const headers = { location: `${host}/elsewhere` };
					await service.faults({ calls: [{ path: '.*', kind: 'status', status, body: '', headers }] });
					const told = [await failure(act(many)), await choicesRefused(), (await testOf(data)).message ?? ''];
					if (create) told.push(await failure(act(create.parameters(2))));
					for (const one of told) assert.match(one, new RegExp(`moved to ${host}`));
				}
				assert.deepEqual(askedOfOther, []);
			});

			check('HTML', 'takes a page of HTML for no answer', async () => {
				const body = '<!doctype html><title>Welcome</title>';
				await service.faults({ calls: [{ path: '.*', kind: 'status', status: 200, body }] });
				const told = [await failure(act(many)), await choicesRefused(), (await testOf(data)).message ?? ''];
				if (create) told.push(await failure(act(create.parameters(2))));
				for (const one of told) assert.match(one, /something other than JSON/);
			});

			check('limited', 'reads again once a limit has passed', async () => {
				const before_ = (await service.requests()).length;
				await service.faults({ calls: [{ path: '.*', kind: 'status', status: 429, retryAfter: 1, count: 1 }] });
				assert.ok(itemsOf(await act(many)).length > 0);
				const made = (await service.requests()).slice(before_).map(({ status }) => status);
				assert.deepEqual([made.filter((status) => status === 429).length, made.at(-1)], [1, 200]);
			});

			check('continue', 'goes on after an item that failed, and keeps the items paired', async () => {
				const there = await recordId();
				const items = [there, one.nobody, there].map((id) => ({ id }));
				const parameters = one.parameters('={{ $json.id }}');
				const going = await act(parameters, { items, onError: 'continueRegularOutput' });
				assert.equal(going.status, 'success', going.told);
				const seen = (going.outputs[0] ?? []).map(({ json, pairedItem }) => [pairedItem, typeof json['error']]);
				assert.deepEqual(seen, [
					[{ item: 0 }, 'undefined'],
					[{ item: 1 }, 'string'],
					[{ item: 2 }, 'undefined'],
				]);
				const split = await act(parameters, { items, onError: 'continueErrorOutput' });
				assert.deepEqual(
					split.outputs.map((output) => output.map(({ pairedItem }) => itemOf(pairedItem))),
					[[0, 2], [1]],
				);
			});

			check('credential', 'tests a credential in the same words', async () => {
				assert.deepEqual(await testOf(data), { status: 'OK', message: 'Connection successful!' });
				const { status, message = '' } = await testOf(wrong());
				assert.equal(status, 'Error');
				assert.match(message, new RegExp(`^${provider.name} did not accept .*credential`));
				assert.equal(message.includes(WRONG), false);
			});

			check('choices', 'lists what can be chosen', async () => {
				const { results } = await choices();
				assert.ok(results.length > 0);
				for (const one of results) assert.ok(one.name !== '' && one.value !== '');
			});

			/** Has every call refused with the caller's own words, and looks for what must not be seen. */
			const secretly = (column: string, title: string, work: () => Promise<{ told: string; kept?: string }>) =>
				check(`secret: ${column}`, title, async () => {
					// What SoshiaConnect says of a route that is not there shows that the API key is good.
					const keyIsGood = column === 'test' && data['authentication'] === 'apiKey';
					for (const status of keyIsGood ? [401] : [400, 401]) {
						const behaviour = { echoSecrets: true };
						await service.faults({ calls: [{ path: '.*', kind: 'status', status }], behaviour });
						const calledBefore = (await service.requests()).length;
						const loggedBefore = n8n.log.length;
						const { told, kept = '' } = await work();
						const called = (await service.requests()).slice(calledBefore);
						assert.ok(called.length > 0, 'the service was asked');
						assert.match(told, /You sent/, 'the service repeated the call');
						const secrets = secretsOf(provider, data, called);
						assert.ok(secrets.length > 0);
						for (const secret of secrets) {
							for (const [where, text] of Object.entries({ told, kept, log: n8n.log.slice(loggedBefore) }))
								assert.equal(text.includes(secret), false, `a secret in what is ${where}`);
						}
					}
				});
			secretly('test', 'shows no secret in the test of a credential', async () => ({
				told: (await testOf(data)).message ?? '',
			}));
			secretly('read', 'shows no secret in the error of a call that reads', async () => await act(many));
			secretly('choices', 'shows no secret in a list to choose from', async () => ({ told: await choicesRefused() }));
			if (create === undefined) without('secret: write', `${provider.name} has no call that makes a record`);
			else
				secretly('write', 'shows no secret in the error of a call that writes', async () => {
					return await act(create.parameters(3));
				});

			const registration = provider.registrations.find(({ kind }) => kind === 'api');
			if (registration === undefined)
				without('secret: publish', `${provider.name} has no call that registers a webhook`);
			else
				secretly('publish', 'shows no secret when publishing is refused', async () => {
					const workflow: Workflow = await n8n.client.createWorkflow(
						workflowWith({
							type: `${node}Trigger`,
							parameters: {
								events: [provider.events[0].name],
								...(provider.registrations.length > 1 ? { registration: registration.name } : {}),
							},
							credentials: { [type]: credential },
						}),
					);
					const { status, messages } = await n8n.client.publish(workflow);
					assert.equal(status, 'failed');
					await service.faults();
					await n8n.client.deleteWorkflow(workflow);
					return { told: messages.join(' ') };
				});
		});
	}
});

/** Which input item an item belongs to, in either way that n8n keeps it. */
function itemOf(paired: unknown): unknown {
	const one: unknown = Array.isArray(paired) ? paired[0] : paired;
	return typeof one === 'object' && one !== null && 'item' in one ? one.item : one;
}

/** What must not be seen: what is secret in the credential, the headers that carry it, and the secrets of a subscription. */
function secretsOf(provider: Provider, data: Record<string, string>, called: readonly RequestRecord[]): string[] {
	const typed = provider.api.fields.filter(({ secret }) => secret).map(({ name }) => data[name] ?? '');
	const headers = called.flatMap(({ headers: { authorization = '' } }) => authorization.replace(/^\S+ /, ''));
	const chosen = called.flatMap(({ query, body }) => [...namedSecret(query), ...namedSecret(body)]);
	return [...new Set([...typed, ...headers, ...chosen].filter((value) => value.length > 5))];
}

/** The values under names that say that they are secret, and the tokens in URLs, at any depth. */
function namedSecret(value: unknown, name = ''): string[] {
	if (typeof value === 'string') {
		if (/secret|token|key|password/i.test(name)) return [value];
		return URL.canParse(value) ? [...new URL(value).searchParams].flatMap(([key, text]) => namedSecret(text, key)) : [];
	}
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => namedSecret(inner, Array.isArray(value) ? name : key));
}
