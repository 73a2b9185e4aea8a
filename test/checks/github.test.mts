/** What GitHub runs and shows: valid, and in keeping with the packages, the services and the commands that there are. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { describe, it } from 'node:test';
import { parseDocument } from 'yaml';
import { providers } from '../../providers/index.ts';
import { packages, ROOT } from '../../tools/packages.mts';
import { temporaryFolder } from './support/folder.mts';

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
	env?: Record<string, string>;
	[key: string]: unknown;
}

interface Workflow {
	on: { push?: { branches?: string[]; tags?: string[] }; pull_request?: unknown };
	permissions?: Record<string, string>;
	jobs: Record<
		string,
		{
			steps: Step[];
			needs?: string | string[];
			permissions?: Record<string, string>;
			environment?: string;
			'timeout-minutes': number;
		}
	>;
}

/** A YAML file without a fault or a key that comes twice. */
function read<T>(file: string): T {
	const document = parseDocument(readFileSync(join(ROOT, file), 'utf8'), { strict: true, uniqueKeys: true });
	assert.deepEqual([...document.errors, ...document.warnings].map(String), [], file);
	return document.toJS() as T;
}

const onWindows = process.platform === 'win32' ? 'runs in bash' : false;
const workflowFiles = globSync('.github/workflows/*', { cwd: ROOT });
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const nodeVersions = (workflow: Workflow) =>
	stepsOf(workflow).flatMap(({ uses, with: given }) =>
		uses?.startsWith('actions/setup-node@') === true ? [given?.['node-version']] : [],
	);

