/** Solar Proof: design and sale of solar systems. Sources and grades: README.md. */
import type { Provider } from '../../core/provider.ts';
import { isAnswer, isNotFound, readError } from './answers.ts';
import { api } from './connection.ts';
import { receiving } from './deliveries.ts';
import { events } from './events.ts';
import { lookups, operations, resources } from './operations/index.ts';
import { registrations } from './subscriptions.ts';

export const solarProof: Provider = {
	id: 'solar-proof',
	name: 'Solar Proof',
	description: 'Designs solar systems, makes proposals and keeps the customers and projects behind them.',
	homepage: 'https://solarproof.com.au',
	documentation: 'https://solarproof.com.au/api-documentation/webhooks.php',
	api,
	events,
	receiving,
	registrations,
	resources,
	lookups,
	operations,
	readError,
	isNotFound,
	isAnswer,
	assumptions: [
		'Solar Proof calls the URL with its query string, which holds the event and the token. If it cuts the query string off, every delivery is rejected as token_missing.',
		'The payloads of project_email_sent, project_sms_sent, published_proposal_link, recent_draft_project and contract_signed could not be read: their samples are a project of the API in an array. Real payloads are passed on as is.',
		'The sample of customer_status_change has the fields of the older documentation in the array of the newer.',
		'contract_signed can be subscribed to. If it cannot, publishing fails with "Invalid webhook type" and names the event.',
		'Unsubscribing is a POST, and a DELETE where that returns 405. "No matching webhook found for this user" counts as done.',
		'Updating and deleting a customer are POSTs, as in the samples and the older pages; headings say PUT and DELETE. If Solar Proof answers 405, the message says that POST was assumed.',
		'Creating a customer wants the type as RESIDENTIAL, COMMERCIAL or LARGE-SCALE. If not, Solar Proof refuses the call.',
		'Creating a project takes the API key in the query string and inside data, as the other writing actions do.',
		'An answer with success: false, or with code and message, is an error under any status, and so is one under 2xx that is not JSON.',
		'A page of customers with fewer than 50 is the last one.',
		'A subscription made twice for the same URL and event may deliver twice, so the URL is always unsubscribed first.',
	],
};
