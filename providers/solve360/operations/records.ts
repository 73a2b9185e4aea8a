/**
 * Contacts, companies, project blogs and tickets: the same calls under four segments.
 * https://norada.com/api/records
 */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, path } from '../../../core/json.ts';
import type { Field, Operation } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { hasEntry, recordItem } from '../answers.ts';
import { call, idIn } from '../connection.ts';
import { createOrUpdate } from './create-or-update.ts';
import { getMany } from './lists.ts';
import { tagNames, withNames } from './names.ts';
import {
	idField,
	recordPath,
	requireContent,
	tagChange,
	tagsField,
	undoneTags,
	valueFields,
	valueLookUps,
	valuesOf,
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
		relate(type),
		unrelate(type),
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
		fields: [...valueFields(type, true), tagsField(type, `The category tags of the new ${type.one}.`)],
		...withNames((input) => valueLookUps(type, input)),
		request(input, prepared) {
			const json = valuesOf(type, input, prepared);
			requireContent(type, json);
			return call('POST', path`/${type.segment}/`, { json });
		},
		undone: undoneTags(type, 'add'),
		items: (response) => [recordItem(response)],
		sample: type.sample,
		grade: 'documented',
		effect: 'create',
	};
}

function get(type: RecordType): Operation {
	return {
		resource: type.resource,
		name: 'get',
		label: 'Get',
		action: `Get ${type.one}`,
		description: `Get a ${type.one} with its fields, related items, tags and activities (without email messages).`,
		fields: [idField(type)],
		request: (input) => call('GET', recordPath(type, idIn(input, 'id', `${type.label} ID`))),
		items: (response, input) => [recordItem(response, input['id'])],
		sample: type.sample,
		grade: 'documented',
		effect: 'read',
	};
}

/** A change by the API raises the same events as one on the screen. */
const LOOP_NOTE =
	'Changes made through the API raise events, too. In a workflow that starts with the Solve360 Trigger, check first whether anything has to change; otherwise it starts itself again and again.';

function update(type: RecordType): Operation {
	const id = idField(type);
	return {
		resource: type.resource,
		name: 'update',
		label: 'Update',
		action: `Update ${type.one}`,
		description: `Update a ${type.one}. Empty fields are left unchanged.`,
		fields: [
			id,
			...valueFields(type),
			{
				name: 'clearFields',
				label: 'Fields to Clear',
				type: 'choices',
				choicesFrom: type.fieldList,
				description: 'Fields whose value is removed, by name or key.',
			},
			tagsField(type, `Category tags to add to those that the ${type.one} has.`),
		],
		...withNames((input) => valueLookUps(type, input)),
		request(input, prepared) {
			const json = valuesOf(type, input, prepared);
			if (Object.keys(json).length === 0)
				throw new InvalidInput('Nothing is to be changed. Fill in at least one field.');
			return call('PUT', recordPath(type, idIn(input, 'id', id.label)), { json });
		},
		undone: undoneTags(type, 'add'),
		items: (response, input) => [recordItem(response, input['id'])],
		sample: type.sample,
		grade: 'documented',
		note: LOOP_NOTE,
		effect: 'change',
		repeatable: true,
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
		request: (input) => call('DELETE', recordPath(type, idIn(input, 'id', id.label))),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '467069', deleted: true },
		grade: 'documented',
		effect: 'remove',
		repeatable: true,
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
		description: `${verb} category tags ${preposition} a ${type.one}. Its other tags are left unchanged.`,
		fields: [id, tagsField(type, `The category tags to ${change}.`, true)],
		...withNames((input) => tagNames(type.segment, input['tags'])),
		request: (input, prepared) =>
			call('PUT', recordPath(type, idIn(input, 'id', id.label)), { json: tagChange(type, input, prepared, change) }),
		undone: undoneTags(type, change),
		items: (response, input) => [recordItem(response, input['id'])],
		sample: { id: '467069', status: 'success' },
		// Documented is the XML; the JSON form, and removing, are in published clients.
		grade: 'client',
		...(change === 'add' && { note: LOOP_NOTE }),
		effect: 'change',
		repeatable: true,
	};
}

const relatedField: Field = {
	name: 'relatedId',
	label: 'Related Record ID',
	type: 'string',
	required: true,
	choicesFrom: 'contact',
	placeholder: 'e.g. 467070',
	description:
		'The other record: a contact, or by ID a company or project blog, not a ticket. Both records need the same owner.',
};

/** Solve360 ignores a relation that it does not allow, and says nothing. */
const OWNER_NOTE =
	'Solve360 ignores a relation between records with different owners, and a ticket as the related record. If its answer shows that, this operation fails.';

function relate(type: RecordType): Operation {
	const id = idField(type);
	return {
		resource: type.resource,
		name: 'relate',
		label: 'Relate',
		action: `Relate ${type.one} to record`,
		description: `Link a ${type.one} to a contact, company or project blog of the same owner.`,
		fields: [
			id,
			relatedField,
			{
				name: 'note',
				label: 'Note',
				type: 'string',
				placeholder: 'e.g. Installer',
				description: 'How the two records are related.',
			},
		],
		request(input) {
			const related = defined({ id: idIn(input, 'relatedId', relatedField.label), note: input['note'] });
			const json = { relateditems: { add: [related] } };
			return call('PUT', recordPath(type, idIn(input, 'id', id.label)), { json });
		},
		undone(response, input) {
			const related = idIn(input, 'relatedId', relatedField.label);
			if (hasEntry(response, 'relateditems', related) !== false) return undefined;
			return `did not relate the record ${related}. Both records need the same owner, and a ticket can't be the related record.`;
		},
		items: (response, input) => [recordItem(response, input['id'])],
		sample: { id: '467069', status: 'success' },
		// Documented is the XML; the JSON form is in a published client.
		grade: 'client',
		note: OWNER_NOTE,
		effect: 'change',
		repeatable: true,
	};
}

function unrelate(type: RecordType): Operation {
	const id = idField(type);
	return {
		resource: type.resource,
		name: 'unrelate',
		label: 'Remove Relation',
		action: `Remove relation of ${type.one}`,
		description: `Remove the link between a ${type.one} and another record.`,
		fields: [id, { ...relatedField, description: 'The ID of the other record.' }],
		request(input) {
			const json = { relateditems: { remove: [{ id: idIn(input, 'relatedId', relatedField.label) }] } };
			return call('PUT', recordPath(type, idIn(input, 'id', id.label)), { json });
		},
		undone(response, input) {
			const related = idIn(input, 'relatedId', relatedField.label);
			if (hasEntry(response, 'relateditems', related) !== true) return undefined;
			return `did not remove the relation to the record ${related}.`;
		},
		items: (response, input) => [recordItem(response, input['id'])],
		sample: { id: '467069', status: 'success' },
		grade: 'client',
		effect: 'change',
		repeatable: true,
	};
}
