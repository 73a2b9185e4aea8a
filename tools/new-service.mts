/**
 * `npm run new-service -- acme "Acme"`: writes every file of a new service, and names it in every list in code. What only a person
 * can know is a line with TODO; `npm run test:unit` goes on to name what is left.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { contractOf, iconOf, packageReadme, providerFiles, sandboxService, type Names } from './new-service/texts.mts';

const HELP = `Usage: npm run new-service -- <id> <name> [options]

Writes every file of a new service, e.g. npm run new-service -- big-acme "Big Acme"

  <id>       lower case, words joined by "-": its folder, and the stem of every other name
  <name>     as the service writes it
  --manual   its webhooks are registered by a person; otherwise by its API
  --root     the repository to write into. Default: this one
  --help     show this

Nothing that exists is overwritten. Then follow docs/add-a-service.md; npm run test:unit says what is left.
`;

/** A mistake of the person: shown without a stack. */
class Mistake extends Error {}

function namesOf(id: string, name: string): Names {
	const stem = id
		.split('-')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join('');
	return { id, name, stem, camel: stem.charAt(0).toLowerCase() + stem.slice(1) };
}

/** The names of the services whose stubs are copied: there is no logic in them. */
const SOLATIS: Names = namesOf('solatis', 'Solatis');
const SOSHIA: Names = namesOf('soshia-connect', 'SoshiaConnect');

/** A stub of another service, with the names changed. */
function renamed(text: string, from: Names, to: Names): string {
	return text
		.replaceAll(`n8n-nodes-${from.id}`, `n8n-nodes-${to.id}`)
		.replaceAll(`zapier-${from.id}`, `zapier-${to.id}`)
		.replaceAll(`providers/${from.id}/`, `providers/${to.id}/`)
		.replaceAll(`nodes/${from.stem}/`, `nodes/${to.stem}/`)
		.replace(
			new RegExp(`\\b${from.stem}(?=Trigger\\b|Api\\b|WebhookApi\\b|\\.node)|(?<=class )${from.stem}\\b`, 'g'),
			to.stem,
		)
		.replace(new RegExp(`\\b${from.camel}(?=Trigger|Api|WebhookApi|\\b)`, 'g'), to.camel)
		.replaceAll(from.name, to.name)
		.replace(/description: '[A-Z][^']* with [^']*'/, `description: 'TODO: what it does, with ${to.name}'`);
}

/** n8n's search words and the page about credentials are the service's own. */
function codex(text: string, to: Names): string {
	const data = JSON.parse(text) as { alias: string[]; resources: { credentialDocumentation: Array<{ url: string }> } };
	data.alias = [...to.name.toLowerCase().split(/\W+/), 'TODO: what people search for'];
	data.resources.credentialDocumentation = [{ url: `https://${to.id}.example.com/TODO` }];
	return `${JSON.stringify(data, undefined, 2)}\n`;
}

function manifest(text: string, to: Names): string {
	const data = JSON.parse(text) as { keywords: string[]; version: string };
	data.keywords = ['n8n-community-node-package', 'n8n', to.id, 'webhook'];
	data.version = '0.1.0';
	return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** All files of the service, by path. `read` gives a file of the repository. */
function filesOf(names: Names, manual: boolean, read: (file: string) => string): Map<string, string> {
	const { id, stem, camel } = names;
	const from = manual ? SOSHIA : SOLATIS;
	const copy = (file: string) => renamed(read(file), from, names);
	const node = (ending: string) => `nodes/${from.stem}/${from.stem}${ending}`;
	const files = new Map<string, string>([
		...[...providerFiles(names, manual)].map(([file, text]): [string, string] => [`providers/${id}/${file}`, text]),
		[`nodes/${stem}/${stem}Trigger.node.ts`, copy(node('Trigger.node.ts'))],
		[`nodes/${stem}/${stem}.node.ts`, copy(node('.node.ts'))],
		[`nodes/${stem}/${stem}Trigger.node.json`, codex(copy(node('Trigger.node.json')), names)],
		[`nodes/${stem}/${stem}.node.json`, codex(copy(node('.node.json')), names)],
		[`nodes/${stem}/${camel}.svg`, iconOf(names, 'light')],
		[`nodes/${stem}/${camel}.dark.svg`, iconOf(names, 'dark')],
		[`credentials/${stem}Api.credentials.ts`, renamed(read('credentials/SolatisApi.credentials.ts'), SOLATIS, names)],
		[`packages/n8n-nodes-${id}/package.json`, manifest(copy(`packages/n8n-nodes-${from.id}/package.json`), names)],
		[`packages/n8n-nodes-${id}/README.md`, packageReadme(names)],
		[`packages/n8n-nodes-${id}/LICENSE`, read('LICENSE')],
		[`zapier/${id}/package.json`, renamed(read('zapier/solatis/package.json'), SOLATIS, names)],
		[`zapier/${id}/.gitignore`, read('zapier/solatis/.gitignore')],
		[`zapier/${id}/src/index.mts`, renamed(read('zapier/solatis/src/index.mts'), SOLATIS, names)],
		[`zapier/${id}/src/settings.mts`, renamed(read('zapier/solatis/src/settings.mts'), SOLATIS, names)],
		[`contracts/${id}.json`, contractOf(names)],
		[`sandbox/services/${id}.mts`, sandboxService(names)],
	]);
	if (manual) {
		const file = 'credentials/SoshiaConnectWebhookApi.credentials.ts';
		files.set(`credentials/${stem}WebhookApi.credentials.ts`, renamed(read(file), SOSHIA, names));
	}
	return files;
}

type Entry = [file: string, at: string | RegExp, added: (found: string) => string];

/** What is put into the lists in code: after, or in front of, a text that is there once. */
function entriesOf({ id, camel }: Names, manual: boolean): Entry[] {
	const key = id === camel ? id : `'${id}'`;
	return [
		[
			'providers/index.ts',
			/export const providers: readonly Provider\[\] = \[[^\]]*(?=\])/,
			(all) => `${all}, ${camel}`,
		],
		[
			'providers/index.ts',
			'\n\nexport const providers',
			(all) => `\nimport { ${camel} } from './${id}/provider.ts';${all}`,
		],
		['zapier/apps.mts', /APPS = \[[^\]]*(?=\])/, (all) => `${all}, '${id}'`],
		[
			'contracts/index.mts',
			'\n\nexport type Grade',
			(all) => `\nimport ${camel} from './${id}.json' with { type: 'json' };${all}`,
		],
		[
			'contracts/index.mts',
			'\n} as unknown as { readonly [service: string]: Contract }',
			(all) => `\n\t${key === camel ? camel : `${key}: ${camel}`},${all}`,
		],
		['sandbox/accounts.mts', '\n} as const;\n\nexport type ProviderId', (all) => `\n\t${key}: '/${id}',${all}`],
		[
			'sandbox/accounts.mts',
			'\n};\n\n/** What a person fills in',
			(all) => `\n\t${key}: both((suffix) => ({ apiKey: \`sandbox-${id}-key\${suffix}\` })),${all}`,
		],
		['sandbox/accounts.mts', '\n};\n\nfunction apiKey', (all) => `\n\t${key}: [apiKey()],${all}`],
		...(manual
			? ([
					[
						'sandbox/accounts.mts',
						/HAND_SECRETS = \{[^}]*(?=\})/,
						(all: string) => `${all}\t${key}: 'sandbox-${id}-secret',\n`,
					],
				] satisfies Entry[])
			: []),
		[
			'sandbox/server.mts',
			/\n(?=import \{ solarProof \})/,
			(all) => `${all}import { ${camel} } from './services/${id}.mts';\n`,
		],
		['sandbox/server.mts', /for \(const service of \[[^\]]*(?=\])/, (all) => `${all}, ${camel}(world)`],
	];
}

