import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { provider, providers } from '../../../providers/index.ts';

test('the five services stand in their order', () => {
	expect(providers.map(({ name }) => name)).toEqual(['Solar Proof', 'Solatis', 'Solid#', 'SoshiaConnect', 'Solve360']);
});

test('a service is found by its id, and a wrong id says which there are', () => {
	for (const one of providers) expect(provider(one.id)).toBe(one);
	for (const wrong of ['', 'Solatis', 'solid', 'constructor']) {
		expect(() => provider(wrong)).toThrow('there are solar-proof, solatis, solid-number, soshia-connect, solve360');
	}
});

test('every service has a folder of its id, with the same files', () => {
	for (const { id } of providers) {
		for (const file of ['provider.ts', 'events.ts', 'operations.ts', 'README.md']) {
			const path = join(__dirname, '../../../providers', id, file);
			expect([path, existsSync(path)]).toEqual([path, true]);
		}
	}
});
