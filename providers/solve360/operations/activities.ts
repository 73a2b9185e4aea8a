/** Notes, tasks and the other activities of a record. https://norada.com/api/records */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, path, text, without } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { recordItem } from '../answers.ts';
import { call, idIn, optionalIdIn, textOf } from '../connection.ts';
import { refuseRelation } from './names.ts';
import { recordTypeField } from './record-types.ts';

type Type = readonly [segment: string, label: string];

/** These have a file in them: they are uploaded. */
const UPLOADED: readonly Type[] = [
	['file', 'File'],
	['photo', 'Photo'],
];

/** The segments of activities: those of the vendor's published client, and `followup` from its documentation of reports. */
const WRITTEN: readonly Type[] = [
	['note', 'Note'],
	['task', 'Task'],
	['call', 'Call or Interaction'],
	['comment', 'Comment'],
	['event', 'Event'],
	['eventex', 'Event (Not Linked)'],
	['followup', 'Follow-Up'],
	['googledoc', 'Google Document'],
	['linkedemails', 'Linked Emails'],
	['opportunity', 'Opportunity'],
	['photolist', 'Photo List'],
	['recurringevent', 'Recurring Event'],
	['separator', 'Separator'],
	['tasklist', 'Task List'],
	['template', 'Template'],
	['timerecord', 'Time Record'],
	['website', 'Website'],
];

function typeField(types: readonly Type[], byDefault: string): Field {
	return {
		name: 'activityType',
		label: 'Activity Type',
		type: 'choice',
		required: true,
		default: byDefault,
		options: types.map(([value, label]) => ({ value, label })),
		description: 'The type of activity.',
	};
}

const anyType = typeField([...WRITTEN, ...UPLOADED], 'note');

const activityId: Field = {
	name: 'activityId',
	label: 'Activity ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 881204',
	description: 'The ID of the activity.',
};

const parent: Field = {
	name: 'recordId',
	label: 'Record ID',
	type: 'string',
	choicesFrom: 'record',
	required: true,
	placeholder: 'e.g. 467069',
	description: 'The ID of the record that gets the activity, or of another activity: a task can be in a task list.',
};

const details: Field = {
	name: 'details',
	label: 'Details',
	type: 'text',
	description: 'The text of the note. HTML is allowed.',
	showIf: { activityType: ['note'] },
};

const data: Field = {
	name: 'data',
	label: 'Data',
	type: 'pairs',
	description:
		"The activity's fields by their names in the API. Task: title, assignedto, duedate, priority, remindtime, completed. Event: title, timestart, timeend, details, attendees, eventtype, priority, remindtime. Times are in UTC, e.g. 2026-02-09 09:00:00. An unknown name is refused.",
};

const position: readonly Field[] = [
	{
		name: 'before',
		label: 'Before Activity ID',
		type: 'string',
		choicesFrom: 'recordActivity',
		placeholder: 'e.g. 881200',
		description: 'The ID of the activity to put this one before.',
	},
	{
		name: 'after',
		label: 'After Activity ID',
		type: 'string',
		choicesFrom: 'recordActivity',
		placeholder: 'e.g. 881200',
		description: 'The ID of the activity to put this one after.',
	},
];

function dataOf(input: Values): JsonObject {
	const pairs = Object.entries(isObject(input['data']) ? input['data'] : {});
	for (const [name] of pairs) refuseRelation(name);
	return {
		...Object.fromEntries(pairs.map(([name, value]) => [name, textOf(value)])),
		...defined({ details: input['details'], templateid: input['templateId'] }),
	};
}

function positionOf(input: Values): JsonObject {
	if (input['before'] !== undefined && input['after'] !== undefined)
		throw new InvalidInput('"Before Activity ID" and "After Activity ID" are both filled in. Fill in one.');
	return defined({
		before: optionalIdIn(input, 'before', 'Before Activity ID'),
		after: optionalIdIn(input, 'after', 'After Activity ID'),
	});
}

