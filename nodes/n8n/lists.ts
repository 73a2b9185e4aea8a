/** Lists to choose from in n8n's forms, filled by the service. */
import {
	NodeOperationError,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { choices, listsOf, lookupOf } from '../../core/choices.ts';
import { messageOf } from '../../core/errors.ts';
import type { Json, Provider } from '../../core/provider.ts';
import { fromParameter } from './fields.ts';
import { connect } from './transport.ts';

/** Milliseconds in which the calls of a list are made again: a person waits for it to open. */
const LIST_PATIENCE = 10_000;

/** How many choices a list that takes several at once loads at most. */
const CHOICES = 500;

/** How many choices a list that is searched shows at first, and again whenever it is scrolled to its end. */
const PAGE = 100;

/** The lists of a node's form, as n8n asks for them: several entries of one at once, or one that is searched for. */
export function listMethods(provider: Provider): {
	loadOptions: Record<string, (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>>;
	listSearch: Record<string, ListSearch>;
} {
	const names = listsOf(provider);
	return {
		loadOptions: Object.fromEntries(
			names.map((name) => [
				name,
				async function (this: ILoadOptionsFunctions) {
					return (await readChoices(this, provider, name, { size: CHOICES })).results;
				},
			]),
		),
		listSearch: Object.fromEntries(
			names.map((name) => [
				name,
				async function (this: ILoadOptionsFunctions, search?: string, page?: string) {
					const offset = Number(page) || 0;
					return await readChoices(this, provider, name, { search: search ?? '', offset, size: PAGE });
				},
			]),
		),
	};
}

type ListSearch = (this: ILoadOptionsFunctions, search?: string, page?: string) => Promise<INodeListSearchResult>;

async function readChoices(
	context: ILoadOptionsFunctions,
	provider: Provider,
	name: string,
	asked: Parameters<typeof choices>[3],
): Promise<INodeListSearchResult> {
	const { send, clean } = await connect(context, provider, { patience: LIST_PATIENCE });
	try {
		const form = Object.fromEntries(
			(lookupOf(provider, name)?.needs ?? []).map((field) => [field, chosenNow(context, field)]),
		);
		const found = await choices(provider, name, send, { ...asked, form });
		return {
			results: found.choices.map(({ value, label }) => ({ name: label, value })),
			...(found.next === undefined ? {} : { paginationToken: String(found.next) }),
		};
	} catch (cause) {
		throw new NodeOperationError(context.getNode(), clean(messageOf(cause)));
	}
}

/** What another parameter of the form has now; undefined where it has nothing. */
function chosenNow(context: ILoadOptionsFunctions, name: string): Json | undefined {
	return fromParameter({ name, label: name, type: 'string' }, context.getCurrentNodeParameter(name));
}
