/** Deals. Creating one is documented (https://solidnumber.com/docs/api); the other calls are those of solid-cli (crm.ts). */
import { path, text } from '../../../core/json.ts';
import type { Field, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { get, send } from '../connection.ts';
import { SAMPLES } from '../events.ts';
import { changes, idField, idIn, idValue, matching, money, required } from './fields.ts';

const AMOUNT = money('value', 'Amount', 'What the deal is worth.', '12000');

const dealFields: readonly Field[] = [
	{ name: 'title', label: 'Title', type: 'string', placeholder: 'e.g. Kitchen Remodel' },
	{
		name: 'stage',
		label: 'Stage',
		type: 'string',
		placeholder: 'e.g. New',
		description: 'The stage in your pipeline.',
	},
	AMOUNT,
	{
		name: 'contactId',
		label: 'Contact ID',
		type: 'choice',
		choicesFrom: 'contact',
		placeholder: 'e.g. 42',
		description: 'The contact that the deal is with.',
	},
];

function dealBody(input: Values): Parameters<typeof changes>[0] {
	return {
		title: input['title'],
		stage: input['stage'],
		value: input[AMOUNT.name],
		contact_id: idValue(input, 'contactId'),
	};
}

const dealId = idField('deal', 'Deal');

export const dealOperations: readonly Operation[] = [
	{
		resource: 'deal',
		name: 'close',
		label: 'Close',
		action: 'Close deal',
		description: 'Close a deal as won or lost.',
		fields: [
			dealId,
			{
				name: 'outcome',
				label: 'Outcome',
				type: 'choice',
				required: true,
				default: 'won',
				options: [
					{ value: 'won', label: 'Won' },
					{ value: 'lost', label: 'Lost' },
				],
				description: 'How the deal ended.',
			},
		],
		request: (input) => send('POST', path`/crm/deals/${idIn(input, 'Deal ID')}/close`, { outcome: input['outcome'] }),
		items: (response) => recordItem(response, 'deal'),
		sample: { ...SAMPLES.deal, outcome: 'won', closed_at: '2026-02-02T10:30:00Z' },
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
	{
		resource: 'deal',
		name: 'create',
		label: 'Create',
		action: 'Create deal',
		description: 'Create a deal.',
		fields: required(dealFields, 'title'),
		request: (input) => send('POST', '/crm/deals', dealBody(input)),
		items: (response) => recordItem(response, 'deal'),
		sample: SAMPLES.deal,
		grade: 'documented',
		effect: 'create',
	},
	{
		resource: 'deal',
		name: 'get',
		label: 'Get',
		action: 'Get deal',
		description: 'Get a deal.',
		fields: [dealId],
		request: (input) => get(path`/crm/deals/${idIn(input, 'Deal ID')}`),
		items: (response) => recordItem(response, 'deal'),
		sample: SAMPLES.deal,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'deal',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many deals',
		description: 'Get deals, all or those in one stage.',
		fields: [
			{
				name: 'stage',
				label: 'Stage',
				type: 'string',
				placeholder: 'e.g. New',
				description: 'Only deals in this stage.',
			},
		],
		request: (input) => get('/crm/deals', { stage: text(input['stage']) }),
		keep: (input) => matching(input, { stage: 'stage' }),
		items: (response) => listItems(response, 'deals'),
		paging,
		sample: SAMPLES.deal,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'deal',
		name: 'update',
		label: 'Update',
		action: 'Update deal',
		description: 'Update a deal. Empty fields are left unchanged.',
		fields: [dealId, ...dealFields],
		request: (input) => send('PATCH', path`/crm/deals/${idIn(input, 'Deal ID')}`, changes(dealBody(input))),
		items: (response) => recordItem(response, 'deal'),
		sample: SAMPLES.deal,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
];
