/** How Solve360's webhooks are made, found and removed. https://solve360.com/api/webhook-management */
import { path, text } from '../../core/json.ts';
import type { Registration, RemoteSubscription, SubscriptionApi, Values } from '../../core/provider.ts';
import { words } from '../words.ts';
import { bodyOf, listItems } from './answers.ts';
import { call } from './connection.ts';

/** A hook as Solve360 lists it: it may also say what it is limited to. */
interface Hook extends RemoteSubscription {
	constraint?: string | undefined;
	contentType?: string | undefined;
}

/** Solve360 takes no webhook while its add-on is off. https://solve360.com/help/integration-walkthroughs/solve-webhooks-examples/ */
const PREREQUISITE =
	'Before you publish, ask a Solve360 administrator to enable webhooks: Solve menu > Add-ons > Enable Webhooks.';

/** One hook carries one event type. Making is documented, removing seen in a published client, listing inferred. */
const api: SubscriptionApi = {
	per: 'event',
	secret: 'ours',
	identifiedBy: 'id',
	subscribe: ({ url, events, secret, title, options }) =>
		call('POST', '/hooks/', {
			json: {
				type: 'web',
				title,
				// The documented example makes a switched-off hook (0).
				active: 1,
				event: events[0] ?? '',
				constrainttype: constraintOf(events[0], options),
				url,
				contenttype: contentTypeOf(options),
				secret: secret ?? '',
			},
		}),
	subscribed(response) {
		const body = bodyOf(response);
		const hook = body && body['id'] === undefined ? listItems(response)[0] : body;
		const id = words(hook?.['id']);
		return id === undefined ? {} : { id };
	},
	unsubscribe: ({ id }) => [call('DELETE', path`/hooks/${id ?? ''}/`)],
	list: {
		request: () => call('GET', '/hooks/'),
		read: (response): Hook[] =>
			listItems(response).flatMap((hook) => {
				const id = words(hook['id']);
				// Without an id a hook could not be removed: the path would be that of all hooks.
				if (id === undefined) return [];
				return [
					{
						id,
						url: text(hook['url']) ?? '',
						events: [text(hook['event']) ?? ''],
						active: text(hook['active']) !== '0' && hook['active'] !== false,
						constraint: text(hook['constrainttype']),
						contentType: text(hook['contenttype']),
					},
				];
			}),
		grade: 'inferred',
	},
	otherwise: 'If webhooks are not enabled, ask a Solve360 administrator: Solve menu > Add-ons > Enable Webhooks.',
	matches(remote, { events, options }) {
		const { constraint, contentType }: Hook = remote;
		return (
			(constraint === undefined || constraint === constraintOf(events[0], options)) &&
			(contentType === undefined || contentType === contentTypeOf(options))
		);
	},
};

/** The documented constraints narrow `items.*`; what narrows `activities.*` could not be read, so those get `all`. */
function constraintOf(event: string | undefined, options: Values): string {
	return (event?.startsWith('items.') && text(options['constrainTo'])) || 'all';
}

function contentTypeOf(options: Values): string {
	return text(options['contentType']) || 'json';
}

/** Both are documented. https://solve360.com/help/integration-walkthroughs/solve-webhooks-examples/ */
export const registrations: readonly [Registration, ...Registration[]] = [
	{
		name: 'api',
		label: 'Automatic',
		description: 'This node creates its webhooks in Solve360 when you publish, and deletes them when you unpublish.',
		kind: 'api',
		api,
		prerequisite: PREREQUISITE,
		grade: 'documented',
	},
	{
		name: 'manual',
		label: 'Manual',
		description: 'An administrator adds the webhooks in Solve360 once, with a secret that you enter in the credential',
		kind: 'manual',
		steps: [
			'Copy the production URL of this trigger.',
			'In Solve360, as an administrator, open Solve menu > Add-ons and enable webhooks, then open Configure Webhooks.',
			'Add a webhook for each event that you select here: paste the URL, choose the event, and enter a secret. Use the same secret for all of them.',
			'Enter the secret in the webhook credential of this trigger.',
			'Publish the workflow, then make one of the events happen in Solve360.',
		],
		grade: 'documented',
	},
];
