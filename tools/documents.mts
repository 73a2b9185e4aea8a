/**
 * Keeps documents true. In the READMEs of the n8n packages, what is between `<!-- name -->` and `<!-- /name -->` is made from
 * `providers/`, or is the section of that title in the provider's own README; in that README it is made from the trigger's form and
 * from `contracts/`; in docs/architecture.md from `tools/arrows.mts` and from the comments that source files begin with; in
 * docs/seeds.md from `test/unit/seeds/`. Everything else in them is written by hand. A package's README is what is read before
 * installing: what is verified, assumed and how well founded is in the provider's, with a link.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { INodeProperties } from 'n8n-workflow';
import { format, resolveConfig } from 'prettier';
import { listsOf } from '../core/choices.ts';
import { handlingOf } from '../core/operation.ts';
import type { Provider } from '../core/provider.ts';
import { contractOf, type Grade } from '../contracts/index.mts';
import { apiProperties, webhookProperties } from '../nodes/n8n/credentials.ts';
import { triggerProperties } from '../nodes/n8n/trigger.ts';
import { seeds as allSeeds } from '../test/unit/seeds/index.ts';
import type { Seed } from '../test/unit/seeds/statement.ts';
import { ANYTHING, boxes, ROOMS, type Room } from './arrows.mts';
import { describedFolders } from './files.mts';
import { packages, REPOSITORY, ROOT, type Package } from './packages.mts';
import { overview, statementTables } from './seeds.mts';

const HELP = `Usage: node tools/documents.mts [--check]

Rewrites the generated parts of packages/*/README.md, providers/*/README.md, docs/architecture.md and docs/seeds.md.

  --check  change nothing; fail when a file is stale
  --help   show this
`;

/** Where the arrows are drawn. */
const ARCHITECTURE = join(ROOT, 'docs/architecture.md');

/** Where the statements of the seeds are. */
const SEEDS = join(ROOT, 'docs/seeds.md');

/** The generated parts of a package's README, by the name of their markers. */
const PARTS: { readonly [name: string]: (one: Package) => string } = {
	install,
	credentials: ({ provider }) => credentials(provider),
	setup: ({ provider }) => section(provider, 'Set up'),
	events: ({ provider }) => events(provider),
	operations: ({ provider }) => operations(provider),
	verified: ({ provider }) => verified(provider),
	more,
};

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One section of the provider's own README, without its heading. */
function section(provider: Provider, title: string): string {
	const file = `providers/${provider.id}/README.md`;
	const text = readFileSync(join(ROOT, file), 'utf8');
	const found = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`));
	if (found === undefined) throw new Error(`${file} has no section "${title}"`);
	// npm shows this text far from the repository.
	if (/\]\((?!https:)/.test(found)) throw new Error(`${file}, "${title}": a link there must be absolute`);
	return found.slice(found.indexOf('\n')).trim();
}

function install({ name, provider }: Package): string {
	const version = (
		JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as { version: string }
	).version;
	return `
**In n8n**, as an owner or administrator: Settings > Community nodes > Install, and enter \`${name}\`. On n8n Cloud, search for "${provider.name}" in the nodes panel once n8n has verified the package.

**Self-hosted**: in the folder \`~/.n8n/nodes\`, run \`npm install ${name}\` and restart n8n. From source: \`npm run package\` in [the repository](${REPOSITORY}) makes \`build/${name}-${version}.tgz\` to install in its place.`;
}

/** The fields of the credentials, as n8n shows them. */
function credentials(provider: Provider): string {
	const { name, api, webhook } = provider;
	const both = webhook !== undefined;
	const parts = [
		`**${name} API**, to make calls${both ? '' : ' and to subscribe'}.`,
		fieldList(apiProperties(provider)),
		`${name} on this: ${api.help}`,
	];
	if (webhook === undefined) return parts.join('\n\n');
	return [
		`**${name} Webhook API**, to receive events.`,
		fieldList(webhookProperties(provider)),
		`${name} on this: ${webhook.help}`,
		...parts,
	].join('\n\n');
}

/** What the trigger asks, as n8n shows it. */
function options(provider: Provider): string {
	const properties = triggerProperties(provider);
	const inside = properties.find(({ name }) => name === 'options')?.options ?? [];
	const asked = properties.filter(({ name }) => name !== 'events' && name !== 'options');
	return parameters([...asked, ...inside.filter((one): one is INodeProperties => 'type' in one)]);
}

/** What a person fills in, one line each: few enough that a table says no more. */
function fieldList(properties: readonly INodeProperties[]): string {
	return shown(properties)
		.map((one) => `- **${one.displayName}**: ${sentence(one.description ?? '')}`)
		.join('\n');
}

