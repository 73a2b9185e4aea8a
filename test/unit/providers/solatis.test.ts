import { describe, expect, test } from '@jest/globals';
import { ServiceRefused, InvalidInput } from '../../../core/errors.ts';
import type { Json, JsonObject } from '../../../core/provider.ts';
import { readError } from '../../../providers/solatis/answers.ts';
import { solatis } from '../../../providers/solatis/provider.ts';
import { answer, delivered, hmac, operation, page, ran, request, subscriptionApi, told } from './calling.ts';

describe('events', () => {
	test('there are the 13 documented event types, in the documented envelope', () => {
		expect(solatis.events.map(({ name }) => name)).toEqual([
			...['document.analyzed', 'document.deleted', 'document.shared'],
			...['transcription.started', 'transcription.completed', 'meeting.analyzed', 'action_items.extracted'],
			...['task.created', 'task.updated', 'task.completed', 'task.deleted'],
			...['content.generated', 'brainstorm.completed'],
		]);
		for (const { sample } of solatis.events) {
			expect(Object.keys(sample as JsonObject)).toEqual(['id', 'event', 'created_at', 'data']);
			expect((sample as { data: JsonObject }).data).not.toEqual({});
		}
		const documented = solatis.events.filter(({ sampleGrade }) => sampleGrade === 'documented');
		expect(documented.map(({ name }) => name)).toEqual(['document.analyzed', 'transcription.completed']);
		for (const event of solatis.events) expect(event.lookAlike).toBeUndefined();
	});

	test.each(solatis.events.map(({ name, sample }) => [name, sample] as const))(
		'%s arrives unchanged',
		(name, sample) => {
			const body = JSON.stringify(sample, null, 2);
			const signed = { headers: { 'x-solatis-signature': hmac('a made-up secret', body) } };
			const secrets = [{ value: 'the new secret' }, { value: 'a made-up secret' }];
			expect(delivered(solatis, body, signed, { secrets })).toMatchObject({
				outcome: 'accepted',
				event: name,
				items: [sample],
				warnings: [],
				lookAlike: false,
			});
			// Documented over the raw body: a signature over the re-serialised one is not Solatis'.
			const other = { headers: { 'x-solatis-signature': hmac('a made-up secret', JSON.stringify(sample)) } };
			expect(delivered(solatis, body, other, { secrets })).toMatchObject({ reason: 'signature_mismatch', status: 401 });
			expect(delivered(solatis, body, {}, { secrets })).toMatchObject({ reason: 'signature_missing' });
		},
	);

	test('the flat body of a callback, which is unsigned, is refused', () => {
		const flat = JSON.stringify({ id: 'trans_abc123', status: 'completed', transcript: 'words' });
		expect(delivered(solatis, flat, {}, { secrets: [{ value: 'a made-up secret' }] })).toMatchObject({
			outcome: 'rejected',
		});
	});
});

describe('connection', () => {
	test('a bearer key, without the white space that comes with copying', () => {
		const signed = solatis.api.authenticate(
			{ method: 'GET', path: '/documents', headers: { accept: 'x' } },
			{ apiKey: ' a-key\n' },
		);
		expect(signed.headers).toEqual({ accept: 'x', authorization: 'Bearer a-key' });
		expect(solatis.api.baseUrl).toBe('https://api.solatis.team/v2');
		expect(solatis.api.test).toEqual({ method: 'GET', path: '/documents' });
	});
});

