/**
 * Who may import whom: the one place that says so. `test/checks/imports.test.mts` holds the sources to it, and
 * `npm run docs` writes it into docs/architecture.md, as a table and as a diagram.
 */

export interface Room {
	/** A folder (`core/`), any one folder in another (`providers/<service>/`), or the files that lie in one (`providers/*`). */
	readonly files: string;
	/** What they may import besides their own folder, written in the same way. */
	readonly may: readonly string[];
	/** The packages and modules of Node that they may import. */
	readonly packages: readonly string[];
	/** What the top folder holds, for its box in the diagram. */
	readonly is?: string;
}

/** In place of names: there is no limit. */
export const ANYTHING = 'anything';

/** The first that fits a file holds. A file that none fits is a violation: a new folder needs a line here. */
export const ROOMS: readonly Room[] = [
	{ files: 'core/', may: [], packages: ['node:crypto'], is: 'how webhooks work' },
	// A service knows the core, the words that services share, and itself.
	{ files: 'providers/<service>/', may: ['core/', 'providers/*'], packages: [] },
	{
		files: 'providers/*',
		may: ['core/', 'providers/'],
		packages: [],
		is: 'what each service is: data, pure functions',
	},
	// The shared adapter knows no service.
	{ files: 'nodes/n8n/', may: ['core/'], packages: ['n8n-workflow', 'node:crypto'], is: 'n8n: triggers and actions' },
	{ files: 'nodes/<Service>/', may: ['core/', 'providers/', 'nodes/n8n/'], packages: ['n8n-workflow'] },
	{
		files: 'credentials/',
		may: ['core/', 'providers/', 'nodes/n8n/'],
		packages: ['n8n-workflow'],
		is: 'n8n: what a person enters',
	},
	{ files: 'zapier/shared/', may: ['core/', 'providers/'], packages: [ANYTHING], is: 'Zapier: five apps' },
	{ files: 'zapier/<service>/', may: ['core/', 'providers/', 'zapier/shared/'], packages: [ANYTHING] },
	{ files: 'zapier/*', may: ['core/', 'providers/', 'zapier/'], packages: [ANYTHING] },
	{ files: 'contracts/', may: [], packages: [], is: 'what each service takes and answers, from sources' },
	{
		files: 'sandbox/',
		may: ['core/', 'contracts/'],
		packages: [ANYTHING],
		is: 'the five services, locally',
	},
	// On top of all, and imported by none of the above.
	...['harness/', 'test/', 'bench/', 'tools/'].map((files) => ({ files, may: [ANYTHING], packages: [ANYTHING] })),
	// The configuration of tools.
	{ files: '*', may: [], packages: [ANYTHING] },
];

/** How the paths of such files begin; `anything` fits every path. */
export function pathsOf(files: string): RegExp {
	if (files === ANYTHING) return /^/;
	const pattern = files.replaceAll(/<\w+>/g, '[^/]+').replace(/\*$/, '[^/]+$');
	return new RegExp(`^${pattern}`);
}

/** The folders at the top that have a box in the diagram, with what each imports. The lowest comes last. */
export function boxes(rooms: readonly Room[]): ReadonlyArray<{ name: string; is: string; to: readonly string[] }> {
	const top = (files: string) => files.split('/')[0] ?? '';
	return rooms
		.flatMap(({ files, is }) => (is === undefined ? [] : [{ name: top(files), is }]))
		.map((box) => {
			const to = rooms.filter(({ files }) => top(files) === box.name).flatMap(({ may }) => may.map(top));
			return { ...box, to: [...new Set(to)].filter((name) => name !== box.name) };
		})
		.reverse();
}