describe('workflows', () => {
	for (const file of workflowFiles) {
		it(`${file}: gives each job the rights that it names, ends in time, and runs commands that there are`, () => {
			const workflow = read<Workflow>(file);
			assert.deepEqual(workflow.permissions, {});
			for (const [name, job] of Object.entries(workflow.jobs)) {
				assert.ok(job['timeout-minutes'] > 0, name);
				assert.ok(job.permissions, `${name} says what it may do`);
			}
			for (const { uses, run = '', with: given } of stepsOf(workflow)) {
				if (uses?.startsWith('actions/checkout@') === true) assert.equal(given?.['persist-credentials'], false);
				// What a tag or a pull request is called would be run as a command.
				assert.doesNotMatch(run, /\$\{\{/);
				for (const [, name = ''] of run.matchAll(/\bnpm run (\S+)/g)) assert.ok(Object.hasOwn(scripts, name), name);
			}
		});
	}

	for (const file of workflowFiles) {
		it(`${file}: runs actions of GitHub only, each by its commit, with its version next to it`, () => {
			const used = readFileSync(join(ROOT, file), 'utf8').match(/^.*\buses:.*$/gm) ?? [];
			assert.ok(used.length > 0);
			for (const line of used) assert.match(line, /^\s*- uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		});
	}

	it('run one version of each action', () => {
		const used = workflowFiles.flatMap((file) => stepsOf(read<Workflow>(file)).flatMap(({ uses = [] }) => uses));
		const actions = used.map((one) => one.split('@')[0]);
		assert.equal(new Set(used).size, new Set(actions).size);
	});

	it('CI runs every test under Node 24, for main and for pull requests', () => {
		const ci = read<Workflow>('.github/workflows/ci.yml');
		assert.deepEqual(ci.on.push?.branches, ['main']);
		assert.ok('pull_request' in ci.on);
		assert.deepEqual(nodeVersions(ci), [24]);
		assert.ok(stepsOf(ci).some(({ run }) => run?.trim() === 'npm test'));
	});

	describe('the release', () => {
		const release = read<Workflow>('.github/workflows/release.yml');
		const { pack, test, publish, announce } = release.jobs;
		assert.ok(pack && test && publish && announce);
		const runsOf = ({ steps }: { steps: Step[] }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

		it('starts by a tag of a package, and by no other', () => {
			const starts = (tag: string) => (release.on.push?.tags ?? []).some((pattern) => matchesGlob(tag, pattern));
			for (const { name } of packages) assert.ok(starts(`${name}@1.2.3`), name);
			for (const tag of ['v1.2.3', 'zapier-solatis@1.2.3', 'n8n-nodes-solatis']) assert.equal(starts(tag), false, tag);
			assert.deepEqual(Object.keys(release.on), ['push']);
			assert.equal(release.on.push?.branches, undefined);
		});

		it('packs where no test runs, and publishes what was packed once every test has passed', () => {
			const packing = runsOf(pack);
			assert.ok(packing.some((run) => /^npm run package -- "\$NAME"$/.test(run)));
			for (const run of packing) assert.doesNotMatch(run, /npm (test|run test)|\bnpx\b/);
			assert.deepEqual(runsOf(test), ['npm test']);
			assert.deepEqual(publish.needs, ['pack', 'test']);
			// The digest comes from the job that packed: what the artifact was changed to meanwhile does not fit it.
			const [check = '', publishing = ''] = runsOf(publish);
			assert.equal(check, 'echo "$DIGEST  $TARBALL" | sha256sum --check --strict');
			assert.match(publishing, /^npm publish "\$TARBALL" --provenance --access public --ignore-scripts$/m);
			assert.match(runsOf(pack).join('\n'), /sha256sum "build\/\$FILE"/);
			assert.deepEqual(nodeVersions(release), [24, 24, 24]);
		});

		it('checks what was packed, in a shell: another byte, and nothing is published', { skip: onWindows }, () => {
			const [check = ''] = runsOf(publish);
			const tarball = join(temporaryFolder(), 'a.tgz');
			writeFileSync(tarball, 'packed');
			const digest = createHash('sha256').update('packed').digest('hex');
			const status = () =>
				spawnSync('bash', ['-e', '-c', check], { env: { ...process.env, DIGEST: digest, TARBALL: tarball } }).status;
			assert.equal(status(), 0);
			writeFileSync(tarball, 'packet');
			assert.notEqual(status(), 0);
		});

		it('gives the right to publish to a job that gets the tarball, and runs nothing of others', () => {
			assert.deepEqual(
				Object.values(release.jobs).map(({ permissions }) => permissions),
				[{ contents: 'read' }, { contents: 'read' }, { 'id-token': 'write' }, { contents: 'write' }],
			);
			assert.deepEqual(
				Object.entries(release.jobs).flatMap(([name, { environment }]) => (environment === undefined ? [] : [name])),
				['publish'],
			);
			for (const job of [publish, announce]) {
				assert.ok(!job.steps.some(({ uses }) => uses?.startsWith('actions/checkout@')), 'no sources');
				for (const run of runsOf(job))
					assert.doesNotMatch(run, /\bnp[mx] (ci|i|test|run|install|exec|x)\b|\bnpx\b|\bnode\b/);
			}
			const secrets = Object.entries(release.jobs).filter(([, job]) => JSON.stringify(job).includes('secrets.'));
			assert.deepEqual(
				secrets.map(([name]) => name),
				['publish'],
			);
		});

		it('takes nothing from a cache that another workflow could have filled', () => {
			for (const { uses = '', with: given } of stepsOf(release)) {
				if (uses.startsWith('actions/setup-node@')) assert.equal(given?.['package-manager-cache'], false);
				assert.equal(given?.['cache'], undefined);
			}
		});

		const compare = pack.steps.find(({ id }) => id === 'compare')?.run ?? '';
		const output = join(temporaryFolder(), 'output');
		const compared = (tag: string) => {
			writeFileSync(output, '');
			const { status, stdout } = spawnSync('bash', ['-e', '-c', compare], {
				cwd: ROOT,
				encoding: 'utf8',
				env: { ...process.env, TAG: tag, GITHUB_OUTPUT: output },
			});
			return { status, stdout, output: readFileSync(output, 'utf8') };
		};

		for (const { name, folder } of packages) {
			it(`takes ${name} by the version that is committed, and no other`, { skip: onWindows }, () => {
				const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
				const good = compared(`${name}@${version}`);
				assert.deepEqual(good, { status: 0, stdout: '', output: `name=${name}\nfile=${name}-${version}.tgz\n` });
				const other = compared(`${name}@99.0.0`);
				assert.deepEqual([other.status, other.output], [1, '']);
				assert.match(other.stdout, /^::error::The tag says 99\.0\.0, and packages\//);
			});
		}

		it('refuses a package that there is not', { skip: onWindows }, () => {
			assert.notEqual(compared('n8n-nodes-acme@1.0.0').status, 0);
		});
	});
});

describe('issue templates', () => {
	interface Form {
		name: string;
		description: string;
		body: ReadonlyArray<{
			type: string;
			id?: string;
			attributes: { options?: string[]; label?: string; value?: string };
		}>;
	}
	const forms = globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: ROOT }).filter((file) => !file.endsWith('config.yml'));

	for (const file of forms) {
		it(`${file}: a form that GitHub takes`, () => {
			const { name, description, body } = read<Form>(file);
			assert.ok(name && description);
			const ids = body.flatMap(({ id }) => (id === undefined ? [] : [id]));
			assert.equal(new Set(ids).size, ids.length);
			for (const { type, attributes } of body) {
				assert.match(type, /^(markdown|input|textarea|dropdown|checkboxes)$/);
				assert.ok(type === 'markdown' ? attributes.value : attributes.label);
			}
		});
	}

	it('offer every service', () => {
		const { body } = read<Form>('.github/ISSUE_TEMPLATE/bug.yml');
		const { attributes } = body.find(({ id }) => id === 'service') ?? {};
		assert.deepEqual(
			attributes?.options?.slice(0, -1),
			providers.map(({ name }) => name),
		);
	});

	it('lead to pages that there are', () => {
		for (const file of [...forms, '.github/ISSUE_TEMPLATE/config.yml']) {
			for (const [, path = ''] of readFileSync(join(ROOT, file), 'utf8').matchAll(/\/blob\/main\/([\w./-]+)/g)) {
				assert.ok(existsSync(join(ROOT, path)), path);
			}
		}
	});
});

describe('dependency updates', () => {
	it('wait a week: a version that was taken over is usually found and withdrawn within days', () => {
		const { updates } = read<{ updates: ReadonlyArray<{ cooldown?: Record<string, number> }> }>(
			'.github/dependabot.yml',
		);
		for (const { cooldown } of updates) assert.deepEqual(cooldown, { 'default-days': 7 });
	});

	it('cover every manifest that names a dependency, and the workflows', () => {
		const { updates } = read<{
			updates: ReadonlyArray<{ 'package-ecosystem': string; directory?: string; directories?: string[] }>;
		}>('.github/dependabot.yml');
		const covered = (ecosystem: string) =>
			updates
				.filter((update) => update['package-ecosystem'] === ecosystem)
				.flatMap(({ directory, directories = [] }) => [
					...(directory === undefined ? [] : [directory]),
					...directories,
				]);
		assert.deepEqual(covered('github-actions'), ['/']);
		const manifests = globSync('{,packages/*/,zapier/*/,runtime/n8n/}package.json', { cwd: ROOT });
		assert.ok(manifests.length > 10);
		for (const file of manifests) {
			const manifest = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, unknown>;
			if (manifest['dependencies'] === undefined && manifest['devDependencies'] === undefined) continue;
			const folder = `/${file.replaceAll('\\', '/').replace(/\/?package\.json$/, '')}`;
			assert.ok(
				covered('npm').some((pattern) => matchesGlob(folder, pattern)),
				file,
			);
		}
	});
});
