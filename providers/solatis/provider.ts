/** Solatis: documents, meetings and tasks, analyzed. Sources and grades: README.md. */
import type { Provider } from '../../core/provider.ts';
import { isAnswer, isNotFound, readError } from './answers.ts';
import { api, webhook } from './connection.ts';
import { receiving } from './deliveries.ts';
import { events } from './events.ts';
import { lookups, operations, resources } from './operations.ts';
import { registrations } from './subscriptions.ts';

export const solatis: Provider = {
	id: 'solatis',
	name: 'Solatis',
	description: 'Analyzes documents, transcribes meetings and keeps the tasks that result from them.',
	homepage: 'https://docs.solatis.team',
	documentation: 'https://docs.solatis.team/api/webhooks.html',
	api,
	webhook,
	events,
	receiving,
	registrations,
	resources,
	operations,
	lookups,
	readError,
	isNotFound,
	isAnswer,
	assumptions: [
		'The answer to a new webhook holds its ID as id, data.id or webhook.id. If it does not, publishing fails and says that no ID came; the webhook can then be removed manually in Solatis.',
		'DELETE /webhooks/{id} removes a webhook (webhook.delete). If it is refused, the ID left behind is named.',
		'GET /webhooks lists webhooks as an array, or in webhooks or data, with id, url, events and a state in status, enabled, active or disabled. If it returns 403, 404, 405 or 501, the stored ID is relied upon, and a webhook that Solatis disabled is not noticed on publishing.',
		'A listed state that is not known to be good counts as disabled: the webhook is replaced on the next publishing, and nothing is lost.',
		'The data of the other 11 events is documented by a phrase each: document.deleted, document.shared, transcription.started, meeting.analyzed, action_items.extracted, task.created, task.updated, task.completed, task.deleted, content.generated, brainstorm.completed. Their samples are assumed; real payloads are passed on as is.',
		'The question to a document (document.chat) is sent as message. If it is not, Solatis refuses the call and names the field it misses, which can be given under Other Fields.',
		'A transcription (transcription.get) is found at /transcribe/{id}. If it is not, the call returns 404.',
		'The answers of document.getMany and webhook.getHealth are not documented and passed on as is. The list of webhooks (webhook.getMany) is assumed at GET /webhooks; if it is not there, the call returns 404 and a webhook can still be selected by its ID.',
		'Which scope of a key permits webhooks is not documented. A key without it is refused when the trigger is published, with what Solatis says.',
		'The base URL is https://api.solatis.team/v2, as on the pages about webhooks; two pages about authentication name others. It can be changed in the credential.',
	],
};
