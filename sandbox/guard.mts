/**
 * Who may make control calls: programs on this machine, and pages that come from it. A website that a person has open meanwhile can
 * send requests here as well, in two ways. It can name this machine's address in its own pages: then the browser says where the page
 * came from (`Origin`), and asks first before it sends JSON. Or it can have its own name point here (DNS rebinding): then `Host` is
 * that name.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A call that is not answered: with which status, and why in a sentence. */
interface Refused {
	status: 403 | 415;
	error: string;
}

/** Whether a host, without a port, is this machine by its very name or number: nobody else can give it another address. */
function isLoopback(hostname: string): boolean {
	return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** The host of `host[:port]`, without its port; an empty text when it is none. */
function hostnameOf(host: string): string {
	return /^(\[[0-9a-f:.]+\]|[^:@/?#\s]+)(:\d{1,5})?$/i.exec(host)?.[1] ?? '';
}

/** Why a control call is not answered; undefined for one that is. */
export function refusalOf(headers: FastifyRequest['headers']): Refused | undefined {
	const { host = '', origin } = headers;
	if (!isLoopback(hostnameOf(host)))
		return { status: 403, error: 'control calls are answered at localhost, 127.0.0.1 or [::1] only' };
	if (origin !== undefined) {
		const [, from = ''] = /^https?:\/\/(.*)$/i.exec(origin) ?? [];
		if (!isLoopback(hostnameOf(from))) return { status: 403, error: 'control calls from other websites are refused' };
	}
	// A call without a body needs no type: a browser that makes it for another website says so in `Origin`.
	const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
	if (hasBody && !/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
		return { status: 415, error: 'the body of a control call is JSON: content-type: application/json' };
	return undefined;
}

/** Refuses such calls before their body is read. */
export function guard(app: FastifyInstance): void {
	app.addHook('onRequest', async (request, reply) => {
		const refused = refusalOf(request.headers);
		if (refused === undefined) return;
		await reply.code(refused.status).send({ error: refused.error });
	});
}
