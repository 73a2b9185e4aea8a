/** Notes, tasks and the other activities of a record. https://norada.com/api/records */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { checked } from '../../checked.ts';
import { recordItem } from '../answers.ts';
import { call, idIn } from '../calls.ts';
import { recordTypeField } from './record-types.ts';

/** The segments of activities: those of the vendor's published client, and `followup` from its documentation of reports. */
const TYPES: readonly (readonly [segment: string, label: string])[] = [
	['note', 'Note'],
	['task', 'Task'],
	['call', 'Call or Interaction'],
	['comment', 'Comment'],
	['event', 'Event'],
	['eventex', 'Event (Not Linked)'],
	['file', 'File'],
	['followup', 'Follow-Up'],
	['googledoc', 'Google Document'],
	['linkedemails', 'Linked Emails'],
	['opportunity', 'Opportunity'],
	['photo', 'Photo'],
	['photolist', 'Photo List'],
	['recurringevent', 'Recurring Event'],
	['separator', 'Separator'],
	['tasklist', 'Task List'],
	['template', 'Template'],
	['timerecord', 'Time Record'],
	['website', 'Website'],
];

const activityType: Field = {
	name: 'activityType',
	label: 'Activity Type',
	type: 'choice',
	required: true,
	default: 'note',
	options: TYPES.map(([value, label]) => ({ value, label })),
	description: 'The type of activity.',
};

const activityId: Field = {
	name: 'activityId',
	label: 'Activity ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 881204',
	description: 'The id of the activity.',
};

const details: Field = {
	name: 'details',
	label: 'Details',
	type: 'text',
	description: 'The text of the note, which may hold HTML.',
	showIf: { activityType: ['note'] },
};

const data: Field = {
	name: 'data',
	label: 'Data',
	type: 'pairs',
	description:
		"The activity's fields by the API's names, such as duedate, priority and assignedto for a task. Not documented for every type; what Solve360 does not know, it refuses.",
};

function dataOf(input: Values): JsonObject {
	return {
		...(isObject(input['data']) ? input['data'] : {}),
		...defined({ details: input['details'], templateid: input['templateId'] }),
	};
}

function segmentOf(input: Values, name: string): string {
	return text(input[name]) ?? '';
}

const operations: readonly Operation[] = [
	{
		resource: 'activity',
		name: 'create',
		label: 'Create',
		action: 'Create activity',
		description: 'Add a note, task or other activity to a record.',
		fields: [
			recordTypeField,
			{
				name: 'recordId',
				label: 'Record ID',
				type: 'string',
				required: true,
				placeholder: 'e.g. 467069',
				description: 'The id of the record that gets the activity.',
			},
			activityType,
			{ ...details, required: true },
			{
				name: 'templateId',
				label: 'Template ID',
				type: 'string',
				required: true,
				description: 'The id of the template to apply.',
				showIf: { activityType: ['template'] },
			},
			data,
		],
		request: (input) =>
			call('POST', path`/${segmentOf(input, 'recordType')}/${segmentOf(input, 'activityType')}/`, {
				json: { parent: Number(idIn(input, 'recordId', 'Record ID')), data: dataOf(input) },
			}),
		items: (response) => [recordItem(response)],
		sample: { id: 881204, status: 'success' },
		grade: 'documented',
		note: 'Which data each type takes is not documented beyond the details of a note and the id of a template.',
		zapier: 'create',
	},
	{
		resource: 'activity',
		name: 'update',
		label: 'Update',
		action: 'Update activity',
		description: 'Change an activity.',
		fields: [recordTypeField, activityType, activityId, details, data],
		request(input) {
			const values = dataOf(input);
			if (Object.keys(values).length === 0)
				throw new InvalidInput('Nothing is to be changed. Fill in "Details" or "Data".');
			return call('PUT', activityPath(input), { json: { data: values } });
		},
		items: (response, input) => [recordItem(response, input['activityId'])],
		sample: { id: '881204', status: 'success' },
		grade: 'documented',
		zapier: 'create',
	},
	{
		resource: 'activity',
		name: 'delete',
		label: 'Delete',
		action: 'Delete activity',
		description: 'Delete an activity.',
		fields: [recordTypeField, activityType, activityId],
		request: (input) => call('DELETE', activityPath(input)),
		items: (_, input) => [{ id: input['activityId'] ?? '', deleted: true }],
		sample: { id: '881204', deleted: true },
		grade: 'documented',
		zapier: 'create',
	},
];

function activityPath(input: Values): string {
	const id = idIn(input, 'activityId', activityId.label);
	return path`/${segmentOf(input, 'recordType')}/${segmentOf(input, 'activityType')}/${id}/`;
}

export const activityOperations: readonly Operation[] = operations.map(checked);
