/** The example workflows: importable as they are, right in every parameter, and doing what their notes say. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isObject } from '../../core/json.ts';
import { providers } from '../../providers/index.ts';
import {
	EXAMPLES,
	isOurTrigger,
	prepare,
	readExamples,
	type Credentials,
	type Example,
} from '../../tools/demo/examples.mts';
import { play, type Outcome } from '../../tools/demo/play.mts';
import { scenes } from '../../tools/demo/scenes.mts';
import { registerByHand, setUpCredentials, watch, type Imported } from '../../tools/demo/setup.mts';
import type { WorkflowData, WorkflowNode } from '../../harness/client.mts';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import { parameterProblems } from './support/parameters.mts';
import { contactsWith } from './support/solve360.mts';

const examples = await readExamples();
const exampleIn = (file: string): Example => {
	const found = examples.find((example) => example.file === file);
	assert.ok(found, `examples/n8n/${file} is there`);
	return found;
};

describe('example workflows', () => {
	it('are there for every service, with its trigger', () => {
		const triggers = examples.flatMap(({ workflow }) => workflow.nodes.filter(isOurTrigger).map(({ type }) => type));
		for (const { id, name } of providers) {
			assert.ok(
				triggers.some((type) => type.startsWith(`n8n-nodes-${id}.`)),
				`an example with the trigger of ${name}`,
			);
		}
		assert.deepEqual(
			new Set(examples.filter(({ workflow }) => workflow.nodes.some(isOurTrigger)).map(({ file }) => file)),
			new Set(scenes.map(({ example }) => example)),
			'every example with a trigger of ours is played by the demo',
		);
	});

	it('are listed in the README, each with its file', async () => {
		const readme = await readFile(join(EXAMPLES, '../README.md'), 'utf8');
		const linked = [...readme.matchAll(/^\| \[`([\w-]+\.json)`\]\(n8n\/([\w-]+\.json)\)/gm)];
		assert.deepEqual(linked.map(([, name]) => name).sort(), examples.map(({ file }) => file).sort());
		for (const [, name, target] of linked) assert.equal(name, target);
	});

	for (const { file, workflow } of examples) {
		describe(file, () => {
			it('has the form of an import, and nothing of the n8n it was made in', () => {
				assert.deepEqual(Object.keys(workflow), ['name', 'nodes', 'connections', 'settings']);
				const names = workflow.nodes.map(({ name }) => name);
				assert.equal(new Set(names).size, names.length, 'node names are unique');
				for (const node of workflow.nodes) {
					const { credentials, webhookId } = node;
					assert.deepEqual({ credentials, webhookId }, { credentials: undefined, webhookId: undefined }, node.name);
				}
				for (const [from, { main }] of Object.entries(
					workflow.connections as Record<string, { main: { node: string }[][] }>,
				)) {
					for (const to of main.flat())
						assert.ok(names.includes(from) && names.includes(to.node), `${from} -> ${to.node}`);
				}
				const sentences = JSON.stringify(workflow);
				for (const [address] of sentences.matchAll(/[\w.]+@[\w.]+/g)) assert.match(address, /@example\.com$/);
			});

			it('says in a note what it does and what to fill in', () => {
				const [note, ...others] = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
				assert.deepEqual(others, []);
				const content = String(note?.parameters['content']);
				assert.match(content, /^## /);
				assert.match(content, /\*\*Fill in\*\*\n1\. /);
				const named = [...content.matchAll(/\*([^*\n]+)\*(?!\*)/g)].map(([, name]) => name);
				const needing = workflow.nodes.filter(needsFilling).map(({ name }) => name);
				for (const name of needing) assert.ok(named.includes(name), `the note names "${name}"`);
			});
		});
	}
});

/** Whether a node needs a credential or an address of the person who imports it. */
function needsFilling({ type }: WorkflowNode): boolean {
	return !['stickyNote', 'if', 'filter', 'scheduleTrigger'].some((plain) => type === `n8n-nodes-base.${plain}`);
}

