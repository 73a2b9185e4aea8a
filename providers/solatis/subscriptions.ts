/** Webhooks of Solatis: one for all events, with a secret of ours. https://docs.solatis.team/api/webhooks.html */
import { InvalidInput } from '../../core/errors.ts';
import { isObject, path, text } from '../../core/json.ts';
import type {
	FailedDelivery,
	HttpResponse,
	JsonObject,
	Provider,
	RemoteSubscription,
	SubscriptionApi,
} from '../../core/provider.ts';
import { listIn, webhookIdIn } from './answers.ts';

const subscriptions: SubscriptionApi = {
	per: 'set',
	secret: 'ours',
	identifiedBy: 'id',
	subscribe: ({ url, events, secret }) => ({
		method: 'POST',
		path: '/webhooks',
		json: { url, events: [...events], ...(secret !== undefined && { secret }) },
	}),
	subscribed: ({ body }) => {
		const id = webhookIdIn(body);
		return id === undefined ? {} : { id };
	},
	// Not documented: the path of a webhook is that of its deliveries, which is.
	unsubscribe: ({ id }) => {
		if (!id) throw new InvalidInput('A Solatis webhook can be removed by its ID only, and none is known.');
		return [{ method: 'DELETE', path: path`/webhooks/${id}` }];
	},
	list: {
		request: (offset, previous) => ({
			method: 'GET',
			path: '/webhooks',
			...(previous !== undefined && mayGoOn(offset, previous) && { query: { offset } }),
		}),
		read: ({ body }) => (listIn(body, 'webhooks') ?? []).flatMap(toSubscription),
		grade: 'inferred',
	},
	// A failed one is shown without a time; where there is one all the same, it is likely under one of these names.
	attempts: {
		request: (id) => ({ method: 'GET', path: path`/webhooks/${id}/deliveries` }),
		failed: ({ body }) =>
			(listIn(body, 'deliveries') ?? []).flatMap((delivery): FailedDelivery[] => {
				const id = text(delivery.id);
				if (id === undefined || text(delivery.status) !== 'failed') return [];
				const at = [delivery.failed_at, delivery.last_attempt_at, delivery.created_at].find(
					(time) => typeof time === 'string',
				);
				return [{ id, event: text(delivery.event) ?? '', ...(typeof at === 'string' && { at }) }];
			}),
		grade: 'documented',
	},
};

/**
 * Whether the list of webhooks may have another page. Not documented: the parameter is that of the list of documents. It is sent
 * when the answer says that there is more, or when as many came as could be a full page. Without it the first page comes again.
 */
function mayGoOn(offset: number, { body }: HttpResponse): boolean {
	const { has_more, total } = isObject(body) ? body : {};
	if (has_more !== undefined || total !== undefined) return has_more === true || Number(total) > offset;
	return offset >= 20 && offset % 10 === 0;
}

function toSubscription(webhook: JsonObject): RemoteSubscription[] {
	const id = text(webhook.id);
	const url = text(webhook.url);
	if (!id || !url) return [];
	const events = Array.isArray(webhook.events) ? webhook.events.filter((event) => typeof event === 'string') : [];
	return [{ id, url, events, active: isActive(webhook) }];
}

/**
 * Whether Solatis still delivers: it disables a webhook when the last of five retries has failed. How a list shows that is not
 * documented. A status that is not known to be good counts as disabled: then the webhook is replaced, and works again.
 */
function isActive({ status, enabled, active, disabled }: JsonObject): boolean {
	if (isFalse(enabled) || isFalse(active) || isTrue(disabled)) return false;
	const state = text(status)?.toLowerCase();
	return state === undefined || ['active', 'enabled', 'healthy', 'ok'].includes(state);
}

function isFalse(value: JsonObject[string] | undefined): boolean {
	return value === false || value === 0 || value === 'false';
}

function isTrue(value: JsonObject[string] | undefined): boolean {
	return value === true || value === 1 || value === 'true';
}

/** How a webhook comes to be registered. The first is the default. */
export const registrations: Provider['registrations'] = [
	{
		name: 'api',
		label: 'Automatic',
		description: 'This node creates its webhook in Solatis when you publish, and deletes it when you unpublish.',
		kind: 'api',
		api: subscriptions,
		grade: 'documented',
	},
	{
		name: 'manual',
		label: 'Manual',
		description: 'You add the webhook in Solatis once and put its secret into the webhook credential.',
		kind: 'manual',
		steps: [
			'Copy the production URL of this trigger.',
			'In Solatis, open Settings > Developer > Webhooks and choose "Add Webhook".',
			'Enter the URL and select the events.',
			'Copy the secret of the webhook into the webhook credential of this trigger.',
			'Publish the workflow, then let one of the events happen.',
		],
		grade: 'documented',
	},
];
