/** The event types of Solatis, with one sample each. https://docs.solatis.team/api/webhooks.html */
import type { EventType, JsonObject } from '../../core/provider.ts';

type Group = 'Documents' | 'Meetings' | 'Tasks' | 'Generation';

/** The documented envelope around an event's data. */
function payload(id: string, event: string, data: JsonObject): JsonObject {
	return { id, event, created_at: '2026-02-02T10:30:00Z', data };
}

/**
 * An event type whose payload the documentation gives by one phrase only: its envelope is documented, the names in `data`
 * are assumed.
 */
function described(group: Group, name: string, label: string, description: string, data: JsonObject) {
	return {
		name,
		label,
		description,
		group,
		grade: 'documented',
		sample: payload(`evt_${name.replace(/[._]/g, '')}`, name, data),
		sampleGrade: 'inferred',
	} as const satisfies EventType;
}

const task: JsonObject = {
	task_id: 'task_abc123',
	title: 'Send the signed agreement to Client LLC',
	status: 'open',
	assignee: 'sam@example.com',
	due_date: '2026-02-09',
};

export const events: readonly [EventType, ...EventType[]] = [
	{
		name: 'document.analyzed',
		label: 'Document Analyzed',
		description: 'The analysis of a document is complete',
		group: 'Documents',
		grade: 'documented',
		sample: payload('evt_abc123xyz', 'document.analyzed', {
			document_id: 'doc_xyz789',
			status: 'completed',
			summary: 'This is a service agreement between Acme Corp and Client LLC...',
			extracted_fields: {
				parties: ['Acme Corp', 'Client LLC'],
				start_date: '2024-01-01',
				end_date: '2025-01-01',
				obligations: [],
			},
			confidence: 0.92,
		}),
		sampleGrade: 'documented',
	},
	described('Documents', 'document.deleted', 'Document Deleted', 'A document is deleted', {
		document_id: 'doc_xyz789',
	}),
	described('Documents', 'document.shared', 'Document Shared', 'A document is shared', {
		document_id: 'doc_xyz789',
		shared_by: 'sam@example.com',
		shared_with: ['jane@example.com'],
	}),
	described('Meetings', 'transcription.started', 'Transcription Started', 'The transcription of a recording begins', {
		transcription_id: 'trans_abc123',
	}),
	{
		name: 'transcription.completed',
		label: 'Transcription Completed',
		description: 'The transcription of a recording is complete',
		group: 'Meetings',
		grade: 'documented',
		sample: payload('evt_def456', 'transcription.completed', {
			transcription_id: 'trans_abc123',
			status: 'completed',
			transcript: 'Full transcript text...',
			speakers: [
				{ speaker: 'Speaker 1', segments: [] },
				{ speaker: 'Speaker 2', segments: [] },
			],
			duration_seconds: 1800,
			confidence: 0.95,
		}),
		sampleGrade: 'documented',
	},
	described('Meetings', 'meeting.analyzed', 'Meeting Analyzed', 'The analysis of a meeting is complete', {
		meeting_id: 'meet_abc123',
		status: 'completed',
		summary: 'The parties agreed on the start date.',
	}),
	described('Meetings', 'action_items.extracted', 'Action Items Extracted', 'Action items are found in a meeting', {
		meeting_id: 'meet_abc123',
		action_items: [{ description: 'Send the signed agreement', assignee: 'sam@example.com', due_date: '2026-02-09' }],
	}),
	described('Tasks', 'task.created', 'Task Created', 'A task is created', task),
	described('Tasks', 'task.updated', 'Task Updated', 'A task is changed', {
		...task,
		status: 'in_progress',
	}),
	described('Tasks', 'task.completed', 'Task Completed', 'A task is marked complete', {
		...task,
		status: 'completed',
	}),
	described('Tasks', 'task.deleted', 'Task Deleted', 'A task is deleted', { task_id: 'task_abc123' }),
	described('Generation', 'content.generated', 'Content Generated', 'The generation of a text is complete', {
		content_id: 'cont_abc123',
		content: 'A one-page summary of the service agreement...',
	}),
	described('Generation', 'brainstorm.completed', 'Brainstorm Completed', 'A brainstorming session ends', {
		brainstorm_id: 'brain_abc123',
		results: ['Offer a second site visit', 'Bundle the battery'],
	}),
];
