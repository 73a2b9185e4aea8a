/** The n8n packages: one per service, every name derived from the provider's id. */
import { join } from 'node:path';
import type { Provider } from '../core/provider.ts';
import { providers } from '../providers/index.ts';

/** The top of the repository. */
export const ROOT = join(import.meta.dirname, '..');

/** Where the repository is published; links in what npm shows must be absolute. */
export const REPOSITORY = 'https://github.com/hookline/hookline';

export interface Package {
	provider: Provider;
	/** On npm, and of its folder in `packages/`, e.g. `n8n-nodes-solatis`. */
	name: string;
	/** Absolute path of its folder. */
	folder: string;
	/** Stem of its class names and name of its folder in `nodes/`, e.g. `SolidNumber`. */
	stem: string;
	/** Source files that n8n loads, relative to the repository: the trigger first. */
	nodes: readonly string[];
	credentials: readonly string[];
}

function pascalCase(id: string): string {
	return id
		.split('-')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join('');
}

function packageOf(provider: Provider): Package {
	const name = `n8n-nodes-${provider.id}`;
	const stem = pascalCase(provider.id);
	const credentials = provider.webhook === undefined ? ['Api'] : ['Api', 'WebhookApi'];
	return {
		provider,
		name,
		folder: join(ROOT, 'packages', name),
		stem,
		nodes: [`nodes/${stem}/${stem}Trigger.node.ts`, `nodes/${stem}/${stem}.node.ts`],
		credentials: credentials.map((ending) => `credentials/${stem}${ending}.credentials.ts`),
	};
}

export const packages: readonly Package[] = providers.map(packageOf);

/**
 * The packages that a person named, each by its service's id or its own name; none named means all.
 * @throws Error naming what there is, for any other name.
 */
export function packagesNamed(names: readonly string[]): readonly Package[] {
	for (const name of names) {
		if (!packages.some((one) => one.provider.id === name || one.name === name)) {
			throw new Error(`There is no package "${name}"; there are ${packages.map((one) => one.provider.id).join(', ')}.`);
		}
	}
	return packages.filter((one) => names.length === 0 || names.includes(one.provider.id) || names.includes(one.name));
}

/** What n8n is told to load, as `package.json` lists it: compiled files, relative to the package. */
export function listed(sources: readonly string[]): string[] {
	return sources.map((source) => `dist/${source.replace(/\.ts$/, '.js')}`);
}
