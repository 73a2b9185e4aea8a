/**
 * How webhooks of Solid# are registered: manually, as documented, or by the call of the vendor's command line.
 *
 * The two may not be one system. The 19 event types of the documentation are about business (orders, stock, contacts); the
 * 15 that the command line knows are about the account (company, keys, OAuth, invoices), and no source joins them. So
 * manual registration is the default, and the other is experimental.
 */
import { isObject, path, text } from '../../core/json.ts';
import type { HttpResponse, JsonObject, Registration, SubscriptionApi } from '../../core/provider.ts';
import type { Trial } from '../../core/subscription-trial.ts';
import { words } from '../words.ts';
import { listItems, PAGE_SIZE, recordItem } from './answers.ts';
import { get, send } from './connection.ts';

const WEBHOOKS = '/developer/webhooks';

/** What the vendor's command line sends as a test. No trigger asks for this type, so it starts nothing. */
export const TEST_EVENT = 'webhook.test';

export const listWebhooks = (query?: Parameters<typeof get>[1]) => get(WEBHOOKS, query);

export const deleteWebhook = (id: string) => send('DELETE', path`/developer/webhooks/${id}`);

export const testWebhook = (id: string, eventType: string) =>
	send('POST', path`/developer/webhooks/${id}/test`, { event_type: eventType });

/** The webhooks of a list, each with its `id`. */
export function webhooksIn(response: Parameters<typeof listItems>[0]): JsonObject[] {
	return listItems(response, 'webhooks').map((webhook) => {
		const id = idOf(webhook);
		return id === undefined ? webhook : { ...webhook, id };
	});
}

/** As solid-cli calls it (`src/commands/webhooks.ts`). */
const developerApi: SubscriptionApi = {
	per: 'set',
	secret: 'theirs',
	identifiedBy: 'id',
	subscribe: ({ url, title, events }) => send('POST', WEBHOOKS, { url, name: title, events: [...events] }),
	subscribed(response) {
		const outer: JsonObject = isObject(response.body) ? response.body : {};
		const webhook = recordItem(response, 'webhook')[0] ?? {};
		const id = idOf(webhook);
		const secret = text(webhook['secret']) || text(outer['secret']) || text(webhook['signing_secret']);
		return { ...(id !== undefined && { id }), ...(secret && { secret }) };
	},
	unsubscribe: ({ id }) => [deleteWebhook(id ?? '')],
	list: {
		request: (offset) => listWebhooks({ limit: PAGE_SIZE, offset }),
		read: (response) =>
			webhooksIn(response).flatMap((webhook) => {
				const id = idOf(webhook);
				if (id === undefined) return [];
				const events = Array.isArray(webhook['events']) ? webhook['events'].map(String) : [];
				return [{ id, url: text(webhook['url']) ?? '', events, active: webhook['is_active'] !== false }];
			}),
		grade: 'client',
	},
	trial: {
		request: ({ id }) => testWebhook(id ?? '', TEST_EVENT),
		read: readTrial,
	},
	otherwise:
		'If this does not change, select "Manual" under Registration and add the URL in Solid# under Settings > Webhooks.',
};

/** `delivery_status` or `status`, `response_code` and `latency_ms`. Which words a status has is not known: the code counts first. */
function readTrial(response: HttpResponse): ReturnType<Trial['read']> {
	const [result = {}] = recordItem(response);
	const said = words(result['delivery_status']) ?? words(result['status']) ?? '';
	const code = Number(result['response_code'] ?? 0);
	const taken = Number(result['latency_ms'] ?? Number.NaN);
	const times = Number.isFinite(taken) ? { milliseconds: taken } : {};
	if (code >= 100) return { delivered: code >= 200 && code < 300, status: code, ...times };
	if (/^(delivered|success|succeeded|ok)$/i.test(said)) return { delivered: true, ...times };
	return /^(fail|error|timeout|timed|unreachable|refused)/i.test(said) ? { delivered: false, ...times } : undefined;
}

/** The id is called `webhook_id` in a test of the vendor's client. */
function idOf(webhook: JsonObject): string | undefined {
	return words(webhook['id']) ?? words(webhook['webhook_id']);
}

export const registrations: readonly [Registration, ...Registration[]] = [
	{
		name: 'manual',
		label: 'Manual',
		description: 'You add the URL in Solid# once and put its signing secret into the webhook credential.',
		kind: 'manual',
		steps: [
			'Copy the production URL of this trigger. It must begin with https.',
			'In Solid#, open Settings > Webhooks, add an endpoint and paste the URL.',
			'Select the events that you want.',
			"Copy the endpoint's signing secret into the webhook credential of this trigger.",
			'Publish the workflow, then choose "Send Test Event" in Solid#.',
		],
		grade: 'documented',
	},
	{
		name: 'developerApi',
		label: 'Developer API (Experimental)',
		description: "Experimental: Solid# doesn't document this. If publishing fails, select Manual.",
		kind: 'api',
		api: developerApi,
		grade: 'client',
		experimental: true,
	},
];
