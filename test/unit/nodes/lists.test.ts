/** Pick, don't paste: which fields that take an ID have a list to choose from, and why the rest have none. */
import { listFor } from '../../../core/choices.ts';
import { operationId } from '../../../core/operation.ts';
import type { Field } from '../../../core/provider.ts';
import { actionProperties } from '../../../nodes/n8n/action.ts';
import { providers } from '../../../providers/index.ts';

/** Fields that take the ID of something that no documented or seen call lists. */
const WITHOUT_LIST: { readonly [provider: string]: { readonly [field: string]: string } } = {
	solatis: { 'transcription.get transcriptionId': 'no call lists transcriptions' },
	'solid-number': {
		'contact.getMany companyId': 'no call lists companies',
		'order.create locationId': 'no call lists locations',
		'chat.sendMessage conversationId': 'no call lists conversations',
	},
	solve360: {
		'activity.create templateId': 'no call lists templates',
		'activity.update activityId': 'activities are listed by record, which this form does not ask for',
		'activity.delete activityId': 'activities are listed by record, which this form does not ask for',
		'activity.update before': 'activities are listed by record, which this form does not ask for',
		'activity.update after': 'activities are listed by record, which this form does not ask for',
	},
};

const takesId = ({ name, label, type }: Field) =>
	/(^id|Id|^before|^after)$/.test(name) || (/ ID$/.test(label) && type === 'string');

/** The fields that take an ID, by operation. */
const fields = providers.flatMap((provider) =>
	provider.operations.flatMap((operation) =>
		operation.fields
			.flatMap((field) => [field, ...(field.fields ?? [])])
			.filter(takesId)
			.map((field) => ({ provider, operation, field, where: `${operationId(operation)} ${field.name}` })),
	),
);

it('every ID that the API can list has a list; the rest are named, with the reason', () => {
	const without = fields.filter(
		({ provider, operation, field }) => listFor(provider, operation.resource, field) === undefined && !field.options,
	);
	expect(without.map(({ provider, where }) => `${provider.id}: ${where}`).sort()).toEqual(
		Object.entries(WITHOUT_LIST)
			.flatMap(([id, named]) => Object.keys(named).map((where) => `${id}: ${where}`))
			.sort(),
	);
	// It was 2 of 78 once.
	expect(fields.length).toBeGreaterThan(70);
	expect(fields.length - without.length).toBeGreaterThan(60);
});

it("each of them is a resource locator in n8n's form: from the list, or by ID", () => {
	for (const { provider, operation, field } of fields) {
		if (listFor(provider, operation.resource, field) === undefined || field.type === 'choices') continue;
		const all = actionProperties(provider).flatMap((one) => [one, ...((one.options ?? []) as (typeof one)[])]);
		const found = all.filter(({ name, type }) => name === field.name && type === 'resourceLocator');
		expect([provider.id, operationId(operation), field.name, found.length > 0]).toEqual([
			...[provider.id, operationId(operation), field.name, true],
		]);
	}
});
