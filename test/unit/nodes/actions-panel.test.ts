/**
 * How events and operations read in n8n's panel of actions. A trigger's event is listed as its `action`, or as "On " and its name in lower
 * case; an operation as its `action` (triggersCategory and resourceCategories in the editor's useActionsGeneration.ts, n8n 2.41.1).
 */
import type { INodePropertyOptions } from 'n8n-workflow';
import { operationId } from '../../../core/operation.ts';
import { actionProperties } from '../../../nodes/n8n/action.ts';
import { triggerProperties } from '../../../nodes/n8n/trigger.ts';
import { providers } from '../../../providers/index.ts';

/** What is known by its letters, in whatever case. */
const ABBREVIATIONS = ['ID'];

/** Words in which operations begin: imperatives. */
const VERBS =
	'Add|Adjust|Analyze|Archive|Cancel|Chat|Check|Close|Complete|Confirm|Create|Delete|Fulfill|Get|Make|Mark|Refund|Relate|Remove|Reply|Search|Send|Test|Update|Upload'.split(
		'|',
	);

function optionsOf(property: { options?: unknown } | undefined): INodePropertyOptions[] {
	return (property?.options ?? []) as INodePropertyOptions[];
}

const events = providers.flatMap((provider) => {
	const shown = optionsOf(triggerProperties(provider).find(({ name }) => name === 'events'));
	return provider.events.map(({ name, label }) => {
		const option = shown.find(({ value }) => value === name);
		return [`${provider.name}: ${label}`, label, option?.action ?? `On ${sentenceCase(option?.name ?? '')}`] as const;
	});
});

/** As n8n makes it of a name that has no action of its own. */
function sentenceCase(name: string): string {
	return name.charAt(0) + name.slice(1).toLowerCase();
}

const operations = providers.flatMap((provider) => {
	const shown = actionProperties(provider).filter(({ name }) => name === 'operation');
	return provider.operations.map((operation) => {
		const list = shown.find(({ displayOptions }) => displayOptions?.show?.['resource']?.includes(operation.resource));
		const option = optionsOf(list).find(({ value }) => value === operation.name);
		return [`${provider.name} ${operationId(operation)}`, option?.action ?? ''] as const;
	});
});

test('every event and every operation is looked at', () => {
	expect([events.length, operations.length]).toEqual([
		providers.reduce((sum, one) => sum + one.events.length, 0),
		providers.reduce((sum, one) => sum + one.operations.length, 0),
	]);
});

test.each(events)('%s reads well as an event', (_name, label, shown) => {
	// "On customer created", "On low stock": words in lower case, none of which was an abbreviation.
	expect(shown).toMatch(/^On [a-z]+( [a-z-]+)+$/);
	expect(label.split(' ').filter((word) => !/^[A-Z][a-z-]+$|^[a-z]+$/.test(word))).toEqual([]);
	expect(shown).toMatch(/(ed|sent|paid|earned|stock)$/);
});

test.each(operations)('%s reads well as an action', (_name, shown) => {
	const [verb, ...others] = shown.split(' ');
	expect(VERBS).toContain(verb);
	expect(others.length).toBeGreaterThan(0);
	expect(others.filter((word) => !/^[a-z-]+$/.test(word) && !ABBREVIATIONS.includes(word))).toEqual([]);
	// Articles are left out: n8n's guidelines.
	expect(shown).not.toMatch(/\b(a|an|the)\b/);
});

test.each(providers.map((provider) => [provider.name, provider] as const))(
	'%s has resources that read well above their actions',
	(_name, provider) => {
		for (const { label } of provider.resources) expect(label).toMatch(/^[A-Z][a-z]+( or)?( [A-Z][a-z]+)*$/);
	},
);
