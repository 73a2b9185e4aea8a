/** Who logs in to the n8n of `npm start` and `npm run dev`: one person, with a password of this data folder's own. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newOwner, Refused, type Client, type Owner } from '../../harness/client.mts';
import { Stop } from './place.mts';

/** The file in a data folder that has the password; only its user can read it. */
export const OWNER_FILE = 'owner.json';

/** The owner of the n8n in a data folder, made at the first start. Never one that is written in the repository. */
export function ownerOf(folder: string): Owner {
	const file = join(folder, OWNER_FILE);
	if (!existsSync(file)) {
		const owner = newOwner();
		writeFileSync(file, `${JSON.stringify(owner, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
		return owner;
	}
	chmodSync(file, 0o600);
	return JSON.parse(readFileSync(file, 'utf8')) as Owner;
}

/**
 * Logs in as the owner of a data folder.
 * @throws Stop when n8n has an owner already, of whom that folder knows no password.
 */
export async function logIn(client: Client, folder: string): Promise<Owner> {
	const owner = ownerOf(folder);
	try {
		await client.login(owner);
	} catch (cause) {
		if (!(cause instanceof Refused) || cause.status !== 400) throw cause;
		throw new Stop(
			`The n8n in ${folder} has another password than ${join(folder, OWNER_FILE)} says. Start with --fresh, or remove ${folder}: workflows and credentials in it are lost.`,
		);
	}
	return owner;
}
