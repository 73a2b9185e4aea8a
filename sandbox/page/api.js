/** The control calls, as this page makes them. */

/** @import { Status } from '../control.mts' */
/** @import { Delivery } from '../deliveries.mts' */
/** @import { FaultSet } from '../faults.mts' */
/** @import { LiveMessage } from '../stream.mts' */
/** @import { Json } from '../../core/provider.ts' */

/**
 * One call. Throws an `Error` with a sentence for the person.
 * @param {string} method
 * @param {string} path below `/control`
 * @param {object} [body]
 * @returns {Promise<any>} the parsed answer: what it is, each function below says
 */
async function call(method, path, body) {
	const headers = body === undefined ? undefined : { 'content-type': 'application/json' };
	let response;
	try {
		response = await fetch(`/control${path}`, {
			method,
			headers,
			body: body === undefined ? null : JSON.stringify(body),
		});
	} catch {
		throw new Error('The sandbox does not answer. Is it still running?');
	}
	const answer = await response.json().catch(() => ({}));
	if (!response.ok)
		throw new Error(String(answer.error ?? answer.message ?? `answered with status ${response.status}`));
	return answer;
}

/** @returns {Promise<Status>} */
export const status = () => call('GET', '/status');

/**
 * A payload of the event type, with fresh ids and time stamps.
 * @param {string} provider
 * @param {string} event
 * @returns {Promise<Json>}
 */
export const sample = async (provider, event) =>
	(await call('GET', `/samples/${encodeURIComponent(provider)}/${encodeURIComponent(event)}`)).payload;

/**
 * @param {{ provider: string, event: string, payload: Json, subscription?: string, test?: boolean }} event
 * @returns {Promise<string[]>} the ids of the deliveries
 */
export const raise = async (event) => (await call('POST', '/events', event)).deliveries;

/** @param {{ provider: string, url: string, events: string[], secret?: string, signature?: string }} webhook */
export const addWebhook = (webhook) => call('POST', '/subscriptions', webhook);

/**
 * @param {string} id
 * @param {boolean} active
 */
export const switchWebhook = (id, active) => call('POST', `/subscriptions/${encodeURIComponent(id)}`, { active });

/** @param {string} id */
export const removeWebhook = (id) => call('DELETE', `/subscriptions/${encodeURIComponent(id)}`);

/**
 * @param {string} id
 * @returns {Promise<Delivery>}
 */
export const delivery = (id) => call('GET', `/deliveries/${encodeURIComponent(id)}`);

/** @param {string} id */
export const replay = (id) => call('POST', `/deliveries/${encodeURIComponent(id)}/replay`);

/**
 * Replaces the faults of a provider.
 * @param {string} provider
 * @param {Partial<FaultSet>} faults
 * @returns {Promise<FaultSet>}
 */
export const setFaults = (provider, faults) => call('POST', '/faults', { provider, ...faults });

export const reset = () => call('POST', '/reset');

/**
 * Listens to the sandbox until told to stop, through lost connections and restarts of the sandbox.
 * @param {{ provider: string, state: string }} query empty: all
 * @param {(message: LiveMessage) => void} onMessage
 * @param {(connected: boolean) => void} onConnection
 * @returns {() => void} stops it
 */
export function listen(query, onMessage, onConnection) {
	const given = Object.entries(query).filter(([, value]) => value !== '');
	const url = `/control/stream?${new URLSearchParams(given)}`;
	/** @type {EventSource} */
	let source;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let again;
	const open = () => {
		source = new EventSource(url);
		source.onopen = () => onConnection(true);
		source.onmessage = (event) => onMessage(JSON.parse(event.data));
		source.onerror = () => {
			onConnection(false);
			source.close(); // a browser tries again by itself in some cases only
			again = setTimeout(open, 1000);
		};
	};
	open();
	return () => {
		clearTimeout(again);
		source.close();
	};
}
