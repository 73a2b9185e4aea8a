/** Every kind of body that n8n's HTTP Request node can send. */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';

interface Kind {
	name: string;
	body: unknown;
	options?: object;
}

const NodeForm = createRequire(__filename)('form-data') as new () => { append: (name: string, value: string) => void };

export function bodies(): Kind[] {
	const nodeForm = new NodeForm();
	nodeForm.append('data', 'x');
	const form = new FormData();
	form.append('data', 'x');
	return [
		{ name: 'none', body: undefined },
		{ name: 'none, with a query', body: undefined, options: { qs: { page: 2, list: ['a', 'b'] } } },
		{ name: 'an empty text', body: '' },
		{ name: 'a text', body: 'data={"a":1}' },
		{ name: 'a JSON text', body: '{"id": 12345678901234567890, "a" : 1.0}' },
		{ name: 'XML', body: '<data><id>1</id></data>' },
		{ name: 'an object', body: { id: 1 } },
		{ name: 'an array', body: [{ data: { id: 1 } }] },
		{
			name: 'a form',
			body: new URLSearchParams([
				['tag', 'a'],
				['tag', 'b'],
			]),
		},
		{ name: 'a form of the older kind', body: undefined, options: { form: { a: 'b' } } },
		{ name: "a form with files, of n8n's library", body: nodeForm },
		{ name: 'a form with files', body: form },
		{ name: 'a file', body: Buffer.from('{"data":{}}') },
		{ name: 'a stream', body: Readable.from(['{"data":{}}']) },
	];
}
