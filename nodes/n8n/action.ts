/** What every action node shows and does: a provider's operations as n8n parameters, run item by item. */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type JsonObject,
} from 'n8n-workflow';
import { listFor } from '../../core/choices.ts';
import { ServiceRefused, InvalidInput, messageOf } from '../../core/errors.ts';
import type { Field, FileValue, Json, Operation, Provider, Values } from '../../core/provider.ts';
import { cleanLimit, cleanSeconds } from '../../core/input.ts';
import { findOperation, handlingOf, run } from '../../core/operation.ts';
import { fromParameter, toProperty, withoutStop, type ListOf } from './fields.ts';
import { TIMEOUT } from './http.ts';
import { outputOf, outputProperties } from './output.ts';
import { connect, type Connection } from './transport.ts';

/** Milliseconds in which reading calls of an item are made again. Many services count requests by the minute. */
const PATIENCE = 90_000;

/** Action nodes start at version 1. */
export const ACTION_VERSION = 1;

/** The parameters of an action node. */
export function actionProperties(provider: Provider): INodeProperties[] {
	const resources = provider.resources.filter(({ name }) => operationsOf(provider, name).length > 0);
	const firstResource = provider.mainResource ?? resources[0]?.name ?? '';
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			default: firstResource,
			options: byName(resources.map(({ name, label }) => ({ name: label, value: name }))),
		},
		...resources.map(({ name }): INodeProperties => {
			const operations = operationsOf(provider, name);
			const preferred = (operations.find((operation) => operation.name === 'getMany') ?? operations[0])?.name ?? '';
			return {
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: [name] } },
				default: preferred,
				options: byName(
					operations.map(({ name: value, label, action, description }) => ({
						name: label,
						value,
						action,
						description: withoutStop(description),
					})),
				),
			};
		}),
		...provider.operations.flatMap((operation) => operationProperties(provider, operation)),
		...resources.flatMap(({ name }) => optionsProperties(provider, name)),
	];
}

/** Seconds to wait for each answer of an operation, where nothing else is chosen. */
function timeoutOf({ timeoutSeconds }: Operation): number {
	return timeoutSeconds ?? TIMEOUT / 1000;
}

/** What can be set for every operation of a resource. Those that take long have another default. */
function optionsProperties(provider: Provider, resource: string): INodeProperties[] {
	const operations = operationsOf(provider, resource);
	return [...new Set(operations.map(timeoutOf))].map((seconds) => ({
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: {
			show: {
				resource: [resource],
				operation: operations.filter((one) => timeoutOf(one) === seconds).map((one) => one.name),
			},
		},
		options: [
			{
				displayName: 'Timeout',
				name: 'timeout',
				type: 'number',
				default: seconds,
				typeOptions: { minValue: 1, maxValue: 3600 },
				description: `Seconds to wait for each response from ${provider.name}`,
			},
		],
	}));
}

/** Runs the chosen operation once for each input item. */
export async function executeAction(this: IExecuteFunctions, provider: Provider): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	const connections = new Map<number, Connection>();
	for (const [index] of this.getInputData().entries()) {
		let clean = (text: string) => text;
		try {
			const operation = operationAt(this, provider, index);
			const { input, limit, timeout } = await inputOf(this, operation, index);
			const connection =
				connections.get(timeout) ?? (await connect(this, provider, { timeout, patience: Math.max(PATIENCE, timeout) }));
			connections.set(timeout, connection);
			clean = connection.clean;
			const items = await run(provider, operation, input, connection.send, limit === undefined ? {} : { limit });
			const shape = outputOf(this, operation, index);
			output.push(...items.map((item) => ({ json: shape(item), pairedItem: { item: index } })));
		} catch (cause) {
			const message = clean(messageOf(cause));
			if (this.continueOnFail()) {
				output.push({ json: { error: message }, pairedItem: { item: index } });
				continue;
			}
			throw asNodeError(this, cause, message, index);
		}
	}
	return [output];
}

function operationAt(context: IExecuteFunctions, provider: Provider, index: number): Operation {
	const resource = context.getNodeParameter('resource', index);
	const name = context.getNodeParameter('operation', index);
	const operation = findOperation(provider, `${resource}.${name}`);
	if (operation === undefined)
		throw new InvalidInput(`There is no operation "${name}" for "${resource}". Choose one from the list.`);
	return operation;
}

async function inputOf(
	context: IExecuteFunctions,
	operation: Operation,
	index: number,
): Promise<{ input: Values; limit?: number; timeout: number }> {
	const input: Record<string, Json | undefined> = {};
	for (const field of operation.fields) {
		// A parameter that is not shown has no value: n8n throws for it, unless there is another to give instead.
		const collection = isTopLevel(field)
			? { [field.name]: context.getNodeParameter(field.name, index, null) }
			: (context.getNodeParameter(collectionOf(operation, field), index, {}) as IDataObject);
		const parameter = collection[field.name];
		input[field.name] =
			field.type === 'file' ? await fileIn(context, index, parameter) : fromParameter(field, parameter);
		// An expression that found nothing is not the same as a field that was not added.
		if (field.notBlank && field.name in collection) input[field.name] ??= null;
	}
	const options = context.getNodeParameter('options', index, {});
	const timeout = cleanSeconds(options.timeout, 'Timeout', timeoutOf(operation)) * 1000;
	const all = operation.paging === undefined || String(context.getNodeParameter('returnAll', index, false)) === 'true';
	return all
		? { input, timeout }
		: { input, timeout, limit: cleanLimit(context.getNodeParameter('limit', index, 50), 50) };
}

