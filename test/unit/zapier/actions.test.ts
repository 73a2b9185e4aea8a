/**
 * Every create and search of the Zapier apps, from source, against a service that answers as its contract says: they make the calls that
 * the core makes of the same input, and give the items that it gives: a search a list, a create one record, which may have been read again.
 */
import { handlingOf, run } from '../../../core/operation.ts';
import type { HttpRequest, JsonObject, Values } from '../../../core/provider.ts';
import { fillings } from '../../../harness/fillings.mts';
import { operationKey } from '../../../zapier/shared/action.mts';
import { baseUrlVariable } from '../../../zapier/shared/transport.mts';
import { SERVICES } from '../nodes/support/services.mts';
import { FakeService } from '../support/fake-service.mts';
import { apps } from './support/apps.mts';
import { answerTo, bodyOf } from './support/contract-answers.mts';
import { setEnvironment } from './support/environment.mts';
import { fakeZ } from './support/z.mts';

let service: FakeService;
beforeAll(async () => {
	service = await FakeService.start();
	for (const { provider } of SERVICES) setEnvironment(baseUrlVariable(provider), service.url);
});
afterAll(async () => await service.stop());

const cases = SERVICES.flatMap(({ provider, credentials }) =>
	provider.operations
		.filter((operation) => handlingOf(operation).kind !== undefined)
		.flatMap((operation) =>
			fillings(operation)
				.slice(0, 2)
				.map(
					({ name, input }) =>
						[`${provider.name}: ${operation.action}, ${name}`, provider, operation, input, credentials] as const,
				),
		),
);

/** A request without what authentication adds to it. */
function line(method: string, path: string, query: Values): string {
	const named = Object.entries(query).filter(([name, value]) => name !== 'api_key' && value !== undefined);
	return `${method} ${path} ${named
		.map(([name, value]) => `${name}=${String(value)}`)
		.sort()
		.join('&')}`;
}

test.each(cases)('%s', async (_name, provider, operation, input, credentials) => {
	const wanted: string[] = [];
	const send = async ({ method, path, query = {}, json, form }: HttpRequest) => {
		wanted.push(line(method, path, query));
		const body = answerTo(provider, method, path, query, json ?? form);
		return { status: 200, headers: {}, body, text: JSON.stringify(body) };
	};
	const expected = await run(provider, operation, input, send, { limit: 1 }).catch((cause: unknown) => cause as Error);

	service.reset();
	const made: string[] = [];
	service.answer = (asked) => {
		const path = asked.path === '/' ? '' : asked.path;
		const query = Object.fromEntries(asked.query);
		if (!path.includes('login')) made.push(line(asked.method, path, query));
		return { body: answerTo(provider, asked.method, path, query, bodyOf(asked)) };
	};
	const app = apps[provider.id]!;
	const key = operationKey(operation);
	const action = app.creates?.[key] ?? app.searches?.[key];
	const { z } = fakeZ(provider.api.session !== undefined);
	const bundle = { authData: { ...credentials }, inputData: { ...input, limit: 1, confirmation: 'DELETE' }, meta: {} };
	const perform = action!.operation.perform as (z: unknown, bundle: object) => Promise<unknown>;
	const result = await perform(z, bundle).catch((cause: unknown) => cause as Error);

	expect(made.slice(0, wanted.length)).toEqual(wanted);
	if (expected instanceof Error) return void expect(result).toBeInstanceOf(Error);
	if (result instanceof Error) throw result;
	if (handlingOf(operation).kind === 'search') {
		expect(Array.isArray(result)).toBe(true);
		// The limit holds for lists that the service gives whole, too.
		expect(result).toMatchObject(expected.slice(0, Math.max(1, (result as JsonObject[]).length)));
	} else if (made.length > wanted.length) {
		// Read again: the record, and not the sentence that the service says when it is done.
		expect(made[wanted.length]).toMatch(/^GET /);
		expect(Object.keys(result as JsonObject).length).toBeGreaterThan(1);
	} else expect([result]).toMatchObject(expected);
});
