/** The check server finds what it is to find: every rule is shown a definition that breaks it, and one that does not. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startCheckServer, type CheckServer } from '../../zapier/check-server.mts';
import { check } from '../../zapier/checks.mts';
import { GUIDELINE_RULES } from '../../zapier/guidelines.mts';
import { zapierCli } from '../../zapier/cli.mts';

type Loose = Record<string, unknown>;

const HOOK: Loose = {
	key: 'order_paid',
	noun: 'Order',
	display: { label: 'New Paid Order', description: 'Triggers when an order is paid.' },
	operation: {
		type: 'hook',
		performSubscribe: '$func$2$f$',
		performUnsubscribe: '$func$2$f$',
		perform: '$func$2$f$',
		performList: '$func$2$f$',
		inputFields: [{ key: 'store_id', label: 'Store', dynamic: 'list_stores.id.name', helpText: 'Only this store.' }],
		sample: { id: 1, paid_at: '2026-02-02T10:30:00Z', total: 12.5 },
		outputFields: [
			{ key: 'id', type: 'number' },
			{ key: 'total', type: 'number', required: true },
		],
	},
};
const ASKS_TITLE: Loose = {
	inputFields: [{ key: 'title', label: 'Title', helpText: 'The title of the order.' }],
	perform: '$func$2$f$',
	sample: { id: 1 },
	outputFields: [{ key: 'id', type: 'integer' }],
};
const GOOD: Loose = {
	flags: { cleanInputData: false },
	authentication: {
		connectionLabel: '{{label}}',
		fields: [
			{ key: 'apiKey', label: 'API Key', type: 'password', helpText: 'See [the docs](https://example.com/keys)' },
		],
	},
	triggers: {
		order_paid: HOOK,
		list_stores: {
			key: 'list_stores',
			display: { hidden: true },
			operation: { type: 'polling', canPaginate: true, perform: '$func$2$f$' },
		},
	},
	creates: {
		order_create: {
			key: 'order_create',
			display: { label: 'Create Order', description: 'Creates an order.' },
			operation: ASKS_TITLE,
		},
	},
	searches: {
		order_get: {
			key: 'order_get',
			display: { label: 'Find Order', description: 'Finds an order.' },
			operation: ASKS_TITLE,
		},
	},
};

/** A copy of the good definition with one value changed. `undefined` takes it away. */
function planted(path: string, value: unknown): Loose {
	const copy = structuredClone(GOOD);
	const keys = path.split('.');
	const last = keys.pop() ?? '';
	const holder = keys.reduce<Loose>((inner, key) => inner[key] as Loose, copy);
	if (value === undefined) delete holder[last];
	else holder[last] = value;
	return copy;
}

const TRIGGER = 'triggers.order_paid';
const PLANTED: Array<[rule: string, path: string, value: unknown]> = [
	['D001', 'creates.order_create.operation.inputFields', [{ key: 'api_key', label: 'Key' }]],
	['D002', 'authentication.fields.0.helpText', 'See the docs'],
	['D003', 'authentication.connectionLabel', 'Acme'],
	['D004', `${TRIGGER}.operation.inputFields.0.dynamic`, undefined],
	['D005', `${TRIGGER}.operation.inputFields.0.dynamic`, 'list_nothing.id.name'],
	['D006', `${TRIGGER}.operation.performList`, undefined],
	['D007', `${TRIGGER}.operation.perform`, { url: 'http://example.com/hooks' }],
	['D008', `${TRIGGER}.display.description`, 'Triggers when https://example.com says so.'],
	['D009', 'searches.order_get.operation.inputFields', []],
	['D010', `${TRIGGER}.operation`, { type: 'polling', perform: '$func$2$f$', sample: { order: 1 } }],
	['D011', `${TRIGGER}.operation.inputFields.0.helpText`, 'store'],
	['D012', `${TRIGGER}.operation.sample`, undefined],
	['D013', 'creates.order_create.operation.inputFields.0.search', 'nothing.id'],
	['D014', 'creates.order_create.operation.inputFields.0.search', 'order_get.id'],
	['D015', 'searchOrCreates', { order: { search: 'order_get', create: 'nothing' } }],
	['D017', `${TRIGGER}.operation.performUnsubscribe`, undefined],
	['D018', `${TRIGGER}.display.label`, 'order paid'],
	['D021', `${TRIGGER}.display.description`, 'Triggers whenever an order is paid.'],
	['D022', 'creates.order_create.operation.inputFields', ['$func$2$f$']],
	['D023', `${TRIGGER}.operation.sample.paid_at`, '2026-02-02 10:30:00'],
	['D023', `${TRIGGER}.operation.sample.paid_at`, '02 Feb 2026'],
	['D024', `${TRIGGER}.operation.sample.total`, 'twelve'],
	['D024', `${TRIGGER}.operation.sample.total`, undefined],
	['D025', 'authentication.fields.0.helpText', 'See [the docs](https://example.com/keys) or [this](javascript:alert)'],
	['G01', `${TRIGGER}.display.label`, 'Order Paid'],
	['G01', `${TRIGGER}.noun`, 'Orders'],
	['G02', 'searches.order_get.display.label', 'Get Order'],
	['G02', 'searches.order_get.display.description', 'Gets an order.'],
	['G03', 'creates.order_create.display.description', 'Create an order.'],
	['G04', 'creates.again', { display: { label: 'Create Order', description: 'Creates it.' }, operation: ASKS_TITLE }],
	['G05', 'creates.order_create.operation.inputFields', [{ key: 'title', label: 'Title' }]],
	['G06', 'creates.order_create.display.description', 'Creates an order in the workflow.'],
	['G07', `${TRIGGER}.operation.inputFields.0.label`, 'Store ID'],
	['G08', 'triggers.list_stores.operation.canPaginate', undefined],
	['G09', 'creates.order_create.display.label', 'Delete Order'],
	['G10', 'searches.order_get.operation', { ...ASKS_TITLE, outputFields: undefined }],
	['G11', 'searches.order_get.operation', { ...ASKS_TITLE, sample: { id: 'a1'.repeat(32) } }],
	['G12', 'flags', undefined],
	[
		'G13',
		'searchOrCreates',
		{ order_get: { display: { label: 'Orders' }, search: 'order_get', create: 'order_create' } },
	],
];

