import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { solve360 } from '../../providers/solve360/provider.ts';
import {
	describeActions,
	describeConnection,
	describeErrors,
	describeFindOrCreate,
	describeRepeats,
	describeSubscribing,
	type Input,
} from './support/cases.mts';
import type { Item } from '../../harness/zapier/zapier.mts';
import { describeApp } from './support/suite.mts';

/** The actions that every type of record has. `names`: its key, its list of tags, and what a new one is filled with. */
function recordActions(
	key: string,
	list: string,
	tags: string,
	filled: Record<string, unknown>,
): Record<string, Input> {
	return {
		[`creates.${key}_create`]: filled,
		[`searches.${key}_get`]: async (first) => ({ id: await first(list) }),
		[`searches.${key}_get_many`]: { limit: 1 },
		[`searches.${key}_find_recent`]: { since: '2000-01-01', change: 'Updated' },
		[`creates.${key}_update`]: async (first) => ({ id: await first(list), fields: { background: 'Met at the fair' } }),
		[`creates.${key}_add_tags`]: async (first) => ({ id: await first(list), tags: [await first(tags)] }),
		[`creates.${key}_remove_tags`]: async (first) => ({ id: await first(list), tags: [await first(tags)] }),
		[`creates.${key}_relate`]: async (first) => ({ id: await first(list), relatedId: '467080', note: 'knows' }),
		[`creates.${key}_unrelate`]: async (first) => ({ id: await first(list), relatedId: '467080' }),
		[`creates.${key}_delete`]: async (first) => ({ id: await first(list) }),
	};
}

const BLOG = { fields: { title: 'Example roof' } };
const NOTE = { recordType: 'contacts', activityType: 'note' };
const PERIOD = { start: '2026-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' };

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

