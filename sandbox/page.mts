/** The page at `/`: the files of `page/`, as they are. All it shows and does goes through the control calls. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { Service } from './service.mts';

const FOLDER = join(import.meta.dirname, 'page');
const TYPES: { readonly [extension: string]: string } = {
	'.css': 'text/css; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline, no page around it. Payloads of others are shown here. */
const POLICY = [
	"default-src 'self'",
	"object-src 'none'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

/** `/` and `/page/<file>`, as a Fastify plugin. Files are read again each time, so that a change shows on reloading. */
export function page(services: readonly Service[]): FastifyPluginAsync {
	return async (app) => {
		const send = (reply: FastifyReply, type: string, text: string) =>
			reply
				.headers({
					'content-security-policy': POLICY,
					'x-content-type-options': 'nosniff',
					'referrer-policy': 'no-referrer',
					'cache-control': 'no-cache',
				})
				.type(type)
				.send(text);

		app.get('/', async (_request, reply) => {
			const html = await readFile(join(FOLDER, 'index.html'), 'utf8');
			const links = services.map((service) => link(service.id, service.name));
			return send(
				reply,
				'text/html; charset=utf-8',
				html.replace('<!-- services -->', () => links.join('\n')),
			);
		});
		for (const name of await readdir(FOLDER)) {
			const type = TYPES[extname(name)];
			if (type === undefined) continue;
			app.get(`/page/${name}`, async (_request, reply) =>
				send(reply, type, await readFile(join(FOLDER, name), 'utf8')),
			);
		}
	};
}

function link(id: string, name: string): string {
	return `<li><a href="#${id}" data-service="${id}"><span class="name">${name}</span> <span class="state"></span></a></li>`;
}
