/** What is no answer to a call: every operation of every service × what else may come back in its place. */
import { toResponse } from '../../../core/answer.ts';
import { InvalidInput } from '../../../core/errors.ts';
import { operationId, run } from '../../../core/operation.ts';
import type { Json, JsonObject, Operation, Provider } from '../../../core/provider.ts';
import { fillings } from '../../../harness/fillings.mts';
import { providers } from '../../../providers/index.ts';

const operations = Object.values(providers).flatMap((provider) =>
	provider.operations.map((operation) => [provider.name, operationId(operation), provider, operation] as const),
);
// A reply needs the email that it is to, which is read first.
const changes = operations.filter(([, id, , { effect }]) => effect !== 'read' && id !== 'email.reply');

/** What an operation makes of this answer to every call that it makes: items, or what went wrong. */
async function made(
	provider: Provider,
	operation: Operation,
	status: number,
	body: Json,
): Promise<JsonObject[] | { error: string; notFound: boolean | undefined }> {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const answer = async () => toResponse(status, { 'content-type': 'application/json' }, text);
	for (const { input } of fillings(operation)) {
		try {
			return await run(provider, operation, input, answer);
		} catch (cause) {
			if (cause instanceof InvalidInput) continue;
			const { message, notFound } = cause as Error & { notFound?: boolean };
			return { error: message, notFound };
		}
	}
	throw new Error(`${operationId(operation)} accepts nothing`);
}

/** Errors under status 200, as APIs and gateways write them. */
const ERRORS: readonly JsonObject[] = [
	{ error: 'it is broken' },
	{ error: { code: 'x1', message: 'it is broken' } },
	{ errors: ['it is broken'], message: '' },
	{ success: false, message: 'it is broken' },
	{ success: 'false', error: 'it is broken' },
	{ ok: false, error: 'it is broken' },
	{ status: 'failed', message: 'it is broken' },
	{ status: 'error', detail: 'it is broken' },
	{ statusCode: 503, message: 'it is broken' },
	{ type: 'about:blank', title: 'it is broken', status: 500 },
];

it.each(operations)('%s %s: what is nothing but an error is one, under status 200 too', async (...[, , one, of]) => {
	for (const body of ERRORS) {
		const result = await made(one, of, 200, body);
		expect(result).toMatchObject({
			error: expect.stringMatching(/it is broken|it was not done|no reason|without a reason/),
		});
	}
});

it.each(operations)('%s %s: no text, number or list of other things is an answer', async (...[, , one, of]) => {
	for (const body of ['<html>', '<?xml version="1.0"?><a/>', 'OK', '"ok"', '5', 'true', '[[1], 2, "x"]', '[null]']) {
		const result = await made(one, of, 200, body);
		expect(result).toMatchObject({ error: expect.stringMatching(/something other than (JSON|what it documents)/) });
	}
});

it.each(changes)('%s %s: an empty list does not say that something was changed', async (...[, , one, of]) => {
	const result = await made(one, of, 200, []);
	expect(result).toMatchObject({ error: expect.stringContaining('something other than what it documents') });
	expect(result).toMatchObject({ error: expect.stringContaining('may have been done') });
});

it.each(changes)('%s %s: gives one item, or says why not', async (...[, , one, of]) => {
	for (const [status, body] of [
		[204, ''],
		[200, ''],
		[202, ' \n'],
		[200, 'null'],
		[200, '\ufeff'],
		[200, '{}'],
	] as const) {
		const result = await made(one, of, status, body);
		if (!Array.isArray(result)) {
			expect(result.error).toMatch(
				/other than what it documents|answered with nothing|accepted the call but|no address/,
			);
			continue;
		}
		expect(result).toHaveLength(1);
		expect(Object.keys(result[0]!)).not.toEqual([]);
		// The ID of another record is not that of what was made.
		const own = of.fields.some(({ name }) => ['id', 'sku', `${of.resource}Id`].includes(name));
		if (!own) expect(result[0]).not.toHaveProperty('id');
	}
});

/** A page that is not there, in the words of frameworks and gateways: they know nothing about records. */
const NO_PAGE: readonly Json[] = [
	{ message: 'no Route matched with those values' },
	{ error: 'Not Found', status: 404 },
	{ error: 'Not Found' },
	{ message: 'Not Found' },
	{ detail: 'Not Found' },
	{ timestamp: '2026-02-02T10:30:00Z', status: 404, error: 'Not Found', path: '/x' },
	{ statusCode: 404, message: 'Cannot GET /x', error: 'Not Found' },
	{ type: 'about:blank', title: 'Not Found', status: 404 },
	'<html>nginx</html>',
	'',
];

it.each(operations)('%s %s: only its own words say that a record is not there', async (...[, , one, of]) => {
	for (const body of NO_PAGE) {
		const result = await made(one, of, 404, body);
		expect(result).toMatchObject({ error: expect.any(String), notFound: false });
	}
});
