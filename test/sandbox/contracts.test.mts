/** The layer that holds the sandbox's services to contracts/. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contractOf } from '../../contracts/index.mts';
import { ACCOUNTS, BASE_PATHS, PROVIDER_IDS } from '../../sandbox/accounts.mts';
import { call, eventually, list, object, string, useSandbox } from './helpers.mts';
import type { CallOptions } from './helpers.mts';

describe('held to the contracts', () => {
	const sandbox = useSandbox({ speed: 100_000 });
	const solatis = (path: string, options: CallOptions = {}) =>
		call(sandbox.url(`/solatis/v2${path}`), {
			...options,
			headers: { authorization: 'Bearer sandbox-solatis-key', ...options.headers },
		});

	it('a query name that is not declared is dropped before the handler sees it, and recorded', async () => {
		const { status, json } = await solatis('/documents?limit=1');
		assert.equal(status, 200);
		assert.equal(list(json.documents).length, 3);
		assert.deepEqual(sandbox.takeViolations(), ['solatis query limit']);
	});

	it('a body name that is not declared is dropped before the handler sees it, and recorded', async () => {
		const json = { audio_url: 'https://example.com/a.mp3', audio: 'https://example.com/b.mp3' };
		assert.equal((await solatis('/transcribe', { json })).status, 202);
		assert.deepEqual(sandbox.takeViolations(), ['solatis body audio']);
	});

	it('a wrong method and a wrong slash are refused in the words of the service, and recorded', async () => {
		const method = await solatis('/transcribe/trans_1', { method: 'DELETE' });
		assert.equal(method.status, 405);
		assert.match(string(object(method.json.error).message), /Method DELETE is not allowed/);
		assert.equal((await solatis('/documents/')).status, 404);
		assert.deepEqual(sandbox.takeViolations(), ['solatis method DELETE', 'solatis slash GET /documents/']);
	});

	it('a content type that is not declared is refused, and recorded', async () => {
		const { status } = await solatis('/transcribe', {
			body: new URLSearchParams({ audio_url: 'https://example.com/' }),
		});
		assert.equal(status, 400);
		assert.deepEqual(sandbox.takeViolations(), ['solatis content form']);
	});

	it('a missing or wrong field is refused and no violation: it is the person who left it out', async () => {
		const missing = await solatis('/transcribe', { json: { language: 'en' } });
		assert.equal(object(missing.json.error).message, 'Missing required field: audio_url');
		const wrong = await solatis('/transcribe', { json: { audio_url: 'https://example.com/', speaker_labels: 'yes' } });
		assert.equal(object(wrong.json.error).message, 'Invalid field: speaker_labels');
		assert.deepEqual(sandbox.takeViolations(), []);
	});

	it('a caller that is not known is refused before anything is said about fields', async () => {
		const { status } = await call(sandbox.url('/solatis/v2/transcribe'), { json: {} });
		assert.equal(status, 401);
	});

	it('a list is where the reading in force has it', async () => {
		for (const [place, read] of [
			['data', (text: string) => JSON.parse(text).data],
			['', (text: string) => JSON.parse(text)],
		] as const) {
			await sandbox.variants({ provider: 'solatis', call: 'document.getMany', set: { listUnder: place } });
			assert.equal(list(read((await solatis('/documents')).text)).length, 3);
		}
		const odd = await sandbox.control('variants', { provider: 'solatis', set: { listUnder: 'nowhere' } });
		assert.equal(odd.status, 400);
	});

	it('a test that does not take its violations fails', async () => {
		await solatis('/nothing');
		const { json } = await sandbox.control('violations');
		const [found] = list(json.violations);
		assert.deepEqual(
			[object(found).service, object(found).kind, object(found).request, object(found).enforced],
			['solatis', 'path', 'GET /nothing', true],
		);
		const { refuseViolations } = await import('../../sandbox/contract/refuse.mts');
		const taken = { takeViolations: () => list(json.violations) as never };
		assert.throws(() => refuseViolations(taken), /not declared in contracts\/:\n {2}solatis GET \/nothing: path/);
		sandbox.takeViolations();
	});
});

describe('a service that repeats the request in its refusals', () => {
	const sandbox = useSandbox();

	for (const id of PROVIDER_IDS) {
		it(`${id}: URL, headers and body, in its own envelope`, async () => {
			const { credentials } = ACCOUNTS[id][0];
			const secret = credentials.apiKey ?? credentials.apiToken ?? '';
			await sandbox.fault({
				provider: id,
				behaviour: { echoSecrets: true },
				calls: [{ kind: 'status', status: 400 }],
			});
			const answer = await call(sandbox.url(`${BASE_PATHS[id]}${id === 'solar-proof' ? '' : '/x'}?api_key=${secret}`), {
				headers: { authorization: `Bearer ${secret}`, 'x-api-key': secret, accept: 'application/json' },
				json: { apikey: secret },
			});
			assert.equal(answer.status, 400);
			const text = JSON.stringify(answer.json);
			assert.match(text, new RegExp(`api_key=${secret}`));
			assert.match(text, new RegExp(`authorization: Bearer ${secret}`));
			assert.ok(text.includes(JSON.stringify(JSON.stringify({ apikey: secret })).slice(1, -1)), 'the body');
			sandbox.takeViolations();
		});
	}
});

describe('after the last retry', () => {
	const sandbox = useSandbox({ speed: 1_000_000 });

	for (const id of ['solatis', 'solid-number', 'soshia-connect', 'solve360'] as const) {
		const says = contractOf(id).deliveries.retries.notice === 'email';
		it(`${id}: ${says ? 'an email appears in the log and in GET /control/notices' : 'no email'}`, async () => {
			const [event = ''] = Object.keys(contractOf(id).events);
			await sandbox.control('subscriptions', { provider: id, url: `${sandbox.receiver.url}/down` });
			sandbox.receiver.answers.set('/down', 500);
			await sandbox.raise({ provider: id, event });
			await eventually(async () => {
				const [delivery] = await sandbox.deliveries();
				assert.equal(delivery?.state, 'failed');
				const { json } = await sandbox.control('notices');
				assert.equal(list(json.notices).length, says ? 1 : 0);
				assert.equal(delivery.notice !== undefined, says);
				if (says)
					assert.match(delivery.notice ?? '', new RegExp(`^An email to account 1: ${event} could not be delivered`));
			});
		});
	}
});
