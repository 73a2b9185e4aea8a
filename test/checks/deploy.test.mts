/** What `deploy/` holds: consistent in itself and with what the tests run. No container engine is needed, so none of it is started. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import axios from 'axios';
import { parse } from 'yaml';
import { freePort } from '../../harness/n8n.mts';
import { until } from '../../harness/until.mts';
import { QUEUE_SETTINGS } from '../../harness/queue.mts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const text = read('deploy/compose.yml');
const template = read('deploy/nginx.conf.template');

interface ComposeService {
	image: string;
	command?: string;
	environment?: Record<string, string>;
	volumes?: string[];
	depends_on?: string[] | Record<string, unknown>;
}

const { services, volumes } = parse(text, { merge: true }) as {
	services: Record<string, ComposeService>;
	volumes: Record<string, unknown>;
};
const variables = (of: string) => new Set([...of.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!));

describe('deploy/compose.yml', () => {
	const n8n = Object.values(services).filter(({ image }) => image.includes('/n8n:'));

	it('runs each part of queue mode with the n8n and the settings that are tested', () => {
		const { dependencies } = JSON.parse(read('runtime/n8n/package.json')) as { dependencies: { n8n: string } };
		assert.deepEqual(n8n.map(({ command }) => command?.split(' ')[0]).sort(), [
			'start',
			'webhook',
			'webhook',
			'worker',
		]);
		for (const { image, environment, volumes: mounted } of n8n) {
			assert.equal(image.split(':')[1], dependencies.n8n);
			for (const [name, value] of Object.entries(QUEUE_SETTINGS)) assert.equal(environment?.[name], value, name);
			assert.deepEqual(mounted, ['n8n:/home/node/.n8n'], 'the packages are the same in every process');
		}
	});

	it('names only what exists: variables, volumes, services', () => {
		const example = new Set([...read('deploy/.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name!));
		assert.deepEqual([...variables(text)].sort(), [...example].sort());
		for (const { volumes: mounted = [], depends_on = [] } of Object.values(services)) {
			for (const mount of mounted) {
				const [from = ''] = mount.split(':');
				if (from.startsWith('./')) read(`deploy/${from}`);
				else assert.ok(from in volumes, `${from} is a volume`);
			}
			for (const name of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)) assert.ok(name in services);
		}
	});

	it('trusts as many proxies as there are', () => {
		for (const { environment } of n8n) assert.equal(environment?.['N8N_PROXY_HOPS'], '2');
		assert.deepEqual(
			Object.keys(services).filter((name) => /^(proxy|balancer)$/.test(name)),
			['balancer', 'proxy'],
		);
	});

	it('gives the load balancer every variable of its template, and the names of services', () => {
		const { environment = {} } = services['balancer']!;
		assert.deepEqual(Object.keys(environment).sort(), [...variables(template)].sort());
		for (const name of ['MAIN', 'WEBHOOK_1', 'WEBHOOK_2']) assert.ok(environment[name]!.split(':')[0]! in services);
	});

	it('puts no secret into the example', () => {
		assert.match(read('deploy/.env.example'), /^N8N_ENCRYPTION_KEY=$/m);
		assert.match(read('deploy/.env.example'), /^POSTGRES_PASSWORD=$/m);
	});
});

/** Whether a program is there. */
const has = (program: string) =>
	promisify(execFile)(program, ['-v']).then(
		() => true,
		() => false,
	);

describe('deploy/nginx.conf.template', async () => {
	it('writes no query string into a log: some webhook URLs have a token in theirs', () => {
		const [, format = ''] = /log_format without_query '([^']*)'/.exec(template) ?? [];
		assert.match(format, /\$uri\b/);
		assert.doesNotMatch(format, /\$(request|request_uri|args|query_string|is_args|http_referer|arg_\w+)\b/);
		assert.deepEqual(
			template.match(/^\s*access_log .*/gm)?.map((line) => line.trim()),
			['access_log /var/log/nginx/access.log without_query;'],
		);
		assert.deepEqual(
			template.match(/^\s*error_log .*/gm)?.map((line) => line.trim()),
			['error_log /var/log/nginx/error.log crit;'],
		);
	});

	const skip = (await has('nginx'))
		? false
		: 'nginx is not installed (on Debian, as root: apt-get install -y nginx-light)';

	it(
		'in a real nginx: one address, one processor; the other one when it is down; all else to main',
		{ skip },
		async () => {
			const folder = await mkdtemp(join(tmpdir(), 'hookline-nginx-'));
			const servers: Server[] = [];
			/** A server that answers its name and what it was told of the client. */
			const start = async (name: string): Promise<string> => {
				const server = createServer((request, response) => {
					request.resume().on('end', () => {
						const { host, 'x-forwarded-for': from } = request.headers;
						response.end(JSON.stringify({ name, host, from }));
					});
				});
				await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
				servers.push(server);
				return `127.0.0.1:${(server.address() as AddressInfo).port}`;
			};
			const port = await freePort();
			const values: Record<string, string> = {
				LISTEN: `127.0.0.1:${port}`,
				MAIN: await start('main'),
				WEBHOOK_1: await start('one'),
				WEBHOOK_2: await start('two'),
			};
			const conf = template
				.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name]!)
				.replaceAll('/var/log/nginx', folder);
			const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
				(one) => `${one}_temp_path ${folder}/${one};`,
			);
			await writeFile(
				join(folder, 'nginx.conf'),
				`pid ${folder}/pid; error_log ${folder}/error.log; daemon off; events {} http { access_log off; ${paths.join(' ')} ${conf} }`,
			);
			const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
				stdio: 'ignore',
			});
			try {
				const http = axios.create({ baseURL: `http://127.0.0.1:${port}`, proxy: false });
				type Answer = { name: string; host: string; from: string };
				const post = async (path: string) =>
					(await http.post<Answer>(path, 'x', { headers: { 'x-forwarded-for': '192.0.2.7', host: 'n8n.example.com' } }))
						.data;
				await until('nginx', 5000, async () => (await post('/rest/ready').catch(() => undefined)) && true);
				const expected = { host: 'n8n.example.com', from: '192.0.2.7, 127.0.0.1' };
				assert.deepEqual(await post('/rest/login'), { name: 'main', ...expected });
				assert.equal((await post('/webhook-test/a/webhook')).name, 'main');

				const addresses = Array.from({ length: 24 }, (_, index) => `/webhook/${index}-made-up/webhook?event=e`);
				const first = await Promise.all(addresses.map(post));
				assert.deepEqual(new Set(first.map(({ name }) => name)), new Set(['one', 'two']));
				assert.deepEqual({ ...first[0]!, name: '' }, { name: '', ...expected });
				assert.deepEqual(await Promise.all(addresses.map(post)), first);

				servers[1]!.closeAllConnections();
				await new Promise((resolve) => servers[1]!.close(resolve));
				for (const { name } of await Promise.all(addresses.map(post))) assert.equal(name, 'two');

				servers[2]!.closeAllConnections();
				await new Promise((resolve) => servers[2]!.close(resolve));
				await assert.rejects(post('/webhook/nobody/webhook?event=e'), /502/);
				const logged = async (file: string) => await readFile(join(folder, file), 'utf8');
				assert.match(await logged('access.log'), /POST \/webhook\/nobody\/webhook 502/);
				for (const file of ['access.log', 'error.log']) assert.doesNotMatch(await logged(file), /event=e/, file);
			} finally {
				const ended = new Promise((resolve) => nginx.once('exit', resolve));
				nginx.kill();
				await ended;
				for (const server of servers) server.close();
				await rm(folder, { recursive: true, force: true });
			}
		},
	);
});
