/** Every operation of every provider against the sandbox, in each reading of the service. Generated: no call is named here. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { contractOf } from '../../contracts/index.mts';
import { InvalidInput, ServiceRefused } from '../../core/errors.ts';
import { encodeMultipart } from '../../core/multipart.ts';
import { findOperation, operationId, run } from '../../core/operation.ts';
import type { HttpRequest, HttpResponse, Json, JsonObject, Operation, Provider, Values } from '../../core/provider.ts';
import { providers } from '../../providers/index.ts';
import { demoCredentials } from '../../sandbox/accounts.mts';
import { refuseViolations } from '../../sandbox/contract/refuse.mts';
import { readingsOf } from '../../sandbox/contract/variants.mts';
import type { Settings } from '../../sandbox/contract/variants.mts';
import { startSandbox } from '../../sandbox/server.mts';
import type { Sandbox } from '../../sandbox/server.mts';
import { fillings } from '../../harness/fillings.mts';
import { call } from './helpers.mts';

/** What only a person who knows the sandbox's first records can fill in. */
const KNOWN: { readonly [service: string]: { readonly [field: string]: Json } } = {
	'solar-proof': { email: 'john.smith@example.com', customerId: '71705', projectId: '849' },
	'soshia-connect': { routeId: '1' },
	'solid-number': { query: 'a', sku: 'WIDGET-1' },
	solve360: { tags: ['Lead'], tag: 'Lead', types: ['3', '14'], templateId: '1' },
};

/** The same for one operation. */
const OWN: { readonly [operation: string]: { readonly [field: string]: Json } } = {
	'solid-number inventory.create': { sku: 'WIDGET-NEW' },
	'solve360 ticket.create': { fields: { title: 'No hot water' } },
};

/** What must be done to a record before. */
const FIRST: { readonly [operation: string]: string } = { 'solid-number order.refund': 'order.confirm' };

/** Which field of a record is its ID, where it is not `id`. */
const ID_FIELDS = ['id', 'customer_id', 'project_id', 'sku'];

for (const provider of providers.filter(({ id }) => contractOf(id).enforce)) {
	describe(`${provider.name} in every reading`, () => {
		let sandbox: Sandbox | undefined;
		before(async () => void (sandbox = await startSandbox({ speed: 100_000 })));
		after(async () => sandbox?.close());

		for (const operation of provider.operations) {
			const id = operationId(operation);
			const entry = contractOf(provider.id).calls[id];
			const readings = entry ? readingsOf(entry) : [{ name: 'as usual', settings: {} }];
			for (const { name, settings } of readings) {
				it(`${provider.id} ${id}: ${name}`, async () => {
					assert.ok(sandbox);
					const service = new Caller(provider, sandbox);
					await service.reset();
					const usual = await service.runAny(operation, await service.valuesFor(operation));
					await service.reset();
					const again = await service.valuesFor(operation);
					await service.read(id, settings);
					const items = await service.runAs(operation, usual.input, again);
					assert.equal(items.length, usual.items.length);
					const fields = (all: readonly JsonObject[]) => Object.keys(all[0] ?? {}).toSorted();
					// An answer with nothing but its status leaves the ID that was asked with.
					const bare = Object.hasOwn(settings, 'updateAnswersStatusOnly') && fields(items).join() === 'id,status';
					if (!bare) assert.deepEqual(fields(items), fields(usual.items));
					refuseViolations(sandbox);
				});
			}
		}
	});
}

/** A service of the sandbox, called as a provider says. */
class Caller {
	readonly #provider: Provider;
	readonly #sandbox: Sandbox;

	constructor(provider: Provider, sandbox: Sandbox) {
		this.#provider = provider;
		this.#sandbox = sandbox;
	}

	async reset(): Promise<void> {
		refuseViolations(this.#sandbox);
		await this.#control('reset', {});
	}

	async read(id: string, settings: Settings): Promise<void> {
		if (Object.keys(settings).length > 0) {
			await this.#control('variants', { provider: this.#provider.id, call: id, set: { ...settings } });
		}
	}

	async #control(path: string, json: JsonObject): Promise<void> {
		const answer = await call(`${this.#sandbox.url}/control/${path}`, { json });
		assert.equal(answer.status, 200, answer.text);
	}

