/** The load balancer in front of webhook processors; to the next one when one refuses the connection. */
import { createHash } from 'node:crypto';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
	url: string;
	targets: string[];
	/**
	 * `path`: all requests to one address go to one target, as with nginx's `hash $request_uri consistent`. `turns`: each to the next target.
	 * `apart`: identical bodies to different targets, so that no processor sees a copy that it could know.
	 */
	route: 'path' | 'turns' | 'apart';
	/** With `apart`: a copy comes so many milliseconds after the one before. */
	gap: number;
	close: () => Promise<void>;
}

const digestOf = (data: string | Buffer) => createHash('sha256').update(data).digest();

/** Starts it on a free loopback port, with no targets yet. */
export async function startBalancer(): Promise<Balancer> {
	const balancer: Balancer = { url: '', targets: [], route: 'path', gap: 0, close: async () => undefined };
	const seen = new Map<string, { first: number; copies: number }>();
	let turn = 0;

	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks);
			const { route, gap, targets } = balancer;
			let first = turn++;
			let copies = 0;
			if (route === 'path') first = digestOf(request.url ?? '').readUInt32BE();
			if (route === 'apart') {
				const digest = digestOf(body).toString('hex');
				const before = seen.get(digest) ?? { first, copies: 0 };
				copies = before.copies;
				first = before.first + copies;
				seen.set(digest, { ...before, copies: copies + 1 });
			}
			setTimeout(() => pass(request, response, body, first, targets.length), copies * gap);
		});
	});

	/** Only a connection that was refused is tried elsewhere: what was sent may have been taken. */
	function pass(from: IncomingMessage, to: ServerResponse, body: Buffer, at: number, tries: number): void {
		const target = balancer.targets[at % balancer.targets.length];
		if (target === undefined || tries === 0) return void to.writeHead(502).end();
		const { method, headers, url = '/' } = from;
		const onward = send(new URL(url, target), { method, headers, agent: false }, (answer) => {
			to.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(to);
			answer.once('error', () => to.destroy());
		});
		onward.once('error', (cause: NodeJS.ErrnoException) => {
			if (cause.code === 'ECONNREFUSED') pass(from, to, body, at + 1, tries - 1);
			else if (to.headersSent) to.destroy();
			else to.writeHead(502).end();
		});
		onward.end(body);
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	balancer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	balancer.close = () =>
		new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	return balancer;
}
