/**
 * A loopback stand-in for the one call that `zapier-platform validate` and `build` make while logged out: it posts the
 * definition to `/api/platform/cli/check`. With `ZAPIER_BASE_ENDPOINT` set to it, both run end to end without Zapier.
 * The rules are our reading of Zapier's published ones (see `checks.mts`).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { check, STATIC_HOOK_RULES, type Finding } from './checks.mts';

export interface CheckServer {
	/** For `ZAPIER_BASE_ENDPOINT`. */
	url: string;
	/** What was found in each definition that came in, in order. */
	checked: Finding[][];
	close(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startCheckServer(): Promise<CheckServer> {
	const checked: Finding[][] = [];
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		if (request.method !== 'POST' || request.url !== '/api/platform/cli/check') {
			response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":["not found"]}');
			return;
		}
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { app_definition: definition } = JSON.parse(Buffer.concat(chunks).toString()) as {
			app_definition: { [name: string]: unknown };
		};
		const findings = check(definition);
		checked.push(findings);
		const isStatic = ({ rule }: Finding) => STATIC_HOOK_RULES.includes(rule);
		response.writeHead(200, { 'content-type': 'application/json' }).end(
			JSON.stringify({
				passes: [],
				// Strict with ourselves: whatever can be repaired in the definition stops the build.
				errors: section(
					'Errors',
					findings.filter((finding) => !isStatic(finding)),
				),
				warnings: section('Publishing Tasks', findings.filter(isStatic)),
				suggestions: section('Warnings', []),
			}),
		);
	};
	const server = createServer((request, response) => {
		answer(request, response).catch((cause: unknown) => response.writeHead(500).end(String(cause)));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		checked,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** The shape that the CLI prints (`flattenCheckResult`). */
function section(label: string, findings: readonly Finding[]) {
	return {
		total_failures: findings.length,
		display_label: label,
		results: findings.map(({ rule, where, message }) => {
			const [type = '', ...rest] = where.split('.');
			return { type, violations: [{ type: rest.join('.'), results: [{ message, tag: rule }] }] };
		}),
	};
}