function shown(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.filter(({ type }) => type !== 'notice' && type !== 'hidden');
}

function parameters(properties: readonly INodeProperties[]): string {
	return table(
		['Field', 'Default', 'What it is'],
		shown(properties).map((one) => [one.displayName, defaultOf(one), sentence(one.description ?? '')]),
	);
}

/** A default in the words of n8n's editor. */
function defaultOf({ default: value, required, options: choices = [] }: INodeProperties): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	const chosen = choices.find((choice) => 'value' in choice && choice.value === value);
	if (chosen !== undefined) return chosen.name;
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	if (text === '') return required ? 'required' : '';
	return /^https?:/.test(text) ? `\`${text}\`` : text;
}

/** With a capital letter and a full stop: hints and descriptions of n8n leave out one or the other. */
function sentence(text: string): string {
	const capital = text.charAt(0).toUpperCase() + text.slice(1);
	return capital === '' || /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** The event types. How well each is founded is in the provider's README. */
function events(provider: Provider): string {
	return table(
		['Event', 'Label', 'What happened'],
		provider.events.map((one) => [`\`${one.name}\``, one.label, one.description]),
	);
}

/** The operations of each resource. What each does is in the provider's README, and in n8n under its name. */
function operations(provider: Provider): string {
	const simplified = provider.operations.some((one) => one.simplify !== undefined && handlingOf(one).kind === 'search');
	const lead = [
		listsOf(provider).length > 0 ? 'Pick a record from a list, or enter its ID.' : '',
		simplified ? 'Where a form has _Simplify_, it returns the most important fields; turn it off for everything.' : '',
	];
	const rows = table(
		['Resource', 'Operations'],
		provider.resources.map(({ name, label }) => {
			const labels = provider.operations.filter((one) => one.resource === name).map((one) => one.label);
			return [label, labels.join(', ')];
		}),
	);
	return `${lead.join(' ').trim()}\n\n${rows}`;
}

/** Where it says what is verified, what is assumed, and what every option means. */
function verified({ id, name }: Provider): string {
	const guide = `${REPOSITORY}/blob/main/providers/${id}/README.md`;
	return (
		`In the [provider's README](${guide}): [how deliveries are verified](${guide}#how-deliveries-are-verified), ` +
		`[what happens on publishing](${guide}#what-happens-on-publishing), [the trigger's options](${guide}#trigger-options), ` +
		`[every operation](${guide}#operations), and [what is assumed](${guide}#assumptions) where ${name} documents nothing.`
	);
}

function more(): string {
	const file = (path: string) => `${REPOSITORY}/blob/main/${path}`;
	return `[My workflow did not start](${file('docs/my-workflow-did-not-start.md')}) · [Security](${file('docs/security.md')}) · [Example workflows](${REPOSITORY}/tree/main/examples/n8n)`;
}

/** A box for each folder, an arrow to each that it imports. */
function diagram(rooms: readonly Room[]): string {
	const all = boxes(rooms);
	const lines = [
		...all.map(({ name, is }) => `${name}["${name}/<br/>${is}"]`),
		...all.flatMap(({ name, to }) => to.map((other) => `${name} --> ${other}`)),
	];
	return ['```mermaid', 'flowchart TB', ...lines.map((line) => `  ${line}`), '```'].join('\n');
}

function arrows(rooms: readonly Room[]): string {
	const names = (list: readonly string[]) =>
		list.map((name) => (name === ANYTHING ? name : `\`${name}\``)).join(', ') || 'nothing';
	return table(
		['Files', 'may import, besides their own folder', 'packages, modules of Node'],
		rooms.map((room) => [names([room.files]), names(room.may), names(room.packages)]),
	);
}

/** The files of each folder, and what each is for. */
function files(): string {
	return describedFolders()
		.map(({ folder, files: list }) => {
			const rows = list.map(({ name, does }) => [`\`${name}\``, does]);
			return `### \`${folder}/\`\n\n${table(['File', 'What it is for'], rows)}`;
		})
		.join('\n\n');
}

/** A package's README with its generated parts made again. */
export async function renewed(one: Package, text: string): Promise<string> {
	const parts = Object.entries(PARTS).map(([name, part]) => [name, () => part(one)] as const);
	return await filled(join(one.folder, 'README.md'), text, new Map(parts));
}

/** How well each fact about a service is founded: its calls, its deliveries, and what no source settles. */
function founded({ id }: Pick<Provider, 'id'>): string {
	const { calls, deliveries, gaps = [] } = contractOf(id);
	const sources = (list: readonly string[]) => list.map((one) => one.replace(/^(https:\S+)$/, '<$1>')).join(', ');
	const fact = (what: string, grade: Grade, source: readonly string[], note = '') => [
		what,
		grade,
		note,
		sources(source),
	];
	return [
		`From [contracts/${id}.json](../../contracts/${id}.json), to which this provider and the sandbox are both held.`,
		table(
			['Call', 'Method and path', 'Call is', 'Answer is', 'Sources'],
			Object.entries(calls).map(([name, { method, path, query, answer, grade, source }]) => {
				const chosen = Object.entries(query?.fixed ?? {}).map(([key, value]) => `${key}=${value}`);
				const where = `${method} ${path}${chosen.length > 0 ? `?${chosen.join('&')}` : ''}`;
				return [name, `\`${where}\``, grade, answer.grade ?? grade, sources(source)];
			}),
		),
		table(
			['Deliveries', 'is', 'Note', 'Sources'],
			[
				...deliveries.proofs.map(({ label, grade, source, note }) => fact(label, grade, source, note)),
				fact('what counts as received', deliveries.ack.grade, deliveries.ack.source, deliveries.ack.note),
				fact('retries', deliveries.retries.grade, deliveries.retries.source, deliveries.retries.note),
				...deliveries.registration.map(({ how, where, grade, source }) =>
					fact(`registered by ${how}`, grade, source, where),
				),
			],
		),
		...(gaps.length > 0 ? [`No source says: ${gaps.join('; ')}.`] : []),
	].join('\n\n');
}

/** A provider's own README with its generated parts made again. */
export async function renewedProvider(provider: Provider, text: string): Promise<string> {
	const file = join(ROOT, 'providers', provider.id, 'README.md');
	const parts = new Map([
		['options', () => options(provider)],
		['contract', () => founded(provider)],
	]);
	return await filled(file, text, parts);
}

/** docs/architecture.md with its generated parts made again. */
export async function renewedArchitecture(text: string, rooms: readonly Room[] = ROOMS): Promise<string> {
	const parts = new Map([
		['diagram', () => diagram(rooms)],
		['arrows', () => arrows(rooms)],
		['files', files],
	]);
	return await filled(ARCHITECTURE, text, parts);
}

/** docs/seeds.md with its generated parts made again. */
export async function renewedSeeds(text: string, seeds: readonly Seed[] = allSeeds): Promise<string> {
	const parts = new Map([
		['overview', () => overview(seeds)],
		['statements', () => statementTables(seeds)],
	]);
	return await filled(SEEDS, text, parts);
}

/** A document with its parts put between their markers. */
async function filled(file: string, text: string, parts: ReadonlyMap<string, () => string>): Promise<string> {
	const whole = text.replace(/<!-- ([a-z]+) -->\n[^]*?<!-- \/\1 -->/g, (_, name: string) => {
		const part = parts.get(name);
		if (part === undefined) throw new Error(`${file}: there is no part "${name}"`);
		return `<!-- ${name} -->\n\n${part().trim()}\n\n<!-- /${name} -->`;
	});
	for (const name of parts.keys()) {
		if (!whole.includes(`<!-- /${name} -->`)) throw new Error(`${file}: the part "${name}" is missing`);
	}
	return await format(whole, { ...(await resolveConfig(file)), parser: 'markdown' });
}

/** The command. Returns the exit code. */
async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: { help: { type: 'boolean', short: 'h' }, check: { type: 'boolean' } },
	});
	if (values.help === true) {
		process.stdout.write(HELP);
		return 0;
	}
	const documents = new Map<string, (text: string) => Promise<string>>([
		...packages.map((one) => [join(one.folder, 'README.md'), (text: string) => renewed(one, text)] as const),
		...packages.map(({ provider }) => {
			const file = join(ROOT, 'providers', provider.id, 'README.md');
			return [file, (text: string) => renewedProvider(provider, text)] as const;
		}),
		[ARCHITECTURE, renewedArchitecture],
		[SEEDS, renewedSeeds],
	]);
	let stale = 0;
	for (const [file, renew] of documents) {
		const text = readFileSync(file, 'utf8');
		const fresh = await renew(text);
		if (fresh === text) continue;
		stale += 1;
		if (values.check !== true) writeFileSync(file, fresh);
		process.stdout.write(`${relative(ROOT, file)}: ${values.check === true ? 'stale' : 'rewritten'}\n`);
	}
	if (values.check !== true || stale === 0) return 0;
	process.stdout.write('Run: node tools/documents.mts\n');
	return 1;
}

if (import.meta.main) {
	try {
		process.exitCode = await main(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
