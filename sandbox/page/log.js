/** The delivery log: the latest hundred, each with its attempts, requests and answers. */
import { delivery as fetchDelivery, replay } from './api.js';
import { act, byId, keyed, make, maskToken, secretText, setNote, setText } from './dom.js';
import { tokenOf } from './webhooks.js';
import { count, timeOfDay, until } from './words.js';

/** @import { ServiceStatus } from '../control.mts' */
/** @import { Attempt } from '../deliveries.mts' */
/** @import { DeliverySummary, LiveState } from '../stream.mts' */

/** How much of a body is shown. */
const SHOWN_CHARACTERS = 20_000;
/** How often news is told at most, so that a screen reader can keep up. */
const NEWS_MS = 1500;

/** The section. @param {readonly ServiceStatus[]} services */
export function deliveryLog(services) {
	const container = byId('log', HTMLElement);
	const pause = byId('log-pause', HTMLButtonElement);
	/** @type {Map<string, ReturnType<typeof row>>} */
	const rows = new Map();
	/** @type {LiveState | undefined} */
	let latest;
	/** Whether a new choice of deliveries is to be shown, paused or not. */
	let fresh = true;
	const tellNews = news(services);

	const paused = () => pause.getAttribute('aria-pressed') === 'true';
	const render = () => {
		if (!latest) return;
		const { deliveries, total } = latest;
		keyed(container, rows, deliveries, (item) => row(services, item));
		byId('log-none', HTMLElement).hidden = total > 0;
		const hidden = total - deliveries.length;
		setNote(
			byId('log-more', HTMLElement),
			hidden > 0 ? `The latest ${deliveries.length} of ${count(total, 'delivery', 'deliveries')}.` : '',
		);
	};
	pause.addEventListener('click', () => {
		pause.setAttribute('aria-pressed', String(!paused()));
		setText(pause, paused() ? 'Paused: go on' : 'Pause');
		if (!paused()) render();
	});
	setInterval(() => {
		for (const { tick } of rows.values()) tick();
	}, 500);

	return {
		/** @param {LiveState} state */
		update: (state) => {
			latest = state;
			if (paused() && !fresh) return;
			fresh = false;
			render();
			tellNews(state.deliveries);
		},
		/** Another choice of deliveries begins: what is news is to be found out again. */
		restart: () => {
			fresh = true;
			tellNews(undefined);
		},
	};
}

/**
 * Says in one line what has changed. Returns what is to be called with each list, and with undefined before a new choice.
 * @param {readonly ServiceStatus[]} services
 */
function news(services) {
	const line = byId('log-news', HTMLElement);
	/** @type {Map<string, string> | undefined} */
	let known;
	/** @type {readonly DeliverySummary[]} */
	let now = [];
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let timer;
	let last = 0;

	const shape = (/** @type {DeliverySummary} */ one) => `${one.state} ${one.attempts}`;
	const tell = () => {
		timer = undefined;
		const changed = now.filter((one) => known?.get(one.id) !== shape(one));
		const [first] = changed;
		known = new Map(now.map((one) => [one.id, shape(one)]));
		if (!first) return;
		last = Date.now();
		const more = changed.length > 1 ? ` And ${count(changed.length - 1, 'more delivery', 'more deliveries')}.` : '';
		setText(line, `${first.event} to ${nameOfService(services, first.provider)}: ${inWords(first)}.${more}`);
	};
	return (/** @type {readonly DeliverySummary[] | undefined} */ deliveries) => {
		if (deliveries === undefined) {
			known = undefined;
			clearTimeout(timer);
			timer = undefined;
			return setText(line, '');
		}
		now = deliveries;
		if (known === undefined) known = new Map(now.map((one) => [one.id, shape(one)]));
		else timer ??= setTimeout(tell, Math.max(0, last + NEWS_MS - Date.now()));
	};
}

/** @param {DeliverySummary} delivery */
function inWords({ state, last, nextRetryAt }) {
	if (!last) return state === 'pending' ? 'on its way' : state;
	const how = last.error ?? `answered with status ${last.status}`;
	if (state === 'delivered') return `delivered, ${how}`;
	return nextRetryAt === undefined ? `${state}, ${how}` : `${how}; next try at ${timeOfDay(nextRetryAt)}`;
}

