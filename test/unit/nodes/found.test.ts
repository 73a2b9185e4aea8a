/** What people type into n8n's panel of nodes, and the nodes that must come up: n8n looks at names and aliases only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NODES = join(__dirname, '../../../nodes');

function codexOf(file: string): { alias: string[] } {
	return JSON.parse(readFileSync(join(NODES, file), 'utf8')) as { alias: string[] };
}

it.each([
	['payment', ['SolidNumber', 'SoshiaConnect']],
	['payments', ['SolidNumber', 'SoshiaConnect']],
	['stripe', ['SoshiaConnect']],
	['solve 360', ['Solve360']],
	['solid number', ['SolidNumber']],
	['solarproof', ['SolarProof']],
	['stock', ['SolidNumber']],
	['low stock', ['SolidNumber']],
	['task', ['SolidNumber', 'Solve360', 'Solatis']],
	['deal', ['SolidNumber', 'Solve360']],
	['sms', ['SolarProof']],
	['phone', ['Solve360']],
	['tag', ['Solve360']],
	['meeting notes', ['Solatis']],
	['create contact', ['SolidNumber', 'Solve360']],
	['crm webhook', ['Solve360']],
	['refund', ['SolidNumber', 'SoshiaConnect']],
])('"%s" finds %j', (typed, expected) => {
	for (const name of expected) {
		for (const file of [`${name}/${name}.node.json`, `${name}/${name}Trigger.node.json`]) {
			expect([file, codexOf(file).alias]).toEqual([file, expect.arrayContaining([typed])]);
		}
	}
});
