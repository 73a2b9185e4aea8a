/** Follow-up calls to Solatis. https://docs.solatis.team/api/rest-api-reference.html, /developer/api-overview.html, /api/webhooks.html */
import { defined, isObject, path, text, without } from '../../core/json.ts';
import type { Field, HttpResponse, JsonObject, Operation, Provider, Resource } from '../../core/provider.ts';
import { checked } from '../checked.ts';
import { listIn, recordIn } from './answers.ts';

export const resources: readonly Resource[] = [
	{ name: 'document', label: 'Document' },
	{ name: 'transcription', label: 'Transcription' },
	{ name: 'webhook', label: 'Webhook' },
];

const documentId: Field = {
	name: 'documentId',
	label: 'Document ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. doc_xyz789',
	description: 'ID of the document, as in a document event or in Get Many.',
};

const transcriptionId: Field = {
	name: 'transcriptionId',
	label: 'Transcription ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. trans_abc123',
	description: 'ID of the transcription, as Create returned it.',
};

const webhookId: Field = {
	name: 'webhookId',
	label: 'Webhook ID',
	type: 'choice',
	required: true,
	placeholder: 'e.g. wh_abc123',
	choicesFrom: 'webhooks',
	description: 'The webhook. You can find its ID in Solatis under Settings > Developer > Webhooks.',
};

const NO_CALLBACK = 'The result arrives later. To receive it, use the Solatis Trigger.';

const getDocuments: Operation = {
	resource: 'document',
	name: 'getMany',
	label: 'Get Many',
	action: 'Get many documents',
	description: 'Get the documents of the account.',
	fields: [],
	request: () => ({ method: 'GET', path: '/documents' }),
	items: (response) => listOrAnswer(response, 'documents'),
	sample: { id: 'doc_xyz789', status: 'completed', created_at: '2026-02-02T10:30:00Z' },
	grade: 'documented',
	note: 'Not confirmed by Solatis. Check a real result before you rely on it.',
	effect: 'read',
};

const analyzeDocument: Operation = {
	resource: 'document',
	name: 'analyze',
	label: 'Analyze',
	action: 'Analyze document',
	description: 'Start the analysis of a document. The result arrives with the event Document Analyzed.',
	fields: [
		{
			name: 'documentUrl',
			label: 'Document URL',
			type: 'string',
			required: true,
			placeholder: 'e.g. https://example.com/agreement.pdf',
			description: 'Where Solatis can download the document.',
		},
		{
			name: 'analysisType',
			label: 'Analysis Type',
			type: 'choice',
			required: true,
			default: 'contract_review',
			options: [
				{ value: 'contract_review', label: 'Contract Review' },
				{ value: 'financial_analysis', label: 'Financial Analysis' },
				{ value: 'legal_review', label: 'Legal Review' },
			],
			description: 'What the document is read for.',
		},
		{
			name: 'extractFields',
			label: 'Extract Fields',
			type: 'list',
			placeholder: 'e.g. parties, start_date',
			description: 'Names of what to extract from the document.',
		},
		{
			name: 'includeSummary',
			label: 'Include Summary',
			type: 'boolean',
			default: true,
			description: 'Whether the result holds a summary.',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/documents/analyze',
		json: defined({
			document_url: input.documentUrl,
			analysis_type: input.analysisType,
			extract_fields: input.extractFields,
			include_summary: input.includeSummary,
		}),
	}),
	sample: {
		id: 'doc_abc123xyz',
		status: 'processing',
		created_at: '2026-02-02T10:30:00Z',
		estimated_completion: '2026-02-02T10:35:00Z',
	},
	grade: 'documented',
	note: NO_CALLBACK,
	effect: 'create',
};

const chatWithDocument: Operation = {
	resource: 'document',
	name: 'chat',
	label: 'Chat',
	action: 'Chat with document',
	description: 'Ask a question about a document.',
	fields: [
		documentId,
		{
			name: 'message',
			label: 'Message',
			type: 'text',
			required: true,
			placeholder: 'e.g. When does the agreement end?',
			description: 'What to ask about the document.',
		},
		{
			name: 'otherFields',
			label: 'Other Fields',
			type: 'pairs',
			description: 'More fields for the body, by the names that Solatis gives them.',
		},
	],
	// The answer is written while the call waits.
	timeoutSeconds: 120,
	request: (input) => ({
		method: 'POST',
		path: path`/documents/${text(input.documentId) ?? ''}/chat`,
		json: { ...(isObject(input.otherFields) ? input.otherFields : {}), message: input.message ?? null },
	}),
	sample: { id: 'chat_abc123', status: 'completed', created_at: '2026-02-02T10:30:00Z', data: {} },
	grade: 'inferred',
	note: 'Not confirmed by Solatis: the question is sent as "message".',
	effect: 'create',
};

