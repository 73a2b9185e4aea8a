/** Lists to choose from, over a made-up service that gives three records a page. */
import { choices, idOf, listFor, listsOf } from '../../../core/choices.ts';
import type { Field, HttpRequest, JsonObject, Lookup, Operation, Provider } from '../../../core/provider.ts';
import { acme, response } from '../support/acme.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, label: name, type: 'string', ...more });

const RECORDS: JsonObject[] = [
	{ id: 1, name: 'Ada Example' },
	{ id: 2, name: 'Bea Example' },
	{ id: 2, name: 'Bea again' },
	{ id: '', name: 'Nobody' },
	{ id: 3, email: 'cleo@example.com' },
	{ thing_id: 'x4' },
	{ id: 5, title: 'Doctor', company_name: 'Not this' },
];

const many = {
	resource: 'thing',
	label: 'Get Many',
	action: '',
	description: '',
	sample: {},
	grade: 'documented',
} as const;

function provider(more: Partial<Provider> = {}, operation: Partial<Operation> = {}): Provider {
	const getMany = {
		...many,
		name: 'getMany',
		fields: [field('search')],
		request: ({ search }) => ({ method: 'GET', path: '/things', query: { q: search as string } }),
		paging: {
			pageSize: 3,
			page: (request, { offset, size }) => ({ ...request, query: { ...request.query, offset, size } }),
		},
		...operation,
	} as Operation;
	return acme({ operations: [getMany], ...more });
}

function service() {
	const asked: HttpRequest[] = [];
	const send = async (request: HttpRequest) => {
		asked.push(request);
		const { offset = 0, size = 3 } = request.query ?? {};
		return response(200, RECORDS.slice(Number(offset), Number(offset) + Number(size)));
	};
	return { asked, send };
}

describe('which list a field has', () => {
	test.each([
		['the one it names', field('anything', { choicesFrom: 'thing' }), 'thing'],
		["the form's own records, for id", field('id'), 'thing'],
		['the records of another resource, for its ID', field('thingId'), 'thing'],
		['none, where the resource cannot be listed', field('otherId'), undefined],
		['none, where it has options of its own', field('id', { options: [{ value: 'a', label: 'A' }] }), undefined],
		['none, for any other name', field('ideal'), undefined],
	])('%s', (_what, one, expected) => expect(listFor(provider(), 'thing', one)).toBe(expected));

	test('none where listing needs something that the list cannot know', () => {
		expect(
			listFor(provider({}, { fields: [field('place', { required: true })] }), 'thing', field('id')),
		).toBeUndefined();
		expect(
			listFor(provider({}, { fields: [field('place', { required: true, default: 'x' })] }), 'thing', field('id')),
		).toBe('thing');
	});

	test('rows and triggers count, too', () => {
		const rows = field('rows', { type: 'rows', fields: [field('thingId')] });
		const asking = {
			...many,
			name: 'do',
			effect: 'create',
			fields: [rows],
			request: () => ({ method: 'GET', path: '' }),
		};
		const { operations } = provider();
		expect(listsOf(provider({ operations: [...operations, asking as unknown as Operation] }))).toEqual(['thing']);
		expect(listsOf(provider({ triggerFields: [field('x', { choicesFrom: 'thing' })] }))).toEqual(['thing']);
		expect(listsOf(provider())).toEqual([]);
	});
});

describe('the entries', () => {
	test('have a value each, once, and the name that a person knows', async () => {
		const { choices: found, next } = await choices(provider(), 'thing', service().send, { size: 100 });
		expect(found).toEqual([
			{ value: '1', label: 'Ada Example' },
			{ value: '2', label: 'Bea Example' },
			{ value: '3', label: 'cleo@example.com' },
			{ value: 'x4', label: 'x4' },
			{ value: '5', label: 'Doctor' },
		]);
		expect(next).toBeUndefined();
	});

	test('come in parts, until there are no more', async () => {
		const parts: string[][] = [];
		let offset: number | undefined = 0;
		while (offset !== undefined && parts.length < 9) {
			const part = await choices(provider(), 'thing', service().send, { offset, size: 2 });
			parts.push(part.choices.map(({ value }) => value));
			offset = part.next;
		}
		expect(parts.flat()).toEqual(['1', '2', '2', '3', 'x4', '5']);
	});

	test('are searched here where the service does not search: by name or ID, in any case, over all pages', async () => {
		const find = async (search: string) =>
			(await choices(provider(), 'thing', service().send, { search, size: 2 })).choices.map(({ value }) => value);
		expect(await find(' BEA ')).toEqual(['2']);
		expect(await find('x4')).toEqual(['x4']);
		expect(await find('nobody at all')).toEqual([]);
	});

	test('are those of several lists, one after the other, each with where it belongs', async () => {
		const lookup: Lookup = {
			operation: 'thing.getMany',
			needs: ['kind'],
			input: ({ kind }) => (kind === undefined ? [{ search: 'a' }, { search: 'b' }] : [{ search: String(kind) }]),
			value: (item) => String(item['id']),
			label: (item, input, among) => `${String(item['id'])}${among === 1 ? '' : ` in ${String(input?.['search'])}`}`,
		};
		const send = async ({ query = {} }: HttpRequest) => response(200, [{ id: `${String(query['q'])}1` }]);
		const both = await choices(provider({ lookups: { all: lookup } }), 'all', send, { size: 1 });
		expect(both).toEqual({
			choices: [
				{ value: 'a1', label: 'a1 in a' },
				{ value: 'b1', label: 'b1 in b' },
			],
			next: undefined,
		});
		const one = await choices(provider({ lookups: { all: lookup } }), 'all', send, { size: 9, form: { kind: 'c' } });
		expect(one.choices).toEqual([{ value: 'c1', label: 'c1' }]);
	});

	test('are searched by the service where it can', async () => {
		const { asked, send } = service();
		const lookups = {
			people: {
				operation: 'thing.getMany',
				value: (item: JsonObject) => idOf('thing', item),
				label: () => 'someone',
				search: 'search',
			},
		};
		const found = await choices(provider({ lookups }), 'people', send, { search: 'Bea', size: 2 });
		expect(asked[0]!.query).toMatchObject({ q: 'Bea' });
		expect(found.choices).toHaveLength(2);
	});
});
