/** Solve360 (Solve CRM), by Norada. Sources and grades: README.md. */
import type { Field, Provider } from '../../core/provider.ts';
import { isAnswer, isNotFound, readError } from './answers.ts';
import { api, webhook } from './connection.ts';
import { receiving } from './deliveries.ts';
import { events } from './events.ts';
import { lookups, operations, resources } from './operations/index.ts';
import { registrations } from './subscriptions.ts';

/** The events of records; those of activities cannot be narrowed to a type of record. */
const RECORD_EVENTS = events.flatMap(({ name }) => (name.startsWith('items.') ? [name] : []));

const triggerFields: readonly Field[] = [
	{
		name: 'constrainTo',
		label: 'Record Type',
		type: 'choice',
		showIf: { events: RECORD_EVENTS },
		default: 'all',
		options: [
			{ value: 'all', label: 'All Records' },
			{ value: 'company', label: 'Companies' },
			{ value: 'contact', label: 'Contacts' },
			{ value: 'projectblog', label: 'Project Blogs' },
		],
		description:
			'The records whose events start the workflow. Applies to record and tag events, not to activities. With Manual, choose the records in Solve360 instead.',
	},
	{
		name: 'tags',
		label: 'Tags',
		type: 'list',
		choicesFrom: 'recordTags',
		showIf: { events: ['items.categorize', 'items.uncategorize'] },
		placeholder: 'e.g. Lead, 53966',
		description: 'Category tags. Leave empty for all tags. Applies to tag events only.',
	},
	{
		name: 'untagged',
		label: 'When a Tag Is Removed',
		type: 'choice',
		showIf: { events: ['items.uncategorize'] },
		default: 'all',
		options: [
			{
				value: 'all',
				label: 'Every Removal',
				description: 'No event is missed, but removals of other tags start the workflow, too',
			},
			{
				value: 'missing',
				label: 'Only Where a Tag Above Is Missing',
				description: 'Not confirmed by Solve360. Check a real event before you rely on it.',
			},
		],
		description: 'Events do not say which tag was removed. Choose how the tags above apply to them.',
	},
	{
		name: 'contentType',
		label: 'Content Type',
		type: 'choice',
		advanced: true,
		default: 'json',
		options: [
			{ value: 'json', label: 'JSON' },
			{
				value: 'xml',
				label: 'XML',
				description:
					'Not for many large events at once: n8n refuses what its XML reader mixes up, until Solve360 sends it again',
			},
			{
				value: 'form',
				label: 'Form',
				description: 'Not confirmed by Solve360: the name of this format in the API',
			},
		],
		description: 'How Solve360 sends events. Items look the same either way.',
	},
];

export const solve360: Provider = {
	id: 'solve360',
	name: 'Solve360',
	description: 'A CRM for small businesses with contacts, companies, project blogs and tickets.',
	homepage: 'https://solve360.com',
	documentation: 'https://solve360.com/api/webhooks/',
	api,
	webhook,
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
	registrations,
	triggerFields,
	resources,
	mainResource: 'contact',
	operations,
	lookups,
	readError,
	isNotFound,
	isAnswer,
	assumptions: [
		'The signature is hexadecimal: the documentation names only HMAC-SHA256 and the header. Were it anything else, every delivery would be rejected as signature_malformed.',
		'GET /hooks/ lists webhooks (also for webhook.getMany). If it returns 403, 404, 405 or 501, the stored IDs are used instead.',
		'DELETE /hooks/{id}/ removes a webhook (seen in a published client). If it is refused, the error shows the ID that is left.',
		'The content type of form bodies is called "form". If it is not, publishing fails with what Solve360 says.',
		'Form bodies nest as PHP writes them: content[item][name]. If they do not, the names are passed on as they are spelled.',
		'The content of items.delete, items.restore, activities.delete and activities.restore is not documented: their samples are assumed.',
		'Below content, XML and form bodies have the same names as the JSON. Names that differ are passed on unchanged.',
		'What narrows activity events could not be read: their webhooks are created with constrainttype all.',
		'items.uncategorize does not say which tag was removed: every removal is passed on unless the person chooses otherwise.',
		'A change through the API raises events, too: a published handler guards itself against that.',
		'Tags and relations are sent as published JSON clients do: {"categories":{"add":["53966"]}}, {"relateditems":{"add":[{"id":"467070"}]}}. If Solve360 ignores that, the operation fails with "accepted the call but did not set the tag", as long as its answer shows the tags.',
		'Lists are right whether start counts from 0 or from 1: records that came before are dropped, and the list ends at count.',
		'The filters byemail and byphone match as published clients use them. Create or Update stops if the contacts found show other email addresses.',
		'The columns of a list (fieldlist) are keys with commas between them. If they are not, Solve360 ignores or refuses them.',
		'Reports are read in every shape that published clients have met. The containers of next actions, follow-ups and the calendar are assumed: were they different, their entries would still be found by ID.',
		'All field values are sent as texts, yes and no as 1 and 0, as the rules of the vendor for its own connector say.',
		'The unit of lastreportedwithin of location.getMany is not documented.',
	],
};
