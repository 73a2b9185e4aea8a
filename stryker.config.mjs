/**
 * Mutation testing (npm run test:mutants): Stryker changes one thing at a time in a copy, and the unit tests that reach it must fail.
 * Thresholds differ by room, so tools/mutants.mts holds them.
 */

/** Patterns of the tests to run, with commas between them: tools/mutants.mts sets it. Stryker itself tells jest only for its first run. */
const tests = process.env['HOOKLINE_MUTANT_TESTS'];

export default {
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner'],
	jest: {
		configFile: 'jest.config.cjs',
		// Nearly every test is related to a file of the core: looking for those only costs time.
		enableFindRelatedTests: false,
		...(tests === undefined ? {} : { config: { testMatch: tests.split(',').map((one) => `<rootDir>/${one}`) } }),
	},
	coverageAnalysis: 'perTest',
	mutate: ['core/**/*.ts', 'nodes/n8n/**/*.ts', 'zapier/shared/**/*.mts'],
	// Half of the processors: the tests of a mutant that loops for ever are ended by the clock.
	concurrency: '50%',
	timeoutMS: 20_000,
	// What jest does not let go of adds up to gigabytes.
	maxTestRunnerReuse: 100,
	reporters: ['progress-append-only', 'json'],
	jsonReporter: { fileName: 'build/mutation.json' },
	tempDirName: 'build/stryker',
	// What no unit test reads.
	ignorePatterns: ['runtime', '.runtime', 'build', 'dist', 'bench', 'docs/images', 'deploy'],
};
