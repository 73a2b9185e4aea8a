/** Every operation of every service once, through the node: what it sends and gives is what the core makes of the same input. */
import { contractOf } from '../../../contracts/index.mts';
import { InvalidInput, ServiceRefused } from '../../../core/errors.ts';
import { operationId, run } from '../../../core/operation.ts';
import type { HttpRequest, HttpResponse, JsonObject, Operation, Provider } from '../../../core/provider.ts';
import { matchCall } from '../../../sandbox/contract/calls.mts';
import { answerOf } from '../../../sandbox/contract/examples.mts';
import { fillings } from '../../../harness/fillings.mts';
import { FakeService, type Asked } from '../support/fake-service.mts';
import { execute } from './support/n8n.mts';
import { parametersFor, SERVICES } from './support/services.mts';

let service: FakeService;
beforeAll(async () => {
	service = await FakeService.start();
});
afterAll(async () => await service.stop());
beforeEach(() => service.reset());

interface Sent {
	method: string;
	path: string;
	query: JsonObject;
	body: unknown;
}

describe.each(SERVICES.map((one) => [one.provider.name, one] as const))(
	'%s',
	(_, { provider, node, credential, credentials }) => {
		it.each(provider.operations.map((operation) => [operationId(operation), operation] as const))(
			'%s sends and gives what the core makes of it',
			async (_id, operation) => {
				const expected = await expectedOf(provider, operation, credentials as JsonObject);
				const answers = [...expected.answers];
				service.answer = () => {
					const { status, body } = answers.shift() ?? { status: 500, body: null };
					return { status, body };
				};
				const settings = { node, credential, credentials: { ...credentials, baseUrl: service.url } };
				const items = await execute({ ...settings, parameters: parametersFor(node, operation, expected.input) }, [{}], {
					data: { data: 'JVBERg==', fileName: 'plan.pdf', mimeType: 'application/pdf' },
				}).catch((cause: Error) => cause.message);
				expect(service.asked.map(sentOf)).toEqual(expected.sent);
				if (typeof expected.items === 'string') expect(items).toBe(expected.items);
				else expect(items).toEqual(expected.items.map((json) => ({ json, pairedItem: { item: 0 } })));
			},
		);
	},
);

/** The first input of an operation that it accepts, what the core sends for it, and what comes out. */
async function expectedOf(provider: Provider, operation: Operation, credentials: JsonObject) {
	let refused = '';
	for (const { input } of fillings(operation)) {
		const sent: Sent[] = [];
		const answers: HttpResponse[] = [];
		const send = async (request: HttpRequest) => {
			const signed = provider.api.authenticate(request, credentials);
			sent.push(expectedSent(signed));
			const { path, query = {} } = signed;
			const texts = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
			const match = matchCall(contractOf(provider.id), {
				...{ method: request.method, path, query: texts },
				body: signed.json ?? signed.form ?? null,
			});
			const answer = match.kind === 'call' ? answerOf(match.call) : { status: 200, headers: {}, body: {}, text: '{}' };
			answers.push(answer);
			return answer;
		};
		try {
			return { input, sent, answers, items: await run(provider, operation, input, send) };
		} catch (cause) {
			if (cause instanceof ServiceRefused) return { input, sent, answers, items: cause.message };
			if (!(cause instanceof InvalidInput)) throw cause;
			refused = cause.message;
		}
	}
	throw new Error(`${operationId(operation)} accepts nothing: ${refused}`);
}

function expectedSent({ method, path, query = {}, json, form, multipart }: HttpRequest): Sent {
	const given = Object.entries(query).filter(([, value]) => value !== undefined);
	return {
		method,
		path: path === '' ? '/' : path,
		query: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
		body: json ?? form ?? (multipart ? 'multipart' : undefined) ?? null,
	};
}

function sentOf({ method, path, query, headers, body }: Asked): Sent {
	const type = headers['content-type'] ?? '';
	const form = () => Object.fromEntries(new URLSearchParams(body));
	const read = type.startsWith('multipart/')
		? 'multipart'
		: type.includes('urlencoded')
			? form()
			: body === ''
				? null
				: JSON.parse(body);
	return { method, path, query: Object.fromEntries(query), body: read };
}
