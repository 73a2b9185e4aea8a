/** The Solve360 of a sandbox, used through its API as a program of the account's own would, and a trigger that listens to it. */
import assert from 'node:assert/strict';
import type { Client, Workflow } from '../../../harness/client.mts';
import type { SandboxControl } from '../../../harness/sandbox.mts';
import { workflowWith } from '../../../harness/workflow.mts';
import { demoCredentials } from '../../../sandbox/accounts.mts';

interface Listed {
	readonly id: number;
}

interface Contact {
	readonly item: { readonly name: string };
	readonly categories: readonly { readonly name: string }[];
}

/** The shortest poll time that n8n takes. A person cannot choose it: the parameter is hidden. */
const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };

/** What Solve360 answers to a GET, or to a POST where there is something to send. */
async function called(sandbox: { readonly url: string }, path: string, sent?: object): Promise<unknown> {
	const { email, apiToken, baseUrl } = demoCredentials('solve360', sandbox.url);
	const headers = {
		authorization: `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`,
		accept: 'application/json',
	};
	const posted = sent && {
		method: 'POST',
		headers: { ...headers, 'content-type': 'application/json' },
		body: JSON.stringify(sent),
	};
	const response = await fetch(`${baseUrl}${path}`, posted ?? { headers });
	assert.equal(response.status, 200, path);
	return await response.json();
}

/** The name and the tags of the contact that was created last. */
export async function newestContact(sandbox: { readonly url: string }): Promise<{ name: string; tags: string[] }> {
	const listed = Object.values((await called(sandbox, '/contacts/')) as object).filter(isListed);
	const newest = Math.max(...listed.map(({ id }) => id));
	const contact = (await called(sandbox, `/contacts/${newest}`)) as Contact;
	return { name: contact.item.name, tags: contact.categories.map(({ name }) => name) };
}

/** The contacts with this email address. */
export async function contactsWith(sandbox: { readonly url: string }, email: string): Promise<unknown[]> {
	const found = await called(sandbox, `/contacts/?filtermode=byemail&filtervalue=${encodeURIComponent(email)}`);
	const { status: _status, count: _count, ...contacts } = found as Record<string, unknown>;
	return Object.values(contacts);
}

/** Makes a contact with this first name. Its last name is Example. */
export async function createContact({ sandbox }: SandboxControl, firstname: string): Promise<void> {
	await called(sandbox, '/contacts/', { firstname, lastname: 'Example' });
}

/** A published workflow that starts when a record is created, with these options of the trigger. It polls every minute. */
export async function publishedTrigger(client: Client, solve360: SandboxControl, options: object): Promise<Workflow> {
	const credential = await client.createCredential('solve360Api', 'Solve360', solve360.credentials);
	const workflow = await client.createWorkflow(
		workflowWith({
			type: 'n8n-nodes-solve360.solve360Trigger',
			parameters: { events: ['items.create'], options, pollTimes: EVERY_MINUTE },
			credentials: { solve360Api: credential },
		}),
	);
	assert.deepEqual(await client.publish(workflow), { status: 'published', messages: [] });
	return workflow;
}

function isListed(value: unknown): value is Listed {
	return typeof value === 'object' && value !== null && 'id' in value;
}
