/** https://solve360.com/api/webhooks, statement by statement. */
import { held, shared, type Seed } from './statement.ts';

const UNIT = 'test/unit/providers/solve360.test.ts';
const SANDBOX = 'test/sandbox/solve360.test.mts';
const FACTS = 'test/unit/seeds/facts.test.ts';
const EVENTS = 'providers/solve360/events.ts';
const CONTRACT = 'contracts/solve360.json';
const event = (name: string, when: string) =>
	held(`\`${name}\`: ${when}`, EVENTS, UNIT, 'there are the ten documented event types');

export const solve360: Seed = {
	service: 'solve360',
	name: 'Solve360',
	page: 'https://solve360.com/api/webhooks',
	topics: {
		'How it works': [
			held(
				'Solve360 sends an HTTP POST when something changes',
				'nodes/n8n/trigger.ts#POST',
				'test/conformance/n8n.test.mts',
				'passes on every event type unchanged',
			),
			held(
				'No polling of the API is needed',
				'nodes/n8n/watch.ts',
				'test/unit/nodes/watch.test.ts',
				'costs nothing until it is due',
			),
		],
		Registration: [
			shared.reachable('The URL has to be public'),
			held(
				'A webhook is for one event',
				"providers/solve360/subscriptions.ts#per: 'event'",
				UNIT,
				'one is made switched on, for one event, with our secret',
			),
			held(
				'A webhook can be narrowed to a type of item',
				'providers/solve360/subscriptions.ts#constrainttype',
				UNIT,
				'the constraint applies to records and tags',
			),
			held(
				'Webhooks are managed through the API',
				'providers/solve360/subscriptions.ts#/hooks/',
				SANDBOX,
				'keeps hooks: create, list, show, change, remove',
			),
			held('Events can be filtered further', 'providers/solve360/deliveries.ts#wanted', UNIT, 'the tag filter'),
		],
		Events: [
			event('items.create', 'a contact, company or project blog is created'),
			event('items.update', 'one is changed'),
			event('items.delete', 'one is deleted'),
			event('items.restore', 'a deleted one is restored'),
			event('items.categorize', 'one gets a tag'),
			event('items.uncategorize', 'a tag is taken away'),
			event('activities.create', 'an activity is created'),
			event('activities.update', 'one is changed'),
			event('activities.delete', 'one is deleted'),
			event('activities.restore', 'a deleted one is restored'),
		],
		Payload: [
			held(
				'XML, JSON or form encoded, as the webhook says',
				"providers/solve360/deliveries.ts#formats: ['json', 'xml', 'form']",
				UNIT,
				'is the same item from JSON, XML and form',
			),
			held(
				'It has the type of the event, the ID of the object and the content of the record',
				EVENTS,
				FACTS,
				'Solve360: each sample has type, objectid and content',
			),
			held(
				'In XML the root is notification, with type, objectid and content',
				'core/xml.ts',
				UNIT,
				'a signed XML notification is accepted as the item of its JSON, end to end',
			),
			held('In JSON objectid is a number', EVENTS, FACTS, 'Solve360: objectid is a number'),
			held(
				'The whole record comes along: no second call is needed',
				'core/receive.ts',
				'test/unit/core/receive.test.ts',
				'are the payload as it came',
			),
		],
		Security: [
			held(
				'A webhook can have a secret',
				'providers/solve360/subscriptions.ts#secret',
				UNIT,
				'one is made switched on, for one event, with our secret',
			),
			held(
				'Every call then has X-Solve360-Hmac-Sha256',
				'providers/solve360/provider.ts#x-solve360-hmac-sha256',
				FACTS,
				'Solve360 signs in x-solve360-hmac-sha256',
			),
			held(
				'It is HMAC-SHA256 over the body, in every format',
				'core/signature.ts',
				SANDBOX,
				'signs JSON, XML and form bodies over the raw bytes',
			),
			shared.forged('Verify it'),
			shared.unsigned('What is not signed is not processed'),
		],
		Answering: [
			held('Any status from 200 to 299 is success', CONTRACT, SANDBOX, 'takes any 2xx'),
			shared.answers200('We answer 200'),
			held(
				'A failure is logged at Solve360 and retried up to four times',
				CONTRACT,
				SANDBOX,
				'tries five times in all',
			),
			held(
				'There are four retries, with delays (the page does not say how long)',
				CONTRACT,
				FACTS,
				'Solve360 retries four times',
			),
			held(
				'Then an administrator gets an email',
				CONTRACT,
				'test/sandbox/contracts.test.mts',
				'an email appears in the log and in GET /control/notices',
			),
			shared.twice('A retried event is processed once'),
		],
		'Use cases': [
			held(
				'Pass on new and changed contacts',
				'examples/n8n/solve360-tag-to-solid-number.json',
				'test/n8n/examples.test.mts',
				'a contact tagged Customer in Solve360 becomes a contact with a deal in Solid#',
			),
			held(
				'Start emails, assignments and follow-up tasks when a field or status changes',
				'providers/solve360/operations/activities.ts',
				'test/unit/providers/solve360.test.ts',
				'activities, reports and the account',
			),
			held(
				'Workflows with several steps outside Solve360',
				'examples/n8n/solve360-tag-to-solid-number.json',
				'test/n8n/examples.test.mts',
				'a contact without an email address',
			),
			held(
				'The API reads and changes records: follow-up calls',
				'providers/solve360/operations/index.ts',
				'test/unit/contracts/operations.test.ts',
				'makes calls that the contract has, with their method and path',
			),
			held(
				'A call fetches more when that is needed',
				'providers/solve360/operations/records.ts',
				'test/sandbox/operations.test.mts',
				'in every reading',
			),
			held(
				'A change through the API raises events again: a workflow can start itself',
				EVENTS,
				'test/unit/providers/solve360-facts.test.ts',
				'what a workflow changes raises events again',
			),
		],
	},
};
