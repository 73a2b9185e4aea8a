/** How webhooks of Solid# come to be: by hand, as documented, or by the call of the vendor's command line. */
import { isObject, path, text } from '../../core/json.ts';
import type { JsonObject, Registration, SubscriptionApi } from '../../core/provider.ts';
import { words } from '../words.ts';
import { listItems, MAX_PAGE, recordItem } from './answers.ts';
import { API, get, send } from './calls.ts';

const WEBHOOKS = `${API}/developer/webhooks`;

/**
 * `/developer/webhooks`, as the vendor's command line calls it (solid-cli, `src/commands/webhooks.ts`). No page documents it,
 * and that client's own list of event types has none of the documented 19.
 */
const developerApi: SubscriptionApi = {
	per: 'set',
	secret: 'theirs',
	identifiedBy: 'id',
	subscribe: ({ url, title, events }) => send('POST', WEBHOOKS, { url, name: title, events: [...events] }),
	subscribed(response) {
		const outer: JsonObject = isObject(response.body) ? response.body : {};
		const webhook = recordItem(response, 'webhook')[0] ?? {};
		const id = words(webhook['id']);
		const secret = text(webhook['secret']) || text(outer['secret']) || text(webhook['signing_secret']);
		return { ...(id !== undefined && { id }), ...(secret && { secret }) };
	},
	unsubscribe: ({ id }) => [{ method: 'DELETE', path: path`/api/v1/developer/webhooks/${id ?? ''}` }],
	list: {
		request: (offset) => get(WEBHOOKS, { limit: MAX_PAGE, offset }),
		read: (response) =>
			listItems(response, 'webhooks').flatMap((webhook) => {
				const id = words(webhook['id']);
				if (id === undefined) return [];
				const events = Array.isArray(webhook['events']) ? webhook['events'].map(String) : [];
				return [{ id, url: text(webhook['url']) ?? '', events, active: webhook['is_active'] !== false }];
			}),
		grade: 'client',
	},
	otherwise:
		'Solid# documents no call that registers a webhook. Choose the registration "By Hand" and register the URL in Solid# under Settings > Webhooks.',
};

export const registrations: readonly [Registration, ...Registration[]] = [
	{
		name: 'manual',
		label: 'By Hand',
		description: 'You register the URL in Solid# once, and give its secret to the credential.',
		kind: 'manual',
		steps: [
			'Copy the production URL of this trigger.',
			'In Solid#, open Settings > Webhooks, add an endpoint and paste the URL. It must begin with https.',
			'Select the events you want: the same as here, or more.',
			"Copy the endpoint's signing secret into the webhook credential of this trigger.",
			'Publish the workflow, then choose "Send Test Event" in Solid#.',
		],
		grade: 'documented',
	},
	{
		name: 'developerApi',
		label: 'Developer API (Experimental)',
		description:
			'The trigger registers itself by a call that Solid# does not document. If that fails, register by hand.',
		kind: 'api',
		api: developerApi,
		grade: 'client',
		experimental: true,
	},
];