function segmentOf(input: Values, name: string): string {
	return text(input[name]) ?? '';
}

function typePath(input: Values): string {
	return path`/${segmentOf(input, 'recordType')}/${segmentOf(input, 'activityType')}/`;
}

function activityPath(input: Values): string {
	return typePath(input) + path`${idIn(input, 'activityId', activityId.label)}/`;
}

const SAMPLE: JsonObject = { id: 881204, status: 'success' };

const operations: readonly Operation[] = [
	{
		resource: 'activity',
		name: 'create',
		label: 'Create',
		action: 'Create activity',
		description: 'Create a note, task or other activity of a record.',
		fields: [
			recordTypeField,
			parent,
			typeField(WRITTEN, 'note'),
			{ ...details, required: true },
			{
				name: 'templateId',
				label: 'Template ID',
				type: 'string',
				required: true,
				placeholder: 'e.g. 5521',
				description: 'The ID of the template to apply.',
				showIf: { activityType: ['template'] },
			},
			data,
			...position,
		],
		request: (input) =>
			call('POST', typePath(input), {
				json: { parent: idIn(input, 'recordId', parent.label), ...positionOf(input), data: dataOf(input) },
			}),
		items: (response) => [recordItem(response)],
		sample: SAMPLE,
		grade: 'documented',
		effect: 'create',
	},
	{
		resource: 'activity',
		name: 'upload',
		label: 'Upload File',
		action: 'Upload file to record',
		description: 'Upload a file or photo to a record.',
		fields: [
			recordTypeField,
			parent,
			typeField(UPLOADED, 'file'),
			{
				name: 'file',
				label: 'File',
				type: 'file',
				required: true,
				description: 'The file or photo to upload.',
			},
		],
		request(input) {
			const file = input['file'] as JsonObject;
			return call('POST', typePath(input), {
				multipart: [
					{ name: 'parent', text: idIn(input, 'recordId', parent.label) },
					{
						name: 'file',
						fileName: text(file['fileName']) || 'file',
						// As the vendor's client sends it, whatever the file is.
						contentType: 'application/octet-stream',
						bytes: Buffer.from(text(file['base64']) ?? '', 'base64'),
					},
				],
			});
		},
		items: (response) => [recordItem(response)],
		sample: SAMPLE,
		grade: 'client',
		effect: 'create',
	},
	{
		resource: 'activity',
		name: 'update',
		label: 'Update',
		action: 'Update activity',
		description: 'Update an activity, or move it.',
		fields: [
			recordTypeField,
			anyType,
			activityId,
			details,
			data,
			{
				...parent,
				name: 'newParentId',
				label: 'Move to Record ID',
				required: false,
				description: 'The ID of the record or activity to move this one to.',
			},
			// The form names no record whose activities could be listed.
			...position.map((field) => without(field, 'choicesFrom')),
		],
		request(input) {
			const values = dataOf(input);
			const json = {
				...(Object.keys(values).length > 0 && { data: values }),
				...defined({ parent: optionalIdIn(input, 'newParentId', 'Move to Record ID') }),
				...positionOf(input),
			};
			if (Object.keys(json).length === 0)
				throw new InvalidInput('Nothing is to be changed. Fill in "Details", "Data" or where to move the activity.');
			return call('PUT', activityPath(input), { json });
		},
		items: (response, input) => [recordItem(response, input['activityId'])],
		sample: { id: '881204', status: 'success' },
		grade: 'documented',
		effect: 'change',
		repeatable: true,
	},
	{
		resource: 'activity',
		name: 'delete',
		label: 'Delete',
		action: 'Delete activity',
		description: 'Delete an activity.',
		fields: [recordTypeField, anyType, activityId],
		request: (input) => call('DELETE', activityPath(input)),
		items: (_, input) => [{ id: input['activityId'] ?? '', deleted: true }],
		sample: { id: '881204', deleted: true },
		grade: 'documented',
		effect: 'remove',
		repeatable: true,
	},
];

export const activityOperations: readonly Operation[] = operations.map(checked);
