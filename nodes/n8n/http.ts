/** HTTP requests and responses of the core, as n8n's request helpers want and give them. */
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { parsed } from '../../core/json.ts';
import { encodeMultipart } from '../../core/multipart.ts';
import type { HttpRequest, HttpResponse } from '../../core/provider.ts';

/** A request of the core as n8n wants it. The body comes back as text: the core reads it. */
export function toN8nRequest(request: HttpRequest, baseUrl: string): IHttpRequestOptions {
	const options: IHttpRequestOptions = {
		method: request.method,
		url: baseUrl + request.path,
		headers: { Accept: 'application/json', ...request.headers },
		encoding: 'text',
		returnFullResponse: true,
		// A redirect must not carry the credential to another host.
		sendCredentialsOnCrossOriginRedirect: false,
	};
	if (request.query) {
		options.qs = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== undefined));
	}
	if (request.json !== undefined) {
		options.body = JSON.stringify(request.json);
		options.headers = { ...options.headers, 'Content-Type': 'application/json' };
	} else if (request.form) {
		options.body = new URLSearchParams(request.form);
	} else if (request.multipart) {
		const { contentType, body } = encodeMultipart(request.multipart);
		options.body = body;
		options.headers = { ...options.headers, 'Content-Type': contentType };
	}
	return options;
}

/** An answer as the core reads it. */
export function toResponse(status: number, headers: IN8nHttpFullResponse['headers'], body: unknown): HttpResponse {
	const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
	const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
	return { status, headers: Object.fromEntries(lower), body: parsed(text), text };
}
