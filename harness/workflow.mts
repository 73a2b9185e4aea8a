/** Workflows for tests: one of our triggers, and a node that shows what arrived. */
import { randomUUID } from 'node:crypto';
import type { WorkflowData, WorkflowNode } from './client.mts';

export { webhookUrl } from './client.mts';

export interface TriggerOptions {
	/** e.g. `n8n-nodes-solatis.solatisTrigger`. */
	type: string;
	parameters: Record<string, unknown>;
	credentials?: WorkflowNode['credentials'];
	name?: string;
}

/** The names of the two nodes. */
export const TRIGGER = 'Trigger';
export const ARRIVED = 'Arrived';

/** A workflow of a trigger and a No Operation node. */
export function workflowWith({ type, parameters, credentials, name = 'Test' }: TriggerOptions): WorkflowData {
	return {
		name,
		nodes: [
			{
				id: randomUUID(),
				name: TRIGGER,
				type,
				typeVersion: 2,
				position: [0, 0],
				webhookId: randomUUID(),
				parameters,
				...(credentials ? { credentials } : {}),
			},
			{
				id: randomUUID(),
				name: ARRIVED,
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: ARRIVED, type: 'main', index: 0 }]] } },
		settings: {},
	};
}
