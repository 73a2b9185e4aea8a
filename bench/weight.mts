/** What our packages weigh: to load, and to download. */
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { listed, packages, ROOT } from '../tools/packages.mts';
import { median } from './measure.mts';
import { buildPackages } from './packages.mts';
import { figure, runtimeFolder, type Aim, type Part } from './report.mts';

/** Loads a node as n8n does, n8n-workflow being loaded already, and says what that took in milliseconds of processor time. */
const LOADER = `
	const { createRequire } = require('node:module');
	const [file, name] = process.argv.slice(1);
	const load = createRequire(file);
	load('n8n-workflow');
	const before = process.cpuUsage();
	const { description } = new (load(file)[name])();
	const { user, system } = process.cpuUsage(before);
	if (typeof description !== 'object') throw new Error('no description');
	process.stdout.write(String((user + system) / 1000));
`;

interface Node {
	name: string;
	file: string;
	ours: boolean;
}

const run = promisify(execFile);

async function load({ file }: Node): Promise<number> {
	const { stdout } = await run(process.execPath, ['-e', LOADER, file, basename(file, '.node.js')]);
	return Number(stdout);
}

/** n8n's own triggers of the same kind: subscribe at a service, verify a signature. */
const PEERS = ['Github/GithubTrigger', 'Stripe/StripeTrigger', 'Typeform/TypeformTrigger'];

export const weightPart: Part = {
	name: 'weight',
	does: 'loading each node, and the size of each package',
	async *run({ quick, progress }) {
		progress('building the packages');
		await buildPackages();
		const nodes: Node[] = packages.flatMap((one) =>
			listed(one.nodes).map((file) => ({ name: basename(file, '.node.js'), file: join(one.folder, file), ours: true })),
		);
		const base = join(runtimeFolder(), 'node_modules/n8n-nodes-base/dist/nodes');
		for (const peer of PEERS)
			nodes.push({ name: `n8n's own ${basename(peer)}`, file: join(base, `${peer}.node.js`), ours: false });
		const times = nodes.map(() => [] as number[]);
		const rounds = quick ? 3 : 9;
		for (let round = 0; round < rounds; round++) {
			progress(`loading every node, ${round + 1} of ${rounds}`);
			for (const [index, node] of nodes.entries()) times[index]!.push(await load(node));
		}
		const sizes = await Promise.all(
			packages.map(async ({ name, folder }) => {
				const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
				return { name, kilobytes: (await stat(join(ROOT, 'build', `${name}-${version}.tgz`))).size / 1000 };
			}),
		);
		const aims: Aim[] = [
			...nodes.flatMap(({ name, ours }, index) =>
				ours ? [{ what: `load ${name}`, most: 10, figure: median(times[index]!), unit: ' ms' }] : [],
			),
			...sizes.map(({ name, kilobytes }) => ({ what: `size of ${name}`, most: 60, figure: kilobytes, unit: ' kB' })),
		];
		yield {
			tables: [
				{
					title: 'Loading a node, n8n-workflow being loaded (milliseconds of processor time, median)',
					columns: ['node', 'ms'],
					rows: nodes.map(({ name }, index) => [name, figure(median(times[index]!))]),
					notes: ['Each in a new process, so that nothing is shared: in n8n a second node of a package costs less.'],
				},
				{
					title: 'Packages as they are published (kB, packed)',
					columns: ['package', 'kB'],
					rows: sizes.map(({ name, kilobytes }) => [name, figure(kilobytes)]),
				},
			],
			aims,
		};
	},
};
