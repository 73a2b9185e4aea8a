/** Solve360 (Solve CRM), by Norada. Sources and grades: README.md. */
import { text } from '../../core/json.ts';
import type { ApiConnection, Field, Provider } from '../../core/provider.ts';
import { readError } from './answers.ts';
import { call } from './calls.ts';
import { receiving } from './deliveries.ts';
import { events } from './events.ts';
import { lookups, operations, resources } from './operations.ts';
import { subscriptions } from './subscriptions.ts';

/** HTTP Basic with the user's e-mail address and API token. https://norada.com/api/introduction */
const api: ApiConnection = {
	fields: [
		{
			name: 'email',
			label: 'Email',
			type: 'email',
			required: true,
			placeholder: 'e.g. sam@example.com',
			description: 'The e-mail address of the Solve360 user whose permissions are used.',
		},
		{
			name: 'apiToken',
			label: 'API Token',
			type: 'string',
			required: true,
			secret: true,
			description: "The user's API token.",
		},
	],
	baseUrl: 'https://secure.solve360.com',
	authenticate(request, credentials) {
		const user = `${text(credentials['email']) ?? ''}:${text(credentials['apiToken']) ?? ''}`;
		const authorization = `Basic ${Buffer.from(user, 'utf8').toString('base64')}`;
		return { ...request, headers: { ...request.headers, authorization } };
	},
	test: call('GET', '/ownership/'),
	help: 'https://solve360.com/api/records/',
	hint: 'it takes the e-mail address of a Solve360 user and the token from Settings > My Account > API Token.',
};

const triggerFields: readonly Field[] = [
	{
		name: 'constrainTo',
		label: 'Constrain To',
		type: 'choice',
		default: 'all',
		options: [
			{ value: 'all', label: 'All Records' },
			{ value: 'company', label: 'Companies' },
			{ value: 'contact', label: 'Contacts' },
			{ value: 'projectblog', label: 'Project Blogs' },
		],
		description:
			'Which records the record and tag events come from. Activity events always come from all: Solve360 documents no narrower choice for them.',
	},
	{
		name: 'tags',
		label: 'Tags',
		type: 'list',
		placeholder: 'e.g. Lead, 53966',
		description:
			'Only for the tag events: names or ids of category tags. Empty: all tags. Other events are not filtered.',
	},
	{
		name: 'untagged',
		label: 'When a Tag Is Removed',
		type: 'choice',
		default: 'all',
		options: [
			{
				value: 'all',
				label: 'Every Removal',
				description: 'Nothing can be missed; also removals of other tags arrive',
			},
			{
				value: 'missing',
				label: 'Only Where a Tag Above Is Missing',
				description: 'Right if a notification shows the record after the removal, which is not documented',
			},
		],
		description:
			'A notification is not documented to say which tag was removed. This is how the tags above apply to removals.',
	},
	{
		name: 'contentType',
		label: 'Content Type',
		type: 'choice',
		default: 'json',
		options: [
			{ value: 'json', label: 'JSON' },
			{
				value: 'xml',
				label: 'XML',
				description:
					'Not for many large notifications at once: n8n refuses what its XML reader mixes up, until Solve360 sends it again',
			},
			{
				value: 'form',
				label: 'Form',
				description: 'Solve360 documents this format, but not what it is called in the API: "form" is assumed',
			},
		],
		description: 'How Solve360 sends notifications. Items look the same either way.',
	},
];

export const solve360: Provider = {
	id: 'solve360',
	name: 'Solve360',
	description: 'A CRM for small businesses with contacts, companies, project blogs and tickets.',
	homepage: 'https://solve360.com',
	documentation: 'https://solve360.com/api/webhooks/',
	api,
	events,
	receiving: {
		proofs: [
			{
				name: 'hmac',
				label: 'X-Solve360-Hmac-Sha256',
				description: 'HMAC-SHA256 of the body, hexadecimal.',
				scheme: { kind: 'hmac', header: 'x-solve360-hmac-sha256', encoding: 'hex' },
				// The header is documented; that its value is hexadecimal is seen in a published handler.
				grade: 'client',
			},
		],
		...receiving,
	},
	registrations: [
		{
			name: 'automatic',
			label: 'Automatic',
			description: 'The trigger makes its webhooks in Solve360 when it is published, and removes them afterwards.',
			kind: 'api',
			api: subscriptions,
			grade: 'documented',
		},
	],
	triggerFields,
	resources,
	operations,
	lookups,
	readError,
	assumptions: [
		'The signature is hexadecimal: the documentation names only HMAC-SHA256 and the header. Were it anything else, every delivery would be rejected as signature_malformed.',
		'GET /hooks/ lists webhooks (also for webhook.getMany). If it is answered 403, 404, 405 or 501, the stored ids are relied upon instead.',
		'DELETE /hooks/{id}/ removes a webhook (seen in a published client). If it is refused, the id left behind is named.',
		'The content type of form bodies is called "form". If it is not, publishing fails with what Solve360 says.',
		'Form bodies nest as PHP writes them: content[item][name]. If they do not, the names arrive as they are spelled.',
		'What the content of items.delete, items.restore, activities.delete and activities.restore holds is not documented: their samples are assumed.',
		'Below content, XML and form bodies hold the same names as the JSON. Names that differ are handed on unchanged.',
		'What narrows activity events could not be read: their webhooks are made with constrainttype all.',
		'Which tag was removed is not told by items.uncategorize: every removal is handed on unless the person chooses otherwise.',
		'occured (sic) is repeated by a retry. If it is not, the retry counts as a new event.',
		'Several tags are sent as an array: {"categories": {"add": {"category": [1, 2]}}}.',
		"Lists count from start 1, as the vendor's client does; the first page is asked for without start.",
		'Lists of fields, users and reports are read in every shape that the documented XML could take as JSON.',
	],
};
