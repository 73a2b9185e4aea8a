/**
 * Emails, text messages, messages to a contact, and the chat. SMS and chat are documented (https://solidnumber.com/docs/api);
 * the rest is as solid-cli calls it (inbox.ts).
 */
import { InvalidInput } from '../../../core/errors.ts';
import { path } from '../../../core/json.ts';
import type { Field, HttpResponse, JsonObject, Operation } from '../../../core/provider.ts';
import { words } from '../../words.ts';
import { listItems, paging, recordItem, withId } from '../answers.ts';
import { get, send } from '../connection.ts';
import { idField, idIn, idValue, matching, phoneIn } from './fields.ts';

const EMAIL: JsonObject = {
	id: 77,
	direction: 'inbound',
	from_email: 'ada@example.com',
	to_email: 'office@example.com',
	subject: 'Your quote',
	body: 'When can you start?',
	thread_id: 'thread_1',
	created_at: '2026-02-02T10:30:00Z',
};

const message: Field = {
	name: 'message',
	label: 'Message',
	type: 'text',
	required: true,
	description: 'The text to send.',
};

const body: Field = {
	name: 'body',
	label: 'Body',
	type: 'text',
	required: true,
	description: 'The text of the email.',
};

const emailId = idField('email', 'Email');

/** What was sent, with the id that the answer gives it, if any. */
function sent(response: HttpResponse): JsonObject[] {
	return recordItem(response, 'message', 'email').map((item) =>
		withId(item, 'message_id', 'email_id', 'conversation_id'),
	);
}

/** To whom an answer to an email goes, and under which subject, as the vendor's client has it. */
function answerTo(email: JsonObject): { to: string; subject: string } {
	const inbound = words(email['direction'])?.toLowerCase() === 'inbound';
	const from = words(email['from_email']) ?? words(email['from_address']) ?? words(email['from']);
	const to = words(email['to_email']) ?? words(email['to_address']) ?? words(email['to']);
	const subject = words(email['subject']) ?? '';
	return { to: (inbound ? from : to) ?? '', subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`.trim() };
}

const emails: readonly Operation[] = [
	{
		resource: 'email',
		name: 'get',
		label: 'Get',
		action: 'Get email',
		description: 'Get an email.',
		fields: [emailId],
		request: (input) => get(path`/crm/emails/${idIn(input, 'Email ID')}`),
		items: (response) => recordItem(response, 'email'),
		sample: EMAIL,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'email',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many emails',
		description: 'Get emails, all or those in one direction.',
		fields: [
			{
				name: 'direction',
				label: 'Direction',
				type: 'choice',
				options: [
					{ value: 'inbound', label: 'Inbound' },
					{ value: 'outbound', label: 'Outbound' },
				],
				description: 'Only emails that were received, or only those that were sent.',
			},
		],
		request: (input) => get('/crm/emails', { direction: words(input['direction']) }),
		keep: (input) => matching(input, { direction: 'direction' }),
		items: (response) => listItems(response, 'emails'),
		// The client pages by number here. It did so for contacts, too, where the service never read it: both are sent.
		paging: {
			...paging,
			page: (request, { page, offset, size }) => ({
				...request,
				query: { ...request.query, page: page + 1, page_size: size, limit: size, offset },
			}),
		},
		sample: EMAIL,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'email',
		name: 'reply',
		label: 'Reply',
		action: 'Reply to email',
		description: 'Reply to an email.',
		fields: [emailId, body],
		prepare: (input) => [get(path`/crm/emails/${idIn(input, 'Email ID')}`)],
		prepared: ([email]) => ({ email: (email && recordItem(email, 'email')[0]) ?? {} }),
		request(input, { email = {} } = {}) {
			const { to, subject } = answerTo(email as JsonObject);
			if (to === '') throw new InvalidInput('This email has no address to reply to. Use "Send" instead.');
			return send('POST', path`/crm/emails/${idIn(input, 'Email ID')}/reply`, {
				to_email: to,
				subject,
				text_content: input['body'],
			});
		},
		items: sent,
		sample: { id: 78, status: 'sent' },
		grade: 'client',
		effect: 'create',
	},
	{
		resource: 'email',
		name: 'send',
		label: 'Send',
		action: 'Send email',
		description: 'Send an email.',
		fields: [
			{
				name: 'to',
				label: 'To',
				type: 'email',
				required: true,
				placeholder: 'e.g. ada@example.com',
				description: 'The email address to send to.',
			},
			{
				name: 'subject',
				label: 'Subject',
				type: 'string',
				required: true,
				placeholder: 'e.g. Your quote',
				description: 'The subject line.',
			},
			body,
		],
		request: (input) =>
			send('POST', '/crm/emails/send', {
				to_email: input['to'],
				subject: input['subject'],
				text_content: input['body'],
			}),
		items: sent,
		sample: { id: 78, status: 'sent' },
		grade: 'client',
		effect: 'create',
	},
];

export const messageOperations: readonly Operation[] = [
	...emails,
	{
		resource: 'message',
		name: 'send',
		label: 'Send',
		action: 'Send message to contact',
		description: 'Send a message to a contact by email or text message.',
		fields: [
			{
				name: 'contactId',
				label: 'Contact ID',
				type: 'choice',
				choicesFrom: 'contact',
				required: true,
				placeholder: 'e.g. 42',
				description: 'The contact to send to.',
			},
			message,
			{
				name: 'channel',
				label: 'Channel',
				type: 'choice',
				options: [
					{ value: 'email', label: 'Email' },
					{ value: 'sms', label: 'SMS' },
				],
				description: 'How to send the message. Solid# chooses if you leave this out.',
			},
		],
		request: (input) =>
			send('POST', '/communications/send', {
				contact_id: idValue(input, 'contactId'),
				message: input['message'],
				channel: input['channel'],
			}),
		items: sent,
		sample: { id: 'msg_1', channel: 'email' },
		grade: 'client',
		effect: 'create',
	},
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
				description: 'The phone number to send to, with + and the country code.',
			},
			message,
		],
		request: (input) =>
			send('POST', '/sms/send', { to_phone: phoneIn(input, 'toPhone', 'To'), message: input['message'] }),
		items: sent,
		sample: { id: 'msg_1', status: 'queued' },
		grade: 'documented',
		effect: 'create',
	},
	{
		resource: 'chat',
		name: 'sendMessage',
		label: 'Send Message',
		action: 'Send chat message',
		description: "Send a message to your account's AI agents and get their answer.",
		fields: [
			message,
			{
				name: 'conversationId',
				label: 'Conversation ID',
				type: 'string',
				description: 'The conversation to continue. Leave empty to start a new one.',
			},
		],
		timeoutSeconds: 120,
		request: (input) =>
			send('POST', '/chat/message', { message: input['message'], conversation_id: input['conversationId'] }),
		items: sent,
		sample: { id: 'conv_1', conversation_id: 'conv_1', response: 'How can I help?' },
		grade: 'documented',
		effect: 'create',
	},
];