/** Writes a new service into a repository. Returns what was written and changed. */
export function newService(
	root: string,
	id: string,
	name: string,
	manual = false,
): { written: string[]; changed: string[] } {
	if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
		throw new Mistake(`"${id}" cannot be an id. Use lower-case letters, digits and "-", e.g. big-acme.`);
	}
	if (!/^[^\s'"`\\$](?:[^'"`\\$\n]*[^\s'"`\\$])?$/.test(name)) {
		throw new Mistake('Give the name as the service writes it, without quotes, e.g. "Big Acme".');
	}
	const read = (file: string) => readFileSync(join(root, file), 'utf8');
	const names = namesOf(id, name);
	const taken = ['providers', 'zapier']
		.map((folder) => `${folder}/${id}`)
		.find((folder) => existsSync(join(root, folder)));
	if (taken !== undefined) throw new Mistake(`There is a service "${id}" already: ${taken}. Choose another id.`);
	const files = filesOf(names, manual, read);
	const there = [...files.keys()].find((file) => existsSync(join(root, file)));
	if (there !== undefined)
		throw new Mistake(`${there} exists already. Choose another id, or remove what is left of an earlier try.`);

	// Everything is worked out before anything is written.
	const lists = new Map<string, string>();
	for (const [file, at, added] of entriesOf(names, manual)) {
		const text = lists.get(file) ?? read(file);
		const changed = text.replace(at, (found: string) => added(found));
		if (changed === text) throw new Error(`${file} has changed: tools/new-service.mts does not find its place there.`);
		lists.set(file, changed);
	}
	for (const [file, text] of [...files, ...lists]) {
		mkdirSync(dirname(join(root, file)), { recursive: true });
		writeFileSync(join(root, file), text);
	}
	return { written: [...files.keys()], changed: [...lists.keys()] };
}

/** The command. */
function main(args: string[]): void {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			help: { type: 'boolean', short: 'h' },
			manual: { type: 'boolean' },
			root: { type: 'string', default: join(import.meta.dirname, '..') },
		},
	});
	if (values.help === true) {
		process.stdout.write(HELP);
		return;
	}
	const [id, name, ...more] = positionals;
	if (id === undefined || name === undefined || more.length > 0) {
		throw new Mistake(`Give an id and a name, e.g. npm run new-service -- big-acme "Big Acme"\n\n${HELP}`);
	}
	const { written, changed } = newService(values.root, id, name, values.manual);
	process.stdout.write(`${written.map((file) => `  new      ${file}`).join('\n')}\n`);
	process.stdout.write(`${changed.map((file) => `  changed  ${file}`).join('\n')}\n\n`);
	process.stdout.write('Next: npm run format, then npm run test:unit names what is left (docs/add-a-service.md).\n');
}

if (import.meta.main) {
	try {
		main(process.argv.slice(2));
	} catch (error) {
		const mistake = error instanceof Mistake || (error instanceof TypeError && 'code' in error);
		process.stderr.write(
			`${error instanceof Error ? (mistake ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
		);
		process.exitCode = 1;
	}
}
