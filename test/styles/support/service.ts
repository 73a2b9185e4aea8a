/** A provider in its smallest form, filled with the data of one style: for services that nobody connects here. */
import type { ApiConnection, Field, Operation, Provider, Receiving, Scheme } from '../../../core/provider.ts';

export interface Style {
	id: string;
	name: string;
	/** The page that describes its webhooks. */
	documentation: string;
	scheme: Scheme;
	/** What is read from a delivery, besides its proof. */
	receiving: Omit<Receiving, 'proofs' | 'formats'>;
	/** An event type and a payload of it. */
	event: string;
	sample: Provider['events'][number]['sample'];
	/** Where a list of its API is, how it comes in pages, and where an answer has the records. */
	list: { path: string; paging: NonNullable<Operation['paging']>; items?: Operation['items'] };
	/** Fields of the webhook connection besides the secret. */
	fields?: readonly Field[];
}

const SECRET: Field = { name: 'signingSecret', label: 'Signing Secret', type: 'string', required: true, secret: true };

/** A whole provider of a style. */
export function serviceOf({ id, name, documentation, ...style }: Style): Provider {
	const where = { help: documentation, hint: `See the documentation of ${name}.` };
	const api: ApiConnection = {
		fields: [{ name: 'token', label: 'Token', type: 'string', secret: true, required: true }],
		baseUrl: `https://api.${id}.example.com`,
		authenticate: (request, { token }) => ({
			...request,
			headers: { ...request.headers, authorization: `Bearer ${String(token)}` },
		}),
		test: { method: 'GET', path: style.list.path },
		...where,
	};
	return {
		id,
		name,
		description: `Has webhooks in the style of ${name}.`,
		homepage: documentation,
		documentation,
		api,
		webhook: { fields: [SECRET, ...(style.fields ?? [])], ...where },
		events: [
			{
				name: style.event,
				label: 'Event',
				description: 'Something happens',
				grade: 'documented',
				sample: style.sample,
				sampleGrade: 'documented',
			},
		],
		receiving: {
			proofs: [{ name: 'signature', label: 'Signature', scheme: style.scheme, grade: 'documented' }],
			formats: ['json'],
			...style.receiving,
		},
		registrations: [
			{ name: 'manual', label: 'Manual', kind: 'manual', steps: ['Add the URL of the trigger.'], grade: 'documented' },
		],
		resources: [{ name: 'record', label: 'Record' }],
		operations: [
			{
				resource: 'record',
				name: 'getMany',
				label: 'Get Many',
				action: 'Get many records',
				description: 'Get many records.',
				fields: [],
				request: () => ({ method: 'GET', path: style.list.path }),
				paging: style.list.paging,
				...(style.list.items && { items: style.list.items }),
				effect: 'read',
				sample: { id: '1' },
				grade: 'documented',
			},
		],
		readError: ({ status, text }) => (status >= 400 ? { message: text } : undefined),
		assumptions: ['Made for tests.'],
	};
}
