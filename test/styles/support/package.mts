/** One n8n package with a trigger for each of these providers, built as the published ones are. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Provider } from '../../../core/provider.ts';
import { nodeName } from '../../../nodes/n8n/credentials.ts';
import { compile } from '../../../tools/package.mts';

export const PACKAGE = 'n8n-nodes-styles';

const SOURCES = ['test/styles/support/nodes.ts', 'test/styles/support/styles.ts'];

/** Writes the package into a new temporary folder, which it returns. */
export function buildStyles(styles: readonly Provider[]): string {
	const folder = mkdtempSync(join(tmpdir(), 'hookline-styles-'));
	const write = (file: string, text: string): void => {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), text);
	};
	for (const [file, text] of compile(SOURCES)) write(`dist/${file}`, text);
	const nodes: string[] = [];
	const credentials: string[] = [];
	for (const provider of styles) {
		const name = nodeName(provider);
		const stem = name.charAt(0).toUpperCase() + name.slice(1);
		// n8n loads a class that is named as its file.
		const entry = (what: string, make: string) =>
			`const { styles } = require('./test/styles/support/styles.js');\n` +
			`const { ${make} } = require('./test/styles/support/nodes.js');\n` +
			`exports.${what} = ${make}(styles.find(({ id }) => id === '${provider.id}'));\n`;
		write(`dist/${stem}Trigger.node.js`, entry(`${stem}Trigger`, 'triggerOf'));
		write(`dist/${stem}WebhookApi.credentials.js`, entry(`${stem}WebhookApi`, 'webhookCredentialOf'));
		nodes.push(`dist/${stem}Trigger.node.js`);
		credentials.push(`dist/${stem}WebhookApi.credentials.js`);
	}
	const manifest = {
		name: PACKAGE,
		version: '0.0.1',
		keywords: ['n8n-community-node-package'],
		n8n: { n8nNodesApiVersion: 1, nodes, credentials },
	};
	write('package.json', JSON.stringify(manifest, null, '\t'));
	return folder;
}
