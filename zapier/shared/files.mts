/** Files that a person chose: Zapier gives the address of each, and what is there is fetched. */
import { basename } from 'node:path/posix';
import type { ZObject } from 'zapier-platform-core';
import { InvalidInput } from '../../core/errors.ts';
import type { Field, FileValue, Values } from '../../core/provider.ts';

/** In bytes. A step has 30 s and little memory. */
const LARGEST_FILE = 20 * 1024 * 1024;

/** Half of a step's 30 s: the upload comes after. */
const TIMEOUT_MS = 15_000;

/** The input with the file itself in place of each file's address. Throws `InvalidInput` for one that cannot be had. */
export async function withFiles(z: Pick<ZObject, 'request'>, fields: readonly Field[], input: Values): Promise<Values> {
	const files = fields.filter(
		({ type, name }) => type === 'file' && typeof input[name] === 'string' && input[name] !== '',
	);
	const fetched = await Promise.all(
		files.map(async (field) => [field.name, await fileAt(z, field, String(input[field.name]))] as const),
	);
	return { ...input, ...Object.fromEntries(fetched) };
}

async function fileAt(z: Pick<ZObject, 'request'>, { label }: Field, address: string): Promise<FileValue> {
	if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
		throw new InvalidInput(`"${label}" must be a file from an earlier step, or the address of one (https://...).`);
	}
	const failed = (reason: string) => new InvalidInput(`The file for "${label}" could not be fetched: ${reason}.`);
	// The address is not the service's: it gets no credential.
	const options = {
		url: address,
		method: 'GET' as const,
		raw: true as const,
		merge: false,
		skipThrowForStatus: true,
		timeout: TIMEOUT_MS,
	};
	const response = await z.request(options).catch(() => {
		throw failed('no answer came');
	});
	if (response.status !== 200) throw failed(`status ${response.status}`);
	if (Number(response.headers.get('content-length') ?? 0) > LARGEST_FILE) throw failed('it is larger than 20 MB');
	const pieces: Buffer[] = [];
	let size = 0;
	for await (const piece of response.body as AsyncIterable<Buffer>) {
		size += piece.length;
		if (size > LARGEST_FILE) throw failed('it is larger than 20 MB');
		pieces.push(piece);
	}
	return {
		fileName: nameIn(response.headers.get('content-disposition')) ?? (basename(new URL(address).pathname) || 'file'),
		contentType: response.headers.get('content-type') ?? 'application/octet-stream',
		base64: Buffer.concat(pieces).toString('base64'),
	};
}

function nameIn(disposition: string | null): string | undefined {
	const [, encoded, quoted, plain] =
		/filename(?:\*=UTF-8''([^;]+)|="([^"]+)"|=([^";\s]+))/i.exec(disposition ?? '') ?? [];
	try {
		return encoded === undefined ? (quoted ?? plain) : decodeURIComponent(encoded);
	} catch {
		return undefined;
	}
}
