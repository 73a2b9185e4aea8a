/** The example workflows, and what the demo changes in them before it imports them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiCredential, webhookCredential } from '../../nodes/n8n/credentials.ts';
import type { WorkflowData, WorkflowNode } from '../../harness/client.mts';
import { packages, ROOT } from '../packages.mts';

/** Where they lie. */
export const EXAMPLES = join(ROOT, 'examples/n8n');

export interface Example {
	/** Name of the file, e.g. `watch-a-solatis-webhook.json`. */
	file: string;
	workflow: WorkflowData;
}

/** Credentials of an n8n, by type, e.g. `solatisApi`. */
export type Credentials = Readonly<Record<string, { id: string; name: string }>>;

/** All examples, by file name. */
export async function readExamples(): Promise<Example[]> {
	const files = (await readdir(EXAMPLES)).filter((file) => file.endsWith('.json')).sort();
	return await Promise.all(
		files.map(async (file) => ({
			file,
			workflow: JSON.parse(await readFile(join(EXAMPLES, file), 'utf8')) as WorkflowData,
		})),
	);
}

/** What sends to the outside with an account that a demo does not have, and what of it is shown instead. */
const OUTSIDE: Readonly<Record<string, Outside>> = {
	'n8n-nodes-base.slack': { service: 'Slack', shows: ['text'] },
	'n8n-nodes-base.emailSend': { service: 'Email', shows: ['toEmail', 'subject', 'text'] },
	'n8n-nodes-base.googleSheets': { service: 'Google Sheets', text: "={{ Object.values($json).join(' | ') }}" },
};

interface Outside {
	service: string;
	/** The parameters to show. */
	shows?: readonly string[];
	/** What to show where no parameter has it: an expression for `text`. */
	text?: string;
}

export interface Prepared {
	workflow: WorkflowData;
	/** Names of the nodes that show their message instead of sending it, with the service: `Tell Slack` -> `Slack`. */
	standIns: ReadonlyMap<string, string>;
}

/**
 * An example as the demo imports it: with credentials, with "Include Delivery" on in the trigger (so that the item itself says
 * what verified it), and with a node that shows the message in place of each that would send it to the outside.
 */
export function prepare(example: WorkflowData, credentials: Credentials): Prepared {
	const standIns = new Map<string, string>();
	const nodes = example.nodes.map((node) => {
		const outside = OUTSIDE[node.type];
		if (outside !== undefined) {
			standIns.set(node.name, outside.service);
			return standIn(node, outside);
		}
		const type = credentialType(node.type);
		const credential = type === undefined ? undefined : credentials[type];
		const parameters = isOurTrigger(node) ? withDelivery(node.parameters) : node.parameters;
		return { ...node, parameters, ...(type && credential ? { credentials: { [type]: credential } } : {}) };
	});
	return { workflow: { ...example, nodes }, standIns };
}

/** Whether it is a trigger of one of our packages. */
export function isOurTrigger({ type }: { type: string }): boolean {
	return credentialType(type) !== undefined && type.endsWith('Trigger');
}

/** The type of credential that a node of ours needs; undefined for any other node. */
export function credentialType(nodeType: string): string | undefined {
	const provider = packages.find(({ name }) => nodeType.startsWith(`${name}.`))?.provider;
	if (provider === undefined) return undefined;
	const receivesByHand = nodeType.endsWith('Trigger') && provider.registrations[0].kind === 'manual';
	return receivesByHand ? webhookCredential(provider) : apiCredential(provider);
}

function withDelivery(parameters: WorkflowNode['parameters']): WorkflowNode['parameters'] {
	return { ...parameters, options: { ...(parameters['options'] as object | undefined), includeDelivery: true } };
}

/** An Edit Fields node of the same name and at the same place. */
function standIn(node: WorkflowNode, { service, shows = [], text }: Outside): WorkflowNode {
	const { id, name, position, parameters } = node;
	const shown = [...shows.map((field) => [field, parameters[field]]), ...(text === undefined ? [] : [['text', text]])];
	const assignments = shown.map(([field, value]) => ({
		id: `${id}-${String(field)}`,
		name: field,
		type: 'string',
		value,
	}));
	return {
		id,
		name,
		position,
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'manual', assignments: { assignments }, options: {} },
		notes: `Demo: shown, not sent. The example has a node for ${service} here.`,
		notesInFlow: true,
	};
}