describeApp(solve360, (stage) => {
	describeConnection(stage, { secret: 'apiToken', label: /^demo@example\.com$/ });
	describeSubscribing(stage, {
		subscribe: { method: 'POST', path: '/hooks/' },
		unsubscribe: { method: 'DELETE', path: '/hooks/' },
	});
	describeRepeats(stage);
	describeErrors(stage, {
		action: 'creates.category_create',
		input: { recordType: 'contacts', name: 'Lead' },
		text: 'name',
	});
	describeActions(stage, {
		...recordActions('contact', 'list_contact', 'list_contact_tags', { firstName: 'Ada', lastName: 'Example' }),
		'searches.contact_find_by_email': async () => ({ email: await someEmail() }),
		'creates.contact_create_or_update': { email: 'ada@example.com', lastName: 'Example' },
		...recordActions('company', 'list_company', 'list_company_tags', { name: 'Example Pty Ltd' }),
		...recordActions('project_blog', 'list_project_blog', 'list_project_blog_tags', BLOG),
		...recordActions('ticket', 'list_ticket', 'list_ticket_tags', BLOG),
		'creates.activity_create': { ...NOTE, recordId: '467075', details: 'Called back' },
		'creates.activity_update': async () => ({ ...NOTE, activityId: await someNote(), details: 'Called back twice' }),
		'creates.activity_delete': async () => ({ ...NOTE, activityId: await someNote() }),
		'creates.category_create': { recordType: 'contacts', name: 'Prospect' },
		'searches.category_get_many': { recordType: 'contacts', limit: 5 },
		'creates.activity_upload': async () => ({
			...{ recordType: 'contacts', activityType: 'file', recordId: '467075' },
			// Zapier gives the address of a file.
			file: await fileAt(Buffer.from([0, 255, 13, 10])),
		}),
		'searches.location_get_many': { searchValue: 'ada' },
		'searches.field_get_many': { recordType: 'contacts', limit: 5 },
		'searches.owner_get_many': { limit: 5 },
		'searches.report_activities': { ...PERIOD, types: ['3'] },
		'searches.report_calendar': () => madeFor('event', {}, PERIOD),
		'searches.report_follow_ups': () => madeFor('followup', { duedate: '2026-02-09' }, {}),
		'searches.report_next_actions': () => madeFor('task', { duedate: '2026-02-09', completed: '0' }, {}),
		'searches.report_opportunities': () => madeFor('opportunity', { status: 'discussion' }, {}),
		'searches.report_time_tracking': () => madeFor('timerecord', {}, PERIOD),
	});

	describeFindOrCreate(stage, {
		contact_find_by_email: {
			search: { email: 'new@example.com' },
			create: { lastName: 'New', businessEmail: 'new@example.com' },
			id: 'id',
			label: /^Find or Create Contact$/,
		},
	});

	/** Serves a file as Zapier does: the address of one that an earlier step gave. */
	async function fileAt(bytes: Buffer): Promise<string> {
		const server = createServer((_request, response) => {
			response.writeHead(200, { 'content-disposition': 'attachment; filename="roof.bin"' });
			response.end(bytes);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		server.unref();
		servers.push(server);
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hydrate/1`;
	}

	/** Makes an activity for a report to find; the report's input. */
	async function madeFor(activityType: string, data: Record<string, string>, report: Record<string, unknown>) {
		const dated = { date: '2026-02-09', start: '2026-02-09T10:00:00+00:00', ...data };
		const input = { recordType: 'contacts', activityType, recordId: '467075', data: dated };
		await stage.zapier.act(stage.connection, 'creates', 'activity_create', input);
		return report;
	}

	async function someEmail(): Promise<string> {
		const input = { lastName: 'Findable', businessEmail: 'findable@example.com' };
		await stage.zapier.act(stage.connection, 'creates', 'contact_create', input);
		return ' Findable@example.com';
	}

	async function someNote(): Promise<string> {
		const input = { ...NOTE, recordId: '467075', details: 'Called' };
		const made = await stage.zapier.act(stage.connection, 'creates', 'activity_create', input);
		return String((made as { id: number }).id);
	}

	describe('Solve360', () => {
		it('a file is sent as it is, with its name; what is no file is refused', async () => {
			const input = { recordType: 'contacts', activityType: 'photo', recordId: '467075' };
			const act = (file: unknown) =>
				stage.zapier.act(stage.connection, 'creates', 'activity_upload', { ...input, file });
			const made = (await act(await fileAt(Buffer.from([0, 255, 13, 10])))) as { fields: object };
			assert.deepEqual(made.fields, { filename: 'roof.bin', filesize: '4' });
			for (const wrong of ['', 'not an address', 'file:///etc/passwd'])
				await assert.rejects(act(wrong), /File\\" (must be|is empty)/);
		});

		it('a report takes the day that is written', async () => {
			const input = { start: '2026-02-25T00:00:00+11:00', end: '2026-02-25T23:59:00+11:00', types: ['3'] };
			await stage.zapier.act(stage.connection, 'searches', 'report_activities', input);
			const [asked] = (await stage.service.calls())
				.filter(({ path }) => path.endsWith('/report/activities/'))
				.slice(-1);
			assert.deepEqual([asked?.query.start, asked?.query.end], ['2026-02-25', '2026-02-25']);
		});

		it('the editor is offered records of the chosen type, newest first', async () => {
			const of = async (inputData: Item) =>
				(await stage.zapier.samples(stage.connection, 'items_create', inputData)) as unknown as Array<{
					content: { item: { typeid: number } };
				}>;
			for (const [constrainTo, typeid] of [
				['company', 40],
				['projectblog', 2],
				['contact', 1],
				['Companies', 40],
			] as const) {
				const found = await of({ constrainTo });
				assert.ok(found.length > 0, constrainTo);
				assert.ok(
					found.every(({ content }) => content.item.typeid === typeid),
					constrainTo,
				);
			}
		});

		it("the trigger's own choices reach the service and narrow what runs", async () => {
			const inputData = { constrainTo: 'contact', tags: ['Lead'] };
			const zap = await stage.zapier.turnOn(stage.connection, 'items_categorize', inputData);
			const [hook] = await stage.service.subscriptions();
			assert.equal(hook?.constraint, 'contact');
			const tagged = (name: string) => ({
				type: 'items.categorize',
				objectid: 1,
				occured: '2026-02-02T10:30:00+00:00',
				content: { item: { id: 1, name, typeid: 1 }, categories: [{ id: 1, name }], relateditems: [], activities: [] },
			});
			for (const name of ['Lead', 'Customer']) await stage.service.raise('items.categorize', { payload: tagged(name) });
			await stage.zapier.settled();
			assert.deepEqual(
				stage.zapier.runsOf(zap).map(({ content }) => (content as { item: { name: string } }).item.name),
				['Lead'],
			);
			assert.equal(stage.zapier.said().at(-1), 'Dropped a delivery: not_wanted');
			await stage.zapier.turnOff(zap);
		});

		for (const contentType of ['xml', 'form']) {
			it(`notifications in ${contentType} become the same items`, async () => {
				const zap = await stage.zapier.turnOn(stage.connection, 'items_create', { contentType });
				await stage.service.raise('items.create');
				await stage.zapier.settled();
				const [item] = stage.zapier.runsOf(zap);
				assert.equal(item?.type, 'items.create');
				assert.equal(typeof item.objectid, 'number');
				assert.deepEqual(Object.keys(item.content as object).sort(), [
					'activities',
					'categories',
					'item',
					'relateditems',
				]);
				await stage.zapier.turnOff(zap);
			});
		}
	});
});