const createTranscription: Operation = {
	resource: 'transcription',
	name: 'create',
	label: 'Create',
	action: 'Create transcription',
	description: 'Start the transcription of a recording. The result arrives with the event Transcription Completed.',
	fields: [
		{
			name: 'audioUrl',
			label: 'Audio URL',
			type: 'string',
			required: true,
			placeholder: 'e.g. https://example.com/meeting.mp3',
			description: 'Where Solatis can download the recording.',
		},
		{
			name: 'language',
			label: 'Language',
			type: 'string',
			placeholder: 'e.g. en',
			description: 'Language that is spoken in the recording.',
		},
		{
			name: 'speakerLabels',
			label: 'Speaker Labels',
			type: 'boolean',
			default: false,
			description: 'Whether the transcript says who is speaking.',
		},
	],
	request: (input) => ({
		method: 'POST',
		path: '/transcribe',
		json: defined({ audio_url: input.audioUrl, language: input.language, speaker_labels: input.speakerLabels }),
	}),
	sample: {
		id: 'trans_abc123',
		status: 'processing',
		created_at: '2026-02-02T10:30:00Z',
		estimated_completion: '2026-02-02T10:35:00Z',
	},
	grade: 'documented',
	note: NO_CALLBACK,
	effect: 'create',
};

const getTranscription: Operation = {
	resource: 'transcription',
	name: 'get',
	label: 'Get',
	action: 'Get transcription',
	description: 'Get a transcription and its status.',
	fields: [transcriptionId],
	request: (input) => ({ method: 'GET', path: path`/transcribe/${text(input.transcriptionId) ?? ''}` }),
	items: ({ body }) => recordIn(body),
	sample: {
		id: 'trans_abc123',
		status: 'completed',
		transcript: 'Full transcript text...',
		speakers: [{ speaker: 'Speaker 1', segments: [] }],
		duration_seconds: 1800,
		confidence: 0.95,
	},
	grade: 'inferred',
	note: 'Not confirmed by Solatis: the address /transcribe/{id}.',
	effect: 'read',
};

const getWebhooks: Operation = {
	resource: 'webhook',
	name: 'getMany',
	label: 'Get Many',
	action: 'Get many webhooks',
	description: 'Get the webhooks of the account with their IDs, including those of published triggers.',
	fields: [],
	request: () => ({ method: 'GET', path: '/webhooks' }),
	// What signs the deliveries has no place in a workflow's data.
	items: (response) => listOrAnswer(response, 'webhooks').map((webhook) => without(webhook, 'secret') as JsonObject),
	sample: {
		id: 'wh_abc123',
		url: 'https://hooks.example.com/webhook/1a2b3c/webhook',
		events: ['document.analyzed'],
		status: 'active',
	},
	grade: 'inferred',
	note: 'Not confirmed by Solatis: the address GET /webhooks.',
	effect: 'read',
};

const getDeliveries: Operation = {
	resource: 'webhook',
	name: 'getDeliveries',
	label: 'Get Deliveries',
	action: 'Get webhook deliveries',
	description: 'Get the deliveries of a webhook with their results.',
	fields: [webhookId],
	request: (input) => ({ method: 'GET', path: path`/webhooks/${text(input.webhookId) ?? ''}/deliveries` }),
	items: (response) => listOrAnswer(response, 'deliveries'),
	sample: {
		id: 'del_abc123',
		event: 'document.analyzed',
		status: 'success',
		status_code: 200,
		delivered_at: '2026-02-02T10:30:00Z',
		response_time_ms: 145,
	},
	grade: 'documented',
	effect: 'read',
};

const getHealth: Operation = {
	resource: 'webhook',
	name: 'getHealth',
	label: 'Get Health',
	action: 'Get webhook health',
	description:
		'Check whether Solatis still delivers to a webhook. Solatis disables a webhook when the last of five retries has failed.',
	fields: [webhookId],
	request: (input) => ({ method: 'GET', path: path`/webhooks/${text(input.webhookId) ?? ''}/health` }),
	items: ({ body }) => recordIn(body),
	sample: { webhook_id: 'wh_abc123', status: 'healthy' },
	grade: 'documented',
	note: 'Not confirmed by Solatis. Check a real result before you rely on it.',
	effect: 'read',
};

const deleteWebhook: Operation = {
	resource: 'webhook',
	name: 'delete',
	label: 'Delete',
	action: 'Delete webhook',
	description: 'Delete a webhook, e.g. one that was left behind. A trigger whose webhook is deleted receives nothing.',
	fields: [webhookId],
	request: (input) => ({ method: 'DELETE', path: path`/webhooks/${text(input.webhookId) ?? ''}` }),
	items: (_response, input) => [{ id: input.webhookId ?? '', deleted: true }],
	sample: { id: 'wh_abc123', deleted: true },
	grade: 'inferred',
	note: 'Not confirmed by Solatis: the address DELETE /webhooks/{id}.',
	administrative: "It is meant for an administrator's clean-up.",
	effect: 'remove',
	repeatable: true,
};

export const operations: readonly Operation[] = [
	getDocuments,
	analyzeDocument,
	chatWithDocument,
	createTranscription,
	getTranscription,
	getWebhooks,
	getDeliveries,
	getHealth,
	deleteWebhook,
].map(checked);

export const lookups: Provider['lookups'] = {
	webhooks: {
		operation: 'webhook.getMany',
		value: ({ id }) => text(id) ?? '',
		label: ({ id, url, events }) =>
			`${text(url) ?? text(id) ?? ''} (${Array.isArray(events) ? events.join(', ') : 'events unknown'})`,
	},
};

/** The records of a list; an answer in which none can be found is passed on whole, so that nothing is hidden. */
function listOrAnswer({ body }: HttpResponse, name: string): readonly JsonObject[] {
	return listIn(body, name) ?? (isObject(body) ? [body] : []);
}