describe('our reading of the D-rules and of the guidelines', () => {
	it('finds nothing in a good definition', () => {
		assert.deepEqual(check(GOOD), []);
	});

	for (const [rule, path, value] of PLANTED) {
		it(`${rule} finds ${path} = ${JSON.stringify(value)}`, () => {
			const found = check(planted(path, value));
			assert.ok(
				found.some((finding) => finding.rule === rule),
				`found only ${JSON.stringify(found)}`,
			);
		});
	}

	it('every guideline is shown a definition that breaks it, and is in the table of the README', async () => {
		const readme = await readFile(new URL('../../zapier/README.md', import.meta.url), 'utf8');
		for (const rule of GUIDELINE_RULES) {
			assert.ok(
				PLANTED.some(([planted]) => planted === rule),
				rule,
			);
			assert.match(readme, new RegExp(`\\b${rule}\\b`));
		}
	});

	it('D016 finds an app that is one static hook', () => {
		const hook = structuredClone(HOOK) as { operation: Loose };
		delete hook.operation.performSubscribe;
		const found = check({ authentication: GOOD.authentication, triggers: { order_paid: hook } });
		assert.ok(found.some(({ rule }) => rule === 'D016'));
	});
});

describe('the check server behind the real CLI', () => {
	let checks: CheckServer;
	let folder: string;

	before(async () => {
		checks = await startCheckServer();
		folder = await mkdtemp(join(tmpdir(), 'zapier-bad-'));
		await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
		await mkdir(join(folder, 'build'));
		await writeFile(
			join(folder, 'package.json'),
			JSON.stringify({ name: 'bad', version: '1.0.0', dependencies: { 'zapier-platform-core': '19.1.0' } }),
		);
		await writeFile(
			join(folder, 'index.js'),
			`module.exports = {
				version: '1.0.0',
				platformVersion: '19.1.0',
				triggers: {
					order_paid: {
						key: 'order_paid',
						noun: 'Order',
						display: { label: 'order paid', description: 'Whenever an order is paid' },
						operation: { type: 'hook', perform: () => [] },
					},
				},
			};`,
		);
	});
	after(async () => {
		await checks.close();
		await rm(folder, { recursive: true, force: true });
	});

	it('is asked by `validate`, which prints what was planted and that the schema alone let pass', async () => {
		const run = await zapierCli(['validate', '--format', 'json'], folder, checks.url);
		const rules = new Set(checks.checked[0]?.map(({ rule }) => rule));
		assert.deepEqual([...rules].sort(), ['D006', 'D012', 'D016', 'D017', 'D018', 'D021', 'G01', 'G10', 'G12']);
		for (const rule of rules) assert.match(run.output, new RegExp(rule), run.output);
	});

	it('stops a `build`', async () => {
		const run = await zapierCli(['build', '--skip-dep-install'], folder, checks.url);
		assert.notEqual(run.code, 0);
		assert.match(run.output, /style validation errors/);
	});
});
