/** An AI Agent in a real n8n with an action node as its tool. The model is a stand-in that speaks as OpenAI's API does, on loopback. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { N8n } from '../../harness/n8n.mts';
import { SandboxControl } from '../../harness/sandbox.mts';
import type { WorkflowData, WorkflowNode } from '../../harness/client.mts';
import { newestContact } from './support/solve360.mts';

/** What the stand-in reads of a request to `/chat/completions`. https://platform.openai.com/docs/api-reference/chat/create */
interface Asked {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string; parameters: { properties?: Record<string, unknown> } } }>;
}

/** Calls the first tool with these arguments, then answers with what the tool returned. */
class StandInModel {
	readonly asked: Asked[] = [];
	private readonly toolArguments: object;
	private readonly server: Server;

	constructor(toolArguments: object) {
		this.toolArguments = toolArguments;
		this.server = createServer((request, response) => {
			void json(request).then((body) => {
				const asked = body as Asked;
				this.asked.push(asked);
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify(this.answer(asked)));
			});
		});
	}

	async listen(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		const { port } = this.server.address() as { port: number };
		return `http://127.0.0.1:${port}/v1`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	/** What the tool returned, as the model gets it. */
	get returned(): string | undefined {
		return this.asked.flatMap(({ messages }) => messages.filter(({ role }) => role === 'tool').map(textOf)).at(-1);
	}

	private answer({ messages, tools }: Asked): object {
		const returned = messages
			.filter(({ role }) => role === 'tool')
			.map(textOf)
			.at(-1);
		const call = {
			id: 'call_1',
			type: 'function',
			function: { name: tools?.[0]?.function.name, arguments: JSON.stringify(this.toolArguments) },
		};
		const message =
			returned === undefined
				? { role: 'assistant', content: null, tool_calls: [call] }
				: { role: 'assistant', content: `Done: ${returned}` };
		return {
			id: 'chatcmpl-1',
			object: 'chat.completion',
			created: 1_770_000_000,
			model: 'stand-in',
			choices: [{ index: 0, message, finish_reason: returned === undefined ? 'tool_calls' : 'stop' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

function textOf({ content }: { content: unknown }): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}

describe('an AI Agent in a real n8n', { timeout: 300_000 }, () => {
	const model = new StandInModel({ firstName: 'Ada', lastName: 'Agent', tags: 'Lead' });
	let n8n: N8n;
	let solve360: SandboxControl;

	before(async () => {
		solve360 = await SandboxControl.start('solve360');
		n8n = await N8n.start();
		await n8n.client.login();
	});
	after(async () => {
		await n8n?.stop();
		await solve360?.close();
		await model.close();
	});

	it('creates a Solve360 contact with a tag by its name, and reads a flat result', async () => {
		const openAi = await n8n.client.createCredential('openAiApi', 'Model', {
			apiKey: 'none',
			url: await model.listen(),
		});
		const credential = await n8n.client.createCredential('solve360Api', 'Solve360', solve360.credentials);
		const workflow = await n8n.client.createWorkflow(workflowOf(openAi, credential));
		const { items, error, status } = await n8n.client.run(workflow, 'Start');
		assert.deepEqual([status, error], ['success', undefined]);

		const properties = model.asked[0]?.tools?.[0]?.function.parameters.properties ?? {};
		assert.deepEqual(Object.keys(properties).sort(), ['firstName', 'lastName', 'tags'], 'what the model may fill in');
		assert.deepEqual(await newestContact(solve360.sandbox), { name: 'Ada Agent', tags: ['Lead'] });

		const [contact = {}] = JSON.parse(model.returned ?? '') as Array<Record<string, unknown>>;
		assert.deepEqual([contact['firstname'], contact['lastname'], contact['tags']], ['Ada', 'Agent', ['Lead']]);
		for (const nested of ['item', 'fields', 'categories']) assert.ok(!(nested in contact), `${nested} in the result`);
		const values = Object.values(contact).filter((value) => typeof value === 'object' && !Array.isArray(value));
		assert.deepEqual(values, [], 'nothing in the result is nested');
		const [said] = items['Agent'] as Array<{ output: string }>;
		assert.match(said?.output ?? '', /^Done: .*"lastname":"Agent"/);
	});
});

type Credential = { id: string; name: string };

/** A manual start and an agent, with a chat model and Solve360 as its tool, which leaves three fields to the model. */
function workflowOf(openAi: Credential, solve360: Credential): WorkflowData {
	const node = (name: string, type: string, typeVersion: number, parameters: object, more: object = {}) =>
		({ id: randomUUID(), name, type, typeVersion, parameters, position: [0, 0], ...more }) as WorkflowNode;
	const byModel = (field: string, about: string) => `={{ $fromAI('${field}', '${about}', 'string') }}`;
	return {
		name: 'Agent',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			node('Agent', '@n8n/n8n-nodes-langchain.agent', 3.1, {
				promptType: 'define',
				text: 'Create a contact for Ada Agent with the tag Lead.',
				options: {},
			}),
			node(
				'Model',
				'@n8n/n8n-nodes-langchain.lmChatOpenAi',
				1.3,
				{
					model: { __rl: true, mode: 'id', value: 'stand-in' },
					responsesApiEnabled: false,
					options: { maxRetries: 0 },
				},
				{ credentials: { openAiApi: openAi } },
			),
			node(
				'Solve360',
				'n8n-nodes-solve360.solve360Tool',
				1,
				{
					resource: 'contact',
					operation: 'create',
					firstName: byModel('firstName', 'The first name'),
					lastName: byModel('lastName', 'The last name'),
					additionalFields: { tags: byModel('tags', 'Names of tags') },
				},
				{ credentials: { solve360Api: solve360 } },
			),
		],
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			Solve360: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
		// As the editor sets it: in the older order the agent goes on before its tool has returned anything.
		settings: { executionOrder: 'v1' },
	};
}
