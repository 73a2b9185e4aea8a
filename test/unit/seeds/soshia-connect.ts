/** https://docs.soshianest.ai/guides/concepts/webhooks, statement by statement. */
import { held, not, open, shared, type Seed } from './statement.ts';

const UNIT = 'test/unit/providers/soshia-connect.test.ts';
const FACTS = 'test/unit/seeds/facts.test.ts';
const EVENTS = 'providers/soshia-connect/events.ts';
const event = (name: string, when: string) =>
	held(`\`${name}\`: ${when}`, `${EVENTS}#'${name}'`, UNIT, 'there are the nine documented event types');

export const soshiaConnect: Seed = {
	service: 'soshia-connect',
	name: 'SoshiaConnect',
	page: 'https://docs.soshianest.ai/guides/concepts/webhooks',
	topics: {
		'How it works': [
			held(
				'SoshiaConnect sends an HTTP POST when an event happens',
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
		Events: [
			event('payment.succeeded', 'a payment was processed'),
			event('payment.failed', 'a payment could not be processed'),
			event('payment.refunded', 'a payment was refunded'),
			event('subscription.created', 'a subscription is active'),
			event('subscription.renewed', 'a subscription was renewed'),
			event('subscription.expired', 'a subscription is over'),
			event('subscription.cancelled', 'a subscription was cancelled'),
			event('account.updated', 'the profile has changed'),
			event('account.verified', 'the email address was verified'),
			held(
				'Different events lead to different steps',
				'examples/n8n/soshia-connect-payment-to-solid-number.json',
				'test/n8n/examples.test.mts',
				'a failed payment at SoshiaConnect becomes a task',
			),
		],
		Registration: [
			shared.https('The endpoint has an https URL'),
			held(
				'Webhooks are configured through Stripe for now: the URL is registered by a person',
				'providers/soshia-connect/subscriptions.ts',
				UNIT,
				'are registered manually, with the secret as all that is needed to receive',
			),
			held(
				'Events that Stripe sends are verified by the signature of Stripe',
				'providers/soshia-connect/deliveries.ts#stripe-signature',
				'test/fuzz/signers.test.mts',
				'agrees on the header of Stripe',
			),
			held(
				"Events that Stripe sends have Stripe's names",
				'providers/soshia-connect/deliveries.ts#anyEvent',
				UNIT,
				"Stripe's signature passes on any event under Stripe's name",
			),
			not(
				'`/stripe/webhook` receives the events of Stripe',
				"that endpoint is SoshiaConnect's own: Stripe calls it, and no customer does",
			),
		],
		Payload: [
			held('Every event has id, type, created and data.object', EVENTS, UNIT, 'in the documented envelope'),
			held(
				'The type of an event is in `type`',
				'providers/soshia-connect/deliveries.ts#payload.type',
				'test/unit/contracts/operations.test.ts',
				'verifies deliveries as the contract says',
			),
			held('created is a Unix time in seconds', `${EVENTS}#created`, FACTS, 'SoshiaConnect: created is in seconds'),
			held(
				'The sample of payment.succeeded: id, amount, currency, status, metadata with user_id and subscription_id',
				`${EVENTS}#subscription_id`,
				FACTS,
				'SoshiaConnect: the sample of payment.succeeded has the documented fields',
			),
		],
		Signature: [
			held(
				'HMAC-SHA256 with the secret',
				'providers/soshia-connect/deliveries.ts#hmac',
				'test/unit/core/signature.test.ts',
				"agrees with OpenSSL's own signature",
			),
			held(
				'In the header x-soshia-signature, as hexadecimal digits',
				'providers/soshia-connect/deliveries.ts#x-soshia-signature',
				FACTS,
				'SoshiaConnect signs in x-soshia-signature',
			),
			held(
				'The documented check signs the parsed and serialised body',
				'providers/soshia-connect/deliveries.ts#reserialised',
				UNIT,
				"arrives unchanged under SoshiaConnect's signature",
			),
			shared.constantTime('Compare in constant time'),
			shared.forged('A wrong signature is answered with 401'),
			shared.unsigned('Without a signature nothing is processed'),
		],
		'Good practice': [
			shared.quickly('Answer 200 at once'),
			shared.later('Process events after the answer'),
			held(
				'Repeats happen: the ID of the event tells them',
				'providers/soshia-connect/deliveries.ts#eventId',
				'test/unit/core/identity.test.ts',
				'deliveries that differ anywhere never share an id, unless the service named both by one documented id',
			),
			shared.twice('A repeat is processed once'),
			shared.logged('Log what is received'),
			held(
				'The answer is short JSON',
				'core/receive.ts',
				'test/unit/core/receive.test.ts',
				'is answered %i with the reason and nothing that came in',
			),
		],
		Testing: [
			held(
				'Send test requests manually (Postman)',
				'sandbox/page/send.js',
				'test/sandbox/page.test.mts',
				'sends what a person has written, with new ids each time',
			),
			shared.tunnel('Expose a local server through ngrok'),
			held(
				'Look at incoming webhooks (webhook.site)',
				'nodes/n8n/receiving.ts',
				'test/unit/nodes/receiving.test.ts',
				'carries an account of itself when asked, without secrets',
			),
		],
		Troubleshooting: [
			shared.reachable('Nothing arrives: is the endpoint public?'),
			not('Nothing arrives: does a firewall block it?', 'a firewall in front of n8n is up to whoever runs it'),
			open(
				'Nothing arrives: is the URL right?',
				'providers/soshia-connect/subscriptions.ts#production URL',
				'a step says which URL to copy; whether the right one was registered shows only when an event arrives',
			),
			held(
				'Verification fails: is the secret right?',
				'core/receive.ts',
				'test/conformance/n8n.test.mts',
				'cannot be published without a secret',
			),
			shared.rejected('Verification fails: the reason is reported'),
			held(
				'Verification fails: was the payload changed on its way?',
				'core/signature.ts',
				'test/conformance/n8n.test.mts',
				'refuses a body of which one byte was changed',
			),
		],
	},
};
