/** What holds for every service, by being in the list: names, labels, grades, samples, and answers of any shape. */
import { lookupOf } from '../../../core/choices.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findOperation, handlingOf, operationId } from '../../../core/operation.ts';
import { InvalidInput } from '../../../core/errors.ts';
import { isObject } from '../../../core/json.ts';
import type {
	Field,
	HttpRequest,
	HttpResponse,
	Json,
	JsonObject,
	Operation,
	Provider,
	SubscriptionApi,
	Values,
} from '../../../core/provider.ts';
import { providers } from '../../../providers/index.ts';

/** The files of every provider's folder, next to its operations: those are a file, a folder, or a file that lists those of a folder. */
const FILES = [
	'README.md',
	'answers.ts',
	'connection.ts',
	'deliveries.ts',
	'events.ts',
	'provider.ts',
	'subscriptions.ts',
];

const PROVIDERS = join(__dirname, '../../../providers');

describe('the folders of the providers', () => {
	const folders = readdirSync(PROVIDERS, { withFileTypes: true }).filter((entry) => entry.isDirectory());

	test('are those of the list of providers', () => {
		expect(folders.map(({ name }) => name).sort()).toEqual(providers.map(({ id }) => id).sort());
	});

	test.each(folders.map(({ name }) => [name]))('%s has the files that every one has', (name) => {
		const all = readdirSync(join(PROVIDERS, name)).sort();
		// How missed events are found again is a file of its own where there is more than a line to say.
		const files = all.filter((file) => !['operations', 'operations.ts', 'history.ts'].includes(file));
		expect(files).toEqual(FILES);
		expect(all.length).toBeGreaterThan(files.length);
	});
});

const SMALL_WORDS = new Set('a an and as at by for from in into is of on or per the to with'.split(' '));

function isTitleCase(label: string): boolean {
	return label.split(/[\s/]+/).every((word, index) => {
		return (index > 0 && SMALL_WORDS.has(word)) || /^[^a-z]/.test(word);
	});
}

function unique(names: readonly string[]): void {
	expect([...names].sort()).toEqual([...new Set(names)].sort());
}

/** Every text inside a value, keys included. */
function textsIn(value: Json | undefined): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(textsIn);
	return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : [];
}

/** A value that a person could have filled in. */
function filled(field: Field): Json {
	if (field.default !== undefined && field.default !== '') return field.default;
	const choice = field.options?.[0]?.value ?? '7';
	const values: { readonly [type in Field['type']]: Json } = {
		string: '7',
		text: 'words',
		email: 'jane@example.com',
		number: 7,
		boolean: true,
		dateTime: '2026-02-02T10:30:00Z',
		date: '2026-02-02',
		file: { fileName: 'roof.txt', contentType: 'text/plain', base64: 'cm9vZg==' },
		choice,
		choices: [choice],
		list: ['7'],
		pairs: { name: 'value' },
		rows: [Object.fromEntries((field.fields ?? []).map((inner) => [inner.name, filled(inner)]))],
		json: [{}],
	};
	return values[field.type];
}

function isShown(field: Field, values: Values): boolean {
	return Object.entries(field.showIf ?? {}).every(([name, shown]) => shown.includes(values[name] as string));
}

/** What is shown and required, filled in. */
function leastInput(operation: Operation): Values {
	const input: Record<string, Json> = {};
	for (const field of operation.fields) {
		if ((field.required || field.default !== undefined) && isShown(field, input)) input[field.name] = filled(field);
	}
	return input;
}

function response(body: Json | undefined, status = 200): HttpResponse {
	return { status, headers: {}, body, text: body === undefined ? '' : JSON.stringify(body) };
}

const apisOf = (provider: Provider): SubscriptionApi[] =>
	provider.registrations.flatMap((registration) => (registration.kind === 'api' ? [registration.api] : []));

