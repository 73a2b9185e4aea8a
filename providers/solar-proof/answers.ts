/** How Solar Proof answers: what went wrong, and what was not there. */
import { isObject, text } from '../../core/json.ts';
import type { HttpRequest, HttpResponse, JsonObject, ServiceError } from '../../core/provider.ts';
import { words } from '../words.ts';

/** What an unsubscription says that had nothing to remove. https://solarproof.com.au/api-documentation/webhooks/unsubscribe.php */
const NOTHING_TO_REMOVE = /no matching webhook found/i;

/** Whether an answer says that there was no such webhook. */
export function isGone({ body }: HttpResponse): boolean {
	return isObject(body) && NOTHING_TO_REMOVE.test(text(body.message) ?? '');
}

/**
 * What an answer says went wrong, under whatever status: `{"success": false, "message": "..."}` of the webhook actions, or
 * `{"code": "...", "message": "..."}` of the others. Success is told by `success: true`, a capital `Message`, or the record.
 */
export function readError({ status, body }: HttpResponse): ServiceError | undefined {
	const failed = status >= 400;
	if (status === 405) {
		return {
			message: 'it does not take this action by this method; POST was assumed for everything that changes data',
		};
	}
	if (!isObject(body)) return undefined;
	const code = words(body.code);
	const message = words(body.message);
	const refused = body.success === false || body.success === 'false' || (code !== undefined && message !== undefined);
	if (!refused && !failed) return undefined;
	const said = message ?? words(body.Message) ?? words(body.error) ?? code;
	if (said === undefined && !refused) return undefined;
	// Under 401 a person is told about the credential anyway.
	const advice = status === 401 ? undefined : ADVICE.find(([meant]) => meant.test(`${code ?? ''} ${said ?? ''}`))?.[1];
	return { message: said ?? 'it gave no reason', ...(code && { code }), ...(advice && { details: [advice] }) };
}

/** What to do about messages whose meaning a person cannot guess. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
	[/invalid.api.key/i, 'check the API key in the Solar Proof credential; it may have been revoked'],
	[
		/invalid webhook type/i,
		'this account does not offer the event; contract_signed is documented on one page only and may be missing',
	],
	[/invalid webhook url|hookurl/i, 'the webhook URL must be a public https address'],
];

/** Whether an answer says that there is no such record: `{"code": "CUSTOMER_NOT_FOUND", "message": "..."}`. */
export function isNotFound({ body }: HttpResponse): boolean {
	return isObject(body) && /_NOT_FOUND$/.test(text(body.code) ?? '') && text(body.message) !== undefined;
}

/** Whether an answer is what the page of the action shows. */
export function isAnswer({ body }: HttpResponse, { query }: HttpRequest): boolean | undefined {
	const action = String(query?.action ?? '');
	if (action === 'getallcustomers') return Array.isArray(body);
	const answered = ANSWERS[action];
	return answered === undefined ? undefined : isObject(body) && answered(body);
}

const has = (body: JsonObject, ...names: readonly string[]) => names.some((name) => words(body[name]) !== undefined);
const succeeded = ({ success }: JsonObject) => success === true || success === 'true';
const saysSo = (body: JsonObject) => has(body, 'Message', 'id', 'CustomerId');

/** By action: what a successful answer must have. Sources: the page of each action. */
const ANSWERS: { readonly [action: string]: (body: JsonObject) => boolean } = {
	subscribe_customer: succeeded,
	unsubscribe_customer: succeeded,
	createcustomer: saysSo,
	updatecustomer: saysSo,
	deletecustomer: saysSo,
	getcustomerByemail: (body) => has(body, 'customer_id'),
	getcustomerid: (body) => has(body, 'customer_id'),
	createproject: (body) => has(body, 'customer_id'),
};