describe('webhooks', () => {
	const api = subscriptionApi(solatis);
	const wanted = {
		url: 'https://n8n.example.com/webhook/1',
		events: ['document.analyzed', 'transcription.completed'],
		secret: 'a made-up secret',
		title: 'n8n',
		options: {},
	};

	test('are made with URL, events and our secret in one call', () => {
		expect(api.per).toBe('set');
		expect(api.secret).toBe('ours');
		expect(api.subscribe(wanted)).toEqual({
			method: 'POST',
			path: '/webhooks',
			json: { url: wanted.url, events: wanted.events, secret: 'a made-up secret' },
		});
	});

	test('are known by an id, wherever the answer has it', () => {
		const found = ([body]: readonly [Json]) => api.subscribed(answer(body, 201)).id;
		expect(found([{ id: 'wh_1' }])).toBe('wh_1');
		expect(found([{ data: { id: 'wh_2' } }])).toBe('wh_2');
		expect(found([{ webhook: { id: 3 } }])).toBe('3');
		expect(found([{ id: '', data: { id: 'wh_4' } }])).toBe('wh_4');
		const without: Json[] = [{}, { id: '' }, { data: 'wh_1' }, { webhook: null }, [], null];
		for (const body of without) expect(found([body])).toBeUndefined();
		expect(api.subscribed(page('created', 201))).toEqual({});
	});

	test('are removed by id, never by an empty path', () => {
		expect(api.unsubscribe({ id: 'wh/1 ?', url: 'https://x.example.com' })).toEqual([
			{ method: 'DELETE', path: '/webhooks/wh%2F1%20%3F' },
		]);
		for (const id of [undefined, '']) {
			expect(() => api.unsubscribe({ ...(id !== undefined && { id }), url: 'https://x.example.com' })).toThrow(
				InvalidInput,
			);
		}
	});

	const hook = { id: 'wh_1', url: 'https://n8n.example.com/webhook/1', events: ['document.analyzed'] };

	test.each([
		['webhooks', { webhooks: [hook] }],
		['data', { data: [hook] }],
		['a bare array', [hook]],
	])('are listed in %s', (_where, body) => {
		expect(api.list!.grade).toBe('inferred');
		expect(api.list!.request(0)).toEqual({ method: 'GET', path: '/webhooks' });
		expect(api.list!.read(answer(body))).toEqual([{ ...hook, active: true }]);
	});

	test.each<[JsonObject, boolean]>([
		[{}, true],
		[{ status: 'active' }, true],
		[{ status: 'Enabled' }, true],
		[{ status: 'disabled' }, false],
		[{ status: 'something new' }, false],
		[{ enabled: true }, true],
		[{ enabled: false }, false],
		[{ active: false }, false],
		[{ active: 0 }, false],
		[{ disabled: true }, false],
		[{ disabled: false }, true],
		[{ status: 'active', disabled: true }, false],
	])('with the state %j are active: %j', (state, active) => {
		expect(api.list!.read(answer([{ ...hook, ...state }]))[0]!.active).toBe(active);
	});

	test('odd lists hold nothing', () => {
		const odd: Json[] = [
			null,
			7,
			'words',
			{},
			{ webhooks: 'none' },
			{ data: {} },
			[1, null, 'x'],
			[{}, { id: 'wh_1' }, { url: 'x' }],
		];
		for (const body of odd) {
			expect(api.list!.read(answer(body))).toEqual([]);
		}
		expect(api.list!.read(answer([{ ...hook, events: 'all' }]))[0]!.events).toEqual([]);
	});
});

