import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Provider } from '../../../core/provider.ts';
import { nodeName } from '../../../nodes/n8n/credentials.ts';
import { provider, providers } from '../../../providers/index.ts';
import { condensed, readme, rows } from './readme.ts';

const ROOT = join(__dirname, '../../..');

test('a service is found by its id, and a wrong id says which there are', () => {
	for (const one of providers) expect(provider(one.id)).toBe(one);
	const ids = providers.map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
	for (const wrong of ['', 'Solatis', 'solid', 'constructor']) {
		expect(() => provider(wrong)).toThrow(`there are ${ids.join(', ')}`);
	}
});

/** The files of a service. Whoever adds one finds here what is still to be made: docs/add-a-service.md says how. */
function filesOf(one: Provider): string[] {
	const { id } = one;
	const node = nodeName(one);
	const stem = node.charAt(0).toUpperCase() + node.slice(1);
	const inNodes = (file: string) => `nodes/${stem}/${file}`;
	return [
		...['provider.ts', 'events.ts', 'README.md'].map((file) => `providers/${id}/${file}`),
		...[`${stem}Trigger.node.ts`, `${stem}Trigger.node.json`, `${stem}.node.ts`, `${stem}.node.json`].map(inNodes),
		...[`${node}.svg`, `${node}.dark.svg`].map(inNodes),
		`credentials/${stem}Api.credentials.ts`,
		...(one.webhook === undefined ? [] : [`credentials/${stem}WebhookApi.credentials.ts`]),
		...['package.json', 'README.md', 'LICENSE'].map((file) => `packages/n8n-nodes-${id}/${file}`),
		...['package.json', '.gitignore', 'src/index.mts'].map((file) => `zapier/${id}/${file}`),
		`sandbox/services/${id}.mts`,
		`examples/zapier/${id}.md`,
		`test/unit/providers/${id}.test.ts`,
		`test/sandbox/${id}.test.mts`,
		`test/zapier/${id}.test.mts`,
	];
}

/** The files that tell of every service, with what each says of one: lists in code, tables for people. */
function mentionsOf({ id, name }: Provider): Array<[file: string, said: string]> {
	return [
		['zapier/apps.mts', `'${id}'`],
		['sandbox/server.mts', `./services/${id}.mts`],
		['test/checks/packages.test.mts', `'n8n-nodes-${id}': {`],
		['.github/ISSUE_TEMPLATE/bug.yml', name],
		['package.json', name],
		['README.md', `[${name}](providers/${id}/README.md)`],
		['README.md', `[guide](providers/${id}/README.md)`],
		['README.md', `\`n8n-nodes-${id}\``],
		['docs/security.md', `| ${name} `],
		['sandbox/README.md', `| ${name} `],
		['zapier/README.md', `\`${id}\``],
		['examples/zapier/README.md', `(${id}.md)`],
		['examples/README.md', `packages/n8n-nodes-${id}/README.md`],
	];
}

test.each(providers.map((one) => [one.name, one] as const))('%s has every file that a service has', (_, one) => {
	expect(filesOf(one).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test.each(providers.map((one) => [one.name, one] as const))('%s has nothing left to do', (_, one) => {
	const { id } = one;
	const own = ['connection', 'deliveries', 'subscriptions', 'answers'].map((file) => `providers/${id}/${file}.ts`);
	const files = [...filesOf(one), ...own, `contracts/${id}.json`].filter((file) => existsSync(join(ROOT, file)));
	expect(files.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('TODO'))).toEqual([]);
});

test.each(providers.map((one) => [one.name, one] as const))('%s is wherever services are listed', (_, one) => {
	const missing = mentionsOf(one).filter(([file, said]) => !readFileSync(join(ROOT, file), 'utf8').includes(said));
	expect(missing.map(([file, said]) => `${file} does not hold: ${said}`)).toEqual([]);
});

test.each(providers.map((one) => [one.name, one] as const))('the guide of %s says what its data says', (_, one) => {
	const text = condensed(readme(one));
	expect(rows(one).filter((row) => !text.includes(row))).toEqual([]);
});

test('the README lists the services in their order', () => {
	const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
	const places = providers.map(({ id }) => text.indexOf(`(providers/${id}/README.md)`));
	expect(places).toEqual([...places].sort((a, b) => a - b));
});
