/** Tasks, as solid-cli calls them (crm.ts). Contacts and deals are changed by PATCH, tasks by PUT. */
import { path, text } from '../../../core/json.ts';
import type { Field, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { words } from '../../words.ts';
import { listItems, paging, recordItem } from '../answers.ts';
import { get, send } from '../connection.ts';
import { changes, idField, idIn, idValue, matching, required } from './fields.ts';

const TASK: JsonObject = {
	id: 15,
	title: 'Call back about the quote',
	contact_id: 42,
	contact_name: 'Ada Example',
	priority: 'medium',
	status: 'pending',
	due_date: '2026-02-09',
};

const priority: Field = {
	name: 'priority',
	label: 'Priority',
	type: 'choice',
	options: [
		{ value: 'low', label: 'Low' },
		{ value: 'medium', label: 'Medium' },
		{ value: 'high', label: 'High' },
	],
	description: 'How urgent the task is.',
};

const taskFields: readonly Field[] = [
	{ name: 'title', label: 'Title', type: 'string', placeholder: 'e.g. Call back about the quote' },
	priority,
	{
		name: 'dueDate',
		label: 'Due Date',
		type: 'date',
		placeholder: 'e.g. 2026-02-09',
		description: 'The day the task is due. A time of day is left out.',
	},
];

function taskBody(input: Values): Parameters<typeof changes>[0] {
	return { title: input['title'], priority: input['priority'], due_date: input['dueDate'] };
}

/** Whether a task's due day began before now and the task is not completed. */
function isOverdue(task: JsonObject, now: number): boolean {
	const due = Date.parse(words(task['due_date']) ?? '');
	return due < now && !/^(completed|done)$/i.test(words(task['status']) ?? '');
}

/** What the service says of a task that it changed, under the id that was asked for. */
const changed: NonNullable<Operation['items']> = (response, input) =>
	recordItem(response, 'task').map((task) => ({ ...{ id: input['id'] ?? '' }, ...task }));

const taskId = idField('task', 'Task');

export const taskOperations: readonly Operation[] = [
	{
		resource: 'task',
		name: 'complete',
		label: 'Complete',
		action: 'Complete task',
		description: 'Mark a task as completed.',
		fields: [taskId],
		request: (input) => send('PUT', path`/crm/tasks/${idIn(input, 'Task ID')}/complete`),
		items: changed,
		sample: { ...TASK, status: 'completed' },
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
	{
		resource: 'task',
		name: 'create',
		label: 'Create',
		action: 'Create task',
		description: 'Create a task.',
		fields: [
			...required(taskFields, 'title'),
			{
				name: 'contactId',
				label: 'Contact ID',
				type: 'choice',
				choicesFrom: 'contact',
				placeholder: 'e.g. 42',
				description: 'The contact that the task is about.',
			},
		],
		request: (input) => send('POST', '/crm/tasks', { ...taskBody(input), contact_id: idValue(input, 'contactId') }),
		items: (response) => recordItem(response, 'task'),
		sample: TASK,
		grade: 'client',
		effect: 'create',
	},
	{
		resource: 'task',
		name: 'delete',
		label: 'Delete',
		action: 'Delete task',
		description: 'Delete a task.',
		fields: [taskId],
		request: (input) => send('DELETE', path`/crm/tasks/${idIn(input, 'Task ID')}`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '15', deleted: true },
		grade: 'client',
		effect: 'remove',
		repeatable: true,
	},
	{
		resource: 'task',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many tasks',
		description: 'Get tasks, all or those that match.',
		fields: [
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. pending',
				description: 'Only tasks with this status.',
			},
			{ ...priority, description: 'Only tasks with this priority.' },
			{
				name: 'overdue',
				label: 'Overdue Only',
				type: 'boolean',
				default: false,
				description: 'Whether to get only tasks that are past their due date and not completed.',
			},
		],
		request: (input) =>
			get('/crm/tasks', {
				status: text(input['status']),
				priority: text(input['priority']),
				overdue: input['overdue'] === true ? true : undefined,
			}),
		keep(input) {
			const matches = matching(input, { status: 'status', priority: 'priority' });
			if (input['overdue'] !== true) return matches;
			const now = Date.now();
			return (task) => isOverdue(task, now) && (matches?.(task) ?? true);
		},
		items: (response) => listItems(response, 'tasks'),
		paging,
		sample: TASK,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'task',
		name: 'update',
		label: 'Update',
		action: 'Update task',
		description: 'Update a task. Empty fields are left unchanged.',
		fields: [
			taskId,
			...taskFields,
			{
				name: 'status',
				label: 'Status',
				type: 'string',
				placeholder: 'e.g. pending',
				description: 'The new status.',
			},
		],
		request: (input) =>
			send('PUT', path`/crm/tasks/${idIn(input, 'Task ID')}`, changes({ ...taskBody(input), status: input['status'] })),
		items: changed,
		sample: TASK,
		grade: 'client',
		effect: 'change',
		repeatable: true,
	},
];
