/** Who imports whom, against tools/arrows.mts. The arrows point downwards only, so that a room can be read without those above it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { ANYTHING, boxes, pathsOf, ROOMS } from '../../tools/arrows.mts';
import { ROOT } from '../../tools/packages.mts';

/** Source files by path, relative to the repository. */
type Sources = Readonly<Record<string, string>>;

/** Every source file of the repository. */
function sources(): Sources {
	const files = globSync('**/*.{ts,mts,cts,js,mjs,cjs}', {
		cwd: ROOT,
		exclude: (path) => /(^|[\\/])(node_modules|dist|build|\..+|runtime|coverage)$/.test(path),
	});
	return Object.fromEntries(files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(ROOT, file), 'utf8')]));
}

/** What the sources import although they may not, in the words of a person who is to mend it. */
function violations(all: Sources): string[] {
	return Object.entries(all).flatMap(([file, text]) => {
		const room = ROOMS.find(({ files }) => pathsOf(files).test(file));
		if (room === undefined) return [`${file}: tools/arrows.mts does not say what it may import`];
		const own = pathsOf(room.files).exec(file)?.[0] ?? '';
		const mayFile = (target: string) =>
			(own.endsWith('/') && target.startsWith(own)) || room.may.some((files) => pathsOf(files).test(target));
		const mayPackage = (specifier: string) => room.packages.includes(ANYTHING) || room.packages.includes(specifier);
		return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName: specifier }) => {
			if (!specifier.startsWith('.')) {
				const isNode = !specifier.startsWith('node:') && builtinModules.includes(specifier);
				if (isNode) return [`${file}: ${specifier} is written node:${specifier}`];
				return mayPackage(specifier) ? [] : [`${file} imports ${specifier}`];
			}
			const target = posix.normalize(posix.join(posix.dirname(file), specifier));
			if (target.startsWith('..')) return [`${file} imports ${specifier}, outside of the repository`];
			if (!mayFile(target)) return [`${file} imports ${target}`];
			// Unit tests run where both worlds can be loaded.
			const isTest = file.startsWith('test/unit/');
			if (file.endsWith('.ts') && !isTest && target.endsWith('.mts'))
				return [`${file} imports ${target}, of the other world`];
			return /\.(ts|mts|mjs|cjs|js|json|node)$/.test(target) ? [] : [`${file} imports ${target}, without its ending`];
		});
	});
}

describe('who imports whom', () => {
	it('holds', () => {
		const all = sources();
		for (const room of ['core', 'providers', 'nodes', 'credentials', 'zapier', 'sandbox', 'harness', 'tools', 'test']) {
			assert.ok(
				Object.keys(all).some((file) => file.startsWith(`${room}/`)),
				room,
			);
		}
		assert.deepEqual(violations(all), []);
	});

	it('leaves only core to itself', () => {
		const { importedFiles } = ts.preProcessFile(sources()['core/provider.ts'] ?? '', true, true);
		const parts = [...new Set(importedFiles.map(({ fileName }) => fileName))].sort();
		assert.deepEqual(
			parts,
			['./field.ts', './registration.ts', './scheme.ts'],
			'the vocabulary is types, in four files',
		);
	});

	it('points downwards: no room is reached from one below it', () => {
		const all = boxes(ROOMS).map(({ name }) => name);
		assert.deepEqual(all, ['sandbox', 'contracts', 'zapier', 'credentials', 'nodes', 'providers', 'core']);
		for (const [index, { name, to }] of boxes(ROOMS).entries()) {
			assert.deepEqual(
				to.filter((other) => !all.slice(index + 1).includes(other)),
				[],
				name,
			);
		}
	});

	const planted: ReadonlyArray<readonly [file: string, line: string]> = [
		['core/body.ts', "import { readFileSync } from 'node:fs';"],
		['core/body.ts', "import type { Provider } from '../providers/index.ts';"],
		['core/body.ts', "const crypto = require('crypto');"],
		['providers/solatis/events.ts', "import { solve360 } from '../solve360/provider.ts';"],
		['providers/solatis/events.ts', "import type { INode } from 'n8n-workflow';"],
		['nodes/n8n/http.ts', "import { solatis } from '../../providers/solatis/provider.ts';"],
		['nodes/Solatis/Solatis.node.ts', "import { keyOf } from '../../zapier/shared/names.mts';"],
		['nodes/Solatis/Solatis.node.ts', "import axios from 'axios';"],
		['credentials/SolatisApi.credentials.ts', "import { Solatis } from '../nodes/Solatis/Solatis.node.ts';"],
		['nodes/Solatis/Solatis.node.ts', "import { solve360 } from '../Solve360/Solve360.node.ts';"],
		['zapier/shared/app.mts', "import { apps } from '../apps.mts';"],
		['zapier/solatis/src/index.mts', "import { app } from '../../solve360/src/index.mts';"],
		['zapier/shared/app.mts', "export * from '../../nodes/n8n/http.ts';"],
		['zapier/shared/app.mts', "const { startSandbox } = await import('../../sandbox/server.mts');"],
		['sandbox/server.mts', "import { stage } from '../tools/stage.mts';"],
		['sandbox/server.mts', "import { until } from '../harness/until.mts';"],
		['nodes/Solatis/Solatis.node.ts', "import { startSandbox } from '../../sandbox/server.mts';"],
		['providers/words.ts', "import { path } from '../core/provider';"],
		['tsconfig.mjs', "import { ROOT } from './tools/packages.mts';"],
		['attic/old.ts', ''],
	];
	for (const [file, line] of planted) {
		it(`finds a planted one: ${file} ${line}`, () => {
			assert.equal(violations({ [file]: line }).length, 1);
		});
	}
});
