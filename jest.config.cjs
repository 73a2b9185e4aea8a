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
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
};
