/** The load balancer in front of webhook processors: in turns, and to the next one when one refuses the connection. */
import { createHash } from 'node:crypto';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
	url: string;
	/** Where requests go, in turns. */
	targets: string[];
	/** Sends identical bodies to different targets, so that no processor sees a copy that it could know. */
	apart: boolean;
	close: () => Promise<void>;
}

/** Starts it on a free loopback port, with no targets yet. */
export async function startBalancer(): Promise<Balancer> {
	const balancer: Balancer = { url: '', targets: [], apart: false, close: async () => undefined };
	const seen = new Map<string, number>();
	let turn = 0;

	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks);
			let first = turn++;
			if (balancer.apart) {
				const digest = createHash('sha256').update(body).digest('hex');
				first = seen.get(digest) ?? first;
				seen.set(digest, first + 1);
			}
			pass(request, response, body, first, balancer.targets.length);
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