describe('operations', () => {
	test.each<[string, JsonObject, JsonObject]>([
		['document.getMany', {}, { method: 'GET', path: '/documents' }],
		[
			'document.analyze',
			{ documentUrl: 'https://example.com/a.pdf', analysisType: 'legal_review' },
			{
				method: 'POST',
				path: '/documents/analyze',
				json: { document_url: 'https://example.com/a.pdf', analysis_type: 'legal_review', include_summary: true },
			},
		],
		[
			'document.analyze',
			{
				documentUrl: 'https://example.com/a.pdf',
				analysisType: 'contract_review',
				extractFields: 'parties, start_date',
				includeSummary: false,
			},
			{
				method: 'POST',
				path: '/documents/analyze',
				json: {
					document_url: 'https://example.com/a.pdf',
					analysis_type: 'contract_review',
					extract_fields: ['parties', 'start_date'],
					include_summary: false,
				},
			},
		],
		[
			'document.chat',
			{ documentId: 'doc/1', message: 'When does it end?' },
			{ method: 'POST', path: '/documents/doc%2F1/chat', json: { message: 'When does it end?' } },
		],
		[
			'document.chat',
			{ documentId: 'doc_1', message: 'When does it end?', otherFields: { question: 'Q' } },
			{ method: 'POST', path: '/documents/doc_1/chat', json: { question: 'Q', message: 'When does it end?' } },
		],
		[
			'transcription.create',
			{ audioUrl: 'https://example.com/a.mp3', language: '' },
			{ method: 'POST', path: '/transcribe', json: { audio_url: 'https://example.com/a.mp3', speaker_labels: false } },
		],
		[
			'transcription.create',
			{ audioUrl: 'https://example.com/a.mp3', language: 'en', speakerLabels: true },
			{
				method: 'POST',
				path: '/transcribe',
				json: { audio_url: 'https://example.com/a.mp3', language: 'en', speaker_labels: true },
			},
		],
		['transcription.get', { transcriptionId: 'trans_1' }, { method: 'GET', path: '/transcribe/trans_1' }],
		['webhook.getDeliveries', { webhookId: 'wh_1' }, { method: 'GET', path: '/webhooks/wh_1/deliveries' }],
		['webhook.getHealth', { webhookId: 'a/b?c' }, { method: 'GET', path: '/webhooks/a%2Fb%3Fc/health' }],
	])('%s of %j is sent as documented', (id, input, expected) => {
		expect(request(solatis, id, input)).toEqual(expected);
	});

	test.each([
		['document.analyze', {}, '"Document URL" is empty'],
		[
			'document.analyze',
			{ documentUrl: 'https://example.com', analysisType: 'poetry' },
			'"Analysis Type" must be one of',
		],
		['document.chat', { documentId: 'doc_1', message: '  ' }, '"Message" is empty'],
		['document.chat', { message: 'x' }, '"Document ID" is empty'],
		['transcription.create', { language: 'en' }, '"Audio URL" is empty'],
		['transcription.get', { transcriptionId: ' ' }, '"Transcription ID" is empty'],
		['webhook.getHealth', {}, '"Webhook ID" is empty'],
	])('%s of %j is not sent', (id, input, message) => {
		expect(() => request(solatis, id, input)).toThrow(InvalidInput);
		expect(() => request(solatis, id, input)).toThrow(message);
	});

	test('no callback is offered: what comes to one is unsigned', () => {
		for (const { fields, resource, name, note } of solatis.operations) {
			expect(fields.map((field) => field.name).filter((one) => /webhookurl|callback/i.test(one))).toEqual([]);
			if (resource !== 'webhook' && ['analyze', 'create'].includes(name))
				expect(note).toBe('The result arrives later. To receive it, use the Solatis Trigger.');
		}
	});

	test('lists become items; what is no list is passed on whole', async () => {
		const documents = [{ id: 'doc_1' }, { id: 'doc_2' }];
		const shapes: Json[] = [documents, { documents }, { data: documents }];
		for (const body of shapes) {
			expect((await ran(solatis, 'document.getMany', {}, [answer(body)])).items).toEqual(documents);
		}
		expect((await ran(solatis, 'document.getMany', {}, [answer({ documents: [] })])).items).toEqual([]);
		expect((await ran(solatis, 'document.getMany', {}, [answer({ results: documents })])).items).toEqual([
			{ results: documents },
		]);
		await expect(ran(solatis, 'document.getMany', {}, [answer(null)])).rejects.toThrow('answered with nothing');
		const deliveries = [{ id: 'del_1', status: 'failed', error: 'Internal server error' }];
		expect(
			(await ran(solatis, 'webhook.getDeliveries', { webhookId: 'wh_1' }, [answer({ deliveries })])).items,
		).toEqual(deliveries);
	});

	test('a transcription that failed is an item, not a refusal', async () => {
		const failed = { id: 'trans_1', status: 'failed', error: { code: 'unreadable', message: 'No speech found' } };
		expect((await ran(solatis, 'transcription.get', { transcriptionId: 'trans_1' }, [answer(failed)])).items).toEqual([
			failed,
		]);
	});

	test('too many calls end in a sentence that says when to try again', async () => {
		const limited = {
			...answer({ error: { code: 'rate_limit_exceeded', message: 'Rate limit exceeded' } }, 429),
			headers: { 'retry-after': '12' },
		};
		const call = ran(solatis, 'document.getMany', {}, [limited]);
		await expect(call).rejects.toThrow(ServiceRefused);
		await expect(call).rejects.toThrow('Try again in 12 s');
	});
});

describe('errors', () => {
	test('the documented envelope, with field and request', () => {
		const body = {
			error: {
				code: 'invalid_request',
				message: 'Missing required field: document_url',
				details: { field: 'document_url', type: 'required' },
				request_id: 'req_abc123xyz',
			},
		};
		expect(readError(answer(body, 400))).toEqual({
			message: 'Missing required field: document_url',
			code: 'invalid_request',
			details: ['document_url: required', 'request req_abc123xyz'],
		});
		expect(told(solatis, answer({ error: { code: 'invalid_api_key', message: 'Invalid API key' } }, 401))).toContain(
			'Settings > API Keys',
		);
	});

	test.each([
		[{ error: 'gone' }, { message: 'gone' }],
		[{ message: 'Not here' }, { message: 'Not here' }],
		[{ error: { code: 'x' } }, { message: 'it gave no reason', code: 'x' }],
		[{ error: { message: 'm', details: { a: 1, b: ['c'] } } }, { message: 'm', details: ['a: 1', 'b: ["c"]'] }],
		[{ error: { message: 'm', details: 'd' } }, { message: 'm', details: ['d'] }],
		[{ error: null }, undefined],
		[[], undefined],
		[null, undefined],
	])('%j', (body, expected) => {
		expect(readError(answer(body, 400))).toEqual(expected);
	});

	test('a page of a proxy is told by its status', () => {
		expect(readError(page('<html>', 502))).toBeUndefined();
		expect(told(solatis, page('<html>', 502))).toContain('status 502');
	});
});

test('the body of a question is an assumption', () => {
	expect(operation(solatis, 'document.chat').grade).toBe('inferred');
});
