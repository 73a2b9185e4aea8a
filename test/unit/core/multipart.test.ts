import { encodeMultipart } from '../../../core/multipart.ts';

/** The parts as another reader of multipart bodies sees them: the platform's own. */
async function read(parts: Parameters<typeof encodeMultipart>[0]): Promise<[string, string | File][]> {
	const { contentType, body } = encodeMultipart(parts);
	const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
	return [...form.entries()];
}

describe('multipart bodies', () => {
	it('carry texts and files, byte for byte, in order', async () => {
		const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
		const [parent, file] = await read([
			{ name: 'parent', text: '467069 é' },
			{ name: 'file', fileName: 'roof.jpg', contentType: 'image/jpeg', bytes },
		]);
		expect(parent).toEqual(['parent', '467069 é']);
		const [name, sent] = file as [string, File];
		expect([name, sent.name, sent.type]).toEqual(['file', 'roof.jpg', 'image/jpeg']);
		expect(new Uint8Array(await sent.arrayBuffer())).toEqual(bytes);
	});

	it('let no name or type begin a header of its own', () => {
		const { body } = encodeMultipart([
			{
				name: 'a"\r\nX-Evil: 1',
				fileName: 'b"; name="parent"\r\nX-Evil: 2\r\n\r\n',
				contentType: 'text/plain\r\nX-Evil: 3',
				bytes: new Uint8Array(),
			},
		]);
		expect(body.toString()).not.toMatch(/^X-Evil/m);
		expect(body.toString()).toContain('filename="b%22; name=%22parent%22%0D%0AX-Evil: 2%0D%0A%0D%0A"');
	});

	it('have a boundary of their own each time', () => {
		expect(encodeMultipart([]).contentType).not.toBe(encodeMultipart([]).contentType);
	});
});
