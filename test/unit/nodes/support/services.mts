/** The nodes and credentials of each service, and one call of each kind: for tables over all services. */
import type { ICredentialType, IDataObject, INodeType } from 'n8n-workflow';
import { SolarProofApi } from '../../../../credentials/SolarProofApi.credentials.ts';
import { SolatisApi } from '../../../../credentials/SolatisApi.credentials.ts';
import { SolidNumberApi } from '../../../../credentials/SolidNumberApi.credentials.ts';
import { Solve360Api } from '../../../../credentials/Solve360Api.credentials.ts';
import { SoshiaConnectApi } from '../../../../credentials/SoshiaConnectApi.credentials.ts';
import type { Json, Operation, Provider, Values } from '../../../../core/provider.ts';
import { SolarProof } from '../../../../nodes/SolarProof/SolarProof.node.ts';
import { SolarProofTrigger } from '../../../../nodes/SolarProof/SolarProofTrigger.node.ts';
import { Solatis } from '../../../../nodes/Solatis/Solatis.node.ts';
import { SolatisTrigger } from '../../../../nodes/Solatis/SolatisTrigger.node.ts';
import { SolidNumber } from '../../../../nodes/SolidNumber/SolidNumber.node.ts';
import { SolidNumberTrigger } from '../../../../nodes/SolidNumber/SolidNumberTrigger.node.ts';
import { Solve360 } from '../../../../nodes/Solve360/Solve360.node.ts';
import { Solve360Trigger } from '../../../../nodes/Solve360/Solve360Trigger.node.ts';
import { SoshiaConnect } from '../../../../nodes/SoshiaConnect/SoshiaConnect.node.ts';
import { solarProof } from '../../../../providers/solar-proof/provider.ts';
import { solatis } from '../../../../providers/solatis/provider.ts';
import { solidNumber } from '../../../../providers/solid-number/provider.ts';
import { solve360 } from '../../../../providers/solve360/provider.ts';
import { soshiaConnect } from '../../../../providers/soshia-connect/provider.ts';

export interface Call {
	parameters: IDataObject;
	/** What a service that works answers. */
	answer: Json;
	/** The ID that was asked for. */
	id?: string;
}

export interface ServiceUnderTest {
	provider: Provider;
	node: INodeType;
	credential: ICredentialType;
	/** Without the base URL. The secrets are long enough to be recognised. */
	credentials: IDataObject;
	/** Values that must never be shown, in the forms in which they are sent. */
	secrets: readonly string[];
	/** Names one record. */
	one?: Call;
	many: Call;
	/** Changes something. */
	change?: Call;
	trigger?: { node: INodeType; parameters: IDataObject };
}

const KEY = 'sk made+up/k3y=&x';
const basic = Buffer.from(`sam@example.com:${KEY}`).toString('base64');

