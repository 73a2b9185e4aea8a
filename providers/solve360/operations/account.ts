/** What is set up in a Solve360 account: category tags, fields, users and groups, and webhooks. */
import { defined, isObject, path, text, without } from '../../../core/json.ts';
import type { HttpResponse, JsonObject, Operation } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { bodyOf, listItems, listOf } from '../answers.ts';
import { call, idIn } from '../calls.ts';
import { fieldsIn } from '../field-names.ts';
import { recordTypeField } from './record-types.ts';

const tags: readonly Operation[] = [
	{
		resource: 'category',
		name: 'create',
		label: 'Create',
		action: 'Create category tag',
		description: 'Create a category tag for one type of record.',
		fields: [
			recordTypeField,
			{
				name: 'name',
				label: 'Name',
				type: 'string',
				required: true,
				placeholder: 'e.g. Lead',
				description: 'What the tag is called.',
			},
		],
		request: (input) =>
			call('POST', path`/${text(input['recordType']) ?? ''}/categories/`, { json: defined({ name: input['name'] }) }),
		items(response, input) {
			const body = bodyOf(response) ?? {};
			const created = isObject(body['category']) ? body['category'] : body;
			return [{ ...defined({ name: input['name'] }), ...created }];
		},
		sample: { id: 53966, name: 'Lead', status: 'success' },
		grade: 'documented',
		zapier: 'create',
	},
	{
		resource: 'category',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many category tags',
		description: 'Get the category tags of one type of record.',
		fields: [recordTypeField],
		request: (input) => call('GET', path`/${text(input['recordType']) ?? ''}/categories/`),
		items: listItems,
		sample: { id: 53966, name: 'Lead' },
		grade: 'documented',
		zapier: 'search',
	},
];

const fields: readonly Operation[] = [
	{
		resource: 'field',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many fields',
		description: 'Get the fields of one type of record, custom fields included, with the keys that the API takes.',
		fields: [recordTypeField],
		request: (input) => call('GET', path`/${text(input['recordType']) ?? ''}/fields/`),
		// A list that cannot be told apart into keys and labels is handed on as it came.
		items(response) {
			const known = fieldsIn(response);
			return known.length > 0 ? known.map((field) => ({ id: field.key, ...field })) : listItems(response);
		},
		sample: { id: 'custom329972', key: 'custom329972', label: 'Roof Type' },
		grade: 'documented',
		note: 'The answer is not documented: entries with a name and a label are read, in arrays or by key.',
		zapier: 'search',
	},
];

const owners: readonly Operation[] = [
	{
		resource: 'owner',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many users and groups',
		description: 'Get the users and groups that a record can belong to.',
		fields: [],
		request: () => call('GET', '/ownership/'),
		items: ownersIn,
		sample: { id: 12830, name: 'Sam Example', kind: 'user' },
		grade: 'documented',
		zapier: 'search',
	},
];

/** `{"users": [...], "groups": [...]}`: each entry is told which it is. */
function ownersIn(response: HttpResponse): JsonObject[] {
	const body = bodyOf(response) ?? {};
	const lists = Object.entries(body).filter(([, value]) => typeof value === 'object' && value !== null);
	const kinds = lists.filter(([key]) => /^(users?|groups?|workgroups?)$/.test(key));
	if (kinds.length === 0) return listItems(response);
	return kinds.flatMap(([key, value]) =>
		listOf(value).map((owner) => ({ ...owner, kind: key.startsWith('user') ? 'user' : 'group' })),
	);
}

const webhooks: readonly Operation[] = [
	{
		resource: 'webhook',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many webhooks',
		description: 'Get the webhooks of the account, for example to find ones that were left behind.',
		fields: [],
		request: () => call('GET', '/hooks/'),
		// A hook's secret signs deliveries: it has no business in an item.
		items: (response) => listItems(response).map((hook) => without(hook, 'secret') as JsonObject),
		sample: {
			id: 72587181,
			type: 'web',
			title: 'A webhook',
			event: 'items.create',
			constrainttype: 'contact',
			url: 'https://example.com/webhook',
			contenttype: 'json',
			active: 1,
		},
		grade: 'inferred',
		note: "For an administrator's clean-up; in Zapier it is left out. Listing webhooks is not documented; Solve360 may answer 404 or 405.",
		zapier: false,
	},
	{
		resource: 'webhook',
		name: 'delete',
		label: 'Delete',
		action: 'Delete webhook',
		description:
			'Delete a webhook, for example one that was left behind. A trigger whose webhook is deleted receives nothing.',
		fields: [
			{
				name: 'id',
				label: 'Webhook ID',
				type: 'string',
				required: true,
				placeholder: 'e.g. 72587181',
				description: 'The id of the webhook.',
			},
		],
		request: (input) => call('DELETE', path`/hooks/${idIn(input, 'id', 'Webhook ID')}/`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '72587181', deleted: true },
		grade: 'client',
		note: "For an administrator's clean-up; in Zapier it is left out.",
		zapier: false,
	},
];

export const accountOperations: readonly Operation[] = [...tags, ...fields, ...owners, ...webhooks].map(checked);
