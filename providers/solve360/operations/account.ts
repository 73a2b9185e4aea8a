/** What is set up in a Solve360 account: category tags, fields, users and groups, locations, and webhooks. */
import { defined, isObject, path, text, without } from '../../../core/json.ts';
import type { JsonObject, Operation } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { bodyOf, listItems, listOf } from '../answers.ts';
import { call, idIn, textOf } from '../connection.ts';
import { fieldsIn, ownersIn } from './names.ts';
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
				description: 'The name of the tag.',
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
		effect: 'create',
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
		effect: 'read',
	},
];

const fields: readonly Operation[] = [
	{
		resource: 'field',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many fields',
		description: 'Get the fields of one type of record, including custom fields, with their keys in the API.',
		fields: [recordTypeField],
		request: (input) => call('GET', path`/${text(input['recordType']) ?? ''}/fields/`),
		// A list without keys and labels is passed on as is.
		items(response) {
			const known = fieldsIn(response);
			return known.length > 0 ? known.map((field) => ({ id: field.key, ...field })) : listItems(response);
		},
		sample: { id: 'custom329972', key: 'custom329972', label: 'Roof Type' },
		grade: 'documented',
		effect: 'read',
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
		effect: 'read',
	},
];

/** https://norada.com/api/location-services */
const locations: readonly Operation[] = [
	{
		resource: 'location',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many locations',
		description: 'Find where contacts were last seen, by name, tag or another word.',
		fields: [
			{
				name: 'searchValue',
				label: 'Search For',
				type: 'string',
				required: true,
				placeholder: 'e.g. electrician',
				description: 'A word to search for, e.g. a name, a tag or a job.',
			},
			{
				name: 'lastReportedWithin',
				label: 'Last Reported Within',
				type: 'number',
				description: 'Only locations that were reported within this time. The unit is not confirmed, likely minutes.',
			},
			{
				name: 'relativeTo',
				label: 'Distance From Device',
				type: 'string',
				placeholder: 'e.g. 5/290792806/10037602',
				description: 'The address of a device to give the distance from.',
			},
		],
		request(input) {
			const searchvalue = text(input['searchValue']) ?? '';
			const more = defined({
				lastreportedwithin: input['lastReportedWithin'] === undefined ? undefined : textOf(input['lastReportedWithin']),
				relativedeviceaddress: input['relativeTo'],
			});
			// Documented without a slash at the end. The short form needs no body.
			return Object.keys(more).length === 0
				? call('GET', '/locate', { query: { searchvalue } })
				: call('POST', '/locate', { json: { searchvalue, ...more } });
		},
		items(response) {
			const body = bodyOf(response);
			const records = Array.isArray(response.body) ? response.body : body?.['records'];
			const found = Array.isArray(records) ? records.filter(isObject) : listOf(records);
			return found.map((record) => ({ ...defined({ id: record['contactid'] }), ...record }));
		},
		sample: {
			id: 467069,
			contactid: 467069,
			contactname: 'Ada Example',
			deviceaddress: '5/290792806/10037602',
			location: {
				timestamp: '2026-02-02 10:30:00',
				...{
					areaid: 1,
					areaname: 'Example Yard',
					buildingid: 2,
					buildingname: 'Hall',
					floorid: 3,
					floorlabel: 'Ground',
				},
				...{ floorlevel: 0, zoneid: 4, zonename: 'Workshop', position: '-33.8700,151.2100', source: 'ble' },
			},
			distancemeters: 12.5,
		},
		grade: 'documented',
		effect: 'read',
	},
];

const webhooks: readonly Operation[] = [
	{
		resource: 'webhook',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many webhooks',
		description: 'Get the webhooks of the account, e.g. to find ones that were left behind.',
		fields: [],
		request: () => call('GET', '/hooks/'),
		// A webhook's secret signs its events: it does not belong in an item.
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
		note: 'Not confirmed by Solve360: the address GET /hooks/.',
		administrative: "It is meant for an administrator's clean-up.",
		effect: 'read',
	},
	{
		resource: 'webhook',
		name: 'delete',
		label: 'Delete',
		action: 'Delete webhook',
		description:
			'Delete a webhook, e.g. one that was left behind. A trigger whose webhook is deleted receives nothing.',
		fields: [
			{
				name: 'id',
				label: 'Webhook ID',
				type: 'string',
				required: true,
				placeholder: 'e.g. 72587181',
				description: 'The ID of the webhook.',
			},
		],
		request: (input) => call('DELETE', path`/hooks/${idIn(input, 'id', 'Webhook ID')}/`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '72587181', deleted: true },
		grade: 'client',
		administrative: "It is meant for an administrator's clean-up.",
		effect: 'remove',
		repeatable: true,
	},
];

export const accountOperations: readonly Operation[] = [...tags, ...fields, ...owners, ...locations, ...webhooks].map(
	checked,
);
