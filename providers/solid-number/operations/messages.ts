/**
 * Text messages, e-mails and the chat. SMS and chat are documented (https://solidnumber.com/docs/api); e-mail is as the
 * vendor's command line calls it.
 */
import { path } from '../../../core/json.ts';
import type { Field, HttpResponse, JsonObject, Operation } from '../../../core/provider.ts';
import { recordItem } from '../answers.ts';
import { API, idField, idIn, send } from '../calls.ts';

const message: Field = {
	name: 'message',
	label: 'Message',
	type: 'text',
	required: true,
	description: 'What to say.',
};

/** What was sent, with whatever id the answer gives it. */
function sent(response: HttpResponse): JsonObject[] {
	return recordItem(response, 'message', 'email').map((item) => {
		const id = item['id'] ?? item['message_id'] ?? item['email_id'] ?? item['conversation_id'];
		return id === undefined ? item : { id, ...item };
	});
}

export const messageOperations: readonly Operation[] = [
	{
		resource: 'sms',
		name: 'send',
		label: 'Send',
		action: 'Send text message',
		description: 'Send a text message (SMS).',
		fields: [
			{
				name: 'toPhone',
				label: 'To',
				type: 'string',
				required: true,
				placeholder: 'e.g. +15550100',
				description: 'The number that gets the message, with + and the country code.',
			},
			message,
		],
		request: (input) => send('POST', `${API}/sms/send`, { to_phone: input['toPhone'], message: input['message'] }),
		items: sent,
		sample: { id: 'msg_1', status: 'queued' },
		grade: 'documented',
		note: 'What the answer holds is not documented.',
		zapier: 'create',
	},
	{
		resource: 'email',
		name: 'reply',
		label: 'Reply',
		action: 'Reply to email',
		description: 'Answer an e-mail.',
		fields: [
			idField('Email', 'e-mail to answer'),
			{ name: 'body', label: 'Body', type: 'text', required: true, description: 'The text of the answer.' },
		],
		request: (input) =>
			send('POST', path`/api/v1/crm/emails/${idIn(input, 'Email ID')}/reply`, { body: input['body'] }),
		items: sent,
		sample: { id: 77, status: 'sent' },
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'email',
		name: 'send',
		label: 'Send',
		action: 'Send email',
		description: 'Send an e-mail.',
		fields: [
			{
				name: 'to',
				label: 'To',
				type: 'email',
				required: true,
				placeholder: 'e.g. ada@example.com',
				description: 'The address that gets the e-mail.',
			},
			{
				name: 'subject',
				label: 'Subject',
				type: 'string',
				required: true,
				placeholder: 'e.g. Your quote',
				description: 'What it is about.',
			},
			{ name: 'body', label: 'Body', type: 'text', required: true, description: 'The text of the e-mail.' },
		],
		request: (input) =>
			send('POST', `${API}/crm/emails/send`, { to: input['to'], subject: input['subject'], body: input['body'] }),
		items: sent,
		sample: { id: 77, status: 'sent' },
		grade: 'client',
		zapier: 'create',
	},
	{
		resource: 'chat',
		name: 'sendMessage',
		label: 'Send Message',
		action: 'Send chat message',
		description: "Say something to the account's AI agents, and get their answer.",
		fields: [
			message,
			{
				name: 'conversationId',
				label: 'Conversation ID',
				type: 'string',
				description: 'The conversation to go on with. Empty: a new one.',
			},
		],
		request: (input) =>
			send('POST', `${API}/chat/message`, { message: input['message'], conversation_id: input['conversationId'] }),
		items: sent,
		sample: { id: 'conv_1', conversation_id: 'conv_1', response: 'How can I help?' },
		grade: 'documented',
		note: 'What the answer holds is not documented.',
		zapier: 'create',
	},
];
