/** The unit tests: TypeScript through one transform, to CommonJS, as n8n loads it. */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	transform: {
		'^.+\\.(ts|mts)$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	// npm run test:unit -- --coverage: what n8n loads, and what both platforms share.
	collectCoverageFrom: ['{core,providers,nodes,credentials}/**/*.ts', 'zapier/shared/**/*.mts'],
	coverageProvider: 'v8',
	coverageReporters: ['text', 'html'],
	// By default one processor is left alone: of two, one would do all the work.
	maxWorkers: '100%',
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
};
