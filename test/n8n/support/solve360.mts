/** What is in the Solve360 of a sandbox, read through its API as a program of the account's own would. */
import assert from 'node:assert/strict';
import { demoCredentials } from '../../../sandbox/accounts.mts';

interface Listed {
	readonly id: number;
}

interface Contact {
	readonly item: { readonly name: string };
	readonly categories: readonly { readonly name: string }[];
}

/** The name and the tags of the contact that was created last. */
export async function newestContact(sandbox: { readonly url: string }): Promise<{ name: string; tags: string[] }> {
	const { email, apiToken, baseUrl } = demoCredentials('solve360', sandbox.url);
	const headers = {
		authorization: `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`,
		accept: 'application/json',
	};
	const read = async (path: string): Promise<unknown> => {
		const response = await fetch(`${baseUrl}${path}`, { headers });
		assert.equal(response.status, 200, path);
		return await response.json();
	};
	const listed = Object.values((await read('/contacts/')) as object).filter(isListed);
	const newest = Math.max(...listed.map(({ id }) => id));
	const contact = (await read(`/contacts/${newest}`)) as Contact;
	return { name: contact.item.name, tags: contact.categories.map(({ name }) => name) };
}

function isListed(value: unknown): value is Listed {
	return typeof value === 'object' && value !== null && 'id' in value;
}
