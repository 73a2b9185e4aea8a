/** What is published: names that workflows depend on, and nothing in the tarball that need not be there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { ICredentialType, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { outputSchemas } from '../../tools/output-schemas.mts';
import { packages, ROOT } from '../../tools/packages.mts';
import { publish, type Published } from './support/published.mts';

/** The categories that n8n's documentation lists for nodes; AI is that of nodes which call a model. */
const CATEGORIES = [
	'AI',
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

/** How a node is found in n8n's panel: the `.node.json` next to it. */
interface Codex {
	node: string;
	nodeVersion: string;
	categories: readonly string[];
	alias: readonly string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', ReadonlyArray<{ url: string }>>;
}

/** What n8n sees of a package. */
interface Loaded {
	nodes: ReadonlyArray<{ description: INodeTypeDescription }>;
	credentials: readonly ICredentialType[];
	/** The compiled files that loading it took. */
	used: readonly string[];
	milliseconds: number;
}

interface Manifest {
	keywords: readonly string[];
	n8n: { nodes: readonly string[]; credentials: readonly string[] };
	[key: string]: unknown;
}

/** The parameters of every trigger, those of its options after a dot. */
const EVERY_TRIGGER = [
	'events',
	'options.skipRepeats',
	'options.allowedSources',
	'options.acceptUnverified',
	'options.includeDelivery',
	'options.reportRejected',
	'options.watch=daily|hourly|off',
	'pollTimes',
];

/**
 * The names that workflows and credentials of users depend on: whoever changes one breaks them. Written out, not derived from
 * the sources, so that such a change is seen here.
 */
const CONTRACT = {
	'n8n-nodes-solar-proof': {
		trigger: 'solarProofTrigger',
		action: 'solarProof',
		credentials: { solarProofApi: { apiKey: '', baseUrl: 'https://solarproof.com.au/apidata.php' } },
		parameters: [...EVERY_TRIGGER, 'options.tokenVersion', 'options.catchUp'],
	},
	'n8n-nodes-solatis': {
		trigger: 'solatisTrigger',
		action: 'solatis',
		credentials: {
			solatisApi: { apiKey: '', baseUrl: 'https://api.solatis.team/v2' },
			solatisWebhookApi: { webhookSecret: '', previousWebhookSecret: '' },
		},
		parameters: [...EVERY_TRIGGER, 'registration=api|manual', 'options.tokenVersion'],
	},
	'n8n-nodes-solid-number': {
		trigger: 'solidNumberTrigger',
		action: 'solidNumber',
		credentials: {
			solidNumberApi: { apiKey: '', baseUrl: 'https://api.solidnumber.com' },
			solidNumberWebhookApi: { webhookSecret: '', previousWebhookSecret: '' },
		},
		parameters: [...EVERY_TRIGGER, 'registration=manual|developerApi'],
	},
	'n8n-nodes-soshia-connect': {
		trigger: 'soshiaConnectTrigger',
		action: 'soshiaConnect',
		credentials: {
			soshiaConnectApi: {
				authentication: 'apiKey',
				apiKey: '',
				username: '',
				email: '',
				password: '',
				baseUrl: 'https://api.soshiaconnect.com/api',
			},
			soshiaConnectWebhookApi: { webhookSecret: '', previousWebhookSecret: '' },
		},
		parameters: [...EVERY_TRIGGER, 'signature=soshia|stripe', 'stripeEvents'],
	},
	'n8n-nodes-solve360': {
		trigger: 'solve360Trigger',
		action: 'solve360',
		credentials: {
			solve360Api: { email: '', apiToken: '', baseUrl: 'https://secure.solve360.com' },
			solve360WebhookApi: { webhookSecret: '', previousWebhookSecret: '' },
		},
		parameters: [
			...EVERY_TRIGGER,
			'options.tokenVersion',
			'options.catchUp',
			'constrainTo=all|company|contact|projectblog',
			'tags',
			'tagsFromList',
			'untagged=all|missing',
			'registration=api|manual',
			// Hidden; what a person sees is the option.
			'contentType',
			'options.contentType=json|xml|form',
		],
	},
} as const;

/** The names of parameters that hold something, those of collections after a dot, with the values of single choices. */
function parameterNames(properties: readonly INodeProperties[]): string[] {
	return properties.flatMap(({ name, type, options = [] }) => {
		if (type === 'notice') return [];
		if (type === 'collection') return parameterNames(options as INodeProperties[]).map((inner) => `${name}.${inner}`);
		if (type !== 'options') return [name];
		return [`${name}=${options.map((option) => ('value' in option ? option.value : option.name)).join('|')}`];
	});
}

describe('what is published', () => {
	let published: readonly Published[] = [];
	const loaded = new Map<string, Loaded>();
	before(() => {
		published = publish();
		for (const { name, unpacked } of published) {
			const output = execFileSync(process.execPath, [join(import.meta.dirname, 'support/loaded.cjs'), unpacked], {
				encoding: 'utf8',
				maxBuffer: 1e8,
			});
			loaded.set(name, JSON.parse(output) as Loaded);
		}
	});

	it('is what the contract above names', () => {
		assert.deepEqual(packages.map(({ name }) => name).sort(), Object.keys(CONTRACT).sort());
	});

	for (const [name, contract] of Object.entries(CONTRACT)) {
		describe(name, () => {
			const one = (): Published => {
				const found = published.find((other) => other.name === name);
				assert.ok(found);
				return found;
			};
			const seen = (): Loaded => {
				const found = loaded.get(name);
				assert.ok(found);
				return found;
			};
			const manifest = (): Manifest =>
				JSON.parse(readFileSync(join(one().unpacked, 'package.json'), 'utf8')) as Manifest;

			it('has the node types of the contract', () => {
				const found = seen().nodes.map(({ description }) => [description.name, description.version]);
				assert.deepEqual(found, [
					[contract.trigger, 2],
					[contract.action, 1],
				]);
			});

			it('has the credentials of the contract, with their fields and defaults', () => {
				const found = seen().credentials.map((credential) => [
					credential.name,
					Object.fromEntries(
						credential.properties.filter(({ type }) => type !== 'hidden').map((field) => [field.name, field.default]),
					),
				]);
				assert.deepEqual(Object.fromEntries(found), contract.credentials);
				const asked = seen().nodes.flatMap(({ description }) => description.credentials ?? []);
				assert.deepEqual(
					[...new Set(asked.map((credential) => credential.name))].sort(),
					Object.keys(contract.credentials).sort(),
				);
			});

			it('has the trigger parameters of the contract, none of them an expression', () => {
				const properties = seen().nodes[0]?.description.properties ?? [];
				assert.deepEqual(parameterNames(properties).sort(), [...contract.parameters].sort());
				for (const { name: parameter, type, noDataExpression } of properties) {
					if (type !== 'notice') assert.equal(noDataExpression, true, parameter);
				}
				const options = properties.find((property) => property.name === 'options')?.options as INodeProperties[];
				const defaults = Object.fromEntries(options.map((option) => [option.name, option.default]));
				assert.equal(defaults['skipRepeats'], true);
				assert.equal(defaults['acceptUnverified'], false);
				assert.equal(defaults['includeDelivery'], false);
			});

			it('declares the webhook so that the service gets our answer', () => {
				const [webhook, ...more] = seen().nodes[0]?.description.webhooks ?? [];
				assert.deepEqual(more, []);
				const { httpMethod, responseMode, responseData, path } = webhook ?? {};
				assert.deepEqual(
					{ httpMethod, responseMode, responseData, path },
					{ httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook' },
				);
			});

			it('lists exactly its nodes and credentials', () => {
				const files = globSync('dist/{nodes,credentials}/**/*.{node,credentials}.js', { cwd: one().unpacked });
				const { n8n } = manifest();
				assert.deepEqual(
					[...n8n.nodes, ...n8n.credentials].sort(),
					files.map((file) => file.replaceAll('\\', '/')).sort(),
				);
			});

			it('holds no file that it does not need', () => {
				const icons = seen().nodes.flatMap(({ description }) => {
					const { icon } = description;
					const themed = typeof icon === 'object' ? [icon.light, icon.dark] : [icon];
					return themed.map((file) => `dist/nodes/${one().stem}/${String(file).replace('file:', '')}`);
				});
				const searched = manifest().n8n.nodes.map((file) => file.replace(/\.js$/, '.json'));
				const { provider, stem } = one();
				const schemas = [...outputSchemas(provider).keys()].map((path) => `dist/nodes/${stem}/${path}`);
				const needed = ['LICENSE', 'README.md', 'package.json', ...seen().used, ...icons, ...searched, ...schemas];
				const files = globSync('**/*', { cwd: one().unpacked }).filter((file) =>
					statSync(join(one().unpacked, file)).isFile(),
				);
				assert.deepEqual(files.map((file) => file.replaceAll('\\', '/')).sort(), [...new Set(needed)].sort());
			});

			/** The nodes with their codex. */
			const nodesOf = () =>
				manifest().n8n.nodes.map((file, index) => {
					const codex = readFileSync(join(one().unpacked, file.replace(/\.js$/, '.json')), 'utf8');
					const description = seen().nodes[index]?.description;
					assert.ok(description);
					return { description, codex: JSON.parse(codex) as Codex };
				});
			const page = `https://github.com/hookline/hookline/tree/main/packages/${name}`;

			it('names the node in its search words as n8n does', () => {
				for (const { description, codex } of nodesOf()) {
					assert.equal(codex.node, `${name}.${description.name}`);
					assert.equal(codex.nodeVersion, `${String(description.version)}.0`);
				}
			});

			it("is found in n8n's panel: the service's name, categories that n8n has, other words for it, pages that help", () => {
				const { provider } = one();
				const guide = readFileSync(join(ROOT, 'providers', provider.id, 'README.md'), 'utf8');
				for (const { description, codex } of nodesOf()) {
					const isTrigger = description.group.includes('trigger');
					const shown = isTrigger ? `${provider.name} Trigger` : provider.name;
					assert.deepEqual([description.displayName, description.defaults.name], [shown, shown]);
					assert.ok(description.subtitle, 'a node shows what it is set to');
					assert.match(description.description, isTrigger ? /^Starts the workflow when / : /^[A-Z]/);
					assert.doesNotMatch(description.description, /\.$/);
					assert.ok(codex.categories.length > 0);
					for (const category of codex.categories) assert.ok(CATEGORIES.includes(category), category);
					assert.ok(codex.alias.length > 2, 'three search words or more');
					assert.equal(new Set(codex.alias).size, codex.alias.length);
					for (const word of codex.alias) {
						assert.equal(word, word.toLowerCase());
						assert.notEqual(word, provider.name.toLowerCase(), 'the name is searched anyway');
					}
					assert.deepEqual(codex.resources.primaryDocumentation, [{ url: page }]);
					const [credentials] = codex.resources.credentialDocumentation;
					assert.ok(credentials && guide.includes(credentials.url), 'a page that the guide names as a source');
				}
			});

			it('links each credential to the part of the README that is about it', () => {
				assert.match(readFileSync(join(one().unpacked, 'README.md'), 'utf8'), /^## Credentials$/m);
				for (const { documentationUrl, displayName } of seen().credentials) {
					assert.equal(documentationUrl, `${page}#credentials`);
					assert.match(displayName, new RegExp(`^${one().provider.name} (Webhook )?API$`));
				}
			});

			it('says in its README how it is set up and what it does, in a few minutes of reading', () => {
				const text = readFileSync(join(one().unpacked, 'README.md'), 'utf8');
				const { provider } = one();
				const titles = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
				assert.deepEqual(titles, [
					'What you can build',
					'Install',
					'Credentials',
					'Set up',
					'Events',
					'Operations',
					'Verification and assumptions',
					'Compatibility',
					'Troubleshooting and more',
					'License',
				]);
				for (const event of provider.events) assert.ok(text.includes(`| \`${event.name}\``), event.name);
				for (const { name: resource, label } of provider.resources) {
					const row = text.split('\n').find((line) => line.startsWith(`| ${label} `) || line.startsWith(`| ${label}|`));
					const listed = row?.split('|')[2]?.trim().split(', ');
					const operations = provider.operations.filter((operation) => operation.resource === resource);
					assert.deepEqual(
						listed,
						operations.map((operation) => operation.label),
						label,
					);
				}
				assert.equal(text.match(/^\| -+ /gm)?.length, 2, 'two tables: events and operations');
				const prose = text.replace(/\]\([^)]*\)|<!-- .* -->|^\|.*$/gm, '').split(/\s+/);
				const words = prose.filter((word) => /\w/.test(word)).length;
				assert.ok(words <= 620, `${words} words next to the tables: about 600 are enough`);
			});

			it("leaves what is verified and assumed to the provider's README, and links to it", () => {
				const text = readFileSync(join(one().unpacked, 'README.md'), 'utf8');
				const { provider } = one();
				const guide = readFileSync(join(ROOT, 'providers', provider.id, 'README.md'), 'utf8');
				const link = `(https://github.com/hookline/hookline/blob/main/providers/${provider.id}/README.md#`;
				for (const title of [
					'How deliveries are verified',
					'What happens on publishing',
					'Trigger options',
					'Operations',
					'Assumptions',
				]) {
					assert.match(guide, new RegExp(`^## ${title}$`, 'm'));
					assert.ok(text.includes(`${link}${title.toLowerCase().replaceAll(' ', '-')})`), title);
				}
				assert.ok(provider.assumptions.length > 0);
				for (const assumption of provider.assumptions) assert.ok(guide.includes(assumption), assumption);
				for (const { name: field, displayName, type } of seen().nodes[0]?.description.properties ?? []) {
					if (type === 'notice' || type === 'hidden' || ['events', 'options', 'pollTimes'].includes(field)) continue;
					assert.ok(guide.includes(`| ${displayName} `), displayName);
				}
			});

			it('depends on nothing at run time, and says what npm and n8n ask for', () => {
				const { description, version, author, keywords, ...rest } = manifest();
				assert.match(String(version), /^\d+\.\d+\.\d+$/);
				assert.match(String(description), new RegExp(`^n8n nodes for ${one().provider.name}: .+[^.]$`));
				assert.deepEqual(Object.keys(author as object), ['name', 'email']);
				assert.deepEqual(keywords.slice(0, 2), ['n8n-community-node-package', 'n8n']);
				assert.equal(new Set(keywords).size, keywords.length);
				// The whole of it: no script, no dependency, no field that is not needed.
				assert.deepEqual(rest, {
					name,
					license: 'MIT',
					homepage: `${page}#readme`,
					bugs: { url: 'https://github.com/hookline/hookline/issues' },
					repository: {
						type: 'git',
						url: 'git+https://github.com/hookline/hookline.git',
						directory: `packages/${name}`,
					},
					engines: { node: '>=20.15' },
					files: ['dist'],
					n8n: { n8nNodesApiVersion: 1, strict: true, nodes: rest.n8n.nodes, credentials: rest.n8n.credentials },
					peerDependencies: { 'n8n-workflow': '*' },
					publishConfig: { access: 'public', provenance: true },
				});
				assert.equal(
					readFileSync(join(one().unpacked, 'LICENSE'), 'utf8'),
					readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
				);
			});

			it('weighs little', () => {
				assert.ok(one().packed.size <= 100_000, `${one().packed.size} bytes packed`);
			});
		});
	}
});
