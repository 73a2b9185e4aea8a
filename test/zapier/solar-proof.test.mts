import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { solarProof } from '../../providers/solar-proof/provider.ts';
import {
	describeActions,
	describeConnection,
	describeErrors,
	describeFindOrCreate,
	errorOf,
	describeRepeats,
	describeSubscribing,
} from './support/cases.mts';
import { describeApp } from './support/suite.mts';

const JANE = {
	firstName: 'Jane',
	surname: 'Example',
	email: 'jane@example.com',
	phone: '0400000000',
	type: 'RESIDENTIAL',
};

describeApp(solarProof, (stage) => {
	describeConnection(stage, { secret: 'apiKey', label: /^API Key #[0-9a-f]{6}$/ });
	describeSubscribing(stage, {
		subscribe: { path: 'action=subscribe_customer' },
		unsubscribe: { path: 'action=unsubscribe_customer' },
	});
	describeRepeats(stage);
	describeActions(stage, {
		'creates.customer_create': JANE,
		'creates.customer_update': async (first) => ({ customerId: await first('list_customer'), phone: '0411111111' }),
		'creates.customer_delete': async () => {
			const made = (await stage.zapier.act(stage.connection, 'creates', 'customer_create', {
				...JANE,
				email: 'gone@example.com',
			})) as { customer_id: string };
			return { customerId: made.customer_id, confirmation: ' delete' };
		},
		'creates.project_create': { projectName: 'Example roof', customer: 'contact', contactEmail: 'jane@example.com' },
		'searches.customer_get_by_email': { email: 'jane@example.com' },
		'searches.customer_get_id_by_email': { email: 'jane@example.com' },
		'searches.customer_get_many': { limit: 60 },
		'searches.customer_find_recent': { since: '2000-01-01', limit: 3 },
		'searches.project_get': async () => ({ projectId: await someProject() }),
		'searches.project_get_customer': async () => ({ projectId: await someProject() }),
	});
	describeFindOrCreate(stage, {
		customer_get_by_email: {
			search: { email: 'new@example.com' },
			create: { ...JANE, email: 'new@example.com' },
			id: 'customer_id',
			label: /^Find or Create Customer$/,
		},
	});
	describeErrors(stage, { action: 'creates.customer_create', input: JANE, text: 'companyName' });

	async function someProject(): Promise<string> {
		const found = await stage.zapier.act(stage.connection, 'searches', 'customer_get_many', { limit: 60 });
		const projects = (found as Array<{ projects: Array<{ project_id: string }> }>).flatMap(
			(customer) => customer.projects,
		);
		return projects[0]?.project_id ?? '';
	}

	describe('Solar Proof', () => {
		it('a search for a customer who is not there finds nothing, and is no error', async () => {
			const found = await stage.zapier.act(stage.connection, 'searches', 'customer_get_by_email', {
				email: 'no@example.com',
			});
			assert.deepEqual(found, []);
		});

		it('deletes a customer, with all that goes with it, only when a person typed the word', async () => {
			const deleting = (input: Record<string, unknown>) =>
				stage.zapier.act(stage.connection, 'creates', 'customer_delete', { customerId: '1', ...input });
			const before = (await stage.service.calls()).length;
			for (const confirmation of [undefined, '', 'yes', 'DELETE it']) {
				const { said } = await errorOf(deleting({ confirmation }));
				assert.match(said.message ?? '', /^"Confirmation" must be DELETE/);
			}
			assert.equal((await stage.service.calls()).length, before, 'nothing was asked of the service');
			const fields = await stage.zapier.inputFields(stage.connection, 'creates.customer_delete');
			const help = String(fields.find(({ key }) => key === 'confirmation')?.helpText);
			assert.match(help, /also deletes the customer's projects, quotes and history\. A deletion can't be undone/);
		});

		it('a list is as long as was asked, over several pages', async () => {
			for (const limit of [1, 55]) {
				const found = await stage.zapier.act(stage.connection, 'searches', 'customer_get_many', { limit });
				assert.equal((found as unknown[]).length, limit);
			}
		});

		it('fields that belong to another choice are not shown, and what was left in them is not sent', async () => {
			const keys = async (customer: string) =>
				(await stage.zapier.inputFields(stage.connection, 'creates.project_create', { customer })).map(
					({ key }) => key,
				);
			assert.ok((await keys('contact')).includes('contactEmail') && !(await keys('contact')).includes('customerId'));
			assert.ok((await keys('existing')).includes('customerId') && !(await keys('existing')).includes('contactEmail'));
			await stage.zapier.act(stage.connection, 'creates', 'project_create', {
				projectName: 'Example roof',
				customer: 'none',
				contactEmail: 'left@example.com',
			});
			const written = (await stage.service.calls()).findLast(({ method }) => method === 'POST');
			assert.ok(written?.body);
			assert.doesNotMatch(JSON.stringify(written), /left@/);
		});

		it('an API key with signs in it reaches neither the log nor an error', async () => {
			const apiKey = 'odd key/+&="%{{x}}';
			await stage.zapier.connect({ apiKey }).catch(() => undefined);
			const everything = JSON.stringify(stage.zapier.platform.logs) + stage.zapier.app.output();
			for (const form of [apiKey, encodeURIComponent(apiKey), new URLSearchParams({ apiKey }).toString().slice(7)]) {
				assert.ok(!everything.includes(form) && !everything.includes(JSON.stringify(form).slice(1, -1)), form);
			}
		});
	});
});
