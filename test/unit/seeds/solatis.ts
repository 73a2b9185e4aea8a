/** https://docs.solatis.team/api/webhooks.html, statement by statement. */
import { held, not, open, shared, type Seed } from './statement.ts';

const UNIT = 'test/unit/providers/solatis.test.ts';
const SANDBOX = 'test/sandbox/solatis.test.mts';
const FACTS = 'test/unit/seeds/facts.test.ts';
const CONTRACT = 'contracts/solatis.json';
const EVENTS = 'providers/solatis/events.ts';
const event = (name: string, when: string, data: string) =>
	held(`\`${name}\`: ${when}. Data: ${data}`, `${EVENTS}#'${name}'`, UNIT, 'there are the 13 documented event types');

export const solatis: Seed = {
	service: 'solatis',
	name: 'Solatis',
	page: 'https://docs.solatis.team/api/webhooks.html',
	topics: {
		'What it is for': [
			held(
				'Events arrive by webhook in real time, within a second',
				'nodes/n8n/trigger.ts',
				'test/conformance/n8n.test.mts',
				'passes on every event type unchanged',
			),
			held(
				'Polling is slow and wasteful: a webhook needs one request',
				'nodes/n8n/watch.ts',
				'test/unit/nodes/watch.test.ts',
				'costs nothing until it is due',
			),
			held(
				'Use case: learn at once that a transcription is complete',
				'examples/n8n/solatis-transcription-to-solve360.json',
				'test/n8n/examples.test.mts',
				'a Solatis transcription becomes a note',
			),
		],
		Endpoint: [
			held(
				'The endpoint takes POST requests with JSON',
				'nodes/n8n/trigger.ts#POST',
				'test/n8n/hostile.test.mts',
				'answers other methods and other paths without starting anything',
			),
			shared.reachable('The endpoint must be reachable from the internet'),
			shared.tunnel('For local development, expose the endpoint through ngrok'),
		],
		Registration: [
			held(
				'`POST /webhooks` with url, events and secret registers a webhook',
				'providers/solatis/subscriptions.ts#/webhooks',
				UNIT,
				'are made with URL, events and our secret in one call',
			),
			held(
				'The base URL is `https://api.solatis.team/v2`',
				'providers/solatis/connection.ts#https://api.solatis.team/v2',
				FACTS,
				'Solatis has the base URL of its page',
			),
			held(
				'Calls carry the API key as a bearer token',
				'providers/solatis/connection.ts#Bearer',
				UNIT,
				'a bearer key, without the white space',
			),
			held(
				'A webhook can be added in the dashboard, too: Settings > Developer > Webhooks, with URL, events and secret',
				'providers/solatis/subscriptions.ts#Settings > Developer > Webhooks',
				FACTS,
				'Solatis: the steps lead to Settings > Developer > Webhooks',
			),
			held(
				'One webhook is registered for several events',
				"providers/solatis/subscriptions.ts#per: 'set'",
				UNIT,
				'are made with URL, events and our secret in one call',
			),
		],
		Events: [
			event('document.analyzed', 'a document has been analyzed', 'the results'),
			event('document.deleted', 'a document has been deleted', 'its ID'),
			event('document.shared', 'a document has been shared', 'with whom and how'),
			event('transcription.started', 'a transcription has begun', 'its ID'),
			event('transcription.completed', 'a transcription is complete', 'the whole transcript'),
			event('meeting.analyzed', 'a meeting has been analyzed', 'the results'),
			event('action_items.extracted', 'action items have been found', 'their list'),
			event('task.created', 'a task is new', 'the task'),
			event('task.updated', 'a task has changed', 'the task as it is now'),
			event('task.completed', 'a task has been marked complete', 'the task'),
			event('task.deleted', 'a task has been deleted', 'its ID'),
			event('content.generated', 'a text has been generated', 'the text'),
			event('brainstorm.completed', 'a brainstorming session is over', 'the results'),
		],
		Payload: [
			held('Every event has id, event, created_at and data', EVENTS, UNIT, 'in the documented envelope'),
			held(
				'The type of an event is in `event`',
				'providers/solatis/deliveries.ts#payload.event',
				'test/unit/contracts/operations.test.ts',
				'verifies deliveries as the contract says',
			),
			held(
				'The sample of document.analyzed: document_id, status, summary, extracted_fields, confidence',
				`${EVENTS}#extracted_fields`,
				FACTS,
				'Solatis: the sample of document.analyzed has the documented fields',
			),
			held(
				'The sample of transcription.completed: transcription_id, status, transcript, speakers, duration_seconds, confidence',
				`${EVENTS}#duration_seconds`,
				FACTS,
				'Solatis: the sample of transcription.completed has the documented fields',
			),
		],
		Signature: [
			held(
				'HMAC-SHA256 of the body with the secret',
				'providers/solatis/deliveries.ts#hmac',
				'test/unit/core/signature.test.ts',
				"agrees with OpenSSL's own signature",
			),
			held(
				'In the header X-Solatis-Signature, as hexadecimal digits',
				'providers/solatis/deliveries.ts#x-solatis-signature',
				FACTS,
				'Solatis signs in x-solatis-signature',
			),
			held(
				'The signature is of the raw bytes',
				'core/signature.ts',
				'test/fuzz/traps.test.mts',
				'is the bytes: what JSON.stringify makes of them counts only where the service documents it',
			),
			held(
				'The check in Python gives the same result',
				'core/signature.ts',
				'test/fuzz/signers.test.mts',
				'agrees both ways, for every HMAC scheme',
			),
			open(
				'The check in Go gives the same result',
				'core/signature.ts',
				'there is no Go in the tests; the digest is the same as in Python and JavaScript',
			),
			shared.constantTime('Compare in constant time'),
			shared.forged('A wrong signature is answered with 401'),
			shared.unsigned('An event without a signature is never processed'),
			held(
				'Solatis signs with the secret that was given when the webhook was registered',
				'providers/solatis/subscriptions.ts',
				'test/conformance/n8n.test.mts',
				'passes on every event type unchanged',
			),
		],
		Answering: [
			shared.quickly('Answer 200 at once'),
			held(
				'An answer is due within 5 seconds',
				'providers/solatis/deliveries.ts#answerWithinSeconds: 5',
				FACTS,
				'Solatis waits 5 seconds for an answer',
			),
			shared.later('Process events after the answer'),
			held('200 is right; 201 and 204 may cause trouble', 'core/receive.ts', SANDBOX, 'takes 201 and 204 for failures'),
			shared.answers200('Bad data is logged and answered 200, not refused'),
			shared.logged('Log every event'),
			shared.twice('Repeats happen: process each event once'),
			held(
				'id and created_at together identify an event',
				'providers/solatis/deliveries.ts#created_at',
				'test/unit/core/identity.test.ts',
				'deliveries that differ anywhere never share an id, unless the service named both by one documented id',
			),
			held(
				'Processed events are remembered for a day',
				'nodes/n8n/repeats.ts',
				'test/n8n/repeats.test.mts',
				'drops a repeat that comes after a restart',
			),
		],
		Retries: [
			held(
				'Solatis retries what is not answered with 2xx',
				CONTRACT,
				SANDBOX,
				'retries five times, then disables the webhook',
			),
			held(
				'After 1 minute, 5 minutes, 30 minutes, 2 hours and 24 hours',
				CONTRACT,
				FACTS,
				'Solatis retries after 1 minute, 5 minutes, 30 minutes, 2 hours and 24 hours',
			),
			held(
				'The webhook is disabled when the retries have failed',
				CONTRACT,
				SANDBOX,
				'retries five times, then disables the webhook',
			),
			held(
				'A disabled webhook is enabled again in the dashboard; publishing replaces it as well',
				'providers/solatis/subscriptions.ts#isActive',
				'test/n8n/lifecycle.test.mts',
				'replaces a webhook that Solatis has disabled when it is published again',
			),
		],
		Monitoring: [
			held(
				'`GET /webhooks/{id}/deliveries` lists deliveries',
				'providers/solatis/operations.ts#getDeliveries',
				'test/unit/contracts/operations.test.ts',
				'makes calls that the contract has, with their method and path',
			),
			held(
				'A failed delivery shows status, status_code, error and retry_count',
				'sandbox/services/solatis.mts',
				SANDBOX,
				'retries five times, then disables the webhook, and shows it in deliveries and health',
			),
			held(
				'Failed deliveries are reported to the person',
				'providers/solatis/subscriptions.ts#attempts',
				'test/unit/nodes/watch.test.ts',
				'are reported once, by type and time',
			),
			held(
				'`GET /webhooks/{id}/health` says how a webhook is',
				'providers/solatis/operations.ts#getHealth',
				'test/n8n/examples.test.mts',
				'the watch tells nobody while Solatis delivers',
			),
		],
		Scaling: [
			held(
				'Put events into a queue and let workers process them',
				'docs/deployment.md#Queue mode',
				'test/n8n/queue.test.mts',
				'verifies in the processor, and runs in the worker',
			),
			held(
				'Several endpoints can be registered, to share the load',
				'nodes/n8n/lifecycle.ts',
				'test/n8n/changes.test.mts',
				'two workflows on one account each have their own subscription',
			),
			shared.twice('Use idempotency keys'),
		],
		Troubleshooting: [
			open(
				'Nothing arrives: check that the URL is reachable and answers 2xx, that the webhook is enabled and its events are right, and that no firewall blocks it',
				'docs/my-workflow-did-not-start.md',
				'a guide for people; its test holds only that it explains every reason that an answer can have',
			),
			not('Increase time limits and resources of the server', 'that is up to whoever runs n8n'),
			shared.rejected('The signature fails: compare header, secret and raw payload'),
			not(
				'Log the secret and the expected signature to find out why',
				'a secret in a log is a leak: the log names the reason instead',
			),
			shared.quickly('The webhook times out: answer first, process later'),
			held(
				'Webhooks have rate limits (on a page of their own): calls are limited, with Retry-After',
				'core/operation.ts',
				UNIT,
				'too many calls end in a sentence that says when to try again',
			),
		],
	},
};