/**
 * @param {readonly ServiceStatus[]} services
 * @param {string} id
 */
function nameOfService(services, id) {
	return services.find((service) => service.id === id)?.name ?? id;
}

/** @type {{ readonly [state: string]: readonly [text: string, kind: string] }} */
const STATES = {
	sending: ['Sending', 'wait'],
	retry: ['Retry due', 'wait'],
	delivered: ['Delivered', 'good'],
	failed: ['Failed', 'bad'],
	abandoned: ['Abandoned', 'none'],
};

/**
 * One delivery. Its attempts are fetched when it is opened, and again when there are more of them.
 * @param {readonly ServiceStatus[]} services
 * @param {DeliverySummary} first
 */
function row(services, first) {
	let now = first;
	const service = services.find(({ id }) => id === first.provider);
	const badge = make('span', { class: 'badge' });
	const result = make('span', { class: 'result' });
	const next = make('span', { class: 'next' });
	const facts = make('dl');
	const attempts = make('ol', { class: 'attempts' });
	const problem = make('p', { class: 'error', role: 'alert' });
	const again = make(
		'button',
		{ type: 'button', 'aria-label': `Replay ${first.event} of ${timeOfDay(first.createdAt)}` },
		'Replay',
	);
	again.addEventListener('click', () => act(() => replay(first.id)));
	const body = make('div', { class: 'body' }, facts, attempts, problem, make('div', { class: 'buttons' }, again));
	const details = make(
		'details',
		{},
		make(
			'summary',
			{},
			make('time', { datetime: first.createdAt, title: first.createdAt }, timeOfDay(first.createdAt)),
			' ',
			badge,
			' ',
			make(
				'span',
				{ class: 'event' },
				make('strong', {}, first.event),
				' ',
				make('span', { class: 'note' }, nameOfService(services, first.provider)),
			),
			' ',
			result,
			' ',
			next,
		),
		body,
	);
	let fetched = '';
	let shownAttempts = 0;

	const fill = async () => {
		const shape = `${now.state} ${now.attempts}`;
		if (!details.open || fetched === shape) return;
		fetched = shape;
		try {
			const whole = await fetchDelivery(first.id);
			if (facts.childElementCount === 0) facts.append(...factsOf(whole, service));
			again.hidden = whole.subscription === undefined || whole.attempts.length === 0;
			for (const attempt of whole.attempts.slice(shownAttempts)) {
				attempts.lastElementChild?.querySelector('details')?.removeAttribute('open');
				attempts.append(attemptOf(attempt, service));
			}
			shownAttempts = Math.max(shownAttempts, whole.attempts.length);
			setText(problem, '');
		} catch (failed) {
			fetched = '';
			setText(problem, failed instanceof Error ? failed.message : String(failed));
		}
	};
	details.addEventListener('toggle', () => void fill());

	const tick = () => {
		const wait = now.nextRetryAt === undefined ? undefined : until(now.nextRetryAt);
		setText(
			next,
			wait === undefined || now.nextRetryAt === undefined
				? ''
				: wait === 'now'
					? 'retry now'
					: `retry in ${wait} (${timeOfDay(now.nextRetryAt)})`,
		);
	};
	/** @param {DeliverySummary} item */
	const update = (item) => {
		now = item;
		const state = item.state !== 'pending' ? item.state : item.nextRetryAt === undefined ? 'sending' : 'retry';
		const [text, kind] = STATES[state] ?? [state, 'none'];
		setText(badge, text);
		badge.dataset.state = kind;
		setText(result, resultOf(item, service));
		tick();
		void fill();
	};
	return { element: make('li', {}, details), update, tick };
}

/**
 * @param {DeliverySummary} delivery
 * @param {ServiceStatus | undefined} service
 */
