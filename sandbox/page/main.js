/** The page: which service is shown, and keeping everything up to date with the sandbox. */
import { listen, reset, status } from './api.js';
import { byHand, showCredentials } from './connect.js';
import { act, byId, confirmed, notice, setText } from './dom.js';
import { faultCount, faultSwitches } from './faults.js';
import { deliveryLog } from './log.js';
import { sending } from './send.js';
import { webhooks } from './webhooks.js';
import { count, setClock } from './words.js';

/** @import { ServiceStatus, Status } from '../control.mts' */
/** @import { LiveMessage, LiveState } from '../stream.mts' */

const OFFLINE = 'The connection to the sandbox is lost. Trying again\u2026';

/** Begins, once the sandbox has said what it serves. @param {Status} sandbox */
function begin(sandbox) {
	const services = sandbox.providers;
	const logService = byId('log-service', HTMLSelectElement);
	const logState = byId('log-state', HTMLSelectElement);
	const send = sending();
	const hooks = webhooks(sandbox.speed, send.aim);
	const faults = faultSwitches(services);
	const hand = byHand();
	const log = deliveryLog(services);
	/** @type {ServiceStatus | undefined} */
	let shown;
	/** @type {LiveState | undefined} */
	let state;
	let stop = () => {};

	about(sandbox);
	byId('reset', HTMLButtonElement).addEventListener('click', async () => {
		const text = 'All webhooks, records, deliveries and faults of the five services are forgotten.';
		if (await confirmed({ title: 'Reset the sandbox?', text, yes: 'Reset' })) await act(reset);
	});

	for (const button of document.querySelectorAll('button[data-to]')) {
		button.addEventListener('click', () => goTo(button.getAttribute('data-to') ?? ''));
	}

	/** What depends on the service that is shown. */
	const update = () => {
		const live = shown && state?.services[shown.id];
		if (!shown || !live) return;
		hooks.update(shown, live);
		send.update(live);
		faults.update(live);
	};
	/** @param {LiveMessage} message */
	const onMessage = (message) => {
		setClock(message.now);
		state = message.state;
		navigation(services, state);
		update();
		log.update(state);
	};
	/** @param {boolean} connected */
	const onConnection = (connected) => {
		const lost = byId('notice', HTMLElement).textContent === OFFLINE;
		if (!connected) notice(OFFLINE);
		else if (lost) notice('');
	};
	const listenAnew = () => {
		stop();
		log.restart();
		// Browsers hold few connections to one server: a page in the background gives its own up.
		if (document.hidden) return;
		const provider = logService.value === 'this' ? (shown?.id ?? '') : '';
		stop = listen({ provider, state: logState.value }, onMessage, onConnection);
	};
	const choose = () => {
		const id = decodeURIComponent(location.hash.slice(1));
		const chosen = services.find((service) => service.id === id) ?? shown ?? services[0];
		if (!chosen || chosen === shown) return;
		shown = chosen;
		document.title = `${shown.name} \u2013 Hookline sandbox`;
		for (const link of document.querySelectorAll('nav a')) {
			if (link.getAttribute('href') === `#${shown.id}`) link.setAttribute('aria-current', 'page');
			else link.removeAttribute('aria-current');
		}
		hooks.show(shown);
		showCredentials(shown);
		hand.show(shown);
		send.show(shown);
		faults.show(shown);
		update();
		listenAnew();
	};
	addEventListener('hashchange', choose);
	document.addEventListener('visibilitychange', listenAnew);
	logService.addEventListener('change', listenAnew);
	logState.addEventListener('change', listenAnew);
	choose();
}

/**
 * Goes to a section. No link: the address says which service is shown.
 * @param {string} id
 */
function goTo(id) {
	const title = byId(id, HTMLElement);
	title.scrollIntoView({ block: 'start' });
	title.focus({ preventScroll: true });
}

/** @param {Status} sandbox */
function about({ speed, editorUrl }) {
	const pace =
		speed === 1 ? 'Retries come as documented.' : `Retry delays are divided by ${speed.toLocaleString('en')}.`;
	setText(byId('about', HTMLElement), `Five services as local servers. Nothing here is the real service. ${pace}`);
	const editor = byId('editor', HTMLAnchorElement);
	editor.hidden = editorUrl === undefined;
	if (editorUrl !== undefined) editor.href = editorUrl;
}

/**
 * What each service's link says about it.
 * @param {readonly ServiceStatus[]} services
 * @param {LiveState} state
 */
function navigation(services, state) {
	for (const { id } of services) {
		const live = state.services[id];
		const text = document.querySelector(`nav a[data-service="${id}"] .state`);
		if (!live || !text) continue;
		const faults = faultCount(live.faults);
		setText(
			text,
			[
				live.total === 0 ? 'no webhook' : count(live.total, 'webhook'),
				...(live.disabled > 0 ? [`${live.disabled} disabled`] : []),
				...(faults > 0 ? [count(faults, 'fault')] : []),
			].join(', '),
		);
	}
}

/** Asks until the sandbox says what it serves. */
async function load() {
	for (;;) {
		try {
			return await status();
		} catch (error) {
			notice(error instanceof Error ? error.message : String(error));
			await new Promise((resolve) => setTimeout(resolve, 1000));
		}
	}
}

begin(await load());
