/** SoshiaConnect: data about shipping routes. Sources and grades: README.md. */
import { text } from '../../core/json.ts';
import type { Provider, Receiving, WebhookConnection } from '../../core/provider.ts';
import { readError } from './answers.ts';
import { api } from './connection.ts';
import { events } from './events.ts';
import { operations, resources } from './operations.ts';

const DOCUMENTATION = 'https://docs.soshianest.ai/guides/concepts/webhooks';

const webhook: WebhookConnection = {
	fields: [
		{
			name: 'webhookSecret',
			label: 'Webhook Secret',
			type: 'string',
			required: true,
			secret: true,
			description: 'The secret that signs the events, from SoshiaConnect or from the endpoint in Stripe.',
		},
		{
			name: 'previousWebhookSecret',
			label: 'Previous Webhook Secret',
			type: 'string',
			secret: true,
			description: 'The secret before, accepted as well while the secret is changed.',
		},
	],
	help: DOCUMENTATION,
	hint: 'The secret comes from whoever registered the URL: the support of SoshiaConnect, or Stripe under Developers > Webhooks.',
};

/**
 * The page documents a header of SoshiaConnect's own, and says that webhooks are configured through Stripe: so either
 * signature can arrive. https://docs.soshianest.ai/guides/concepts/webhooks
 */
const receiving: Receiving = {
	proofs: [
		{
			name: 'soshia',
			label: 'X-Soshia-Signature',
			description: 'Events that SoshiaConnect sends and signs itself.',
			scheme: { kind: 'hmac', header: 'x-soshia-signature', encoding: 'hex', reserialised: true },
			grade: 'documented',
		},
		{
			name: 'stripe',
			label: 'Stripe-Signature',
			description: 'Events that Stripe sends. Every verified event is handed on, under the name that Stripe gives it.',
			scheme: { kind: 'stripe', header: 'stripe-signature', toleranceSeconds: 300 },
			anyEvent: true,
			grade: 'inferred',
		},
	],
	formats: ['json'],
	eventOf: (payload) => text(payload.type),
	eventId: ({ id }) => [id],
};

export const soshiaConnect: Provider = {
	id: 'soshia-connect',
	name: 'SoshiaConnect',
	description: 'Data about shipping routes, by subscription.',
	homepage: 'https://docs.soshianest.ai',
	documentation: DOCUMENTATION,
	api,
	webhook,
	events,
	receiving,
	registrations: [
		{
			name: 'manual',
			label: 'By Hand',
			description: 'SoshiaConnect has no call that registers a webhook: the URL is registered once, by a person.',
			kind: 'manual',
			steps: [
				'Copy the production URL of this trigger. It must begin with https.',
				'Have it registered: ask support@soshiaconnect.com, or, where the events come from a Stripe account of yours, add it in Stripe under Developers > Webhooks.',
				'Copy the signing secret of that webhook into the webhook credential of this trigger.',
				'Choose the signature: X-Soshia-Signature, or Stripe-Signature where Stripe sends the events.',
				'Publish the workflow, then have a test event sent.',
			],
			grade: 'inferred',
		},
	],
	resources,
	operations,
	readError,
	assumptions: [
		'How a URL of yours is registered is not documented: the page says that webhooks are configured through Stripe. By support or in Stripe is assumed; where neither works, no event arrives.',
		'The signature stripe is assumed from that sentence: Stripe-Signature, at most 300 seconds old. It was not tried with SoshiaConnect. If it is wrong, deliveries are rejected as signature_missing.',
		'Where the secret of X-Soshia-Signature comes from is not documented. A wrong one rejects every delivery as signature_mismatch.',
		'The payloads of payment.failed, payment.refunded, subscription.created, subscription.renewed, subscription.expired, subscription.cancelled, account.updated and account.verified are not documented: their samples are assumed. Real payloads are handed on as they come.',
		'Repeats of a delivery share their id.',
		'A key or login is tried by asking for route 0: 401 is read as wrong credentials; 400, 403, 404 and 422 as accepted ones.',
		'Logging in is a call with JSON, as in the newer documentation; the older has a form. If it is refused, the credential test says so.',
		'The base URL is https://api.soshiaconnect.com/api, as in the guides; another page leaves out /api. It can be changed in the credential.',
		'Which authentication the calls below /route-access take is not documented. One that is not accepted is answered 401 or 403, which is shown.',
		'The body of access.check is assumed to be route_id. If it is not, SoshiaConnect refuses the call and names what it misses, which can be given under Other Fields.',
		'What routes and their data look like is not documented; they are handed on as they come.',
	],
};
