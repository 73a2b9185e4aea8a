/** A service on this machine that answers as a test says. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the service got it. */
export interface Asked {
	method: string;
	/** With the query. */
	url: string;
	path: string;
	query: URLSearchParams;
	headers: IncomingMessage['headers'];
	body: string;
}

/** What the service does: answers, or cuts the connection, before it answers or within its answer. */
export type Answer =
	| { status?: number; headers?: { [name: string]: string }; body?: unknown }
	| 'cut'
	| 'half'
	| 'silent';

/** A service on this machine that answers as it is told, and keeps what it was asked. */
export class FakeService {
	readonly asked: Asked[] = [];
	answer: (asked: Asked) => Answer = () => ({ body: {} });
	private readonly server: Server;

	private constructor(server: Server) {
		this.server = server;
	}

	static async start(): Promise<FakeService> {
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const url = new URL(request.url ?? '', 'http://127.0.0.1');
				const asked: Asked = {
					method: request.method ?? '',
					url: request.url ?? '',
					path: url.pathname,
					query: url.searchParams,
					headers: request.headers,
					body: Buffer.concat(chunks).toString('utf8'),
				};
				service.asked.push(asked);
				const answer = service.answer(asked);
				if (answer === 'silent') return;
				if (answer === 'cut') return void request.socket.destroy();
				if (answer === 'half') {
					response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
					response.write('{"id": 1', () => request.socket.destroy());
					return;
				}
				const { status = 200, headers = {}, body } = answer;
				response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers });
				response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
			});
		});
		const service = new FakeService(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return service;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Host and port. */
	get host(): string {
		return new URL(this.url).host;
	}

	reset(): void {
		this.asked.length = 0;
		this.answer = () => ({ body: {} });
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** A refusal in the form of any service, whose message is the whole call: what services do that log what they are asked. */
export function echo(status: number, { url, headers, body }: Asked): Answer {
	const auth = Object.entries(headers).filter(([name]) => /authorization|x-/.test(name));
	const decoded = auth.map(([, value]) => Buffer.from(String(value).replace(/^Basic /, ''), 'base64').toString());
	const form = new URLSearchParams(url.split('?')[1]);
	const words = `no:\r\n${auth.map(([name, value]) => `${name}: ${String(value)}`).join(' ')} ${[...form.values()].join(' ')} ${url} ${body.slice(0, 300)} ${decoded.join(' ')}`;
	return {
		status,
		body: {
			success: false,
			status: 'failed',
			code: 'ECHO',
			message: words,
			error: { code: 'echo', message: words },
			errors: { field: [words] },
		},
	};
}
