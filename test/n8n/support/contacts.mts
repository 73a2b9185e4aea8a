/** Contacts of Solve360, made as a person in its own pages makes them: what a trigger can catch up on. */
import assert from 'node:assert/strict';
import type { SandboxControl } from '../../../harness/sandbox.mts';

/** The shortest poll time that n8n takes. A person cannot choose it: the parameter is hidden. */
export const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };

/** Makes a contact with this first name. Its last name is Example. */
export async function createContact({ credentials }: SandboxControl, firstname: string): Promise<void> {
	const { baseUrl, email, apiToken } = credentials;
	const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`;
	const response = await fetch(`${baseUrl}/contacts/`, {
		method: 'POST',
		headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
		body: JSON.stringify({ firstname, lastname: 'Example' }),
	});
	assert.equal(response.status, 200);
}
