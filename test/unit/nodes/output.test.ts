/** How much of an answer is put out: as a step of a workflow, and as the tool of an agent. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { findOperation } from '../../../core/operation.ts';
import type { JsonObject } from '../../../core/provider.ts';
import { actionProperties } from '../../../nodes/n8n/action.ts';
import { outputOf, outputProperties } from '../../../nodes/n8n/output.ts';
import { providers } from '../../../providers/index.ts';
import { solve360 } from '../../../providers/solve360/provider.ts';

const get = findOperation(solve360, 'contact.get')!;
const create = findOperation(solve360, 'contact.create')!;
const answer: JsonObject = {
	id: 467069,
	name: 'Ada Example',
	status: 'success',
	item: {
		id: 467069,
		updated: '2026-02-02T10:30:00+00:00',
		fields: {
			firstname: 'Ada',
			businessemail: 'ada@example.com',
			assignedto: '12830',
			assignedto_cn: 'Sam Rep',
			homephone: '',
			jobtitle: null,
			background: 'A long text',
		},
	},
	categories: [{ id: 53966, name: 'Lead' }, { id: 7 }],
	relateditems: [],
};
const SIMPLE = {
	id: 467069,
	name: 'Ada Example',
	firstname: 'Ada',
	businessemail: 'ada@example.com',
	assignedto: 'Sam Rep',
	tags: ['Lead', '7'],
	updated: '2026-02-02T10:30:00+00:00',
};

function shaped(operation: typeof get, parameters: IDataObject) {
	const context = {
		getNodeParameter: (name: string, _index: number, fallback: unknown) => parameters[name] ?? fallback,
	};
	return outputOf(context as unknown as IExecuteFunctions, operation, 0)(answer);
}

it.each<[string, typeof get, IDataObject, unknown]>([
	['a step gets a record simplified', get, {}, SIMPLE],
	['a step gets it raw when it asks for that', get, { simplify: false }, answer],
	['a step that creates gets the whole answer', create, {}, answer],
	['an agent gets what was created simplified', create, { output: 'simplified' }, SIMPLE],
	['an agent gets it raw when a person chose so', get, { output: 'raw' }, answer],
	[
		'an agent gets named fields, simple or raw',
		get,
		{ output: 'selectedFields', outputFields: 'businessemail, status, no such field' },
		{ businessemail: 'ada@example.com', status: 'success' },
	],
	['no names are all fields', get, { output: 'selectedFields', outputFields: ' , ' }, answer],
])('%s', (_what, operation, parameters, expected) => expect(shaped(operation, parameters)).toEqual(expected));

it('asks a step by a switch, and an agent by a choice: never both', () => {
	const shown = (tool: boolean) =>
		outputProperties(get, { resource: ['contact'] })
			.filter(({ displayOptions }) => displayOptions?.show?.['@tool']?.includes(tool))
			.map(({ name }) => name);
	expect(shown(false)).toEqual(['simplify']);
	expect(shown(true)).toEqual(['output', 'outputFields']);
});

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) => {
	const simplified = provider.operations.filter(({ simplify }) => simplify !== undefined);

	it('offers less wherever the answer has more than ten fields', () => {
		const large = provider.operations.filter(({ sample }) => Object.keys(sample).length > 10);
		expect(large.filter((operation) => !simplified.includes(operation)).map(({ action }) => action)).toEqual([]);
	});

	it('is flat and short when it is simplified, and invents nothing', () => {
		for (const { action, simplify, sample } of simplified) {
			const simple = simplify!(sample);
			expect([action, Object.keys(simple).length > 0, Object.keys(simple).length <= 10]).toEqual([action, true, true]);
			const isFlat = Object.values(simple).every(
				(value) => typeof value !== 'object' || value === null || Array.isArray(value),
			);
			expect([action, isFlat]).toEqual([action, true]);
			// What is not an object is passed as it came.
			expect(() => simplify!({})).not.toThrow();
		}
	});

	it('starts with the resource that most people use', () => {
		const [resource] = actionProperties(provider);
		expect(provider.resources.map(({ name }) => name)).toContain(resource!.default);
		const mostUsed = new Map([
			['solar-proof', 'customer'],
			['solatis', 'document'],
			['solid-number', 'contact'],
			['soshia-connect', 'route'],
			['solve360', 'contact'],
		]);
		expect(resource!.default).toBe(mostUsed.get(provider.id) ?? resource!.default);
	});
});
