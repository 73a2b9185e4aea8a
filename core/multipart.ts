/** Writes multipart/form-data bodies (RFC 7578), so that both platforms send the same bytes. */
import { randomUUID } from 'node:crypto';
import type { Part } from './provider.ts';

/** Parts as one body, with the content type that names its boundary. */
export function encodeMultipart(parts: readonly Part[]): { contentType: string; body: Buffer } {
	// 122 random bits: no file has the boundary in it.
	const boundary = `hookline-${randomUUID()}`;
	const pieces = parts.flatMap((part) => [
		`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(part.name)}"`,
		...('text' in part
			? ['\r\n\r\n', part.text]
			: [`; filename="${quoted(part.fileName)}"\r\nContent-Type: ${line(part.contentType)}\r\n\r\n`, part.bytes]),
		'\r\n',
	]);
	const bytes = [...pieces, `--${boundary}--\r\n`].map((piece) =>
		typeof piece === 'string' ? Buffer.from(piece) : piece,
	);
	return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(bytes) };
}

/** A name within quotes, as browsers escape it: a name must not end its own header. */
function quoted(name: string): string {
	return name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** What follows a header's name, on one line. */
function line(value: string): string {
	return value.replace(/[\r\n]+/g, ' ');
}
