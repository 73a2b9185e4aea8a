/** The recipes name triggers, actions and fields as the apps have them. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isObject } from '../../core/json.ts';
import type { Field } from '../../core/provider.ts';
import { providers } from '../../providers/index.ts';
import { operationKey } from '../../zapier/shared/action.mts';
import type { Definition } from '../../harness/zapier/zapier.mts';

const FOLDER = new URL('../../examples/zapier/', import.meta.url);

/** What an action of ours is called, gives, and asks for. */
interface Action {
	label: string;
	sample: unknown;
	fields: readonly Field[];
}

type Kind = 'triggers' | 'creates' | 'searches';

/** A step of a recipe: one of ours, or another app's. */
interface Step {
	action?: Action;
}

/** The apps as they are built. */
const apps = new Map<string, Pick<Definition, Kind>>();

describe('recipes', async () => {
	for (const { id } of providers) {
		const { default: app } = (await import(`../../zapier/${id}/src/index.mts`)) as { default: unknown };
		apps.set(id, app as Pick<Definition, Kind>);
	}

	const files = (await readdir(FOLDER)).filter((name) => name !== 'README.md');

	it('are there for each service', () => {
		assert.deepEqual(files.sort(), providers.map(({ id }) => `${id}.md`).sort());
	});

	for (const file of files) {
		it(`${file} names what is there`, async () => {
			const text = await readFile(new URL(file, FOLDER), 'utf8');
			let steps = new Map<string, Step>();
			for (const line of text.split('\n')) {
				const [first = '', second = '', third = '', fourth = ''] = cellsOf(line);
				if (/^\d+$/.test(first)) {
					if (first === '1') steps = new Map();
					steps.set(first, stepOf(second, third, bare(fourth)));
				} else if (/^`\w+`$/.test(second)) {
					const known = [...steps.values()].some((step) => hasField(step, bare(second), first));
					assert.ok(known, `no step has the field ${first} (${second})`);
				}
				for (const [, step = '', path = ''] of line.matchAll(/{{(\d+)\. (\w+)}}/g)) assertPath(steps.get(step), path);
			}
		});
	}
});

/** The cells of a table row. */
function cellsOf(line: string): string[] {
	if (!line.startsWith('| ')) return [];
	return line
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim());
}

function bare(cell: string): string {
	return cell.replace(/`/g, '');
}

function stepOf(app: string, label: string, key: string): Step {
	const provider = providers.find(({ name }) => name === app);
	if (provider === undefined) {
		assert.equal(key, '', `${app} is not one of ours`);
		return {};
	}
	const [kind = '', name = ''] = key.split('.');
	const actions = apps.get(provider.id)?.[kind as Kind];
	const action = actions?.[name];
	assert.ok(action, `${app} has no ${key}`);
	assert.equal(action.display.label, label);
	const operation = provider.operations.find((one) => operationKey(one) === name);
	// A search that only Zapier has.
	const asked = (action.operation.inputFields ?? [])
		.filter((field) => typeof field === 'object')
		.map(({ key: id, label: said }) => ({ name: String(id), label: String(said), type: 'string' as const }));
	return {
		action: {
			label,
			sample: action.operation.sample,
			fields: operation?.fields ?? [...(provider.triggerFields ?? []), ...asked],
		},
	};
}

/** Whether a step asks for a field, always or with other choices. */
function hasField({ action }: Step, name: string, label: string): boolean {
	return action !== undefined && action.fields.some((field) => field.name === name && field.label === label);
}

function assertPath(step: Step | undefined, path: string): void {
	assert.ok(step?.action, `${path} is of a step that is not one of ours`);
	const found = path
		.split('__')
		.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), step.action.sample);
	assert.notEqual(found, undefined, `"${step.action.label}" has no field ${path}`);
}
