/** Who may import whom. The arrows point downwards only, so that a room can be read without those above it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { providers } from '../../providers/index.ts';
import { ROOT } from '../../tools/packages.mts';

/** Source files by path, relative to the repository. */
type Sources = Readonly<Record<string, string>>;

/** Which files a rule is about, and what they may import: rooms (or folders in them), and packages. */
interface Rule {
	files: RegExp;
	may: RegExp;
	packages: RegExp;
}

const ANY = /^/;
const NONE = /(?!)/;

/** The first rule that fits a file holds. A file that none fits is a violation: a new room needs a rule. */
const RULES: readonly Rule[] = [
	{ files: /^core\//, may: /^core\//, packages: /^node:crypto$/ },
	// A service knows the core, the words that services share, and itself.
	{ files: /^providers\/[^/]+\.ts$/, may: /^(core|providers)\//, packages: NONE },
	...providers.map(({ id }) => ({
		files: new RegExp(`^providers/${id}/`),
		may: new RegExp(`^(core/|providers/(${id}/|[^/]+$))`),
		packages: NONE,
	})),
	// The shared adapter knows no service.
	{ files: /^nodes\/n8n\//, may: /^(core|nodes\/n8n)\//, packages: /^(n8n-workflow|node:crypto)$/ },
	{ files: /^nodes\//, may: /^(core|providers|nodes\/n8n)\//, packages: /^n8n-workflow$/ },
	{ files: /^credentials\//, may: /^(core|providers|nodes\/n8n)\//, packages: /^n8n-workflow$/ },
	{ files: /^zapier\//, may: /^(core|providers|zapier)\//, packages: ANY },
	{ files: /^sandbox\//, may: /^(core|providers|sandbox)\//, packages: ANY },
	// What stands on top of all.
	{ files: /^(test|bench|tools|examples)\//, may: ANY, packages: ANY },
	{ files: /^[^/]+\.(config\.)?[cm]?[jt]s$/, may: NONE, packages: ANY },
];

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
		const rule = RULES.find(({ files }) => files.test(file));
		if (rule === undefined) return [`${file}: no rule says what it may import`];
		return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName: specifier }) => {
			if (!specifier.startsWith('.')) {
				const isNode = !specifier.startsWith('node:') && builtinModules.includes(specifier);
				if (isNode) return [`${file}: ${specifier} is written node:${specifier}`];
				return rule.packages.test(specifier) ? [] : [`${file} imports ${specifier}`];
			}
			const target = posix.normalize(posix.join(posix.dirname(file), specifier));
			if (target.startsWith('..')) return [`${file} imports ${specifier}, outside of the repository`];
			if (!rule.may.test(target)) return [`${file} imports ${target}`];
			if (file.endsWith('.ts') && target.endsWith('.mts')) return [`${file} imports ${target}, of the other world`];
			return /\.(ts|mts|mjs|cjs|js|json|node)$/.test(target) ? [] : [`${file} imports ${target}, without its ending`];
		});
	});
}

describe('who imports whom', () => {
	it('holds', () => {
		const all = sources();
		for (const room of ['core', 'providers', 'nodes', 'credentials', 'zapier', 'sandbox', 'tools', 'test']) {
			assert.ok(
				Object.keys(all).some((file) => file.startsWith(`${room}/`)),
				room,
			);
		}
		assert.deepEqual(violations(all), []);
	});

	it('leaves only core to itself', () => {
		const { importedFiles } = ts.preProcessFile(sources()['core/provider.ts'] ?? '', true, true);
		assert.deepEqual(importedFiles, [], 'the vocabulary imports nothing');
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
		['zapier/shared/app.mts', "export * from '../../nodes/n8n/http.ts';"],
		['zapier/shared/app.mts', "const { startSandbox } = await import('../../sandbox/server.mts');"],
		['sandbox/server.mts', "import { stage } from '../tools/stage.mts';"],
		['nodes/Solatis/Solatis.node.ts', "import { startSandbox } from '../../sandbox/server.mts';"],
		['providers/words.ts', "import { path } from '../core/provider';"],
		['attic/old.ts', ''],
	];
	for (const [file, line] of planted) {
		it(`finds a planted one: ${file} ${line}`, () => {
			assert.equal(violations({ [file]: line }).length, 1);
		});
	}
});
