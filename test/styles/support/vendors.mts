/**
 * How each service signs: by the vendor's own library where npm has one, otherwise by node:crypto as its page says. Nothing here
 * uses `core/`.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import { sign as githubSign, verify as githubVerify } from '@octokit/webhooks-methods';
import { shopifyApi, LogSeverity } from '@shopify/shopify-api';
import '@shopify/shopify-api/adapters/node';
import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { WebhooksHelper } from 'square';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';

export type Headers = Record<string, string>;

/** A request as a service would send it. */
export interface Sent {
	body: string;
	url: string;
	/** Seconds since 1970. */
	at: number;
	/** The service's id for the event. */
	id: string;
	/** The event type, for services that name it in a header. */
	event: string;
}

export interface Vendor {
	/** What signs, or checks what we sign. */
	by: string;
	secret: string;
	sign: (sent: Sent) => Headers | Promise<Headers>;
	/** Whether the vendor's own library takes a request for genuine; not there where npm has none. */
	accepts?: (sent: Sent, headers: Headers) => boolean | Promise<boolean>;
}

const SECRET = 'made-up secret of a test';
const BASE64_SECRET = `whsec_${Buffer.from(SECRET).toString('base64')}`;

const hmac = (text: string) => createHmac('sha256', SECRET).update(text);

const shopify = shopifyApi({
	...{ apiKey: 'made-up', apiSecretKey: SECRET, scopes: [], hostName: 'shop.example.com' },
	...{ apiVersion: '2025-10' as never, isEmbeddedApp: false },
	logger: { level: LogSeverity.Error, log: async () => undefined },
});

export const vendors: { readonly [id: string]: Vendor } = {
	github: {
		by: '@octokit/webhooks-methods',
		secret: SECRET,
		sign: async ({ body, event, id }) => ({
			'x-hub-signature-256': await githubSign(SECRET, body),
			'x-github-event': event,
			'x-github-delivery': id,
		}),
		accepts: async ({ body }, headers) => await githubVerify(SECRET, body, headers['x-hub-signature-256'] ?? ''),
	},
	shopify: {
		by: '@shopify/shopify-api',
		secret: SECRET,
		sign: ({ body, event, id }) => ({
			'x-shopify-hmac-sha256': hmac(body).digest('base64'),
			'x-shopify-topic': event,
			'x-shopify-webhook-id': id,
		}),
		accepts: async ({ body, event, id }, headers) => {
			const more = {
				'x-shopify-api-version': '2025-10',
				'x-shopify-shop-domain': 'shop.example.com',
				...{ 'x-shopify-topic': event, 'x-shopify-webhook-id': id },
			};
			const rawRequest = { method: 'POST', url: '/', headers: { ...more, ...headers } };
			return (await shopify.webhooks.validate({ rawBody: body, rawRequest })).valid;
		},
	},
	slack: {
		by: '@slack/bolt',
		secret: SECRET,
		sign: ({ body, at }) => ({
			'x-slack-request-timestamp': String(at),
			'x-slack-signature': `v0=${hmac(`v0:${at}:${body}`).digest('hex')}`,
		}),
		accepts: ({ body }, headers) =>
			isValidSlackRequest({
				signingSecret: SECRET,
				body,
				headers: {
					'x-slack-signature': headers['x-slack-signature'] ?? '',
					'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
				},
			}),
	},
	'standard-webhooks': {
		by: 'svix, standardwebhooks',
		secret: BASE64_SECRET,
		sign: ({ body, at, id }) => ({
			'webhook-id': id,
			'webhook-timestamp': String(at),
			'webhook-signature': new Svix(BASE64_SECRET).sign(id, new Date(at * 1000), body),
		}),
		accepts: ({ body }, headers) => new StandardWebhook(BASE64_SECRET).verify(body, headers) !== undefined,
	},
	square: {
		by: 'square',
		secret: SECRET,
		sign: ({ body, url }) => ({ 'x-square-hmacsha256-signature': hmac(url + body).digest('base64') }),
		accepts: async ({ body, url }, headers) =>
			await WebhooksHelper.verifySignature({
				requestBody: body,
				signatureHeader: headers['x-square-hmacsha256-signature'] ?? '',
				signatureKey: SECRET,
				notificationUrl: url,
			}),
	},
	hubspot: {
		by: '@hubspot/api-client',
		secret: SECRET,
		sign: ({ body, url, at }) => ({
			'x-hubspot-request-timestamp': String(at * 1000),
			'x-hubspot-signature-v3': Signature.getSignature('POST', 'v3', {
				...{ signature: '', clientSecret: SECRET, requestBody: body, url, timestamp: at * 1000 },
			}),
		}),
		accepts: ({ body, url }, headers) =>
			Signature.isValid({
				...{ method: 'POST', signatureVersion: 'v3', clientSecret: SECRET, requestBody: body, url },
				timestamp: Number(headers['x-hubspot-request-timestamp']),
				signature: headers['x-hubspot-signature-v3'] ?? '',
			}),
	},
	zoom: {
		by: 'its page',
		secret: SECRET,
		sign: ({ body, at }) => ({
			'x-zm-request-timestamp': String(at),
			'x-zm-signature': `v0=${hmac(`v0:${at}:${body}`).digest('hex')}`,
		}),
	},
	meta: {
		by: 'its page',
		secret: SECRET,
		sign: ({ body }) => ({ 'x-hub-signature-256': `sha256=${hmac(body).digest('hex')}` }),
	},
	gitlab: {
		by: 'its page',
		secret: SECRET,
		sign: ({ event, id }) => ({ 'x-gitlab-token': SECRET, 'x-gitlab-event': event, 'idempotency-key': id }),
	},
};

/** A new request of a service. */
export function sending(body: string, url: string, event: string, at = Math.floor(Date.now() / 1000)): Sent {
	return { body, url, event, at, id: randomUUID() };
}