export const SERVICES: readonly ServiceUnderTest[] = [
	{
		provider: solarProof,
		node: new SolarProof(),
		credential: new SolarProofApi(),
		credentials: { apiKey: KEY },
		secrets: [KEY],
		one: {
			parameters: { resource: 'customer', operation: 'getByEmail', email: 'jane@example.com' },
			answer: { customer_id: '7', customer_email: 'jane@example.com' },
		},
		many: { parameters: { resource: 'customer', operation: 'getMany' }, answer: [{ customer_id: '7' }] },
		change: {
			parameters: { resource: 'customer', operation: 'delete', customerId: '79461' },
			answer: { Message: 'Customer Deleted Permanently!', CustomerId: '79461' },
			id: '79461',
		},
		trigger: { node: new SolarProofTrigger(), parameters: { events: ['customer_created'] } },
	},
	{
		provider: solatis,
		node: new Solatis(),
		credential: new SolatisApi(),
		credentials: { apiKey: KEY },
		secrets: [KEY],
		one: {
			parameters: { resource: 'transcription', operation: 'get', transcriptionId: 'trans_1' },
			answer: { id: 'trans_1', status: 'completed' },
		},
		many: { parameters: { resource: 'document', operation: 'getMany' }, answer: { documents: [{ id: 'doc_1' }] } },
		change: {
			parameters: { resource: 'document', operation: 'chat', documentId: 'doc_1', message: 'What is it?' },
			answer: { id: 'doc_1', status: 'completed' },
			id: 'doc_1',
		},
		trigger: { node: new SolatisTrigger(), parameters: { events: ['document.analyzed'], registration: 'api' } },
	},
	{
		provider: solidNumber,
		node: new SolidNumber(),
		credential: new SolidNumberApi(),
		credentials: { apiKey: KEY },
		secrets: [KEY],
		one: {
			parameters: { resource: 'contact', operation: 'get', id: '42' },
			answer: { id: 42, email: 'jane@example.com' },
		},
		many: {
			parameters: { resource: 'contact', operation: 'getMany' },
			answer: { items: [{ id: 42 }], total: 1, has_more: false },
		},
		change: { parameters: { resource: 'product', operation: 'delete', id: '42' }, answer: { id: 42 }, id: '42' },
		trigger: { node: new SolidNumberTrigger(), parameters: { events: ['order.paid'], registration: 'developerApi' } },
	},
	{
		provider: soshiaConnect,
		node: new SoshiaConnect(),
		credential: new SoshiaConnectApi(),
		credentials: { authentication: 'apiKey', apiKey: KEY, username: 'made-up-user', sessionToken: '' },
		secrets: [KEY, 'made-up-user'],
		one: {
			parameters: { resource: 'route', operation: 'getData', routeId: '5' },
			answer: { success: true, message: 'ok', data: { id: 5 } },
		},
		many: {
			parameters: { resource: 'route', operation: 'getMany' },
			answer: { success: true, message: 'ok', data: [{ id: 5 }] },
		},
	},
	{
		provider: solve360,
		node: new Solve360(),
		credential: new Solve360Api(),
		credentials: { email: 'sam@example.com', apiToken: KEY },
		secrets: [KEY, basic],
		one: {
			parameters: { resource: 'contact', operation: 'get', id: '467069' },
			answer: { status: 'success', item: { id: 467069 } },
		},
		many: {
			parameters: { resource: 'contact', operation: 'getMany' },
			answer: { status: 'success', count: 1, '7': { name: 'Jane' } },
		},
		change: {
			parameters: { resource: 'contact', operation: 'delete', id: '467069' },
			answer: { status: 'success' },
			id: '467069',
		},
		trigger: { node: new Solve360Trigger(), parameters: { events: ['items.create'], registration: 'api' } },
	},
];

/** What a person would set in the node for this input of an operation. */
export function parametersFor(node: INodeType, operation: Operation, input: Values): IDataObject {
	const parameters: IDataObject = {
		resource: operation.resource,
		operation: operation.name,
		returnAll: true,
		simplify: false,
	};
	const here = node.description.properties.filter(({ displayOptions }) => {
		const show = displayOptions?.show ?? {};
		return show['resource']?.includes(operation.resource) && show['operation']?.includes(operation.name);
	});
	for (const field of operation.fields) {
		const value = input[field.name];
		if (value === undefined) continue;
		const collection = here.find(
			({ type, options }) => type === 'collection' && options?.some((one) => one.name === field.name),
		);
		const property = (collection?.options ?? here).find((one) => one.name === field.name);
		if (property === undefined) throw new Error(`${operation.name} has no parameter ${field.name}`);
		const set = parameterFor('type' in property ? property.type : '', field.type, value);
		if (collection)
			parameters[collection.name] = { ...(parameters[collection.name] as IDataObject), [field.name]: set };
		else parameters[field.name] = set;
	}
	return parameters;
}

function parameterFor(type: string, field: Operation['fields'][number]['type'], value: Json): never {
	if (type === 'resourceLocator') return { __rl: true, mode: 'id', value } as never;
	if (field === 'pairs')
		return { pair: Object.entries(value as object).map(([name, one]) => ({ name, value: one as Json })) } as never;
	if (field === 'rows') return { row: value } as never;
	if (field === 'list' && Array.isArray(value)) return value.join(', ') as never;
	if (field === 'json') return JSON.stringify(value) as never;
	if (field === 'file') return 'data' as never;
	return value as never;
}
