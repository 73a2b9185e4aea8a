/** SoshiaConnect: data about shipping routes. Sources and grades: README.md. */
import type { Provider } from '../../core/provider.ts';
import { isNotFound, readError } from './answers.ts';
import { api, webhook } from './connection.ts';
import { receiving, triggerFields } from './deliveries.ts';
import { events } from './events.ts';
import { operations, resources } from './operations.ts';
import { registrations } from './subscriptions.ts';

export const soshiaConnect: Provider = {
	id: 'soshia-connect',
	name: 'SoshiaConnect',
	description: 'Data about shipping routes, by subscription.',
	homepage: 'https://docs.soshianest.ai',
	documentation: 'https://docs.soshianest.ai/guides/concepts/webhooks',
	api,
	webhook,
	events,
	receiving,
	triggerFields,
	registrations,
	resources,
	mainResource: 'route',
	operations,
	readError,
	isNotFound,
	assumptions: [
		'How a URL of yours is registered is not documented: the page says that webhooks are configured through Stripe. By support or in Stripe is assumed; where neither works, no event arrives.',
		'The signature stripe is assumed from that sentence: Stripe-Signature, at most 300 seconds old. It was not tried with SoshiaConnect. If it is wrong, deliveries are rejected as signature_missing.',
		'Where the secret of X-Soshia-Signature comes from is not documented. A wrong one rejects every delivery as signature_mismatch.',
		'The payloads of payment.failed, payment.refunded, subscription.created, subscription.renewed, subscription.expired, subscription.cancelled, account.updated and account.verified are not documented: their samples are assumed. Real payloads are passed on as is.',
		'Repeats of a delivery share their id.',
		'A key or login is tried by asking for route 0: 401 is read as wrong credentials; 400, 403, 404 and 422 as accepted ones.',
		'Logging in is a call with JSON, as in the newer documentation; the older has a form. If it is refused, the credential test says so.',
		'The base URL is https://api.soshiaconnect.com/api, as in the guides; another page leaves out /api. It can be changed in the credential.',
		'Which authentication the calls below /route-access take is not documented. One that is not accepted returns 401 or 403, which is shown.',
		'The body of access.check is assumed to be route_id. If it is not, SoshiaConnect refuses the call and names what it misses, which can be given under Other Fields.',
		'What routes and their data look like is not documented; they are passed on as is.',
	],
};