	/** Values for the fields that must name something that is there. */
	async valuesFor(operation: Operation): Promise<Values> {
		const values: { [field: string]: Json } = { ...KNOWN[this.#provider.id] };
		for (const { name } of operation.fields) {
			const resource = name === 'id' ? operation.resource : /^(\w+)Id$/.exec(name)?.[1];
			if (resource === undefined || values[name] !== undefined) continue;
			const found = await this.#firstOf(resource === 'related' || resource === 'record' ? 'contact' : resource);
			if (found !== undefined) values[name] = found;
		}
		const id = `${this.#provider.id} ${operationId(operation)}`;
		const first = findOperation(this.#provider, FIRST[id] ?? '');
		if (first) await this.runAny(first, values);
		return { ...values, ...OWN[id] };
	}

	/** The ID of a record of this kind: the first in its list, or a new one. */
	async #firstOf(resource: string): Promise<string | undefined> {
		if (resource === 'webhook') await this.#subscribe();
		for (const name of ['getMany', 'create']) {
			const operation = findOperation(this.#provider, `${resource}.${name}`);
			const [first] = operation ? (await this.runAny(operation, KNOWN[this.#provider.id] ?? {})).items : [];
			const field = ID_FIELDS.find((one) => first?.[one] !== undefined);
			if (first && field !== undefined) return String(first[field]);
		}
		return undefined;
	}

	async #subscribe(): Promise<void> {
		const registration = this.#provider.registrations.find(({ kind }) => kind === 'api');
		if (registration?.kind !== 'api') return;
		const events = [this.#provider.events[0].name];
		const wanted = { url: 'http://127.0.0.1:9/hook', events, secret: 'made-up', title: 'test', options: {} };
		await this.#send(registration.api.subscribe(wanted));
	}

	/** Runs an operation with as little filled in as the service takes. */
	async runAny(operation: Operation, known: Values): Promise<{ input: Values; items: JsonObject[] }> {
		let refused: unknown;
		for (const { input } of fillings(operation)) {
			try {
				return { input, items: await this.runAs(operation, input, known) };
			} catch (error) {
				// Nothing to do, or a field that this account does not have: the next filling has less, or more.
				if (!(error instanceof InvalidInput) && !(error instanceof ServiceRefused)) throw error;
				refused = error;
			}
		}
		throw refused instanceof Error ? refused : new Error(`${operationId(operation)} takes none of the fillings`);
	}

	/** Runs an operation with this input; what must name something that is there comes from `known`. */
	async runAs(operation: Operation, input: Values, known: Values): Promise<JsonObject[]> {
		const own = Object.fromEntries(
			operation.fields.flatMap(({ name }) => (known[name] === undefined ? [] : [[name, known[name]]])),
		);
		return await run(this.#provider, operation, { ...input, ...own }, (request) => this.#send(request));
	}

	async #send(request: HttpRequest): Promise<HttpResponse> {
		const { api, id } = this.#provider;
		const credentials: { [field: string]: Json } = { ...demoCredentials(id as never, this.#sandbox.url) };
		// The profile is for a login alone.
		if (id === 'soshia-connect' && request.path === '/auth/profile') {
			credentials.authentication = 'login';
			const login = api.session?.request(credentials);
			assert.ok(login && api.session);
			credentials.sessionToken = api.session.token(await this.#sent(login, credentials)) ?? '';
		}
		return await this.#sent(api.authenticate(request, credentials), credentials);
	}

	async #sent(request: HttpRequest, credentials: { readonly [field: string]: Json }): Promise<HttpResponse> {
		const { method, path, query = {}, headers = {}, json, form, multipart } = request;
		const url = new URL(String(credentials.baseUrl) + path);
		for (const [name, value] of Object.entries(query))
			if (value !== undefined) url.searchParams.set(name, String(value));
		const encoded = multipart && encodeMultipart(multipart);
		const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json);
		const type = json === undefined ? encoded?.contentType : 'application/json';
		const response = await fetch(url, {
			method,
			headers: { accept: 'application/json', ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
			...(encoded ? { body: new Uint8Array(encoded.body) } : body === undefined ? {} : { body }),
		});
		const text = await response.text();
		return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed(text), text };
	}
}

function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}
