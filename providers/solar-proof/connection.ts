/** Calls to Solar Proof: all go to one address, which reads the action from the query string, and all carry the key there. */
import { isObject, parsed, text } from '../../core/json.ts';
import type { ApiConnection, HttpRequest, JsonObject, Values } from '../../core/provider.ts';

type Query = { readonly [name: string]: string | number | undefined };

/** A call that reads. */
export function reading(action: string, query: Query): HttpRequest {
	return { method: 'GET', path: '', query: { action, ...query } };
}

/**
 * A call that changes something: the documents repeat the action, and the key, inside `data`.
 * https://solarproof.com.au/api-documentation/customers/create.php
 *
 * Always POST. The headings of the pages about updating and deleting say PUT and DELETE, their samples and their older
 * copies POST.
 */
export function writing(action: string, data: JsonObject): HttpRequest {
	return { method: 'POST', path: '', query: { action }, json: { data: { action, ...data } } };
}

/** As `writing`, for the action that wants a form with the action next to `data`, a JSON text. https://solarproof.com.au/api-documentation/projects/create.php */
export function writingForm(action: string, data: JsonObject): HttpRequest {
	return { method: 'POST', path: '', query: { action }, form: { action, data: JSON.stringify(data) } };
}

/** Adds the key to the query string, and to `data` where the body has it. https://solarproof.com.au/api-documentation/authentication.php */
export function authenticate(request: HttpRequest, credentials: Values): HttpRequest {
	const apikey = text(credentials.apiKey)?.trim() ?? '';
	const signed: HttpRequest = { ...request, query: { ...request.query, api_key: apikey } };
	if (isObject(request.json) && isObject(request.json.data)) {
		signed.json = { ...request.json, data: { apikey, ...request.json.data } };
	}
	const data = request.form?.data === undefined ? undefined : parsed(request.form.data);
	if (isObject(data)) signed.form = { ...request.form, data: JSON.stringify({ apikey, ...data }) };
	return signed;
}

/** https://solarproof.com.au/api-documentation/authentication.php */
export const api: ApiConnection = {
	fields: [
		{
			name: 'apiKey',
			label: 'API Key',
			type: 'string',
			required: true,
			secret: true,
			description: 'Your Solar Proof API key.',
		},
	],
	baseUrl: 'https://solarproof.com.au/apidata.php',
	authenticate,
	test: reading('getallcustomers', { page: 1 }),
	help: 'https://solarproof.com.au/api-documentation/authentication.php',
	hint: 'You can create a new API key in Solar Proof under Account Settings > API Access (in some accounts: Developer). It is shown only once.',
};