function resultOf({ attempts, last, copyOf }, service) {
	const copy = copyOf === undefined ? [] : ['sent again'];
	if (!last) return copy.join();
	const most = (service?.retryAfterSeconds.length ?? 0) + 1;
	const status = last.status === undefined ? 'no answer' : String(last.status);
	return [status, `${last.ms} ms`, `attempt ${attempts} of ${most}`, ...copy].join(' \u00b7 ');
}

/**
 * @param {import('../deliveries.mts').Delivery} delivery
 * @param {ServiceStatus | undefined} service
 */
function factsOf({ id, url, subscription, createdAt, copyOf, notice }, service) {
	const shownUrl = secretText('whole URL', maskToken(service && tokenOf(service)));
	shownUrl.set(url);
	/** @type {[string, Node | string][]} */
	const facts = [
		['URL', shownUrl.element],
		['Raised', createdAt],
		['Delivery', make('code', {}, id)],
		['Webhook', subscription === undefined ? 'none: one call asked for it' : make('code', {}, subscription)],
	];
	if (notice !== undefined) facts.push(['Email', notice]);
	if (copyOf !== undefined) facts.push(['Repeats', make('code', {}, copyOf)]);
	return facts.map(([term, value]) => make('div', {}, make('dt', {}, term), make('dd', {}, value)));
}

/**
 * @param {Attempt} attempt
 * @param {ServiceStatus | undefined} service
 */
function attemptOf({ number, at, ms, status, error, request, response }, service) {
	const url = secretText(`whole URL of attempt ${number}`, maskToken(service && tokenOf(service)));
	url.set(request.url);
	const how = error ?? `answered with status ${status}`;
	const answer = response
		? [
				make('p', { class: 'line' }, make('code', {}, `HTTP status ${status}`)),
				headersOf(response.headers),
				bodyOf(`answer of attempt ${number}`, response.body),
			]
		: [make('p', {}, 'There was none.')];
	return make(
		'li',
		{},
		make(
			'details',
			{ open: true },
			make(
				'summary',
				{},
				make('strong', {}, `Attempt ${number}`),
				` \u00b7 ${timeOfDay(at)} \u00b7 ${ms} ms \u00b7 `,
				make('span', { class: error === undefined ? '' : 'error' }, how),
			),
			make('h3', {}, 'Request'),
			make('p', { class: 'line' }, make('code', {}, request.method), ' ', url.element),
			headersOf(request.headers),
			bodyOf(`request of attempt ${number}`, request.body),
			make('h3', {}, 'Answer'),
			...answer,
		),
	);
}

/** @param {{ readonly [name: string]: string }} headers */
function headersOf(headers) {
	const lines = Object.entries(headers).map(([name, value]) =>
		make('div', {}, make('dt', {}, name), make('dd', {}, value)),
	);
	return make('dl', { class: 'headers' }, ...lines);
}

/**
 * A body: JSON is laid out so that it can be read, and can be shown letter by letter.
 * @param {string} what
 * @param {string} text
 */
function bodyOf(what, text) {
	if (text === '') return make('p', { class: 'note' }, 'No body.');
	const layout = laidOut(text);
	const pre = make('pre', { tabindex: '0', role: 'group', 'aria-label': `Body of the ${what}` }, cut(layout ?? text));
	if (layout === undefined || layout === text) return pre;
	const button = make('button', { type: 'button', class: 'small', 'aria-pressed': 'false' }, 'As sent');
	button.setAttribute('aria-label', `As sent: body of the ${what}`);
	button.addEventListener('click', () => {
		const raw = button.getAttribute('aria-pressed') !== 'true';
		button.setAttribute('aria-pressed', String(raw));
		setText(pre, cut(raw ? text : layout));
	});
	return make('div', { class: 'with-corner' }, pre, button);
}

/** @param {string} text */
function laidOut(text) {
	if (text.length > SHOWN_CHARACTERS || !/^\s*[[{]/.test(text)) return undefined;
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return undefined;
	}
}

/** @param {string} text */
function cut(text) {
	if (text.length <= SHOWN_CHARACTERS) return text;
	return `${text.slice(0, SHOWN_CHARACTERS)}\u2026 (${count(text.length - SHOWN_CHARACTERS, 'more character')})`;
}
