/** https://solidnumber.com/docs/webhooks, statement by statement. */
import { held, not, shared, type Seed } from './statement.ts';

const UNIT = 'test/unit/providers/solid-number.test.ts';
const SANDBOX = 'test/sandbox/solid-number.test.mts';
const FACTS = 'test/unit/seeds/facts.test.ts';
const EVENTS = 'providers/solid-number/events.ts';
const CONTRACT = 'contracts/solid-number.json';
const event = (name: string, when: string) =>
	held(`\`${name}\`: ${when}`, `${EVENTS}#'${name}'`, UNIT, 'there are the 19 documented event types');

export const solidNumber: Seed = {
	service: 'solid-number',
	name: 'Solid#',
	page: 'https://solidnumber.com/docs/webhooks',
	topics: {
		'How it works': [
			held(
				'Solid# sends a POST when an event happens',
				'nodes/n8n/trigger.ts#POST',
				'test/conformance/n8n.test.mts',
				'passes on every event type unchanged',
			),
			held(
				'No polling is needed',
				'nodes/n8n/watch.ts',
				'test/unit/nodes/watch.test.ts',
				'costs nothing until it is due',
			),
		],
		Registration: [
			held(
				'The endpoint takes POST requests',
				'nodes/n8n/trigger.ts#POST',
				'test/n8n/hostile.test.mts',
				'answers other methods and other paths without starting anything',
			),
			held(
				'A person adds the URL under Settings > Webhooks and selects events',
				'providers/solid-number/subscriptions.ts#Settings > Webhooks',
				UNIT,
				'manual is the default, with steps',
			),
			held(
				'An event arrives at the endpoints that selected it',
				'sandbox/subscriptions.mts',
				SANDBOX,
				'delivers to a webhook registered manually, signed',
			),
			held(
				'Any combination of events can be selected',
				'nodes/n8n/trigger.ts#multiOptions',
				'test/conformance/n8n.test.mts',
				'passes on every event type unchanged',
			),
			held(
				'Select only what you need: everything else is ignored',
				'core/receive.ts',
				'test/conformance/n8n.test.mts',
				'acknowledges and drops a verified event of another type',
			),
		],
		Events: [
			event('inventory.reserved', 'stock is reserved for an order'),
			event('inventory.confirmed', 'it is paid, and the reservation is final'),
			event('inventory.released', 'the order is canceled, and the stock free again'),
			event('inventory.expired', 'the reservation has timed out'),
			event('inventory.backorder_created', 'nothing is in stock, and a backorder is made'),
			event('inventory.low_stock', 'stock is below its threshold'),
			event('order.created', 'an order is placed'),
			event('order.paid', 'an order is paid'),
			event('order.canceled', 'a customer or the system has canceled an order'),
			event('order.fulfilled', 'an order is shipped, with a tracking number'),
			event('payment_link.paid', 'a payment link is paid'),
			event('payment_link.expired', 'a payment link has expired unpaid'),
			event('affiliate.commission_triggered', 'an affiliate has earned a commission'),
			event('affiliate.payout_completed', 'a commission is paid out'),
			event('crm.contact.created', 'a contact is new'),
			event('crm.contact.updated', 'a contact has changed'),
			event('crm.deal.created', 'a deal is new'),
			event('crm.deal.stage_changed', 'a deal has moved to another stage'),
			event('crm.deal.closed', 'a deal is won or lost'),
			held(
				'AI agents of Solid# (Jake, Annie) act on some events: what they did arrives with the event',
				'core/receive.ts',
				'test/unit/core/receive.test.ts',
				'are the payload as it came',
			),
		],
		Payload: [
			held(
				'All events have event_type, company_id, timestamp, data and metadata',
				EVENTS,
				UNIT,
				'each with a sample in the documented envelope',
			),
			held(
				'The type of an event is in `event_type`',
				'providers/solid-number/deliveries.ts#event_type',
				'test/unit/contracts/operations.test.ts',
				'verifies deliveries as the contract says',
			),
			held(
				'The sample of inventory.low_stock: product, quantity, threshold, location, what the agent did',
				`${EVENTS}#quantity_available`,
				FACTS,
				'Solid#: the sample of inventory.low_stock has the documented fields',
			),
		],
		Signature: [
			held(
				'HMAC-SHA256 with the secret',
				'providers/solid-number/deliveries.ts#hmac',
				'test/unit/core/signature.test.ts',
				"agrees with OpenSSL's own signature",
			),
			held(
				'In the header x-solid-signature, as hexadecimal digits',
				'providers/solid-number/deliveries.ts#x-solid-signature',
				FACTS,
				'Solid# signs in x-solid-signature',
			),
			held(
				'The documented check signs the parsed and serialised body',
				'providers/solid-number/deliveries.ts#reserialised',
				UNIT,
				'a signature over the bytes or over JSON.stringify of the body is accepted, and nothing else',
			),
			shared.constantTime('Compare in constant time'),
			shared.unsigned('Never process an event without verifying it'),
			shared.forged(
				'Reject an invalid signature (the page answers 400; we answer 401, which Solid# treats alike: neither is 2xx)',
			),
			held(
				'The secret is in the configuration, not in the code',
				'credentials/SolidNumberWebhookApi.credentials.ts',
				'test/conformance/n8n.test.mts',
				'cannot be published without a secret',
			),
		],
		Answering: [
			shared.quickly('Answer 200 quickly'),
			held(
				'An answer is due within 5 seconds',
				'providers/solid-number/deliveries.ts#answerWithinSeconds: 5',
				FACTS,
				'Solid# waits 5 seconds for an answer',
			),
			shared.later('Do heavy work after the answer'),
			shared.twice('Events can arrive more than once: ignore repeats'),
			held(
				'The ID of the event tells repeats (the sample shows none: the bytes do)',
				'core/identity.ts',
				'test/unit/core/identity.test.ts',
				'a byte-for-byte repeat shares the id',
			),
			shared.https('Only https URLs are supported'),
			shared.rejected('Watch for failures'),
		],
		Retries: [
			held(
				'Solid# retries what is not answered with 2xx',
				CONTRACT,
				SANDBOX,
				'retries three times without switching off',
			),
			held(
				'After 5 minutes, 30 minutes and 2 hours',
				CONTRACT,
				FACTS,
				'Solid# retries after 5 minutes, 30 minutes and 2 hours',
			),
			held(
				'After 3 failed retries the delivery is marked as failed',
				CONTRACT,
				SANDBOX,
				'retries three times without switching off',
			),
			held(
				'Then an email is sent',
				CONTRACT,
				'test/sandbox/contracts.test.mts',
				'an email appears in the log and in GET /control/notices',
			),
			not(
				'Webhook logs in the dashboard',
				'they are in Solid#; no call reads them, and our own log says what was rejected',
			),
		],
		Testing: [
			held(
				'Send Test Event in the dashboard sends a sample',
				'providers/solid-number/subscriptions.ts#Send Test Event',
				'test/sandbox/deliveries.test.mts',
				'sends a test event of a type outside the list to every subscription',
			),
			held(
				'A test event can be asked for when the developer API registers',
				'core/subscription-trial.ts',
				'test/n8n/developer-api.test.mts',
				'is sent a test event that it can verify',
			),
			held(
				'Test keys raise real events without touching production data',
				'providers/solid-number/README.md#sk_test_',
				FACTS,
				'Solid#: the guide tells of the test mode',
			),
			shared.tunnel('Use ngrok or localtunnel to receive webhooks on your own machine'),
		],
	},
};
