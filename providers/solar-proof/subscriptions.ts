/** Webhooks of Solar Proof: one for each event, and its token in the URL. */
import type { HttpRequest, Provider, SubscriptionApi } from '../../core/provider.ts';
import { isGone } from './answers.ts';

/** https://solarproof.com.au/api-documentation/webhooks/subscribe.php, /webhooks/unsubscribe.php */
const subscriptions: SubscriptionApi = {
	per: 'event',
	secret: 'url-token',
	identifiedBy: 'url',
	subscribe: ({ url, events: [event] }) => ({
		method: 'POST',
		path: '',
		query: { action: 'subscribe_customer' },
		json: { hookUrl: url, type_request: event ?? '' },
	}),
	subscribed: () => ({}),
	// The page's sample says POST, its heading DELETE. Removes every event of the URL, hence a URL for each event.
	unsubscribe: ({ url }) => [unsubscribing('POST', url), unsubscribing('DELETE', url)],
	gone: isGone,
};

function unsubscribing(method: 'POST' | 'DELETE', url: string): HttpRequest {
	return { method, path: '', query: { action: 'unsubscribe_customer' }, json: { hookUrl: url } };
}

/** How a webhook comes to be registered. The first is the default. */
export const registrations: Provider['registrations'] = [
	{
		name: 'automatic',
		label: 'Automatic',
		description:
			'This node subscribes to each event in Solar Proof when you publish, and unsubscribes when you unpublish.',
		kind: 'api',
		api: subscriptions,
		grade: 'documented',
	},
];
