/**
 * Contacts, companies, project blogs and tickets: the same calls under four segments.
 * https://norada.com/api/records
 */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, path, text } from '../../../core/json.ts';
import type { Field, Operation } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { listItems, recordItem } from '../answers.ts';
import { call, idIn } from '../calls.ts';
import { getMany } from './record-list.ts';
import {
	idField,
	knownIn,
	tagChange,
	tagsField,
	valueFields,
	valuesOf,
	withFieldNames,
	type RecordType,
} from './record-values.ts';

/** All operations of a type of record. */
export function recordOperations(type: RecordType): readonly Operation[] {
	const operations: Operation[] = [
		create(type),
		...(type.resource === 'contact' ? [createOrUpdate(type)] : []),
		get(type),
		getMany(type),
		update(type),
		remove(type),
		changeTags(type, 'add'),
		changeTags(type, 'remove'),
		changeRelation(type, 'add'),
		changeRelation(type, 'remove'),
	];
	return operations.map(checked);
}

function create(type: RecordType): Operation {
	return {
		resource: type.resource,
		name: 'create',
		label: 'Create',
		action: `Create ${type.one}`,
		description: `Create a ${type.one}.`,
		fields: [...valueFields(type), tagsField(type, `The category tags that the new ${type.one} gets.`)],
		...withFieldNames(type),
		request: (input, prepared) =>
			call('POST', path`/${type.segment}/`, { json: valuesOf(type, input, knownIn(prepared)) }),
		items: (response) => [recordItem(response)],
		sample: type.sample,
		grade: 'documented',
		zapier: 'create',
	};
}

/** Looks for the e-mail address the way the vendor's published example does, then changes or creates. */
function createOrUpdate(type: RecordType): Operation {
	const names = withFieldNames(type);
	return {
		resource: type.resource,
		name: 'createOrUpdate',
		label: 'Create or Update',
		action: `Create or update ${type.one}`,
		description: `Change the ${type.one} that has an e-mail address, or create it when there is none.`,
		fields: [
			{
				name: 'email',
				label: 'Email to Match',
				type: 'email',
				required: true,
				placeholder: 'e.g. ada@example.com',
				description: 'Looked for among the e-mail addresses of contacts. A new contact gets it as business e-mail.',
			},
			{
				name: 'ifSeveral',
				label: 'If Several Match',
				type: 'choice',
				default: 'stop',
				options: [
					{ value: 'stop', label: 'Stop With an Error' },
					{ value: 'oldest', label: 'Update the Oldest' },
				],
				description: 'What to do when several contacts have the e-mail address.',
			},
			...valueFields(type),
			tagsField(type, `The category tags that the ${type.one} gets, beside those it has.`),
		],
		prepare: (input) => [
			call('GET', path`/${type.segment}/`, {
				query: { filtermode: 'byemail', filtervalue: text(input['email']), sortfield: 'created', sortdir: 'ASC' },
			}),
			...names.prepare(input),
		],
		prepared: ([found, ...others], input) => ({
			ids: found ? listItems(found).flatMap((record) => text(record['id']) ?? []) : [],
			...names.prepared(others, input),
		}),
		request(input, prepared) {
			const ids = (prepared?.['ids'] ?? []) as string[];
			if (ids.length > 1 && input['ifSeveral'] !== 'oldest') {
				throw new InvalidInput(
					`${ids.length} contacts have the e-mail address of "Email to Match" (ids ${ids.slice(0, 5).join(', ')}): ` +
						'use Update with one id, or choose "Update the Oldest".',
				);
			}
			const values = valuesOf(type, input, knownIn(prepared));
			const [id] = ids;
			if (id !== undefined) return call('PUT', path`/${type.segment}/${id}/`, { json: values });
			return call('POST', path`/${type.segment}/`, {
				json: { ...defined({ businessemail: input['email'] }), ...values },
			});
		},
		items: (response) => [recordItem(response)],
		sample: type.sample,
		grade: 'client',
		note: 'Two runs at the same moment can both find nothing and create the contact twice: Solve360 has no call that does both.',
		zapier: 'create',
	};
}

