/** Solatis in the sandbox: https://docs.solatis.team/api/webhooks.html and the REST reference. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../core/provider.ts';
import { call, eventually, hmacHex, list, object, string, useSandbox } from './helpers.mts';
import type { CallOptions } from './helpers.mts';

describe('Solatis', () => {
	const sandbox = useSandbox({ speed: 100_000 });
	const solatis = (path: string, options: CallOptions = {}, key = 'sandbox-solatis-key') =>
		call(sandbox.url(`/solatis/v2${path}`), {
			...options,
			headers: { authorization: `Bearer ${key}`, ...options.headers },
		});
	const subscribe = (path: string, events: string[], key?: string) =>
		solatis('/webhooks', { json: { url: sandbox.receiver.url + path, events, secret: 'shh' } }, key);
	const code = (json: JsonObject) => object(json.error).code;

	it('asks for a key, and knows which one', async () => {
		const without = await call(sandbox.url('/solatis/v2/documents'));
		assert.equal(without.status, 401);
		assert.equal(code(without.json), 'missing_authorization');
		const wrong = await solatis('/documents', {}, 'nonsense');
		assert.equal(wrong.status, 401);
		assert.equal(code(wrong.json), 'invalid_api_key');
		const right = await solatis('/documents');
		assert.equal(right.status, 200);
		assert.equal(right.headers.get('x-ratelimit-limit'), '300');
		assert.match(right.headers.get('x-ratelimit-remaining') ?? '', /^\d+$/);
		assert.match(right.headers.get('x-ratelimit-reset') ?? '', /^\d{10}$/);
	});

	it('names the missing field of a webhook', async () => {
		for (const field of ['url', 'events', 'secret']) {
			const json: JsonObject = { url: 'https://example.com/', events: ['document.analyzed'], secret: 's' };
			delete json[field];
			const { status, json: answer } = await solatis('/webhooks', { json });
			assert.equal(status, 400);
			assert.equal(object(answer.error).message, `Missing required field: ${field}`);
			assert.deepEqual(object(answer.error).details, { field, type: 'required' });
		}
		const unknown = await subscribe('/hook', ['document.analysed']);
		assert.equal(unknown.status, 400);
		assert.match(string(object(unknown.json.error).message), /Unknown event type: document.analysed/);
		assert.deepEqual(await sandbox.subscriptions(), []);
	});

	it('keeps, lists, shows and removes webhooks, account by account', async () => {
		const { status, json } = await subscribe('/hook', ['document.analyzed', 'task.created']);
		assert.equal(status, 201);
		assert.match(string(json.id), /^wh_/);
		assert.equal(json.secret, undefined);
		await subscribe('/other', ['task.created'], 'sandbox-solatis-key-2');
		const listed = await solatis('/webhooks');
		assert.deepEqual(
			list(listed.json.webhooks).map((one) => object(one).id),
			[json.id],
		);
		assert.equal((await solatis(`/webhooks/${string(json.id)}`, {}, 'sandbox-solatis-key-2')).status, 404);
		assert.equal((await solatis(`/webhooks/${string(json.id)}`, { method: 'DELETE' })).status, 204);
		assert.equal((await solatis(`/webhooks/${string(json.id)}`, { method: 'DELETE' })).status, 404);
		assert.equal((await sandbox.subscriptions()).length, 1);
	});

	it('delivers what was subscribed, signed over the raw body', async () => {
		await subscribe('/hook', ['document.analyzed']);
		const raised = await sandbox.raise({
			provider: 'solatis',
			event: 'document.analyzed',
			data: { document_id: 'doc_mine' },
		});
		await sandbox.raise({ provider: 'solatis', event: 'task.created' });
		const [got] = await eventually(() => {
			assert.equal(sandbox.receiver.received.length, 1);
			return sandbox.receiver.received;
		});
		assert.ok(got);
		assert.equal(got.headers['x-solatis-signature'], hmacHex('shh', got.body));
		assert.equal(got.headers['content-type'], 'application/json');
		assert.deepEqual(got.json, raised.payload);
		assert.equal(got.json.event, 'document.analyzed');
		assert.equal(object(got.json.data).document_id, 'doc_mine');
		assert.match(string(got.json.id), /^evt_/);
	});

	it('retries five times, then disables the webhook, and shows it in deliveries and health', async () => {
		const { json } = await subscribe('/hook', ['document.analyzed']);
		const id = string(json.id);
		assert.equal((await solatis(`/webhooks/${id}/health`)).json.status, 'healthy');
		sandbox.receiver.answers.set('/hook', 500);
		await sandbox.raise({ provider: 'solatis', event: 'document.analyzed' });
		await eventually(async () => assert.equal((await solatis(`/webhooks/${id}/health`)).json.status, 'disabled'));
		assert.equal(sandbox.receiver.received.length, 6);
		const bodies = new Set(sandbox.receiver.received.map((one) => one.body));
		assert.equal(bodies.size, 1, 'every retry repeats the same bytes');
		const [delivery] = list((await solatis(`/webhooks/${id}/deliveries`)).json.deliveries);
		assert.deepEqual(
			[object(delivery).status, object(delivery).status_code, object(delivery).retry_count, object(delivery).error],
			['failed', 500, 5, 'Internal server error'],
		);
		sandbox.receiver.answers.clear();
		const later = await sandbox.raise({ provider: 'solatis', event: 'document.analyzed' });
		assert.deepEqual(later.deliveries, [], 'a disabled webhook gets nothing');
		assert.equal((await solatis(`/webhooks/${id}`)).json.status, 'disabled');
	});

	it('takes 201 and 204 for failures, as its documentation warns', async () => {
		await subscribe('/hook', ['document.analyzed']);
		sandbox.receiver.answers.set('/hook', 201);
		await sandbox.raise({ provider: 'solatis', event: 'document.analyzed' });
		await eventually(() => assert.ok(sandbox.receiver.received.length > 1));
	});

	it('analyzes a document: 202, then the event and the flat callback', async () => {
		await subscribe('/hook', ['document.analyzed']);
		const bad = await solatis('/documents/analyze', { json: { document_url: 'https://example.com/a.pdf' } });
		assert.equal(object(bad.json.error).message, 'Missing required field: analysis_type');
		const json = {
			document_url: 'https://example.com/a.pdf',
			analysis_type: 'contract_review',
			extract_fields: ['parties'],
			webhook_url: `${sandbox.receiver.url}/callback`,
		};
		const started = await solatis('/documents/analyze', { json });
		assert.equal(started.status, 202);
		assert.equal(started.json.status, 'processing');
		await eventually(() => assert.equal(sandbox.receiver.received.length, 2));
		const [event] = sandbox.receiver.at('/hook');
		const [callback] = sandbox.receiver.at('/callback');
		assert.equal(object(event?.json.data).document_id, started.json.id);
		assert.equal(callback?.json.id, started.json.id);
		assert.equal(callback?.json.event, undefined, 'the callback has no envelope');
		assert.equal(callback?.headers['x-solatis-signature'], undefined, 'and no signature');
		const documents = list((await solatis('/documents')).json.documents);
		assert.equal(object(documents[0]).status, 'completed');
		const chat = await solatis(`/documents/${string(started.json.id)}/chat`, { json: { message: 'Who?' } });
		assert.equal(chat.status, 200);
		assert.equal((await solatis('/documents/doc_none/chat', { json: { message: 'Who?' } })).status, 404);
	});

	it('transcribes: started at once, completed a moment later', async () => {
		await subscribe('/hook', ['transcription.started', 'transcription.completed']);
		const started = await solatis('/transcribe', {
			json: { audio_url: 'https://example.com/a.mp3', speaker_labels: true },
		});
		assert.equal(started.status, 202);
		assert.equal((await solatis(`/transcribe/${string(started.json.id)}`)).json.status, 'processing');
		await eventually(() => assert.equal(sandbox.receiver.received.length, 2));
		assert.deepEqual(
			sandbox.receiver.received.map((one) => [one.json.event, object(one.json.data).transcription_id]),
			[
				['transcription.started', started.json.id],
				['transcription.completed', started.json.id],
			],
		);
		assert.equal((await solatis(`/transcribe/${string(started.json.id)}`)).json.status, 'completed');
		assert.equal((await solatis('/transcribe/trans_none')).status, 404);
		assert.equal((await solatis('/transcribe', { json: {} })).status, 400);
	});

	it('can be told to limit the rate, and where its answer carries the webhook', async () => {
		await sandbox.fault({ provider: 'solatis', behaviour: { rateLimit: 1, createdShape: 'data' } });
		const { json } = await subscribe('/hook', ['document.analyzed']);
		assert.match(string(object(json.data).id), /^wh_/);
		const over = await solatis('/documents');
		assert.equal(over.status, 429);
		assert.equal(code(over.json), 'rate_limit_exceeded');
	});

	it('answers malformed JSON and unknown paths in its own envelope', async () => {
		const malformed = await solatis('/webhooks', { body: '{"url":', headers: { 'content-type': 'application/json' } });
		assert.equal(malformed.status, 400);
		assert.equal(code(malformed.json), 'invalid_request');
		const unknown = await solatis('/nothing');
		assert.equal(unknown.status, 404);
		assert.equal(code(unknown.json), 'not_found');
		assert.deepEqual(sandbox.takeViolations(), ['solatis path GET /nothing']);
	});
});
