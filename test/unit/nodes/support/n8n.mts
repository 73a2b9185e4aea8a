/**
 * Our nodes in the execution contexts of the real n8n-core, in this process: its request helpers, its errors, its expressions. What
 * is made up is the service, and the place where n8n keeps credentials.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import 'reflect-metadata';
import type * as Core from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

const folder = mkdtempSync(join(tmpdir(), 'n8n-core-'));
process.env['N8N_USER_FOLDER'] = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Loaded once the folder is set: n8n-core writes its settings there.
const load = createRequire(__filename);
const core = load('n8n-core') as typeof Core;
const { Workflow, createRunExecutionData } = load('n8n-workflow') as typeof N8nWorkflow;

export interface Settings {
	node: INodeType;
	credential: ICredentialType;
	/** As n8n keeps them: a login's token is written into these. */
	credentials: IDataObject;
	parameters?: IDataObject;
	onError?: INode['onError'];
	typeVersion?: number;
	/** What is set on the node's second tab. */
	more?: Partial<INode>;
}

/** Runs an action node over these items, as n8n does. */
export async function execute(
	settings: Settings,
	items: IDataObject[] = [{}],
	binary?: INodeExecutionData['binary'],
): Promise<INodeExecutionData[]> {
	const { workflow, node, additionalData } = place(settings);
	const input = items.map(
		(json, item): INodeExecutionData => ({
			json: json,
			pairedItem: { item },
			...(binary === undefined ? {} : { binary }),
		}),
	);
	const context = new core.ExecuteContext(
		workflow,
		node,
		additionalData,
		'trigger',
		createRunExecutionData({}),
		0,
		input,
		{ main: [input] },
		{ node, data: { main: [input] }, source: null },
		[],
	);
	const [output = []] = (await settings.node.execute!.call(context)) as INodeExecutionData[][];
	return output;
}

/** Opens a drop-down list of a node. */
export async function loadList(settings: Settings, name: string): Promise<Array<{ name: string; value: unknown }>> {
	const { workflow, node, additionalData } = place(settings);
	const context = new core.LoadOptionsContext(workflow, node, additionalData, '');
	return await settings.node.methods!.loadOptions![name]!.call(context);
}

/** Tests a credential, as its form in n8n does. */
export async function testCredential({
	node,
	credential,
	credentials,
}: Settings): Promise<{ status: string; message: string }> {
	const name = node.description.credentials?.find((one) => one.name === credential.name)?.testedBy as string;
	const context = new core.CredentialTestContext(additionalDataOf({ node, credential, credentials }));
	return await node.methods!.credentialTest![name]!.call(context, {
		id: '1',
		name: 'Made up',
		type: credential.name,
		data: credentials as never,
	});
}

/** Calls a webhook method of a trigger node, with what n8n keeps for it between calls. */
export async function hook(
	settings: Settings & { saved: IDataObject },
	method: 'checkExists' | 'create' | 'delete',
): Promise<boolean> {
	const { workflow, node, additionalData } = place({ typeVersion: 2, ...settings });
	const [description] = settings.node.description.webhooks ?? [];
	const context = new core.HookContext(workflow, node, additionalData, 'trigger', 'activate', {
		httpMethod: 'POST',
		node: node.name,
		path: 'webhook',
		webhookDescription: description!,
		workflowId: 'w',
		workflowExecuteAdditionalData: additionalData,
	} as never);
	const data = context.getWorkflowStaticData('node');
	Object.assign(data, settings.saved);
	try {
		return await settings.node.webhookMethods!['default']![method].call(context);
	} finally {
		for (const key of Object.keys(settings.saved)) delete settings.saved[key];
		Object.assign(settings.saved, structuredClone({ ...data }));
	}
}

/** A request of n8n's HTTP Request node with the credential, as far as authentication goes. */
export async function sign(
	credential: ICredentialType,
	credentials: IDataObject,
	options: object,
): Promise<Record<string, unknown>> {
	const { authenticate } = credential;
	if (typeof authenticate !== 'function') throw new Error('the credential has no function that authenticates');
	return (await authenticate(credentials as never, options as never)) as never;
}

function place(settings: Settings) {
	const { node: type, credential, parameters = {}, onError, typeVersion = 1, more = {} } = settings;
	const node: INode = {
		id: 'n',
		name: 'Made up',
		type: type.description.name,
		typeVersion,
		position: [0, 0],
		parameters: parameters as never,
		webhookId: 'hook',
		credentials: { [credential.name]: { id: '1', name: 'Made up' } },
		...(onError === undefined ? {} : { onError }),
		...more,
	};
	const types = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const workflow = new Workflow({
		id: 'w',
		name: 'Made up',
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes: types,
		staticData: {},
	});
	return { workflow, node: workflow.getNode('Made up')!, additionalData: additionalDataOf(settings) };
}

/** What n8n does with credentials (credentials-helper.js), and nothing more. */
function additionalDataOf({ credential, credentials }: Settings): IWorkflowExecuteAdditionalData {
	const expirable = credential.properties.find(({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable);
	const credentialsHelper = {
		isCredentialUsableByNode: () => true,
		getParentTypes: () => [],
		getDecrypted: async () => ({ ...credentials }),
		getCredentialsProperties: () => credential.properties,
		preAuthentication: async (helpers: object, data: IDataObject, _type: string, _node: INode, expired: boolean) => {
			if (!expirable || typeof credential.preAuthentication !== 'function') return undefined;
			if (data[expirable.name] !== '' && !expired) return undefined;
			const output = await credential.preAuthentication.call(helpers as never, data as never);
			if (output[expirable.name] === undefined) return undefined;
			Object.assign(credentials, output);
			return Object.assign(data, output);
		},
		authenticate: async (data: IDataObject, _type: string, options: object) => await sign(credential, data, options),
	};
	return {
		credentialsHelper,
		webhookBaseUrl: 'https://n8n.example.com/webhook/',
		webhookWaitingBaseUrl: 'https://n8n.example.com/webhook-waiting/',
		webhookTestBaseUrl: 'https://n8n.example.com/webhook-test/',
		formWaitingBaseUrl: 'https://n8n.example.com/form-waiting/',
		restApiUrl: '',
		instanceBaseUrl: '',
		currentNodeParameters: undefined,
		hooks: { runHook: async () => undefined },
	} as never;
}