function get(type: RecordType): Operation {
	return {
		resource: type.resource,
		name: 'get',
		label: 'Get',
		action: `Get ${type.one}`,
		description: `Get a ${type.one} with its fields, related items, tags and activities (e-mail messages excepted).`,
		fields: [idField(type)],
		request: (input) => call('GET', path`/${type.segment}/${idIn(input, 'id', `${type.label} ID`)}/`),
		items: (response, input) => [recordItem(response, input['id'])],
		sample: type.sample,
		grade: 'documented',
		zapier: 'search',
	};
}

function update(type: RecordType): Operation {
	const id = idField(type);
	return {
		resource: type.resource,
		name: 'update',
		label: 'Update',
		action: `Update ${type.one}`,
		description: `Change fields of a ${type.one}; what is left empty stays as it is.`,
		fields: [
			id,
			...valueFields(type),
			{
				name: 'clearFields',
				label: 'Fields to Empty',
				type: 'choices',
				choicesFrom: type.fieldList,
				description: 'Fields whose value is removed.',
			},
			tagsField(type, `Category tags that the ${type.one} gets, beside those it has.`),
		],
		...withFieldNames(type),
		request(input, prepared) {
			const json = valuesOf(type, input, knownIn(prepared));
			if (Object.keys(json).length === 0)
				throw new InvalidInput('Nothing is to be changed. Fill in at least one field.');
			return call('PUT', path`/${type.segment}/${idIn(input, 'id', id.label)}/`, { json });
		},
		items: (response, input) => [recordItem(response, input['id'])],
		sample: type.sample,
		grade: 'documented',
		zapier: 'create',
	};
}

function remove(type: RecordType): Operation {
	const id = idField(type);
	return {
		resource: type.resource,
		name: 'delete',
		label: 'Delete',
		action: `Delete ${type.one}`,
		description: `Delete a ${type.one}.`,
		fields: [id],
		request: (input) => call('DELETE', path`/${type.segment}/${idIn(input, 'id', id.label)}/`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '467069', deleted: true },
		grade: 'documented',
		zapier: 'create',
	};
}

function changeTags(type: RecordType, change: 'add' | 'remove'): Operation {
	const id = idField(type);
	const verb = change === 'add' ? 'Add' : 'Remove';
	const preposition = change === 'add' ? 'to' : 'from';
	return {
		resource: type.resource,
		name: `${change}Tags`,
		label: `${verb} Tags`,
		action: `${verb} tags ${preposition} ${type.one}`,
		description: `${verb} category tags ${preposition} a ${type.one}; its other tags stay.`,
		fields: [id, tagsField(type, `The category tags to ${change}.`, true)],
		request: (input) =>
			call('PUT', path`/${type.segment}/${idIn(input, 'id', id.label)}/`, { json: tagChange(input['tags'], change) }),
		items: (response, input) => [recordItem(response, input['id'])],
		sample: { id: '467069', status: 'success' },
		// Adding is documented; removing is in the vendor's published client.
		grade: change === 'add' ? 'documented' : 'client',
		zapier: 'create',
	};
}

function changeRelation(type: RecordType, change: 'add' | 'remove'): Operation {
	const id = idField(type);
	const isAdd = change === 'add';
	return {
		resource: type.resource,
		name: isAdd ? 'relate' : 'unrelate',
		label: isAdd ? 'Relate' : 'Remove Relation',
		action: isAdd ? `Relate ${type.one} to record` : `Remove relation of ${type.one}`,
		description: isAdd
			? `Link a ${type.one} to a contact, company or project blog.`
			: `Remove the link between a ${type.one} and another record.`,
		fields: [
			id,
			{
				name: 'relatedId',
				label: 'Related Record ID',
				type: 'string',
				required: true,
				placeholder: 'e.g. 467070',
				description: 'The id of the other record.',
			},
			...(isAdd
				? [
						{
							name: 'note',
							label: 'Note',
							type: 'string',
							placeholder: 'e.g. Installer',
							description: 'How the two relate.',
						} satisfies Field,
					]
				: []),
		],
		request(input) {
			const related = defined({ id: idIn(input, 'relatedId', 'Related Record ID'), note: input['note'] });
			const json = { relateditems: { [change]: { relatedto: related } } };
			return call('PUT', path`/${type.segment}/${idIn(input, 'id', id.label)}/`, { json });
		},
		items: (response, input) => [recordItem(response, input['id'])],
		sample: { id: '467069', status: 'success' },
		grade: isAdd ? 'documented' : 'client',
		zapier: 'create',
	};
}
