/** https://solarproof.com.au/api-documentation/webhooks.php, statement by statement. */
import { held, shared, type Seed } from './statement.ts';

const UNIT = 'test/unit/providers/solar-proof.test.ts';
const SANDBOX = 'test/sandbox/solar-proof.test.mts';
const FACTS = 'test/unit/seeds/facts.test.ts';
const EVENTS = 'providers/solar-proof/events.ts';
const event = (name: string, when: string) =>
	held(`\`${name}\`: ${when}`, `${EVENTS}#'${name}'`, UNIT, 'the six that can be subscribed to');

export const solarProof: Seed = {
	service: 'solar-proof',
	name: 'Solar Proof',
	page: 'https://solarproof.com.au/api-documentation/webhooks.php',
	topics: {
		'How it works': [
			held(
				'You register a URL and the event types that you want',
				'providers/solar-proof/subscriptions.ts',
				'test/conformance/n8n.test.mts',
				'subscribes to exactly what was chosen',
			),
			held(
				'Solar Proof sends an HTTP POST with the data of the event to that URL',
				'nodes/n8n/trigger.ts#POST',
				'test/conformance/n8n.test.mts',
				'passes on every event type unchanged',
			),
			shared.answers200('Your endpoint acknowledges with 200'),
			held(
				'Events are pushed: there is no polling for them',
				'nodes/n8n/watch.ts',
				'test/unit/nodes/watch.test.ts',
				'costs nothing until it is due',
			),
		],
		Events: [
			event('customer_created', 'a customer is created'),
			event('customer_status_change', 'the status of a customer changes'),
			event('project_email_sent', 'an email about a project is sent to a customer'),
			event('project_sms_sent', 'an SMS about a project is sent to a customer'),
			event('published_proposal_link', 'the link of a proposal is published'),
			event('recent_draft_project', 'a draft project is created or updated'),
			held(
				'The statuses of a customer are New Contacts, Signed and Mega Status',
				`${EVENTS}#Mega Status`,
				FACTS,
				'Solar Proof: the note on status changes names the statuses',
			),
			held(
				'All six events are active',
				EVENTS,
				'test/unit/contracts/operations.test.ts',
				'has every event of the contract',
			),
		],
		Registration: [
			held(
				'A POST with action=subscribe_customer subscribes',
				'providers/solar-proof/subscriptions.ts#subscribe_customer',
				UNIT,
				'one call for each event, by its own URL',
			),
			held(
				'The body is JSON with hookUrl and type_request',
				'providers/solar-proof/subscriptions.ts#type_request',
				UNIT,
				'one call for each event, by its own URL',
			),
			held(
				'One call subscribes to one event',
				"providers/solar-proof/subscriptions.ts#per: 'event'",
				'test/n8n/lifecycle.test.mts',
				'gives each event a URL of its own',
			),
			held(
				'The API key is in the query string, as api_key',
				'providers/solar-proof/connection.ts#api_key',
				UNIT,
				'the key goes into the query string of every call',
			),
			held(
				'The base URL is `https://solarproof.com.au/apidata.php`',
				'providers/solar-proof/connection.ts#https://solarproof.com.au/apidata.php',
				FACTS,
				'Solar Proof has the base URL of its page',
			),
		],
		Answering: [
			held(
				'200 is due within 5 seconds',
				'providers/solar-proof/deliveries.ts#answerWithinSeconds: 5',
				FACTS,
				'Solar Proof waits 5 seconds for an answer',
			),
			held(
				'After an error or a late answer it may send the event again',
				'contracts/solar-proof.json',
				SANDBOX,
				'retries, and gives up without switching off',
			),
			held(
				'A late answer counts as a failure',
				'sandbox/transport.mts',
				'test/sandbox/deliveries.test.mts',
				'takes an answer that comes too late',
			),
			shared.quickly('Acknowledge at once'),
			shared.later('Process the data after the answer'),
			shared.twice('The same event may arrive several times'),
		],
		Security: [
			shared.https('Use HTTPS for the URL of the webhook'),
			held(
				'Solar Proof accepts https URLs',
				'sandbox/services/solar-proof.mts',
				SANDBOX,
				'demands https of addresses beyond this machine',
			),
			held(
				"Check that requests come from Solar Proof's addresses (the page does not list them)",
				'core/address.ts#parseRanges',
				'test/fuzz/forged.test.mts',
				'from outside the allowed sources is refused before its proof is looked at',
			),
			held(
				'Check structure and content before processing',
				'core/receive.ts',
				'test/unit/core/receive.test.ts',
				'cannot be made of %s',
			),
			held(
				'An authentication token can be part of the URL',
				'providers/solar-proof/deliveries.ts#url-token',
				'test/n8n/lifecycle.test.mts',
				'takes its token for that event only',
			),
			shared.forged('A delivery with another token is refused'),
			shared.unsigned('A delivery without a token is refused'),
		],
		'Good practice': [
			shared.logged('Log every delivery'),
			held(
				'Test in a development environment before going live',
				'sandbox/main.mts',
				'test/n8n/start.test.mts',
				'with --once shows what arrived from each service, and exits 0',
			),
			shared.rejected('Watch the endpoint, and be alerted when it fails'),
			held(
				'A subscription that got lost is noticed and made again',
				'nodes/n8n/watch.ts',
				'test/n8n/healing.test.mts',
				'heals what was removed at the service while n8n was down',
			),
			held(
				'Use a queue for complex processing',
				'docs/deployment.md#Queue mode',
				'test/n8n/queue.test.mts',
				'verifies in the processor, and runs in the worker',
			),
			shared.tunnel('Develop on your own machine'),
		],
		'Use cases': [
			held(
				'CRM: pass on customers when they are created',
				'examples/n8n/solar-proof-customer-to-solve360.json',
				'test/n8n/examples.test.mts',
				'a new Solar Proof customer becomes a tagged contact',
			),
			held(
				'Slack: tell the team',
				'examples/n8n/solar-proof-customer-to-solve360.json',
				'test/n8n/examples.test.mts',
				'and Slack is told',
			),
			held(
				'Email automation: start follow-up emails',
				'examples/n8n/solar-proof-signed-to-email.json',
				'test/n8n/examples.test.mts',
				'a customer of Solar Proof who has signed gets an email',
			),
			held(
				'Analytics: record events, for the path of customers and conversion rates',
				'examples/n8n/solar-proof-events-to-google-sheets.json',
				'test/n8n/examples.test.mts',
				'every event of Solar Proof becomes a row of a sheet',
			),
		],
		Zapier: [
			held(
				'Zapier connects Solar Proof without code',
				'zapier/solar-proof/src',
				'test/zapier/build.test.mts',
				'passes, schema and our reading of the D-rules',
			),
			held(
				'The Zapier trigger subscribes and delivers',
				'zapier/shared/trigger.mts',
				'test/zapier/support/suite.mts',
				'deliver: each Zap runs once, with what the service sent',
			),
			held(
				'There are recipes for Zaps',
				'examples/zapier/solar-proof.md',
				'test/zapier/recipes.test.mts',
				'are there for each service',
			),
		],
	},
};
