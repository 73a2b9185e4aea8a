/** What the demo makes happen at each service, and where to look for the result. */
import axios from 'axios';
import { isObject, text } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/provider.ts';
import { demoCredentials, type ProviderId } from '../../sandbox/accounts.mts';

export interface Scene {
	provider: ProviderId;
	/** File in `examples/n8n`. */
	example: string;
	event: string;
	/** Laid over the event type's sample. */
	data?: JsonObject;
	/**
	 * Looks in the sandbox for the record that the workflow was to make, given the event's payload. What is there, in words, or
	 * undefined. Absent where the workflow makes none.
	 */
	followUp?: (sandboxUrl: string, payload: JsonObject) => Promise<string | undefined>;
}

export const scenes: readonly Scene[] = [
	{
		provider: 'solar-proof',
		example: 'solar-proof-customer-to-solve360.json',
		event: 'customer_created',
		async followUp(sandboxUrl, { customer_email: email }) {
			const contact = await solve360Contact(sandboxUrl, text(email) ?? '');
			const tags = listOf(contact?.['categories']).map((tag) => String(tag['name']));
			if (contact === undefined || tags.length === 0) return undefined;
			return `${labelOf(contact['item'])} in Solve360, tagged ${tags.join(', ')}`;
		},
	},
	{ provider: 'solar-proof', example: 'solar-proof-signed-to-email.json', event: 'customer_status_change' },
	{ provider: 'solar-proof', example: 'solar-proof-events-to-google-sheets.json', event: 'published_proposal_link' },
	{
		provider: 'solatis',
		example: 'solatis-transcription-to-solve360.json',
		event: 'transcription.completed',
		data: { transcript: 'Ada: The panels arrive on Monday. Sam: Then we install on Tuesday.' },
		async followUp(sandboxUrl, { data }) {
			// The address in the example's node "Whose Meeting".
			const contact = await solve360Contact(sandboxUrl, 'ada.1@example.com');
			const transcript = isObject(data) ? String(data['transcript']) : '';
			const note = listOf(contact?.['activities']).find((activity) => JSON.stringify(activity).includes(transcript));
			return note && `note ${String(note['id'])} on ${labelOf(contact?.['item'])} in Solve360`;
		},
	},
	{
		provider: 'solid-number',
		example: 'solid-number-low-stock-to-email.json',
		event: 'inventory.low_stock',
		followUp: async (sandboxUrl) => await solidNumberTask(sandboxUrl, 'Reorder Premium Widget'),
	},
	{
		provider: 'soshia-connect',
		example: 'soshia-connect-payment-to-solid-number.json',
		event: 'payment.failed',
		async followUp(sandboxUrl, { data }) {
			const payment = isObject(data) && isObject(data['object']) ? text(data['object']['id']) : undefined;
			return payment === undefined ? undefined : await solidNumberTask(sandboxUrl, payment);
		},
	},
	{
		provider: 'soshia-connect',
		example: 'soshia-connect-payment-to-solid-number.json',
		event: 'payment.succeeded',
	},
	{
		provider: 'solve360',
		example: 'solve360-tag-to-solid-number.json',
		event: 'items.categorize',
		data: { categories: [{ id: 53_967, name: 'Customer' }] },
		async followUp(sandboxUrl) {
			const deals = listOf(await solidNumber(sandboxUrl, '/crm/deals'), 'items');
			const deal = deals.find((one) => one['title'] === 'Ada Example');
			return deal && `deal ${String(deal['id'])} for contact ${String(deal['contact_id'])} in Solid#`;
		},
	},
];

async function solve360Contact(sandboxUrl: string, email: string): Promise<JsonObject | undefined> {
	const {
		status: _status,
		count: _count,
		...found
	} = await solve360(sandboxUrl, '/contacts/', {
		filtermode: 'byemail',
		filtervalue: email,
	});
	const [id] = Object.keys(found);
	return id === undefined ? undefined : await solve360(sandboxUrl, `/contacts/${id}/`);
}

async function solidNumberTask(sandboxUrl: string, about: string): Promise<string | undefined> {
	const tasks = listOf(await solidNumber(sandboxUrl, '/crm/tasks'), 'items');
	const task = tasks.find(({ title }) => String(title).includes(about));
	return task && `task ${String(task['id'])} in Solid#: ${String(task['title'])}`;
}

/** A call to the sandbox as any client of the service would make it. */
async function solve360(sandboxUrl: string, path: string, params: Record<string, string> = {}): Promise<JsonObject> {
	const { email = '', apiToken = '', baseUrl = '' } = demoCredentials('solve360', sandboxUrl);
	const { data } = await axios.get<JsonObject>(baseUrl + path, {
		params,
		auth: { username: email, password: apiToken },
		headers: { accept: 'application/json' },
		proxy: false,
	});
	return data;
}

async function solidNumber(sandboxUrl: string, path: string): Promise<JsonObject> {
	const { apiKey, baseUrl } = demoCredentials('solid-number', sandboxUrl);
	const { data } = await axios.get<JsonObject>(`${baseUrl}/api/v1${path}`, {
		headers: { authorization: `Bearer ${apiKey}` },
		proxy: false,
	});
	return data;
}

/** The objects of a list, or of the list in a field. */
function listOf(value: Json | undefined, field?: string): JsonObject[] {
	const list = field !== undefined && isObject(value) ? value[field] : value;
	return Array.isArray(list) ? list.filter(isObject) : [];
}

function labelOf(item: Json | undefined): string {
	return isObject(item) ? `contact ${String(item['id'])} "${String(item['name'])}"` : 'a contact';
}
