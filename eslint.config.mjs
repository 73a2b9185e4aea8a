/** The rules of this repository. What n8n asks of published packages on top of it is checked with n8n's own tool, in test/checks. */
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What runs inside of n8n has no machine of its own: no process, no timers, no console. */
const NOT_IN_N8N = [
	'process',
	'console',
	'global',
	'globalThis',
	'__dirname',
	'__filename',
	'require',
	...['Timeout', 'Interval', 'Immediate'].flatMap((kind) => [`set${kind}`, `clear${kind}`]),
];

const TYPESCRIPT = ['**/*.ts', '**/*.mts'];

/** `node:test` gives promises that nobody has to wait for. */
const NODE_TEST = ['describe', 'it', 'test', 'before', 'after', 'beforeEach', 'afterEach'].map((name) => ({
	from: 'package',
	name,
	package: 'node:test',
}));

export default defineConfig(
	globalIgnores(['**/dist/', '**/build/', '**/node_modules/', 'runtime/', 'coverage/']),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{ ...js.configs.recommended, files: ['**/*.mjs', '**/*.cjs'] },
	{ files: ['**/*.mjs', '**/*.cjs'], languageOptions: { globals: nodeGlobals() } },
	{
		files: TYPESCRIPT,
		extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/consistent-type-exports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
			'@typescript-eslint/no-unnecessary-type-arguments': 'error',
			'@typescript-eslint/prefer-readonly': 'error',
			'@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
			'@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: NODE_TEST }],
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
			// A method that has to be async by its type may have nothing to wait for.
			'@typescript-eslint/require-await': 'off',
			// Values of JSON are put into addresses and messages all over; what they are is checked where they come in.
			'@typescript-eslint/no-base-to-string': 'off',
			// `_` names what is there only because something after it is wanted.
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			eqeqeq: 'error',
			'no-restricted-syntax': [
				'error',
				{ selector: 'TSEnumDeclaration', message: 'Node runs these files by leaving the types out: use a union.' },
			],
		},
	},
	// Tests read answers, pages and reports of which they say by assertions what they are.
	{ files: ['test/**', 'bench/**', 'harness/**'], rules: unsafeOff() },
	{
		files: ['core/**/*.ts', 'providers/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: {
			'no-restricted-globals': ['error', ...NOT_IN_N8N],
			'no-console': 'error',
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '^(?!\\.{1,2}/|node:crypto$|n8n-workflow$)',
							message: 'Only relative files, node:crypto and n8n-workflow.',
						},
						{ regex: '^\\..*\\.mts$', message: 'What runs inside of n8n does not reach for what runs under Node.' },
					],
				},
			],
		},
	},
	{ files: ['core/**/*.ts', 'providers/**/*.ts'], rules: noPlatform() },
);

/** Core and the providers know no platform. Who imports whom among the folders is held by test/checks/imports.test.mts. */
function noPlatform() {
	const message = 'core and providers import relative files and node:crypto only.';
	return {
		'no-restricted-imports': ['error', { patterns: [{ regex: '^(?!\\.{1,2}/.*\\.ts$|node:crypto$)', message }] }],
	};
}

function unsafeOff() {
	const rules = ['assignment', 'member-access', 'call', 'return', 'argument'];
	return Object.fromEntries(rules.map((rule) => [`@typescript-eslint/no-unsafe-${rule}`, 'off']));
}

function nodeGlobals() {
	const names = [
		'process',
		'console',
		'setTimeout',
		'clearTimeout',
		'setInterval',
		'clearInterval',
		'module',
		'require',
		'URL',
	];
	return Object.fromEntries(names.map((name) => [name, 'readonly']));
}