describe('example workflows in a real n8n', { timeout: 180_000 }, () => {
	let n8n: N8n;
	let sandbox: SandboxControl;
	let credentials: Credentials;

	before(async () => {
		sandbox = await SandboxControl.start('solatis', 20_000);
		n8n = await N8n.start();
		await n8n.client.login();
		credentials = await setUpCredentials(n8n.client, sandbox.sandbox.url);
	});
	after(async () => {
		await n8n?.stop();
		await sandbox?.close();
	});
	beforeEach(async () => await sandbox.reset());

	/** An example as the demo imports it, published. */
	async function published(
		file: string,
		change: (workflow: WorkflowData) => void = () => undefined,
	): Promise<Imported> {
		const { workflow: data, standIns } = prepare(structuredClone(exampleIn(file).workflow), credentials);
		change(data);
		const { id } = await n8n.client.createWorkflow(data);
		const imported = { file, workflow: await n8n.client.getWorkflow(id), standIns };
		await registerByHand(sandbox, n8n.url, [imported]);
		assert.deepEqual(await n8n.client.publish(imported.workflow), { status: 'published', messages: [] });
		return imported;
	}
	async function played(imported: Imported, event: string): Promise<Outcome> {
		const scene = scenes.find((one) => one.example === imported.file && one.event === event);
		assert.ok(scene);
		return await play(scene, imported, n8n.client, sandbox);
	}
	const executed = async ({ executionId, problem }: Outcome) => {
		assert.ok(executionId !== undefined, problem);
		return (await n8n.client.getExecution(executionId)).items;
	};

	for (const { file, workflow } of examples) {
		it(`${file} is imported as it is, each parameter known and shown`, async () => {
			const { id } = await n8n.client.createWorkflow(workflow);
			const { nodes, connections } = await n8n.client.getWorkflow(id);
			assert.deepEqual(connections, workflow.connections);
			assert.deepEqual(
				nodes.map(({ name, type, parameters }) => ({ name, type, parameters })),
				workflow.nodes.map(({ name, type, parameters }) => ({ name, type, parameters })),
			);
			const descriptions = await n8n.client.nodeTypes(nodes);
			// They come in the order asked for, under their names within the package.
			const problems = nodes.flatMap((node, index) => {
				const description = descriptions[index];
				assert.ok(description && node.type.endsWith(description.name), `a node ${node.type}`);
				return parameterProblems(node, description);
			});
			assert.deepEqual(problems, []);
			await n8n.client.deleteWorkflow({ id });
		});
	}

	it('finds what is wrong with parameters', async () => {
		const node = exampleIn('solar-proof-customer-to-solve360.json').workflow.nodes.find(
			({ name }) => name === 'Create or Update Contact',
		);
		assert.ok(node);
		const [description] = await n8n.client.nodeTypes([node]);
		assert.ok(description);
		const wrong = (change: Record<string, unknown>) =>
			parameterProblems({ ...node, parameters: { ...node.parameters, ...change } }, description).join('; ');
		assert.equal(wrong({}), '');
		assert.match(wrong({ emial: 'x' }), /there is no parameter emial/);
		assert.match(wrong({ operation: 'upsert' }), /operation does not offer upsert/);
		assert.match(wrong({ email: '' }), /Parameter "Email to Match" is required/);
		assert.match(wrong({ additionalFields: { tag: 'Lead' } }), /there is no parameter additionalFields.tag/);
		assert.match(wrong({ recordId: '1' }), /the parameter recordId is not shown/);
	});

	it('a new Solar Proof customer becomes a tagged contact, and Slack is told', async () => {
		const imported = await published('solar-proof-customer-to-solve360.json');
		const outcome = await played(imported, 'customer_created');
		assert.equal(outcome.problem, undefined);
		assert.equal(outcome.verifiedBy, 'token in the URL');
		assert.match(outcome.followUps[0] ?? '', /^contact \d+ "Jane Example" in Solve360, tagged Lead$/);
		assert.match(outcome.followUps[1] ?? '', /^Slack .*New customer in Solar Proof: Jane Example \(jane@example.com\)/);
		// The same customer once more: changed, not created twice.
		await executed(await played(imported, 'customer_created'));
		assert.equal((await contactsWith(sandbox.sandbox, 'jane@example.com')).length, 1);
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('a tag that Solve360 does not have ends the run in a sentence, and nothing is written', async () => {
		const imported = await published('solar-proof-customer-to-solve360.json', ({ nodes }) => {
			const fields = nodes.find(({ name }) => name === 'Create or Update Contact')?.parameters['additionalFields'];
			assert.ok(isObject(fields));
			fields['tags'] = "={{ ['A tag that nobody made'] }}";
		});
		const { problem } = await played(imported, 'customer_created');
		assert.match(problem ?? '', /A tag that nobody made/);
		assert.deepEqual(await contactsWith(sandbox.sandbox, 'jane@example.com'), []);
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('a customer of Solar Proof who has signed gets an email; another change of status sends none', async () => {
		const imported = await published('solar-proof-signed-to-email.json');
		const signed = await played(imported, 'customer_status_change');
		assert.equal(signed.problem, undefined);
		assert.match(signed.followUps.join(), /^Email .*Hello John Doe,/);
		const scene = scenes.find(({ example }) => example === imported.file);
		assert.ok(scene);
		const other = await play({ ...scene, data: { new_status: 3 } }, imported, n8n.client, sandbox);
		assert.equal((await executed(other))['Email Customer'], undefined);
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('every event of Solar Proof becomes a row of a sheet', async () => {
		const imported = await published('solar-proof-events-to-google-sheets.json');
		const proposal = await played(imported, 'published_proposal_link');
		assert.equal(proposal.problem, undefined);
		assert.match(
			proposal.followUps.join(),
			/^Google Sheets .*: \d{4}-[\d-]+T[\d:.]+Z \| published_proposal_link \| {2}\| \d+ \| $/,
		);
		const scene = scenes.find(({ example }) => example === imported.file);
		assert.ok(scene);
		const customer = await play({ ...scene, event: 'customer_created' }, imported, n8n.client, sandbox);
		assert.match(customer.followUps.join(), / \| customer_created \| jane@example\.com \| {2}\| 1$/);
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('a Solatis transcription becomes a note, and its item names the webhook', async () => {
		const imported = await published('solatis-transcription-to-solve360.json');
		const outcome = await played(imported, 'transcription.completed');
		assert.equal(outcome.problem, undefined);
		assert.match(outcome.followUps[0] ?? '', /^note \d+ on contact 467069 "Ada Example 1" in Solve360$/);
		const [subscription] = await sandbox.of('solatis').subscriptions();
		assert.deepEqual(outcome.webhookIds, [subscription?.id]);
		const logged = n8n.log.split('\n').filter((line) => line.startsWith('Solatis: subscribed'));
		assert.equal(logged.at(-1)?.trim(), `Solatis: subscribed to transcription.completed (webhook ${subscription?.id})`);
		const item = exampleIn(imported.file).workflow.nodes.find(isOurTrigger)?.parameters['options'];
		assert.deepEqual(item, { includeDelivery: true }, 'in the example itself, not only in the demo');
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('low stock at Solid# becomes a task and an email', async () => {
		const imported = await published('solid-number-low-stock-to-email.json');
		const outcome = await played(imported, 'inventory.low_stock');
		assert.equal(outcome.problem, undefined);
		assert.match(outcome.followUps[0] ?? '', /^task \d+ in Solid#: Reorder Premium Widget: 5 left$/);
		const [mail] = (await executed(outcome))['Email Purchasing'] ?? [];
		assert.deepEqual(mail, {
			toEmail: 'purchasing@example.com',
			subject: 'Low stock: Premium Widget',
			text: 'Premium Widget is down to 5 (threshold 10). Solid# has a task for it: Reorder Premium Widget: 5 left.',
		});
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('a failed payment at SoshiaConnect becomes a task, one that succeeded a message', async () => {
		const imported = await published('soshia-connect-payment-to-solid-number.json');
		const failed = await played(imported, 'payment.failed');
		assert.equal(failed.problem, undefined);
		assert.match(failed.followUps.join(), /^task \d+ in Solid#: Payment pi_\w+ of user 123 failed \(99\.99 USD\)$/);
		const succeeded = await played(imported, 'payment.succeeded');
		assert.equal(succeeded.problem, undefined);
		assert.match(succeeded.followUps.join(), /^Slack .*: Payment pi_\w+ of user 123 succeeded \(99\.99 USD\)\.$/);
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('a contact tagged Customer in Solve360 becomes a contact with a deal in Solid#, once', async () => {
		const imported = await published('solve360-tag-to-solid-number.json');
		const first = await played(imported, 'items.categorize');
		assert.equal(first.problem, undefined);
		assert.match(first.followUps.join(), /^deal \d+ for contact \d+ in Solid#$/);
		const again = await executed(await played(imported, 'items.categorize'));
		assert.equal(again['Create Contact'], undefined, 'Solid# knows the contact now');
		const raised = await sandbox
			.of('solve360')
			.raise('items.categorize', { data: { categories: [{ id: 53_966, name: 'Lead' }] } });
		const [{ status, verdict } = { status: 0, verdict: '' }] = await sandbox.of('solve360').answered(raised.deliveries);
		assert.deepEqual({ status, verdict }, { status: 200, verdict: 'ignored' }, 'another tag starts nothing');
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('a contact without an email address, or with one that is only part of another, is created too, and once', async () => {
		const imported = await published('solve360-tag-to-solid-number.json');
		const scene = scenes.find(({ example }) => example === imported.file);
		assert.ok(scene);
		/** Tags a contact with these fields, and gives the nodes that ran after. */
		const tagged = async (id: number, fields: Record<string, string>) => {
			const data = { ...scene.data, item: { id, fields: { firstname: 'Bea', lastname: 'Example', ...fields } } };
			return await executed(await play({ ...scene, data }, imported, n8n.client, sandbox));
		};
		const created = async (id: number, fields: Record<string, string>) =>
			(await tagged(id, fields))['Create Contact']?.map((contact) => (isObject(contact) ? contact['email'] : contact));
		assert.deepEqual(await created(501, { businessemail: '' }), [undefined]);
		// Solve360 stamps an event to the second: one that is the same to the byte within it would be a repeat.
		const again = { businessemail: '', jobtitle: 'Manager' };
		assert.equal(await created(501, again), undefined, 'its Solve360 ID is remembered');
		assert.deepEqual(await created(502, { businessemail: '', personalemail: 'bea@example.com' }), ['bea@example.com']);
		// Solid# finds ada.1@example.com by this text, and that is another address.
		assert.deepEqual(await created(503, { businessemail: 'a.1@example.com' }), ['a.1@example.com']);
		assert.equal(await created(504, { businessemail: 'ADA.1@example.com' }), undefined, 'Solid# has this one');
		await n8n.client.deleteWorkflow(imported.workflow);
	});

	it('the watch tells nobody while Solatis delivers, and Slack when it stops or cannot be asked', async () => {
		const receiving = await published('solatis-transcription-to-solve360.json');
		const [subscription] = await sandbox.of('solatis').subscriptions();
		assert.ok(subscription);
		const file = 'watch-a-solatis-webhook.json';
		const { workflow: data, standIns } = prepare(structuredClone(exampleIn(file).workflow), credentials);
		const { id } = await n8n.client.createWorkflow(data);
		const told = async (webhookId: string): Promise<string | undefined> => {
			await watch(n8n.client, { file, workflow: await n8n.client.getWorkflow(id), standIns }, webhookId);
			const { status, items } = await n8n.client.run(await n8n.client.getWorkflow(id), 'Every Hour');
			assert.equal(status, 'success');
			const [message] = items['Tell Slack'] ?? [];
			return isObject(message) ? String(message['text']) : undefined;
		};
		assert.equal(await told(subscription.id), undefined);
		await sandbox.of('solatis').setActive(subscription.id, false);
		assert.match(
			(await told(subscription.id)) ?? '',
			new RegExp(`may no longer deliver to webhook ${subscription.id}\\..*Solatis answered: .*"status":"disabled"`),
		);
		assert.match(
			(await told('wh_of-nobody')) ?? '',
			/may no longer deliver to webhook wh_of-nobody.*found no webhook with this ID/,
		);
		await n8n.client.publish({ id });
		await n8n.client.deleteWorkflow({ id });
		await n8n.client.deleteWorkflow(receiving.workflow);
	});
});