const samplesOf = (provider: Provider): Array<[string, Json]> => [
	...provider.events.map(({ name, sample }): [string, Json] => [name, sample]),
	...provider.operations.map((operation): [string, Json] => [operationId(operation), operation.sample]),
];

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_name, provider) => {
	test('says who it is and where that is written', () => {
		expect(provider.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
		expect(provider.description).toMatch(/^[A-Z].*\.$/);
		for (const url of [provider.homepage, provider.documentation, provider.api.help, provider.webhook?.help]) {
			if (url !== undefined) expect(url).toMatch(/^https:\/\//);
		}
		expect(provider.api.baseUrl).toMatch(/^https:\/\/.*[^/]$/);
		for (const hint of [provider.api.hint, provider.webhook?.hint]) if (hint !== undefined) expect(hint).toMatch(/\.$/);
		expect(provider.assumptions.length).toBeGreaterThan(0);
	});

	describe('events', () => {
		test('have names of their own, titles, and a description without a full stop', () => {
			unique(provider.events.map(({ name }) => name));
			unique(provider.events.map(({ label }) => label));
			for (const { name, label, description } of provider.events) {
				expect(name).toMatch(/^[a-z]+([._][a-z]+)*$/);
				expect([label, isTitleCase(label)]).toEqual([label, true]);
				expect(description).toMatch(/^[A-Z].*[^.]$/);
			}
		});

		test.each(provider.events.map((event) => [event.name, event] as const))('%s has a sample', (name, event) => {
			const elements = Array.isArray(event.sample) ? event.sample : [event.sample];
			expect(elements.length).toBeGreaterThan(0);
			for (const element of elements) expect(isObject(element) && Object.keys(element).length > 0).toBe(true);
			if (provider.receiving.eventOf) expect(provider.receiving.eventOf(elements[0] as JsonObject)).toBe(name);
			if (event.recent) expect(findOperation(provider, event.recent.operation)).toBeDefined();
		});

		test('recent records take the keys of the sample, whatever their values are', () => {
			for (const { recent, sample } of provider.events) {
				if (!recent) continue;
				const operation = findOperation(provider, recent.operation)!;
				expect(() => operation.request(recent.input ?? {})).not.toThrow();
				const payload = recent.payload(operation.sample);
				if (payload && isObject(sample))
					expect(Object.keys(sample)).toEqual(expect.arrayContaining(Object.keys(payload)));
				fc.assert(
					fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
						recent.payload(record as JsonObject);
						recent.payload({ ...operation.sample, ...(record as JsonObject) });
					}),
					{ numRuns: 30 },
				);
			}
		});
	});

	describe('operations', () => {
		test('have ids of their own, and every resource has some', () => {
			unique(provider.operations.map(operationId));
			unique(provider.operations.map(({ action }) => action));
			const used = new Set(provider.operations.map(({ resource }) => resource));
			expect([...used].sort()).toEqual(provider.resources.map(({ name }) => name).sort());
			for (const { name, label } of provider.resources) {
				expect(name).toMatch(/^[a-z]+([A-Z][a-z]*)*$/);
				expect([label, isTitleCase(label)]).toEqual([label, true]);
			}
		});

		test('texts say what to do, and leave what a vendor documents to the README', () => {
			const ofFields = (fields: readonly Field[]): unknown[] =>
				fields.flatMap(({ description, options = [], fields: inner = [] }) => [
					description,
					...options.map((option) => option.description),
					...ofFields(inner),
				]);
			const shown = [
				...provider.events.flatMap(({ description, note }) => [description, note]),
				...provider.operations.flatMap(({ description, note, fields }) => [description, note, ...ofFields(fields)]),
				...ofFields([...(provider.triggerFields ?? []), ...provider.api.fields, ...(provider.webhook?.fields ?? [])]),
				provider.api.hint,
				provider.webhook?.hint,
			].filter((text) => typeof text === 'string');
			const comments =
				/\bdocument(ed|ation)\b|\bdocuments (its|the (path|payload|data)|that)\b|\bassum(ed|es)\b|\binferred\b/i;
			expect(shown.filter((text) => comments.test(text))).toEqual([]);
		});

		test('lists and lookups point to what is there', () => {
			for (const [name, lookup] of Object.entries(provider.lookups ?? {})) {
				// One that depends on the rest of the form: for each choice that the form can have there.
				const asking = provider.operations.filter(({ fields }) => fields.some((field) => field.choicesFrom === name));
				const values = (field: string) => fieldIn(asking, field)?.options?.map(({ value }) => value) ?? ['7'];
				const forms = (lookup.needs ?? []).reduce<Values[]>(
					(all, field) => all.flatMap((form) => values(field).map((value) => ({ ...form, [field]: value }))),
					[{}],
				);
				for (const form of forms) {
					const id = typeof lookup.operation === 'function' ? lookup.operation(form) : lookup.operation;
					const operation = findOperation(provider, id ?? '');
					expect([name, form, operation !== undefined]).toEqual([name, form, true]);
					const input = typeof lookup.input === 'function' ? lookup.input(form) : lookup.input;
					const inputs = [input ?? {}].flat();
					for (const one of inputs) expect(() => operation!.request(one)).not.toThrow();
					for (const item of lookup.of?.(operation!.sample) ?? [operation!.sample]) {
						expect(typeof lookup.value(item)).toBe('string');
						expect(typeof lookup.label(item, inputs[0], inputs.length)).toBe('string');
					}
				}
			}
		});

		test('what moves money stays out of Zapier, and says so where it is offered', () => {
			for (const operation of provider.operations) {
				const { kind, leftOut, notice, retries } = handlingOf(operation);
				if (/refund|quickSale|mark(As)?Paid|charge|payout|transfer|text2?pay|sendTextToPay/i.test(operation.name)) {
					expect([operationId(operation), kind, notice]).toEqual([
						operationId(operation),
						undefined,
						'This operation moves or requests real money.',
					]);
				}
				if (kind === undefined) expect(leftOut).toMatch(/^[A-Z].*\.$/);
				// What changes something must never be made again by itself.
				if (kind !== 'search' && operation.effect !== 'read')
					expect([operationId(operation), retries]).toEqual([operationId(operation), false]);
			}
		});

		test.each(provider.operations.map((operation) => [operationId(operation), operation] as const))(
			'%s is well formed',
			(_id, operation) => {
				const { name, label, action, description, note } = operation;
				expect(name).toMatch(/^[a-z]+([A-Z0-9][a-z0-9]*)*$/);
				expect([label, isTitleCase(label)]).toEqual([label, true]);
				expect(action).toMatch(/^[A-Z][^.]*[^.]$/);
				expect(action).not.toMatch(/\b(a|an|the)\b/);
				expect(description).toMatch(/^[A-Z].*\.$/);
				if (note !== undefined) expect(note).toMatch(/\.$/);
				expect(Object.keys(operation.sample).length).toBeGreaterThan(0);
				expectForm(provider, operation.fields);
			},
		);

		test.each(provider.operations.map((operation) => [operationId(operation), operation] as const))(
			'%s asks for what it needs and sends nothing empty',
			(_id, operation) => {
				const least = leastInput(operation);
				const fixed = Object.fromEntries(Object.entries(least).filter(([key]) => defaultOf(operation, key)));
				for (const field of operation.fields.filter((one) => one.required && isShown(one, fixed))) {
					if (field.default !== undefined) continue;
					for (const empty of [undefined, null, '', '  ']) {
						const call = () => attempt(operation, { ...least, [field.name]: empty });
						expect(call).toThrow(InvalidInput);
						expect(call).toThrow(`"${field.label}"`);
					}
				}
				const request = sent(operation, least);
				if (request === undefined) return;
				expect(request.path === '' || request.path.startsWith('/')).toBe(true);
				expect(request.path).not.toMatch(/undefined|null|\/\/|\s/);
				expect(request.json !== undefined && request.form !== undefined).toBe(false);
				expect(JSON.stringify(request.json ?? {})).not.toMatch(/:(""|null|undefined)/);
				expect(request.method === 'GET' && request.json !== undefined).toBe(false);
			},
		);
	});

	test('the forms of credentials and of the trigger are well formed', () => {
		expectForm(provider, provider.api.fields);
		expectForm(provider, provider.webhook?.fields ?? []);
		expectForm(provider, provider.triggerFields ?? []);
		unique(
			[...provider.api.fields, ...(provider.webhook?.fields ?? [])]
				.map(({ name }) => name)
				.concat('baseUrl', 'sessionToken'),
		);
		for (const field of [...provider.api.fields, ...(provider.webhook?.fields ?? [])]) {
			const looksSecret = /key|token|secret|password/i.test(field.name);
			expect([field.name, field.secret === true]).toEqual([field.name, looksSecret]);
		}
	});

	test('authentication changes a copy, and carries the secret of the fields that are shown', () => {
		const values = Object.fromEntries(provider.api.fields.map((field) => [field.name, filled(field)]));
		const shown = provider.api.fields.filter((field) => field.secret && isShown(field, values));
		expect(shown.length).toBeGreaterThan(0);
		const credentials = { ...values, ...Object.fromEntries(shown.map(({ name }) => [name, `made-up-${name}`])) };
		const request: HttpRequest = { method: 'GET', path: '/x', query: { a: 1 }, headers: { b: '2' } };
		const before = JSON.stringify(request);
		const signed = provider.api.authenticate(request, credentials);
		expect(JSON.stringify(request)).toBe(before);
		expect(signed).toMatchObject(JSON.parse(before) as JsonObject);
		expect(JSON.stringify(signed)).not.toBe(before);
	});

	test('proofs and registrations are named, and manual ones have steps', () => {
		unique(provider.receiving.proofs.map(({ name }) => name));
		unique(provider.registrations.map(({ name }) => name));
		for (const { label } of [...provider.receiving.proofs, ...provider.registrations]) expect(label).toMatch(/^[A-Z]/);
		for (const registration of provider.registrations) {
			if (registration.kind === 'manual') expect(registration.steps.length).toBeGreaterThan(0);
		}
		const byHand = provider.registrations.some(({ kind }) => kind === 'manual');
		expect(provider.webhook !== undefined).toBe(byHand);
		for (const { scheme } of provider.receiving.proofs) {
			if ('header' in scheme) expect(scheme.header).toBe(scheme.header.toLowerCase());
		}
	});

	test('every inferred grade is among the assumptions', () => {
		const said = provider.assumptions.join('\n').toLowerCase();
		// Either each is named, or those that are documented are, as the only ones.
		const known = provider.events.filter(({ sampleGrade }) => sampleGrade !== 'inferred').map(({ name }) => name);
		const onlyThese = provider.assumptions.some(
			(one) => /\bonly\b|\bother\b/.test(one) && known.length > 0 && known.every((name) => one.includes(name)),
		);
		const missing = [
			...provider.events.filter(({ grade }) => grade === 'inferred').map(({ name }) => name),
			...provider.events.filter(({ sampleGrade }) => sampleGrade === 'inferred' && !onlyThese).map(({ name }) => name),
			...provider.operations.filter(({ grade }) => grade === 'inferred').map(operationId),
			...provider.receiving.proofs.filter(({ grade }) => grade === 'inferred').map(({ name }) => name),
		].filter((name) => !said.includes(name.toLowerCase()));
		expect(missing).toEqual([]);
		for (const operation of provider.operations)
			if (operation.grade === 'inferred') expect(operation.note).toMatch(/\S/);
		if (provider.registrations.some(({ grade }) => grade === 'inferred')) expect(said).toMatch(/register/);
		if (apisOf(provider).some(({ list }) => list && list.grade !== 'documented')) expect(said).toMatch(/webhooks/);
	});

	test('samples hold made-up people only, and nothing that looks like a key', () => {
		for (const [name, sample] of samplesOf(provider)) {
			const texts = textsIn(sample);
			const addresses = texts.flatMap((one) => one.match(/[\w.+-]+@[\w.-]+/g) ?? []);
			expect([name, addresses.filter((one) => !/@(\w+\.)*example\.(com|org|net)$/.test(one))]).toEqual([name, []]);
			const hosts = texts.flatMap((one) => [...one.matchAll(/https?:\/\/([\w.-]+)/g)].map((match) => match[1]!));
			expect([name, hosts.filter((one) => !/(^|\.)example\.(com|org|net)$/.test(one))]).toEqual([name, []]);
			expect(texts.join('\n')).not.toMatch(/sk_live_|rk_live_|whsec_\w{16}|AKIA[A-Z0-9]{12}|eyJ[\w-]{20}/);
		}
	});

	test('answers of any shape never make it stumble', () => {
		const bodies = fc.oneof(
			fc.constant(undefined),
			fc.jsonValue({ maxDepth: 3 }),
			fc.dictionary(
				fc.constantFrom('id', 'data', 'error', 'errors', 'success', 'message', 'code', 'detail', 'status', 'webhooks'),
				fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 })),
			),
		);
		fc.assert(
			fc.property(bodies, fc.constantFrom(200, 201, 400, 401, 404, 405, 422, 429, 500), (body, status) => {
				const answer = response(body as Json | undefined, status);
				const error = provider.readError(answer);
				if (error) expect(error.message).toMatch(/\S/);
				provider.api.readTest?.(answer, {});
				provider.api.session?.token(answer);
				for (const api of apisOf(provider)) {
					const { id, secret } = api.subscribed(answer);
					for (const one of [id, secret]) if (one !== undefined) expect(one).toMatch(/./s);
					api.gone?.(answer);
					for (const one of api.list?.read(answer) ?? []) expect(one.id).toMatch(/./s);
				}
				if (isObject(body)) {
					provider.receiving.eventOf?.(body);
					provider.receiving.eventId?.(body);
					provider.receiving.item?.(body, undefined);
				}
				if (error !== undefined || status >= 300) return;
				for (const operation of provider.operations) {
					for (const item of operation.items?.(answer, leastInput(operation)) ?? []) expect(isObject(item)).toBe(true);
				}
			}),
			{ numRuns: 500 },
		);
	});

	test('a good answer is no error', () => {
		for (const operation of provider.operations) expect(provider.readError(response(operation.sample))).toBeUndefined();
	});
});

