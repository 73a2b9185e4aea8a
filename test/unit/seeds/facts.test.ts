/**
 * Facts of the seeds that are single values, one test each, whose name says the fact. Contract and provider are both held to it:
 * without this, a fact that is changed in both at once would be changed in silence.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractOf } from '../../../contracts/index.mts';
import type { ProviderId } from '../../../sandbox/accounts.mts';
import { isObject } from '../../../core/json.ts';
import type { Json, JsonObject } from '../../../core/provider.ts';
import { triggerWebhooks } from '../../../nodes/n8n/trigger.ts';
import { provider, providers } from '../../../providers/index.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const deliveriesOf = (id: ProviderId) => contractOf(id).deliveries;

/** The data of the event that a provider shows. */
function sampleOf(id: ProviderId, event: string): JsonObject {
	const sample = provider(id).events.find(({ name }) => name === event)?.sample;
	if (!isObject(sample)) throw new Error(`${id} has no sample of ${event}`);
	return sample;
}

function within(value: Json | undefined, ...names: string[]): Json | undefined {
	return names.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

const keysOf = (value: Json | undefined): string[] => Object.keys(isObject(value) ? value : {}).toSorted();

function expectBase(id: ProviderId, url: string): void {
	expect([contractOf(id).base, provider(id).api.baseUrl]).toEqual([url, url]);
}

/** The header of the first proof, in the contract and in the provider. */
function expectHeader(id: ProviderId, header: string): void {
	const scheme = provider(id).receiving.proofs[0]?.scheme;
	expect([deliveriesOf(id).proofs[0]?.header, scheme?.kind === 'hmac' && scheme.header]).toEqual([header, header]);
	expect(scheme).toMatchObject({ kind: 'hmac', encoding: 'hex' });
}

/** How long the service waits for an answer, in seconds. */
function expectPatience(id: ProviderId, seconds: number): void {
	expect([deliveriesOf(id).ack.seconds, provider(id).receiving.answerWithinSeconds]).toEqual([seconds, seconds]);
}

describe('addresses', () => {
	it('Solar Proof has the base URL of its page', () =>
		expectBase('solar-proof', 'https://solarproof.com.au/apidata.php'));
	it('Solatis has the base URL of its page', () => expectBase('solatis', 'https://api.solatis.team/v2'));
});

describe('signatures', () => {
	it('Solatis signs in x-solatis-signature, in hexadecimal digits', () =>
		expectHeader('solatis', 'x-solatis-signature'));
	it('Solid# signs in x-solid-signature, in hexadecimal digits', () =>
		expectHeader('solid-number', 'x-solid-signature'));
	it('SoshiaConnect signs in x-soshia-signature, in hexadecimal digits', () =>
		expectHeader('soshia-connect', 'x-soshia-signature'));
	it('Solve360 signs in x-solve360-hmac-sha256', () => expectHeader('solve360', 'x-solve360-hmac-sha256'));
	it('Solar Proof signs nothing: a token in the URL is the proof', () => {
		expect(deliveriesOf('solar-proof').proofs.map(({ kind }) => kind)).toEqual(['url-token']);
		expect(provider('solar-proof').receiving.proofs.map(({ scheme }) => scheme.kind)).toEqual(['url-token']);
	});
});

describe('answers', () => {
	it('Solar Proof waits 5 seconds for an answer', () => expectPatience('solar-proof', 5));
	it('Solatis waits 5 seconds for an answer', () => expectPatience('solatis', 5));
	it('Solid# waits 5 seconds for an answer', () => expectPatience('solid-number', 5));
	it('Solar Proof and SoshiaConnect ask for 200; Solid# and Solve360 take any 2xx', () => {
		const taken = (['solar-proof', 'soshia-connect', 'solid-number', 'solve360'] as const).map(
			(id) => deliveriesOf(id).ack.status,
		);
		expect(taken).toEqual([[200], [200], '2xx', '2xx']);
	});
});

describe('receiving', () => {
	it('n8n answers before the workflow runs, for every service', () => {
		const modes = providers.flatMap((one) => triggerWebhooks(one).map(({ responseMode }) => responseMode));
		expect(modes.length).toBeGreaterThanOrEqual(providers.length);
		expect(new Set(modes)).toEqual(new Set(['onReceived']));
	});
});

describe('registration', () => {
	it.each(providers.map((one) => [one.name, one] as const))('%s: each documented way is offered', (_, one) => {
		const documented = deliveriesOf(one.id as ProviderId).registration.filter(({ grade }) => grade === 'documented');
		for (const { how } of documented) {
			const kind = how === 'api' ? 'api' : 'manual';
			expect(one.registrations.filter((registration) => registration.kind === kind)).toHaveLength(1);
		}
	});
	it('Solatis: the steps lead to Settings > Developer > Webhooks', () => {
		const manual = provider('solatis').registrations.find(({ kind }) => kind === 'manual');
		expect(manual?.kind === 'manual' && manual.steps.join(' ')).toMatch(
			/Settings > Developer > Webhooks.*Add Webhook.*events.*secret/,
		);
	});
});

describe('retries', () => {
	it('Solatis retries after 1 minute, 5 minutes, 30 minutes, 2 hours and 24 hours, then disables', () => {
		expect(deliveriesOf('solatis').retries).toMatchObject({
			afterSeconds: [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 24 * HOUR],
			afterLast: 'disable',
			grade: 'documented',
		});
	});
	it('Solid# retries after 5 minutes, 30 minutes and 2 hours, then sends an email', () => {
		expect(deliveriesOf('solid-number').retries).toMatchObject({
			afterSeconds: [5 * MINUTE, 30 * MINUTE, 2 * HOUR],
			afterLast: 'keep',
			notice: 'email',
			grade: 'documented',
		});
	});
	it('Solve360 retries four times', () => {
		expect(deliveriesOf('solve360').retries.afterSeconds).toHaveLength(4);
		expect(deliveriesOf('solve360').retries.afterLast).toBe('keep');
	});
	it('Solve360 sends an email after the last retry', () =>
		expect(deliveriesOf('solve360').retries.notice).toBe('email'));
	it('Solar Proof and SoshiaConnect do not say when they retry: the schedule is marked as inferred', () => {
		expect(deliveriesOf('solar-proof').retries.grade).toBe('inferred');
		expect(deliveriesOf('soshia-connect').retries.grade).toBe('inferred');
	});
});

describe('payloads', () => {
	it('Solar Proof: the note on status changes names the statuses', () => {
		const event = provider('solar-proof').events.find(({ name }) => name === 'customer_status_change');
		for (const status of ['New Contacts', 'Signed', 'Mega Status']) expect(event?.note).toContain(status);
	});
	it('Solatis: the sample of document.analyzed has the documented fields', () => {
		const data = sampleOf('solatis', 'document.analyzed')['data'];
		expect(keysOf(data)).toEqual(['confidence', 'document_id', 'extracted_fields', 'status', 'summary']);
		expect(keysOf(within(data, 'extracted_fields'))).toEqual(['end_date', 'obligations', 'parties', 'start_date']);
	});
	it('Solatis: the sample of transcription.completed has the documented fields', () => {
		const data = sampleOf('solatis', 'transcription.completed')['data'];
		expect(keysOf(data)).toEqual(
			['transcription_id', 'status', 'transcript', 'speakers', 'duration_seconds', 'confidence'].toSorted(),
		);
		const speakers = within(data, 'speakers');
		expect(keysOf(Array.isArray(speakers) ? speakers[0] : undefined)).toEqual(['segments', 'speaker']);
	});
	it('Solid#: the sample of inventory.low_stock has the documented fields', () => {
		const { data, metadata } = sampleOf('solid-number', 'inventory.low_stock');
		expect(keysOf(data)).toEqual(
			['product_id', 'product_name', 'quantity_available', 'threshold', 'location_id', 'ai_action'].toSorted(),
		);
		expect(keysOf(metadata)).toEqual(['agent', 'auto_reorder_placed', 'reorder_quantity']);
	});
	it('SoshiaConnect: created is in seconds', () => {
		const created = Number(sampleOf('soshia-connect', 'payment.succeeded')['created']);
		expect(new Date(created * 1000).getUTCFullYear()).toBe(2021);
	});
	it('SoshiaConnect: the sample of payment.succeeded has the documented fields', () => {
		const object = within(sampleOf('soshia-connect', 'payment.succeeded'), 'data', 'object');
		expect(keysOf(object)).toEqual(['amount', 'currency', 'id', 'metadata', 'status']);
		expect(keysOf(within(object, 'metadata'))).toEqual(['subscription_id', 'user_id']);
	});
	it('Solve360: each sample has type, objectid and content', () => {
		for (const { sample } of provider('solve360').events) {
			expect(keysOf(sample)).toEqual(expect.arrayContaining(['content', 'objectid', 'type']));
			expect(keysOf(within(sample, 'content'))).not.toEqual([]);
		}
	});
	it('Solve360: objectid is a number', () => {
		for (const { sample } of provider('solve360').events) expect(typeof within(sample, 'objectid')).toBe('number');
	});
});

describe('testing', () => {
	it('Solid#: the guide tells of the test mode', () => {
		const guide = readFileSync(join(__dirname, '../../../providers/solid-number/README.md'), 'utf8');
		expect(guide).toMatch(/test mode[^]*sk_test_/);
	});
});