/** The file in a binary field of the input item. Undefined where no field is named: core then says what is missing. */
async function fileIn(context: IExecuteFunctions, index: number, parameter: unknown): Promise<FileValue | undefined> {
	if (typeof parameter !== 'string' || parameter.trim() === '') return undefined;
	const name = parameter.trim();
	const file = context.getInputData()[index]?.binary?.[name];
	if (file === undefined) {
		throw new InvalidInput(
			`The input item has no file in "${name}". Set "Input Binary Field" to the name of one it has.`,
		);
	}
	const bytes = await context.helpers.getBinaryDataBuffer(index, name);
	return { fileName: file.fileName ?? name, contentType: file.mimeType, base64: bytes.toString('base64') };
}

function asNodeError(
	context: IExecuteFunctions,
	cause: unknown,
	message: string,
	index: number,
): NodeApiError | NodeOperationError {
	const where = {
		itemIndex: index,
		message: context.getInputData().length > 1 ? `[Item ${index}] ${message}` : message,
	};
	if (cause instanceof ServiceRefused) {
		const answered: JsonObject = { message, httpCode: String(cause.status) };
		return new NodeApiError(context.getNode(), answered, {
			...where,
			httpCode: String(cause.status),
			description: cause.advice,
		});
	}
	return new NodeOperationError(context.getNode(), where.message, { itemIndex: index });
}

function operationProperties(provider: Provider, operation: Operation): INodeProperties[] {
	const listOf: ListOf = (field) => listFor(provider, operation.resource, field);
	const show: NonNullable<IDisplayOptions['show']> = { resource: [operation.resource], operation: [operation.name] };
	const top = operation.fields.filter(isTopLevel);
	const others = operation.fields.filter((field) => !isTopLevel(field));
	const { notice } = handlingOf(operation);
	const properties = top.map((field): INodeProperties => {
		const property = toProperty(field, listOf);
		return { ...property, displayOptions: { show: { ...show, ...property.displayOptions?.show } } };
	});
	if (notice !== undefined) {
		properties.unshift({ displayName: notice, name: 'notice', type: 'notice', default: '', displayOptions: { show } });
	}
	if (operation.paging) {
		properties.push(
			{
				displayName: 'Return All',
				name: 'returnAll',
				type: 'boolean',
				default: false,
				description: 'Whether to return all results or only up to a given limit',
				displayOptions: { show },
			},
			{
				displayName: 'Limit',
				name: 'limit',
				type: 'number',
				default: 50,
				typeOptions: { minValue: 1 },
				description: 'Max number of results to return',
				displayOptions: { show: { ...show, returnAll: [false] } },
			},
		);
	}
	properties.push(...outputProperties(operation, show));
	for (const [name, label] of Object.entries(COLLECTIONS)) {
		const fields = others.filter((field) => collectionOf(operation, field) === name);
		if (fields.length === 0) continue;
		properties.push({
			displayName: label,
			name,
			type: 'collection',
			placeholder: PLACEHOLDERS[name] ?? 'Add field',
			default: {},
			displayOptions: { show },
			options: byDisplayName(fields.map((field) => toProperty(field, listOf))),
		});
	}
	return properties;
}

/** What must be filled in, what most people fill in, and what decides about other fields is at the top; the rest is added by choice. */
function isTopLevel(field: Field): boolean {
	const { top, required, showIf, type, default: byDefault } = field;
	return top === true || required === true || showIf !== undefined || type === 'rows' || byDefault !== undefined;
}

/** Where what may be left empty is added by choice. */
const COLLECTIONS = {
	additionalFields: 'Additional Fields',
	filters: 'Filters',
	sort: 'Sort',
	updateFields: 'Update Fields',
} as const;

const PLACEHOLDERS: { readonly [collection: string]: string } = { filters: 'Add filter', sort: 'Add sort' };

function collectionOf({ name }: Operation, { sorts }: Field): keyof typeof COLLECTIONS {
	if (sorts) return 'sort';
	if (name === 'getMany') return 'filters';
	return name === 'update' ? 'updateFields' : 'additionalFields';
}

function operationsOf(provider: Provider, resource: string): Operation[] {
	return provider.operations.filter((operation) => operation.resource === resource);
}

function byName<T extends { name: string }>(options: T[]): T[] {
	return options.sort((a, b) => inOrder(a.name, b.name));
}

function byDisplayName(properties: INodeProperties[]): INodeProperties[] {
	return properties.sort((a, b) => inOrder(a.displayName, b.displayName));
}

/** Our labels are plain Title Case. The first `localeCompare` of a process costs more than loading the whole node. */
function inOrder(a: string, b: string): number {
	const [one, other] = [a.toLowerCase(), b.toLowerCase()];
	return one < other ? -1 : Number(one > other);
}