function defaultOf(operation: Operation, name: string): boolean {
	return operation.fields.some((field) => field.name === name && field.default !== undefined);
}

/** Builds the call; where another must come first, that one. */
function attempt(operation: Operation, input: Values): HttpRequest {
	return operation.prepare?.(input)[0] ?? operation.request(input, {});
}

/** The call for what is least filled in, or undefined where that is refused for a reason. */
function sent(operation: Operation, input: Values): HttpRequest | undefined {
	try {
		return attempt(operation, input);
	} catch (cause) {
		expect(cause).toBeInstanceOf(InvalidInput);
		return undefined;
	}
}

/** The field of this name, in the first operation that has one. */
function fieldIn(operations: readonly Operation[], name: string): Field | undefined {
	return operations.flatMap(({ fields }) => fields).find((field) => field.name === name);
}

function triggerChoices({ events, receiving }: Provider): { readonly [name: string]: readonly string[] } {
	return { events: events.map(({ name }) => name), signature: receiving.proofs.map(({ name }) => name) };
}

function expectForm(provider: Provider, fields: readonly Field[]): void {
	unique(fields.map(({ name }) => name));
	for (const field of fields) {
		const where = `${provider.id}: ${field.name}`;
		expect(field.name).toMatch(/^[a-z]+([A-Z0-9][a-z0-9]*)*$/);
		expect([where, field.label, isTitleCase(field.label)]).toEqual([where, field.label, true]);
		if (field.description !== undefined)
			expect([where, field.description]).toEqual([where, expect.stringMatching(/^[A-Z"].*\.$/s)]);
		if (field.type === 'boolean')
			expect([where, field.description]).toEqual([where, expect.stringMatching(/^Whether /)]);
		if (field.placeholder !== undefined)
			expect([where, field.placeholder]).toEqual([where, expect.stringMatching(/^e\.g\. /)]);
		if (field.type === 'choice' || field.type === 'choices') {
			expect([where, field.options !== undefined || field.choicesFrom !== undefined]).toEqual([where, true]);
			const values = (field.options ?? []).map(({ value }) => value);
			unique(values);
			if (field.options && typeof field.default === 'string' && field.default !== '')
				expect(values).toContain(field.default);
			for (const { label } of field.options ?? [])
				expect([where, label, isTitleCase(label)]).toEqual([where, label, true]);
		}
		if (field.choicesFrom !== undefined)
			expect([where, lookupOf(provider, field.choicesFrom) !== undefined]).toEqual([where, true]);
		if (field.type === 'rows') {
			expect(field.fields?.length).toBeGreaterThan(0);
			expectForm(provider, field.fields!);
		}
		for (const [name, shown] of Object.entries(field.showIf ?? {})) {
			// A trigger's own choices, which no field of the provider makes.
			const ofTrigger = triggerChoices(provider)[name];
			if (ofTrigger !== undefined && fields === provider.triggerFields) {
				expect(ofTrigger).toEqual(expect.arrayContaining([...shown]));
				continue;
			}
			const other = fields.find((one) => one.name === name);
			expect([where, name, other !== undefined]).toEqual([where, name, true]);
			const possible: readonly (string | boolean)[] = other!.options?.map(({ value }) => value) ?? [true, false];
			if (!other!.choicesFrom) expect(possible).toEqual(expect.arrayContaining([...shown]));
		}
	}
}
